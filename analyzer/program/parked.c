/* parked.c - see parked.h. The few functions that store something in a `state` are bound, or solved, for it. */
#include "program/parked.h"

#include "program/bind_internal.h"
#include "program/function.h"
#include "program/provider.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

struct parked {
	name_id name;
	struct thing maker;            /* THING_NONE: it is a session */
	const struct provider *lender; /* of a session */
	size_t order;                  /* in which it was found */
};

struct parked_table {
	struct parked *items; /* sorted by name, then in the order of modules and their text */
	size_t count;
};

struct finder {
	struct arena *run, *scratch;
	const struct program *program;
	name_id state;
	struct parked *found; /* stb_ds */
};

/* ---- places ------------------------------------------------------------------------ */

/* request.state.NAME, request.app.state.NAME, scope["state"]["NAME"] */
name_id parked_name(const struct project *p, const struct place *place)
{
	unsigned n = place->step_count;
	if (n < 2 || place->root_kind == PLACE_TOKEN ||
	    place->steps[n - 1].kind != place->steps[n - 2].kind ||
	    (place->steps[n - 1].kind != STEP_ATTRIBUTE && place->steps[n - 1].kind != STEP_ELEMENT) ||
	    !str_is(project_text(p, place->steps[n - 2].name), "state"))
		return NAME_NONE;
	return place->steps[n - 1].name;
}

/* Of one request, and of a function that is given it: not app.state.NAME. */
static bool is_of_request(const struct project *p, const struct place *place)
{
	return place->step_count == 2 && place->root_kind == PLACE_LOCAL &&
	       !str_ends(project_text(p, place->root), STR("app"));
}

/* ---- sessions ------------------------------------------------------------------------ */

/* The resource that is stored by the event; RESOURCES_MAX when that is none, or one of several. */
static uint32_t resource_stored(struct arena *scratch, const struct function *fn, uint32_t event)
{
	uint32_t found = RESOURCES_MAX;
	slot_id slot = plan_slot(&fn->plan, event_stored(&fn->cfg, &fn->cfg.events[event]));
	if (slot == SLOT_NONE)
		return found;
	for (const struct disjunct *d = solution_at(scratch, &fn->solution, event, false);
	     d != NULL; d = d->next)
		for (uint32_t r = 0; r < fn->plan.resource_count; r++) {
			if (!(d->values[slot].is & (1u << r)))
				continue;
			if (found != RESOURCES_MAX && found != r)
				return RESOURCES_MAX;
			found = r;
		}
	return found;
}

/* Does the function give it back itself, when nothing raises? Otherwise somebody else has to, or nobody does. */
static bool is_ended_here(const struct function *fn, uint32_t r)
{
	bool ended = false;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *e = &fn->exits[i];
		bool normal = e->kind == EXIT_RETURN || e->kind == EXIT_FALL_OFF;
		if (!normal || e->states[r] == 0)
			continue;
		if ((e->states[r] & STATES_GONE) != 0 || states_may(e->states[r], IS_HOLDING))
			return false;
		ended = true;
	}
	return ended;
}

/*
 * For those who use it it is taken back: an error of a handler is a response by the time a middleware sees it, and
 * what the middleware does when something else raises is reported of itself.
 */
static const struct provider *lender_of(struct finder *f, const struct function *fn,
                                        const struct resource *r)
{
	const struct project *p = f->program->project;
	const struct provider *known = provider_of_scope(f->program->providers, fn->module,
	                                                 fn->scope);
	if (known != NULL && known->shape == SHAPE_YIELDS) /* a dependency that parks what it yields */
		return known;
	const struct scope *s = project_scope(p, fn->module, fn->scope);
	struct provider *lender = arena_new(f->run, struct provider);
	*lender = (struct provider){
		.name = project_text(p, s->qualname),
		.basis = PROVIDER_PARKED,
		.shape = SHAPE_YIELDS,
		.kind = r->kind,
		.releases = true,
		.guarded = true,
		.may_commit = true,
		.before_body = !str_is(project_text(p, s->name), "__call__"),
		.module = fn->module,
		.scope = fn->scope,
	};
	return lender;
}

