/*
 * release-skipped-by-error - `finally: commit(); close()`: when the commit
 * fails, the close behind it is skipped, and a failed commit keeps the
 * connection (runtime.md 1.1).
 */
#include "rule.h"

/* Could this call fail and so skip what follows: a commit or flush? */
static bool may_fail(const struct action *a)
{
	return a->kind == ACTION_EFFECT &&
	       (a->effect.normal == DO_COMMIT || a->effect.normal == DO_FLUSH) &&
	       a->effect.raised == DO_FAIL;
}

struct ways {
	bool some_closed, some_held;
};

/* How the resource is left on every way out of 'from'. */
static void look_at_exits(const struct rule_ctx *ctx, const struct solution *from, uint32_t r,
                          struct ways *ways)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (block_id b = 0; b < cfg->block_count; b++) {
		const struct block *block = &cfg->blocks[b];
		if (from->at_entry[b] == NULL || block->event_count == 0)
			continue;
		uint32_t last = block->first_event + block->event_count - 1;
		if (cfg->events[last].kind != EV_LEAVE)
			continue;
		state_set s = solution_states(ctx->scratch, from, last, false, r);
		ways->some_closed |= states_may(s, IS_CLOSED);
		ways->some_held |= states_may(s, IS_HOLDING);
	}
}

struct step_arg {
	const struct rule_ctx *ctx;
	uint32_t resource;
	struct ways normal, raised;
};

static void step(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct step_arg *s = arg;
	struct solution from;
	struct ways *ways = edge == EDGE_RAISE ? &s->raised : &s->normal;
	solve_from(s->ctx->scratch, &s->ctx->fn->plan, to, d, &from);
	look_at_exits(s->ctx, &from, s->resource, ways);
}

/* Does the normal way on always reach a close that the raising one may miss? */
static bool skips_release(const struct rule_ctx *ctx, uint32_t event, struct disjunct *d, uint32_t r)
{
	struct step_arg arg = {.ctx = ctx, .resource = r};
	struct solve_bounds ignored = {0};
	solve_block(ctx->scratch, &ctx->fn->plan, cfg_block_of(&ctx->fn->cfg, event), d, &ignored,
	            step, &arg);
	return arg.normal.some_closed && !arg.normal.some_held && arg.raised.some_held;
}

static void report(const struct rule_ctx *ctx, uint32_t event, uint32_t r)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	const struct resource *resource = &ctx->fn->resources[r];
	enum released_by by = resource->origin == ORIGIN_REGISTRY ? RELEASED_NEVER
	                                                          : provider_release(resource, true);
	enum level level = level_of(ctx->policy, by, LEFT_EVERYWHERE);
	struct str call = project_text(ctx->program->project, e->name);
	struct exit_point exit = {.kind = EXIT_IMPLICIT_RAISE, .event = event, .span = e->span};
	if (level == LEVEL_OFF)
		return;
	struct finding *f = draft(ctx, r, e->span, level);
	draft_message(ctx, f, "when this %.*s() fails, `%.*s` is not closed", STR_ARG(call),
	              STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, by);
	draft_opened(ctx, f, r);
	draft_detail(ctx, f, "why",
	             "a failed %.*s() keeps the connection, and the close() behind it is skipped",
	             STR_ARG(call));
	draft_released(ctx, f, r, by);
	draft_detail(ctx, f, "fix", "try: %.*s.%.*s()   finally: %.*s.close()",
	             STR_ARG(resource->name), STR_ARG(call), STR_ARG(resource->name));
	draft_submit(ctx, f);
}

static void check_event(const struct rule_ctx *ctx, uint32_t event)
{
	block_id block = cfg_block_of(&ctx->fn->cfg, event);
	for (struct disjunct *d = ctx->fn->solution.at_entry[block]; d != NULL; d = d->next) {
		uint32_t r = disjunct_resource(d, ctx->fn->plan.actions[event].slot);
		if (r == RESOURCES_MAX || ctx->fn->resources[r].kind->layer != LAYER_SESSION ||
		    ctx->fn->resources[r].origin == ORIGIN_LENT || /* its owner's close is not skipped */
		    disjunct_tokens(d) == 0 || !skips_release(ctx, event, d, r))
			continue;
		report(ctx, event, r);
		return;
	}
}

#define COMMITS_MAX 32 /* followed in one function; each is a walk through what is behind it */

static void check(struct rule_ctx *ctx)
{
	unsigned left = COMMITS_MAX;
	if (ends_with_process(ctx))
		return; /* so does what the commit raises */
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count && left > 0; i++) {
		if (!may_fail(&ctx->fn->plan.actions[i]))
			continue;
		check_event(ctx, i);
		left--;
	}
}

const struct rule rule_release_skipped_by_error = {
	.id = "release-skipped-by-error",
	.title = "A failing commit skips the close behind it",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-404",
	.check = check,
};
