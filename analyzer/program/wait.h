/*
 * wait.h - what in a function waits for somebody else, itself or in what it calls, and whether a session
 * is in a transaction then.
 */
#ifndef IDLETX_PROGRAM_WAIT_H
#define IDLETX_PROGRAM_WAIT_H

#include "program/scene.h"
#include "state/slow.h"

/* A slow call: the innermost one, wherever it stands. */
struct wait {
	const struct slow_family *family;
	bool sure; /* by its full path; else by its name only */
	module_id module;
	scope_id scope;
	struct span span;
	uint32_t event; /* in the graph of that scope */
};

/* Does this event wait, itself or in a function of the project that it runs? Fills 'out'. */
bool event_waits(const struct scene *s, uint32_t event, struct wait *out);

/* Does the def wait, on some path on which nothing is caught? For summary.c: asks for callees' by wait_of. */
bool def_waits(struct arena *scratch, const struct program *program, module_id m, scope_id scope,
               struct wait *out);

/* A point of a function at which it waits while it has a session. */
struct held_wait {
	uint32_t event;
	state_set states;     /* of the session, as the wait sees them */
	state_set unanswered; /* those of them that are not looked at in the callee that waits */
	struct wait wait;
};

/*
 * The waits of an analysed function at which 'resource' may be in one of the states that 'wanted' accepts, in the
 * order of events. The array is 'scratch'.
 */
uint32_t held_list(struct arena *scratch, const struct program *program, const struct function *fn,
                   uint32_t resource, bool (*wanted)(state_set), struct held_wait **out);

/* In a transaction that nothing has ended before on that path, or on all paths in one. */
bool states_hold(state_set s);

/* Those of them in no transaction. */
state_set states_closed(state_set s);

/* Does the def that is called end the registry's session on every way to a wait of its own? */
bool callee_ends_before_wait(const struct program *program, const struct target *callee,
                             const struct resource *registry);

/* "client.post" as written at the innermost wait, of 'fn' or of what it calls. In 'run'. */
struct str wait_text(struct arena *run, const struct program *program, const struct function *fn,
                     const struct wait *w);

#endif
