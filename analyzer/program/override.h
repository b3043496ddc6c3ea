/*
 * override.h - app.dependency_overrides[get_db] = open_session: which dependency runs in another's place. What
 * tests put there says nothing of the application.
 */
#ifndef IDLETX_PROGRAM_OVERRIDE_H
#define IDLETX_PROGRAM_OVERRIDE_H

#include "program/callable.h"

/* Reads all such stores of the project but its tests. In 'run'. */
const struct overrides *overrides_find(struct arena *run, const struct project *p);

/* What is called when a Depends() names 'called': itself, or what is put in its place. */
struct callable override_of(const struct project *p, struct callable called);

#endif
