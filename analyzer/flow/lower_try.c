/*
 * lower_try.c - try and with. Handlers are a chain of EV_CATCH, a finally body is
 * lowered once and left by its token, the exit of a with is repeated for each way out.
 */
#include "flow/lower_internal.h"

#include <stb/stb_ds.h>

/* ---- except clauses ---------------------------------------------------------------------------- */

static void push_type(struct lower *l, uint32_t type)
{
	if (node_kind(l, type) != AST_TUPLE) {
		lower_push_arg(l, lower_value(l, type), NAME_NONE, 0);
		return;
	}
	for (uint32_t k = next_child(l, type, 0); k != 0; k = next_child(l, type, k))
		lower_push_arg(l, lower_value(l, k), NAME_NONE, 0);
}

/* The types of a clause as arguments, and the place of `as`. */
static void read_clause(struct lower *l, uint32_t node, struct event *e)
{
	uint32_t mark = (uint32_t)arrlenu(l->args);

	for (uint32_t k = next_child(l, node, 0); k != 0; k = next_child(l, node, k)) {
		uint32_t type = k, alias = 0;
		if (node_kind(l, k) == AST_BLOCK)
			break;
		if (node_kind(l, k) == AST_AS_PATTERN) {
			type = next_child(l, k, 0);
			alias = type == 0 ? 0 : next_child(l, k, type);
		}
		if (type != 0)
			push_type(l, type);
		if (alias != 0)
			e->a = lower_target(l, alias, &e->name, NULL);
	}
	uint32_t count = (uint32_t)arrlenu(l->args) - mark;
	if (count > 0)
		build_args(&l->build, e, &l->args[mark], count);
	arrsetlen(l->args, mark);
}

/* Names, paths and tuples of them: nothing is computed, so a copy means the same. */
static bool has_plain_types(const struct lower *l, uint32_t node)
{
	for (uint32_t k = node + 1; k < l->nodes[node].next; k++) {
		enum ast_kind kind = node_kind(l, k);
		if (kind == AST_BLOCK)
			break;
		if (kind != AST_NAME && kind != AST_ATTRIBUTE && kind != AST_TUPLE &&
		    kind != AST_AS_PATTERN)
			return false;
	}
	return true;
}

static struct handler make_handler(struct lower *l, uint32_t node)
{
	struct handler h = {.node = node, .body = build_block(&l->build)};
	struct event *e = &h.catch_event;
	size_t before = arrlenu(l->build.events);

	e->kind = EV_CATCH;
	e->span = (struct span){l->nodes[node].start,
	                        l->nodes[node].start + (uint32_t)strlen("except")};
	if (l->nodes[node].flags & AST_STARRED) {
		e->flags |= EVF_STAR;
	} else if (has_plain_types(l, node)) {
		read_clause(l, node, e);
		h.copyable = arrlenu(l->build.events) == before;
	}
	return h;
}

/* Makes the clauses known before the body is lowered, because raise statements copy them. */
static void prepare_handlers(struct lower *l, uint32_t node)
{
	uint32_t first = (uint32_t)arrlenu(l->handlers);

	for (uint32_t k = next_child(l, node, 0); k != 0; k = next_child(l, node, k)) {
		if (node_kind(l, k) != AST_EXCEPT)
			continue;
		struct handler h = make_handler(l, k);
		arrput(l->handlers, h);
	}
	struct frame *f = frame_push(l, FRAME_TRY);
	f->first_handler = first;
	f->handler_count = (uint32_t)arrlenu(l->handlers) - first;
}

/* One clause at its place in the chain; afterwards the next one's is current. */
static void lower_clause(struct lower *l, struct handler *h)
{
	struct event e = h->catch_event;
	block_id next = build_block(&l->build);

	if (!h->copyable)
		read_clause(l, h->node, &e);
	build_event(&l->build, e);
	build_edge(&l->build, EDGE_NEXT, h->body);
	if (e.arg_count > 0) /* a bare except takes everything */
		build_edge(&l->build, EDGE_FALSE, next);
	build_end(&l->build);
	build_start(&l->build, next);
}

