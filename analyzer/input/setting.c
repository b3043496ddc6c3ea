/* setting.c - building a tree of settings, and taking typed values out of it. */
#include "input/setting.h"
#include "input/nearest.h"

#include <stdarg.h>

struct text_place text_place_of(struct str text, size_t offset)
{
	struct text_place p = {.line = 1, .column = 1};

	for (size_t i = 0; i < offset && i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '\n')
			p = (struct text_place){.line = p.line + 1, .column = 1};
		else if ((c & 0xc0) != 0x80) /* the first byte of a code point */
			p.column++;
	}
	return p;
}

struct setting *setting_new(struct arena *run, enum setting_kind kind, uint32_t at)
{
	struct setting *v = arena_new(run, struct setting);

	*v = (struct setting){
		.kind = kind, .key = STR_EMPTY, .key_at = at, .at = at, .text = STR_EMPTY};
	return v;
}

void setting_append(struct setting *parent, struct setting *child)
{
	if (parent->last == NULL)
		parent->first = child;
	else
		parent->last->next = child;
	parent->last = child;
	parent->count++;
}

struct setting *setting_member(const struct setting *table, struct str key)
{
	for (struct setting *v = table->first; v != NULL; v = v->next)
		if (str_eq(v->key, key))
			return v;
	return NULL;
}

bool setting_wrong(const struct setting_source *s, uint32_t at, const char *format, ...)
{
	struct text_place p = text_place_of(s->text, at);
	va_list args;

	va_start(args, format);
	struct str text = arena_vprintf(s->run, format, args);
	va_end(args);
	diag_add(s->d, DIAG_USAGE, s->path, p.line, p.column, "%.*s", STR_ARG(text));
	return false;
}

/* "'exclude' must be": how a message about a wrong value begins. */
static struct str must_be(const struct setting_source *s, const struct setting *v)
{
	if (v->key.len == 0)
		return STR("this value must be");
	return arena_printf(s->run, "'%.*s' must be", STR_ARG(v->key));
}

static bool unknown_key(const struct setting_source *s, const struct setting *v,
                        const char *const *known, size_t count)
{
	struct nearest n = NEAREST_OF(v->key);

	for (size_t i = 0; i < count; i++)
		nearest_offer(&n, str_of(known[i]));
	struct str near = nearest_found(&n);
	if (near.len > 0)
		return setting_wrong(s, v->key_at, "unknown key '%.*s': did you mean '%.*s'?",
		                     STR_ARG(v->key), STR_ARG(near));
	struct str all = STR_EMPTY;
	for (size_t i = 0; i < count; i++)
		all = arena_printf(s->run, "%.*s%s%s", STR_ARG(all), i == 0 ? "" : ", ", known[i]);
	return setting_wrong(s, v->key_at, "unknown key '%.*s': the keys are %.*s", STR_ARG(v->key),
	                     STR_ARG(all));
}

bool setting_table(const struct setting_source *s, const struct setting *v,
                   const char *const *known, size_t count)
{
	if (v->kind != SETTING_TABLE)
		return setting_wrong(s, v->at, "%.*s a table of keys and values",
		                     STR_ARG(must_be(s, v)));
	for (const struct setting *m = v->first; m != NULL; m = m->next) {
		bool is_known = false;
		for (size_t i = 0; i < count; i++)
			is_known |= str_is(m->key, known[i]);
		if (!is_known)
			return unknown_key(s, m, known, count);
	}
	return true;
}

bool setting_string(const struct setting_source *s, const struct setting *v, struct str *out)
{
	if (v->kind != SETTING_STRING)
		return setting_wrong(s, v->at, "%.*s a string", STR_ARG(must_be(s, v)));
	if (v->text.len == 0)
		return setting_wrong(s, v->at, "%.*s more than an empty string",
		                     STR_ARG(must_be(s, v)));
	*out = v->text;
	return true;
}

bool setting_strings(const struct setting_source *s, const struct setting *v, struct str_list *out)
{
	size_t i = 0;

	if (v->kind != SETTING_ARRAY)
		return setting_wrong(s, v->at, "%.*s an array of strings", STR_ARG(must_be(s, v)));
	struct str *items = arena_array(s->run, struct str, v->count);
	for (const struct setting *item = v->first; item != NULL; item = item->next)
		if (!setting_string(s, item, &items[i++]))
			return false;
	*out = (struct str_list){.items = items, .count = v->count};
	return true;
}
