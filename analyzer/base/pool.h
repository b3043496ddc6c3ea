/*
 * pool.h - runs the same task for indices 0 to count-1 on several threads.
 * Workers have a stack of their own, large and lazily committed, so that the
 * program does not depend on `ulimit -s`. Results must be written by index;
 * then they do not depend on the order in which workers finished.
 */
#ifndef IDLETX_BASE_POOL_H
#define IDLETX_BASE_POOL_H

#include <stddef.h>

/* 'worker' counts from 0 and names the calling thread, for per-thread workspaces. */
typedef void pool_task_fn(void *arg, unsigned worker, size_t index);

/*
 * Calls task(arg, worker, index) once for each index; returns when all are
 * done. jobs 0 counts as 1; never starts more threads than there are indices.
 */
void pool_run(unsigned jobs, size_t count, pool_task_fn *task, void *arg);

/* Processors online, at least 1. */
unsigned pool_processors(void);

#endif
