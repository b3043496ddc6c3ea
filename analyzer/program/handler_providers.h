/* handler_providers.h - the providers that a handler's requests reach, its own first. */
#ifndef IDLETX_PROGRAM_HANDLER_PROVIDERS_H
#define IDLETX_PROGRAM_HANDLER_PROVIDERS_H

#include "program/audit.h"
#include "program/program.h"

#define HANDLER_PROVIDERS_MAX 16 /* of one handler */

/*
 * Fills the row's providers: 'own' of its parameter, then those that other parameters and its dependencies,
 * decorators and routers ask for, in the order FastAPI runs them, each once. In 'run'.
 */
void handler_providers(struct arena *run, struct arena *scratch, const struct program *program,
                       const struct function *fn, const struct provider *own, struct audit_row *row);

#endif
