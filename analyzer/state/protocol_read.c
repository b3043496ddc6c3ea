/*
 * protocol_read.c - reads protocol files: those of rules/protocols, which are part of the program, and a
 * user's own. Both are checked alike: a key or word that is not known is an error
 * with its line and column. Kinds may name each other, so all are announced before one is read.
 */
#include "state/protocol.h"

#include "base/embedded.h"
#include "input/path.h"
#include "input/setting.h"
#include "input/source.h"
#include "state/protocol_order.h"

#include <stdlib.h>

#define LIKE_DEPTH_MAX 4 /* kinds that are like kinds that are like kinds */

/* A kind that was announced: where it stands, and whether its keys were read. */
struct announced {
	struct setting_source *source;
	const struct setting *value;
	const char *library;
	struct resource_kind *kind;
	bool read;
};

struct reader {
	struct arena *run;
	struct diag *diag;
	struct protocols *out;
	struct announced *all;
	size_t count, room, maker_room, kind_room, quiet_room, borrower_room, awaited_room,
		failure_room;
	struct setting_source *s; /* of the file at hand */
};

/* Makes room for one item more. */
#define GROW(r, array, count, room)                                                                \
	do {                                                                                       \
		if ((count) == (room)) {                                                           \
			(room) = (room) == 0 ? 32 : (room)*2;                                      \
			void *grown_ = arena_alloc_array((r)->run, (room), sizeof *(array), 16);   \
			if ((count) > 0)                                                           \
				memcpy(grown_, (array), (count) * sizeof *(array));                \
			(array) = grown_;                                                          \
		}                                                                                  \
	} while (0)

/* ---- words ----------------------------------------------------------------------- */

static const struct effect_word {
	const char *word;
	struct effect effect;
	bool reads_sql;
} effect_words[] = {
	{"none", {DO_NOTHING, DO_NOTHING}, false},
	{"statement", {DO_STATEMENT, DO_MAY_FAIL}, false},
	{"sql", {DO_STATEMENT, DO_MAY_FAIL}, true},
	{"write", {DO_WRITE, DO_NOTHING}, false},
	{"flush", {DO_FLUSH, DO_FAIL}, false},
	{"begin", {DO_STATEMENT, DO_NOTHING}, false},
	{"commit", {DO_COMMIT, DO_FAIL}, false},
	{"rollback", {DO_ROLLBACK, DO_ROLLBACK}, false},
	{"close", {DO_CLOSE, DO_CLOSE}, false},
	{"acquire", {DO_ACQUIRE, DO_NOTHING}, false},
};

static const char *const layer_words[] = {"session", "connection", "engine"};
static const char *const dropped_words[] = {"collector", "at-once", "never"};
static const char *const begins_words[] = {"statement", "write", "explicitly"};
static const char *const server_words[] = {"other", "postgresql", "by-address"};
static const char *const holding_words[] = {"transaction", "connection"};

/* Which of the words it is; -1 after a complaint. */
static int read_word(struct reader *r, const struct setting *v, const char *const *words,
                     size_t count)
{
	struct str text, all = STR_EMPTY;
	if (!setting_string(r->s, v, &text))
		return -1;
	for (size_t i = 0; i < count; i++)
		if (str_is(text, words[i]))
			return (int)i;
	for (size_t i = 0; i < count; i++)
		all = arena_printf(r->run, "%.*s%s%s", STR_ARG(all), i == 0 ? "" : ", ", words[i]);
	setting_wrong(r->s, v->at, "'%.*s' is none of %.*s", STR_ARG(text), STR_ARG(all));
	return -1;
}

static const struct effect_word *read_effect_word(struct reader *r, const struct setting *v)
{
	const char *words[ARRAY_LEN(effect_words)];
	for (size_t i = 0; i < ARRAY_LEN(effect_words); i++)
		words[i] = effect_words[i].word;
	int found = read_word(r, v, words, ARRAY_LEN(words));
	return found < 0 ? NULL : &effect_words[found];
}

static bool read_flag(struct reader *r, const struct setting *v, bool *out)
{
	char first = v->kind == SETTING_OTHER ? r->s->text.ptr[v->at] : '\0';
	if (first != 't' && first != 'f')
		return setting_wrong(r->s, v->at, "'%.*s' must be true or false", STR_ARG(v->key));
	*out = first == 't';
	return true;
}

/* ---- names -------------------------------------------------------------------------- */

