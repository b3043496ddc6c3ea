/*
 * callee.c - calls of functions that can be read. Which def is meant (a
 * function, a method of self, of a local object, a closure), which of its places each argument
 * becomes, and what its summary then does to the sessions in them.
 */
#include "program/bind_internal.h"
#include "program/lent.h"

/* ---- which def is called ---------------------------------------------------------------- */

static bool is_class(const struct project *p, const struct target *t)
{
	return t->kind == TARGET_SCOPE && project_scope(p, t->module, t->scope)->kind == SCOPE_CLASS;
}

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
	return e != NULL && e->index == 0 && ref_kind(e->b) == REF_KIND_TEMP ? ref_index(e->b)
	                                                                     : EVENT_NONE;
}

/* The call that makes the receiver, when it is an object of a class of the project. */
static uint32_t maker_of_receiver(const struct binder *b, const struct event *e)
{
	uint32_t maker = EVENT_NONE;
	if (ref_kind(e->a) == REF_KIND_TEMP)
		maker = ref_index(e->a);
	else if (ref_kind(e->a) == REF_KIND_PLACE &&
	         b->cfg->places[ref_index(e->a)].root_kind == PLACE_LOCAL &&
	         b->cfg->places[ref_index(e->a)].step_count == 0)
		maker = maker_before(b, ref_index(e->a), (uint32_t)(e - b->cfg->events));
	if (maker == EVENT_NONE || b->cfg->events[maker].kind != EV_CALL ||
	    !is_class(b->project, &b->targets[maker]))
		return EVENT_NONE;
	return maker;
}

/* What 'name' is in objects of the class; 'otherwise' when that is not known. */
static struct target method_of(const struct binder *b, struct target class_, struct str name,
                               struct target otherwise)
{
	if (!is_class(b->project, &class_))
		return otherwise;
	struct target method = resolve_member(b->scratch, b->project, class_.module, class_.scope,
	                                      name);
	return method.kind != TARGET_UNKNOWN ? method : otherwise;
}

struct target bind_method_target(const struct binder *b, const struct event *e,
                                 struct target by_name)
{
	if (by_name.kind == TARGET_SCOPE || by_name.kind == TARGET_EXTERNAL)
		return by_name;
	if (e->name == NAME_NONE)
		return method_of(b, object_class(b, e->a), STR("__call__"), by_name);
	struct target t = method_of(b, object_class(b, e->a), project_text(b->project, e->name),
	                            by_name);
	if (t.kind != TARGET_BINDING && !target_is_property(b->project, &t))
		return t; /* else: the object that is kept under this name is called */
	return method_of(b, resolve_class(b->scratch, b->project, &t), STR("__call__"), t);
}

/* ---- which parameter an argument becomes ---------------------------------------------------- */

static bool has_decorator(const struct project *p, const struct module *m, const struct scope *s,
                          const char *name)
{
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		const struct expr *d = &m->exprs[m->decorators[s->first_decorator + i]];
		if (d->kind == EXPR_NAME && str_is(dotted_last(project_text(p, d->text)), name))
			return true;
	}
	return false;
}

/* How many parameters come before the first argument: self or cls of a bound method. */
static uint32_t bound_params(const struct project *p, const struct target *t)
{
	const struct module *m = project_module(p, t->module);
	const struct scope *s = &m->scopes[t->scope];
	if (s->parent == SCOPE_NONE || m->scopes[s->parent].kind != SCOPE_CLASS ||
	    has_decorator(p, m, s, "staticmethod"))
		return 0;
	return t->on_instance || has_decorator(p, m, s, "classmethod") ? 1 : 0;
}

