/*
 * thread-session-not-cleaned - a function that a thread, a pool's worker, a timer or a scheduler runs leaves the
 * session of a thread-local registry open. No hook of the application runs there, and the end of a thread does not
 * release it by itself (measured: runtime.md 2, pattern 18).
 */
#include "rule.h"

enum { FAR = 3 }; /* calls between a function and the statement */

static enum released_by release_of(const struct rule_ctx *ctx)
{
	return registry_thread_is_pooled(ctx) ? RELEASED_NEVER : RELEASED_THREAD_EXIT;
}

/* The registries that it leaves open: bit i is resource i. */
static uint32_t left_open(const struct rule_ctx *ctx)
{
	uint32_t left = 0;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (resource->origin != ORIGIN_REGISTRY || !resource->thread_local_scope ||
		    program_cleans_entry(ctx->program, resource->identity, resource->managed,
		                         ctx->fn->entry, false))
			continue;
		if (registry_left_open(ctx, r, false) != NULL &&
		    registry_event(ctx, r, REGISTRY_USED) != EVENT_NONE)
			left |= 1u << r;
	}
	return left;
}

/* The one that is used first stands for all: the same clean-up ends them. */
static uint32_t first_used(const struct rule_ctx *ctx, uint32_t left)
{
	uint32_t first = (uint32_t)__builtin_ctz(left);
	for (uint32_t rest = left; rest != 0; rest &= rest - 1) {
		uint32_t r = (uint32_t)__builtin_ctz(rest);
		const struct event *events = ctx->fn->cfg.events;
		if (events[registry_event(ctx, r, REGISTRY_USED)].span.start <
		    events[registry_event(ctx, first, REGISTRY_USED)].span.start)
			first = r;
	}
	return first;
}

/* Does the function end some registry itself, so that somebody has thought of what it uses? */
static bool cleans_up(const struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (ctx->fn->resources[r].origin == ORIGIN_REGISTRY &&
		    registry_event(ctx, r, REGISTRY_ENDED) != EVENT_NONE)
			return true;
	return false;
}

/* What a careful function misses is reached through many calls, on a path that may never be taken: a note. */
static enum level level_here(const struct rule_ctx *ctx, uint32_t left, enum released_by by)
{
	unsigned nearest = FAR;
	for (; left != 0; left &= left - 1) {
		uint32_t r = (uint32_t)__builtin_ctz(left);
		unsigned depth = registry_depth(ctx, r, registry_event(ctx, r, REGISTRY_USED));
		nearest = depth < nearest ? depth : nearest;
	}
	return nearest >= FAR && cleans_up(ctx) ? LEVEL_NOTE
	                                        : level_of(ctx->policy, by, LEFT_EVERYWHERE);
}

/* The lines of the returns that leave it open, when others do not. */
static void draft_left_at(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	const struct exit_point **left = arena_array(ctx->scratch, const struct exit_point *,
	                                             ctx->fn->exit_count);
	uint32_t count = 0, normal = 0;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		normal += exit_is_normal(e);
		if (exit_is_normal(e) && exit_is_open(e, r))
			left[count++] = e;
	}
	if (count < normal)
		draft_detail(ctx, f, "left at", "%.*s", STR_ARG(draft_lines(ctx, left, count)));
}

static void report(const struct rule_ctx *ctx, uint32_t left)
{
	uint32_t r = first_used(ctx, left), use = registry_event(ctx, r, REGISTRY_USED);
	const struct resource *resource = &ctx->fn->resources[r];
	enum released_by by = release_of(ctx);
	struct finding *f = draft(ctx, r, ctx->fn->cfg.events[use].span, level_here(ctx, left, by));
	draft_message(ctx, f, "`%.*s` is left in a transaction in a thread that nobody cleans up",
	              STR_ARG(resource->name));
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_is_open(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE, by);
	draft_started(ctx, f);
	draft_registry_path(ctx, f, r, use);
	draft_left_at(ctx, f, r);
	draft_registry_others(ctx, f, left & ~(1u << r));
	draft_detail(ctx, f, "why", "%s",
	             by == RELEASED_NEVER ? "a worker keeps its session for ever; no hook of the "
	                                    "application runs in it"
	                                  : "the end of a thread does not release its session");
	draft_released(ctx, f, r, by);
	draft_detail(ctx, f, "fix", "try: ...   finally: %.*s.remove()%s", STR_ARG(resource->name),
	             (left & (left - 1)) != 0 ? ", and of the others" : "");
	if (registry_use_is_direct(ctx, use))
		draft_trace(ctx, f, r, registry_left_open(ctx, r, false));
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	if (ctx->fn->entry != ENTRY_THREAD && ctx->fn->entry != ENTRY_SCHEDULER)
		return;
	uint32_t left = left_open(ctx);
	if (left != 0)
		report(ctx, left);
}

const struct rule rule_thread_session_not_cleaned = {
	.id = "thread-session-not-cleaned",
	.title = "The thread-local session of a thread or worker is never closed",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
