/*
 * scoped-session-wrong-thread - a thread-local registry is ended, but in another thread than the one that uses it:
 * by a dependency of the other kind than its handler, or by whoever started the thread. The registry keeps one session
 * a thread, so that ends nothing (measured: runtime.md 2, patterns 8, 9 and 18).
 */
#include "rule.h"

/* Where it is ended instead. */
struct elsewhere {
	module_id module;
	scope_id scope;
	struct span at;
	const char *thread;
};

static void report(const struct rule_ctx *ctx, uint32_t r, uint32_t use, enum released_by by,
                   const struct elsewhere *where)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, where->module);
	struct finding *f = draft(ctx, r, ctx->fn->cfg.events[use].span,
	                          level_of(ctx->policy, by, LEFT_EVERYWHERE));
	draft_message(ctx, f, "`%.*s` is ended in another thread than the one that uses it",
	              STR_ARG(resource->name));
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_is_open(&ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE, by);
	f->released_by = by;
	draft_started(ctx, f);
	draft_registry_path(ctx, f, r, use);
	draft_detail(ctx, f, "ended by", "%.*s (%.*s:%u), on %s",
	             STR_ARG(project_text(p, m->scopes[where->scope].qualname)), STR_ARG(m->path),
	             module_line(m, where->at.start), where->thread);
	draft_detail(ctx, f, "why", "%s",
	             "the registry keeps one session a thread: the one used here stays open");
	draft_released(ctx, f, r, by);
	draft_detail(ctx, f, "fix", "in this function: try: ...   finally: %.*s.remove()",
	             STR_ARG(resource->name));
	draft_related(ctx, f, where->module, where->at, "this ends its own thread's session");
	draft_submit(ctx, f);
}

/* ---- a dependency of the handler ----------------------------------------------------------- */

/* The one that ends it; a `def` runs in any worker, an `async def` on the event loop. */
static bool ended_by_dependency(const struct rule_ctx *ctx, uint32_t r, struct elsewhere *out)
{
	const struct program *program = ctx->program;
	const struct dependency_graph *g = program->dependencies;
	const struct dependency_step *steps;
	node_id handler = dependency_node_of(g, ctx->fn->module, ctx->fn->scope);
	if (handler == NODE_NONE)
		return false;
	uint32_t count = dependency_tree(ctx->scratch, g, handler, &steps);
	for (uint32_t i = 0; i < count; i++) {
		const struct dependency_node *n = steps[i].node;
		if (n->kind != NODE_DEF ||
		    !registry_only_ended_in(ctx, r, n->module, n->scope, &out->at))
			continue;
		const struct scope *s = project_scope(program->project, n->module, n->scope);
		out->module = n->module;
		out->scope = n->scope;
		out->thread = (s->flags & SCOPE_ASYNC) != 0 ? "the event loop" : "any worker thread";
		return true;
	}
	return false;
}

static void check_handler(const struct rule_ctx *ctx, uint32_t r)
{
	struct elsewhere where;
	uint32_t use;
	if (registry_left_by_entry(ctx, r, &use) != NULL && ended_by_dependency(ctx, r, &where))
		report(ctx, r, use, RELEASED_NEVER, &where);
}

/* ---- whoever starts the thread ----------------------------------------------------------------- */

/* The innermost function around that place; the module's own body when there is none. */
static scope_id function_around(const struct module *m, struct span at)
{
	scope_id found = 0;
	for (scope_id s = 1; s < m->scope_count; s++)
		if (m->scopes[s].kind == SCOPE_FUNCTION && m->scopes[s].span.start <= at.start &&
		    at.end <= m->scopes[s].span.end)
			found = s;
	return found;
}

static void check_thread(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	module_id m;
	struct span started;
	uint32_t use = registry_event(ctx, r, REGISTRY_USED);
	if (use == EVENT_NONE || registry_left_open(ctx, r, false) == NULL ||
	    program_cleans_entry(ctx->program, resource->identity, resource->managed,
	                         ctx->fn->entry, false) ||
	    !registry_thread_started(ctx, &m, &started))
		return;
	struct elsewhere where = {.module = m, .thread = "the thread that starts it"};
	where.scope = function_around(project_module(ctx->program->project, m), started);
	bool same = m == ctx->fn->module && where.scope == ctx->fn->scope;
	if (!same && notes_may_read_body(ctx, m, where.scope) &&
	    registry_only_ended_in(ctx, r, m, where.scope, &where.at))
		report(ctx, r, use,
		       registry_thread_is_pooled(ctx) ? RELEASED_NEVER : RELEASED_THREAD_EXIT,
		       &where);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *resource = &ctx->fn->resources[r];
		if (resource->origin != ORIGIN_REGISTRY || !resource->thread_local_scope)
			continue;
		if (ctx->fn->entry == ENTRY_HTTP || ctx->fn->entry == ENTRY_WEBSOCKET)
			check_handler(ctx, r);
		else if (ctx->fn->entry == ENTRY_THREAD)
			check_thread(ctx, r);
	}
}

const struct rule rule_scoped_session_wrong_thread = {
	.id = "scoped-session-wrong-thread",
	.title = "A thread-local session is ended in another thread than the one that uses it",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
