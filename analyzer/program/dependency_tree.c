/* dependency_tree.c - questions to the graph: what one request runs, and which handlers run a dependency. */
#include "program/dependency.h"

node_id dependency_node_of(const struct dependency_graph *g, module_id m, scope_id scope)
{
	uint32_t low = 0, high = g->by_scope_count;
	uint64_t wanted = scope_key(m, scope);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct dependency_node *n = &g->nodes[g->by_scope[middle]];
		if (scope_key(n->module, n->scope) < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == g->by_scope_count)
		return NODE_NONE;
	const struct dependency_node *n = &g->nodes[g->by_scope[low]];
	return scope_key(n->module, n->scope) == wanted ? g->by_scope[low] : NODE_NONE;
}

bool scope_is_dependency(const struct dependency_graph *g, module_id m, scope_id scope)
{
	node_id n = dependency_node_of(g, m, scope);
	return n != NODE_NONE && g->nodes[n].is_dependency;
}

/* ---- trees ------------------------------------------------------------------------------ */

struct walk {
	const struct dependency_graph *graph;
	struct dependency_step *steps;
	uint32_t count;
	node_id visited[DEPENDENCY_TREE_MAX * 2]; /* routers are visited, but are no steps */
	uint32_t visited_count;
};

static bool was_visited(const struct walk *w, node_id n)
{
	for (uint32_t i = 0; i < w->visited_count; i++)
		if (w->visited[i] == n)
			return true;
	return false;
}

/* Asked for anew, or to be taken back at another time: it runs again. In a circle nothing does. */
static bool runs_again(const struct walk *w, const struct dependency_use *use)
{
	bool ran = false, same = false;
	for (uint32_t i = 0; i < w->count; i++) {
		if (w->steps[i].use->node != use->node)
			continue;
		ran = true;
		same |= w->steps[i].use->function_scope == use->function_scope;
	}
	return ran && (use->uncached || !same);
}

static void add_step(struct walk *w, node_id asker, const struct dependency_use *use)
{
	const struct dependency_node *node = &w->graph->nodes[use->node];
	if (node->kind != NODE_ROUTER && w->count < DEPENDENCY_TREE_MAX)
		w->steps[w->count++] = (struct dependency_step){node, use, asker};
}

/* Depth is bounded by the number of visited nodes. */
static void visit(struct walk *w, node_id asker)
{
	const struct dependency_node *node = &w->graph->nodes[asker];
	if (w->visited_count == ARRAY_LEN(w->visited))
		return;
	w->visited[w->visited_count++] = asker;
	for (uint32_t i = 0; i < node->use_count; i++) {
		/* an application's come before its routers' */
		uint32_t at = node->kind == NODE_ROUTER ? node->use_count - 1 - i : i;
		const struct dependency_use *use = &node->uses[at];
		bool first = !was_visited(w, use->node);
		if (first)
			visit(w, use->node);
		if (first || runs_again(w, use))
			add_step(w, asker, use);
	}
}

uint32_t dependency_tree(struct arena *scratch, const struct dependency_graph *g, node_id handler,
                         const struct dependency_step **out)
{
	struct walk w = {.graph = g};
	w.steps = arena_array(scratch, struct dependency_step, DEPENDENCY_TREE_MAX);
	if (handler != NODE_NONE)
		visit(&w, handler);
	*out = w.steps;
	return w.count;
}

struct dependency_reach dependency_reach(const struct dependency_graph *g, node_id node)
{
	struct dependency_reach reach = {.first_streaming = NODE_NONE};
	for (uint32_t i = 0; node != NODE_NONE && i < g->nodes[node].handler_count; i++) {
		node_id h = g->handlers[g->nodes[node].first_handler + i];
		bool holds = g->nodes[h].is_websocket || g->nodes[h].may_stream;
		reach.handlers++;
		reach.websockets += g->nodes[h].is_websocket;
		reach.streaming += g->nodes[h].may_stream;
		if (holds && reach.first_streaming == NODE_NONE)
			reach.first_streaming = h;
	}
	return reach;
}
