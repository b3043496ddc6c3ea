/*
 * disjunct.c - memory, key and values of one disjunct. A slot that may be a guard
 * is set only here, where the key follows.
 */
#include "state/disjunct.h"

/* ---- memory and join ---------------------------------------------------- */

/* In one piece: very many are made. */
static size_t size_of(const struct plan *p)
{
	return sizeof(struct disjunct) + p->resource_count * sizeof(state_set) +
	       p->slot_count * sizeof(struct value);
}

static struct disjunct *laid_out(const struct plan *p, struct disjunct *d)
{
	d->states = (state_set *)(void *)(d + 1);
	d->values = (struct value *)(void *)(d->states + p->resource_count);
	d->next = NULL;
	d->pending = false;
	return d;
}

struct disjunct *disjunct_new(struct arena *scratch, const struct plan *p)
{
	return laid_out(p, arena_alloc(scratch, size_of(p), _Alignof(struct disjunct)));
}

struct disjunct *disjunct_copy(struct arena *scratch, const struct plan *p,
                               const struct disjunct *from)
{
	return laid_out(p, arena_copy(scratch, from, size_of(p), _Alignof(struct disjunct)));
}

bool disjunct_join(const struct plan *p, struct disjunct *into, const struct disjunct *from)
{
	uint64_t added = 0;
	for (uint32_t i = 0; i < p->slot_count; i++) {
		struct value *v = &into->values[i];
		added |= from->values[i].is & ~v->is;
		added |= from->values[i].holds & ~v->holds;
		v->is |= from->values[i].is;
		v->holds |= from->values[i].holds;
	}
	for (uint32_t i = 0; i < p->resource_count; i++) {
		added |= from->states[i] & ~into->states[i];
		into->states[i] |= from->states[i];
	}
	return added != 0;
}

/* ---- keys --------------------------------------------------------------- */

/*
 * A key's low bits: two a guard (0 mixed, 1 None, 2 false, 3 true). Above
 * them KEY_TOKENS_MAX pairs of bytes: token number + 1, value; 0 where free.
 */
#define KEY_GUARD_BITS (2 * GUARDS_MAX)
_Static_assert(KEY_GUARD_BITS + 16 * KEY_TOKENS_MAX <= 64, "a key is one word");

static unsigned guard_bits(struct value v)
{
	if (v.is == VALUE_NONE)
		return 1;
	if (v.is == VALUE_FALSE)
		return 2;
	return v.is != 0 && (v.is & (VALUE_NONE | VALUE_FALSE)) == 0 ? 3 : 0;
}

static void write_guard(struct disjunct *d, unsigned guard, struct value v)
{
	d->key &= ~((uint64_t)3 << (2 * guard));
	d->key |= (uint64_t)guard_bits(v) << (2 * guard);
}

void disjunct_update_guards(const struct plan *p, struct disjunct *d)
{
	for (unsigned i = 0; i < p->guard_count; i++)
		write_guard(d, i, d->values[p->guards[i]]);
}

unsigned disjunct_forgettable(const struct plan *p, const struct disjunct *d, block_id block)
{
	unsigned passed = p->asked == NULL ? 0 : (unsigned)(p->passing & ~p->asked[block]);
	unsigned known = 0;
	for (unsigned rest = passed; rest != 0; rest &= rest - 1) {
		struct value v = d->values[p->guards[__builtin_ctz(rest)]];
		if (v.is != VALUE_ANY || v.holds != 0)
			known |= rest & (~rest + 1);
	}
	return known;
}

void disjunct_forget(const struct plan *p, struct disjunct *d, unsigned guards)
{
	for (unsigned rest = guards; rest != 0; rest &= rest - 1)
		disjunct_set(p, d, p->guards[__builtin_ctz(rest)], (struct value){VALUE_ANY, 0});
}

static unsigned key_token_shift(unsigned i)
{
	return KEY_GUARD_BITS + 16 * i;
}

void disjunct_set_token(struct disjunct *d, uint32_t number, uint32_t value,
                        struct solve_bounds *bounds)
{
	unsigned place = KEY_TOKENS_MAX;
	for (unsigned i = 0; i < KEY_TOKENS_MAX; i++) {
		unsigned held = (unsigned)(d->key >> key_token_shift(i)) & 0xff;
		if (held == number + 1 || (held == 0 && place == KEY_TOKENS_MAX))
			place = i;
		if (held == number + 1)
			break;
	}
	if (place == KEY_TOKENS_MAX || number >= 0xff || value > 0xff) {
		bounds->tokens++;
		return;
	}
	unsigned shift = key_token_shift(place);
	d->key = (d->key & ~((uint64_t)0xffff << shift)) | ((uint64_t)(number + 1) << shift) |
	         ((uint64_t)value << (shift + 8));
}