/* An except* clause may leave a part of the group to the clauses after it. */
static void finish_star_clause(struct lower *l, struct span span, block_id rest, block_id after)
{
	struct event e = {.op = OP_OTHER, .span = span};

	if (l->build.current != BLOCK_NONE)
		lower_test(l, e, false, after, rest);
}

/* All clauses; the chain is reached from 'raise', the bodies also from copies of clauses. */
static void lower_handlers(struct lower *l, const struct frame *f, block_id after)
{
	block_id rest = f->raise;

	for (uint32_t i = 0; i < f->handler_count; i++) {
		struct handler h = l->handlers[f->first_handler + i];
		bool star = (h.catch_event.flags & EVF_STAR) != 0;
		block_id next = build_block(&l->build);
		if (rest != BLOCK_NONE && build_start(&l->build, rest)) {
			lower_clause(l, &h);
			build_jump(&l->build, next);
		}
		if (build_start(&l->build, h.body)) {
			uint32_t block = ast_find(l->ast, h.node, AST_BLOCK);
			if (block != 0)
				lower_block(l, block);
			if (star)
				finish_star_clause(l, h.catch_event.span, next, after);
			build_jump(&l->build, after);
		}
		rest = next;
	}
	if (rest != BLOCK_NONE && build_start(&l->build, rest))
		build_jump(&l->build, frame_raise_target(l));
}

/* ---- try ------------------------------------------------------------------------------------------- */

/*
 * A try body without any event that raises (d[k], int + str) may still raise. Then, and only
 * then, this test in front of it leads to the handlers.
 */
static block_id open_guard(struct lower *l, uint32_t node)
{
	struct event e = {.kind = EV_TEST, .op = OP_OTHER};
	block_id guard = build_block(&l->build), body = build_block(&l->build);

	e.span = (struct span){l->nodes[node].start,
	                       l->nodes[node].start + (uint32_t)strlen("try")};
	build_jump(&l->build, guard);
	if (build_start(&l->build, guard)) {
		build_event(&l->build, e);
		build_jump(&l->build, body);
		build_start(&l->build, body);
	}
	return guard;
}

static bool is_any_body_reached(const struct lower *l, const struct frame *f)
{
	for (uint32_t i = 0; i < f->handler_count; i++)
		if (l->build.blocks[l->handlers[f->first_handler + i].body].reached)
			return true;
	return false;
}

static void close_guard(struct lower *l, block_id guard, struct frame *f)
{
	struct raw_block *raw = &l->build.blocks[guard];

	if (f->raise != BLOCK_NONE || is_any_body_reached(l, f)) {
		raw->event_count = 0;
		return;
	}
	f->raise = build_block(&l->build);
	raw = &l->build.blocks[guard];
	raw->succ[EDGE_FALSE] = f->raise;
	l->build.blocks[f->raise].reached = true;
}

/* Body, handlers and else; afterwards the end of all of them is current. */
static void lower_handled(struct lower *l, uint32_t node)
{
	uint32_t body = ast_find(l->ast, node, AST_BLOCK);
	uint32_t other = ast_find(l->ast, node, AST_ELSE);
	block_id after = build_block(&l->build), otherwise = build_block(&l->build);
	block_id guard = open_guard(l, node);

	prepare_handlers(l, node);
	if (body != 0)
		lower_block(l, body);
	build_jump(&l->build, otherwise);
	struct frame f = frame_pop(l);
	close_guard(l, guard, &f);
	if (build_start(&l->build, otherwise)) {
		uint32_t block = other == 0 ? 0 : ast_find(l->ast, other, AST_BLOCK);
		if (block != 0)
			lower_block(l, block);
		build_jump(&l->build, after);
	}
	lower_handlers(l, &f, after);
	build_start(&l->build, after);
}

