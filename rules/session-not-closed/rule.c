/*
 * session-not-closed - a session is made here and some path neither ends it
 * nor hands it on. A Session is part of a reference cycle, so it is not freed at return: its
 * connection stays out until the cyclic collector happens to run (runtime.md 1.2).
 */
#include "rule.h"

static void list_exits(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (exit_leaves(e, r))
			draft_exit(ctx, f, e, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	}
}

static void message(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                    const struct exit_point *e)
{
	struct str name = ctx->fn->resources[r].name;
	if (exit_is_normal(e))
		draft_message(ctx, f, "`%.*s` is made here and still open at the return at %u",
		              STR_ARG(name), line_of(ctx, e->span.start));
	else
		draft_message(
			ctx,
			f, "`%.*s` is made here and stays open when something raises before it is closed",
			STR_ARG(name));
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, resource->span, level);
	uint32_t statement = first_statement(ctx, r);
	message(ctx, f, r, e);
	list_exits(ctx, f, r);
	(void)draft_made_by(ctx, f, r);
	draft_queried(ctx, f, r, statement);
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	if (resource->in_object)
		draft_detail(ctx, f, "fix",
		             "close it in a finally, or let %.*s open one for each operation",
		             STR_ARG(resource->maker));
	else if (resource->kind->is_registry)
		draft_detail(ctx, f, "fix",
		             "%.*s.remove() in a finally, or a plain session in a with",
		             STR_ARG(resource->name));
	else
		draft_with(ctx, f, r, "");
	draft_trace(ctx, f, r, e);
	draft_submit(ctx, f);
}

/* Is it handed on where nothing goes wrong? Then what happens on the way there is the receiver's care too. */
static bool is_handed_on(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_gives_away(&ctx->fn->exits[i], r))
			return true;
	return false;
}

/* ---- made for a task --------------------------------------------------------------------------- */

#define WORKS_MAX 32 /* of one function that are looked at */

static bool lends(const struct rule_ctx *ctx, const struct work *w, uint32_t r)
{
	return w->kind != WORK_DEFERRED &&
	       work_use_of(ctx->scratch, ctx->program, ctx->fn, w, r).reached;
}

/* The one task or thread that is given the session; NULL when several are, or none. */
static const struct work *work_with(const struct rule_ctx *ctx, uint32_t r)
{
	const struct work *found = NULL;
	for (uint32_t i = 0; i < ctx->fn->work_count && i < WORKS_MAX; i++) {
		if (!lends(ctx, &ctx->fn->works[i], r))
			continue;
		if (found != NULL)
			return NULL;
		found = &ctx->fn->works[i];
	}
	return ctx->fn->work_count > WORKS_MAX ? NULL : found;
}

/* `add_task(db.close)`: is something of the session among the arguments? */
static bool is_given_part(const struct rule_ctx *ctx, const struct event *e, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = cfg->args[e->first_arg + i].value;
		const struct place *p = ref_kind(value) == REF_KIND_PLACE
		                                ? &cfg->places[ref_index(value)]
		                                : NULL;
		if (p != NULL && p->step_count > 0 &&
		    str_eq(project_text(ctx->program->project, p->root), ctx->fn->resources[r].name))
			return true;
	}
	return false;
}

/* Does the event give the session to somebody, or do something to it when the task has it? */
static bool is_taken_at(const struct rule_ctx *ctx, const struct work *w, uint32_t i, uint32_t r)
{
	const struct event *e = &ctx->fn->cfg.events[i];
	struct span handing = ctx->fn->cfg.events[w->event].span;
	if (e->span.start >= handing.start && e->span.end <= handing.end && e->kind != EV_EXIT)
		return false; /* the handing itself */
	switch (e->kind) {
	case EV_EXIT: return acts_on(ctx, i, r);
	case EV_CALL:
		if (is_given_part(ctx, e, r))
			return true;
		break;
	case EV_CLOSURE:
	case EV_ASSIGN: break;
	default: return false;
	}
	return (ctx->fn->plan.actions[i].gives || e->span.start >= handing.end) &&
	       acts_on(ctx, i, r);
}

static bool has_other_owner(const struct rule_ctx *ctx, const struct work *w, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_passes_on(&ctx->fn->exits[i], r))
			return true;
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count; i++)
		if (is_taken_at(ctx, w, i, r))
			return true;
	return false;
}

static void report_work(const struct rule_ctx *ctx, uint32_t r, const struct work *w)
{
	static const char *const words[] = {
		[WORK_BACKGROUND] = "background task", [WORK_TASK] = "task", [WORK_THREAD] = "thread"};
	const struct resource *resource = &ctx->fn->resources[r];
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .span = ctx->fn->cfg.events[w->event].span};
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, resource->span, level);
	draft_message(ctx, f, "`%.*s` is made here, and the %s %.*s leaves it open",
	              STR_ARG(resource->name), words[w->kind], STR_ARG(w->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "handed at", "%u", line_of(ctx, exit.span.start));
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "fix", "open it in %.*s, and pass ids only", STR_ARG(w->name));
	draft_step(ctx, f, resource->span, "the session is made here");
	draft_step(ctx, f, exit.span, "and nobody but the task has it");
	draft_submit(ctx, f);
}

static void check_handed(const struct rule_ctx *ctx, uint32_t r)
{
	const struct work *w = work_with(ctx, r);
	if (w != NULL && w->module != MODULE_NONE &&
	    work_use_of(ctx->scratch, ctx->program, ctx->fn, w, r).surely &&
	    !has_other_owner(ctx, w, r))
		report_work(ctx, r, w);
}

static void check(struct rule_ctx *ctx)
{
	if (paths_were_joined(ctx))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		enum origin origin = ctx->fn->resources[r].origin;
		if (ctx->fn->resources[r].kind->layer != LAYER_SESSION ||
		    (origin != ORIGIN_FACTORY && origin != ORIGIN_GENERATOR) || is_yielded(ctx, r))
			continue;
		const struct exit_point *e = exit_leaving(ctx, r, true);
		if (e != NULL && origin == ORIGIN_GENERATOR)
			continue; /* that is abandoned-generator */
		/* what fails at start-up stops the application */
		if (e == NULL && !is_handed_on(ctx, r) && ctx->fn->entry != ENTRY_STARTUP)
			e = exit_leaving(ctx, r, false);
		if (e != NULL && !ends_with_process(ctx))
			report(ctx, r, e);
		else if (e == NULL && origin == ORIGIN_FACTORY)
			check_handed(ctx, r);
	}
}

const struct rule rule_session_not_closed = {
	.id = "session-not-closed",
	.title = "A session is made and not closed on every path",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
