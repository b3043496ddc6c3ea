/*
 * extract.c - walks the tree once. A node of the tree is kept, left out with
 * all below, or elided: its children become those of the nearest kept node.
 * Which one is a table's answer (grammar.h). Signs are remembered only as the
 * lead of the node that follows them.
 */
#include "syntax/extract.h"
#include "base/memory.h"
#include "syntax/query.h"

#include <ctype.h>
#include <strings.h>
#include <stdlib.h>
#include <stb/stb_ds.h>

/* A node of the tree that the cursor is inside of. */
struct frame {
	uint32_t node; /* its index, or that of the nearest kept node above */
	bool kept;
	uint8_t lead; /* of the child that comes next */
};

struct extraction {
	const struct grammar *grammar;
	const struct entry_query *query;
	TSQueryCursor *query_cursor;
	struct frame *frames; /* stb_ds */
	/* of the file at hand */
	struct ast *ast;
	bool has_errors;
	const char *why;
};

struct extraction *extraction_new(const struct grammar *g, const struct entry_query *q)
{
	struct extraction *x = memory_resize(NULL, sizeof(*x));

	*x = (struct extraction){.grammar = g, .query = q};
	return x;
}

void extraction_free(struct extraction *x)
{
	arrfree(x->frames);
	free(x);
}

/* ---- texts --------------------------------------------------------------- */

static bool is_name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || (c & 0x80) != 0;
}

/* Interns a dotted name. White space and comments may stand between its parts. */
static name_id intern_dotted(struct interner *names, struct str text)
{
	size_t n = 0;

	while (n < text.len && is_name_byte(text.ptr[n]))
		n++;
	if (n == text.len)
		return intern(names, text);
	char *clean = memory_resize(NULL, text.len);
	bool comment = false;
	n = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '#' || c == '\n')
			comment = c == '#';
		if (!comment && is_name_byte(c))
			clean[n++] = c;
	}
	name_id id = intern(names, (struct str){clean, n});
	free(clean);
	return id;
}

/* Splits a string literal; 'content' lies between the quotes. */
static uint8_t string_flags(struct str text, struct str *content, bool *plain)
{
	uint8_t flags = 0;
	bool raw = false;
	size_t i = 0;

	for (; i < text.len && text.ptr[i] != '"' && text.ptr[i] != '\''; i++) {
		char c = (char)tolower((unsigned char)text.ptr[i]);
		if (c == 'b')
			flags |= AST_BYTES;
		if (c == 'f' || c == 't')
			flags |= AST_FORMAT;
		raw = raw || c == 'r';
	}
	size_t quotes = text.len >= i + 6 && text.ptr[i + 1] == text.ptr[i] &&
	                                text.ptr[i + 2] == text.ptr[i]
	                        ? 3
	                        : 1;
	*content = text.len >= i + 2 * quotes ? str_slice(text, i + quotes, text.len - quotes)
	                                      : STR_EMPTY;
	*plain = flags == 0 && content->len <= AST_STRING_MAX &&
	         (raw || content->len == 0 || memchr(content->ptr, '\\', content->len) == NULL);
	return flags;
}

/* The next word of letters, and moves behind it and what white space follows. */
static struct str take_word(struct str *s)
{
	size_t i = 0, n;

	while (i < s->len && isspace((unsigned char)s->ptr[i]))
		i++;
	for (n = i; n < s->len && isalpha((unsigned char)s->ptr[n]);)
		n++;
	struct str word = str_slice(*s, i, n);
	while (n < s->len && isspace((unsigned char)s->ptr[n]))
		n++;
	*s = str_slice(*s, n, s->len);
	return word;
}

static bool is_any(struct str word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == word.len && strncasecmp(words[i], word.ptr, word.len) == 0)
			return true;
	return false;
}

bool text_controls_transaction(struct str s)
{
	static const char *const first[] = {"begin", "start", "commit", "rollback", "end", "abort"};
	static const char *const second[] = {"transaction", "tran",      "work",
	                                     "deferred",    "immediate", "exclusive",
	                                     "isolation",   "to",        "concurrent"};
	if (!is_any(take_word(&s), first, ARRAY_LEN(first)))
		return false;
	return s.len == 0 || s.ptr[0] == ';' || s.ptr[0] == '{' ||
	       is_any(take_word(&s), second, ARRAY_LEN(second));
}

/*
 * Prose says nothing to an analysis, and there is a lot of it. One word may be a key, a path or
 * an option, and what begins with a word in capitals may be SQL.
 */
static bool is_prose(struct str s)
{
	size_t word = 0;

	if (text_controls_transaction(s))
		return false;
	while (word < s.len && !isspace((unsigned char)s.ptr[word]))
		word++;
	if (word == s.len)
		return false;
	for (size_t i = 0; i < word; i++)
		if (!isupper((unsigned char)s.ptr[i]))
			return true;
	return word < 2;
}

bool text_sets_idle_limit(struct str s)
{
	static const char setting[] = IDLE_LIMIT;
	return s.len >= sizeof(setting) - 1 &&
	       memmem(s.ptr, s.len, setting, sizeof(setting) - 1) != NULL;
}

