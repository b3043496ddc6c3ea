/*
 * items.h - functions that return a fresh resource as one item of several, `return conn, conn.cursor()`,
 * and the calls whose result is unpacked: then the caller owns the resource.
 */
#ifndef IDLETX_PROGRAM_ITEMS_H
#define IDLETX_PROGRAM_ITEMS_H

#include "program/program.h"

struct binder;

/*
 * Fills out's shape, kind and items when every return of the function, which is solved, gives a list or tuple
 * with the same one resource, made in it and surely there. Else false, and 'out' is as it was.
 */
MUST_USE bool read_items(struct arena *scratch, const struct program *program,
                         const struct function *fn, struct provider *out);

/*
 * What the def that is called at 'event' returns, when all that is done with it is to unpack it: the stores get
 * their kinds in b->items. NULL for any other call.
 */
const struct provider *find_unpacked(struct binder *b, uint32_t event);

#endif
