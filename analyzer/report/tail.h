/* tail.h - what every text ends with: what was assumed, what stayed unknown, what was looked at. */
#ifndef IDLETX_REPORT_TAIL_H
#define IDLETX_REPORT_TAIL_H

#include "report/report.h"

/*
 * The assumed FastAPI version, the most frequent unknowns (all with --verbose),
 * the totals, and a doubt when they say that little was looked at. Plain text, whole lines.
 */
void tail_put(FILE *out, const struct report *r);

/* The totals alone: "271 files, 3456 functions, 354 handlers", without a line end. */
void tail_put_totals(FILE *out, const struct report *r);

/* One line for each reason why no findings would mean little; often nothing. */
void tail_put_doubts(FILE *out, const struct report *r);

#endif
