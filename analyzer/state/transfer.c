/*
 * transfer.c - the transfer function of one event and the edges of one block.
 * The transfer is total and pure: a disjunct in, one or two out.
 */
#include "state/transfer.h"

#include "state/disjunct.h"
#include "state/effect.h"

/* ---- tests -------------------------------------------------------------- */

/* `x is True`, `x == False`: what holds for x then. Nothing is known when it does not hold: 1 is true as well. */
static uint32_t kept_by_equal(ref with)
{
	if (with == REF_CONST(CONST_TRUE))
		return ~(VALUE_NONE | VALUE_FALSE);
	return with == REF_CONST(CONST_FALSE) ? VALUE_FALSE : ~(uint32_t)0;
}

/* What is left of a value when the test came out 'outcome'; is == 0: it cannot. */
static struct value refine(struct value v, const struct event *e, bool outcome)
{
	uint32_t keep = ~(uint32_t)0;
	if (e->op == OP_TRUTH)
		keep = outcome ? ~(VALUE_NONE | VALUE_FALSE) : (VALUE_NONE | VALUE_FALSE);
	else if (e->op == OP_IS_NONE)
		keep = outcome ? VALUE_NONE : ~VALUE_NONE;
	else if (e->op == OP_EQUAL && outcome)
		keep = kept_by_equal(e->b);
	v.is &= keep;
	return v;
}

/* What was asked whether it is closed is an object: None has no such attribute. */
static void answer_closed(const struct plan *p, struct disjunct *d, const struct action *a,
                          bool outcome)
{
	struct value v = d->values[a->slot];
	bool sure = (v.is & ~(VALUE_RESOURCES | VALUE_NONE)) == 0;
	effect_apply(p, d, v.is & VALUE_RESOURCES, sure,
	             outcome ? a->effect.normal : a->effect.raised);
}

/* Is a value surely this one thing: None, or what one place of the text has made? */
static bool is_one(uint32_t is)
{
	return (is & (is - 1)) == 0 && (is & (VALUE_NONE | VALUE_RESOURCES)) != 0;
}

/* `a is b`, `a is not b`: both are what both may be, or two things. */
static bool assume_same(const struct plan *p, struct disjunct *d, const struct event *e,
                        bool outcome)
{
	struct value a = disjunct_value(p, d, e->a), b = disjunct_value(p, d, e->b);
	uint32_t both = a.is & b.is;
	if (!outcome)
		return a.is != b.is || !is_one(both);
	a.is = b.is = both;
	disjunct_set(p, d, plan_slot(p, e->a), a);
	disjunct_set(p, d, plan_slot(p, e->b), b);
	return both != 0;
}

/* Narrows 'd' to the given outcome of the test in event 'e'; false when that cannot be. */
static bool assume(const struct plan *p, struct disjunct *d, const struct event *e, bool outcome)
{
	if (e->op == OP_TOKEN_IS) {
		uint32_t number = p->cfg->places[ref_index(e->a)].root;
		int value = disjunct_token(d, number);
		if (value >= 0 && ((uint32_t)value == e->index) != outcome)
			return false;
		if (outcome)
			disjunct_clear_token(d, number);
		return true;
	}
	const struct action *a = &p->actions[e - p->cfg->events];
	if (a->kind ==
	    ACTION_IS_BOUND) /* what is bound here is not unbound; the other way round is no news */
		return outcome || d->values[a->slot].is == 0;
	if (a->kind == ACTION_ASKS_CLOSED) {
		answer_closed(p, d, a, outcome);
		return true;
	}
	if (e->op == OP_SAME)
		return assume_same(p, d, e, outcome);
	if (e->op != OP_TRUTH && e->op != OP_IS_NONE && e->op != OP_EQUAL)
		return true;
	struct value v = refine(disjunct_value(p, d, e->a), e, outcome);
	if (v.is == 0)
		return false;
	disjunct_set(p, d, plan_slot(p, e->a), v);
	return true;
}

/* ---- events ------------------------------------------------------------- */

