/*
 * source_line.h - one line of source cut to a width: tabs expanded, controls
 * shown as escapes, moved to the left when what matters stands far to the right.
 */
#ifndef IDLETX_REPORT_SOURCE_LINE_H
#define IDLETX_REPORT_SOURCE_LINE_H

#include "base/base.h"

enum { SOURCE_WIDTH_MAX = 120 };

struct source_line {
	char text[(SOURCE_WIDTH_MAX + 16) * 4];
	size_t len;
	unsigned width; /* columns that 'text' fills */
};

/* 'column' (from 1, in code points) stays visible; 'width' is at most SOURCE_WIDTH_MAX. */
void source_line_cut(struct source_line *out, struct str line, uint32_t column, unsigned width);

#endif
