/* fold.c - groups notes by sorting them, so that their number does not matter. */
#include "report/fold.h"

#include "base/memory.h"
#include "rule.h"
#include <stdlib.h>

/* 0 when both notes belong on one line. */
static int group_cmp(const struct finding *a, const struct finding *b)
{
	const struct location *at_a = &a->resource.provider_at, *at_b = &b->resource.provider_at;
	int order = strcmp(a->rule->id, b->rule->id);

	if (order == 0)
		order = str_cmp(a->resource.provider, b->resource.provider);
	if (order == 0)
		order = str_cmp(at_a->path, at_b->path);
	if (order == 0)
		order = number_cmp(at_a->line, at_b->line);
	if (order == 0)
		order = number_cmp(a->released_by, b->released_by);
	return order;
}

static int index_cmp(const void *left, const void *right, void *data)
{
	const struct finding *findings = data;
	const size_t *a = left, *b = right;
	int order = group_cmp(&findings[*a], &findings[*b]);

	return order != 0 ? order : number_cmp(*a, *b);
}

/* The first of a large group stands for all of them. */
static void fold_group(struct folds *f, const size_t *group, size_t count)
{
	if (count <= FOLD_ABOVE)
		return;
	for (size_t i = 1; i < count; i++)
		f->members[group[i]] = 0;
	f->members[group[0]] = (uint32_t)count;
}

void folds_init(struct folds *f, const struct report *r)
{
	size_t *notes = memory_resize_array(NULL, r->finding_count + 1, sizeof(*notes));
	size_t count = 0, end;

	f->members = memory_resize_array(NULL, r->finding_count + 1, sizeof(*f->members));
	for (size_t i = 0; i < r->finding_count; i++) {
		f->members[i] = 1;
		if (r->findings[i].level == LEVEL_NOTE && r->findings[i].status == STATUS_OPEN)
			notes[count++] = i;
	}
	if (r->options->verbose)
		count = 0;
	if (count > 1)
		qsort_r(notes, count, sizeof(*notes), index_cmp, (void *)r->findings);
	for (size_t start = 0; start < count; start = end) {
		for (end = start + 1; end < count; end++)
			if (group_cmp(&r->findings[notes[start]], &r->findings[notes[end]]) != 0)
				break;
		fold_group(f, notes + start, end - start);
	}
	free(notes);
}

void folds_release(struct folds *f)
{
	free(f->members);
	f->members = NULL;
}
