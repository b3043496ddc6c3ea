/* cfg.c - what each kind of event is: which value, which edges. */
#include "flow/cfg.h"

enum {
	MAKES_VALUE = 1 << 0,
	RAISES = 1 << 1,
	BRANCHES = 1 << 2, /* TRUE and FALSE edges */
	STOPS = 1 << 3,    /* no NEXT edge */
};

static const uint8_t traits[EV_COUNT] = {
	[EV_CALL] = MAKES_VALUE | RAISES,
	[EV_ATTR] = MAKES_VALUE,
	[EV_ELEMENT] = MAKES_VALUE,
	[EV_BUILD] = MAKES_VALUE,
	[EV_CLOSURE] = MAKES_VALUE,
	[EV_COMPARE] = MAKES_VALUE,
	[EV_TEST] = BRANCHES,
	[EV_ENTER] = MAKES_VALUE | RAISES,
	[EV_EXIT] = RAISES,
	[EV_ITER] = MAKES_VALUE | RAISES,
	[EV_NEXT] = MAKES_VALUE | RAISES | BRANCHES,
	[EV_YIELD] = MAKES_VALUE | RAISES,
	[EV_AWAIT] = MAKES_VALUE | RAISES,
	[EV_RAISE] = RAISES | STOPS,
	[EV_ASSERT] = RAISES | STOPS,
	[EV_CATCH] = BRANCHES,
	[EV_LEAVE] = STOPS,
};

ref event_stored(const struct cfg *c, const struct event *e)
{
	if (e->index == 0)
		return e->b;
	const struct event *made = ref_kind(e->b) == REF_KIND_TEMP ? &c->events[ref_index(e->b)]
	                                                           : NULL;
	if (made == NULL || made->kind != EV_BUILD || (e->flags & EVF_STAR) != 0 ||
	    (made->op != BUILD_TUPLE && made->op != BUILD_LIST) || e->index > made->arg_count)
		return REF_NONE;
	for (uint32_t i = 0; i < e->index; i++)
		if (c->args[made->first_arg + i].flags != 0)
			return REF_NONE;
	return c->args[made->first_arg + e->index - 1].value;
}

block_id cfg_block_of(const struct cfg *cfg, uint32_t event)
{
	uint32_t low = 0, high = cfg->block_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (cfg->blocks[middle].first_event <= event)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool block_holds(const struct block *b, uint32_t event)
{
	return event >= b->first_event && event < b->first_event + b->event_count;
}

bool cfg_only_through(struct arena *scratch, const struct cfg *c, block_id from,
                      enum edge_kind edge, uint32_t event)
{
	bool *reached = arena_array(scratch, bool, c->block_count);
	block_id *open = arena_array(scratch, block_id, c->block_count);
	uint32_t count = 1;
	reached[0] = true;
	open[0] = 0;
	while (count > 0) {
		block_id at = open[--count];
		if (block_holds(&c->blocks[at], event))
			return false;
		for (unsigned k = 0; k < EDGE_COUNT; k++) {
			block_id to = c->blocks[at].succ[k];
			if (to == BLOCK_NONE || reached[to] || (at == from && k == edge))
				continue;
			reached[to] = true;
			open[count++] = to;
		}
	}
	return true;
}

bool event_makes_value(const struct event *e)
{
	return (traits[e->kind] & MAKES_VALUE) != 0;
}

unsigned event_edges(const struct event *last)
{
	uint8_t is = last == NULL ? 0 : traits[last->kind];
	bool bare = last != NULL && last->kind == EV_CATCH && last->arg_count == 0;
	unsigned edges = 0;

	if (!(is & STOPS))
		edges |= 1u << EDGE_NEXT;
	if ((is & BRANCHES) && !bare)
		edges |= 1u << EDGE_FALSE;
	if (is & RAISES)
		edges |= 1u << EDGE_RAISE;
	return edges;
}
