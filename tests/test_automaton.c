/* test_automaton.c - what was measured on PostgreSQL (runtime.md 1.1), state by state. */
#include "state/automaton.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static state_set one(enum phase phase, enum ended ended, bool closed)
{
	return state_bit((struct state){phase, ended, closed});
}

static state_set run(enum holding holding, const enum operation *ops, size_t count)
{
	state_set s = states_fresh();
	for (size_t i = 0; i < count; i++)
		s = states_after(holding, ops[i], s);
	return s;
}

#define RUN(holding, ...)                                                                          \
	run(holding, (const enum operation[]){__VA_ARGS__},                                        \
	    sizeof((const enum operation[]){__VA_ARGS__}) / sizeof(enum operation))

static const struct {
	const char *what;
	enum operation ops[4];
	size_t count;
	bool held;
} session_case[] = {
	{"a new session holds nothing", {DO_NOTHING}, 1, false},
	{"add alone takes no connection", {DO_WRITE}, 1, false},
	{"a statement takes one", {DO_STATEMENT}, 1, true},
	{"flush sends what was added", {DO_WRITE, DO_FLUSH}, 2, true},
	{"commit gives it back", {DO_STATEMENT, DO_COMMIT}, 2, false},
	{"rollback gives it back", {DO_STATEMENT, DO_ROLLBACK}, 2, false},
	{"close gives it back", {DO_STATEMENT, DO_CLOSE}, 2, false},
	{"flush ends nothing", {DO_STATEMENT, DO_FLUSH}, 2, true},
	{"a statement after commit begins again", {DO_STATEMENT, DO_COMMIT, DO_STATEMENT}, 3, true},
	{"close is not terminal", {DO_CLOSE, DO_STATEMENT}, 2, true},
	{"a failed commit keeps it", {DO_STATEMENT, DO_FAIL}, 2, true},
	{"rollback after a failure gives it back", {DO_STATEMENT, DO_FAIL, DO_ROLLBACK}, 3, false},
};

static void a_session_holds_what_was_measured(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(session_case); i++) {
		state_set s = run(HOLDING_TRANSACTION, session_case[i].ops, session_case[i].count);
		if (states_may(s, IS_HOLDING) != session_case[i].held)
			fail_msg("%s", session_case[i].what);
	}
}

static void commit_on_a_connection_keeps_it_out_of_the_pool(void **state)
{
	(void)state;
	state_set s = RUN(HOLDING_CONNECTION, DO_ACQUIRE, DO_STATEMENT, DO_COMMIT);
	assert_true(states_must(s, IS_HOLDING));
	assert_false(states_may(s, IS_OPEN));
	assert_false(states_may(states_after(HOLDING_CONNECTION, DO_CLOSE, s), IS_HOLDING));
}

static void a_failed_transaction_stays_failed_until_it_is_ended(void **state)
{
	(void)state;
	state_set s = RUN(HOLDING_TRANSACTION, DO_STATEMENT, DO_FAIL, DO_STATEMENT, DO_WRITE);
	assert_true(states_must(s, IS_FAILED));
}

static void a_callee_may_or_may_not_run_a_statement(void **state)
{
	(void)state;
	state_set s = RUN(HOLDING_TRANSACTION, DO_MAY_STATEMENT);
	assert_true(states_may(s, IS_OPEN));
	assert_false(states_must(s, IS_OPEN));
}

static void all_states_have_their_own_index(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STATE_COUNT; i++)
		assert_int_equal(state_index(state_at(i)), i);
}

static void the_empty_set_has_no_property(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PROPERTY_COUNT; p++) {
		assert_false(states_may(0, (enum property)p));
		assert_false(states_must(0, (enum property)p));
	}
}

/* Transfer distributes over join, which is more than monotone, so the fixpoint is exact. */
static void transfer_distributes_over_join(void **state)
{
	(void)state;
	for (unsigned op = 0; op < OPERATION_COUNT; op++)
		for (unsigned i = 0; i < STATE_COUNT; i++)
			for (unsigned k = 0; k < STATE_COUNT; k++) {
				state_set a = (state_set)1 << i, b = (state_set)1 << k;
				enum operation o = (enum operation)op;
				assert_true(states_after(HOLDING_TRANSACTION, o, a | b) ==
				            (states_after(HOLDING_TRANSACTION, o, a) |
				             states_after(HOLDING_TRANSACTION, o, b)));
			}
}

