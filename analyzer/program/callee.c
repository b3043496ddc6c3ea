/*
 * callee.c - calls of functions that can be read. Which def is meant (a
 * function, a method of self, of a local object, a closure), which of its places each argument
 * becomes, and what its summary then does to the sessions in them.
 */
#include "program/bind_internal.h"
#include "program/lent.h"
#include "program/result.h"
#include "project/def.h"

/* ---- which def is called ---------------------------------------------------------------- */

uint32_t maker_of_local(const struct binder *b, ref place)
{
	ref stored = b->stored[ref_index(place)];
	return ref_kind(stored) == REF_KIND_TEMP ? ref_index(stored) : EVENT_NONE;
}

/* The event that made what a local holds at 'event': of several the nearest before it. */
static uint32_t maker_before(const struct binder *b, uint32_t place, uint32_t event)
{
	uint32_t at = b->last_stores[place];
	while (at > event)
		at = b->stores_before[at - 1];
	const struct event *e = at == 0 ? NULL : &b->cfg->events[at - 1];
	ref stored = e == NULL ? REF_NONE : event_stored(b->cfg, e);
	return ref_kind(stored) == REF_KIND_TEMP ? ref_index(stored) : EVENT_NONE;
}

/* What 'name' is in objects of the class; 'otherwise' when that is not known. */
static struct target method_of(const struct binder *b, struct target class_, struct str name,
                               struct target otherwise)
{
	if (!target_is_class(b->project, &class_))
		return otherwise;
	struct target method = resolve_member(b->scratch, b->project, class_.module, class_.scope,
	                                      name);
	return method.kind != TARGET_UNKNOWN ? method : otherwise;
}

/* An object is called: its class's __call__, unless that is a protocol's, which says nothing of what runs. */
static struct target call_of(const struct binder *b, struct target class_, struct target otherwise)
{
	struct target t = method_of(b, class_, STR("__call__"), otherwise);
	return t.kind == TARGET_SCOPE && (project_scope(b->project, t.module, t.scope)->flags &
	                                  SCOPE_STUB) != 0
	               ? otherwise
	               : t;
}

