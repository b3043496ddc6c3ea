/* starter.c - the table of calls that start functions, sorted by name. */
#include "project/starter.h"

#include <stdlib.h>

static const struct starter starters[] = {
	{"BackgroundTask", NULL, 0, "func", ENTRY_BACKGROUND, true, false},
	{"PeriodicCallback", NULL, 0, "callback", ENTRY_BACKGROUND, true, false},
	{"Thread", NULL, 1, "target", ENTRY_THREAD, false, false},
	{"Timer", NULL, 1, "function", ENTRY_THREAD, false, false},
	{"add_callback", NULL, 0, "callback", ENTRY_BACKGROUND, true, false},
	{"add_done_callback", NULL, 0, NULL, ENTRY_BACKGROUND, true, false},
	{"add_job", NULL, 0, "func", ENTRY_SCHEDULER, true, false},
	{"add_task", NULL, 0, "func", ENTRY_BACKGROUND, true, false},
	{"apply_async", "pool", 0, "func", ENTRY_THREAD, true, false},
	{"call_at", NULL, 1, "callback", ENTRY_BACKGROUND, true, false},
	{"call_later", NULL, 1, "callback", ENTRY_BACKGROUND, true, false},
	{"call_soon", NULL, 0, "callback", ENTRY_BACKGROUND, true, false},
	{"call_soon_threadsafe", NULL, 0, "callback", ENTRY_BACKGROUND, true, false},
	{"create_task", NULL, 0, "coro", ENTRY_BACKGROUND, true, true},
	{"do", NULL, 0, "job_func", ENTRY_SCHEDULER, true, false},
	{"enqueue", NULL, 0, "f", ENTRY_TASK, false, false},
	{"enqueue_at", NULL, 1, "f", ENTRY_TASK, false, false},
	{"enqueue_call", NULL, 0, "func", ENTRY_TASK, false, false},
	{"enqueue_in", NULL, 1, "func", ENTRY_TASK, false, false},
	{"ensure_future", NULL, 0, NULL, ENTRY_BACKGROUND, true, true},
	{"map", "executor", 0, NULL, ENTRY_THREAD, true, false},
	{"map", "pool", 0, NULL, ENTRY_THREAD, true, false},
	{"run_coroutine_threadsafe", NULL, 0, NULL, ENTRY_BACKGROUND, true, true},
	{"run_in_executor", NULL, 1, "func", ENTRY_THREAD, true, false},
	{"run_in_threadpool", NULL, 0, "func", ENTRY_THREAD, true, false},
	{"run_sync", "to_thread", 0, "func", ENTRY_THREAD, true, false},
	{"spawn", "eventlet", 0, NULL, ENTRY_THREAD, false, false},
	{"spawn", "gevent", 0, NULL, ENTRY_THREAD, false, false},
	{"spawn_callback", NULL, 0, "callback", ENTRY_BACKGROUND, true, false},
	{"spawn_later", NULL, 1, NULL, ENTRY_THREAD, false, false},
	{"spawn_n", NULL, 0, NULL, ENTRY_THREAD, false, false},
	{"start_background_task", NULL, 0, "target", ENTRY_THREAD, false, false},
	{"start_new_thread", NULL, 0, NULL, ENTRY_THREAD, false, false},
	{"start_soon", NULL, 0, "func", ENTRY_BACKGROUND, true, false},
	{"submit", NULL, 0, "fn", ENTRY_THREAD, true, false},
	{"to_thread", NULL, 0, "func", ENTRY_THREAD, true, false},
};

static int by_name(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, str_of(((const struct starter *)item)->name));
}

const struct starter *starter_of(struct str name, struct str receiver)
{
	const struct starter *s = bsearch(&name, starters, ARRAY_LEN(starters), sizeof *starters,
	                                  by_name);
	if (s == NULL)
		return NULL;
	while (s > starters && str_is(name, (s - 1)->name))
		s--;
	for (; s < starters + ARRAY_LEN(starters) && str_is(name, s->name); s++)
		if (s->receiver == NULL || str_ends(receiver, str_of(s->receiver)))
			return s;
	return NULL;
}
