/*
 * protocol.h - what a library's calls do to a resource, as data: one JSON file
 * a library in rules/protocols/, embedded at build and checked at start. Names
 * in it are dotted paths as a program would import them.
 */
#ifndef IDLETX_STATE_PROTOCOL_H
#define IDLETX_STATE_PROTOCOL_H

#include "base/base.h"
#include "state/automaton.h"

/* The two effects of a method: when it returns and when it raises. */
struct effect {
	enum operation normal, raised;
};

struct method {
	struct str name;
	struct effect effect;
};

/* One kind of resource: orm-session, async-session, scoped-session. */
struct resource_kind {
	const char *id;
	const char *noun; /* "session" */
	bool is_async;    /* its methods are awaited */
	bool is_registry; /* one resource a thread (or scope), reached through a shared name */
	enum holding holding;
	struct effect with_exit; /* __exit__ of `with resource:` */
	struct effect any_other; /* a method that is not listed */
	struct method *methods;  /* sorted by name */
	size_t method_count;
};

/* How a dotted name yields a resource. */
enum maker_role {
	MAKER_TYPE,          /* calling it makes a resource; as an annotation it says so        */
	MAKER_FACTORY_TYPE,  /* calling it makes a factory: sessionmaker(...)                    */
	MAKER_FACTORY,       /* calling it makes a resource: a name that projects give factories */
	MAKER_REGISTRY_TYPE, /* calling it makes a registry: scoped_session(...)                */
	MAKER_REGISTRY,      /* a name that projects give registries                            */
	MAKER_PROVIDER,      /* a name that projects give dependencies: get_db                   */
	MAKER_PARAMETER,     /* a name that projects give parameters that are sessions: db */
	MAKER_TELLING,       /* a method that nothing else of such a name has: db.scalars() */
	MAKER_TELLING_AWAIT, /* the same, awaited */
};

struct maker {
	struct str name; /* dotted path, or a plain name for the "that projects give" roles */
	enum maker_role role;
	const struct resource_kind *kind;
};

struct protocols {
	struct resource_kind **kinds;
	size_t kind_count;
	struct maker *makers; /* sorted by name, then role */
	size_t maker_count;
	struct str *quiet; /* calls that are taken never to raise: dotted names and ".method" endings */
	size_t quiet_count;
	struct str *failures; /* errors that leave the transaction aborted: IntegrityError */
	size_t failure_count;
};

/*
 * Reads every embedded rules/protocols file. A mistake in one is one
 * DIAG_USAGE entry with file, line and column; then false.
 */
MUST_USE bool protocols_load(struct arena *run, struct diag *d, struct protocols *out);

/* The maker of that dotted name and role, or NULL. */
const struct maker *protocols_maker(const struct protocols *p, struct str name,
                                    enum maker_role role);

/* The effect of calling 'method' on a resource of that kind. */
struct effect kind_effect(const struct resource_kind *k, struct str method);

/* Is 'method' listed? An unlisted one is taken to be 'any_other'. */
bool kind_knows(const struct resource_kind *k, struct str method);

/* Is the call of this dotted name (or of a method with this name) on the list of those that do not raise? */
bool protocols_quiet(const struct protocols *p, struct str dotted);

/* Does an error of this (undotted) name leave the transaction aborted? */
bool protocols_failure(const struct protocols *p, struct str error);

#endif
