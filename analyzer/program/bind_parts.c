/*
 * bind_parts.c - sessions in local dictionaries, tuples and namespaces: `ctx = {"db": SessionLocal()}` and then
 * ctx["db"]. The parts of a local are places of their own as long as everything that is done with the local can be seen:
 * parts are read and stored under constant keys, the whole is handed to calls, returned, or asked whether it is there. A
 * local with any other use is not followed, and who puts a session in it has given it away.
 */
#include "program/bind_internal.h"

#include <stdio.h>

/* ---- what such an object is made from ------------------------------------------------------------ */

static bool is_display(const struct event *e)
{
	return e->kind == EV_BUILD &&
	       (e->op == BUILD_TUPLE || e->op == BUILD_LIST || e->op == BUILD_DICT);
}

/* The event that makes an object whose parts have constant keys; EVENT_NONE for any other value. */
static uint32_t maker_of_parts(const struct binder *b, ref value)
{
	if (ref_kind(value) != REF_KIND_TEMP)
		return EVENT_NONE;
	const struct event *e = &b->cfg->events[ref_index(value)];
	if (!is_display(e))
		return EVENT_NONE;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &b->cfg->args[e->first_arg + i];
		if (arg->flags != 0 || (e->op == BUILD_DICT && arg->keyword == NAME_NONE))
			return EVENT_NONE;
	}
	return ref_index(value);
}

/* The value that the object was made with in this part, or REF_NONE. */
static ref value_of_part(const struct binder *b, uint32_t maker, const struct place *part)
{
	const struct event *e = &b->cfg->events[maker];
	enum step_kind by = e->op == BUILD_DICT ? STEP_ELEMENT : STEP_ITEM;
	if (part->steps[0].kind != by || part->step_count != 1)
		return REF_NONE;
	struct str digits = project_text(b->project, part->steps[0].name);
	uint32_t number = 0;
	for (size_t i = 0; by == STEP_ITEM && i < digits.len; i++)
		number = number * 10 + (uint32_t)(digits.ptr[i] - '0');
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &b->cfg->args[e->first_arg + i];
		if (by == STEP_ITEM ? i == number : arg->keyword == part->steps[0].name)
			return arg->value;
	}
	return REF_NONE;
}

/* ---- which locals are followed --------------------------------------------------------------------- */

struct following {
	const struct binder *b;
	uint32_t *root; /* per place: the place of the local it starts from, + 1 */
	bool *made;     /* per place: such an object is stored in this local */
	bool *loose;    /* per place: something is done with this local that is not followed */
};

/* **kwargs: a dictionary of this call's own. */
static bool is_double_star(const struct binder *b, const struct place *p)
{
	const struct param *param = param_named(b, p->root);
	return param != NULL && param->kind == PARAM_DOUBLE_STAR;
}

static void list_roots(struct following *f)
{
	const struct binder *b = f->b;
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *p = &b->cfg->places[i];
		uint32_t root = p->root_kind == PLACE_LOCAL ? locals_find(&b->locals, p->root)
		                                            : UINT32_MAX;
		f->root[i] = root == UINT32_MAX ? 0 : root + 1;
		f->made[i] |= root == i && is_double_star(b, p);
	}
}

/* ctx["db"], not ctx[name] */
static bool is_constant_part(const struct place *p)
{
	return p->step_count > 0 && p->steps[0].kind != STEP_INDEX;
}

static void use(struct following *f, ref r, bool whole_is_fine)
{
	if (ref_kind(r) != REF_KIND_PLACE || f->root[ref_index(r)] == 0)
		return;
	const struct place *p = &f->b->cfg->places[ref_index(r)];
	if (p->step_count == 0 ? !whole_is_fine : !is_constant_part(p))
		f->loose[f->root[ref_index(r)] - 1] = true;
}

/* `ctx.get("db")`, `ctx.pop("db")`: the key, else NAME_NONE. */
static name_id key_read(const struct binder *b, const struct event *e)
{
	if (e->kind != EV_CALL || e->name == NAME_NONE || e->arg_count == 0 ||
	    ref_kind(e->a) != REF_KIND_PLACE || (!call_is(b, e, "get") && !call_is(b, e, "pop")))
		return NAME_NONE;
	const struct arg *key = &b->cfg->args[e->first_arg];
	return key->flags == 0 && ref_kind(key->value) == REF_KIND_TEXT
	               ? (name_id)ref_index(key->value)
	               : NAME_NONE;
}

