/* count.c - sums over findings. There are few rules, so a list is enough. */
#include "report/count.h"

#include "base/memory.h"
#include "rule.h"
#include <stdlib.h>

static struct rule_count_entry *entry_of(struct finding_counts *c, const struct rule *rule)
{
	for (size_t i = 0; i < c->rule_count; i++)
		if (c->rules[i].rule == rule)
			return &c->rules[i];
	c->rules = memory_resize_array(c->rules, c->rule_count + 1, sizeof(*c->rules));
	c->rules[c->rule_count] = (struct rule_count_entry){rule, 0};
	return &c->rules[c->rule_count++];
}

static int entry_cmp(const void *left, const void *right)
{
	const struct rule_count_entry *a = left, *b = right;

	return strcmp(a->rule->id, b->rule->id);
}

void counts_init(struct finding_counts *c, const struct report *r)
{
	*c = (struct finding_counts){0};
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];
		c->by_status[f->status]++;
		if (f->status != STATUS_OPEN)
			continue;
		c->by_level[f->level]++;
		entry_of(c, f->rule)->count++;
	}
	if (c->rule_count > 1)
		qsort(c->rules, c->rule_count, sizeof(*c->rules), entry_cmp);
}

void counts_release(struct finding_counts *c)
{
	free(c->rules);
	*c = (struct finding_counts){0};
}

const char *notification_level(enum diag_level level)
{
	switch (level) {
	case DIAG_NOTE: return "note";
	case DIAG_WARNING: return "warning";
	case DIAG_FAILURE:
	case DIAG_USAGE: return "error";
	}
	abort();
}

const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}
