/*
 * sarif_place.c - where something is. The region is one line with all four
 * numbers, because that is what a pull request can show.
 */
#include "report/sarif.h"

#include "report/uri.h"

enum { CONTEXT_LINES = 2, CONTEXT_BYTES = 4096 };

json_t *sarif_artifact(struct sarif *s, struct str path)
{
	struct str full = arena_printf(&s->scratch, "%.*s%.*s", STR_ARG(s->prefix), STR_ARG(path));

	return json_pack("{s:o, s:s}", "uri", json_text(uri_of_path(&s->scratch, full)),
	                 "uriBaseId", "SRCROOT");
}

static uint32_t at_least_one(uint32_t n)
{
	return n == 0 ? 1 : n;
}

/* The last column on the first line: its own, or the end of the line when it goes on. */
static uint32_t end_column(struct sarif *s, const struct location *at)
{
	struct str line;
	uint32_t column = at_least_one(at->column);

	if (at->end_line <= at->line && at->end_column > column)
		return at->end_column;
	if (at->end_line > at->line && excerpt_at(&s->excerpts, at, &line))
		return at_least_one(excerpt_columns(line) + 1 > column ? excerpt_columns(line) + 1
		                                                       : column);
	return column + 1;
}

static json_t *region(struct sarif *s, const struct location *at)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "startLine", (int)at_least_one(at->line),
	                 "startColumn", (int)at_least_one(at->column), "endLine",
	                 (int)at_least_one(at->line), "endColumn", (int)end_column(s, at));
}

/* The lines from first to last; fewer when the file ends, empty when they are too long. */
static struct str lines_between(struct sarif *s, const struct location *at, uint32_t first,
                                uint32_t *last)
{
	char *text = arena_array(&s->scratch, char, CONTEXT_BYTES);
	size_t len = 0;
	struct str line;

	for (uint32_t n = first; n <= *last; n++) {
		if (!excerpt_line(&s->excerpts, at->path, n, &line)) {
			*last = n - 1;
			break;
		}
		if (len + line.len + 1 > CONTEXT_BYTES)
			return STR_EMPTY;
		memcpy(text + len, line.ptr, line.len);
		len += line.len;
		text[len++] = '\n';
	}
	return (struct str){text, len};
}

/* Larger than the region, as it must be; NULL when the file is not what it was. */
static json_t *context_region(struct sarif *s, const struct location *at)
{
	struct str line;
	uint32_t first = at->line > CONTEXT_LINES ? at->line - CONTEXT_LINES : 1;
	uint32_t last = at->line + CONTEXT_LINES;

	if (!excerpt_at(&s->excerpts, at, &line))
		return NULL;
	struct str text = lines_between(s, at, first, &last);
	if (text.len == 0 || first == last)
		return NULL;
	return json_pack("{s:i, s:i, s:{s:o}}", "startLine", (int)first, "endLine", (int)last,
	                 "snippet", "text", json_text(text));
}

json_t *sarif_physical(struct sarif *s, const struct location *at, bool context)
{
	json_t *place = json_pack("{s:o, s:o}", "artifactLocation", sarif_artifact(s, at->path),
	                          "region", region(s, at));
	json_t *around = context ? context_region(s, at) : NULL;

	if (around != NULL)
		json_object_set_new(place, "contextRegion", around);
	return place;
}

json_t *sarif_message(struct sarif *s, struct str text)
{
	bool closed = str_ends(text, STR(".")) || str_ends(text, STR("?"));

	return json_pack(
		"{s:o}", "text",
		json_text(arena_printf(&s->scratch, "%.*s%s", STR_ARG(text), closed ? "" : ".")));
}
