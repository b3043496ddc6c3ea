/*
 * json_read.c - JSON with places. jansson checks the text and decodes it, but
 * keeps no positions; so its tree and the text are then walked side by side.
 * The walk may trust the text, because jansson has accepted every byte of it.
 */
#include "input/setting.h"

#include <jansson.h>

/* Deeper than any file of ours; what lies below counts as a value we do not take. */
enum { DEPTH_MAX = 16 };

struct walk {
	const struct setting_source *s;
	size_t at;
};

static char here(const struct walk *w)
{
	return w->at < w->s->text.len ? w->s->text.ptr[w->at] : '\0';
}

static void skip_space(struct walk *w)
{
	while (here(w) == ' ' || here(w) == '\t' || here(w) == '\n' || here(w) == '\r')
		w->at++;
}

/* From a quote to behind the one that ends the string. */
static void skip_string(struct walk *w)
{
	for (w->at++; here(w) != '"' && w->at < w->s->text.len; w->at++)
		if (here(w) == '\\')
			w->at++;
	w->at++;
}

/* Over one value of any depth, without recursion. */
static void skip_value(struct walk *w)
{
	size_t depth = 0;

	do {
		char c = here(w);
		if (c == '"') {
			skip_string(w);
			continue;
		}
		if (c == '[' || c == '{')
			depth++;
		if ((c == ']' || c == '}') && depth > 0)
			depth--;
		else if (depth == 0 && (c == ',' || c == ']' || c == '}'))
			return;
		w->at++;
	} while (w->at < w->s->text.len);
}

/* The decoded text of the string that begins here; moves behind it. */
static struct str read_string(struct walk *w)
{
	size_t begin = w->at;

	skip_string(w);
	struct str token = str_slice(w->s->text, begin, w->at);
	if (memchr(token.ptr, '\\', token.len) == NULL)
		return str_slice(token, 1, token.len - 1);
	json_t *decoded = json_loadb(token.ptr, token.len, JSON_DECODE_ANY, NULL);
	struct str text = arena_str(
		w->s->run, (struct str){json_string_value(decoded), json_string_length(decoded)});
	json_decref(decoded);
	return text;
}

static struct setting *read_value(struct walk *w, unsigned depth);

/* Members or elements up to the closing bracket. */
static void read_items(struct walk *w, struct setting *parent, unsigned depth)
{
	bool table = parent->kind == SETTING_TABLE;
	char end = table ? '}' : ']';

	w->at++;
	for (skip_space(w); here(w) != end && w->at < w->s->text.len; skip_space(w)) {
		struct str key = STR_EMPTY;
		uint32_t key_at = (uint32_t)w->at;
		if (table) {
			key = read_string(w);
			skip_space(w);
			w->at++; /* the colon */
			skip_space(w);
		}
		struct setting *child = read_value(w, depth + 1);
		child->key = key;
		child->key_at = key_at;
		setting_append(parent, child);
		skip_space(w);
		if (here(w) == ',')
			w->at++;
	}
	w->at++;
}

static struct setting *read_value(struct walk *w, unsigned depth)
{
	struct setting *v = setting_new(w->s->run, SETTING_OTHER, (uint32_t)w->at);
	size_t begin = w->at;
	char c = here(w);

	if (c == '"') {
		v->kind = SETTING_STRING;
		v->text = read_string(w);
	} else if ((c == '{' || c == '[') && depth < DEPTH_MAX) {
		v->kind = c == '{' ? SETTING_TABLE : SETTING_ARRAY;
		read_items(w, v, depth);
	} else {
		skip_value(w);
		if (c == '-' || (c >= '0' && c <= '9'))
			v->kind = SETTING_NUMBER;
	}
	if (v->kind == SETTING_NUMBER) {
		while (w->at > begin && strchr(" \t\r\n", w->s->text.ptr[w->at - 1]) != NULL)
			w->at--;
		v->text = str_slice(w->s->text, begin, w->at);
	}
	return v;
}

bool json_read(const struct setting_source *s, struct setting **out)
{
	json_error_t error;
	json_t *checked = json_loadb(s->text.ptr, s->text.len, JSON_REJECT_DUPLICATES, &error);

	if (checked == NULL) {
		diag_add(s->d, DIAG_USAGE, s->path, error.line > 0 ? (uint32_t)error.line : 1,
		         error.column > 0 ? (uint32_t)error.column : 1, "this is no valid JSON: %s",
		         error.text);
		return false;
	}
	json_decref(checked);
	struct walk w = {.s = s};
	skip_space(&w);
	*out = read_value(&w, 0);
	return true;
}