/* What the operands of one sort may be: temporaries that this path has made, or everything else. */
static struct value operands_of(const struct plan *p, const struct disjunct *d,
                                const struct event *e, bool made_here)
{
	struct value v = {0, 0};
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref r = p->cfg->args[e->first_arg + i].value;
		bool temporary = ref_kind(r) == REF_KIND_TEMP && plan_slot(p, r) != SLOT_NONE;
		if (temporary != made_here)
			continue;
		v.is |= disjunct_value(p, d, r).is;
		v.holds |= disjunct_value(p, d, r).holds;
	}
	return v;
}

/* `a or b`, `a if c else b`: one was evaluated; a temporary that this path has made is the one. */
static struct value choice_of(const struct plan *p, const struct disjunct *d, const struct event *e)
{
	struct value v = operands_of(p, d, e, true);
	if (v.is == 0)
		v = operands_of(p, d, e, false);
	return v.is == 0 ? (struct value){VALUE_ANY, 0} : v;
}

static uint32_t reached_by_transfers(const struct disjunct *d, const struct action *a)
{
	uint32_t reached = 0;
	for (uint16_t i = 0; i < a->transfer_count; i++)
		reached |= (d->values[a->transfers[i].slot].is & VALUE_RESOURCES) |
		           d->values[a->transfers[i].slot].holds;
	return reached;
}

/* The value of the event's temporary on its normal way on. */
static struct value result_of(const struct plan *p, const struct disjunct *d, uint32_t index)
{
	const struct action *a = &p->actions[index];
	const struct event *e = &p->cfg->events[index];
	if (e->kind == EV_BUILD && e->op == BUILD_CHOICE)
		return choice_of(p, d, e);
	if (e->kind == EV_CLOSURE)
		return (struct value){VALUE_OTHER, reached_by_transfers(d, a)};
	if (a->passes && a->slot != SLOT_NONE)
		return d->values[a->slot];
	if (a->wraps)
		return (struct value){VALUE_OTHER,
		                      disjunct_reached_by_args(p, d, e) |
		                              (a->kind == ACTION_ACQUIRE ? 1u << a->resource : 0)};
	switch (a->kind) {
	case ACTION_ACQUIRE: return (struct value){1u << a->resource, 0};
	case ACTION_SAME:
		return a->slot == SLOT_NONE ? (struct value){VALUE_ANY, 0} : d->values[a->slot];
	case ACTION_WRAP: return (struct value){VALUE_OTHER, disjunct_reached_by_args(p, d, e)};
	case ACTION_KEEP:
		return p->cfg->args[e->first_arg].value == REF_NONE
		               ? (struct value){VALUE_ANY, 0}
		               : disjunct_value(p, d, p->cfg->args[e->first_arg].value);
	case ACTION_NONE:
	case ACTION_EFFECT:
	case ACTION_BORROW:
	case ACTION_UNPACK:
	case ACTION_CALLEE:
	case ACTION_IS_BOUND:
	case ACTION_ASKS_CLOSED:
	case ACTION_RELEASE_HELD:
	case ACTION_SURVIVE: break;
	}
	return (struct value){VALUE_ANY, 0};
}

/* What the event does, when it goes on. */
static void act(const struct plan *p, struct disjunct *d, uint32_t index, unsigned leaving)
{
	const struct event *e = &p->cfg->events[index];
	effect_of_action(p, d, index, leaving);
	if (p->actions[index].gives)
		effect_give_away(p, d,
		                 e->kind == EV_CALL || e->kind == EV_BUILD
		                         ? disjunct_reached_by_args(p, d, e)
		                         : disjunct_reached(p, d, e->a));
}

/* An object that is stored has parts; what is stored in a part is held by the object. */
static void store_parts(const struct plan *p, struct disjunct *d, uint32_t index)
{
	const struct action *a = &p->actions[index];
	if (a->holder != SLOT_NONE)
		d->values[a->holder].holds |= disjunct_reached(p, d, p->cfg->events[index].a);
	for (uint16_t i = 0; i < a->part_count; i++)
		disjunct_set(p, d, a->parts[i].slot,
		             a->parts[i].from == REF_NONE ? (struct value){VALUE_ANY, 0}
		                                          : disjunct_value(p, d, a->parts[i].from));
}

