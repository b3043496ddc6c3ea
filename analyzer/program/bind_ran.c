/*
 * bind_ran.c - `await run_in_threadpool(close_all, db)`: calls that have another thread run what they are handed, and wait
 * for what it returns. To a session that is a call of close_all(db), whoever runs it.
 */
#include "program/bind_internal.h"

/* Calls outside the project that, awaited, give what the callable among their arguments returns. */
static const struct runner {
	const char *name;
	uint32_t position; /* of the callable; its own arguments follow */
} runners[] = {{"to_thread", 0}, {"run_in_threadpool", 0}, {"run_sync", 0}, {"run_in_executor", 1}};

uint32_t ran_position(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	if (e->kind != EV_CALL || (e->flags & EVF_AWAITED) == 0 ||
	    b->targets[event].kind == TARGET_SCOPE)
		return UINT32_MAX;
	for (size_t i = 0; i < ARRAY_LEN(runners); i++)
		if (runners[i].position < e->arg_count && call_is(b, e, runners[i].name))
			return runners[i].position;
	return UINT32_MAX;
}

/* The callable's place; REF_NONE for a lambda, a call, and what is not known to stand there. */
static ref ran_callable(const struct binder *b, uint32_t event, uint32_t position)
{
	const struct event *e = &b->cfg->events[event];
	for (uint32_t i = 0; i <= position; i++)
		if (b->cfg->args[e->first_arg + i].flags != 0)
			return REF_NONE;
	const struct arg *arg = &b->cfg->args[e->first_arg + position];
	return arg->keyword == NAME_NONE && ref_kind(arg->value) == REF_KIND_PLACE ? arg->value
	                                                                           : REF_NONE;
}

bool bind_ran(const struct binder *b, uint32_t event, struct called *out)
{
	const struct event *e = &b->cfg->events[event];
	uint32_t position = ran_position(b, event);
	ref callable = position == UINT32_MAX ? REF_NONE : ran_callable(b, event, position);
	if (callable == REF_NONE)
		return false;
	struct target t = target_of_place(b, ref_index(callable));
	if (t.kind == TARGET_UNKNOWN)
		t = member_of_place(b, callable);
	if (t.kind != TARGET_SCOPE || target_is_class(b->project, &t) ||
	    (project_scope(b->project, t.module, t.scope)->flags &
	     (SCOPE_ASYNC | SCOPE_GENERATOR)) != 0)
		return false;
	*out = (struct called){.event = event,
	                       .target = t,
	                       .receiver = REF_NONE,
	                       .args = &b->cfg->args[e->first_arg + position + 1],
	                       .count = e->arg_count - position - 1};
	return true;
}

void find_ran(struct binder *b, uint32_t event)
{
	uint32_t position = ran_position(b, event);
	ref callable = position == UINT32_MAX ? REF_NONE : ran_callable(b, event, position);
	struct thing thing = callable == REF_NONE ? (struct thing){0} : value_thing(b, callable);
	const struct provider *p = thing.kind == THING_PROVIDER ? thing.provider : NULL;
	bool makes = thing.kind == THING_TYPE || thing.kind == THING_FACTORY ||
	             (p != NULL && p->shape == SHAPE_RETURNS && !p->shared && p->registry == NULL);
	if (makes && !thing.by_name && thing.resource->layer == LAYER_SESSION &&
	    !thing.resource->is_registry)
		acquire_at(b, event, thing.resource, ORIGIN_FACTORY, p,
		           p != NULL
		                   ? p->name
		                   : dotted_last(place_path(b->scratch, b->project,
		                                            &b->cfg->places[ref_index(callable)])));
}
