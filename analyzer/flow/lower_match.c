/*
 * lower_match.c - match statements: one test a case, then what the pattern captures,
 * then its guard. What a pattern looks into is not modelled, only that it does.
 */
#include "flow/lower_internal.h"

#include <stb/stb_ds.h>

static ref lower_subject(struct lower *l, uint32_t node)
{
	uint32_t mark = (uint32_t)arrlenu(l->args);
	uint32_t first = next_child(l, node, 0);
	uint32_t second = first == 0 ? 0 : next_child(l, node, first);

	if (second == 0 || node_kind(l, second) == AST_BLOCK)
		return lower_value(l, first);
	for (uint32_t k = first; k != 0 && node_kind(l, k) != AST_BLOCK; k = next_child(l, node, k))
		lower_push_arg(l, lower_value(l, k), NAME_NONE, 0);
	return lower_build(l, BUILD_TUPLE, node_span(l, first), mark);
}

static bool is_capture(const struct lower *l, uint32_t node)
{
	struct str text = intern_text(l->ast->names, l->nodes[node].name);

	return node_kind(l, node) == AST_DOTTED_NAME && memchr(text.ptr, '.', text.len) == NULL;
}

/* `_`, a name, or one of them with `as`: they match anything. */
static bool is_irrefutable(const struct lower *l, uint32_t pattern)
{
	uint32_t inner = next_child(l, pattern, 0);

	while (inner != 0 && node_kind(l, inner) == AST_AS_PATTERN) {
		uint32_t matched = next_child(l, inner, 0);
		inner = matched == 0 ? 0 : next_child(l, matched, 0);
	}
	return inner == 0 || is_capture(l, inner);
}

/* A literal pattern as an operand; REF_NONE for any other. */
static ref literal(struct lower *l, uint32_t pattern)
{
	uint32_t inner = next_child(l, pattern, 0);

	if (inner == 0)
		return REF_NONE;
	switch (node_kind(l, inner)) {
	case AST_STRING:
	case AST_NUMBER:
	case AST_TRUE:
	case AST_FALSE:
	case AST_NULL: return lower_value(l, inner);
	default: return REF_NONE;
	}
}

static void capture(struct lower *l, uint32_t node, ref subject, bool whole)
{
	struct event bind = {.span = node_span(l, node)};
	struct place p = lower_name(l, l->nodes[node].name);

	if (!whole) {
		struct event part = {.kind = EV_ELEMENT, .span = bind.span, .a = subject};
		subject = build_temp(build_event(&l->build, part));
	}
	bind.kind = EV_ASSIGN;
	bind.a = lower_place(l, &p);
	bind.b = subject;
	build_event(&l->build, bind);
}

/* Assigns what a pattern captures, in the order of the text. */
static void lower_captures(struct lower *l, uint32_t pattern, ref subject)
{
	uint32_t class_name = 0, whole = pattern + 1;

	for (uint32_t k = pattern + 1; k < l->nodes[pattern].next; k++) {
		enum ast_kind kind = node_kind(l, k);
		if (kind == AST_CLASS_PATTERN)
			class_name = k + 1;
		else if (kind == AST_KEYWORD_PATTERN)
			k++; /* the keyword is no capture */
		else if (kind == AST_NAME || (is_capture(l, k) && k != class_name))
			capture(l, k, subject,
			        k == whole || (node_kind(l, whole) == AST_AS_PATTERN &&
			                       l->nodes[k].next == l->nodes[whole].next));
	}
}

static void test_case(struct lower *l, uint32_t node, uint32_t pattern, ref subject, block_id yes,
                      block_id no)
{
	struct event e = {.op = OP_MATCHES, .a = subject, .span = node_span(l, pattern)};
	bool single = node_kind(l, next_child(l, node, pattern)) != AST_CASE_PATTERN;

	if (single && is_irrefutable(l, pattern)) {
		build_jump(&l->build, yes);
		return;
	}
	if (single)
		e.b = literal(l, pattern);
	if (e.b == REF_CONST(CONST_NONE)) {
		e.op = OP_IS_NONE;
		e.b = REF_NONE;
	}
	lower_test(l, e, false, yes, no);
}

/* One case; afterwards the next one's place is current. */
static void lower_case(struct lower *l, uint32_t node, ref subject, block_id after)
{
	uint32_t pattern = ast_find(l->ast, node, AST_CASE_PATTERN);
	uint32_t guard = ast_find(l->ast, node, AST_IF_CLAUSE);
	uint32_t block = ast_find(l->ast, node, AST_BLOCK);
	block_id yes = build_block(&l->build), no = build_block(&l->build);
	block_id body = build_block(&l->build);

	if (pattern == 0)
		return;
	test_case(l, node, pattern, subject, yes, no);
	if (build_start(&l->build, yes)) {
		for (uint32_t k = pattern; k != 0; k = next_child(l, node, k))
			if (node_kind(l, k) == AST_CASE_PATTERN)
				lower_captures(l, k, subject);
		if (guard != 0)
			lower_branch(l, next_child(l, guard, 0), body, no);
		else
			build_jump(&l->build, body);
	}
	if (build_start(&l->build, body)) {
		if (block != 0)
			lower_block(l, block);
		build_jump(&l->build, after);
	}
	build_start(&l->build, no);
}

void lower_match(struct lower *l, uint32_t node)
{
	uint32_t block = ast_find(l->ast, node, AST_BLOCK);
	block_id after = build_block(&l->build);
	ref subject = lower_subject(l, node);

	for (uint32_t k = block == 0 ? 0 : next_child(l, block, 0);
	     k != 0 && l->build.current != BLOCK_NONE; k = next_child(l, block, k))
		if (node_kind(l, k) == AST_CASE)
			lower_case(l, k, subject, after);
	build_jump(&l->build, after);
	build_start(&l->build, after);
}
