/* test_verify.c - cfg_verify accepts a graph as cfg.h describes it, and finds each fault in one. */
#include "flow/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/*
 * def f(x): t = g(x); if t: return t
 *
 *   b0: t0 = call g(x)      -> b1, raise b4
 *   b1: t = t0; test t      -> true b2, false b3
 *   b2: return t; leave
 *   b3: leave
 *   b4: leave
 */
struct graph {
	struct event events[8];
	struct arg args[1];
	struct place places[4];
	struct block blocks[5];
	struct cfg cfg;
};

static void graph_init(struct graph *g)
{
	*g = (struct graph){
		.events = {{.kind = EV_CALL, .a = REF_PLACE(0), .arg_count = 1},
	                   {.kind = EV_ASSIGN, .a = REF_PLACE(2), .b = REF_TEMP(0)},
	                   {.kind = EV_TEST, .op = OP_TRUTH, .a = REF_PLACE(2)},
	                   {.kind = EV_RETURN, .a = REF_PLACE(2)},
	                   {.kind = EV_LEAVE, .op = LEAVE_RETURN, .a = REF_PLACE(2)},
	                   {.kind = EV_LEAVE, .op = LEAVE_FALL_OFF},
	                   {.kind = EV_LEAVE, .op = LEAVE_IMPLICIT}},
		.args = {{.value = REF_PLACE(1)}},
		.places = {{.root_kind = PLACE_GLOBAL, .root = 1},
	                   {.root_kind = PLACE_LOCAL, .root = 2},
	                   {.root_kind = PLACE_LOCAL, .root = 3},
	                   {.root_kind = PLACE_TOKEN, .root = 0}},
		.blocks = {{0, 1, {1, BLOCK_NONE, 4}},
	                   {1, 2, {2, 3, BLOCK_NONE}},
	                   {3, 2, {BLOCK_NONE, BLOCK_NONE, BLOCK_NONE}},
	                   {5, 1, {BLOCK_NONE, BLOCK_NONE, BLOCK_NONE}},
	                   {6, 1, {BLOCK_NONE, BLOCK_NONE, BLOCK_NONE}}},
	};
	g->cfg = (struct cfg){g->events, g->args, g->places, g->blocks, 7, 1, 4, 5, 1};
}

static void a_graph_as_described_is_accepted(void **state)
{
	struct graph g;
	const char *why = NULL;

	(void)state;
	graph_init(&g);
	assert_true(cfg_verify(&g.cfg, &why));
	assert_null(why);
}

