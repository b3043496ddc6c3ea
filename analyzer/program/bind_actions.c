/*
 * bind_actions.c - what each event does to the resources of a function: effects of
 * methods and of context managers, calls that are lent one, and what is given away.
 */
#include "program/bind_internal.h"

/* ---- actions --------------------------------------------------------------------------- */

/* Registry().remove(), or of a local that is such a call's result: a session has no remove(). */
static bool is_remove_of_session(const struct binder *b, const struct event *e,
                                 const struct resource_kind *kind)
{
	if (!kind->is_registry || !call_is(b, e, "remove"))
		return false;
	uint32_t made = ref_kind(e->a) == REF_KIND_TEMP ? ref_index(e->a) : maker_of_local(b, e->a);
	return made != EVENT_NONE && b->cfg->events[made].kind == EV_CALL &&
	       b->cfg->events[made].name == NAME_NONE &&
	       (b->acquired[made] == 0 || !b->resources[b->acquired[made] - 1].kind->is_registry);
}

/* `session.close()` of an async session as a statement, without await: a coroutine that nobody runs. */
static bool is_never_run(const struct binder *b, const struct event *e,
                         const struct resource_kind *kind, struct effect effect)
{
	if (is_remove_of_session(b, e, kind))
		return true;
	return kind_awaits(kind, project_text(b->project, e->name)) &&
	       (e->flags & (EVF_DISCARDED | EVF_AWAITED)) == EVF_DISCARDED &&
	       (effect.normal == DO_COMMIT || effect.normal == DO_ROLLBACK ||
	        effect.normal == DO_CLOSE);
}

static const struct effect effect_borrow = {DO_MAY_STATEMENT, DO_MAY_FAIL};

/* pool.putconn(conn), pool.release(conn) */
static bool act_giving_back(struct binder *b, const struct event *e, struct action *a)
{
	const struct resource_kind *pool = typed_kind(&b->typed, e->a);
	const struct method *m = called_method(b, e, pool);
	for (uint32_t i = 0; m != NULL && m->ends_argument && i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		if (!(carried_by(b, value).how & CARRY_IS))
			continue;
		a->kind = ACTION_EFFECT;
		a->slot = plan_slot(&b->fn->plan, value);
		a->effect = (struct effect){DO_CLOSE, DO_CLOSE};
		return true;
	}
	return false;
}

/* `Note.query.filter(..)`: whatever is called on it is part of a query. */
static bool is_query_property(const struct binder *b, ref receiver)
{
	return ref_kind(receiver) == REF_KIND_PLACE && b->queried[ref_index(receiver)];
}

/* What one may be asked, as attribute or method, and what must have been done to it where the answer tells. */
static const struct question {
	const char *name;
	bool yes;        /* the answer that tells */
	bool or_none;    /* None is the answer no */
	bool of_session; /* sessions are asked that, too */
	enum operation done;
} questions[] = {
	{"closed", true, false, false, DO_CLOSE},
	{"is_closed", true, false, false, DO_CLOSE},
	{"open", false, false, false, DO_CLOSE},
	{"is_connected", false, false, false, DO_CLOSE},
	{"is_open", false, false, false, DO_CLOSE},
	{"is_healthy", false, false, false, DO_CLOSE},
	{"in_transaction", false, false, true, DO_ROLLBACK},
	{"is_in_transaction", false, false, true, DO_ROLLBACK},
	{"get_transaction", false, true, true, DO_ROLLBACK},
};

static const struct question *question_named(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		if (str_is(name, questions[i].name))
			return &questions[i];
	return NULL;
}

/* What is made or handed over here to run later, or is run to its end: a coroutine, a generator, a stack's callback. */
static bool act_later(struct binder *b, uint32_t i, struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	if (carried_by_args(b, e).how == 0)
		return false;
	if (is_deferred(b, i)) {
		a->kind = ACTION_WRAP;
		a->reads = makes_reader(b, i);
	} else if (is_read_out(b, i)) {
		a->kind = ACTION_BORROW;
		a->effect = effect_borrow;
	} else if (is_background(b, e)) {
		a->kind = ACTION_WRAP; /* nothing of it runs before the response is sent */
	} else if (is_stack_call(b, e)) {
		a->kind = ACTION_KEEP;
	}
	return a->kind != ACTION_NONE;
}

