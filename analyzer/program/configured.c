/* configured.c - names of the configuration, compared with what names of the program mean. */
#include "program/configured.h"

#include "program/callable.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

/* ---- names ------------------------------------------------------------------------ */

/* "package.module:function" as the dotted path it stands for. */
static struct str dotted_of(struct arena *scratch, struct str name)
{
	struct str dotted = arena_str(scratch, name);
	char *colon = dotted.len == 0 ? NULL : memchr(dotted.ptr, ':', dotted.len);
	if (colon != NULL)
		*colon = '.';
	return dotted;
}

/* The whole path, or a tail of it that begins at a dot. */
static bool path_matches(struct str pattern, struct str dotted)
{
	for (;;) {
		if (glob_match(pattern, dotted))
			return true;
		const char *dot = dotted.len == 0 ? NULL : memchr(dotted.ptr, '.', dotted.len);
		if (dot == NULL)
			return false;
		dotted = str_slice(dotted, (size_t)(dot - dotted.ptr) + 1, dotted.len);
	}
}

/* Does the list name this path, "app.llm.Client.ask"? */
static bool configured_path(struct arena *scratch, const struct str_list *names, struct str dotted)
{
	for (size_t i = 0; i < names->count && dotted.len > 0; i++)
		if (path_matches(dotted_of(scratch, names->items[i]), dotted))
			return true;
	return false;
}

static struct str path_of_target(struct arena *scratch, const struct project *p,
                                 const struct target *t)
{
	struct str name = t->dotted;
	if (t->kind != TARGET_SCOPE && t->kind != TARGET_BINDING)
		return name;
	const struct module *m = project_module(p, t->module);
	scope_id around = t->kind == TARGET_SCOPE ? t->scope : m->bindings[t->binding].scope;
	name = project_text(p, m->scopes[around].qualname);
	if (t->kind == TARGET_BINDING && around == 0)
		name = project_text(p, m->bindings[t->binding].name);
	else if (t->kind == TARGET_BINDING)
		name = dotted_under(scratch, name, project_text(p, m->bindings[t->binding].name));
	return dotted_under(scratch, p->modules[t->module].dotted, name);
}

bool configured_target(struct arena *scratch, const struct project *p, const struct str_list *names,
                       const struct target *t)
{
	return names->count > 0 && configured_path(scratch, names, path_of_target(scratch, p, t));
}

/* ---- entry points -------------------------------------------------------------------- */

struct entry_finder {
	struct arena *scratch;
	const struct project *project;
	const struct str_list *names;
	name_id *last_parts; /* of the names; NAME_NONE for one that no module has, or with a * */
	bool any_pattern;
	uint64_t *keys; /* stb_ds */
};

static void find_last_parts(struct entry_finder *f)
{
	f->last_parts = arena_array(f->scratch, name_id, f->names->count);
	for (size_t i = 0; i < f->names->count; i++) {
		struct str last = dotted_last(dotted_of(f->scratch, f->names->items[i]));
		f->any_pattern |= last.len > 0 && memchr(last.ptr, '*', last.len) != NULL;
		f->last_parts[i] = intern_find(f->project->names, last);
	}
}

static bool mentions(const struct entry_finder *f, const struct loaded_module *m)
{
	for (uint32_t i = 1; i <= m->name_count && !f->any_pattern; i++)
		for (size_t k = 0; k < f->names->count; k++)
			if (f->last_parts[k] != NAME_NONE && m->names[i] == f->last_parts[k])
				return true;
	return f->any_pattern;
}

static void find_decorated(struct entry_finder *f, struct arena *scratch, module_id m)
{
	const struct module *module = project_module(f->project, m);
	for (scope_id s = 1; s < module->scope_count; s++) {
		const struct scope *scope = &module->scopes[s];
		for (uint32_t i = 0; i < scope->decorator_count; i++) {
			expr_id d = module->decorators[scope->first_decorator + i];
			d += module->exprs[d].kind == EXPR_CALL;
			struct target t = resolve_expr(scratch, f->project, m, scope->parent, d);
			if (configured_target(scratch, f->project, f->names, &t))
				arrput(f->keys, scope_key(m, s));
		}
	}
}

/* What a call calls: the receiver's name with the method's. */
static struct target called_target(const struct entry_finder *f, struct arena *scratch, module_id m,
                                   scope_id scope, const struct cfg *cfg, const struct event *e)
{
	struct target t = callable_of_ref(scratch, f->project, m, scope, cfg, e->a).target;
	if (e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return t;
	struct str name = project_text(f->project, e->name);
	struct str path = t.kind == TARGET_MODULE ? f->project->modules[t.module].dotted
	                                          : path_of_target(scratch, f->project, &t);
	return (struct target){.kind = TARGET_UNKNOWN, .dotted = dotted_under(scratch, path, name)};
}

static void find_passed(struct entry_finder *f, struct arena *scratch, module_id m, scope_id scope)
{
	struct cfg cfg;
	if (!record_cfg(scratch, &f->project->modules[m].loaded, scope, &cfg))
		return;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind != EV_CALL || e->arg_count == 0)
			continue;
		struct target t = called_target(f, scratch, m, scope, &cfg, e);
		if (!configured_target(scratch, f->project, f->names, &t))
			continue;
		for (uint32_t k = 0; k < e->arg_count; k++) {
			struct callable passed = callable_of_ref(scratch, f->project, m, scope, &cfg,
			                                         cfg.args[e->first_arg + k].value);
			if (passed.kind == CALLABLE_DEF)
				arrput(f->keys, scope_key(passed.module, passed.scope));
		}
	}
}

static int by_key(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return number_cmp(x, y);
}

struct configured_entries configured_entries_find(struct arena *run, const struct project *p,
                                                  const struct str_list *names)
{
	struct configured_entries found = {0};
	struct arena kept, scratch;
	if (names->count == 0)
		return found;
	arena_init(&kept);
	arena_init(&scratch);
	struct entry_finder f = {.scratch = &kept, .project = p, .names = names};
	find_last_parts(&f);
	for (module_id m = 0; m < p->module_count; m++) {
		if (!mentions(&f, &p->modules[m].loaded))
			continue;
		find_decorated(&f, &scratch, m);
		for (scope_id s = 0; s < project_module(p, m)->scope_count; s++) {
			find_passed(&f, &scratch, m, s);
			arena_clear(&scratch);
		}
	}
	found.count = arrlenu(f.keys);
	uint64_t *keys = arena_array(run, uint64_t, found.count);
	if (found.count > 0) {
		memcpy(keys, f.keys, found.count * sizeof *keys);
		qsort(keys, found.count, sizeof *keys, by_key);
	}
	found.keys = keys;
	arrfree(f.keys);
	arena_release(&kept);
	arena_release(&scratch);
	return found;
}

bool configured_entry(const struct configured_entries *e, module_id m, scope_id scope)
{
	uint64_t key = scope_key(m, scope);
	return e->count > 0 && bsearch(&key, e->keys, e->count, sizeof key, by_key) != NULL;
}
