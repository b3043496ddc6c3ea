/*
 * disjunct.h - one disjunct by itself: its memory, its key, what its slots are.
 * Inside state/ only; others read the fields (state/solve.h).
 */
#ifndef IDLETX_STATE_DISJUNCT_H
#define IDLETX_STATE_DISJUNCT_H

#include "state/solve.h"

/* A disjunct with room for the plan's slots and resources, all zero. In 'scratch'. */
struct disjunct *disjunct_new(struct arena *scratch, const struct plan *p);

/* A copy that is in no list and not pending. In 'scratch'. */
struct disjunct *disjunct_copy(struct arena *scratch, const struct plan *p,
                               const struct disjunct *from);

/* Joins 'from' into 'into', whose key stays; true when 'into' grew. */
bool disjunct_join(const struct plan *p, struct disjunct *into, const struct disjunct *from);

/* Writes what the guards are into the key: after values were set without disjunct_set. */
void disjunct_update_guards(const struct plan *p, struct disjunct *d);

/* Notes that token 'number' is now 'value'; when the key is full nothing is noted, and that is counted. */
void disjunct_set_token(struct disjunct *d, uint32_t number, uint32_t value,
                        struct solve_bounds *bounds);

/* The value of token 'number', or -1 when it is not known. */
int disjunct_token(const struct disjunct *d, uint32_t number);
void disjunct_clear_token(struct disjunct *d, uint32_t number);

/* The guards of which something is known that nobody can ask for from the start of 'block' on: one bit each. */
unsigned disjunct_forgettable(const struct plan *p, const struct disjunct *d, block_id block);
void disjunct_forget(const struct plan *p, struct disjunct *d, unsigned guards);

/* Puts a value in a slot; nothing for SLOT_NONE. */
void disjunct_set(const struct plan *p, struct disjunct *d, slot_id slot, struct value v);

/* The resources that an operand, or any argument of an event, may be or hold: one bit each. */
uint32_t disjunct_reached(const struct plan *p, const struct disjunct *d, ref r);
uint32_t disjunct_reached_by_args(const struct plan *p, const struct disjunct *d,
                                  const struct event *e);

#endif
