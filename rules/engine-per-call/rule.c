/*
 * engine-per-call - an engine or pool is made by a function that runs again and again, is used, and is not
 * disposed. Each has a pool of its own; closing the connections only gives them back to that pool, and reference
 * counting does not free an engine (runtime.md 17).
 */
#include "rule.h"

/* Functions that run once, by what they are called: making the engine is their work. */
static bool is_set_up(struct str name)
{
	static const char *const words[] = {
		"init",          "setup",     "set_up",    "start",      "configure", "migrat",
		"upgrade",       "lifespan",  "bootstrap", "create_app", "make_app",  "seed",
		"create_tables", "create_db", "drop_",     "install",    "prepare",   "reset_db",
		"build_app",     "wait_for",  "ready"};
	return str_contains_any(name, words, ARRAY_LEN(words));
}

static bool is_entry(enum entry_kind kind)
{
	return kind != ENTRY_NONE && kind != ENTRY_STARTUP && kind != ENTRY_COMMAND &&
	       kind != ENTRY_FIXTURE;
}

static uint32_t first_use(const struct rule_ctx *ctx, uint32_t r)
{
	const struct function *fn = ctx->fn;
	for (uint32_t i = fn->resources[r].event + 1; i < fn->cfg.event_count; i++) {
		if (fn->cfg.events[i].kind != EV_CALL)
			continue;
		if (!states_may(solution_states(ctx->scratch, &fn->solution, i, false, r),
		                IS_HOLDING) &&
		    states_may(solution_states(ctx->scratch, &fn->solution, i, true, r), IS_HOLDING))
			return i;
	}
	return EVENT_NONE;
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, resource->span,
	                          is_entry(ctx->fn->entry) ? LEVEL_ERROR : LEVEL_WARNING);
	uint32_t use = first_use(ctx, r);
	draft_message(
		ctx, f,
		"each call builds %s `%.*s` with connections of its own, and none is disposed",
		engine_words(resource->kind), STR_ARG(resource->name));
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_keeps_connection(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE,
			           RELEASED_GARBAGE_COLLECTION);
	if (use != EVENT_NONE)
		draft_detail(ctx, f, "used at",
		             "%u; closing a connection only gives it back to this pool",
		             line_of(ctx, ctx->fn->cfg.events[use].span.start));
	draft_detail(ctx, f, "released",
	             "pool and sockets when the garbage collector runs; no dispose() at %u",
	             line_of(ctx, e->span.start));
	draft_detail(ctx, f, "fix",
	             "one for each URL at module level; or poolclass=NullPool; or finally: "
	             "%.*s.dispose()",
	             STR_ARG(resource->name));
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	const struct project *p = ctx->program->project;
	struct str name = project_text(p, project_scope(p, ctx->fn->module, ctx->fn->scope)->name);
	if (paths_were_joined(ctx) || ends_with_process(ctx) || ctx->fn->entry == ENTRY_STARTUP ||
	    (is_set_up(name) && !is_entry(ctx->fn->entry)))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (!is_made_below_session(ctx, r, LAYER_ENGINE) ||
		    engine_has_no_pool(ctx, resource))
			continue;
		const struct exit_point *e = exit_keeping(ctx, r, true);
		if (e != NULL)
			report(ctx, r, e);
	}
}

const struct rule rule_engine_per_call = {
	.id = "engine-per-call",
	.title = "An engine or pool is made on each call and not disposed",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
