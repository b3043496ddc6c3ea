/*
 * release-not-called - a release that is written down and does not happen:
 * `db.close` without parentheses, an async close that nobody awaits, remove() on a session,
 * the close of a session that was made for the purpose.
 */
#include "rule.h"

/* Is what the method does to a session of this kind an end of it? */
static bool ends(const struct resource_kind *k, struct str method)
{
	return operation_ends(kind_effect(k, method).normal);
}

/* ---- what happens because of it ------------------------------------------------------------- */

/* The clean-up of an entry point is its thread's only one, unless somebody else ends the registry's sessions. */
static enum released_by left_by_registry(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct scope *s = project_scope(ctx->program->project, ctx->fn->module,
	                                      ctx->fn->scope);
	enum entry_kind entry = ctx->fn->entry;
	bool cleaned = program_cleans_entry(ctx->program, resource->identity, resource->managed,
	                                    entry, (s->flags & SCOPE_ASYNC) != 0);
	return entry != ENTRY_NONE && !cleaned ? RELEASED_NEVER : RELEASED_PROMPT;
}

/* What gives back a session that some exit leaves open; prompt when none does, or when its user is not known. */
static enum released_by left_until(const struct rule_ctx *ctx, uint32_t r,
                                   const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	if (resource->origin == ORIGIN_DEPENDENCY)
		return provider_release(resource, !exit_is_normal(e));
	if (resource->origin == ORIGIN_FACTORY || resource->origin == ORIGIN_GENERATOR)
		return RELEASED_GARBAGE_COLLECTION;
	return resource->origin == ORIGIN_REGISTRY ? left_by_registry(ctx, r) : RELEASED_PROMPT;
}

/* A connection, engine or pool that is made here: then what is dropped counts, in a transaction or not. */
static bool is_dropped_here(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	return resource->kind->layer != LAYER_SESSION && resource->origin == ORIGIN_FACTORY;
}

static void list_exits(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	bool dropped = is_dropped_here(ctx, r);
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (dropped ? exit_keeps_connection(e, r) : exit_leaves(e, r))
			draft_exit(ctx, f, e, MISSING_CLOSE,
			           dropped ? dropped_release(&ctx->fn->resources[r])
			                   : left_until(ctx, r, e));
	}
}

/* A finding at 'event' with the exits that leave 'r' open, and its level. */
static struct finding *begin(const struct rule_ctx *ctx, uint32_t r, uint32_t event)
{
	struct finding *f = draft(ctx, r, ctx->fn->cfg.events[event].span, LEVEL_WARNING);
	list_exits(ctx, f, r);
	f->level = is_dropped_here(ctx, r) && f->exit_count > 0
	                   ? dropped_level(&ctx->fn->resources[r])
	                   : level_until(ctx, f->released_by);
	return f;
}

static void explain(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	draft_opened(ctx, f, r);
	if (is_dropped_here(ctx, r) && f->exit_count > 0)
		draft_dropped(ctx, f, r);
	else if (f->exit_count > 0 || f->released_by == RELEASED_NEVER)
		draft_released(ctx, f, r, f->released_by);
}

static void submit(const struct rule_ctx *ctx, struct finding *f)
{
	if (f->level != LEVEL_OFF)
		draft_submit(ctx, f);
}

/* ---- mentioned, not called --------------------------------------------------------------------- */

/* The one resource that an operand is at 'event', or RESOURCES_MAX. */
static uint32_t resource_of(const struct rule_ctx *ctx, uint32_t event, ref operand)
{
	slot_id slot = plan_slot(&ctx->fn->plan, operand);
	uint32_t is = 0;
	for (const struct disjunct *d =
	             slot == SLOT_NONE ? NULL
	                               : solution_at(ctx->scratch, &ctx->fn->solution, event, false);
	     d != NULL; d = d->next)
		is |= d->values[slot].is;
	return value_resource(is);
}

