/* bind_internal.h - what bind.c and callee.c share while one function is bound. */
#ifndef IDLETX_PROGRAM_BIND_INTERNAL_H
#define IDLETX_PROGRAM_BIND_INTERNAL_H

#include "program/bind.h"
#include "program/lent.h"
#include "program/locals.h"
#include "program/summary.h"
#include "program/typed.h"
#include "program/work.h"
#include "project/written.h"

enum { CARRY_IS = 1, CARRY_HOLDS = 2 };

struct carried {
	uint8_t how;                      /* CARRY_* */
	const struct resource_kind *kind; /* of the first resource that gets here */
};

/* The locals of ours that a closure uses. */
struct captures {
	uint32_t *places;
	uint32_t count;
	bool releases; /* it calls something's close() */
};

#define REMOVED_MAX                                                                                \
	8 /* places whose remove() is called in one function; of more, no name is believed */

#define CALLS_AT_ONCE_MAX 8 /* coroutines that one call runs */

#define PARTS_MAX 8 /* parts of objects that get a place because a callee may name them */

#define GIVEN_MAX 6 /* sessions in objects that are injected */

/* A session in an object that a framework fills: svc.db, self.session. */
struct given {
	struct lent lent; /* the place */
	const struct provider *provider;
	uint32_t param; /* index into module.params: the object */
	uint32_t place; /* where it is in the graph */
	struct span span;
};

struct binder {
	struct arena *scratch;
	const struct program *program;
	const struct project *project;
	struct function *fn;
	const struct cfg *cfg;
	struct carried *places, *temps;
	struct thing *callees;     /* per event: what a call calls, as far as sessions go */
	struct target *targets;    /* per event: what a call calls in the project */
	struct captures *captured; /* per event: of an EV_CLOSURE */
	struct locals locals;      /* its plain names */
	bool *assigned;            /* per place: something is stored in it here */
	ref *stored; /* per place: the one value but None that is stored in it, or REF_NONE */
	uint32_t *last_stores; /* per place: the last event that stores such a value in it, + 1 */
	uint32_t *stores_before; /* per event: of an EV_ASSIGN, the one before it in the same place, + 1 */
	uint32_t *first_places; /* per event: the place its value is stored in first, + 1 */
	uint16_t *acquired;     /* per event: resource + 1 */
	const struct resource_kind *
		*items; /* per event: of an EV_ASSIGN that unpacks a resource or a view of it */
	uint32_t *registry_of; /* per place: resource + 1 of the registry it names */
	bool *registry_asked;  /* per place: whether it names one is known */
	struct typed typed;    /* engines, pools, connections and cursors */
	uint16_t *stands_for; /* per place: resource + 1 of the kept connection that is in it, or whose cursor is */
	uint32_t *lent_of; /* per place: resource + 1 of the lent session that is in it too */
	struct str removed[REMOVED_MAX]; /* paths of X in `X.remove()`: no sessionmaker has that */
	uint32_t removed_count;
	uint16_t *session_of; /* per event: resource + 1 of the registry that a call through its owner asks for its
	                         session, `db.Session()` */
	bool *queried; /* per place: a query property, `Note.query` */
	struct resource *resources;
	slot_id *entry_places; /* per resource: place + 1 it is in on entry */
	struct lent *lent; /* what callers lend: the one of a summary, or all that the def says */
	uint32_t lent_count;
	uint32_t lent_places[LENT_MAX]; /* where each is, or UINT32_MAX */
	struct given *given;            /* the same of a framework, in objects that it makes */
	uint32_t given_count;
	uint32_t resource_count;
	bool *followed; /* per place: a local whose parts are followed */
	uint32_t part_place_count;
	uint32_t *part_of;        /* per place: the followed local it is a part of, + 1 */
	uint32_t *first_part;     /* per place: of such a local its first part, + 1 */
	uint32_t *next_part;      /* per place: the next part of the same local, + 1 */
	uint32_t retained_visits; /* blocks that bind_retained.c has walked through */
};

