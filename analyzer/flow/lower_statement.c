/*
 * lower_statement.c - statements that are no try, with or match: simple ones,
 * branches and loops.
 */
#include "flow/lower_internal.h"

#include <stb/stb_ds.h>

/* The block among the children of a compound statement. */
static uint32_t block_of(const struct lower *l, uint32_t node)
{
	return node == 0 ? 0 : ast_find(l->ast, node, AST_BLOCK);
}

static void lower_optional_block(struct lower *l, uint32_t block)
{
	if (block != 0)
		lower_block(l, block);
}

/* ---- simple statements ---------------------------------------------------------------------- */

static void lower_expression_statement(struct lower *l, uint32_t node)
{
	uint32_t inner = next_child(l, node, 0);

	if (inner == 0)
		return;
	if (next_child(l, node, inner) != 0) {
		(void)lower_value(l, node); /* a, b: a tuple that nobody takes */
		return;
	}
	if (node_kind(l, inner) == AST_ASSIGN || node_kind(l, inner) == AST_AUGMENTED) {
		lower_assignment(l, inner);
		return;
	}
	if (node_kind(l, inner) == AST_ATTRIBUTE) {
		lower_mention(l, inner);
		return;
	}
	ref r = lower_value(l, inner);
	if (ref_kind(r) != REF_KIND_TEMP)
		return;
	struct event *e = &l->build.events[ref_index(r)];
	if (e->kind == EV_CALL || e->kind == EV_YIELD || e->kind == EV_AWAIT)
		e->flags |= EVF_DISCARDED;
}

static void lower_return(struct lower *l, uint32_t node)
{
	struct event e = {.kind = EV_RETURN, .span = node_span(l, node)};
	uint32_t value = next_child(l, node, 0);

	e.a = value == 0 ? REF_CONST(CONST_NONE) : lower_value(l, value);
	build_event(&l->build, e);
	frame_leave(l, (struct way){WAY_RETURN, e.span, e.a, false});
}

/* `raise a, b` of Python 2 is a tuple here, which raises all the same. */
static void lower_raise(struct lower *l, uint32_t node)
{
	struct event e = {.kind = EV_RAISE, .span = node_span(l, node)};
	block_id out = build_block(&l->build);

	for (uint32_t k = next_child(l, node, 0); k != 0; k = next_child(l, node, k)) {
		if (l->nodes[k].lead == TOKEN_FROM)
			e.b = lower_value(l, k);
		else
			e.a = lower_value(l, k);
	}
	build_event(&l->build, e);
	build_edge(&l->build, EDGE_RAISE, out);
	build_end(&l->build);
	if (build_start(&l->build, out))
		frame_leave(l, (struct way){WAY_RAISE, e.span, REF_NONE, false});
}

static void lower_assert(struct lower *l, uint32_t node)
{
	uint32_t condition = next_child(l, node, 0);
	uint32_t message = condition == 0 ? 0 : next_child(l, node, condition);
	block_id holds = build_block(&l->build), fails = build_block(&l->build);
	struct event e = {.kind = EV_ASSERT, .span = node_span(l, node)};

	lower_branch(l, condition, holds, fails);
	if (build_start(&l->build, fails)) {
		e.a = lower_value(l, message);
		build_event(&l->build, e);
		build_edge(&l->build, EDGE_RAISE, frame_raise_target(l));
		build_end(&l->build);
	}
	build_start(&l->build, holds);
}

static void lower_delete(struct lower *l, uint32_t node)
{
	for (uint32_t k = next_child(l, node, 0); k != 0; k = next_child(l, node, k)) {
		struct event e = {.kind = EV_DELETE, .span = node_span(l, k)};
		if (scopes_is_target_list(node_kind(l, k)) && l->nesting < LOWER_DEPTH_MAX) {
			l->nesting++;
			lower_delete(l, k);
			l->nesting--;
			continue;
		}
		e.a = lower_target(l, k, &e.name, NULL);
		build_event(&l->build, e);
	}
}

static void lower_jump(struct lower *l, uint32_t node, enum way_kind kind)
{
	frame_leave(l, (struct way){kind, node_span(l, node), REF_NONE, false});
}

