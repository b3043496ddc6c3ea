/* test_locals.c - plain names of a function are found by name, however many places it has. */
#include "program/locals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MANY = 5000 };

static struct place plain(name_id name)
{
	return (struct place){.root_kind = PLACE_LOCAL, .root = name};
}

static void each_name_is_found_where_it_is(void **state)
{
	struct arena scratch;
	struct cfg cfg = {.place_count = MANY};
	(void)state;
	arena_init(&scratch);
	cfg.places = arena_array(&scratch, struct place, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		cfg.places[i] = plain(8 * i + 1); /* one stride: they meet in the table */
	struct locals l = locals_of(&scratch, &cfg);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(locals_find(&l, 8 * i + 1), i);
		assert_int_equal(locals_find(&l, 8 * i + 2), UINT32_MAX);
	}
	arena_release(&scratch);
}

static void attributes_and_other_roots_are_no_plain_names(void **state)
{
	struct arena scratch;
	struct place places[] = {plain(1), plain(2), plain(3)};
	struct cfg cfg = {.places = places, .place_count = 3};
	(void)state;
	arena_init(&scratch);
	places[0].step_count = 1;
	places[1].root_kind = PLACE_GLOBAL;
	struct locals l = locals_of(&scratch, &cfg);
	assert_int_equal(locals_find(&l, 1), UINT32_MAX);
	assert_int_equal(locals_find(&l, 2), UINT32_MAX);
	assert_int_equal(locals_find(&l, 3), 2);
	arena_release(&scratch);
}

static void the_first_place_of_a_name_counts(void **state)
{
	struct arena scratch;
	struct place places[] = {plain(7), plain(7)};
	struct cfg cfg = {.places = places, .place_count = 2};
	(void)state;
	arena_init(&scratch);
	struct locals l = locals_of(&scratch, &cfg);
	assert_int_equal(locals_find(&l, 7), 0);
	arena_release(&scratch);
}

static void a_function_without_places_has_no_names(void **state)
{
	struct arena scratch;
	struct cfg cfg = {.place_count = 0};
	(void)state;
	arena_init(&scratch);
	struct locals l = locals_of(&scratch, &cfg);
	assert_int_equal(locals_find(&l, 1), UINT32_MAX);
	arena_release(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_is_found_where_it_is),
		cmocka_unit_test(attributes_and_other_roots_are_no_plain_names),
		cmocka_unit_test(the_first_place_of_a_name_counts),
		cmocka_unit_test(a_function_without_places_has_no_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
