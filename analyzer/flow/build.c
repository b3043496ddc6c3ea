/* build.c - collects blocks and events, then orders and compacts them. */
#include "flow/build.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <stb/stb_ds.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SLOTS_FIRST = 64 };

void build_clear(struct build *b)
{
	arrsetlen(b->blocks, 0);
	arrsetlen(b->events, 0);
	arrsetlen(b->args, 0);
	arrsetlen(b->places, 0);
	b->token_count = 0;
	b->generation++; /* forgets the slots; a wrap takes four thousand million graphs */
	b->current = build_block(b);
	b->blocks[0].reached = true;
}

void build_release(struct build *b)
{
	arrfree(b->blocks);
	arrfree(b->events);
	arrfree(b->args);
	arrfree(b->places);
	arrfree(b->out_events);
	arrfree(b->out_blocks);
	arrfree(b->order);
	arrfree(b->number);
	arrfree(b->moved);
	arrfree(b->preds);
	arrfree(b->stack);
	free(b->slots);
}

block_id build_block(struct build *b)
{
	struct raw_block raw = {.succ = {BLOCK_NONE, BLOCK_NONE, BLOCK_NONE}};

	arrput(b->blocks, raw);
	return (block_id)arrlenu(b->blocks) - 1;
}

bool build_start(struct build *b, block_id id)
{
	assert(b->current == BLOCK_NONE);
	if (!b->blocks[id].reached)
		return false;
	b->blocks[id].first_event = (uint32_t)arrlenu(b->events);
	b->current = id;
	return true;
}

void build_edge(struct build *b, enum edge_kind kind, block_id id)
{
	if (b->current == BLOCK_NONE)
		return;
	assert(b->blocks[b->current].succ[kind] == BLOCK_NONE);
	b->blocks[b->current].succ[kind] = id;
	b->blocks[id].reached = true;
}

void build_end(struct build *b)
{
	b->current = BLOCK_NONE;
}

void build_jump(struct build *b, block_id id)
{
	build_edge(b, EDGE_NEXT, id);
	build_end(b);
}

uint32_t build_event(struct build *b, struct event e)
{
	if (b->current == BLOCK_NONE)
		return UINT32_MAX;
	b->blocks[b->current].event_count++;
	arrput(b->events, e);
	return (uint32_t)arrlenu(b->events) - 1;
}

uint32_t build_raising(struct build *b, struct event e, block_id raise)
{
	uint32_t made = build_event(b, e);

	if (made == UINT32_MAX)
		return made;
	block_id next = build_block(b);
	build_edge(b, EDGE_RAISE, raise);
	build_jump(b, next);
	build_start(b, next);
	return made;
}

void build_args(struct build *b, struct event *e, const struct arg *args, uint32_t count)
{
	e->first_arg = (uint32_t)arrlenu(b->args);
	e->arg_count = count;
	if (count > 0)
		memcpy(arraddnptr(b->args, count), args, count * sizeof(*args));
}

/* ---- places ---------------------------------------------------------------- */

static bool place_eq(const struct place *a, const struct place *b)
{
	if (a->root_kind != b->root_kind || a->root != b->root || a->step_count != b->step_count)
		return false;
	for (uint8_t i = 0; i < a->step_count; i++)
		if (a->steps[i].kind != b->steps[i].kind || a->steps[i].name != b->steps[i].name)
			return false;
	return true;
}

static uint32_t place_hash(const struct place *p)
{
	uint32_t key[2 + 2 * PLACE_STEPS_MAX] = {p->root_kind, p->root};

	for (uint8_t i = 0; i < p->step_count; i++) {
		key[2 + 2 * i] = 1 + p->steps[i].kind;
		key[3 + 2 * i] = p->steps[i].name;
	}
	return (uint32_t)XXH3_64bits(key, sizeof(key));
}

static struct place_slot *place_slot(struct build *b, const struct place *p)
{
	uint32_t i = place_hash(p) & (b->slot_count - 1);

	while (b->slots[i].generation == b->generation && !place_eq(&b->places[b->slots[i].place], p))
		i = (i + 1) & (b->slot_count - 1);
	return &b->slots[i];
}

static void grow_slots(struct build *b)
{
	b->slot_count = b->slot_count == 0 ? SLOTS_FIRST : b->slot_count * 2;
	b->slots = memory_resize_array(b->slots, b->slot_count, sizeof(*b->slots));
	memset(b->slots, 0, b->slot_count * sizeof(*b->slots));
	for (uint32_t i = 0; i < arrlenu(b->places); i++)
		*place_slot(b, &b->places[i]) = (struct place_slot){b->generation, i};
}

