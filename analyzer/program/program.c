/*
 * program.c - what the whole project says before any single function is
 * judged: providers, how many routes run where, and who ends registries for others.
 */
#include "program/program.h"

#include "program/function.h"
#include "program/objects.h"
#include "program/provider.h"
#include "program/stream.h"

#include <stdlib.h>

const char *origin_word(enum origin o)
{
	switch (o) {
	case ORIGIN_DEPENDENCY: return "dependency";
	case ORIGIN_FACTORY: return "factory";
	case ORIGIN_GENERATOR: return "generator";
	case ORIGIN_MANAGER: return "context-manager";
	case ORIGIN_REGISTRY: return "registry";
	case ORIGIN_LENT: return "parameter";
	case ORIGIN_KEPT: return "kept";
	}
	abort();
}

/* ---- entries ------------------------------------------------------------------------ */

enum entry_kind program_entry(const struct program *p, module_id m, scope_id scope)
{
	enum entry_kind kind = entry_kind_of(p->project, m, scope);
	if (kind == ENTRY_NONE && configured_entry(&p->entries, m, scope))
		return ENTRY_TASK;
	if (kind == ENTRY_NONE && scope_is_dependency(p->dependencies, m, scope))
		return ENTRY_DEPENDENCY;
	return kind;
}

static void count_handlers(struct program *p)
{
	for (module_id m = 0; m < p->project->module_count; m++) {
		const struct module *module = project_module(p->project, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			if (module->scopes[s].entry_count == 0 ||
			    entry_kind_of(p->project, m, s) != ENTRY_HTTP)
				continue;
			if (module->scopes[s].flags & SCOPE_ASYNC)
				p->async_handlers++;
			else
				p->sync_handlers++;
		}
	}
}

/* ---- clean-up for others --------------------------------------------------------------- */

static bool cleans_for_others(enum entry_kind kind)
{
	return kind == ENTRY_MIDDLEWARE || kind == ENTRY_HOOK || kind == ENTRY_DEPENDENCY;
}

/* Does every normal way out end this registry's session? */
static bool ends_on_return(const struct function *fn, uint32_t resource)
{
	bool any = false;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *e = &fn->exits[i];
		if (e->kind != EXIT_RETURN && e->kind != EXIT_FALL_OFF)
			continue;
		if (!states_must(e->states[resource], IS_ENDED))
			return false;
		any = true;
	}
	return any;
}

struct cleanup_list {
	struct arena *run;
	struct cleanup *items;
	uint32_t count, room;
};

static void add_cleanup(struct cleanup_list *list, struct str registry, enum entry_thread thread)
{
	if (list->count == list->room) {
		list->room = list->room == 0 ? 8 : list->room * 2;
		struct cleanup *grown = arena_array(list->run, struct cleanup, list->room);
		if (list->count > 0)
			memcpy(grown, list->items, list->count * sizeof *grown);
		list->items = grown;
	}
	list->items[list->count++] = (struct cleanup){arena_str(list->run, registry), thread};
}

static void read_cleanup(struct arena *scratch, const struct program *p, module_id m, scope_id s,
                         enum entry_kind kind, struct cleanup_list *list)
{
	struct function fn;
	bool async_ = (project_scope(p->project, m, s)->flags & SCOPE_ASYNC) != 0;
	if (!function_analyse(scratch, p, m, s, kind, false, &fn))
		return;
	for (uint32_t r = 0; r < fn.plan.resource_count; r++)
		if (fn.resources[r].origin == ORIGIN_REGISTRY && ends_on_return(&fn, r))
			add_cleanup(list, fn.resources[r].identity, entry_thread_of(kind, async_));
}

/* A `def` dependency runs in any worker thread, not in its handler's: it cleans for nobody (runtime.md 2, 8). */
static void find_cleanups(struct arena *run, struct program *p)
{
	struct arena scratch;
	struct cleanup_list list = {.run = run};
	arena_init(&scratch);
	for (module_id m = 0; m < p->project->module_count; m++) {
		const struct module *module = project_module(p->project, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			if (module->scopes[s].kind != SCOPE_FUNCTION)
				continue;
			enum entry_kind kind = program_entry(p, m, s);
			bool sync = (module->scopes[s].flags & SCOPE_ASYNC) == 0;
			if (!cleans_for_others(kind) || (kind == ENTRY_DEPENDENCY && sync))
				continue;
			read_cleanup(&scratch, p, m, s, kind, &list);
			arena_clear(&scratch);
		}
	}
	arena_release(&scratch);
	p->cleanups = list.items;
	p->cleanup_count = list.count;
}

bool program_cleans(const struct program *p, struct str registry, enum entry_thread thread)
{
	for (uint32_t i = 0; i < p->cleanup_count; i++)
		if (p->cleanups[i].thread == thread && str_eq(p->cleanups[i].registry, registry))
			return true;
	return false;
}

void program_prepare(struct arena *run, const struct project *project,
                     const struct protocols *protocols, const struct framework_versions *versions,
                     const struct config *config, struct program *out)
{
	*out = (struct program){
		.project = project, .protocols = protocols, .versions = *versions, .config = config};
	out->entries = configured_entries_find(run, project, &config->entry_points);
	out->may_stream = stream_is_likely(project);
	out->dependencies = dependencies_find(run, project);
	out->objects = objects_find(run, out);
	out->providers = providers_find(run, out);
	count_handlers(out);
	find_cleanups(run, out);
}
