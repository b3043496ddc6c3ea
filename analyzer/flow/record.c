/*
 * record.c - reads records. The bytes may come from anywhere: a cursor checks every read
 * against the end, a count is believed only if the bytes left could hold that many,
 * and every index is compared with what it counts.
 */
#include "flow/record.h"
#include "base/memory.h"
#include "flow/record_format.h"
#include "flow/record_read.h"
#include "flow/verify.h"

const struct record_shape record_shapes[EV_COUNT] = {
	[EV_CALL] = {.a = true, .first = PART_NAME, .second = PART_ARGS},
	[EV_ASSIGN] = {.a = true, .first = PART_B, .second = PART_INDEX},
	[EV_ATTR] = {.a = true, .first = PART_NAME},
	[EV_ELEMENT] = {.a = true, .first = PART_B, .second = PART_INDEX},
	[EV_BUILD] = {.op = true, .first = PART_ARGS},
	[EV_CLOSURE] = {.first = PART_INDEX, .second = PART_ARGS},
	[EV_COMPARE] = {.op = true, .a = true, .first = PART_B},
	[EV_TEST] = {.op = true, .a = true, .first = PART_B, .second = PART_INDEX},
	[EV_ENTER] = {.a = true},
	[EV_EXIT] = {.op = true, .a = true},
	[EV_ITER] = {.a = true},
	[EV_NEXT] = {.a = true},
	[EV_YIELD] = {.a = true},
	[EV_AWAIT] = {.a = true},
	[EV_RAISE] = {.a = true, .first = PART_B},
	[EV_ASSERT] = {.a = true},
	[EV_CATCH] = {.a = true, .second = PART_ARGS},
	[EV_DELETE] = {.a = true},
	[EV_RETURN] = {.a = true},
	[EV_TOKEN] = {.a = true, .first = PART_INDEX},
	[EV_LEAVE] = {.op = true, .a = true},
	[EV_UNMODELLED] = {.first = PART_INDEX},
};

/* ---- graphs ------------------------------------------------------------------------------------------ */

struct graph_reader {
	struct cursor in;
	const struct loaded_module *m;
	struct cfg *c;
	uint32_t args_used;
};

static name_id read_name(struct graph_reader *g)
{
	return cursor_name(&g->in, g->m->names, g->m->name_count);
}

static ref read_ref(struct graph_reader *g, uint32_t event)
{
	uint64_t v = cursor_number(&g->in);
	uint64_t value = v >> 3;
	enum ref_kind kind = (enum ref_kind)(v & 7);

	switch (kind) {
	case REF_KIND_NONE: return REF_NONE;
	case REF_KIND_TEMP: {
		uint64_t at = (uint64_t)((int64_t)event - cursor_unzigzag(value));
		if (at < g->c->event_count)
			return REF_TEMP((uint32_t)at);
		break;
	}
	case REF_KIND_PLACE:
		if (value < g->c->place_count)
			return REF_PLACE((uint32_t)value);
		break;
	case REF_KIND_CONST:
		if (value <= CONST_ZERO)
			return REF_CONST((uint32_t)value);
		break;
	case REF_KIND_TEXT:
		if (value > 0 && value <= g->m->name_count)
			return REF_TEXT(g->m->names[value]);
		break;
	}
	cursor_fail(&g->in, "an operand is out of range");
	return REF_NONE;
}

static void read_place(struct graph_reader *g, struct place *p)
{
	uint64_t head = cursor_number(&g->in);

	p->root_kind = (enum place_root)(head & 3);
	p->step_count = (uint8_t)(head >> 2 & 3);
	if (p->root_kind == PLACE_TOKEN)
		p->root = (name_id)cursor_below(&g->in, g->c->token_count);
	else
		p->root = read_name(g);
	for (uint8_t i = 0; i < p->step_count; i++) {
		p->steps[i].kind = (enum step_kind)(head >> (4 + 2 * i) & 3);
		if (p->steps[i].kind != STEP_INDEX)
			p->steps[i].name = read_name(g);
	}
}

static void read_args(struct graph_reader *g, struct event *e, uint32_t event)
{
	uint64_t head = cursor_number(&g->in);
	uint64_t count = head >> 1;

	if (count > g->c->arg_count - g->args_used) {
		cursor_fail(&g->in, "more arguments than announced");
		return;
	}
	e->first_arg = g->args_used;
	e->arg_count = (uint32_t)count;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		struct arg *a = &g->c->args[e->first_arg + i];
		a->value = read_ref(g, event);
		if ((head & 1) == ARGS_PLAIN)
			continue;
		uint64_t marks = cursor_number(&g->in);
		a->flags = marks & (ARG_STAR | ARG_DOUBLE_STAR);
		if (marks >> 2 > g->m->name_count)
			cursor_fail(&g->in, "a string number is out of range");
		else
			a->keyword = g->m->names[marks >> 2];
	}
	g->args_used += e->arg_count;
}

