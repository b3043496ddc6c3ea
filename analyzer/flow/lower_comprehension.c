/*
 * lower_comprehension.c - comprehensions and generator expressions, lowered in
 * place as the loops they are. Their targets are names of their own.
 */
#include "flow/lower_internal.h"

#include <stb/stb_ds.h>

/* One `for`: afterwards the current block is its body. Returns the block of its EV_NEXT. */
static block_id enter_for(struct lower *l, uint32_t node, block_id exhausted)
{
	uint32_t target = next_child(l, node, 0);
	struct event e = {.kind = EV_ITER, .span = node_span(l, node)};
	block_id head = build_block(&l->build), body = build_block(&l->build);

	if (l->nodes[node].flags & AST_ASYNC)
		e.flags |= EVF_ASYNC;
	e.a = lower_value(l, target == 0 ? 0 : next_child(l, node, target));
	ref iterator = build_temp(lower_raising(l, e));
	build_jump(&l->build, head);
	if (!build_start(&l->build, head))
		return head;
	e.kind = EV_NEXT;
	e.a = iterator;
	ref item = build_temp(build_event(&l->build, e));
	build_edge(&l->build, EDGE_RAISE, frame_raise_target(l));
	build_edge(&l->build, EDGE_FALSE, exhausted);
	build_jump(&l->build, body);
	build_start(&l->build, body);
	(void)lower_remember(l, target);
	if (target != 0)
		lower_assign(l, target, item, (struct event){.span = node_span(l, target)});
	return head;
}

static enum build_op build_op_of(enum ast_kind kind)
{
	return kind == AST_GENERATOR ? BUILD_GENERATOR : BUILD_COMPREHENSION;
}

static void push_element(struct lower *l, uint32_t node)
{
	if (node_kind(l, node) == AST_PAIR) {
		uint32_t key = next_child(l, node, 0);
		lower_push_arg(l, lower_value(l, key), NAME_NONE, 0);
		node = key == 0 ? 0 : next_child(l, node, key);
	}
	lower_push_arg(l, lower_value(l, node), NAME_NONE, 0);
}

ref lower_comprehension(struct lower *l, uint32_t node)
{
	uint32_t element = next_child(l, node, 0);
	uint32_t names = (uint32_t)arrlenu(l->undo), mark = (uint32_t)arrlenu(l->args);
	block_id after = build_block(&l->build), again = after;

	for (uint32_t k = element == 0 ? 0 : next_child(l, node, element); k != 0;
	     k = next_child(l, node, k)) {
		if (node_kind(l, k) == AST_FOR_IN) {
			again = enter_for(l, k, again);
		} else {
			block_id holds = build_block(&l->build);
			lower_branch(l, next_child(l, k, 0), holds, again);
			build_start(&l->build, holds);
		}
	}
	if (element != 0)
		push_element(l, element);
	build_jump(&l->build, again);
	build_start(&l->build, after);
	lower_forget(l, names);
	return lower_build(l, build_op_of(node_kind(l, node)), node_span(l, node), mark);
}
