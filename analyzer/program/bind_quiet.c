/*
 * bind_quiet.c - calls that are taken not to raise because of where they stand: nobody writes the release that
 * a finding about them would ask for.
 */
#include "program/bind_internal.h"

#define MENTION_DEPTH_MAX 4 /* values in texts in arguments */

static void quiet_value(struct binder *b, ref value, unsigned depth)
{
	if (ref_kind(value) != REF_KIND_TEMP || depth == MENTION_DEPTH_MAX)
		return;
	const struct event *e = &b->cfg->events[ref_index(value)];
	struct action *a = &b->fn->plan.actions[ref_index(value)];
	if ((e->kind != EV_CALL && e->kind != EV_BUILD) || a->kind != ACTION_NONE)
		return;
	a->quiet |= e->kind == EV_CALL;
	for (uint32_t i = 0; i < e->arg_count; i++)
		quiet_value(b, b->cfg->args[e->first_arg + i].value, depth + 1);
}

/* `log.info(f"connected to {url.query.get('host')}")`: a line in a log fails no more than log.info() does. */
static bool is_log_line(const struct binder *b, const struct event *e)
{
	static const char *const logging[] = {"debug", "info",      "warning",  "warn",
	                                      "error", "exception", "critical", "print"};
	for (size_t i = 0; i < ARRAY_LEN(logging); i++)
		if (call_is(b, e, logging[i]))
			return (e->flags & EVF_DISCARDED) != 0;
	return false;
}

void quiet_mentions(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_CALL || !is_log_line(b, e) ||
		    b->fn->plan.actions[i].kind != ACTION_NONE)
			continue;
		for (uint32_t k = 0; k < e->arg_count; k++)
			quiet_value(b, b->cfg->args[e->first_arg + k].value, 0);
	}
}
