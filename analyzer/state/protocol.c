/*
 * protocol.c - reads the JSON files of rules/protocols. They are ours and embedded,
 * but they are checked like a stranger's: an unknown key or word is an error
 * that names the file and the key.
 */
#include "state/protocol.h"

#include "base/base.h"
#include "base/embedded.h"

#include <jansson.h>
#include <stdlib.h>

struct reader {
	struct arena *run;
	struct diag *diag;
	struct str file;
	struct protocols *out;
	size_t maker_room;
	bool ok;
};

static void complain(struct reader *r, const char *what, const char *subject)
{
	diag_add(r->diag, DIAG_USAGE, r->file, 1, 1, "%s '%s'", what, subject);
	r->ok = false;
}

/* ---- words -------------------------------------------------------------- */

static const struct {
	const char *word;
	struct effect effect;
} effect_words[] = {
	{"none", {DO_NOTHING, DO_NOTHING}}, {"statement", {DO_STATEMENT, DO_MAY_FAIL}},
	{"write", {DO_WRITE, DO_NOTHING}},  {"flush", {DO_FLUSH, DO_FAIL}},
	{"commit", {DO_COMMIT, DO_FAIL}},   {"rollback", {DO_ROLLBACK, DO_ROLLBACK}},
	{"close", {DO_CLOSE, DO_CLOSE}},    {"acquire", {DO_ACQUIRE, DO_NOTHING}},
};

static bool effect_of_word(const char *word, struct effect *out)
{
	for (size_t i = 0; i < ARRAY_LEN(effect_words); i++) {
		if (strcmp(effect_words[i].word, word) != 0)
			continue;
		*out = effect_words[i].effect;
		return true;
	}
	return false;
}

/* "commit", or {"normal": "commit", "raises": "none"} where the two differ from the word's own pair. */
static struct effect read_effect(struct reader *r, const json_t *value, const char *subject)
{
	struct effect effect = {DO_NOTHING, DO_NOTHING}, raised;
	const char *normal = json_string_value(value);
	const char *raises = NULL;
	if (json_is_object(value)) {
		normal = json_string_value(json_object_get(value, "normal"));
		raises = json_string_value(json_object_get(value, "raises"));
	}
	if (normal == NULL || !effect_of_word(normal, &effect))
		complain(r, "unknown effect of", subject);
	if (raises != NULL) {
		if (!effect_of_word(raises, &raised))
			complain(r, "unknown effect of", subject);
		else
			effect.raised = raised.normal;
	}
	return effect;
}

/* ---- one resource kind --------------------------------------------------- */

static void add_maker(struct reader *r, struct str name, enum maker_role role,
                      const struct resource_kind *kind)
{
	struct protocols *p = r->out;
	if (p->maker_count == r->maker_room) {
		size_t room = r->maker_room == 0 ? 64 : r->maker_room * 2;
		struct maker *grown = arena_array(r->run, struct maker, room);
		if (p->maker_count > 0)
			memcpy(grown, p->makers, p->maker_count * sizeof *grown);
		p->makers = grown;
		r->maker_room = room;
	}
	p->makers[p->maker_count++] = (struct maker){name, role, kind};
}

static const struct {
	const char *key;
	enum maker_role role;
} maker_keys[] = {
	{"types", MAKER_TYPE},
	{"factory_types", MAKER_FACTORY_TYPE},
	{"factories", MAKER_FACTORY},
	{"registry_types", MAKER_REGISTRY_TYPE},
	{"registries", MAKER_REGISTRY},
	{"providers", MAKER_PROVIDER},
	{"parameters", MAKER_PARAMETER},
	{"telling", MAKER_TELLING},
	{"telling_awaited", MAKER_TELLING_AWAIT},
};

static void read_names(struct reader *r, const char *key, const json_t *list, enum maker_role role,
                       const struct resource_kind *kind)
{
	size_t i;
	json_t *item;
	if (!json_is_array(list))
		complain(r, "not a list:", key);
	json_array_foreach(list, i, item)
	{
		if (json_is_string(item))
			add_maker(r, arena_str(r->run, str_of(json_string_value(item))), role, kind);
		else
			complain(r, "not a list of texts:", key);
	}
}

static int by_method_name(const void *a, const void *b)
{
	return str_cmp(((const struct method *)a)->name, ((const struct method *)b)->name);
}

static void read_methods(struct reader *r, json_t *methods, struct resource_kind *kind)
{
	const char *name;
	json_t *value;
	size_t n = 0;
	kind->methods = arena_array(r->run, struct method, json_object_size(methods));
	json_object_foreach(methods, name, value)
	{
		kind->methods[n].name = arena_str(r->run, str_of(name));
		kind->methods[n++].effect = read_effect(r, value, name);
	}
	kind->method_count = n;
	if (n > 0)
		qsort(kind->methods, n, sizeof *kind->methods, by_method_name);
}

static bool read_maker_key(struct reader *r, const char *key, json_t *value,
                           const struct resource_kind *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(maker_keys); i++) {
		if (strcmp(maker_keys[i].key, key) == 0) {
			read_names(r, key, value, maker_keys[i].role, kind);
			return true;
		}
	}
	return false;
}

