/* test_diag.c - messages: one order whoever was first, nothing said twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"
#include "base/pool.h"

static void messages_are_sorted_by_path_line_column_and_text(void **state)
{
	static const struct {
		const char *path;
		uint32_t line, column;
		const char *text;
	} wanted[] = {
		{"", 0, 0, "about no file"}, {"a.py", 0, 0, "whole file"}, {"a.py", 2, 1, "b"},
		{"a.py", 2, 1, "c"},         {"a.py", 2, 9, "a"},          {"a.py", 10, 1, "late"},
		{"a/b.py", 1, 1, "deeper"},
	};
	struct diag *d = diag_new();
	size_t count;

	(void)state;
	for (size_t i = ARRAY_LEN(wanted); i-- > 0;)
		diag_add(d, DIAG_NOTE, str_of(wanted[i].path), wanted[i].line, wanted[i].column,
		         "%s", wanted[i].text);
	const struct diag_entry *got = diag_sorted(d, &count);
	assert_int_equal(count, ARRAY_LEN(wanted));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(got[i].path.ptr, wanted[i].path);
		assert_int_equal(got[i].line, wanted[i].line);
		assert_int_equal(got[i].column, wanted[i].column);
		assert_string_equal(got[i].text.ptr, wanted[i].text);
	}
	diag_free(d);
}

static void only_exact_repeats_are_dropped(void **state)
{
	struct diag *d = diag_new();
	size_t count;

	(void)state;
	for (int i = 0; i < 3; i++)
		diag_add(d, DIAG_NOTE, STR("a.py"), 1, 1, "limit of %d reached", 16);
	diag_add(d, DIAG_WARNING, STR("a.py"), 1, 1, "limit of 16 reached");
	diag_add(d, DIAG_NOTE, STR("a.py"), 1, 2, "limit of 16 reached");
	diag_sorted(d, &count);
	assert_int_equal(count, 3);
	diag_add(d, DIAG_NOTE, STR("a.py"), 1, 1, "limit of 16 reached");
	diag_sorted(d, &count);
	assert_int_equal(count, 3);
	diag_free(d);
}

static void each_level_is_known_apart(void **state)
{
	static const enum diag_level all[] = {DIAG_NOTE, DIAG_WARNING, DIAG_FAILURE, DIAG_USAGE};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct diag *d = diag_new();
		diag_add(d, all[i], STR_EMPTY, 0, 0, "one");
		for (size_t j = 0; j < ARRAY_LEN(all); j++)
			assert_int_equal(diag_has(d, all[j]), i == j);
		diag_free(d);
	}
}

static void a_new_collection_is_empty(void **state)
{
	struct diag *d = diag_new();
	size_t count = 1;

	(void)state;
	diag_sorted(d, &count);
	assert_int_equal(count, 0);
	assert_false(diag_has(d, DIAG_USAGE));
	diag_free(d);
	diag_free(NULL);
}

static void path_and_text_are_copied(void **state)
{
	char path[] = "a.py", word[] = "word";
	struct diag *d = diag_new();
	size_t count;

	(void)state;
	diag_add(d, DIAG_NOTE, (struct str){path, 4}, 1, 1, "'%s'", word);
	memset(path, 'x', 4);
	memset(word, 'x', 4);
	const struct diag_entry *got = diag_sorted(d, &count);
	assert_string_equal(got[0].path.ptr, "a.py");
	assert_string_equal(got[0].text.ptr, "'word'");
	diag_free(d);
}

static void add_one(void *arg, unsigned worker, size_t index)
{
	(void)worker;
	diag_add(arg, DIAG_NOTE, STR("a.py"), (uint32_t)index + 1, 1, "number %zu", index);
}

static void messages_of_many_threads_all_arrive_in_order(void **state)
{
	struct diag *d = diag_new();
	size_t count;

	(void)state;
	pool_run(8, 5000, add_one, d);
	const struct diag_entry *got = diag_sorted(d, &count);
	assert_int_equal(count, 5000);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(got[i].line, i + 1);
	diag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_sorted_by_path_line_column_and_text),
		cmocka_unit_test(only_exact_repeats_are_dropped),
		cmocka_unit_test(each_level_is_known_apart),
		cmocka_unit_test(a_new_collection_is_empty),
		cmocka_unit_test(path_and_text_are_copied),
		cmocka_unit_test(messages_of_many_threads_all_arrive_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
