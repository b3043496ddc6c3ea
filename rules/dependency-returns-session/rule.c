/*
 * dependency-returns-session - a dependency that returns a session it opened:
 * FastAPI gives back only what a dependency yields, so this one is never closed. A class that keeps one of its
 * own in each object that FastAPI makes.
 * And one that hides an injected session in a dict or tuple which also handlers get that stream.
 */
#include "rule.h"

/* ---- a session of its own ------------------------------------------------------------------ */

static void report(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *e,
                   const struct provider *p)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, r, e->span, level);
	draft_message(ctx, f, "%.*s returns a session that nobody closes", STR_ARG(p->name));
	draft_exit(ctx, f, e, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "opened at", "%u", line_of(ctx, resource->span.start));
	draft_detail(ctx, f, "why",
	             "FastAPI takes back what a dependency yields, not what it returns");
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "fix", "%swith ... as %.*s: yield %.*s",
	             resource->kind->is_async ? "async " : "", STR_ARG(resource->name),
	             STR_ARG(resource->name));
	draft_submit(ctx, f);
}

/* Had somebody else got it before it was returned (request.state.db = db)? Then that one closes it. */
static bool is_kept_elsewhere(const struct rule_ctx *ctx, const struct exit_point *exit, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_RETURN &&
		    cfg->events[i].span.start == exit->span.start &&
		    (solution_states(ctx->scratch, &ctx->fn->solution, i, false, r) &
		     STATES_GONE) != 0)
			return true;
	return false;
}

static void check_opened(const struct rule_ctx *ctx)
{
	const struct provider *p = provider_here(ctx);
	if (p == NULL || p->shape != SHAPE_RETURNS)
		return;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
			if (ctx->fn->resources[r].origin == ORIGIN_FACTORY &&
			    ctx->fn->resources[r].kind->layer == LAYER_SESSION &&
			    exit_passes_on(&ctx->fn->exits[i], r) &&
			    !is_kept_elsewhere(ctx, &ctx->fn->exits[i], r)) {
				report(ctx, r, &ctx->fn->exits[i], p);
				return;
			}
}

/* ---- a session of its own, in an object that is made for each request -------------------------- */

#define HANDLERS_MAX 32 /* that ask for one class and are looked at */

/* self.NAME in which the __init__ stores what it has made. */
static name_id attribute_of(const struct rule_ctx *ctx, uint32_t r, name_id self)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    event_stored(cfg, e) != REF_TEMP(ctx->fn->resources[r].event))
			continue;
		const struct place *to = &cfg->places[ref_index(e->a)];
		if (to->root_kind == PLACE_LOCAL && to->root == self && to->step_count == 1 &&
		    to->steps[0].kind == STEP_ATTRIBUTE)
			return to->steps[0].name;
	}
	return NAME_NONE;
}

/* Do the class's methods run statements on it, and none ends it or gives it to anybody? */
static bool methods_leave_open(const struct rule_ctx *ctx, scope_id class_, name_id attribute,
                               const struct resource_kind *kind)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	bool used = false;
	for (scope_id s = class_ + 1;
	     s < m->scope_count && m->scopes[s].span.start < m->scopes[class_].span.end; s++) {
		struct stored_name own = {.root = def_self(p, ctx->fn->module, s),
		                          .attribute = attribute};
		struct stored_use use = {.scope = s};
		if (s - class_ > CLASS_SCOPES_MAX || own.root == NAME_NONE ||
		    m->scopes[s].kind != SCOPE_FUNCTION ||
		    !stored_use_add(ctx->scratch, p, ctx->fn->module, s, &own, kind, &use))
			return false; /* nested functions are not looked into */
		if (s == ctx->fn->scope)
			continue;
		if (use.ends || use.closes || use.handed)
			return false;
		used |= use.first != NULL;
	}
	return used;
}

