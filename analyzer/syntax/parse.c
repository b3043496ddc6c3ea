/*
 * parse.c - the life of a tree: parser, tree and cursors are made for one file
 * in a pool, and are gone with it.
 */
#include "syntax/parse.h"
#include "base/memory.h"
#include "syntax/extract.h"
#include "syntax/grammar.h"
#include "syntax/query.h"
#include "syntax/tree_pool.h"

#include <stdlib.h>
#include <stb/stb_ds.h>
#include <time.h>
#include <tree_sitter/api.h>

/*
 * Recovering from errors can take the library quadratic time on garbage. Source code takes
 * less than a tenth of a microsecond a byte, so this never decides about a real file.
 */
enum { PATIENCE_SECONDS = 10, PATIENCE_BYTES_A_SECOND = 50000, CALLS_BETWEEN_LOOKS = 64 };

struct syntax {
	struct grammar grammar;
	struct entry_query *entries;
};

struct parser {
	const struct syntax *syntax;
	struct tree_pool *pool;
	struct extraction *extraction;
	char *lines; /* stb_ds: the text with other line ends, when it needs them */
	/* of the parse at hand */
	struct str text;
	unsigned calls;
	double deadline;
};

struct syntax *syntax_new(struct diag *d)
{
	struct syntax *s = memory_resize(NULL, sizeof(*s));

	memset(s, 0, sizeof(*s));
	if (grammar_init(&s->grammar, d))
		s->entries = entry_query_new(s->grammar.language, d);
	if (s->entries == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

void syntax_free(struct syntax *s)
{
	if (s == NULL)
		return;
	entry_query_free(s->entries);
	free(s);
}

struct parser *parser_new(const struct syntax *s)
{
	struct parser *p = memory_resize(NULL, sizeof(*p));

	memset(p, 0, sizeof(*p));
	p->syntax = s;
	p->pool = tree_pool_new();
	p->extraction = extraction_new(&s->grammar, s->entries);
	return p;
}

void parser_free(struct parser *p)
{
	if (p == NULL)
		return;
	extraction_free(p->extraction);
	tree_pool_free(p->pool);
	arrfree(p->lines);
	free(p);
}

/* ---- the text ----------------------------------------------------------------------------- */

/* A CR that no LF follows ends a line in Python, but not in the grammar. */
static bool is_lone_cr(struct str text, size_t i)
{
	return text.ptr[i] == '\r' && (i + 1 == text.len || text.ptr[i + 1] != '\n');
}

/* 'text' with LF in place of each lone CR, so that no offset changes. */
static struct str with_line_feeds(struct parser *p, struct str text)
{
	size_t i = 0;

	for (const char *at = text.ptr; i < text.len; i = (size_t)(at - text.ptr) + 1, at++) {
		at = memchr(at, '\r', text.len - (size_t)(at - text.ptr));
		if (at == NULL)
			return text;
		if (is_lone_cr(text, (size_t)(at - text.ptr)))
			break;
	}
	if (i >= text.len)
		return text;
	arrsetlen(p->lines, text.len);
	for (size_t k = 0; k < text.len; k++)
		p->lines[k] = is_lone_cr(text, k) ? '\n' : text.ptr[k];
	return (struct str){p->lines, text.len};
}

/* ---- parsing ------------------------------------------------------------------------------- */

static double thread_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool gives_up(TSParseState *state)
{
	struct parser *p = state->payload;

	return ++p->calls % CALLS_BETWEEN_LOOKS == 0 && thread_seconds() > p->deadline;
}

static const char *read_text(void *payload, uint32_t offset, TSPoint position, uint32_t *len)
{
	const struct parser *p = payload;

	(void)position;
	*len = offset < p->text.len ? (uint32_t)p->text.len - offset : 0;
	return *len == 0 ? "" : p->text.ptr + offset;
}

/* To be called, and the tree to be used, between tree_pool_enter and tree_pool_leave. */
static TSTree *parse(struct parser *p, struct str text)
{
	TSInput input = {.payload = p, .read = read_text, .encoding = TSInputEncodingUTF8};
	TSParseOptions options = {.payload = p, .progress_callback = gives_up};
	TSParser *parser = ts_parser_new();

	if (!ts_parser_set_language(parser, p->syntax->grammar.language))
		abort(); /* grammar and core are built from one lock file */
	p->text = text;
	p->calls = 0;
	p->deadline = thread_seconds() + PATIENCE_SECONDS +
	              (double)text.len / PATIENCE_BYTES_A_SECOND;
	return ts_parser_parse_with_options(parser, NULL, input, options);
}

bool parser_read(struct parser *p, struct str text, struct interner *names, struct ast *out,
                 const char **why)
{
	out->text = with_line_feeds(p, text);
	out->names = names;
	tree_pool_enter(p->pool);
	const TSTree *tree = parse(p, out->text);
	bool ok = tree != NULL && extract(p->extraction, ts_tree_root_node(tree), out, why);
	if (tree == NULL)
		*why = "its syntax errors take too long to recover from";
	tree_pool_leave(p->pool);
	return ok;
}

void ast_release(struct ast *a)
{
	arrfree(a->nodes);
	arrfree(a->comments);
	arrfree(a->entries);
}
