/* lowered.h - for tests: a piece of Python, lowered, written as a record and read back. */
#ifndef IDLETX_TESTS_LOWERED_H
#define IDLETX_TESTS_LOWERED_H

#include "flow/record.h"

struct syntax;

/* Grammar and queries, made at the first call and kept to the end. */
const struct syntax *lowered_syntax(void);

struct lowered {
	struct arena run;
	struct interner *names;
	struct loaded_module m;
};

/* Ends the test when anything fails. 'path' and 'text' are borrowed. */
void lowered_init(struct lowered *l, struct str path, struct str text);
void lowered_release(struct lowered *l);

/* All graphs as text; the module's own only when it is the only one or 'module' says so. free(). */
char *lowered_graphs(const struct lowered *l, bool module, size_t *len);

/* The facts as text. free(). */
char *lowered_facts(const struct lowered *l, size_t *len);

/* A whole file's bytes. free(). */
char *lowered_file(const char *path, size_t *len);

#endif