static void use_store(struct following *f, const struct event *e)
{
	bool plain = e->index == 0 && (e->flags & (EVF_AUGMENTED | EVF_STAR)) == 0;
	bool made = plain && maker_of_parts(f->b, e->b) != EVENT_NONE;
	use(f, e->a, made || (plain && e->b == REF_CONST(CONST_NONE)));
	use(f, e->b, false);
	if (made && ref_kind(e->a) == REF_KIND_PLACE &&
	    f->b->cfg->places[ref_index(e->a)].step_count == 0)
		f->made[ref_index(e->a)] = true;
}

static void use_event(struct following *f, uint32_t i)
{
	const struct event *e = &f->b->cfg->events[i];
	bool call = e->kind == EV_CALL;
	/* `"db" in ctx` asks about a part, and a release may hang on the answer */
	bool asks = e->kind == EV_TEST || (e->kind == EV_COMPARE && e->op != OP_OTHER) ||
	            e->kind == EV_RETURN || e->kind == EV_LEAVE || e->kind == EV_YIELD ||
	            e->kind == EV_DELETE;
	if (e->kind == EV_ASSIGN) {
		use_store(f, e);
	} else {
		use(f, e->a, asks || (call && key_read(f->b, e) != NAME_NONE));
		use(f, e->b, asks);
	}
	for (uint32_t k = 0; k < e->arg_count; k++) {
		const struct arg *arg = &f->b->cfg->args[e->first_arg + k];
		use(f, arg->value, call && (arg->flags & ARG_STAR) == 0);
	}
	for (uint32_t k = 0; k < f->b->captured[i].count; k++)
		f->loose[f->b->captured[i].places[k]] = true;
}

/* `ctx.get("db")` of what has no place: what it gives is not known. */
static void use_read(struct following *f, uint32_t i)
{
	const struct event *e = &f->b->cfg->events[i];
	name_id key = key_read(f->b, e);
	bool known = false;
	if (key == NAME_NONE || f->root[ref_index(e->a)] == 0)
		return;
	for (uint32_t k = 0; k < f->b->cfg->place_count && !known; k++) {
		const struct place *p = &f->b->cfg->places[k];
		known = f->root[k] == f->root[ref_index(e->a)] && p->step_count == 1 &&
		        p->steps[0].kind == STEP_ELEMENT && p->steps[0].name == key;
	}
	if (!known)
		f->loose[f->root[ref_index(e->a)] - 1] = true;
}

/* The same of the caller's object: what is lent in `ctx["db"]` may be got at otherwise. */
static void note_loose_lent(struct binder *b, const struct following *f)
{
	const struct lent *lent = b->fn->lent;
	if (lent == NULL || lent->by == STEP_ATTRIBUTE)
		return;
	uint32_t root = f->root[b->lent_places[0]];
	b->resources[0].loose = root == 0 || f->loose[root - 1];
}

/* The place of the part in which the local keeps the argument of a display, made if it is new; false: there is none. */
static bool add_part_place(struct binder *b, uint32_t local, const struct event *made,
                           uint32_t index)
{
	const struct arg *arg = &b->cfg->args[made->first_arg + index];
	struct place part = b->cfg->places[local];
	char digits[12];
	(void)snprintf(digits, sizeof digits, "%u", index);
	bool keyed = made->op == BUILD_DICT;
	part.steps[0].kind = keyed ? STEP_ELEMENT : STEP_ITEM;
	part.steps[0].name = keyed ? arg->keyword : intern_find(b->project->names, str_of(digits));
	part.step_count = 1;
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *p = &b->cfg->places[i];
		if (p->root_kind == PLACE_LOCAL && p->root == part.root && p->step_count == 1 &&
		    p->steps[0].kind == part.steps[0].kind && p->steps[0].name == part.steps[0].name)
			return true;
	}
	if (part.steps[0].name == NAME_NONE || b->part_place_count == PARTS_MAX)
		return false;
	b->fn->cfg.places[b->fn->cfg.place_count++] = part;
	b->part_place_count++;
	return true;
}

/* Each session in a display that is stored in a local has a place there; else that is not followed. */
static void add_part_places(struct binder *b, struct following *f)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		uint32_t maker = e->kind == EV_ASSIGN && ref_kind(e->a) == REF_KIND_PLACE &&
		                                 f->made[ref_index(e->a)]
		                         ? maker_of_parts(b, e->b)
		                         : EVENT_NONE;
		if (maker == EVENT_NONE)
			continue;
		const struct event *made = &b->cfg->events[maker];
		for (uint32_t k = 0; k < made->arg_count; k++) {
			uint8_t how = carried_by(b, b->cfg->args[made->first_arg + k].value).how;
			if (how != 0 &&
			    (how != CARRY_IS || !add_part_place(b, ref_index(e->a), made, k)))
				f->loose[ref_index(e->a)] = true;
		}
	}
}

