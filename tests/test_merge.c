/*
 * test_merge.c - what holds for the table of precedence as a whole, whatever stands in it: who speaks for whom is an
 * order, and does not depend on who was first. Single pairs are in test_triage.c.
 */
#include "triage/merge.h"
#include "rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it */
#include <cmocka.h>

enum { RULES_MAX = 64, MANY = 1000 };

/* A finding of the rule about one session that all findings here are about. */
static struct finding finding_of(const struct rule *rule)
{
	const struct location start = {.path = STR("a.py"), .span = {0, 1}};
	return (struct finding){
		.rule = rule,
		.level = LEVEL_WARNING,
		.at = {.path = STR("a.py"), .span = {5, 6}},
		.message = STR("message"),
		.function = STR("f"),
		.function_at = start,
		.resource = {.name = STR("db"), .kind = "orm-session", .at = start},
	};
}

/* Who is left of two; NULL: both are. */
static const struct rule *winner_of(const struct rule *a, const struct rule *b)
{
	struct finding pair[] = {finding_of(a), finding_of(b)};
	struct arena run;
	arena_init(&run);
	const struct rule *winner = merge_findings(&run, pair, 2) == 1 ? pair[0].rule : NULL;
	arena_release(&run);
	return winner;
}

static void who_speaks_does_not_depend_on_who_was_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_count; i++)
		for (size_t k = 0; k < rule_count; k++)
			assert_ptr_equal(winner_of(rule_table[i], rule_table[k]),
			                 winner_of(rule_table[k], rule_table[i]));
}

static void who_speaks_for_whom_is_an_order(void **state)
{
	static bool speaks[RULES_MAX][RULES_MAX]; /* the first for the second */
	(void)state;
	assert_true(rule_count <= RULES_MAX);
	for (size_t i = 0; i < rule_count; i++)
		for (size_t k = 0; k < rule_count; k++)
			speaks[i][k] = i != k &&
			               winner_of(rule_table[i], rule_table[k]) == rule_table[i];
	for (size_t i = 0; i < rule_count; i++)
		for (size_t k = 0; k < rule_count; k++)
			for (size_t m = 0; m < rule_count; m++)
				assert_false(speaks[i][k] && speaks[k][m] && speaks[m][i]);
}

static void many_findings_of_one_rule_are_one_with_each_exit_once(void **state)
{
	static struct finding all[MANY];
	static struct finding_exit exits[MANY];
	struct arena run;
	(void)state;
	arena_init(&run);
	for (uint32_t i = 0; i < MANY; i++) {
		exits[i] = (struct finding_exit){.kind = EXIT_WAIT, .missing = 1u << i % 3};
		exits[i].at = (struct location){.path = STR("a.py"), .span = {i / 2, i / 2 + 1}};
		all[i] = finding_of(rule_find(STR("held-during-external-call")));
		all[i].at.span = (struct span){MANY - i, MANY};
		all[i].exits = &exits[i];
		all[i].exit_count = 1;
	}
	assert_int_equal(merge_findings(&run, all, MANY), 1);
	assert_int_equal(all[0].exit_count, MANY / 2);
	for (uint32_t i = 0; i < all[0].exit_count; i++) {
		assert_int_equal(all[0].exits[i].at.span.start, i);
		assert_int_equal(all[0].exits[i].missing, 1u << 2 * i % 3 | 1u << (2 * i + 1) % 3);
	}
	arena_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_speaks_does_not_depend_on_who_was_first),
		cmocka_unit_test(who_speaks_for_whom_is_an_order),
		cmocka_unit_test(many_findings_of_one_rule_are_one_with_each_exit_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
