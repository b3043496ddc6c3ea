/*
 * source_line.c - a window onto one line. The line is walked once up to the end of
 * the window, so a line of a megabyte costs no more than reaching its column.
 */
#include "report/source_line.h"

#include "report/plain.h"
#include <stdio.h>

enum { TAB = 8, CONTEXT = 8, DOTS = 3, CELL_MAX = 16 };

/* How one code point looks at screen column 'at'; returns the columns it fills. */
static unsigned cell_of(uint32_t code, unsigned at, char *text, size_t *len)
{
	if (code == '\t') {
		unsigned width = TAB - at % TAB;
		memset(text, ' ', width);
		*len = width;
		return width;
	}
	if (!plain_is_control(code)) {
		*len = plain_encode(code, text);
		return 1;
	}
	int n = snprintf(text, CELL_MAX, code < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)code);
	*len = (size_t)n;
	return (unsigned)n;
}

/* The screen column, from 0, at which code point number 'column', from 1, is shown. */
static unsigned screen_column(struct str line, uint32_t column)
{
	char cell[CELL_MAX];
	size_t len;
	uint32_t code, nth = 1;
	unsigned shown = 0;

	for (size_t at = 0; at < line.len && nth < column; nth++) {
		at += plain_step(line, at, &code);
		shown += cell_of(code, shown, cell, &len);
	}
	return shown;
}

static struct str without_trailing_blanks(struct str line)
{
	while (line.len > 0 && strchr(" \t\r\f\v", line.ptr[line.len - 1]) != NULL &&
	       line.ptr[line.len - 1] != '\0')
		line.len--;
	return line;
}

static void append(struct source_line *out, const char *text, size_t len, unsigned width)
{
	memcpy(out->text + out->len, text, len);
	out->len += len;
	out->width += width;
}

/* Fills the window from screen column 'start' on; what does not fit ends in dots. */
static void fill(struct source_line *out, struct str line, unsigned start, unsigned width)
{
	struct source_line fits = {
		.len = 0}; /* len and width of the longest text that leaves room for dots */
	unsigned shown = 0;

	for (size_t at = 0; at < line.len;) {
		char cell[CELL_MAX];
		size_t len;
		uint32_t code;
		at += plain_step(line, at, &code);
		unsigned columns = cell_of(code, shown, cell, &len);
		shown += columns;
		if (shown <= start)
			continue;
		if (out->width + columns > width) {
			out->len = fits.len;
			out->width = fits.width;
			append(out, "...", DOTS, DOTS);
			return;
		}
		append(out, cell, len, columns);
		if (out->width + DOTS <= width) {
			fits.len = out->len;
			fits.width = out->width;
		}
	}
}

void source_line_cut(struct source_line *out, struct str line, uint32_t column, unsigned width)
{
	unsigned focus = screen_column(line, column), start = 0;

	out->len = 0;
	out->width = 0;
	line = without_trailing_blanks(line);
	if (focus > width / 3 * 2) {
		start = focus - CONTEXT;
		append(out, "...", DOTS, DOTS);
	}
	fill(out, line, start, width);
}
