/*
 * draft_registry.c - what rules about registries share: where a function uses one, directly or through what it
 * calls, which way out leaves its session open, and the path to the statement.
 */
#include "program/effects.h"
#include "project/written.h"
#include "rule.h"

enum { CHAIN_MAX = 6 };  /* calls inside calls that a finding names */
enum { OTHERS_MAX = 4 }; /* registries that it names */
enum { VIEWS_MAX = 8 };  /* views of one registry that are reported one by one */

static bool uses(enum operation op)
{
	return op == DO_STATEMENT || op == DO_FLUSH || op == DO_WRITE;
}

/* Does the event, by itself, what 'wanted' asks for? */
static bool does(const struct action *a, enum registry_act wanted)
{
	if (wanted == REGISTRY_ENDED)
		return a->kind == ACTION_EFFECT && operation_ends(a->effect.normal);
	return (a->kind == ACTION_EFFECT && uses(a->effect.normal)) || a->kind == ACTION_SAME;
}

static bool does_through_callee(const struct rule_ctx *ctx, uint32_t event, uint32_t r)
{
	const struct action *a = &ctx->fn->plan.actions[event];
	for (uint16_t t = 0; t < a->transfer_count; t++)
		if (states_may(a->transfers[t].normal, IS_OPEN) &&
		    is_in_slot(ctx, event, a->transfers[t].slot, r))
			return true;
	return false;
}

uint32_t registry_event(const struct rule_ctx *ctx, uint32_t r, enum registry_act wanted)
{
	const struct function *fn = ctx->fn;
	uint32_t first = EVENT_NONE;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		const struct action *a = &fn->plan.actions[i];
		if (e->kind != EV_CALL ||
		    (first != EVENT_NONE && e->span.start >= fn->cfg.events[first].span.start))
			continue;
		if ((does(a, wanted) && is_in_slot(ctx, i, a->slot, r)) ||
		    (wanted == REGISTRY_USED && does_through_callee(ctx, i, r)))
			first = i;
	}
	return first;
}

uint32_t registry_in(const struct function *fn, uint32_t place)
{
	return fn->registries[place] == 0 ? RESOURCES_MAX : fn->registries[place] - 1;
}

bool registry_use_is_direct(const struct rule_ctx *ctx, uint32_t event)
{
	const struct action *a = &ctx->fn->plan.actions[event];
	return a->kind == ACTION_EFFECT || a->kind == ACTION_SAME;
}

/* ---- ends elsewhere --------------------------------------------------------------------------- */

/* `app.Registry` of app.Registry.remove(); empty when the receiver is no plain name. */
static struct str receiver_path(const struct rule_ctx *ctx, const struct cfg *cfg,
                                const struct event *e)
{
	if (e->kind != EV_CALL || e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return STR_EMPTY;
	return place_path(ctx->scratch, ctx->program->project, &cfg->places[ref_index(e->a)]);
}

bool registry_only_ended_in(const struct rule_ctx *ctx, uint32_t r, module_id m, scope_id scope,
                            struct span *at)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct project *p = ctx->program->project;
	struct cfg cfg;
	struct registry found;
	bool ended = false;
	if (!record_cfg(ctx->scratch, &p->modules[m].loaded, scope, &cfg))
		return false;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		struct str path = receiver_path(ctx, &cfg, e);
		if (path.len == 0 ||
		    !registry_at(ctx->scratch, ctx->program, m, scope, path, &found) ||
		    !str_eq(found.identity, resource->identity))
			continue;
		enum operation does = kind_effect(resource->kind, project_text(p, e->name)).normal;
		if (uses(does))
			return false;
		if (operation_ends(does) && !ended)
			*at = e->span;
		ended |= operation_ends(does);
	}
	return ended;
}

/* Does that decorator's function, or one that it makes to stand for ours, end the registry's session? */
static bool ends_around(const struct rule_ctx *ctx, uint32_t r, const struct target *decorator)
{
	const struct module *m = project_module(ctx->program->project, decorator->module);
	struct span at;
	if (registry_only_ended_in(ctx, r, decorator->module, decorator->scope, &at))
		return true;
	for (scope_id s = decorator->scope + 1; s < m->scope_count; s++) {
		scope_id outer = m->scopes[s].parent;
		if (outer == SCOPE_NONE || outer < decorator->scope)
			break; /* behind all that is nested in it */
		bool inside = outer == decorator->scope ||
		              (outer != SCOPE_NONE && m->scopes[outer].parent == decorator->scope);
		if (inside && m->scopes[s].kind == SCOPE_FUNCTION &&
		    registry_only_ended_in(ctx, r, decorator->module, s, &at))
			return true;
	}
	return false;
}