/* A method of what the receiver is. */
static void act_method(struct binder *b, const struct event *e, const struct resource_kind *kind,
                       struct action *a)
{
	const struct method *method = called_method(b, e, kind);
	a->kind = ACTION_EFFECT;
	a->effect = is_query_property(b, e->a) ? kind_effect(kind, STR("query"))
	                                       : effect_of_call(b, e, kind);
	if (is_never_run(b, e, kind, a->effect))
		a->effect = (struct effect){DO_NOTHING, DO_NOTHING};
	a->passes = method_gives_view(method, kind);
	a->quiet |= a->passes && !method->reads_sql; /* cursor(), begin(): no word to the server */
	/* close() and rollback() that raise have let go of the connection all the same */
	a->quiet |= a->effect.normal == DO_CLOSE || a->effect.normal == DO_ROLLBACK;
	a->quiet |= kind->view_of != NULL && call_is(b, e, "close");
	a->quiet |= question_named(project_text(b->project, e->name)) != NULL;
}

static void act_call(struct binder *b, uint32_t i, struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	struct plan *p = &b->fn->plan;
	struct carried receiver = carried_by(b, e->a);
	a->makes_object = is_constructor(b, i);
	a->slot = plan_slot(p, e->a);
	const struct method *method = (receiver.how & CARRY_IS) ? called_method(b, e, receiver.kind)
	                                                        : NULL;
	if (b->acquired[i] != 0) {
		a->kind = ACTION_ACQUIRE;
		a->resource = (uint16_t)(b->acquired[i] - 1);
		a->wraps = b->resources[a->resource].in_object || is_factory_maker(b, i);
		if (method != NULL)
			a->effect = effect_of_call(b, e, receiver.kind);
	} else if (b->session_of[i] != 0) {
		a->kind = ACTION_SAME; /* db.Session() is the registry's own session */
		a->slot = slot_of_registry(b, b->session_of[i] - 1u);
	} else if (part_read(b, i) != UINT32_MAX) {
		a->kind = ACTION_SAME;
		a->slot = p->place_slots[part_read(b, i)];
		a->quiet = true;
	} else if (bind_named_release(b, i, a)) {
		a->kind = ACTION_CALLEE;
	} else if (act_giving_back(b, e, a)) {
		a->quiet = true;
	} else if (is_begin_of_session(b, e)) {
		a->kind = ACTION_SAME; /* the transaction's commit and rollback are the session's */
		a->quiet = true;
	} else if (receiver.how == CARRY_HOLDS &&
	           (call_is(b, e, "close") || call_is(b, e, "aclose"))) {
		a->kind = ACTION_RELEASE_HELD;
		a->effect = (struct effect){DO_CLOSE, DO_CLOSE};
		a->quiet = true;
	} else if (is_deferred(b, i) && receiver.how == CARRY_HOLDS) {
		a->kind = ACTION_SAME; /* a closure's or object's generator holds what that holds */
		a->reads = makes_reader(b, i);
	} else if (act_handing(b, i, a)) {
		a->quiet = true; /* nothing of it runs before it is entered */
	} else if (b->callees[i].kind == THING_PROVIDER && carried_by_args(b, e).how != 0) {
		a->kind = ACTION_BORROW; /* `with session_or_own(db) as db`: it may be the one it was given */
		a->effect = effect_borrow;
	} else if (act_later(b, i, a)) {
		a->quiet &= a->kind != ACTION_BORROW;
	} else if (e->name != NAME_NONE && (receiver.how & CARRY_IS)) {
		act_method(b, e, receiver.kind, a);
	} else if (e->name == NAME_NONE && (receiver.how & CARRY_IS)) {
		a->kind = ACTION_SAME; /* Registry() is the registry's own session */
	} else if (is_pass_through(b, e)) {
		a->kind = ACTION_SAME;
		a->slot = plan_slot(p, b->cfg->args[e->first_arg].value);
		a->quiet = true;
	} else if (is_factory_maker(b, i)) {
		a->kind = ACTION_BORROW;
		a->wraps = true;
	} else if (carried_by_args(b, e).how != 0 &&
	           (is_constructor(b, i) || is_holder_maker(b, i))) {
		a->kind = ACTION_WRAP;
	} else if (bind_run_effect(b, i, a) || bind_callee_effect(b, i, a)) {
		a->kind = ACTION_CALLEE;
	} else if (!a->quiet && (receiver.how != 0 || carried_by_args(b, e).how != 0)) {
		a->kind = ACTION_BORROW;
		a->effect = effect_borrow;
	} else if (a->transfer_count == 0 && act_parked(b, e, a)) {
		a->kind = ACTION_CALLEE;
	}
}

