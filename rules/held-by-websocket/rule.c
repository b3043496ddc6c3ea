/*
 * held-by-websocket - a session is in a transaction while its function waits for the next message: for as
 * long as somebody keeps a page open.
 */
#include "rule.h"

static void write(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                  const struct held_wait *all, uint32_t count)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const char *async_ = resource->kind->is_async ? "async " : "";
	f->level = level_of(ctx->policy, RELEASED_DISCONNECT, LEFT_EVERYWHERE);
	draft_message(ctx, f, "`%.*s` stays in a transaction while this waits for %s",
	              STR_ARG(resource->name), all->wait.family->noun);
	for (uint32_t i = 0; i < count; i++) {
		struct exit_point exit = {.kind = EXIT_WAIT,
		                          .event = all[i].event,
		                          .span = ctx->fn->cfg.events[all[i].event].span};
		draft_exit(ctx, f, &exit, 0, RELEASED_DISCONNECT);
	}
	held_draft(ctx, f, r, all);
	held_draft_others(ctx, f, all, count);
	draft_released(ctx, f, r, RELEASED_DISCONNECT);
	draft_detail(ctx, f, "fix",
	             "%swith a session of its own for each message; none while waiting", async_);
}

static void report_dependency(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *left,
                              const struct pins *pins)
{
	struct finding *f = draft(ctx, r, left->span,
	                          level_of(ctx->policy, RELEASED_DISCONNECT, LEFT_EVERYWHERE));
	draft_message(ctx, f,
	              "`%.*s` stays in a transaction until the sockets of handlers that use this "
	              "dependency close",
	              STR_ARG(ctx->fn->resources[r].name));
	draft_exit(ctx, f, left, MISSING_CLOSE, RELEASED_DISCONNECT);
	draft_opened(ctx, f, r);
	held_submit_users(ctx, f, r, left, pins, RELEASED_DISCONNECT);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (!is_yielded(ctx, r) && !held_report(ctx, r, held_by_socket, write))
			held_check_users(ctx, r, pins_of_sockets, report_dependency);
}

const struct rule rule_held_by_websocket = {
	.id = "held-by-websocket",
	.title = "A session stays in a transaction while a socket is waited for",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
