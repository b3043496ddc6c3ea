/*
 * program.c - what the whole project says before any single function is
 * judged: providers, how many routes run where, who calls whom where there are registries, and who ends them.
 */
#include "program/makings.h"
#include "program/script.h"
#include "program/program.h"

#include "program/callgraph.h"
#include "program/cleanup.h"
#include "program/context.h"
#include "program/effects.h"
#include "program/mention.h"
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
	const struct started *started = kind == ENTRY_NONE && p->calls != NULL
	                                        ? call_graph_started(p->calls, m, scope)
	                                        : NULL;
	if (kind == ENTRY_NONE && configured_entry(&p->entries, m, scope))
		return ENTRY_TASK;
	const struct registered *registered = kind == ENTRY_NONE
	                                              ? registered_of(&p->registered, m, scope)
	                                              : NULL;
	if (registered != NULL)
		return registered->kind;
	if (started != NULL)
		return started->how->kind;
	if (kind == ENTRY_NONE && scope_is_dependency(p->dependencies, m, scope))
		return ENTRY_DEPENDENCY;
	return kind;
}

static void count_handlers(struct program *p)
{
	for (module_id m = 0; m < p->project->module_count; m++) {
		const struct module *module = project_module(p->project, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			const struct registered *r = registered_of(&p->registered, m, s);
			bool decorated = module->scopes[s].entry_count > 0 &&
			                 entry_kind_of(p->project, m, s) == ENTRY_HTTP;
			if (!decorated && (r == NULL || r->kind != ENTRY_HTTP))
				continue;
			if (module->scopes[s].flags & SCOPE_ASYNC)
				p->async_handlers++;
			else
				p->sync_handlers++;
		}
	}
}

void program_prepare(struct arena *run, const struct project *project,
                     const struct protocols *protocols, const struct framework_versions *versions,
                     const struct config *config, struct program *out)
{
	*out = (struct program){
		.project = project, .protocols = protocols, .versions = *versions, .config = config};
	out->entries = configured_entries_find(run, project, &config->entry_points);
	out->may_stream = stream_is_likely(project);
	out->scripts = scripts_find(run, project);
	out->registered = registered_find(run, project);
	out->implementations = implementations_find(run, project);
	out->dependencies = dependencies_find(run, project, &out->registered);
	out->makings = makings_find(run, project);
	out->objects = objects_find(run, out);
	struct mentions *mentions = mentions_find(run, out);
	out->mentions = mentions;
	out->providers = providers_find(run, out);
	mentions_add_providers(out, mentions);
	count_handlers(out);
	if (!registries_are_named(project, protocols))
		return;
	/* contexts end what hooks clean up, so hooks are read before and, with their callees, after the effects */
	out->context_outlives_tasks = context_outlives_tasks(project);
	out->query_properties = query_properties_find(run, out);
	out->calls = call_graph_make(run, out);
	cleanups_find(run, out);
	out->effects = registry_effects_make(run, out);
	cleanups_find(run, out);
	left_registries_find(run, out);
}