/* `@with_clean_up def job():`, whose wrapper has a remove() in a finally. */
static bool is_decorated_with_end(const struct rule_ctx *ctx, uint32_t r)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	const struct scope *s = &m->scopes[ctx->fn->scope];
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		expr_id d = m->decorators[s->first_decorator + i];
		if (m->exprs[d].kind == EXPR_CALL)
			d++;
		if (m->exprs[d].kind != EXPR_NAME)
			continue;
		struct target t = resolve_expr(ctx->scratch, p, ctx->fn->module, s->parent, d);
		if (t.kind == TARGET_SCOPE && !target_is_class(p, &t) && ends_around(ctx, r, &t))
			return true;
	}
	return false;
}

const struct exit_point *registry_left_open(const struct rule_ctx *ctx, uint32_t r, bool raises)
{
	if (is_decorated_with_end(ctx, r))
		return NULL;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (exit_is_open(e, r) && (raises || exit_is_normal(e)))
			return e;
	}
	return NULL;
}

/* ---- who speaks for it ---------------------------------------------------------------------- */

/*
 * A view whose registry an existing hook should end is that hook's finding. Where many views leave one registry, what
 * is missing is a hook: the first of them speaks for all.
 */
static bool speaks_elsewhere(const struct rule_ctx *ctx, uint32_t r, bool direct, bool is_async)
{
	if (ctx->fn->entry != ENTRY_HTTP)
		return false;
	const struct left_registry *left = program_left(ctx->program,
	                                                ctx->fn->resources[r].identity, is_async);
	if (left == NULL)
		return false;
	bool first = left->module == ctx->fn->module && left->scope == ctx->fn->scope;
	const struct cleanup *hook = ctx->program->hooks[is_async];
	return (hook != NULL && hook->named) || (!first && (!direct || left->handlers > VIEWS_MAX));
}

const struct exit_point *registry_left_by_entry(const struct rule_ctx *ctx, uint32_t r,
                                                uint32_t *use)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct scope *s = project_scope(ctx->program->project, ctx->fn->module,
	                                      ctx->fn->scope);
	bool is_async = (s->flags & SCOPE_ASYNC) != 0;
	*use = registry_event(ctx, r, REGISTRY_USED);
	if (*use == EVENT_NONE)
		return NULL;
	bool direct = registry_use_is_direct(ctx, *use);
	const struct exit_point *open = registry_left_open(ctx, r, direct);
	if (open == NULL || program_cleans_entry(ctx->program, resource->identity,
	                                         resource->managed, ctx->fn->entry, is_async))
		return NULL;
	return speaks_elsewhere(ctx, r, direct, is_async) ? NULL : open;
}

/* ---- the path to the statement ------------------------------------------------------------- */

static const struct registry_effect *effect_in(const struct rule_ctx *ctx, module_id m,
                                               scope_id scope, struct str identity)
{
	struct function_effects all = registry_effects_of(ctx->program->effects, ctx->program, m,
	                                                  scope);
	const struct registry_effect *items = all.items;
	for (uint32_t i = 0; i < all.count; i++)
		if (str_eq(items[i].registry->identity, identity))
			return &items[i];
	return NULL;
}

/* The def that the call runs: a class stands for its __init__, a parameter for what was handed in to be called. */
static struct target run_by(const struct rule_ctx *ctx, uint32_t event, struct str identity)
{
	const struct project *p = ctx->program->project;
	const struct call_graph *g = ctx->program->calls;
	struct target t = ctx->fn->targets[event];
	if (target_is_class(p, &t))
		return resolve_member(ctx->scratch, p, t.module, t.scope, STR("__init__"));
	if (t.kind == TARGET_SCOPE || g == NULL)
		return t;
	uint32_t count;
	scope_id class_ = project_scope(p, ctx->fn->module, ctx->fn->scope)->parent;
	const struct callback *all = call_graph_callbacks(g, ctx->fn->module, class_, &count);
	for (uint32_t i = 0; i < count; i++) {
		const struct call_node *node = &g->nodes[all[i].node];
		const struct registry_effect *e = effect_in(ctx, node->module, node->scope,
		                                            identity);
		if (e != NULL && states_may(e->normal, IS_OPEN))
			return (struct target){
				.kind = TARGET_SCOPE, .module = node->module, .scope = node->scope};
	}
	return t;
}

