/*
 * program.h - what is known of the whole program when rules run, and of one
 * function while they look at it: its resources, and their states at every
 * exit. This is what a rule reads.
 */
#ifndef IDLETX_PROGRAM_PROGRAM_H
#define IDLETX_PROGRAM_PROGRAM_H

#include "input/options.h"
#include "program/configured.h"
#include "program/dependency.h"
#include "program/exit.h"
#include "program/implementation.h"
#include "program/registered.h"
#include "project/entry.h"
#include "project/resolve.h"
#include "project/version.h"
#include "state/solve.h"

/* ---- providers ------------------------------------------------------------- */

enum provider_basis {
	PROVIDER_SEEN,    /* its body was read                                          */
	PROVIDER_PASSES,  /* its body hands on what is made elsewhere: request.state.db  */
	PROVIDER_PARKED,  /* a middleware that keeps its session in request.state        */
	PROVIDER_MAKER,   /* the maker of sessions itself: Depends(SessionLocal)        */
	PROVIDER_NAMED,   /* the configuration says that it gives a guarded session     */
	PROVIDER_BY_NAME, /* its body is not in the project: judged by its name          */
	PROVIDER_UNKNOWN, /* neither: only the parameter's annotation says it is a session */
};

enum provider_shape {
	SHAPE_NONE,
	SHAPE_YIELDS,
	SHAPE_RETURNS,
	SHAPE_RETURNS_ITEMS, /* `return conn, cursor`: a resource in a tuple or list */
	SHAPE_RETURNS_OBJECT, /* `return Service(SessionLocal())`: an object that keeps a session of its own */
};

#define PROVIDER_ITEMS_MAX 6 /* of what is returned at once */

/* A dependency or context manager that hands out a resource, and when it takes it back. */
struct provider {
	struct str name;
	enum provider_basis basis;
	enum provider_shape shape;
	const struct resource_kind *kind;
	bool releases; /* after a normal return of its user */
	bool guarded;  /* when its user raises             */
	bool commits;  /* on the normal way                 */
	bool may_commit; /* somebody may, before it is taken back: itself, the lender, or nobody knows */
	bool shared; /* what it returns is kept, not made for each caller */
	bool before_body; /* PROVIDER_PARKED: taken back when the response is there, before its body is sent */
	const struct provider *
		lender; /* the middleware whose session it hands on and leaves to; NULL: it is its own */
	const struct registry *
		registry; /* SHAPE_RETURNS: what it returns is this one's session, the thread's; or NULL */
	const struct resource_kind *items[PROVIDER_ITEMS_MAX]; /* SHAPE_RETURNS_ITEMS: the resource, views of
	                                                          it, and NULL for all else */
	uint32_t item_count;
	name_id attribute, inner; /* SHAPE_RETURNS_OBJECT: where the object keeps it */
	bool recognised; /* a dependency, context manager or customary name: not just a def that makes sessions */
	module_id module; /* MODULE_NONE unless seen */
	scope_id scope;
};

/* The middleware that opens and ends what the provider hands on, or NULL. */
const struct provider *provider_lender(const struct provider *p);

/* ---- the program ----------------------------------------------------------- */

struct object_table;   /* objects.h */
struct mentions;       /* mention.h */
struct scripts;        /* script.h */
struct makings;        /* makings.h */
struct kept_object;    /* objects.h */
struct provider_table; /* opaque: (module, scope) -> provider */
struct summary_cache;  /* summary.h */
struct stream_cache;   /* stream.h */
struct streamed;       /* stream.h */
struct registry;       /* registry.h */
struct lent;           /* summary.h */
struct work;           /* work.h */
struct slow_calls;
struct query_properties; /* registry.h */
struct call_graph;       /* callgraph.h */
struct registry_effects; /* effects.h */
struct limits;           /* limit.h */

struct program {
	const struct project *project;
	const struct protocols *protocols;
	const struct dependency_graph *dependencies;
	const struct slow_calls *slow; /* state/slow.h; NULL: nobody asks for waits */
	const struct provider_table *providers;
	const struct mentions *mentions; /* names that make or hand out sessions */
	const struct scripts *scripts;   /* modules that are programs of their own */
	const struct makings *makings;   /* names of modules and classes, by what makes them */
	const struct object_table *objects; /* engines, pools and connections that modules and classes keep */
	struct summary_cache *summaries; /* of the running thread; NULL: no callee is followed */
	struct stream_cache *streams;    /* the same */
	bool may_stream; /* some name of the project has to do with streamed responses */
	const struct limits *limits;        /* on idle transactions; NULL: nobody asks */
	struct framework_versions versions; /* of FastAPI, by module */
	const struct config *config;       /* providers, releases, slow calls that the user names */
	struct configured_entries entries; /* defs that run through entry points the user names */
	struct implementations implementations; /* of methods that their classes only declare */
	struct registered_entries registered;   /* defs that calls hand to frameworks */
	bool context_outlives_tasks; /* context.h: no extension ends a session behind a task */
	uint32_t sync_handlers;      /* `def` routes of the project */
	uint32_t async_handlers;     /* `async def` ones */
	const struct query_properties *query_properties; /* NULL: no registries in the project */
	const struct call_graph *calls;                  /* NULL likewise */
	const struct registry_effects *effects; /* of functions on registries; NULL likewise */
	const struct cleanup *cleanups; /* of registries, by middleware, hooks and dependencies */
	uint32_t cleanup_count;
	const struct cleanup
		*hooks[2]; /* the one that ends most for `def`, for `async def` handlers, or NULL */
	const struct left_registry *left;
	uint32_t left_count;
};

