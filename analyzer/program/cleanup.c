/*
 * cleanup.c - a session of a registry can be ended far from where it is used: by a hook of the application, a
 * middleware, a dependency, a signal of the task queue. Each reaches only what runs in its thread.
 */
#include "program/cleanup.h"

#include "program/asgi.h"
#include "program/callgraph.h"
#include "program/effects.h"
#include "program/function.h"
#include "program/registry.h"

/* ---- for whom ------------------------------------------------------------------------------ */

static bool decorator_contains(const struct project *p, const struct module *m,
                               const struct scope *s, struct str part)
{
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		const struct expr *d = &m->exprs[m->decorators[s->first_decorator + i]];
		if (d->kind == EXPR_CALL)
			d++;
		struct str text = d->kind == EXPR_NAME ? project_text(p, d->text) : STR_EMPTY;
		if (str_contains(text, part))
			return true;
	}
	return false;
}

/* A signal of the queue (@task_postrun.connect) or a method of the class that its tasks have. */
static bool is_task_hook(const struct project *p, const struct module *m, const struct scope *s)
{
	static const char *const methods[] = {"after_return", "on_success", "on_failure",
	                                      "__call__"};
	if (decorator_contains(p, m, s, STR("task_postrun")) ||
	    decorator_contains(p, m, s, STR("task_prerun")))
		return true;
	if (s->parent == SCOPE_NONE || m->scopes[s->parent].kind != SCOPE_CLASS)
		return false;
	const struct scope *class_ = &m->scopes[s->parent];
	bool task = false, hook = false;
	for (uint32_t i = 0; i < class_->base_count; i++) {
		const struct expr *base = &m->exprs[m->bases[class_->first_base + i]];
		task |= base->kind == EXPR_NAME &&
		        str_ends(project_text(p, base->text), STR("Task"));
	}
	for (size_t i = 0; task && i < ARRAY_LEN(methods); i++)
		hook |= str_is(project_text(p, s->name), methods[i]);
	return hook;
}

static bool tears_down(const struct project *p, const struct module *m, const struct scope *s)
{
	for (uint32_t i = 0; i < s->entry_count; i++)
		if (str_starts(project_text(p, m->entries[s->first_entry + i].method),
		               STR("teardown")))
			return true;
	return false;
}

/* Does the def clean up for others, and for whom? */
static bool cleaning_of(const struct program *p, module_id m, scope_id scope, enum cleaning *whom)
{
	const struct module *module = project_module(p->project, m);
	const struct scope *s = &module->scopes[scope];
	enum entry_kind kind = program_entry(p, m, scope);
	const struct registered *r = registered_of(&p->registered, m, scope);
	bool async_ = (s->flags & SCOPE_ASYNC) != 0;
	if (is_task_hook(p->project, module, s) || (r != NULL && r->of_tasks)) {
		*whom = CLEANS_TASK;
		return true;
	}
	/* a `def` dependency runs in any worker thread, not in its handler's: it cleans for nobody (runtime.md 2, 8) */
	if (kind != ENTRY_MIDDLEWARE && kind != ENTRY_HOOK && !(kind == ENTRY_DEPENDENCY && async_))
		return false;
	bool down = tears_down(p->project, module, s) || (r != NULL && r->tears_down);
	*whom = async_ ? CLEANS_LOOP : down ? CLEANS_CONTEXT : CLEANS_VIEW;
	return true;
}

/* ---- what -------------------------------------------------------------------------------------- */

struct cleanup_list {
	struct arena *run;
	struct cleanup *items;
	uint32_t count, room;
};

static void add_cleanup(struct cleanup_list *list, struct cleanup one)
{
	if (list->count == list->room) {
		list->room = list->room == 0 ? 8 : list->room * 2;
		struct cleanup *grown = arena_array(list->run, struct cleanup, list->room);
		if (list->count > 0)
			memcpy(grown, list->items, list->count * sizeof *grown);
		list->items = grown;
	}
	one.registry = arena_str(list->run, one.registry);
	list->items[list->count++] = one;
}

