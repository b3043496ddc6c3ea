/* lower_file.c - the phases of one file, in order. */
#include "flow/lower_file.h"
#include "base/memory.h"
#include "flow/facts.h"
#include "flow/lower.h"
#include "flow/record_write.h"
#include "flow/scopes.h"
#include "flow/verify.h"
#include "syntax/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <stb/stb_ds.h>

struct worker {
	struct parser *parser;
	struct lower *lower;
	struct record_writer *writer;
	struct arena file; /* the file's names */
	struct interner *names;
	struct ast ast;
	struct scopes scopes;
	struct facts facts;
};

struct worker *worker_new(const struct syntax *syntax)
{
	struct worker *w = memory_resize(NULL, sizeof(*w));

	memset(w, 0, sizeof(*w));
	w->parser = parser_new(syntax);
	w->lower = lower_new();
	w->writer = record_writer_new();
	arena_init(&w->file);
	w->names = interner_new(&w->file);
	return w;
}

void worker_free(struct worker *w)
{
	if (w == NULL)
		return;
	parser_free(w->parser);
	lower_free(w->lower);
	record_writer_free(w->writer);
	interner_free(w->names);
	arena_release(&w->file);
	ast_release(&w->ast);
	scopes_release(&w->scopes);
	facts_release(&w->facts);
	free(w);
}

/* A graph that is not what it should be is our fault: it must not go unseen. */
static void check(const struct cfg *c, struct str path, scope_id scope)
{
#ifndef NDEBUG
	const char *why = NULL;
	if (cfg_verify(c, &why))
		return;
	fprintf(stderr, "%.*s: scope %u: %s\n", STR_ARG(path), scope, why);
	abort();
#else
	(void)c;
	(void)path;
	(void)scope;
#endif
}

static void lower_all(struct worker *w, struct str path)
{
	struct cfg c;

	lower_begin(w->lower, &w->ast, &w->scopes, &w->facts);
	record_begin(w->writer, w->names);
	for (scope_id s = 0; s < arrlenu(w->scopes.scopes); s++) {
		lower_scope(w->lower, s, &c);
		check(&c, path, s);
		record_add_cfg(w->writer, w->facts.scopes[s].span.start, &c);
	}
}

bool module_lower(struct worker *w, struct str path, struct str text, struct arena *run,
                  struct record *out, struct diag *d)
{
	const char *why = NULL;

	interner_clear(w->names);
	arena_clear(&w->file);
	if (!parser_read(w->parser, text, w->names, &w->ast, &why)) {
		diag_add(d, DIAG_FAILURE, path, 0, 0, "cannot analyse '%.*s': %s", STR_ARG(path),
		         why);
		return false;
	}
	facts_clear(&w->facts);
	w->facts.module.path = path;
	facts_file(&w->facts, &w->ast, text);
	scopes_collect(&w->scopes, &w->ast);
	facts_scopes(&w->facts, &w->ast, &w->scopes);
	lower_all(w, path);
	record_end(w->writer, facts_module(&w->facts), run, out);
	return true;
}
