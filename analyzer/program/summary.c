/*
 * summary.c - summaries on demand. Each depth of calls has an arena of its own, so that an
 * analysis can ask for its callees' without losing its memory. A result that no bound has
 * touched is exact and serves every depth; others serve the depth they were made for.
 */
#include "program/summary.h"

#include "base/memory.h"
#include "program/deed.h"
#include "program/function.h"
#include "program/result.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

struct cached {
	uint64_t where; /* module, scope */
	uint64_t place; /* root name, attribute */
	name_id inner;
	uint32_t how;    /* kind of root, depth; depth 0 for an exact one */
	unsigned height; /* calls inside calls that were followed, itself included */
	const struct resource_kind *kind;
	struct summary summary;
	bool known;
};

struct summary_cache {
	struct arena arenas[SUMMARY_DEPTH_MAX];
	struct cached *entries; /* stb_ds */
	uint32_t *table;        /* open addressing: index into entries + 1 */
	size_t table_size;      /* a power of two */
	unsigned depth;         /* of the analysis under way */
	unsigned height;        /* of the callees it has asked for so far */
	bool bounded;           /* it has met the bound on depth */
	struct result_cache *results;
};

struct result_cache *summary_results(struct summary_cache *c)
{
	return c == NULL ? NULL : c->results;
}

struct summary_cache *summary_cache_new(void)
{
	struct summary_cache *c = memory_resize(NULL, sizeof *c);
	*c = (struct summary_cache){.table_size = 1024, .results = result_cache_new()};
	for (unsigned i = 0; i < SUMMARY_DEPTH_MAX; i++)
		arena_init(&c->arenas[i]);
	c->table = memory_resize_array(NULL, c->table_size, sizeof *c->table);
	memset(c->table, 0, c->table_size * sizeof *c->table);
	return c;
}

void summary_cache_free(struct summary_cache *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < SUMMARY_DEPTH_MAX; i++)
		arena_release(&c->arenas[i]);
	result_cache_free(c->results);
	arrfree(c->entries);
	free(c->table);
	free(c);
}

/* ---- the table ---------------------------------------------------------------------- */

static uint64_t hash_of(const struct cached *k)
{
	uint64_t h = k->where * 0x9e3779b97f4a7c15u;
	h = (h ^ (h >> 29) ^ k->place ^ (uint64_t)k->inner << 16) * 0xbf58476d1ce4e5b9u;
	h = (h ^ (h >> 32) ^ k->how) * 0x94d049bb133111ebu;
	return h ^ (h >> 31);
}

static bool is_same(const struct cached *a, const struct cached *b)
{
	return a->where == b->where && a->place == b->place && a->inner == b->inner &&
	       a->how == b->how && a->kind == b->kind;
}

static size_t find_place(const struct summary_cache *c, const struct cached *key)
{
	size_t i = hash_of(key) & (c->table_size - 1);
	while (c->table[i] != 0 && !is_same(&c->entries[c->table[i] - 1], key))
		i = (i + 1) & (c->table_size - 1);
	return i;
}

static void grow_table(struct summary_cache *c)
{
	c->table_size *= 2;
	c->table = memory_resize_array(c->table, c->table_size, sizeof *c->table);
	memset(c->table, 0, c->table_size * sizeof *c->table);
	for (size_t i = 0; i < arrlenu(c->entries); i++)
		c->table[find_place(c, &c->entries[i])] = (uint32_t)i + 1;
}

static void remember(struct summary_cache *c, struct cached entry)
{
	arrput(c->entries, entry);
	if (arrlenu(c->entries) * 2 > c->table_size)
		grow_table(c);
	else
		c->table[find_place(c, &entry)] = (uint32_t)arrlenu(c->entries);
}

static struct cached key_of(module_id m, scope_id scope, const struct lent *lent, unsigned depth)
{
	return (struct cached){
		.where = scope_key(m, scope),
		.place = (uint64_t)lent->root << 32 | lent->attribute,
		.inner = lent->inner,
		.how = (uint32_t)lent->by << 16 | (uint32_t)lent->root_kind << 8 | depth,
		.kind = lent->kind,
	};
}

/* An exact one is used only where it could have been made, so that nothing depends on who asked first. */
static const struct cached *recall(const struct summary_cache *c, module_id m, scope_id scope,
                                   const struct lent *lent)
{
	struct cached exact = key_of(m, scope, lent, 0), here = key_of(m, scope, lent, c->depth + 1);
	size_t i = find_place(c, &exact);
	if (c->table[i] != 0 && c->depth + c->entries[c->table[i] - 1].height <= SUMMARY_DEPTH_MAX)
		return &c->entries[c->table[i] - 1];
	i = find_place(c, &here);
	return c->table[i] == 0 ? NULL : &c->entries[c->table[i] - 1];
}

/* ---- making one ------------------------------------------------------------------------- */

