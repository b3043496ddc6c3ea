/*
 * provider_table.h - the providers that have been read so far. While they are being found, the table also
 * notes who asked for one that is not known yet: only those have to be read again when it is.
 */
#ifndef IDLETX_PROGRAM_PROVIDER_TABLE_H
#define IDLETX_PROGRAM_PROVIDER_TABLE_H

#include "program/managed.h"
#include "program/parked.h"

/* A def that may turn out to be a provider. */
struct candidate {
	module_id module;
	scope_id scope;
	const struct provider *known; /* what everybody is told of it; NULL: it is none so far */
	const struct provider *found; /* by the round under way */
	bool unread;       /* never read, or something that it asked for has become known */
	bool asked_parked; /* it asked what is parked before that was known */
};

struct asked_for {
	uint32_t who, whom; /* indices into candidates */
};

struct provider_table {
	struct candidate *candidates; /* sorted by module, scope; stb_ds until all are found */
	size_t count;
	uint32_t reading;         /* index of the one that is being read, or NOBODY */
	struct asked_for **asked; /* stb_ds */
	struct managed_defs managed;
	const struct parked_table *parked;
};

#define NOBODY UINT32_MAX

/* Ends a round: what it found is known. False when nothing of it concerns a candidate that was read before. */
bool provider_table_renew(struct provider_table *t);

/* From now on it is known what is parked. True when a candidate has asked for that before. */
bool provider_table_add_parked(struct provider_table *t, const struct parked_table *parked);

/* Keeps what is known, in 'run', and forgets all else. */
void provider_table_finish(struct arena *run, struct provider_table *t);

#endif