static const struct maker_key {
	const char *key;
	enum maker_role role;
} maker_keys[] = {
	{"types", MAKER_TYPE},
	{"factory_types", MAKER_FACTORY_TYPE},
	{"factories", MAKER_FACTORY},
	{"registry_types", MAKER_REGISTRY_TYPE},
	{"registries", MAKER_REGISTRY},
	{"providers", MAKER_PROVIDER},
	{"registry_owners", MAKER_REGISTRY_OWNER},
	{"makers", MAKER_FUNCTION},
	{"customary", MAKER_CUSTOMARY},
	{"by_use", MAKER_BY_USE},
	{"objects", MAKER_OBJECT},
	{"parameters", MAKER_PARAMETER},
	{"telling", MAKER_TELLING},
	{"telling_awaited", MAKER_TELLING_AWAIT},
};

static bool read_makers(struct reader *r, const struct setting *v, enum maker_role role,
                        const struct resource_kind *kind)
{
	struct str_list names;
	if (!setting_strings(r->s, v, &names))
		return false;
	for (size_t i = 0; i < names.count; i++) {
		GROW(r, r->out->makers, r->out->maker_count, r->maker_room);
		r->out->makers[r->out->maker_count++] = (struct maker){names.items[i], role, kind};
	}
	return true;
}

static bool read_list(struct reader *r, const struct setting *v, struct str **list, size_t *count,
                      size_t *room)
{
	struct str_list names;
	if (!setting_strings(r->s, v, &names))
		return false;
	for (size_t i = 0; i < names.count; i++) {
		GROW(r, *list, *count, *room);
		(*list)[(*count)++] = names.items[i];
	}
	return true;
}

static struct announced *find_announced(struct reader *r, struct str id)
{
	for (size_t i = 0; i < r->count; i++)
		if (str_is(id, r->all[i].kind->id))
			return &r->all[i];
	return NULL;
}

/* The kind that a value names; NULL after a complaint. */
static struct announced *read_reference(struct reader *r, const struct setting *v)
{
	struct str id;
	if (!setting_string(r->s, v, &id))
		return NULL;
	struct announced *found = find_announced(r, id);
	if (found == NULL)
		setting_wrong(r->s, v->at, "there is no resource '%.*s'", STR_ARG(id));
	return found;
}

/* ---- one kind -------------------------------------------------------------------------- */

/* "commit", or {"normal": "commit", "raises": "none"} where the two differ from the word's own pair. */
static bool read_effect(struct reader *r, const struct setting *v, struct effect *out)
{
	static const char *const keys[] = {"normal", "raises"};
	const struct setting *normal = v, *raises = NULL;
	if (v->kind == SETTING_TABLE) {
		if (!setting_table(r->s, v, keys, ARRAY_LEN(keys)))
			return false;
		normal = setting_member(v, STR("normal"));
		raises = setting_member(v, STR("raises"));
		if (normal == NULL)
			return setting_wrong(r->s, v->at, "'normal' is missing");
	}
	const struct effect_word *word = read_effect_word(r, normal);
	const struct effect_word *raised = raises == NULL ? word : read_effect_word(r, raises);
	if (word == NULL || raised == NULL)
		return false;
	out->normal = word->effect.normal;
	out->raised = raises == NULL ? word->effect.raised : raised->effect.normal;
	return true;
}

static bool read_method_table(struct reader *r, const struct setting *v, struct method *m)
{
	static const char *const keys[] = {"effect", "normal", "raises", "gives", "ends"};
	if (!setting_table(r->s, v, keys, ARRAY_LEN(keys)))
		return false;
	for (const struct setting *k = v->first; k != NULL; k = k->next) {
		if (str_is(k->key, "gives")) {
			struct announced *given = read_reference(r, k);
			if (given == NULL)
				return false;
			m->gives = given->kind;
		} else if (str_is(k->key, "ends")) {
			static const char *const what[] = {"argument"};
			if (read_word(r, k, what, 1) < 0)
				return false;
			m->ends_argument = true;
		} else {
			const struct effect_word *word = read_effect_word(r, k);
			if (word == NULL)
				return false;
			if (str_is(k->key, "raises"))
				m->effect.raised = word->effect.normal;
			else
				m->effect = word->effect;
			m->reads_sql |= word->reads_sql;
		}
	}
	return true;
}