struct str text_scheme(struct str s)
{
	size_t n = 0;

	while (n < s.len && (isalnum((unsigned char)s.ptr[n]) || s.ptr[n] == '+' || s.ptr[n] == '_'))
		n++;
	bool address = n > 0 && n + 3 <= s.len && memcmp(s.ptr + n, "://", 3) == 0 &&
	               !str_starts(s, STR("http"));
	return address ? str_slice(s, 0, n + 3) : STR_EMPTY;
}

/* What stands before the first {part} of an f-string. */
static struct str fixed_part(struct str content)
{
	const char *brace = memchr(content.ptr, '{', content.len);

	return brace == NULL ? content : str_slice(content, 0, (size_t)(brace - content.ptr));
}

static void read_string(struct extraction *x, struct ast_node *n)
{
	struct str content;
	bool plain;

	n->flags |= string_flags(ast_text(x->ast, n), &content, &plain);
	if (plain && content.len > 0 && !is_prose(content))
		n->name = intern(x->ast->names, content);
	else if ((n->flags & AST_FORMAT) != 0 && content.len <= AST_STRING_MAX &&
	         text_controls_transaction(content)) /* f"BEGIN {mode}": as far as it is fixed */
		n->name = intern(x->ast->names, fixed_part(content));
	else if (text_sets_idle_limit(content))
		n->name = intern(x->ast->names, STR(IDLE_LIMIT));
	else if ((n->flags & AST_BYTES) == 0 && text_scheme(content).len > 0)
		n->name = intern(x->ast->names, text_scheme(content));
}

/* ---- nodes --------------------------------------------------------------- */

static void note_error(struct extraction *x, TSNode node)
{
	struct ast *a = x->ast;

	if (a->error_count == 0 || ts_node_start_byte(node) < a->error_offset)
		a->error_offset = ts_node_start_byte(node);
	a->error_count++;
	if (arrlenu(x->frames) > 0)
		a->nodes[arrlast(x->frames).node].flags |= AST_BROKEN;
}

static uint32_t add_node(struct extraction *x, TSNode node, uint8_t kind, uint8_t lead)
{
	struct ast_node n = {.kind = kind,
	                     .lead = lead,
	                     .start = ts_node_start_byte(node),
	                     .end = ts_node_end_byte(node)};

	n.next = (uint32_t)arrlenu(x->ast->nodes) + 1;
	arrput(x->ast->nodes, n);
	return n.next - 1;
}

/* A name that says what its parent is called: x.NAME, NAME=value. */
static bool name_of_parent(struct extraction *x, const struct frame *f, TSNode node)
{
	struct ast *a = x->ast;
	struct ast_node *parent = &a->nodes[f->node];

	if (!(parent->kind == AST_ATTRIBUTE && f->lead == TOKEN_DOT) &&
	    !(parent->kind == AST_KEYWORD && parent->name == NAME_NONE && f->kept))
		return false;
	parent->name = intern(a->names,
	                      str_slice(a->text, ts_node_start_byte(node), ts_node_end_byte(node)));
	return true;
}

static void keep_comment(struct extraction *x, TSNode node)
{
	static const char mark[] = "idletx:";
	struct ast_comment c = {ts_node_start_byte(node), ts_node_end_byte(node)};
	struct str text = str_slice(x->ast->text, c.start, c.end);
	size_t i = 0;

	while (i < text.len && (text.ptr[i] == '#' || text.ptr[i] == ' ' || text.ptr[i] == '\t'))
		i++;
	if (str_starts(str_slice(text, i, text.len), (struct str){mark, sizeof(mark) - 1}))
		arrput(x->ast->comments, c);
}

static bool type_is_annotation(enum ast_kind parent)
{
	return parent == AST_FUNCTION || parent == AST_TYPED_PARAMETER ||
	       parent == AST_TYPED_DEFAULT_PARAMETER || parent == AST_ASSIGN ||
	       parent == AST_TYPE_ALIAS || parent == AST_TYPE_PARAMETERS;
}

/* Is a node of this action left out while its children stay? */
static bool is_elided(enum grammar_action action, enum ast_kind parent, bool parent_kept)
{
	switch (action) {
	case GRAMMAR_ELIDE: return true;
	case GRAMMAR_TYPE: return !parent_kept || !type_is_annotation(parent);
	case GRAMMAR_TYPE_PARAMETER: return parent == AST_SUBSCRIPT;
	case GRAMMAR_ARGUMENTS: return parent != AST_CLASS;
	case GRAMMAR_PUNCTUATION:
	case GRAMMAR_TOKEN:
	case GRAMMAR_SKIP:
	case GRAMMAR_LEAF:
	case GRAMMAR_NAME:
	case GRAMMAR_KEEP:
	case GRAMMAR_STRING:
	case GRAMMAR_COMMENT: return false;
	}
	abort();
}