/* Calling a generator runs nothing yet; a stub says nothing; what a broken def does is not known. */
static bool can_follow(const struct scope *s)
{
	return (s->kind == SCOPE_FUNCTION || s->kind == SCOPE_LAMBDA) &&
	       (s->flags & (SCOPE_GENERATOR | SCOPE_STUB | SCOPE_BROKEN)) == 0;
}

/* Does the wait still see what the caller has done? Not when something was ended before it. */
static bool is_seen(state_set s)
{
	return s != 0 && s != STATES_GONE && !states_must(s & ~STATES_GONE, IS_ENDED);
}

static void gather_waits(struct arena *scratch, const struct program *program,
                         const struct function *fn, struct summary *sum)
{
	struct held_wait *held;
	uint32_t count = held_list(scratch, program, fn, 0, is_seen, &held);
	for (uint32_t i = 0; i < count; i++) {
		sum->waits |= held[i].states & ~STATES_GONE;
		sum->unanswered |= held[i].unanswered & ~STATES_GONE;
	}
	if (count > 0)
		sum->wait = held[0].wait;
	for (uint32_t i = 0; i < count && !sum->wait.sure; i++)
		if (held[i].wait.sure)
			sum->wait = held[i].wait;
}

static struct summary gather(const struct function *fn)
{
	struct summary sum = {0};
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		bool normal = fn->exits[i].kind == EXIT_RETURN || fn->exits[i].kind == EXIT_FALL_OFF;
		if (normal)
			sum.normal |= fn->exits[i].states[0];
		else
			sum.raised |= fn->exits[i].states[0];
		for (unsigned o = 0; normal && o < OUTCOME_COUNT; o++)
			sum.returned[o] |= fn->exits[i].returned[o][0];
	}
	return sum;
}

/* Does it yield the session, untouched until then, and afterwards when nothing is raised? */
static bool gives_lent(struct arena *scratch, const struct function *fn)
{
	bool given = false;
	state_set seen = 0;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct disjunct *d = fn->cfg.events[i].kind == EV_YIELD
		                                   ? solution_at(scratch, &fn->solution, i, false)
		                                   : NULL;
		for (; d != NULL; d = d->next) {
			given |= disjunct_value(&fn->plan, d, fn->cfg.events[i].a).is == 1u;
			seen |= d->states[0];
		}
	}
	for (uint32_t i = 0; i < fn->exit_count; i++)
		if (fn->exits[i].kind == EXIT_RETURN || fn->exits[i].kind == EXIT_FALL_OFF)
			seen |= fn->exits[i].states[0];
	return given && (seen & ~STATES_UNSURE) == states_fresh();
}

static bool make(const struct program *program, module_id m, scope_id scope,
                 const struct lent *lent, struct summary *out)
{
	struct summary_cache *c = program->summaries;
	struct arena *scratch = &c->arenas[c->depth];
	struct function fn;
	c->depth++;
	bool known = lent->kind == NULL
	                     ? def_waits(scratch, program, m, scope, &out->wait)
	                     : function_analyse_lent(scratch, program, m, scope, lent, &fn);
	if (known && lent->kind != NULL) {
		*out = gather(&fn);
		for (unsigned k = 0; k < DEED_COUNT; k++)
			out->deeds[k] = deed_of_lent(scratch, &fn, (enum deed_kind)k);
		if ((project_scope(program->project, m, scope)->flags & SCOPE_GENERATOR) != 0)
			out->hands_on = gives_lent(scratch, &fn);
		else if (program->slow != NULL)
			gather_waits(scratch, program, &fn, out);
	}
	c->depth--;
	arena_clear(scratch);
	return known;
}

/* Makes and remembers one; c->height and c->bounded are the caller's again afterwards. */
static struct cached make_entry(const struct program *program, module_id m, scope_id scope,
                                const struct lent *lent)
{
	struct summary_cache *c = program->summaries;
	unsigned outer_height = c->height;
	bool outer_bounded = c->bounded;
	struct summary made = {0};
	c->height = 0;
	c->bounded = false;
	bool known = make(program, m, scope, lent, &made);
	struct cached entry = key_of(m, scope, lent, c->bounded ? c->depth + 1 : 0);
	entry.summary = made;
	entry.known = known;
	entry.height = c->height + 1;
	remember(c, entry);
	c->height = outer_height;
	c->bounded = outer_bounded;
	return entry;
}

/* Looks one up or makes it; NULL-kinded 'lent' asks for waits alone. */
static bool ask(const struct program *program, module_id m, scope_id scope, const struct lent *lent,
                struct summary *out)
{
	struct summary_cache *c = program->summaries;
	const struct cached *known = recall(c, m, scope, lent);
	if (known == NULL && c->depth == SUMMARY_DEPTH_MAX) {
		c->bounded = true;
		return false;
	}
	struct cached entry = known != NULL ? *known : make_entry(program, m, scope, lent);
	c->bounded |= (entry.how & 0xff) != 0;
	if (entry.height > c->height)
		c->height = entry.height;
	*out = entry.summary;
	return entry.known;
}

/* ---- methods that are only declared ---------------------------------------------------------- */