static bool read_method(struct reader *r, const struct setting *v, struct method *m)
{
	*m = (struct method){.name = v->key};
	if (v->kind == SETTING_TABLE)
		return read_method_table(r, v, m);
	const struct effect_word *word = read_effect_word(r, v);
	if (word == NULL)
		return false;
	m->effect = word->effect;
	m->reads_sql = word->reads_sql;
	return true;
}

/* Adds to what the kind has from the one it is like; the same name again takes its place. */
static bool read_methods(struct reader *r, const struct setting *v, struct resource_kind *kind)
{
	if (v->kind != SETTING_TABLE)
		return setting_wrong(r->s, v->at, "'methods' must be a table of names and effects");
	struct method *all = arena_array(r->run, struct method, kind->method_count + v->count);
	size_t n = kind->method_count;
	if (n > 0)
		memcpy(all, kind->methods, n * sizeof *all);
	for (const struct setting *k = v->first; k != NULL; k = k->next) {
		size_t at = 0;
		while (at < n && !str_eq(all[at].name, k->key))
			at++;
		if (!read_method(r, k, &all[at]))
			return false;
		n += at == n;
	}
	qsort(all, n, sizeof *all, by_method_name);
	kind->methods = all;
	kind->method_count = n;
	return true;
}

/* "autocommit=True" */
static bool read_switches(struct reader *r, const struct setting *v, struct resource_kind *kind)
{
	struct str_list words;
	if (!setting_strings(r->s, v, &words))
		return false;
	kind->autocommit = arena_array(r->run, struct switch_word, words.count);
	kind->autocommit_count = words.count;
	for (size_t i = 0; i < words.count; i++) {
		struct str w = words.items[i];
		const char *equals = memchr(w.ptr, '=', w.len);
		if (equals == NULL)
			return setting_wrong(r->s, v->at, "'%.*s' is not of the form name=value",
			                     STR_ARG(w));
		size_t at = (size_t)(equals - w.ptr);
		kind->autocommit[i] = (struct switch_word){str_slice(w, 0, at),
		                                           str_slice(w, at + 1, w.len)};
	}
	return true;
}

static bool read_kind(struct reader *r, struct announced *a, unsigned depth);

/* "like": everything but its makers; "view_of": the connection behind a cursor. */
static bool read_relation(struct reader *r, const struct setting *v, struct resource_kind *kind,
                          unsigned depth)
{
	struct announced *other = read_reference(r, v);
	if (other == NULL)
		return false;
	if (depth == LIKE_DEPTH_MAX)
		return setting_wrong(r->s, v->at, "'%.*s' goes in a circle, or too deep",
		                     STR_ARG(v->key));
	struct setting_source *here = r->s;
	bool ok = read_kind(r, other, depth + 1);
	r->s = here;
	struct resource_kind copy = *other->kind;
	copy.id = kind->id;
	copy.library = kind->library;
	if (str_is(v->key, "view_of")) {
		copy.view_of = other->kind;
		copy.methods = NULL;
		copy.method_count = 0;
		copy.with_exit = copy.any_other;
	}
	*kind = copy;
	return ok;
}

static bool read_words(struct reader *r, const struct setting *v, struct resource_kind *kind)
{
	int found = -1;
	if (str_is(v->key, "layer") && (found = read_word(r, v, layer_words, 3)) >= 0)
		kind->layer = (enum layer)found;
	else if (str_is(v->key, "dropped") && (found = read_word(r, v, dropped_words, 3)) >= 0)
		kind->dropped = kind->old_dropped = (enum dropped)found;
	else if (str_is(v->key, "old_dropped") && (found = read_word(r, v, dropped_words, 3)) >= 0)
		kind->old_dropped = (enum dropped)found;
	else if (str_is(v->key, "begins") && (found = read_word(r, v, begins_words, 3)) >= 0)
		kind->begins = (enum begins)found;
	else if (str_is(v->key, "holding") && (found = read_word(r, v, holding_words, 2)) >= 0)
		kind->holding = (enum holding)found;
	else if (str_is(v->key, "server") && (found = read_word(r, v, server_words, 3)) >= 0)
		kind->server = (enum server)found;
	return found >= 0;
}

static bool read_text_of(struct reader *r, const struct setting *v, const char **out)
{
	struct str text;
	if (!setting_string(r->s, v, &text))
		return false;
	*out = arena_str(r->run, text).ptr;
	return true;
}

static bool read_names(struct reader *r, const struct setting *v, const struct str **out,
                       size_t *count)
{
	struct str_list names;
	if (!setting_strings(r->s, v, &names))
		return false;
	*out = names.items;
	*count = names.count;
	return true;
}

