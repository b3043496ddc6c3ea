/*
 * unreleased-on-raise - an exception leaves the injected session open, and its
 * provider does not clean up when its user raises.
 */
#include "rule.h"

static const struct exit_point *first_raise(const struct rule_ctx *ctx, uint32_t r)
{
	const struct exit_point *implicit = NULL;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (exit_is_normal(e) || !exit_leaves(e, r))
			continue;
		if (e->kind == EXIT_RAISE)
			return e; /* one that is written down says more than one that may happen */
		implicit = e;
	}
	return implicit;
}

/* Where a person is pointed at: the raise statement, or the call whose exception gets out. */
static struct span place_of(const struct rule_ctx *ctx, const struct exit_point *e, uint32_t r)
{
	struct witness w;
	if (e->kind == EXIT_IMPLICIT_RAISE &&
	    witness_find(ctx->scratch, &ctx->fn->solution, r, e->event, e->states[r], &w) &&
	    w.last_raise != UINT32_MAX)
		return ctx->fn->cfg.events[w.last_raise].span;
	return e->span;
}

static void list_exits(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		struct exit_point e = ctx->fn->exits[i];
		if (exit_is_normal(&e) || !exit_leaves(&e, r))
			continue;
		e.span = place_of(ctx, &e, r);
		draft_exit(ctx, f, &e, exit_missing(&e, r), RELEASED_GARBAGE_COLLECTION);
	}
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, place_of(ctx, e, r), level);
	struct str provider = resource->provider->name;
	f->of_provider = true;
	draft_message(ctx, f, "`%.*s` stays open when this raises: %.*s does not close it then",
	              STR_ARG(resource->name), STR_ARG(provider));
	list_exits(ctx, f, r);
	draft_opened(ctx, f, r);
	draft_detail(ctx, f, "why", "nothing after the yield in %.*s runs when its user raises",
	             STR_ARG(provider));
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "fix", "in %.*s: try: yield ... finally: close()", STR_ARG(provider));
	draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (resource->origin != ORIGIN_DEPENDENCY ||
		    provider_release(resource, true) == RELEASED_RESPONSE_SENT)
			continue;
		const struct exit_point *e = first_raise(ctx, r);
		if (e != NULL)
			report(ctx, r, e);
	}
}

const struct rule rule_unreleased_on_raise = {
	.id = "unreleased-on-raise",
	.title = "An injected session stays open when the handler raises",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "medium",
	.cwe = "CWE-772",
	.check = check,
};
