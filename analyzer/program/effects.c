/*
 * effects.c - registry effects of all functions, callees first. Only what can reach a registry is solved, and
 * of that only what an entry point reaches or names one itself. The functions of a cycle start from "does
 * nothing" and are solved again until nothing changes.
 */
#include "program/effects.h"

#include "program/function.h"
#include "program/summary.h"

#include <stdlib.h>

#define CYCLE_ROUNDS_MAX                                                                           \
	6 /* states only grow; a cycle that has not settled by then is left as it is */

struct registry_effects {
	struct function_effects *of_node;
};

struct solver {
	struct arena *run, *scratch;
	struct program program; /* a copy that already has the effects made so far */
	const struct call_graph *graph;
	struct registry_effects *effects;
	uint8_t *marks;  /* per node */
	uint32_t *stack; /* of nodes under way */
	/* Tarjan's numbers */
	uint32_t *number, *low, *component;
	uint32_t next_number, component_size;
};

enum { MARK_REACHES = 1, MARK_WANTED = 2, MARK_ON_STACK = 4 };

struct function_effects registry_effects_of(const struct registry_effects *all,
                                            const struct program *program, module_id m,
                                            scope_id scope)
{
	return all->of_node[call_graph_node(program->calls, m, scope)];
}

/* ---- what is worth solving ----------------------------------------------------------------- */

/* Marks all that calls something marked: rounds over the reversed edges, each node once. */
static void mark_callers(struct solver *s)
{
	const struct call_graph *g = s->graph;
	uint32_t edges = 0, *first = arena_array(s->run, uint32_t, g->node_count + 1), count = 0;
	for (uint32_t n = 0; n < g->node_count; n++)
		for (uint32_t i = 0; i < g->nodes[n].callee_count; i++)
			first[g->callees[g->nodes[n].first_callee + i]]++;
	for (uint32_t n = 0; n <= g->node_count; n++) {
		uint32_t here = n < g->node_count ? first[n] : 0;
		first[n] = edges;
		edges += here;
	}
	uint32_t *callers = arena_array(s->run, uint32_t, edges);
	uint32_t *filled = arena_array(s->run, uint32_t, g->node_count);
	for (uint32_t n = 0; n < g->node_count; n++)
		for (uint32_t i = 0; i < g->nodes[n].callee_count; i++) {
			uint32_t to = g->callees[g->nodes[n].first_callee + i];
			callers[first[to] + filled[to]++] = n;
		}
	for (uint32_t n = 0; n < g->node_count; n++)
		if (g->nodes[n].uses) {
			s->marks[n] |= MARK_REACHES;
			s->stack[count++] = n;
		}
	while (count > 0) {
		uint32_t n = s->stack[--count];
		for (uint32_t i = first[n]; i < first[n + 1]; i++)
			if ((s->marks[callers[i]] & MARK_REACHES) == 0) {
				s->marks[callers[i]] |= MARK_REACHES;
				s->stack[count++] = callers[i];
			}
	}
}

static bool is_root(const struct solver *s, uint32_t n)
{
	const struct call_node *node = &s->graph->nodes[n];
	return node->uses || program_entry(&s->program, node->module, node->scope) != ENTRY_NONE;
}

static void mark_wanted(struct solver *s)
{
	const struct call_graph *g = s->graph;
	uint32_t count = 0;
	for (uint32_t n = 0; n < g->node_count; n++)
		if ((s->marks[n] & MARK_REACHES) != 0 && is_root(s, n)) {
			s->marks[n] |= MARK_WANTED;
			s->stack[count++] = n;
		}
	while (count > 0) {
		const struct call_node *node = &g->nodes[s->stack[--count]];
		for (uint32_t i = 0; i < node->callee_count; i++) {
			uint32_t to = g->callees[node->first_callee + i];
			if ((s->marks[to] & MARK_REACHES) == 0 || (s->marks[to] & MARK_WANTED) != 0)
				continue;
			s->marks[to] |= MARK_WANTED;
			s->stack[count++] = to;
		}
	}
}

/* ---- one function ------------------------------------------------------------------------------ */

/* The def that event 'i' runs, when it may leave the registry of slot 'slot' open; else no module. */
static bool opens(const struct action *a, slot_id slot)
{
	if (a->slot == slot && a->kind == ACTION_EFFECT)
		return a->effect.normal == DO_STATEMENT || a->effect.normal == DO_FLUSH;
	for (uint16_t t = 0; t < a->transfer_count; t++)
		if (a->transfers[t].slot == slot && states_may(a->transfers[t].normal, IS_OPEN))
			return true;
	return false;
}

/* Where, in source order, the registry's session is first put in a transaction. */
static void find_use(const struct function *fn, slot_id slot, struct registry_effect *out)
{
	uint32_t first = EVENT_NONE;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct action *a = &fn->plan.actions[i];
		if (fn->cfg.events[i].kind != EV_CALL || !opens(a, slot))
			continue;
		if (first == EVENT_NONE ||
		    fn->cfg.events[i].span.start < fn->cfg.events[first].span.start)
			first = i;
	}
	out->module = MODULE_NONE;
	if (first == EVENT_NONE)
		return;
	out->span = fn->cfg.events[first].span;
	if (fn->targets == NULL || fn->plan.actions[first].kind == ACTION_EFFECT)
		return;
	out->module = fn->targets[first].module;
	out->scope = fn->targets[first].scope;
}

