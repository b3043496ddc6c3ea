/*
 * work.c - what handed-on work does to a session of ours: the function that runs is solved with that session
 * lent to it, as for a summary, but generators too, and with what is open at their yields.
 */
#include "program/work.h"

#include "program/function.h"
#include "program/wait.h"

#define STREAM_STEPS_MAX 64 /* values that are looked through behind one response */

/* ---- one function ------------------------------------------------------------------ */

static void add_states(state_set s, bool normal, struct work_use *use)
{
	use->uses |= states_may(s, IS_TOUCHED);
	use->sends |= states_may(s, IS_HOLDING) || states_may(s, IS_ENDED);
	use->leaves |= normal && states_left(s) != 0;
	use->surely |= normal && states_left(s) != 0 && (s & STATES_UNSURE) == 0;
}

static void look_at_yields(struct arena *scratch, const struct function *fn, struct work_use *use)
{
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		if (fn->cfg.events[i].kind != EV_YIELD)
			continue;
		state_set s = solution_states(scratch, &fn->solution, i, false, 0);
		use->open_at_yield |= states_may(s, IS_OPEN);
		use->uses |= states_may(s, IS_TOUCHED);
		use->sends |= states_may(s, IS_HOLDING) || states_may(s, IS_ENDED);
	}
}

/* The function is not followed, or not far enough. */
static const struct work_use not_known = {.reached = true};

static struct work_use use_of_loan(struct arena *scratch, const struct program *program,
                                   const struct work *w, const struct loan *loan)
{
	struct function fn;
	struct work_use use = {.reached = true, .known = true};
	const struct scope *s = w->module == MODULE_NONE
	                                ? NULL
	                                : project_scope(program->project, w->module, w->scope);
	if (!loan->known || s == NULL || (s->flags & (SCOPE_STUB | SCOPE_BROKEN)) != 0 ||
	    (s->kind != SCOPE_FUNCTION && s->kind != SCOPE_LAMBDA) ||
	    !function_analyse_lent(scratch, program, w->module, w->scope, &loan->lent, &fn))
		return not_known;
	for (uint32_t i = 0; i < fn.exit_count; i++) {
		const struct exit_point *e = &fn.exits[i];
		bool normal = e->kind == EXIT_RETURN || e->kind == EXIT_FALL_OFF;
		add_states(e->states[0], normal, &use);
	}
	look_at_yields(scratch, &fn, &use);
	if (w->kind == WORK_BACKGROUND && program->slow != NULL) {
		struct held_wait *ignored;
		use.waits = held_list(scratch, program, &fn, 0, states_hold, &ignored) > 0;
	}
	return use;
}

static void join(struct work_use *into, struct work_use other)
{
	into->known |= other.known;
	into->reached |= other.reached;
	into->surely |= other.surely;
	into->uses |= other.uses;
	into->sends |= other.sends;
	into->leaves |= other.leaves;
	into->open_at_yield |= other.open_at_yield;
	into->waits |= other.waits;
}

/* May the operand be the resource, or an object that holds it, when the event is reached? */
static bool may_be(struct arena *scratch, const struct function *fn, uint32_t event,
                   const struct loan *loan, uint32_t r)
{
	slot_id slot = plan_slot(&fn->plan, loan->operand);
	if (slot == SLOT_NONE)
		return false;
	for (const struct disjunct *d = solution_at(scratch, &fn->solution, event, false);
	     d != NULL; d = d->next) {
		struct value v = d->values[slot];
		if (((loan->through_object ? v.holds : v.is) & (1u << r)) != 0)
			return true;
	}
	return false;
}

struct work_use work_use_of(struct arena *scratch, const struct program *program,
                            const struct function *fn, const struct work *w, uint32_t r)
{
	struct work_use use = {.reached = false};
	for (uint32_t i = 0; i < w->loan_count; i++)
		if (may_be(scratch, fn, w->event, &w->loans[i], r))
			join(&use, use_of_loan(scratch, program, w, &w->loans[i]));
	return use;
}

