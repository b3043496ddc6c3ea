/*
 * case_marks.c - finds the comments of a Python file and reads those that say
 * what the checker should find. Only as much of Python is known here as is
 * needed to tell a comment from a string.
 */
#include "case_marks.h"

#include <stb/stb_ds.h>

/* A cursor over one comment's text. */
struct words {
	const char *at, *end;
};

struct scan {
	struct arena *run;
	struct str path;
	struct case_marks *out;
	uint32_t line;
	bool code_seen; /* in the file */
	bool code_on_line;
	size_t first_pending; /* marks from here on wait for the next line of code */
};

const char *mark_kind_word(enum mark_kind k)
{
	static const char *const word[] = {"expect", "miss", "wrong"};

	return word[k];
}

static void complain(struct scan *s, const char *what, struct str subject)
{
	struct complaint c = {.line = s->line};

	c.text = arena_printf(s->run, "%s '%.*s'", what, STR_ARG(subject));
	arrput(s->out->complaints, c);
}

static void skip_spaces(struct words *w)
{
	while (w->at < w->end && (*w->at == ' ' || *w->at == '\t'))
		w->at++;
}

/* Lower-case letters, digits and hyphens; may be empty. */
static struct str take_word(struct words *w)
{
	const char *start = w->at;

	while (w->at < w->end && ((*w->at >= 'a' && *w->at <= 'z') || *w->at == '-' ||
	                          (*w->at >= '0' && *w->at <= '9')))
		w->at++;
	return (struct str){start, (size_t)(w->at - start)};
}

static bool take(struct words *w, char c)
{
	skip_spaces(w);
	if (w->at == w->end || *w->at != c)
		return false;
	w->at++;
	return true;
}

/* RULE, RULE "part of the message" (remark) */
static void read_marks(struct scan *s, struct words w, enum mark_kind kind)
{
	do {
		skip_spaces(&w);
		struct mark m = {.kind = kind, .path = s->path, .line = s->line};
		m.rule = take_word(&w);
		m.part = STR_EMPTY;
		if (take(&w, '"')) {
			const char *close = memchr(w.at, '"', (size_t)(w.end - w.at));
			if (close == NULL)
				break;
			m.part = (struct str){w.at, (size_t)(close - w.at)};
			w.at = close + 1;
		}
		if (m.rule.len == 0)
			break;
		arrput(s->out->marks, m);
	} while (take(&w, ','));
	if (!take(&w, '(') && w.at != w.end)
		complain(s, "cannot read", (struct str){w.at, (size_t)(w.end - w.at)});
}

static void read_options(struct scan *s, struct words w)
{
	if (s->code_seen)
		complain(s, "options belong on the first lines, not", (struct str){w.at, 0});
	for (skip_spaces(&w); w.at < w.end; skip_spaces(&w)) {
		const char *start = w.at;
		while (w.at < w.end && *w.at != ' ')
			w.at++;
		struct str word = {start, (size_t)(w.at - start)};
		arrput(s->out->options, arena_str(s->run, word));
	}
}

static bool is_remark(struct str word)
{
	static const char *const known[] = {"note", "type", "idletx"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_is(word, known[i]))
			return true;
	return false;
}

/* 'w' starts after the '#'. */
static void read_comment(struct scan *s, struct words w)
{
	skip_spaces(&w);
	struct str word = take_word(&w);
	if (word.len == 0 || w.at == w.end || *w.at != ':')
		return;
	w.at++;
	if (w.at < w.end && *w.at != ' ')
		return; /* an address, a pair of numbers */
	for (int k = 0; k < MARK_KIND_COUNT; k++)
		if (str_is(word, mark_kind_word((enum mark_kind)k))) {
			if (!s->code_on_line)
				complain(s, "no code on the line of", word);
			read_marks(s, w, (enum mark_kind)k);
			s->first_pending = arrlenu(s->out->marks);
			return;
		}
	if (str_is(word, "expect-next"))
		read_marks(s, w, MARK_EXPECT);
	else if (str_is(word, "options"))
		read_options(s, w);
	else if (!is_remark(word))
		complain(s, "unknown comment word", word);
}

static void see_code(struct scan *s)
{
	if (s->code_on_line)
		return;
	s->code_on_line = s->code_seen = true;
	for (; s->first_pending < arrlenu(s->out->marks); s->first_pending++)
		s->out->marks[s->first_pending].line = s->line;
}

/* 'at' is at a quote; returns the first byte after the literal. */
static const char *skip_string(struct scan *s, const char *at, const char *end)
{
	char quote = *at;
	bool triple = end - at >= 3 && at[1] == quote && at[2] == quote;

	for (at += triple ? 3 : 1; at < end; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
		else if (*at == '\n' && !triple)
			return at;
		else if (*at == quote && !triple)
			return at + 1;
		else if (*at == quote && end - at >= 3 && at[1] == quote && at[2] == quote)
			return at + 3;
		if (*at == '\n')
			s->line++;
	}
	return end;
}

void case_marks_read(struct arena *run, struct str path, struct str text, struct case_marks *out)
{
	struct scan s = {.run = run, .path = path, .out = out, .line = 1};
	const char *at = text.ptr, *end = text.ptr + text.len;

	s.first_pending = arrlenu(out->marks);
	while (at < end) {
		if (*at == '\n') {
			s.line++;
			s.code_on_line = false;
			at++;
		} else if (*at == '#') {
			const char *stop = memchr(at, '\n', (size_t)(end - at));
			stop = stop == NULL ? end : stop;
			read_comment(&s, (struct words){at + 1, stop});
			at = stop;
		} else if (*at == ' ' || *at == '\t' || *at == '\r') {
			at++;
		} else {
			see_code(&s);
			at = *at == '"' || *at == '\'' ? skip_string(&s, at, end) : at + 1;
		}
	}
	if (s.first_pending < arrlenu(out->marks))
		complain(&s, "no code follows", STR("expect-next"));
}

void case_marks_release(struct case_marks *m)
{
	arrfree(m->marks);
	arrfree(m->options);
	arrfree(m->complaints);
}
