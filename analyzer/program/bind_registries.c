/*
 * bind_registries.c - registries of a function: those that it names, and those that it reaches only through
 * what it calls, which get a place that no text of it names.
 */
#include "program/bind_internal.h"
#include "program/effects.h"
#include "program/lent.h"
#include "project/def.h"

#define AWAITED_WITHIN                                                                             \
	64 /* events behind a coroutine in which gather() and its like are looked for */

/* ---- by name -------------------------------------------------------------------------- */

/* `self.session`, `cls.query`: what the class of the method says. */
static bool registry_of_self(const struct binder *b, const struct place *place, struct registry *out)
{
	if (place->step_count != 1 || place->steps[0].kind != STEP_ATTRIBUTE ||
	    place->root != def_self(b->project, b->fn->module, b->fn->scope))
		return false;
	scope_id class_ = project_scope(b->project, b->fn->module, b->fn->scope)->parent;
	struct str attribute = project_text(b->project, place->steps[0].name);
	struct target member = resolve_member(b->scratch, b->project, b->fn->module, class_,
	                                      attribute);
	return (member.kind == TARGET_BINDING &&
	        registry_of_target(b->scratch, b->program, member, out) && !out->by_name) ||
	       registry_of_class(b->scratch, b->program, b->fn->module, class_, attribute, out);
}

bool bind_registry(const struct binder *b, uint32_t index, struct registry *out)
{
	const struct place *place = &b->cfg->places[index];
	if (place->root_kind == PLACE_LOCAL && place->root != NAME_NONE &&
	    registry_of_self(b, place, out))
		return true;
	if (is_opaque(b, place))
		return false;
	return registry_at(b->scratch, b->program, b->fn->module, b->fn->scope,
	                   place_path(b->scratch, b->project, place), out);
}

bool bind_registry_call(const struct binder *b, uint32_t event, struct registry *out)
{
	const struct event *e = &b->cfg->events[event];
	const struct thing *callee = &b->callees[event];
	if (callee->kind == THING_PROVIDER && callee->provider != NULL &&
	    callee->provider->registry != NULL) {
		*out = *callee->provider->registry;
		return true;
	}
	if (e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return false;
	if (callee->kind == THING_REGISTRY)
		return registry_of_target(b->scratch, b->program, b->targets[event], out);
	const struct place *place = &b->cfg->places[ref_index(e->a)];
	struct str name = project_text(b->project, e->name);
	if (!str_is(name, "session") || is_opaque(b, place))
		return false;
	struct str owner = place_path(b->scratch, b->project, place);
	return owner.len > 0 && registry_at(b->scratch, b->program, b->fn->module, b->fn->scope,
	                                    dotted_under(b->scratch, owner, name), out);
}

/* ---- what a call does ------------------------------------------------------------------- */

/* The def whose body runs at the call: a class's __init__, a function. */
static struct target run_by(const struct binder *b, const struct target *t)
{
	if (target_is_class(b->project, t))
		return resolve_member(b->scratch, b->project, t->module, t->scope, STR("__init__"));
	return *t;
}

/* Is the coroutine that event 'i' makes run to its end by a later call: gather(f()), asyncio.run(f())? */
static bool is_run_to_end(const struct binder *b, uint32_t i)
{
	static const char *const running[] = {"gather", "wait_for",           "shield",
	                                      "run",    "run_until_complete", "async_to_sync"};
	for (uint32_t k = i + 1; k < b->cfg->event_count && k < i + AWAITED_WITHIN; k++) {
		const struct event *e = &b->cfg->events[k];
		for (uint32_t a = 0; e->kind == EV_CALL && a < e->arg_count; a++)
			for (size_t n = 0; b->cfg->args[e->first_arg + a].value == REF_TEMP(i) &&
			                   n < ARRAY_LEN(running);
			     n++)
				if (call_is(b, e, running[n]))
					return true;
	}
	return false;
}

static bool runs_at_call(const struct binder *b, uint32_t i, const struct target *t)
{
	const struct scope *s = project_scope(b->project, t->module, t->scope);
	if ((s->flags & SCOPE_GENERATOR) != 0)
		return false;
	return (s->flags & SCOPE_ASYNC) == 0 || (b->cfg->events[i].flags & EVF_AWAITED) != 0 ||
	       is_run_to_end(b, i);
}

/* What event 'i' may run: the def that it calls, or what its class was given to call back. */
struct sources {
	struct function_effects items[CALLBACKS_MAX];
	uint32_t count;
	bool maybe; /* one of them, or something else */
};

bool bind_calls_parameter(const struct binder *b, const struct event *e)
{
	if (e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return false;
	const struct place *p = &b->cfg->places[ref_index(e->a)];
	return p->root_kind == PLACE_LOCAL && p->step_count == 0 && is_param(b, p->root);
}

static void add_callbacks(const struct binder *b, const struct event *e, struct sources *out)
{
	uint32_t count;
	scope_id class_ = project_scope(b->project, b->fn->module, b->fn->scope)->parent;
	if (!bind_calls_parameter(b, e))
		return;
	const struct call_graph *g = b->program->calls;
	const struct callback *all = call_graph_callbacks(g, b->fn->module, class_, &count);
	for (uint32_t i = 0; i < count; i++) {
		const struct call_node *node = &g->nodes[all[i].node];
		out->items[out->count++] = registry_effects_of(b->program->effects, b->program,
		                                               node->module, node->scope);
	}
	out->maybe = true;
}

/* The effects of what is called at event 'i', when its body runs there. */
static struct function_effects effects_at(const struct binder *b, uint32_t i)
{
	struct target t = run_by(b, &b->targets[i]);
	if (t.kind != TARGET_SCOPE || target_is_class(b->project, &t) || !runs_at_call(b, i, &t))
		return (struct function_effects){NULL, 0};
	return registry_effects_of(b->program->effects, b->program, t.module, t.scope);
}

static struct sources sources_at(const struct binder *b, uint32_t i)
{
	struct sources all = {.count = 0};
	struct function_effects called = effects_at(b, i);
	if (called.count > 0)
		all.items[all.count++] = called;
	else
		add_callbacks(b, &b->cfg->events[i], &all);
	return all;
}

/* ---- resources ----------------------------------------------------------------------------- */

uint32_t registry_resource(const struct binder *b, struct str identity)
{
	for (uint32_t r = 0; r < b->resource_count; r++)
		if (b->resources[r].origin == ORIGIN_REGISTRY &&
		    str_eq(b->resources[r].identity, identity))
			return r;
	return RESOURCES_MAX;
}

/* A registry that no place names gets one of its own; prepare has left room for it. */
static uint32_t add_reached(struct binder *b, const struct registry *registry, uint32_t event)
{
	struct cfg *cfg = &b->fn->cfg;
	uint32_t known = registry_resource(b, registry->identity);
	if (known != RESOURCES_MAX || b->resource_count == RESOURCES_MAX)
		return known;
	uint32_t place = cfg->place_count++;
	cfg->places[place] = (struct place){.root_kind = PLACE_GLOBAL, .root = NAME_NONE};
	add_registry_resource(b, registry, place, b->cfg->events[event].span);
	return b->resource_count - 1;
}

void find_called_registries(struct binder *b)
{
	struct registry registry;
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_CALL || !bind_registry_call(b, i, &registry))
			continue;
		if (b->callees[i].kind != THING_PROVIDER)
			registry.name = dotted_under(b->scratch,
			                             place_path(b->scratch, b->project,
			                                        &b->cfg->places[ref_index(e->a)]),
			                             project_text(b->project, e->name));
		uint32_t r = add_reached(b, &registry, i);
		if (r != RESOURCES_MAX)
			b->session_of[i] = (uint16_t)(r + 1);
	}
}

