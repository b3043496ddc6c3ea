/* parse.c - owns the tree-sitter parser and the life of a tree. */
#include "syntax/parse.h"
#include "base/memory.h"
#include "syntax/extract.h"
#include "syntax/grammar.h"
#include "syntax/query.h"

#include <stdlib.h>
#include <stb/stb_ds.h>
#include <tree_sitter/api.h>

struct syntax {
	struct grammar grammar;
	struct entry_query *entries;
};

struct parser {
	const struct syntax *syntax;
	TSParser *parser;
	struct extraction *extraction;
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

	p->syntax = s;
	p->parser = ts_parser_new();
	if (!ts_parser_set_language(p->parser, s->grammar.language))
		abort(); /* grammar and core are built from one lock file */
	p->extraction = extraction_new(&s->grammar, s->entries);
	return p;
}

void parser_free(struct parser *p)
{
	if (p == NULL)
		return;
	extraction_free(p->extraction);
	ts_parser_delete(p->parser);
	free(p);
}

static TSTree *parse(struct parser *p, struct str text)
{
	return ts_parser_parse_string(p->parser, NULL, text.ptr, (uint32_t)text.len);
}

bool parser_read(struct parser *p, struct str text, struct interner *names, struct ast *out,
                 const char **why)
{
	TSTree *tree = parse(p, text);

	if (tree == NULL) {
		ts_parser_reset(p->parser);
		*why = "the parser gave up";
		return false;
	}
	out->text = text;
	out->names = names;
	bool ok = extract(p->extraction, ts_tree_root_node(tree), out, why);
	ts_tree_delete(tree);
	return ok;
}

size_t parser_parse_only(struct parser *p, struct str text)
{
	TSTree *tree = parse(p, text);

	if (tree == NULL)
		return 0;
	size_t count = ts_node_descendant_count(ts_tree_root_node(tree));
	ts_tree_delete(tree);
	return count;
}

void ast_release(struct ast *a)
{
	arrfree(a->nodes);
	arrfree(a->comments);
	arrfree(a->entries);
}
