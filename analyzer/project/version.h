/*
 * version.h - which FastAPI each module runs on, because yield dependencies
 * are torn down before the response in some versions and after it in others.
 * Read from the files that say so in the module's folder and those above it.
 */
#ifndef IDLETX_PROJECT_VERSION_H
#define IDLETX_PROJECT_VERSION_H

#include "project/project.h"

/* When a yield dependency is torn down; 0.121's scope="function" apart. */
enum teardown { TEARDOWN_AFTER_RESPONSE, TEARDOWN_BEFORE_RESPONSE };

/* Releases that do the same, as far as rules ask, and are all allowed. */
#define REGIMES_MAX 3
struct regime {
	enum teardown teardown;
	bool streams; /* a handler that yields is a stream; before 0.134 what it yields is gathered first */
	struct str version; /* the newest one of them that is allowed */
	uint32_t rows;      /* which of the table's rows: for regimes_text() */
};

struct framework_version {
	struct str version; /* "0.128.0"; of a range the newest that it allows */
	struct str from;    /* "backend/uv.lock", "--fastapi-version", "the newest known" */
	struct str range; /* "range >=0.100" or "any version" when 'from' only narrows it, else empty */
	struct regime regimes[REGIMES_MAX]; /* what is allowed; that of 'version' first */
	unsigned regime_count;
	bool depends; /* the range allows both teardowns */
	/* The range a lock file was made from, when its newest version has the other teardown. */
	struct str declared, declared_from; /* ">=0.115,<0.137", "pyproject.toml"; else empty */
};

/* What the same files say of another package, module by module. */
enum package_age { PACKAGE_UNKNOWN, PACKAGE_OLD, PACKAGE_NEW };

struct aged_package {
	const char *name;
	const enum package_age *ages; /* by module */
};

struct framework_versions {
	const struct framework_version **of_module; /* never NULL */
	const struct framework_version **assumed;   /* different ones, in the order of paths */
	size_t assumed_count;            /* 0 when no reported module has to do with FastAPI */
	const struct aged_package *aged; /* libraries that were another once */
	size_t aged_count;
};

/*
 * Finds the version of every module: 'given' when it is not empty, else the nearest lock
 * file or exact pin in the module's folder or above it up to 'root' (absolute) that the nearest
 * declared range allows, else that range, else the newest known. Files that cannot be read are
 * noted. All in 'run'; read-only afterwards.
 */
void versions_find(struct arena *run, struct diag *d, const struct project *p, struct str root,
                   struct str given, struct str given_from, struct framework_versions *out);

/*
 * Does each module run on a release of 'package' (lower case) before 'limit'? Unknown where no file says so, where the
 * files allow both, and for modules that do not import it. In 'run'.
 */
const enum package_age *package_ages(struct arena *run, struct diag *d, const struct project *p,
                                     struct str root, const char *package, struct str limit);

/* The releases of these regimes (bit i: regimes[i]): "before 0.106 or from 0.118 on". In 'run'. */
struct str regimes_text(struct arena *run, const struct framework_version *v, unsigned which);

/* The first 'most' of the assumed ones: "0.128.0 (uv.lock), 0.115.2 (job/poetry.lock)". In 'run'. */
struct str versions_text(struct arena *run, const struct framework_versions *v, size_t most);

#endif
