/* count.h - how many findings of each status, level and rule there are. */
#ifndef IDLETX_REPORT_COUNT_H
#define IDLETX_REPORT_COUNT_H

#include "report/report.h"

enum { STATUS_COUNT = STATUS_BASELINED + 1, LEVEL_COUNT = LEVEL_ERROR + 1 };

struct rule_count_entry {
	const struct rule *rule;
	uint32_t count;
};

struct finding_counts {
	uint32_t by_status[STATUS_COUNT];
	uint32_t by_level[LEVEL_COUNT]; /* of open findings */
	struct rule_count_entry *rules; /* of open findings, sorted by id */
	size_t rule_count;
};

void counts_init(struct finding_counts *c, const struct report *r);
void counts_release(struct finding_counts *c);

/* "error", "warning" or "note": the word for a notification in JSON and SARIF. */
const char *notification_level(enum diag_level level);

/* "", or "s" when 'n' is not one. */
const char *plural(uint64_t n);

#endif