/* The event that made what a with statement entered, behind EV_EXIT's EV_ENTER; NULL when there is not one. */
static const struct event *entered(const struct binder *b, const struct event *exit)
{
	const struct event *enter = &b->cfg->events[ref_index(exit->a)];
	uint32_t made = EVENT_NONE;
	if (ref_kind(enter->a) == REF_KIND_TEMP)
		made = ref_index(enter->a);
	else if (ref_kind(enter->a) == REF_KIND_PLACE)
		made = maker_of_local(b, enter->a); /* tx = db.begin(); with tx: */
	return made == EVENT_NONE ? NULL : &b->cfg->events[made];
}

/* `with db.begin():` commits or rolls back when it is left. */
static bool act_exit_of_begin(struct binder *b, const struct event *e, struct action *a)
{
	const struct event *made = entered(b, e);
	if (made == NULL || !is_begin_of_session(b, made))
		return false;
	a->kind = ACTION_EFFECT;
	a->slot = plan_slot(&b->fn->plan, made->a);
	/* a commit that fails is rolled back by the same exit */
	a->effect = e->op == EXIT_NORMAL ? (struct effect){DO_COMMIT, DO_ROLLBACK}
	                                 : (struct effect){DO_ROLLBACK, DO_ROLLBACK};
	return true;
}

/* `with db.begin_nested():` rolls back to the savepoint what fails in it, and the transaction lives on. */
static bool act_exit_of_savepoint(struct binder *b, const struct event *e, struct action *a)
{
	const struct event *made = entered(b, e);
	if (made == NULL || made->kind != EV_CALL || !call_is(b, made, "begin_nested") ||
	    !(carried_by(b, made->a).how & CARRY_IS))
		return false;
	a->kind = ACTION_EFFECT;
	a->slot = plan_slot(&b->fn->plan, made->a);
	a->effect = e->op == EXIT_NORMAL ? (struct effect){DO_NOTHING, DO_SURVIVE}
	                                 : (struct effect){DO_SURVIVE, DO_SURVIVE};
	return true;
}

/* with suppress(...): the one manager that is known to swallow what is raised in it. */
static bool is_suppressing(const struct binder *b, const struct event *e)
{
	const struct event *made = entered(b, e);
	return made != NULL && made->kind == EV_CALL && call_is(b, made, "suppress");
}

/* `with ExitStack() as stack`: what was handed to the stack is released when it is left. */
static bool act_exit_of_stack(struct binder *b, const struct event *e, struct action *a)
{
	uint32_t stack = b->first_places[ref_index(e->a)];
	if (stack == 0 || b->places[stack - 1].how != CARRY_HOLDS)
		return false;
	a->kind = ACTION_RELEASE_HELD;
	a->slot = b->fn->plan.place_slots[stack - 1];
	a->effect = (struct effect){DO_CLOSE, DO_CLOSE};
	return true;
}

/* with closing(conn): close() is what leaving it calls, whatever the connection's own __exit__ does. */
static bool is_closing(const struct binder *b, const struct event *e)
{
	const struct event *made = entered(b, e);
	return made != NULL && made->kind == EV_CALL &&
	       (call_is(b, made, "closing") || call_is(b, made, "aclosing"));
}

static bool is_null_context(const struct binder *b, const struct event *e)
{
	const struct event *made = entered(b, e);
	return made != NULL && made->kind == EV_CALL && call_is(b, made, "nullcontext");
}

