/* query.c - compiles queries/entry_points.scm and runs it on decorated definitions. */
#include "syntax/query.h"
#include "base/embedded.h"
#include "base/memory.h"
#include "syntax/predicate.h"

#include <ctype.h>
#include <stdlib.h>
#include <stb/stb_ds.h>

/* What the patterns may capture; a name with '_' in front is for predicates only. */
enum slot { SLOT_NONE, SLOT_DECORATOR, SLOT_RECEIVER, SLOT_METHOD, SLOT_ROUTE, SLOT_COUNT };

static const char *const slot_names[SLOT_COUNT] = {
	[SLOT_NONE] = "",         [SLOT_DECORATOR] = "decorator", [SLOT_RECEIVER] = "receiver",
	[SLOT_METHOD] = "method", [SLOT_ROUTE] = "route",
};

/* The words that (#set! entry ...) may give; entry_match in flow/module.h lists them too. */
static const char *const entry_words[] = {
	"http",      "websocket", "middleware", "hook",    "task",
	"scheduler", "socketio",  "startup",    "fixture", "command",
};

enum {
	CAPTURES_MAX = 64,
	MATCHES_MAX = 1024, /* in progress at once; decorators are few, so this is never near */
};

struct entry_query {
	TSQuery *query;
	struct predicates *predicates;
	uint8_t slots[CAPTURES_MAX]; /* enum slot by capture */
};

static const char *error_word(TSQueryError error)
{
	switch (error) {
	case TSQueryErrorSyntax: return "invalid syntax at";
	case TSQueryErrorNodeType: return "unknown node type";
	case TSQueryErrorField: return "unknown field";
	case TSQueryErrorCapture: return "unknown capture";
	case TSQueryErrorStructure: return "impossible pattern at";
	case TSQueryErrorLanguage: return "unusable grammar for";
	case TSQueryErrorNone: break;
	}
	return "invalid query at";
}

/* The word at an offset of the query, for messages. */
static struct str word_at(struct str text, uint32_t offset)
{
	size_t end = offset;

	while (end < text.len && !isspace((unsigned char)text.ptr[end]) && text.ptr[end] != ')')
		end++;
	return str_slice(text, offset, end);
}

static bool map_captures(struct entry_query *q, struct str path, struct str text, struct diag *d)
{
	uint32_t count = ts_query_capture_count(q->query);

	for (uint32_t c = 0; c < count; c++) {
		struct str name = STR_EMPTY;
		uint32_t len = 0;
		name.ptr = ts_query_capture_name_for_id(q->query, c, &len);
		name.len = len;
		uint8_t slot = c < CAPTURES_MAX && name.len > 0 && name.ptr[0] == '_' ? 0
		                                                                      : SLOT_COUNT;
		for (uint8_t s = 1; s < SLOT_COUNT && c < CAPTURES_MAX; s++)
			if (str_is(name, slot_names[s]))
				slot = s;
		if (slot == SLOT_COUNT) {
			const char *at = memmem(text.ptr, text.len, name.ptr, name.len);
			query_mistake(d, path, text, at == NULL ? 0 : (uint32_t)(at - text.ptr),
			              "unknown capture", name);
			return false;
		}
		q->slots[c] = slot;
	}
	return true;
}

static bool is_entry_word(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(entry_words); i++)
		if (str_is(word, entry_words[i]))
			return true;
	return false;
}

static bool check_entries(const struct entry_query *q, struct str path, struct str text,
                          struct diag *d)
{
	for (uint32_t p = 0; p < ts_query_pattern_count(q->query); p++)
		for (uint32_t g = 0; g < predicates_group_count(q->predicates, p); g++) {
			struct str word = predicates_entry(q->predicates, p, g);
			if (is_entry_word(word))
				continue;
			query_mistake(d, path, text, ts_query_start_byte_for_pattern(q->query, p),
			              "unknown kind of entry point", word);
			return false;
		}
	return true;
}

struct entry_query *entry_query_compile(const TSLanguage *language, struct str path,
                                        struct str text, struct diag *d)
{
	struct entry_query *q = memory_resize(NULL, sizeof(*q));
	uint32_t offset = 0;
	TSQueryError error = TSQueryErrorNone;

	memset(q, 0, sizeof(*q));
	q->query = ts_query_new(language, text.ptr, (uint32_t)text.len, &offset, &error);
	if (q->query == NULL) {
		query_mistake(d, path, text, offset, error_word(error), word_at(text, offset));
		free(q);
		return NULL;
	}
	q->predicates = predicates_new(q->query, path, text, d);
	if (q->predicates != NULL && map_captures(q, path, text, d) &&
	    check_entries(q, path, text, d))
		return q;
	entry_query_free(q);
	return NULL;
}

