/*
 * dependency-returns-session - a dependency that returns a session it opened:
 * FastAPI gives back only what a dependency yields, so this one is never closed.
 * And one that hides an injected session in a dict or tuple which also handlers get that stream.
 */
#include "rule.h"

/* ---- a session of its own ------------------------------------------------------------------ */

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

static void check_opened(const struct rule_ctx *ctx)
{
	const struct provider *p = provider_here(ctx);
	if (p == NULL || p->shape != SHAPE_RETURNS)
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

/* ---- an injected session, hidden in what is returned ---------------------------------------- */

/* Is a dict, tuple or list written down at this return, or just before it in a variable? */
static bool returns_container(const struct rule_ctx *ctx, const struct exit_point *exit)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	ref value = cfg->events[exit->event].a;
	for (uint32_t i = exit->event; i > 0 && ref_kind(value) == REF_KIND_PLACE; i--)
		if (cfg->events[i - 1].kind == EV_ASSIGN && cfg->events[i - 1].a == value)
			value = cfg->events[i - 1].b;
	if (ref_kind(value) != REF_KIND_TEMP)
		return false;
	const struct event *made = &cfg->events[ref_index(value)];
	return made->kind == EV_BUILD &&
	       (made->op == BUILD_DICT || made->op == BUILD_TUPLE || made->op == BUILD_LIST);
}

static bool exposes(const struct rule_ctx *ctx, const struct exit_point *e, uint32_t r)
{
	return exit_is_normal(e) && exit_passes_on(e, r) && returns_container(ctx, e);
}

static void tell_reach(const struct rule_ctx *ctx, struct finding *f,
                       const struct dependency_reach *reach)
{
	const struct dependency_node *h = &ctx->program->dependencies->nodes[reach->first_streaming];
	const struct module *m = project_module(ctx->program->project, h->module);
	draft_detail(ctx, f, "reaches",
	             "%u handler%s that stream%s or hold%s a socket: %.*s (%.*s:%u)",
	             reach->streaming + reach->websockets,
	             reach->streaming + reach->websockets == 1 ? "" : "s",
	             reach->streaming + reach->websockets == 1 ? "s" : "",
	             reach->streaming + reach->websockets == 1 ? "s" : "", STR_ARG(h->name),
	             STR_ARG(m->path), module_line(m, m->scopes[h->scope].name_span.start));
}

/* The first exit that exposes it, or NULL. */
static const struct exit_point *first_exposing(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exposes(ctx, &ctx->fn->exits[i], r))
			return &ctx->fn->exits[i];
	return NULL;
}

static void report_exposed(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *first,
                           const struct dependency_reach *reach)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, first->span, LEVEL_WARNING);
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exposes(ctx, &ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE, RELEASED_STREAM_END);
	draft_message(ctx, f, "`%.*s` is handed on inside what %.*s returns",
	              STR_ARG(resource->name), STR_ARG(f->function));
	draft_opened(ctx, f, r);
	draft_detail(
		ctx, f, "why",
		"whoever reads it there keeps or re-opens a session that is not theirs to end");
	tell_reach(ctx, f, reach);
	draft_released(ctx, f, r, RELEASED_STREAM_END);
	draft_detail(
		ctx, f, "fix",
		"return plain data, and end `%.*s` before; handlers ask for a session of their own",
		STR_ARG(resource->name));
	draft_submit(ctx, f);
}

/* A stream or a socket outlives the request that the session was made for. */
static void check_exposed(const struct rule_ctx *ctx)
{
	const struct dependency_graph *g = ctx->program->dependencies;
	struct dependency_reach reach = dependency_reach(
		g, dependency_node_of(g, ctx->fn->module, ctx->fn->scope));
	if (reach.first_streaming == NODE_NONE)
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct exit_point *first = ctx->fn->resources[r].origin == ORIGIN_DEPENDENCY
		                                         ? first_exposing(ctx, r)
		                                         : NULL;
		if (first != NULL)
			report_exposed(ctx, r, first, &reach);
	}
}

static void check(struct rule_ctx *ctx)
{
	if (ctx->fn->entry != ENTRY_DEPENDENCY)
		return;
	check_opened(ctx);
	check_exposed(ctx);
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
