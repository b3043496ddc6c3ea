/* lowered.c - runs the front half of the pipeline on a text. */
#include "lowered.h"
#include "flow/dump.h"
#include "flow/lower_file.h"
#include "flow/verify.h"
#include "syntax/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct syntax *shared;

static void forget_syntax(void)
{
	syntax_free(shared);
}

const struct syntax *lowered_syntax(void)
{
	if (shared != NULL)
		return shared;
	struct diag *d = diag_new();
	shared = syntax_new(d);
	assert_non_null(shared);
	atexit(forget_syntax);
	diag_free(d);
	return shared;
}

void lowered_init(struct lowered *l, struct str path, struct str text)
{
	struct diag *d = diag_new();
	struct worker *w = worker_new(lowered_syntax());
	struct record r;
	const char *why = "";

	arena_init(&l->run);
	l->names = interner_new(&l->run);
	assert_true(module_lower(w, path, text, &l->run, &r, d));
	if (!record_open(&l->run, l->names, r, &l->m, &why))
		fail_msg("%s", why);
	worker_free(w);
	diag_free(d);
}

void lowered_release(struct lowered *l)
{
	interner_free(l->names);
	arena_release(&l->run);
}

char *lowered_graphs(const struct lowered *l, bool module, size_t *len)
{
	const struct module *m = &l->m.module;
	struct arena scratch;
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	arena_init(&scratch);
	for (scope_id s = module || m->scope_count == 1 ? 0 : 1; s < m->scope_count; s++) {
		struct cfg c;
		assert_true(record_cfg(&scratch, &l->m, s, &c));
		dump_cfg(out, m, l->names, s, &c);
		arena_clear(&scratch);
	}
	arena_release(&scratch);
	fclose(out);
	return text;
}

char *lowered_facts(const struct lowered *l, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	dump_facts(out, &l->m.module, l->names);
	fclose(out);
	return text;
}

char *lowered_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (f == NULL)
		fail_msg("cannot read '%s'", path);
	for (int c = getc(f); c != EOF; c = getc(f))
		putc(c, out);
	fclose(f);
	fclose(out);
	return text;
}
