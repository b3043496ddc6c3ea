/*
 * connection-not-returned - a connection or pool slot is taken here and some path neither gives it back nor
 * hands it on: a way out, or the next round of a loop that puts another one in its place.
 */
#include "rule.h"

/* Is it handed on where nothing goes wrong? Then what happens on the way there is the receiver's care too. */
static bool is_handed_on(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && (exit_gives_away(&ctx->fn->exits[i], r) ||
		                                           exit_passes_on(&ctx->fn->exits[i], r)))
			return true;
	return false;
}

/* [pool.getconn() for _ in range(n)]: all of them are in the list. */
static bool is_collected(const struct cfg *cfg, uint32_t event)
{
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		bool collects = e->kind == EV_BUILD &&
		                (e->op == BUILD_COMPREHENSION || e->op == BUILD_GENERATOR);
		for (uint32_t k = 0; collects && k < e->arg_count; k++)
			if (cfg->args[e->first_arg + k].value == REF_TEMP(event))
				return true;
	}
	return false;
}

/* Is there still one from an earlier round when the next is made? */
static bool is_overwritten(const struct rule_ctx *ctx, uint32_t r)
{
	state_set before = solution_states(ctx->scratch, &ctx->fn->solution,
	                                   ctx->fn->resources[r].event, false, r);
	return states_may(before, IS_HOLDING);
}

/* Does the next round come without anything that raises? Else it tries again what went wrong. */
static bool comes_again(const struct rule_ctx *ctx, uint32_t event)
{
	block_id own = cfg_block_of(&ctx->fn->cfg, event);
	return blocks_after(ctx->scratch, &ctx->fn->cfg, own, WAYS_NORMAL, NULL)[own];
}

static void message(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                    const struct exit_point *e)
{
	struct str name = ctx->fn->resources[r].name;
	if (e == NULL)
		draft_message(ctx, f,
		              "`%.*s` is made again in the next round without a close of the last",
		              STR_ARG(name));
	else if (exit_is_normal(e))
		draft_message(ctx, f, "`%.*s` is taken here and not given back at the return at %u",
		              STR_ARG(name), line_of(ctx, e->span.start));
	else
		draft_message(ctx, f,
		              "`%.*s` is not given back when something raises before its close",
		              STR_ARG(name));
}

static void list_exits(const struct rule_ctx *ctx, struct finding *f, uint32_t r, bool overwritten)
{
	enum released_by by = dropped_release(&ctx->fn->resources[r]);
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_keeps_connection(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE, by);
	if (overwritten) {
		struct exit_point again = {.kind = EXIT_OVERWRITE,
		                           .span = ctx->fn->resources[r].span};
		draft_exit(ctx, f, &again, MISSING_CLOSE, by);
	}
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, resource->span, dropped_level(resource));
	uint32_t statement = first_statement(ctx, r);
	message(ctx, f, r, e);
	list_exits(ctx, f, r, e == NULL);
	draft_queried(ctx, f, r, statement);
	draft_dropped(ctx, f, r);
	draft_give_back(ctx, f, r);
	if (e != NULL)
		draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

/* `with conn:` of a driver that only commits there is another rule's, unless a pool waits for it. */
static bool is_taken_for_closed(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource_kind *kind = ctx->fn->resources[r].kind;
	return kind->with_exit.normal != DO_CLOSE && kind->with_exit.normal != DO_NOTHING &&
	       kind->dropped != DROPPED_NEVER && with_of(ctx, r) != EVENT_NONE &&
	       !is_closed_by_call(ctx, r);
}

static bool ends_by_itself(const struct rule_ctx *ctx)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]))
			return true;
	return false;
}

/* A loop without end that listens on it: it is kept on purpose, and what ends the loop frees it. */
static bool is_kept_for_good(const struct rule_ctx *ctx, uint32_t r)
{
	return ctx->fn->resources[r].dropped == DROPPED_AT_ONCE && !ends_by_itself(ctx) &&
	       !is_closed_by_call(ctx, r);
}

static void check_one(const struct rule_ctx *ctx, uint32_t r)
{
	const struct exit_point *e = exit_keeping(ctx, r, true);
	bool cared_for = e == NULL && is_handed_on(ctx, r);
	bool overwritten = e == NULL && is_overwritten(ctx, r) &&
	                   (!cared_for || comes_again(ctx, ctx->fn->resources[r].event));
	/* what fails at start-up stops the application */
	if (e == NULL && !overwritten && !cared_for && ctx->fn->entry != ENTRY_STARTUP &&
	    !is_kept_for_good(ctx, r))
		e = exit_keeping(ctx, r, false);
	if ((e != NULL || overwritten) && !is_taken_for_closed(ctx, r))
		report(ctx, r, e);
}

static void check(struct rule_ctx *ctx)
{
	if (paths_were_joined(ctx) || ends_with_process(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (is_made_below_session(ctx, r, LAYER_CONNECTION) &&
		    !is_collected(&ctx->fn->cfg, ctx->fn->resources[r].event))
			check_one(ctx, r);
}

const struct rule rule_connection_not_returned = {
	.id = "connection-not-returned",
	.title = "A connection or pool slot is not given back on every path",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
