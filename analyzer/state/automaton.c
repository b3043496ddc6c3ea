/*
 * automaton.c - effects as tables over the 48 states, computed once from the
 * measured facts of one operation on one state.
 */
#include "state/automaton.h"

#include <pthread.h>
#include <stdlib.h>

unsigned state_index(struct state s)
{
	return ((unsigned)s.phase * ENDED_COUNT + (unsigned)s.ended) * 2u + (s.closed ? 1u : 0u);
}

struct state state_at(unsigned index)
{
	return (struct state){
		.phase = (enum phase)(index / (ENDED_COUNT * 2u)),
		.ended = (enum ended)(index / 2u % ENDED_COUNT),
		.closed = index % 2u != 0,
	};
}

state_set states_fresh(void)
{
	return state_bit((struct state){PHASE_IDLE, ENDED_NOT, false});
}

static struct state with_phase(struct state s, enum phase phase)
{
	s.phase = phase;
	return s;
}

/* A failed transaction stays failed until it is rolled back or closed. */
static enum phase phase_after_statement(enum phase p)
{
	switch (p) {
	case PHASE_IDLE:
	case PHASE_HELD:
	case PHASE_OPEN: return PHASE_OPEN;
	case PHASE_PENDING: /* autoflush sends what is pending first */
	case PHASE_DIRTY: return PHASE_DIRTY;
	case PHASE_FAILED: return PHASE_FAILED;
	case PHASE_COUNT: break;
	}
	abort();
}

static enum phase phase_after_write(enum phase p)
{
	switch (p) {
	case PHASE_IDLE:
	case PHASE_PENDING: return PHASE_PENDING;
	case PHASE_HELD:
	case PHASE_OPEN:
	case PHASE_DIRTY: return PHASE_DIRTY;
	case PHASE_FAILED: return PHASE_FAILED;
	case PHASE_COUNT: break;
	}
	abort();
}

/* How transactions have ended when the next one ends like this. */
static enum ended ended_after(enum ended before, enum ended how)
{
	bool committed = before == ENDED_COMMITTED || before == ENDED_LATER_ROLLED_BACK;
	if (how == ENDED_NOT)
		return before;
	return how == ENDED_ROLLED_BACK && committed ? ENDED_LATER_ROLLED_BACK : how;
}

/* Commit and rollback give a Session's connection back, but not a Connection's own (runtime.md 1.1). */
static struct state end_transaction(enum holding holding, struct state s, enum ended how)
{
	bool keeps = holding == HOLDING_CONNECTION && s.phase != PHASE_IDLE;
	return (struct state){keeps ? PHASE_HELD : PHASE_IDLE, ended_after(s.ended, how), s.closed};
}

static state_set after_one(enum holding holding, enum operation op, struct state s)
{
	switch (op) {
	case DO_NOTHING: return state_bit(s);
	case DO_ACQUIRE: return state_bit(with_phase(s, PHASE_HELD));
	case DO_STATEMENT: return state_bit(with_phase(s, phase_after_statement(s.phase)));
	case DO_WRITE: return state_bit(with_phase(s, phase_after_write(s.phase)));
	case DO_FLUSH:
		return state_bit(with_phase(
			s, s.phase == PHASE_PENDING ? PHASE_DIRTY : phase_after_statement(s.phase)));
	case DO_COMMIT: return state_bit(end_transaction(holding, s, ENDED_COMMITTED));
	case DO_ROLLBACK: return state_bit(end_transaction(holding, s, ENDED_ROLLED_BACK));
	case DO_CLOSE: return state_bit((struct state){PHASE_IDLE, s.ended, true});
	case DO_FAIL: return state_bit(with_phase(s, PHASE_FAILED));
	case DO_SURVIVE:
		return state_bit(with_phase(s, s.phase == PHASE_FAILED ? PHASE_OPEN : s.phase));
	case DO_MAY_STATEMENT: return state_bit(s) | after_one(holding, DO_STATEMENT, s);
	case DO_MAY_FAIL:
		return after_one(holding, DO_MAY_STATEMENT, s) | after_one(holding, DO_FAIL, s);
	case OPERATION_COUNT: break;
	}
	abort();
}

static bool has_property(struct state s, enum property p)
{
	switch (p) {
	case IS_HOLDING: return s.phase >= PHASE_HELD;
	case IS_OPEN: return s.phase >= PHASE_OPEN;
	case IS_FAILED: return s.phase == PHASE_FAILED;
	case IS_COMMITTED: return s.ended == ENDED_COMMITTED;
	case HAS_COMMITTED: return s.ended == ENDED_COMMITTED || s.ended == ENDED_LATER_ROLLED_BACK;
	case IS_ROLLED_BACK: return s.ended == ENDED_ROLLED_BACK && s.phase == PHASE_IDLE;
	case IS_TRANSACTION_ENDED: return s.ended != ENDED_NOT;
	case IS_ENDED: return s.ended != ENDED_NOT || s.closed;
	case IS_CLOSED: return s.closed;
	case IS_TOUCHED: return s.phase != PHASE_IDLE || s.ended != ENDED_NOT || s.closed;
	case PROPERTY_COUNT: break;
	}
	abort();
}