/* `class UnitSession(Session)` with an __exit__ of its own, which commits; nobody writes one that leaves it open. */
static bool ends_in_own_way(const struct binder *b, const struct event *e)
{
	const struct event *made = entered(b, e);
	return made != NULL && b->callees[made - b->cfg->events].own_exit;
}

/* What leaving the manager does to the session that a provider made for it. */
static struct effect exit_effect(const struct binder *b, const struct event *e,
                                 struct carried managed)
{
	uint16_t acquired = b->acquired[ref_index(e->a)];
	const struct provider *p = acquired == 0 ? NULL : b->resources[acquired - 1].provider;
	bool kept = p != NULL && p->shape == SHAPE_YIELDS &&
	            (e->op == EXIT_NORMAL ? !p->releases : !p->guarded);
	if (is_closing(b, e))
		return (struct effect){DO_CLOSE, DO_CLOSE};
	if (ends_in_own_way(b, e))
		return e->op == EXIT_NORMAL ? (struct effect){DO_COMMIT, DO_ROLLBACK}
		                            : (struct effect){DO_ROLLBACK, DO_ROLLBACK};
	if (kept)
		return (struct effect){DO_NOTHING, DO_NOTHING};
	bool released = p != NULL && p->shape == SHAPE_YIELDS &&
	                kind_itself(managed.kind)->layer == LAYER_CONNECTION;
	return released ? (struct effect){DO_CLOSE, DO_CLOSE} : managed.kind->with_exit;
}

static void act_exit(struct binder *b, const struct event *e, struct action *a)
{
	if (ref_kind(e->a) != REF_KIND_TEMP)
		return;
	if (e->op == EXIT_RAISED) {
		a->quiet = is_suppressing(b, e);
		a->sure = !a->quiet;
	}
	struct carried managed = b->temps[ref_index(e->a)];
	if (is_null_context(b, e) || act_exit_of_stack(b, e, a) || act_exit_of_begin(b, e, a) ||
	    act_exit_of_savepoint(b, e, a))
		return;
	if (managed.how == 0) { /* a lock, a file: nobody cares for what its __exit__ raises */
		a->quiet |= e->op == EXIT_NORMAL;
		return;
	}
	if (!(managed.how & CARRY_IS))
		return;
	a->kind = ACTION_EFFECT;
	a->slot = b->fn->plan.temp_slots[ref_index(e->a)];
	a->effect = exit_effect(b, e, managed);
	a->through_view = managed.kind->view_of != NULL || is_closing(b, e);
	if (e->op == EXIT_RAISED) /* only the way on with the exception is followed */
		a->effect.normal = a->effect.raised;
}

/* A clause that takes whatever a call raises. Cancellation and exit of the interpreter pass it by. */
static bool takes_everything(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref type = b->cfg->args[e->first_arg + i].value;
		if (ref_kind(type) != REF_KIND_PLACE)
			continue;
		const struct place *p = &b->cfg->places[ref_index(type)];
		struct str name = project_text(b->project, p->root);
		if (p->root_kind == PLACE_GLOBAL && p->step_count == 0 &&
		    (str_is(name, "Exception") || str_is(name, "BaseException")))
			return true;
	}
	return false;
}

/* A clause that takes what a failed statement raises. ValueError, NoResultFound or an error of the project is none. */
static bool takes_failures(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref type = b->cfg->args[e->first_arg + i].value;
		if (ref_kind(type) != REF_KIND_PLACE)
			continue;
		const struct place *p = &b->cfg->places[ref_index(type)];
		name_id last = p->step_count == 0 ? p->root : p->steps[p->step_count - 1].name;
		if (protocols_failure(b->program->protocols, project_text(b->project, last)))
			return true;
	}
	return e->arg_count == 0;
}

/* A class of the project that closes what it holds takes it over; so may one that is not known. */
static bool class_takes_over(const struct binder *b, const struct target *t)
{
	static const char *const closing[] = {"close",     "aclose",  "__exit__",
	                                      "__aexit__", "__del__", "dispose"};
	if (t->kind != TARGET_SCOPE)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(closing); i++) {
		struct target m = resolve_member(b->scratch, b->project, t->module, t->scope,
		                                 str_of(closing[i]));
		if (m.kind != TARGET_UNKNOWN)
			return true;
	}
	return false;
}

