/* test_disjunct.c - what tells paths apart: guards and the exits of finally bodies under way. */
#include "state/disjunct.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SLOTS = 2 };

static struct arena scratch;
static struct plan plan = {.slot_count = SLOTS, .guard_count = 1};

static int set_up(void **state)
{
	(void)state;
	arena_init(&scratch);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&scratch);
	return 0;
}

static void a_guard_is_in_the_key_and_no_other_slot_is(void **state)
{
	struct disjunct *d = disjunct_new(&scratch, &plan);
	(void)state;
	disjunct_set(&plan, d, 0, (struct value){VALUE_NONE, 0});
	uint64_t none = d->key;
	disjunct_set(&plan, d, 0, (struct value){VALUE_OTHER, 0});
	uint64_t other = d->key;
	assert_true(none != other);
	disjunct_set(&plan, d, 1, (struct value){VALUE_NONE, 0});
	assert_true(d->key == other);
	disjunct_set(&plan, d, SLOT_NONE, (struct value){VALUE_NONE, 0});
	assert_true(d->key == other);
}

static void a_token_is_known_until_it_is_cleared(void **state)
{
	struct disjunct *d = disjunct_new(&scratch, &plan);
	struct solve_bounds bounds = {0};
	(void)state;
	assert_int_equal(disjunct_token(d, 4), -1);
	disjunct_set_token(d, 4, 2, &bounds);
	assert_int_equal(disjunct_token(d, 4), 2);
	disjunct_set_token(d, 4, 3, &bounds);
	assert_int_equal(disjunct_token(d, 4), 3);
	disjunct_clear_token(d, 4);
	assert_int_equal(disjunct_token(d, 4), -1);
	assert_true(disjunct_tokens(d) == 0);
	assert_int_equal(bounds.tokens, 0);
}

static void a_full_key_takes_no_more_and_that_is_counted(void **state)
{
	struct disjunct *d = disjunct_new(&scratch, &plan);
	struct solve_bounds bounds = {0};
	(void)state;
	for (uint32_t i = 0; i <= KEY_TOKENS_MAX; i++)
		disjunct_set_token(d, i, 1, &bounds);
	assert_int_equal(bounds.tokens, 1);
	for (uint32_t i = 0; i < KEY_TOKENS_MAX; i++)
		assert_int_equal(disjunct_token(d, i), 1);
	assert_int_equal(disjunct_token(d, KEY_TOKENS_MAX), -1);
}

static void guards_and_tokens_leave_each_other_alone(void **state)
{
	struct disjunct *d = disjunct_new(&scratch, &plan);
	struct solve_bounds bounds = {0};
	(void)state;
	disjunct_set(&plan, d, 0, (struct value){VALUE_NONE, 0});
	uint64_t before = d->key;
	disjunct_set_token(d, 0, 0, &bounds);
	disjunct_set(&plan, d, 0, (struct value){VALUE_FALSE, 0});
	assert_int_equal(disjunct_token(d, 0), 0);
	disjunct_clear_token(d, 0);
	disjunct_set(&plan, d, 0, (struct value){VALUE_NONE, 0});
	assert_true(d->key == before);
}

static void a_join_grows_once(void **state)
{
	struct disjunct *a = disjunct_new(&scratch, &plan);
	struct disjunct *b = disjunct_new(&scratch, &plan);
	(void)state;
	disjunct_set(&plan, a, 1, (struct value){VALUE_NONE, 0});
	disjunct_set(&plan, b, 1, (struct value){VALUE_OTHER, 1});
	assert_true(disjunct_join(&plan, a, b));
	assert_false(disjunct_join(&plan, a, b));
	assert_int_equal(a->values[1].is, VALUE_NONE | VALUE_OTHER);
	assert_int_equal(a->values[1].holds, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guard_is_in_the_key_and_no_other_slot_is),
		cmocka_unit_test(a_token_is_known_until_it_is_cleared),
		cmocka_unit_test(a_full_key_takes_no_more_and_that_is_counted),
		cmocka_unit_test(guards_and_tokens_leave_each_other_alone),
		cmocka_unit_test(a_join_grows_once),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
