/*
 * predicate.h - what a query pattern asks beside its shape, compiled once:
 * (#eq? @a "x" | @b), (#match? @a "regex"), (#any-of? @a "x" "y"), each also with
 * not- and any-, and the property (#set! entry "word"). A property ends a group: it
 * holds when the predicates since the property before it do. So one shape, which is what
 * costs time to compile, serves many words.
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

/* The groups of a pattern, in the order of the text. */
uint32_t predicates_group_count(const struct predicates *p, uint32_t pattern);

/* The word of (#set! entry "word") that ends a group. */
struct str predicates_entry(const struct predicates *p, uint32_t pattern, uint32_t group);

/* Do all predicates of a group of the match's pattern hold? */
bool predicates_hold(const struct predicates *p, const TSQueryMatch *m, uint32_t group,
                     struct str source);

/* Reports a mistake at a byte offset of the query's text. */
void query_mistake(struct diag *d, struct str path, struct str text, uint32_t offset,
                   const char *what, struct str subject);

#endif
