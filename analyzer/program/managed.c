/*
 * managed.c - see managed.h. A module that decorates with contextmanager seldom calls it, too: of such only
 * the assignments are read, not what stands in its bodies.
 */
#include "program/managed.h"

#include "program/callable.h"
#include "project/def.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

struct finder {
	struct arena *scratch;
	const struct project *project;
	uint64_t *keys; /* stb_ds */
};

static const char *const managers[] = {"contextmanager", "asynccontextmanager"};

static bool is_manager(struct str name)
{
	return str_is(name, managers[0]) || str_is(name, managers[1]);
}

static bool imports_managers(const struct project *p, const struct module *m)
{
	for (uint32_t i = 0; i < m->import_count; i++)
		if (str_is(project_text(p, m->imports[i].module), "contextlib") &&
		    (m->imports[i].name == NAME_NONE ||
		     is_manager(project_text(p, m->imports[i].name))))
			return true;
	return false;
}

static bool decorates(const struct project *p, module_id m)
{
	for (scope_id s = 0; s < project_module(p, m)->scope_count; s++)
		if (def_has_decorator(p, m, s, managers, ARRAY_LEN(managers)))
			return true;
	return false;
}

static void note(struct finder *f, struct callable c)
{
	if (c.kind == CALLABLE_DEF)
		arrput(f->keys, scope_key(c.module, c.scope));
}

/* NAME = contextmanager(f) */
static void read_bindings(struct finder *f, module_id m)
{
	const struct module *module = project_module(f->project, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *b = &module->bindings[i];
		const struct expr *call = b->value == EXPR_NONE ? NULL : &module->exprs[b->value];
		if (call == NULL || call->kind != EXPR_CALL || call[1].kind != EXPR_NAME ||
		    !is_manager(dotted_last(project_text(f->project, call[1].text))) ||
		    call[1].next >= call->next)
			continue;
		note(f, callable_of_expr(f->scratch, f->project, m, b->from, call[1].next));
	}
}

static bool is_manager_call(const struct finder *f, const struct cfg *cfg, const struct event *e)
{
	if (e->kind != EV_CALL || e->arg_count != 1 || ref_kind(e->a) != REF_KIND_PLACE ||
	    cfg->args[e->first_arg].keyword != NAME_NONE)
		return false;
	return is_manager(project_text(
		f->project, e->name != NAME_NONE ? e->name : cfg->places[ref_index(e->a)].root));
}

/* with contextmanager(f)() as db */
static void read_bodies(struct finder *f, module_id m)
{
	const struct loaded_module *loaded = &f->project->modules[m].loaded;
	for (scope_id s = 0; s < loaded->module.scope_count; s++) {
		struct cfg cfg;
		if (!record_cfg(f->scratch, loaded, s, &cfg))
			continue;
		for (uint32_t i = 0; i < cfg.event_count; i++)
			if (is_manager_call(f, &cfg, &cfg.events[i]))
				note(f, callable_of_ref(f->scratch, f->project, m, s, &cfg,
				                        cfg.args[cfg.events[i].first_arg].value));
		arena_clear(f->scratch);
	}
}

static int by_key(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

struct managed_defs managed_find(struct arena *run, const struct project *p)
{
	struct arena scratch;
	struct finder f = {.scratch = &scratch, .project = p};
	arena_init(&scratch);
	for (module_id m = 0; m < p->module_count; m++)
		if (imports_managers(p, project_module(p, m))) {
			read_bindings(&f, m);
			if (!decorates(p, m))
				read_bodies(&f, m);
		}
	size_t count = arrlenu(f.keys);
	uint64_t *keys = arena_array(run, uint64_t, count);
	if (count > 0) {
		memcpy(keys, f.keys, count * sizeof *keys);
		qsort(keys, count, sizeof *keys, by_key);
	}
	arrfree(f.keys);
	arena_release(&scratch);
	return (struct managed_defs){keys, count};
}

bool managed_has(const struct managed_defs *all, module_id m, scope_id scope)
{
	uint64_t key = scope_key(m, scope);
	return all->count > 0 && bsearch(&key, all->keys, all->count, sizeof key, by_key) != NULL;
}
