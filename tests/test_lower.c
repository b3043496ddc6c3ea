/*
 * test_lower.c - bounds of the lowering and input that nobody would call Python. The
 * shapes of graphs are in fixtures/cfg; here it matters that something sound comes out.
 */
#include "lowered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/* Text made of a head, a part that is repeated, and a tail. free(). */
static char *repeated(const char *head, const char *part, size_t times, const char *tail)
{
	size_t len = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &len);

	fputs(head, out);
	for (size_t i = 0; i < times; i++)
		fputs(part, out);
	fputs(tail, out);
	fclose(out);
	return text;
}

/* Decodes one graph; ends the test when it cannot. */
static struct cfg graph_of(struct lowered *l, scope_id scope)
{
	struct cfg c;

	assert_true(record_cfg(&l->run, &l->m, scope, &c));
	return c;
}

static uint32_t count_leaves(const struct cfg *c, enum leave_op op)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < c->event_count; i++)
		count += c->events[i].kind == EV_LEAVE && c->events[i].op == op;
	return count;
}

/* ---- bounds ------------------------------------------------------------------------- */

static void exits_beyond_what_a_finally_tells_apart_are_merged_by_kind(void **state)
{
	struct lowered l;
	char *text = repeated("def f(x):\n try:\n", "  if x(): return x\n  if x(): raise E\n", 60,
	                      " finally:\n  x.close()\n");

	(void)state;
	lowered_init(&l, STR("x.py"), str_of(text));
	struct cfg c = graph_of(&l, 1);
	assert_true(l.m.module.unmodelled[UNMODELLED_TOKENS] > 0);
	/* Each merged kind leaves once. */
	assert_int_equal(count_leaves(&c, LEAVE_RETURN) + count_leaves(&c, LEAVE_RAISE) +
	                         l.m.module.unmodelled[UNMODELLED_TOKENS],
	                 120 + 2);
	assert_int_equal(count_leaves(&c, LEAVE_FALL_OFF), 1);
	lowered_release(&l);
	free(text);
}

static void a_few_exits_are_all_told_apart(void **state)
{
	struct lowered l;
	char *text = repeated("def f(x):\n try:\n", "  if x(): return x\n", 40,
	                      " finally:\n  x.close()\n");

	(void)state;
	lowered_init(&l, STR("x.py"), str_of(text));
	struct cfg c = graph_of(&l, 1);
	assert_int_equal(l.m.module.unmodelled[UNMODELLED_TOKENS], 0);
	assert_int_equal(count_leaves(&c, LEAVE_RETURN), 40);
	lowered_release(&l);
	free(text);
}

static const struct {
	const char *head, *part, *tail;
	size_t times;
} deep_case[] = {
	{"x = ", "f(", "1)", 2000}, /* broken as well: only one bracket is closed */
	{"x = ", "[", "]", 2000},
	{"x = ", "a[", "0]", 2000},
	{"x = ", "-", "1\n", 5000},
	{"x = ", "a ** ", "1\n", 5000},
	{"async def f(): x = ", "await ", "a\n", 5000},
	{"x = ", "lambda: ", "1\n", 5000},
	{"x = ", "{1: ", "1\n", 2000},
	{"x = ", "f\"{", "\n", 200},
};

static void what_is_too_deep_is_counted_and_left_out(void **state)
{
	struct lowered l;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(deep_case); i++) {
		char *text = repeated(deep_case[i].head, deep_case[i].part, deep_case[i].times,
		                      deep_case[i].tail);
		lowered_init(&l, STR("x.py"), str_of(text));
		for (scope_id s = 0; s < l.m.module.scope_count; s++)
			(void)graph_of(&l, s);
		lowered_release(&l);
		free(text);
	}
	char *text = repeated("x = ", "[", 500, "1");
	char *closed = repeated(text, "]", 500, "\n");
	lowered_init(&l, STR("x.py"), str_of(closed));
	assert_int_equal(l.m.module.error_count, 0);
	assert_int_equal(l.m.module.unmodelled[UNMODELLED_DEPTH], 1);
	lowered_release(&l);
	free(text);
	free(closed);
}

