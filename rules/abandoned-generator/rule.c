/*
 * abandoned-generator - `db = next(get_db())`: nobody keeps the generator, so it
 * dies on that line and its finally closes the session before the first query,
 * which opens it again for nobody (measured: runtime.md 2, pattern 5).
 */
#include "rule.h"

static void why(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	uint32_t statement = first_statement(ctx, r);
	if (statement == EVENT_NONE)
		draft_detail(
			ctx, f, "why",
			"the generator dies on this line; nobody closes what is opened after it");
	else
		draft_detail(ctx, f, "why",
		             "the generator dies on this line, so its finally runs BEFORE the "
		             "query at %u, which re-opens the session",
		             line_of(ctx, ctx->fn->cfg.events[statement].span.start));
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, resource->span, level);
	struct str provider = f->resource.provider;
	const char *next = resource->kind->is_async ? "anext" : "next";
	draft_message(ctx, f, "nobody owns the session from %s(%.*s())", next, STR_ARG(provider));
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_leaves(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE,
			           RELEASED_GARBAGE_COLLECTION);
	why(ctx, f, r);
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_with(ctx, f, r, " ...");
	draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

/* A return on which a session that an `async for` has taken is still in a transaction. */
static const struct exit_point *first_left_loop(const struct rule_ctx *ctx, uint32_t r)
{
	uint32_t event = ctx->fn->resources[r].event;
	const struct event *next = event == EVENT_NONE ? NULL : &ctx->fn->cfg.events[event];
	if (next == NULL || next->kind != EV_NEXT || (next->flags & EVF_ASYNC) == 0)
		return NULL;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (exit_is_normal(e) && exit_is_open(e, r) && !exit_gives_away(e, r))
			return e;
	}
	return NULL;
}

/*
 * Leaving the loop drops an async generator that is not finished. asyncio's hook makes a task of the rest of it:
 * measured, the clean-up begins with the next turn of the event loop, after the return, and nobody waits for it.
 */
static void report_loop(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum level level = level_of(ctx->policy, RELEASED_BACKGROUND_END, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, resource->span, level);
	draft_message(ctx, f, "`async for` is left while its generator still holds `%.*s`",
	              STR_ARG(resource->name));
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_is_open(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE,
			           RELEASED_BACKGROUND_END);
	draft_detail(ctx, f, "why",
	             "break and return drop the generator; what is left of it becomes a task that "
	             "nobody waits for");
	draft_detail(ctx, f, "released", "by that task, when the event loop gets to it");
	draft_detail(
		ctx, f,
		"fix", "async with AsyncSessionLocal() as %.*s: ...   (or aclosing() around the generator)",
		STR_ARG(resource->name));
	draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	if (paths_were_joined(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct exit_point *left = first_left_loop(ctx, r);
		if (left != NULL && !is_yielded(ctx, r))
			report_loop(ctx, r, left);
		if (ctx->fn->resources[r].origin != ORIGIN_GENERATOR || is_yielded(ctx, r))
			continue;
		/* where only an exception leaves it, somebody does own it: session-not-closed */
		const struct exit_point *e = exit_leaving(ctx, r, true);
		if (e != NULL)
			report(ctx, r, e);
	}
}

const struct rule rule_abandoned_generator = {
	.id = "abandoned-generator",
	.title = "A session is taken out of a generator that nobody keeps",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "very-high",
	.cwe = "CWE-772",
	.check = check,
};
