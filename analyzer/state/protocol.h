/*
 * protocol.h - what a library's calls do to a resource, as data: one JSON file
 * a library in rules/protocols/, embedded at build and checked at start. Names
 * in it are dotted paths as a program would import them.
 */
#ifndef IDLETX_STATE_PROTOCOL_H
#define IDLETX_STATE_PROTOCOL_H

#include "base/base.h"
#include "base/filter.h"
#include "input/config.h"
#include "state/automaton.h"

/* The two effects of a method: when it returns and when it raises. */
struct effect {
	enum operation normal, raised;
};

struct method {
	struct str name;
	struct effect effect;
	bool reads_sql;     /* BEGIN, COMMIT or ROLLBACK in its first argument counts as that */
	bool ends_argument; /* what is passed to it is given back: pool.putconn(conn) */
	const struct resource_kind *gives; /* what it returns: a resource, or a view of this one; or NULL */
};

/* What a resource is in the stack below the ORM. */
enum layer {
	LAYER_SESSION,
	LAYER_CONNECTION,
	LAYER_ENGINE, /* engines and pools: what connections come from */
};

/* What becomes of a resource that is dropped without being given back. */
enum dropped {
	DROPPED_COLLECTOR, /* waits for the cyclic garbage collector   */
	DROPPED_AT_ONCE,   /* CPython's reference counting frees it    */
	DROPPED_NEVER,     /* a pool slot: its pool keeps it for ever  */
};

/* What opens a transaction on a connection. */
enum begins {
	BEGINS_STATEMENT,  /* the first statement of any sort       */
	BEGINS_WRITE,      /* the first INSERT, UPDATE or DELETE    */
	BEGINS_EXPLICITLY, /* only BEGIN or a transaction object    */
};

/* What a maker of connections connects to. */
enum server {
	SERVER_OTHER,
	SERVER_POSTGRESQL,
	SERVER_BY_ADDRESS, /* its address says */
};

/* `autocommit=True`, `isolation_level=None`: as attribute, keyword or method. */
struct switch_word {
	struct str name, value;
};

/* One kind of resource: orm-session, psycopg2-connection, asyncpg-pool. */
struct resource_kind {
	const char *id;
	const char *noun; /* "session" */
	const char *library;
	const char *file; /* a user's own that teaches it; NULL: it is built in */
	enum layer layer;
	enum dropped dropped;
	enum dropped old_dropped; /* the same in old versions of the library */
	const char *old_package; /* what lock files call the library, or NULL; its old versions are those */
	struct str old_before; /* before this one: "2.0" */
	const struct str *old_calls; /* methods that only such versions have: engine.execute of SQLAlchemy 1.x */
	size_t old_call_count;
	enum begins begins;
	bool is_async;          /* its methods are awaited */
	const struct str *sync; /* but for these: pool.terminate(), aiomysql's conn.close() */
	size_t sync_count;
	bool is_registry;     /* one resource a thread (or scope), reached through a shared name */
	bool holds_when_made; /* making it takes a connection */
	const struct resource_kind *view_of; /* a cursor is its connection, seen through other methods */
	enum holding holding;
	struct effect with_exit; /* __exit__ of `with resource:` */
	struct effect any_other; /* a method that is not listed */
	struct effect borrowed;  /* somebody unknown was given it */
	struct method *methods;  /* sorted by name */
	size_t method_count;
	enum server server;
	const struct str *options; /* keywords of a maker through which the server's settings get in */
	size_t option_count;
	const struct str *private_to; /* addresses of what is nobody else's: ":memory:"; ":default:": none given */
	size_t private_count;
	const char *idle_limit; /* how such a maker sets a limit for idle transactions; NULL: not said */
	struct switch_word *autocommit; /* what turns implicit transactions off */
	size_t autocommit_count;
};

