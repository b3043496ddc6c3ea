/* test_filter.c - what was added passes; nearly nothing else does. */
#include "base/filter.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { COUNT = 1000 };

static struct str numbered(struct arena *run, const char *word, unsigned i)
{
	return arena_printf(run, "%s.%u", word, i);
}

static void what_was_added_passes_and_few_others_do(void **state)
{
	struct arena run;
	unsigned wrong = 0;
	(void)state;
	arena_init(&run);
	struct filter f = filter_new(&run, COUNT);
	for (unsigned i = 0; i < COUNT; i++)
		filter_add(&f, numbered(&run, "app.models", i));
	for (unsigned i = 0; i < COUNT; i++) {
		assert_true(filter_may_hold(&f, numbered(&run, "app.models", i)));
		wrong += filter_may_hold(&f, numbered(&run, "sqlalchemy.orm", i));
	}
	assert_true(wrong < COUNT / 8);
	arena_release(&run);
}

static void an_empty_one_holds_nothing(void **state)
{
	struct arena run;
	(void)state;
	arena_init(&run);
	struct filter f = filter_new(&run, 0);
	assert_false(filter_may_hold(&f, STR("anything")));
	assert_false(filter_may_hold(&f, STR_EMPTY));
	arena_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_passes_and_few_others_do),
		cmocka_unit_test(an_empty_one_holds_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
