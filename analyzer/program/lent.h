/*
 * lent.h - the sessions that a function is lent by whoever calls it: parameters that say so, and
 * attributes that its object was made with. They are the caller's to give back; what the function does while
 * it has them is its own.
 */
#ifndef IDLETX_PROGRAM_LENT_H
#define IDLETX_PROGRAM_LENT_H

#include "program/summary.h"

#define LENT_MAX 10

/*
 * The sessions that the def is lent, into 'out': how many. What a framework fills for an entry point is injected,
 * not lent. 'cfg' is the def's graph, or NULL when there is none at hand: then parameters that only their use
 * shows to be sessions are left out.
 */
uint32_t lent_list(struct arena *scratch, const struct program *program, module_id m, scope_id scope,
                   enum entry_kind entry, const struct cfg *cfg, struct lent out[LENT_MAX]);

/* The attributes in which objects of a class keep sessions that they were made with, into 'out': how many. */
uint32_t lent_attributes(struct arena *scratch, const struct program *program, module_id m,
                         scope_id class_, struct lent out[LENT_MAX]);

/* Are these places of one session? `self.db` and `self.repo.db` of one object are. */
bool lent_is_same(const struct lent *a, const struct lent *b);

#endif
