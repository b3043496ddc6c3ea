/* verify.c - the invariants of cfg.h, one by one. */
#include "flow/verify.h"
#include "base/memory.h"

#include <stdlib.h>

/* A call, test or leave ends its block. */
static bool is_last_only(const struct event *e)
{
	return event_edges(e) != 1u << EDGE_NEXT || e->kind == EV_CATCH;
}

/* Its operand a is a place, or nothing. */
static bool stores(enum event_kind kind)
{
	return kind == EV_ASSIGN || kind == EV_CATCH || kind == EV_DELETE || kind == EV_TOKEN;
}

#define CHECK(condition, text)                                                                     \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return text;                                                               \
	} while (0)

/* Each check returns the fault, or NULL. */
static const char *check_ref(const struct cfg *c, ref r)
{
	switch (r >> 29) {
	case REF_KIND_NONE: CHECK(r == REF_NONE, "an operand of no kind has an index"); break;
	case REF_KIND_TEMP:
		CHECK(ref_index(r) < c->event_count, "a temporary is out of range");
		CHECK(event_makes_value(&c->events[ref_index(r)]),
		      "a temporary names an event without a value");
		break;
	case REF_KIND_PLACE: CHECK(ref_index(r) < c->place_count, "a place is out of range"); break;
	case REF_KIND_CONST: CHECK(ref_index(r) <= CONST_ZERO, "an unknown constant"); break;
	case REF_KIND_TEXT: break;
	default: return "an unknown kind of operand";
	}
	return NULL;
}

static bool is_token(const struct cfg *c, ref r)
{
	return ref_kind(r) == REF_KIND_PLACE && c->places[ref_index(r)].root_kind == PLACE_TOKEN;
}

static const char *check_place(const struct cfg *c, const struct place *p)
{
	CHECK(p->root_kind <= PLACE_TOKEN, "an unknown kind of place");
	CHECK(p->step_count <= PLACE_STEPS_MAX, "a place with too many steps");
	CHECK(p->root_kind != PLACE_TOKEN || p->root < c->token_count, "a token is out of range");
	CHECK(p->root_kind != PLACE_TOKEN || p->step_count == 0, "a token with steps");
	for (uint8_t i = 0; i < p->step_count; i++)
		CHECK(p->steps[i].kind <= STEP_INDEX, "an unknown kind of step");
	return NULL;
}

static const char *check_op(const struct cfg *c, const struct event *e)
{
	static const uint8_t counts[EV_COUNT] = {
		[EV_BUILD] = BUILD_GENERATOR + 1, [EV_COMPARE] = OP_OTHER + 1,
		[EV_TEST] = OP_OTHER + 1,         [EV_EXIT] = EXIT_RAISED + 1,
		[EV_LEAVE] = LEAVE_IMPLICIT + 1,
	};
	bool token_test = e->kind == EV_TEST && e->op == OP_TOKEN_IS;

	CHECK(counts[e->kind] == 0 || e->op < counts[e->kind], "an unknown op");
	CHECK(e->kind != EV_UNMODELLED || e->index < UNMODELLED_COUNT, "an unknown limit");
	CHECK(e->kind != EV_TOKEN || is_token(c, e->a), "a token is set in no token place");
	CHECK(!token_test || is_token(c, e->a), "a token is tested in no token place");
	CHECK(e->kind != EV_COMPARE || e->op != OP_TOKEN_IS, "a token is compared");
	CHECK(!stores(e->kind) || e->a == REF_NONE || ref_kind(e->a) == REF_KIND_PLACE,
	      "an assignment to no place");
	return NULL;
}

/* An exit belongs to an enter, a next to an iter. */
static const char *check_pair(const struct cfg *c, const struct event *e)
{
	enum event_kind first = e->kind == EV_EXIT ? EV_ENTER : EV_ITER;

	if (e->kind != EV_EXIT && e->kind != EV_NEXT)
		return NULL;
	CHECK(ref_kind(e->a) == REF_KIND_TEMP && c->events[ref_index(e->a)].kind == first,
	      "an exit or next without its enter or iter");
	return NULL;
}

