/*
 * callable.h - which def runs when a framework calls what an expression stands for:
 * a function, a lambda, an object's __call__, what a factory returns.
 */
#ifndef IDLETX_PROGRAM_CALLABLE_H
#define IDLETX_PROGRAM_CALLABLE_H

#include "flow/cfg.h"
#include "project/resolve.h"

enum callable_kind {
	CALLABLE_UNKNOWN, /* outside the project, or made in a way we do not follow */
	CALLABLE_DEF,     /* 'scope' runs: a def, a method, a lambda                */
	CALLABLE_CLASS,   /* an object of class 'scope' is made                     */
};

struct callable {
	enum callable_kind kind;
	module_id module;
	scope_id scope;
	struct target target; /* what the expression names; TARGET_UNKNOWN for one that is no name */
	struct str name;      /* how a person calls it: get_db, db_dep; empty for a lambda */
};

/*
 * Does a call of it give what its first argument is: partial(f), contextmanager(f), and a container's
 * providers.Factory(f)?
 */
bool wraps_argument(const struct target *callee);

/* What is called when the value of a declared expression is. Texts live in 'scratch' or the project. */
struct callable callable_of_expr(struct arena *scratch, const struct project *p, module_id m,
                                 scope_id scope, expr_id expr);

/* The same for an operand of the graph of (m, scope). */
struct callable callable_of_ref(struct arena *scratch, const struct project *p, module_id m,
                                scope_id scope, const struct cfg *cfg, ref operand);

#endif
