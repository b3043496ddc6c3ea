/*
 * with-does-not-close - `with conn:` of psycopg2, sqlite3 or pyodbc ends the transaction and leaves the
 * connection open; nothing else closes it either.
 */
#include "rule.h"

static bool only_ends_transaction(const struct resource_kind *kind)
{
	return kind->dropped != DROPPED_NEVER &&
	       (kind->with_exit.normal == DO_COMMIT || kind->with_exit.normal == DO_ROLLBACK);
}

static void report(const struct rule_ctx *ctx, uint32_t r, uint32_t enter)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, ctx->fn->cfg.events[enter].span, dropped_level(resource));
	draft_message(ctx, f, "this with ends the transaction of `%.*s`; it does not close it",
	              STR_ARG(resource->name));
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_keeps_connection(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE,
			           dropped_release(resource));
	draft_detail(ctx, f, "opened at", "%u", line_of(ctx, resource->span.start));
	draft_dropped(ctx, f, r);
	draft_detail(ctx, f, "fix", "with contextlib.closing(%.*s(...)) as %.*s, %.*s:",
	             STR_ARG(written_maker(ctx, resource)), STR_ARG(resource->name),
	             STR_ARG(resource->name));
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	if (paths_were_joined(ctx) || ends_with_process(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		if (!is_made_below_session(ctx, r, LAYER_CONNECTION) ||
		    !only_ends_transaction(ctx->fn->resources[r].kind) ||
		    exit_keeping(ctx, r, true) == NULL)
			continue;
		uint32_t enter = with_of(ctx, r);
		/* who closes it on another way knows; the way that is missed is connection-not-returned's */
		if (enter != EVENT_NONE && !is_closed_by_call(ctx, r))
			report(ctx, r, enter);
	}
}

const struct rule rule_with_does_not_close = {
	.id = "with-does-not-close",
	.title = "A with statement ends the transaction but does not close the connection",
	.level_max = LEVEL_WARNING,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_WARNING},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
