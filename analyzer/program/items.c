/*
 * items.c - a resource among several things that are returned at once. Which of them is the resource, and
 * which are views of it (a cursor), is read from the solved function; who unpacks them has all of them.
 */
#include "program/items.h"

#include "program/bind_internal.h"
#include "program/function.h"
#include "program/typed.h"
#include "program/provider.h"

#define UNPACK_WINDOW 64 /* events behind a call in which its result is unpacked */

/* ---- what is returned ------------------------------------------------------------------- */

struct reader {
	struct arena *scratch;
	const struct function *fn;
	struct typed typed;
};

static bool is_list(const struct event *made)
{
	return made->kind == EV_BUILD && (made->op == BUILD_TUPLE || made->op == BUILD_LIST);
}

/* The one resource that a value surely is at this event, and nobody else's; or RESOURCES_MAX. */
static uint32_t resource_at(const struct reader *r, uint32_t event, ref value)
{
	slot_id slot = plan_slot(&r->fn->plan, value);
	uint32_t found = RESOURCES_MAX;
	if (r->fn->plan.resource_count == 0 || slot == SLOT_NONE)
		return RESOURCES_MAX;
	for (const struct disjunct *d = solution_at(r->scratch, &r->fn->solution, event, false);
	     d != NULL; d = d->next) {
		uint32_t one = 0;
		while (one < r->fn->plan.resource_count && d->values[slot].is != 1u << one)
			one++;
		if (one == r->fn->plan.resource_count || (found != RESOURCES_MAX && one != found) ||
		    (d->states[one] & STATES_GONE) != 0)
			return RESOURCES_MAX;
		found = one;
	}
	return found;
}

static const struct resource_kind *typed_view(const struct reader *r, ref value)
{
	const struct resource_kind *kind = typed_kind(&r->typed, value);
	return kind != NULL && kind->view_of != NULL ? kind : NULL;
}

/* Made in the function for whoever calls it, and no engine or pool: those are kept. */
static bool is_for_caller(const struct resource *resource)
{
	return (resource->origin == ORIGIN_FACTORY || resource->origin == ORIGIN_GENERATOR) &&
	       (resource->kind->layer == LAYER_SESSION || resource->kind->layer == LAYER_CONNECTION);
}

/* The items of one list or tuple; false when none of them is a resource for the caller. */
static bool read_build(const struct reader *r, uint32_t event, struct provider *out)
{
	const struct event *e = &r->fn->cfg.events[event];
	uint32_t owned = RESOURCES_MAX;
	if (e->arg_count > PROVIDER_ITEMS_MAX)
		return false;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &r->fn->cfg.args[e->first_arg + i];
		const struct resource_kind *view = typed_view(r, arg->value);
		uint32_t one = resource_at(r, event, arg->value);
		if (arg->flags != 0)
			return false;
		if (one == RESOURCES_MAX || !is_for_caller(&r->fn->resources[one]) ||
		    (owned != RESOURCES_MAX && one != owned))
			continue;
		owned = one;
		out->items[i] = view != NULL ? view : r->fn->resources[one].kind;
		if (view == NULL)
			out->kind = out->items[i];
	}
	out->item_count = e->arg_count;
	return out->kind != NULL;
}

/* `return make_pair()` */
static bool pass_items(const struct program *program, const struct function *fn, uint32_t event,
                       struct provider *out)
{
	const struct target *t = &fn->targets[event];
	const struct provider *called = t->kind != TARGET_SCOPE || program->providers == NULL
	                                        ? NULL
	                                        : provider_of_items(program->providers, t->module,
	                                                            t->scope);
	if (called == NULL)
		return false;
	out->kind = called->kind;
	out->item_count = called->item_count;
	memcpy(out->items, called->items, sizeof out->items);
	return true;
}

static bool read_return(const struct reader *r, const struct program *program, ref value,
                        struct provider *out)
{
	if (ref_kind(value) != REF_KIND_TEMP)
		return false;
	const struct event *made = &r->fn->cfg.events[ref_index(value)];
	if (made->kind == EV_CALL)
		return pass_items(program, r->fn, ref_index(value), out);
	return is_list(made) && read_build(r, ref_index(value), out);
}

