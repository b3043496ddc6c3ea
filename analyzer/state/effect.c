/*
 * effect.c - what an action does to the resources of a disjunct. Resources are
 * told by what slots may be or hold; when a slot is surely one of several, they
 * take their new states, else they may keep the old ones too.
 */
#include "state/effect.h"

#include "state/disjunct.h"

void effect_apply(const struct plan *p, struct disjunct *d, uint32_t resources, bool sure,
                  enum operation op)
{
	for (; resources != 0; resources &= resources - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(resources);
		state_set to = states_after(p->resources[i].kind->holding, op, d->states[i]);
		d->states[i] = sure ? to : d->states[i] | to;
	}
}

static void apply_to_slot(const struct plan *p, struct disjunct *d, slot_id slot, enum operation op)
{
	if (slot == SLOT_NONE)
		return;
	struct value v = d->values[slot];
	/* None has no methods: whoever calls one has a resource, or something else that is true. */
	effect_apply(p, d, v.is & VALUE_RESOURCES, (v.is & VALUE_OTHER) == 0, op);
}

static uint32_t reached_by_borrow(const struct plan *p, const struct disjunct *d,
                                  const struct event *e, slot_id receiver)
{
	uint32_t reached = disjunct_reached_by_args(p, d, e);
	if (receiver != SLOT_NONE)
		reached |= d->values[receiver].holds | (d->values[receiver].is & VALUE_RESOURCES);
	return reached;
}

void effect_give_away(const struct plan *p, struct disjunct *d, uint32_t resources)
{
	for (; resources != 0; resources &= resources - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(resources);
		switch (p->resources[i].ownership) {
		case OWNED_ELSEWHERE: d->states[i] |= d->states[i] != 0 ? STATES_UNSURE : 0; break;
		case OWNED_BY_CALLER: d->states[i] |= d->states[i] != 0 ? STATES_GONE : 0; break;
		case OWNED_HERE: d->states[i] = d->states[i] != 0 ? STATES_GONE : 0; break;
		}
	}
}

static state_set states_done(const struct transfer *t, unsigned leaving)
{
	if (leaving == LEAVING_RAISED)
		return t->raised;
	return leaving < OUTCOME_COUNT && t->tells ? t->returned[leaving] : t->normal;
}

/* Applies what a callee does. */
static void apply_transfer(const struct plan *p, struct disjunct *d, const struct transfer *t,
                           unsigned leaving)
{
	struct value v = d->values[t->slot];
	uint32_t resources = t->through_object ? v.holds : v.is & VALUE_RESOURCES;
	state_set done = states_done(t, leaving);
	for (; resources != 0; resources &= resources - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(resources);
		state_set to = states_through(p->resources[i].kind->holding, done, d->states[i]);
		if ((to & STATES_GONE) != 0 && p->resources[i].ownership == OWNED_ELSEWHERE)
			to = (to & ~STATES_GONE) | d->states[i] |
			     (d->states[i] != 0 ? STATES_UNSURE
			                        : 0); /* kept, but not the callee's to give back */
		else if ((to & STATES_GONE) != 0 && p->resources[i].ownership == OWNED_HERE)
			to = STATES_GONE;
		d->states[i] = to;
	}
}

/* Somebody who is not known is given these. */
static void lend(const struct plan *p, struct disjunct *d, uint32_t resources, bool raised)
{
	for (; resources != 0; resources &= resources - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(resources);
		const struct effect *e = &p->resources[i].kind->borrowed;
		effect_apply(p, d, 1u << i, true, raised ? e->raised : e->normal);
	}
}

static uint32_t resources_of_layer(const struct plan *p, enum layer layer)
{
	uint32_t found = 0;
	for (uint32_t i = 0; i < p->resource_count; i++)
		found |= p->resources[i].kind->layer == layer ? 1u << i : 0;
	return found;
}

/* A raw connection or a pool slot is held from the start. */
static state_set states_made(const struct resource_kind *kind)
{
	return kind->holds_when_made ? states_after(kind->holding, DO_ACQUIRE, states_fresh())
	                             : states_fresh();
}

void effect_of_action(const struct plan *p, struct disjunct *d, uint32_t index, unsigned leaving)
{
	bool raised = leaving == LEAVING_RAISED;
	const struct action *a = &p->actions[index];
	const struct event *e = &p->cfg->events[index];
	enum operation op = raised ? a->effect.raised : a->effect.normal;
	switch (a->kind) {
	case ACTION_EFFECT:
		if (a->own_only)
			effect_apply(p, d, d->values[a->slot].is & (1u << a->resource), true, op);
		else
			apply_to_slot(p, d, a->slot, op);
		break;
	case ACTION_BORROW: lend(p, d, reached_by_borrow(p, d, e, a->slot), raised); break;
	case ACTION_ACQUIRE:
		apply_to_slot(p, d, a->slot, op);
		lend(p, d, disjunct_reached_by_args(p, d, e) & resources_of_layer(p, LAYER_ENGINE),
		     raised);
		if (!raised)
			d->states[a->resource] = states_made(p->resources[a->resource].kind);
		break;
	case ACTION_KEEP:
		if (!raised && a->slot != SLOT_NONE)
			d->values[a->slot].holds |= disjunct_reached_by_args(p, d, e);
		break;
	case ACTION_RELEASE_HELD:
		if (a->slot != SLOT_NONE)
			effect_apply(p, d, d->values[a->slot].holds, true, op);
		break;
	case ACTION_SURVIVE:
		for (uint32_t i = 0; i < p->resource_count && !raised; i++)
			effect_apply(p, d, 1u << i, true, DO_SURVIVE);
		break;
	case ACTION_NONE:
	case ACTION_UNPACK:
	case ACTION_CALLEE:
	case ACTION_IS_BOUND:
	case ACTION_ASKS_CLOSED:
	case ACTION_WRAP:
	case ACTION_SAME: break;
	}
	for (uint16_t i = 0; i < a->transfer_count; i++)
		apply_transfer(p, d, &a->transfers[i], leaving);
}
