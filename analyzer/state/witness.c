/* witness.c - breadth-first search over (block, disjunct, one state of one resource). */
#include "state/witness.h"

#include "state/disjunct.h"

#include <assert.h>
#include <stb/stb_ds.h>
#include <stdlib.h>

#define NODE_NONE UINT32_MAX

struct node {
	block_id block;
	uint32_t parent;  /* index into nodes; NODE_NONE at the entry */
	uint32_t sibling; /* another node of the same block; NODE_NONE at the end */
	enum edge_kind by;
	const struct disjunct *in; /* states[resource] is one state, or 0 when not acquired yet */
};

struct search {
	struct arena *scratch;
	const struct solution *solution;
	uint32_t resource;
	struct node *nodes; /* stb_ds */
	uint32_t *of_block; /* per block: its newest node */
	uint32_t from;      /* node whose ways out are being listed */
	struct solve_bounds bounds;
};

static bool is_seen(const struct search *w, block_id block, const struct disjunct *d)
{
	for (uint32_t n = w->of_block[block]; n != NODE_NONE; n = w->nodes[n].sibling) {
		assert(n < arrlenu(w->nodes));
		if (w->nodes[n].in->key == d->key &&
		    w->nodes[n].in->states[w->resource] == d->states[w->resource])
			return true;
	}
	return false;
}

static void visit(struct search *w, block_id block, enum edge_kind by, const struct disjunct *d)
{
	if (arrlenu(w->nodes) >= WITNESS_NODES_MAX || is_seen(w, block, d))
		return;
	struct node node = {block, w->from, w->of_block[block], by, d};
	w->of_block[block] = (uint32_t)arrlenu(w->nodes);
	arrput(w->nodes, node);
}

/* One node for each single state of the resource: a path has one state at a time. */
static void arrive(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct search *w = arg;
	state_set all = d->states[w->resource] & ~STATES_UNSURE;
	if (all == 0)
		visit(w, to, edge, d);
	for (; all != 0; all &= all - 1) {
		struct disjunct *one = disjunct_copy(w->scratch, w->solution->plan, d);
		one->states[w->resource] = all & (~all + 1);
		visit(w, to, edge, one);
	}
}

static bool touches(const struct event *e, const struct action *a)
{
	return a->kind != ACTION_NONE || e->kind == EV_TEST || e->kind == EV_CATCH ||
	       e->kind == EV_LEAVE || e->kind == EV_RAISE || e->kind == EV_RETURN;
}

static void collect(const struct search *w, uint32_t node, struct witness *out)
{
	const struct plan *p = w->solution->plan;
	uint32_t *path = NULL; /* node indices, last first */
	for (uint32_t n = node; n != NODE_NONE; n = w->nodes[n].parent)
		arrput(path, n);
	size_t room = 0;
	for (size_t i = 0; i < arrlenu(path); i++)
		room += p->cfg->blocks[w->nodes[path[i]].block].event_count;
	*out = (struct witness){.events = arena_array(w->scratch, uint32_t, room),
	                        .last_raise = UINT32_MAX};
	for (size_t i = arrlenu(path); i-- > 0;) {
		const struct block *b = &p->cfg->blocks[w->nodes[path[i]].block];
		for (uint32_t e = b->first_event; e < b->first_event + b->event_count; e++)
			if (touches(&p->cfg->events[e], &p->actions[e]))
				out->events[out->count++] = e;
		if (i > 0 && w->nodes[path[i - 1]].by == EDGE_RAISE && b->event_count > 0)
			out->last_raise = b->first_event + b->event_count - 1;
	}
	arrfree(path);
}

bool witness_find(struct arena *scratch, const struct solution *s, uint32_t resource,
                  uint32_t event, state_set wanted, struct witness *out)
{
	struct search w = {
		.scratch = scratch, .solution = s, .resource = resource, .from = NODE_NONE};
	uint32_t blocks = s->plan->cfg->block_count;
	w.of_block = arena_array(scratch, uint32_t, blocks);
	memset(w.of_block, 0xff, blocks * sizeof *w.of_block);
	block_id goal = cfg_block_of(s->plan->cfg, event);
	bool found = false;
	for (struct disjunct *d = s->at_entry[0]; d != NULL; d = d->next)
		arrive(&w, 0, EDGE_NEXT, d);
	for (uint32_t i = 0; i < arrlenu(w.nodes) && !found; i++) {
		struct node node = w.nodes[i];
		w.from = i;
		if (node.block == goal && (node.in->states[resource] & wanted) != 0) {
			collect(&w, i, out);
			found = true;
		} else if (node.block != goal) {
			solve_block(scratch, s->plan, node.block, node.in, &w.bounds, arrive, &w);
		}
	}
	arrfree(w.nodes);
	return found;
}
