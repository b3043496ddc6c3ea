/*
 * solve.c - the transfer function of one event, the edges of one block, and
 * the worklist. The transfer is total and pure: a disjunct in, one or two out.
 */
#include "state/solve.h"

#include <stdlib.h>

/* ---- disjuncts ---------------------------------------------------------- */

static struct disjunct *disjunct_new(struct arena *scratch, const struct plan *p)
{
	size_t states = p->resource_count * sizeof(state_set); /* in one piece: very many are made */
	size_t size = sizeof(struct disjunct) + states + p->slot_count * sizeof(struct value);
	struct disjunct *d = arena_alloc(scratch, size, _Alignof(max_align_t));
	d->states = (state_set *)(void *)(d + 1);
	d->values = (struct value *)(void *)((char *)(d + 1) + states);
	return d;
}

static struct disjunct *disjunct_copy(struct arena *scratch, const struct plan *p,
                                      const struct disjunct *from)
{
	struct disjunct *d = disjunct_new(scratch, p);
	d->key = from->key;
	memcpy(d->values, from->values, p->slot_count * sizeof *d->values);
	memcpy(d->states, from->states, p->resource_count * sizeof *d->states);
	return d;
}

/* Joins 'from' into 'into'; true when 'into' grew. */
static bool disjunct_join(const struct plan *p, struct disjunct *into, const struct disjunct *from)
{
	bool grew = false;
	for (uint32_t i = 0; i < p->slot_count; i++) {
		struct value v = {into->values[i].is | from->values[i].is,
		                  into->values[i].holds | from->values[i].holds};
		grew |= v.is != into->values[i].is || v.holds != into->values[i].holds;
		into->values[i] = v;
	}
	for (uint32_t i = 0; i < p->resource_count; i++) {
		state_set s = into->states[i] | from->states[i];
		grew |= s != into->states[i];
		into->states[i] = s;
	}
	return grew;
}

/* ---- keys --------------------------------------------------------------- */

/*
 * A key's low byte: two bits a guard (0 mixed, 1 None, 2 false, 3 true). Above
 * it KEY_TOKENS_MAX pairs of bytes: token number + 1, value; 0 where free.
 */
static unsigned guard_bits(struct value v)
{
	if (v.is == VALUE_NONE)
		return 1;
	if (v.is == VALUE_FALSE)
		return 2;
	return v.is != 0 && (v.is & (VALUE_NONE | VALUE_FALSE)) == 0 ? 3 : 0;
}

static void key_update_guards(const struct plan *p, struct disjunct *d)
{
	uint64_t bits = 0;
	for (uint32_t i = 0; i < p->guard_count; i++)
		bits |= (uint64_t)guard_bits(d->values[p->guards[i]]) << (2 * i);
	d->key = (d->key & ~(uint64_t)0xff) | bits;
}

static unsigned key_token_shift(unsigned i)
{
	return 8 + 16 * i;
}

/* Notes that token 'number' is now 'value'; a full key forgets the outermost one. */
static void key_set_token(struct disjunct *d, uint32_t number, uint32_t value,
                          struct solve_bounds *bounds)
{
	unsigned place = KEY_TOKENS_MAX;
	for (unsigned i = 0; i < KEY_TOKENS_MAX; i++) {
		unsigned held = (unsigned)(d->key >> key_token_shift(i)) & 0xff;
		if (held == number + 1 || (held == 0 && place == KEY_TOKENS_MAX))
			place = i;
		if (held == number + 1)
			break;
	}
	if (place == KEY_TOKENS_MAX || number >= 0xff || value > 0xff) {
		bounds->tokens++;
		return;
	}
	unsigned shift = key_token_shift(place);
	d->key = (d->key & ~((uint64_t)0xffff << shift)) | ((uint64_t)(number + 1) << shift) |
	         ((uint64_t)value << (shift + 8));
}