static void note_session(struct finder *f, const struct function *fn, uint32_t event, name_id name)
{
	uint32_t r = resource_stored(f->scratch, fn, event);
	if (r == RESOURCES_MAX || fn->resources[r].kind->layer != LAYER_SESSION)
		return;
	enum origin o = fn->resources[r].origin;
	if ((o != ORIGIN_FACTORY && o != ORIGIN_MANAGER && o != ORIGIN_GENERATOR) ||
	    !is_ended_here(fn, r))
		return;
	struct parked one = {.name = name, .lender = lender_of(f, fn, &fn->resources[r])};
	arrput(f->found, one);
}

static void read_sessions(struct finder *f, module_id m, scope_id scope)
{
	const struct project *p = f->program->project;
	struct function fn;
	if (!function_analyse(f->scratch, f->program, m, scope, program_entry(f->program, m, scope),
	                      false, &fn))
		return;
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		const struct event *e = &fn.cfg.events[i];
		const struct place *to = e->kind == EV_ASSIGN && ref_kind(e->a) == REF_KIND_PLACE
		                                 ? &fn.cfg.places[ref_index(e->a)]
		                                 : NULL;
		name_id name = to != NULL && is_of_request(p, to) ? parked_name(p, to) : NAME_NONE;
		if (name != NAME_NONE)
			note_session(f, &fn, i, name);
	}
}

/* ---- makers -------------------------------------------------------------------------- */

static bool note_maker(struct finder *f, const struct binder *b, name_id name, ref value)
{
	struct thing thing = name == NAME_NONE ? (struct thing){0} : value_thing(b, value);
	if (thing.kind != THING_FACTORY || thing.resource == NULL ||
	    thing.resource->layer != LAYER_SESSION)
		return false;
	struct parked one = {.name = name, .maker = thing};
	one.maker.by_name = false;
	arrput(f->found, one);
	return true;
}

/* yield {"maker": maker}, yield State(maker=maker): what a lifespan yields is the state of every request. */
static void read_yielded(struct finder *f, const struct binder *b, ref yielded)
{
	if (ref_kind(yielded) != REF_KIND_TEMP)
		return;
	const struct event *made = &b->cfg->events[ref_index(yielded)];
	if (made->kind != EV_CALL && (made->kind != EV_BUILD || made->op != BUILD_DICT))
		return;
	for (uint32_t i = 0; i < made->arg_count; i++) {
		const struct arg *a = &b->cfg->args[made->first_arg + i];
		(void)note_maker(f, b, a->flags == 0 ? a->keyword : NAME_NONE, a->value);
	}
}

static bool is_lifespan(const struct project *p, module_id m, scope_id scope)
{
	struct str name = project_text(p, project_scope(p, m, scope)->name);
	return (project_scope(p, m, scope)->flags & SCOPE_GENERATOR) != 0 &&
	       str_ends(name, STR("lifespan"));
}

/* True when a session of one request may be stored, too. */
static bool read_makers(struct finder *f, module_id m, scope_id scope)
{
	const struct project *p = f->program->project;
	bool lifespan = is_lifespan(p, m, scope), sessions = false;
	struct function fn = {.module = m, .scope = scope};
	struct binder b;
	if (!record_cfg(f->scratch, &p->modules[m].loaded, scope, &fn.cfg))
		return false;
	bind_names(f->scratch, f->program, &fn, &b);
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		const struct event *e = &fn.cfg.events[i];
		if (lifespan && e->kind == EV_YIELD)
			read_yielded(f, &b, e->a);
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    (ref_kind(e->b) != REF_KIND_PLACE && ref_kind(e->b) != REF_KIND_TEMP))
			continue;
		const struct place *to = &fn.cfg.places[ref_index(e->a)];
		if (!note_maker(f, &b, parked_name(p, to), e->b))
			sessions |= is_of_request(p, to);
	}
	return sessions;
}

/* ---- all of them ----------------------------------------------------------------------- */