struct registry;

/* ---- bind_registries.c ---- */

/* Is the place a registry? Fills 'out'. */
bool bind_registry(const struct binder *b, uint32_t place, struct registry *out);

/* Is it a call for a registry's session that no place names: `db.Session()`, `self.Session()`, `get_session()`? */
bool bind_registry_call(const struct binder *b, uint32_t event, struct registry *out);

/* `listener(event)` in a method, the listener being a parameter of it. */
bool bind_calls_parameter(const struct binder *b, const struct event *e);

/* The resource of that registry in this function, or RESOURCES_MAX. */
uint32_t registry_resource(const struct binder *b, struct str identity);

/* Adds the registries that are called through their owners, and those that callees use or end. */
void find_called_registries(struct binder *b);
void find_reached_registries(struct binder *b);

/* The place in which a registry's session stands on entry. */
slot_id slot_of_registry(const struct binder *b, uint32_t resource);

/* Adds what the event does to registries through callees, contexts and loops over them. */
void act_registries(struct binder *b, uint32_t event, struct action *a);

/* ---- bind_resources.c ---- */

/* Does the place's root mean nothing to other code: a local or captured variable? */
bool is_opaque(const struct binder *b, const struct place *place);

/* A registry as a resource of this function, which stands in 'place' on entry. */
void add_registry_resource(struct binder *b, const struct registry *registry, uint32_t place,
                           struct span span);

const struct module *module_of(const struct binder *b);

/* The parameter of that name, or NULL. */
const struct param *param_named(const struct binder *b, name_id name);
bool is_param(const struct binder *b, name_id name);

/* What each call calls: fills callees and targets. */
void find_callees(struct binder *b);

/* Fills resources and acquired, after find_callees. */
void find_resources(struct binder *b);

/* "db", "self.repo.db", `ctx["db"]`, "pair[0]"; empty when a key is not constant. */
struct str place_text(const struct binder *b, uint32_t place);

/* Adds the resource that the value of 'event' is. */
void acquire_at(struct binder *b, uint32_t event, const struct resource_kind *kind,
                enum origin origin, const struct provider *provider, struct str maker);

/* What the event itself makes or takes: SessionLocal(), next(get_db()), `with session_scope() as db` (bind_made.c). */
void find_made(struct binder *b, uint32_t event);
uint32_t add_resource(struct binder *b, struct resource r, uint32_t entry_place);

/* ---- bind_connections.c ---- */

/* Adds what is below sessions: engines, pools, connections that are made or kept here. */
void find_connections(struct binder *b);

/* What an SQL text does to a transaction. */
enum sql {
	SQL_UNKNOWN, /* no text that can be read */
	SQL_READ,
	SQL_WRITE,
	SQL_OTHER, /* a savepoint, a pragma */
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
};
enum sql sql_of_text(struct str text);
enum sql sql_of_call(const struct binder *b, const struct event *e);

/* The method that a call on a carrier of that kind means; NULL when it is not listed. */
const struct method *called_method(const struct binder *b, const struct event *e,
                                   const struct resource_kind *receiver);

/* What the call does to its receiver. */
struct effect effect_of_call(const struct binder *b, const struct event *e,
                             const struct resource_kind *receiver);

/* Does the call use what it is given and keep nothing of it? */
bool is_borrower(const struct binder *b, uint32_t event);

/* ---- bind_carriers.c ---- */

/* What an EV_ASSIGN stores: as event_stored says, or the call whose resource is unpacked. */
ref stored_by(const struct binder *b, uint32_t event);

/* Adds to what is carried; true when that is new. */
bool carry(struct carried *into, uint8_t how, const struct resource_kind *kind);

/* All that the arguments of an event carry. */
struct carried carried_by_args(const struct binder *b, const struct event *e);

/* TeamService(db): an object that keeps the session. By convention classes begin with a capital. */
bool is_constructor(const struct binder *b, uint32_t event);

