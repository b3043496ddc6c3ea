/*
 * fold.h - many notes that say the same are one line in text: what 244 handlers
 * leave to one provider is one fact about the provider.
 */
#ifndef IDLETX_REPORT_FOLD_H
#define IDLETX_REPORT_FOLD_H

#include "report/report.h"

enum { FOLD_ABOVE = 3 }; /* so many notes of one rule and provider are still shown one by one */

struct folds {
	/* For each finding: 1 for itself, 0 when an earlier one counts it, more for so many. */
	uint32_t *members;
};

/* Only open notes are folded, and none with --verbose. */
void folds_init(struct folds *f, const struct report *r);
void folds_release(struct folds *f);

#endif
