/*
 * result.c - results on demand: the function's names are bound, nothing is solved. An
 * answer that the bound on depth has touched is not remembered, so that nothing depends on who asked first.
 */
#include "program/result.h"

#include "base/memory.h"
#include "program/bind_internal.h"
#include "program/summary.h"

#include <stdlib.h>

struct known_result {
	uint64_t key; /* module, scope; both are never all ones */
	struct result value;
	unsigned height; /* results inside results that were asked for, itself included */
};

#define KEY_FREE UINT64_MAX

struct result_cache {
	struct arena arenas[RESULT_DEPTH_MAX];
	struct known_result *table; /* open addressing */
	size_t size, count;         /* size is a power of two */
	unsigned depth;             /* results inside results that are under way */
	unsigned height;            /* of those that the one under way has asked for */
	bool bounded;               /* it has met the bound on depth */
};

/* ---- the table ------------------------------------------------------------------------- */

static struct known_result *find_place(const struct result_cache *c, uint64_t key)
{
	uint64_t h = key * 0x9e3779b97f4a7c15u;
	size_t i = (h ^ h >> 32) & (c->size - 1);
	while (c->table[i].key != KEY_FREE && c->table[i].key != key)
		i = (i + 1) & (c->size - 1);
	return &c->table[i];
}

static void make_table(struct result_cache *c, size_t size)
{
	c->size = size;
	c->table = memory_resize_array(NULL, size, sizeof *c->table);
	for (size_t i = 0; i < size; i++)
		c->table[i].key = KEY_FREE;
}

static void remember(struct result_cache *c, struct known_result made)
{
	if ((c->count + 1) * 2 > c->size) {
		struct known_result *old = c->table;
		size_t old_size = c->size;
		make_table(c, old_size * 2);
		for (size_t i = 0; i < old_size; i++)
			if (old[i].key != KEY_FREE)
				*find_place(c, old[i].key) = old[i];
		free(old);
	}
	*find_place(c, made.key) = made;
	c->count++;
}

struct result_cache *result_cache_new(void)
{
	struct result_cache *c = memory_resize(NULL, sizeof *c);
	*c = (struct result_cache){.depth = 0};
	for (unsigned i = 0; i < RESULT_DEPTH_MAX; i++)
		arena_init(&c->arenas[i]);
	make_table(c, 256);
	return c;
}

void result_cache_free(struct result_cache *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < RESULT_DEPTH_MAX; i++)
		arena_release(&c->arenas[i]);
	free(c->table);
	free(c);
}

/* ---- reading one ------------------------------------------------------------------------ */

/* Calling a generator gives a generator; a stub says nothing. */
static bool can_read(const struct scope *s)
{
	return s->kind == SCOPE_FUNCTION &&
	       (s->flags & (SCOPE_GENERATOR | SCOPE_STUB | SCOPE_BROKEN)) == 0;
}

static bool same_class(const struct target *a, const struct target *b)
{
	return a->kind == b->kind && a->module == b->module && a->scope == b->scope;
}

/* What one return statement gives. The class's text is left behind: it may not outlive the arena. */
static struct result result_at(const struct binder *b, ref value)
{
	struct result r = {.thing = value_thing(b, value), .class_ = object_class(b, value)};
	r.thing.by_name = false;
	if (r.class_.kind != TARGET_SCOPE)
		r.class_ = (struct target){.kind = TARGET_UNKNOWN};
	r.class_.dotted = STR_EMPTY;
	return r;
}

static struct result result_of_returns(const struct binder *b)
{
	struct result all = {.class_ = {.kind = TARGET_UNKNOWN}};
	bool first = true;
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_RETURN || e->a == REF_CONST(CONST_NONE) || e->a == REF_NONE)
			continue;
		struct result one = result_at(b, e->a);
		if (first)
			all = one;
		if (first && one.class_.kind == TARGET_SCOPE)
			kept_of_return(b, e->a, &all);
		if (!thing_eq(&all.thing, &one.thing))
			all.thing = (struct thing){0};
		if (!same_class(&all.class_, &one.class_))
			all.class_ = (struct target){.kind = TARGET_UNKNOWN};
		first = false;
	}
	return all;
}

struct result result_read(struct arena *scratch, const struct program *program, module_id m,
                          scope_id scope)
{
	struct function fn = {.module = m, .scope = scope};
	struct binder b;
	if (!record_cfg(scratch, &program->project->modules[m].loaded, scope, &fn.cfg))
		return (struct result){.class_ = {.kind = TARGET_UNKNOWN}};
	bind_names(scratch, program, &fn, &b);
	struct result r = result_of_returns(&b);
	if (str_is(project_text(program->project, project_scope(program->project, m, scope)->name),
	           "__init__")) {
		kept_of_init(&b, &r);
		own_session_of_init(&b, &r);
	} else {
		own_session_of_return(&b, &r);
	}
	return r;
}

/* Makes and, when no bound was met, remembers one; c->height and c->bounded are the asker's again afterwards. */
static struct known_result make(const struct program *program, module_id m, scope_id scope)
{
	struct result_cache *c = summary_results(program->summaries);
	struct known_result made = {.key = scope_key(m, scope)};
	unsigned outer_height = c->height;
	bool outer_bounded = c->bounded;
	struct arena *scratch = &c->arenas[c->depth++];
	c->height = 0;
	c->bounded = false;
	made.value = result_read(scratch, program, m, scope);
	made.height = c->height + 1;
	arena_clear(scratch);
	c->depth--;
	if (!c->bounded)
		remember(c, made);
	c->bounded |= outer_bounded;
	c->height = outer_height;
	return made;
}

/* One that is known is used only where it could have been made, so that nothing depends on who asked first. */
struct result result_of(const struct program *program, module_id m, scope_id scope)
{
	struct result unknown = {.class_ = {.kind = TARGET_UNKNOWN}};
	struct result_cache *c = summary_results(program->summaries);
	if (c == NULL || !can_read(project_scope(program->project, m, scope)))
		return unknown;
	struct known_result made = *find_place(c, scope_key(m, scope));
	bool known = made.key != KEY_FREE;
	if (c->depth + (known ? made.height : 1) > RESULT_DEPTH_MAX) {
		c->bounded = true;
		return unknown;
	}
	if (!known)
		made = make(program, m, scope);
	if (made.height > c->height)
		c->height = made.height;
	return made.value;
}