/* after[holding][operation][state] and the states that have a property; filled once, then read-only. */
static state_set after[2][OPERATION_COUNT][STATE_COUNT];
static state_set having[PROPERTY_COUNT];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void fill_tables(void)
{
	for (unsigned h = 0; h < 2; h++)
		for (unsigned op = 0; op < OPERATION_COUNT; op++)
			for (unsigned i = 0; i < STATE_COUNT; i++)
				after[h][op][i] = after_one((enum holding)h, (enum operation)op,
				                            state_at(i));
	for (unsigned p = 0; p < PROPERTY_COUNT; p++)
		for (unsigned i = 0; i < STATE_COUNT; i++)
			if (has_property(state_at(i), (enum property)p))
				having[p] |= (state_set)1 << i;
}

/* Is it still, or from now on, unsure what was done to the resource? Ending the transaction settles that. */
static state_set unsure_after(enum operation op, state_set from)
{
	switch (op) {
	case DO_MAY_STATEMENT:
	case DO_MAY_FAIL: return from != 0 ? STATES_UNSURE : 0;
	case DO_ACQUIRE:
	case DO_COMMIT:
	case DO_ROLLBACK: return 0;
	case DO_CLOSE: /* it may have been committed before */
	case DO_NOTHING:
	case DO_STATEMENT:
	case DO_WRITE:
	case DO_FLUSH:
	case DO_FAIL:
	case DO_SURVIVE: return from & STATES_UNSURE;
	case OPERATION_COUNT: break;
	}
	abort();
}

state_set states_after(enum holding holding, enum operation op, state_set from)
{
	state_set to = (from & STATES_GONE) | unsure_after(op, from);
	pthread_once(&tables_once, fill_tables);
	for (from &= ~(STATES_GONE | STATES_UNSURE); from != 0; from &= from - 1)
		to |= after[holding][op][__builtin_ctzll(from)];
	return to;
}

/* The phase after a path that ended nothing and would have left a fresh resource in phase 'done'. */
static enum phase phase_through(enum phase done, enum phase from)
{
	switch (done) {
	case PHASE_IDLE: return from;
	case PHASE_PENDING: return phase_after_write(from);
	case PHASE_HELD: return from == PHASE_IDLE || from == PHASE_PENDING ? PHASE_HELD : from;
	case PHASE_OPEN: return phase_after_statement(from);
	case PHASE_DIRTY: return phase_after_write(phase_after_statement(from));
	case PHASE_FAILED: return PHASE_FAILED;
	case PHASE_COUNT: break;
	}
	abort();
}

static struct state state_through(enum holding holding, struct state done, struct state from)
{
	bool ends = done.ended != ENDED_NOT || done.closed;
	struct state to = {.closed = from.closed || done.closed};
	to.ended = ended_after(from.ended, done.ended);
	to.phase = ends ? done.phase : phase_through(done.phase, from.phase);
	/* ending a transaction gives a Connection that the caller holds back to nobody */
	if (ends && !done.closed && holding == HOLDING_CONNECTION && to.phase == PHASE_IDLE &&
	    from.phase >= PHASE_HELD)
		to.phase = PHASE_HELD;
	return to;
}

state_set states_through(enum holding holding, state_set done, state_set from)
{
	state_set to = (done | from) & STATES_GONE;
	if (from != 0 && (done & STATES_UNSURE) != 0)
		to |= STATES_UNSURE;
	else if (!states_must(done, IS_TRANSACTION_ENDED))
		to |= from & STATES_UNSURE;
	from &= ~(STATES_GONE | STATES_UNSURE);
	for (done &= ~(STATES_GONE | STATES_UNSURE); done != 0; done &= done - 1)
		for (state_set f = from; f != 0; f &= f - 1)
			to |= state_bit(state_through(holding,
			                              state_at((unsigned)__builtin_ctzll(done)),
			                              state_at((unsigned)__builtin_ctzll(f))));
	return to;
}

bool states_may(state_set s, enum property p)
{
	pthread_once(&tables_once, fill_tables);
	return (s & having[p]) != 0;
}

state_set states_having(state_set s, enum property p)
{
	pthread_once(&tables_once, fill_tables);
	return s & having[p];
}

bool states_must(state_set s, enum property p)
{
	pthread_once(&tables_once, fill_tables);
	return s != 0 && (s & ~(having[p] | STATES_UNSURE)) == 0;
}

state_set states_left(state_set s)
{
	state_set left = 0;
	for (; s != 0; s &= s - 1) {
		state_set one = s & (~s + 1);
		if (states_may(one, IS_OPEN) && !states_may(one, IS_ENDED))
			left |= one;
	}
	return left;
}

static const char *const phase_text[] = {"idle", "pending", "held", "open", "dirty", "failed"};
static const char *const ended_text[] = {"", "/committed", "/rolled-back",
                                         "/committed, rolled-back"};

struct str states_text(struct arena *scratch, state_set s)
{
	struct str text = STR_EMPTY;
	for (; s != 0; s &= s - 1) {
		state_set lowest = s & (~s + 1);
		if (lowest >= STATES_GONE) {
			text = arena_printf(scratch, "%.*s%s%s", STR_ARG(text), text.len ? " " : "",
			                    lowest == STATES_GONE ? "gone" : "unsure");
			continue;
		}
		struct state one = state_at((unsigned)__builtin_ctzll(s));
		text = arena_printf(scratch, "%.*s%s%s%s%s", STR_ARG(text), text.len ? " " : "",
		                    phase_text[one.phase], ended_text[one.ended],
		                    one.closed ? "/closed" : "");
	}
	return text;
}
