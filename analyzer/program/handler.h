/* handler.h - the audit's row of one function that takes an injected session. */
#ifndef IDLETX_PROGRAM_HANDLER_H
#define IDLETX_PROGRAM_HANDLER_H

#include "program/audit.h"
#include "program/program.h"

/*
 * Fills 'out' for the first injected session of 'fn'. False when it takes none. Everything lives
 * in 'run'. The exception "allowlisted" is not known here; triage adds it.
 */
MUST_USE bool handler_row(struct arena *run, struct arena *scratch, const struct program *program,
                          const struct function *fn, struct audit_row *out);

#endif
