/*
 * check_markdown.c - findings as a page for a pull request or a wiki: the counts, a
 * table of rules, then one row a finding, errors first.
 */
#include "report/report.h"

#include "base/memory.h"
#include "report/count.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/tail.h"
#include "rule.h"
#include <stdlib.h>

enum { RESERVED = 2048 };

static void put_rule(FILE *out, const void *rows, size_t i)
{
	const struct rule_count_entry *entry = (const struct rule_count_entry *)rows + i;

	fputs("| ", out);
	markdown_put_code(out, str_of(entry->rule->id));
	fputs(" | ", out);
	markdown_put(out, str_of(entry->rule->title));
	fprintf(out, " | %u |\n", entry->count);
}

static void put_finding(FILE *out, const void *rows, size_t i)
{
	const struct finding *f = ((const struct finding *const *)rows)[i];

	fprintf(out, "| %s | ", level_word(f->level));
	markdown_put_code(out, f->at.path);
	fprintf(out, ":%u | ", f->at.line);
	markdown_put_code(out, str_of(f->rule->id));
	fputs(" | ", out);
	markdown_put(out, f->message);
	fputs(" |\n", out);
}

static void put_head(struct page *p, const struct report *r, const struct finding_counts *c)
{
	fprintf(p->part, "# idletx\n\n%u error%s, %u warning%s, %u note%s; looked at ",
	        c->by_level[LEVEL_ERROR], plural(c->by_level[LEVEL_ERROR]),
	        c->by_level[LEVEL_WARNING], plural(c->by_level[LEVEL_WARNING]),
	        c->by_level[LEVEL_NOTE], plural(c->by_level[LEVEL_NOTE]));
	tail_put_totals(p->part, r);
	fputs(".\n", p->part);
	uint32_t accepted = c->by_status[STATUS_ALLOWLISTED] + c->by_status[STATUS_SUPPRESSED] +
	                    c->by_status[STATUS_BASELINED];
	if (accepted > 0)
		fprintf(p->part, "\n%u allowlisted, %u suppressed, %u baselined.\n",
		        c->by_status[STATUS_ALLOWLISTED], c->by_status[STATUS_SUPPRESSED],
		        c->by_status[STATUS_BASELINED]);
	if (r->totals.files == 0 || r->totals.handlers == 0 || !r->complete) {
		fputc('\n', p->part);
		tail_put_doubts(p->part, r);
	}
	page_add_always(p);
}

/* Open findings, errors first; malloc'ed. */
static const struct finding **by_level(const struct report *r, size_t *count)
{
	const struct finding **list = memory_resize_array(NULL, r->finding_count + 1, sizeof(*list));

	*count = 0;
	for (int level = LEVEL_ERROR; level >= LEVEL_NOTE; level--)
		for (size_t i = 0; i < r->finding_count; i++)
			if (r->findings[i].status == STATUS_OPEN &&
			    (int)r->findings[i].level == level)
				list[(*count)++] = &r->findings[i];
	return list;
}

static void put_findings(struct page *p, const struct report *r)
{
	size_t count;
	const struct finding **list = by_level(r, &count);

	if (count > 0) {
		page_table(p,
		           "\n<details>\n<summary>Findings</summary>\n\n"
		           "| Level | Place | Rule | What |\n| --- | --- | --- | --- |\n",
		           put_finding, list, count, count);
		fputs("\n</details>\n", p->part);
		page_add_always(p);
	}
	free(list);
}

bool report_markdown(FILE *out, const struct report *r)
{
	struct finding_counts c;
	struct page p;

	counts_init(&c, r);
	page_init(&p, out, RESERVED);
	put_head(&p, r, &c);
	if (c.rule_count > 0)
		page_table(&p, "\n| Rule | | Findings |\n| --- | --- | ---: |\n", put_rule, c.rules,
		           c.rule_count, c.rule_count);
	put_findings(&p, r);
	page_release(&p);
	counts_release(&c);
	return !ferror(out);
}