static bool read_key(struct reader *r, const struct setting *v, struct resource_kind *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(maker_keys); i++)
		if (str_is(v->key, maker_keys[i].key))
			return read_makers(r, v, maker_keys[i].role, kind);
	if (str_is(v->key, "noun"))
		return read_text_of(r, v, &kind->noun);
	if (str_is(v->key, "idle_limit"))
		return read_text_of(r, v, &kind->idle_limit);
	if (str_is(v->key, "options"))
		return read_names(r, v, &kind->options, &kind->option_count);
	if (str_is(v->key, "private"))
		return read_names(r, v, &kind->private_to, &kind->private_count);
	if (str_is(v->key, "sync"))
		return read_names(r, v, &kind->sync, &kind->sync_count);
	if (str_is(v->key, "old_package"))
		return read_text_of(r, v, &kind->old_package);
	if (str_is(v->key, "old_before")) {
		if (!setting_string(r->s, v, &kind->old_before))
			return false;
		kind->old_before = arena_str(r->run, kind->old_before);
		return true;
	}
	if (str_is(v->key, "old_calls"))
		return read_names(r, v, &kind->old_calls, &kind->old_call_count);
	if (str_is(v->key, "async"))
		return read_flag(r, v, &kind->is_async);
	if (str_is(v->key, "registry"))
		return read_flag(r, v, &kind->is_registry);
	if (str_is(v->key, "held_when_made"))
		return read_flag(r, v, &kind->holds_when_made);
	if (str_is(v->key, "with_exit"))
		return read_effect(r, v, &kind->with_exit);
	if (str_is(v->key, "any_other"))
		return read_effect(r, v, &kind->any_other);
	if (str_is(v->key, "borrowed"))
		return read_effect(r, v, &kind->borrowed);
	if (str_is(v->key, "autocommit"))
		return read_switches(r, v, kind);
	if (str_is(v->key, "methods"))
		return read_methods(r, v, kind);
	return read_words(r, v, kind);
}

static bool read_kind(struct reader *r, struct announced *a, unsigned depth)
{
	static const char *const keys[] = {
		"like",        "view_of",        "noun",           "layer",
		"dropped",     "begins",         "holding",        "async",
		"registry",    "held_when_made", "with_exit",      "borrowed",
		"any_other",   "autocommit",     "methods",        "types",
		"makers",      "customary",      "factory_types",  "factories",
		"providers",   "registries",     "registry_types", "registry_owners",
		"objects",     "parameters",     "telling",        "telling_awaited",
		"by_use",      "server",         "options",        "idle_limit",
		"old_dropped", "old_package",    "old_before",     "old_calls",
		"sync",        "private"};
	if (a->read)
		return true;
	r->s = a->source;
	if (!setting_table(r->s, a->value, keys, ARRAY_LEN(keys)))
		return false;
	const struct setting *base = setting_member(a->value, STR("like"));
	if (base == NULL)
		base = setting_member(a->value, STR("view_of"));
	if (base != NULL && !read_relation(r, base, a->kind, depth))
		return false;
	for (const struct setting *v = a->value->first; v != NULL; v = v->next)
		if (!str_is(v->key, "like") && !str_is(v->key, "view_of") && !read_key(r, v, a->kind))
			return false;
	a->read = true;
	return true;
}

/* ---- files ------------------------------------------------------------------------------ */

static bool announce(struct reader *r, const struct setting *v, const char *library,
                     const char *file)
{
	if (find_announced(r, v->key) != NULL)
		return setting_wrong(r->s, v->key_at, "there is a resource '%.*s' already",
		                     STR_ARG(v->key));
	struct resource_kind *kind = arena_new(r->run, struct resource_kind);
	*kind = (struct resource_kind){.id = arena_str(r->run, v->key).ptr,
	                               .noun = "resource",
	                               .library = library,
	                               .file = file,
	                               .borrowed = {DO_MAY_STATEMENT, DO_MAY_FAIL}};
	GROW(r, r->all, r->count, r->room);
	r->all[r->count++] = (struct announced){r->s, v, library, kind, false};
	GROW(r, r->out->kinds, r->out->kind_count, r->kind_room);
	r->out->kinds[r->out->kind_count++] = kind;
	return true;
}

