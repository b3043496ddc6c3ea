/* locals.h - the places of a function that are plain names of its own, by name. */
#ifndef IDLETX_PROGRAM_LOCALS_H
#define IDLETX_PROGRAM_LOCALS_H

#include "flow/cfg.h"

struct locals {
	const struct cfg *cfg;
	uint32_t *slots; /* open addressing: place + 1 */
	uint32_t size;   /* a power of two */
};

/* Lists the plain locals that the graph has now. In 'scratch'. */
struct locals locals_of(struct arena *scratch, const struct cfg *cfg);

/* The place of that name, or UINT32_MAX. */
uint32_t locals_find(const struct locals *l, name_id name);

#endif
