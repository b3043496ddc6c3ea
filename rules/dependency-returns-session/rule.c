/*
 * dependency-returns-session - a dependency that returns a session it opened:
 * FastAPI gives back only what a dependency yields, so this one is never closed.
 */
#include "rule.h"

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e,
                   const struct provider *p)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, e->span, level);
	draft_message(ctx, f, "%.*s returns a session that nobody closes", STR_ARG(p->name));
	draft_exit(ctx, f, e, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "opened at", "%u", line_of(ctx, resource->span.start));
	draft_detail(ctx, f, "why",
	             "FastAPI takes back what a dependency yields, not what it returns");
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "fix", "%swith ... as %.*s: yield %.*s",
	             resource->kind->is_async ? "async " : "", STR_ARG(resource->name),
	             STR_ARG(resource->name));
	draft_submit(ctx, f);
}

/* Had somebody else got it before it was returned (request.state.db = db)? Then that one closes it. */
static bool is_kept_elsewhere(const struct rule_ctx *ctx, const struct exit_point *exit, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_RETURN &&
		    cfg->events[i].span.start == exit->span.start &&
		    (solution_states(ctx->scratch, &ctx->fn->solution, i, false, r) &
		     STATES_GONE) != 0)
			return true;
	return false;
}

static void check(struct rule_ctx *ctx)
{
	const struct provider *p = provider_here(ctx);
	if (p == NULL || p->shape != SHAPE_RETURNS || ctx->fn->entry != ENTRY_DEPENDENCY)
		return;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
			if (ctx->fn->resources[r].origin == ORIGIN_FACTORY &&
			    ctx->fn->resources[r].kind->layer == LAYER_SESSION &&
			    exit_passes_on(&ctx->fn->exits[i], r) &&
			    !is_kept_elsewhere(ctx, &ctx->fn->exits[i], r)) {
				report(ctx, r, &ctx->fn->exits[i], p);
				return;
			}
}

const struct rule rule_dependency_returns_session = {
	.id = "dependency-returns-session",
	.title = "A dependency returns a session that nobody closes",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
