/*
 * bind.c - late binding of one function, in four steps: what it is given or
 * makes (bind_resources.c), which places and temporaries can carry one and which conditions guard
 * them (bind_carriers.c), and what each event does (bind_actions.c).
 */
#include "program/bind_internal.h"
#include "program/lent.h"

#include <stdlib.h>

/* A parameter that only nested functions use has no place in the graph yet; here it gets one. */
static void add_param_places(struct arena *scratch, const struct project *p, struct function *fn)
{
	const struct module *m = project_module(p, fn->module);
	const struct scope *s = &m->scopes[fn->scope];
	struct place *places = arena_array(scratch, struct place,
	                                   fn->cfg.place_count + s->param_count + LENT_MAX +
	                                           GIVEN_MAX + RESOURCES_MAX + PARTS_MAX);
	if (fn->cfg.place_count > 0)
		memcpy(places, fn->cfg.places, fn->cfg.place_count * sizeof *places);
	fn->cfg.places = places;
	struct locals locals = locals_of(scratch, &fn->cfg);
	for (uint32_t i = 0; i < s->param_count; i++) {
		name_id name = m->params[s->first_param + i].name;
		if (locals_find(&locals, name) == UINT32_MAX)
			places[fn->cfg.place_count++] = (struct place){.root_kind = PLACE_LOCAL,
			                                               .root = name};
	}
}

/* Where it is lent. The function need not name that place itself: its nested functions or methods may. */
static uint32_t add_lent_place(struct function *fn, const struct lent *lent)
{
	for (uint32_t i = 0; i < fn->cfg.place_count; i++)
		if (is_lent_place(&fn->cfg.places[i], lent))
			return i;
	struct place place = {.root_kind = lent->root_kind, .root = lent->root};
	const name_id steps[] = {lent->attribute, lent->inner};
	for (size_t i = 0; i < ARRAY_LEN(steps) && steps[i] != NAME_NONE; i++) {
		place.steps[i].kind = i == 0 ? lent->by : STEP_ATTRIBUTE;
		place.steps[i].name = steps[i];
		place.step_count++;
	}
	fn->cfg.places[fn->cfg.place_count] = place; /* add_param_places left room for it */
	return fn->cfg.place_count++;
}

/*
 * What callers lend. A summary is about the one it is made for. Who hands sessions on (as_provider) is judged by
 * those of its own.
 */
static void find_lent(struct binder *b)
{
	struct function *fn = b->fn;
	b->lent = arena_array(b->scratch, struct lent, LENT_MAX);
	if (fn->lent != NULL)
		b->lent[b->lent_count++] = *fn->lent;
	else if (!fn->as_provider)
		b->lent_count = lent_list(b->scratch, b->program, fn->module, fn->scope, fn->entry,
		                          b->cfg, b->lent);
	for (uint32_t i = 0; i < b->lent_count; i++)
		b->lent_places[i] = add_lent_place(fn, &b->lent[i]);
	find_given_objects(b);
	for (uint32_t i = 0; i < b->given_count; i++)
		b->given[i].place = add_lent_place(fn, &b->given[i].lent);
}

/* What a place holds, when that is one value, and where a value is stored first: one pass, asked for often. */
static void list_stores(struct binder *b)
{
	uint8_t *stores = arena_array(b->scratch, uint8_t, b->cfg->place_count);
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		uint32_t place = ref_index(e->a);
		b->assigned[place] = true;
		if (e->b == REF_CONST(CONST_NONE)) /* it stands for what comes later */
			continue;
		ref stored = event_stored(b->cfg, e);
		b->stored[place] = stores[place] == 0 ? stored : REF_NONE;
		b->stores_before[i] = b->last_stores[place];
		b->last_stores[place] = i + 1;
		stores[place] = 1;
		if (ref_kind(stored) == REF_KIND_TEMP && b->first_places[ref_index(stored)] == 0)
			b->first_places[ref_index(stored)] = place + 1;
	}
}