/* print x, exec x: what they compute is lowered, what they do is not. */
static void lower_python2(struct lower *l, uint32_t node)
{
	for (uint32_t k = next_child(l, node, 0); k != 0; k = next_child(l, node, k))
		(void)lower_value(l, k);
	lower_unmodelled(l, UNMODELLED_SYNTAX, node_span(l, node));
}

/* ---- branches and loops ---------------------------------------------------------------------- */

static bool says_type_checking(const struct lower *l, uint32_t condition)
{
	enum ast_kind kind = condition == 0 ? AST_NONE : node_kind(l, condition);

	return (kind == AST_NAME || kind == AST_ATTRIBUTE) &&
	       l->nodes[condition].name == l->type_checking_name;
}

/* One arm of an if, and the jump behind it. */
static void lower_arm(struct lower *l, uint32_t condition, uint32_t block, block_id after)
{
	bool typing = says_type_checking(l, condition);

	l->type_checking += typing;
	lower_optional_block(l, block);
	l->type_checking -= typing;
	build_jump(&l->build, after);
}

static void lower_if(struct lower *l, uint32_t node)
{
	block_id after = build_block(&l->build);

	l->conditional++;
	/* The statement itself and each elif are a condition and a block. */
	for (uint32_t arm = node; arm != 0;) {
		if (arm != node && node_kind(l, arm) == AST_ELSE) {
			lower_arm(l, 0, block_of(l, arm), after);
		} else if (arm == node || node_kind(l, arm) == AST_ELIF) {
			block_id yes = build_block(&l->build), no = build_block(&l->build);
			uint32_t condition = next_child(l, arm, 0);
			lower_branch(l, condition, yes, no);
			if (build_start(&l->build, yes))
				lower_arm(l, condition, block_of(l, arm), after);
			build_start(&l->build, no);
		}
		arm = arm == node ? next_child(l, node, 0) : next_child(l, node, arm);
		while (arm != 0 && node_kind(l, arm) != AST_ELIF && node_kind(l, arm) != AST_ELSE)
			arm = next_child(l, node, arm);
	}
	l->conditional--;
	build_jump(&l->build, after);
	build_start(&l->build, after);
}

/* The else of a loop, which `break` passes by. */
static void finish_loop(struct lower *l, uint32_t node, block_id exhausted, block_id after)
{
	(void)frame_pop(l);
	if (build_start(&l->build, exhausted))
		lower_optional_block(l, block_of(l, ast_find(l->ast, node, AST_ELSE)));
	build_jump(&l->build, after);
	build_start(&l->build, after);
}

static void enter_loop(struct lower *l, block_id head, block_id after)
{
	struct frame *f = frame_push(l, FRAME_LOOP);

	f->head = head;
	f->after = after;
}

static void lower_while(struct lower *l, uint32_t node)
{
	block_id head = build_block(&l->build), body = build_block(&l->build);
	block_id exhausted = build_block(&l->build), after = build_block(&l->build);

	build_jump(&l->build, head);
	build_start(&l->build, head);
	lower_branch(l, next_child(l, node, 0), body, exhausted);
	enter_loop(l, head, after);
	if (build_start(&l->build, body))
		lower_optional_block(l, block_of(l, node));
	build_jump(&l->build, head);
	finish_loop(l, node, exhausted, after);
}

static void lower_for(struct lower *l, uint32_t node)
{
	block_id head = build_block(&l->build), body = build_block(&l->build);
	block_id exhausted = build_block(&l->build), after = build_block(&l->build);
	uint32_t target = next_child(l, node, 0);
	struct event e = {.kind = EV_ITER};
	uint32_t iterable = target == 0 ? 0 : next_child(l, node, target);

	if (l->nodes[node].flags & AST_ASYNC)
		e.flags |= EVF_ASYNC;
	/* What `for x in y` says, without the body. */
	e.span = (struct span){l->nodes[node].start, l->nodes[iterable != 0 ? iterable : node].end};
	e.a = lower_value(l, iterable);
	ref iterator = build_temp(lower_raising(l, e));
	build_jump(&l->build, head);
	if (build_start(&l->build, head)) {
		e.kind = EV_NEXT;
		e.a = iterator;
		ref item = build_temp(build_event(&l->build, e));
		build_edge(&l->build, EDGE_RAISE, frame_raise_target(l));
		build_edge(&l->build, EDGE_FALSE, exhausted);
		build_jump(&l->build, body);
		build_start(&l->build, body);
		if (target != 0)
			lower_assign(l, target, item, (struct event){.span = node_span(l, target)});
	}
	enter_loop(l, head, after);
	lower_optional_block(l, block_of(l, node));
	build_jump(&l->build, head);
	finish_loop(l, node, exhausted, after);
}

