/* answers.c - a table of bounded size with open addressing; when it is half full it starts again. */
#include "project/answers.h"

#include "base/memory.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SLOTS = 8192 }; /* a power of two */

struct answer {
	struct question question; /* its text and that of the target are in 'texts' */
	struct target target;
};

struct answers {
	struct arena texts;
	struct answer *items; /* SLOTS / 2 */
	uint32_t count;
	uint32_t hashes[SLOTS];
	uint16_t slots[SLOTS]; /* index into items + 1; 0: free */
};

struct answers *answers_new(void)
{
	struct answers *a = memory_resize(NULL, sizeof *a);
	memset(a, 0, sizeof *a);
	arena_init(&a->texts);
	a->items = memory_resize_array(NULL, SLOTS / 2, sizeof *a->items);
	return a;
}

void answers_free(struct answers *a)
{
	if (a == NULL)
		return;
	arena_release(&a->texts);
	free(a->items);
	free(a);
}

static uint32_t hash_of(const struct question *q)
{
	uint64_t h = XXH3_64bits(q->text.ptr, q->text.len);
	h ^= ((uint64_t)q->module << 32 | q->scope) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 29 ^ (uint64_t)q->binding << 8 ^ (uint64_t)q->of << 4 ^ (uint64_t)q->kind) *
	    0xbf58476d1ce4e5b9u;
	return (uint32_t)(h >> 32);
}

static bool is_same(const struct question *a, const struct question *b)
{
	return a->kind == b->kind && a->of == b->of && a->module == b->module &&
	       a->scope == b->scope && a->binding == b->binding && str_eq(a->text, b->text);
}

/* The slot of the question, or the free one where it belongs. */
static uint32_t slot_of(const struct answers *a, const struct question *q, uint32_t hash)
{
	uint32_t i = hash & (SLOTS - 1);
	while (a->slots[i] != 0 &&
	       (a->hashes[i] != hash || !is_same(&a->items[a->slots[i] - 1].question, q)))
		i = (i + 1) & (SLOTS - 1);
	return i;
}

bool answers_find(const struct answers *a, struct arena *scratch, const struct question *q,
                  struct target *out)
{
	if (a == NULL)
		return false;
	uint32_t slot = slot_of(a, q, hash_of(q));
	if (a->slots[slot] == 0)
		return false;
	*out = a->items[a->slots[slot] - 1].target;
	out->dotted = arena_str(scratch, out->dotted);
	return true;
}

void answers_add(struct answers *a, const struct question *q, const struct target *t)
{
	if (a == NULL)
		return;
	if (a->count == SLOTS / 2) {
		memset(a->slots, 0, sizeof a->slots);
		arena_clear(&a->texts);
		a->count = 0;
	}
	uint32_t hash = hash_of(q), slot = slot_of(a, q, hash);
	struct answer *item = &a->items[a->count++];
	*item = (struct answer){*q, *t};
	item->question.text = arena_str(&a->texts, q->text);
	item->target.dotted = arena_str(&a->texts, t->dotted);
	a->hashes[slot] = hash;
	a->slots[slot] = (uint16_t)a->count;
}
