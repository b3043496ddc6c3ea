/*
 * locate.h - byte spans become lines and columns, once, for all findings of a
 * run. Lines come from the module's line table, columns (in code points) from
 * the file, which is read again if it has findings and is still the same.
 */
#ifndef IDLETX_TRIAGE_LOCATE_H
#define IDLETX_TRIAGE_LOCATE_H

#include "finding.h"
#include "project/project.h"

/*
 * Fills in line, column, end_line and end_column of every location. A file that was changed or
 * removed meanwhile gets a note, and its columns count bytes. A location without a path, or in a
 * file that is no module, keeps its zeros. 'root' is where the modules' paths begin.
 */
void locate_findings(const struct project *project, struct str root, struct diag *d,
                     struct finding *findings, size_t count);

#endif
