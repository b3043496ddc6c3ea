/*
 * lenders.c - a finding about a session that a function is lent is for its callers as well: they own it. Callers
 * say so in drafts that are no findings; here they become places related to the callee's.
 */
#include "triage/merge.h"
#include "rule.h"

#include <stdlib.h>

#define LENDERS_SHOWN_MAX 5

static int span_start_cmp(const struct location *a, const struct location *b)
{
	int order = str_cmp(a->path, b->path);
	if (order == 0)
		order = (a->span.start > b->span.start) - (a->span.start < b->span.start);
	return order;
}

/* By the function that is lent it, then by rule, then by place. */
static int lender_cmp(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = span_start_cmp(&a->lent_to, &b->lent_to);
	if (order == 0)
		order = strcmp(a->rule->id, b->rule->id);
	return order != 0 ? order : span_start_cmp(&a->at, &b->at);
}

/* Is the finding of the function and rule that the lender speaks of? 0 when it is. */
static int callee_cmp(const struct finding *f, const struct finding *lender)
{
	int order = span_start_cmp(&f->function_at, &lender->lent_to);
	return order != 0 ? order : strcmp(f->rule->id, lender->rule->id);
}

static size_t first_lender(const struct finding *lenders, size_t count, const struct finding *f)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (callee_cmp(f, &lenders[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void attach(struct arena *run, struct finding *f, const struct finding *lenders, size_t count)
{
	size_t first = first_lender(lenders, count, f), n = 0;
	while (first + n < count && n < LENDERS_SHOWN_MAX && callee_cmp(f, &lenders[first + n]) == 0)
		n++;
	if (n == 0)
		return;
	struct related *all = arena_array(run, struct related, f->related_count + n);
	if (f->related_count > 0)
		memcpy(all, f->related, f->related_count * sizeof *all);
	for (size_t i = 0; i < n; i++)
		all[f->related_count + i] = (struct related){.at = lenders[first + i].at,
		                                             .message = lenders[first + i].message};
	f->related = all;
	f->related_count += (uint32_t)n;
}

size_t attach_lenders(struct arena *run, struct finding *findings, size_t count)
{
	struct finding *lenders = arena_array(run, struct finding, count);
	size_t kept = 0, lender_count = 0;
	for (size_t i = 0; i < count; i++)
		if (findings[i].lent_to.path.len > 0)
			lenders[lender_count++] = findings[i];
		else
			findings[kept++] = findings[i];
	if (lender_count > 1)
		qsort(lenders, lender_count, sizeof *lenders, lender_cmp);
	for (size_t i = 0; i < kept && lender_count > 0; i++)
		if (findings[i].resource.origin != NULL &&
		    strcmp(findings[i].resource.origin, "parameter") == 0)
			attach(run, &findings[i], lenders, lender_count);
	return kept;
}
