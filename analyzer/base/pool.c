/*
 * pool.c - POSIX threads that take the next index until none is left. A single
 * job also runs on a thread of its own, because only that has the large stack.
 */
#include "base/pool.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* Address space only: the kernel gives pages when they are touched. */
#define STACK_WANTED ((size_t)64 << 20)
#define STACK_LEAST ((size_t)1 << 20)
enum { JOBS_LIMIT = 256 };

struct pool {
	atomic_size_t next;
	size_t count;
	pool_task_fn *task;
	void *arg;
};

struct worker {
	struct pool *pool;
	unsigned number;
	pthread_t thread;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;

	for (;;) {
		size_t i = atomic_fetch_add_explicit(&p->next, 1, memory_order_relaxed);
		if (i >= p->count)
			return NULL;
		p->task(p->arg, w->number, i);
	}
}

/* Under a limit on address space (`ulimit -v`) a smaller stack may still be had. */
static bool worker_start(struct worker *w)
{
	for (size_t stack = STACK_WANTED; stack >= STACK_LEAST; stack /= 2) {
		pthread_attr_t attributes;
		if (pthread_attr_init(&attributes) != 0)
			return false;
		bool started = pthread_attr_setstacksize(&attributes, stack) == 0 &&
		               pthread_create(&w->thread, &attributes, work, w) == 0;
		pthread_attr_destroy(&attributes);
		if (started)
			return true;
	}
	return false;
}

void pool_run(unsigned jobs, size_t count, pool_task_fn *task, void *arg)
{
	struct pool p = {.count = count, .task = task, .arg = arg};
	unsigned started = 0;

	if (count == 0)
		return;
	if (jobs == 0)
		jobs = 1;
	if (jobs > JOBS_LIMIT)
		jobs = JOBS_LIMIT;
	if (jobs > count)
		jobs = (unsigned)count;
	struct worker *workers = memory_resize_array(NULL, jobs, sizeof(*workers));
	for (unsigned i = 0; i < jobs; i++) {
		workers[i] = (struct worker){.pool = &p, .number = i};
		if (!worker_start(&workers[i]))
			break;
		started++;
	}
	if (started == 0) /* no thread can be had: slower, with the caller's stack, but complete */
		work(&(struct worker){.pool = &p});
	for (unsigned i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	free(workers);
}

unsigned pool_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > JOBS_LIMIT ? JOBS_LIMIT : (unsigned)n;
}
