/*
 * passing.h - when files are named on the command line, what is reported: findings in them, and those
 * elsewhere that pass through them, so that an edited provider or helper shows what it breaks.
 */
#ifndef IDLETX_TRIAGE_PASSING_H
#define IDLETX_TRIAGE_PASSING_H

#include "finding.h"
#include "project/project.h"

/*
 * Keeps the findings in reported modules, and those of modules beside them of which a step of the trace, an
 * exit, a related place or the provider that does not take the session back lies in a reported one. Returns how many are left.
 */
size_t keep_passing(const struct project *p, struct finding *findings, size_t count);

/* Are findings in the file wanted for their own sake? */
bool path_is_reported(const struct project *p, struct str path);

#endif
