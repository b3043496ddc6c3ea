/*
 * session-shared-between-tasks - one session that several tasks or threads use at the same time. A session is for one
 * task: its connection does one thing at a time, and one's commit or rollback is the other's too.
 *
 * Started are the arguments of gather(), what create_task() gets and what a thread is given. Two of them run at the
 * same time when a path leads from the one to the other on which nothing waits; one does when it is started in a loop.
 */
#include "rule.h"

#define STARTED_MAX 32 /* tasks and threads of one function that are looked at */
#define GATHERS_MAX 32 /* calls of gather() in one function that are looked at */
#define NESTED_MAX 4   /* lists and tasks around a coroutine */

struct started {
	uint32_t event; /* the call that starts it */
	uint32_t made;  /* the call that makes its coroutine; the same for a thread */
	bool looped;    /* it is made in a loop or comprehension */
	bool thread;
};

struct shared {
	const struct rule_ctx *ctx;
	struct started items[STARTED_MAX];
	uint32_t count;
};

static bool is_call(const struct rule_ctx *ctx, const struct event *e, const char *const *names)
{
	struct str name = STR_EMPTY;
	if (e->kind != EV_CALL)
		return false;
	if (e->name != NAME_NONE)
		name = project_text(ctx->program->project, e->name);
	else if (ref_kind(e->a) == REF_KIND_PLACE)
		name = project_text(ctx->program->project,
		                    ctx->fn->cfg.places[ref_index(e->a)].root);
	for (; *names != NULL; names++)
		if (str_is(name, *names))
			return true;
	return false;
}

static const char *const gathering[] = {"gather", NULL};
static const char *const starting[] = {"create_task", "ensure_future", NULL};
static const char *const wrapping[] = {"create_task", "ensure_future", "wait_for", "shield", NULL};
static const char *const letting[] = {"start", "add_done_callback", NULL};
static const char *const appending[] = {"append", NULL};
static const char *const waiting[] = {"gather", "wait", "wait_for", "shield", "as_completed",
                                      "result", "join", "shutdown", NULL};

/* ---- paths ---------------------------------------------------------------------------------- */

/* Does the event wait for tasks that were started, or speak of the one in that place? */
static bool is_join(const struct rule_ctx *ctx, const struct event *e, ref task)
{
	if (e->kind == EV_AWAIT || e->kind == EV_EXIT || is_call(ctx, e, waiting))
		return true;
	if (e->kind != EV_CALL || task == REF_NONE)
		return false;
	bool speaks = e->a == task && !is_call(ctx, e, letting);
	for (uint32_t i = 0; i < e->arg_count && (e->flags & EVF_AWAITED) != 0; i++)
		speaks |= ctx->fn->cfg.args[e->first_arg + i].value == task;
	return speaks;
}

/* Marks the blocks behind the event's own that are reached without waiting for what is in 'task'. */
static const bool *blocks_behind(const struct rule_ctx *ctx, uint32_t event, ref task)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	bool *joins = arena_array(ctx->scratch, bool, cfg->block_count);
	for (block_id b = 0; b < cfg->block_count; b++)
		for (uint32_t i = 0; i < cfg->blocks[b].event_count && !joins[b]; i++)
			joins[b] = is_join(ctx, &cfg->events[cfg->blocks[b].first_event + i], task);
	return blocks_after(ctx->scratch, cfg, cfg_block_of(cfg, event), WAYS_NORMAL, joins);
}

static bool repeats(const struct rule_ctx *ctx, uint32_t event)
{
	return blocks_behind(ctx, event, REF_NONE)[cfg_block_of(&ctx->fn->cfg, event)];
}

/* The place that the event's value is stored in, or REF_NONE. */
static ref stored_in(const struct cfg *cfg, uint32_t event)
{
	for (uint32_t i = event + 1; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_ASSIGN && cfg->events[i].b == REF_TEMP(event))
			return cfg->events[i].a;
	return REF_NONE;
}

/* ---- what is started -------------------------------------------------------------------------- */

static void add_started(struct shared *s, struct started one)
{
	if (s->count < STARTED_MAX)
		s->items[s->count++] = one;
}

static void add_value(struct shared *s, uint32_t event, ref value, bool looped, unsigned depth);

/* tasks = [..], and tasks.append(f(db)): when nothing else is ever stored there. */
static void add_place(struct shared *s, uint32_t event, ref place, bool looped, unsigned depth)
{
	const struct cfg *cfg = &s->ctx->fn->cfg;
	ref stored = REF_NONE;
	uint32_t stores = 0;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_ASSIGN && cfg->events[i].a == place) {
			stored = cfg->events[i].b;
			stores++;
		}
	if (stores != 1 || ref_kind(stored) != REF_KIND_TEMP)
		return;
	add_value(s, event, stored, looped, depth + 1);
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->a == place && e->arg_count == 1 && is_call(s->ctx, e, appending))
			add_value(s, event, cfg->args[e->first_arg].value,
			          looped || repeats(s->ctx, i), depth + 1);
	}
}