static void read_kind_key(struct reader *r, const char *key, json_t *value,
                          struct resource_kind *kind)
{
	if (read_maker_key(r, key, value, kind))
		return;
	if (strcmp(key, "noun") == 0 && json_is_string(value))
		kind->noun = arena_str(r->run, str_of(json_string_value(value))).ptr;
	else if (strcmp(key, "async") == 0 && json_is_boolean(value))
		kind->is_async = json_is_true(value);
	else if (strcmp(key, "registry") == 0 && json_is_boolean(value))
		kind->is_registry = json_is_true(value);
	else if (strcmp(key, "holding") == 0 && json_is_string(value))
		kind->holding = strcmp(json_string_value(value), "connection") == 0
		                        ? HOLDING_CONNECTION
		                        : HOLDING_TRANSACTION;
	else if (strcmp(key, "with_exit") == 0)
		kind->with_exit = read_effect(r, value, key);
	else if (strcmp(key, "any_other") == 0)
		kind->any_other = read_effect(r, value, key);
	else if (strcmp(key, "methods") == 0 && json_is_object(value))
		read_methods(r, value, kind);
	else
		complain(r, "unknown key or wrong type", key);
}

static void read_kind(struct reader *r, const char *id, json_t *object)
{
	const char *key;
	json_t *value;
	struct resource_kind *kind = arena_new(r->run, struct resource_kind);
	kind->id = arena_str(r->run, str_of(id)).ptr;
	kind->noun = "resource";
	json_object_foreach(object, key, value) read_kind_key(r, key, value, kind);
	struct resource_kind **grown = arena_array(r->run, struct resource_kind *,
	                                           r->out->kind_count + 1);
	if (r->out->kind_count > 0)
		memcpy(grown, r->out->kinds, r->out->kind_count * sizeof(struct resource_kind *));
	grown[r->out->kind_count++] = kind;
	r->out->kinds = grown;
}

/* ---- one file ------------------------------------------------------------ */

/* Appends a list of texts to another. */
static void read_texts(struct reader *r, const char *key, const json_t *list, struct str **texts,
                       size_t *count)
{
	size_t i;
	const json_t *item;
	struct str *all = arena_array(r->run, struct str, *count + json_array_size(list));
	if (*count > 0)
		memcpy(all, *texts, *count * sizeof *all);
	json_array_foreach(list, i, item)
	{
		if (json_is_string(item))
			all[(*count)++] = arena_str(r->run, str_of(json_string_value(item)));
		else
			complain(r, "not a list of texts:", key);
	}
	*texts = all;
}

static void read_top_key(struct reader *r, const char *key, json_t *value)
{
	const char *id;
	json_t *object;
	if (strcmp(key, "resources") == 0)
		json_object_foreach(value, id, object) read_kind(r, id, object);
	else if (strcmp(key, "quiet") == 0)
		read_texts(r, key, value, &r->out->quiet, &r->out->quiet_count);
	else if (strcmp(key, "failures") == 0)
		read_texts(r, key, value, &r->out->failures, &r->out->failure_count);
	else if (strcmp(key, "version") != 0 && strcmp(key, "library") != 0)
		complain(r, "unknown key", key);
}

static void read_file(struct reader *r, const struct embedded_file *file)
{
	json_error_t error;
	const char *key;
	json_t *value;
	r->file = str_of(file->name);
	json_t *root = json_loadb(file->text.ptr, file->text.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		diag_add(r->diag, DIAG_USAGE, r->file, (uint32_t)error.line, (uint32_t)error.column,
		         "%s", error.text);
		r->ok = false;
		return;
	}
	json_object_foreach(root, key, value) read_top_key(r, key, value);
	json_decref(root);
}

static int by_maker_name(const void *a, const void *b)
{
	const struct maker *x = a, *y = b;
	int d = str_cmp(x->name, y->name);
	return d != 0 ? d : (int)x->role - (int)y->role;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool protocols_load(struct arena *run, struct diag *d, struct protocols *out)
{
	struct reader r = {.run = run, .diag = d, .out = out, .ok = true};
	*out = (struct protocols){0};
	for (size_t i = 0; i < embedded_file_count; i++)
		if (str_starts(str_of(embedded_files[i].name), STR("rules/protocols/")))
			read_file(&r, &embedded_files[i]);
	if (out->maker_count > 0)
		qsort(out->makers, out->maker_count, sizeof *out->makers, by_maker_name);
	if (out->quiet_count > 0)
		qsort(out->quiet, out->quiet_count, sizeof *out->quiet, by_text);
	if (out->failure_count > 0)
		qsort(out->failures, out->failure_count, sizeof *out->failures, by_text);
	return r.ok;
}

/* ---- questions ------------------------------------------------------------ */

const struct maker *protocols_maker(const struct protocols *p, struct str name, enum maker_role role)
{
	struct maker key = {name, role, NULL};
	if (p->maker_count == 0)
		return NULL;
	return bsearch(&key, p->makers, p->maker_count, sizeof *p->makers, by_maker_name);
}

static const struct method *find_method(const struct resource_kind *k, struct str name)
{
	struct method key = {.name = name};
	if (k->method_count == 0)
		return NULL;
	return bsearch(&key, k->methods, k->method_count, sizeof *k->methods, by_method_name);
}

struct effect kind_effect(const struct resource_kind *k, struct str method)
{
	const struct method *m = find_method(k, method);
	return m != NULL ? m->effect : k->any_other;
}

bool kind_knows(const struct resource_kind *k, struct str method)
{
	return find_method(k, method) != NULL;
}

bool protocols_quiet(const struct protocols *p, struct str dotted)
{
	if (p->quiet_count == 0)
		return false;
	return bsearch(&dotted, p->quiet, p->quiet_count, sizeof *p->quiet, by_text) != NULL;
}

bool protocols_failure(const struct protocols *p, struct str error)
{
	if (p->failure_count == 0)
		return false;
	return bsearch(&error, p->failures, p->failure_count, sizeof *p->failures, by_text) != NULL;
}
