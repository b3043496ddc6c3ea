/*
 * bind_parked.c - a session that a middleware parks in `request.state` for those inside, and ends itself: it
 * stays the middleware's, and whoever is called with the request may use it.
 */
#include "program/bind_internal.h"
#include "program/parked.h"

/* request.state.db, g.state.session, scope["state"]["db"]: of somebody's `state`. */
static bool is_state(const struct binder *b, const struct place *p)
{
	return p->root_kind == PLACE_LOCAL && p->step_count == 2 &&
	       parked_name(b->project, p) != NAME_NONE;
}

/* What a with block has and closes. */
static bool is_entered(const struct binder *b, ref value)
{
	if (ref_kind(value) == REF_KIND_PLACE)
		value = b->stored[ref_index(value)];
	return ref_kind(value) == REF_KIND_TEMP && b->cfg->events[ref_index(value)].kind == EV_ENTER;
}

/* Is there a call that closes what is in this place? */
static bool is_closed_here(const struct binder *b, ref place)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_CALL && e->a == place && e->name != NAME_NONE &&
		    (call_is(b, e, "close") || call_is(b, e, "aclose") || call_is(b, e, "remove")))
			return true;
	}
	return false;
}

bool is_parked(const struct binder *b, const struct event *store)
{
	return ref_kind(store->a) == REF_KIND_PLACE &&
	       is_state(b, &b->cfg->places[ref_index(store->a)]) &&
	       (is_closed_here(b, store->a) || is_entered(b, store->b) ||
	        (ref_kind(store->b) == REF_KIND_PLACE && is_closed_here(b, store->b)));
}

bool is_parked_place(const struct binder *b, uint32_t place)
{
	return (b->places[place].how & CARRY_IS) != 0 && is_state(b, &b->cfg->places[place]) &&
	       is_closed_here(b, REF_PLACE(place));
}

/* Is the object that the place is reached through among the arguments? */
static bool is_given_root(const struct binder *b, const struct event *e, const struct place *p)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		const struct place *given = ref_kind(value) == REF_KIND_PLACE
		                                    ? &b->cfg->places[ref_index(value)]
		                                    : NULL;
		if (given != NULL && given->root_kind == PLACE_LOCAL && given->step_count == 0 &&
		    given->root == p->root)
			return true;
	}
	return false;
}

bool act_parked(struct binder *b, const struct event *e, struct action *a)
{
	struct transfer *all = NULL;
	for (uint32_t i = 0; e->arg_count > 0 && i < b->cfg->place_count; i++) {
		const struct place *p = &b->cfg->places[i];
		slot_id slot = b->fn->plan.place_slots[i];
		if (slot == SLOT_NONE || (b->places[i].how & CARRY_IS) == 0 || !is_state(b, p) ||
		    !is_given_root(b, e, p))
			continue;
		if (all == NULL)
			all = arena_array(b->scratch, struct transfer, b->cfg->place_count);
		all[a->transfer_count++] = (struct transfer){
			.slot = slot,
			.normal = states_after(HOLDING_TRANSACTION, DO_MAY_STATEMENT, states_fresh()),
			.raised = states_after(HOLDING_TRANSACTION, DO_MAY_FAIL, states_fresh())};
	}
	a->transfers = all;
	return a->transfer_count > 0;
}
