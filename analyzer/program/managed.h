/*
 * managed.h - generators that are made context managers by a call rather than by a decorator:
 * scope = contextmanager(get_db), async with asynccontextmanager(get_db)() as db.
 */
#ifndef IDLETX_PROGRAM_MANAGED_H
#define IDLETX_PROGRAM_MANAGED_H

#include "project/project.h"

struct managed_defs {
	const uint64_t *keys; /* scope_key(), sorted */
	size_t count;
};

/* Looks for such calls in the modules that import contextlib. In 'run'. */
struct managed_defs managed_find(struct arena *run, const struct project *p);

bool managed_has(const struct managed_defs *all, module_id m, scope_id scope);

#endif
