/* test_starter.c - which calls start a function, which argument that is, and where it runs. */
#include "project/starter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it */
#include <cmocka.h>

/* One of each sort, and the first and last of the table, so that a row out of its order is missed by the search. */
static const struct {
	const char *name, *receiver;
	enum entry_kind kind;
	unsigned position;
	bool pooled, coroutine;
} started_case[] = {
	{"BackgroundTask", "", ENTRY_BACKGROUND, 0, true, false},
	{"PeriodicCallback", "ioloop", ENTRY_BACKGROUND, 0, true, false},
	{"Thread", "threading", ENTRY_THREAD, 1, false, false},
	{"Timer", "", ENTRY_THREAD, 1, false, false},
	{"add_job", "scheduler", ENTRY_SCHEDULER, 0, true, false},
	{"add_task", "background_tasks", ENTRY_BACKGROUND, 0, true, false},
	{"apply_async", "pool", ENTRY_THREAD, 0, true, false},
	{"call_later", "loop", ENTRY_BACKGROUND, 1, true, false},
	{"create_task", "asyncio", ENTRY_BACKGROUND, 0, true, true},
	{"do", "", ENTRY_SCHEDULER, 0, true, false},
	{"enqueue", "queue", ENTRY_TASK, 0, false, false},
	{"enqueue_in", "queue", ENTRY_TASK, 1, false, false},
	{"ensure_future", "", ENTRY_BACKGROUND, 0, true, true},
	{"map", "thread_pool", ENTRY_THREAD, 0, true, false},
	{"map", "executor", ENTRY_THREAD, 0, true, false},
	{"run_in_executor", "loop", ENTRY_THREAD, 1, true, false},
	{"run_sync", "to_thread", ENTRY_THREAD, 0, true, false},
	{"spawn", "gevent", ENTRY_THREAD, 0, false, false},
	{"spawn", "eventlet", ENTRY_THREAD, 0, false, false},
	{"submit", "anything", ENTRY_THREAD, 0, true, false},
	{"to_thread", "asyncio", ENTRY_THREAD, 0, true, false},
};

static void a_call_that_starts_a_function_says_which_and_where_it_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(started_case); i++) {
		const struct starter *s = starter_of(str_of(started_case[i].name),
		                                     str_of(started_case[i].receiver));
		assert_non_null(s);
		assert_string_equal(s->name, started_case[i].name);
		assert_int_equal(s->kind, started_case[i].kind);
		assert_int_equal(s->position, started_case[i].position);
		assert_int_equal(s->pooled, started_case[i].pooled);
		assert_int_equal(s->coroutine, started_case[i].coroutine);
	}
}

static const struct {
	const char *name, *receiver;
} other_case[] = {
	{"map", ""},            /* the builtin */
	{"map", "frame"},       /* of a table */
	{"apply_async", "job"}, /* of a task: another process */
	{"spawn", "process"},
	{"run_sync", "anyio"},
	{"thread", "threading"},
	{"Threads", ""},
	{"", ""},
	{"zzz", ""},
	{"A", ""},
};

static void other_calls_start_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(other_case); i++)
		assert_null(starter_of(str_of(other_case[i].name), str_of(other_case[i].receiver)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_that_starts_a_function_says_which_and_where_it_runs),
		cmocka_unit_test(other_calls_start_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