/* For whom somebody ends a registry's session. */
enum cleaning {
	CLEANS_CONTEXT, /* a Flask application context: views, sockets, `with app.app_context()` */
	CLEANS_VIEW,    /* views of threads only: after_request, a WSGI middleware               */
	CLEANS_LOOP,    /* what runs on the event loop                                           */
	CLEANS_TASK,    /* jobs of a task queue: its signals, its task class                     */
};

struct cleanup {
	struct str registry; /* resource.identity; empty for all of them */
	enum cleaning whom;
	bool named;       /* the function names the registry: it is not in a loop over many */
	module_id module; /* the function that does */
	scope_id scope;
};

/* A registry whose session handlers leave in a transaction, and nobody cleans up for them. */
struct left_registry {
	struct str identity, name;
	bool is_async;    /* by `async def` handlers */
	module_id module; /* the first such handler */
	scope_id scope;
	uint32_t handlers;
};

/* Does somebody clean it up so? */
bool program_cleans(const struct program *p, struct str registry, enum cleaning whom);

/* What handlers leave of this registry, or NULL. */
const struct left_registry *program_left(const struct program *p, struct str registry,
                                         bool is_async);

/* Does somebody end this registry's session for such an entry point? */
bool program_cleans_entry(const struct program *p, struct str registry, bool managed,
                          enum entry_kind entry, bool is_async);

/*
 * Reads what the whole project says before single functions are looked at:
 * providers, route counts, clean-up hooks.
 */
void program_prepare(struct arena *run, const struct project *project,
                     const struct protocols *protocols, const struct framework_versions *versions,
                     const struct config *config, struct program *out);

/* What runs the function: its decorators, its class, or a Depends() that names it. */
enum entry_kind program_entry(const struct program *p, module_id m, scope_id scope);

/* ---- one function ------------------------------------------------------------ */

enum origin {
	ORIGIN_DEPENDENCY, /* a parameter filled by Depends()          */
	ORIGIN_FACTORY,    /* SessionLocal(), Session(engine)          */
	ORIGIN_GENERATOR,  /* next(get_db())                           */
	ORIGIN_MANAGER,    /* with session_scope() as db               */
	ORIGIN_REGISTRY,   /* a scoped_session used through its name   */
	ORIGIN_LENT,       /* given by a caller, while its summary is made */
	ORIGIN_KEPT,       /* a connection of the module, the object or the caller, used here */
};
const char *origin_word(enum origin o);

/* A resource that the function is given or makes. */
struct resource {
	const struct resource_kind *kind;
	enum origin origin;
	struct str name;     /* of the variable that first holds it; the registry's name */
	struct str identity; /* registry: where it is defined; the same in every file */
	uint32_t event;      /* that acquires it; EVENT_NONE when it is there on entry */
	uint32_t param;      /* index into module.params, or UINT32_MAX */
	struct span span;    /* of the parameter's name or the acquiring call */
	const struct provider *provider; /* NULL for factories and registries */
	struct str maker;                /* what was called to make it: SessionLocal, get_db */
	bool thread_local_scope;         /* registry: without a scopefunc of its own */
	const struct kept_object *kept;  /* ORIGIN_KEPT: where it is kept, when that is known */
	enum dropped dropped; /* what becomes of it when it is dropped: of its kind, in the library's version */
	bool managed; /* registry: an extension ends it with the application context */
	bool in_object; /* an object's own: it is held by what the event makes, and has `name` there */
	bool loose; /* ORIGIN_LENT: a part of an object that may be got at in ways that are not followed */
	bool given; /* ORIGIN_DEPENDENCY: in an attribute of the object that is injected: svc.db */
	uint32_t ordinal; /* among same-named ones of the function, from 0 */
};

#define EVENT_NONE UINT32_MAX

/* One way out of the function. */
struct exit_point {
	enum exit_kind kind;
	uint32_t event;   /* its EV_LEAVE */
	struct span span; /* what a person is pointed at */
	const char *response; /* json, template, redirect, streaming, orm, none, other; NULL for a raise */
	const struct streamed *stream; /* what is returned may be a streamed response; else NULL */
	state_set *states;             /* per resource; 0 when not acquired on the way */
	state_set *returned[OUTCOME_COUNT]; /* the same by what is returned; of a normal exit */
	uint32_t passed_on; /* bit i: what is returned is resource i or an object that holds it */
};

struct function {
	module_id module;
	scope_id scope;
	enum entry_kind entry;
	const struct lent *lent; /* what it is lent while its summary is made, else NULL */
	bool as_provider; /* its yield counts as a statement: whoever takes the session runs one */
	struct cfg cfg;
	const uint32_t *registries; /* per place: resource + 1 of the registry that it names */
	const struct target *targets; /* per event: what a call calls in the project, as far as known */
	struct plan plan;
	struct solution solution;
	struct work *works; /* what is handed on to be run later, with something tracked */
	uint32_t work_count;
	struct resource *resources; /* plan.resource_count of them */
	struct exit_point *exits;   /* reached ones only, in source order */
	uint32_t exit_count;
	uint32_t yielded;       /* bit i: resource i is handed to whoever iterates or enters */
	bool unknown_decorator; /* a decorator that may use what is injected */
};

struct finding;
struct rule;
struct module_notes;

/* ---- what a rule is given ---------------------------------------------------- */

struct rule_ctx {
	struct arena *run;     /* for findings */
	struct arena *scratch; /* for anything else */
	const struct program *program;
	const struct function *fn;
	enum policy policy; /* that holds for this file */
	const struct rule *rule;
	struct finding **findings;  /* stb_ds array of the worker */
	struct module_notes *notes; /* rules/notes.h: of the module */
	unsigned regime; /* which of the framework's versions that the project allows is meant */
	unsigned *asked; /* ASKED_*: what of it the rule has asked for so far */
};

#endif
