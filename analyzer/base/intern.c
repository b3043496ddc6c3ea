/*
 * intern.c - an open-addressing table of ids. A slot keeps 32 bits of the hash
 * beside the id, so that a probe touches a text only when it is nearly sure to
 * be the right one, and growing never hashes a text again.
 */
#include "base/intern.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SLOTS_FIRST = 256 };

struct slot {
	uint32_t hash;
	name_id id; /* NAME_NONE: the slot is free */
};

struct interner {
	struct arena *memory;
	struct slot *slots;
	uint32_t slot_count; /* a power of two */
	struct str *texts;   /* by id; the first is NAME_NONE's */
	uint32_t count, room;
};

struct interner *interner_new(struct arena *memory)
{
	struct interner *in = memory_resize(NULL, sizeof(*in));

	*in = (struct interner){.memory = memory, .slot_count = SLOTS_FIRST, .room = SLOTS_FIRST};
	in->slots = memory_resize_array(NULL, in->slot_count, sizeof(*in->slots));
	in->texts = memory_resize_array(NULL, in->room, sizeof(*in->texts));
	interner_clear(in);
	return in;
}

void interner_free(struct interner *in)
{
	if (in == NULL)
		return;
	free(in->slots);
	free(in->texts);
	free(in);
}

void interner_clear(struct interner *in)
{
	memset(in->slots, 0, in->slot_count * sizeof(*in->slots));
	in->texts[0] = STR_EMPTY;
	in->count = 0;
}

static uint32_t hash_of(struct str s)
{
	return (uint32_t)XXH3_64bits(s.ptr, s.len);
}

/* The slot that holds 's', or the free one where it belongs. */
static uint32_t slot_for(const struct interner *in, struct str s, uint32_t hash)
{
	uint32_t mask = in->slot_count - 1;
	uint32_t i = hash & mask;

	for (; in->slots[i].id != NAME_NONE; i = (i + 1) & mask)
		if (in->slots[i].hash == hash && str_eq(in->texts[in->slots[i].id], s))
			break;
	return i;
}

static void grow_slots(struct interner *in)
{
	struct slot *old = in->slots;
	uint32_t old_count = in->slot_count;

	if (old_count > UINT32_MAX / 4)
		memory_exhausted();
	in->slot_count = old_count * 2;
	in->slots = memory_resize_array(NULL, in->slot_count, sizeof(*in->slots));
	memset(in->slots, 0, in->slot_count * sizeof(*in->slots));
	for (uint32_t i = 0; i < old_count; i++) {
		if (old[i].id == NAME_NONE)
			continue;
		uint32_t to = old[i].hash & (in->slot_count - 1);
		while (in->slots[to].id != NAME_NONE)
			to = (to + 1) & (in->slot_count - 1);
		in->slots[to] = old[i];
	}
	free(old);
}

static name_id add_text(struct interner *in, struct str s)
{
	if (in->count + 1 == in->room) {
		in->room *= 2;
		in->texts = memory_resize_array(in->texts, in->room, sizeof(*in->texts));
	}
	in->count++;
	in->texts[in->count] = arena_str(in->memory, s);
	return in->count;
}

name_id intern(struct interner *in, struct str s)
{
	uint32_t hash = hash_of(s);
	uint32_t i = slot_for(in, s, hash);

	if (in->slots[i].id != NAME_NONE)
		return in->slots[i].id;
	if (in->count >= in->slot_count / 2) {
		grow_slots(in);
		i = slot_for(in, s, hash);
	}
	in->slots[i] = (struct slot){hash, add_text(in, s)};
	return in->slots[i].id;
}

name_id intern_find(const struct interner *in, struct str s)
{
	return in->slots[slot_for(in, s, hash_of(s))].id;
}

struct str intern_text(const struct interner *in, name_id id)
{
	assert(id <= in->count);
	return in->texts[id];
}

uint32_t intern_count(const struct interner *in)
{
	return in->count;
}
