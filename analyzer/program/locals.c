/* locals.c - a hash table, because a function may have as many locals as its file has lines. */
#include "program/locals.h"

static bool is_plain(const struct place *p)
{
	return p->root_kind == PLACE_LOCAL && p->step_count == 0;
}

static uint32_t slot_of(const struct locals *l, name_id name)
{
	uint32_t i = (uint32_t)(name * UINT32_C(2654435769)) & (l->size - 1);
	while (l->slots[i] != 0 && l->cfg->places[l->slots[i] - 1].root != name)
		i = (i + 1) & (l->size - 1);
	return i;
}

struct locals locals_of(struct arena *scratch, const struct cfg *cfg)
{
	struct locals l = {.cfg = cfg, .size = 8};
	while (l.size < 2 * (uint64_t)cfg->place_count)
		l.size *= 2;
	l.slots = arena_array(scratch, uint32_t, l.size);
	for (uint32_t i = 0; i < cfg->place_count; i++) {
		uint32_t slot = is_plain(&cfg->places[i]) ? slot_of(&l, cfg->places[i].root)
		                                          : UINT32_MAX;
		if (slot != UINT32_MAX && l.slots[slot] == 0) /* the first of a name counts */
			l.slots[slot] = i + 1;
	}
	return l;
}

uint32_t locals_find(const struct locals *l, name_id name)
{
	uint32_t found = l->slots[slot_of(l, name)];
	return found == 0 ? UINT32_MAX : found - 1;
}
