/*
 * entry.h - who runs a function, and in which thread. Decorators were matched
 * by queries/entry_points.scm; here the match gets its meaning.
 */
#ifndef IDLETX_PROJECT_ENTRY_H
#define IDLETX_PROJECT_ENTRY_H

#include "project/project.h"

enum entry_kind {
	ENTRY_NONE, /* called by other code only */
	ENTRY_HTTP,
	ENTRY_WEBSOCKET,
	ENTRY_SOCKETIO,
	ENTRY_MIDDLEWARE,
	ENTRY_HOOK, /* before or after each request, at the end of a context */
	ENTRY_TASK, /* Celery, RQ, Dramatiq, Huey */
	ENTRY_SCHEDULER,
	ENTRY_STARTUP,
	ENTRY_COMMAND,
	ENTRY_FIXTURE,
	ENTRY_BACKGROUND, /* handed to the framework or the event loop: after the response, or some time */
	ENTRY_THREAD, /* handed to a thread of its own or to a pool's worker */
	ENTRY_DEPENDENCY, /* named in a Depends() somewhere, or takes one itself without being a route */
	ENTRY_KIND_COUNT,
};

enum entry_thread { THREAD_LOOP, THREAD_WORKER, THREAD_OWN };

/* The words of reports: "http", "worker". ENTRY_NONE is "dependency". */
const char *entry_kind_word(enum entry_kind k);
const char *entry_thread_word(enum entry_thread t);

/* What a scope's own decorators, its class and its signature say. ENTRY_NONE when they say nothing. */
enum entry_kind entry_kind_of(const struct project *p, module_id m, scope_id scope);

/*
 * Where such a function runs: `async def` on the event loop, `def` of a route, dependency or
 * background task in a worker thread (Starlette's run_in_threadpool), jobs in a process of their own.
 */
enum entry_thread entry_thread_of(enum entry_kind kind, bool is_async);

/* "GET /tools" of one match; the method alone when it has no path. In 'run'. */
struct str entry_route(struct arena *run, const struct project *p, const struct entry_match *e);

#endif
