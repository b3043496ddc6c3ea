/*
 * bind_made.c - the resources that a function makes or takes itself: which of its calls, with blocks and loops open one,
 * how, and the name that the findings give it.
 */
#include "program/bind_internal.h"
#include "program/items.h"
#include "program/provider.h"
#include "program/registry.h"

/* The variable that the value of 'event' is stored in first, for its name. */
static struct str first_holder(const struct binder *b, uint32_t event)
{
	for (uint32_t i = event + 1; i < b->cfg->event_count && i < event + 64; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_ASSIGN && stored_by(b, i) == REF_TEMP(event) &&
		    ref_kind(e->a) == REF_KIND_PLACE &&
		    (b->items[i] == NULL || b->items[i]->view_of == NULL))
			return place_text(b, ref_index(e->a));
		if (e->kind == EV_ENTER && e->a == REF_TEMP(event))
			return first_holder(b, i);
	}
	return STR_EMPTY;
}

void acquire_at(struct binder *b, uint32_t event, const struct resource_kind *kind,
                enum origin origin, const struct provider *provider, struct str maker)
{
	struct str name = first_holder(b, event);
	uint32_t r = add_resource(b,
	                          (struct resource){
					  .kind = kind,
					  .origin = origin,
					  .name = name.len > 0 ? name : str_of(kind->noun),
					  .event = event,
					  .param = UINT32_MAX,
					  .span = b->cfg->events[event].span,
					  .provider = provider,
					  .maker = maker,
				  },
	                          UINT32_MAX);
	if (r < RESOURCES_MAX)
		b->acquired[event] = (uint16_t)(r + 1);
}

/* iter(x), aiter(x): x itself, when x is a generator. */
static bool is_iter(const struct binder *b, const struct event *e)
{
	return e->kind == EV_CALL && e->name == NAME_NONE && e->arg_count == 1 &&
	       (call_is(b, e, "iter") || call_is(b, e, "aiter")) &&
	       ref_kind(b->cfg->args[e->first_arg].value) == REF_KIND_TEMP &&
	       ref_index(b->cfg->args[e->first_arg].value) < (uint32_t)(e - b->cfg->events);
}

/* A call of something that yields a session, as next(), with or for take it apart. */
static bool yields_session(const struct binder *b, ref call, struct thing *out)
{
	if (ref_kind(call) == REF_KIND_TEMP && is_iter(b, &b->cfg->events[ref_index(call)]))
		return yields_session(
			b, b->cfg->args[b->cfg->events[ref_index(call)].first_arg].value, out);
	if (ref_kind(call) != REF_KIND_TEMP)
		return false;
	*out = b->callees[ref_index(call)];
	return out->kind == THING_PROVIDER && out->resource != NULL &&
	       (out->provider == NULL || out->provider->shape != SHAPE_RETURNS);
}

static bool is_next(const struct binder *b, const struct event *e, ref *generator)
{
	if (e->arg_count > 0 && e->name == NAME_NONE &&
	    (call_is(b, e, "next") || call_is(b, e, "anext")))
		*generator = b->cfg->args[e->first_arg].value;
	else if (call_is(b, e, "__next__") || call_is(b, e, "__anext__"))
		*generator = e->a;
	else
		return false;
	return true;
}

/*
 * `generator = get_db(); db = next(generator)`: the local keeps the generator, whose clean-up runs when it is
 * dropped at the return at the latest (runtime.md 2, pattern 16). It has to have one.
 */
static bool keeps_generator(const struct binder *b, ref generator, struct thing *out)
{
	if (ref_kind(generator) != REF_KIND_PLACE)
		return false;
	const struct place *p = &b->cfg->places[ref_index(generator)];
	uint32_t maker = maker_of_local(b, generator);
	return p->root_kind == PLACE_LOCAL && p->step_count == 0 && maker != EVENT_NONE &&
	       yields_session(b, REF_TEMP(maker), out) &&
	       (out->provider == NULL || out->provider->guarded);
}

/* `op.get_bind()` of a migration: the connection that it runs on, and not this function's to give back. */
static bool is_bind_of_migration(const struct binder *b, uint32_t made)
{
	if (made == EVENT_NONE || b->cfg->events[made].kind != EV_CALL ||
	    !call_is(b, &b->cfg->events[made], "get_bind"))
		return false;
	ref on = b->cfg->events[made].a;
	return str_starts(b->targets[made].dotted, STR("alembic.")) ||
	       (ref_kind(on) == REF_KIND_PLACE &&
	        str_is(place_path(b->scratch, b->project, &b->cfg->places[ref_index(on)]), "op"));
}

/* Session(bind=connection): what it holds is the connection's, and goes back with that. */
static bool is_on_connection(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		uint32_t made = EVENT_NONE;
		if (ref_kind(value) == REF_KIND_TEMP)
			made = ref_index(value);
		else if (ref_kind(value) == REF_KIND_PLACE)
			made = maker_of_local(b, value);
		if (is_bind_of_migration(b, made))
			return true;
		if (ref_kind(value) != REF_KIND_PLACE)
			continue;
		struct str path = place_path(b->scratch, b->project,
		                             &b->cfg->places[ref_index(value)]);
		if (str_starts(dotted_last(path), STR("conn")))
			return true;
	}
	return false;
}