static void read_part(struct graph_reader *g, struct event *e, uint32_t event, enum record_part part)
{
	switch (part) {
	case PART_NONE: cursor_fail(&g->in, "an event has a part that its kind does not"); break;
	case PART_B: e->b = read_ref(g, event); break;
	case PART_NAME: e->name = read_name(g); break;
	case PART_INDEX:
		e->index = (uint32_t)cursor_below(&g->in, (uint64_t)UINT32_MAX + 1) - 1;
		break;
	case PART_ARGS: read_args(g, e, event); break;
	}
}

static void read_event(struct graph_reader *g, uint32_t event)
{
	struct event *e = &g->c->events[event];
	uint8_t head = cursor_byte(&g->in);

	if ((head & EVENT_KIND_MASK) >= EV_COUNT) {
		cursor_fail(&g->in, "an unknown kind of event");
		return;
	}
	e->kind = (enum event_kind)(head & EVENT_KIND_MASK);
	const struct record_shape *s = &record_shapes[e->kind];
	uint64_t flags = head & EVENT_HAS_FLAGS ? cursor_number(&g->in) : 0;
	e->flags = flags & FLAGS_ALL;
	if (flags & FLAG_HAS_NAME)
		e->name = read_name(g);
	if (flags & FLAG_HAS_ARGS)
		read_args(g, e, event);
	uint8_t op = s->op ? cursor_byte(&g->in) : 0;
	e->op = op & OP_MASK;
	e->span = op & OP_SAME_SPAN ? g->in.last : cursor_span(&g->in);
	if (s->a)
		e->a = read_ref(g, event);
	if (head & EVENT_HAS_FIRST)
		read_part(g, e, event, (enum record_part)s->first);
	if (head & EVENT_HAS_SECOND)
		read_part(g, e, event, (enum record_part)s->second);
	if (e->kind == EV_CLOSURE && e->index >= g->m->module.scope_count)
		cursor_fail(&g->in, "a closure of a scope that is not there");
}

static void read_block(struct graph_reader *g, uint32_t i, uint32_t *first, block_id *raise)
{
	struct block *b = &g->c->blocks[i];
	uint64_t head = cursor_number(&g->in);
	uint64_t count = head >> BLOCK_COUNT_SHIFT;

	*b = (struct block){.first_event = *first, .succ = {BLOCK_NONE, BLOCK_NONE, BLOCK_NONE}};
	if (count > g->c->event_count - *first) {
		cursor_fail(&g->in, "more events than announced");
		return;
	}
	b->event_count = (uint32_t)count;
	*first += b->event_count;
	for (uint32_t e = 0; e < b->event_count && g->in.why == NULL; e++)
		read_event(g, b->first_event + e);
	unsigned edges = event_edges(b->event_count == 0 ? NULL : &g->c->events[*first - 1]);
	if (edges & 1u << EDGE_NEXT)
		b->succ[EDGE_NEXT] = head & BLOCK_FALLS_THROUGH
		                             ? i + 1
		                             : cursor_near(&g->in, i, g->c->block_count);
	if (edges & 1u << EDGE_FALSE)
		b->succ[EDGE_FALSE] = cursor_near(&g->in, i, g->c->block_count);
	if (edges & 1u << EDGE_RAISE) {
		if (!(head & BLOCK_RAISES_ALIKE))
			*raise = cursor_near(&g->in, i, g->c->block_count);
		b->succ[EDGE_RAISE] = *raise;
	}
}

/* The counts and the room for what they announce. */
static void read_counts(struct graph_reader *g, struct arena *scratch)
{
	struct cfg *c = g->c;

	memset(c, 0, sizeof(*c));
	c->event_count = cursor_count(&g->in, 2); /* kind, and op or span */
	c->arg_count = cursor_count(&g->in, 1);
	c->place_count = cursor_count(&g->in, 2);
	c->block_count = cursor_count(&g->in, 1);
	c->token_count = (uint32_t)cursor_below(&g->in, UINT32_MAX);
	if (g->in.why != NULL)
		return;
	c->events = arena_array(scratch, struct event, c->event_count);
	c->args = arena_array(scratch, struct arg, c->arg_count);
	c->places = arena_array(scratch, struct place, c->place_count);
	c->blocks = arena_array(scratch, struct block, c->block_count);
}

bool record_cfg(struct arena *scratch, const struct loaded_module *m, scope_id scope,
                struct cfg *out)
{
	struct graph_reader g = {.m = m, .c = out};
	uint32_t first = 0;
	block_id raise = 0;
	const char *why = NULL;

	if (scope >= m->module.scope_count)
		return false;
	g.in = cursor_on(m->record.bytes + m->cfg_offsets[scope],
	                 m->cfg_offsets[scope + 1] - m->cfg_offsets[scope]);
	g.in.size = m->module.size;
	g.in.last.start = g.in.last.end = m->module.scopes[scope].span.start;
	read_counts(&g, scratch);
	for (uint32_t i = 0; g.in.why == NULL && i < out->place_count; i++)
		read_place(&g, &out->places[i]);
	for (uint32_t i = 0; g.in.why == NULL && i < out->block_count; i++)
		read_block(&g, i, &first, &raise);
	if (g.in.why == NULL && first != out->event_count)
		return false;
	return g.in.why == NULL && cfg_verify(out, &why);
}
