/*
 * toml_read.c - [tool.idletx], or everything, out of a TOML text. The grammar
 * gives a syntax tree only; what it means (dotted keys, headers, arrays of
 * tables that later headers extend) is done here. For our table mistakes are
 * errors and the rest of the file is passed over; what others write is read as far as it goes.
 */
#include "input/setting.h"

#include <stdarg.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_toml(void);

enum {
	PARTS_MAX = 8,      /* of one dotted key with its header; ours have five at most */
	DEPTH_MAX = 16,     /* of nested values */
	OWN_PARTS = 2,      /* tool.idletx */
	MEMBERS_MAX = 4096, /* of one table: each new key is compared with all before */
};

/* A key from the top of the file: header and dotted key together. */
struct key_path {
	struct str parts[PARTS_MAX];
	uint32_t at[PARTS_MAX];
	size_t count;
};

struct reader {
	const struct setting_source *s;
	size_t own_parts;    /* names that lead to the table that is read: 0 for everything */
	struct setting *own; /* that table, or NULL until it is seen */
	bool lenient;        /* mistakes are passed over, not said */
	bool ok;             /* false: said what is wrong */
};

static void complain(struct reader *r, uint32_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void complain(struct reader *r, uint32_t at, const char *format, ...)
{
	va_list args;

	if (r->lenient)
		return;
	va_start(args, format);
	struct str text = arena_vprintf(r->s->run, format, args);
	va_end(args);
	r->ok = setting_wrong(r->s, at, "%.*s", STR_ARG(text));
}

/* ---- tokens ------------------------------------------------------------ */

static struct str node_text(const struct reader *r, TSNode node)
{
	return str_slice(r->s->text, ts_node_start_byte(node), ts_node_end_byte(node));
}

static bool node_is(TSNode node, const char *type)
{
	return strcmp(ts_node_type(node), type) == 0;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00u >> n) | c);
	return n;
}

static uint32_t hex_number(struct str digits)
{
	uint32_t n = 0;

	for (size_t i = 0; i < digits.len; i++) {
		unsigned char c = (unsigned char)digits.ptr[i];
		n = n << 4 | (c <= '9' ? c - '0' + 0u : (c | 0x20u) - 'a' + 10u);
	}
	return n;
}

/* One escape at raw[*at] == '\\', written to 'out'; moves behind it. Returns the bytes written. */
static size_t put_escape(struct str raw, size_t *at, char *out)
{
	static const char letters[] = "btnfr\"\\", meant[] = "\b\t\n\f\r\"\\";
	char c = *at + 1 < raw.len ? raw.ptr[*at + 1] : '\0';
	const char *letter = c == '\0' ? NULL : strchr(letters, c);
	size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;

	*at += 2;
	if (letter != NULL) {
		*out = meant[letter - letters];
		return 1;
	}
	if (digits > 0) {
		struct str number = str_slice(raw, *at, *at + digits);
		*at += digits;
		return put_utf8(out, hex_number(number));
	}
	/* A backslash at the end of a line takes the white space that follows with it. */
	while (*at < raw.len && strchr(" \t\r\n", raw.ptr[*at]) != NULL)
		++*at;
	return 0;
}

/* The content of a string as written, quotes and all. */
static struct str string_content(const struct reader *r, struct str raw)
{
	bool literal = raw.len > 0 && raw.ptr[0] == '\'';
	size_t quotes = raw.len >= 6 && raw.ptr[1] == raw.ptr[0] && raw.ptr[2] == raw.ptr[0] ? 3 : 1;

	if (raw.len < 2 * quotes)
		return STR_EMPTY;
	raw = str_slice(raw, quotes, raw.len - quotes);
	if (quotes == 3 && str_starts(raw, STR("\r\n")))
		raw = str_slice(raw, 2, raw.len);
	else if (quotes == 3 && str_starts(raw, STR("\n")))
		raw = str_slice(raw, 1, raw.len);
	if (literal || memchr(raw.ptr, '\\', raw.len) == NULL)
		return arena_str(r->s->run, raw);
	/* No escape is shorter than what it stands for. */
	char *out = arena_array(r->s->run, char, raw.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < raw.len;) {
		if (raw.ptr[i] == '\\')
			len += put_escape(raw, &i, out + len);
		else
			out[len++] = raw.ptr[i++];
	}
	return (struct str){out, len};
}

/* ---- keys -------------------------------------------------------------- */

static void key_add(struct reader *r, struct key_path *path, TSNode node)
{
	struct str text = node_text(r, node);

	if (path->count == PARTS_MAX)
		return;
	path->at[path->count] = ts_node_start_byte(node);
	path->parts[path->count++] = node_is(node, "quoted_key") ? string_content(r, text) : text;
}

