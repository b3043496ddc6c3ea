/*
 * provider.h - what session `Depends(x)` gives a parameter, and what its provider
 * does with it before and after. Who asks for whom is dependency.h's business.
 */
#ifndef IDLETX_PROGRAM_PROVIDER_H
#define IDLETX_PROGRAM_PROVIDER_H

#include "program/dependency.h"
#include "program/program.h"

/*
 * Finds and reads every provider that a parameter of the project names, and the generators and
 * context managers that hand out sessions. In 'run'.
 */
const struct provider_table *providers_find(struct arena *run, const struct program *program);

/* The provider of a def of the project, or NULL when what it hands out is no resource. */
const struct provider *provider_of_scope(const struct provider_table *t, module_id m,
                                         scope_id scope);

/* What is kept in the state of the application and of its requests: parked.h. */
const struct parked_table *providers_parked(const struct provider_table *t);

/* What a def returns as one item of several, for its caller to own: `return conn, cursor`. Else NULL. */
const struct provider *provider_of_items(const struct provider_table *t, module_id m,
                                         scope_id scope);

/* What a def returns is an object that keeps a session made for it: `return Service(SessionLocal())`. Else NULL. */
const struct provider *provider_of_object(const struct provider_table *t, module_id m,
                                          scope_id scope);

/*
 * The session a dependency parameter gets: its provider, with kind set. NULL when
 * it is no session or not known to be one ('*unresolved' is then set when a provider could not be read).
 */
const struct provider *provider_of_dependency(struct arena *run, const struct program *program,
                                              const struct dependency *dep, bool *unresolved);

/* Does the module import SQLAlchemy or SQLModel? */
bool imports_sqlalchemy(const struct project *p, module_id m);

#endif
