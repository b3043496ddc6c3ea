/*
 * lower_exit.c - the ways out of a statement. What has to happen on the way is a
 * stack of frames, innermost last: a loop takes break and continue, handlers take
 * raises, a with runs its exit, a finally its body. A return or raise statement
 * keeps its own identity through all of them; raises of calls share one path.
 */
#include "flow/lower_internal.h"

#include <stdlib.h>
#include <stb/stb_ds.h>

#define FRAME_NONE UINT32_MAX

/* Numbers from here on stand for all further exits of one kind. */
enum { TOKENS_MERGED = LOWER_TOKENS_MAX - WAY_COUNT };

struct frame *frame_push(struct lower *l, enum frame_kind kind)
{
	struct frame f = {.kind = kind,
	                  .outer_loop = l->loop,
	                  .outer_raise = l->raise,
	                  .raise = BLOCK_NONE,
	                  .after = BLOCK_NONE,
	                  .head = BLOCK_NONE,
	                  .first_token = UINT32_MAX,
	                  .last_token = UINT32_MAX};

	arrput(l->frames, f);
	if (kind == FRAME_LOOP)
		l->loop = (uint32_t)arrlenu(l->frames) - 1;
	else
		l->raise = (uint32_t)arrlenu(l->frames) - 1;
	return &arrlast(l->frames);
}

struct frame frame_pop(struct lower *l)
{
	struct frame f = arrpop(l->frames);

	l->loop = f.outer_loop;
	l->raise = f.outer_raise;
	return f;
}

block_id frame_raise_target(struct lower *l)
{
	block_id *target = l->raise == FRAME_NONE ? &l->implicit_leave : &l->frames[l->raise].raise;

	if (*target == BLOCK_NONE)
		*target = build_block(&l->build);
	return *target;
}

/* ---- tokens --------------------------------------------------------------------------- */

/* One number does for all that go the same way on: only returns and raises are told apart. */
static bool is_same_way(const struct way *a, const struct way *b)
{
	if (a->kind != b->kind || a->merged != b->merged)
		return false;
	return a->merged || (a->kind != WAY_RETURN && a->kind != WAY_RAISE);
}

static uint32_t add_token(struct lower *l, struct frame *f, struct way way)
{
	struct token t = {way, BLOCK_NONE, UINT32_MAX};
	uint32_t at = (uint32_t)arrlenu(l->tokens);

	arrput(l->tokens, t);
	if (f->first_token == UINT32_MAX)
		f->first_token = at;
	else
		l->tokens[f->last_token].next = at;
	f->last_token = at;
	return f->token_count++;
}

/* The list is at most LOWER_TOKENS_MAX long, and a new return or raise is never in it. */
static uint32_t find_token(struct lower *l, struct frame *f, struct way way)
{
	uint32_t number = 0;

	for (uint32_t t = f->first_token; t != UINT32_MAX; t = l->tokens[t].next, number++)
		if (is_same_way(&l->tokens[t].way, &way))
			return number;
	return add_token(l, f, way);
}

void frame_enter_finally(struct lower *l, uint32_t frame, struct way way)
{
	struct frame *f = &l->frames[frame];
	struct event e = {.kind = EV_TOKEN};
	struct place p = {.root_kind = PLACE_TOKEN, .root = f->place};

	if (l->build.current == BLOCK_NONE)
		return;
	bool own = way.kind == WAY_RETURN || way.kind == WAY_RAISE;
	if (own && f->token_count >= TOKENS_MERGED) {
		lower_unmodelled(l, UNMODELLED_TOKENS, way.span);
		way.merged = true;
		way.value = REF_NONE;
	}
	e.span = way.span;
	e.a = lower_place(l, &p);
	e.index = own && !way.merged ? add_token(l, f, way) : find_token(l, f, way);
	build_event(&l->build, e);
	build_jump(&l->build, f->head);
}

/* ---- leaving ---------------------------------------------------------------------------- */

static void leave_function(struct lower *l, const struct way *way)
{
	struct event e = {.kind = EV_LEAVE, .span = way->span, .a = way->value};

	switch (way->kind) {
	case WAY_FALL: e.op = LEAVE_FALL_OFF; break;
	case WAY_RAISE: e.op = LEAVE_RAISE; break;
	case WAY_RETURN:
	case WAY_BREAK: /* outside of any loop, as in broken code */
	case WAY_CONTINUE: e.op = LEAVE_RETURN; break;
	case WAY_IMPLICIT:
	case WAY_COUNT: abort();
	}
	build_event(&l->build, e);
	build_end(&l->build);
}

/*
 * A raise statement passes the clauses of a try on its own, so that it keeps its
 * identity where none of them matches. False when it has to share their path.
 */
