/* test_case_marks.c - the comments of case files: what they ask for, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stb/stb_ds.h>
#include <stdio.h>

#include "case_marks.h"

/* Marks as "expect 3 rule part;", then options as "[word]", then complaints as "!line". */
static const char *read_as_text(const char *source)
{
	static char text[512];
	struct arena run;
	struct case_marks m = {0};
	size_t n = 0;

	arena_init(&run);
	case_marks_read(&run, STR("a.py"), str_of(source), &m);
	text[0] = '\0';
	for (size_t i = 0; i < arrlenu(m.marks); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s %u %.*s%s%.*s;",
		                      mark_kind_word(m.marks[i].kind), m.marks[i].line,
		                      STR_ARG(m.marks[i].rule), m.marks[i].part.len > 0 ? " " : "",
		                      STR_ARG(m.marks[i].part));
	for (size_t i = 0; i < arrlenu(m.options); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "[%s]", m.options[i].ptr);
	for (size_t i = 0; i < arrlenu(m.complaints); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "!%u", m.complaints[i].line);
	case_marks_release(&m);
	arena_release(&run);
	return text;
}

static const struct {
	const char *source, *wanted;
} reading[] = {
	{"a()  # expect: one", "expect 1 one;"},
	{"\na() # expect: one \"a, b\"\n", "expect 2 one a, b;"},
	{"a() # expect: one, two \"x\" (why)", "expect 1 one;expect 1 two x;"},
	{"a() # miss: one   (through getattr)", "miss 1 one;"},
	{"a() #wrong: one", "wrong 1 one;"},
	{"# expect-next: one, two\n\n# note: text\na()\n", "expect 4 one;expect 4 two;"},
	{"# expect-next: one\n# expect-next: two\n@a\n", "expect 3 one;expect 3 two;"},
	{"# expect-next: one\nx() # expect: two\n", "expect 2 one;expect 2 two;"},
	{"# options: --policy=explicit -v\na()", "[--policy=explicit][-v]"},
	{"'# expect: one'\n\"\"\"\n# expect: two\n\"\"\"\nb() # expect: three", "expect 5 three;"},
	{"'it\\'s # expect: one'", ""},
	{"'''a\n\\''' # expect: one\n'''\nb() # expect: two", "expect 4 two;"},
	{"f('a' # expect: one\n  'b')", "expect 1 one;"},
	{"# see http://x and 3:4, Note: prose; not a: word\n# Any: word", ""},
	{"x: int # type: ignore\n# idletx: ignore[one] -- why\n", ""},
	{"# expct: one", "!1"},
	{"a() # expect: one two", "expect 1 one;!1"},
	{"a() # expect: one \"two", "!1"},
	{"a() # expect: One", "!1"},
	{"a()\n# options: --policy=explicit", "[--policy=explicit]!2"},
	{"a()\n# expect-next: one\n", "expect 2 one;!3"},
	{"# expect: one\na()", "expect 1 one;!1"},
	{"", ""},
};

static void comments_are_read_as_the_readme_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reading); i++)
		assert_string_equal(read_as_text(reading[i].source), reading[i].wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_are_read_as_the_readme_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