/* `return None`, `return None, None`: who unpacks that has nothing to release. */
static bool returns_nothing(const struct cfg *cfg, ref value)
{
	if (value == REF_NONE || value == REF_CONST(CONST_NONE))
		return true;
	const struct event *made = ref_kind(value) == REF_KIND_TEMP ? &cfg->events[ref_index(value)]
	                                                            : NULL;
	if (made == NULL || made->kind != EV_BUILD || made->op != BUILD_TUPLE)
		return false;
	for (uint32_t i = 0; i < made->arg_count; i++)
		if (cfg->args[made->first_arg + i].value != REF_CONST(CONST_NONE))
			return false;
	return true;
}

/* Is there a return of a list of what was made here, or of what a call gives, and no other? */
static bool returns_lists(const struct function *fn)
{
	bool some = false;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind == EV_YIELD)
			return false;
		if (e->kind != EV_RETURN || returns_nothing(&fn->cfg, e->a))
			continue;
		const struct event *made = ref_kind(e->a) == REF_KIND_TEMP
		                                   ? &fn->cfg.events[ref_index(e->a)]
		                                   : NULL;
		if (made == NULL ||
		    (made->kind != EV_CALL && (!is_list(made) || fn->plan.resource_count == 0)))
			return false;
		some = true;
	}
	return some;
}

bool read_items(struct arena *scratch, const struct program *program, const struct function *fn,
                struct provider *out)
{
	struct reader r = {.scratch = scratch, .fn = fn};
	struct provider all = *out;
	if (!returns_lists(fn))
		return false;
	if (fn->plan.resource_count > 0)
		typed_find(scratch, program, fn, NULL, &r.typed);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		struct provider one = *out;
		if (e->kind != EV_RETURN || returns_nothing(&fn->cfg, e->a))
			continue;
		if (!read_return(&r, program, e->a, &one))
			return false;
		if (all.kind != NULL && (one.item_count != all.item_count ||
		                         memcmp(one.items, all.items, sizeof one.items) != 0))
			return false;
		all = one;
	}
	if (all.kind == NULL)
		return false;
	all.shape = SHAPE_RETURNS_ITEMS;
	*out = all;
	return true;
}

/* ---- what is unpacked ------------------------------------------------------------------- */

/* `cur.connection`: there the connection can be got at in a way that is not followed. */
static bool leads_back(const struct binder *b, const struct place *to)
{
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *p = &b->cfg->places[i];
		if (p->root == to->root && p->root_kind == to->root_kind &&
		    p->step_count > to->step_count &&
		    p->steps[to->step_count].kind == STEP_ATTRIBUTE &&
		    str_is(project_text(b->project, p->steps[to->step_count].name), "connection"))
			return true;
	}
	return false;
}

/* Is it stored item by item, in plain targets, and nowhere as a whole? */
static bool is_only_unpacked(const struct binder *b, uint32_t event, uint32_t item_count)
{
	uint32_t end = event + UNPACK_WINDOW, stores = 0;
	for (uint32_t i = event + 1; i < b->cfg->event_count && i < end; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_ASSIGN || e->b != REF_TEMP(event))
			continue;
		if (e->index == 0 || e->index > item_count || (e->flags & EVF_STAR) != 0 ||
		    ref_kind(e->a) != REF_KIND_PLACE ||
		    leads_back(b, &b->cfg->places[ref_index(e->a)]))
			return false;
		stores++;
	}
	return stores == item_count;
}

const struct provider *find_unpacked(struct binder *b, uint32_t event)
{
	const struct target *t = &b->targets[event];
	const struct provider *p = t->kind != TARGET_SCOPE || b->program->providers == NULL
	                                   ? NULL
	                                   : provider_of_items(b->program->providers, t->module,
	                                                       t->scope);
	if (p == NULL || !is_only_unpacked(b, event, p->item_count))
		return NULL;
	for (uint32_t i = event + 1; i < b->cfg->event_count && i < event + UNPACK_WINDOW; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_ASSIGN && e->b == REF_TEMP(event))
			b->items[i] = p->items[e->index - 1];
	}
	return p;
}