/* May the handler end what the object in its parameter keeps, or give the object to somebody? */
static bool may_end(const struct rule_ctx *ctx, const struct dependency_node *handler,
                    name_id param, name_id attribute)
{
	struct cfg cfg;
	if (!record_cfg(ctx->scratch, &ctx->program->project->modules[handler->module].loaded,
	                handler->scope, &cfg))
		return true;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		for (uint32_t k = 0; k < e->arg_count; k++) {
			ref value = cfg.args[e->first_arg + k].value;
			if (ref_kind(value) == REF_KIND_PLACE &&
			    cfg.places[ref_index(value)].root == param)
				return true;
		}
		if (ref_kind(e->a) != REF_KIND_PLACE || cfg.places[ref_index(e->a)].root != param)
			continue;
		const struct place *on = &cfg.places[ref_index(e->a)];
		if (e->kind != EV_CALL || on->step_count != 0 || e->name == attribute)
			return true; /* more than a method of the object */
	}
	return false;
}

/* Is it asked for by handlers alone, which call its methods and do no more with it? */
static bool handlers_leave_open(const struct rule_ctx *ctx, scope_id class_, name_id attribute)
{
	const struct project *p = ctx->program->project;
	const struct dependency_graph *g = ctx->program->dependencies;
	node_id node = dependency_node_of(g, ctx->fn->module, class_);
	if (node == NODE_NONE || !g->nodes[node].is_dependency ||
	    g->nodes[node].handler_count == 0 || g->nodes[node].handler_count > HANDLERS_MAX)
		return false;
	for (uint32_t i = 0; i < g->nodes[node].handler_count; i++) {
		node_id asker = g->handlers[g->nodes[node].first_handler + i];
		const struct dependency_node *h = &g->nodes[asker];
		const struct module *m = project_module(p, h->module);
		const struct dependency_use *use = NULL;
		for (uint32_t k = 0; k < h->use_count && use == NULL; k++)
			if (h->uses[k].node == node && h->uses[k].param != UINT32_MAX)
				use = &h->uses[k];
		if (use == NULL || may_end(ctx, h, m->params[use->param].name, attribute))
			return false;
	}
	return true;
}

static void report_kept(const struct rule_ctx *ctx, uint32_t r, scope_id class_, name_id attribute)
{
	const struct project *p = ctx->program->project;
	const struct resource *resource = &ctx->fn->resources[r];
	struct str name = project_text(p, project_scope(p, ctx->fn->module, class_)->name),
		   kept = project_text(p, attribute);
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .span = resource->span};
	struct finding *f = draft(
		ctx, r, resource->span,
		level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE));
	draft_message(ctx, f, "%.*s is made for each request with a session that nobody closes",
	              STR_ARG(name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_GARBAGE_COLLECTION);
	draft_detail(ctx, f, "opened at", "%u, and kept in self.%.*s",
	             line_of(ctx, resource->span.start), STR_ARG(kept));
	draft_detail(ctx, f, "why", "FastAPI makes the object, and calls nothing of it afterwards");
	draft_released(ctx, f, r, RELEASED_GARBAGE_COLLECTION);
	draft_detail(
		ctx, f, "fix",
		"take the session as a parameter of __init__ from a dependency that yields it");
	draft_submit(ctx, f);
}

/* Depends(Repo), and Repo.__init__ opens a session. */
static void check_kept(const struct rule_ctx *ctx)
{
	const struct project *p = ctx->program->project;
	scope_id class_ = def_class(p, ctx->fn->module, ctx->fn->scope);
	const struct scope *s = project_scope(p, ctx->fn->module, ctx->fn->scope);
	if (class_ == SCOPE_NONE || !str_is(project_text(p, s->name), "__init__") ||
	    project_scope(p, ctx->fn->module, class_)->base_count > 0)
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct resource *one = &ctx->fn->resources[r];
		if (one->origin != ORIGIN_FACTORY || one->kind->layer != LAYER_SESSION)
			continue;
		name_id attribute = attribute_of(ctx, r,
		                                 def_self(p, ctx->fn->module, ctx->fn->scope));
		if (attribute != NAME_NONE && methods_leave_open(ctx, class_, attribute, one->kind) &&
		    handlers_leave_open(ctx, class_, attribute)) {
			report_kept(ctx, r, class_, attribute);
			return;
		}
	}
}

