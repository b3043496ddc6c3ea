/*
 * session-not-closed - a session is made here and some path neither ends it
 * nor hands it on. A Session is part of a reference cycle, so it is not freed at return: its
 * connection stays out until the cyclic collector happens to run (runtime.md 1.2).
 */
#include "rule.h"

static const struct exit_point *first_left(const struct rule_ctx *ctx, uint32_t r, bool normal)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) == normal &&
		    exit_leaves(&ctx->fn->exits[i], r))
			return &ctx->fn->exits[i];
	return NULL;
}

static void list_exits(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (exit_leaves(e, r))
			draft_exit(ctx, f, e, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	}
}

static void message(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                    const struct exit_point *e)
{
	struct str name = ctx->fn->resources[r].name;
	if (exit_is_normal(e))
		draft_message(ctx, f, "`%.*s` is made here and still open at the return at %u",
		              STR_ARG(name), line_of(ctx, e->span.start));
	else
		draft_message(
			ctx,
			f, "`%.*s` is made here and stays open when something raises before it is closed",
			STR_ARG(name));
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, resource->span, level);
	uint32_t statement = first_statement(ctx, r);
	message(ctx, f, r, e);
	list_exits(ctx, f, r);
	(void)draft_made_by(ctx, f, r);
	draft_queried(ctx, f, r, statement);
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	if (resource->in_object)
		draft_detail(ctx, f, "fix",
		             "close it in a finally, or let %.*s open one for each operation",
		             STR_ARG(resource->maker));
	else if (resource->kind->is_registry)
		draft_detail(ctx, f, "fix",
		             "%.*s.remove() in a finally, or a plain session in a with",
		             STR_ARG(resource->name));
	else
		draft_with(ctx, f, r, "");
	draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

/* Is it handed on where nothing goes wrong? Then what happens on the way there is the receiver's care too. */
static bool is_handed_on(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_gives_away(&ctx->fn->exits[i], r))
			return true;
	return false;
}

static void check(struct rule_ctx *ctx)
{
	if (paths_were_joined(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		enum origin origin = ctx->fn->resources[r].origin;
		if (ctx->fn->resources[r].kind->layer != LAYER_SESSION ||
		    (origin != ORIGIN_FACTORY && origin != ORIGIN_GENERATOR) ||
		    (ctx->fn->yielded & (1u << r)) != 0)
			continue;
		const struct exit_point *e = first_left(ctx, r, true);
		if (e != NULL && origin == ORIGIN_GENERATOR)
			continue; /* that is abandoned-generator */
		if (e == NULL && !is_handed_on(ctx, r))
			e = first_left(ctx, r, false);
		if (e != NULL && !ends_with_process(ctx))
			report(ctx, r, e);
	}
}

const struct rule rule_session_not_closed = {
	.id = "session-not-closed",
	.title = "A session is made and not closed on every path",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
