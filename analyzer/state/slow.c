/*
 * slow.c - reads the JSON files of rules/slow-calls into one sorted table and answers from it. They are
 * ours and embedded, but they are checked like a stranger's: an unknown key or word is an error that names it.
 */
#include "state/slow.h"

#include "base/embedded.h"

#include <jansson.h>
#include <stdlib.h>

#define FOLDER "rules/slow-calls/"

struct reader {
	struct arena *run;
	struct diag *diag;
	struct str file;
	struct slow_calls *out;
	struct slow_family *family; /* of the file */
	size_t room;
	uint32_t groups;
	bool ok;
};

static void complain(struct reader *r, const char *what, const char *subject)
{
	diag_add(r->diag, DIAG_USAGE, r->file, 1, 1, "%s '%s'", what, subject);
	r->ok = false;
}

static void add(struct reader *r, struct slow_entry entry)
{
	struct slow_calls *out = r->out;
	if (out->count == r->room) {
		size_t room = r->room == 0 ? 512 : r->room * 2;
		struct slow_entry *grown = arena_array(r->run, struct slow_entry, room);
		if (out->count > 0)
			memcpy(grown, out->entries, out->count * sizeof *grown);
		out->entries = grown;
		r->room = room;
	}
	entry.family = r->family;
	out->entries[out->count++] = entry;
}

static void read_texts(struct reader *r, const char *key, const json_t *list,
                       struct slow_entry pattern)
{
	size_t i;
	json_t *item;
	if (!json_is_array(list))
		complain(r, "not a list:", key);
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item)) {
			complain(r, "not a list of texts:", key);
			continue;
		}
		pattern.text = arena_str(r->run, str_of(json_string_value(item)));
		add(r, pattern);
	}
}

/* {"types": [...], "methods": [...], "awaited": true} */
static void read_client(struct reader *r, json_t *object)
{
	const char *key;
	json_t *value;
	uint32_t group = ++r->groups;
	bool awaited = json_is_true(json_object_get(object, "awaited"));
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "types") == 0)
			read_texts(r, key, value,
			           (struct slow_entry){.role = SLOW_TYPE, .group = group});
		else if (strcmp(key, "methods") == 0)
			read_texts(r, key, value,
			           (struct slow_entry){
					   .role = SLOW_METHOD, .group = group, .awaited = awaited});
		else if (strcmp(key, "awaited") != 0 || !json_is_boolean(value))
			complain(r, "unknown key or wrong type", key);
	}
}

static void read_clients(struct reader *r, const json_t *list)
{
	size_t i;
	json_t *item;
	if (!json_is_array(list))
		complain(r, "not a list:", "clients");
	json_array_foreach(list, i, item)
	{
		if (json_is_object(item))
			read_client(r, item);
		else
			complain(r, "not a list of objects:", "clients");
	}
}

static const struct {
	const char *key;
	enum slow_role role;
} list_keys[] = {
	{"calls", SLOW_PATH},
	{"awaited_calls", SLOW_PATH_AWAITED},
	{"names", SLOW_NAME},
	{"awaited_names", SLOW_NAME_AWAITED},
};

static void read_key(struct reader *r, const char *key, json_t *value)
{
	for (size_t i = 0; i < ARRAY_LEN(list_keys); i++) {
		if (strcmp(key, list_keys[i].key) == 0) {
			read_texts(r, key, value, (struct slow_entry){.role = list_keys[i].role});
			return;
		}
	}
	if (strcmp(key, "clients") == 0)
		read_clients(r, value);
	else if (strcmp(key, "noun") == 0 && json_is_string(value))
		r->family->noun = arena_str(r->run, str_of(json_string_value(value))).ptr;
	else if (strcmp(key, "socket") == 0 && json_is_boolean(value))
		r->family->is_socket = json_is_true(value);
	else if (strcmp(key, "version") != 0 && strcmp(key, "family") != 0)
		complain(r, "unknown key", key);
}

static void read_file(struct reader *r, const struct embedded_file *file)
{
	json_error_t error;
	const char *key;
	json_t *value;
	r->file = str_of(file->name);
	r->family = arena_new(r->run, struct slow_family);
	r->family->noun = "a slow call";
	json_t *root = json_loadb(file->text.ptr, file->text.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		diag_add(r->diag, DIAG_USAGE, r->file, (uint32_t)error.line, (uint32_t)error.column,
		         "%s", error.text);
		r->ok = false;
		return;
	}
	const char *id = json_string_value(json_object_get(root, "family"));
	r->family->id = arena_str(r->run, str_of(id == NULL ? "other" : id)).ptr;
	if (id == NULL)
		complain(r, "missing key", "family");
	json_object_foreach(root, key, value) read_key(r, key, value);
	json_decref(root);
}

/* "*.ask_model" is a name, everything else a path. */
static void add_patterns(struct reader *r, const struct str *patterns, size_t count)
{
	r->family = arena_new(r->run, struct slow_family);
	*r->family = (struct slow_family){.id = "configured", .noun = "a call named in slow-calls"};
	r->out->has_patterns = count > 0;
	for (size_t i = 0; i < count; i++) {
		struct str text = arena_str(r->run, patterns[i]);
		bool name = str_starts(text, STR("*."));
		add(r, (struct slow_entry){.role = name ? SLOW_NAME : SLOW_PATH,
		                           .text = name ? str_slice(text, 2, text.len) : text});
	}
}