/* One event that cannot branch or split, on its normal way on. */
static void transfer(const struct plan *p, struct disjunct *d, uint32_t index,
                     struct solve_bounds *bounds)
{
	const struct event *e = &p->cfg->events[index];
	if (e->kind == EV_ASSIGN) {
		ref stored = p->actions[index].kind == ACTION_UNPACK ? e->b
		                                                     : event_stored(p->cfg, e);
		if (p->actions[index].gives)
			effect_give_away(
				p, d, disjunct_reached(p, d, stored == REF_NONE ? e->b : stored));
		if (p->actions[index].kind ==
		    ACTION_SAME) /* an import: the name means what it meant */
			return;
		bool whole = stored != REF_NONE && (e->flags & EVF_AUGMENTED) == 0;
		disjunct_set(p, d, plan_slot(p, e->a),
		             whole ? disjunct_value(p, d, stored) : (struct value){VALUE_ANY, 0});
		store_parts(p, d, index);
		return;
	}
	if (e->kind == EV_DELETE) {
		disjunct_set(p, d, plan_slot(p, e->a), (struct value){VALUE_OTHER, 0});
		return;
	}
	if (e->kind == EV_TOKEN) {
		uint32_t number = p->cfg->places[ref_index(e->a)].root;
		if (e->index == TOKEN_DONE)
			disjunct_clear_token(d, number);
		else
			disjunct_set_token(d, number, e->index, bounds);
		return;
	}
	act(p, d, index, LEAVING_NORMALLY);
	if (p->temp_slots[index] != SLOT_NONE)
		disjunct_set(p, d, p->temp_slots[index], result_of(p, d, index));
}

/* `owns = db is None`: one disjunct for each outcome that can be, the flag set to match. */
static struct disjunct *split_compare(struct arena *scratch, const struct plan *p,
                                      const struct disjunct *d, uint32_t index)
{
	const struct event *e = &p->cfg->events[index];
	bool negated = (e->flags & EVF_NEGATED) != 0;
	struct disjunct *ways = NULL;
	for (int outcome = 1; outcome >= 0; outcome--) {
		struct disjunct *way = disjunct_copy(scratch, p, d);
		if (!assume(p, way, e, outcome != 0))
			continue;
		bool holds = (outcome != 0) != negated;
		disjunct_set(p, way, p->temp_slots[index],
		             (struct value){holds ? VALUE_OTHER : VALUE_FALSE, 0});
		way->next = ways;
		ways = way;
	}
	return ways;
}

/* A callee that tells its exits apart: one disjunct for each thing it may return. */
static struct disjunct *split_returned(struct arena *scratch, const struct plan *p,
                                       const struct disjunct *d, uint32_t index)
{
	const struct action *a = &p->actions[index];
	struct disjunct *ways = NULL;
	for (unsigned i = 0; i < a->way_count; i++) {
		struct disjunct *way = disjunct_copy(scratch, p, d);
		act(p, way, index, a->ways[i].as);
		disjunct_set(p, way, p->temp_slots[index], (struct value){a->ways[i].is, 0});
		way->next = ways;
		ways = way;
	}
	return ways;
}

/* `with session_or_own(db) as db`: what it was handed; when that may be nothing, perhaps a session of its own. */
static struct disjunct *split_entered(struct arena *scratch, const struct plan *p,
                                      const struct disjunct *d, uint32_t index,
                                      struct solve_bounds *bounds)
{
	const struct action *a = &p->actions[index];
	struct value handed = d->values[a->handed_slot];
	struct disjunct *passed = NULL;
	if ((handed.is & VALUE_RESOURCES) != 0) {
		passed = disjunct_copy(scratch, p, d);
		handed.is &= VALUE_RESOURCES;
		disjunct_set(p, passed, p->temp_slots[index], handed);
		disjunct_set(p, passed, a->way_slot, (struct value){VALUE_FALSE, 0});
		if ((d->values[a->handed_slot].is & ~VALUE_RESOURCES) == 0)
			return passed;
	}
	struct disjunct *own = disjunct_copy(scratch, p, d);
	transfer(p, own, index, bounds);
	disjunct_set(p, own, a->way_slot, (struct value){VALUE_OTHER, 0});
	own->next = passed;
	return own;
}