/* The same parameter of an implementation, which may call it differently. False when it has none. */
static bool lent_below(const struct project *p, module_id m, scope_id declared,
                       const struct implementation *i, const struct lent *lent, struct lent *out)
{
	const struct scope *above = project_scope(p, m, declared);
	const struct scope *below = project_scope(p, i->module, i->scope);
	const struct param *params = project_module(p, m)->params + above->first_param;
	*out = *lent;
	if (lent->root_kind != PLACE_LOCAL)
		return false;
	for (uint32_t k = 0; k < above->param_count; k++) {
		if (params[k].name != lent->root)
			continue;
		if (k >= below->param_count)
			return false;
		out->root = project_module(p, i->module)->params[below->first_param + k].name;
		return true;
	}
	return false;
}

static void join(struct summary *into, const struct summary *one)
{
	into->normal |= one->normal;
	into->raised |= one->raised;
	into->waits |= one->waits;
	into->unanswered |= one->unanswered;
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		into->returned[i] |= one->returned[i];
	if (into->wait.family == NULL || (!into->wait.sure && one->wait.sure))
		into->wait = one->wait;
}

/* What any of the implementations may do; a wait only if all wait. False when one is not known, or there is none. */
static bool summary_below(const struct program *program, module_id m, scope_id scope,
                          const struct lent *lent, struct summary *out)
{
	size_t count;
	const struct implementation *all = implementations_of(&program->implementations, m, scope,
	                                                      &count);
	bool all_wait = implementation_is_due(program->project, m, scope);
	*out = (struct summary){0};
	if (!all_wait)
		out->normal = out->raised = states_fresh();
	for (unsigned i = 0; !all_wait && i < OUTCOME_COUNT; i++)
		out->returned[i] = states_fresh();
	for (size_t i = 0; i < count; i++) {
		struct lent below;
		struct summary one;
		const struct scope *s = project_scope(program->project, all[i].module, all[i].scope);
		if (!can_follow(s) ||
		    !lent_below(program->project, m, scope, &all[i], lent, &below) ||
		    !ask(program, all[i].module, all[i].scope, &below, &one))
			return false;
		join(out, &one);
		all_wait &= one.wait.family != NULL;
	}
	if (!all_wait) { /* which of them runs is a matter of configuration */
		out->waits = out->unanswered = 0;
		out->wait.family = NULL;
	}
	return count > 0;
}

static bool is_declared_only(const struct project *p, module_id m, scope_id scope)
{
	return (project_scope(p, m, scope)->flags &
	        (SCOPE_STUB | SCOPE_BROKEN | SCOPE_GENERATOR)) == SCOPE_STUB &&
	       project_scope(p, m, scope)->kind == SCOPE_FUNCTION;
}

bool summary_of(const struct program *program, module_id m, scope_id scope, const struct lent *lent,
                struct summary *out)
{
	if (program->summaries != NULL && is_declared_only(program->project, m, scope))
		return summary_below(program, m, scope, lent, out);
	return program->summaries != NULL && can_follow(project_scope(program->project, m, scope)) &&
	       ask(program, m, scope, lent, out);
}

bool summary_of_generator(const struct program *program, module_id m, scope_id scope,
                          const struct lent *lent, struct summary *out)
{
	unsigned flags = project_scope(program->project, m, scope)->flags;
	return program->summaries != NULL &&
	       (flags & (SCOPE_GENERATOR | SCOPE_STUB | SCOPE_BROKEN)) == SCOPE_GENERATOR &&
	       ask(program, m, scope, lent, out);
}

bool hands_on(const struct program *program, module_id m, scope_id scope, const struct lent *lent)
{
	struct summary sum;
	return summary_of_generator(program, m, scope, lent, &sum) && sum.hands_on;
}

/* Which of them runs is a matter of configuration: all of them must wait. A sure wait before a weaker one. */
static bool wait_below(const struct program *program, module_id m, scope_id scope, struct wait *out)
{
	size_t count;
	const struct implementation *all = implementations_of(&program->implementations, m, scope,
	                                                      &count);
	if (count > 0 && !implementation_is_due(program->project, m, scope))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct wait one;
		if (is_declared_only(program->project, all[i].module, all[i].scope) ||
		    !wait_of(program, all[i].module, all[i].scope, &one))
			return false;
		if (i == 0 || (one.sure && !out->sure))
			*out = one;
	}
	return count > 0;
}

bool wait_of(const struct program *program, module_id m, scope_id scope, struct wait *out)
{
	static const struct lent nothing = {.kind = NULL};
	struct summary sum;
	unsigned flags = project_scope(program->project, m, scope)->flags;
	if (program->summaries != NULL && program->slow != NULL &&
	    is_declared_only(program->project, m, scope))
		return wait_below(program, m, scope, out);
	if (program->summaries == NULL || program->slow == NULL ||
	    (flags & (SCOPE_STUB | SCOPE_BROKEN)) != 0 || !ask(program, m, scope, &nothing, &sum))
		return false;
	*out = sum.wait;
	return true;
}
