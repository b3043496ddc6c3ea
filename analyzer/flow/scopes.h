/*
 * scopes.h - the scopes of one file and the names each of them binds, found in
 * one pass before anything is lowered, because an assignment below decides what a
 * name above it means.
 */
#ifndef IDLETX_FLOW_SCOPES_H
#define IDLETX_FLOW_SCOPES_H

#include "flow/module.h"
#include "syntax/ast.h"

enum bound_as {
	BOUND_LOCAL,
	BOUND_GLOBAL,        /* declared global   */
	BOUND_NONLOCAL,      /* declared nonlocal */
	BOUND_COMPREHENSION, /* target of a comprehension */
};

struct bound_name {
	name_id name;
	uint32_t next; /* the next of the same scope, or UINT32_MAX */
	enum bound_as as;
};

struct scope_node {
	enum scope_kind kind;
	uint32_t flags; /* SCOPE_ASYNC, ... */
	scope_id parent;
	uint32_t node;      /* AST_MODULE, AST_FUNCTION, AST_LAMBDA or AST_CLASS */
	uint32_t body;      /* AST_BLOCK, the expression of a lambda, or the module itself */
	uint32_t decorated; /* the AST_DECORATED around it, or 0 */
	uint32_t first_bound, last_bound; /* list in scopes.bound, in source order */
	uint64_t hash;                    /* of the body's tokens */
};

/* Arrays are stb_ds's, kept from file to file. */
struct scopes {
	struct scope_node *scopes; /* in the order in which their bodies begin */
	struct bound_name *bound;
	scope_id *of_node; /* by AST index: the scope a FUNCTION, LAMBDA or CLASS opens */

	/* while collecting */
	struct open_scope *open;
	uint32_t *last_bound_in; /* by name: 1 + the scope that bound it last */
};

void scopes_collect(struct scopes *s, const struct ast *a);
void scopes_release(struct scopes *s);

/* Is 'kind' a node below which names of an assignment target lie? */
bool scopes_is_target_list(enum ast_kind kind);

#endif
