/*
 * finding.h - what a rule reports and what a person, a pipeline or GitHub is
 * shown. Rules fill it in; triage completes level, id and status; reporters
 * only read it. All text and arrays live in the run arena.
 */
#ifndef IDLETX_RULES_FINDING_H
#define IDLETX_RULES_FINDING_H

#include "base/base.h"
#include "program/exit.h"

struct rule;

enum level { LEVEL_OFF, LEVEL_NOTE, LEVEL_WARNING, LEVEL_ERROR };

enum { MISSING_COMMIT = 1 << 0, MISSING_CLOSE = 1 << 1, MISSING_ROLLBACK = 1 << 2 };

/*
 * A place in a source file. Rules give path and span; lines and columns (from
 * 1, columns in code points) are filled in once, by triage/locate.c.
 */
struct location {
	struct str path; /* relative to the root */
	struct span span;
	uint32_t line, column, end_line, end_column;
};

struct finding_exit {
	enum exit_kind kind;
	struct location at;
	unsigned missing; /* MISSING_* */
	enum released_by released_by;
};

struct trace_step {
	struct location at;
	struct str message; /* "session opened here" */
};

struct related {
	const struct rule *rule; /* NULL when it is no finding of its own */
	struct location at;
	struct str message;
};

/* One labelled line below a finding in text output: "opened by   get_db (app/db.py:18), through Depends". */
struct detail {
	const char *label; /* "opened by", "queried by", "released", "others", "why", "misses", "note", "fix", ... */
	struct str text;
};

struct resource_info {
	struct str name; /* db */
	const char *kind; /* orm-session, async-session, scoped-session, connection, ... (protocol data) */
	const char *origin;          /* dependency, parameter, factory, registry, context-manager */
	struct str provider;         /* get_db; empty when there is none */
	struct location provider_at; /* path and line of its def; line 0 when it was not seen */
	struct location at;          /* where it is opened */
};

struct edit {
	struct str path;
	uint32_t start, end; /* UTF-8 bytes from 0 */
	struct str text;
};

enum finding_status { STATUS_OPEN, STATUS_ALLOWLISTED, STATUS_SUPPRESSED, STATUS_BASELINED };

struct finding {
	const struct rule *rule;
	enum level level;   /* after policy and configuration */
	struct location at; /* the place of the finding */
	struct str message; /* one clause, lower case, no full stop; the first sentence stands alone */
	struct str aside; /* shown to the right of the source line: "list_parts, 1 of 3 returns" */
	struct str function;         /* qualified name */
	struct location function_at; /* the def line */
	uint64_t body_hash;          /* of the function, for a moved or renamed one */
	uint32_t ordinal; /* of the acquiring site among same-named ones in the function */
	struct resource_info resource;
	unsigned missing;
	enum released_by released_by; /* the worst of the exits */
	struct finding_exit *exits;
	struct trace_step *trace;
	struct related *related;
	struct detail *details; /* in the order shown */
	struct edit *edits;
	uint32_t exit_count, trace_count, related_count, detail_count, edit_count;
	bool fix_safe;
	struct location lent_to; /* set: this is no finding, but says who lends that function its session */
	bool of_provider; /* its cause is its provider: where that is reported too, it speaks for this one */

	struct str assumed_version; /* "0.128.0", or empty when the version does not matter */
	struct str assumed_from;    /* "uv.lock", "the newest known" */
	bool depends_on_version;
	uint32_t regimes; /* of the versions that are allowed those that it holds in; bit 0: the assumed one */

	struct str id; /* 32 hex digits, from triage */
	enum finding_status status;
	struct str reason; /* of the allowlist entry or comment; empty when open */
};

/* The words of reports: "garbage-collection", "fall-off", "warning", ... */
const char *level_word(enum level l);
const char *finding_status_word(enum finding_status s);

#endif
