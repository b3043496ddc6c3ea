/*
 * markdown.c - escapes for GitHub's Markdown. Everything is escaped for a table cell,
 * where a bar ends the cell even inside code, so that one form fits everywhere.
 */
#include "report/markdown.h"

#include "report/plain.h"

static bool is_markup(char c)
{
	return c != '\0' && strchr("\\`*_{}[]<>#|~&!@", c) != NULL;
}

/* A name such as list_parts needs no escape: marks within a word mean nothing. */
static bool within_word(struct str text, size_t at)
{
	return text.ptr[at] == '_' && at > 0 && at + 1 < text.len && text.ptr[at - 1] != '_' &&
	       text.ptr[at + 1] != '_' && text.ptr[at - 1] != ' ' && text.ptr[at + 1] != ' ';
}

static void put_escaped(FILE *out, struct str text)
{
	size_t start = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!is_markup(text.ptr[i]) || within_word(text, i))
			continue;
		plain_put(out, str_slice(text, start, i));
		if (text.ptr[i] == '@') /* nobody wants to be called by a report */
			fputs("&#64;", out);
		else
			fprintf(out, "\\%c", text.ptr[i]);
		start = i + 1;
	}
	plain_put(out, str_slice(text, start, text.len));
}

/* 'text' has no backtick. */
static void put_code(FILE *out, struct str text)
{
	size_t start = 0;

	fputc('`', out);
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '|') {
			plain_put(out, str_slice(text, start, i));
			fputs("\\|", out);
			start = i + 1;
		}
	plain_put(out, str_slice(text, start, text.len));
	fputc('`', out);
}

void markdown_put_code(FILE *out, struct str text)
{
	if (text.len == 0 || memchr(text.ptr, '`', text.len) != NULL)
		put_escaped(out, text);
	else
		put_code(out, text);
}

void markdown_put(FILE *out, struct str text)
{
	while (text.len > 0) {
		const char *open = memchr(text.ptr, '`', text.len);
		size_t before = open == NULL ? text.len : (size_t)(open - text.ptr);
		struct str rest = str_slice(text, before + 1, text.len);
		const char *close = rest.len == 0 ? NULL : memchr(rest.ptr, '`', rest.len);

		if (close == NULL || close == rest.ptr) { /* no pair: all of it is plain */
			put_escaped(out, text);
			return;
		}
		put_escaped(out, str_slice(text, 0, before));
		put_code(out, str_slice(rest, 0, (size_t)(close - rest.ptr)));
		text = str_slice(rest, (size_t)(close - rest.ptr) + 1, rest.len);
	}
}
