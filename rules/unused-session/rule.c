/*
 * unused-session - a session is injected and nobody uses it. It holds nothing
 * (no query, no connection), but a reader has to find that out.
 */
#include "rule.h"

static void report(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, resource->span, LEVEL_NOTE);
	draft_message(ctx, f, "`%.*s` is injected but never used", STR_ARG(resource->name));
	draft_opened(ctx, f, r);
	draft_detail(ctx, f, "note", "an unused session holds no connection");
	draft_detail(ctx, f, "fix", "drop the parameter, or rename it to _%.*s",
	             STR_ARG(resource->name));
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	const struct scope *s = project_scope(ctx->program->project, ctx->fn->module,
	                                      ctx->fn->scope);
	if (ctx->fn->unknown_decorator || (s->flags & SCOPE_STUB) != 0)
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (resource->origin == ORIGIN_DEPENDENCY && !resource->given &&
		    !str_starts(resource->name, STR("_")) && !parameter_is_used(ctx, r))
			report(ctx, r);
	}
}

const struct rule rule_unused_session = {
	.id = "unused-session",
	.title = "An injected session is never used",
	.level_max = LEVEL_NOTE,
	.usual = {LEVEL_NOTE, LEVEL_NOTE, LEVEL_NOTE},
	.precision = "very-high",
	.cwe = NULL,
	.check = check,
};