/* ---- any statement ------------------------------------------------------------------------------- */

static void lower_statement(struct lower *l, uint32_t node);

/* Below an error only whole statements are taken up. */
static void lower_error(struct lower *l, uint32_t node)
{
	lower_unmodelled(l, UNMODELLED_SYNTAX, node_span(l, node));
	for (uint32_t k = node + 1; k < l->nodes[node].next; k = l->nodes[k].next) {
		enum ast_kind kind = node_kind(l, k);
		if ((kind >= AST_IMPORT && kind <= AST_CLASS && kind != AST_DOTTED_NAME &&
		     kind != AST_ALIASED_IMPORT && kind != AST_WILDCARD && kind != AST_WITH_ITEM &&
		     kind != AST_DECORATOR && kind != AST_CASE && kind != AST_ELIF &&
		     kind != AST_ELSE && kind != AST_EXCEPT && kind != AST_FINALLY) ||
		    kind == AST_BLOCK)
			lower_statement(l, k);
	}
}

static void statement_of(struct lower *l, uint32_t node)
{
	switch (node_kind(l, node)) {
	case AST_EXPRESSION: lower_expression_statement(l, node); break;
	case AST_IMPORT:
	case AST_IMPORT_FROM:
	case AST_FUTURE_IMPORT: lower_import(l, node); break;
	case AST_ASSERT: lower_assert(l, node); break;
	case AST_RETURN: lower_return(l, node); break;
	case AST_DELETE: lower_delete(l, node); break;
	case AST_RAISE: lower_raise(l, node); break;
	case AST_BREAK: lower_jump(l, node, WAY_BREAK); break;
	case AST_CONTINUE: lower_jump(l, node, WAY_CONTINUE); break;
	case AST_TYPE_ALIAS: lower_type_alias(l, node); break;
	case AST_IF: lower_if(l, node); break;
	case AST_WHILE: lower_while(l, node); break;
	case AST_FOR: lower_for(l, node); break;
	case AST_TRY: lower_try(l, node); break;
	case AST_WITH: lower_with(l, node); break;
	case AST_MATCH: lower_match(l, node); break;
	case AST_DECORATED:
	case AST_FUNCTION:
	case AST_CLASS: lower_definition(l, node, 0); break;
	case AST_BLOCK: lower_block(l, node); break;
	case AST_PASS:
	case AST_GLOBAL:
	case AST_NONLOCAL: break;
	case AST_ERROR: lower_error(l, node); break;
	case AST_PRINT:
	case AST_EXEC: lower_python2(l, node); break;
	default: lower_unmodelled(l, UNMODELLED_SYNTAX, node_span(l, node)); break;
	}
}

static void lower_statement(struct lower *l, uint32_t node)
{
	if (lower_is_full(l, node)) {
		/* The rest of the scope is left out, as if it ended here. */
		frame_leave(l, (struct way){WAY_FALL, node_span(l, node), REF_NONE, false});
		return;
	}
	if (l->nesting >= LOWER_DEPTH_MAX) {
		lower_unmodelled(l, UNMODELLED_DEPTH, node_span(l, node));
		return;
	}
	l->nesting++;
	statement_of(l, node);
	l->nesting--;
}

void lower_block(struct lower *l, uint32_t node)
{
	for (uint32_t k = node + 1; k < l->nodes[node].next; k = l->nodes[k].next) {
		if (l->build.current == BLOCK_NONE)
			return; /* nothing from here on can be reached */
		lower_statement(l, k);
	}
}
