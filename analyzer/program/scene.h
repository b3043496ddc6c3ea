/*
 * scene.h - what the calls of a function that nobody binds call, libraries included: a def of the project, or
 * a dotted path with the class of the receiver in front ("openai.AsyncOpenAI.chat.completions.create"). Built
 * on what project/ says of names; nothing is guessed. For a function that is being bound see bind_objects.c.
 */
#ifndef IDLETX_PROGRAM_SCENE_H
#define IDLETX_PROGRAM_SCENE_H

#include "program/locals.h"
#include "program/program.h"

/* The function in which a value is looked at. */
struct scene {
	struct arena *scratch;
	const struct program *program;
	module_id module;
	scope_id scope;
	const struct cfg *cfg;
	struct locals locals;
	const uint32_t *makers; /* per place: see scene_of */
	uint32_t *steps;        /* left, for all questions together: what is deeper is unknown */
};

#define SCENE_STEPS_PER_EVENT 64

/* Takes one step; false when none is left. */
static inline bool scene_step(const struct scene *s)
{
	if (*s->steps == 0)
		return false;
	--*s->steps;
	return true;
}

/*
 * The scene of a function whose graph is 'cfg'. For each place it notes the one event that stores in it, constants
 * apart (`client = None` first), or EVENT_NONE. All in 'scratch'.
 */
struct scene scene_of(struct arena *scratch, const struct program *program, module_id m,
                      scope_id scope, const struct cfg *cfg);

/*
 * What the operand is an instance of: TARGET_SCOPE for a class of the project, TARGET_EXTERNAL for what a library's
 * class or function made, else TARGET_UNKNOWN.
 */
struct target object_of(const struct scene *s, ref value);

/* What an EV_CALL calls: TARGET_SCOPE, TARGET_EXTERNAL, or TARGET_UNKNOWN with the name as written. */
struct target callee_of(const struct scene *s, const struct event *e);

/* The same for a reference to a function, as it is handed to whoever runs it: `to_thread(client.get)`. */
struct target function_of(const struct scene *s, ref value);

#endif