static void check_mention(const struct rule_ctx *ctx, uint32_t event)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	struct str method = project_text(ctx->program->project, e->name);
	uint32_t r = resource_of(ctx, event, e->a);
	if (r == RESOURCES_MAX || !ends(ctx->fn->resources[r].kind, method))
		return;
	struct str name = ctx->fn->resources[r].name;
	const char *await = kind_awaits(ctx->fn->resources[r].kind, method) ? "await " : "";
	struct finding *f = begin(ctx, r, event);
	draft_message(ctx, f, "`%.*s.%.*s` is not called: it is only looked at", STR_ARG(name),
	              STR_ARG(method));
	explain(ctx, f, r);
	draft_detail(ctx, f, "fix", "%s%.*s.%.*s()", await, STR_ARG(name), STR_ARG(method));
	submit(ctx, f);
}

/* ---- called, not awaited -------------------------------------------------------------------------- */

static bool is_discarded_call(const struct event *e)
{
	return (e->flags & (EVF_DISCARDED | EVF_AWAITED)) == EVF_DISCARDED;
}

static void check_unawaited(const struct rule_ctx *ctx, uint32_t event, uint32_t r,
                            struct str method)
{
	struct str name = ctx->fn->resources[r].name;
	struct finding *f = begin(ctx, r, event);
	draft_message(ctx, f, "`%.*s.%.*s()` is not awaited, so it does not run", STR_ARG(name),
	              STR_ARG(method));
	explain(ctx, f, r);
	draft_detail(ctx, f, "fix", "await %.*s.%.*s()", STR_ARG(name), STR_ARG(method));
	submit(ctx, f);
}

/* ---- remove() of a session --------------------------------------------------------------------------- */

static bool is_call_of_registry(const struct cfg *cfg, ref value)
{
	const struct event *made = ref_kind(value) == REF_KIND_TEMP ? &cfg->events[ref_index(value)]
	                                                            : NULL;
	return made != NULL && made->kind == EV_CALL && made->name == NAME_NONE;
}

/* Is it what a registry's call returns, its present session, and never anything else? */
static bool is_session_of_registry(const struct rule_ctx *ctx, ref place)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	bool any = false;
	if (ref_kind(place) == REF_KIND_TEMP)
		return is_call_of_registry(cfg, place);
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_ASSIGN || e->a != place)
			continue;
		if (!is_call_of_registry(cfg, e->b))
			return false;
		any = true;
	}
	return any;
}

static void check_remove(const struct rule_ctx *ctx, uint32_t event, uint32_t r)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	const struct resource *resource = &ctx->fn->resources[r];
	bool registry = resource->kind->is_registry;
	if (registry && (resource->origin == ORIGIN_FACTORY || !is_session_of_registry(ctx, e->a)))
		return; /* a registry that is made here is what the local names */
	struct finding *f = begin(ctx, r, event);
	if (registry && left_by_registry(ctx, r) > f->released_by) {
		f->released_by = left_by_registry(ctx, r);
		f->level = level_until(ctx, f->released_by);
	}
	draft_message(ctx, f, "a session has no remove(): this raises AttributeError");
	draft_detail(ctx, f, "why", "remove() is the registry's: a scoped_session has it");
	explain(ctx, f, r);
	if (registry)
		draft_detail(ctx, f, "fix", "%.*s.remove()", STR_ARG(resource->name));
	else
		draft_detail(ctx, f, "fix", "%.*s.close()", STR_ARG(resource->name));
	submit(ctx, f);
}

/* ---- another session than the one that was used --------------------------------------------------------- */

/* The resource that the call acquires for nothing but this close, or RESOURCES_MAX. */
static uint32_t fresh_receiver(const struct rule_ctx *ctx, const struct event *e)
{
	if (ref_kind(e->a) != REF_KIND_TEMP)
		return RESOURCES_MAX;
	const struct action *a = &ctx->fn->plan.actions[ref_index(e->a)];
	if (a->kind != ACTION_ACQUIRE)
		return RESOURCES_MAX;
	const struct resource *made = &ctx->fn->resources[a->resource];
	bool new_each_time = made->origin == ORIGIN_GENERATOR ||
	                     (made->origin == ORIGIN_FACTORY && made->provider == NULL);
	bool empty = made->kind->holding == HOLDING_TRANSACTION; /* a new Session holds nothing */
	return new_each_time && empty ? a->resource : RESOURCES_MAX;
}

