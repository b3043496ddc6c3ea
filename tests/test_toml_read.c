/* test_toml_read.c - all tables of other programs' TOML files, mistakes and all. [tool.idletx] is test_config.c's. */
#include "input/setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/* Everything on one line: {a={b="text",c=[1,?]}}. */
static void show(FILE *out, const struct setting *v)
{
	const char *ends = v->kind == SETTING_TABLE ? "{}" : "[]";

	if (v->kind == SETTING_STRING)
		fprintf(out, "\"%.*s\"", STR_ARG(v->text));
	else if (v->kind == SETTING_NUMBER)
		fprintf(out, "%.*s", STR_ARG(v->text));
	else if (v->kind == SETTING_OTHER)
		fputc('?', out);
	if (v->kind != SETTING_TABLE && v->kind != SETTING_ARRAY)
		return;
	fputc(ends[0], out);
	for (const struct setting *m = v->first; m != NULL; m = m->next) {
		if (v->kind == SETTING_TABLE)
			fprintf(out, "%.*s=", STR_ARG(m->key));
		show(out, m);
		if (m->next != NULL)
			fputc(',', out);
	}
	fputc(ends[1], out);
}

static const struct {
	const char *text, *shown;
} document_case[] = {
	{"", "{}"},
	{"a = 1\nb.c = 'x'\n", "{a=1,b={c=\"x\"}}"},
	{"[a]\nb = [1, true, \"y\"]\n[a.c]\nd = 2\n", "{a={b=[1,?,\"y\"],c={d=2}}}"},
	{"[[p]]\nn = 1\n[[p]]\nn = 2\n[p.q]\nr = 3\n", "{p=[{n=1},{n=2,q={r=3}}]}"},
	{"a = {b = {c = 1}}\n", "{a={b={c=1}}}"},
	{"[tool.idletx]\npolicy = \"explicit\"\n", "{tool={idletx={policy=\"explicit\"}}}"},
	{"\"a.b\".'c' = 1\n", "{a.b={c=1}}"},
	/* mistakes */
	{"a = 1\na = 2\n", "{a=1}"},
	{"a = 1\n[a]\nb = 1\n[a.c]\nd = 1\n[e]\nf = 1\n", "{a=1,e={f=1}}"},
	{"a = 1\n[[a]]\nb = 1\n[e]\n", "{a=1,e={}}"},
	{"a = [1]\n[a]\nb = 1\n", "{a=[1]}"},
	{"[a]\nb = 1\n[a]\nc = 2\n", "{a={b=1,c=2}}"},
	{"a = \"\\u0000\"\n[b]\n", "{a=\"\",b={}}"},
	{"[[]]\n[]\n = 1\n[z]\nx = 1\n", "{z={x=1}}"},
};

static void all_tables_are_read_as_far_as_they_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(document_case); i++) {
		struct arena run;
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		arena_init(&run);
		show(out, toml_read_all(&run, str_of(document_case[i].text)));
		assert_int_equal(fclose(out), 0);
		assert_string_equal(text, document_case[i].shown);
		free(text);
		arena_release(&run);
	}
}

static void deep_nesting_and_garbage_end(void **state)
{
	static const char alphabet[] = "[]{}=\"'.,#\n ab1\\";
	char text[4096];
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct arena run;
		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * 1103515245u + 12345u;
			text[i] = round == 0 ? '[' : alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		arena_init(&run);
		assert_int_equal(toml_read_all(&run, (struct str){text, sizeof(text)})->kind,
		                 SETTING_TABLE);
		arena_release(&run);
	}
}

static void tables_without_number_do_not_hold_up_the_run(void **state)
{
	struct arena run;
	char *text = malloc(1 << 19);
	size_t len = 0;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; len + 32 < 1 << 19; i++)
		len += (size_t)sprintf(text + len, "%s%x%s\n", i % 2 ? "[" : "[[", i,
		                       i % 2 ? "]" : "]]");
	arena_init(&run);
	assert_int_equal(toml_read_all(&run, (struct str){text, len})->count, 4096);
	arena_release(&run);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_tables_are_read_as_far_as_they_go),
		cmocka_unit_test(deep_nesting_and_garbage_end),
		cmocka_unit_test(tables_without_number_do_not_hold_up_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
