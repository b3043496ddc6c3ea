/*
 * customary.h - engines and pools that nothing makes where we look: the name that projects give one, in a
 * module that imports its library, or a method that only pools have and a result that is used as a connection.
 */
#ifndef IDLETX_PROGRAM_CUSTOMARY_H
#define IDLETX_PROGRAM_CUSTOMARY_H

#include "program/typed.h"

/*
 * What the receiver of the call 'event' of the function is, when its kind is not known: `engine.connect()`,
 * `request.app.state.pool.acquire()`. NULL when nothing shows it. '*left' is how many more results of the function
 * may be followed to their uses.
 */
const struct resource_kind *customary_kind(const struct program *program, const struct function *fn,
                                           uint32_t event, unsigned *left);

#endif
