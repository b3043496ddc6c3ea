/*
 * failed-transaction-not-rolled-back - a flush or commit failed, the error was caught, and the same session is used
 * again without rollback. Followed is each failing call by itself, from its exception on, so that what other calls
 * of the same `try` raise says nothing.
 */
#include "rule.h"

#define POINTS_MAX 2000 /* that one walk visits */
#define FAILURES_MAX 32 /* calls that are followed in one function; each begins a walk */

/* ---- what fails -------------------------------------------------------------------------------- */

static bool fails(const struct action *a)
{
	return a->kind == ACTION_EFFECT && a->slot != SLOT_NONE && a->effect.raised == DO_FAIL &&
	       (a->effect.normal == DO_FLUSH || a->effect.normal == DO_COMMIT);
}

static bool goes_on(const struct action *a)
{
	return a->kind == ACTION_EFFECT && a->slot != SLOT_NONE &&
	       (a->effect.normal == DO_STATEMENT || a->effect.normal == DO_FLUSH ||
	        a->effect.normal == DO_COMMIT);
}

/* ---- what happens then --------------------------------------------------------------------------- */

/* A point that the failed session comes to: an exception under way, or, once a clause has taken it, the way on. */
struct point {
	block_id block;
	uint32_t caught; /* the EV_CATCH; EVENT_NONE while the exception is under way */
	const struct disjunct *in;
	struct point *next; /* in the queue */
	struct point *seen; /* another one of the same block */
};

/* A breadth-first walk over them: what is found first is nearest. */
struct walk {
	const struct rule_ctx *ctx;
	uint32_t resource;
	uint32_t failing; /* the event that fails */
	uint32_t caught; /* of the point at hand; in the end, the clause of the use that was found */
	uint32_t use;    /* EVENT_NONE while none was found */
	uint32_t last;   /* the last event of the block at hand */
	struct point **seen; /* per block */
	struct point *first, **end;
	uint32_t count;
};

static bool is_seen(const struct walk *w, block_id block, uint32_t caught, uint64_t key)
{
	for (const struct point *p = w->seen[block]; p != NULL; p = p->seen)
		if (p->caught == caught && p->in->key == key)
			return true;
	return false;
}

static void add_point(struct walk *w, block_id block, uint32_t caught, const struct disjunct *d)
{
	state_set s = d->states[w->resource];
	bool failed = states_must(s, IS_FAILED) && (s & STATES_UNSURE) == 0;
	if (!failed || w->count == POINTS_MAX || is_seen(w, block, caught, d->key))
		return;
	struct point *p = arena_new(w->ctx->scratch, struct point);
	*p = (struct point){.block = block, .caught = caught, .in = d, .seen = w->seen[block]};
	w->seen[block] = p;
	*w->end = p;
	w->end = &p->next;
	w->count++;
}

/* The call itself raises: here it begins. */
static void begin(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct walk *w = arg;
	const struct action *failing = &w->ctx->fn->plan.actions[w->failing];
	if (edge != EDGE_RAISE || disjunct_resource(d, failing->slot) != w->resource)
		return;
	d->states[w->resource] = states_after(HOLDING_TRANSACTION, DO_FAIL, states_fresh());
	add_point(w, to, EVENT_NONE, d);
}

/* One step on. What other calls may raise on the way is not followed: that is another error. */
static void go_on(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct walk *w = arg;
	const struct event *last = &w->ctx->fn->cfg.events[w->last];
	if (edge == EDGE_RAISE && last->kind == EV_RAISE)
		add_point(w, to, EVENT_NONE, d);
	else if (edge == EDGE_RAISE && (w->caught != EVENT_NONE || last->kind != EV_EXIT))
		return;
	else if (edge == EDGE_NEXT && last->kind == EV_CATCH && w->caught == EVENT_NONE)
		add_point(w, to, w->last, d);
	else
		add_point(w, to, w->caught, d);
}

static void visit(struct walk *w, const struct point *p)
{
	const struct plan *plan = &w->ctx->fn->plan;
	const struct block *b = &plan->cfg->blocks[p->block];
	struct solve_bounds ignored = {0};
	w->caught = p->caught;
	w->last = b->first_event + b->event_count - (b->event_count > 0);
	if (b->event_count > 0 && p->caught != EVENT_NONE && goes_on(&plan->actions[w->last]) &&
	    disjunct_resource(p->in, plan->actions[w->last].slot) == w->resource)
		w->use = w->last;
	else
		solve_block(w->ctx->scratch, plan, p->block, p->in, &ignored, go_on, w);
}

