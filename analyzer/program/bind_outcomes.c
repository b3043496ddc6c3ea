/*
 * bind_outcomes.c - what callers ask about what they called. A callee whose exits differ by what it returns
 * (`return None` before its commit) has a guard at the place that takes the result, from the call until nobody
 * asks for it any more; so `if done is None` sees only the exits that returned None. A manager that may hand on the
 * session it was given has one from its entry to its exits.
 */
#include "program/bind_internal.h"
#include "program/summary.h"

/* ---- guards ------------------------------------------------------------------------------- */

/* Adds a guard that is forgotten when nobody asks for it any more; false when there are too many. */
static bool add_passing_guard(struct plan *p, slot_id slot)
{
	if (slot == SLOT_NONE)
		return false;
	for (uint32_t i = 0; i < p->guard_count; i++)
		if (p->guards[i] == slot)
			return true;
	if (p->guard_count == GUARDS_MAX)
		return false;
	p->passing |= (uint8_t)(1u << p->guard_count);
	p->guards[p->guard_count++] = slot;
	return true;
}

static bool is_plain_local(const struct binder *b, ref r)
{
	return ref_kind(r) == REF_KIND_PLACE &&
	       b->cfg->places[ref_index(r)].root_kind == PLACE_LOCAL &&
	       b->cfg->places[ref_index(r)].step_count == 0 && b->places[ref_index(r)].how == 0;
}

/* Gives the plain local a slot that is a passing guard, or is a guard already. SLOT_NONE: it cannot have one. */
static slot_id guard_local(struct binder *b, ref local)
{
	struct plan *p = &b->fn->plan;
	slot_id *slot = &p->place_slots[ref_index(local)];
	if (*slot == SLOT_NONE && p->guard_count < GUARDS_MAX)
		*slot = new_slot(p);
	return add_passing_guard(p, *slot) ? *slot : SLOT_NONE;
}

/* ---- what may be asked ----------------------------------------------------------------------- */

struct questions {
	uint8_t *asked;    /* per place: some branch asks what it is */
	uint8_t *returned; /* per place: it is returned */
	uint8_t *constant; /* per place: it is set to a constant */
	bool callers_ask;  /* what this function returns is of interest */
};

static bool is_question(const struct event *e)
{
	return (e->kind == EV_TEST || e->kind == EV_COMPARE) &&
	       (e->op == OP_TRUTH || e->op == OP_IS_NONE || e->op == OP_EQUAL);
}

static void list_questions(const struct binder *b, struct questions *q)
{
	uint32_t places = b->cfg->place_count;
	q->asked = arena_array(b->scratch, uint8_t, places);
	q->returned = arena_array(b->scratch, uint8_t, places);
	q->constant = arena_array(b->scratch, uint8_t, places);
	q->callers_ask = b->fn->lent != NULL;
	for (uint32_t r = 0; r < b->resource_count; r++)
		q->callers_ask |= b->resources[r].origin == ORIGIN_REGISTRY;
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		q->asked[ref_index(e->a)] |= is_question(e);
		q->returned[ref_index(e->a)] |= e->kind == EV_RETURN;
		q->constant[ref_index(e->a)] |= e->kind == EV_ASSIGN &&
		                                ref_kind(e->b) == REF_KIND_CONST;
	}
}

/* ---- callees ------------------------------------------------------------------------------------ */

static bool may_return(const struct action *a, unsigned outcome)
{
	for (uint16_t i = 0; i < a->transfer_count; i++)
		if (a->transfers[i].tells && a->transfers[i].returned[outcome] == 0)
			return false;
	return true;
}

static bool leave_same(const struct action *a, unsigned x, unsigned y)
{
	for (uint16_t i = 0; i < a->transfer_count; i++)
		if (a->transfers[i].tells &&
		    a->transfers[i].returned[x] != a->transfers[i].returned[y])
			return false;
	return true;
}

/* The ways on after the callee, by what it returns; those that leave the same states are one. */
static uint8_t list_ways(const struct action *a, struct outcome_way out[OUTCOME_COUNT])
{
	uint8_t count = 0;
	for (unsigned o = 0; o < OUTCOME_COUNT; o++) {
		uint8_t same = 0;
		if (!may_return(a, o))
			continue;
		while (same < count && !leave_same(a, out[same].as, o))
			same++;
		if (same == count)
			out[count++] = (struct outcome_way){.as = (enum outcome)o};
		out[same].is |= VALUE_NONE << o;
	}
	return count;
}