/* Is the value of 'event', or the local that has it, returned or yielded? */
static bool is_returned(const struct binder *b, uint32_t event)
{
	uint32_t place = b->first_places[event];
	for (uint32_t i = event; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if ((e->kind == EV_RETURN || e->kind == EV_YIELD) &&
		    (e->a == REF_TEMP(event) || (place != 0 && e->a == REF_PLACE(place - 1))))
			return true;
	}
	return false;
}

/*
 * `session = scoped_session(maker)` in a function: a registry for this one call. Its session goes the way of any other,
 * while one that is returned is the application's.
 */
static const struct resource_kind *registry_made(const struct binder *b, uint32_t i)
{
	const struct maker *m = b->fn->scope == 0 || b->targets[i].kind != TARGET_EXTERNAL
	                                ? NULL
	                                : protocols_maker(b->program->protocols,
	                                                  b->targets[i].dotted, MAKER_REGISTRY_TYPE);
	return m != NULL && b->resource_count < RESOURCES_MAX && !is_returned(b, i) ? m->kind : NULL;
}

/* Is another database let in: `ATTACH 'host=db' AS shop (TYPE postgres)`? */
static bool attaches(const struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		for (uint32_t k = 0;
		     (e->kind == EV_CALL || e->kind == EV_BUILD) && k < e->arg_count; k++) {
			ref value = b->cfg->args[e->first_arg + k].value;
			struct str text = ref_kind(value) == REF_KIND_TEXT
			                          ? project_text(b->project, ref_index(value))
			                          : STR_EMPTY;
			for (size_t at = 0; at + 6 <= text.len; at++)
				if (memcmp(text.ptr + at, "ATTACH", 6) == 0)
					return true;
		}
	}
	return false;
}

/* sqlite3.connect(":memory:"), duckdb.connect(): a database of the connection's own, which no server knows. */
static bool is_private(const struct binder *b, const struct event *e,
                       const struct resource_kind *kind)
{
	struct str address = STR(":default:");
	if (kind == NULL || kind->private_count == 0)
		return false;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &b->cfg->args[e->first_arg + i];
		bool names_it = arg->keyword == NAME_NONE
		                        ? i == 0
		                        : str_is(project_text(b->project, arg->keyword),
		                                 "database");
		if (names_it && ref_kind(arg->value) != REF_KIND_TEXT)
			return false;
		if (names_it)
			address = project_text(b->project, ref_index(arg->value));
	}
	for (size_t i = 0; i < kind->private_count; i++)
		if (str_eq(kind->private_to[i], address))
			return !attaches(b);
	return false;
}

static void find_acquire_call(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	struct thing thing = b->callees[i];
	const struct provider *items;
	ref generator;
	if ((thing.kind == THING_TYPE || thing.kind == THING_FACTORY) &&
	    (thing.resource->layer == LAYER_SESSION ? is_on_connection(b, e)
	                                            : is_private(b, e, thing.resource)))
		return;
	if (thing.kind == THING_TYPE || thing.kind == THING_FACTORY)
		acquire_at(b, i, thing.resource, ORIGIN_FACTORY, NULL,
		           dotted_last(b->targets[i].dotted));
	else if (thing.kind == THING_PROVIDER && thing.provider != NULL &&
	         thing.provider->shape == SHAPE_RETURNS && !thing.provider->shared &&
	         b->session_of[i] == 0)
		acquire_at(b, i, thing.resource, ORIGIN_FACTORY, thing.provider,
		           thing.provider->name);
	else if ((items = find_unpacked(b, i)) != NULL)
		acquire_at(b, i, items->kind, ORIGIN_FACTORY, items, items->name);
	else if (is_next(b, e, &generator) && yields_session(b, generator, &thing))
		acquire_at(b, i, thing.resource, ORIGIN_GENERATOR, thing.provider,
		           dotted_last(b->targets[ref_index(generator)].dotted));
	else if (is_next(b, e, &generator) && keeps_generator(b, generator, &thing))
		acquire_at(b, i, thing.resource, ORIGIN_LENT, thing.provider, STR_EMPTY);
	else if (thing.kind == THING_NONE && registry_made(b, i) != NULL)
		acquire_at(b, i, registry_made(b, i), ORIGIN_FACTORY, NULL,
		           dotted_last(b->targets[i].dotted));
	else if (thing.kind == THING_NONE && ran_position(b, i) != UINT32_MAX)
		find_ran(b, i);
	else if (thing.kind == THING_NONE)
		find_own_session(b, i);
}

void find_made(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	struct thing thing;
	if (e->kind == EV_CALL)
		find_acquire_call(b, i);
	else if (e->kind == EV_ENTER && yields_session(b, e->a, &thing))
		acquire_at(b, i, thing.resource, ORIGIN_MANAGER, thing.provider, STR_EMPTY);
	else if (e->kind == EV_NEXT && ref_kind(e->a) == REF_KIND_TEMP &&
	         yields_session(b, b->cfg->events[ref_index(e->a)].a, &thing))
		acquire_at(b, i, thing.resource, ORIGIN_LENT, thing.provider,
		           STR_EMPTY); /* the loop keeps the generator */
}