static void no_block(struct graph *g)
{
	g->cfg.block_count = 0;
}
static void edge_out_of_range(struct graph *g)
{
	g->blocks[0].succ[EDGE_NEXT] = 5;
}
static void call_without_raise(struct graph *g)
{
	g->blocks[0].succ[EDGE_RAISE] = BLOCK_NONE;
}
static void raise_without_cause(struct graph *g)
{
	g->blocks[1].succ[EDGE_RAISE] = 4;
}
static void test_without_false(struct graph *g)
{
	g->blocks[1].succ[EDGE_FALSE] = BLOCK_NONE;
}
static void leave_goes_on(struct graph *g)
{
	g->blocks[3].succ[EDGE_NEXT] = 4;
}
static void stops_without_leave(struct graph *g)
{
	g->events[4].kind = EV_RETURN;
}
static void events_overlap(struct graph *g)
{
	g->blocks[1].first_event = 0;
}
static void events_left_over(struct graph *g)
{
	g->blocks[4].event_count = 0;
}
static void too_many_events(struct graph *g)
{
	g->blocks[4].event_count = 9;
}
static void call_inside_a_block(struct graph *g)
{
	g->events[1].kind = EV_CALL;
}
static void unreachable(struct graph *g)
{
	g->blocks[1].succ[EDGE_FALSE] = 2;
}
static void temp_out_of_range(struct graph *g)
{
	g->events[1].b = REF_TEMP(7);
}
static void temp_without_value(struct graph *g)
{
	g->events[1].b = REF_TEMP(2);
}
static void place_out_of_range(struct graph *g)
{
	g->events[2].a = REF_PLACE(4);
}
static void unknown_constant(struct graph *g)
{
	g->events[2].a = REF_CONST(CONST_ZERO + 1);
}
static void unknown_operand(struct graph *g)
{
	g->events[2].a = 7u << 29;
}
static void none_with_an_index(struct graph *g)
{
	g->events[2].a = 1;
}
static void unknown_kind(struct graph *g)
{
	g->events[2].kind = EV_COUNT;
}
static void unknown_op(struct graph *g)
{
	g->events[2].op = OP_OTHER + 1;
}
static void args_out_of_range(struct graph *g)
{
	g->events[0].first_arg = 1;
}
static void bad_argument(struct graph *g)
{
	g->args[0].value = REF_PLACE(9);
}
static void assigned_to_a_constant(struct graph *g)
{
	g->events[1].a = REF_CONST(CONST_NONE);
}
static void too_many_steps(struct graph *g)
{
	g->places[1].step_count = PLACE_STEPS_MAX + 1;
}
static void token_out_of_range(struct graph *g)
{
	g->places[3].root = 1;
}
static void token_with_steps(struct graph *g)
{
	g->places[3].step_count = 1;
}
static void exit_without_enter(struct graph *g)
{
	g->events[0].kind = EV_EXIT;
}
static void span_backwards(struct graph *g)
{
	g->events[3].span = (struct span){2, 1};
}

static void token_in_no_token_place(struct graph *g)
{
	g->events[1] = (struct event){.kind = EV_TOKEN, .a = REF_PLACE(2)};
}

static void token_test_of_no_token(struct graph *g)
{
	g->events[2].op = OP_TOKEN_IS;
}

static const struct {
	void (*spoil)(struct graph *g);
	const char *why;
} fault_case[] = {
	{no_block, "no entry"},
	{edge_out_of_range, "an edge is out of range"},
	{call_without_raise, "a raise edge without a cause, or a cause without a raise edge"},
	{raise_without_cause, "a raise edge without a cause, or a cause without a raise edge"},
	{test_without_false, "a test without two edges, or two edges without a test"},
	{leave_goes_on, "a block that does not go on, or goes on after its end"},
	{stops_without_leave, "a block that does not go on, or goes on after its end"},
	{events_overlap, "blocks do not follow each other"},
	{events_left_over, "a block that does not go on, or goes on after its end"},
	{too_many_events, "a block is out of range"},
	{call_inside_a_block, "a block goes on after its last event"},
	{unreachable, "a block cannot be reached from those in front of it"},
	{temp_out_of_range, "a temporary is out of range"},
	{temp_without_value, "a temporary names an event without a value"},
	{place_out_of_range, "a place is out of range"},
	{unknown_constant, "an unknown constant"},
	{unknown_operand, "an unknown kind of operand"},
	{none_with_an_index, "an operand of no kind has an index"},
	{unknown_kind, "an unknown kind of event"},
	{unknown_op, "an unknown op"},
	{args_out_of_range, "arguments are out of range"},
	{bad_argument, "a place is out of range"},
	{assigned_to_a_constant, "an assignment to no place"},
	{too_many_steps, "a place with too many steps"},
	{token_out_of_range, "a token is out of range"},
	{token_with_steps, "a token with steps"},
	{token_in_no_token_place, "a token is set in no token place"},
	{token_test_of_no_token, "a token is tested in no token place"},
	{exit_without_enter, "an exit or next without its enter or iter"},
	{span_backwards, "a span ends before it starts"},
};

static void each_fault_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fault_case); i++) {
		struct graph g;
		const char *why = "";
		graph_init(&g);
		fault_case[i].spoil(&g);
		assert_false(cfg_verify(&g.cfg, &why));
		assert_string_equal(why, fault_case[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_graph_as_described_is_accepted),
		cmocka_unit_test(each_fault_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
