/*
 * lower_branch.c - conditions. Where a condition decides a branch, `and`, `or`, `not`,
 * chained comparisons and conditional expressions become branches themselves;
 * where it is used as a value, the values meet in a BUILD_CHOICE.
 */
#include "flow/lower_internal.h"

#include <stb/stb_ds.h>

void lower_test(struct lower *l, struct event e, bool negated, block_id yes, block_id no)
{
	e.kind = EV_TEST;
	e.flags &= (uint16_t)~EVF_NEGATED;
	build_event(&l->build, e);
	build_edge(&l->build, EDGE_NEXT, negated ? no : yes);
	build_edge(&l->build, EDGE_FALSE, negated ? yes : no);
	build_end(&l->build);
}

/* ---- one comparison -------------------------------------------------------------------------- */

static bool is_fixed(ref r)
{
	return ref_kind(r) == REF_KIND_CONST || ref_kind(r) == REF_KIND_TEXT;
}

/* Fills op, a, b and EVF_NEGATED for `a TOKEN b`. A constant comes to stand on the right. */
static void compare(struct event *e, enum ast_token token, ref a, ref b)
{
	bool equality = token == TOKEN_IS || token == TOKEN_IS_NOT || token == TOKEN_EQUAL ||
	                token == TOKEN_NOT_EQUAL;
	bool swap = equality && is_fixed(a) && !is_fixed(b);

	e->op = token == TOKEN_IS || token == TOKEN_IS_NOT ? OP_SAME : OP_OTHER;
	e->a = swap ? b : a;
	e->b = swap ? a : b;
	if (equality && is_fixed(e->b))
		e->op = e->b == REF_CONST(CONST_NONE) ? OP_IS_NONE : OP_EQUAL;
	if (e->op == OP_IS_NONE)
		e->b = REF_NONE;
	/* `a is not b` of unknown things is the negation of `a is b` all the same. */
	if (token == TOKEN_IS_NOT || token == TOKEN_NOT_EQUAL || token == TOKEN_NOT_IN)
		e->flags |= EVF_NEGATED;
}

bool lower_is_instance(struct lower *l, uint32_t call, struct event *e)
{
	uint32_t callee = next_child(l, call, 0);
	uint32_t a = callee == 0 ? 0 : next_child(l, call, callee);
	uint32_t b = a == 0 ? 0 : next_child(l, call, a);

	if (node_kind(l, call) != AST_CALL || b == 0 || next_child(l, call, b) != 0 ||
	    node_kind(l, callee) != AST_NAME || l->nodes[callee].name != l->isinstance ||
	    lower_name(l, l->isinstance).root_kind != PLACE_GLOBAL)
		return false;
	e->op = OP_IS_INSTANCE;
	e->a = lower_value(l, a);
	e->b = lower_value(l, b);
	return true;
}

/* ---- values ------------------------------------------------------------------------------------- */

/* `not` in front of something, as often as it stands there. */
static uint32_t strip_not(const struct lower *l, uint32_t node, bool *negated)
{
	while (node != 0 && node_kind(l, node) == AST_NOT) {
		*negated = !*negated;
		node = next_child(l, node, 0);
	}
	return node;
}

/* a < b < c as a value: each comparison is made only if those before it held. */
static ref chained_value(struct lower *l, uint32_t node)
{
	block_id join = build_block(&l->build);
	uint32_t mark = (uint32_t)arrlenu(l->args);
	uint32_t k = next_child(l, node, 0);
	ref left = lower_value(l, k);

	for (k = next_child(l, node, k); k != 0;) {
		struct event e = {.kind = EV_COMPARE, .span = node_span(l, node)};
		ref right = lower_value(l, k);
		compare(&e, (enum ast_token)l->nodes[k].lead, left, right);
		left = right;
		e.a = build_temp(build_event(&l->build, e));
		lower_push_arg(l, e.a, NAME_NONE, 0);
		k = next_child(l, node, k);
		if (k == 0)
			break;
		block_id next = build_block(&l->build);
		e = (struct event){.op = OP_TRUTH, .span = e.span, .a = e.a};
		lower_test(l, e, false, next, join);
		build_start(&l->build, next);
	}
	build_jump(&l->build, join);
	build_start(&l->build, join);
	return lower_build(l, BUILD_CHOICE, node_span(l, node), mark);
}

static bool is_chained(const struct lower *l, uint32_t node)
{
	return ast_child(l->ast, node, 2) != 0;
}

