/*
 * build.h - a control-flow graph under construction. Blocks are made first and
 * filled later, one at a time; what cannot be reached is never filled. At the
 * end the blocks are put in reverse postorder and the empty ones are gone.
 */
#ifndef IDLETX_FLOW_BUILD_H
#define IDLETX_FLOW_BUILD_H

#include "flow/cfg.h"

struct raw_block {
	uint32_t first_event, event_count;
	block_id succ[EDGE_COUNT];
	bool reached; /* an edge leads here */
};

struct place_slot {
	uint32_t generation; /* of the graph that put 'place' here */
	uint32_t place;
};

/* Arrays are stb_ds's and kept from graph to graph. */
struct build {
	struct raw_block *blocks;
	struct event *events;
	struct arg *args;
	struct place *places;
	block_id current; /* BLOCK_NONE: the code at hand cannot be reached */
	uint32_t token_count;

	struct place_slot *slots; /* hash table over 'places' */
	uint32_t slot_count, generation;

	/* the result and what making it needs */
	struct event *out_events;
	struct block *out_blocks;
	uint32_t *order, *number, *moved, *preds, *stack;
};

/* Starts a graph: one empty, reached block that is current. */
void build_clear(struct build *b);
void build_release(struct build *b);

/* A block that is to be filled later. */
block_id build_block(struct build *b);

/* Makes 'id' current, if an edge leads to it. Returns whether there is a current block now. */
bool build_start(struct build *b, block_id id);

/* Ends the current block, if there is one, with an edge to 'id'. */
void build_jump(struct build *b, block_id id);

/* Sets an edge of the current block. Does not end it. */
void build_edge(struct build *b, enum edge_kind kind, block_id id);

/* The current block is complete: all its edges are set. */
void build_end(struct build *b);

/* Appends an event; returns its index, or UINT32_MAX when the code cannot be reached. */
uint32_t build_event(struct build *b, struct event e);

/* Appends an event that may raise, gives it a RAISE edge and goes on in a new block. */
uint32_t build_raising(struct build *b, struct event e, block_id raise);

/* Copies 'count' arguments and sets them in 'e'. */
void build_args(struct build *b, struct event *e, const struct arg *args, uint32_t count);

/* The number of a place, made if new. */
uint32_t build_place(struct build *b, const struct place *p);

/* The finished graph; it lives until the next build_clear. */
void build_finish(struct build *b, struct cfg *out);

static inline ref build_temp(uint32_t event)
{
	return event == UINT32_MAX ? REF_NONE : REF_TEMP(event);
}

#endif