static bool announce_all(struct reader *r, const struct setting *v, const char *library,
                         const char *file)
{
	if (v->kind != SETTING_TABLE)
		return setting_wrong(r->s, v->at, "'resources' must be a table");
	for (const struct setting *k = v->first; k != NULL; k = k->next)
		if (!announce(r, k, library, file))
			return false;
	return true;
}

/* One file's text, which lives as long as the run: its lists are read, its kinds announced. */
static bool read_text(struct reader *r, struct str path, struct str text, bool own)
{
	static const char *const keys[] = {"version",   "library",           "resources", "quiet",
	                                   "borrowers", "awaited_borrowers", "failures"};
	struct setting *top;
	struct str library = path;
	struct protocols *p = r->out;
	r->s = arena_new(r->run, struct setting_source);
	*r->s = (struct setting_source){r->run, r->diag, path, text};
	if (!json_read(r->s, &top) || !setting_table(r->s, top, keys, ARRAY_LEN(keys)))
		return false;
	const struct setting *version = setting_member(top, STR("version"));
	const struct setting *named = setting_member(top, STR("library"));
	if (version == NULL || !str_is(version->text, "1"))
		return setting_wrong(r->s, version == NULL ? top->at : version->at,
		                     "'version' must be 1");
	if (named != NULL && !setting_string(r->s, named, &library))
		return false;
	for (const struct setting *v = top->first; v != NULL; v = v->next) {
		bool ok = true;
		if (str_is(v->key, "resources"))
			ok = announce_all(r, v, arena_str(r->run, library).ptr,
			                  own ? arena_str(r->run, path).ptr : NULL);
		else if (str_is(v->key, "quiet"))
			ok = read_list(r, v, &p->quiet, &p->quiet_count, &r->quiet_room);
		else if (str_is(v->key, "borrowers"))
			ok = read_list(r, v, &p->borrowers, &p->borrower_count, &r->borrower_room);
		else if (str_is(v->key, "awaited_borrowers"))
			ok = read_list(r, v, &p->awaited_borrowers, &p->awaited_borrower_count,
			               &r->awaited_room);
		else if (str_is(v->key, "failures"))
			ok = read_list(r, v, &p->failures, &p->failure_count, &r->failure_room);
		if (!ok)
			return false;
	}
	return true;
}

static bool read_own(struct reader *r, struct str root, struct str path)
{
	struct source source;
	const char *why;
	if (!source_read(path_join(r->run, root, path).ptr, &source, &why)) {
		diag_add(r->diag, DIAG_USAGE, path, 0, 0, "cannot read this protocol file: %s", why);
		return false;
	}
	struct str text = arena_str(r->run, str_slice(source.text, source.bom, source.text.len));
	source_release(&source);
	return read_text(r, path, text, true);
}

static bool read_files(struct reader *r, struct str root, const struct str_list *own)
{
	for (size_t i = 0; i < embedded_file_count; i++)
		if (str_starts(str_of(embedded_files[i].name), STR("rules/protocols/")) &&
		    !read_text(r, str_of(embedded_files[i].name), embedded_files[i].text, false))
			return false;
	for (size_t i = 0; own != NULL && i < own->count; i++)
		if (!read_own(r, root, own->items[i]))
			return false;
	for (size_t i = 0; i < r->count; i++)
		if (!read_kind(r, &r->all[i], 0))
			return false;
	return true;
}

static void settle_list(struct protocols *out, struct str *list, size_t count)
{
	if (count > 0)
		qsort(list, count, sizeof *list, by_text);
	for (size_t i = 0; i < count; i++)
		filter_add(&out->listed, list[i]);
}

bool protocols_load(struct arena *run, struct diag *d, struct str root, const struct str_list *own,
                    struct protocols *out)
{
	struct reader r = {.run = run, .diag = d, .out = out};
	*out = (struct protocols){0};
	if (!read_files(&r, root, own))
		return false;
	if (out->maker_count > 0)
		qsort(out->makers, out->maker_count, sizeof *out->makers, by_maker_name);
	out->named = filter_new(run, out->maker_count);
	for (size_t i = 0; i < out->maker_count; i++)
		filter_add(&out->named, out->makers[i].name);
	out->listed = filter_new(run, out->quiet_count + out->failure_count + out->borrower_count +
	                                      out->awaited_borrower_count);
	settle_list(out, out->quiet, out->quiet_count);
	settle_list(out, out->failures, out->failure_count);
	settle_list(out, out->borrowers, out->borrower_count);
	settle_list(out, out->awaited_borrowers, out->awaited_borrower_count);
	return true;
}
