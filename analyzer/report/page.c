/* page.c - composes in memory first, since only then the size is known. */
#include "report/page.h"

#include "base/memory.h"
#include <stdlib.h>

void page_init(struct page *p, FILE *out, size_t reserved)
{
	*p = (struct page){.out = out, .reserved = reserved};
	p->part = open_memstream(&p->text, &p->len);
	if (p->part == NULL)
		memory_exhausted();
}

void page_release(struct page *p)
{
	fclose(p->part);
	free(p->text);
}

static bool add_within(struct page *p, size_t limit)
{
	if (fflush(p->part) != 0)
		memory_exhausted();
	bool fits = p->used + p->len <= limit;
	if (fits) {
		fwrite(p->text, 1, p->len, p->out);
		p->used += p->len;
	}
	rewind(p->part);
	return fits;
}

/* Writes what was composed, when it fits; else nothing of it. */
static bool page_add(struct page *p)
{
	return add_within(p, PAGE_MAX - p->reserved);
}

void page_add_always(struct page *p)
{
	(void)add_within(p, SIZE_MAX);
}

void page_table(struct page *p, const char *head, page_row_fn *put, const void *rows, size_t count,
                size_t most)
{
	size_t shown = 0;

	fputs(head, p->part);
	page_add_always(p);
	while (shown < count && shown < most) {
		put(p->part, rows, shown);
		if (!page_add(p))
			break;
		shown++;
	}
	if (shown < count) {
		fprintf(p->part, "\n%zu more left out here; `--format json` has them all.\n",
		        count - shown);
		page_add_always(p);
	}
}
