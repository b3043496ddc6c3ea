/*
 * project.c - linking: open the records, number the names of the whole run,
 * list what every scope binds, and index modules by their dotted path.
 *
 * Source roots are not guessed. A module a/b/c.py answers to "a.b.c", "b.c" and
 * "c"; when several modules answer, the one that shares the longest leading
 * path with the asking module wins. So src layouts and nested projects resolve
 * without configuration.
 */
#include "project/project.h"

#include "base/filter.h"

#include <stdlib.h>

/* ---- the index of dotted names ------------------------------------------- */

struct index_entry {
	struct str suffix; /* into project_module.dotted */
	module_id module;
};

struct module_index {
	struct index_entry *entries; /* sorted by suffix, then module */
	size_t count;
	struct filter suffixes; /* most of what is asked for is a library's */
};

static struct str dotted_of(struct arena *run, struct str path, bool *is_package)
{
	if (str_ends(path, STR(".py")))
		path.len -= 3;
	*is_package = str_is(path, "__init__") || str_ends(path, STR("/__init__"));
	if (*is_package)
		path.len -= path.len > 8 ? 9 : 8;
	struct str dotted = arena_str(run, path);
	char *text = (char *)(uintptr_t)dotted.ptr;
	for (size_t i = 0; i < dotted.len; i++)
		if (text[i] == '/')
			text[i] = '.';
	return dotted;
}

static int by_suffix(const void *a, const void *b)
{
	const struct index_entry *x = a, *y = b;
	int d = str_cmp(x->suffix, y->suffix);
	return d != 0 ? d : (x->module > y->module) - (x->module < y->module);
}

static size_t count_parts(struct str dotted)
{
	size_t parts = dotted.len > 0 ? 1 : 0;
	for (size_t i = 0; i < dotted.len; i++)
		parts += dotted.ptr[i] == '.';
	return parts;
}

static void index_module(struct module_index *index, const struct project_module *m, module_id id)
{
	struct str rest = m->dotted;
	while (rest.len > 0) {
		index->entries[index->count++] = (struct index_entry){rest, id};
		filter_add(&index->suffixes, rest);
		const char *dot = memchr(rest.ptr, '.', rest.len);
		if (dot == NULL)
			break;
		rest = str_slice(rest, (size_t)(dot - rest.ptr) + 1, rest.len);
	}
}

static struct module_index *index_new(struct arena *run, const struct project *p)
{
	size_t room = 0;
	for (module_id i = 0; i < p->module_count; i++)
		room += count_parts(p->modules[i].dotted);
	struct module_index *index = arena_new(run, struct module_index);
	index->entries = arena_array(run, struct index_entry, room);
	index->suffixes = filter_new(run, room);
	for (module_id i = 0; i < p->module_count; i++)
		index_module(index, &p->modules[i], i);
	if (index->count > 0)
		qsort(index->entries, index->count, sizeof *index->entries, by_suffix);
	return index;
}

static size_t common_prefix(struct str a, struct str b)
{
	size_t n = 0;
	while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
		n++;
	while (n > 0 && a.ptr[n - 1] != '/') /* whole folders only */
		n--;
	return n;
}

