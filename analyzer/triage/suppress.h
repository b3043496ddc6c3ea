/*
 * suppress.h - `# idletx: ignore[RULE] -- reason`: on the finding's line, alone
 * on a line above it, or on a function's first line (its decorators included)
 * for all of the function.
 */
#ifndef IDLETX_TRIAGE_SUPPRESS_H
#define IDLETX_TRIAGE_SUPPRESS_H

#include "finding.h"
#include "project/project.h"

/*
 * Marks the findings that a comment accepts; they must be located and sorted. A comment without a
 * rule or a reason, one with an unknown rule, and one that accepts nothing although all its rules
 * are enabled[] (per rule_table) is a DIAG_WARNING. Only modules that are reported are looked at.
 */
void suppress_findings(const struct project *project, const bool *enabled, struct diag *d,
                       struct finding *findings, size_t count);

#endif
