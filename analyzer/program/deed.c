/* deed.c - see deed.h. The first event in source order that does it speaks for its function. */
#include "program/deed.h"

/* ---- what one event does --------------------------------------------------------------- */

static bool operation_opens(enum operation op)
{
	return op == DO_STATEMENT || op == DO_MAY_STATEMENT || op == DO_FLUSH;
}

static bool transfer_does(const struct transfer *t, enum deed_kind kind)
{
	return kind == DEED_OPENS ? states_may(t->normal | t->raised, IS_OPEN)
	                          : states_may(t->normal, IS_ENDED);
}

bool action_does(const struct action *a, enum deed_kind kind)
{
	if (a->kind == ACTION_CALLEE) {
		for (uint16_t i = 0; i < a->transfer_count; i++)
			if (transfer_does(&a->transfers[i], kind))
				return true;
		return false;
	}
	if (a->kind != ACTION_EFFECT && a->kind != ACTION_BORROW)
		return false;
	return kind == DEED_OPENS ? operation_opens(a->effect.normal)
	                          : operation_ends(a->effect.normal);
}

static uint32_t reached_by(const struct transfer *t, const struct disjunct *d)
{
	struct value v = d->values[t->slot];
	return t->through_object ? v.holds : v.is & VALUE_RESOURCES;
}

bool action_reaches(struct arena *scratch, const struct function *fn, uint32_t event,
                    uint32_t resource)
{
	const struct action *a = &fn->plan.actions[event];
	const struct event *e = &fn->cfg.events[event];
	uint32_t reached = 0;
	for (const struct disjunct *d = solution_at(scratch, &fn->solution, event, false);
	     d != NULL; d = d->next) {
		if (a->slot != SLOT_NONE && a->kind != ACTION_CALLEE)
			reached |= d->values[a->slot].is | d->values[a->slot].holds;
		for (uint16_t i = 0; i < a->transfer_count; i++)
			reached |= reached_by(&a->transfers[i], d);
		for (uint32_t i = 0; a->kind == ACTION_BORROW && i < e->arg_count; i++) {
			slot_id slot = plan_slot(&fn->plan, fn->cfg.args[e->first_arg + i].value);
			if (slot != SLOT_NONE)
				reached |= d->values[slot].is | d->values[slot].holds;
		}
	}
	return (reached & (1u << resource)) != 0;
}

/* ---- the steps --------------------------------------------------------------------------- */

/* The transfer of a callee that was read by which the event does it to the resource, or NULL. */
static const struct transfer *transfer_at(struct arena *scratch, const struct function *fn,
                                          uint32_t event, uint32_t resource, enum deed_kind kind)
{
	const struct action *a = &fn->plan.actions[event];
	const struct disjunct *at = a->kind == ACTION_CALLEE && fn->targets != NULL &&
	                                            fn->targets[event].kind == TARGET_SCOPE
	                                    ? solution_at(scratch, &fn->solution, event, false)
	                                    : NULL;
	for (uint16_t i = 0; at != NULL && i < a->transfer_count; i++)
		for (const struct disjunct *d = at; d != NULL; d = d->next)
			if (a->transfers[i].lent != NULL && transfer_does(&a->transfers[i], kind) &&
			    (reached_by(&a->transfers[i], d) & (1u << resource)) != 0)
				return &a->transfers[i];
	return NULL;
}

/* The first event of the function that does it to what it is lent. */
static uint32_t first_doing(struct arena *scratch, const struct function *fn, enum deed_kind kind)
{
	uint32_t first = EVENT_NONE;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind == EV_CLOSURE || !action_does(&fn->plan.actions[i], kind) ||
		    (first != EVENT_NONE && e->span.start >= fn->cfg.events[first].span.start))
			continue;
		if (action_reaches(scratch, fn, i, 0))
			first = i;
	}
	return first;
}

/* What the event does to the resource, and where that goes on. */
static struct lent_deed deed_at(struct arena *scratch, const struct function *fn, uint32_t event,
                                uint32_t resource, enum deed_kind kind)
{
	const struct transfer *t = transfer_at(scratch, fn, event, resource, kind);
	struct lent_deed deed = {.done = true, .span = fn->cfg.events[event].span};
	if (t == NULL)
		return deed;
	deed.below = true;
	deed.module = fn->targets[event].module;
	deed.scope = fn->targets[event].scope;
	deed.lent = *t->lent;
	return deed;
}

struct lent_deed deed_of_lent(struct arena *scratch, const struct function *fn, enum deed_kind kind)
{
	uint32_t first = first_doing(scratch, fn, kind);
	return first == EVENT_NONE ? (struct lent_deed){.done = false}
	                           : deed_at(scratch, fn, first, 0, kind);
}

uint32_t deeds_below(struct arena *scratch, const struct program *program,
                     const struct function *fn, uint32_t event, uint32_t resource,
                     enum deed_kind kind, struct deed out[DEEDS_MAX])
{
	struct lent_deed at = deed_at(scratch, fn, event, resource, kind);
	uint32_t count = 0;
	while (at.below && count < DEEDS_MAX) {
		struct summary callee;
		struct deed step = {.module = at.module, .scope = at.scope};
		if (!summary_of(program, at.module, at.scope, &at.lent, &callee) ||
		    !callee.deeds[kind].done)
			break;
		at = callee.deeds[kind];
		step.span = at.span;
		out[count++] = step;
	}
	return count;
}
