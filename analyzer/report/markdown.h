/* markdown.h - text inside Markdown: names stay what they are and make no markup. */
#ifndef IDLETX_REPORT_MARKDOWN_H
#define IDLETX_REPORT_MARKDOWN_H

#include "base/base.h"
#include <stdio.h>

/*
 * Writes a clause of ours on one line: `code` in it stays code, all other
 * characters that mean something in Markdown or HTML are escaped. Fit for table cells.
 */
void markdown_put(FILE *out, struct str text);

/* Writes a path or name as code. */
void markdown_put_code(FILE *out, struct str text);

#endif
