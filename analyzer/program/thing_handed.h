/* thing_handed.h - for thing.c: what is annotated as something to call for a session. */
#ifndef IDLETX_PROGRAM_THING_HANDED_H
#define IDLETX_PROGRAM_THING_HANDED_H

#include "program/bind.h"

/*
 * Of a parameter, a name, or what a def returns: `Callable[[], AbstractAsyncContextManager[AsyncSession]]`. THING_PROVIDER
 * without a provider, whose session is known when a with statement enters it; else THING_NONE.
 */
struct thing thing_handed(struct arena *scratch, const struct program *program,
                          const struct target *t);

#endif