/* ---- all that a response runs ---------------------------------------------------------- */

struct looker {
	struct arena *scratch;
	const struct program *program;
	const struct function *fn;
	uint32_t resource;
	ref seen[STREAM_STEPS_MAX];
	uint32_t count;
	struct work_use use;
};

static void push(struct looker *l, ref value)
{
	if (ref_kind(value) != REF_KIND_TEMP && ref_kind(value) != REF_KIND_PLACE)
		return;
	for (uint32_t i = 0; i < l->count; i++)
		if (l->seen[i] == value)
			return;
	if (l->count < STREAM_STEPS_MAX)
		l->seen[l->count++] = value;
}

static void push_stores(struct looker *l, ref place)
{
	const struct cfg *cfg = &l->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_ASSIGN && cfg->events[i].a == place)
			push(l, cfg->events[i].b);
}

static void push_operands(struct looker *l, uint32_t event)
{
	const struct event *e = &l->fn->cfg.events[event];
	push(l, e->a);
	for (uint32_t i = 0; i < e->arg_count; i++)
		push(l, l->fn->cfg.args[e->first_arg + i].value);
}

static void look_at_works(struct looker *l, uint32_t event)
{
	for (uint32_t i = 0; i < l->fn->work_count; i++)
		if (l->fn->works[i].event == event && l->fn->works[i].kind == WORK_DEFERRED)
			join(&l->use, work_use_of(l->scratch, l->program, l->fn, &l->fn->works[i],
			                          l->resource));
}

/* Does what was made there hold on to the resource, however it got there? */
static bool holds(struct looker *l, uint32_t event)
{
	slot_id slot = plan_slot(&l->fn->plan, REF_TEMP(event));
	for (const struct disjunct *d =
	             slot == SLOT_NONE ? NULL
	                               : solution_at(l->scratch, &l->fn->solution, event, true);
	     d != NULL; d = d->next)
		if (((d->values[slot].is | d->values[slot].holds) & (1u << l->resource)) != 0)
			return true;
	return false;
}

struct work_use stream_use_of(struct arena *scratch, const struct program *program,
                              const struct function *fn, uint32_t event, uint32_t r)
{
	struct looker l = {.scratch = scratch, .program = program, .fn = fn, .resource = r};
	push(&l, REF_TEMP(event));
	for (uint32_t i = 0; i < l.count; i++) {
		if (ref_kind(l.seen[i]) == REF_KIND_PLACE) {
			push_stores(&l, l.seen[i]);
			continue;
		}
		look_at_works(&l, ref_index(l.seen[i]));
		push_operands(&l, ref_index(l.seen[i]));
	}
	if (!l.use.reached && holds(&l, event))
		l.use = not_known;
	return l.use;
}

/* ---- generators that are not read to their end ---------------------------------------------- */

struct thrown {
	struct arena *scratch;
	const struct function *fn;
	uint32_t resource;
	bool left;
};

static void follow_thrown(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct thrown *t = arg;
	struct solution from;
	if (edge != EDGE_RAISE || t->left)
		return;
	solve_from(t->scratch, &t->fn->plan, to, d, &from);
	for (uint32_t i = 0; i < t->fn->exit_count && !t->left; i++)
		t->left = states_left(solution_states(t->scratch, &from, t->fn->exits[i].event,
		                                      false, t->resource)) != 0;
}

bool yield_leaves(struct arena *scratch, const struct function *fn, uint32_t yield, uint32_t r)
{
	struct thrown t = {.scratch = scratch, .fn = fn, .resource = r};
	struct solve_bounds ignored = {0};
	block_id block = cfg_block_of(&fn->cfg, yield);
	for (struct disjunct *d = fn->solution.at_entry[block]; d != NULL; d = d->next)
		solve_block(scratch, &fn->plan, block, d, &ignored, follow_thrown, &t);
	return t.left;
}
