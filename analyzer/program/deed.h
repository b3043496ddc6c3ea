/*
 * deed.h - where a callee does what a finding tells of it: the statement below the call that opens the transaction,
 * the commit or close that ends it. Each summary knows its own first one, so the steps are read off summaries.
 */
#ifndef IDLETX_PROGRAM_DEED_H
#define IDLETX_PROGRAM_DEED_H

#include "program/summary.h"

/* One step inside a callee: a call that goes on into the next one, or, in the last, the statement itself. */
struct deed {
	module_id module;
	scope_id scope;
	struct span span;
};

#define DEEDS_MAX 8 /* calls inside calls that are followed; the last step may then be a call */

/* May the action at this event of the function do it to some resource? A callee that was read says whether it may. */
bool action_does(const struct action *a, enum deed_kind kind);

/* Is the resource what the action at this event works on, or is lent to it? */
bool action_reaches(struct arena *scratch, const struct function *fn, uint32_t event,
                    uint32_t resource);

/* What the solved function does first to the session that it is lent: for its summary. */
struct lent_deed deed_of_lent(struct arena *scratch, const struct function *fn, enum deed_kind kind);

/*
 * The steps from the call at 'event' down to what does it to 'resource', the outermost first: how many, none when
 * the event does it itself or the callee was not read. Uses program->summaries; all memory is 'scratch'.
 */
uint32_t deeds_below(struct arena *scratch, const struct program *program,
                     const struct function *fn, uint32_t event, uint32_t resource,
                     enum deed_kind kind, struct deed out[DEEDS_MAX]);

#endif