static void every_operation_leads_somewhere(void **state)
{
	(void)state;
	for (unsigned op = 0; op < OPERATION_COUNT; op++)
		for (unsigned i = 0; i < STATE_COUNT; i++)
			assert_true(states_after(HOLDING_CONNECTION, (enum operation)op,
			                         (state_set)1 << i) != 0);
}

static void closed_and_committed_are_remembered_apart(void **state)
{
	(void)state;
	state_set s = RUN(HOLDING_TRANSACTION, DO_STATEMENT, DO_COMMIT, DO_CLOSE);
	assert_true(s == one(PHASE_IDLE, ENDED_COMMITTED, true));
}

static void a_commit_is_remembered_when_the_next_transaction_is_rolled_back(void **state)
{
	(void)state;
	state_set s = RUN(HOLDING_TRANSACTION, DO_STATEMENT, DO_COMMIT, DO_STATEMENT, DO_ROLLBACK);
	assert_false(states_may(s, IS_COMMITTED));
	assert_true(states_must(s, HAS_COMMITTED));
	assert_false(states_may(s, IS_ROLLED_BACK));
	s = RUN(HOLDING_TRANSACTION, DO_STATEMENT, DO_ROLLBACK);
	assert_true(states_must(s, IS_ROLLED_BACK));
	s = states_through(HOLDING_TRANSACTION, s, RUN(HOLDING_TRANSACTION, DO_COMMIT));
	assert_true(states_must(s, HAS_COMMITTED));
}

static void a_callee_that_was_not_read_leaves_a_doubt_that_ending_settles(void **state)
{
	(void)state;
	state_set s = RUN(HOLDING_TRANSACTION, DO_STATEMENT, DO_MAY_STATEMENT);
	assert_true((s & STATES_UNSURE) != 0);
	assert_true(states_must(s, IS_OPEN));
	state_set done = states_after(HOLDING_TRANSACTION, DO_ROLLBACK, s);
	assert_true((states_after(HOLDING_TRANSACTION, DO_CLOSE, s) & STATES_UNSURE) != 0);
	assert_true((done & STATES_UNSURE) == 0);
	assert_true((states_through(HOLDING_TRANSACTION, s, states_fresh()) & STATES_UNSURE) != 0);
	assert_true((states_through(HOLDING_TRANSACTION, done, s) & STATES_UNSURE) == 0);
	assert_true((states_through(HOLDING_TRANSACTION, states_fresh(), s) & STATES_UNSURE) != 0);
	assert_true(states_after(HOLDING_TRANSACTION, DO_MAY_STATEMENT, 0) == 0);
}

static void a_savepoint_keeps_the_transaction_alive(void **state)
{
	(void)state;
	state_set s = RUN(HOLDING_TRANSACTION, DO_STATEMENT, DO_FAIL, DO_SURVIVE);
	assert_true(states_must(s, IS_OPEN));
	assert_false(states_may(s, IS_FAILED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_holds_what_was_measured),
		cmocka_unit_test(commit_on_a_connection_keeps_it_out_of_the_pool),
		cmocka_unit_test(a_failed_transaction_stays_failed_until_it_is_ended),
		cmocka_unit_test(a_callee_may_or_may_not_run_a_statement),
		cmocka_unit_test(all_states_have_their_own_index),
		cmocka_unit_test(the_empty_set_has_no_property),
		cmocka_unit_test(transfer_distributes_over_join),
		cmocka_unit_test(every_operation_leads_somewhere),
		cmocka_unit_test(closed_and_committed_are_remembered_apart),
		cmocka_unit_test(a_commit_is_remembered_when_the_next_transaction_is_rolled_back),
		cmocka_unit_test(a_callee_that_was_not_read_leaves_a_doubt_that_ending_settles),
		cmocka_unit_test(a_savepoint_keeps_the_transaction_alive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