/* How a dotted name yields a resource. */
enum maker_role {
	MAKER_TYPE,           /* calling it makes a resource; as an annotation it says so        */
	MAKER_FACTORY_TYPE,   /* calling it makes a factory: sessionmaker(...)                    */
	MAKER_FACTORY,        /* calling it makes a resource: a name that projects give factories */
	MAKER_REGISTRY_TYPE,  /* calling it makes a registry: scoped_session(...)                */
	MAKER_REGISTRY,       /* a name that projects give registries                            */
	MAKER_REGISTRY_OWNER, /* calling it makes an object whose `session` is a registry       */
	MAKER_PROVIDER,       /* a name that projects give dependencies: get_db                   */
	MAKER_PARAMETER,      /* a name that projects give parameters that are sessions: db */
	MAKER_TELLING,        /* a method that nothing else of such a name has: db.scalars() */
	MAKER_TELLING_AWAIT,  /* the same, awaited */
	MAKER_FUNCTION,  /* a library's function that makes a resource: psycopg2.connect      */
	MAKER_CUSTOMARY, /* a name that projects give such an object: engine                  */
	MAKER_BY_USE, /* a method that only such pools have, if what it gives is used as a connection */
	MAKER_OBJECT, /* a library's own object: django.db.connection                      */
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
	struct filter named;  /* of makers' names: nearly all names that are asked for are others */
	struct filter listed; /* of the calls and errors in the lists below, likewise */
	struct str *quiet; /* calls that are taken never to raise: dotted names and ".method" endings */
	size_t quiet_count;
	struct str *failures; /* errors that leave the transaction aborted: IntegrityError */
	size_t failure_count;
	struct str *borrowers; /* calls that use what they are given and keep nothing of it */
	size_t borrower_count;
	struct str *awaited_borrowers; /* the same of calls that are awaited */
	size_t awaited_borrower_count;
};

/*
 * Reads every embedded rules/protocols file, and the user's own, which are named by their paths
 * below 'root'. A mistake in one is one DIAG_USAGE entry with file, line and column; then false.
 */
MUST_USE bool protocols_load(struct arena *run, struct diag *d, struct str root,
                             const struct str_list *own, struct protocols *out);

/* False when there is surely no maker of that name in any role. */
bool protocols_may_name(const struct protocols *p, struct str name);

/* The maker of that dotted name and role, or NULL. */
const struct maker *protocols_maker(const struct protocols *p, struct str name,
                                    enum maker_role role);

/* Is 'dotted' a module that makers of engines, pools or connections stand in: "psycopg2", "psycopg2.pool"? */
bool protocols_library(const struct protocols *p, struct str dotted);

/* Does the call of this dotted name, or of a method with this name, only borrow? */
bool protocols_borrower(const struct protocols *p, struct str dotted);

/* The same when the call is awaited: asyncio.wait_for(...) is over then, and so is what it ran. */
bool protocols_awaited_borrower(const struct protocols *p, struct str dotted);

/* The kind of object that projects call 'name', of those whose 'method' gives a resource; or NULL. */
const struct resource_kind *protocols_customary(const struct protocols *p, struct str name,
                                                struct str method);

/* The next maker after 'last' (NULL: the first) that is known by the use of what 'method' gives; NULL at the end. */
const struct maker *protocols_by_use(const struct protocols *p, struct str method,
                                     const struct maker *last);

/* The kind of that id, or NULL. */
const struct resource_kind *protocols_kind(const struct protocols *p, const char *id);

/* The method, or NULL when it is not listed. */
const struct method *kind_method(const struct resource_kind *k, struct str method);

/* The kind whose states count: the connection behind a cursor. */
static inline const struct resource_kind *kind_itself(const struct resource_kind *k)
{
	return k->view_of != NULL ? k->view_of : k;
}

/* The effect of calling 'method' on a resource of that kind. */
struct effect kind_effect(const struct resource_kind *k, struct str method);

/* Does calling the method only make a coroutine, which has to be awaited? */
bool kind_awaits(const struct resource_kind *k, struct str method);

/* Is 'method' listed? An unlisted one is taken to be 'any_other'. */
bool kind_knows(const struct resource_kind *k, struct str method);

/* Is the call of this dotted name (or of a method with this name) on the list of those that do not raise? */
bool protocols_quiet(const struct protocols *p, struct str dotted);

/* Does an error of this (undotted) name leave the transaction aborted? */
bool protocols_failure(const struct protocols *p, struct str error);

#endif