/* Is the value what super() gives? */
static bool is_super(const struct binder *b, ref r)
{
	if (ref_kind(r) != REF_KIND_TEMP)
		return false;
	const struct event *e = &b->cfg->events[ref_index(r)];
	if (e->kind != EV_CALL || e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return false;
	const struct place *called = &b->cfg->places[ref_index(e->a)];
	return called->step_count == 0 && str_is(project_text(b->project, called->root), "super");
}

/* super().close(), super(Service, self).close() in a method. */
static struct target method_above(const struct binder *b, struct str name, struct target otherwise)
{
	scope_id class_ = def_class(b->project, b->fn->module, b->fn->scope);
	struct target t = class_ == SCOPE_NONE ? otherwise
	                                       : resolve_above(b->scratch, b->project,
	                                                       b->fn->module, class_, name);
	return t.kind == TARGET_SCOPE ? t : otherwise;
}

struct target bind_method_target(const struct binder *b, const struct event *e,
                                 struct target by_name)
{
	if (by_name.kind == TARGET_SCOPE || by_name.kind == TARGET_EXTERNAL)
		return by_name;
	if (e->name == NAME_NONE)
		return call_of(b, object_class(b, e->a), by_name);
	if (is_super(b, e->a))
		return method_above(b, project_text(b->project, e->name), by_name);
	struct target t = method_of(b, object_class(b, e->a), project_text(b->project, e->name),
	                            by_name);
	if (t.kind != TARGET_BINDING && !target_is_property(b->project, &t))
		return t; /* else: the object that is kept under this name is called */
	return call_of(b, resolve_class(b->scratch, b->project, &t), t);
}

/* ---- which parameter an argument becomes ---------------------------------------------------- */

/* How many parameters come before the first argument: self or cls of a bound method. */
static uint32_t bound_params(const struct project *p, const struct target *t)
{
	static const char *const classmethod[] = {"classmethod"};
	if (def_class(p, t->module, t->scope) == SCOPE_NONE || def_is_static(p, t->module, t->scope))
		return 0;
	return t->on_instance || def_has_decorator(p, t->module, t->scope, classmethod, 1) ? 1 : 0;
}

name_id param_of_arg(const struct project *p, const struct target *t, const struct arg *args,
                     uint32_t index)
{
	const struct module *m = project_module(p, t->module);
	const struct scope *s = &m->scopes[t->scope];
	const struct arg *arg = &args[index];
	uint32_t position = bound_params(p, t);
	for (uint32_t i = 0; i < index; i++) {
		if (args[i].flags & ARG_STAR)
			return NAME_NONE;
		position += args[i].keyword == NAME_NONE;
	}
	if (arg->flags != 0)
		return NAME_NONE;
	for (uint32_t i = 0; i < s->param_count; i++) {
		const struct param *param = &m->params[s->first_param + i];
		bool by_position = arg->keyword == NAME_NONE && i == position &&
		                   (param->kind == PARAM_PLAIN ||
		                    param->kind == PARAM_POSITIONAL_ONLY);
		bool by_keyword = arg->keyword != NAME_NONE && param->name == arg->keyword &&
		                  (param->kind == PARAM_PLAIN || param->kind == PARAM_KEYWORD_ONLY);
		if (by_position || by_keyword)
			return param->name;
	}
	return NAME_NONE;
}

/* ---- what a call lends ------------------------------------------------------------------------ */

void add_loan(const struct binder *b, struct loans *out, ref operand, bool through_object,
              const struct lent *lent)
{
	if (out->count == out->room) {
		out->room = out->room == 0 ? 8 : out->room * 2;
		struct loan *grown = arena_array(b->scratch, struct loan, out->room);
		if (out->count > 0)
			memcpy(grown, out->items, out->count * sizeof *grown);
		out->items = grown;
	}
	struct loan *one = &out->items[out->count++];
	*one = (struct loan){
		.operand = operand, .through_object = through_object, .known = lent != NULL};
	if (lent != NULL)
		one->lent = *lent;
}

/*
 * What the object in 'operand' keeps, for a callee that has it as 'root': each session through the attributes that lead
 * to it. Where that is not known, it may run statements.
 */
static void lend_kept(const struct binder *b, ref operand, uint32_t maker, name_id root,
                      struct loans *out)
{
	struct kept kept[KEPT_MAX];
	uint32_t n = maker == EVENT_NONE || root == NAME_NONE ? 0 : kept_list(b, maker, kept);
	struct lent own;
	bool any = maker != EVENT_NONE && root != NAME_NONE &&
	           own_session_lent(b, maker, root, &own);
	if (any)
		add_loan(b, out, operand, true, &own);
	for (uint32_t i = 0; i < n; i++) {
		struct carried carried = carried_by(b, kept[i].value);
		struct lent lent = {carried.kind,      PLACE_LOCAL,   root,
		                    kept[i].attribute, kept[i].inner, STEP_ATTRIBUTE};
		if ((carried.how & CARRY_IS) == 0)
			continue;
		add_loan(b, out, operand, true, &lent);
		any = true;
	}
	if (!any)
		add_loan(b, out, operand, true, NULL);
}

uint32_t maker_of_value(const struct binder *b, ref value, uint32_t event)
{
	uint32_t maker = ref_kind(value) == REF_KIND_TEMP ? ref_index(value)
	                 : ref_kind(value) == REF_KIND_PLACE
	                         ? maker_before(b, ref_index(value), event)
	                         : EVENT_NONE;
	return maker != EVENT_NONE && b->cfg->events[maker].kind == EV_CALL ? maker : EVENT_NONE;
}

/* What is in the parts of a local that is followed: ctx["db"] of ctx. */
static void lend_parts(const struct binder *b, uint32_t local, name_id param, struct loans *out)
{
	for (uint32_t at = first_part(b, local); at != 0; at = b->next_part[at - 1]) {
		const struct place *p = &b->cfg->places[at - 1];
		struct carried carried = b->places[at - 1];
		struct lent lent = {carried.kind,     PLACE_LOCAL, param,
		                    p->steps[0].name, NAME_NONE,   p->steps[0].kind};
		if ((carried.how & CARRY_IS) != 0 && p->step_count == 1)
			add_loan(b, out, REF_PLACE(at - 1), false, &lent);
	}
}

static void lend_args(const struct binder *b, uint32_t event, const struct target *t,
                      const struct arg *args, uint32_t count, struct loans *out)
{
	for (uint32_t i = 0; i < count; i++) {
		struct carried carried = carried_by(b, args[i].value);
		name_id param = param_of_arg(b->project, t, args, i);
		struct lent lent = {carried.kind, PLACE_LOCAL, param,
		                    NAME_NONE,    NAME_NONE,   STEP_ATTRIBUTE};
		if (carried.how & CARRY_IS)
			add_loan(b, out, args[i].value, false, param == NAME_NONE ? NULL : &lent);
		if (has_parts(b, args[i].value) && param != NAME_NONE)
			lend_parts(b, ref_index(args[i].value), param, out);
		if (carried.how & CARRY_HOLDS)
			lend_kept(b, args[i].value, maker_of_value(b, args[i].value, event), param,
			          out);
	}
}

/* What a closure of ours captures. */
static void lend_captured(const struct binder *b, const struct target *t, struct loans *out)
{
	const struct loaded_module *m = &b->project->modules[t->module].loaded;
	struct cfg inner;
	if (t->module != b->fn->module ||
	    project_scope(b->project, t->module, t->scope)->parent != b->fn->scope ||
	    !record_cfg(b->scratch, m, t->scope, &inner))
		return;
	for (uint32_t i = 0; i < inner.place_count; i++) {
		uint32_t place = inner.places[i].root_kind == PLACE_FREE &&
		                                 inner.places[i].step_count == 0
		                         ? locals_find(&b->locals, inner.places[i].root)
		                         : UINT32_MAX;
		if (place == UINT32_MAX || !(b->places[place].how & CARRY_IS))
			continue;
		struct lent lent = {b->places[place].kind,
		                    PLACE_FREE,
		                    inner.places[i].root,
		                    NAME_NONE,
		                    NAME_NONE,
		                    STEP_ATTRIBUTE};
		add_loan(b, out, REF_PLACE(place), false, &lent);
	}
}

/* A method of an object that was made with a session: `TeamService(db).list()`. */
static void lend_held(const struct binder *b, uint32_t event, ref receiver, const struct target *t,
                      struct loans *out)
{
	if (carried_by(b, receiver).how != CARRY_HOLDS)
		return;
	uint32_t maker = maker_of_value(b, receiver, event);
	if (maker != EVENT_NONE && b->targets[maker].kind == TARGET_SCOPE)
		lend_kept(b, receiver, maker, def_self(b->project, t->module, t->scope), out);
}

/* Is it the object that has the lent place in its attributes: self, or super()? */
static bool is_own_object(const struct binder *b, ref r, const struct lent *own)
{
	if (is_super(b, r))
		return own->root == def_self(b->project, b->fn->module, b->fn->scope);
	if (ref_kind(r) != REF_KIND_PLACE)
		return false;
	const struct place *p = &b->cfg->places[ref_index(r)];
	return p->root_kind == PLACE_LOCAL && p->step_count == 0 && p->root == own->root;
}

/* Is it the object in the lent place's first attribute: self.repo of self.repo.db? */
static bool is_lent_object(const struct binder *b, ref r, const struct lent *own)
{
	if (own->inner == NAME_NONE || ref_kind(r) != REF_KIND_PLACE)
		return false;
	const struct place *p = &b->cfg->places[ref_index(r)];
	return p->root_kind == own->root_kind && p->root == own->root && p->step_count == 1 &&
	       p->steps[0].kind == STEP_ATTRIBUTE && p->steps[0].name == own->attribute;
}

/*
 * self.helper() or super().helper() while the session stands in self.NAME: the helper has it in the same place.
 * self.repo.helper(): it has it one step nearer.
 */
static void lend_own(const struct binder *b, ref called_on, const struct target *t,
                     const struct lent *own, uint32_t place, struct loans *out)
{
	bool whole = is_own_object(b, called_on, own);
	if (own->attribute == NAME_NONE || (!whole && !is_lent_object(b, called_on, own)))
		return;
	struct lent lent = {own->kind,
	                    PLACE_LOCAL,
	                    def_self(b->project, t->module, t->scope),
	                    whole ? own->attribute : own->inner,
	                    whole ? own->inner : NAME_NONE,
	                    own->by};
	if (lent.root != NAME_NONE) /* a static method has no object */
		add_loan(b, out, REF_PLACE(place), false, &lent);
}

struct loans bind_loans(struct binder *b, uint32_t event, const struct target *t, ref receiver,
                        const struct arg *args, uint32_t count)
{
	struct loans all = {.count = 0};
	lend_args(b, event, t, args, count, &all);
	lend_ways(b, t, args, count, &all);
	lend_captured(b, t, &all);
	lend_held(b, event, receiver, t, &all);
	for (uint32_t i = 0; i < b->lent_count; i++)
		lend_own(b, receiver, t, &b->lent[i], b->lent_places[i], &all);
	for (uint32_t i = 0; i < b->given_count; i++)
		lend_own(b, receiver, t, &b->given[i].lent, b->given[i].place, &all);
	return all;
}

/* ---- transfers -------------------------------------------------------------------------------- */

/* Is what the callee does with this session judged in its own right, and reported there? */
static bool is_judged(const struct binder *b, const struct target *t, const struct lent *lent)
{
	struct lent own[LENT_MAX];
	struct cfg cfg;
	const struct project_module *m = &b->project->modules[t->module];
	if (!m->report || m->loaded.module.generated ||
	    !record_cfg(b->scratch, &m->loaded, t->scope, &cfg))
		return false;
	enum entry_kind entry = program_entry(b->program, t->module, t->scope);
	uint32_t count = lent_list(b->scratch, b->program, t->module, t->scope, entry, &cfg, own);
	for (uint32_t i = 0; i < count; i++)
		if (lent_equal(&own[i], lent))
			return entry != ENTRY_FIXTURE;
	return false;
}

/*
 * A callee that is judged itself answers for the transactions that it begins; what is left is what it finds open
 * when it is called.
 */
static void add_wait(const struct binder *b, const struct target *t, const struct lent *lent,
                     const struct summary *sum, struct transfer *out)
{
	if (sum->wait.family == NULL)
		return;
	out->waits = sum->waits;
	out->unanswered = sum->unanswered;
	if (states_hold(sum->unanswered) && is_judged(b, t, lent))
		out->unanswered = states_closed(sum->unanswered);
	struct wait *wait = arena_new(b->scratch, struct wait);
	*wait = sum->wait;
	out->wait = wait;
}

static const struct lent *keep_lent(const struct binder *b, const struct lent *lent)
{
	struct lent *kept = arena_new(b->scratch, struct lent);
	*kept = *lent;
	return kept;
}

/* What the callee does to what it is lent; unread: it may run statements. True when it was read. */
static bool transfer_of(const struct binder *b, const struct target *t, const struct loan *loan,
                        struct transfer *out)
{
	struct summary sum;
	*out = (struct transfer){.slot = plan_slot(&b->fn->plan, loan->operand),
	                         .through_object = loan->through_object};
	if (loan->known && summary_of(b->program, t->module, t->scope, &loan->lent, &sum)) {
		out->normal = sum.normal;
		out->raised = sum.raised;
		out->tells = true;
		memcpy(out->returned, sum.returned, sizeof out->returned);
		out->read = true;
		out->lent = keep_lent(b, &loan->lent);
		add_wait(b, t, &loan->lent, &sum, out);
		return true;
	}
	out->normal = states_after(HOLDING_TRANSACTION, DO_MAY_STATEMENT, states_fresh());
	out->raised = states_after(HOLDING_TRANSACTION, DO_MAY_FAIL, states_fresh());
	return false;
}

bool bind_call(const struct binder *b, uint32_t event, struct called *out)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *t = &b->targets[event];
	if (t->kind != TARGET_SCOPE || target_is_class(b->project, t))
		return false;
	*out = (struct called){event, *t, e->a, &b->cfg->args[e->first_arg], e->arg_count};
	return true;
}