static struct registry_effect effect_of(struct solver *s, const struct function *fn, uint32_t r)
{
	const struct resource *resource = &fn->resources[r];
	struct registry *registry = arena_new(s->run, struct registry);
	*registry = (struct registry){
		.kind = resource->kind,
		.identity = arena_str(s->run, resource->identity),
		.name = arena_str(s->run, resource->name),
		.thread_local_scope = resource->thread_local_scope,
		.managed = resource->managed,
		.module = MODULE_NONE,
	};
	struct registry_effect e = {.registry = registry};
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		bool normal = fn->exits[i].kind == EXIT_RETURN || fn->exits[i].kind == EXIT_FALL_OFF;
		if (normal)
			e.normal |= fn->exits[i].states[r];
		else
			e.raised |= fn->exits[i].states[r];
		for (unsigned o = 0; normal && o < OUTCOME_COUNT; o++)
			e.returned[o] |= fn->exits[i].returned[o][r];
	}
	if (fn->plan.resources[r].entry_slot != SLOT_NONE)
		find_use(fn, fn->plan.resources[r].entry_slot, &e);
	return e;
}

/* Solves one function with the effects known so far; true when its own have changed. */
static bool solve_node(struct solver *s, uint32_t n)
{
	const struct call_node *node = &s->graph->nodes[n];
	struct function_effects *known = &s->effects->of_node[n];
	struct function fn;
	bool changed = false;
	enum entry_kind entry = program_entry(&s->program, node->module, node->scope);
	if (!function_analyse(s->scratch, &s->program, node->module, node->scope, entry, false, &fn))
		return false;
	struct registry_effect *items = arena_array(s->run, struct registry_effect,
	                                            fn.plan.resource_count);
	uint32_t count = 0;
	for (uint32_t r = 0; r < fn.plan.resource_count; r++) {
		if (fn.resources[r].origin != ORIGIN_REGISTRY)
			continue;
		items[count] = effect_of(s, &fn, r);
		changed |= count >= known->count ||
		           known->items[count].normal != items[count].normal ||
		           known->items[count].raised != items[count].raised ||
		           memcmp(known->items[count].returned, items[count].returned,
		                  sizeof items[count].returned) != 0;
		count++;
	}
	*known = (struct function_effects){items, count};
	arena_clear(s->scratch);
	return changed;
}

static void solve_component(struct solver *s, const uint32_t *nodes, uint32_t count)
{
	bool changed = true;
	for (unsigned round = 0; changed && round < CYCLE_ROUNDS_MAX; round++) {
		changed = false;
		for (uint32_t i = 0; i < count; i++)
			changed |= solve_node(s, nodes[i]);
		changed &= count > 1;
	}
}

/* ---- callees first (Tarjan 1972, without recursion) ------------------------------------------------ */

struct visit {
	uint32_t node, edge;
};

static bool is_wanted(const struct solver *s, uint32_t n)
{
	return (s->marks[n] & MARK_WANTED) != 0;
}

static void enter_node(struct solver *s, struct visit *path, uint32_t *depth, uint32_t n)
{
	s->number[n] = s->low[n] = ++s->next_number;
	s->component[s->component_size++] = n;
	s->marks[n] |= MARK_ON_STACK;
	path[(*depth)++] = (struct visit){n, 0};
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return number_cmp(x, y);
}

static void leave_node(struct solver *s, uint32_t n)
{
	if (s->low[n] != s->number[n])
		return;
	uint32_t first = s->component_size;
	do
		s->marks[s->component[--first]] &= (uint8_t)~MARK_ON_STACK;
	while (s->component[first] != n);
	uint32_t count = s->component_size - first;
	qsort(s->component + first, count, sizeof *s->component, by_number);
	solve_component(s, s->component + first, count);
	s->component_size = first;
}

static void visit_from(struct solver *s, struct visit *path, uint32_t root)
{
	uint32_t depth = 0;
	enter_node(s, path, &depth, root);
	while (depth > 0) {
		struct visit *v = &path[depth - 1];
		const struct call_node *node = &s->graph->nodes[v->node];
		if (v->edge < node->callee_count) {
			uint32_t to = s->graph->callees[node->first_callee + v->edge++];
			if (is_wanted(s, to) && s->number[to] == 0)
				enter_node(s, path, &depth, to);
			else if ((s->marks[to] & MARK_ON_STACK) != 0 &&
			         s->number[to] < s->low[v->node])
				s->low[v->node] = s->number[to];
			continue;
		}
		uint32_t done = v->node;
		leave_node(s, done);
		depth--;
		if (depth > 0 && s->low[done] < s->low[path[depth - 1].node])
			s->low[path[depth - 1].node] = s->low[done];
	}
}

const struct registry_effects *registry_effects_make(struct arena *run,
                                                     const struct program *program)
{
	struct arena scratch;
	uint32_t nodes = program->calls->node_count;
	arena_init(&scratch);
	struct solver s = {
		.run = run, .scratch = &scratch, .program = *program, .graph = program->calls};
	s.effects = arena_new(run, struct registry_effects);
	s.effects->of_node = arena_array(run, struct function_effects, nodes);
	s.program.effects = s.effects;
	s.program.summaries = summary_cache_new();
	s.marks = arena_array(run, uint8_t, nodes);
	s.stack = arena_array(run, uint32_t, nodes);
	s.number = arena_array(run, uint32_t, nodes);
	s.low = arena_array(run, uint32_t, nodes);
	s.component = arena_array(run, uint32_t, nodes);
	struct visit *path = arena_array(run, struct visit, nodes);
	mark_callers(&s);
	mark_wanted(&s);
	for (uint32_t n = 0; n < nodes; n++)
		if (is_wanted(&s, n) && s.number[n] == 0)
			visit_from(&s, path, n);
	summary_cache_free(s.program.summaries);
	arena_release(&scratch);
	return s.effects;
}
