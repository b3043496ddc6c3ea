/*
 * excerpt.c - finds lines by walking on from the last one that was asked for,
 * so that all findings of a file together read it about once.
 */
#include "report/excerpt.h"

#include "report/plain.h"

void excerpts_init(struct excerpts *e, struct str root)
{
	*e = (struct excerpts){.root = root};
	arena_init(&e->names);
}

void excerpts_release(struct excerpts *e)
{
	if (e->held)
		source_release(&e->source);
	arena_release(&e->names);
	e->held = false;
}

/* Holds 'path' from here on; an unreadable file is held as an empty one. */
static void hold(struct excerpts *e, struct str path)
{
	const char *why;

	if (e->held)
		source_release(&e->source);
	arena_clear(&e->names);
	e->path = arena_str(&e->names, path);
	e->held = true;
	e->line = 1;
	struct str full = arena_printf(&e->names, "%.*s/%.*s", STR_ARG(e->root), STR_ARG(path));
	if (memchr(path.ptr, '\0', path.len) != NULL || !source_read(full.ptr, &e->source, &why))
		e->source = (struct source){.text = {NULL, 0}};
	e->offset = e->source.bom;
}

static void select_file(struct excerpts *e, struct str path)
{
	if (!e->held || !str_eq(e->path, path))
		hold(e, path);
}

/* Goes to the next line; false when this is the last. */
static bool next_line(struct excerpts *e)
{
	struct str text = e->source.text;
	const char *end = e->offset >= text.len
	                          ? NULL
	                          : memchr(text.ptr + e->offset, '\n', text.len - e->offset);

	if (end == NULL || end + 1 == text.ptr + text.len)
		return false;
	e->offset = (size_t)(end + 1 - text.ptr);
	e->line++;
	return true;
}

/* False for a line that is too long to look at: its end is then not searched for. */
static bool this_line(const struct excerpts *e, struct str *line)
{
	struct str rest = str_slice(e->source.text, e->offset, e->source.text.len);
	size_t room = rest.len <= EXCERPT_LINE_MAX ? rest.len : EXCERPT_LINE_MAX + 1;
	const char *end = memchr(rest.ptr, '\n', room);
	size_t len = end == NULL ? room : (size_t)(end - rest.ptr);

	if (len > EXCERPT_LINE_MAX)
		return false;
	if (len > 0 && rest.ptr[len - 1] == '\r')
		len--;
	*line = (struct str){rest.ptr, len};
	return true;
}

bool excerpt_line(struct excerpts *e, struct str path, uint32_t line, struct str *text)
{
	if (path.len == 0 || line == 0)
		return false;
	select_file(e, path);
	if (e->source.text.len == 0)
		return false;
	if (line < e->line) {
		e->line = 1;
		e->offset = e->source.bom;
	}
	while (e->line < line)
		if (!next_line(e))
			return false;
	return this_line(e, text);
}

uint32_t excerpt_columns(struct str text)
{
	uint32_t columns = 0, code;

	for (size_t at = 0; at < text.len; columns++)
		at += plain_step(text, at, &code);
	return columns;
}

bool excerpt_at(struct excerpts *e, const struct location *at, struct str *text)
{
	return excerpt_line(e, at->path, at->line, text) &&
	       (at->column <= 1 || at->column - 1 <= text->len) &&
	       at->column <= excerpt_columns(*text) + 1;
}

bool excerpt_place(struct excerpts *e, struct str path, uint32_t offset, uint32_t *line,
                   uint32_t *column)
{
	if (path.len == 0)
		return false;
	select_file(e, path);
	if (offset < e->source.bom || offset > e->source.text.len || e->source.text.len == 0)
		return false;
	if (offset < e->offset) {
		e->line = 1;
		e->offset = e->source.bom;
	}
	for (;;) {
		uint32_t known_line = e->line;
		size_t known = e->offset;
		if (!next_line(e))
			break;
		if (e->offset > offset) {
			e->line = known_line;
			e->offset = known;
			break;
		}
	}
	if (offset - e->offset > EXCERPT_LINE_MAX)
		return false;
	*line = e->line;
	*column = excerpt_columns(str_slice(e->source.text, e->offset, offset)) + 1;
	return true;
}
