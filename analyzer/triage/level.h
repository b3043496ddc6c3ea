/*
 * level.h - which rules run, and what the configuration makes of their
 * findings. The command line chooses among what the configuration leaves on;
 * what is off there is off.
 */
#ifndef IDLETX_TRIAGE_LEVEL_H
#define IDLETX_TRIAGE_LEVEL_H

#include "finding.h"
#include "input/config.h"
#include "input/options.h"

/*
 * Fills enabled[0 .. rule_count-1]. A rule that is off by default is on when --select or the
 * configuration names it. False with a DIAG_USAGE when --select or --ignore names no rule.
 */
MUST_USE bool level_choose(const struct options *o, const struct config *c, struct diag *d,
                           bool *enabled);

/*
 * Gives each finding the level that the configuration sets for its rule and path, and drops those
 * that are off. Returns how many are left; their order is kept.
 */
size_t level_select(const struct options *o, const struct config *c, struct finding *findings,
                    size_t count);

/* The next item of such a list, trimmed; false at its end. Begin with *at = 0. */
bool id_list_next(struct str list, size_t *at, struct str *item);

/* "unknown rule 'x' ...: did you mean 'y'?" in 'run'. */
struct str unknown_rule_text(struct arena *run, struct str id);

#endif