/* Does every normal way out end this registry's session? */
static bool ends_on_return(struct arena *scratch, const struct project *p,
                           const struct function *fn, uint32_t resource)
{
	bool any = false;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *e = &fn->exits[i];
		if (e->kind != EXIT_RETURN && e->kind != EXIT_FALL_OFF)
			continue;
		state_set left = states_of_requests(scratch, p, fn, e, resource);
		if (left != 0 && !states_must(left, IS_ENDED))
			return false;
		any |= left != 0;
	}
	return any;
}

/* A loop over registries, in the hook itself or in what it calls. */
static void add_ends(const struct program *p, const struct call_node *node, struct cleanup one,
                     struct cleanup_list *list)
{
	for (uint32_t i = 0; i < node->end_count; i++) {
		one.registry = p->calls->ends[node->first_end + i];
		add_cleanup(list, one);
	}
	one.registry = STR_EMPTY;
	if (node->ends_all)
		add_cleanup(list, one);
}

static void read_cleanup(struct arena *scratch, const struct program *p, module_id m, scope_id s,
                         enum cleaning whom, struct cleanup_list *list)
{
	struct function fn;
	struct cleanup one = {.whom = whom, .module = m, .scope = s};
	const struct call_graph *g = p->calls;
	const struct call_node *node = &g->nodes[call_graph_node(g, m, s)];
	add_ends(p, node, one, list);
	for (uint32_t i = 0; i < node->callee_count; i++)
		add_ends(p, &g->nodes[g->callees[node->first_callee + i]], one, list);
	/* ENTRY_HOOK: what a middleware finds open is not looked at here, only what it ends */
	if (!function_analyse(scratch, p, m, s, ENTRY_HOOK, false, &fn))
		return;
	for (uint32_t r = 0; r < fn.plan.resource_count; r++) {
		one.registry = fn.resources[r].identity;
		one.named = true;
		if (fn.resources[r].origin == ORIGIN_REGISTRY &&
		    ends_on_return(scratch, p->project, &fn, r))
			add_cleanup(list, one);
	}
}

void cleanups_find(struct arena *run, struct program *out)
{
	struct arena scratch;
	struct cleanup_list list = {.run = run};
	enum cleaning whom;
	arena_init(&scratch);
	for (module_id m = 0; m < out->project->module_count; m++) {
		const struct module *module = project_module(out->project, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			if (module->scopes[s].kind != SCOPE_FUNCTION ||
			    !cleaning_of(out, m, s, &whom))
				continue;
			read_cleanup(&scratch, out, m, s, whom, &list);
			arena_clear(&scratch);
		}
	}
	arena_release(&scratch);
	out->cleanups = list.items;
	out->cleanup_count = list.count;
}

/* ---- what nobody ends ------------------------------------------------------------------------------ */

struct left_list {
	struct left_registry *items;
	uint32_t count, room;
};

static void add_left(struct arena *run, struct left_list *list, struct left_registry one)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].is_async == one.is_async &&
		    str_eq(list->items[i].identity, one.identity)) {
			list->items[i].handlers++;
			return;
		}
	if (list->count == list->room) {
		list->room = list->room == 0 ? 8 : list->room * 2;
		struct left_registry *grown = arena_array(run, struct left_registry, list->room);
		if (list->count > 0)
			memcpy(grown, list->items, list->count * sizeof *grown);
		list->items = grown;
	}
	list->items[list->count++] = one;
}