static int entry_cmp(const void *a, const void *b)
{
	const struct slow_entry *x = a, *y = b;
	uint32_t gx = x->role == SLOW_METHOD ? x->group : 0,
		 gy = y->role == SLOW_METHOD ? y->group : 0;
	if (x->role != y->role)
		return (int)x->role - (int)y->role;
	if (gx != gy)
		return gx < gy ? -1 : 1;
	return str_cmp(x->text, y->text);
}

bool slow_calls_load(struct arena *run, struct diag *d, const struct str *patterns,
                     size_t pattern_count, struct slow_calls *out)
{
	struct reader r = {.run = run, .diag = d, .out = out, .ok = true};
	*out = (struct slow_calls){0};
	for (size_t i = 0; i < embedded_file_count; i++)
		if (str_starts(str_of(embedded_files[i].name), STR(FOLDER)))
			read_file(&r, &embedded_files[i]);
	add_patterns(&r, patterns, pattern_count);
	if (out->count > 0)
		qsort(out->entries, out->count, sizeof *out->entries, entry_cmp);
	out->texts = filter_new(run, out->count);
	for (size_t i = 0; i < out->count; i++)
		filter_add(&out->texts, out->entries[i].text);
	return r.ok;
}

/* ---- questions ------------------------------------------------------------ */

static const struct slow_entry *find(const struct slow_calls *s, enum slow_role role,
                                     uint32_t group, struct str text)
{
	struct slow_entry key = {.text = text, .role = role, .group = group};
	if (s->count == 0 || !filter_may_hold(&s->texts, text))
		return NULL;
	return bsearch(&key, s->entries, s->count, sizeof *s->entries, entry_cmp);
}

/* Where the last part but 'skip' begins; 0 when there are no more. */
static size_t part_before(struct str text, size_t end)
{
	while (end > 0 && text.ptr[end - 1] != '.')
		end--;
	return end;
}

/* The longest tail of 'chain', cut at dots, that is in the table. */
static const struct slow_entry *find_tail(const struct slow_calls *s, enum slow_role role,
                                          uint32_t group, struct str chain)
{
	const struct slow_entry *longest = NULL;
	for (size_t from = part_before(chain, chain.len);; from = part_before(chain, from - 1)) {
		const struct slow_entry *e = find(s, role, group, str_slice(chain, from, chain.len));
		longest = e != NULL ? e : longest;
		if (from == 0)
			return longest;
	}
}

/* The path itself, or a "package.*" that covers it. */
static const struct slow_entry *find_path(const struct slow_calls *s, enum slow_role role,
                                          struct str path)
{
	char star[256];
	const struct slow_entry *e = find(s, role, 0, path);
	for (size_t from = part_before(path, path.len); e == NULL && from > 0;
	     from = part_before(path, from - 1)) {
		if (from + 1 > sizeof star)
			continue;
		memcpy(star, path.ptr, from);
		star[from] = '*';
		e = find(s, role, 0, (struct str){star, from + 1});
	}
	return e;
}

static struct slow_answer answer(enum slow_verdict verdict, const struct slow_entry *e)
{
	return (struct slow_answer){verdict, e->family};
}

struct slow_answer slow_path(const struct slow_calls *s, struct str path)
{
	const struct slow_entry *e = find_path(s, SLOW_PATH, path);
	if (e != NULL)
		return answer(SLOW_WAITS, e);
	e = find_path(s, SLOW_PATH_AWAITED, path);
	if (e != NULL)
		return answer(SLOW_WAITS_AWAITED, e);
	/* the longest front part that is a known class; what follows is what is called on its object */
	for (size_t end = path.len; end > 0;) {
		const struct slow_entry *type = find(s, SLOW_TYPE, 0, str_slice(path, 0, end));
		if (type != NULL && end < path.len) {
			e = find_tail(s, SLOW_METHOD, type->group,
			              str_slice(path, end + 1, path.len));
			if (e == NULL) /* "*": all that such an object does */
				e = find(s, SLOW_METHOD, type->group, STR("*"));
			if (e ==
			    NULL) /* another method, or an object in it: request.app.state.client */
				break;
			return answer(e->awaited ? SLOW_WAITS_AWAITED : SLOW_WAITS, e);
		}
		size_t from = part_before(path, end);
		end = from > 0 ? from - 1 : 0;
	}
	return (struct slow_answer){SLOW_UNKNOWN, NULL};
}

struct slow_answer slow_name(const struct slow_calls *s, struct str chain)
{
	const struct slow_entry *e = find_tail(s, SLOW_NAME, 0, chain);
	if (e != NULL)
		return answer(SLOW_WAITS, e);
	e = find_tail(s, SLOW_NAME_AWAITED, 0, chain);
	if (e != NULL)
		return answer(SLOW_WAITS_AWAITED, e);
	return (struct slow_answer){SLOW_UNKNOWN, NULL};
}
