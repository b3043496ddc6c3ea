/*
 * automaton.h - the states of one resource and the effects that move it
 * between them. A state is a point of three independent dimensions:
 *
 *   phase   what is held: nothing, unsent writes only, a connection without a
 *           transaction, an open transaction, an open one with writes, a failed one
 *   ended   how the last transaction ended: not yet, committed, rolled back, rolled back after
 *           an earlier one was committed
 *   closed  whether close() has been called; not terminal: a use re-opens
 *
 * 6 * 4 * 2 = 48 states, so a set of states is one 64-bit word, join is `|`,
 * zero is bottom (not reached, or not acquired yet). What really happens at
 * each operation was measured: docs/oracle and rules/protocols say where.
 */
#ifndef IDLETX_STATE_AUTOMATON_H
#define IDLETX_STATE_AUTOMATON_H

#include "base/base.h"

enum phase {
	PHASE_IDLE,
	PHASE_PENDING,
	PHASE_HELD,
	PHASE_OPEN,
	PHASE_DIRTY,
	PHASE_FAILED,
	PHASE_COUNT
};
enum ended { ENDED_NOT, ENDED_COMMITTED, ENDED_ROLLED_BACK, ENDED_LATER_ROLLED_BACK, ENDED_COUNT };

#define STATE_COUNT (PHASE_COUNT * ENDED_COUNT * 2)

typedef uint64_t state_set;

/* One state more: somebody else owns it now. Nothing changes it, and it has no property. */
#define STATES_GONE ((state_set)1 << STATE_COUNT)

/*
 * A mark on the other states: somebody who was not read has had the resource since its last transaction was
 * ended, and may have ended one as well. Never alone in a set, and without property: a question about states does not see it.
 */
#define STATES_UNSURE ((state_set)1 << (STATE_COUNT + 1))

struct state {
	enum phase phase;
	enum ended ended;
	bool closed;
};

unsigned state_index(struct state s);
struct state state_at(unsigned index);
static inline state_set state_bit(struct state s)
{
	return (state_set)1 << state_index(s);
}

/* A resource that was just made or injected: it holds nothing. */
state_set states_fresh(void);

/* What the elementary operations of a protocol do to one state; rules/protocols name them. */
enum operation {
	DO_NOTHING,
	DO_ACQUIRE,   /* takes a connection, no transaction yet (raw connections, pool slots) */
	DO_STATEMENT, /* the first one takes a connection and opens a transaction */
	DO_WRITE,     /* add(): remembered, not sent */
	DO_FLUSH,     /* sends what is remembered */
	DO_COMMIT,
	DO_ROLLBACK,
	DO_CLOSE,
	DO_FAIL, /* the transaction is aborted; the connection stays out */
	DO_SURVIVE, /* what went wrong was not the database, or a savepoint was rolled back: not aborted */
	DO_MAY_STATEMENT, /* a callee that was given the resource: nothing or a statement */
	DO_MAY_FAIL,      /* the same callee raised: nothing, an open or a failed transaction */
	OPERATION_COUNT,
};

/* Is it a commit, a rollback or a close? */
static inline bool operation_ends(enum operation op)
{
	return op == DO_COMMIT || op == DO_ROLLBACK || op == DO_CLOSE;
}

/* Does commit or rollback give the connection back? (Session: yes. Connection: no.) */
enum holding { HOLDING_TRANSACTION, HOLDING_CONNECTION };

/* The states after 'op' from any state of 'from'. Pure and monotone in 'from'. */
state_set states_after(enum holding holding, enum operation op, state_set from);

/*
 * The states after a callee that, given a fresh resource, would leave it in 'done'. What a path does to a
 * resource is what it does to a fresh one: whatever ends or closes it forgets the state before, and what
 * does not only adds to it. So the effect of a whole function is one set, and this is its application.
 */
state_set states_through(enum holding holding, state_set done, state_set from);

/* What can be asked of a state. */
enum property {
	IS_HOLDING,           /* has a connection, with or without a transaction   */
	IS_OPEN,              /* is in a transaction, a failed one included        */
	IS_FAILED,            /* is in a transaction that the server has aborted   */
	IS_COMMITTED,         /* the last transaction that ended was committed     */
	HAS_COMMITTED,        /* that one, or one before it                        */
	IS_ROLLED_BACK,       /* that, none was committed, and nothing came after   */
	IS_TRANSACTION_ENDED, /* the last transaction was committed or rolled back */
	IS_ENDED,             /* that, or close() was called */
	IS_CLOSED,            /* close() was called                                */
	IS_TOUCHED,           /* a statement may have run, or something was ended  */
	PROPERTY_COUNT,
};

/* Does some state of the set have the property? False for the empty set. */
bool states_may(state_set s, enum property p);

/* The states of the set that have it. */
state_set states_having(state_set s, enum property p);

/* Do all states of the set have it? False for the empty set. */
bool states_must(state_set s, enum property p);

/* Those of the set that are in a transaction which nothing has ended before. */
state_set states_left(state_set s);

/* The state's words, for dumps: "open/committed/closed". */
struct str states_text(struct arena *scratch, state_set s);

#endif
