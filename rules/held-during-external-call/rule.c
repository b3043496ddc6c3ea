/*
 * held-during-external-call - a session is in a transaction while its function waits for a server, a
 * model, a lock or another process: a connection is out of the pool, and rows may be locked, for as long as somebody
 * else likes.
 */
#include "rule.h"

static bool is_mine(const struct rule_ctx *ctx, const struct held_wait *h)
{
	return !held_by_socket(ctx, h);
}

static bool some_return_leaves(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_leaves(&ctx->fn->exits[i], r))
			return true;
	return false;
}

/* Until when it is held after the wait, in words. */
static void draft_until(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	switch (ctx->fn->resources[r].origin) {
	case ORIGIN_DEPENDENCY:
		draft_released(ctx, f, r, held_released_by(&ctx->fn->resources[r]));
		break;
	case ORIGIN_LENT: draft_detail(ctx, f, "released", "by the caller, who lends it"); break;
	case ORIGIN_REGISTRY:
		draft_detail(ctx, f, "released", "when this thread's session is ended");
		break;
	case ORIGIN_KEPT:
	case ORIGIN_FACTORY:
	case ORIGIN_GENERATOR:
	case ORIGIN_MANAGER:
		draft_detail(ctx, f, "released",
		             some_return_leaves(ctx, r)
		                     ? "by nothing: a path behind the wait leaves it open"
		                     : "at the close or end of the block behind the wait");
		break;
	}
}

static void write(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                  const struct held_wait *all, uint32_t count)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const char *await_ = resource->kind->is_async ? "await " : "";
	uint32_t line = line_of(ctx, ctx->fn->cfg.events[all->event].span.start);
	f->level = level_of(ctx->policy, RELEASED_BACKGROUND_END, LEFT_EVERYWHERE);
	f->level = f->level > ctx->rule->level_max ? ctx->rule->level_max : f->level;
	draft_message(ctx, f, "`%.*s` stays in a transaction while this waits for %s",
	              STR_ARG(resource->name), all->wait.family->noun);
	for (uint32_t i = 0; i < count; i++) {
		struct exit_point exit = {.kind = EXIT_WAIT,
		                          .event = all[i].event,
		                          .span = ctx->fn->cfg.events[all[i].event].span};
		draft_exit(ctx, f, &exit, 0, held_released_by(resource));
	}
	held_draft(ctx, f, r, all);
	held_draft_others(ctx, f, all, count);
	draft_until(ctx, f, r);
	draft_detail(ctx, f, "fix",
	             "read what is needed into plain values, then %s%.*s.commit() before %u",
	             await_, STR_ARG(resource->name), line);
}

/* ---- dependencies: get_current_user asks the database, and the handler that uses it waits --------- */

static void report_dependency(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *left,
                              const struct pins *pins)
{
	const struct resource *resource = &ctx->fn->resources[r];
	uint32_t statement = last_statement(ctx, r, UINT32_MAX, NULL);
	struct span span = statement == EVENT_NONE ? left->span
	                                           : ctx->fn->cfg.events[statement].span;
	struct finding *f = draft(ctx, r, span,
	                          level_of(ctx->policy, RELEASED_BACKGROUND_END, LEFT_EVERYWHERE));
	draft_message(ctx, f,
	              "`%.*s` stays in a transaction while handlers that use this dependency wait",
	              STR_ARG(resource->name));
	draft_exit(ctx, f, left, MISSING_CLOSE, held_released_by(resource));
	draft_origin(ctx, f, r);
	held_submit_users(ctx, f, r, left, pins, held_released_by(resource));
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (!is_yielded(ctx, r) && !held_report(ctx, r, is_mine, write))
			held_check_users(ctx, r, pins_of_waits, report_dependency);
}

const struct rule rule_held_during_external_call = {
	.id = "held-during-external-call",
	.title = "A session stays in a transaction during a slow call",
	.level_max = LEVEL_WARNING,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_WARNING},
	.precision = "medium",
	.cwe = "CWE-772",
	.check = check,
};
