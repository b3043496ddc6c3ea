/*
 * scoped-session-not-removed - a thread-local registry's session is used and
 * not ended in that thread. In a middleware: its clean-up runs on the event
 * loop and so never reaches `def` handlers (measured: runtime.md 2, patterns 8 and 9).
 */
#include "rule.h"

/* ---- clean-up in a middleware ------------------------------------------------------- */

static bool skipped_by_raise(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (!exit_is_normal(e) && exit_is_open(e, r) &&
		    states_may(states_of_requests(ctx->scratch, ctx->program->project, ctx->fn, e, r),
		               IS_OPEN))
			return true;
	}
	return false;
}

static void report_middleware(const struct rule_ctx *ctx, uint32_t r, uint32_t cleanup,
                              bool misses_def, bool skipped)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct str name = resource->name;
	const struct event *e = &ctx->fn->cfg.events[cleanup];
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .event = cleanup, .span = e->span};
	struct finding *f = draft(ctx, r, e->span,
	                          level_of(ctx->policy, RELEASED_NEVER, LEFT_EVERYWHERE));
	draft_message(ctx, f, "cleanup misses some requests");
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_NEVER);
	f->aside = arena_printf(ctx->run, "%.*s, event loop", STR_ARG(f->function));
	draft_detail(ctx, f, "reaches", "`async def` handlers only%s",
	             skipped ? "; skipped when call_next raises" : "");
	if (misses_def) {
		draft_detail(ctx, f, "misses",
		             "every `def` handler: worker threads have their own session");
		draft_detail(ctx, f, "released", "never for `def` handlers");
		draft_detail(ctx, f, "note", "remove() here would not reach `def` handlers either");
		draft_detail(ctx, f, "fix",
		             "end the session where it is used, or scopefunc=<ContextVar> with "
		             "%.*s.remove() in a finally",
		             STR_ARG(name));
	} else {
		draft_detail(ctx, f, "misses", "requests that end in an unhandled exception");
		draft_detail(ctx, f, "released", "never, unless another request happens to end it");
		draft_detail(ctx, f, "fix",
		             "try: response = await call_next(request)   finally: %.*s.remove()",
		             STR_ARG(name));
	}
	draft_submit(ctx, f);
}

static void check_middleware(const struct rule_ctx *ctx, uint32_t r)
{
	uint32_t cleanup = registry_event(ctx, r, REGISTRY_ENDED);
	/* routes that are not in view may be of either kind */
	bool misses_def = ctx->program->sync_handlers > 0 || ctx->program->async_handlers == 0;
	bool skipped = skipped_by_raise(ctx, r);
	if (cleanup != EVENT_NONE && (misses_def || skipped))
		report_middleware(ctx, r, cleanup, misses_def, skipped);
}

static bool is_async(const struct rule_ctx *ctx)
{
	return (project_scope(ctx->program->project, ctx->fn->module, ctx->fn->scope)->flags &
	        SCOPE_ASYNC) != 0;
}

/* ---- use in a handler ------------------------------------------------------------------ */

static const char *thread_words(enum entry_thread t)
{
	switch (t) {
	case THREAD_LOOP: return "event loop";
	case THREAD_WORKER: return "worker thread";
	case THREAD_OWN: return "worker process or thread";
	}
	return "thread";
}

static void draft_other_views(const struct rule_ctx *ctx, struct finding *f, uint32_t r)
{
	const struct left_registry *left = program_left(
		ctx->program, ctx->fn->resources[r].identity, is_async(ctx));
	if (ctx->fn->entry == ENTRY_HTTP && left != NULL && left->handlers > 1)
		draft_detail(ctx, f, "also",
		             "%u other handler%s; no hook of the application ends it",
		             left->handlers - 1, left->handlers == 2 ? "" : "s");
}

static void report_handler(const struct rule_ctx *ctx, uint32_t r, uint32_t use,
                           const struct exit_point *open, enum entry_thread thread)
{
	const struct resource *resource = &ctx->fn->resources[r];
	bool direct = registry_use_is_direct(ctx, use);
	const struct event *e = &ctx->fn->cfg.events[use];
	struct finding *f = draft(ctx, r, e->span,
	                          level_of(ctx->policy, RELEASED_NEVER, LEFT_EVERYWHERE));
	draft_message(ctx, f, "`%.*s` keeps this thread's session open after the %s",
	              STR_ARG(resource->name), exit_is_normal(open) ? "return" : "exception");
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_open(&ctx->fn->exits[i], r) &&
		    (direct || exit_is_normal(&ctx->fn->exits[i])))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE, RELEASED_NEVER);
	f->aside = arena_printf(ctx->run, "%.*s, %s", STR_ARG(f->function), thread_words(thread));
	draft_started(ctx, f);
	draft_registry_path(ctx, f, r, use);
	draft_other_views(ctx, f, r);
	draft_detail(ctx, f, exit_is_normal(open) ? "left at" : "left when",
	             exit_is_normal(open) ? "%u" : "a call up to line %u raises",
	             line_of(ctx, open->span.start));
	draft_detail(ctx, f, "why",
	             "the registry keeps one session a thread; nothing ends it in this one");
	draft_detail(ctx, f, "released", "never while the thread lives");
	draft_detail(ctx, f, "fix", "try: ...   finally: %.*s.remove()", STR_ARG(resource->name));
	if (direct)
		draft_trace(ctx, f, r, open);
	draft_submit(ctx, f);
}

static void check_handler(const struct rule_ctx *ctx, uint32_t r)
{
	uint32_t use;
	const struct exit_point *open = registry_left_by_entry(ctx, r, &use);
	if (open != NULL)
		report_handler(ctx, r, use, open, entry_thread_of(ctx->fn->entry, is_async(ctx)));
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (resource->origin != ORIGIN_REGISTRY || !resource->thread_local_scope)
			continue;
		switch (ctx->fn->entry) {
		case ENTRY_MIDDLEWARE:
			if (is_async(ctx))
				check_middleware(ctx, r);
			else
				check_handler(ctx, r);
			break;
		case ENTRY_HTTP:
		case ENTRY_WEBSOCKET:
		case ENTRY_SOCKETIO:
		case ENTRY_BACKGROUND:
		case ENTRY_TASK: check_handler(ctx, r); break;
		case ENTRY_THREAD: /* thread-session-not-cleaned */
		case ENTRY_SCHEDULER:
		case ENTRY_NONE:
		case ENTRY_HOOK:
		case ENTRY_STARTUP:
		case ENTRY_COMMAND:
		case ENTRY_FIXTURE:
		case ENTRY_DEPENDENCY:
		case ENTRY_KIND_COUNT: break;
		}
	}
}

const struct rule rule_scoped_session_not_removed = {
	.id = "scoped-session-not-removed",
	.title = "A thread-local session is used and not ended in its thread",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
