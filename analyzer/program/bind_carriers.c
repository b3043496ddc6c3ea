/*
 * bind_carriers.c - which places and temporaries of a function can carry a resource, the
 * slots they get, and the conditions that guard them.
 */
#include "program/bind_internal.h"

/* ---- what carries a resource ------------------------------------------------------- */

static bool is_release_name(struct str name)
{
	static const char *const releasing[] = {"close",    "aclose",     "remove",
	                                        "dispose",  "disconnect", "terminate",
	                                        "closeall", "__exit__",   "__aexit__"};
	for (size_t i = 0; i < ARRAY_LEN(releasing); i++)
		if (str_is(name, releasing[i]))
			return true;
	return false;
}

/* `db.close` without parentheses, handed to somebody who calls it: it stands for db. */
static uint32_t place_of_release(const struct binder *b, uint32_t index)
{
	const struct place *p = &b->cfg->places[index];
	if (p->step_count != 1 || p->root_kind != PLACE_LOCAL || p->steps[0].kind != STEP_ATTRIBUTE)
		return UINT32_MAX;
	return is_release_name(project_text(b->project, p->steps[0].name))
	               ? locals_find(&b->locals, p->root)
	               : UINT32_MAX;
}

/* `cur.connection` of a cursor: the connection that the cursor is a view of, under one more name. */
static uint32_t place_of_view(const struct binder *b, uint32_t index)
{
	const struct place *p = &b->cfg->places[index];
	if (p->step_count != 1 || p->root_kind != PLACE_LOCAL || p->steps[0].kind != STEP_ATTRIBUTE ||
	    !str_is(project_text(b->project, p->steps[0].name), "connection"))
		return UINT32_MAX;
	uint32_t view = locals_find(&b->locals, p->root);
	bool is_view = view != UINT32_MAX && b->places[view].how == CARRY_IS &&
	               b->places[view].kind->view_of != NULL;
	return is_view ? view : UINT32_MAX;
}

bool is_release_given(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		if (ref_kind(value) == REF_KIND_PLACE &&
		    place_of_release(b, ref_index(value)) != UINT32_MAX)
			return true;
	}
	return false;
}

struct carried carried_by(const struct binder *b, ref r)
{
	if (ref_kind(r) == REF_KIND_TEMP)
		return b->temps[ref_index(r)];
	if (ref_kind(r) != REF_KIND_PLACE)
		return (struct carried){0};
	uint32_t released = place_of_release(b, ref_index(r)), view = place_of_view(b, ref_index(r));
	if (view != UINT32_MAX)
		return (struct carried){.how = CARRY_IS, .kind = kind_itself(b->places[view].kind)};
	return b->places[released != UINT32_MAX ? released : ref_index(r)];
}

ref stored_by(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	return b->items[event] != NULL ? e->b : event_stored(b->cfg, e);
}

bool carry(struct carried *into, uint8_t how, const struct resource_kind *kind)
{
	if ((into->how | how) == into->how)
		return false;
	into->how |= how;
	if (into->kind == NULL)
		into->kind = kind;
	return true;
}

struct carried carried_by_args(const struct binder *b, const struct event *e)
{
	struct carried all = {0};
	for (uint32_t i = 0; i < e->arg_count; i++) {
		struct carried one = carried_by(b, b->cfg->args[e->first_arg + i].value);
		carry(&all, one.how, one.kind);
	}
	return all;
}