/* Is the session used, in the failed transaction, behind a clause that has taken the error of 'failing'? */
static bool is_used_on(struct walk *w)
{
	const struct plan *plan = &w->ctx->fn->plan;
	struct solve_bounds ignored = {0};
	block_id block = cfg_block_of(plan->cfg, w->failing);
	w->seen = arena_array(w->ctx->scratch, struct point *, plan->cfg->block_count);
	w->end = &w->first;
	for (struct disjunct *d = w->ctx->fn->solution.at_entry[block]; d != NULL; d = d->next)
		solve_block(w->ctx->scratch, plan, block, d, &ignored, begin, w);
	for (const struct point *p = w->first; p != NULL && w->use == EVENT_NONE; p = p->next)
		visit(w, p);
	return w->use != EVENT_NONE;
}

/* ---- the finding ---------------------------------------------------------------------------------- */

static void report(const struct rule_ctx *ctx, const struct walk *w)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	const struct resource *resource = &ctx->fn->resources[w->resource];
	const struct event *failing = &cfg->events[w->failing], *next = &cfg->events[w->use];
	const char *await = resource->kind->is_async ? "await " : "";
	struct finding *f = draft(ctx, w->resource, cfg->events[w->caught].span, LEVEL_WARNING);
	struct str call = project_text(ctx->program->project, failing->name);
	draft_message(ctx, f, "`%.*s` goes on after a failed %.*s() without rollback",
	              STR_ARG(resource->name), STR_ARG(call));
	f->missing = MISSING_ROLLBACK;
	draft_detail(ctx, f, "fails at", "%u", line_of(ctx, failing->span.start));
	draft_detail(ctx, f, "used at", "%u%s", line_of(ctx, next->span.start),
	             next->span.start > cfg->events[w->caught].span.start
	                     ? ""
	                     : ", in the next turn of the loop");
	draft_detail(ctx, f, "why",
	             "until rollback() every use raises, and the connection stays out");
	draft_detail(
		ctx, f, "fix",
		"%s%.*s.rollback() first in this clause, or %swith %.*s.begin_nested(): around "
		"what may fail",
		await, STR_ARG(resource->name), resource->kind->is_async ? "async " : "",
		STR_ARG(resource->name));
	draft_submit(ctx, f);
}

/* Calls that roll back what the states do not show: a savepoint's own object, a method that was not found. */
static bool may_roll_back_unseen(const struct rule_ctx *ctx)
{
	const struct project *p = ctx->program->project;
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		const struct action *a = &ctx->fn->plan.actions[i];
		if (e->kind != EV_CALL || e->name == NAME_NONE)
			continue;
		struct str name = project_text(p, e->name);
		bool known = a->kind == ACTION_EFFECT || a->kind == ACTION_CALLEE;
		if (str_is(dotted_last(name), "rollback") && !known)
			return true;
	}
	return false;
}

/* A registry may be rolled back by anybody, and a connection by itself begins anew after a failed commit. */
static bool is_judged(const struct resource *r)
{
	return r->origin != ORIGIN_REGISTRY && r->kind->holding == HOLDING_TRANSACTION;
}

/* The session that the event works on: of several that are there on different paths, one that is made here before one that is lent. */
static uint32_t resource_of(const struct rule_ctx *ctx, uint32_t event)
{
	uint32_t found = RESOURCES_MAX;
	for (const struct disjunct *d = solution_at(ctx->scratch, &ctx->fn->solution, event, false);
	     d != NULL; d = d->next) {
		uint32_t r = disjunct_resource(d, ctx->fn->plan.actions[event].slot);
		if (r != RESOURCES_MAX && (found == RESOURCES_MAX || r > found))
			found = r;
	}
	return found;
}

/* One finding a session and function. */
static void check_failure(const struct rule_ctx *ctx, uint32_t event, uint32_t *reported)
{
	uint32_t r = resource_of(ctx, event);
	struct walk w = {.ctx = ctx, .resource = r, .failing = event, .use = EVENT_NONE};
	if (r >= ctx->fn->plan.resource_count || (*reported & (1u << r)) != 0 ||
	    !is_judged(&ctx->fn->resources[r]) || !is_used_on(&w))
		return;
	report(ctx, &w);
	*reported |= 1u << r;
}

static bool catches(const struct cfg *cfg)
{
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_CATCH)
			return true;
	return false;
}

static void check(struct rule_ctx *ctx)
{
	unsigned left = FAILURES_MAX;
	uint32_t reported = 0;
	if (ctx->policy == POLICY_LEAKS || !catches(&ctx->fn->cfg) || paths_were_joined(ctx) ||
	    may_roll_back_unseen(ctx))
		return;
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count && left > 0; i++) {
		if (!fails(&ctx->fn->plan.actions[i]))
			continue;
		check_failure(ctx, i, &reported);
		left--;
	}
}

const struct rule rule_failed_transaction_not_rolled_back = {
	.id = "failed-transaction-not-rolled-back",
	.title = "A session goes on after a caught database error without rollback",
	.level_max = LEVEL_WARNING,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_OFF},
	.precision = "high",
	.cwe = NULL,
	.check = check,
};