/* Does a session become one of *args or **kwargs there? Whom the def hands these on to is not followed. */
static bool is_given_to_star(const struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	const struct arg *args = &b->cfg->args[e->first_arg];
	for (uint32_t k = 0; k < e->arg_count; k++)
		if (carried_by(b, args[k].value).how != 0 &&
		    param_of_arg(b->project, &b->targets[i], args, k) == NAME_NONE)
			return true;
	return false;
}

/*
 * A def of the project that was not read (a stub of an abstract method, too deep), what a decorator was put on
 * and its wrapper calls, and a library's call that is known for it: they use what they are given and give it back.
 */
static bool callee_gives_back(const struct binder *b, uint32_t i)
{
	const struct target *t = &b->targets[i];
	if (t->kind == TARGET_SCOPE) {
		const struct scope *s = project_scope(b->project, t->module, t->scope);
		return s->kind == SCOPE_FUNCTION && (s->flags & SCOPE_BROKEN) == 0 &&
		       !is_given_to_star(b, i);
	}
	if (t->kind == TARGET_PARAM)
		return t->scope != b->fn->scope && b->cfg->events[i].name == NAME_NONE;
	return t->kind == TARGET_EXTERNAL && (b->cfg->events[i].flags & EVF_AWAITED) != 0 &&
	       !is_release_given(b, &b->cfg->events[i]) &&
	       protocols_awaited_borrower(b->program->protocols, t->dotted);
}

/* May the callee keep what it is given? A def of the project was read; of most others nothing is known. */
static bool callee_may_keep(struct binder *b, uint32_t i, const struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	const struct target *t = &b->targets[i];
	if (carried_by_args(b, e).how == 0 || a->kind == ACTION_CALLEE ||
	    a->kind == ACTION_EFFECT || a->quiet || is_borrower(b, i) || is_read_out(b, i))
		return false;
	if (a->kind == ACTION_WRAP)
		return class_takes_over(b, t) && !is_kept_in_view(b, i) && !is_retained(b, i);
	if (a->kind == ACTION_KEEP) /* a stack of ours is left here, any other one later */
		return ref_kind(e->a) != REF_KIND_PLACE ||
		       b->cfg->places[ref_index(e->a)].step_count != 0 ||
		       is_param(b, b->cfg->places[ref_index(e->a)].root);
	if (a->kind == ACTION_SAME || a->kind == ACTION_ACQUIRE)
		return false;
	return !callee_gives_back(b, i) && !is_retained(b, i);
}

/* Stored where it outlives the function, returned, or passed to somebody who may keep it. */
bool gives_away(struct binder *b, uint32_t i, const struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	if (e->kind == EV_RETURN)
		return carried_by(b, e->a).how != 0;
	if (e->kind == EV_CALL)
		return callee_may_keep(b, i, a);
	if (e->kind ==
	    EV_BUILD) /* what is put in a container can be got at in ways that are not followed */
		return (e->op == BUILD_LIST || e->op == BUILD_SET || e->op == BUILD_DICT) &&
		       carried_by_args(b, e).how != 0 && !is_followed_build(b, i);
	if (e->kind == EV_ITER)
		return carried_by(b, e->a).how == CARRY_HOLDS && !is_reader(b, e->a, i);
	if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE)
		return false;
	ref stored = stored_by(b, i);
	if (stored == REF_NONE) /* it is in there, and comes out somewhere */
		return e->index > 0 && carried_by(b, e->b).how == CARRY_HOLDS;
	if (carried_by(b, stored).how == 0)
		return false;
	const struct place *to = &b->cfg->places[ref_index(e->a)];
	return (to->root_kind != PLACE_LOCAL || to->step_count != 0) && !is_parked(b, e) &&
	       b->part_of[ref_index(e->a)] == 0;
}

