/*
 * limit.h - whether the server ends the idle transactions of a connection: who makes connections to PostgreSQL, and
 * who sets idle_in_transaction_session_timeout for them. Found for the whole project, and only when a rule asks.
 */
#ifndef IDLETX_PROGRAM_LIMIT_H
#define IDLETX_PROGRAM_LIMIT_H

#include "program/program.h"

/*
 * Reads where the setting is named: for a maker of connections, for one engine by a listener, or, as far as one can
 * tell, for everybody. In 'run'.
 */
const struct limits *limits_find(struct arena *run, const struct program *program);

/* Is nothing set for everybody, so that single makers are worth a look? */
bool limits_vary(const struct limits *l);

/*
 * Does that call make connections to PostgreSQL, and does nothing set the limit for them? False when either is not
 * known. 'fn' is the function it stands in.
 */
bool limit_is_missing(struct arena *scratch, const struct program *program,
                      const struct function *fn, uint32_t event);

#endif
