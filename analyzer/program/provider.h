/*
 * provider.h - what `Depends(x)` gives a parameter: recognises dependency
 * parameters in all their spellings and reads what the provider does.
 */
#ifndef IDLETX_PROGRAM_PROVIDER_H
#define IDLETX_PROGRAM_PROVIDER_H

#include "program/program.h"

/* A parameter that a framework fills. */
struct dependency {
	expr_id provider;   /* what stands in Depends(..); EXPR_NONE for Depends() */
	scope_id scope;     /* where that expression is read */
	module_id module;   /* the file it stands in (an alias may come from another) */
	expr_id annotation; /* the plain type, Annotated unwrapped; EXPR_NONE when missing */
	bool annotated;     /* it stood in Annotated[..] rather than in the default */
};

/* Is this parameter of 'scope' a dependency? Fills 'out'. */
bool dependency_of(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                   const struct param *param, struct dependency *out);

/*
 * Finds and reads every provider that a parameter of the project names, and the generators and
 * context managers that hand out sessions. In 'run'.
 */
const struct provider_table *providers_find(struct arena *run, const struct program *program);

/* The provider of a def of the project, or NULL when it hands out no resource. */
const struct provider *provider_of_scope(const struct provider_table *t, module_id m,
                                         scope_id scope);

/*
 * The session a dependency parameter gets: its provider, with kind set. NULL when
 * it is no session or not known to be one ('*unresolved' is then set when a provider could not be read).
 */
const struct provider *provider_of_dependency(struct arena *run, const struct program *program,
                                              const struct dependency *dep, bool *unresolved);

/* Is the def named as a dependency somewhere (Depends(f))? */
bool scope_is_dependency(const struct provider_table *t, module_id m, scope_id scope);

#endif