static const char *check_event(const struct cfg *c, const struct event *e)
{
	const char *why = check_ref(c, e->a);

	if (why == NULL)
		why = check_ref(c, e->b);
	if (why == NULL)
		why = check_op(c, e);
	if (why == NULL)
		why = check_pair(c, e);
	CHECK(e->first_arg <= c->arg_count && e->arg_count <= c->arg_count - e->first_arg,
	      "arguments are out of range");
	for (uint32_t i = 0; i < e->arg_count && why == NULL; i++)
		why = check_ref(c, c->args[e->first_arg + i].value);
	CHECK(e->span.start <= e->span.end, "a span ends before it starts");
	return why;
}

static const char *check_edges(const struct cfg *c, const struct block *b)
{
	static const char *const faults[EDGE_COUNT] = {
		[EDGE_NEXT] = "a block that does not go on, or goes on after its end",
		[EDGE_FALSE] = "a test without two edges, or two edges without a test",
		[EDGE_RAISE] = "a raise edge without a cause, or a cause without a raise edge",
	};
	unsigned want = event_edges(
		b->event_count == 0 ? NULL : &c->events[b->first_event + b->event_count - 1]);

	for (unsigned k = 0; k < EDGE_COUNT; k++) {
		CHECK(b->succ[k] == BLOCK_NONE || b->succ[k] < c->block_count,
		      "an edge is out of range");
		CHECK((b->succ[k] != BLOCK_NONE) == ((want >> k & 1) != 0), faults[k]);
	}
	return NULL;
}

static const char *check_block(const struct cfg *c, const struct block *b, uint32_t first)
{
	CHECK(b->first_event == first, "blocks do not follow each other");
	CHECK(b->event_count <= c->event_count - first, "a block is out of range");
	for (uint32_t i = 0; i + 1 < b->event_count; i++)
		CHECK(!is_last_only(&c->events[first + i]), "a block goes on after its last event");
	return check_edges(c, b);
}

/* In reverse postorder each block but the entry has a predecessor in front of it. */
static const char *check_order(const struct cfg *c)
{
	uint8_t *reached = memory_resize(NULL, c->block_count);
	const char *why = NULL;

	memset(reached, 0, c->block_count);
	reached[0] = 1;
	for (uint32_t i = 0; i < c->block_count && why == NULL; i++) {
		if (!reached[i])
			why = "a block cannot be reached from those in front of it";
		for (int k = 0; k < EDGE_COUNT; k++)
			if (c->blocks[i].succ[k] != BLOCK_NONE)
				reached[c->blocks[i].succ[k]] = 1;
	}
	free(reached);
	return why;
}

static const char *check(const struct cfg *c)
{
	const char *why = NULL;
	uint32_t first = 0;

	CHECK(c->block_count > 0, "no entry");
	for (uint32_t i = 0; i < c->event_count; i++)
		CHECK((unsigned)c->events[i].kind < EV_COUNT, "an unknown kind of event");
	for (uint32_t i = 0; i < c->place_count && why == NULL; i++)
		why = check_place(c, &c->places[i]);
	for (uint32_t i = 0; i < c->event_count && why == NULL; i++)
		why = check_event(c, &c->events[i]);
	for (uint32_t i = 0; i < c->block_count && why == NULL; i++) {
		why = check_block(c, &c->blocks[i], first);
		first += c->blocks[i].event_count;
	}
	if (why != NULL)
		return why;
	CHECK(first == c->event_count, "events that are in no block");
	return check_order(c);
}

bool cfg_verify(const struct cfg *c, const char **why)
{
	const char *fault = check(c);

	if (fault != NULL)
		*why = fault;
	return fault == NULL;
}