static const struct {
	const char *head, *part, *tail;
} long_case[] = {
	{"x = a", ".b().c", "\n"},        {"x = a", ".b", "\n"},
	{"x = ", "a() + ", "1\n"},        {"if ", "a or ", "b: pass\n"},
	{"x = ", "a and ", "b\n"},        {"x = ", "a if b else ", "c\n"},
	{"x = ", "not ", "a\n"},          {"", "a = ", "b\n"},
	{"x = ", "a < ", "b\n"},          {"if a: pass\n", "elif b: pass\n", ""},
	{"x = [y", " for y in z", "]\n"},
};

static void what_is_long_is_not_deep(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(long_case); i++) {
		struct lowered l;
		char *text = repeated(long_case[i].head, long_case[i].part, 3000, long_case[i].tail);
		lowered_init(&l, STR("x.py"), str_of(text));
		assert_int_equal(l.m.module.error_count, 0);
		assert_int_equal(l.m.module.unmodelled[UNMODELLED_DEPTH], 0);
		(void)graph_of(&l, 0);
		lowered_release(&l);
		free(text);
	}
}

/* 400 returns in 200 withs would be 80000 exits. */
static void exits_are_not_repeated_without_end(void **state)
{
	struct lowered l;
	char *withs = repeated("def f(x):\n with a()", ", a()", 200, ":\n");
	char *text = repeated(withs, "  if x: return 1\n", 400, "");

	(void)state;
	lowered_init(&l, STR("x.py"), str_of(text));
	assert_true(l.m.module.unmodelled[UNMODELLED_SIZE] > 0);
	assert_true(graph_of(&l, 1).event_count < 30000);
	lowered_release(&l);
	free(withs);
	free(text);
}

static void a_very_deep_name_loses_its_front(void **state)
{
	struct lowered l;
	size_t len = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	for (int i = 0; i < 90; i++)
		fprintf(out, "%*sdef function_%d():\n", i, "", i);
	fprintf(out, "%*spass\n", 90, "");
	fclose(out);
	lowered_init(&l, STR("x.py"), (struct str){text, len});
	assert_int_equal(l.m.module.scope_count, 91);
	for (scope_id s = 0; s < l.m.module.scope_count; s++)
		assert_true(intern_text(l.names, l.m.module.scopes[s].qualname).len < 500);
	lowered_release(&l);
	free(text);
}

#define BYTES(literal)                                                                             \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

/* ---- odd bytes ------------------------------------------------------------------------- */

static const struct {
	struct str text;
	uint32_t lines, errors, scopes;
} odd_case[] = {
	{BYTES(""), 1, 0, 1},
	{BYTES("\n"), 1, 0, 1},
	{BYTES("# only a comment"), 1, 0, 1},
	{BYTES("\xef\xbb\xbf"), 1, 0, 1},
	{BYTES("\xef\xbb\xbf"
               "def f():\n  pass\n"),
         2, 0, 2},
	{BYTES("def f():\r\n  return 1\r\nx = 1\r\n"), 3, 0, 2},
	{BYTES("def f():\r  return 1\rx = 1\r"), 3, 0, 2},
	{BYTES("def f():\n\treturn 1\n\fx = 1\n"), 3, 0, 2},
	{BYTES("s = '''a\rb\r\nc'''\n"), 3, 0, 1},
	{BYTES("def f():\n  return 1"), 2, 0, 2},
};

static void odd_bytes_are_read_as_python_reads_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd_case); i++) {
		struct lowered l;
		lowered_init(&l, STR("x.py"), odd_case[i].text);
		assert_int_equal(l.m.module.line_count, odd_case[i].lines);
		assert_int_equal(l.m.module.error_count, odd_case[i].errors);
		assert_int_equal(l.m.module.scope_count, odd_case[i].scopes);
		lowered_release(&l);
	}
}

static void offsets_count_the_byte_order_mark(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "def f(): pass\n";
	struct lowered l;

	(void)state;
	lowered_init(&l, STR("x.py"), str_of(text));
	assert_int_equal(l.m.module.scopes[1].span.start, 3);
	assert_memory_equal(text + l.m.module.scopes[1].name_span.start, "f()", 3);
	assert_int_equal(l.m.module.size, strlen(text));
	lowered_release(&l);
}

