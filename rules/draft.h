/*
 * draft.h - what rules share while they write a finding: the table of levels and the pieces of a finding; and what
 * rules about registries and about connections ask.
 */
#ifndef IDLETX_RULES_DRAFT_H
#define IDLETX_RULES_DRAFT_H

#include "finding.h"
#include "questions.h"
#include "program/deed.h"
#include "program/program.h"

struct rule_ctx;

/* ---- registries ---------------------------------------------------------------- */

enum registry_act { REGISTRY_USED, REGISTRY_ENDED };

/*
 * The first call, in source order, that uses the registry's session, itself or through what it calls, or that
 * ends it itself. EVENT_NONE when there is none.
 */
uint32_t registry_event(const struct rule_ctx *ctx, uint32_t resource, enum registry_act wanted);

/* The registry that the place names, as a resource of the function, or RESOURCES_MAX. */
uint32_t registry_in(const struct function *fn, uint32_t place);

/* Does that event use it itself? */
bool registry_use_is_direct(const struct rule_ctx *ctx, uint32_t event);

/* The first way out that may leave it in a transaction; ways out by an exception only when 'raises'. NULL: none. */
const struct exit_point *registry_left_open(const struct rule_ctx *ctx, uint32_t resource,
                                            bool raises);

/*
 * The way out by which an entry point leaves the registry's session open and nobody cleans up for it, when this
 * function is the one to say so; else NULL. 'use' is its first use.
 */
const struct exit_point *registry_left_by_entry(const struct rule_ctx *ctx, uint32_t resource,
                                                uint32_t *use);

/* Does the text of that def end the registry's session and run nothing on it? 'at' is where. */
bool registry_only_ended_in(const struct rule_ctx *ctx, uint32_t resource, module_id m,
                            scope_id scope, struct span *at);

/* Where the thread that runs this function is started, when the project shows it. */
bool registry_thread_started(const struct rule_ctx *ctx, module_id *m, struct span *at);

/* Does the thread that runs this function outlive it? */
bool registry_thread_is_pooled(const struct rule_ctx *ctx);

/* How many calls lie between that event and the statement: 0 for a use of its own. */
unsigned registry_depth(const struct rule_ctx *ctx, uint32_t resource, uint32_t event);

/* "used by": the functions between the use and the statement, with their trace. Nothing for a use of its own. */
void draft_registry_path(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                         uint32_t use);

/* "also": the other registries, bit i is resource i. Nothing for none. */
void draft_registry_others(const struct rule_ctx *ctx, struct finding *f, uint32_t others);

/* "run by": what starts the function. */
void draft_started(const struct rule_ctx *ctx, struct finding *f);

/* ---- below the session (draft_connection.c) -------------------------------------------- */

/* May the resource still hold a connection at this exit, without being handed on there? */
bool exit_keeps_connection(const struct exit_point *e, uint32_t resource);

/* The first way out of its sort, a return or one by an exception, where that is so. NULL: none. */
const struct exit_point *exit_keeping(const struct rule_ctx *ctx, uint32_t resource, bool normal);

/* What frees a connection or engine that is dropped, and how bad that is. */
enum released_by dropped_release(const struct resource *r);
enum level dropped_level(const struct resource *r);

/* Is it of that layer, made here, and not handed to whoever iterates over this function? */
bool is_made_below_session(const struct rule_ctx *ctx, uint32_t resource, enum layer layer);

/* Is the engine made with poolclass=NullPool, which keeps no connection? */
bool engine_has_no_pool(const struct rule_ctx *ctx, const struct resource *r);

/* Is the function a command or a main(), with whose process everything ends? */
bool ends_with_process(const struct rule_ctx *ctx);

/* Does a way to return from that method leave the connection in `self.attribute` without a close? False when not known. */
bool method_may_leave_open(const struct rule_ctx *ctx, scope_id method, name_id attribute,
                           const struct resource_kind *kind);

/* "an engine", "a database" or "a pool". */
const char *engine_words(const struct resource_kind *kind);

/* The EV_ENTER of a `with` on the resource itself, or EVENT_NONE. */
uint32_t with_of(const struct rule_ctx *ctx, uint32_t resource);

/* Is a call written down that closes it, on whatever way? */
bool is_closed_by_call(const struct rule_ctx *ctx, uint32_t resource);

/*
 * Need a statement's transaction on this kept connection not be ended where it runs? It is not begun by itself
 * (autocommit), or the class has a method for it; or nothing is known of where it is kept.
 */
bool kept_is_ended_elsewhere(const struct rule_ctx *ctx, const struct resource *r);

