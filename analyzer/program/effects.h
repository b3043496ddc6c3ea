/*
 * effects.h - what each function does to the registries of the project, its callees counted: in which states
 * it leaves a session that was fresh. Made once, callees first, whole cycles together, so that a lookup is all
 * that binding a call needs.
 */
#ifndef IDLETX_PROGRAM_EFFECTS_H
#define IDLETX_PROGRAM_EFFECTS_H

#include "program/callgraph.h"
#include "program/registry.h"

struct registry_effect {
	const struct registry *registry;
	state_set normal, raised;          /* from a fresh session; 0: it never leaves that way */
	state_set returned[OUTCOME_COUNT]; /* 'normal' by what is returned */
	struct span span; /* the first use or call that may leave it open; empty when none does */
	module_id module; /* the callee that does; MODULE_NONE for a use of its own */
	scope_id scope;
};

struct function_effects {
	const struct registry_effect *items;
	uint32_t count;
};

/* Solves what reaches a registry and is of interest. In 'run'; 'program' has its call graph. */
const struct registry_effects *registry_effects_make(struct arena *run,
                                                     const struct program *program);

/* The effects of a def; none when it does not reach a registry. */
struct function_effects registry_effects_of(const struct registry_effects *all,
                                            const struct program *program, module_id m,
                                            scope_id scope);

#endif