/* The parameter that argument 'index' of the call becomes; NAME_NONE when that is not plain. */
static name_id param_of_arg(const struct project *p, const struct target *t, const struct cfg *cfg,
                            const struct event *e, uint32_t index)
{
	const struct module *m = project_module(p, t->module);
	const struct scope *s = &m->scopes[t->scope];
	const struct arg *arg = &cfg->args[e->first_arg + index];
	uint32_t position = bound_params(p, t);
	for (uint32_t i = 0; i < index; i++) {
		if (cfg->args[e->first_arg + i].flags & ARG_STAR)
			return NAME_NONE;
		position += cfg->args[e->first_arg + i].keyword == NAME_NONE;
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

/* ---- transfers -------------------------------------------------------------------------------- */

struct transfers {
	struct transfer *items;
	uint16_t count;
	bool any_read; /* some callee was read: the call is not merely taken to borrow */
};

/* Is what the callee does with this session judged in its own right? Then it is reported there, not here as well. */
static bool is_judged(struct binder *b, const struct target *t, const struct lent *lent)
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
		if (own[i].root_kind == lent->root_kind && own[i].root == lent->root &&
		    own[i].attribute == lent->attribute)
			return entry != ENTRY_FIXTURE;
	return false;
}

static void add_wait(struct binder *b, const struct target *t, const struct lent *lent,
                     const struct summary *sum, struct transfer *out)
{
	if (sum->wait.family == NULL)
		return;
	struct wait *wait = arena_new(b->scratch, struct wait);
	*wait = sum->wait;
	out->wait = wait;
	out->waits = sum->waits;
	out->reported = states_hold(sum->waits) && is_judged(b, t, lent);
}

/* Adds what the callee does to what is in 'slot' when that becomes 'lent'; unread: it may run statements. */
static void add_transfer(struct binder *b, struct transfers *out, const struct target *t,
                         slot_id slot, bool through_object, const struct lent *lent)
{
	struct transfer one = {.slot = slot, .through_object = through_object};
	struct summary sum;
	if (slot == SLOT_NONE)
		return;
	if (lent != NULL && summary_of(b->program, t->module, t->scope, lent, &sum)) {
		one.normal = sum.normal;
		one.raised = sum.raised;
		one.read = true;
		add_wait(b, t, lent, &sum, &one);
		out->any_read = true;
	} else {
		one.normal = states_after(HOLDING_TRANSACTION, DO_MAY_STATEMENT, states_fresh());
		one.raised = states_after(HOLDING_TRANSACTION, DO_MAY_FAIL, states_fresh());
	}
	out->items[out->count++] = one;
}

static void transfer_args(struct binder *b, const struct event *e, const struct target *t,
                          struct transfers *out)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		struct carried carried = carried_by(b, value);
		name_id param = param_of_arg(b->project, t, b->cfg, e, i);
		struct lent lent = {carried.kind, PLACE_LOCAL, param, NAME_NONE};
		if (carried.how & CARRY_IS)
			add_transfer(b, out, t, plan_slot(&b->fn->plan, value), false,
			             param == NAME_NONE ? NULL : &lent);
		if (carried.how & CARRY_HOLDS)
			add_transfer(b, out, t, plan_slot(&b->fn->plan, value), true, NULL);
	}
}

/* What a closure of ours captures. */
static void transfer_captured(struct binder *b, const struct target *t, struct transfers *out)
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
		                         ? place_of_local(b->cfg, inner.places[i].root)
		                         : UINT32_MAX;
		if (place == UINT32_MAX || !(b->places[place].how & CARRY_IS))
			continue;
		struct lent lent = {b->places[place].kind, PLACE_FREE, inner.places[i].root,
		                    NAME_NONE};
		add_transfer(b, out, t, b->fn->plan.place_slots[place], false, &lent);
	}
}

/* Which attribute __init__ keeps this parameter in: self.NAME = parameter. NAME_NONE when none. */
static name_id attribute_of_param(struct binder *b, const struct target *init, name_id param)
{
	struct cfg cfg;
	name_id self = self_name(b->project, init->module, init->scope);
	if (!record_cfg(b->scratch, &b->project->modules[init->module].loaded, init->scope, &cfg))
		return NAME_NONE;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    ref_kind(e->b) != REF_KIND_PLACE)
			continue;
		const struct place *to = &cfg.places[ref_index(e->a)],
				   *from = &cfg.places[ref_index(e->b)];
		if (to->root == self && to->step_count == 1 && to->steps[0].kind == STEP_ATTRIBUTE &&
		    from->root_kind == PLACE_LOCAL && from->step_count == 0 && from->root == param)
			return to->steps[0].name;
	}
	return NAME_NONE;
}

