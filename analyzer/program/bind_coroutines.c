/*
 * bind_coroutines.c - coroutines that are made by one event and run by another: `c = work(db)` and then `await c`,
 * `await asyncio.gather(load(db), count(db))`, asyncio.run(work(db)). What they do to a session is done where they are run.
 * Those that become tasks of their own are whoever awaits these.
 */
#include "program/bind_internal.h"

/* Calls outside the project that run the coroutines they are given to their ends. */
static const struct {
	const char *name;
	bool awaited; /* only so */
} runners[] = {{"asyncio.gather", true},
               {"asyncio.wait_for", true},
               {"asyncio.shield", true},
               {"asyncio.run", false},
               {"anyio.run", false}};

/* The call that made the coroutine which an operand is, or EVENT_NONE. */
static uint32_t coroutine_call(const struct binder *b, ref value, uint32_t event)
{
	uint32_t made = maker_of_value(b, value, event);
	if (made == EVENT_NONE || !is_deferred(b, made) || b->callees[made].kind != THING_NONE)
		return EVENT_NONE;
	const struct target *t = &b->targets[made];
	bool generator = (project_scope(b->project, t->module, t->scope)->flags &
	                  SCOPE_GENERATOR) != 0;
	return generator ? EVENT_NONE : made;
}

static bool is_runner(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	bool awaited = (e->flags & EVF_AWAITED) != 0;
	if (b->targets[event].kind == TARGET_SCOPE)
		return false;
	if (!awaited && call_is(b, e, "run_until_complete"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(runners); i++)
		if (str_is(b->targets[event].dotted, runners[i].name))
			return awaited == runners[i].awaited;
	return false;
}

bool is_run_by_await(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	return e->kind == EV_AWAIT && coroutine_call(b, e->a, event) != EVENT_NONE;
}

/* Adds the call whose coroutine the operand is; false when it is none that can be read. */
static bool add_call(const struct binder *b, ref value, uint32_t event, struct called *calls,
                     uint32_t *count)
{
	uint32_t made = coroutine_call(b, value, event);
	return made != EVENT_NONE && bind_call(b, made, &calls[(*count)++]);
}

bool bind_run_effect(struct binder *b, uint32_t event, struct action *a)
{
	const struct event *e = &b->cfg->events[event];
	struct called calls[CALLS_AT_ONCE_MAX];
	uint32_t count = 0;
	if (b->program->summaries == NULL)
		return false;
	if (e->kind == EV_AWAIT)
		return add_call(b, e->a, event, calls, &count) && bind_calls_effect(b, calls, 1, a);
	if (e->kind != EV_CALL || e->arg_count == 0 || e->arg_count > CALLS_AT_ONCE_MAX ||
	    carried_by_args(b, e).how == 0 || !is_runner(b, event))
		return false;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		if (carried_by(b, value).how != 0 && !add_call(b, value, event, calls, &count))
			return false;
	}
	return bind_calls_effect(b, calls, count, a);
}
