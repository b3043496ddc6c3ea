/* effect.h - what events do to the resources of a disjunct. Inside state/ only. */
#ifndef IDLETX_STATE_EFFECT_H
#define IDLETX_STATE_EFFECT_H

#include "state/solve.h"

/* How an event is left: a callee with one of its outcomes (enum outcome), or else. */
enum leaving { LEAVING_NORMALLY = OUTCOME_COUNT, LEAVING_RAISED };

/* What the plan's action for event 'index' does, its callees' transfers included. */
void effect_of_action(const struct plan *p, struct disjunct *d, uint32_t index, unsigned leaving);

/*
 * Applies 'op' to the resources of a set, one bit each. When the value is surely one of them ('sure') they
 * take the new states: after `db = A() if x else B()` only one of the two was made on each path. Else they
 * may also keep those that they have.
 */
void effect_apply(const struct plan *p, struct disjunct *d, uint32_t resources, bool sure,
                  enum operation op);

/* Somebody else has to give these back from now on. */
void effect_give_away(const struct plan *p, struct disjunct *d, uint32_t resources);

#endif
