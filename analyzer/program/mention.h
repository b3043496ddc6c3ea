/*
 * mention.h - which functions call something that makes or hands out sessions. A module need not name
 * a maker of its own for that: `database.Session()`, `self.db.make()`, `from db import *`. So each name that
 * a maker has anywhere in the project counts, and only what is called by one of them is resolved.
 */
#ifndef IDLETX_PROGRAM_MENTION_H
#define IDLETX_PROGRAM_MENTION_H

#include "program/program.h"

/* The names of makers: customary ones, the types of sessions, and what modules that know SQLAlchemy bind. In 'run'. */
struct mentions *mentions_find(struct arena *run, const struct program *program);

/* And those of the functions that hand sessions out, and of the classes whose objects make their own, once these are known. */
void mentions_add_providers(const struct program *program, struct mentions *t);

/* Does the function call one, as far as can be seen without binding it? False when there is no body to read. */
bool scope_mentions_maker(struct arena *scratch, const struct program *program, module_id m,
                          scope_id scope);

#endif
