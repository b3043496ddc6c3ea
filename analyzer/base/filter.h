/*
 * filter.h - "is this text surely not in the set?", asked far more often than
 * it is answered no: one bit per hash (Bloom 1970, with a single hash function).
 */
#ifndef IDLETX_BASE_FILTER_H
#define IDLETX_BASE_FILTER_H

#include "base/arena.h"
#include "base/str.h"

struct filter {
	uint64_t *bits;
	uint64_t mask; /* of a hash: bits - 1 */
};

/* Room for 'count' texts, of which one in sixteen others passes. In 'run'. */
struct filter filter_new(struct arena *run, size_t count);

void filter_add(struct filter *f, struct str text);

/* False when 'text' was never added; true proves nothing. */
bool filter_may_hold(const struct filter *f, struct str text);

#endif
