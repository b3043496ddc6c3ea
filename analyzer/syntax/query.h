/*
 * query.h - the queries of queries/entry_points.scm: "who runs this function".
 * The C library finds the shapes; what a pattern asks beside that (#eq?,
 * #match?, ...) is evaluated here, because the library does not.
 */
#ifndef IDLETX_SYNTAX_QUERY_H
#define IDLETX_SYNTAX_QUERY_H

#include "syntax/ast.h"

#include <tree_sitter/api.h>

struct entry_query;

/* Compiles the embedded file. NULL after reporting what is wrong, with line and column. */
struct entry_query *entry_query_new(const TSLanguage *language, struct diag *d);

/* The same with another text, which is called 'path' in messages. It must outlive the query. */
struct entry_query *entry_query_compile(const TSLanguage *language, struct str path,
                                        struct str text, struct diag *d);
void entry_query_free(struct entry_query *q);

/*
 * Adds the matches on one decorated definition to out->entries, in the order
 * of its decorators. False when matches were lost.
 */
MUST_USE bool entry_query_run(const struct entry_query *q, TSQueryCursor *cursor, TSNode node,
                              struct ast *out, const char **why);

#endif
