/* context.h - the application context of Flask in the processes of a task queue. */
#ifndef IDLETX_PROGRAM_CONTEXT_H
#define IDLETX_PROGRAM_CONTEXT_H

#include "project/project.h"

/*
 * Do the task queue's workers run in an application context that was pushed once and never ends, or in none at all?
 * Then no extension ends its session behind a task. False when something in the project opens a context around each.
 */
bool context_outlives_tasks(const struct project *p);

#endif
