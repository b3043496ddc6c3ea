/*
 * typed.h - which places and values of one function are engines, pools, connections and cursors: by the call
 * that makes them, what a module or object keeps (objects.h), a parameter's annotation, or, last, a
 * customary name.
 */
#ifndef IDLETX_PROGRAM_TYPED_H
#define IDLETX_PROGRAM_TYPED_H

#include "program/objects.h"

struct thing; /* bind.h */

/* What is known of the objects in one function. */
struct typed {
	const struct resource_kind **places,
		**temps;                 /* per place and per event; NULL: no such object */
	const struct kept_object **kept; /* per place: what the class or module keeps there */
};

/*
 * Types the function's places and temporaries. 'callees' says what each EV_CALL calls, or is NULL: then
 * they are resolved here.
 */
void typed_find(struct arena *scratch, const struct program *program, const struct function *fn,
                const struct thing *callees, struct typed *out);

/* Of a place or temporary; NULL for any other operand. */
const struct resource_kind *typed_kind(const struct typed *typed, ref r);

/*
 * The engine or connection that every return of the def gives, whether it is made there or kept: get_engine(); or
 * that it gives as item 'item', counted from 1. NULL when one may give something else.
 */
const struct resource_kind *kind_returned(struct arena *scratch, const struct program *program,
                                          module_id m, scope_id scope, uint32_t item);

/* Is the result of this method the object itself, seen through other methods? */
bool method_gives_view(const struct method *m, const struct resource_kind *receiver);

#endif
