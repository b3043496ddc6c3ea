/*
 * dependency.h - who asks whom: for every handler and dependency the `Depends(x)` of its parameters,
 * of its class, decorator, router and application, and the reverse. FastAPI runs a dependency once a
 * request however many ask for it, so a tree lists each once; `use_cache=False` is the exception.
 *
 * The graph says who runs. What session a dependency gives is provider.h's business.
 */
#ifndef IDLETX_PROGRAM_DEPENDENCY_H
#define IDLETX_PROGRAM_DEPENDENCY_H

#include "program/callable.h"
#include "program/registered.h"
#include "project/entry.h"

/* ---- one Depends() ------------------------------------------------------------- */

/* A parameter, attribute or list item that a framework fills. */
struct dependency {
	expr_id provider;    /* what stands in Depends(..); EXPR_NONE for Depends() */
	scope_id scope;      /* where that expression is read */
	module_id module;    /* the file it stands in (an alias may come from another) */
	expr_id annotation;  /* the plain type, Annotated unwrapped; EXPR_NONE when missing */
	bool annotated;      /* it stood in Annotated[..] rather than in the default */
	bool uncached;       /* use_cache=False */
	bool function_scope; /* scope="function": taken back before the response is sent */
};

/* Depends, or Security, which is one with scopes. */
bool names_dependency(struct str name);

/* Is this parameter of 'scope' a dependency? Fills 'out'. */
bool dependency_of(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                   const struct param *param, struct dependency *out);

/* The same for NAME: annotation = value in a class body; either may be EXPR_NONE. */
bool dependency_of_declared(struct arena *scratch, const struct project *p, module_id m,
                            scope_id scope, expr_id annotation, expr_id value,
                            struct dependency *out);

/* Is the expression a Depends(), or a name that stands for one? Fills 'out' but for the annotation. */
bool dependency_of_value(struct arena *scratch, const struct project *p, module_id m,
                         scope_id scope, expr_id value, struct dependency *out);

/* What a dependency calls: the def in Depends(..), or the annotated class for Depends(); what overrides it instead. */
struct callable dependency_callable(struct arena *scratch, const struct project *p,
                                    const struct dependency *dep);

/* ---- the graph ------------------------------------------------------------------- */

typedef uint32_t node_id;
#define NODE_NONE UINT32_MAX

enum node_kind {
	NODE_DEF,     /* a def, method or lambda: (module, scope)                      */
	NODE_CLASS,   /* an object of class (module, scope) is made; its __init__ asks */
	NODE_ROUTER,  /* a router or application: its dependencies are its routes'     */
	NODE_UNKNOWN, /* outside the project, or not found: only its name is known    */
};

/* One edge: somebody asks for 'node'. */
struct dependency_use {
	node_id node;
	module_id module; /* the file in which the Depends() stands */
	struct span span; /* of the Depends(), of the alias for one in an Annotated */
	uint32_t param; /* index into the params of the asking def's module; UINT32_MAX: it has none */
	bool uncached, function_scope;
};

struct dependency_node {
	enum node_kind kind;
	module_id module; /* MODULE_NONE when unknown */
	scope_id scope;
	struct str name; /* qualified: get_db, Auth.__call__; of a router its variable's; dotted when unknown */
	bool is_dependency; /* some Depends() names it */
	bool is_handler;    /* a route or a socket */
	bool is_websocket;  /* a socket */
	bool may_stream; /* a handler that yields, or builds a streaming response in its own body */
	const struct dependency_use *uses; /* in the order FastAPI solves them */
	uint32_t use_count;
	uint32_t first_handler, handler_count; /* handlers whose requests run it: graph.handlers */
};

struct dependency_graph {
	const struct dependency_node *nodes; /* in the order of paths */
	uint32_t node_count;
	const node_id *handlers;
	const uint32_t *by_scope; /* nodes that have a scope, sorted by module and scope */
	uint32_t by_scope_count;
	uint32_t bounded; /* trees that were cut off at DEPENDENCY_TREE_MAX */
};

#define DEPENDENCY_TREE_MAX 128 /* dependencies of one handler */

/* Reads all Depends() of the project. In 'run'; read-only afterwards. */
const struct dependency_graph *dependencies_find(struct arena *run, const struct project *p,
                                                 const struct registered_entries *registered);

/* The node of a def or class, or NODE_NONE when it neither asks nor is asked for. */
node_id dependency_node_of(const struct dependency_graph *g, module_id m, scope_id scope);

/* Is the def (or lambda, or method) called as a dependency somewhere? */
bool scope_is_dependency(const struct dependency_graph *g, module_id m, scope_id scope);

/* ---- all that one request runs ------------------------------------------------------ */

struct dependency_step {
	const struct dependency_node *node; /* never a router */
	const struct dependency_use *use;   /* the first that asks for it */
	node_id asker;                      /* who that is: a dependency, the handler, its router */
};

/*
 * The dependencies that a request to 'handler' runs, sub-dependencies to any depth, each once (uncached
 * ones each time), a dependency before those that ask for it. Returns how many, at most
 * DEPENDENCY_TREE_MAX. Also for a dependency: what it runs itself.
 */
uint32_t dependency_tree(struct arena *scratch, const struct dependency_graph *g, node_id handler,
                         const struct dependency_step **out);

/* Who asks for what the handlers run: counts over the handlers that reach 'node'. */
struct dependency_reach {
	uint32_t handlers, websockets, streaming;
	node_id first_streaming; /* a handler that streams or is a socket, or NODE_NONE */
};
struct dependency_reach dependency_reach(const struct dependency_graph *g, node_id node);

#endif
