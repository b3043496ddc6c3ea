/* test_pool.c - every index once, whatever the number of threads; a deep stack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"
#include "base/pool.h"
#include <stdatomic.h>

enum { COUNT_MAX = 10000, JOBS_MAX = 64 };

struct tally {
	atomic_uint seen[COUNT_MAX];
	atomic_uint worker_max;
};

static void tally(void *arg, unsigned worker, size_t index)
{
	struct tally *t = arg;
	unsigned most = atomic_load(&t->worker_max);

	atomic_fetch_add(&t->seen[index], 1);
	while (worker > most && !atomic_compare_exchange_weak(&t->worker_max, &most, worker))
		continue;
}

static const struct {
	unsigned jobs;
	size_t count;
} run_case[] = {
	{0, 1},        {0, 100}, {1, COUNT_MAX}, {2, COUNT_MAX}, {JOBS_MAX, COUNT_MAX},
	{JOBS_MAX, 3}, {8, 0},
};

static void each_index_is_run_once_by_a_worker_in_range(void **state)
{
	static struct tally t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(run_case); i++) {
		t = (struct tally){0};
		pool_run(run_case[i].jobs, run_case[i].count, tally, &t);
		for (size_t at = 0; at < COUNT_MAX; at++)
			assert_int_equal(t.seen[at], at < run_case[i].count);
		unsigned workers = run_case[i].jobs == 0 ? 1 : run_case[i].jobs;
		assert_true(t.worker_max < workers);
		assert_true(t.worker_max == 0 || t.worker_max < run_case[i].count);
	}
}

static void more_jobs_than_any_machine_has_are_cut_down(void **state)
{
	static struct tally t;

	(void)state;
	t = (struct tally){0};
	pool_run(UINT32_MAX, 1000, tally, &t);
	for (size_t at = 0; at < 1000; at++)
		assert_int_equal(t.seen[at], 1);
	assert_true(t.worker_max < 1000);
}

/* About 32 MB of stack: four times what a main thread is usually given. */
static unsigned descend(unsigned depth)
{
	volatile char frame[1024];

	frame[0] = (char)depth;
	return depth == 0 ? 0 : descend(depth - 1) + (frame[0] == (char)depth);
}

static void go_deep(void *arg, unsigned worker, size_t index)
{
	unsigned *depth = arg;

	(void)worker;
	depth[index] = descend(24 << 10);
}

static void a_worker_has_a_deep_stack_even_alone(void **state)
{
	unsigned depth[2] = {0};

	(void)state;
	pool_run(1, 1, go_deep, depth);
	assert_int_equal(depth[0], 24 << 10);
	pool_run(2, 2, go_deep, depth);
	assert_int_equal(depth[1], 24 << 10);
}

static void there_is_at_least_one_processor(void **state)
{
	(void)state;
	assert_true(pool_processors() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_index_is_run_once_by_a_worker_in_range),
		cmocka_unit_test(more_jobs_than_any_machine_has_are_cut_down),
		cmocka_unit_test(a_worker_has_a_deep_stack_even_alone),
		cmocka_unit_test(there_is_at_least_one_processor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
