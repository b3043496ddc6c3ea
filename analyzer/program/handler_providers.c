/* handler_providers.c - from the tree of a handler's dependencies to the sessions that are out for one request. */
#include "program/handler_providers.h"

#include "program/provider.h"

static void add(struct arena *run, const struct program *program, const struct provider *p,
                struct str through, struct audit_row *row)
{
	struct audit_provider entry = {.name = arena_str(run, p->name),
	                               .guarded = p->guarded && p->releases,
	                               .kind = p->kind->id,
	                               .through = arena_str(run, through)};
	if (p->module != MODULE_NONE) {
		const struct module *m = project_module(program->project, p->module);
		entry.path = m->path;
		entry.line = module_line(m, m->scopes[p->scope].name_span.start);
	}
	for (uint32_t i = 0; i < row->provider_count; i++)
		if (row->providers[i].line == entry.line &&
		    str_eq(row->providers[i].path, entry.path) &&
		    str_eq(row->providers[i].name, entry.name))
			return;
	if (row->provider_count < HANDLER_PROVIDERS_MAX)
		row->providers[row->provider_count++] = entry;
}

/* What session the step's user gets, or NULL when it is none. */
static const struct provider *provider_of_step(struct arena *scratch, const struct program *program,
                                               const struct dependency_step *step)
{
	const struct dependency_node *node = step->node;
	const struct dependency_node *asker = &program->dependencies->nodes[step->asker];
	const struct project *p = program->project;
	struct dependency dep;
	bool unresolved;
	if (step->use->param != UINT32_MAX && asker->kind == NODE_DEF &&
	    dependency_of(scratch, p, asker->module, asker->scope,
	                  &project_module(p, asker->module)->params[step->use->param], &dep))
		return provider_of_dependency(scratch, program, &dep, &unresolved);
	return node->kind == NODE_DEF
	               ? provider_of_scope(program->providers, node->module, node->scope)
	               : NULL;
}

void handler_providers(struct arena *run, struct arena *scratch, const struct program *program,
                       const struct function *fn, const struct provider *own, struct audit_row *row)
{
	const struct dependency_graph *g = program->dependencies;
	node_id handler = dependency_node_of(g, fn->module, fn->scope);
	const struct dependency_step *steps;
	uint32_t count = dependency_tree(scratch, g, handler, &steps);
	row->providers = arena_array(run, struct audit_provider, HANDLER_PROVIDERS_MAX);
	if (own != NULL)
		add(run, program, own, STR_EMPTY, row);
	for (uint32_t i = 0; i < count; i++) {
		const struct provider *p = provider_of_step(scratch, program, &steps[i]);
		if (p != NULL)
			add(run, program, p,
			    steps[i].asker == handler ? STR_EMPTY : g->nodes[steps[i].asker].name,
			    row);
	}
}
