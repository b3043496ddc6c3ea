/*
 * walk.h - which blocks of a graph the ways from or to a block lead through. What holds on those ways is for the solver
 * (state/); this only says where they go.
 */
#ifndef IDLETX_FLOW_WALK_H
#define IDLETX_FLOW_WALK_H

#include "flow/cfg.h"

/* The edges that a way takes. */
enum {
	WAYS_NORMAL = 1u << EDGE_NEXT | 1u << EDGE_FALSE,
	WAYS_ALL = WAYS_NORMAL | 1u << EDGE_RAISE,
};

/*
 * Marks the blocks that a way from the end of 'from' comes to; 'from' itself only when one comes back to it.
 * Blocks of 'barred' are not entered (NULL: all are). One mark a block, in 'scratch'.
 */
bool *blocks_after(struct arena *scratch, const struct cfg *cfg, block_id from, unsigned edges,
                   const bool *barred);

/* Marks the blocks from whose end a way leads to the start of 'to'; 'to' itself only when it is in a loop. */
bool *blocks_before(struct arena *scratch, const struct cfg *cfg, block_id to, unsigned edges);

#endif