static bool splits(const struct plan *p, uint32_t index)
{
	const struct action *a = &p->actions[index];
	return (p->cfg->events[index].kind == EV_COMPARE && p->temp_slots[index] != SLOT_NONE) ||
	       a->way_count > 0 || a->way_slot != SLOT_NONE;
}

/* The disjuncts that come of one, on an event that splits. */
static struct disjunct *split(struct arena *scratch, const struct plan *p, const struct disjunct *d,
                              uint32_t index, struct solve_bounds *bounds)
{
	const struct action *a = &p->actions[index];
	if (a->way_count > 0)
		return split_returned(scratch, p, d, index);
	return a->way_slot != SLOT_NONE ? split_entered(scratch, p, d, index, bounds)
	                                : split_compare(scratch, p, d, index);
}

/* Does the event leave every disjunct as it is? Most do: they have to do with nothing that is tracked. */
static bool is_inert(const struct plan *p, uint32_t index)
{
	const struct action *a = &p->actions[index];
	const struct event *e = &p->cfg->events[index];
	if (a->kind != ACTION_NONE || a->transfer_count > 0 || a->gives ||
	    p->temp_slots[index] != SLOT_NONE || a->way_slot != SLOT_NONE)
		return false;
	if (e->kind == EV_ASSIGN || e->kind == EV_DELETE)
		return plan_slot(p, e->a) == SLOT_NONE;
	return e->kind != EV_TOKEN;
}

bool transfer_is_inert(const struct plan *p, uint32_t first, uint32_t end)
{
	while (first < end && is_inert(p, first))
		first++;
	return first == end;
}

struct disjunct *transfer_all(struct arena *scratch, const struct plan *p, struct disjunct *list,
                              uint32_t index, struct solve_bounds *bounds)
{
	if (!splits(p, index)) {
		for (struct disjunct *d = list; d != NULL; d = d->next)
			transfer(p, d, index, bounds);
		return list;
	}
	struct disjunct *all = NULL;
	while (list != NULL) {
		struct disjunct *d = list;
		list = d->next;
		struct disjunct *ways = split(scratch, p, d, index, bounds);
		while (ways != NULL) {
			struct disjunct *way = ways;
			ways = way->next;
			way->next = all;
			all = way;
		}
	}
	return all;
}

/* ---- edges -------------------------------------------------------------- */

/* Most disjuncts go on as they are; they are copied only where they change. */
struct leaving_block {
	struct arena *scratch;
	const struct plan *plan;
	const struct block *block;
	struct solve_bounds *bounds;
	step_fn *out;
	void *arg;
};

static void go(const struct leaving_block *l, enum edge_kind edge, const struct disjunct *d)
{
	block_id to = l->block->succ[edge];
	unsigned passed = disjunct_forgettable(l->plan, d, to);
	if (passed != 0) {
		struct disjunct *less = disjunct_copy(l->scratch, l->plan, d);
		disjunct_forget(l->plan, less, passed);
		d = less;
	}
	l->out(l->arg, to, edge, d);
}

/* Both ways out of a test. */
static void leave_test(const struct leaving_block *l, uint32_t last, const struct disjunct *d)
{
	const struct plan *p = l->plan;
	const struct event *e = &p->cfg->events[last];
	for (int outcome = 1; outcome >= 0; outcome--) {
		enum edge_kind edge = outcome ? EDGE_NEXT : EDGE_FALSE;
		if (l->block->succ[edge] == BLOCK_NONE || (!outcome && p->actions[last].sure))
			continue; /* sure: it always holds */
		struct disjunct *way = disjunct_copy(l->scratch, p, d);
		if (assume(p, way, e, outcome != 0))
			go(l, edge, way);
	}
}

/*
 * In a finally body, a call that has nothing to do with a session (log, count, notify) is taken not to raise:
 * nobody writes the release that such a finding would ask for. Nor does what shields or times the release,
 * `with move_on_after(5, shield=True): await conn.close()`.
 */