/* ---- an injected session, hidden in what is returned ---------------------------------------- */

/* Is a dict, tuple or list written down at this return, or just before it in a variable? */
static bool returns_container(const struct rule_ctx *ctx, const struct exit_point *exit)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	ref value = cfg->events[exit->event].a;
	for (uint32_t i = exit->event; i > 0 && ref_kind(value) == REF_KIND_PLACE; i--)
		if (cfg->events[i - 1].kind == EV_ASSIGN && cfg->events[i - 1].a == value)
			value = cfg->events[i - 1].b;
	if (ref_kind(value) != REF_KIND_TEMP)
		return false;
	const struct event *made = &cfg->events[ref_index(value)];
	return made->kind == EV_BUILD &&
	       (made->op == BUILD_DICT || made->op == BUILD_TUPLE || made->op == BUILD_LIST);
}

static bool exposes(const struct rule_ctx *ctx, const struct exit_point *e, uint32_t r)
{
	return exit_is_normal(e) && exit_passes_on(e, r) && returns_container(ctx, e);
}

static void tell_reach(const struct rule_ctx *ctx, struct finding *f,
                       const struct dependency_reach *reach)
{
	const struct dependency_node *h = &ctx->program->dependencies->nodes[reach->first_streaming];
	const struct module *m = project_module(ctx->program->project, h->module);
	draft_detail(ctx, f, "reaches",
	             "%u handler%s that stream%s or hold%s a socket: %.*s (%.*s:%u)",
	             reach->streaming + reach->websockets,
	             reach->streaming + reach->websockets == 1 ? "" : "s",
	             reach->streaming + reach->websockets == 1 ? "s" : "",
	             reach->streaming + reach->websockets == 1 ? "s" : "", STR_ARG(h->name),
	             STR_ARG(m->path), module_line(m, m->scopes[h->scope].name_span.start));
}

/* The first exit that exposes it, or NULL. */
static const struct exit_point *first_exposing(const struct rule_ctx *ctx, uint32_t r)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exposes(ctx, &ctx->fn->exits[i], r))
			return &ctx->fn->exits[i];
	return NULL;
}

static void report_exposed(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *first,
                           const struct dependency_reach *reach)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct finding *f = draft(ctx, r, first->span, LEVEL_WARNING);
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exposes(ctx, &ctx->fn->exits[i], r))
			draft_exit(ctx, f, &ctx->fn->exits[i], MISSING_CLOSE, RELEASED_STREAM_END);
	draft_message(ctx, f, "`%.*s` is handed on inside what %.*s returns",
	              STR_ARG(resource->name), STR_ARG(f->function));
	draft_opened(ctx, f, r);
	draft_detail(
		ctx, f, "why",
		"whoever reads it there keeps or re-opens a session that is not theirs to end");
	tell_reach(ctx, f, reach);
	draft_released(ctx, f, r, RELEASED_STREAM_END);
	draft_detail(
		ctx, f, "fix",
		"return plain data, and end `%.*s` before; handlers ask for a session of their own",
		STR_ARG(resource->name));
	draft_submit(ctx, f);
}

/* A stream or a socket outlives the request that the session was made for. */
static void check_exposed(const struct rule_ctx *ctx)
{
	const struct dependency_graph *g = ctx->program->dependencies;
	struct dependency_reach reach = dependency_reach(
		g, dependency_node_of(g, ctx->fn->module, ctx->fn->scope));
	if (reach.first_streaming == NODE_NONE)
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		const struct exit_point *first = ctx->fn->resources[r].origin == ORIGIN_DEPENDENCY
		                                         ? first_exposing(ctx, r)
		                                         : NULL;
		if (first != NULL)
			report_exposed(ctx, r, first, &reach);
	}
}

static void check(struct rule_ctx *ctx)
{
	if (ctx->fn->entry != ENTRY_DEPENDENCY)
		return;
	check_opened(ctx);
	check_kept(ctx);
	check_exposed(ctx);
}

const struct rule rule_dependency_returns_session = {
	.id = "dependency-returns-session",
	.title = "A dependency returns a session that nobody closes",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