/* `with db.begin()` of a session. */
bool is_begin_of_session(const struct binder *b, const struct event *e);

/* sessionmaker(bind=engine): what it makes holds the engine. */
bool is_factory_maker(const struct binder *b, uint32_t event);

/* closing(x), aclosing(x) and nullcontext(x) give x to the with statement that enters them. */
bool is_pass_through(const struct binder *b, const struct event *e);

/* Is `db.close`, without parentheses, among the arguments? */
bool is_release_given(const struct binder *b, const struct event *e);

/* A call that hands something to an ExitStack. */
bool is_stack_call(const struct binder *b, const struct event *e);

/* A generator, or a coroutine that nobody awaits here: it runs later, with what it was given. */
bool is_deferred(const struct binder *b, uint32_t i);

void find_captures(struct binder *b);   /* fills captured */
void find_carriers(struct binder *b);   /* fills places and temps */
void spread_carriers(struct binder *b); /* once more, through parts */
void make_slots(struct binder *b);
void find_guards(struct binder *b);

/* ---- bind_actions.c ---- */

void act_event(struct binder *b, uint32_t i, struct action *a);
void act_closures(struct binder *b);

/* Does the event store a resource where it outlives the function, return it, or pass it to somebody who may keep it? */
bool gives_away(struct binder *b, uint32_t i, const struct action *a);

/* ---- bind_quiet.c ---- */

/* After act_event: what is called for a line in a log is taken not to raise. */
void quiet_mentions(struct binder *b);

/* ---- bind_retained.c ---- */

/*
 * Does the function close the connection itself that it hands to the unknown call 'event', on every way on that
 * raises nothing? When all actions are known.
 */
bool is_retained(struct binder *b, uint32_t event);

/* What a place names, when that is known without running the function. */
struct target target_of_place(const struct binder *b, uint32_t place);

/* ---- bind_objects.c ---- */

/* The class whose instance a value is: TARGET_SCOPE, TARGET_EXTERNAL, or unknown. */
struct target object_class(const struct binder *b, ref r);

/* The parameter of this or, for a captured one, of an enclosing function that a place's root is. */
bool find_param(const struct binder *b, const struct place *place, struct target *out);

/* The annotated local that the place's root is. */
bool find_local(const struct binder *b, const struct place *place, struct target *out);

/* The class that `cls(db)` makes an object of, in a classmethod of it; unknown for any other call. */
struct target class_of_cls(const struct binder *b, const struct event *e);

/* The class's attribute that a place of steps names (`self.maker`); unknown when its object is. */
struct target member_of_place(const struct binder *b, ref place);

/* ---- bind_values.c ---- */

/* The maker of sessions or provider that a value is, or THING_NONE. */
struct thing value_thing(const struct binder *b, ref r);

/* The one that a function of the project returns, by its annotation or its return statements. */
struct thing thing_returned(const struct binder *b, const struct target *function);

/* ---- bind.c, bind_resources.c ---- */

/* Sets 'b' up for fn, whose cfg is decoded, and finds what its calls call; nothing more is bound. */
void bind_names(struct arena *scratch, const struct program *program, struct function *fn,
                struct binder *b);

/* Is the local bound by an import or definition in this very function? */
bool is_bound_by_statement(const struct binder *b, name_id name);

/* ---- bind_called.c ---- */

/* Adds the connections that come out of calls of what is handed to them. */
void find_called(struct binder *b);

/* ---- bind_ran.c ---- */

/* What is called at an event: a def of the project, and what it is given. */
struct called {
	uint32_t event;
	struct target target;
	ref receiver;
	const struct arg *args;
	uint32_t count;
};

/* Where the callable stands that such a call runs and waits for; UINT32_MAX for any other call. */
uint32_t ran_position(const struct binder *b, uint32_t event);

/* The def that it runs; false when that is not known. */
MUST_USE bool bind_ran(const struct binder *b, uint32_t event, struct called *out);