/* `failed = not update(db)`: the local takes the answer, and is asked for in its turn. */
static void keep_answer(struct binder *b, uint32_t compare, const struct questions *q)
{
	struct plan *p = &b->fn->plan;
	const struct event *next = compare + 1 < b->cfg->event_count ? &b->cfg->events[compare + 1]
	                                                             : NULL;
	if (next == NULL || next->kind != EV_ASSIGN || next->b != REF_TEMP(compare) ||
	    next->index != 0 || !is_plain_local(b, next->a) || !q->asked[ref_index(next->a)] ||
	    p->temp_slots[compare] != SLOT_NONE || guard_local(b, next->a) == SLOT_NONE)
		return;
	p->temp_slots[compare] = new_slot(p);
}

/* The slot for what the call returns, when that is asked for: the local that takes it, else its temporary. */
static slot_id slot_of_result(struct binder *b, uint32_t event, const struct questions *q)
{
	struct plan *p = &b->fn->plan;
	const struct event *next = event + 1 < b->cfg->event_count ? &b->cfg->events[event + 1]
	                                                           : NULL;
	ref result = REF_TEMP(event);
	if (next == NULL || p->temp_slots[event] != SLOT_NONE)
		return SLOT_NONE;
	if (next->kind == EV_ASSIGN && next->b == result && next->index == 0 &&
	    (next->flags & EVF_AUGMENTED) == 0 && is_plain_local(b, next->a)) {
		uint32_t place = ref_index(next->a);
		bool wanted = q->asked[place] || (q->callers_ask && q->returned[place]);
		return wanted ? guard_local(b, next->a) : SLOT_NONE;
	}
	bool wanted = (is_question(next) && next->a == result) ||
	              (q->callers_ask && next->kind == EV_RETURN && next->a == result);
	if (wanted && next->kind == EV_COMPARE)
		keep_answer(b, event + 1, q);
	if (!wanted || p->guard_count == GUARDS_MAX)
		return SLOT_NONE;
	slot_id slot = new_slot(p);
	return add_passing_guard(p, slot) ? slot : SLOT_NONE;
}

static void tell_outcomes(struct binder *b, uint32_t event, const struct questions *q)
{
	struct plan *p = &b->fn->plan;
	struct action *a = &p->actions[event];
	struct outcome_way ways[OUTCOME_COUNT] = {0};
	uint8_t count = list_ways(a, ways);
	slot_id slot = count < 2 ? SLOT_NONE : slot_of_result(b, event, q);
	if (slot == SLOT_NONE)
		return;
	struct outcome_way *kept = arena_array(b->scratch, struct outcome_way, count);
	memcpy(kept, ways, count * sizeof *kept);
	a->ways = kept;
	a->way_count = count;
	p->temp_slots[event] = slot;
}

/* ---- managers that hand on what they are given ----------------------------------------------------- */

bool act_handing(struct binder *b, uint32_t event, struct action *a)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *t = &b->targets[event];
	const struct event *next = event + 1 < b->cfg->event_count ? e + 1 : NULL;
	if (b->callees[event].kind != THING_PROVIDER || t->kind != TARGET_SCOPE || next == NULL ||
	    next->kind != EV_ENTER || next->a != REF_TEMP(event) || b->acquired[event + 1] == 0 ||
	    carried_by_args(b, e).how != CARRY_IS)
		return false;
	struct loans loans = bind_loans(b, event, t, REF_NONE, &b->cfg->args[e->first_arg],
	                                e->arg_count);
	if (loans.count != 1 || !loans.items[0].known || loans.items[0].through_object ||
	    !hands_on(b->program, t->module, t->scope, &loans.items[0].lent))
		return false;
	a->handed_slot = plan_slot(&b->fn->plan, loans.items[0].operand);
	return a->handed_slot != SLOT_NONE;
}