uint32_t build_place(struct build *b, const struct place *p)
{
	if (arrlenu(b->places) >= b->slot_count / 2)
		grow_slots(b);
	struct place_slot *slot = place_slot(b, p);
	if (slot->generation == b->generation)
		return slot->place;
	*slot = (struct place_slot){b->generation, (uint32_t)arrlenu(b->places)};
	arrput(b->places, *p);
	return slot->place;
}

/* ---- finishing -------------------------------------------------------------- */

static bool is_empty_step(const struct raw_block *r)
{
	return r->event_count == 0 && r->succ[EDGE_FALSE] == BLOCK_NONE &&
	       r->succ[EDGE_RAISE] == BLOCK_NONE && r->succ[EDGE_NEXT] != BLOCK_NONE;
}

/*
 * The first block at or after 'id' that does something. The chain that led there
 * is shortened, so that the work is linear in total; a chain that bites its tail
 * (`while True: pass`) ends in one block that points to itself.
 */
static block_id skip_empty(struct build *b, block_id id)
{
	block_id end = id;

	while (is_empty_step(&b->blocks[end]) && b->blocks[end].succ[EDGE_NEXT] != end) {
		block_id next = b->blocks[end].succ[EDGE_NEXT];
		b->blocks[end].succ[EDGE_NEXT] = end; /* marks the chain: meeting it again is a cycle */
		arrput(b->stack, end);
		end = next;
	}
	while (arrlenu(b->stack) > 0)
		b->blocks[arrpop(b->stack)].succ[EDGE_NEXT] = end;
	return end;
}

static void skip_empty_blocks(struct build *b)
{
	arrsetlen(b->stack, 0);
	for (uint32_t i = 0; i < arrlenu(b->blocks); i++)
		for (int k = 0; k < EDGE_COUNT; k++)
			if (b->blocks[i].succ[k] != BLOCK_NONE)
				b->blocks[i].succ[k] = skip_empty(b, b->blocks[i].succ[k]);
}

static bool ends_in_plain_jump(const struct build *b, const struct raw_block *r)
{
	const struct event *last = r->event_count == 0
	                                   ? NULL
	                                   : &b->events[r->first_event + r->event_count - 1];

	return event_edges(last) == 1u << EDGE_NEXT && (last == NULL || last->kind != EV_CATCH);
}

/* The block that is to be glued to the end of 'id', or BLOCK_NONE. */
static block_id glued(const struct build *b, block_id id)
{
	const struct raw_block *r = &b->blocks[id];

	if (!ends_in_plain_jump(b, r) || b->preds[r->succ[EDGE_NEXT]] != 1)
		return BLOCK_NONE;
	return r->succ[EDGE_NEXT];
}

/* The last raw block of the run that starts at 'id'. */
static block_id run_end(const struct build *b, block_id id)
{
	for (block_id next = glued(b, id); next != BLOCK_NONE; next = glued(b, id))
		id = next;
	return id;
}

/* Counts the edges into each block that can be reached from 'entry'. */
static void count_preds(struct build *b, block_id entry)
{
	arrsetlen(b->preds, arrlenu(b->blocks));
	memset(b->preds, 0, arrlenu(b->blocks) * sizeof(*b->preds));
	arrsetlen(b->stack, 0);
	b->preds[entry] = 2; /* from outside, and never glued to anything */
	arrput(b->stack, entry);
	while (arrlenu(b->stack) > 0) {
		block_id at = arrpop(b->stack);
		for (int k = 0; k < EDGE_COUNT; k++) {
			block_id to = b->blocks[at].succ[k];
			if (to != BLOCK_NONE && b->preds[to]++ == 0)
				arrput(b->stack, to);
		}
	}
}

/*
 * Postorder of the runs. The stack holds pairs: block, edges already followed. RAISE
 * is followed first and NEXT last, so that in the reverse order straight code comes first.
 */
static void postorder(struct build *b, block_id entry)
{
	static const enum edge_kind follow[EDGE_COUNT] = {EDGE_RAISE, EDGE_FALSE, EDGE_NEXT};

	arrsetlen(b->number, arrlenu(b->blocks));
	memset(b->number, 0, arrlenu(b->blocks) * sizeof(*b->number)); /* 1: seen */
	arrsetlen(b->order, 0);
	b->number[entry] = 1;
	arrput(b->stack, entry);
	arrput(b->stack, 0);
	while (arrlenu(b->stack) > 0) {
		uint32_t *edge = &b->stack[arrlenu(b->stack) - 1];
		block_id head = b->stack[arrlenu(b->stack) - 2];
		if (*edge == EDGE_COUNT) {
			arrput(b->order, head);
			arrsetlen(b->stack, arrlenu(b->stack) - 2);
			continue;
		}
		block_id to = b->blocks[b->moved[head]].succ[follow[(*edge)++]];
		if (to == BLOCK_NONE || b->number[to] != 0)
			continue;
		b->number[to] = 1;
		arrput(b->stack, to);
		arrput(b->stack, 0);
	}
}

