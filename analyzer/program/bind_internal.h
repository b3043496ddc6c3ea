/* bind_internal.h - what bind.c and callee.c share while one function is bound. */
#ifndef IDLETX_PROGRAM_BIND_INTERNAL_H
#define IDLETX_PROGRAM_BIND_INTERNAL_H

#include "program/bind.h"

enum { CARRY_IS = 1, CARRY_HOLDS = 2 };

struct carried {
	uint8_t how;                      /* CARRY_* */
	const struct resource_kind *kind; /* of the first resource that gets here */
};

/* The locals of ours that a closure uses. */
struct captures {
	uint32_t *places;
	uint32_t count;
};

struct binder {
	struct arena *scratch;
	const struct program *program;
	const struct project *project;
	struct function *fn;
	const struct cfg *cfg;
	struct carried *places, *temps;
	struct thing *callees;     /* per event: what a call calls, as far as sessions go */
	struct target *targets;    /* per event: what a call calls in the project */
	struct captures *captured; /* per event: of an EV_CLOSURE */
	uint16_t *acquired;        /* per event: resource + 1 */
	uint32_t *registry_of;     /* per place: resource + 1 of the registry it names */
	struct resource *resources;
	slot_id *entry_places; /* per resource: place + 1 it is in on entry */
	uint32_t resource_count;
};

/* What an operand carries, whatever path led here. */
struct carried carried_by(const struct binder *b, ref r);

/* Is the call's own name this: name(..) or x.name(..)? */
bool call_is(const struct binder *b, const struct event *e, const char *name);

/* The one event that makes what a local place holds, or EVENT_NONE when there are several or none. */
uint32_t maker_of_local(const struct binder *b, ref place);

/* The place of a plain local name, or UINT32_MAX. */
uint32_t place_of_local(const struct cfg *cfg, name_id name);

/*
 * A call of a function that can be read: fills 'a' with what it does to what it is given, captures or reaches
 * through its object. False when nothing is known of the callee.
 */
MUST_USE bool bind_callee_effect(struct binder *b, uint32_t event, struct action *a);

/* What a call calls when its receiver is a local object, `self` or a fresh instance; else as resolved by name. */
struct target bind_method_target(const struct binder *b, const struct event *e,
                                 struct target by_name);

#endif
