/*
 * manager-keeps-connection - a class takes a connection for its `with` block, and its __exit__ gives it back on no
 * path, or only when nothing was raised. The rule looks from where the connection is stored in the object; it
 * is silent as soon as anybody else in the class may close it or is given it.
 */
#include "rule.h"

/* What a class takes, and the method that leaves its block. */
struct manager {
	scope_id class_;
	scope_id leaves; /* __exit__ or __aexit__ */
	name_id attribute;
	const struct resource_kind *kind;
};

static struct str text_of(const struct rule_ctx *ctx, name_id name)
{
	return project_text(ctx->program->project, name);
}

static const struct module *module_of(const struct rule_ctx *ctx)
{
	return project_module(ctx->program->project, ctx->fn->module);
}

static name_id first_param(const struct module *m, scope_id scope)
{
	const struct scope *s = &m->scopes[scope];
	return s->param_count == 0 ? NAME_NONE : m->params[s->first_param].name;
}

/* The method of this very class; SCOPE_NONE when it is not there, or says nothing. */
static scope_id own_method(const struct rule_ctx *ctx, scope_id class_, const char *name)
{
	struct target t = resolve_member(ctx->scratch, ctx->program->project, ctx->fn->module,
	                                 class_, str_of(name));
	if (t.kind != TARGET_SCOPE || t.module != ctx->fn->module)
		return SCOPE_NONE;
	const struct scope *s = &module_of(ctx)->scopes[t.scope];
	return s->kind == SCOPE_FUNCTION && s->parent == class_ && (s->flags & SCOPE_STUB) == 0
	               ? t.scope
	               : SCOPE_NONE;
}

/* Is this where the class takes what it needs for its block? Then the method that leaves the block. */
static bool find_manager(const struct rule_ctx *ctx, struct manager *out)
{
	const struct scope *s = &module_of(ctx)->scopes[ctx->fn->scope];
	struct str name = text_of(ctx, s->name);
	bool async_ = str_is(name, "__aenter__"), made = str_is(name, "__init__");
	if (s->parent == SCOPE_NONE || module_of(ctx)->scopes[s->parent].kind != SCOPE_CLASS ||
	    (!async_ && !made && !str_is(name, "__enter__")))
		return false;
	*out = (struct manager){.class_ = s->parent, .leaves = SCOPE_NONE};
	if (!async_)
		out->leaves = own_method(ctx, s->parent, "__exit__");
	if (async_ || (made && out->leaves == SCOPE_NONE))
		out->leaves = own_method(ctx, s->parent, "__aexit__");
	return out->leaves != SCOPE_NONE;
}

/* Is the value the resource itself, or `given or made`? */
static bool is_value(const struct rule_ctx *ctx, ref value, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	const struct resource *made = &ctx->fn->resources[r];
	if (value == REF_TEMP(made->event))
		return true;
	if (ref_kind(value) == REF_KIND_PLACE) {
		const struct place *place = &cfg->places[ref_index(value)];
		return place->root_kind == PLACE_LOCAL && place->step_count == 0 &&
		       str_eq(text_of(ctx, place->root), made->name);
	}
	if (ref_kind(value) != REF_KIND_TEMP)
		return false;
	const struct event *e = &cfg->events[ref_index(value)];
	for (uint32_t i = 0; e->kind == EV_BUILD && e->op == BUILD_CHOICE && i < e->arg_count; i++)
		if (cfg->args[e->first_arg + i].value == REF_TEMP(made->event))
			return true;
	return false;
}

/* self.NAME in which the resource is stored, or NAME_NONE. */
static name_id attribute_of(const struct rule_ctx *ctx, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	name_id self = first_param(module_of(ctx), ctx->fn->scope);
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE || e->index != 0)
			continue;
		const struct place *place = &cfg->places[ref_index(e->a)];
		if (place->root_kind == PLACE_LOCAL && place->root == self &&
		    place->step_count == 1 && place->steps[0].kind == STEP_ATTRIBUTE &&
		    is_value(ctx, event_stored(cfg, e), r))
			return place->steps[0].name;
	}
	return NAME_NONE;
}

/* What one scope of a method does with the attribute. */
static bool use_in(const struct rule_ctx *ctx, const struct manager *w, scope_id method, scope_id s,
                   struct stored_use *out)
{
	struct stored_name name = {.root = first_param(module_of(ctx), method),
	                           .attribute = w->attribute};
	*out = (struct stored_use){.scope = method};
	return stored_use_add(ctx->scratch, ctx->program->project, ctx->fn->module, s, &name,
	                      w->kind, out);
}

/* May a method besides the one that takes it and the one that leaves the block give it back, or its receiver? */
static bool is_ended_beside(const struct rule_ctx *ctx, const struct manager *w)
{
	const struct module *m = module_of(ctx);
	scope_id end = class_end(m, w->class_);
	if (end - w->class_ > CLASS_SCOPES_MAX)
		return true;
	for (scope_id s = w->class_ + 1; s < end; s++) {
		scope_id method = method_around(m, s, w->class_);
		struct stored_use use;
		if (method == SCOPE_NONE || method == w->leaves || method == ctx->fn->scope ||
		    m->scopes[s].kind == SCOPE_CLASS || m->scopes[method].kind != SCOPE_FUNCTION)
			continue;
		/* what `as` binds is the block's, not for its user to close */
		bool enters = str_is(text_of(ctx, m->scopes[method].name), "__enter__") ||
		              str_is(text_of(ctx, m->scopes[method].name), "__aenter__");
		if (!use_in(ctx, w, method, s, &use) || use.closes || (use.handed && !enters))
			return true;
	}
	return false;
}

