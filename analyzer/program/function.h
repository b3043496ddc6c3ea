/*
 * function.h - one function, decoded, bound and solved: the unit that rules
 * and the audit look at.
 */
#ifndef IDLETX_PROGRAM_FUNCTION_H
#define IDLETX_PROGRAM_FUNCTION_H

#include "program/program.h"

/* Decodes the graph of (module, scope) and says what its calls call: nothing is solved. False when it does not decode. */
MUST_USE bool function_read(struct arena *scratch, const struct program *program, module_id m,
                            scope_id scope, struct function *out);

/*
 * Fills 'out' from the record of (module, scope). False when nothing is tracked in it or its
 * record does not decode; 'out' is then undefined. All memory is 'scratch'.
 */
MUST_USE bool function_analyse(struct arena *scratch, const struct program *program, module_id m,
                               scope_id scope, enum entry_kind entry, bool as_provider,
                               struct function *out);

/* The same for a function that is lent one session, which is then resource 0: what a summary is made from. */
MUST_USE bool function_analyse_lent(struct arena *scratch, const struct program *program,
                                    module_id m, scope_id scope, const struct lent *lent,
                                    struct function *out);

#endif