static bool is_key(TSNode node)
{
	return node_is(node, "bare_key") || node_is(node, "quoted_key") ||
	       node_is(node, "dotted_key");
}

/*
 * Appends the parts of a key. A dotted key nests to the left; going down to its
 * first part and then along the siblings on the way up gives them in order.
 */
static void key_append(struct reader *r, struct key_path *path, TSNode key)
{
	TSTreeCursor cursor = ts_tree_cursor_new(key);
	size_t depth = 0;

	for (;;) {
		TSNode node = ts_tree_cursor_current_node(&cursor);
		if (node_is(node, "dotted_key") && ts_tree_cursor_goto_first_child(&cursor)) {
			depth++;
			continue;
		}
		if (node_is(node, "bare_key") || node_is(node, "quoted_key"))
			key_add(r, path, node);
		while (depth > 0 && !ts_tree_cursor_goto_next_sibling(&cursor)) {
			ts_tree_cursor_goto_parent(&cursor);
			depth--;
		}
		if (depth == 0)
			break;
	}
	ts_tree_cursor_delete(&cursor);
}

/* Is this key below the table that is read, or that itself? */
static bool is_own(const struct reader *r, const struct key_path *path)
{
	return r->own_parts == 0 || (path->count >= OWN_PARTS && str_is(path->parts[0], "tool") &&
	                             str_is(path->parts[1], "idletx"));
}

/* Could a table of this name hold ours? */
static bool leads_to_own(const struct reader *r, const struct key_path *path)
{
	return r->own_parts > 0 && path->count == 1 && str_is(path->parts[0], "tool");
}

/* ---- values ------------------------------------------------------------ */

static struct setting *read_value(struct reader *r, TSNode node, unsigned depth);
static void read_pair(struct reader *r, const struct key_path *header, TSNode pair);
static void put(struct reader *r, struct setting *table, const struct key_path *path, size_t from,
                struct setting *value);

/* Key and value of a pair; false when a syntax error has left it without. */
static bool pair_parts(TSNode pair, TSNode *key, TSNode *value)
{
	if (ts_node_named_child_count(pair) < 2)
		return false;
	*key = ts_node_named_child(pair, 0);
	*value = ts_node_named_child(pair, 1);
	return is_key(*key) && !node_is(*value, "ERROR");
}

static void read_inline_pair(struct reader *r, struct setting *table, TSNode pair, unsigned depth)
{
	struct key_path path = {.count = 0};
	TSNode key, value;

	if (!node_is(pair, "pair") || !pair_parts(pair, &key, &value))
		return;
	key_append(r, &path, key);
	put(r, table, &path, 0, read_value(r, value, depth + 1));
}

static void read_children(struct reader *r, struct setting *v, TSNode node, unsigned depth)
{
	TSTreeCursor cursor = ts_tree_cursor_new(node);

	for (bool more = ts_tree_cursor_goto_first_child(&cursor); more && r->ok;
	     more = ts_tree_cursor_goto_next_sibling(&cursor)) {
		TSNode child = ts_tree_cursor_current_node(&cursor);
		if (!ts_node_is_named(child) || node_is(child, "comment"))
			continue;
		if (v->kind == SETTING_TABLE)
			read_inline_pair(r, v, child, depth);
		else
			setting_append(v, read_value(r, child, depth + 1));
	}
	ts_tree_cursor_delete(&cursor);
}

static struct setting *read_value(struct reader *r, TSNode node, unsigned depth)
{
	struct setting *v = setting_new(r->s->run, SETTING_OTHER, ts_node_start_byte(node));

	if (node_is(node, "string")) {
		v->kind = SETTING_STRING;
		v->text = string_content(r, node_text(r, node));
		if (memchr(v->text.ptr, '\0', v->text.len) != NULL)
			complain(r, v->at, "a string must not hold a NUL character");
	} else if (node_is(node, "integer") || node_is(node, "float")) {
		v->kind = SETTING_NUMBER;
		v->text = node_text(r, node);
	} else if (depth < DEPTH_MAX && (node_is(node, "array") || node_is(node, "inline_table"))) {
		v->kind = node_is(node, "array") ? SETTING_ARRAY : SETTING_TABLE;
		read_children(r, v, node, depth);
	}
	return v;
}

/* ---- the tree ---------------------------------------------------------- */

static struct setting *add_member(struct reader *r, struct setting *table, struct str key,
                                  uint32_t at, struct setting *value)
{
	value->key = arena_str(r->s->run, key);
	value->key_at = at;
	setting_append(table, value);
	return value;
}

