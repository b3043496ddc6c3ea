/* resolve_internal.h - what resolve.c (names), lineage.c (bases) and instance.c (objects) share: each asks the others. */
#ifndef IDLETX_PROJECT_RESOLVE_INTERNAL_H
#define IDLETX_PROJECT_RESOLVE_INTERNAL_H

#include "project/resolve.h"

struct resolver {
	struct arena *scratch;
	const struct project *project;
	unsigned hops; /* left for the name that was asked for, whatever it leads to */
};

static inline struct target target_unknown(struct str dotted)
{
	return (struct target){.kind = TARGET_UNKNOWN, .dotted = dotted};
}

/* The first part of a dotted name; 'rest' is what follows it, maybe empty. */
struct str dotted_first(struct str dotted, struct str *rest);
struct str dotted_join(struct arena *scratch, struct str a, struct str b);

/* ---- resolve.c ---- */

struct target resolve_in(struct resolver *r, module_id m, scope_id scope, struct str dotted);
struct target resolve_in_scope(struct resolver *r, module_id m, scope_id scope, struct str name,
                               struct str rest);
struct target resolve_through_binding(struct resolver *r, module_id m, uint32_t index,
                                      struct str name, struct str rest);

/* ---- lineage.c ---- */

#define LINEAGE_MAX 32 /* classes in one class's order; further ones are left out */

/* The classes of the project above a class, in the order in which Python asks them; how many. */
unsigned lineage_above(struct resolver *r, const struct target *class_,
                       struct target out[LINEAGE_MAX]);

/* ---- instance.c ---- */

/* 'rest' read from a class of the project: its own names, then those of its bases in method order. */
struct target resolve_in_class(struct resolver *r, module_id m, scope_id class_, struct str rest);

/* 'rest' read from the object that a binding or parameter holds or a def returns. */
struct target resolve_in_object(struct resolver *r, const struct target *object, struct str rest);

#endif