static void prepare(struct binder *b)
{
	/* room for the registries that no place names */
	uint32_t events = b->cfg->event_count,
		 places = b->cfg->place_count + RESOURCES_MAX + PARTS_MAX;
	struct plan *p = &b->fn->plan;
	*p = (struct plan){.cfg = b->cfg};
	p->actions = arena_array(b->scratch, struct action, events);
	p->place_slots = arena_array(b->scratch, slot_id, places);
	p->temp_slots = arena_array(b->scratch, slot_id, events);
	b->places = arena_array(b->scratch, struct carried, places);
	b->temps = arena_array(b->scratch, struct carried, events);
	b->callees = arena_array(b->scratch, struct thing, events);
	b->targets = arena_array(b->scratch, struct target, events);
	b->captured = arena_array(b->scratch, struct captures, events);
	b->acquired = arena_array(b->scratch, uint16_t, events);
	b->items = arena_array(b->scratch, const struct resource_kind *, events);
	b->registry_of = arena_array(b->scratch, uint32_t, places);
	b->registry_asked = arena_array(b->scratch, bool, places);
	b->lent_of = arena_array(b->scratch, uint32_t, places);
	b->session_of = arena_array(b->scratch, uint16_t, events);
	b->queried = arena_array(b->scratch, bool, places);
	b->resources = arena_array(b->scratch, struct resource, RESOURCES_MAX);
	b->entry_places = arena_array(b->scratch, slot_id, RESOURCES_MAX);
	b->locals = locals_of(b->scratch, b->cfg);
	b->assigned = arena_array(b->scratch, bool, places);
	b->stored = arena_array(b->scratch, ref, places);
	b->last_stores = arena_array(b->scratch, uint32_t, places);
	b->stores_before = arena_array(b->scratch, uint32_t, events);
	b->stands_for = arena_array(b->scratch, uint16_t, places);
	b->first_places = arena_array(b->scratch, uint32_t, events);
	b->followed = arena_array(b->scratch, bool, places);
	b->part_of = arena_array(b->scratch, uint32_t, places);
	b->first_part = arena_array(b->scratch, uint32_t, places);
	b->next_part = arena_array(b->scratch, uint32_t, places);
	list_stores(b);
	for (uint32_t i = 0; i < events; i++)
		p->actions[i].slot = p->actions[i].handed_slot = p->actions[i].way_slot =
			p->actions[i].holder = SLOT_NONE;
}

/*
 * What is injected is fresh, unless a decorator that is not known to leave it alone has had
 * it before: `@requires_role` that reads kwargs["db"] has run its query by now. A
 * registry in a middleware is what the handlers inside made of it.
 */
static state_set entry_states(const struct binder *b, const struct resource *r)
{
	if (r->event != EVENT_NONE)
		return 0;
	bool async_ = (project_scope(b->project, b->fn->module, b->fn->scope)->flags &
	               SCOPE_ASYNC) != 0;
	if (r->origin == ORIGIN_KEPT)
		return states_after(r->kind->holding, DO_ACQUIRE, states_fresh());
	if (r->origin == ORIGIN_REGISTRY && b->fn->entry == ENTRY_MIDDLEWARE && async_)
		return states_after(r->kind->holding, DO_STATEMENT, states_fresh());
	if (r->origin == ORIGIN_DEPENDENCY && b->fn->unknown_decorator)
		return states_after(r->kind->holding, DO_MAY_STATEMENT, states_fresh());
	return r->loose ? states_fresh() | STATES_GONE : states_fresh();
}

/* `session=None`: None or an object, and an object is true. Anything else may be false as well. */
static struct value value_on_entry(const struct binder *b, const struct place *place)
{
	const struct param *param = place->root_kind == PLACE_LOCAL && place->step_count == 0
	                                    ? param_named(b, place->root)
	                                    : NULL;
	const struct expr *value = param == NULL || param->value == EXPR_NONE
	                                   ? NULL
	                                   : &module_of(b)->exprs[param->value];
	bool optional = value != NULL && value->kind == EXPR_CONSTANT &&
	                str_is(project_text(b->project, value->text), "None");
	return (struct value){optional ? VALUE_NONE | VALUE_OTHER : VALUE_ANY, 0};
}

/* A local that carries a session is nothing before it is bound; what comes from outside may be anything. */
static void fill_entry_values(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	p->entry_values = arena_array(b->scratch, struct value, p->slot_count);
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *place = &b->cfg->places[i];
		bool unbound = is_parked_place(b, i) ||
		               (place->root_kind == PLACE_LOCAL && place->step_count == 0 &&
		                b->places[i].how != 0 && !is_param(b, place->root) &&
		                b->registry_of[i] == 0);
		if (p->place_slots[i] == SLOT_NONE || unbound)
			continue;
		p->entry_values[p->place_slots[i]] =
			b->stands_for[i] != 0    ? (struct value){1u << (b->stands_for[i] - 1), 0}
			: b->registry_of[i] != 0 ? (struct value){1u << (b->registry_of[i] - 1), 0}
			: b->lent_of[i] != 0     ? (struct value){1u << (b->lent_of[i] - 1), 0}
						 : value_on_entry(b, place);
	}
}