/* The value of token 'number', or -1 when it is not known; with 'clear' it is forgotten. */
static int key_token(struct disjunct *d, uint32_t number, bool clear)
{
	for (unsigned i = 0; i < KEY_TOKENS_MAX; i++) {
		unsigned shift = key_token_shift(i);
		if (((d->key >> shift) & 0xff) != (uint64_t)number + 1)
			continue;
		int value = (int)((d->key >> (shift + 8)) & 0xff);
		if (clear)
			d->key &= ~((uint64_t)0xffff << shift);
		return value;
	}
	return -1;
}

/* ---- values ------------------------------------------------------------- */

slot_id plan_slot(const struct plan *p, ref r)
{
	switch (ref_kind(r)) {
	case REF_KIND_TEMP: return p->temp_slots[ref_index(r)];
	case REF_KIND_PLACE: return p->place_slots[ref_index(r)];
	case REF_KIND_NONE:
	case REF_KIND_CONST:
	case REF_KIND_TEXT: return SLOT_NONE;
	}
	return SLOT_NONE;
}

static struct value value_of_const(uint32_t c)
{
	switch ((enum const_kind)c) {
	case CONST_NONE: return (struct value){VALUE_NONE, 0};
	case CONST_FALSE:
	case CONST_ZERO: return (struct value){VALUE_FALSE, 0};
	case CONST_TRUE:
	case CONST_NUMBER:
	case CONST_ELLIPSIS: return (struct value){VALUE_OTHER, 0};
	}
	return (struct value){VALUE_ANY, 0};
}

static struct value value_of(const struct plan *p, const struct disjunct *d, ref r)
{
	slot_id slot = plan_slot(p, r);
	if (slot != SLOT_NONE)
		return d->values[slot];
	if (ref_kind(r) == REF_KIND_CONST)
		return value_of_const(ref_index(r));
	return (struct value){VALUE_ANY, 0};
}

static void set_slot(const struct plan *p, struct disjunct *d, slot_id slot, struct value v)
{
	if (slot == SLOT_NONE)
		return;
	d->values[slot] = v;
	key_update_guards(p, d);
}

/* ---- effects ------------------------------------------------------------ */

/*
 * Applies 'op' to the resources of a set. When the value is surely one of them they take the new states
 * (strong update): after `db = A() if x else B()` only one of the two was made on each path.
 */
static void apply(const struct plan *p, struct disjunct *d, uint32_t resources, bool sure,
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
	apply(p, d, v.is & VALUE_RESOURCES, (v.is & VALUE_OTHER) == 0, op);
}

static uint32_t reached_by_args(const struct plan *p, const struct disjunct *d,
                                const struct event *e)
{
	uint32_t reached = 0;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		struct value v = value_of(p, d, p->cfg->args[e->first_arg + i].value);
		reached |= (v.is & VALUE_RESOURCES) | v.holds;
	}
	return reached;
}

static uint32_t reached_by_borrow(const struct plan *p, const struct disjunct *d,
                                  const struct event *e, slot_id receiver)
{
	uint32_t reached = reached_by_args(p, d, e);
	if (receiver != SLOT_NONE)
		reached |= d->values[receiver].holds | (d->values[receiver].is & VALUE_RESOURCES);
	return reached;
}

/* Somebody else has to give these back from now on. */
static void give_away(const struct plan *p, struct disjunct *d, uint32_t resources)
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

static uint32_t reached_by(const struct plan *p, const struct disjunct *d, ref r)
{
	struct value v = value_of(p, d, r);
	return (v.is & VALUE_RESOURCES) | v.holds;
}

