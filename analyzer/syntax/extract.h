/*
 * extract.h - from the tree to our syntax, in one pass with a cursor and a
 * stack of our own, so that no depth of nesting is too deep.
 */
#ifndef IDLETX_SYNTAX_EXTRACT_H
#define IDLETX_SYNTAX_EXTRACT_H

#include "syntax/ast.h"
#include "syntax/grammar.h"

#include <tree_sitter/api.h>

struct entry_query;
struct extraction; /* the buffers of one thread */

struct extraction *extraction_new(const struct grammar *g, const struct entry_query *q);
void extraction_free(struct extraction *x);

/* Fills 'out', whose text and names are set. False when a query lost matches. */
MUST_USE bool extract(struct extraction *x, TSNode root, struct ast *out, const char **why);

#endif
