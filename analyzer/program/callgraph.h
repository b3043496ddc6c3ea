/*
 * callgraph.h - who calls whom and who is started by whom, in a project that has registries. One node a scope;
 * only what resolves is an edge. Made once, before any function is solved.
 */
#ifndef IDLETX_PROGRAM_CALLGRAPH_H
#define IDLETX_PROGRAM_CALLGRAPH_H

#include "program/program.h"
#include "project/starter.h"

#define CALLBACKS_MAX 64 /* functions that one class is taken to call back */

struct call_node {
	module_id module;
	scope_id scope;
	uint32_t first_callee, callee_count; /* call_graph.callees */
	uint32_t first_end, end_count;       /* call_graph.ends */
	bool uses;                           /* names a registry itself */
	bool ends_all;   /* removes registries that it looks up by name: which ones was not read */
	bool calls_back; /* calls one of its own parameters */
};

/* A function that a call hands to somebody who runs it. */
struct started {
	uint32_t node;
	const struct starter *how;
	module_id module; /* where that is */
	struct span span;
};

/* A function that is handed to a method of a class, which keeps it. */
struct callback {
	uint32_t class_, node;
};

struct call_graph {
	uint32_t *first; /* per module: the node of its scope 0 */
	struct call_node *nodes;
	uint32_t *callees;
	struct str *ends;           /* identities of registries that a loop over them ends */
	struct started *started;    /* sorted by node, the first place first */
	struct callback *callbacks; /* sorted by class, then node */
	uint32_t node_count, started_count, callback_count;
};

const struct call_graph *call_graph_make(struct arena *run, const struct program *program);

static inline uint32_t call_graph_node(const struct call_graph *g, module_id m, scope_id scope)
{
	return g->first[m] + scope;
}

/* What starts the function, or NULL. */
const struct started *call_graph_started(const struct call_graph *g, module_id m, scope_id scope);

/* What methods of that class may call when they call a parameter of theirs. */
const struct callback *call_graph_callbacks(const struct call_graph *g, module_id m,
                                            scope_id class_, uint32_t *count);

#endif