/*
 * From 'table' along the parts of a path, up to but not including 'to'. Tables are made where
 * there are none; of an array of tables the last one is meant. NULL after saying what is wrong.
 */
static struct setting *descend(struct reader *r, struct setting *table, const struct key_path *path,
                               size_t from, size_t to)
{
	if (table == NULL)
		return NULL;
	for (size_t i = from; i < to; i++) {
		struct setting *next = setting_member(table, path->parts[i]);
		if (next == NULL && table->count >= MEMBERS_MAX) {
			complain(r, path->at[i], "more than %d keys in one table", MEMBERS_MAX);
			return NULL;
		}
		if (next == NULL)
			next = add_member(r, table, path->parts[i], path->at[i],
			                  setting_new(r->s->run, SETTING_TABLE, path->at[i]));
		if (next->kind == SETTING_ARRAY && next->last != NULL)
			next = next->last;
		if (next->kind != SETTING_TABLE) {
			complain(r, path->at[i], "'%.*s' is set to a value elsewhere",
			         STR_ARG(path->parts[i]));
			return NULL;
		}
		table = next;
	}
	return table;
}

/* Sets path[from..] below 'table'. */
static void put(struct reader *r, struct setting *table, const struct key_path *path, size_t from,
                struct setting *value)
{
	if (path->count <= from)
		return;
	size_t last = path->count - 1;
	table = descend(r, table, path, from, last);
	if (table == NULL)
		return;
	if (table->count >= MEMBERS_MAX)
		complain(r, path->at[last], "more than %d keys in one table", MEMBERS_MAX);
	else if (setting_member(table, path->parts[last]) != NULL)
		complain(r, path->at[last], "'%.*s' is set twice", STR_ARG(path->parts[last]));
	else
		add_member(r, table, path->parts[last], path->at[last], value);
}

/* 'path' is below it, or its own. */
static struct setting *own_table(struct reader *r, const struct key_path *path)
{
	if (r->own == NULL)
		r->own = setting_new(r->s->run, SETTING_TABLE, path->at[r->own_parts - 1]);
	return r->own;
}

/* tool = { idletx = { ... } }, and the like: the pairs inside, each with its whole path. */
static void read_inner_pairs(struct reader *r, const struct key_path *path, TSNode table)
{
	TSTreeCursor cursor = ts_tree_cursor_new(table);

	for (bool more = ts_tree_cursor_goto_first_child(&cursor); more && r->ok;
	     more = ts_tree_cursor_goto_next_sibling(&cursor)) {
		TSNode child = ts_tree_cursor_current_node(&cursor);
		if (node_is(child, "pair"))
			read_pair(r, path, child);
	}
	ts_tree_cursor_delete(&cursor);
}

static void read_pair(struct reader *r, const struct key_path *header, TSNode pair)
{
	struct key_path path = *header;
	TSNode key, value;

	if (!pair_parts(pair, &key, &value))
		return;
	key_append(r, &path, key);
	if (leads_to_own(r, &path) && node_is(value, "inline_table")) {
		read_inner_pairs(r, &path, value);
	} else if (r->own_parts > 0 && is_own(r, &path) && path.count == r->own_parts) {
		if (node_is(value, "inline_table"))
			read_inner_pairs(r, &path, value);
		else
			complain(r, ts_node_start_byte(value), "'tool.idletx' must be a table");
		own_table(r, &path);
	} else if (is_own(r, &path)) {
		put(r, own_table(r, &path), &path, r->own_parts, read_value(r, value, 0));
	}
}

/* [[tool.idletx.x]]: one more table at the end of x. */
static void begin_element(struct reader *r, const struct key_path *header)
{
	struct str name = header->parts[header->count - 1];
	uint32_t at = header->at[header->count - 1];
	struct setting *table = descend(r, own_table(r, header), header, r->own_parts,
	                                header->count - 1);

	if (table == NULL)
		return;
	struct setting *array = setting_member(table, name);
	if (array == NULL && table->count >= MEMBERS_MAX) {
		complain(r, at, "more than %d keys in one table", MEMBERS_MAX);
		return;
	}
	if (array == NULL)
		array = add_member(r, table, name, at, setting_new(r->s->run, SETTING_ARRAY, at));
	if (array->kind == SETTING_ARRAY)
		setting_append(array, setting_new(r->s->run, SETTING_TABLE, at));
	else
		complain(r, at, "'%.*s' is set to a value elsewhere", STR_ARG(name));
}