/* A call of a def of the project. Of a coroutine only when it is awaited: another somebody else runs, some time. */
static bool is_called_here(const struct binder *b, uint32_t event, struct called *out)
{
	const struct event *e = &b->cfg->events[event];
	return bind_call(b, event, out) &&
	       ((project_scope(b->project, out->target.module, out->target.scope)->flags &
	         SCOPE_ASYNC) == 0 ||
	        (e->flags & EVF_AWAITED) != 0);
}

bool bind_calls_effect(struct binder *b, const struct called *calls, uint32_t count,
                       struct action *a)
{
	struct loans loans[CALLS_AT_ONCE_MAX];
	uint32_t room = 0;
	bool any_read = false;
	for (uint32_t k = 0; k < count; k++) {
		const struct called *c = &calls[k];
		loans[k] = bind_loans(b, c->event, &c->target, c->receiver, c->args, c->count);
		room += loans[k].count;
	}
	struct transfer *all = arena_array(b->scratch, struct transfer, room);
	uint16_t used = 0;
	for (uint32_t k = 0; k < count; k++)
		for (uint32_t i = 0; i < loans[k].count; i++)
			if (plan_slot(&b->fn->plan, loans[k].items[i].operand) != SLOT_NONE)
				any_read |= transfer_of(b, &calls[k].target, &loans[k].items[i],
				                        &all[used++]);
	if (!any_read)
		return false;
	a->transfers = all;
	a->transfer_count = used;
	return true;
}

bool bind_callee_effect(struct binder *b, uint32_t event, struct action *a)
{
	struct called called;
	return b->program->summaries != NULL &&
	       (bind_ran(b, event, &called) || is_called_here(b, event, &called)) &&
	       bind_calls_effect(b, &called, 1, a);
}
