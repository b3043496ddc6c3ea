/*
 * lifecycle.h - how long what a framework injects lives: until the response is sent, until its stream or the
 * background tasks have ended, or not even that long. It depends on the version of FastAPI.
 */
#ifndef IDLETX_RULES_LIFECYCLE_H
#define IDLETX_RULES_LIFECYCLE_H

#include "finding.h"
#include "program/function.h"
#include "program/program.h"
#include "program/pin.h"
#include "program/stream.h"
#include "program/work.h"

struct rule_ctx;

enum lifetime {
	LIVES_ON,      /* until stream and background tasks have ended                          */
	LIVES_ON_SOON, /* so in the newest version that is allowed, not in the one that is locked */
	ENDS_BEFORE,   /* before the response is sent: whatever runs later finds it closed        */
};

/* What of the framework's version an answer depended on. */
enum { ASKED_TEARDOWN = 1 << 0, ASKED_STREAMS = 1 << 1 };

/* Depends(get_db, scope="function"), from 0.121 on: taken back when the function returns. */
bool ends_with_function(const struct rule_ctx *ctx, uint32_t resource);

/* Of an injected resource. Only providers that take back what they give are meant. */
enum lifetime lifetime_of(const struct rule_ctx *ctx, uint32_t resource);

/* Is a handler that yields a stream, as from FastAPI 0.134 on? Before, what it yields was gathered and sent at once. */
bool handlers_stream(const struct rule_ctx *ctx);

/* Is it injected, and taken back by its provider when the handler has returned? */
bool is_torn_down(const struct rule_ctx *ctx, uint32_t resource);

/* Is it in a transaction at that exit, whoever has it then? */
bool exit_holds(const struct exit_point *e, uint32_t resource);

/* Does nobody wait for what this task or thread does? */
bool work_is_abandoned(const struct rule_ctx *ctx, const struct work *w);

/* Does some event behind that one, on the way on, close the resource: a with block, a finally, a call? */
bool is_closed_behind(const struct rule_ctx *ctx, uint32_t event, uint32_t resource);

/* The highest level for what holds only in that lifetime. */
enum level lifetime_level(enum lifetime lives, enum level level);

/*
 * The version that a sentence about the framework speaks of, now noted in the finding as what was assumed; as text
 * with what says so: "FastAPI 0.128.0, uv.lock", of a range "FastAPI 0.162.0, range >=0.100 in pyproject.toml".
 */
const struct framework_version *draft_version(const struct rule_ctx *ctx, struct finding *f,
                                              struct str *text);

/* "released": at the end of the stream or of the tasks, with the version that was assumed. */
void draft_lives_on(const struct rule_ctx *ctx, struct finding *f, enum lifetime lives,
                    enum released_by by);

/* "released": not at all, because it was closed before the response was sent; with the version. */
void draft_reopened(const struct rule_ctx *ctx, struct finding *f, uint32_t resource);

#endif
