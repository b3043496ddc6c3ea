/*
 * unguarded-dependency - a yield dependency or context manager that gives its
 * session back only when its user returns: what the user raises skips the release.
 */
#include "rule.h"

/* The yield that hands out a session made here, or EVENT_NONE. */
static uint32_t handing_yield(const struct rule_ctx *ctx, uint32_t r)
{
	const struct function *fn = ctx->fn;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		slot_id slot = e->kind == EV_YIELD ? plan_slot(&fn->plan, e->a) : SLOT_NONE;
		if (slot == SLOT_NONE)
			continue;
		for (const struct disjunct *d = solution_at(ctx->scratch, &fn->solution, i, false);
		     d != NULL; d = d->next)
			if (d->values[slot].is & (1u << r))
				return i;
	}
	return EVENT_NONE;
}

/* A registry keeps its session for the thread or task, whoever has dropped it. */
static enum released_by released_of(const struct resource *r)
{
	if (r->origin != ORIGIN_REGISTRY)
		return dropped_release(r);
	return r->thread_local_scope ? RELEASED_THREAD_EXIT : RELEASED_NEVER;
}

/* A raw connection is freed when the frame of the generator is: that is no more than a warning. */
static enum level level_here(const struct rule_ctx *ctx, const struct resource *r,
                             enum released_by by)
{
	return by == RELEASED_PROMPT ? dropped_level(r) : level_of(ctx->policy, by, LEFT_EVERYWHERE);
}

static void fix(const struct rule_ctx *ctx, struct finding *f, const struct resource *r)
{
	struct str back = giving_back(ctx, r);
	if (back.len > 0)
		draft_detail(ctx, f, "fix", "try: yield %.*s   finally: %s%.*s", STR_ARG(r->name),
		             r->kind->is_async ? "await " : "", STR_ARG(back));
	else
		draft_detail(ctx, f, "fix", "try: yield %.*s   finally: %s%.*s.%s()",
		             STR_ARG(r->name), kind_awaits(r->kind, STR("close")) ? "await " : "",
		             STR_ARG(r->name), r->origin == ORIGIN_REGISTRY ? "remove" : "close");
}

static void report(const struct rule_ctx *ctx, uint32_t r, uint32_t yield, const struct provider *p)
{
	const struct event *e = &ctx->fn->cfg.events[yield];
	const struct resource *resource = &ctx->fn->resources[r];
	struct exit_point exit = {.kind = EXIT_YIELD, .event = yield, .span = e->span};
	enum released_by by = released_of(resource);
	bool registry = resource->origin == ORIGIN_REGISTRY;
	struct finding *f = draft(ctx, r, e->span, level_here(ctx, resource, by));
	if (p->releases)
		draft_message(ctx, f, "`%.*s` stays open when the user of %.*s raises",
		              STR_ARG(resource->name), STR_ARG(p->name));
	else
		draft_message(ctx, f, "`%.*s` is %s %.*s", STR_ARG(resource->name),
		              p->guarded ? "given back only when its user raises by"
		                         : "never given back by",
		              STR_ARG(p->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, by);
	if (!registry)
		draft_detail(ctx, f, "opened at", "%u", line_of(ctx, resource->span.start));
	if (p->releases)
		draft_detail(ctx, f, "why",
		             "an exception (HTTPException too) is raised at this yield and skips "
		             "what follows it");
	if (resource->kind->layer == LAYER_CONNECTION)
		draft_dropped(ctx, f, r);
	else
		draft_released(ctx, f, r, by);
	fix(ctx, f, resource);
	draft_submit(ctx, f);
}

/* A context manager of the project that does not give it back is reported itself. */
static bool is_reported_there(const struct resource *r)
{
	const struct provider *p = r->provider;
	return r->origin == ORIGIN_MANAGER && p != NULL && p->basis == PROVIDER_SEEN &&
	       p->recognised && p->shape == SHAPE_YIELDS && !(p->guarded && p->releases);
}

static bool is_made_here(const struct resource *r)
{
	enum origin o = r->origin;
	return (o == ORIGIN_FACTORY || o == ORIGIN_GENERATOR || o == ORIGIN_MANAGER ||
	        o == ORIGIN_REGISTRY) &&
	       !is_reported_there(r);
}

/* Stored before it is handed out: `self._conn = connect(); yield self._conn` is kept, to be used again. */
static bool is_kept(const struct rule_ctx *ctx, uint32_t yield, uint32_t r)
{
	state_set at = solution_states(ctx->scratch, &ctx->fn->solution, yield, false, r);
	return ctx->fn->resources[r].origin != ORIGIN_REGISTRY && at == STATES_GONE;
}

/*
 * `finally: if self.owns: db.close()`: who is to give it back is decided elsewhere. Where it is closed only
 * when its user raises that is another matter.
 */
static bool is_conditional(const struct rule_ctx *ctx, uint32_t r, const struct provider *p)
{
	return !p->releases && !p->guarded && ctx->fn->resources[r].origin != ORIGIN_REGISTRY &&
	       is_closed_by_call(ctx, r);
}

static void check(struct rule_ctx *ctx)
{
	const struct provider *p = provider_here(ctx);
	if (p == NULL || !p->recognised || p->shape != SHAPE_YIELDS || (p->guarded && p->releases))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		if (ctx->fn->resources[r].kind->layer == LAYER_ENGINE)
			continue;
		uint32_t yield = is_made_here(&ctx->fn->resources[r]) ? handing_yield(ctx, r)
		                                                      : EVENT_NONE;
		if (yield != EVENT_NONE && !is_kept(ctx, yield, r) && !is_conditional(ctx, r, p))
			report(ctx, r, yield, p);
	}
}

const struct rule rule_unguarded_dependency = {
	.id = "unguarded-dependency",
	.title = "A dependency does not close its session when its user raises",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