static void note_token(struct extraction *x, struct frame *f, enum ast_token token)
{
	struct ast_node *parent = &x->ast->nodes[f->node];

	if (token == TOKEN_ASYNC)
		parent->flags |= AST_ASYNC;
	else if (token == TOKEN_STAR)
		parent->flags |= AST_STARRED;
	else
		f->lead = (uint8_t)token;
}

static struct grammar_entry entry_of(const struct extraction *x, TSNode node)
{
	TSSymbol symbol = ts_node_symbol(node);

	if (symbol < x->grammar->symbol_count)
		return x->grammar->entries[symbol];
	return (struct grammar_entry){GRAMMAR_KEEP, AST_ERROR}; /* only ERROR is outside */
}

/* Wrong itself, or wrong somewhere below where the walk does not go. */
static bool is_error(struct grammar_entry e, TSNode node)
{
	bool leaf = e.action == GRAMMAR_LEAF || e.action == GRAMMAR_NAME ||
	            e.action == GRAMMAR_STRING;

	return (e.action == GRAMMAR_KEEP && e.value == AST_ERROR) || ts_node_is_missing(node) ||
	       (leaf && ts_node_has_error(node));
}

/* Takes in one node. True when its children are wanted; 'inner' is then its frame. */
static bool visit(struct extraction *x, TSNode node, struct frame *inner)
{
	struct grammar_entry e = entry_of(x, node);
	struct frame *f = &arrlast(x->frames);
	struct ast *a = x->ast;
	uint8_t lead = f->lead;

	if (x->has_errors && is_error(e, node))
		note_error(x, node);
	if (e.action == GRAMMAR_PUNCTUATION)
		return false;
	if (e.action == GRAMMAR_TOKEN) {
		note_token(x, f, (enum ast_token)e.value);
		return false;
	}
	if (e.action == GRAMMAR_COMMENT)
		keep_comment(x, node);
	if (e.action == GRAMMAR_COMMENT || e.action == GRAMMAR_SKIP)
		return false;
	if (e.action == GRAMMAR_NAME && name_of_parent(x, f, node)) {
		f->lead = TOKEN_NONE;
		return false;
	}
	f->lead = TOKEN_NONE;
	if (is_elided((enum grammar_action)e.action, (enum ast_kind)a->nodes[f->node].kind,
	              f->kept)) {
		*inner = (struct frame){f->node, false, lead};
		return true;
	}
	uint32_t i = add_node(x, node, e.value, lead);
	*inner = (struct frame){i, true, TOKEN_NONE};
	if (e.action == GRAMMAR_LEAF)
		return false;
	if (e.action == GRAMMAR_NAME) {
		a->nodes[i].name = intern_dotted(a->names, ast_text(a, &a->nodes[i]));
		return false;
	}
	if (e.action == GRAMMAR_STRING) {
		read_string(x, &a->nodes[i]);
		return (a->nodes[i].flags & AST_FORMAT) != 0;
	}
	if (e.value == AST_DECORATED && !entry_query_run(x->query, x->query_cursor, node, a, &x->why))
		return false;
	return true;
}

static void close_frame(struct extraction *x)
{
	struct frame f = arrpop(x->frames);

	if (f.kept)
		x->ast->nodes[f.node].next = (uint32_t)arrlenu(x->ast->nodes);
}

/* Moves to the next node in preorder, out of as many as end here. */
static bool advance(struct extraction *x, TSTreeCursor *cursor)
{
	while (!ts_tree_cursor_goto_next_sibling(cursor)) {
		if (!ts_tree_cursor_goto_parent(cursor))
			return false;
		close_frame(x);
	}
	return true;
}

static void walk(struct extraction *x, TSNode root)
{
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	struct frame inner = {0, true, TOKEN_NONE};

	add_node(x, root, AST_MODULE, TOKEN_NONE);
	arrput(x->frames, inner);
	bool more = ts_tree_cursor_goto_first_child(&cursor);
	while (more && x->why == NULL) {
		if (visit(x, ts_tree_cursor_current_node(&cursor), &inner)) {
			if (ts_tree_cursor_goto_first_child(&cursor)) {
				arrput(x->frames, inner);
				continue;
			}
		}
		more = advance(x, &cursor);
	}
	while (arrlenu(x->frames) > 0)
		close_frame(x);
	ts_tree_cursor_delete(&cursor);
}

bool extract(struct extraction *x, TSNode root, struct ast *out, const char **why)
{
	x->ast = out;
	x->query_cursor = ts_query_cursor_new();
	x->why = NULL;
	x->has_errors = ts_node_has_error(root);
	arrsetlen(x->frames, 0);
	arrsetlen(out->nodes, 0);
	arrsetlen(out->comments, 0);
	arrsetlen(out->entries, 0);
	out->error_count = 0;
	out->error_offset = 0;
	walk(x, root);
	if (ts_node_is_error(root)) /* nothing could be made of the file as a whole */
		note_error(x, root);
	ts_query_cursor_delete(x->query_cursor);
	if (x->why != NULL)
		*why = x->why;
	return x->why == NULL;
}