/* The first entry of that suffix whose module is 'from' or stands behind it. */
static size_t index_lower_bound(const struct module_index *index, struct str suffix, module_id from)
{
	struct index_entry key = {suffix, from};
	size_t low = 0, high = index->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_suffix(&index->entries[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* By how much of its path the entry's module is near; 0 when it does not answer to the suffix. */
static size_t nearness(const struct project *p, module_id from, size_t entry, struct str suffix)
{
	const struct module_index *index = p->index;
	if (entry >= index->count || !str_eq(index->entries[entry].suffix, suffix))
		return 0;
	return 1 + common_prefix(project_module(p, from)->path,
	                         project_module(p, index->entries[entry].module)->path);
}

/* Modules are in the order of their paths, so the nearest one stands next to where 'from' would. */
module_id project_find_module(const struct project *p, module_id from, struct str dotted)
{
	if (!filter_may_hold(&p->index->suffixes, dotted))
		return MODULE_NONE;
	size_t behind = index_lower_bound(p->index, dotted, from), before = behind - 1;
	size_t near_behind = nearness(p, from, behind, dotted);
	size_t near_before = nearness(p, from, before, dotted); /* before the first: no entry */
	if (near_behind == near_before)
		return MODULE_NONE;
	bool back = near_before > near_behind;
	size_t best = back ? before : behind, next = back ? before - 1 : behind + 1;
	return nearness(p, from, next, dotted) == (back ? near_before : near_behind)
	               ? MODULE_NONE
	               : p->index->entries[best].module;
}

/* ---- symbols -------------------------------------------------------------- */

static int by_scope_name_order(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/*
 * Which of several bindings of one name is meant: what a body itself says, then what its functions
 * store there, then a None that stands for it until they do, last what only type checkers import.
 */
enum { RANK_TYPING, RANK_PLACEHOLDER, RANK_WITHIN, RANK_BODY };

static uint64_t order_of(unsigned rank, struct span span)
{
	return (uint64_t)rank << 32 | span.start;
}

static unsigned rank_of_binding(const struct interner *names, const struct module *m,
                                const struct binding *b)
{
	const struct expr *value = b->value == EXPR_NONE ? NULL : &m->exprs[b->value];
	if (value == NULL ||
	    (value->kind == EXPR_CONSTANT && str_is(intern_text(names, value->text), "None")))
		return RANK_PLACEHOLDER;
	return b->from == b->scope ? RANK_BODY : RANK_WITHIN;
}

static void list_symbols(struct arena *run, const struct interner *names, struct project_module *pm)
{
	const struct module *m = &pm->loaded.module;
	struct symbol *all = arena_array(run, struct symbol,
	                                 m->scope_count + m->binding_count + m->import_count);
	uint32_t n = 0;
	for (scope_id i = 1; i < m->scope_count; i++)
		if (m->scopes[i].kind != SCOPE_LAMBDA)
			all[n++] = (struct symbol){m->scopes[i].parent, m->scopes[i].name,
			                           SYMBOL_SCOPE, i,
			                           order_of(RANK_BODY, m->scopes[i].span)};
	for (uint32_t i = 0; i < m->binding_count; i++)
		all[n++] = (struct symbol){
			m->bindings[i].scope, m->bindings[i].name, SYMBOL_BINDING, i,
			order_of(rank_of_binding(names, m, &m->bindings[i]), m->bindings[i].span)};
	for (uint32_t i = 0; i < m->import_count; i++)
		all[n++] = (struct symbol){
			m->imports[i].scope, m->imports[i].alias, SYMBOL_IMPORT, i,
			order_of((m->imports[i].flags & IMPORT_TYPE_CHECKING) ? RANK_TYPING
		                                                              : RANK_BODY,
		                 m->imports[i].span)};
	if (n > 0)
		qsort(all, n, sizeof *all, by_scope_name_order);
	pm->symbols = all;
	pm->symbol_count = n;
}

/* The place behind the last symbol of this scope and name, among all of the module's. */
static uint32_t behind_symbol(const struct project_module *pm, scope_id scope, name_id name)
{
	uint32_t low = 0, high = pm->symbol_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct symbol *s = &pm->symbols[middle];
		if (s->scope < scope || (s->scope == scope && s->name <= name))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_symbol(const struct symbol *s, scope_id scope, name_id name)
{
	return s->scope == scope && s->name == name;
}

bool module_writes(const struct project *p, module_id m, name_id name)
{
	const struct loaded_module *loaded = &p->modules[m].loaded;
	for (uint32_t i = 1; name != NAME_NONE && i <= loaded->name_count; i++)
		if (loaded->names[i] == name)
			return true;
	return false;
}

const struct symbol *project_symbols(const struct project *p, module_id m, scope_id scope,
                                     name_id name, uint32_t *count)
{
	const struct project_module *pm = &p->modules[m];
	uint32_t end = behind_symbol(pm, scope, name), first = end;
	while (first > 0 && is_symbol(&pm->symbols[first - 1], scope, name))
		first--;
	*count = end - first;
	return &pm->symbols[first];
}

const struct symbol *project_symbol(const struct project *p, module_id m, scope_id scope,
                                    name_id name)
{
	const struct project_module *pm = &p->modules[m];
	uint32_t end = behind_symbol(pm, scope, name);
	return end > 0 && is_symbol(&pm->symbols[end - 1], scope, name) ? &pm->symbols[end - 1]
	                                                                : NULL;
}

/* ---- linking --------------------------------------------------------------- */

static bool binds(const struct project *p, const struct project_module *pm, const char *name)
{
	for (uint32_t i = 0; i < pm->symbol_count && pm->symbols[i].scope == 0; i++)
		if (pm->symbols[i].kind == SYMBOL_BINDING &&
		    str_is(project_text(p, pm->symbols[i].name), name))
			return true;
	return false;
}

/* Alembic's revisions, in whatever folder: a process of their own runs them once, on its one connection. */
static bool is_migration(const struct project *p, const struct project_module *pm)
{
	return binds(p, pm, "down_revision") && binds(p, pm, "revision");
}

void project_link(struct arena *run, struct diag *d, const struct project_input *inputs,
                  size_t count, struct project *out)
{
	*out = (struct project){.names = interner_new(run)};
	out->modules = arena_array(run, struct project_module, count);
	for (size_t i = 0; i < count; i++) {
		struct project_module *pm = &out->modules[out->module_count];
		const char *why = NULL;
		if (!record_open(run, out->names, inputs[i].record, &pm->loaded, &why)) {
			diag_add(d, DIAG_FAILURE, inputs[i].path, 0, 0, "cannot use the record: %s",
			         why);
			continue;
		}
		pm->loaded.module.path = inputs[i].path;
		pm->dotted = dotted_of(run, inputs[i].path, &pm->is_package);
		list_symbols(run, out->names, pm);
		bool judged = !is_migration(out, pm);
		pm->report = inputs[i].report && judged;
		pm->beside = inputs[i].beside && judged;
		out->module_count++;
	}
	out->index = index_new(run, out);
}

void project_release(struct project *p)
{
	interner_free(p->names);
	p->names = NULL;
}
