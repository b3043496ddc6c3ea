/*
 * unended-transaction - a transaction that was begun by hand is still open on some way out; or one that a
 * statement began by itself, on a connection that is kept and that nobody can end.
 */
#include "rule.h"

/* Does the event begin a transaction in so many words, on this resource? */
static bool begins(const struct rule_ctx *ctx, uint32_t event, uint32_t r)
{
	const struct action *a = &ctx->fn->plan.actions[event];
	return a->kind == ACTION_EFFECT && a->effect.normal == DO_STATEMENT &&
	       a->effect.raised == DO_NOTHING && is_in_slot(ctx, event, a->slot, r);
}

static uint32_t first_begin(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count; i++)
		if (begins(ctx, i, r))
			return i;
	return EVENT_NONE;
}

static unsigned count_normal(const struct rule_ctx *ctx, uint32_t r, bool open)
{
	unsigned n = 0;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		n += exit_is_normal(&ctx->fn->exits[i]) &&
		     (!open || exit_leaves(&ctx->fn->exits[i], r));
	return n;
}

static bool is_entry(enum entry_kind kind)
{
	return kind == ENTRY_HTTP || kind == ENTRY_WEBSOCKET || kind == ENTRY_SOCKETIO ||
	       kind == ENTRY_TASK || kind == ENTRY_SCHEDULER;
}

static enum released_by release_of(const struct resource *r)
{
	return r->origin == ORIGIN_FACTORY ? dropped_release(r) : RELEASED_NEVER;
}

static struct finding *report(const struct rule_ctx *ctx, uint32_t r, struct span at,
                              const struct exit_point *e, enum level level)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, at, level);
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) == exit_is_normal(e) &&
		    exit_leaves(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_COMMIT | MISSING_ROLLBACK,
			           release_of(resource));
	return f;
}

/* Helpers, and what is called inside another method, are ended by their callers. */
static bool is_called_by_own(const struct rule_ctx *ctx)
{
	const struct function *fn = ctx->fn;
	const struct scope *own = project_scope(ctx->program->project, fn->module, fn->scope);
	return own->name != NAME_NONE && notes_called_by_other(ctx, own->name, fn->scope);
}

/* ---- begun by hand --------------------------------------------------------------------- */

/*
 * A function all of whose returns leave it open is there to begin (a lock, begin() of a wrapper), unless
 * nobody can come after it. What it leaves when it raises is its own.
 */
static const struct exit_point *begun_and_left(const struct rule_ctx *ctx, uint32_t r)
{
	unsigned open = count_normal(ctx, r, true);
	bool some = open > 0 && open < count_normal(ctx, r, false);
	if (some || (open > 0 && is_entry(ctx->fn->entry)) ||
	    (open > 0 && ctx->fn->resources[r].origin == ORIGIN_FACTORY))
		return exit_leaving(ctx, r, true);
	return NULL;
}

/* Can anything raise once it has begun? What raises before is another transaction's. */
static bool may_raise_after(const struct rule_ctx *ctx, uint32_t begin)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	block_id next = cfg->blocks[cfg_block_of(cfg, begin)].succ[EDGE_NEXT];
	if (next == BLOCK_NONE)
		return false;
	const bool *after = blocks_after(ctx->scratch, cfg, next, WAYS_ALL, NULL);
	for (block_id b = 0; b < cfg->block_count; b++)
		if ((after[b] || b == next) && cfg->blocks[b].succ[EDGE_RAISE] != BLOCK_NONE)
			return true;
	return false;
}

static void check_begun(const struct rule_ctx *ctx, uint32_t r, uint32_t begin)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct exit_point *e = begun_and_left(ctx, r);
	bool made = resource->origin == ORIGIN_FACTORY;
	if (e == NULL && resource->kept != NULL && may_raise_after(ctx, begin) &&
	    !is_called_by_own(ctx))
		e = exit_leaving(ctx, r, false);
	if (e == NULL)
		return;
	enum level level = !exit_is_normal(e) ? LEVEL_WARNING
	                   : made             ? dropped_level(resource)
	                                      : LEVEL_ERROR;
	/* an implicit way out has no line of its own */
	struct span at = exit_is_normal(e) ? e->span : ctx->fn->cfg.events[begin].span;
	struct finding *f = report(ctx, r, at, e, level);
	unsigned line = line_of(ctx, ctx->fn->cfg.events[begin].span.start);
	if (exit_is_normal(e)) {
		draft_message(ctx, f,
		              "the transaction that `%.*s` began at %u is left open at this return",
		              STR_ARG(resource->name), line);
		draft_aside_returns(ctx, f, count_normal(ctx, r, true));
	} else {
		draft_message(
			ctx, f,
			"the transaction that `%.*s` begins here stays open when something raises",
			STR_ARG(resource->name));
	}
	draft_detail(ctx, f, "begun at", "%u", line);
	if (made)
		draft_dropped(ctx, f, r);
	else
		draft_detail(ctx, f, "released",
		             "by whoever uses the connection next, if he ends it");
	draft_detail(ctx, f, "fix",
	             "roll back before each such way out: try: ...   except: ROLLBACK; raise");
	draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

/* ---- begun by the first statement ---------------------------------------------------------- */

static void check_implied(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	uint32_t statement = first_statement(ctx, r);
	const struct exit_point *e = exit_leaving(ctx, r, true);
	if (e == NULL || statement == EVENT_NONE || kept_is_ended_elsewhere(ctx, resource) ||
	    is_called_by_own(ctx))
		return;
	struct finding *f = report(ctx, r, e->span, e, LEVEL_WARNING);
	unsigned line = line_of(ctx, ctx->fn->cfg.events[statement].span.start);
	draft_message(ctx, f,
	              "the statement at %u opens a transaction on `%.*s`, and nothing ends it",
	              line, STR_ARG(resource->name));
	draft_aside_returns(ctx, f, count_normal(ctx, r, true));
	draft_detail(ctx, f, "why",
	             "the driver begins a transaction with the first statement, a SELECT too");
	draft_detail(ctx, f, "released",
	             "when a later call commits, or with the object that keeps it");
	draft_detail(ctx, f, "fix", "%.*s.commit() before the return, or autocommit",
	             STR_ARG(resource->name));
	draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	if (paths_were_joined(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (resource->kind->layer != LAYER_CONNECTION || is_yielded(ctx, r))
			continue;
		uint32_t begin = first_begin(ctx, r);
		if (begin != EVENT_NONE)
			check_begun(ctx, r, begin);
		else if (resource->origin == ORIGIN_KEPT)
			check_implied(ctx, r);
	}
}

const struct rule rule_unended_transaction = {
	.id = "unended-transaction",
	.title = "A transaction is neither committed nor rolled back on every path",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