/* The finally body, entered with a token for each way that led to it. */
static void finish_finally(struct lower *l, uint32_t node, uint32_t frame)
{
	block_id implicit = l->frames[frame].raise;
	struct span span = {l->nodes[node].start,
	                    l->nodes[node].start + (uint32_t)strlen("finally")};

	frame_enter_finally(l, frame, (struct way){WAY_FALL, span, REF_NONE, false});
	if (implicit != BLOCK_NONE && build_start(&l->build, implicit))
		frame_enter_finally(l, frame, (struct way){WAY_IMPLICIT, span, REF_NONE, false});
	struct frame f = frame_pop(l);
	if (build_start(&l->build, f.head)) {
		uint32_t block = ast_find(l->ast, node, AST_BLOCK);
		if (block != 0)
			lower_block(l, block);
		frame_continue(l, &f);
	}
	build_start(&l->build, f.after);
}

void lower_try(struct lower *l, uint32_t node)
{
	uint32_t finally = ast_find(l->ast, node, AST_FINALLY);
	bool handled = ast_find(l->ast, node, AST_EXCEPT) != 0;
	uint32_t body = ast_find(l->ast, node, AST_BLOCK);
	uint32_t frame = (uint32_t)arrlenu(l->frames);

	l->conditional++;
	if (finally != 0) {
		struct frame *f = frame_push(l, FRAME_FINALLY);
		f->place = l->build.token_count++;
		f->head = build_block(&l->build);
		f->after = build_block(&l->build);
	}
	if (handled)
		lower_handled(l, node);
	else if (body != 0)
		lower_block(l, body);
	if (finally != 0)
		finish_finally(l, finally, frame);
	l->conditional--;
}

/* ---- with ----------------------------------------------------------------------------------------- */

static void enter_with(struct lower *l, uint32_t node, uint32_t item)
{
	struct event e = {.kind = EV_ENTER, .span = node_span(l, item)};
	uint32_t value = next_child(l, item, 0), target = 0;

	if (value != 0 && node_kind(l, value) == AST_AS_PATTERN) {
		target = ast_child(l->ast, value, 1);
		value = next_child(l, value, 0);
	}
	if (l->nodes[node].flags & AST_ASYNC)
		e.flags |= EVF_ASYNC;
	e.a = lower_value(l, value);
	ref entered = build_temp(lower_raising(l, e));
	struct frame *f = frame_push(l, FRAME_WITH);
	f->after = build_block(&l->build);
	f->exit = (struct event){.kind = EV_EXIT, .flags = e.flags, .span = e.span, .a = entered};
	if (target != 0)
		lower_assign(l, target, entered, (struct event){.span = node_span(l, target)});
}

static void leave_with(struct lower *l)
{
	struct frame f = frame_pop(l);

	f.exit.op = EXIT_NORMAL;
	lower_raising(l, f.exit);
	build_jump(&l->build, f.after);
	if (f.raise != BLOCK_NONE && build_start(&l->build, f.raise)) {
		f.exit.op = EXIT_RAISED;
		build_event(&l->build, f.exit);
		build_edge(&l->build, EDGE_RAISE, frame_raise_target(l));
		build_jump(&l->build, f.after);
	}
	build_start(&l->build, f.after);
}

void lower_with(struct lower *l, uint32_t node)
{
	uint32_t block = ast_find(l->ast, node, AST_BLOCK);
	uint32_t entered = 0;

	for (uint32_t k = next_child(l, node, 0); k != 0 && !lower_is_full(l, k);
	     k = next_child(l, node, k)) {
		if (node_kind(l, k) != AST_WITH_ITEM)
			continue;
		enter_with(l, node, k);
		entered++;
	}
	if (block != 0)
		lower_block(l, block);
	while (entered-- > 0)
		leave_with(l);
}
