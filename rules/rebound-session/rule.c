/*
 * rebound-session - the injected session's name is bound to another session:
 * whatever the handler closes from there on, it is not what was injected.
 */
#include "rule.h"

/* Is the injected session left in a transaction somewhere, so that it is more than a misleading name? */
static enum released_by worst_release(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_leaves(&ctx->fn->exits[i], r) &&
		    provider_release(&ctx->fn->resources[r], false) != RELEASED_RESPONSE_SENT)
			return RELEASED_GARBAGE_COLLECTION;
	return RELEASED_RESPONSE_SENT;
}

static void list_exits(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                       enum released_by by)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		unsigned missing = exit_missing(e, r);
		if (exit_is_normal(e) && missing != 0)
			draft_exit(ctx, f, e, missing, by);
	}
}

static void report(const struct rule_ctx *ctx, uint32_t r, uint32_t event)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct event *e = &ctx->fn->cfg.events[event];
	enum released_by by = worst_release(ctx, r);
	enum level level = level_of(ctx->policy, by, LEFT_SOMEWHERE);
	if (level == LEVEL_OFF)
		return;
	struct finding *f = draft(ctx, r, e->span, level);
	draft_message(ctx, f, "`%.*s` now names another session; the injected one is out of reach",
	              STR_ARG(resource->name));
	list_exits(ctx, f, r, by);
	f->released_by = by;
	draft_opened(ctx, f, r);
	draft_detail(ctx, f, "why",
	             "commit and close from here on end the new session, not the injected one");
	draft_released(ctx, f, r, by);
	draft_detail(ctx, f, "fix",
	             "use the injected session, or drop the parameter and keep the new one");
	draft_submit(ctx, f);
}

/* Was the injected session closed on every way to the rebinding? Then its name is free. */
static bool is_done_with(const struct rule_ctx *ctx, uint32_t r, uint32_t event)
{
	state_set s = solution_states(ctx->scratch, &ctx->fn->solution, event, false, r);
	return states_must(s, IS_CLOSED) && !states_may(s, IS_HOLDING);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		if (ctx->fn->resources[r].origin != ORIGIN_DEPENDENCY || ctx->fn->resources[r].given)
			continue;
		uint32_t event = rebinding_of(ctx, r);
		if (event != EVENT_NONE && !is_done_with(ctx, r, event))
			report(ctx, r, event);
	}
}

const struct rule rule_rebound_session = {
	.id = "rebound-session",
	.title = "An injected session's name is bound to another session",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_WARNING, LEVEL_ERROR, LEVEL_OFF},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
