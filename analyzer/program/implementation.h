/*
 * implementation.h - what runs when a method is called that its class only declares: an abstract one, or one
 * that raises NotImplementedError. The defs of that name in the classes below it, as far as the project shows them.
 */
#ifndef IDLETX_PROGRAM_IMPLEMENTATION_H
#define IDLETX_PROGRAM_IMPLEMENTATION_H

#include "project/resolve.h"

#define IMPLEMENTATIONS_MAX 8 /* targets of one call: of more, none is followed */

struct implementation {
	uint64_t declared; /* scope_key() of the stub */
	module_id module;
	scope_id scope;
};

struct implementations {
	const struct implementation *items; /* sorted by 'declared', then module, then scope */
	size_t count;
};

/* Of all stubs of the project. In 'run'. */
struct implementations implementations_find(struct arena *run, const struct project *p);

/* Those of the stub (m, scope); none when there are more than are followed. */
const struct implementation *implementations_of(const struct implementations *all, module_id m,
                                                scope_id scope, size_t *count);

/*
 * Must a class below have its own? Not where it is just raised or passed over, and classes below may leave it so:
 * then nothing may happen as well.
 */
bool implementation_is_due(const struct project *p, module_id m, scope_id scope);

#endif