unsigned registry_depth(const struct rule_ctx *ctx, uint32_t r, uint32_t event)
{
	struct target t = run_by(ctx, event, ctx->fn->resources[r].identity);
	const struct registry_effect *e = NULL;
	unsigned depth = 0;
	if (ctx->program->effects == NULL || registry_use_is_direct(ctx, event) ||
	    t.kind != TARGET_SCOPE)
		return 0;
	for (module_id m = t.module; m != MODULE_NONE && depth < CHAIN_MAX; depth++) {
		e = effect_in(ctx, m, t.scope, ctx->fn->resources[r].identity);
		m = e == NULL ? MODULE_NONE : e->module;
		t.scope = e == NULL ? 0 : e->scope;
	}
	return depth;
}

void draft_registry_path(const struct rule_ctx *ctx, struct finding *f, uint32_t r, uint32_t use)
{
	const struct project *p = ctx->program->project;
	struct str identity = ctx->fn->resources[r].identity, path = STR_EMPTY;
	struct target t = run_by(ctx, use, identity);
	if (ctx->program->effects == NULL || registry_use_is_direct(ctx, use) ||
	    t.kind != TARGET_SCOPE)
		return;
	draft_step(ctx, f, ctx->fn->cfg.events[use].span, "this call uses the registry");
	module_id m = t.module;
	scope_id scope = t.scope;
	for (unsigned depth = 0; depth < CHAIN_MAX && m != MODULE_NONE; depth++) {
		const struct module *module = project_module(p, m);
		const struct registry_effect *e = effect_in(ctx, m, scope, identity);
		if (e == NULL || e->span.end == 0)
			break;
		path = arena_printf(ctx->scratch, "%.*s%s%.*s (%.*s:%u)", STR_ARG(path),
		                    path.len > 0 ? ", then " : "",
		                    STR_ARG(project_text(p, module->scopes[scope].qualname)),
		                    STR_ARG(module->path), module_line(module, e->span.start));
		draft_step_in(ctx, f, m, e->span,
		              e->module == MODULE_NONE ? "this statement opens the transaction"
		                                       : "which calls on");
		m = e->module;
		scope = e->scope;
	}
	if (path.len > 0)
		draft_detail(ctx, f, "used by", "%.*s", STR_ARG(path));
}

/* ---- words -------------------------------------------------------------------------------------- */

void draft_registry_others(const struct rule_ctx *ctx, struct finding *f, uint32_t others)
{
	struct str names = STR_EMPTY;
	unsigned shown = 0, hidden = 0;
	for (; others != 0; others &= others - 1) {
		uint32_t r = (uint32_t)__builtin_ctz(others);
		if (++shown > OTHERS_MAX) {
			hidden++;
			continue;
		}
		names = arena_printf(ctx->scratch, "%.*s%s%.*s", STR_ARG(names),
		                     names.len > 0 ? ", " : "",
		                     STR_ARG(ctx->fn->resources[r].identity));
	}
	if (hidden > 0)
		names = arena_printf(ctx->scratch, "%.*s and %u more", STR_ARG(names), hidden);
	if (names.len > 0)
		draft_detail(ctx, f, "also", "%.*s", STR_ARG(names));
}

void draft_started(const struct rule_ctx *ctx, struct finding *f)
{
	const struct call_graph *g = ctx->program->calls;
	const struct started *s = g == NULL ? NULL
	                                    : call_graph_started(g, ctx->fn->module, ctx->fn->scope);
	if (s == NULL)
		return;
	const struct module *m = project_module(ctx->program->project, s->module);
	draft_detail(ctx, f, "run by", "%s at %.*s:%u", s->how->name, STR_ARG(m->path),
	             module_line(m, s->span.start));
}

bool registry_thread_started(const struct rule_ctx *ctx, module_id *m, struct span *at)
{
	const struct call_graph *g = ctx->program->calls;
	const struct started *s = g == NULL ? NULL
	                                    : call_graph_started(g, ctx->fn->module, ctx->fn->scope);
	if (s == NULL)
		return false;
	*m = s->module;
	*at = s->span;
	return true;
}

bool registry_thread_is_pooled(const struct rule_ctx *ctx)
{
	const struct call_graph *g = ctx->program->calls;
	const struct started *s = g == NULL ? NULL
	                                    : call_graph_started(g, ctx->fn->module, ctx->fn->scope);
	return s == NULL ? ctx->fn->entry != ENTRY_THREAD : s->how->pooled;
}