/* The truth of a condition as a value, or its negation. */
static ref truth_of(struct lower *l, uint32_t node, bool negated)
{
	struct event e = {.kind = EV_COMPARE, .span = node_span(l, node)};
	uint32_t inner = strip_not(l, node, &negated);

	if (inner == 0)
		return REF_NONE;
	if (node_kind(l, inner) == AST_COMPARISON && !is_chained(l, inner)) {
		uint32_t first = next_child(l, inner, 0), second = next_child(l, inner, first);
		if (first == 0 || second == 0)
			return REF_NONE;
		ref a = lower_value(l, first);
		compare(&e, (enum ast_token)l->nodes[second].lead, a, lower_value(l, second));
	} else if (!lower_is_instance(l, inner, &e)) {
		e.op = OP_TRUTH;
		e.a = node_kind(l, inner) == AST_COMPARISON ? chained_value(l, inner)
		                                            : lower_value(l, inner);
		if (!negated)
			return e.a;
	}
	if (negated)
		e.flags ^= EVF_NEGATED;
	return build_temp(build_event(&l->build, e));
}

ref lower_comparison(struct lower *l, uint32_t node)
{
	return truth_of(l, node, false);
}

/* The operands of a left-nested chain of one operator, last one first, onto the spine. */
static enum ast_token push_operands(struct lower *l, uint32_t node)
{
	uint32_t left = next_child(l, node, 0);
	uint32_t right = left == 0 ? 0 : next_child(l, node, left);
	enum ast_token token = right == 0 ? TOKEN_OR : (enum ast_token)l->nodes[right].lead;

	for (;;) {
		if (right != 0)
			arrput(l->spine, right);
		if (left == 0 || node_kind(l, left) != AST_BOOLEAN)
			break;
		uint32_t inner = next_child(l, left, 0);
		uint32_t inner_right = inner == 0 ? 0 : next_child(l, left, inner);
		if (inner_right == 0 || l->nodes[inner_right].lead != token)
			break;
		left = inner;
		right = inner_right;
	}
	if (left != 0)
		arrput(l->spine, left);
	return token;
}

ref lower_boolean(struct lower *l, uint32_t node)
{
	uint32_t spine = (uint32_t)arrlenu(l->spine), mark = (uint32_t)arrlenu(l->args);
	bool is_or = push_operands(l, node) == TOKEN_OR;
	block_id join = build_block(&l->build);

	while (arrlenu(l->spine) > spine) {
		uint32_t operand = arrpop(l->spine);
		struct event e = {.op = OP_TRUTH, .span = node_span(l, operand)};
		e.a = lower_value(l, operand);
		lower_push_arg(l, e.a, NAME_NONE, 0);
		if (arrlenu(l->spine) == spine)
			break;
		block_id next = build_block(&l->build);
		lower_test(l, e, is_or, next, join);
		build_start(&l->build, next);
	}
	build_jump(&l->build, join);
	build_start(&l->build, join);
	return lower_build(l, BUILD_CHOICE, node_span(l, node), mark);
}

/* `True if c else False`, or the other way round: c itself, or its negation. */
static bool is_truth_of_condition(const struct lower *l, uint32_t node, bool *negated)
{
	uint32_t yes = next_child(l, node, 0), no = ast_child(l->ast, node, 2);

	if (yes == 0 || no == 0)
		return false;
	*negated = node_kind(l, yes) == AST_FALSE;
	return (node_kind(l, yes) == AST_TRUE && node_kind(l, no) == AST_FALSE) ||
	       (*negated && node_kind(l, no) == AST_TRUE);
}

ref lower_conditional(struct lower *l, uint32_t node)
{
	bool negated;

	if (is_truth_of_condition(l, node, &negated))
		return truth_of(l, ast_child(l->ast, node, 1), negated);
	uint32_t mark = (uint32_t)arrlenu(l->args);
	block_id join = build_block(&l->build);
	uint32_t at = node;
	while (at != 0 && node_kind(l, at) == AST_CONDITIONAL) {
		uint32_t value = next_child(l, at, 0);
		uint32_t condition = value == 0 ? 0 : next_child(l, at, value);
		if (condition == 0)
			break;
		block_id yes = build_block(&l->build), no = build_block(&l->build);
		lower_branch(l, condition, yes, no);
		if (build_start(&l->build, yes))
			lower_push_arg(l, lower_value(l, value), NAME_NONE, 0);
		build_jump(&l->build, join);
		at = next_child(l, at, condition);
		build_start(&l->build, no);
	}
	if (at != 0 && l->build.current != BLOCK_NONE)
		lower_push_arg(l, lower_value(l, at), NAME_NONE, 0);
	build_jump(&l->build, join);
	build_start(&l->build, join);
	return lower_build(l, BUILD_CHOICE, node_span(l, node), mark);
}

