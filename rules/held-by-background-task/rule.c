/*
 * held-by-background-task - the injected session is handed to a background task. FastAPI runs the tasks
 * before it tears dependencies down, so the transaction that the handler or the task began stays open
 * until the last task has ended (measured: runtime.md 2, patterns 1 and 21).
 */
#include "rule.h"

#define TASKS_MAX 32 /* of one handler that are looked at */

struct kept {
	const struct work **works;
	size_t count;
	uint32_t resource;
	enum lifetime lives;
	bool by_handler; /* the handler leaves a transaction open; else a task does */
};

static bool handler_leaves(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_holds(&ctx->fn->exits[i], r))
			return true;
	return false;
}

static struct kept find_kept(const struct rule_ctx *ctx, uint32_t r)
{
	struct kept k = {
		.resource = r, .lives = lifetime_of(ctx, r), .by_handler = handler_leaves(ctx, r)};
	k.works = arena_array(ctx->scratch, const struct work *, ctx->fn->work_count);
	unsigned left = TASKS_MAX;
	for (uint32_t i = 0; i < ctx->fn->work_count && left > 0; i++) {
		const struct work *w = &ctx->fn->works[i];
		if (w->kind != WORK_BACKGROUND)
			continue;
		left--;
		struct work_use use = work_use_of(ctx->scratch, ctx->program, ctx->fn, w, r);
		if (use.reached && (k.by_handler || (use.known && (use.leaves || use.waits))))
			k.works[k.count++] = w;
	}
	return k;
}

static struct str lines(const struct rule_ctx *ctx, const struct kept *k)
{
	struct str text = STR_EMPTY;
	for (size_t i = 1; i < k->count && i < 6; i++)
		text = arena_printf(ctx->scratch, "%.*s%s%u", STR_ARG(text), i == 1 ? "" : ", ",
		                    line_of(ctx, ctx->fn->cfg.events[k->works[i]->event].span.start));
	return text;
}

static void why(const struct rule_ctx *ctx, struct finding *f, const struct kept *k)
{
	struct str task = k->works[0]->name.len > 0 ? k->works[0]->name : STR("the task");
	if (k->by_handler)
		draft_detail(
			ctx, f, "why",
			"this handler returns with the transaction open, and %.*s runs before the "
			"session is taken back",
			STR_ARG(task));
	else
		draft_detail(
			ctx, f,
			"why", "%.*s begins a transaction on it, and does not end it or waits for somebody else first",
			STR_ARG(task));
}

static void report(const struct rule_ctx *ctx, const struct kept *k)
{
	const struct resource *r = &ctx->fn->resources[k->resource];
	enum level level = level_of(ctx->policy, RELEASED_BACKGROUND_END, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, k->resource, ctx->fn->cfg.events[k->works[0]->event].span,
	                          level);
	draft_message(ctx, f, "`%.*s` is kept in a transaction until the background task%s ended",
	              STR_ARG(r->name), k->count > 1 ? "s have" : " has");
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_holds(&ctx->fn->exits[i], k->resource))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE,
			           RELEASED_BACKGROUND_END);
	draft_opened(ctx, f, k->resource);
	why(ctx, f, k);
	if (k->count > 1)
		draft_detail(ctx, f, "also", "at %.*s", STR_ARG(lines(ctx, k)));
	draft_lives_on(ctx, f, k->lives, RELEASED_BACKGROUND_END);
	draft_detail(
		ctx, f, "fix",
		"pass ids, open a session in the task: %s %s(...) as %.*s: ...   and commit or "
		"close before the return",
		r->kind->is_async ? "async with" : "with",
		r->kind->is_async ? "AsyncSessionLocal" : "SessionLocal", STR_ARG(r->name));
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count && ctx->fn->work_count > 0; r++) {
		if (!is_torn_down(ctx, r) || lifetime_of(ctx, r) == ENDS_BEFORE)
			continue;
		struct kept k = find_kept(ctx, r);
		if (k.count > 0)
			report(ctx, &k);
	}
}

const struct rule rule_held_by_background_task = {
	.id = "held-by-background-task",
	.title = "A transaction stays open until the background tasks have ended",
	.level_max = LEVEL_WARNING,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_WARNING},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