/* `cls`, `repository_class`, `model_cls`: a class by what it is called. */
static bool names_class(struct str name)
{
	static const char *const names[] = {"cls", "klass", "clazz", "class_"};
	static const char *const endings[] = {"_cls", "_class", "_klass"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is(name, names[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (str_ends(name, str_of(endings[i])))
			return true;
	return false;
}

/* The parameter `kind: type[Repository]`. */
static bool is_annotated_class(const struct binder *b, ref called)
{
	struct target t;
	if (ref_kind(called) != REF_KIND_PLACE ||
	    b->cfg->places[ref_index(called)].root_kind == PLACE_TOKEN ||
	    b->cfg->places[ref_index(called)].step_count != 0 ||
	    !find_param(b, &b->cfg->places[ref_index(called)], &t))
		return false;
	const struct module *m = project_module(b->project, t.module);
	expr_id at = m->params[t.binding].annotation;
	if (at == EXPR_NONE || m->exprs[at].kind != EXPR_SUBSCRIPT)
		return false;
	struct str name = dotted_last(project_text(b->project, m->exprs[at + 1].text));
	return str_is(name, "type") || str_is(name, "Type");
}

/* `type(self)(db)`, `self.__class__(db)` */
static bool is_class_of_object(const struct binder *b, const struct event *e)
{
	if (e->name != NAME_NONE)
		return str_is(project_text(b->project, e->name), "__class__");
	return ref_kind(e->a) == REF_KIND_TEMP && b->cfg->events[ref_index(e->a)].kind == EV_CALL &&
	       call_is(b, &b->cfg->events[ref_index(e->a)], "type");
}

/*
 * TeamService(db): an object that keeps the session. By convention classes begin with a capital. Session(bind=connection)
 * works on the connection, but ends with a life of its own.
 */
bool is_constructor(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	const struct thing *made = &b->callees[event];
	if (made->kind == THING_TYPE && made->resource->layer == LAYER_SESSION)
		return false;
	struct str name = project_text(b->project, e->name);
	bool called = e->kind == EV_CALL;
	if (e->name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE)
		name = project_text(b->project, b->cfg->places[ref_index(e->a)].root);
	if (called && (names_class(name) || is_class_of_object(b, e) ||
	               (e->name == NAME_NONE && is_annotated_class(b, e->a))))
		return true;
	while (name.len > 0 && name.ptr[0] == '_')
		name = str_slice(name, 1, name.len);
	return name.len > 0 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
}

bool is_begin_of_session(const struct binder *b, const struct event *e)
{
	struct carried receiver = e->kind == EV_CALL ? carried_by(b, e->a) : (struct carried){0};
	return (receiver.how & CARRY_IS) && receiver.kind->layer == LAYER_SESSION &&
	       call_is(b, e, "begin");
}

bool is_factory_maker(const struct binder *b, uint32_t event)
{
	bool registry = protocols_maker(b->program->protocols, b->targets[event].dotted,
	                                MAKER_REGISTRY_TYPE) != NULL;
	return (registry || b->callees[event].kind == THING_FACTORY_TYPE) &&
	       carried_by_args(b, &b->cfg->events[event]).how != 0;
}

/* closing(x), aclosing(x) and nullcontext(x) give x to the with statement that enters them. */
bool is_pass_through(const struct binder *b, const struct event *e)
{
	return e->kind == EV_CALL && e->arg_count == 1 &&
	       (call_is(b, e, "closing") || call_is(b, e, "aclosing") ||
	        call_is(b, e, "nullcontext"));
}

/* A call that hands something to an ExitStack: stack.callback(db.close), stack.enter_context(Session()). */
bool is_stack_call(const struct binder *b, const struct event *e)
{
	static const char *const handing[] = {"callback",      "push_async_callback",
	                                      "push",          "push_async_exit",
	                                      "enter_context", "enter_async_context"};
	if (e->name == NAME_NONE || e->arg_count == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(handing); i++)
		if (call_is(b, e, handing[i]))
			return carried_by(b, b->cfg->args[e->first_arg].value).how != 0;
	return false;
}

/* A generator, or a coroutine that nobody awaits here: it runs later, with what it was given. */
bool is_deferred(const struct binder *b, uint32_t i)
{
	const struct target *t = &b->targets[i];
	if (t->kind != TARGET_SCOPE)
		return false;
	const struct scope *s = project_scope(b->project, t->module, t->scope);
	bool coroutine = (s->flags & SCOPE_ASYNC) != 0 &&
	                 (b->cfg->events[i].flags & EVF_AWAITED) == 0;
	return s->kind == SCOPE_FUNCTION && ((s->flags & SCOPE_GENERATOR) != 0 || coroutine);
}

/* Carries what one event passes on; true when something new was carried. */
static bool carry_event(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	struct carried from;
	switch (e->kind) {
	case EV_ASSIGN:
		from = carried_by(b, stored_by(b, i));
		if (b->items[i] != NULL)
			from.kind = b->items[i];
		return ref_kind(e->a) == REF_KIND_PLACE &&
		       (carry(&b->places[ref_index(e->a)], from.how, from.kind) |
		        carry_parts(b, i, from));
	case EV_ENTER:
	case EV_AWAIT:
		from = carried_by(b, e->a);
		return !is_run_by_await(b, i) && carry(&b->temps[i], from.how, from.kind);
	case EV_BUILD:
		if (e->op == BUILD_STRING)
			return false; /* a text about a session has no session */
		from = carried_by_args(b, e);
		return carry(&b->temps[i],
		             e->op == BUILD_CHOICE ? from.how : (from.how ? CARRY_HOLDS : 0),
		             from.kind);
	case EV_CLOSURE:
		from = (struct carried){0};
		for (uint32_t k = 0; k < b->captured[i].count; k++)
			carry(&from, b->places[b->captured[i].places[k]].how,
			      b->places[b->captured[i].places[k]].kind);
		return carry(&b->temps[i], from.how != 0 ? CARRY_HOLDS : 0, from.kind);
	case EV_CALL:
		if (part_read(b, i) != UINT32_MAX)
			return carry(&b->temps[i], b->places[part_read(b, i)].how,
			             b->places[part_read(b, i)].kind);
		from = carried_by(b, e->a);
		if ((from.how & CARRY_IS) && b->acquired[i] == 0) {
			const struct method *m = called_method(b, e, from.kind);
			if (method_gives_view(m, from.kind))
				return carry(&b->temps[i], CARRY_IS, m->gives);
		}
		if (is_stack_call(b, e) && ref_kind(e->a) == REF_KIND_PLACE) {
			from = carried_by(b, b->cfg->args[e->first_arg].value);
			carry(&b->temps[i], from.how, from.kind);
			return carry(&b->places[ref_index(e->a)], CARRY_HOLDS, from.kind);
		}
		if (ref_kind(e->a) == REF_KIND_PLACE && e->name == NAME_NONE &&
		    b->registry_of[ref_index(e->a)] != 0)
			return carry(&b->temps[i], CARRY_IS, b->places[ref_index(e->a)].kind);
		if (e->name == NAME_NONE && (from.how & CARRY_IS) && from.kind->is_registry)
			return carry(&b->temps[i], CARRY_IS, from.kind);
		if (b->session_of[i] != 0)
			return carry(&b->temps[i], CARRY_IS,
			             b->resources[b->session_of[i] - 1].kind);
		if (is_begin_of_session(b, e))
			return carry(&b->temps[i], CARRY_IS, carried_by(b, e->a).kind);
		/* a provider's session is made when it is entered */
		if (is_deferred(b, i) && b->callees[i].kind != THING_PROVIDER &&
		    (carried_by(b, e->a).how != 0 || carried_by_args(b, e).how != 0))
			return carry(&b->temps[i], CARRY_HOLDS, carried_by(b, e->a).kind);
		from = carried_by_args(b, e);
		if (is_pass_through(b, e))
			return carry(&b->temps[i], from.how, from.kind);
		return from.how != 0 &&
		       (is_constructor(b, i) || is_factory_maker(b, i) || is_holder_maker(b, i)) &&
		       carry(&b->temps[i], CARRY_HOLDS, from.kind);
	default: return false;
	}
}

/* Which of our locals the nested function, class or lambda made here uses. */
static void find_captured(struct binder *b, uint32_t event)
{
	struct captures *c = &b->captured[event];
	struct cfg inner;
	if (!record_cfg(b->scratch, &b->project->modules[b->fn->module].loaded,
	                b->cfg->events[event].index, &inner))
		return;
	c->places = arena_array(b->scratch, uint32_t, inner.place_count);
	for (uint32_t i = 0; i < inner.place_count; i++) {
		uint32_t place = inner.places[i].root_kind == PLACE_FREE
		                         ? locals_find(&b->locals, inner.places[i].root)
		                         : UINT32_MAX;
		if (place != UINT32_MAX)
			c->places[c->count++] = place;
	}
	for (uint32_t i = 0; i < inner.event_count && !c->releases; i++)
		c->releases = inner.events[i].kind == EV_CALL &&
		              is_release_name(project_text(b->project, inner.events[i].name));
}

void find_captures(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (b->cfg->events[i].kind == EV_CLOSURE)
			find_captured(b, i);
}

void find_carriers(struct binder *b)
{
	for (uint32_t r = 0; r < b->resource_count; r++) {
		const struct resource *resource = &b->resources[r];
		if (b->entry_places[r] != 0)
			carry(&b->places[b->entry_places[r] - 1], CARRY_IS, resource->kind);
		if (resource->event != EVENT_NONE)
			carry(&b->temps[resource->event],
			      resource->in_object ? CARRY_HOLDS : CARRY_IS, resource->kind);
	}
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		if (b->stands_for[i] != 0)
			carry(&b->places[i], CARRY_IS,
			      b->typed.places[i] != NULL ? b->typed.places[i]
			                                 : b->resources[b->stands_for[i] - 1].kind);
		else if (b->registry_of[i] != 0)
			carry(&b->places[i], CARRY_IS, b->resources[b->registry_of[i] - 1].kind);
		else if (b->lent_of[i] != 0)
			carry(&b->places[i], CARRY_IS, b->resources[b->lent_of[i] - 1].kind);
	spread_carriers(b);
}

void spread_carriers(struct binder *b)
{
	for (bool grew = true; grew;) { /* each round carries at least one more; chains are short */
		grew = false;
		for (uint32_t i = 0; i < b->cfg->event_count; i++)
			grew |= carry_event(b, i);
	}
}

/* ---- slots and guards ---------------------------------------------------------------- */

slot_id new_slot(struct plan *p)
{
	return p->slot_count < SLOTS_MAX ? (slot_id)p->slot_count++ : SLOT_NONE;
}

void make_slots(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		p->place_slots[i] = b->places[i].how != 0 ? new_slot(p) : SLOT_NONE;
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		if (place_of_release(b, i) != UINT32_MAX)
			p->place_slots[i] = p->place_slots[place_of_release(b, i)];
		else if (place_of_view(b, i) != UINT32_MAX)
			p->place_slots[i] = p->place_slots[place_of_view(b, i)];
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		p->temp_slots[i] = b->temps[i].how != 0 ? new_slot(p) : SLOT_NONE;
}

static bool asks_guard(const struct event *e)
{
	return (e->kind == EV_TEST || e->kind == EV_COMPARE) &&
	       (e->op == OP_TRUTH || e->op == OP_IS_NONE) && ref_kind(e->a) == REF_KIND_PLACE;
}

static void add_guard(struct binder *b, uint32_t place)
{
	struct plan *p = &b->fn->plan;
	if (p->guard_count == CONDITIONS_MAX)
		return;
	if (p->place_slots[place] == SLOT_NONE)
		p->place_slots[place] = new_slot(p);
	slot_id slot = p->place_slots[place];
	for (uint32_t i = 0; i < p->guard_count; i++)
		if (p->guards[i] == slot)
			return;
	if (slot != SLOT_NONE)
		p->guards[p->guard_count++] = slot;
}

/* Is this a flag: a plain local that is set to a constant or to a test of a carrier? */
static bool sets_flag(const struct binder *b, const struct event *e)
{
	if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE || e->index != 0)
		return false;
	const struct place *place = &b->cfg->places[ref_index(e->a)];
	if (place->root_kind != PLACE_LOCAL || place->step_count != 0)
		return false;
	if (ref_kind(e->b) == REF_KIND_CONST)
		return true;
	if (ref_kind(e->b) != REF_KIND_TEMP)
		return false;
	const struct event *from = &b->cfg->events[ref_index(e->b)];
	if (from->kind != EV_COMPARE || ref_kind(from->a) != REF_KIND_PLACE)
		return false;
	return carried_by(b, from->a).how != 0 || carried_by(b, from->b).how != 0 ||
	       is_param(b, b->cfg->places[ref_index(from->a)].root);
}

/* A question about a place that is followed, whose answer is kept. */
static bool tells_apart(const struct binder *b, const struct event *e)
{
	const struct plan *p = &b->fn->plan;
	return e->op == OP_SAME ? plan_slot(p, e->a) != SLOT_NONE && plan_slot(p, e->b) != SLOT_NONE
	                        : asks_guard(e) && plan_slot(p, e->a) != SLOT_NONE;
}

/* First the carriers that are asked for, then flags, then parameters: at most CONDITIONS_MAX. */
void find_guards(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	uint8_t *asked = arena_array(b->scratch, uint8_t, b->cfg->place_count);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (asks_guard(&b->cfg->events[i]))
			asked[ref_index(b->cfg->events[i].a)] = 1;
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		if (asked[i] && b->places[i].how != 0)
			add_guard(b, i);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (sets_flag(b, &b->cfg->events[i]) && asked[ref_index(b->cfg->events[i].a)])
			add_guard(b, ref_index(b->cfg->events[i].a));
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		if (asked[i] && b->cfg->places[i].step_count == 0 &&
		    is_param(b, b->cfg->places[i].root))
			add_guard(b, i);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (b->cfg->events[i].kind == EV_COMPARE && p->temp_slots[i] == SLOT_NONE &&
		    tells_apart(b, &b->cfg->events[i]))
			p->temp_slots[i] = new_slot(p);
}
