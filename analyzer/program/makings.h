/* makings.h - which names of modules and classes are assigned what a call makes, by the name of what is called. */
#ifndef IDLETX_PROGRAM_MAKINGS_H
#define IDLETX_PROGRAM_MAKINGS_H

#include "program/program.h"

/* `service = app.Service(..)` in a module, a class, or on an object of one. */
struct making {
	name_id callee; /* Service */
	module_id module;
	uint32_t binding;
};

/* All of the project. In 'run'. */
const struct makings *makings_find(struct arena *run, const struct project *p);

/* Those of one name, in the order of the modules and their text; NULL when there are none. */
const struct making *makings_of(const struct program *program, name_id callee, uint32_t *count);

#endif