int disjunct_token(const struct disjunct *d, uint32_t number)
{
	for (unsigned i = 0; i < KEY_TOKENS_MAX; i++) {
		unsigned shift = key_token_shift(i);
		if (((d->key >> shift) & 0xff) == (uint64_t)number + 1)
			return (int)((d->key >> (shift + 8)) & 0xff);
	}
	return -1;
}

void disjunct_clear_token(struct disjunct *d, uint32_t number)
{
	for (unsigned i = 0; i < KEY_TOKENS_MAX; i++) {
		unsigned shift = key_token_shift(i);
		if (((d->key >> shift) & 0xff) == (uint64_t)number + 1)
			d->key &= ~((uint64_t)0xffff << shift);
	}
}

uint64_t disjunct_tokens(const struct disjunct *d)
{
	return d->key >> KEY_GUARD_BITS;
}

/* ---- values ------------------------------------------------------------- */

slot_id plan_slot(const struct plan *p, ref r)
{
	switch (ref_kind(r)) {
	case REF_KIND_TEMP: return p->temp_slots[ref_index(r)];
	case REF_KIND_PLACE: return p->place_slots[ref_index(r)];
	case REF_KIND_NONE:
	case REF_KIND_CONST:
	case REF_KIND_TEXT: return SLOT_NONE;
	}
	return SLOT_NONE;
}

static struct value value_of_const(uint32_t c)
{
	switch ((enum const_kind)c) {
	case CONST_NONE: return (struct value){VALUE_NONE, 0};
	case CONST_FALSE:
	case CONST_ZERO: return (struct value){VALUE_FALSE, 0};
	case CONST_TRUE:
	case CONST_NUMBER:
	case CONST_ELLIPSIS: return (struct value){VALUE_OTHER, 0};
	}
	return (struct value){VALUE_ANY, 0};
}

/* What the text says of a value that is made: `[]` is not None, `(a, b)` is true, so is Item(..). */
static struct value value_of_made(const struct plan *p, uint32_t index)
{
	const struct event *e = &p->cfg->events[index];
	bool true_ = e->kind == EV_CLOSURE;
	if (e->kind == EV_CALL && !p->actions[index].makes_object)
		return (struct value){VALUE_ANY, 0};
	if (e->kind == EV_BUILD && e->op == BUILD_CHOICE)
		return (struct value){VALUE_ANY, 0};
	if (e->kind == EV_BUILD)
		true_ = e->arg_count > 0 && (e->op == BUILD_TUPLE || e->op == BUILD_DICT);
	else if (e->kind != EV_CALL && e->kind != EV_COMPARE && e->kind != EV_CLOSURE)
		return (struct value){VALUE_ANY, 0};
	return (struct value){true_ ? VALUE_OTHER : VALUE_FALSE | VALUE_OTHER, 0};
}

uint32_t value_resource(uint32_t is)
{
	is &= VALUE_RESOURCES;
	return is == 0 || (is & (is - 1)) != 0 ? RESOURCES_MAX : (uint32_t)__builtin_ctz(is);
}

uint32_t disjunct_resource(const struct disjunct *d, slot_id slot)
{
	return slot == SLOT_NONE ? RESOURCES_MAX : value_resource(d->values[slot].is);
}

struct value disjunct_value(const struct plan *p, const struct disjunct *d, ref r)
{
	slot_id slot = plan_slot(p, r);
	if (slot != SLOT_NONE)
		return d->values[slot];
	switch (ref_kind(r)) {
	case REF_KIND_CONST: return value_of_const(ref_index(r));
	case REF_KIND_TEXT: return (struct value){VALUE_FALSE | VALUE_OTHER, 0};
	case REF_KIND_TEMP: return value_of_made(p, ref_index(r));
	case REF_KIND_PLACE:
	case REF_KIND_NONE: break;
	}
	return (struct value){VALUE_ANY, 0};
}

void disjunct_set(const struct plan *p, struct disjunct *d, slot_id slot, struct value v)
{
	if (slot == SLOT_NONE)
		return;
	d->values[slot] = v;
	for (unsigned i = 0; i < p->guard_count; i++)
		if (p->guards[i] == slot)
			write_guard(d, i, v);
}

uint32_t disjunct_reached(const struct plan *p, const struct disjunct *d, ref r)
{
	struct value v = disjunct_value(p, d, r);
	return (v.is & VALUE_RESOURCES) | v.holds;
}

uint32_t disjunct_reached_by_args(const struct plan *p, const struct disjunct *d,
                                  const struct event *e)
{
	uint32_t reached = 0;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		struct value v = disjunct_value(p, d, p->cfg->args[e->first_arg + i].value);
		reached |= (v.is & VALUE_RESOURCES) | v.holds;
	}
	return reached;
}
