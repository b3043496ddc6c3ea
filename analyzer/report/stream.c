/* stream.c - the outer brackets of a JSON document, and values between them. */
#include "report/stream.h"

#include "report/plain.h"
#include <stdlib.h>

enum { INDENT = 2 };

void stream_init(struct stream *s, FILE *out)
{
	*s = (struct stream){.out = out};
}

static void new_line(const struct stream *s)
{
	fprintf(s->out, "\n%*s", (int)(s->depth * INDENT), "");
}

/* Comma, line and key: all that stands before an element. */
static void before_element(struct stream *s, const char *key)
{
	if (s->depth > 0) {
		if (s->filled[s->depth])
			fputc(',', s->out);
		new_line(s);
	}
	s->filled[s->depth] = true;
	if (key != NULL)
		fprintf(s->out, "\"%s\": ", key);
}

static void open_bracket(struct stream *s, const char *key, char bracket)
{
	before_element(s, key);
	fputc(bracket, s->out);
	if (s->depth == STREAM_DEPTH_MAX)
		abort(); /* a mistake of the caller's */
	s->filled[++s->depth] = false;
}

static void close_bracket(struct stream *s, char bracket)
{
	bool filled = s->filled[s->depth];

	s->depth--;
	if (filled)
		new_line(s);
	fputc(bracket, s->out);
}

void stream_open_object(struct stream *s, const char *key)
{
	open_bracket(s, key, '{');
}

void stream_open_array(struct stream *s, const char *key)
{
	open_bracket(s, key, '[');
}

void stream_close_object(struct stream *s)
{
	close_bracket(s, '}');
}

void stream_close_array(struct stream *s)
{
	close_bracket(s, ']');
}

/* The library starts each line at its own depth 0: a raw newline is always structure. */
static int write_indented(const char *text, size_t len, void *data)
{
	struct stream *s = data;

	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t part = end == NULL ? len : (size_t)(end - text);
		fwrite(text, 1, part, s->out);
		if (end == NULL)
			break;
		new_line(s);
		text += part + 1;
		len -= part + 1;
	}
	return ferror(s->out) ? -1 : 0;
}

void stream_value(struct stream *s, const char *key, json_t *value)
{
	before_element(s, key);
	if (value == NULL || json_dump_callback(value, write_indented, s,
	                                        JSON_INDENT(INDENT) | JSON_ENCODE_ANY) != 0)
		s->failed = true;
	json_decref(value);
}

bool stream_end(struct stream *s)
{
	fputc('\n', s->out);
	return !s->failed && !ferror(s->out);
}

json_t *json_text(struct str s)
{
	json_t *text = s.len == 0 ? json_string("") : json_stringn(s.ptr, s.len);
	struct arena scratch;

	if (text != NULL)
		return text;
	arena_init(&scratch);
	struct str valid = plain_utf8(&scratch, s);
	text = json_stringn(valid.ptr, valid.len);
	arena_release(&scratch);
	return text;
}

json_t *json_text_or_null(struct str s)
{
	return s.len == 0 ? json_null() : json_text(s);
}

json_t *json_word_or_null(const char *word)
{
	return word == NULL ? json_null() : json_string(word);
}

json_t *json_number_or_null(uint32_t n)
{
	return n == 0 ? json_null() : json_integer(n);
}