static void read_left(struct arena *run, const struct program *p, module_id m, scope_id s,
                      struct left_list *list)
{
	bool async_ = (project_scope(p->project, m, s)->flags & SCOPE_ASYNC) != 0;
	struct function_effects all = registry_effects_of(p->effects, p, m, s);
	if (all.count == 0 || !p->project->modules[m].report || program_entry(p, m, s) != ENTRY_HTTP)
		return;
	for (uint32_t i = 0; i < all.count; i++) {
		const struct registry *r = all.items[i].registry;
		if (r->thread_local_scope && states_may(all.items[i].normal, IS_OPEN) &&
		    !program_cleans_entry(p, r->identity, r->managed, ENTRY_HTTP, async_))
			add_left(run, list,
			         (struct left_registry){r->identity, r->name, async_, m, s, 1});
	}
}

/* What one function ends stands together in the list. */
static const struct cleanup *find_hook(const struct program *p, bool is_async)
{
	const struct cleanup *best = NULL, *all = p->cleanups;
	uint32_t most = 0, end;
	for (uint32_t i = 0; i < p->cleanup_count; i = end) {
		for (end = i; end < p->cleanup_count && all[end].module == all[i].module &&
		              all[end].scope == all[i].scope;)
			end++;
		bool reaches = all[i].whom != CLEANS_TASK &&
		               (all[i].whom == CLEANS_LOOP) == is_async;
		if (reaches && end - i > most) {
			most = end - i;
			best = &all[end - 1];
		}
	}
	return best;
}

void left_registries_find(struct arena *run, struct program *out)
{
	struct left_list list = {.items = NULL};
	for (module_id m = 0; m < out->project->module_count; m++)
		for (scope_id s = 1; s < project_module(out->project, m)->scope_count; s++)
			read_left(run, out, m, s, &list);
	out->left = list.items;
	out->left_count = list.count;
	out->hooks[false] = find_hook(out, false);
	out->hooks[true] = find_hook(out, true);
}

/* ---- questions ------------------------------------------------------------------------------------ */

bool program_cleans(const struct program *p, struct str registry, enum cleaning whom)
{
	for (uint32_t i = 0; i < p->cleanup_count; i++)
		if (p->cleanups[i].whom == whom &&
		    (p->cleanups[i].registry.len == 0 || str_eq(p->cleanups[i].registry, registry)))
			return true;
	return false;
}

const struct left_registry *program_left(const struct program *p, struct str registry, bool is_async)
{
	for (uint32_t i = 0; i < p->left_count; i++)
		if (p->left[i].is_async == is_async && str_eq(p->left[i].identity, registry))
			return &p->left[i];
	return NULL;
}

bool program_cleans_entry(const struct program *p, struct str registry, bool managed,
                          enum entry_kind entry, bool is_async)
{
	bool in_context = managed || program_cleans(p, registry, CLEANS_CONTEXT);
	switch (entry) {
	case ENTRY_TASK:
		return (managed && !p->context_outlives_tasks) ||
		       program_cleans(p, registry, CLEANS_TASK);
	case ENTRY_SCHEDULER: return managed || program_cleans(p, registry, CLEANS_TASK);
	case ENTRY_THREAD: return false;
	case ENTRY_BACKGROUND:
		return managed || (is_async && program_cleans(p, registry, CLEANS_LOOP));
	case ENTRY_SOCKETIO: /* Flask-SocketIO runs events in a context; after_request is not for them */
		return in_context || (is_async && program_cleans(p, registry, CLEANS_LOOP));
	case ENTRY_MIDDLEWARE: /* a WSGI one stands outside of every context */
		return !is_async ? false : program_cleans(p, registry, CLEANS_LOOP);
	case ENTRY_NONE:
	case ENTRY_HTTP:
	case ENTRY_WEBSOCKET:
	case ENTRY_HOOK:
	case ENTRY_STARTUP:
	case ENTRY_COMMAND:
	case ENTRY_FIXTURE:
	case ENTRY_DEPENDENCY:
	case ENTRY_KIND_COUNT: break;
	}
	return in_context || (is_async ? program_cleans(p, registry, CLEANS_LOOP)
	                               : program_cleans(p, registry, CLEANS_VIEW));
}
