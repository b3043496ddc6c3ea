/*
 * record.h - the portable form of a module: one block of bytes, compact
 * (varints, deltas, its own string table), position-independent, versioned.
 * It is the unit of parallel work, of the cache and of distribution. Bytes
 * that come from outside are hostile: every read is bounds-checked, every
 * index is validated, cfg_verify holds for every graph that decodes.
 */
#ifndef IDLETX_FLOW_RECORD_H
#define IDLETX_FLOW_RECORD_H

#include "flow/module.h"

#define RECORD_VERSION 5

struct record {
	const uint8_t *bytes;
	size_t len;
};

/* What decoding one module yields: the module and where its graphs lie. */
struct loaded_module {
	struct module module;  /* names are ids of the interner given to record_open */
	struct record record;  /* borrowed */
	uint32_t *cfg_offsets; /* per scope: where its graph starts in the record */
	name_id *names;        /* record string number -> interner's id */
	uint32_t name_count;
};

/*
 * Decodes everything but the graphs into 'run'. On malformed bytes returns
 * false with '*why' set to a static text; '*out' is then undefined.
 * Not thread-safe with respect to 'names'.
 */
MUST_USE bool record_open(struct arena *run, struct interner *names, struct record r,
                          struct loaded_module *out, const char **why);

/*
 * Decodes the graph of one scope into 'scratch'. False on malformed bytes.
 * Thread-safe: reads 'm' only.
 */
MUST_USE bool record_cfg(struct arena *scratch, const struct loaded_module *m, scope_id scope,
                         struct cfg *out);

#endif
