/*
 * borrowed-session-closed - a callee closes the session that it was lent, and its caller goes on with it. A closed
 * session silently begins again: what it had loaded is detached, what it had not sent is lost.
 */
#include "rule.h"

#define CALLS_MAX 32 /* followed in one function; each is a walk through what is behind it */

/* ---- the call --------------------------------------------------------------------------------------- */

/* Does the callee leave closed, on every return, whatever it is given in that slot? */
static bool always_closes(const struct transfer *t)
{
	return !t->through_object && is_only_ended(t->normal, IS_CLOSED);
}

static bool uses(const struct action *a)
{
	return a->kind == ACTION_EFFECT && a->slot != SLOT_NONE &&
	       (a->effect.normal == DO_STATEMENT || a->effect.normal == DO_FLUSH ||
	        a->effect.normal == DO_WRITE);
}

/* ---- what the caller does then ------------------------------------------------------------------------ */

struct afterwards {
	const struct rule_ctx *ctx;
	uint32_t resource;
	uint32_t call;
	slot_id lent; /* what it is given */
	uint32_t use; /* the first one behind the call; EVENT_NONE when there is none */
};

static bool is_used_closed(const struct afterwards *a, const struct solution *from, uint32_t event)
{
	const struct action *action = &a->ctx->fn->plan.actions[event];
	if (!uses(action))
		return false;
	for (const struct disjunct *d = solution_at(a->ctx->scratch, from, event, false); d != NULL;
	     d = d->next)
		if (disjunct_resource(d, action->slot) == a->resource &&
		    is_only_ended(d->states[a->resource], IS_CLOSED))
			return true;
	return false;
}

static void follow(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct afterwards *a = arg;
	const struct event *events = a->ctx->fn->cfg.events;
	struct solution from;
	if (edge != EDGE_NEXT || disjunct_resource(d, a->lent) != a->resource)
		return;
	solve_from(a->ctx->scratch, &a->ctx->fn->plan, to, d, &from);
	for (uint32_t i = 0; i < a->ctx->fn->cfg.event_count; i++)
		if (events[i].span.start > events[a->call].span.start &&
		    is_used_closed(a, &from, i) &&
		    (a->use == EVENT_NONE || events[i].span.start < events[a->use].span.start))
			a->use = i;
}

/* ---- the callee ----------------------------------------------------------------------------------------- */

/* What its text shows: where it closes, and whether it does more than that. */
struct closer {
	const struct module *module;
	const struct scope *scope;
	uint32_t line;  /* of its close; of the def when the close stands deeper */
	bool only_ends; /* it runs no statement of its own: a helper that is there to release */
};

static bool read_closer(const struct rule_ctx *ctx, uint32_t event,
                        const struct resource_kind *kind, struct closer *out)
{
	const struct project *p = ctx->program->project;
	const struct target *t = &ctx->fn->targets[event];
	struct cfg cfg;
	if (t->kind != TARGET_SCOPE ||
	    !record_cfg(ctx->scratch, &p->modules[t->module].loaded, t->scope, &cfg))
		return false;
	*out = (struct closer){.module = project_module(p, t->module),
	                       .scope = project_scope(p, t->module, t->scope),
	                       .only_ends = true};
	out->line = module_line(out->module, out->scope->name_span.start);
	for (uint32_t i = cfg.event_count; i > 0; i--) {
		const struct event *e = &cfg.events[i - 1];
		enum operation does = e->kind == EV_CALL && e->name != NAME_NONE
		                              ? kind_effect(kind, project_text(p, e->name)).normal
		                              : DO_NOTHING;
		out->only_ends &= does != DO_STATEMENT && does != DO_FLUSH && does != DO_WRITE;
		if (does == DO_CLOSE)
			out->line = module_line(out->module, e->span.start);
	}
	return true;
}

/* ---- the finding ------------------------------------------------------------------------------------------- */

/* What gives back the session that the use has opened again. */
static enum released_by released_then(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	bool open = false;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		open |= exit_is_normal(&ctx->fn->exits[i]) && exit_is_open(&ctx->fn->exits[i], r) &&
		        !exit_passes_on(&ctx->fn->exits[i], r);
	if (!open || resource->origin == ORIGIN_LENT || resource->origin == ORIGIN_REGISTRY)
		return RELEASED_PROMPT;
	return provider_release(resource, false);
}

static void report(const struct rule_ctx *ctx, const struct afterwards *a)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	const struct resource *resource = &ctx->fn->resources[a->resource];
	enum released_by by = released_then(ctx, a->resource);
	enum level level = level_until(ctx, by);
	struct closer closer;
	if (level == LEVEL_OFF || !read_closer(ctx, a->call, resource->kind, &closer) ||
	    closer.only_ends)
		return;
	struct finding *f = draft(ctx, a->resource, cfg->events[a->call].span, level);
	struct str callee = project_text(ctx->program->project, closer.scope->name);
	uint32_t line = line_of(ctx, cfg->events[a->use].span.start);
	draft_message(ctx, f, "%.*s closes `%.*s`, which is used again at %u", STR_ARG(callee),
	              STR_ARG(resource->name), line);
	f->released_by = by;
	draft_detail(ctx, f, "closed at", "%.*s:%u", STR_ARG(closer.module->path), closer.line);
	draft_detail(ctx, f, "why",
	             "a closed session begins again: what it had loaded is detached, what it had "
	             "not committed is lost");
	draft_released(ctx, f, a->resource, by);
	draft_detail(ctx, f, "fix", "leave `%.*s` to its owner: no close in %.*s",
	             STR_ARG(resource->name), STR_ARG(callee));
	draft_submit(ctx, f);
}

/* Is the session that the call is lent in 'slot' used behind it? */
static bool is_used_behind(const struct rule_ctx *ctx, struct afterwards *a)
{
	block_id block = cfg_block_of(&ctx->fn->cfg, a->call);
	for (struct disjunct *d = ctx->fn->solution.at_entry[block]; d != NULL; d = d->next) {
		struct solve_bounds ignored = {0};
		solve_block(ctx->scratch, &ctx->fn->plan, block, d, &ignored, follow, a);
	}
	return a->use != EVENT_NONE;
}

static void check_call(const struct rule_ctx *ctx, uint32_t event)
{
	const struct action *action = &ctx->fn->plan.actions[event];
	for (uint16_t t = 0; t < action->transfer_count; t++) {
		struct afterwards a = {.ctx = ctx,
		                       .call = event,
		                       .lent = action->transfers[t].slot,
		                       .use = EVENT_NONE};
		const struct disjunct *d = solution_at(ctx->scratch, &ctx->fn->solution, event,
		                                       false);
		if (!always_closes(&action->transfers[t]) || d == NULL)
			continue;
		a.resource = disjunct_resource(d, a.lent);
		if (a.resource == RESOURCES_MAX ||
		    ctx->fn->resources[a.resource].kind->holding != HOLDING_TRANSACTION ||
		    !is_used_behind(ctx, &a))
			continue;
		report(ctx, &a);
		return;
	}
}

static void check(struct rule_ctx *ctx)
{
	unsigned left = CALLS_MAX;
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count && left > 0; i++) {
		if (ctx->fn->cfg.events[i].kind != EV_CALL ||
		    ctx->fn->plan.actions[i].kind != ACTION_CALLEE)
			continue;
		check_call(ctx, i);
		left--;
	}
}

const struct rule rule_borrowed_session_closed = {
	.id = "borrowed-session-closed",
	.title = "A callee closes the session that its caller still uses",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_ERROR},
	.precision = "high",
	.cwe = NULL,
	.check = check,
};
