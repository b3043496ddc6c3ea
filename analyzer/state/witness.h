/*
 * witness.h - one path that shows a finding: the shortest way through the
 * graph on which one resource is, at the end, in one of the wanted states. It
 * is searched only for what is reported, in the product of blocks, disjunct
 * keys and automaton states (an exploded graph, after Reps, Horwitz, Sagiv 1995).
 */
#ifndef IDLETX_STATE_WITNESS_H
#define IDLETX_STATE_WITNESS_H

#include "state/solve.h"

#define WITNESS_NODES_MAX 20000 /* beyond it the trace is just opening and exit */

/* The events of the path that touch the resource or branch, in the order they happen. */
struct witness {
	uint32_t *events;
	uint32_t count;
	uint32_t last_raise; /* the event whose RAISE edge was taken last; UINT32_MAX for none */
};

/*
 * A path from entry to 'event' (an EV_LEAVE) on which 'resource' ends in a state of 'wanted'.
 * False when none was found within the bound.
 */
MUST_USE bool witness_find(struct arena *scratch, const struct solution *s, uint32_t resource,
                           uint32_t event, state_set wanted, struct witness *out);

#endif