/* The question that the value answers, and the slot of what is asked; NULL: none. */
static const struct question *question_of(const struct binder *b, ref value, slot_id *slot)
{
	name_id name = NAME_NONE;
	ref asked = REF_NONE;
	if (ref_kind(value) == REF_KIND_TEMP && b->cfg->events[ref_index(value)].kind == EV_CALL) {
		name = b->cfg->events[ref_index(value)].name;
		asked = b->cfg->events[ref_index(value)].a;
	} else if (ref_kind(value) == REF_KIND_PLACE) {
		const struct place *p = &b->cfg->places[ref_index(value)];
		uint32_t owner = p->root_kind == PLACE_LOCAL && p->step_count == 1 &&
		                                 p->steps[0].kind == STEP_ATTRIBUTE
		                         ? locals_find(&b->locals, p->root)
		                         : UINT32_MAX;
		name = owner != UINT32_MAX ? p->steps[0].name : NAME_NONE;
		asked = owner != UINT32_MAX ? REF_PLACE(owner) : REF_NONE;
	}
	struct carried c = name == NAME_NONE ? (struct carried){0} : carried_by(b, asked);
	const struct question *q = (c.how & CARRY_IS) == 0
	                                   ? NULL
	                                   : question_named(project_text(b->project, name));
	if (q == NULL || (c.kind->layer != LAYER_CONNECTION &&
	                  (c.kind->layer != LAYER_SESSION || !q->of_session)))
		return NULL;
	*slot = plan_slot(&b->fn->plan, asked);
	return q;
}

/*
 * `if not conn.closed`, `if conn.closed == 0`: what is closed already needs no close. `if db.in_transaction()`: what has
 * no transaction needs no rollback.
 */
static bool act_asking(const struct binder *b, const struct event *e, struct action *a)
{
	bool no = e->op == OP_IS_NONE || (e->op == OP_EQUAL && (e->b == REF_CONST(CONST_ZERO) ||
	                                                        e->b == REF_CONST(CONST_FALSE)));
	bool yes = e->op == OP_TRUTH || (e->op == OP_EQUAL && e->b == REF_CONST(CONST_TRUE));
	slot_id slot = SLOT_NONE;
	const struct question *q = no || yes ? question_of(b, e->a, &slot) : NULL;
	if (q == NULL || slot == SLOT_NONE || (e->op == OP_IS_NONE && !q->or_none))
		return false;
	a->slot = slot;
	a->kind = ACTION_ASKS_CLOSED;
	a->effect = q->yes == yes ? (struct effect){q->done, DO_NOTHING}
	                          : (struct effect){DO_NOTHING, q->done};
	return true;
}

/* `if 'db' in locals()`: has the acquiring line been reached? */
static void act_test(struct binder *b, const struct event *e, struct action *a)
{
	const struct event *asked = ref_kind(e->a) == REF_KIND_TEMP
	                                    ? &b->cfg->events[ref_index(e->a)]
	                                    : NULL;
	a->sure = e->op == OP_TRUTH && asked != NULL && asked->kind == EV_CALL &&
	          call_is(b, asked, "hasattr") &&
	          (carried_by_args(b, asked).how & CARRY_IS) !=
	                  0; /* sessions have what is asked for */
	if (!a->sure && act_asking(b, e, a))
		return;
	if (e->op != OP_OTHER || ref_kind(e->a) != REF_KIND_TEXT || ref_kind(e->b) != REF_KIND_TEMP)
		return;
	const struct event *names = &b->cfg->events[ref_index(e->b)];
	if (names->kind != EV_CALL ||
	    !(call_is(b, names, "locals") || call_is(b, names, "dir") || call_is(b, names, "vars")))
		return;
	uint32_t place = locals_find(&b->locals, ref_index(e->a));
	if (place == UINT32_MAX || b->fn->plan.place_slots[place] == SLOT_NONE)
		return;
	a->kind = ACTION_IS_BOUND;
	a->slot = b->fn->plan.place_slots[place];
}

/* The next item of a generator that has the session: it may run statements for it. */
static void act_next(const struct binder *b, const struct event *e, struct action *a)
{
	ref iterated = ref_kind(e->a) == REF_KIND_TEMP ? b->cfg->events[ref_index(e->a)].a
	                                               : REF_NONE;
	if (carried_by(b, iterated).how != CARRY_HOLDS)
		return;
	a->kind = ACTION_BORROW;
	a->slot = plan_slot(&b->fn->plan, iterated);
	a->effect = effect_borrow;
}