/* A method of an object that was made with a session: `TeamService(db).list()`. */
static void transfer_held(struct binder *b, const struct event *e, const struct target *t,
                          struct transfers *out)
{
	uint32_t maker = maker_of_receiver(b, e);
	slot_id slot = plan_slot(&b->fn->plan, e->a);
	if (maker == EVENT_NONE || slot == SLOT_NONE)
		return;
	const struct event *made = &b->cfg->events[maker];
	struct target init = resolve_member(b->scratch, b->project, b->targets[maker].module,
	                                    b->targets[maker].scope, STR("__init__"));
	for (uint32_t i = 0; i < made->arg_count; i++) {
		struct carried carried = carried_by(b, b->cfg->args[made->first_arg + i].value);
		if (!(carried.how & CARRY_IS))
			continue;
		name_id param = init.kind == TARGET_SCOPE
		                        ? param_of_arg(b->project, &init, b->cfg, made, i)
		                        : NAME_NONE;
		name_id attribute = param == NAME_NONE ? NAME_NONE
		                                       : attribute_of_param(b, &init, param);
		struct lent lent = {carried.kind, PLACE_LOCAL,
		                    self_name(b->project, t->module, t->scope), attribute};
		add_transfer(b, out, t, slot, true, attribute == NAME_NONE ? NULL : &lent);
	}
}

/* self.helper() while the session stands in self.NAME: the helper has it in the same place. */
static void transfer_own(struct binder *b, const struct event *e, const struct target *t,
                         const struct lent *own, struct transfers *out)
{
	if (own->attribute == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE || e->name == NAME_NONE)
		return;
	const struct place *receiver = &b->cfg->places[ref_index(e->a)];
	if (receiver->root_kind != PLACE_LOCAL || receiver->step_count != 0 ||
	    receiver->root != own->root)
		return;
	struct lent lent = {own->kind, PLACE_LOCAL, self_name(b->project, t->module, t->scope),
	                    own->attribute};
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		if (is_lent_place(&b->cfg->places[i], own))
			add_transfer(b, out, t, b->fn->plan.place_slots[i], false,
			             lent.root == NAME_NONE ? NULL : &lent);
}

/* A call that the configuration names under `releases`: it commits and closes what it is given. */
static bool bind_named_release(struct binder *b, const struct event *e, const struct target *t,
                               struct action *a)
{
	if (!configured_target(b->scratch, b->project, &b->program->config->releases, t))
		return false;
	state_set done = states_after(HOLDING_TRANSACTION, DO_CLOSE,
	                              states_after(HOLDING_TRANSACTION, DO_COMMIT, states_fresh()));
	struct transfer *all = arena_array(b->scratch, struct transfer, e->arg_count * 2u);
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		slot_id slot = plan_slot(&b->fn->plan, value);
		for (unsigned held = 0; held < 2 && slot != SLOT_NONE; held++)
			all[a->transfer_count++] = (struct transfer){.slot = slot,
			                                             .through_object = held != 0,
			                                             .normal = done,
			                                             .raised = done};
	}
	a->transfers = all;
	return a->transfer_count > 0;
}

bool bind_callee_effect(struct binder *b, uint32_t event, struct action *a)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *t = &b->targets[event];
	if (bind_named_release(b, e, t, a))
		return true;
	if (b->program->summaries == NULL || t->kind != TARGET_SCOPE || is_class(b->project, t))
		return false;
	const struct scope *s = project_scope(b->project, t->module, t->scope);
	if ((s->flags & SCOPE_ASYNC) != 0 && (e->flags & EVF_AWAITED) == 0)
		return false; /* a coroutine that somebody else runs, some time */
	struct transfers all = {0};
	all.items = arena_array(b->scratch, struct transfer,
	                        e->arg_count * 2u + b->cfg->place_count * 2u + 16u);
	transfer_args(b, e, t, &all);
	transfer_captured(b, t, &all);
	transfer_held(b, e, t, &all);
	for (uint32_t i = 0; i < b->lent_count; i++)
		transfer_own(b, e, t, &b->lent[i], &all);
	a->transfers = all.items;
	a->transfer_count = all.count;
	return all.any_read;
}
