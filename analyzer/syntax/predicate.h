/*
 * predicate.h - what a query pattern asks beside its shape, compiled once:
 * (#eq? @a "x" | @b), (#match? @a "regex"), (#any-of? @a "x" "y"), each also with
 * not- and any-, and the property (#set! entry "word").
 */
#ifndef IDLETX_SYNTAX_PREDICATE_H
#define IDLETX_SYNTAX_PREDICATE_H

#include "base/base.h"

#include <tree_sitter/api.h>

struct predicates; /* those of all patterns of one query */

/*
 * Reads all predicates of 'query'. NULL after reporting the first that is wrong; 'path' and 'text' are
 * the query's, for the message.
 */
struct predicates *predicates_new(const TSQuery *query, struct str path, struct str text,
                                  struct diag *d);
void predicates_free(struct predicates *p);

/* Do all predicates of the match's pattern hold? */
bool predicates_hold(const struct predicates *p, const TSQueryMatch *m, struct str source);

/* The word of (#set! entry "word") in a pattern. */
struct str predicates_entry(const struct predicates *p, uint32_t pattern);

/* Reports a mistake at a byte offset of the query's text. */
void query_mistake(struct diag *d, struct str path, struct str text, uint32_t offset,
                   const char *what, struct str subject);

#endif
