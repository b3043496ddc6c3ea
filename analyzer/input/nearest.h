/* nearest.h - "did you mean": the known word that a mistyped one is closest to. */
#ifndef IDLETX_INPUT_NEAREST_H
#define IDLETX_INPUT_NEAREST_H

#include "base/str.h"

/*
 * Collects the nearest of many words: start with NEAREST_OF(word), offer each
 * known word, then ask. Near means a third of the letters wrong at most, or
 * that the one is the beginning of the other. The first of equals wins.
 */
struct nearest {
	struct str word, best;
	size_t distance;
};
#define NEAREST_OF(w) ((struct nearest){.word = (w), .best = STR_EMPTY, .distance = (size_t)-1})

void nearest_offer(struct nearest *n, struct str known);

/* The best word offered, or an empty str when none is near. */
struct str nearest_found(const struct nearest *n);

#endif