void find_parts(struct binder *b)
{
	uint32_t places = b->cfg->place_count + PARTS_MAX;
	struct following f = {.b = b};
	f.root = arena_array(b->scratch, uint32_t, places);
	f.made = arena_array(b->scratch, bool, places);
	f.loose = arena_array(b->scratch, bool, places);
	list_roots(&f);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		use_event(&f, i);
	add_part_places(b, &f);
	places = b->cfg->place_count;
	list_roots(&f);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		use_read(&f, i);
	for (uint32_t i = 0; i < places; i++)
		b->followed[i] = f.made[i] && !f.loose[i] &&
		                 (!is_param(b, b->cfg->places[i].root) ||
		                  is_double_star(b, &b->cfg->places[i]));
	for (uint32_t i = places; i-- > 0;) {
		uint32_t root = f.root[i];
		if (root == 0 || root == i + 1 || !b->followed[root - 1])
			continue;
		b->part_of[i] = root;
		b->next_part[i] = b->first_part[root - 1];
		b->first_part[root - 1] = i + 1;
	}
	note_loose_lent(b, &f);
}

bool has_parts(const struct binder *b, ref r)
{
	return ref_kind(r) == REF_KIND_PLACE && b->followed[ref_index(r)];
}

/* ---- what they carry, and what is done ---------------------------------------------------------------- */

bool carry_parts(struct binder *b, uint32_t event, struct carried from)
{
	const struct event *e = &b->cfg->events[event];
	uint32_t to = ref_index(e->a);
	bool grew = false;
	if (b->part_of[to] != 0 && from.how != 0)
		return carry(&b->places[b->part_of[to] - 1], CARRY_HOLDS, from.kind);
	uint32_t maker = b->followed[to] ? maker_of_parts(b, e->b) : EVENT_NONE;
	for (uint32_t at = b->first_part[to]; at != 0 && maker != EVENT_NONE;
	     at = b->next_part[at - 1]) {
		ref value = value_of_part(b, maker, &b->cfg->places[at - 1]);
		struct carried one = value == REF_NONE ? (struct carried){0} : carried_by(b, value);
		grew |= carry(&b->places[at - 1], one.how, one.kind);
	}
	return grew;
}

uint32_t part_read(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	name_id key = key_read(b, e);
	for (uint32_t at = key == NAME_NONE ? 0 : b->first_part[ref_index(e->a)]; at != 0;
	     at = b->next_part[at - 1]) {
		const struct place *p = &b->cfg->places[at - 1];
		if (p->step_count == 1 && p->steps[0].kind == STEP_ELEMENT && p->steps[0].name == key)
			return at - 1;
	}
	return UINT32_MAX;
}

bool is_followed_build(const struct binder *b, uint32_t event)
{
	uint32_t place = b->first_places[event];
	return place != 0 && b->followed[place - 1] &&
	       maker_of_parts(b, REF_TEMP(event)) != EVENT_NONE;
}

static void act_store(struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	struct action *a = &b->fn->plan.actions[event];
	uint32_t to = ref_index(e->a), count = 0;
	if (b->part_of[to] != 0)
		a->holder = b->fn->plan.place_slots[b->part_of[to] - 1];
	for (uint32_t at = b->first_part[to]; at != 0; at = b->next_part[at - 1])
		count++;
	struct part *parts = arena_array(b->scratch, struct part, count);
	uint32_t maker = maker_of_parts(b, e->b);
	for (uint32_t at = b->first_part[to]; at != 0; at = b->next_part[at - 1]) {
		slot_id slot = b->fn->plan.place_slots[at - 1];
		if (slot == SLOT_NONE)
			continue;
		parts[a->part_count++] = (struct part){
			slot, maker == EVENT_NONE
				      ? REF_NONE
				      : value_of_part(b, maker, &b->cfg->places[at - 1])};
	}
	a->parts = parts;
}

void act_parts(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_ASSIGN && ref_kind(e->a) == REF_KIND_PLACE &&
		    (b->part_of[ref_index(e->a)] != 0 || b->first_part[ref_index(e->a)] != 0))
			act_store(b, i);
	}
}
