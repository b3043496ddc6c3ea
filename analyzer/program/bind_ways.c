/*
 * bind_ways.c - objects that lead to a session which the function is lent in one of their attributes: `unit` of
 * `unit.db`, `self.repo` of `self.repo.db`. Who is handed such an object, or is asked to do something on it that cannot
 * be read, may do anything to the session.
 */
#include "program/bind_internal.h"
#include "project/def.h"

/* Is the operand the object itself: 0 steps of the lent place, or the one before the last? */
static bool is_way(const struct binder *b, ref r, const struct lent *lent, bool *whole)
{
	if (ref_kind(r) != REF_KIND_PLACE || lent->attribute == NAME_NONE)
		return false;
	const struct place *p = &b->cfg->places[ref_index(r)];
	if (p->root_kind != lent->root_kind || p->root != lent->root)
		return false;
	*whole = p->step_count == 0;
	return *whole || (lent->inner != NAME_NONE && p->step_count == 1 &&
	                  p->steps[0].kind == STEP_ATTRIBUTE && p->steps[0].name == lent->attribute);
}

void lend_ways(const struct binder *b, const struct target *t, const struct arg *args,
               uint32_t count, struct loans *out)
{
	for (uint32_t i = 0; i < count; i++) {
		name_id param = param_of_arg(b->project, t, args, i);
		for (uint32_t k = 0; k < b->lent_count; k++) {
			const struct lent *lent = &b->lent[k];
			bool whole;
			if (!is_way(b, args[i].value, lent, &whole))
				continue;
			struct lent as = {lent->kind,
			                  PLACE_LOCAL,
			                  param,
			                  whole ? lent->attribute : lent->inner,
			                  whole ? lent->inner : NAME_NONE,
			                  whole ? lent->by : STEP_ATTRIBUTE};
			add_loan(b, out, REF_PLACE(b->lent_places[k]), false,
			         param == NAME_NONE ? NULL : &as);
		}
	}
}

/* Is the object handed to the call, or asked by it? Methods of our own object are known, or are no business of its session. */
static bool is_reached(const struct binder *b, const struct event *e, const struct lent *lent)
{
	bool whole;
	name_id self = def_self(b->project, b->fn->module, b->fn->scope);
	if (e->name != NAME_NONE && is_way(b, e->a, lent, &whole) && !(whole && lent->root == self))
		return true;
	for (uint32_t i = 0; i < e->arg_count; i++)
		if (is_way(b, b->cfg->args[e->first_arg + i].value, lent, &whole))
			return true;
	return false;
}

void act_ways(struct binder *b, uint32_t event, struct action *a)
{
	const struct event *e = &b->cfg->events[event];
	bool any = false;
	for (uint32_t k = 0; k < b->lent_count && !any; k++)
		any = is_reached(b, e, &b->lent[k]);
	if (!any || a->kind == ACTION_CALLEE || a->quiet || is_borrower(b, event))
		return;
	struct transfer *all = arena_array(b->scratch, struct transfer,
	                                   a->transfer_count + b->lent_count);
	uint16_t count = a->transfer_count;
	if (count > 0)
		memcpy(all, a->transfers, count * sizeof *all);
	for (uint32_t k = 0; k < b->lent_count; k++) {
		slot_id slot = b->fn->plan.place_slots[b->lent_places[k]];
		if (slot == SLOT_NONE || !is_reached(b, e, &b->lent[k]))
			continue;
		state_set unread = states_fresh() | STATES_GONE; /* no claim that a statement ran */
		all[count++] = (struct transfer){.slot = slot, .normal = unread, .raised = unread};
	}
	a->transfers = all;
	a->transfer_count = count;
}
