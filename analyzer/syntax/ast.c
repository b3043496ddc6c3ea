/* ast.c - finding one's way among the nodes, and their names. */
#include "syntax/ast.h"

uint32_t ast_find(const struct ast *a, uint32_t i, enum ast_kind kind)
{
	for (uint32_t c = i + 1; c < a->nodes[i].next; c = a->nodes[c].next)
		if (a->nodes[c].kind == kind)
			return c;
	return 0;
}

uint32_t ast_child(const struct ast *a, uint32_t i, uint32_t number)
{
	for (uint32_t c = i + 1; c < a->nodes[i].next; c = a->nodes[c].next)
		if (a->nodes[c].kind != AST_ERROR && number-- == 0)
			return c;
	return 0;
}
