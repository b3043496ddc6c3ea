/*
 * solve.c - the worklist: blocks in reverse postorder until no disjunct at any
 * entry grows. What a point inside a block looks like is found again from its
 * block's entry.
 */
#include "state/solve.h"

#include "state/disjunct.h"
#include "state/transfer.h"

/* ---- what is known at which block ------------------------------------------ */

enum {
	KNOWN_FIRST = 64,   /* entries at least: a power of two */
	KNOWN_GROWTH = 4,   /* times as many when half are taken: a power of two */
	KNOWN_PER_BLOCK = 4 /* entries to begin with: more than most functions take */
};

struct entry {
	uint64_t key;
	block_id block;
	struct disjunct *disjunct; /* NULL: the entry is free */
};

/* One table for all blocks: open addressing by block and key. */
struct known {
	struct entry *entries;
	size_t size; /* a power of two */
	size_t count;
};

static struct entry *entry_of(const struct known *k, block_id block, uint64_t key)
{
	uint64_t h = (key ^ key >> 32) * 0x9e3779b97f4a7c15u ^ block * 0xbf58476d1ce4e5b9u;
	size_t i = (h ^ h >> 32) & (k->size - 1);
	while (k->entries[i].disjunct != NULL &&
	       (k->entries[i].key != key || k->entries[i].block != block))
		i = (i + 1) & (k->size - 1);
	return &k->entries[i];
}

static void known_grow(struct arena *scratch, struct known *k, size_t size)
{
	struct known old = *k;
	k->size = size;
	k->entries = arena_array(scratch, struct entry, size);
	for (size_t i = 0; i < old.size; i++)
		if (old.entries[i].disjunct != NULL)
			*entry_of(k, old.entries[i].block, old.entries[i].key) = old.entries[i];
}

/* ---- worklist ----------------------------------------------------------- */

struct worklist {
	struct arena *scratch;
	struct solution *solution;
	uint64_t *pending; /* one bit a block; the lowest is next, which is reverse postorder */
	uint32_t word_count;
	uint32_t *counts; /* disjuncts per block */
	struct known known;
};

/* Past the bound, guards no longer tell disjuncts apart; tokens still do, until one of them fits. */
static struct disjunct *find_coarse(struct disjunct *list, const struct disjunct *like)
{
	for (struct disjunct *d = list; d != NULL; d = d->next)
		if (disjunct_tokens(d) == disjunct_tokens(like))
			return d;
	return list;
}

static void arrive(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct worklist *w = arg;
	struct solution *s = w->solution;
	(void)edge;
	struct entry *entry = entry_of(&w->known, to, d->key);
	struct disjunct *known = entry->disjunct;
	if (known == NULL && w->counts[to] >= DISJUNCTS_MAX) {
		s->bounds.disjuncts++;
		known = find_coarse(s->at_entry[to], d);
	}
	if (known == NULL) {
		known = disjunct_copy(w->scratch, s->plan, d);
		known->next = s->at_entry[to];
		s->at_entry[to] = known;
		*entry = (struct entry){d->key, to, known};
		w->counts[to]++;
		if (++w->known.count * 2 > w->known.size)
			known_grow(w->scratch, &w->known, w->known.size * KNOWN_GROWTH);
	} else if (!disjunct_join(s->plan, known, d)) {
		return;
	}
	known->pending = true;
	w->pending[to / 64] |= (uint64_t)1 << (to % 64);
}

static block_id next_block(struct worklist *w)
{
	for (uint32_t i = 0; i < w->word_count; i++) {
		if (w->pending[i] == 0)
			continue;
		block_id block = i * 64 + (uint32_t)__builtin_ctzll(w->pending[i]);
		w->pending[i] &= w->pending[i] - 1;
		return block;
	}
	return BLOCK_NONE;
}

static struct disjunct *entry_disjunct(struct arena *scratch, const struct plan *p)
{
	struct disjunct *d = disjunct_new(scratch, p);
	memcpy(d->values, p->entry_values, p->slot_count * sizeof *d->values);
	for (uint32_t i = 0; i < p->resource_count; i++) {
		d->states[i] = p->resources[i].entry_states;
		if (p->resources[i].entry_slot == SLOT_NONE)
			continue;
		d->values[p->resources[i].entry_slot] = (struct value){
			1u << i | p->resources[i].entry_others, 0};
	}
	disjunct_update_guards(p, d);
	return d;
}

void solve_from(struct arena *scratch, const struct plan *plan, block_id block,
                const struct disjunct *start, struct solution *out)
{
	uint32_t blocks = plan->cfg->block_count;
	*out = (struct solution){.plan = plan,
	                         .at_entry = arena_array(scratch, struct disjunct *, blocks)};
	struct worklist w = {
		.scratch = scratch,
		.solution = out,
		.word_count = (blocks + 63) / 64,
	};
	struct arena step; /* most of what leaves a block is joined into what is there */
	arena_init(&step);
	w.pending = arena_array(scratch, uint64_t, w.word_count);
	w.counts = arena_array(scratch, uint32_t, blocks);
	size_t room = KNOWN_FIRST;
	while (room < (size_t)blocks * KNOWN_PER_BLOCK)
		room *= 2;
	known_grow(scratch, &w.known, room);
	arrive(&w, block, EDGE_NEXT, disjunct_copy(&step, plan, start));
	for (block_id b = next_block(&w); b != BLOCK_NONE; b = next_block(&w)) {
		for (struct disjunct *d = out->at_entry[b]; d != NULL; d = d->next) {
			if (!d->pending)
				continue;
			d->pending = false;
			solve_block(&step, plan, b, d, &out->bounds, arrive, &w);
			arena_clear(&step);
		}
	}
	arena_release(&step);
}

void solve(struct arena *scratch, const struct plan *plan, struct solution *out)
{
	solve_from(scratch, plan, 0, entry_disjunct(scratch, plan), out);
}

/* ---- looking things up -------------------------------------------------- */

const struct disjunct *solution_at(struct arena *scratch, const struct solution *s, uint32_t event,
                                   bool after)
{
	const struct plan *p = s->plan;
	block_id block = cfg_block_of(p->cfg, event);
	uint32_t first = p->cfg->blocks[block].first_event, end = event + (after ? 1 : 0);
	struct solve_bounds ignored = {0};
	struct disjunct *all = NULL;
	if (transfer_is_inert(p, first, end))
		return s->at_entry[block];
	for (struct disjunct *in = s->at_entry[block]; in != NULL; in = in->next) {
		struct disjunct *list = disjunct_copy(scratch, p, in);
		for (uint32_t i = first; i < end; i++)
			list = transfer_all(scratch, p, list, i, &ignored);
		while (list != NULL) {
			struct disjunct *d = list;
			list = d->next;
			d->next = all;
			all = d;
		}
	}
	return all;
}

state_set solution_states(struct arena *scratch, const struct solution *s, uint32_t event,
                          bool after, uint32_t resource)
{
	state_set states = 0;
	for (const struct disjunct *d = solution_at(scratch, s, event, after); d != NULL;
	     d = d->next)
		states |= d->states[resource];
	return states;
}
