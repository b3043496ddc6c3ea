/* test_excerpt.c - lines of files that may be anything, or gone. */
#include "report/excerpt.h"
#include "temp_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct folder {
	char root[64];
	struct excerpts excerpts;
};

static void write_file(const struct folder *f, const char *name, struct str text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", f->root, name);
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(text.ptr, 1, text.len, out), text.len);
	assert_int_equal(fclose(out), 0);
}

static void folder_init(struct folder *f, struct str text)
{
	assert_non_null(mkdtemp(temp_name(f->root, sizeof f->root, "/tmp", "excerpt")));
	write_file(f, "a.py", text);
	excerpts_init(&f->excerpts, str_of(f->root));
}

static void folder_release(struct folder *f)
{
	char path[128];

	excerpts_release(&f->excerpts);
	snprintf(path, sizeof(path), "%s/a.py", f->root);
	unlink(path);
	snprintf(path, sizeof(path), "%s/b.py", f->root);
	unlink(path);
	assert_int_equal(rmdir(f->root), 0);
}

static void assert_line(struct folder *f, uint32_t line, const char *want)
{
	struct str text;
	bool there = excerpt_line(&f->excerpts, STR("a.py"), line, &text);

	assert_int_equal(there, want != NULL);
	if (want != NULL)
		assert_true(str_is(text, want));
}

static const struct {
	struct str text;
	const char *lines[4]; /* NULL: not there */
} line_case[] = {
	{{"one\ntwo\n", 8}, {"one", "two"}},
	{{"one\ntwo", 7}, {"one", "two"}},
	{{"one\r\ntwo\r\n", 10}, {"one", "two"}},
	{{"\n\n", 2}, {"", ""}},
	{{"\xef\xbb\xbfone\ntwo\n", 11}, {"one", "two"}}, /* the mark is no part of the line */
	{{"", 0}, {NULL}},
};

static void lines_are_found_in_any_order(void **state)
{
	struct folder f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(line_case); i++) {
		folder_init(&f, line_case[i].text);
		for (uint32_t n = 1; n <= 4; n++)
			assert_line(&f, n, line_case[i].lines[n - 1]);
		for (uint32_t n = 4; n >= 1; n--)
			assert_line(&f, n, line_case[i].lines[n - 1]);
		assert_line(&f, 0, NULL);
		folder_release(&f);
	}
}

static void another_file_takes_the_place_of_the_one_before(void **state)
{
	struct folder f;
	struct str text;

	(void)state;
	folder_init(&f, STR("a1\na2\n"));
	write_file(&f, "b.py", STR("b1\nb2\n"));
	assert_line(&f, 2, "a2");
	assert_true(excerpt_line(&f.excerpts, STR("b.py"), 1, &text) && str_is(text, "b1"));
	assert_false(excerpt_line(&f.excerpts, STR("gone.py"), 1, &text));
	assert_false(excerpt_line(&f.excerpts, STR("a.py\0x"), 1, &text));
	assert_false(excerpt_line(&f.excerpts, STR_EMPTY, 1, &text));
	assert_line(&f, 1, "a1");
	folder_release(&f);
}

static void a_line_too_long_to_read_is_left_out_and_the_next_is_found(void **state)
{
	static char text[EXCERPT_LINE_MAX + 8];
	struct folder f;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + EXCERPT_LINE_MAX, "\nend", 4);
	folder_init(&f, (struct str){text, EXCERPT_LINE_MAX + 4});
	struct str line;
	assert_true(excerpt_line(&f.excerpts, STR("a.py"), 1, &line));
	assert_int_equal(line.len, EXCERPT_LINE_MAX);
	folder_release(&f);
	memcpy(text + EXCERPT_LINE_MAX, "x\nend", 5);
	folder_init(&f, (struct str){text, EXCERPT_LINE_MAX + 5});
	assert_line(&f, 1, NULL);
	assert_line(&f, 2, "end");
	folder_release(&f);
}

static const struct {
	uint32_t offset, line, column; /* line 0: no such place */
} place_case[] = {
	{0, 1, 1}, {2, 1, 2}, {4, 1, 4}, {5, 2, 1}, {8, 2, 4}, {1, 1, 2}, {9, 0, 0},
};

static void an_offset_has_a_line_and_a_column_in_code_points(void **state)
{
	struct folder f;

	(void)state;
	folder_init(&f, STR("\xc3\xa9"
	                    "ab\nxyz"));
	for (size_t i = 0; i < ARRAY_LEN(place_case); i++) {
		uint32_t line = 0, column = 0;
		bool there = excerpt_place(&f.excerpts, STR("a.py"), place_case[i].offset, &line,
		                           &column);
		assert_int_equal(there, place_case[i].line != 0);
		assert_int_equal(line, place_case[i].line);
		if (there &&
		    place_case[i].offset != 1) /* in the middle of a character: anything near */
			assert_int_equal(column, place_case[i].column);
	}
	folder_release(&f);
}

static void a_column_past_the_end_means_the_file_has_changed(void **state)
{
	struct folder f;
	struct str text;
	struct location at = {.path = STR("a.py"), .line = 1, .column = 4};

	(void)state;
	folder_init(&f, STR("\xc3\xa9\xc3\xa9"
	                    "a\n"));
	assert_true(excerpt_at(&f.excerpts, &at, &text)); /* just behind the last character */
	at.column = 5;
	assert_false(excerpt_at(&f.excerpts, &at, &text));
	at.column = 0;
	assert_true(excerpt_at(&f.excerpts, &at, &text));
	folder_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_found_in_any_order),
		cmocka_unit_test(another_file_takes_the_place_of_the_one_before),
		cmocka_unit_test(a_line_too_long_to_read_is_left_out_and_the_next_is_found),
		cmocka_unit_test(an_offset_has_a_line_and_a_column_in_code_points),
		cmocka_unit_test(a_column_past_the_end_means_the_file_has_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
