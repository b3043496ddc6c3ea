/*
 * lost-write - what is written to a session is committed by nobody, on no path: the session's end rolls it
 * back without a word. Conditional commits are the author's business (dry runs, checks), so a write
 * counts only when no way on from it comes to a commit or a rollback, nor to anybody unknown.
 */
#include "rule.h"

#define WRITES_MAX 32 /* followed in one function; each is a walk through what is behind it */

/* ---- which sessions ------------------------------------------------------------------------------ */

/* Is a session's end here, or in a provider that was read and that commits nothing? */
static bool ends_uncommitted(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct provider *p = resource->provider;
	bool read = p != NULL && p->basis == PROVIDER_SEEN && p->releases && !p->may_commit;
	switch (resource->origin) {
	case ORIGIN_FACTORY:
	case ORIGIN_GENERATOR: return true;
	case ORIGIN_MANAGER: return read;
	case ORIGIN_DEPENDENCY:
		/* a dependency's session goes on in its handler, a decorator's after it */
		return read && p->shape == SHAPE_YIELDS && !ctx->fn->unknown_decorator &&
		       ctx->fn->entry != ENTRY_NONE && ctx->fn->entry != ENTRY_DEPENDENCY;
	case ORIGIN_REGISTRY:
	case ORIGIN_KEPT:
	case ORIGIN_LENT: break;
	}
	return false;
}

/* SessionLocal.begin() commits when its block is left. */
static bool is_begun(const struct rule_ctx *ctx, uint32_t r)
{
	uint32_t made = ctx->fn->resources[r].event;
	const struct event *e = made == EVENT_NONE ? NULL : &ctx->fn->cfg.events[made];
	return e != NULL && e->kind == EV_CALL &&
	       str_is(project_text(ctx->program->project, e->name), "begin");
}

static bool holds_at(const struct rule_ctx *ctx, uint32_t event, ref operand, uint32_t r)
{
	slot_id slot = plan_slot(&ctx->fn->plan, operand);
	for (const struct disjunct *d =
	             slot == SLOT_NONE ? NULL
	                               : solution_at(ctx->scratch, &ctx->fn->solution, event, false);
	     d != NULL; d = d->next)
		if ((d->values[slot].holds & (1u << r)) != 0)
			return true;
	return false;
}

/* Does a call speak of a commit, or take what was written out of the session? */
static bool speaks_of_commit(struct str name)
{
	static const char *const words[] = {"commit", "expunge", "make_transient"};
	return str_contains_any(name, words, ARRAY_LEN(words));
}

/* The name under which an event calls something; empty for other events. */
static struct str called(const struct rule_ctx *ctx, const struct event *e)
{
	const struct project *p = ctx->program->project;
	if (e->kind != EV_CALL || (e->name == NAME_NONE && ref_kind(e->a) != REF_KIND_PLACE))
		return STR_EMPTY;
	return project_text(p, e->name != NAME_NONE ? e->name
	                                            : ctx->fn->cfg.places[ref_index(e->a)].root);
}

/* May something commit that the states do not show: a commit of something else, a manager that has the session? */
static bool may_commit_unseen(const struct rule_ctx *ctx, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind == EV_ENTER && holds_at(ctx, i, e->a, r))
			return true;
		const struct action *a = &ctx->fn->plan.actions[i];
		bool unseen = a->kind != ACTION_EFFECT || a->effect.normal == DO_NOTHING;
		if (e->kind == EV_CALL && unseen && speaks_of_commit(called(ctx, e)))
			return true;
	}
	return intern_find(ctx->program->project->names, STR("AUTOCOMMIT")) != NAME_NONE;
}

/* ---- which writes ---------------------------------------------------------------------------------- */

/* Loaf(...), models.Loaf(...): by convention classes begin with a capital. */
static bool is_construction(const struct rule_ctx *ctx, ref r)
{
	if (ref_kind(r) != REF_KIND_TEMP)
		return false;
	struct str name = called(ctx, &ctx->fn->cfg.events[ref_index(r)]);
	return name.len > 0 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
}

/* Was the object made here? What comes from elsewhere may only be put back to be read. */
static bool is_new_object(const struct rule_ctx *ctx, ref r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	bool any = false;
	if (ref_kind(r) != REF_KIND_PLACE)
		return is_construction(ctx, r);
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		if (cfg->events[i].kind != EV_ASSIGN || cfg->events[i].a != r)
			continue;
		if (!is_construction(ctx, cfg->events[i].b))
			return false;
		any = true;
	}
	return any;
}

static bool is_write(const struct rule_ctx *ctx, uint32_t event)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	const struct action *a = &ctx->fn->plan.actions[event];
	if (e->kind != EV_CALL || a->kind != ACTION_EFFECT || a->effect.normal != DO_WRITE ||
	    a->slot == SLOT_NONE || e->arg_count == 0)
		return false;
	return !str_is(called(ctx, e), "add") ||
	       is_new_object(ctx, ctx->fn->cfg.args[e->first_arg].value);
}

/* ---- what becomes of a write -------------------------------------------------------------------------- */

struct fate {
	const struct rule_ctx *ctx;
	uint32_t resource;
	slot_id slot; /* that is written to */
	bool works;   /* on the resource, on some path */
	bool leaves;  /* some normal exit is reached */
	bool kept;    /* or may be: committed, rolled back on purpose, in other hands */
	uint32_t close; /* the event that closes the session with the write in it; EVENT_NONE: none does */
};

