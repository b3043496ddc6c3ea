/* transfer.h - one event for all disjuncts of a list. Inside state/ only; a whole block: solve_block. */
#ifndef IDLETX_STATE_TRANSFER_H
#define IDLETX_STATE_TRANSFER_H

#include "state/solve.h"

/*
 * Takes the disjuncts of a list through event 'index' on its normal way on. They are changed in place or
 * split; the list that is returned takes the place of the one given. In 'scratch'.
 */
struct disjunct *transfer_all(struct arena *scratch, const struct plan *p, struct disjunct *list,
                              uint32_t index, struct solve_bounds *bounds);

/* Do the events from 'first' to before 'end' leave every disjunct as it is, on their normal way on? */
bool transfer_is_inert(const struct plan *p, uint32_t first, uint32_t end);

#endif
