/* handler.h - the audit's row of one function that has to do with a session. */
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

/*
 * The row of an entry point that takes none itself: with the providers that its dependencies reach, and the exits as
 * they leave the session that it uses, in an object, a registry's, or its own. False when there is neither. Of 'fn'
 * module, scope and entry are enough when nothing is tracked in it.
 */
MUST_USE bool handler_row_without_parameter(struct arena *run, struct arena *scratch,
                                            const struct program *program,
                                            const struct function *fn, struct audit_row *out);

#endif