static void look_at_exits(struct fate *f, const struct solution *from)
{
	const struct function *fn = f->ctx->fn;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		state_set s = solution_states(f->ctx->scratch, from, fn->exits[i].event, false,
		                              f->resource);
		if (s == 0 || !exit_is_normal(&fn->exits[i]))
			continue;
		f->leaves = true;
		f->kept |= states_may(s, IS_TRANSACTION_ENDED) ||
		           (s & (STATES_UNSURE | STATES_GONE)) != 0 ||
		           exit_passes_on(&fn->exits[i], f->resource);
	}
}

static bool closes(const struct action *a)
{
	return a->kind == ACTION_EFFECT && a->effect.normal == DO_CLOSE;
}

/* The first close on the normal way that meets the write. */
static void look_at_closes(struct fate *f, const struct solution *from)
{
	const struct function *fn = f->ctx->fn;
	for (uint32_t i = 0; i < fn->cfg.event_count && f->close == EVENT_NONE; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (!closes(&fn->plan.actions[i]) || (e->kind == EV_EXIT && e->op == EXIT_RAISED))
			continue;
		state_set before = solution_states(f->ctx->scratch, from, i, false, f->resource);
		state_set after = solution_states(f->ctx->scratch, from, i, true, f->resource);
		if (states_may(before, IS_TOUCHED) && before != after)
			f->close = i;
	}
}

static void follow(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct fate *f = arg;
	struct solution from;
	state_set *s = &d->states[f->resource];
	if (edge == EDGE_RAISE || *s == 0 || (d->values[f->slot].is & (1u << f->resource)) == 0)
		return;
	f->works = true;
	/* what was ended before the write is over */
	*s = (*s & (STATES_UNSURE | STATES_GONE)) |
	     states_after(HOLDING_TRANSACTION, DO_WRITE, states_fresh());
	solve_from(f->ctx->scratch, &f->ctx->fn->plan, to, d, &from);
	look_at_exits(f, &from);
	if (!f->kept)
		look_at_closes(f, &from);
}

/* Is the write of 'event' lost on every way on? Fills 'f'. */
static bool is_lost(const struct rule_ctx *ctx, uint32_t event, uint32_t r, struct fate *f)
{
	block_id block = cfg_block_of(&ctx->fn->cfg, event);
	*f = (struct fate){.ctx = ctx,
	                   .resource = r,
	                   .slot = ctx->fn->plan.actions[event].slot,
	                   .close = EVENT_NONE};
	for (struct disjunct *d = ctx->fn->solution.at_entry[block]; d != NULL && !f->kept;
	     d = d->next) {
		struct solve_bounds ignored = {0};
		solve_block(ctx->scratch, &ctx->fn->plan, block, d, &ignored, follow, f);
	}
	return f->works && f->leaves && !f->kept;
}

/* ---- the finding ------------------------------------------------------------------------------------------ */

static void report(const struct rule_ctx *ctx, uint32_t write, const struct fate *f)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	const struct resource *resource = &ctx->fn->resources[f->resource];
	struct span span = cfg->events[f->close != EVENT_NONE ? f->close : write].span;
	struct finding *out = draft(ctx, f->resource, span, LEVEL_WARNING);
	const char *await = resource->kind->is_async ? "await " : "";
	uint32_t line = line_of(ctx, cfg->events[write].span.start);
	if (f->close != EVENT_NONE)
		draft_message(ctx, out, "`%.*s` is closed with writes that nobody commits",
		              STR_ARG(resource->name));
	else
		draft_message(ctx, out, "nobody commits what is written here");
	out->missing = MISSING_COMMIT;
	if (f->close != EVENT_NONE)
		draft_detail(ctx, out, "written at", "%u", line);
	if (resource->provider != NULL && out->resource.provider_at.line > 0)
		draft_detail(ctx, out, "opened by", "%.*s (%.*s:%u), which commits nothing",
		             STR_ARG(resource->provider->name),
		             STR_ARG(out->resource.provider_at.path),
		             out->resource.provider_at.line);
	draft_detail(ctx, out, "why",
	             "no path from %u commits, and the end of a session rolls back", line);
	draft_detail(ctx, out, "fix", "%s%.*s.commit() behind %u", await, STR_ARG(resource->name),
	             line);
	draft_submit(ctx, out);
}

/* Follows at most 'left' writes, up to the first that is lost; how many may still be followed. */
static unsigned check_resource(const struct rule_ctx *ctx, uint32_t r, unsigned left)
{
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count && left > 0; i++) {
		struct fate f;
		if (!is_write(ctx, i))
			continue;
		left--;
		if (!is_lost(ctx, i, r, &f))
			continue;
		report(ctx, i, &f);
		break;
	}
	return left;
}

static void check(struct rule_ctx *ctx)
{
	unsigned left = WRITES_MAX;
	if (ctx->policy == POLICY_LEAKS || paths_were_joined(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (ends_uncommitted(ctx, r) && !is_yielded(ctx, r) && !is_begun(ctx, r) &&
		    !may_commit_unseen(ctx, r))
			left = check_resource(ctx, r, left);
}

const struct rule rule_lost_write = {
	.id = "lost-write",
	.title = "What is written to a session is committed by nobody",
	.level_max = LEVEL_WARNING,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_OFF},
	.precision = "high",
	.cwe = NULL,
	.check = check,
};