/* "released": what frees it when it is dropped. */
void draft_dropped(const struct rule_ctx *ctx, struct finding *f, uint32_t resource);

/* ---- the smallest fix (draft_fix.c) ------------------------------------------------------ */

/* What makes a resource, as the function spells it: "await self.open". */
struct str written_maker(const struct rule_ctx *ctx, const struct resource *r);

/* "fix": a with block that makes it; 'where' is said of the block, " around the yield", or empty. */
void draft_with(const struct rule_ctx *ctx, struct finding *f, uint32_t resource, const char *where);

/* "pool.putconn(conn)": the call by which the pool that gave it takes it back; empty when there is none. */
struct str giving_back(const struct rule_ctx *ctx, const struct resource *r);

/* "fix": how a connection is given back: a with block, its pool's own call, or close() in a finally. */
void draft_give_back(const struct rule_ctx *ctx, struct finding *f, uint32_t resource);

/* ---- levels -------------------------------------------------------------------- */

enum inconsistency {
	LEFT_EVERYWHERE, /* no return path releases it             */
	LEFT_SOMEWHERE,  /* other return paths do, or it is rebound */
	LEFT_UNTOUCHED,  /* no statement can have run on the path   */
};

/* How bad it is, by who releases it and when. */
enum level level_of(enum policy policy, enum released_by by, enum inconsistency how);

/* Of what is wrong in any case: how bad it is depends on how long it stays open. */
enum level level_until(const struct rule_ctx *ctx, enum released_by by);

/* ---- pieces of a finding ---------------------------------------------------------- */

/* A new finding of the running rule at 'span', with function and resource filled in. */
struct finding *draft(const struct rule_ctx *ctx, uint32_t resource, struct span span,
                      enum level level);

/* As printf. */
void draft_message(const struct rule_ctx *ctx, struct finding *f, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void draft_detail(const struct rule_ctx *ctx, struct finding *f, const char *label,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

void draft_exit(const struct rule_ctx *ctx, struct finding *f, const struct exit_point *e,
                unsigned missing, enum released_by by);

/* The path to that exit on which the resource is left open: opening, statement, exit. */
void draft_trace(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                 const struct exit_point *exit);

/* "opened by", "queried by": where it comes from and what opened the transaction. */
void draft_opened(const struct rule_ctx *ctx, struct finding *f, uint32_t resource);

/*
 * "queried at" the statement, or "queried by" the callee and the line in it that runs one. Nothing for
 * EVENT_NONE.
 */
void draft_queried(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                   uint32_t statement);

/*
 * "opened by" the function of the project that makes the resource for this one, and the step of the trace in it. Nothing
 * (false) for what is injected, or made here.
 */
bool draft_made_by(const struct rule_ctx *ctx, struct finding *f, uint32_t resource);
void draft_made(const struct rule_ctx *ctx, struct finding *f, uint32_t resource);

/* The steps of the trace from the call at 'event' down to the statement in a callee that does it. */
void draft_deeds(const struct rule_ctx *ctx, struct finding *f, uint32_t resource, uint32_t event,
                 enum deed_kind kind);

/* "opened by" alone: the provider, the caller, or the line. */
void draft_origin(const struct rule_ctx *ctx, struct finding *f, uint32_t resource);

/* One step of the trace, in the function's own file. */
void draft_step(const struct rule_ctx *ctx, struct finding *f, struct span span,
                const char *message);

/* The same in any file. */
void draft_step_in(const struct rule_ctx *ctx, struct finding *f, module_id m, struct span span,
                   const char *message);

/* "released": by whom and when, with the FastAPI version that was assumed. */
void draft_released(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                    enum released_by by);

/* "list_parts, 1 of 3 returns". */
void draft_aside_returns(const struct rule_ctx *ctx, struct finding *f, unsigned offending);

/* Lines of these exits as text: "402, 419 and 420". */
struct str draft_lines(const struct rule_ctx *ctx, const struct exit_point *const *exits,
                       size_t count);

/*
 * "fix": these calls before the exits. A return that asks the database itself has to keep its result first: before it
 * they would end nothing.
 */
void draft_end_before(const struct rule_ctx *ctx, struct finding *f, struct str calls,
                      const struct exit_point *const *exits, size_t count, uint32_t resource);

/* Another place that has to do with it, anywhere in the project. */
void draft_related(const struct rule_ctx *ctx, struct finding *f, module_id m, struct span span,
                   const char *message);

/* Hands the finding in. */
void draft_submit(const struct rule_ctx *ctx, struct finding *f);

#endif
