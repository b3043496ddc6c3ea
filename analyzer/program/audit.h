/*
 * audit.h - one row a handler: what `idletx audit` prints and what its totals
 * are made from. Words are those of the reports, so that reporters only copy.
 */
#ifndef IDLETX_PROGRAM_AUDIT_H
#define IDLETX_PROGRAM_AUDIT_H

#include "base/base.h"

enum share { SHARE_NONE, SHARE_SOME, SHARE_ALL };
const char *share_word(enum share s); /* "none", "some", "all" */

enum audit_category {
	AUDIT_MISSING_BOTH,
	AUDIT_MISSING_CLOSE,
	AUDIT_MISSING_COMMIT,
	AUDIT_PARTIAL, /* by path only: some exits are complete, others not */
	AUDIT_CORRECT,
	AUDIT_EXCEPTION,
	AUDIT_CATEGORY_COUNT,
};
const char *audit_category_word(enum audit_category c); /* "missing-both", ... */

struct audit_exit {
	const char *kind; /* return, raise, implicit-raise, fall-off, yield */
	uint32_t line;
	const char *response; /* json, template, redirect, streaming, orm, none, other; NULL for a raise */
	enum share committed, closed, transaction_open;
	const char *released_by;
};

struct audit_provider {
	struct str name; /* get_db */
	struct str path; /* where it is defined; empty: not resolved, judged by its name */
	uint32_t line;
	bool guarded;
	const char *kind;   /* orm-session, ...: protocol data */
	struct str through; /* the dependency that asks for it; empty: the handler itself */
};

/* A call that waits for somebody else, itself or in what it calls. */
struct audit_slow_call {
	uint32_t line;      /* in the handler */
	struct str callee;  /* the innermost call, as written, */
	struct str path;    /* and the file it stands in */
	const char *family; /* http, llm, ... */
	bool held;          /* with the session in a transaction */
};

struct audit_row {
	struct str path, function;
	struct str parameter; /* empty: it is given no session, but reaches or uses one otherwise */
	uint32_t line;
	struct audit_provider *providers;
	uint32_t provider_count;
	enum audit_category naive, category; /* AUDIT_CATEGORY_COUNT without a parameter */
	const char *entry; /* http, websocket, socketio, middleware, background, task, scheduler, thread, dependency, hook */
	const char *thread; /* loop, worker, own */
	struct str *routes; /* "GET /tools" */
	uint32_t route_count;
	const char *exception; /* unused-parameter, dependency-factory, allowlisted or NULL */
	char fix_category[8];  /* letters A to F, 0-terminated */
	const char *responses[8];
	uint32_t response_count;
	struct audit_slow_call *slow_calls; /* in the order of lines */
	uint32_t slow_call_count;
	const char *held_while[4]; /* stream, slow-call, template */
	uint32_t held_while_count;
	struct audit_exit *exits;
	uint32_t exit_count;
	bool rebound; /* the parameter's name is bound to another session */
};

struct audit {
	struct audit_row *rows; /* sorted by path, line */
	size_t count;
};

/* Does it hold a transaction across that: "stream", "slow-call", "template"? */
bool audit_is_held_while(const struct audit_row *row, const char *what);

#endif