/* Marks by 'reached' = true the blocks that are glued to another one. */
static void mark_glued(struct build *b)
{
	for (uint32_t i = 0; i < arrlenu(b->blocks); i++)
		b->blocks[i].reached = false;
	for (uint32_t i = 0; i < arrlenu(b->blocks); i++) {
		block_id next = b->preds[i] == 0 ? BLOCK_NONE : glued(b, i);
		if (next != BLOCK_NONE)
			b->blocks[next].reached = true;
	}
}

/* Finds the end of each run, from its head; 'moved' is free until the events move. */
static void find_runs(struct build *b)
{
	arrsetlen(b->moved, arrlenu(b->blocks));
	for (uint32_t i = 0; i < arrlenu(b->blocks); i++)
		if (b->preds[i] != 0 && !b->blocks[i].reached)
			b->moved[i] = run_end(b, i);
}

static ref moved_ref(const struct build *b, ref r)
{
	return ref_kind(r) == REF_KIND_TEMP ? REF_TEMP(b->moved[ref_index(r)]) : r;
}

/* Copies the events of a run behind those that are placed already. */
static void place_run(struct build *b, block_id head, block_id end, struct block *out)
{
	out->first_event = (uint32_t)arrlenu(b->out_events);
	for (block_id at = head;; at = b->blocks[at].succ[EDGE_NEXT]) {
		const struct raw_block *r = &b->blocks[at];
		if (r->event_count > 0)
			memcpy(arraddnptr(b->out_events, r->event_count),
			       b->events + r->first_event, r->event_count * sizeof(struct event));
		if (at == end)
			break;
	}
	out->event_count = (uint32_t)arrlenu(b->out_events) - out->first_event;
}

/* Old event number to new one, run by run in the final order. */
static void number_events(struct build *b, const block_id *ends)
{
	uint32_t next = 0;

	arrsetlen(b->moved, arrlenu(b->events));
	for (size_t i = arrlenu(b->order); i-- > 0;)
		for (block_id at = b->order[i];; at = b->blocks[at].succ[EDGE_NEXT]) {
			const struct raw_block *r = &b->blocks[at];
			for (uint32_t e = 0; e < r->event_count; e++)
				b->moved[r->first_event + e] = next++;
			if (at == ends[i])
				break;
		}
}

static void renumber_operands(struct build *b)
{
	for (size_t i = 0; i < arrlenu(b->out_events); i++) {
		struct event *e = &b->out_events[i];
		e->a = moved_ref(b, e->a);
		e->b = moved_ref(b, e->b);
		for (uint32_t k = 0; k < e->arg_count; k++) {
			struct arg *arg = &b->args[e->first_arg + k];
			arg->value = moved_ref(b, arg->value);
		}
	}
}

static void place_blocks(struct build *b)
{
	size_t count = arrlenu(b->order);

	arrsetlen(b->out_events, 0);
	arrsetlen(b->out_blocks, count);
	/* The runs' ends are needed after 'moved' gets its second meaning. */
	arrsetlen(b->stack, count);
	for (size_t i = 0; i < count; i++)
		b->stack[i] = b->moved[b->order[i]];
	number_events(b, b->stack);
	for (size_t i = 0; i < count; i++)
		b->number[b->order[count - 1 - i]] = (uint32_t)i;
	for (size_t i = 0; i < count; i++) {
		block_id end = b->stack[count - 1 - i];
		struct block *out = &b->out_blocks[i];
		place_run(b, b->order[count - 1 - i], end, out);
		for (int k = 0; k < EDGE_COUNT; k++) {
			block_id to = b->blocks[end].succ[k];
			out->succ[k] = to == BLOCK_NONE ? BLOCK_NONE : b->number[to];
		}
	}
	renumber_operands(b);
}

void build_finish(struct build *b, struct cfg *out)
{
	assert(b->current == BLOCK_NONE);
	skip_empty_blocks(b);
	block_id entry = skip_empty(b, 0);
	count_preds(b, entry);
	mark_glued(b);
	find_runs(b);
	arrsetlen(b->stack, 0);
	postorder(b, entry);
	place_blocks(b);
	*out = (struct cfg){.events = b->out_events,
	                    .args = b->args,
	                    .places = b->places,
	                    .blocks = b->out_blocks,
	                    .event_count = (uint32_t)arrlenu(b->out_events),
	                    .arg_count = (uint32_t)arrlenu(b->args),
	                    .place_count = (uint32_t)arrlenu(b->places),
	                    .block_count = (uint32_t)arrlenu(b->out_blocks),
	                    .token_count = b->token_count};
}