/* Applies what a callee does. */
static void apply_transfer(const struct plan *p, struct disjunct *d, const struct transfer *t,
                           bool raised)
{
	struct value v = d->values[t->slot];
	uint32_t resources = t->through_object ? v.holds : v.is & VALUE_RESOURCES;
	state_set done = raised ? t->raised : t->normal;
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
		apply(p, d, 1u << i, true, raised ? e->raised : e->normal);
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

/* What the event does to resources, when it goes on normally or when it raises. */
static void act(const struct plan *p, struct disjunct *d, uint32_t index, bool raised)
{
	const struct action *a = &p->actions[index];
	const struct event *e = &p->cfg->events[index];
	enum operation op = raised ? a->effect.raised : a->effect.normal;
	switch (a->kind) {
	case ACTION_EFFECT: apply_to_slot(p, d, a->slot, op); break;
	case ACTION_BORROW: lend(p, d, reached_by_borrow(p, d, e, a->slot), raised); break;
	case ACTION_ACQUIRE:
		apply_to_slot(p, d, a->slot, op);
		lend(p, d, reached_by_args(p, d, e) & resources_of_layer(p, LAYER_ENGINE), raised);
		if (!raised)
			d->states[a->resource] = states_made(p->resources[a->resource].kind);
		break;
	case ACTION_KEEP:
		if (!raised && a->slot != SLOT_NONE)
			d->values[a->slot].holds |= reached_by_args(p, d, e);
		break;
	case ACTION_RELEASE_HELD:
		if (a->slot != SLOT_NONE)
			apply(p, d, d->values[a->slot].holds, true, op);
		break;
	case ACTION_SURVIVE:
		for (uint32_t i = 0; i < p->resource_count && !raised; i++)
			apply(p, d, 1u << i, true, DO_SURVIVE);
		break;
	case ACTION_NONE:
	case ACTION_UNPACK:
	case ACTION_CALLEE:
	case ACTION_IS_BOUND:
	case ACTION_WRAP:
	case ACTION_SAME: break;
	}
	for (uint16_t i = 0; i < a->transfer_count; i++)
		apply_transfer(p, d, &a->transfers[i], raised);
}

/* ---- tests -------------------------------------------------------------- */

/* What is left of a value when the test came out 'outcome'; is == 0: it cannot. */
static struct value refine(struct value v, enum test_op op, bool outcome)
{
	uint32_t keep = ~(uint32_t)0;
	if (op == OP_TRUTH)
		keep = outcome ? ~(VALUE_NONE | VALUE_FALSE) : (VALUE_NONE | VALUE_FALSE);
	else if (op == OP_IS_NONE)
		keep = outcome ? VALUE_NONE : ~VALUE_NONE;
	v.is &= keep;
	return v;
}

/* Narrows 'd' to the given outcome of the test in event 'e'; false when that cannot be. */
static bool assume(const struct plan *p, struct disjunct *d, const struct event *e, bool outcome)
{
	if (e->op == OP_TOKEN_IS) {
		uint32_t number = p->cfg->places[ref_index(e->a)].root;
		int value = key_token(d, number, false);
		if (value >= 0 && ((uint32_t)value == e->index) != outcome)
			return false;
		if (outcome)
			key_token(d, number, true);
		return true;
	}
	const struct action *a = &p->actions[e - p->cfg->events];
	if (a->kind ==
	    ACTION_IS_BOUND) /* what is bound here is not unbound; the other way round is no news */
		return outcome || d->values[a->slot].is == 0;
	if (e->op != OP_TRUTH && e->op != OP_IS_NONE)
		return true;
	struct value v = refine(value_of(p, d, e->a), (enum test_op)e->op, outcome);
	if (v.is == 0)
		return false;
	set_slot(p, d, plan_slot(p, e->a), v);
	return true;
}

/* ---- transfer ----------------------------------------------------------- */

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
		v.is |= value_of(p, d, r).is;
		v.holds |= value_of(p, d, r).holds;
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
		return (struct value){VALUE_OTHER, reached_by_args(p, d, e)};
	switch (a->kind) {
	case ACTION_ACQUIRE: return (struct value){1u << a->resource, 0};
	case ACTION_SAME:
		return a->slot == SLOT_NONE ? (struct value){VALUE_ANY, 0} : d->values[a->slot];
	case ACTION_WRAP: return (struct value){VALUE_OTHER, reached_by_args(p, d, e)};
	case ACTION_KEEP:
		return p->cfg->args[e->first_arg].value == REF_NONE
		               ? (struct value){VALUE_ANY, 0}
		               : value_of(p, d, p->cfg->args[e->first_arg].value);
	case ACTION_NONE:
	case ACTION_EFFECT:
	case ACTION_BORROW:
	case ACTION_UNPACK:
	case ACTION_CALLEE:
	case ACTION_IS_BOUND:
	case ACTION_RELEASE_HELD:
	case ACTION_SURVIVE: break;
	}
	return (struct value){VALUE_ANY, 0};
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
			give_away(p, d, reached_by(p, d, stored == REF_NONE ? e->b : stored));
		if (p->actions[index].kind ==
		    ACTION_SAME) /* an import: the name means what it meant */
			return;
		bool whole = stored != REF_NONE && (e->flags & EVF_AUGMENTED) == 0;
		set_slot(p, d, plan_slot(p, e->a),
		         whole ? value_of(p, d, stored) : (struct value){VALUE_ANY, 0});
		return;
	}
	if (e->kind == EV_DELETE) {
		set_slot(p, d, plan_slot(p, e->a), (struct value){VALUE_OTHER, 0});
		return;
	}
	if (e->kind == EV_TOKEN) {
		uint32_t number = p->cfg->places[ref_index(e->a)].root;
		if (e->index == TOKEN_DONE)
			key_token(d, number, true);
		else
			key_set_token(d, number, e->index, bounds);
		return;
	}
	act(p, d, index, false);
	if (p->actions[index].gives)
		give_away(p, d,
		          e->kind == EV_CALL || e->kind == EV_BUILD ? reached_by_args(p, d, e)
		                                                    : reached_by(p, d, e->a));
	if (p->temp_slots[index] != SLOT_NONE)
		set_slot(p, d, p->temp_slots[index], result_of(p, d, index));
}