/* A header and the pairs below it. */
static void read_table(struct reader *r, TSNode node)
{
	struct key_path header = {.count = 0};
	TSTreeCursor cursor = ts_tree_cursor_new(node);
	bool has_header = false;

	for (bool more = ts_tree_cursor_goto_first_child(&cursor); more && r->ok;
	     more = ts_tree_cursor_goto_next_sibling(&cursor)) {
		TSNode child = ts_tree_cursor_current_node(&cursor);
		if (!has_header && is_key(child)) {
			has_header = true;
			key_append(r, &header, child);
			if (!is_own(r, &header) && !leads_to_own(r, &header))
				break;
			if (is_own(r, &header) && node_is(node, "table_array_element") &&
			    header.count > r->own_parts)
				begin_element(r, &header);
			else if (is_own(r, &header))
				descend(r, own_table(r, &header), &header, r->own_parts,
				        header.count);
		} else if (has_header && node_is(child, "pair")) {
			read_pair(r, &header, child);
		}
	}
	ts_tree_cursor_delete(&cursor);
}

static void read_document(struct reader *r, TSNode root)
{
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	struct key_path top = {.count = 0};

	for (bool more = ts_tree_cursor_goto_first_child(&cursor); more && r->ok;
	     more = ts_tree_cursor_goto_next_sibling(&cursor)) {
		TSNode child = ts_tree_cursor_current_node(&cursor);
		if (node_is(child, "pair"))
			read_pair(r, &top, child);
		else if (node_is(child, "table") || node_is(child, "table_array_element"))
			read_table(r, child);
	}
	ts_tree_cursor_delete(&cursor);
}

/* ---- syntax errors ----------------------------------------------------- */

/* Offset of the first node that the parser could not place or had to invent. */
static uint32_t first_error(TSNode root)
{
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	uint32_t at = 0;

	for (;;) {
		TSNode node = ts_tree_cursor_current_node(&cursor);
		bool inside = ts_node_has_error(node);
		if (inside)
			at = ts_node_start_byte(node);
		if (ts_node_is_missing(node) || (node_is(node, "ERROR") && !ts_node_eq(node, root)))
			break;
		if (inside ? !ts_tree_cursor_goto_first_child(&cursor)
		           : !ts_tree_cursor_goto_next_sibling(&cursor))
			break;
	}
	ts_tree_cursor_delete(&cursor);
	return at;
}

/* Does a part of the file that did not parse speak of us? */
static bool error_is_about_us(const struct reader *r, TSNode root)
{
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	bool about_us = node_is(root, "ERROR") &&
	                str_contains(node_text(r, root), STR("tool.idletx"));

	for (bool more = ts_tree_cursor_goto_first_child(&cursor); more && !about_us;
	     more = ts_tree_cursor_goto_next_sibling(&cursor)) {
		TSNode child = ts_tree_cursor_current_node(&cursor);
		about_us = ts_node_has_error(child) &&
		           str_contains(node_text(r, child), STR("tool.idletx"));
	}
	ts_tree_cursor_delete(&cursor);
	return about_us;
}

static void judge_errors(struct reader *r, TSNode root)
{
	uint32_t at = first_error(root);
	struct text_place p = text_place_of(r->s->text, at);

	if (r->own != NULL || error_is_about_us(r, root))
		complain(r, at, "this is no valid TOML");
	else
		diag_add(r->s->d, DIAG_WARNING, r->s->path, p.line, p.column,
		         "this is no valid TOML: read as far as possible");
}

/* Parses the text and reads it; false when the parser gave nothing. */
static bool read_text(struct reader *r)
{
	TSParser *parser = ts_parser_new();
	TSTree *tree = NULL;

	if (ts_parser_set_language(parser, tree_sitter_toml()))
		tree = ts_parser_parse_string(parser, NULL, r->s->text.ptr,
		                              (uint32_t)r->s->text.len);
	if (tree != NULL) {
		TSNode root = ts_tree_root_node(tree);
		read_document(r, root);
		if (r->ok && !r->lenient && ts_node_has_error(root))
			judge_errors(r, root);
		ts_tree_delete(tree);
	}
	ts_parser_delete(parser);
	return tree != NULL;
}

bool toml_read(const struct setting_source *s, struct setting **out)
{
	struct reader r = {.s = s, .own_parts = OWN_PARTS, .ok = true};

	if (!read_text(&r))
		complain(&r, 0, "this cannot be parsed as TOML");
	if (r.ok)
		*out = r.own;
	return r.ok;
}

const struct setting *toml_read_all(struct arena *run, struct str text)
{
	struct setting_source s = {.run = run, .path = STR_EMPTY, .text = text};
	struct reader r = {.s = &s, .lenient = true, .ok = true};

	r.own = setting_new(run, SETTING_TABLE, 0);
	if (text.len <= UINT32_MAX)
		(void)read_text(&r);
	return r.own;
}
