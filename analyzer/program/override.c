/* override.c - see override.h. Of a dependency that is replaced by two different ones nobody knows which runs. */
#include "program/override.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

struct override {
	uint64_t key;
	size_t order; /* in which it was found */
	struct callable by;
};

struct overrides {
	const struct override *items; /* sorted by key, one each */
	size_t count;
};

struct finder {
	struct arena *run, *scratch;
	const struct project *project;
	name_id overrides;      /* dependency_overrides */
	struct override *found; /* stb_ds */
};

#define KEY_NONE UINT64_MAX

/* A def or class of the project, or the path of something outside. */
static uint64_t key_of(const struct project *p, const struct callable *c)
{
	if (c->kind != CALLABLE_UNKNOWN)
		return scope_key(c->module, c->scope);
	name_id path = c->target.kind == TARGET_EXTERNAL ? intern_find(p->names, c->target.dotted)
	                                                 : NAME_NONE;
	return path == NAME_NONE ? KEY_NONE : (uint64_t)MODULE_NONE << 32 | path;
}

static struct callable kept_callable(struct finder *f, struct callable c)
{
	c.name = arena_str(f->run, c.name);
	c.target.dotted = arena_str(f->run, c.target.dotted);
	return c;
}

/* Is it `....dependency_overrides[KEY] = VALUE`, KEY being no constant? */
static bool is_override(const struct finder *f, const struct cfg *cfg, const struct event *e)
{
	if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE || e->arg_count == 0)
		return false;
	const struct place *to = &cfg->places[ref_index(e->a)];
	unsigned n = to->step_count;
	return n >= 2 && to->steps[n - 1].kind == STEP_INDEX &&
	       to->steps[n - 2].kind == STEP_ATTRIBUTE && to->steps[n - 2].name == f->overrides;
}

static void note(struct finder *f, module_id m, scope_id scope, const struct cfg *cfg,
                 const struct event *e)
{
	const struct project *p = f->project;
	struct callable named = callable_of_ref(f->scratch, p, m, scope, cfg,
	                                        cfg->args[e->first_arg].value);
	struct callable by = callable_of_ref(f->scratch, p, m, scope, cfg, e->b);
	if (named.kind == CALLABLE_UNKNOWN && named.target.kind == TARGET_EXTERNAL)
		(void)intern(p->names, named.target.dotted);
	struct override one = {key_of(p, &named), arrlenu(f->found), by};
	if (by.kind == CALLABLE_UNKNOWN && by.name.len == 0)
		one.by.name = named.name;
	one.by = kept_callable(f, one.by);
	if (one.key != KEY_NONE)
		arrput(f->found, one);
}

static void read_module(struct finder *f, module_id m)
{
	const struct loaded_module *loaded = &f->project->modules[m].loaded;
	if (!module_writes(f->project, m, f->overrides))
		return;
	for (scope_id s = 0; s < loaded->module.scope_count; s++) {
		struct cfg cfg;
		if (!record_cfg(f->scratch, loaded, s, &cfg))
			continue;
		for (uint32_t i = 0; i < cfg.event_count; i++)
			if (is_override(f, &cfg, &cfg.events[i]))
				note(f, m, s, &cfg, &cfg.events[i]);
		arena_clear(f->scratch);
	}
}

static int by_key(const void *a, const void *b)
{
	const struct override *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static bool same_callable(const struct callable *a, const struct callable *b)
{
	return a->kind == b->kind && a->module == b->module && a->scope == b->scope &&
	       str_eq(a->target.dotted, b->target.dotted);
}

static size_t unite(struct override *all, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || all[kept - 1].key != all[i].key)
			all[kept++] = all[i];
		else if (!same_callable(&all[kept - 1].by, &all[i].by))
			all[kept - 1].by = (struct callable){
				.kind = CALLABLE_UNKNOWN,
				.target = {.kind = TARGET_UNKNOWN, .dotted = STR_EMPTY},
				.name = all[kept - 1].by.name};
	}
	return kept;
}

const struct overrides *overrides_find(struct arena *run, const struct project *p)
{
	struct arena scratch;
	struct finder f = {.run = run, .scratch = &scratch, .project = p};
	struct overrides *all = arena_new(run, struct overrides);
	f.overrides = intern_find(p->names, STR("dependency_overrides"));
	if (f.overrides == NAME_NONE)
		return all;
	arena_init(&scratch);
	for (module_id m = 0; m < p->module_count; m++)
		if (p->modules[m].report || p->modules[m].beside)
			read_module(&f, m);
	size_t count = arrlenu(f.found);
	struct override *items = arena_array(run, struct override, count);
	if (count > 0) {
		memcpy(items, f.found, count * sizeof *items);
		qsort(items, count, sizeof *items, by_key);
		count = unite(items, count);
	}
	arrfree(f.found);
	arena_release(&scratch);
	*all = (struct overrides){items, count};
	return all;
}

struct callable override_of(const struct project *p, struct callable called)
{
	const struct overrides *all = p->overrides;
	struct override key = {.key = all == NULL || all->count == 0 ? KEY_NONE
	                                                             : key_of(p, &called)};
	size_t low = 0, high = key.key == KEY_NONE ? 0 : all->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (all->items[middle].key < key.key)
			low = middle + 1;
		else
			high = middle;
	}
	return key.key != KEY_NONE && low < all->count && all->items[low].key == key.key
	               ? all->items[low].by
	               : called;
}
