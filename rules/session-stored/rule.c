/*
 * session-stored - an object keeps the application's registry as if it were a session of its own. In every thread it is
 * the session of whoever else runs there: what the object commits or rolls back is theirs as well, and nobody
 * removes it (measured: runtime.md 2, patterns 8 and 9).
 */
#include "rule.h"

/* What the methods of a class do with `self.NAME`. */
struct usage {
	const struct event *first; /* a statement, in source order */
	bool ends, removes;
};

/* `self.NAME.method(..)` in a method: the method's name, or nothing. */
static struct str method_on(const struct project *p, const struct cfg *cfg, const struct event *e,
                            name_id self, name_id name)
{
	if (e->kind != EV_CALL || e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return STR_EMPTY;
	const struct place *place = &cfg->places[ref_index(e->a)];
	bool same = place->root_kind == PLACE_LOCAL && place->root == self &&
	            place->step_count == 1 && place->steps[0].name == name;
	return same ? project_text(p, e->name) : STR_EMPTY;
}

static void look_at_method(const struct rule_ctx *ctx, scope_id method, name_id name,
                           const struct resource_kind *kind, struct usage *out)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	const struct scope *s = &m->scopes[method];
	struct cfg *cfg = arena_new(ctx->scratch, struct cfg);
	if (s->kind != SCOPE_FUNCTION || s->param_count == 0 ||
	    !record_cfg(ctx->scratch, &p->modules[ctx->fn->module].loaded, method, cfg))
		return;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		struct str called = method_on(p, cfg, e, m->params[s->first_param].name, name);
		if (called.len == 0)
			continue;
		enum operation does = kind_effect(kind, called).normal;
		out->removes |= does == DO_CLOSE;
		out->ends |= does == DO_COMMIT || does == DO_ROLLBACK;
		if ((does == DO_STATEMENT || does == DO_FLUSH) &&
		    (out->first == NULL || e->span.start < out->first->span.start))
			out->first = e;
	}
}

/* An object that is left or closed by its user is not there for long. */
static bool is_closed_by_user(const struct rule_ctx *ctx, scope_id class_)
{
	static const char *const closing[] = {"close",     "aclose",  "__exit__",
	                                      "__aexit__", "__del__", "on_finish"};
	const struct project *p = ctx->program->project;
	for (size_t i = 0; i < ARRAY_LEN(closing); i++) {
		struct target t = resolve_member(ctx->scratch, p, ctx->fn->module, class_,
		                                 str_of(closing[i]));
		bool stub = t.kind == TARGET_SCOPE &&
		            (project_scope(p, t.module, t.scope)->flags & SCOPE_STUB) != 0;
		if (t.kind != TARGET_UNKNOWN && !stub)
			return true;
	}
	return false;
}

/* Does a hook end it in the thread of each request? Then an object that lives for a request may well keep it. */
static bool is_ended_by_hook(const struct rule_ctx *ctx, const struct resource *r)
{
	return r->managed || program_cleans(ctx->program, r->identity, CLEANS_CONTEXT) ||
	       program_cleans(ctx->program, r->identity, CLEANS_VIEW);
}

/* Is it the registry of another file, and not one that this class has made for itself? */
static bool is_from_elsewhere(const struct rule_ctx *ctx, const struct resource *r)
{
	struct str here = project_module(ctx->program->project, ctx->fn->module)->path;
	return !(str_starts(r->identity, here) && r->identity.len > here.len &&
	         r->identity.ptr[here.len] == ':');
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct event *stored, name_id name,
                   const struct usage *usage)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .span = stored->span};
	struct finding *f = draft(ctx, r, stored->span, LEVEL_WARNING);
	struct str attribute = project_text(ctx->program->project, name);
	draft_message(ctx, f,
	              "`self.%.*s` is the application's registry `%.*s`, not a session of its own",
	              STR_ARG(attribute), STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_NEVER);
	draft_detail(ctx, f, "queried at", "%u", line_of(ctx, usage->first->span.start));
	draft_detail(ctx, f, "why", "%s",
	             usage->ends ? "commit() and rollback() here end whatever else the thread has "
	                           "in that session"
	                         : "each thread that calls it is left in a transaction");
	draft_detail(ctx, f, "released", "never as a whole: nothing here calls remove()");
	draft_detail(ctx, f, "fix",
	             "keep the session factory, and open one for each operation: "
	             "with SessionLocal() as session: ...");
	draft_step(ctx, f, stored->span, "the registry is kept here");
	draft_step(ctx, f, usage->first->span, "and used here");
	draft_submit(ctx, f);
}

static void check_store(const struct rule_ctx *ctx, const struct event *e, scope_id class_,
                        name_id self)
{
	const struct function *fn = ctx->fn;
	const struct project *p = ctx->program->project;
	if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
	    ref_kind(e->b) != REF_KIND_PLACE)
		return;
	const struct place *to = &fn->cfg.places[ref_index(e->a)];
	uint32_t r = registry_in(fn, ref_index(e->b));
	if (r == RESOURCES_MAX || to->root_kind != PLACE_LOCAL || to->root != self ||
	    to->step_count != 1)
		return;
	const struct resource *resource = &fn->resources[r];
	if (!resource->thread_local_scope || !is_from_elsewhere(ctx, resource) ||
	    is_ended_by_hook(ctx, resource) || is_closed_by_user(ctx, class_))
		return;
	struct usage usage = {.first = NULL};
	const struct module *m = project_module(p, fn->module);
	for (scope_id s = class_ + 1; s < m->scope_count; s++)
		if (m->scopes[s].parent == class_)
			look_at_method(ctx, s, to->steps[0].name, resource->kind, &usage);
	if (usage.first != NULL && !usage.removes)
		report(ctx, r, e, to->steps[0].name, &usage);
}

static void check(struct rule_ctx *ctx)
{
	const struct function *fn = ctx->fn;
	const struct module *m = project_module(ctx->program->project, fn->module);
	const struct scope *s = &m->scopes[fn->scope];
	/* without handlers it is a script's own business */
	if (ctx->program->sync_handlers + ctx->program->async_handlers == 0 ||
	    s->parent == SCOPE_NONE || m->scopes[s->parent].kind != SCOPE_CLASS ||
	    s->param_count == 0)
		return;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		check_store(ctx, &fn->cfg.events[i], s->parent, m->params[s->first_param].name);
}

const struct rule rule_session_stored = {
	.id = "session-stored",
	.title = "An object keeps the application's registry as if it were its own session",
	.level_max = LEVEL_WARNING,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_WARNING},
	.precision = "medium",
	.cwe = "CWE-772",
	.check = check,
};
