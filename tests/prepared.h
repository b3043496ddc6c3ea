/* prepared.h - for tests: one module of Python, read as a whole program: what rules are given before they look. */
#ifndef IDLETX_TESTS_PREPARED_H
#define IDLETX_TESTS_PREPARED_H

#include "program/program.h"

struct prepared {
	struct arena run, scratch;
	struct diag *diag;
	struct config config;
	struct protocols protocols;
	struct project project;
	struct program program; /* of module 0; no callee is followed */
};

/* The module is app.py. Ends the test when anything fails. 'text' is borrowed. */
void prepared_init(struct prepared *p, struct str text);
void prepared_release(struct prepared *p);

/* The scope of that qualified name: "Store.save". Ends the test when there is none. */
scope_id prepared_scope(const struct prepared *p, const char *name);

#endif
