/* cleanup.h - who ends a registry's session for others: hooks, middleware, dependencies, signals of task queues. */
#ifndef IDLETX_PROGRAM_CLEANUP_H
#define IDLETX_PROGRAM_CLEANUP_H

#include "program/program.h"

/* Fills out->cleanups anew; with out->effects at hand also what hooks do through callees. In 'run'. */
void cleanups_find(struct arena *run, struct program *out);

/* Fills out->left, with effects and cleanups at hand. In 'run'. */
void left_registries_find(struct arena *run, struct program *out);

#endif