/* The registry whose factory the call before this close asks for a new session, or RESOURCES_MAX. */
static uint32_t bypassed_registry(const struct rule_ctx *ctx, const struct event *e)
{
	if (ref_kind(e->a) != REF_KIND_TEMP)
		return RESOURCES_MAX;
	const struct event *made = &ctx->fn->cfg.events[ref_index(e->a)];
	if (made->kind != EV_CALL || made->name == NAME_NONE ||
	    !str_is(project_text(ctx->program->project, made->name), "session_factory"))
		return RESOURCES_MAX;
	uint32_t r = resource_of(ctx, ref_index(e->a), made->a);
	return r != RESOURCES_MAX && ctx->fn->resources[r].origin == ORIGIN_REGISTRY ? r
	                                                                             : RESOURCES_MAX;
}

/* A session that may be in a transaction here, other than 'fresh'; RESOURCES_MAX when there is none. */
static uint32_t open_beside(const struct rule_ctx *ctx, uint32_t event, uint32_t fresh)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (r != fresh &&
		    states_may(solution_states(ctx->scratch, &ctx->fn->solution, event, false, r),
		               IS_OPEN))
			return r;
	return RESOURCES_MAX;
}

static void check_fresh(const struct rule_ctx *ctx, uint32_t event)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	uint32_t fresh = fresh_receiver(ctx, e), meant = bypassed_registry(ctx, e);
	if (fresh != RESOURCES_MAX)
		meant = open_beside(ctx, event, fresh);
	if (fresh == RESOURCES_MAX && meant == RESOURCES_MAX)
		return;
	struct finding *f = begin(ctx, meant != RESOURCES_MAX ? meant : fresh, event);
	if (meant == RESOURCES_MAX)
		draft_message(ctx, f, "this ends a new session, which holds nothing yet");
	else
		draft_message(ctx, f, "this ends a new session, not `%.*s`",
		              STR_ARG(ctx->fn->resources[meant].name));
	explain(ctx, f, meant != RESOURCES_MAX ? meant : fresh);
	if (meant != RESOURCES_MAX)
		draft_detail(ctx, f, "fix", "%.*s.%s()", STR_ARG(ctx->fn->resources[meant].name),
		             ctx->fn->resources[meant].kind->is_registry ? "remove" : "close");
	submit(ctx, f);
}

/* ---- the rule -------------------------------------------------------------------------------------------- */

static void check_call(const struct rule_ctx *ctx, uint32_t event)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	struct str method = project_text(ctx->program->project, e->name);
	if (str_is(method, "close") || str_is(method, "aclose"))
		check_fresh(ctx, event);
	if (ctx->fn->plan.actions[event].kind != ACTION_EFFECT)
		return;
	uint32_t r = resource_of(ctx, event, e->a);
	if (r == RESOURCES_MAX)
		return;
	const struct resource_kind *kind = ctx->fn->resources[r].kind;
	if (kind_awaits(kind, method) && is_discarded_call(e) && ends(kind, method))
		check_unawaited(ctx, event, r, method);
	else if (str_is(method, "remove") && kind->holding == HOLDING_TRANSACTION &&
	         (kind->is_registry || !kind_knows(kind, method)))
		check_remove(ctx, event, r);
}

/* Mentions that are looked at in one function. They do not end a block, so each is a walk through what is before it. */
#define MENTIONS_MAX 256

static void check(struct rule_ctx *ctx)
{
	unsigned left = MENTIONS_MAX;
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count; i++) {
		const struct event *e = &ctx->fn->cfg.events[i];
		if (e->kind == EV_CALL && e->name != NAME_NONE)
			check_call(ctx, i);
		if (e->kind != EV_ATTR || (e->flags & EVF_DISCARDED) == 0 || left == 0)
			continue;
		left--;
		check_mention(ctx, i);
	}
}

const struct rule rule_release_not_called = {
	.id = "release-not-called",
	.title = "A release that is written down and does not happen",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "very-high",
	.cwe = "CWE-772",
	.check = check,
};
