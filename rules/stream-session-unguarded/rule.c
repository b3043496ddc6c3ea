/*
 * stream-session-unguarded - a generator makes a session and yields while it is in a transaction, and nothing takes it
 * back when its consumer stops: a client that disconnects, a loop that breaks, an error on the way. What is
 * behind the yield does not run then (measured: runtime.md 2, pattern 7).
 */
#include "rule.h"

/* Generators that frameworks drive to their end are providers: unguarded-dependency. */
static bool is_driven(const struct rule_ctx *ctx)
{
	static const char *const drivers[] = {"contextmanager", "asynccontextmanager", "fixture"};
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	const struct scope *s = &m->scopes[ctx->fn->scope];
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		const struct expr *d = &m->exprs[m->decorators[s->first_decorator + i]];
		const struct expr *name = d->kind == EXPR_CALL ? d + 1 : d;
		for (size_t k = 0; k < ARRAY_LEN(drivers); k++)
			if (name->kind == EXPR_NAME &&
			    str_ends(project_text(p, name->text), str_of(drivers[k])))
				return true;
	}
	return ctx->fn->entry == ENTRY_DEPENDENCY || ctx->fn->entry == ENTRY_FIXTURE ||
	       provider_here(ctx) != NULL;
}

#define YIELDS_MAX 32 /* of one generator that are looked at */

/* The first yield at which the consumer may stop and leave it. */
static uint32_t first_unguarded(const struct rule_ctx *ctx, uint32_t r)
{
	const struct function *fn = ctx->fn;
	uint32_t first = EVENT_NONE;
	unsigned left = YIELDS_MAX;
	for (uint32_t i = 0; i < fn->cfg.event_count && left > 0; i++) {
		left -= fn->cfg.events[i].kind == EV_YIELD;
		if (fn->cfg.events[i].kind != EV_YIELD ||
		    (first != EVENT_NONE &&
		     fn->cfg.events[i].span.start >= fn->cfg.events[first].span.start))
			continue;
		if (yield_leaves(ctx->scratch, fn, i, r))
			first = i;
	}
	return first;
}

static void report(const struct rule_ctx *ctx, uint32_t r, uint32_t yield)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct span at = ctx->fn->cfg.events[yield].span;
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, at, level);
	struct exit_point exit = {.kind = EXIT_YIELD, .event = yield, .span = at};
	draft_message(ctx, f, "`%.*s` is left open when whoever reads this generator stops here",
	              STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	draft_opened(ctx, f, r);
	draft_detail(ctx, f, "why",
	             "a client that disconnects or a loop that breaks ends the generator at the "
	             "yield: what is behind it does not run");
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_with(ctx, f, r, " around the yield");
	draft_submit(ctx, f);
}

/* ---- guarded, and yet -------------------------------------------------------------------------- */

/* Starlette's responses: they drop a `def` generator when the client has gone, and do not close it. */
static bool is_dropped_by_response(const struct rule_ctx *ctx)
{
	struct streamed stream;
	bool in_context;
	return stream_of_generator(ctx->program, ctx->fn->module, ctx->fn->scope, &stream,
	                           &in_context) &&
	       (str_ends(stream.class, STR("StreamingResponse")) ||
	        str_ends(stream.class, STR("EventSourceResponse")));
}

static uint32_t first_open_yield(const struct rule_ctx *ctx, uint32_t r)
{
	const struct function *fn = ctx->fn;
	unsigned left = YIELDS_MAX;
	for (uint32_t i = 0; i < fn->cfg.event_count && left > 0; i++) {
		left -= fn->cfg.events[i].kind == EV_YIELD;
		if (fn->cfg.events[i].kind == EV_YIELD &&
		    states_may(solution_states(ctx->scratch, &fn->solution, i, false, r), IS_OPEN))
			return i;
	}
	return EVENT_NONE;
}

static void note_guarded(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	uint32_t yield = first_open_yield(ctx, r);
	if (yield == EVENT_NONE || !is_dropped_by_response(ctx))
		return;
	struct span at = ctx->fn->cfg.events[yield].span;
	struct finding *f = draft(ctx, r, at, LEVEL_NOTE);
	struct exit_point exit = {.kind = EXIT_YIELD, .event = yield, .span = at};
	draft_message(ctx, f, "`%.*s` stays open when the client of this `def` generator has gone",
	              STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	draft_opened(ctx, f, r);
	draft_detail(ctx, f, "why",
	             "nobody closes a `def` generator then, so its finally or with block waits for "
	             "the garbage collector; an `async def` one is closed");
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "fix", "read before the first yield and leave the block, or async def");
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	const struct scope *s = project_scope(ctx->program->project, ctx->fn->module,
	                                      ctx->fn->scope);
	if ((s->flags & SCOPE_GENERATOR) == 0 || is_driven(ctx) || paths_were_joined(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		enum origin origin = ctx->fn->resources[r].origin;
		if ((origin != ORIGIN_FACTORY && origin != ORIGIN_GENERATOR &&
		     origin != ORIGIN_MANAGER) ||
		    is_yielded(ctx, r) || exit_leaving(ctx, r, true) != NULL)
			continue; /* left at its end as well: session-not-closed */
		uint32_t yield = origin == ORIGIN_MANAGER ? EVENT_NONE : first_unguarded(ctx, r);
		if (yield != EVENT_NONE)
			report(ctx, r, yield);
		else if ((s->flags & SCOPE_ASYNC) == 0)
			note_guarded(ctx, r);
	}
}

const struct rule rule_stream_session_unguarded = {
	.id = "stream-session-unguarded",
	.title = "A generator's own session is left when its reader stops",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
