/* lent_within.h - for lent.c: sessions that a function reaches through an object that its own object keeps. */
#ifndef IDLETX_PROGRAM_LENT_WITHIN_H
#define IDLETX_PROGRAM_LENT_WITHIN_H

#include "program/lent.h"

/*
 * Adds to the 'count' sessions in attributes of the class those in attributes of the objects that its __init__ or
 * its fields keep. Returns how many there are then.
 */
uint32_t lent_within(struct arena *scratch, const struct program *program, module_id m,
                     scope_id class_, uint32_t count, struct lent out[LENT_MAX]);

/*
 * Does the function commit or close something on another object of 'self' than those with the sessions of 'all', or call
 * something on one that has a session's customary name?
 */
bool lent_is_ended_elsewhere(const struct program *program, const struct cfg *cfg, name_id self,
                             const struct lent *all, uint32_t count);

#endif
