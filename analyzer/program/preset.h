/*
 * preset.h - sessions that are made once and kept under a name: `db = SessionLocal()` in a module's body, and the
 * default of a parameter, `def save(note, db=SessionLocal())`, which all calls share that give none.
 */
#ifndef IDLETX_PROGRAM_PRESET_H
#define IDLETX_PROGRAM_PRESET_H

#include "program/program.h"

/* What the value, as written in 'scope', makes: SessionLocal(), make_session(), next(get_db()). NULL likewise. */
const struct resource_kind *preset_made(struct arena *scratch, const struct program *program,
                                        module_id m, scope_id scope, expr_id value);

/* What the default of a parameter of the def makes; NULL when that is no session, or not known to be one. */
const struct resource_kind *preset_session(struct arena *scratch, const struct program *program,
                                           module_id m, scope_id scope, const struct param *param);

#endif
