/*
 * left-to-framework - no return path ends the injected session; its guarded
 * provider does, after the response. Nothing leaks, but the transaction lasts
 * until the client has its answer.
 */
#include "rule.h"

/* The return paths that leave the session to its provider, or NULL entries when some path ends it. */
static size_t left_paths(const struct rule_ctx *ctx, uint32_t r, const struct exit_point **left)
{
	size_t count = 0;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (!exit_is_normal(e) || e->states[r] == 0 || exit_passes_on(e, r))
			continue;
		bool explicitly = ctx->policy == POLICY_EXPLICIT && exit_touches(e, r) &&
		                  exit_missing(e, r) != 0;
		if (exit_leaves(e, r) || explicitly)
			left[count++] = e;
		else if (exit_releases(e, r) && states_may(e->states[r], IS_CLOSED))
			return 0; /* some paths do: that is unreleased-on-return */
	}
	return count;
}

static bool some_path_closes_it(const struct exit_point *const *left, size_t count, uint32_t r)
{
	for (size_t i = 0; i < count; i++)
		if (states_may(left[i]->states[r], IS_CLOSED) && exit_leaves(left[i], r))
			return true;
	return false;
}

static void fix(const struct rule_ctx *ctx, struct finding *f, const struct resource *r)
{
	const char *await = r->kind->is_async ? "await " : "";
	if (f->missing == MISSING_CLOSE)
		draft_detail(ctx, f, "fix", "%s%.*s.close() before each return", await,
		             STR_ARG(r->name));
	else
		draft_detail(ctx, f, "fix",
		             "build the response from plain data, then %s%.*s.commit(); "
		             "%s%.*s.close() before each return",
		             await, STR_ARG(r->name), await, STR_ARG(r->name));
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *const *left,
                   size_t count, enum level level)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, left[0]->span, level);
	if (exit_is_open(left[0], r))
		draft_message(ctx, f, "`%.*s` stays in a transaction until its dependency closes it",
		              STR_ARG(resource->name));
	else
		draft_message(ctx, f, "`%.*s` is not closed on any return path",
		              STR_ARG(resource->name));
	for (size_t i = 0; i < count; i++)
		draft_exit(ctx, f, left[i], exit_missing(left[i], r), RELEASED_RESPONSE_SENT);
	draft_aside_returns(ctx, f, (unsigned)count);
	draft_opened(ctx, f, r);
	if (count > 1)
		draft_detail(ctx, f, "also", "at %.*s",
		             STR_ARG(draft_lines(ctx, left + 1, count - 1)));
	draft_released(ctx, f, r, RELEASED_RESPONSE_SENT);
	fix(ctx, f, resource);
	draft_trace(ctx, f, r, left[0]);
	draft_submit(ctx, f);
}

static void check_resource(const struct rule_ctx *ctx, uint32_t r)
{
	const struct exit_point **left = arena_array(ctx->scratch, const struct exit_point *,
	                                             ctx->fn->exit_count);
	size_t count = left_paths(ctx, r, left);
	enum level level = level_of(ctx->policy, RELEASED_RESPONSE_SENT, LEFT_EVERYWHERE);
	if (count == 0 || level == LEVEL_OFF || some_path_closes_it(left, count, r))
		return;
	report(ctx, r, left, count, level);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (is_judged_here(ctx, r) &&
		    provider_release(resource, false) == RELEASED_RESPONSE_SENT &&
		    rebinding_of(ctx, r) == EVENT_NONE)
			check_resource(ctx, r);
	}
}

const struct rule rule_left_to_framework = {
	.id = "left-to-framework",
	.title = "An injected session is left to the framework on every return path",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_NOTE, LEVEL_WARNING, LEVEL_OFF},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
