/*
 * page.h - a Markdown page that stays below a size, because where it is pasted takes
 * no more (a comment on GitHub: 65,536 characters). What does not fit is counted, never cut.
 */
#ifndef IDLETX_REPORT_PAGE_H
#define IDLETX_REPORT_PAGE_H

#include "base/base.h"
#include <stdio.h>

enum { PAGE_MAX = 60000 };

struct page {
	FILE *out;
	size_t used;     /* bytes written */
	size_t reserved; /* bytes kept free for what must still come */
	FILE *part;      /* what is being composed */
	char *text;
	size_t len;
};

/* Begins a page whose rows leave 'reserved' bytes free. */
void page_init(struct page *p, FILE *out, size_t reserved);
void page_release(struct page *p);

/* Compose what must stand there into p->part, then this: it uses the reserved bytes. */
void page_add_always(struct page *p);

/* Writes row number 'i' of what 'rows' stands for, with its line end. */
typedef void page_row_fn(FILE *out, const void *rows, size_t i);

/*
 * 'head', then as many of the rows as fit, at most 'most', then how many were left out.
 */
void page_table(struct page *p, const char *head, page_row_fn *put, const void *rows, size_t count,
                size_t most);

#endif
