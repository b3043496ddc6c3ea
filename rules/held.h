/*
 * held.h - what the rules about waiting have in common: a session is in a transaction while its
 * function waits for somebody else. They differ in what is waited for.
 */
#ifndef IDLETX_RULES_HELD_H
#define IDLETX_RULES_HELD_H

#include "draft.h"
#include "program/pin.h"
#include "program/wait.h"

/* Reports the waits of resource 'r' for which 'mine' is true, as one finding. False when there are none. */
bool held_report(const struct rule_ctx *ctx, uint32_t r,
                 bool (*mine)(const struct rule_ctx *, const struct held_wait *),
                 void (*write)(const struct rule_ctx *, struct finding *, uint32_t r,
                               const struct held_wait *, uint32_t count));

/* Is it a matter of a socket: a wait for its peer, or one in the loop of a WebSocket handler? */
bool held_by_socket(const struct rule_ctx *ctx, const struct held_wait *h);

/* "opened by", "queried at" and, for a wait in a callee, "waits in"; the steps of the trace. */
void held_draft(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                const struct held_wait *h);

/* "also", with the lines of the further waits. */
void held_draft_others(const struct rule_ctx *ctx, struct finding *f, const struct held_wait *all,
                       uint32_t count);

/*
 * A dependency that leaves an injected session in a transaction has it open for whoever depends on it. Where 'users' finds
 * such, 'report' is called with the return that leaves it; not of a function that hands out a session itself.
 */
void held_check_users(const struct rule_ctx *ctx, uint32_t r,
                      struct pins (*users)(const struct program *, module_id, scope_id,
                                           const struct provider *),
                      void (*report)(const struct rule_ctx *, uint32_t r,
                                     const struct exit_point *left, const struct pins *));

/* The rest of such a finding: "waits in" with the users, "released", "fix" and the trace; hands it over. */
void held_submit_users(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                       const struct exit_point *left, const struct pins *users,
                       enum released_by until);

/* What gives the session back in the end, whoever owns it. */
enum released_by held_released_by(const struct resource *r);

#endif
