/*
 * parked.h - what an application keeps for its handlers in a `state` by name: makers of sessions in app.state
 * (or in what its lifespan yields), and a session of each request's own in request.state, which the
 * middleware that opened it ends.
 */
#ifndef IDLETX_PROGRAM_PARKED_H
#define IDLETX_PROGRAM_PARKED_H

#include "program/bind.h"

struct parked_table; /* opaque: names and what stands for them */

/* Reads all stores in a `state` of the project. The providers found so far are known. In 'run'. */
const struct parked_table *parked_find(struct arena *run, const struct program *program);

/* Is the place somebody's `state.NAME`? Then NAME, else NAME_NONE. */
name_id parked_name(const struct project *p, const struct place *place);

/*
 * Who opens and ends the session that stands under the name in the state of a request, as seen from a module; the
 * nearest of several. NULL: nobody that we know of, or no session.
 */
const struct provider *parked_session(const struct program *program, module_id from, name_id name);

/* What makes sessions under that name; THING_NONE when there is none, or not one only. */
struct thing parked_maker(const struct program *program, name_id name);

#endif