/* `owns = db is None`: one disjunct for each outcome that can be, the flag set to match. */
static struct disjunct *split_compare(struct arena *scratch, const struct plan *p,
                                      struct disjunct *d, uint32_t index)
{
	const struct event *e = &p->cfg->events[index];
	bool negated = (e->flags & EVF_NEGATED) != 0;
	struct disjunct *ways = NULL;
	for (int outcome = 1; outcome >= 0; outcome--) {
		struct disjunct *way = disjunct_copy(scratch, p, d);
		if (!assume(p, way, e, outcome != 0))
			continue;
		bool holds = (outcome != 0) != negated;
		set_slot(p, way, p->temp_slots[index],
		         (struct value){holds ? VALUE_OTHER : VALUE_FALSE, 0});
		way->next = ways;
		ways = way;
	}
	return ways;
}

/* All disjuncts of the list through one event. */
static struct disjunct *transfer_all(struct arena *scratch, const struct plan *p,
                                     struct disjunct *list, uint32_t index,
                                     struct solve_bounds *bounds)
{
	const struct event *e = &p->cfg->events[index];
	if (e->kind != EV_COMPARE || p->temp_slots[index] == SLOT_NONE) {
		for (struct disjunct *d = list; d != NULL; d = d->next)
			transfer(p, d, index, bounds);
		return list;
	}
	struct disjunct *all = NULL;
	while (list != NULL) {
		struct disjunct *d = list;
		list = d->next;
		struct disjunct *ways = split_compare(scratch, p, d, index);
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

static bool is_branch(const struct event *e)
{
	return e->kind == EV_TEST;
}

/* Both ways out of a test. */
static void leave_test(struct arena *scratch, const struct plan *p, const struct block *b,
                       const struct event *e, const struct disjunct *d, step_fn *out, void *arg)
{
	for (int outcome = 1; outcome >= 0; outcome--) {
		enum edge_kind edge = outcome ? EDGE_NEXT : EDGE_FALSE;
		if (b->succ[edge] == BLOCK_NONE)
			continue;
		if (!outcome && p->actions[e - p->cfg->events].sure)
			continue; /* it always holds */
		struct disjunct *way = disjunct_copy(scratch, p, d);
		if (assume(p, way, e, outcome != 0))
			out(arg, b->succ[edge], edge, way);
	}
}

/*
 * In a finally body, a call that has nothing to do with a session (log, count, notify) is taken not to raise:
 * nobody writes the release that such a finding would ask for.
 */
static bool is_clean_up(const struct event *e, const struct action *a, const struct disjunct *d)
{
	return e->kind == EV_CALL && a->kind == ACTION_NONE && d->key >> 8 != 0;
}

/* The ways out of a block whose last event is no test: normal, exhausted or not matching, raising. */
static void leave_event(struct arena *scratch, const struct plan *p, const struct block *b,
                        uint32_t last, struct disjunct *d, struct solve_bounds *bounds,
                        step_fn *out, void *arg)
{
	if (b->succ[EDGE_RAISE] != BLOCK_NONE && !p->actions[last].quiet &&
	    !is_clean_up(&p->cfg->events[last], &p->actions[last], d)) {
		struct disjunct *raised = disjunct_copy(scratch, p, d);
		act(p, raised, last, true);
		if (p->actions[last].gives) /* handed over before it raised */
			give_away(p, raised, reached_by_args(p, raised, &p->cfg->events[last]));
		out(arg, b->succ[EDGE_RAISE], EDGE_RAISE, raised);
	}
	bool exits = p->cfg->events[last].kind == EV_EXIT;
	if (b->succ[EDGE_FALSE] != BLOCK_NONE && !p->actions[last].sure) {
		struct disjunct *other = disjunct_copy(scratch, p, d);
		if (p->actions[last].kind == ACTION_ACQUIRE) /* of an EV_NEXT: there is no more */
			apply(p, other, 1u << p->actions[last].resource, true,
			      p->actions[last].effect.normal);
		out(arg, b->succ[EDGE_FALSE], EDGE_FALSE, other);
	}
	if (b->succ[EDGE_NEXT] == BLOCK_NONE || (exits && p->actions[last].sure))
		return;
	struct disjunct *ways = transfer_all(scratch, p, d, last, bounds);
	while (ways != NULL) {
		struct disjunct *way = ways;
		ways = way->next;
		way->next = NULL;
		out(arg, b->succ[EDGE_NEXT], EDGE_NEXT, way);
	}
}

void solve_block(struct arena *scratch, const struct plan *p, block_id block,
                 const struct disjunct *in, struct solve_bounds *bounds, step_fn *out, void *arg)
{
	const struct block *b = &p->cfg->blocks[block];
	struct disjunct *list = disjunct_copy(scratch, p, in);
	if (b->event_count == 0) {
		if (b->succ[EDGE_NEXT] != BLOCK_NONE)
			out(arg, b->succ[EDGE_NEXT], EDGE_NEXT, list);
		return;
	}
	uint32_t last = b->first_event + b->event_count - 1;
	for (uint32_t i = b->first_event; i < last; i++)
		list = transfer_all(scratch, p, list, i, bounds);
	while (list != NULL) {
		struct disjunct *d = list;
		list = d->next;
		d->next = NULL;
		if (is_branch(&p->cfg->events[last]))
			leave_test(scratch, p, b, &p->cfg->events[last], d, out, arg);
		else
			leave_event(scratch, p, b, last, d, bounds, out, arg);
	}
}

/* ---- worklist ----------------------------------------------------------- */

struct worklist {
	struct arena *scratch;
	struct solution *solution;
	uint64_t *pending; /* one bit a block; the lowest is next, which is reverse postorder */
	uint32_t word_count;
	uint32_t *counts; /* disjuncts per block */
};

static struct disjunct *find_key(struct disjunct *list, uint64_t key)
{
	for (; list != NULL; list = list->next)
		if (list->key == key)
			return list;
	return NULL;
}

/* Past the bound, guards no longer tell disjuncts apart; tokens still do, until one of them fits. */
static struct disjunct *find_coarse(struct disjunct *list, uint64_t key)
{
	for (struct disjunct *d = list; d != NULL; d = d->next)
		if (d->key >> 8 == key >> 8)
			return d;
	return list;
}

static void arrive(void *arg, block_id to, enum edge_kind edge, struct disjunct *d)
{
	struct worklist *w = arg;
	struct solution *s = w->solution;
	(void)edge;
	struct disjunct *known = find_key(s->at_entry[to], d->key);
	if (known == NULL && w->counts[to] >= DISJUNCTS_MAX) {
		s->bounds.disjuncts++;
		known = find_coarse(s->at_entry[to], d->key);
	}
	if (known == NULL) {
		known = disjunct_copy(w->scratch, s->plan, d);
		known->next = s->at_entry[to];
		s->at_entry[to] = known;
		w->counts[to]++;
	} else if (!disjunct_join(s->plan, known, d)) {
		return;
	}
	known->pending = true;
	w->pending[to / 64] |= (uint64_t)1 << (to % 64);
}

static block_id next_block(struct worklist *w)
{
	for (uint32_t i = 0; i < w->word_count; i++) {
		if (w->pending[i] == 0)
			continue;
		block_id block = i * 64 + (uint32_t)__builtin_ctzll(w->pending[i]);
		w->pending[i] &= w->pending[i] - 1;
		return block;
	}
	return BLOCK_NONE;
}

static struct disjunct *entry_disjunct(struct arena *scratch, const struct plan *p)
{
	struct disjunct *d = disjunct_new(scratch, p);
	memcpy(d->values, p->entry_values, p->slot_count * sizeof *d->values);
	for (uint32_t i = 0; i < p->resource_count; i++) {
		d->states[i] = p->resources[i].entry_states;
		if (p->resources[i].entry_slot == SLOT_NONE)
			continue;
		d->values[p->resources[i].entry_slot] = (struct value){
			1u << i | p->resources[i].entry_others, 0};
	}
	key_update_guards(p, d);
	return d;
}

void solve_from(struct arena *scratch, const struct plan *plan, block_id block,
                const struct disjunct *start, struct solution *out)
{
	uint32_t blocks = plan->cfg->block_count;
	*out = (struct solution){.plan = plan,
	                         .at_entry = arena_array(scratch, struct disjunct *, blocks)};
	struct worklist w = {
		.scratch = scratch,
		.solution = out,
		.word_count = (blocks + 63) / 64,
	};
	struct arena step; /* most of what leaves a block is joined into what is there */
	arena_init(&step);
	w.pending = arena_array(scratch, uint64_t, w.word_count);
	w.counts = arena_array(scratch, uint32_t, blocks);
	arrive(&w, block, EDGE_NEXT, disjunct_copy(&step, plan, start));
	for (block_id b = next_block(&w); b != BLOCK_NONE; b = next_block(&w)) {
		for (struct disjunct *d = out->at_entry[b]; d != NULL; d = d->next) {
			if (!d->pending)
				continue;
			d->pending = false;
			solve_block(&step, plan, b, d, &out->bounds, arrive, &w);
			arena_clear(&step);
		}
	}
	arena_release(&step);
}

void solve(struct arena *scratch, const struct plan *plan, struct solution *out)
{
	solve_from(scratch, plan, 0, entry_disjunct(scratch, plan), out);
}

/* ---- looking things up -------------------------------------------------- */

block_id cfg_block_of(const struct cfg *cfg, uint32_t event)
{
	uint32_t low = 0, high = cfg->block_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (cfg->blocks[middle].first_event <= event)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct disjunct *solution_at(struct arena *scratch, const struct solution *s, uint32_t event,
                             bool after)
{
	const struct plan *p = s->plan;
	block_id block = cfg_block_of(p->cfg, event);
	struct solve_bounds ignored = {0};
	struct disjunct *all = NULL;
	for (struct disjunct *in = s->at_entry[block]; in != NULL; in = in->next) {
		struct disjunct *list = disjunct_copy(scratch, p, in);
		for (uint32_t i = p->cfg->blocks[block].first_event; i < event + (after ? 1 : 0);
		     i++)
			list = transfer_all(scratch, p, list, i, &ignored);
		while (list != NULL) {
			struct disjunct *d = list;
			list = d->next;
			d->next = all;
			all = d;
		}
	}
	return all;
}

state_set solution_states(struct arena *scratch, const struct solution *s, uint32_t event,
                          bool after, uint32_t resource)
{
	state_set states = 0;
	for (struct disjunct *d = solution_at(scratch, s, event, after); d != NULL; d = d->next)
		states |= d->states[resource];
	return states;
}
