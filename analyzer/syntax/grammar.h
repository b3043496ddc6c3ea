/*
 * grammar.h - how the names of tree-sitter-python become our kinds. The table
 * is filled once, by name, so that a grammar whose names have changed is an
 * error at the start instead of code that silently goes unseen.
 */
#ifndef IDLETX_SYNTAX_GRAMMAR_H
#define IDLETX_SYNTAX_GRAMMAR_H

#include "syntax/ast.h"

struct TSLanguage;

/* What the extraction does with a node of the tree. */
enum grammar_action {
	GRAMMAR_PUNCTUATION, /* nothing                                        */
	GRAMMAR_TOKEN,       /* note it as the next sibling's lead             */
	GRAMMAR_SKIP,        /* leave out with all that is below               */
	GRAMMAR_ELIDE,       /* leave out, its children become its parent's    */
	GRAMMAR_LEAF,        /* keep, leave out what is below                  */
	GRAMMAR_NAME,        /* a leaf whose text is interned                  */
	GRAMMAR_KEEP,
	GRAMMAR_STRING, /* keep; descend only into f-strings              */
	GRAMMAR_COMMENT,
	GRAMMAR_TYPE,           /* keep as an annotation, elide inside a type     */
	GRAMMAR_TYPE_PARAMETER, /* the same: declared names or a subscript     */
	GRAMMAR_ARGUMENTS,      /* elide in a call, keep in a class               */
};

struct grammar_entry {
	uint8_t action; /* enum grammar_action */
	uint8_t value;  /* enum ast_kind or enum ast_token */
};

enum { GRAMMAR_SYMBOLS_MAX = 512 };

struct grammar {
	const struct TSLanguage *language;
	uint32_t symbol_count;
	struct grammar_entry entries[GRAMMAR_SYMBOLS_MAX]; /* by TSSymbol */
};

/* Fills the table. Reports each name that only one side knows and returns false. */
MUST_USE bool grammar_init(struct grammar *g, struct diag *d);

#endif