static const struct {
	const char *bytes;
	size_t len;
} garbage_case[] = {
	BYTES("\0"),
	BYTES("a = 1\0b = 2\n"),
	BYTES("def f():\n  a = '\xff\xfe'\n  b\xc3 = 1\n"),
	BYTES("\xff\xfe\x00\x61"),
	BYTES("\xed\xa0\x80 = 1\n"),
	BYTES("x = '"),
	BYTES("x = \"\"\""),
	BYTES("x = f'{"),
	BYTES("x = f'{a!r:{"),
	BYTES("def"),
	BYTES("class"),
	BYTES("@"),
	BYTES("lambda"),
	BYTES("def f("),
	BYTES("def f(a, b="),
	BYTES("class A("),
	BYTES("try:"),
	BYTES("try:\n  a\nexcept"),
	BYTES("with a as"),
	BYTES("match x:\n  case"),
	BYTES("from"),
	BYTES("from . import"),
	BYTES("import a as"),
	BYTES("x: int = "),
	BYTES("a = b = "),
	BYTES("for x in"),
	BYTES("[x for"),
	BYTES("if a:\n\treturn\n        b\n"),
	BYTES("return 1\nbreak\ncontinue\nyield 2\nawait x\n"),
	BYTES("global x\nnonlocal x\ndel x\n"),
	BYTES("def f(a, a, *, **k, /): pass\n"),
	BYTES("def f((a, b), c): print >>a, b\n"),
	BYTES("raise E, 'x'\nexcept E, e:\n  `a`\n"),
	BYTES(") ] } ( [ { def class : = ! ? $ `\n"),
	BYTES("\\\n\\\n"),
	BYTES("a\\"),
	BYTES("# idletx:"),
	BYTES("# idletx: ignore["),
	BYTES("# idletx: ignore] -- ["),
	BYTES("(yield)\n(await x)\n[*a]\n{**b}\n(*a)\n"),
	BYTES("f(**a, *b, c=1, d)\n"),
	BYTES("x = 1 if 2 else\n"),
	BYTES("a.\nb()"),
	BYTES("a[\n"),
	BYTES("try:\n pass\nfinally:\n"),
	BYTES("while 1:\n try:\n  continue\n finally:\n  break\n"),
};

/* Each also in the middle of good code, and cut off at every byte. */
static void garbage_does_no_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(garbage_case); i++) {
		for (size_t len = 0; len <= garbage_case[i].len; len++) {
			struct lowered l;
			char *text = malloc(len + 1);
			memcpy(text, garbage_case[i].bytes, len);
			lowered_init(&l, STR("x.py"), (struct str){text, len});
			for (scope_id s = 0; s < l.m.module.scope_count; s++)
				(void)graph_of(&l, s);
			lowered_release(&l);
			free(text);
		}
	}
}

static void a_good_function_beside_a_broken_one_is_lowered(void **state)
{
	struct lowered l;
	uint32_t good = 0;

	(void)state;
	lowered_init(&l, STR("x.py"),
	             STR("def a():\n    f()\n\ndef b():\n    x = = 1\n\ndef c():\n    g()\n"));
	assert_int_equal(l.m.module.error_line, 5);
	for (scope_id s = 1; s < l.m.module.scope_count; s++)
		good += (l.m.module.scopes[s].flags & SCOPE_BROKEN) == 0;
	assert_int_equal(good, 2);
	lowered_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exits_beyond_what_a_finally_tells_apart_are_merged_by_kind),
		cmocka_unit_test(a_few_exits_are_all_told_apart),
		cmocka_unit_test(what_is_too_deep_is_counted_and_left_out),
		cmocka_unit_test(what_is_long_is_not_deep),
		cmocka_unit_test(exits_are_not_repeated_without_end),
		cmocka_unit_test(a_very_deep_name_loses_its_front),
		cmocka_unit_test(odd_bytes_are_read_as_python_reads_them),
		cmocka_unit_test(offsets_count_the_byte_order_mark),
		cmocka_unit_test(garbage_does_no_harm),
		cmocka_unit_test(a_good_function_beside_a_broken_one_is_lowered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
