/*
 * merge.h - one defect, one finding. Rules look at the same session each for
 * itself; what they say about it is brought together here, and put in order.
 */
#ifndef IDLETX_TRIAGE_MERGE_H
#define IDLETX_TRIAGE_MERGE_H

#include "finding.h"
#include "project/project.h"

/*
 * Takes out what is no finding but says who lends a function its session (finding.lent_to), and adds the first few of
 * those to that function's findings of the same rule, as related. Returns how many are left, in the order they had.
 */
size_t attach_lenders(struct arena *run, struct finding *findings, size_t count);

/*
 * Merges findings about the same resource (path, function, acquiring site): those of one rule
 * become one with all exits; of different rules the one with the worst level wins, of equal ones
 * that which names the cause (the table in merge.c), and the others stay as its 'related'. A rule
 * that the table does not know speaks for itself. Changes the order.
 * Returns how many are left.
 */
size_t merge_findings(struct arena *run, struct finding *findings, size_t count);

/*
 * Findings that are 'of_provider' become related of that provider's own finding, when there is one in a
 * reported file that is as loud; at most a bounded number is listed, and how many more there are. Expects them sorted.
 * Returns how many are left.
 */
size_t merge_providers(struct arena *run, const struct project *p, struct finding *findings,
                       size_t count);

/*
 * Findings of one rule at one place about one name are one: `session = session or maker()` is lent and made, and waits
 * once. What the function makes itself speaks. Expects them sorted; returns how many are left.
 */
size_t merge_places(struct arena *run, struct finding *findings, size_t count);

/* By path, line, column, rule; then by whatever tells two findings apart. */
void sort_findings(struct finding *findings, size_t count);

/*
 * Sets 'id': 32 hex digits of XXH3-128 over rule, path, qualified function, resource and the
 * ordinal of its acquiring site, so that it survives edits elsewhere in the file. Exact repeats
 * get different ids, in the order they stand.
 */
void fingerprint_findings(struct arena *run, struct finding *findings, size_t count);

#endif
