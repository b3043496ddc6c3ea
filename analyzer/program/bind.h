/*
 * bind.h - late binding: from the syntactic events of one function to a plan
 * for the solver. Here names get their meaning: this call makes a session, that
 * one commits it, a third is given it.
 */
#ifndef IDLETX_PROGRAM_BIND_H
#define IDLETX_PROGRAM_BIND_H

#include "program/program.h"

/* What a name of the program is, as far as sessions are concerned. */
enum thing_kind {
	THING_NONE,
	THING_TYPE,         /* calling it makes a session                   */
	THING_FACTORY,      /* so does calling this                         */
	THING_FACTORY_TYPE, /* calling it makes a factory: sessionmaker     */
	THING_REGISTRY,
	THING_PROVIDER,
	THING_OBJECT, /* an engine, a pool or a connection that a module keeps */
};

struct thing {
	enum thing_kind kind;
	const struct resource_kind *resource;
	const struct provider *provider; /* THING_PROVIDER */
	bool has_scopefunc;              /* THING_REGISTRY */
	bool by_name;                    /* nothing but its name says so */
	bool own_exit; /* THING_TYPE, THING_FACTORY: of a class of the project that says itself what `with` ends */
};

/* Are they the same, however they were found? */
static inline bool thing_eq(const struct thing *a, const struct thing *b)
{
	return a->kind == b->kind && a->resource == b->resource && a->provider == b->provider;
}

/* What 'target' is; THING_NONE when it has nothing to do with sessions. */
struct thing thing_of(struct arena *scratch, const struct program *program, const struct target *t);

/* The maker that a function is annotated to return: `-> sessionmaker[Session]`. */
struct thing thing_of_annotated(struct arena *scratch, const struct program *program,
                                const struct target *function);

/* The kind of session an annotation names (Optional, unions and quotes looked through), or NULL. */
const struct resource_kind *kind_of_annotation(struct arena *scratch, const struct program *program,
                                               module_id m, scope_id scope, expr_id annotation);

/* What each call of the function fn->module, fn->scope calls: fills fn->targets. Its cfg is decoded already. */
void bind_targets(struct arena *scratch, const struct program *program, struct function *fn);

/*
 * Binds the function fn->module, fn->scope, whose cfg is decoded already: fills
 * fn->plan, fn->targets and fn->resources. False when nothing in it is tracked.
 */
MUST_USE bool bind_function(struct arena *scratch, const struct program *program,
                            struct function *fn);

#endif