static bool is_clean_up(const struct event *e, const struct action *a, const struct disjunct *d)
{
	bool idle = a->kind == ACTION_NONE || (a->kind == ACTION_SAME && a->slot == SLOT_NONE);
	return (e->kind == EV_CALL || e->kind == EV_ENTER || e->kind == EV_AWAIT) && idle &&
	       disjunct_tokens(d) != 0;
}

static void leave_raising(const struct leaving_block *l, uint32_t last, const struct disjunct *d)
{
	const struct plan *p = l->plan;
	if (is_inert(p, last)) {
		go(l, EDGE_RAISE, d);
		return;
	}
	struct disjunct *raised = disjunct_copy(l->scratch, p, d);
	effect_of_action(p, raised, last, LEAVING_RAISED);
	if (p->actions[last].gives) /* handed over before it raised */
		effect_give_away(p, raised,
		                 disjunct_reached_by_args(p, raised, &p->cfg->events[last]));
	go(l, EDGE_RAISE, raised);
}

/* Exhausted, or not matching. */
static void leave_otherwise(const struct leaving_block *l, uint32_t last, const struct disjunct *d)
{
	const struct plan *p = l->plan;
	const struct action *a = &p->actions[last];
	if (a->kind != ACTION_ACQUIRE) {
		go(l, EDGE_FALSE, d);
		return;
	}
	struct disjunct *other = disjunct_copy(l->scratch, p,
	                                       d); /* of an EV_NEXT: there is no more */
	effect_apply(p, other, 1u << a->resource, true, a->effect.normal);
	go(l, EDGE_FALSE, other);
}

static void leave_normally(const struct leaving_block *l, uint32_t last, const struct disjunct *d)
{
	const struct plan *p = l->plan;
	if (is_inert(p, last)) {
		go(l, EDGE_NEXT, d);
		return;
	}
	struct disjunct *way = transfer_all(l->scratch, p, disjunct_copy(l->scratch, p, d), last,
	                                    l->bounds);
	for (; way != NULL; way = way->next)
		go(l, EDGE_NEXT, way);
}

/* The ways out of a block whose last event is no test: normal, exhausted or not matching, raising. */
static void leave_event(const struct leaving_block *l, uint32_t last, const struct disjunct *d)
{
	const struct event *e = &l->plan->cfg->events[last];
	const struct action *a = &l->plan->actions[last];
	const block_id *succ = l->block->succ;
	if (succ[EDGE_RAISE] != BLOCK_NONE && !a->quiet && !is_clean_up(e, a, d))
		leave_raising(l, last, d);
	if (succ[EDGE_FALSE] != BLOCK_NONE && !a->sure)
		leave_otherwise(l, last, d);
	if (succ[EDGE_NEXT] != BLOCK_NONE && !(e->kind == EV_EXIT && a->sure))
		leave_normally(l, last, d);
}

static void leave(const struct leaving_block *l, uint32_t last, const struct disjunct *d)
{
	if (l->plan->cfg->events[last].kind == EV_TEST)
		leave_test(l, last, d);
	else
		leave_event(l, last, d);
}

void solve_block(struct arena *scratch, const struct plan *p, block_id block,
                 const struct disjunct *in, struct solve_bounds *bounds, step_fn *out, void *arg)
{
	const struct block *b = &p->cfg->blocks[block];
	const struct leaving_block l = {scratch, p, b, bounds, out, arg};
	if (b->event_count == 0) {
		if (b->succ[EDGE_NEXT] != BLOCK_NONE)
			go(&l, EDGE_NEXT, in);
		return;
	}
	uint32_t last = b->first_event + b->event_count - 1;
	if (transfer_is_inert(p, b->first_event, last)) {
		leave(&l, last, in);
		return;
	}
	struct disjunct *list = disjunct_copy(scratch, p, in);
	for (uint32_t i = b->first_event; i < last; i++)
		list = transfer_all(scratch, p, list, i, bounds);
	for (; list != NULL; list = list->next)
		leave(&l, last, list);
}