/* The coroutines in what gather() is given. */
static void add_value(struct shared *s, uint32_t event, ref value, bool looped, unsigned depth)
{
	const struct cfg *cfg = &s->ctx->fn->cfg;
	if (depth > NESTED_MAX)
		return;
	if (ref_kind(value) == REF_KIND_PLACE)
		add_place(s, event, value, looped, depth);
	if (ref_kind(value) != REF_KIND_TEMP)
		return;
	const struct event *e = &cfg->events[ref_index(value)];
	if (e->kind == EV_BUILD && (e->op <= BUILD_SET || e->op >= BUILD_COMPREHENSION)) {
		bool many = e->op >= BUILD_COMPREHENSION;
		for (uint32_t i = 0; i < e->arg_count; i++)
			add_value(s, event, cfg->args[e->first_arg + i].value, looped || many,
			          depth + 1);
	} else if (is_call(s->ctx, e, wrapping) && e->arg_count > 0) {
		add_value(s, event, cfg->args[e->first_arg].value, looped, depth + 1);
	} else if (e->kind == EV_CALL && (e->flags & EVF_AWAITED) == 0) {
		add_started(s, (struct started){event, ref_index(value), looped, false});
	}
}

static void find_gathered(struct shared *s, uint32_t event)
{
	const struct cfg *cfg = &s->ctx->fn->cfg;
	const struct event *e = &cfg->events[event];
	s->count = 0;
	for (uint32_t i = 0; i < e->arg_count; i++)
		if (cfg->args[e->first_arg + i].keyword == NAME_NONE)
			add_value(s, event, cfg->args[e->first_arg + i].value, false, 0);
}

static void find_tasks(struct shared *s)
{
	const struct cfg *cfg = &s->ctx->fn->cfg;
	s->count = 0;
	for (uint32_t i = 0; i < cfg->event_count && s->count < STARTED_MAX; i++) {
		const struct event *e = &cfg->events[i];
		if (!is_call(s->ctx, e, starting) || (e->flags & EVF_AWAITED) != 0 ||
		    e->arg_count == 0)
			continue;
		ref coroutine = cfg->args[e->first_arg].value;
		if (ref_kind(coroutine) == REF_KIND_TEMP)
			add_started(s, (struct started){i, ref_index(coroutine), repeats(s->ctx, i),
			                                false});
	}
	for (uint32_t i = 0; i < s->ctx->fn->work_count && s->count < STARTED_MAX; i++) {
		const struct work *w = &s->ctx->fn->works[i];
		if (w->kind == WORK_THREAD && (cfg->events[w->event].flags & EVF_AWAITED) == 0)
			add_started(s, (struct started){w->event, w->event,
			                                repeats(s->ctx, w->event), true});
	}
}

/* ---- does it use the session? -------------------------------------------------------------------- */

/* `async with self.lock:` in the body: they take turns. */
static bool takes_turns(const struct rule_ctx *ctx, const struct work *w)
{
	const struct project *p = ctx->program->project;
	struct cfg cfg;
	if (!record_cfg(ctx->scratch, &p->modules[w->module].loaded, w->scope, &cfg))
		return true;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind != EV_ENTER || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *place = &cfg.places[ref_index(e->a)];
		struct str name = project_text(
			p, place->step_count == 0 ? place->root
						  : place->steps[place->step_count - 1].name);
		if (str_ends(name, STR("lock")) || str_ends(name, STR("LOCK")) ||
		    str_ends(name, STR("mutex")))
			return true;
	}
	return false;
}

static bool is_direct_use(const struct rule_ctx *ctx, uint32_t event, uint32_t r)
{
	const struct action *a = &ctx->fn->plan.actions[event];
	if (a->kind != ACTION_EFFECT || a->slot == SLOT_NONE ||
	    (a->effect.normal != DO_STATEMENT && a->effect.normal != DO_WRITE &&
	     a->effect.normal != DO_FLUSH && a->effect.normal != DO_COMMIT))
		return false;
	const struct disjunct *d = solution_at(ctx->scratch, &ctx->fn->solution, event, false);
	for (; d != NULL; d = d->next)
		if ((d->values[a->slot].is & VALUE_RESOURCES) != (1u << r))
			return false;
	return solution_at(ctx->scratch, &ctx->fn->solution, event, false) != NULL;
}

static bool uses(const struct rule_ctx *ctx, const struct started *s, uint32_t r)
{
	if (!s->thread && is_direct_use(ctx, s->made, r))
		return true;
	for (uint32_t i = 0; i < ctx->fn->work_count; i++) {
		const struct work *w = &ctx->fn->works[i];
		if (w->event != s->made || w->module == MODULE_NONE)
			continue;
		struct work_use use = work_use_of(ctx->scratch, ctx->program, ctx->fn, w, r);
		/* add() only remembers: no other task of the loop can come between */
		return use.known && (s->thread ? use.uses : use.sends) && !takes_turns(ctx, w);
	}
	return false;
}

