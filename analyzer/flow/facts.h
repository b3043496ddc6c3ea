/*
 * facts.h - the module of one file while it is made: growing arrays, re-used
 * from file to file, that 'facts_module' shows as a struct module.
 */
#ifndef IDLETX_FLOW_FACTS_H
#define IDLETX_FLOW_FACTS_H

#include "flow/module.h"
#include "flow/scopes.h"
#include "syntax/ast.h"

enum {
	FACTS_EXPR_NODES_MAX = 2048, /* a larger declared expression is EXPR_OTHER  */
};

/* Arrays are stb_ds's. */
struct facts {
	struct module module; /* its scalars; its arrays are set by facts_module */
	struct scope *scopes;
	struct param *params;
	expr_id *decorators, *bases;
	struct entry_match *entries;
	struct expr *exprs;
	struct import *imports;
	struct binding *bindings;
	struct suppression *suppressions;
	uint32_t *line_starts;
	uint32_t *open, *conditions; /* while making an expression */
};

void facts_clear(struct facts *f);
void facts_release(struct facts *f);

/* Lines, hash of the file's 'bytes', generated mark, errors, suppression comments. */
void facts_file(struct facts *f, const struct ast *a, struct str bytes);

/* Scopes with their signatures, decorators, bases and entry-point matches. */
void facts_scopes(struct facts *f, const struct ast *a, const struct scopes *s);

/* The declared expression at AST node 'i', or EXPR_NONE for node 0. */
expr_id facts_expr(struct facts *f, const struct ast *a, const struct scopes *s, uint32_t i);

/* What was made so far, as a module; valid until the next change. */
const struct module *facts_module(struct facts *f);

#endif