/* Is every condition of the method one on what was raised, or on the connection itself? */
static bool asks_for_error_only(const struct rule_ctx *ctx, const struct manager *w,
                                const struct cfg *cfg)
{
	const struct module *m = module_of(ctx);
	const struct scope *s = &m->scopes[w->leaves];
	struct stored_name own = {.root = first_param(m, w->leaves), .attribute = w->attribute};
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		bool known = e->kind != EV_TEST || stored_is(cfg, e->a, &own) ||
		             e->op == OP_TOKEN_IS;
		for (uint32_t k = 1; !known && k < s->param_count; k++) {
			struct stored_name error = {.root = m->params[s->first_param + k].name};
			known = stored_is(cfg, e->a, &error);
		}
		if (!known)
			return false;
	}
	return true;
}

enum leaving { LEAVES_IT_CLOSED, LEAVES_IT_OPEN, LEAVES_IT_AFTER_ERROR };

/* What the method does that leaves the block. Whatever is not clear counts as a close. */
static enum leaving how_left(const struct rule_ctx *ctx, const struct manager *w)
{
	const struct project *p = ctx->program->project;
	struct stored_use use;
	struct cfg cfg;
	if (!use_in(ctx, w, w->leaves, w->leaves, &use) || use.handed ||
	    use.called_count == STORED_CALLS_MAX)
		return LEAVES_IT_CLOSED;
	for (uint32_t i = 0; i < use.called_count; i++)
		if (own_method(ctx, w->class_, text_of(ctx, use.called[i]).ptr) == SCOPE_NONE)
			return LEAVES_IT_CLOSED;
	if (!use.closes)
		return LEAVES_IT_OPEN;
	if (!method_may_leave_open(ctx, w->leaves, w->attribute, w->kind) ||
	    !record_cfg(ctx->scratch, &p->modules[ctx->fn->module].loaded, w->leaves, &cfg))
		return LEAVES_IT_CLOSED;
	return asks_for_error_only(ctx, w, &cfg) ? LEAVES_IT_AFTER_ERROR : LEAVES_IT_CLOSED;
}

/* Does the taking method look first whether it has one? Then the object keeps it for longer than a block. */
static bool is_kept_for_more(const struct rule_ctx *ctx, const struct manager *w)
{
	struct stored_object where;
	struct stored_use use;
	bool in_init = str_is(text_of(ctx, module_of(ctx)->scopes[ctx->fn->scope].name),
	                      "__init__");
	return !use_in(ctx, w, ctx->fn->scope, ctx->fn->scope, &use) || use.asked || use.closes ||
	       (in_init &&
	        class_lives_long(ctx->scratch, ctx->program, ctx->fn->module, w->class_, &where));
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct manager *w, enum leaving how)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct scope *leaves = &module_of(ctx)->scopes[w->leaves];
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .span = leaves->name_span};
	struct finding *f = draft(ctx, r, resource->span, dropped_level(resource));
	struct str name = text_of(ctx, w->attribute), method = text_of(ctx, leaves->name);
	bool slot = resource->kind->dropped == DROPPED_NEVER;
	draft_message(ctx, f, "`self.%.*s` is taken for a with block, and %.*s at %u does not %s%s",
	              STR_ARG(name), STR_ARG(method), line_of(ctx, leaves->span.start),
	              slot ? "give it back" : "close it",
	              how == LEAVES_IT_AFTER_ERROR ? " when something was raised" : "");
	draft_exit(ctx, f, &exit, MISSING_CLOSE, dropped_release(resource));
	draft_dropped(ctx, f, r);
	draft_detail(ctx, f, "fix", "%.*s: try: ...   finally: %s", STR_ARG(method),
	             slot ? "give it back to its pool" : "close it");
	draft_step(ctx, f, resource->span, "taken and kept in the object here");
	draft_step(ctx, f, leaves->name_span, "the block is left here");
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	struct manager w;
	if (paths_were_joined(ctx) || !find_manager(ctx, &w) ||
	    module_is_script(ctx->program, ctx->fn->module))
		return;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		if (!is_made_below_session(ctx, r, LAYER_CONNECTION))
			continue;
		w.kind = ctx->fn->resources[r].kind;
		w.attribute = attribute_of(ctx, r);
		if (w.attribute == NAME_NONE || is_kept_for_more(ctx, &w) ||
		    is_ended_beside(ctx, &w))
			continue;
		enum leaving how = how_left(ctx, &w);
		if (how != LEAVES_IT_CLOSED)
			report(ctx, r, &w, how);
	}
}

const struct rule rule_manager_keeps_connection = {
	.id = "manager-keeps-connection",
	.title = "A context manager's __exit__ does not give its connection back",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