static bool stores_in_state(struct finder *f, module_id m, scope_id scope)
{
	const struct project *p = f->program->project;
	struct cfg cfg;
	if (is_lifespan(p, m, scope))
		return true;
	if (!record_cfg(f->scratch, &p->modules[m].loaded, scope, &cfg))
		return false;
	for (uint32_t i = 0; i < cfg.event_count; i++)
		if (cfg.events[i].kind == EV_ASSIGN && ref_kind(cfg.events[i].a) == REF_KIND_PLACE &&
		    parked_name(p, &cfg.places[ref_index(cfg.events[i].a)]) != NAME_NONE)
			return true;
	return false;
}

static bool mentions_state(const struct finder *f, module_id m)
{
	const struct project *p = f->program->project;
	if (module_writes(p, m, f->state))
		return true;
	for (scope_id s = 1; s < project_module(p, m)->scope_count; s++)
		if (is_lifespan(p, m, s))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct parked *x = a, *y = b;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

const struct parked_table *parked_find(struct arena *run, const struct program *program)
{
	const struct project *p = program->project;
	struct arena scratch;
	struct finder f = {.run = run,
	                   .scratch = &scratch,
	                   .program = program,
	                   .state = intern_find(p->names, STR("state"))};
	arena_init(&scratch);
	for (module_id m = 0; m < p->module_count && f.state != NAME_NONE; m++) {
		if (!mentions_state(&f, m))
			continue;
		for (scope_id s = 0; s < project_module(p, m)->scope_count; s++) {
			if (stores_in_state(&f, m, s) && read_makers(&f, m, s))
				read_sessions(&f, m, s);
			arena_clear(&scratch);
		}
	}
	struct parked_table *t = arena_new(run, struct parked_table);
	t->count = arrlenu(f.found);
	t->items = arena_array(run, struct parked, t->count);
	for (size_t i = 0; i < t->count; i++) {
		t->items[i] = f.found[i];
		t->items[i].order = i;
	}
	if (t->count > 0)
		qsort(t->items, t->count, sizeof *t->items, by_name);
	arrfree(f.found);
	arena_release(&scratch);
	return t;
}

/* ---- asked by name ----------------------------------------------------------------------- */

#define SAME_NAME_MAX 16 /* stores under one name that are compared */

/* Those of one name; how many. */
static size_t those_named(const struct program *program, name_id name, const struct parked **out)
{
	const struct parked_table *t = providers_parked(program->providers);
	size_t low = 0, high = t == NULL ? 0 : t->count, end;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->items[middle].name < name)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; t != NULL && end < t->count && end - low < SAME_NAME_MAX &&
	                t->items[end].name == name;)
		end++;
	*out = end > low ? &t->items[low] : NULL;
	return end - low;
}

static size_t shared_path(const struct project *p, module_id a, module_id b)
{
	struct str x = project_module(p, a)->path, y = project_module(p, b)->path;
	size_t n = 0;
	while (n < x.len && n < y.len && x.ptr[n] == y.ptr[n])
		n++;
	return n;
}

const struct provider *parked_session(const struct program *program, module_id from, name_id name)
{
	const struct parked *all;
	const struct provider *best = NULL;
	size_t count = those_named(program, name, &all), nearest = 0;
	for (size_t i = 0; all != NULL && i < count; i++) {
		const struct provider *one = all[i].lender;
		size_t shared = one == NULL ? 0 : shared_path(program->project, from, one->module);
		if (one == NULL || (best != NULL && shared <= nearest))
			continue;
		best = one;
		nearest = shared;
	}
	return best;
}

struct thing parked_maker(const struct program *program, name_id name)
{
	const struct parked *all;
	struct thing found = {0};
	size_t count = those_named(program, name, &all);
	for (size_t i = 0; all != NULL && i < count; i++) {
		const struct thing *one = &all[i].maker;
		if (one->kind != THING_NONE && found.kind != THING_NONE &&
		    found.resource != one->resource)
			return (struct thing){0};
		if (one->kind != THING_NONE)
			found = *one;
	}
	return found;
}
