/* test_embedded.c - the files that are part of the program are found by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"
#include "base/embedded.h"
#include <stdio.h>

static void every_file_is_found_and_the_table_is_sorted(void **state)
{
	(void)state;
	assert_true(embedded_file_count > 0);
	for (size_t i = 0; i < embedded_file_count; i++) {
		const struct embedded_file *f = &embedded_files[i];
		assert_ptr_equal(embedded_find(str_of(f->name)), f);
		if (i > 0)
			assert_true(strcmp(embedded_files[i - 1].name, f->name) < 0);
	}
}

static void a_name_that_is_not_there_gives_nothing(void **state)
{
	static const char *const absent[] = {"", "queries/", "queries/none.scm", "zzz"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(absent); i++)
		assert_null(embedded_find(str_of(absent[i])));
}

static void the_text_is_the_file_byte_for_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < embedded_file_count; i++) {
		const struct embedded_file *e = &embedded_files[i];
		FILE *f = fopen(e->name, "rb");
		assert_non_null(f);
		for (size_t at = 0; at < e->text.len; at++)
			assert_int_equal(getc(f), (unsigned char)e->text.ptr[at]);
		assert_int_equal(getc(f), EOF);
		assert_int_equal(e->text.ptr[e->text.len], '\0');
		fclose(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_is_found_and_the_table_is_sorted),
		cmocka_unit_test(a_name_that_is_not_there_gives_nothing),
		cmocka_unit_test(the_text_is_the_file_byte_for_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