/* ---- branches --------------------------------------------------------------------------------------- */

static void branch_boolean(struct lower *l, uint32_t node, block_id yes, block_id no)
{
	uint32_t spine = (uint32_t)arrlenu(l->spine);
	bool is_or = push_operands(l, node) == TOKEN_OR;

	while (arrlenu(l->spine) > spine) {
		uint32_t operand = arrpop(l->spine);
		if (arrlenu(l->spine) == spine) {
			lower_branch(l, operand, yes, no);
			break;
		}
		block_id next = build_block(&l->build);
		lower_branch(l, operand, is_or ? yes : next, is_or ? next : no);
		build_start(&l->build, next);
	}
}

static void branch_comparison(struct lower *l, uint32_t node, block_id yes, block_id no)
{
	uint32_t k = next_child(l, node, 0);
	ref left = lower_value(l, k);

	for (k = k == 0 ? 0 : next_child(l, node, k); k != 0 && l->build.current != BLOCK_NONE;) {
		struct event e = {.span = node_span(l, node)};
		ref right = lower_value(l, k);
		compare(&e, (enum ast_token)l->nodes[k].lead, left, right);
		left = right;
		k = next_child(l, node, k);
		block_id next = k == 0 ? yes : build_block(&l->build);
		lower_test(l, e, (e.flags & EVF_NEGATED) != 0, next, no);
		if (k != 0)
			build_start(&l->build, next);
	}
}

/* if-else as a condition: each value decides for itself. */
static void branch_conditional(struct lower *l, uint32_t node, block_id yes, block_id no)
{
	uint32_t value = next_child(l, node, 0);
	uint32_t condition = value == 0 ? 0 : next_child(l, node, value);
	uint32_t other = condition == 0 ? 0 : next_child(l, node, condition);
	block_id first = build_block(&l->build), second = build_block(&l->build);

	lower_branch(l, condition, first, second);
	if (build_start(&l->build, first))
		lower_branch(l, value, yes, no);
	if (build_start(&l->build, second))
		lower_branch(l, other, yes, no);
}

/* `while True`, `if 0`: 1 always, 0 never, -1 not known. */
static int fixed_truth(const struct lower *l, uint32_t node)
{
	switch (node_kind(l, node)) {
	case AST_TRUE: return 1;
	case AST_FALSE: return 0;
	case AST_NUMBER: {
		struct str text = ast_text(l->ast, &l->nodes[node]);
		return str_is(text, "1") ? 1 : str_is(text, "0") ? 0 : -1;
	}
	default: return -1;
	}
}

static void branch_value(struct lower *l, uint32_t node, block_id yes, block_id no)
{
	struct event e = {.op = OP_TRUTH, .span = node_span(l, node)};
	int truth = fixed_truth(l, node);

	if (truth >= 0) {
		build_jump(&l->build, truth ? yes : no);
		return;
	}
	if (!lower_is_instance(l, node, &e))
		e.a = lower_value(l, node);
	lower_test(l, e, false, yes, no);
}

void lower_branch(struct lower *l, uint32_t node, block_id yes, block_id no)
{
	bool negated = false;

	node = strip_not(l, node, &negated);
	if (negated) {
		block_id other = yes;
		yes = no;
		no = other;
	}
	if (l->build.current == BLOCK_NONE)
		return;
	if (node == 0 || l->nesting >= LOWER_DEPTH_MAX) {
		struct event e = {.op = OP_OTHER};
		if (node != 0)
			lower_unmodelled(l, UNMODELLED_DEPTH, node_span(l, node));
		lower_test(l, e, false, yes, no);
		return;
	}
	l->nesting++;
	switch (node_kind(l, node)) {
	case AST_BOOLEAN: branch_boolean(l, node, yes, no); break;
	case AST_COMPARISON: branch_comparison(l, node, yes, no); break;
	case AST_CONDITIONAL: branch_conditional(l, node, yes, no); break;
	default: branch_value(l, node, yes, no); break;
	}
	l->nesting--;
}
