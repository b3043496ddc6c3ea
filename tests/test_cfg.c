/*
 * test_cfg.c - the corpus of fixtures/cfg: pieces of Python and the graphs they become.
 * A case is a line `=== name`, the source, a line `---` and the dump. Files whose name
 * starts with "facts" show the module instead of its graphs, those with "module" the graph
 * of the module body too. BLESS=1 rewrites the dumps; read the difference.
 */
#include "lowered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <glob.h>

struct corpus_case {
	struct str name, source, want;
};

/* The next line, its end included. */
static struct str next_line(struct str *rest)
{
	const char *end = memchr(rest->ptr, '\n', rest->len);
	size_t len = end == NULL ? rest->len : (size_t)(end + 1 - rest->ptr);
	struct str line = str_slice(*rest, 0, len);

	*rest = str_slice(*rest, len, rest->len);
	return line;
}

/* Takes lines off 'rest' until one that starts with 'mark', which stays. */
static struct str lines_until(struct str *rest, struct str mark)
{
	const char *start = rest->ptr;

	while (rest->len > 0 && !str_starts(*rest, mark))
		(void)next_line(rest);
	return (struct str){start, (size_t)(rest->ptr - start)};
}

static bool next_case(struct str *rest, struct corpus_case *c)
{
	if (rest->len == 0)
		return false;
	struct str head = next_line(rest);
	assert_true(str_starts(head, STR("=== ")));
	c->name = str_slice(head, 4, head.len - 1);
	c->source = lines_until(rest, STR("---\n"));
	(void)next_line(rest);
	c->want = lines_until(rest, STR("=== "));
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static char *dump_case(const char *path, const struct corpus_case *c, size_t *len)
{
	struct lowered l;
	const char *base = base_name(path);
	char *text;

	lowered_init(&l, STR("case.py"), c->source);
	if (strncmp(base, "facts", 5) == 0)
		text = lowered_facts(&l, len);
	else
		text = lowered_graphs(&l, strncmp(base, "module", 6) == 0, len);
	lowered_release(&l);
	return text;
}

/* Shows the first line that differs; the whole is a `make bless` away. */
static void show_difference(const char *path, const struct corpus_case *c, struct str got)
{
	struct str want = c->want;
	unsigned line = 1;

	for (;; line++) {
		struct str a = next_line(&want), b = next_line(&got);
		if (a.len == 0 && b.len == 0)
			return;
		if (str_eq(a, b))
			continue;
		print_error("%s: %.*s: line %u of the dump\n  wanted %.*s  got    %.*s", path,
		            STR_ARG(c->name), line, STR_ARG(a), STR_ARG(b));
		return;
	}
}

static unsigned run_file(const char *path, bool bless)
{
	size_t len, got_len;
	char *text = lowered_file(path, &len);
	struct str rest = {text, len};
	struct corpus_case c;
	unsigned failed = 0;
	FILE *out = bless ? fopen(path, "wb") : NULL;

	while (next_case(&rest, &c)) {
		char *got = dump_case(path, &c, &got_len);
		if (bless) {
			fprintf(out, "=== %.*s\n%.*s---\n%s", STR_ARG(c.name), STR_ARG(c.source),
			        got);
		} else if (!str_eq(c.want, (struct str){got, got_len})) {
			show_difference(path, &c, (struct str){got, got_len});
			failed++;
		}
		free(got);
	}
	if (out != NULL)
		fclose(out);
	free(text);
	return failed;
}

static void every_construct_becomes_the_graph_of_the_corpus(void **state)
{
	bool bless = getenv("BLESS") != NULL;
	unsigned failed = 0;
	glob_t files;

	(void)state;
	assert_int_equal(glob("fixtures/cfg/*.txt", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		failed += run_file(files.gl_pathv[i], bless);
	globfree(&files);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_construct_becomes_the_graph_of_the_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
