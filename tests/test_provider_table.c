/* test_provider_table.c - while providers are found, only who asked for a new one is read again. */
#include "program/provider_table.h"

#include "program/provider.h"

#include <stb/stb_ds.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct provider returning = {.shape = SHAPE_RETURNS};
static const struct provider several = {.shape = SHAPE_RETURNS_ITEMS};

/* Candidates 0 to 3 of module 1, scopes 10 to 13, all of them read once. */
static void setup(struct provider_table *t, struct asked_for **asked)
{
	*t = (struct provider_table){.asked = asked, .count = 4};
	*asked = NULL;
	for (scope_id s = 10; s < 14; s++)
		arrput(t->candidates, ((struct candidate){.module = 1, .scope = s}));
}

static const struct provider *ask(struct provider_table *t, uint32_t who, scope_id whom)
{
	t->reading = who;
	return provider_of_scope(t, 1, whom);
}

static void what_a_round_finds_is_known_when_it_ends(void **state)
{
	struct arena run;
	struct provider_table t;
	struct asked_for *asked;
	(void)state;
	arena_init(&run);
	setup(&t, &asked);
	t.candidates[2].found = &returning;
	assert_null(ask(&t, 0, 12));
	provider_table_renew(&t);
	assert_ptr_equal(ask(&t, 0, 12), &returning);
	provider_table_finish(&run, &t);
	assert_int_equal(t.count, 1);
	assert_ptr_equal(ask(&t, 0, 12), &returning);
	assert_null(ask(&t, 0, 13));
	arena_release(&run);
}

static void only_who_asked_for_it_is_read_again(void **state)
{
	struct arena run;
	struct provider_table t;
	struct asked_for *asked;
	(void)state;
	arena_init(&run);
	setup(&t, &asked);
	ask(&t, 0, 12);
	ask(&t, 1, 13);
	t.candidates[2].found = &returning;
	assert_true(provider_table_renew(&t));
	assert_true(t.candidates[0].unread);
	assert_false(t.candidates[1].unread);
	t.candidates[3].found = &returning; /* a question is not forgotten before it is answered */
	assert_true(provider_table_renew(&t));
	assert_true(t.candidates[1].unread);
	provider_table_finish(&run, &t);
	arena_release(&run);
}

static void who_asked_what_is_parked_is_read_again(void **state)
{
	struct arena run;
	struct provider_table t;
	struct asked_for *asked;
	(void)state;
	arena_init(&run);
	setup(&t, &asked);
	t.reading = 1;
	assert_null(providers_parked(&t));
	t.reading = NOBODY;
	assert_true(provider_table_add_parked(&t, (const struct parked_table *)&t));
	assert_true(t.candidates[1].unread);
	assert_false(t.candidates[0].unread);
	provider_table_finish(&run, &t);
	assert_non_null(providers_parked(&t));
	arena_release(&run);
}

static void nobody_asked_nobody_is_read(void **state)
{
	struct arena run;
	struct provider_table t;
	struct asked_for *asked;
	(void)state;
	arena_init(&run);
	setup(&t, &asked);
	ask(&t, 2, 12); /* of itself */
	t.candidates[2].found = &returning;
	assert_false(provider_table_renew(&t));
	provider_table_finish(&run, &t);
	arena_release(&run);
}

static void one_of_several_items_is_asked_for_apart(void **state)
{
	struct arena run;
	struct provider_table t;
	struct asked_for *asked;
	(void)state;
	arena_init(&run);
	setup(&t, &asked);
	t.candidates[2].found = &several;
	t.candidates[3].found = &returning;
	provider_table_renew(&t);
	assert_null(provider_of_scope(&t, 1, 12));
	assert_ptr_equal(provider_of_items(&t, 1, 12), &several);
	assert_null(provider_of_items(&t, 1, 13));
	provider_table_finish(&run, &t);
	arena_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_round_finds_is_known_when_it_ends),
		cmocka_unit_test(only_who_asked_for_it_is_read_again),
		cmocka_unit_test(who_asked_what_is_parked_is_read_again),
		cmocka_unit_test(nobody_asked_nobody_is_read),
		cmocka_unit_test(one_of_several_items_is_asked_for_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
