/* asgi.h - a pure ASGI middleware is called for sockets and for the lifespan as well as for requests. */
#ifndef IDLETX_PROGRAM_ASGI_H
#define IDLETX_PROGRAM_ASGI_H

#include "program/program.h"

/*
 * The states in which a request leaves a resource at this way out. What only sockets and the lifespan take,
 * behind `if scope["type"] != "http":`, is left out: 0 when that is all.
 */
state_set states_of_requests(struct arena *scratch, const struct project *p,
                             const struct function *fn, const struct exit_point *exit,
                             uint32_t resource);

#endif