/* Adds the session that it makes: `await to_thread(SessionLocal)`. */
void find_ran(struct binder *b, uint32_t event);

/* ---- bind_works.c ---- */

/* tasks.add_task(f, db), BackgroundTask(f, db): f runs when the response has been sent. */
bool is_background(const struct binder *b, const struct event *e);

/* Lists what is handed on to be run later: fn->works. */
void find_works(struct binder *b);

/* ---- bind_given.c ---- */

/* Fills b->given; before the places are settled. */
void find_given_objects(struct binder *b);

/* Adds their resources; the same provider's as one that a parameter has is that one. */
void add_given_resources(struct binder *b);

/* ---- bind_outcomes.c ---- */

/* The most guards that a function has for its own conditions come first: after find_guards and act_event. */
void find_outcomes(struct binder *b);

/* A call of a generator that may hand on the session it is given, entered at once: fills 'a'. False for any other. */
MUST_USE bool act_handing(struct binder *b, uint32_t event, struct action *a);

/* ---- bind_parked.c ---- */

/* Does the EV_ASSIGN put a session into `request.state`, in a function that closes it itself? */
bool is_parked(const struct binder *b, const struct event *store);

/* Is it such a place? Until the function has stored its session there it is nobody's. */
bool is_parked_place(const struct binder *b, uint32_t place);

/* A call with the request in whose state a session is: it may run statements. False for any other call. */
bool act_parked(struct binder *b, const struct event *e, struct action *a);

/* ---- kept.c ---- */

struct result;

/* A value that is kept in `.attribute` of the object that an EV_CALL makes, or in `.attribute.inner`. */
struct kept {
	ref value;
	name_id attribute, inner;
};

/* What the object that the event makes keeps, into 'out': how many. */
uint32_t kept_list(const struct binder *b, uint32_t maker, struct kept *out);

/* Does the function that is called return an object that keeps a session it is given? make_service(db) */
bool is_holder_maker(const struct binder *b, uint32_t event);

/* What an __init__ keeps of its parameters, and what an object that is returned does: into r->kept. */
void kept_of_init(const struct binder *b, struct result *r);
void kept_of_return(const struct binder *b, ref value, struct result *r);

/* ---- own_session.c ---- */

/* Which session an __init__ makes and keeps on its object: into r->own. */
void own_session_of_init(const struct binder *b, struct result *r);

/* Which session a function makes for the object that it returns: into r->own. */
void own_session_of_return(const struct binder *b, struct result *r);

/*
 * Does the constructor called at 'event' put the sessions it is given into a plain object whose methods can be read, and
 * that the function has for itself? Then they are what the object's methods make of them. After find_carriers.
 */
bool is_kept_in_view(const struct binder *b, uint32_t event);

/* Adds the session that a constructor called at 'event' makes for its object, when nobody else can have it. */
void find_own_session(struct binder *b, uint32_t event);

/* That session for a callee that has the object as 'root'; false when 'maker' makes no such object. */
bool own_session_lent(const struct binder *b, uint32_t maker, name_id root, struct lent *out);

/* The parameter that a value is; NAME_NONE for anything else. */
name_id param_of_value(const struct binder *b, ref value);

/* The parameter of the def 't' that argument 'index' of a call becomes; NAME_NONE when that is not plain. */
name_id param_of_arg(const struct project *p, const struct target *t, const struct arg *args,
                     uint32_t index);

/* ---- shared by all ---- */

/* What an operand carries, whatever path led here. */
struct carried carried_by(const struct binder *b, ref r);

/* The call's own name, of name(..) or x.name(..); empty for any other. */
struct str call_name(const struct binder *b, const struct event *e);

static inline bool call_is(const struct binder *b, const struct event *e, const char *name)
{
	return str_is(call_name(b, e), name);
}

/* The one event that makes what a local place holds, or EVENT_NONE when there are several or none. */
uint32_t maker_of_local(const struct binder *b, ref place);

