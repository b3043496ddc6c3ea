/*
 * parse.h - one thread's tree-sitter objects: a parser, a cursor for queries,
 * and the buffers of the extraction. All are used again from file to file.
 */
#ifndef IDLETX_SYNTAX_PARSE_H
#define IDLETX_SYNTAX_PARSE_H

#include "syntax/ast.h"

struct syntax;

/* What all threads share and only read: the grammar's table and the queries. */
struct syntax *syntax_new(struct diag *d); /* NULL after reporting what is wrong with them */
void syntax_free(struct syntax *s);

struct parser;

/* 's' must outlive the parser. */
struct parser *parser_new(const struct syntax *s);
void parser_free(struct parser *p);

/*
 * Parses 'text' and extracts it into 'out'; the tree is gone when this
 * returns. 'names' receives the names. out->text is 'text', or a copy of the parser's with
 * the same offsets that lives until the next call. False, with '*why' a static text, when
 * the parser gave up or a query lost matches; a text with syntax errors is no failure.
 */
MUST_USE bool parser_read(struct parser *p, struct str text, struct interner *names,
                          struct ast *out, const char **why);

/* Gives back the arrays of 'a', which parser_read made and re-uses. */
void ast_release(struct ast *a);

#endif
