/* test_intern.c - names as small numbers: same text, same number, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"
#include <stdio.h>

struct fixture {
	struct arena memory;
	struct interner *names;
};

static struct fixture *fixture;

static int setup(void **state)
{
	static struct fixture f;

	(void)state;
	arena_init(&f.memory);
	f.names = interner_new(&f.memory);
	fixture = &f;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	interner_free(fixture->names);
	arena_release(&fixture->memory);
	return 0;
}

static void ids_count_from_one_in_the_order_of_first_sight(void **state)
{
	(void)state;
	assert_int_equal(intern(fixture->names, STR("db")), 1);
	assert_int_equal(intern(fixture->names, STR("session")), 2);
	assert_int_equal(intern(fixture->names, STR("db")), 1);
	assert_int_equal(intern_count(fixture->names), 2);
}

/* Texts that a careless comparison takes for one another. */
static const struct str distinct[] = {
	{"", 0}, {"\0", 1}, {"a", 1}, {"a\0", 2}, {"a\0b", 3}, {"A", 1}, {"\xff", 1}, {"ab", 2},
};

static void texts_that_differ_in_one_byte_or_length_are_different_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(distinct); i++)
		assert_int_equal(intern(fixture->names, distinct[i]), i + 1);
	for (size_t i = 0; i < ARRAY_LEN(distinct); i++)
		assert_true(str_eq(intern_text(fixture->names, (name_id)i + 1), distinct[i]));
}

static void find_makes_no_name(void **state)
{
	(void)state;
	assert_int_equal(intern_find(fixture->names, STR("db")), NAME_NONE);
	assert_int_equal(intern_count(fixture->names), 0);
	name_id id = intern(fixture->names, STR("db"));
	assert_int_equal(intern_find(fixture->names, STR("db")), id);
}

static void no_name_has_empty_text(void **state)
{
	(void)state;
	assert_int_equal(intern_text(fixture->names, NAME_NONE).len, 0);
}

static void the_text_is_a_copy(void **state)
{
	char buffer[] = "session";

	(void)state;
	name_id id = intern(fixture->names, (struct str){buffer, 7});
	memset(buffer, 'x', 7);
	assert_true(str_is(intern_text(fixture->names, id), "session"));
	assert_int_equal(intern_find(fixture->names, STR("session")), id);
}

static struct str numbered(char *room, size_t size, unsigned i)
{
	return (struct str){room, (size_t)snprintf(room, size, "name_%u", i)};
}

static void a_hundred_thousand_names_keep_their_ids_while_the_table_grows(void **state)
{
	enum { COUNT = 100000 };
	char room[32];

	(void)state;
	for (unsigned i = 0; i < COUNT; i++)
		assert_int_equal(intern(fixture->names, numbered(room, sizeof(room), i)), i + 1);
	for (unsigned i = 0; i < COUNT; i++) {
		struct str s = numbered(room, sizeof(room), i);
		assert_int_equal(intern_find(fixture->names, s), i + 1);
		assert_true(str_eq(intern_text(fixture->names, i + 1), s));
	}
}

static void clear_forgets_names_and_counts_anew(void **state)
{
	(void)state;
	intern(fixture->names, STR("db"));
	intern(fixture->names, STR("session"));
	interner_clear(fixture->names);
	arena_clear(&fixture->memory);
	assert_int_equal(intern_count(fixture->names), 0);
	assert_int_equal(intern_find(fixture->names, STR("session")), NAME_NONE);
	assert_int_equal(intern(fixture->names, STR("session")), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(ids_count_from_one_in_the_order_of_first_sight),
		TEST(texts_that_differ_in_one_byte_or_length_are_different_names),
		TEST(find_makes_no_name),
		TEST(no_name_has_empty_text),
		TEST(the_text_is_a_copy),
		TEST(a_hundred_thousand_names_keep_their_ids_while_the_table_grows),
		TEST(clear_forgets_names_and_counts_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
