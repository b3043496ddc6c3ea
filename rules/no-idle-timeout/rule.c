/*
 * no-idle-timeout - connections to PostgreSQL without idle_in_transaction_session_timeout: what this program does not find,
 * or what comes in tomorrow, then idles in its transaction for as long as the process lives.
 */
#include "rule.h"

static void report(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *made = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, made->span, LEVEL_NOTE);
	bool named = made->name.len > 0;
	draft_message(ctx, f, "%s%s%.*s%s is made without idle_in_transaction_session_timeout",
	              made->kind->noun, named ? " `" : "", STR_ARG(made->name), named ? "`" : "");
	draft_detail(
		ctx, f, "why",
		"PostgreSQL lets a forgotten transaction idle for ever: it keeps its locks, and "
		"VACUUM cleans up behind it only");
	if (made->kind->idle_limit != NULL)
		draft_detail(ctx, f, "fix", "%s", made->kind->idle_limit);
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	if (!limits_vary(ctx->program->limits) || ends_with_process(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *made = &ctx->fn->resources[r];
		if (made->origin == ORIGIN_FACTORY && made->event != EVENT_NONE &&
		    made->kind->layer != LAYER_SESSION &&
		    limit_is_missing(ctx->scratch, ctx->program, ctx->fn, made->event))
			report(ctx, r);
	}
}

const struct rule rule_no_idle_timeout = {
	.id = "no-idle-timeout",
	.title = "Connections to PostgreSQL without a limit for idle transactions",
	.level_max = LEVEL_NOTE,
	.usual = {LEVEL_NOTE, LEVEL_NOTE, LEVEL_NOTE},
	.precision = "medium",
	.cwe = "CWE-772",
	.off_by_default = true,
	.bodies = BODIES_ALL,
	.asks_limits = true,
	.check = check,
};
