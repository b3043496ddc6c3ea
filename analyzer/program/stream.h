/*
 * stream.h - which responses are streamed: their body is made while it is sent, so that whatever the request
 * holds is held until the client has read it all or has gone.
 *
 * A value may be such a response when some path makes it one: a call of a response class or of a subclass
 * of one, or of a function of the project that returns one, in this file or another.
 */
#ifndef IDLETX_PROGRAM_STREAM_H
#define IDLETX_PROGRAM_STREAM_H

#include "program/program.h"

#define STREAM_DEPTH_MAX 5 /* helpers of helpers that return one */

/* One thread's answers about functions; opaque. */
struct stream_cache;

struct stream_cache *stream_cache_new(void);
void stream_cache_free(struct stream_cache *c);

/* A response that may be streamed, and where it is made. */
struct streamed {
	uint32_t event;   /* the call of this function that gives it */
	struct str class; /* StreamingResponse, as written */
	module_id module; /* where that is called */
	struct span span;
	bool through_helper; /* a function that this one calls makes it */
};

/* Is there a name in the project that a streamed response could be made with? */
bool stream_is_likely(const struct project *p);

/*
 * May the operand of the function be a streamed response? Fills 'out'. fn->cfg is decoded and fn->targets known.
 * Uses program->streams; without it no callee is followed.
 */
MUST_USE bool stream_of_value(struct arena *scratch, const struct program *program,
                              const struct function *fn, ref value, struct streamed *out);

/* May a call of the def give one? 'out' says where it is made; its event is that of the def's own graph. */
MUST_USE bool stream_of_scope(const struct program *program, module_id m, scope_id scope,
                              struct streamed *out);

/*
 * Is the generator (m, scope) the body of a streamed response: is it called by a function of its own file that
 * returns one?
 */
MUST_USE bool stream_runs(const struct program *program, module_id m, scope_id scope);

/*
 * The streamed response that a function of the generator's own file makes of it, when one does. '*in_context': the
 * request's context is kept open for it (Flask's stream_with_context).
 */
MUST_USE bool stream_of_generator(const struct program *program, module_id m, scope_id scope,
                                  struct streamed *out, bool *in_context);

#endif