/* A loop that comes to its end has run its generator's clean-up. */
static struct effect exhausted_effect(const struct binder *b, uint32_t i)
{
	const struct provider *p = b->resources[b->acquired[i] - 1].provider;
	return p != NULL && !p->releases ? (struct effect){DO_NOTHING, DO_NOTHING}
	                                 : (struct effect){DO_CLOSE, DO_CLOSE};
}

void act_event(struct binder *b, uint32_t i, struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	struct plan *p = &b->fn->plan;
	switch (e->kind) {
	case EV_CALL:
		act_call(b, i, a);
		act_ways(b, i, a);
		break;
	case EV_EXIT: act_exit(b, e, a); break;
	case EV_TEST: act_test(b, e, a); break;
	case EV_CATCH:
		a->sure = takes_everything(b, e);
		if (!takes_failures(b, e))
			a->kind = ACTION_SURVIVE;
		break;
	case EV_ENTER:
	case EV_AWAIT:
		if (bind_run_effect(b, i, a)) {
			a->kind = ACTION_CALLEE;
			break;
		}
		a->kind = b->acquired[i] != 0 ? ACTION_ACQUIRE : ACTION_SAME;
		/* a session's __enter__ gives self; one that was made without raising is entered so */
		a->quiet = e->kind == EV_ENTER &&
		           ((carried_by(b, e->a).how & CARRY_IS) != 0 ||
		            (ref_kind(e->a) == REF_KIND_TEMP && p->actions[ref_index(e->a)].quiet));
		a->resource = (uint16_t)(b->acquired[i] - (b->acquired[i] != 0));
		a->slot = plan_slot(p, e->a);
		break;
	case EV_NEXT:
		if (b->acquired[i] != 0) {
			a->kind = ACTION_ACQUIRE;
			a->resource = (uint16_t)(b->acquired[i] - 1);
			a->effect = exhausted_effect(b, i);
		} else {
			act_next(b, e, a);
		}
		break;
	case EV_ASSIGN:
		if (b->items[i] != NULL)
			a->kind = ACTION_UNPACK;
		break;
	case EV_BUILD:
		if (e->op != BUILD_CHOICE && b->temps[i].how != 0)
			a->kind = ACTION_WRAP;
		break;
	case EV_YIELD:
		if ((e->flags & EVF_FROM) != 0 && is_reader(b, e->a, i)) {
			a->kind = ACTION_BORROW;
			a->slot = plan_slot(p, e->a);
			a->effect = effect_borrow;
			a->reads = true;
		} else if (b->fn->as_provider && (carried_by(b, e->a).how & CARRY_IS)) {
			a->kind = ACTION_EFFECT;
			a->slot = plan_slot(p, e->a);
			a->effect = (struct effect){DO_STATEMENT, DO_STATEMENT};
		}
		break;
	default: break;
	}
}

/*
 * A nested function that uses a carrier of ours may be called as soon as it exists, and whoever
 * has it has the session. One that closes it and is handed to a decorator, `@stack.callback`, is theirs to call.
 */
void act_closures(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct captures *c = &b->captured[i];
		if (c->count == 0 || b->temps[i].how == 0)
			continue;
		struct action *a = &b->fn->plan.actions[i];
		bool handed = b->cfg->events[i].arg_count > 0 && c->releases;
		struct transfer *all = arena_array(b->scratch, struct transfer, c->count);
		for (uint32_t k = 0; k < c->count; k++) {
			slot_id slot = b->fn->plan.place_slots[c->places[k]];
			if (slot == SLOT_NONE)
				continue;
			all[a->transfer_count++] = (struct transfer){
				.slot = slot,
				.normal = handed ? STATES_GONE
			                         : states_after(HOLDING_TRANSACTION,
			                                        DO_MAY_STATEMENT, states_fresh()),
				.raised = states_fresh()};
		}
		a->kind = ACTION_CALLEE;
		a->transfers = all;
	}
}