/* A new slot, or SLOT_NONE when there are too many. */
slot_id new_slot(struct plan *p);

struct loans {
	struct loan *items;
	uint32_t count, room;
};

/* What is in 'operand', or in the object there, becomes 'lent' in the callee; NULL: it is not known what. */
void add_loan(const struct binder *b, struct loans *out, ref operand, bool through_object,
              const struct lent *lent);

/* ---- bind_parts.c ---- */

/* Finds the locals whose parts are followed; after find_captures. */
void find_parts(struct binder *b);

/* Does the operand name such a local? And its first part, + 1. */
bool has_parts(const struct binder *b, ref r);
static inline uint32_t first_part(const struct binder *b, uint32_t local)
{
	return b->first_part[local];
}

/* What an EV_ASSIGN carries into parts, or from a part to its object; true when that is new. */
bool carry_parts(struct binder *b, uint32_t event, struct carried from);

/* The place of the part that `ctx.get("db")` reads, or UINT32_MAX. */
uint32_t part_read(const struct binder *b, uint32_t event);

/* Is what is built kept by such a local, or used up by one call? */
bool is_followed_build(const struct binder *b, uint32_t event);

/* Adds what assignments do to parts; when there are slots. */
void act_parts(struct binder *b);

/* ---- bind_generators.c ---- */

/* Does the call make a generator of the project that only runs statements with the sessions it is given? */
bool makes_reader(struct binder *b, uint32_t event);

/* Is the operand such a generator? When the actions of calls are known. */
bool is_reader(const struct binder *b, ref value, uint32_t event);

/* list(rows(db)), sum(rows(db)): a call that runs such a generator to its end. */
bool is_read_out(const struct binder *b, uint32_t event);

/* ---- bind_ways.c ---- */

/* Adds the sessions that a callee reaches through the objects it is given: helper(self). */
void lend_ways(const struct binder *b, const struct target *t, const struct arg *args,
               uint32_t count, struct loans *out);

/* Adds what a call that was not read may do to lent sessions through objects; after everything else it does. */
void act_ways(struct binder *b, uint32_t event, struct action *a);

/* What a call of the def 't' at 'event' lends it: by arguments, captured, through the receiver's object. */
struct loans bind_loans(struct binder *b, uint32_t event, const struct target *t, ref receiver,
                        const struct arg *args, uint32_t count);

/*
 * A call of a function that can be read: fills 'a' with what it does to what it is given, captures or reaches
 * through its object. False when nothing is known of the callee.
 */
MUST_USE bool bind_callee_effect(struct binder *b, uint32_t event, struct action *a);

/* The call of a def of the project at 'event', run or not. False for any other. */
MUST_USE bool bind_call(const struct binder *b, uint32_t event, struct called *out);

/* The same of up to CALLS_AT_ONCE_MAX calls, whose effects follow each other. */
MUST_USE bool bind_calls_effect(struct binder *b, const struct called *calls, uint32_t count,
                                struct action *a);

/* The call that made what is in an operand at 'event', or EVENT_NONE. */
uint32_t maker_of_value(const struct binder *b, ref value, uint32_t event);

/* ---- bind_coroutines.c ---- */

/* Does the EV_AWAIT run a coroutine of a def of the project that was made by an earlier call? */
bool is_run_by_await(const struct binder *b, uint32_t event);

/* An await, asyncio.run(..) or an awaited gather(..) of such coroutines: fills 'a' with what these do. */
MUST_USE bool bind_run_effect(struct binder *b, uint32_t event, struct action *a);

/* A call that the configuration names under `releases`: fills 'a' with what it does to what it is given. */
MUST_USE bool bind_named_release(struct binder *b, uint32_t event, struct action *a);

/* What a call calls when its receiver is a local object, `self` or a fresh instance; else as resolved by name. */
struct target bind_method_target(const struct binder *b, const struct event *e,
                                 struct target by_name);

#endif
