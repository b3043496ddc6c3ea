/* filter.c - a bitmap with one bit per hash, sixteen bits for each text. */
#include "base/filter.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { BITS_PER_TEXT = 16, BITS_PER_WORD = 64 };

struct filter filter_new(struct arena *run, size_t count)
{
	uint64_t bits = BITS_PER_WORD;
	while (bits < (uint64_t)count * BITS_PER_TEXT)
		bits *= 2;
	return (struct filter){arena_array(run, uint64_t, bits / BITS_PER_WORD), bits - 1};
}

static uint64_t bit_of(const struct filter *f, struct str text)
{
	return XXH3_64bits(text.ptr, text.len) & f->mask;
}

void filter_add(struct filter *f, struct str text)
{
	uint64_t bit = bit_of(f, text);
	f->bits[bit / BITS_PER_WORD] |= (uint64_t)1 << (bit % BITS_PER_WORD);
}

bool filter_may_hold(const struct filter *f, struct str text)
{
	uint64_t bit = bit_of(f, text);
	return (f->bits[bit / BITS_PER_WORD] >> (bit % BITS_PER_WORD) & 1) != 0;
}