void find_reached_registries(struct binder *b)
{
	if (b->program->effects == NULL || b->fn->lent != NULL)
		return;
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		if (b->cfg->events[i].kind != EV_CALL)
			continue;
		struct sources all = sources_at(b, i);
		for (uint32_t s = 0; s < all.count; s++)
			for (uint32_t k = 0; k < all.items[s].count; k++)
				add_reached(b, all.items[s].items[k].registry, i);
	}
}

/* ---- actions ----------------------------------------------------------------------------------- */

/* Room for what is added to the transfers that an action has already. */
static struct transfer *grow_transfers(struct binder *b, struct action *a, uint32_t more)
{
	struct transfer *all = arena_array(b->scratch, struct transfer, a->transfer_count + more);
	if (a->transfer_count > 0)
		memcpy(all, a->transfers, a->transfer_count * sizeof *all);
	a->transfers = all;
	return all;
}

slot_id slot_of_registry(const struct binder *b, uint32_t resource)
{
	slot_id place = b->entry_places[resource];
	return place == 0 ? SLOT_NONE : b->fn->plan.place_slots[place - 1];
}

static void transfer_effects(struct binder *b, struct action *a, struct function_effects effects,
                             bool maybe)
{
	state_set otherwise = maybe ? states_fresh() : 0;
	struct transfer *all = grow_transfers(b, a, effects.count);
	for (uint32_t k = 0; k < effects.count; k++) {
		uint32_t r = registry_resource(b, effects.items[k].registry->identity);
		slot_id slot = r == RESOURCES_MAX ? SLOT_NONE : slot_of_registry(b, r);
		if (slot == SLOT_NONE)
			continue;
		struct transfer *t = &all[a->transfer_count++];
		*t = (struct transfer){.slot = slot,
		                       .normal = effects.items[k].normal | otherwise,
		                       .raised = effects.items[k].raised | otherwise,
		                       .tells = otherwise == 0};
		memcpy(t->returned, effects.items[k].returned, sizeof t->returned);
	}
}