static bool pass_handlers(struct lower *l, const struct frame *f)
{
	uint32_t end = f->first_handler + f->handler_count;

	for (uint32_t i = f->first_handler; i < end; i++)
		if (!l->handlers[i].copyable)
			return false;
	if (f->handler_count > LOWER_CATCH_COPIES_MAX)
		return false;
	for (uint32_t i = f->first_handler; i < end; i++) {
		struct handler *h = &l->handlers[i];
		block_id next = build_block(&l->build);
		l->copies++;
		build_event(&l->build, h->catch_event); /* its arguments are shared */
		build_edge(&l->build, EDGE_NEXT, h->body);
		if (h->catch_event.arg_count > 0)
			build_edge(&l->build, EDGE_FALSE, next);
		build_end(&l->build);
		if (!build_start(&l->build, next))
			break; /* a bare except takes everything */
	}
	return true;
}

/* Runs the exit of a with; l->frames ends below it. */
static void pass_with(struct lower *l, const struct frame *f, const struct way *way)
{
	struct event e = f->exit;

	l->copies++;
	if (way->kind != WAY_RAISE) {
		e.op = EXIT_NORMAL;
		e.flags |= EVF_MANAGER_RETURNS;
		build_raising(&l->build, e, frame_raise_target(l));
		return;
	}
	block_id goes_on = build_block(&l->build);
	e.op = EXIT_RAISED;
	build_event(&l->build, e);
	build_edge(&l->build, EDGE_RAISE, goes_on);
	build_jump(&l->build, f->after);
	build_start(&l->build, goes_on);
}

static bool takes_jump(const struct frame *f, const struct way *way)
{
	return f->kind == FRAME_LOOP && (way->kind == WAY_BREAK || way->kind == WAY_CONTINUE);
}

/* Passes one frame on the way out. True when the way ends there. */
static bool pass_frame(struct lower *l, uint32_t index, struct way *way)
{
	struct frame *f = &l->frames[index];

	switch (f->kind) {
	case FRAME_LOOP:
		if (takes_jump(f, way))
			build_jump(&l->build, way->kind == WAY_BREAK ? f->after : f->head);
		return takes_jump(f, way);
	case FRAME_TRY:
		if (way->kind != WAY_RAISE)
			return false;
		if (pass_handlers(l, f))
			return l->build.current == BLOCK_NONE;
		if (f->raise == BLOCK_NONE)
			f->raise = build_block(&l->build);
		build_jump(&l->build, f->raise);
		return true;
	case FRAME_WITH: {
		struct frame with = *f;
		pass_with(l, &with, way);
		return false;
	}
	case FRAME_FINALLY: frame_enter_finally(l, index, *way); return true;
	}
	abort();
}

/*
 * More exits than the graph may repeat (hundreds of returns inside hundreds of
 * withs): this one is not modelled, so that the work stays linear.
 */
static bool too_many_copies(struct lower *l, const struct way *way)
{
	if (l->copies < l->copies_max)
		return false;
	lower_unmodelled(l, UNMODELLED_SIZE, way->span);
	return true;
}

void frame_leave(struct lower *l, struct way way)
{
	uint32_t loop = l->loop, raise = l->raise;
	uint32_t depth = (uint32_t)arrlenu(l->frames);

	/* While frame i is passed, raises go to the frames outside of it. */
	for (uint32_t i = depth; i-- > 0 && l->build.current != BLOCK_NONE;) {
		if (l->frames[i].kind != FRAME_LOOP)
			l->raise = l->frames[i].outer_raise;
		if (too_many_copies(l, &way))
			break;
		if (pass_frame(l, i, &way))
			break;
	}
	if (l->build.current != BLOCK_NONE)
		leave_function(l, &way);
	l->loop = loop;
	l->raise = raise;
}

/* ---- after a finally ------------------------------------------------------------------------ */

static void continue_one(struct lower *l, const struct token *t, const struct frame *f)
{
	if (t->way.kind == WAY_FALL)
		build_jump(&l->build, f->after);
	else if (t->way.kind == WAY_IMPLICIT)
		build_jump(&l->build, frame_raise_target(l));
	else
		frame_leave(l, t->way);
}

/* The last way is what is left, without a test that would end its token. */
static void forget_token(struct lower *l, const struct place *p, struct span span)
{
	if (l->build.current == BLOCK_NONE)
		return;
	build_event(&l->build, (struct event){.kind = EV_TOKEN,
	                                      .index = TOKEN_DONE,
	                                      .span = span,
	                                      .a = lower_place(l, p)});
}

void frame_continue(struct lower *l, const struct frame *f)
{
	struct place p = {.root_kind = PLACE_TOKEN, .root = f->place};
	uint32_t number = 0;

	for (uint32_t t = f->first_token; t != UINT32_MAX; number++) {
		struct token token = l->tokens[t];
		t = token.next;
		if (t == UINT32_MAX || l->build.current == BLOCK_NONE) {
			forget_token(l, &p, token.way.span);
			continue_one(l, &token, f);
			continue;
		}
		struct event e = {.kind = EV_TEST,
		                  .op = OP_TOKEN_IS,
		                  .index = number,
		                  .span = token.way.span,
		                  .a = lower_place(l, &p)};
		block_id yes = build_block(&l->build), no = build_block(&l->build);
		lower_test(l, e, false, yes, no);
		build_start(&l->build, yes);
		continue_one(l, &token, f);
		build_start(&l->build, no);
	}
}