struct entry_query *entry_query_new(const TSLanguage *language, struct diag *d)
{
	struct str path = STR("queries/entry_points.scm");
	const struct embedded_file *file = embedded_find(path);

	if (file != NULL)
		return entry_query_compile(language, path, file->text, d);
	diag_add(d, DIAG_USAGE, path, 0, 0, "not part of this program");
	return NULL;
}

void entry_query_free(struct entry_query *q)
{
	if (q == NULL)
		return;
	predicates_free(q->predicates);
	if (q->query != NULL)
		ts_query_delete(q->query);
	free(q);
}

/* ---- running -------------------------------------------------------------- */

/* A dotted path of plain names; anything else is no receiver that has a name. */
static name_id dotted(struct ast *out, TSNode node)
{
	struct str s = str_slice(out->text, ts_node_start_byte(node), ts_node_end_byte(node));

	for (size_t i = 0; i < s.len; i++)
		if (!isalnum((unsigned char)s.ptr[i]) && s.ptr[i] != '_' && s.ptr[i] != '.' &&
		    (s.ptr[i] & 0x80) == 0)
			return NAME_NONE;
	return intern(out->names, s);
}

static name_id exact(struct ast *out, TSNode node)
{
	return intern(out->names,
	              str_slice(out->text, ts_node_start_byte(node), ts_node_end_byte(node)));
}

static void take_capture(struct ast *out, enum slot slot, TSNode node, struct ast_entry *e)
{
	switch (slot) {
	case SLOT_DECORATOR:
		e->decorator = (struct span){ts_node_start_byte(node), ts_node_end_byte(node)};
		break;
	case SLOT_RECEIVER: e->receiver = dotted(out, node); break;
	case SLOT_METHOD: e->method = exact(out, node); break;
	case SLOT_ROUTE: e->route = exact(out, node); break;
	case SLOT_NONE:
	case SLOT_COUNT: break;
	}
}

/* By decorator, then by kind; of equals the one that knows the route comes first. */
static int compare_entries(const void *x, const void *y)
{
	const struct ast_entry *a = x, *b = y;

	if (a->decorator.start != b->decorator.start)
		return a->decorator.start < b->decorator.start ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return (b->route != NAME_NONE) - (a->route != NAME_NONE);
}

/* Puts the entries of one definition in order; a decorator counts once for a kind. */
static void settle_entries(struct ast *out, size_t first)
{
	size_t count = arrlenu(out->entries), kept = first;

	if (count - first < 2)
		return;
	qsort(out->entries + first, count - first, sizeof(*out->entries), compare_entries);
	for (size_t i = first; i < count; i++) {
		const struct ast_entry *e = &out->entries[i];
		const struct ast_entry *last = kept > first ? &out->entries[kept - 1] : NULL;
		if (last != NULL && last->decorator.start == e->decorator.start &&
		    last->kind == e->kind)
			continue;
		out->entries[kept++] = *e;
	}
	arrsetlen(out->entries, kept);
}

static void add_match(const struct entry_query *q, const TSQueryMatch *m, uint32_t definition,
                      struct ast *out)
{
	uint32_t count = predicates_group_count(q->predicates, m->pattern_index);

	for (uint32_t g = 0; g < count; g++) {
		if (!predicates_hold(q->predicates, m, g, out->text))
			continue;
		struct ast_entry e = {.definition = definition};
		e.kind = intern(out->names, predicates_entry(q->predicates, m->pattern_index, g));
		for (uint16_t i = 0; i < m->capture_count; i++)
			take_capture(out, (enum slot)q->slots[m->captures[i].index],
			             m->captures[i].node, &e);
		arrput(out->entries, e);
	}
}

bool entry_query_run(const struct entry_query *q, TSQueryCursor *cursor, TSNode node,
                     struct ast *out, const char **why)
{
	size_t first = arrlenu(out->entries);
	TSQueryMatch m;

	ts_query_cursor_set_max_start_depth(cursor, 0); /* patterns begin at the definition */
	ts_query_cursor_set_match_limit(cursor, MATCHES_MAX);
	ts_query_cursor_exec(cursor, q->query, node);
	while (ts_query_cursor_next_match(cursor, &m))
		add_match(q, &m, ts_node_start_byte(node), out);
	settle_entries(out, first);
	if (!ts_query_cursor_did_exceed_match_limit(cursor))
		return true;
	*why = "too many matches of queries/entry_points.scm at once";
	return false;
}
