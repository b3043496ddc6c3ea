/*
 * excerpt.h - lines of the checked files, for readers. A file is opened again
 * when its first line is asked for and kept until another one is: findings come sorted by path, so
 * one file is in memory at a time. What cannot be read or is no longer there is left out.
 */
#ifndef IDLETX_REPORT_EXCERPT_H
#define IDLETX_REPORT_EXCERPT_H

#include "base/base.h"
#include "finding.h"
#include "input/source.h"

struct excerpts {
	struct str root; /* absolute */
	struct arena names;
	struct str path; /* of the file that is held */
	struct source source;
	bool held;     /* 'path' was asked for already */
	uint32_t line; /* a line whose start is known, from 1 */
	size_t offset; /* and where it starts */
};

void excerpts_init(struct excerpts *e, struct str root);
void excerpts_release(struct excerpts *e);

enum { EXCERPT_LINE_MAX = 16 << 10 };

/*
 * Line 'line' of 'path' without its line end. False when the file cannot be
 * read, has fewer lines, or the line has more than EXCERPT_LINE_MAX bytes and is nothing to
 * read. The text is valid until another file is asked for.
 */
MUST_USE bool excerpt_line(struct excerpts *e, struct str path, uint32_t line, struct str *text);

/* The line 'at' begins on; false also when it is too short for at.column: the file has changed. */
MUST_USE bool excerpt_at(struct excerpts *e, const struct location *at, struct str *text);

/* Line and column (from 1, in code points) of a byte of 'path'; false when there is none. */
MUST_USE bool excerpt_place(struct excerpts *e, struct str path, uint32_t offset, uint32_t *line,
                            uint32_t *column);

/* How many code points 'text' has. */
uint32_t excerpt_columns(struct str text);

#endif
