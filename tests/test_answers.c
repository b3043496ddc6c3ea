/* test_answers.c - an answer that is still known is the one that was given to this very question. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "project/answers.h"

static struct question asked(struct arena *memory, uint32_t i)
{
	return (struct question){.kind = (enum question_kind)(i % 4),
	                         .module = i / 7,
	                         .scope = i % 5,
	                         .text = arena_printf(memory, "name%u", i / 11)};
}

static void nothing_is_known_at_first_and_nothing_without_a_table(void **state)
{
	struct arena memory;
	struct target t = {.kind = TARGET_MODULE, .dotted = STR("a.b")}, found;
	(void)state;
	arena_init(&memory);
	struct answers *a = answers_new();
	struct question q = asked(&memory, 1);
	assert_false(answers_find(a, &memory, &q, &found));
	answers_add(NULL, &q, &t);
	assert_false(answers_find(NULL, &memory, &q, &found));
	answers_free(a);
	answers_free(NULL);
	arena_release(&memory);
}

static void each_question_finds_its_own_answer_when_many_push_others_out(void **state)
{
	enum { MANY = 20000 };
	struct arena memory;
	uint32_t known = 0;
	(void)state;
	arena_init(&memory);
	struct answers *a = answers_new();
	for (uint32_t i = 0; i < MANY; i++) {
		struct question q = asked(&memory, i);
		struct target found, t = {.kind = TARGET_EXTERNAL,
		                          .binding = i,
		                          .dotted = arena_printf(&memory, "lib.%u", i)};
		if (!answers_find(a, &memory, &q, &found))
			answers_add(a, &q, &t);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		struct question q = asked(&memory, i), other;
		struct target found;
		if (!answers_find(a, &memory, &q, &found))
			continue;
		known++;
		other = asked(&memory, found.binding);
		assert_true(other.kind == q.kind && other.module == q.module &&
		            other.scope == q.scope && str_eq(other.text, q.text));
		assert_true(str_eq(found.dotted, arena_printf(&memory, "lib.%u", found.binding)));
	}
	assert_in_range(known, 1, MANY - 1);
	answers_free(a);
	arena_release(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_at_first_and_nothing_without_a_table),
		cmocka_unit_test(each_question_finds_its_own_answer_when_many_push_others_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