/* The entry tells what it was handed from what it has made; its exits take back only the latter. */
static void tell_handed(struct binder *b, uint32_t event)
{
	struct plan *p = &b->fn->plan;
	const struct event *e = &b->cfg->events[event];
	const struct action *call = ref_kind(e->a) == REF_KIND_TEMP ? &p->actions[ref_index(e->a)]
	                                                            : NULL;
	struct action *a = &p->actions[event];
	if (call == NULL || call->handed_slot == SLOT_NONE || a->kind != ACTION_ACQUIRE)
		return;
	a->handed_slot = call->handed_slot;
	a->way_slot = new_slot(p);
	(void)add_passing_guard(p, a->way_slot);
	for (uint32_t i = event + 1; i < b->cfg->event_count; i++) {
		if (b->cfg->events[i].kind != EV_EXIT || b->cfg->events[i].a != REF_TEMP(event))
			continue;
		p->actions[i].own_only = true;
		p->actions[i].resource = a->resource;
	}
}

/* ---- until when ---------------------------------------------------------------------------------------- */

/* The passing guards whose slot is this. */
static uint8_t guards_in(const struct plan *p, slot_id slot)
{
	uint8_t found = 0;
	for (uint32_t i = 0; slot != SLOT_NONE && i < p->guard_count; i++)
		if (p->guards[i] == slot)
			found |= (uint8_t)(1u << i);
	return found & p->passing;
}

/* The guards that may be asked for just before an event, given those just after it. */
static uint8_t asked_before(const struct plan *p, uint32_t event, uint8_t after)
{
	const struct event *e = &p->cfg->events[event];
	uint8_t set = guards_in(p, p->temp_slots[event]) | guards_in(p, p->actions[event].way_slot);
	uint8_t asked = 0;
	if (e->kind == EV_ASSIGN) {
		set |= guards_in(p, plan_slot(p, e->a));
		asked = guards_in(p, plan_slot(p, e->b));
	} else if (e->kind == EV_EXIT && ref_kind(e->a) == REF_KIND_TEMP) {
		asked = guards_in(p, p->actions[ref_index(e->a)].way_slot);
	} else if (e->kind != EV_CALL) {
		asked = guards_in(p, plan_slot(p, e->a)) | guards_in(p, plan_slot(p, e->b));
	}
	for (uint32_t i = 0; e->kind == EV_BUILD && i < e->arg_count; i++)
		asked |= guards_in(p, plan_slot(p, p->cfg->args[e->first_arg + i].value));
	return (uint8_t)((after & ~set) | asked);
}

static uint8_t asked_at_entry(const struct plan *p, const uint8_t *asked, block_id block)
{
	const struct block *b = &p->cfg->blocks[block];
	uint8_t now = 0;
	for (unsigned edge = 0; edge < EDGE_COUNT; edge++)
		if (b->succ[edge] != BLOCK_NONE)
			now |= asked[b->succ[edge]];
	for (uint32_t i = b->first_event + b->event_count; i > b->first_event; i--)
		now = asked_before(p, i - 1, now);
	return now;
}

/* Backwards over the blocks until nothing grows: once, and once more for each loop inside a loop. */
static void find_askers(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	uint8_t *asked = arena_array(b->scratch, uint8_t, b->cfg->block_count);
	for (bool grew = true; grew;) {
		grew = false;
		for (block_id block = b->cfg->block_count; block-- > 0;) {
			uint8_t now = asked_at_entry(p, asked, block);
			grew |= now != asked[block];
			asked[block] = now;
		}
	}
	p->asked = asked;
}

/* ---- all of it --------------------------------------------------------------------------------------------- */

/* `row = find(); if row: commit(); return row`: what is returned tells what was done. */
static void guard_returned(struct binder *b, const struct questions *q)
{
	for (uint32_t i = 0; q->callers_ask && i < b->cfg->place_count; i++)
		if (q->returned[i] && (q->asked[i] || q->constant[i]) &&
		    is_plain_local(b, REF_PLACE(i)))
			(void)guard_local(b, REF_PLACE(i));
}

void find_outcomes(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	struct questions q;
	list_questions(b, &q);
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		if (b->cfg->events[i].kind == EV_CALL && p->actions[i].transfer_count > 0)
			tell_outcomes(b, i, &q);
		else if (b->cfg->events[i].kind == EV_ENTER)
			tell_handed(b, i);
	}
	guard_returned(b, &q);
	if (p->passing != 0)
		find_askers(b);
}