static enum ownership ownership_of(enum origin origin)
{
	switch (origin) {
	case ORIGIN_DEPENDENCY:
	case ORIGIN_REGISTRY: return OWNED_ELSEWHERE;
	case ORIGIN_LENT: return OWNED_BY_CALLER;
	case ORIGIN_KEPT: /* who is given it may end its transaction */
	case ORIGIN_FACTORY:
	case ORIGIN_GENERATOR:
	case ORIGIN_MANAGER: return OWNED_HERE;
	}
	abort();
}

static void finish_plan(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	p->resource_count = b->resource_count;
	fill_entry_values(b);
	p->resources = arena_array(b->scratch, struct plan_resource, b->resource_count);
	for (uint32_t r = 0; r < b->resource_count; r++)
		p->resources[r] = (struct plan_resource){
			.kind = b->resources[r].kind,
			.ownership = ownership_of(b->resources[r].origin),
			.entry_slot = b->entry_places[r] == 0
		                              ? SLOT_NONE
		                              : p->place_slots[b->entry_places[r] - 1],
			/* `session: Session | None`: whoever lends none has the function make its own */
			.entry_others = b->resources[r].origin == ORIGIN_LENT && b->fn->lent == NULL
		                                ? VALUE_NONE
		                                : 0,
			.entry_states = entry_states(b, &b->resources[r])};
	b->fn->resources = b->resources;
	b->fn->registries = b->registry_of;
}

/* ---- what is handed on ------------------------------------------------------------------ */

/*
 * Who is read for what it hands on (as_provider) is asked about its returns and yields only. Most functions give
 * nothing there that could be a resource, or a list with one: then it does not matter what they call.
 */

static const struct event *build_of(const struct cfg *cfg, ref r)
{
	const struct event *e = ref_kind(r) == REF_KIND_TEMP ? &cfg->events[ref_index(r)] : NULL;
	return e != NULL && e->kind == EV_BUILD ? e : NULL;
}

/* As far as the text says. */
static bool may_be_resource(const struct cfg *cfg, ref r)
{
	if (ref_kind(r) == REF_KIND_PLACE)
		return true;
	if (ref_kind(r) != REF_KIND_TEMP || cfg->events[ref_index(r)].kind == EV_COMPARE)
		return false;
	const struct event *build = build_of(cfg, r);
	return build == NULL || build->op == BUILD_CHOICE || build->op == BUILD_TUPLE ||
	       build->op == BUILD_LIST;
}

static bool carries_resource(const struct binder *b, ref r)
{
	bool is_build = build_of(b->cfg, r) != NULL;
	return (carried_by(b, r).how & (is_build ? CARRY_IS | CARRY_HOLDS : CARRY_IS)) != 0;
}

/* 'b' is NULL before anything is bound. */
static bool may_give_resource(const struct cfg *cfg, const struct binder *b)
{
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if ((e->kind == EV_RETURN || e->kind == EV_YIELD) && may_be_resource(cfg, e->a) &&
		    (b == NULL || carries_resource(b, e->a)))
			return true;
	}
	return false;
}

void bind_names(struct arena *scratch, const struct program *program, struct function *fn,
                struct binder *b)
{
	*b = (struct binder){
		.scratch = scratch,
		.program = program,
		.project = program->project,
		.fn = fn,
		.cfg = &fn->cfg,
	};
	add_param_places(scratch, program->project, fn);
	prepare(b);
	find_callees(b);
}

void bind_targets(struct arena *scratch, const struct program *program, struct function *fn)
{
	struct binder b;
	bind_names(scratch, program, fn, &b);
	fn->targets = b.targets;
}

bool bind_function(struct arena *scratch, const struct program *program, struct function *fn)
{
	struct binder b = {
		.scratch = scratch,
		.program = program,
		.project = program->project,
		.fn = fn,
		.cfg = &fn->cfg,
	};
	if (fn->as_provider && !may_give_resource(b.cfg, NULL))
		return false;
	add_param_places(scratch, program->project, fn);
	find_lent(&b);
	prepare(&b);
	find_callees(&b);
	find_resources(&b);
	fn->targets = b.targets;
	if (b.resource_count == 0)
		return false;
	find_captures(&b);
	find_carriers(&b);
	find_parts(&b);
	spread_carriers(&b);
	make_slots(&b);
	if (fn->as_provider && !may_give_resource(b.cfg, &b))
		return false;
	find_guards(&b);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		act_event(&b, i, &fn->plan.actions[i]);
	quiet_mentions(&b);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		act_registries(&b, i, &fn->plan.actions[i]);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		fn->plan.actions[i].gives = gives_away(&b, i, &fn->plan.actions[i]);
	act_parts(&b);
	act_closures(&b);
	find_outcomes(&b);
	if (fn->lent == NULL && !fn->as_provider)
		find_works(&b);
	finish_plan(&b);
	return true;
}