static state_set closed_states(void)
{
	return states_after(HOLDING_TRANSACTION, DO_CLOSE, states_fresh());
}

/* Ends the registries of this function that 'ends' accepts. */
static void transfer_ends(struct binder *b, struct action *a,
                          bool (*ends)(const struct binder *, const struct resource *, const void *),
                          const void *arg)
{
	struct transfer *all = grow_transfers(b, a, b->resource_count);
	for (uint32_t r = 0; r < b->resource_count; r++) {
		slot_id slot = slot_of_registry(b, r);
		if (b->resources[r].origin == ORIGIN_REGISTRY && slot != SLOT_NONE &&
		    ends(b, &b->resources[r], arg))
			all[a->transfer_count++] = (struct transfer){
				.slot = slot, .normal = closed_states(), .raised = closed_states()};
	}
}

static bool node_ends(const struct binder *b, const struct resource *r, const void *arg)
{
	const struct call_node *node = arg;
	for (uint32_t i = 0; i < node->end_count; i++)
		if (str_eq(b->program->calls->ends[node->first_end + i], r->identity))
			return true;
	return node->ends_all;
}

static bool context_ends(const struct binder *b, const struct resource *r, const void *arg)
{
	(void)arg;
	return r->managed || program_cleans(b->program, r->identity, CLEANS_CONTEXT);
}

/* A call of the application that a WSGI middleware wraps: whatever hooks the application has run inside. */
static bool is_inner_application(const struct binder *b, const struct event *e)
{
	static const char *const inner[] = {"app", "application", "wsgi_app"};
	if (b->fn->entry != ENTRY_MIDDLEWARE || ref_kind(e->a) != REF_KIND_PLACE ||
	    e->arg_count != 2)
		return false;
	const struct place *p = &b->cfg->places[ref_index(e->a)];
	name_id last = e->name != NAME_NONE ? e->name
	               : p->step_count > 0  ? p->steps[p->step_count - 1].name
	                                    : p->root;
	for (size_t i = 0; i < ARRAY_LEN(inner); i++)
		if (str_ends(project_text(b->project, last), str_of(inner[i])))
			return true;
	return false;
}

static void act_call_of_registry_user(struct binder *b, uint32_t i, struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	struct target t = run_by(b, &b->targets[i]);
	struct sources all = sources_at(b, i);
	for (uint32_t s = 0; s < all.count; s++)
		transfer_effects(b, a, all.items[s], all.maybe);
	if (t.kind == TARGET_SCOPE && b->program->calls != NULL) {
		const struct call_graph *g = b->program->calls;
		const struct call_node *node = &g->nodes[call_graph_node(g, t.module, t.scope)];
		if (node->ends_all || node->end_count > 0)
			transfer_ends(b, a, node_ends, node);
	}
	if (is_inner_application(b, e))
		transfer_ends(b, a, context_ends, NULL);
}

/* `with app.app_context():` runs the application's teardown hooks when it is left. */
static void act_exit_of_context(struct binder *b, const struct event *e, struct action *a)
{
	if (ref_kind(e->a) != REF_KIND_TEMP)
		return;
	const struct event *enter = &b->cfg->events[ref_index(e->a)];
	if (ref_kind(enter->a) != REF_KIND_TEMP)
		return;
	uint32_t made = ref_index(enter->a);
	const struct event *call = &b->cfg->events[made];
	if (call->kind != EV_CALL)
		return;
	if (call_is(b, call, "app_context") || call_is(b, call, "request_context") ||
	    call_is(b, call, "test_request_context"))
		transfer_ends(b, a, context_ends, NULL);
	struct target t = b->targets[made];
	if (t.kind == TARGET_SCOPE && b->program->effects != NULL &&
	    (project_scope(b->project, t.module, t.scope)->flags & SCOPE_GENERATOR) != 0)
		transfer_effects(
			b, a,
			registry_effects_of(b->program->effects, b->program, t.module, t.scope),
			false);
}

void act_registries(struct binder *b, uint32_t i, struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	if (e->kind == EV_ASSIGN && (e->flags & EVF_BINDING) != 0 &&
	    ref_kind(e->a) == REF_KIND_PLACE && b->registry_of[ref_index(e->a)] != 0)
		a->kind = ACTION_SAME; /* `from app.db import session` in the function itself */
	if (b->program->effects == NULL || b->resource_count == 0 || b->fn->lent != NULL)
		return;
	if (e->kind == EV_CALL)
		act_call_of_registry_user(b, i, a);
	else if (e->kind == EV_EXIT)
		act_exit_of_context(b, e, a);
}