/* Does each round of the loop make a session of its own? */
static bool is_made_in_loop(const struct rule_ctx *ctx, const struct started *s, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	uint32_t acquired = ctx->fn->resources[r].event;
	if (acquired == EVENT_NONE)
		return false;
	block_id from = cfg_block_of(cfg, s->made), to = cfg_block_of(cfg, acquired);
	return from == to || blocks_after(ctx->scratch, cfg, from, WAYS_NORMAL, NULL)[to];
}

static bool is_shareable(const struct rule_ctx *ctx, const struct started *s, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	return resource->kind->layer == LAYER_SESSION && resource->kind->is_async != s->thread &&
	       uses(ctx, s, r);
}

/* ---- the finding ------------------------------------------------------------------------------------ */

static void report(const struct rule_ctx *ctx, uint32_t r, const struct started *s, uint32_t other,
                   enum level level)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const char *who = s->thread ? "thread" : "task";
	struct finding *f = draft(ctx, r, ctx->fn->cfg.events[s->event].span, level);
	draft_message(ctx, f, "`%.*s` is used by several %ss at the same time",
	              STR_ARG(resource->name), who);
	draft_origin(ctx, f, r);
	if (other == s->event)
		draft_detail(ctx, f, "used by", "each %s that is started here", who);
	else
		draft_detail(ctx, f, "used by", "the %s that is started here, and line %u", who,
		             line_of(ctx, ctx->fn->cfg.events[other].span.start));
	draft_detail(ctx, f, "why",
	             "a session is for one %s: its connection runs one statement at a time, and a "
	             "commit or rollback is everybody's",
	             who);
	draft_detail(ctx, f, "fix", "open a session in each %s, and pass ids only%s", who,
	             s->thread ? "" : "; or await one after another");
	draft_submit(ctx, f);
}

static void check_gathered(const struct shared *s, uint32_t event, uint32_t r)
{
	const struct started *first = NULL;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct started *one = &s->items[i];
		if (!is_shareable(s->ctx, one, r))
			continue;
		if (first != NULL || (one->looped && !is_made_in_loop(s->ctx, one, r))) {
			report(s->ctx, r, one, event, LEVEL_ERROR);
			return;
		}
		first = one;
	}
}

/* The first event that uses it too before anybody has waited for the task: another start, a use of its own. */
static uint32_t used_beside(const struct shared *s, const struct started *one, uint32_t r)
{
	const struct cfg *cfg = &s->ctx->fn->cfg;
	const bool *behind = blocks_behind(s->ctx, one->event, stored_in(cfg, one->event));
	for (uint32_t i = 0; i < s->count; i++) {
		const struct started *other = &s->items[i];
		if (other->event != one->event && behind[cfg_block_of(cfg, other->event)] &&
		    is_shareable(s->ctx, other, r))
			return other->event;
	}
	for (uint32_t i = one->event + 1; i < cfg->event_count; i++) {
		bool now = one->thread || (cfg->events[i].flags & EVF_AWAITED) != 0;
		if (now && cfg->events[i].kind == EV_CALL && behind[cfg_block_of(cfg, i)] &&
		    is_direct_use(s->ctx, i, r))
			return i;
	}
	return EVENT_NONE;
}

static void check_tasks(const struct shared *s, uint32_t r)
{
	for (uint32_t i = 0; i < s->count; i++) {
		const struct started *one = &s->items[i];
		if (!is_shareable(s->ctx, one, r))
			continue;
		bool many = one->looped && !is_made_in_loop(s->ctx, one, r);
		uint32_t other = many ? one->event
		                 : s->ctx->fn->resources[r].event != EVENT_NONE && one->looped
		                         ? EVENT_NONE
		                         : used_beside(s, one, r);
		if (other == EVENT_NONE)
			continue;
		report(s->ctx, r, one, other, many ? LEVEL_ERROR : LEVEL_WARNING);
		return;
	}
}

static bool is_judged(const struct rule_ctx *ctx, uint32_t r)
{
	return ctx->fn->resources[r].origin != ORIGIN_REGISTRY;
}

static void check(struct rule_ctx *ctx)
{
	struct shared s = {.ctx = ctx};
	unsigned left = GATHERS_MAX;
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count && left > 0; i++) {
		if (!is_call(ctx, &ctx->fn->cfg.events[i], gathering))
			continue;
		left--;
		find_gathered(&s, i);
		for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
			if (is_judged(ctx, r))
				check_gathered(&s, i, r);
	}
	find_tasks(&s);
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (is_judged(ctx, r))
			check_tasks(&s, r);
}

const struct rule rule_session_shared_between_tasks = {
	.id = "session-shared-between-tasks",
	.title = "Several tasks or threads use one session at the same time",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = NULL,
	.check = check,
};
