/*
 * questions.h - what rules ask about the function they look at: its ways out, its parameters, its statements. A
 * resource is given by its index in the function's plan.
 */
#ifndef IDLETX_RULES_QUESTIONS_H
#define IDLETX_RULES_QUESTIONS_H

#include "finding.h"
#include "program/program.h"

struct rule_ctx;

bool exit_is_normal(const struct exit_point *e);                  /* a return or fall-off */
bool exit_is_open(const struct exit_point *e, uint32_t resource); /* may leave it in a transaction */

/* Did every path to this exit end the session and leave nothing open? */
bool exit_releases(const struct exit_point *e, uint32_t resource);

/*
 * Is there a path to this exit that may leave it in a transaction that nothing has ended, or do all leave it
 * in one? A callee that was lent an ended session and may have begun again is no proof.
 */
bool exit_leaves(const struct exit_point *e, uint32_t resource);

/* Is the resource, or an object that holds it, what is returned there? Then the caller has it. */
bool exit_passes_on(const struct exit_point *e, uint32_t resource);

/* Has some path to this exit given the resource to somebody else? */
bool exit_gives_away(const struct exit_point *e, uint32_t resource);

/* May a statement have run on some path to this exit? */
bool exit_touches(const struct exit_point *e, uint32_t resource);

/* MISSING_* of the pattern "commit or rollback, then close" that some path to this exit lacks. */
unsigned exit_missing(const struct exit_point *e, uint32_t resource);

/* The first way out of its sort, a return or one by an exception, that leaves it in a transaction. NULL: none. */
const struct exit_point *exit_leaving(const struct rule_ctx *ctx, uint32_t resource, bool normal);

/* Line (from 1) of a byte of the function's file. */
uint32_t line_of(const struct rule_ctx *ctx, uint32_t offset);

/* Does an injected resource's name get bound to another session? The event, or EVENT_NONE. */
uint32_t rebinding_of(const struct rule_ctx *ctx, uint32_t resource);

/* Is the parameter's name read anywhere in the body or in what is nested in it? */
bool parameter_is_used(const struct rule_ctx *ctx, uint32_t resource);

/* Does the function hand it out with a `yield`? */
bool is_yielded(const struct rule_ctx *ctx, uint32_t resource);

/* Is it injected, used here, and not handed to whoever iterates over this function? */
bool is_judged_here(const struct rule_ctx *ctx, uint32_t resource);

/*
 * Has a bound made paths one that should be told apart? Then a flag that guards the release may be
 * lost, and what is made here is not judged: unknown is an answer, counted by --stats.
 */
bool paths_were_joined(const struct rule_ctx *ctx);

/* What the function under the rule hands out as a dependency or context manager; NULL for others. */
const struct provider *provider_here(const struct rule_ctx *ctx);

/* Is the resource what slot 'slot' may be just before this event? False for SLOT_NONE. */
bool is_in_slot(const struct rule_ctx *ctx, uint32_t event, slot_id slot, uint32_t resource);

/* Is the resource what the action at this event works on, or is lent to it? */
bool acts_on(const struct rule_ctx *ctx, uint32_t event, uint32_t resource);

/* First event that runs a statement on the resource itself, or is lent it; EVENT_NONE when none does. */
uint32_t first_statement(const struct rule_ctx *ctx, uint32_t resource);

/* The last one before byte 'before' of the file in one of the marked blocks (NULL: in any), calls that are lent the session and may run one included. */
uint32_t last_statement(const struct rule_ctx *ctx, uint32_t resource, uint32_t before,
                        const bool *blocks);

/* Is it surely ended in that way, without a connection, and has nobody unknown had it since? */
bool is_only_ended(state_set s, enum property how);

/* What gives an injected session back when the handler returns (raised: raises) without doing so. */
enum released_by provider_release(const struct resource *r, bool raised);

#endif
