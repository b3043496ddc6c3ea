/* walk.c - see walk.h. Time is linear in the blocks; going against the edges, in the blocks times the loops inside each other. */
#include "flow/walk.h"

bool *blocks_after(struct arena *scratch, const struct cfg *cfg, block_id from, unsigned edges,
                   const bool *barred)
{
	bool *after = arena_array(scratch, bool, cfg->block_count);
	block_id *open = arena_array(scratch, block_id, cfg->block_count + 1);
	uint32_t count = 0;
	open[count++] = from;
	while (count > 0) {
		const struct block *b = &cfg->blocks[open[--count]];
		for (unsigned edge = 0; edge < EDGE_COUNT; edge++) {
			block_id to = b->succ[edge];
			if ((edges & 1u << edge) == 0 || to == BLOCK_NONE || after[to] ||
			    (barred != NULL && barred[to]))
				continue;
			after[to] = true;
			open[count++] = to;
		}
	}
	return after;
}

static bool leads_on(const struct block *b, unsigned edges, block_id to, const bool *before)
{
	for (unsigned edge = 0; edge < EDGE_COUNT; edge++) {
		block_id next = b->succ[edge];
		if ((edges & 1u << edge) != 0 && next != BLOCK_NONE && (next == to || before[next]))
			return true;
	}
	return false;
}

bool *blocks_before(struct arena *scratch, const struct cfg *cfg, block_id to, unsigned edges)
{
	bool *before = arena_array(scratch, bool, cfg->block_count);
	for (bool grew = true; grew;) { /* against the order of the blocks: a round a loop */
		grew = false;
		for (block_id i = cfg->block_count; i-- > 0;)
			if (!before[i] && leads_on(&cfg->blocks[i], edges, to, before))
				before[i] = grew = true;
	}
	return before;
}
