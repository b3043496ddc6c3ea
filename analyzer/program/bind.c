/*
 * bind.c - late binding of one function, in four steps: what it is given or
 * makes (resources), which places and temporaries can carry one (slots),
 * which conditions guard them (guards), and what each event does (actions).
 */
#include "program/bind.h"

#include "program/bind_internal.h"
#include "program/provider.h"
#include "program/summary.h"

#include <stdlib.h>

/* ---- names -------------------------------------------------------------------- */

static const struct module *module_of(const struct binder *b)
{
	return project_module(b->project, b->fn->module);
}

/* The dotted text of a place made of attributes only; empty for anything else. */
static struct str place_path(struct arena *scratch, const struct project *p,
                             const struct place *place)
{
	struct str path = project_text(p, place->root);
	if (place->root_kind == PLACE_TOKEN)
		return STR_EMPTY;
	for (unsigned i = 0; i < place->step_count; i++) {
		if (place->steps[i].kind != STEP_ATTRIBUTE)
			return STR_EMPTY;
		path = arena_printf(scratch, "%.*s.%.*s", STR_ARG(path),
		                    STR_ARG(project_text(p, place->steps[i].name)));
	}
	return path;
}

/* A local name means something to other code only when it was imported or defined right here. */
static bool is_opaque_local(const struct binder *b, const struct place *place)
{
	if (place->root_kind != PLACE_LOCAL)
		return false;
	const struct symbol *s = project_symbol(b->project, b->fn->module, b->fn->scope,
	                                        place->root);
	return s == NULL || s->kind == SYMBOL_BINDING;
}

static struct target target_of_path(const struct binder *b, const struct place *place,
                                    struct str path)
{
	if (path.len == 0 || is_opaque_local(b, place))
		return (struct target){.kind = TARGET_UNKNOWN, .dotted = path};
	return resolve(b->scratch, b->project, b->fn->module, b->fn->scope, path);
}

/* What a call calls: the place, and the method name behind it. */
static struct target callee_target(const struct binder *b, const struct event *e)
{
	if (ref_kind(e->a) != REF_KIND_PLACE)
		return (struct target){.kind = TARGET_UNKNOWN,
		                       .dotted = project_text(b->project, e->name)};
	const struct place *place = &b->cfg->places[ref_index(e->a)];
	struct str path = place_path(b->scratch, b->project, place);
	if (e->name != NAME_NONE)
		path = arena_printf(b->scratch, "%.*s.%.*s", STR_ARG(path),
		                    STR_ARG(project_text(b->project, e->name)));
	return target_of_path(b, place, path);
}

bool call_is(const struct binder *b, const struct event *e, const char *name)
{
	return e->name != NAME_NONE
	               ? str_is(project_text(b->project, e->name), name)
	               : ref_kind(e->a) == REF_KIND_PLACE &&
	                         b->cfg->places[ref_index(e->a)].step_count == 0 &&
	                         str_is(project_text(b->project,
	                                             b->cfg->places[ref_index(e->a)].root),
	                                name);
}

/* ---- resources ------------------------------------------------------------------ */

static uint32_t add_resource(struct binder *b, struct resource r, uint32_t entry_place)
{
	if (b->resource_count == RESOURCES_MAX)
		return RESOURCES_MAX;
	for (uint32_t i = 0; i < b->resource_count; i++)
		r.ordinal += str_eq(b->resources[i].name, r.name);
	b->resources[b->resource_count] = r;
	b->entry_places[b->resource_count] = (slot_id)(entry_place + 1);
	return b->resource_count++;
}

uint32_t place_of_local(const struct cfg *cfg, name_id name)
{
	for (uint32_t i = 0; i < cfg->place_count; i++)
		if (cfg->places[i].root_kind == PLACE_LOCAL && cfg->places[i].step_count == 0 &&
		    cfg->places[i].root == name)
			return i;
	return UINT32_MAX;
}

static void add_injected(struct binder *b)
{
	const struct module *m = module_of(b);
	const struct scope *s = &m->scopes[b->fn->scope];
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		struct dependency dep;
		bool unresolved = false;
		if (!dependency_of(b->scratch, b->project, b->fn->module, b->fn->scope,
		                   &m->params[i], &dep))
			continue;
		if (dep.annotated && b->fn->entry == ENTRY_NONE)
			continue; /* an Annotated alias on a plain function is a plain parameter */
		const struct provider *provider = provider_of_dependency(b->scratch, b->program,
		                                                         &dep, &unresolved);
		if (provider == NULL)
			continue;
		add_resource(b,
		             (struct resource){
				     .kind = provider->kind,
				     .origin = ORIGIN_DEPENDENCY,
				     .name = project_text(b->project, m->params[i].name),
				     .event = EVENT_NONE,
				     .param = i,
				     .span = m->params[i].span,
				     .provider = provider,
			     },
		             place_of_local(b->cfg, m->params[i].name));
	}
}

static bool is_lent_place(const struct place *p, const struct lent *lent)
{
	if (p->root_kind != lent->root_kind || p->root != lent->root)
		return false;
	if (lent->attribute == NAME_NONE)
		return p->step_count == 0;
	return p->step_count == 1 && p->steps[0].kind == STEP_ATTRIBUTE &&
	       p->steps[0].name == lent->attribute;
}

/* One text for one registry, however it was imported. */
static struct str identity_of(const struct binder *b, const struct target *t)
{
	if (t->kind != TARGET_BINDING)
		return t->dotted;
	return arena_printf(b->scratch, "%.*s:%.*s",
	                    STR_ARG(project_module(b->project, t->module)->path),
	                    STR_ARG(t->dotted));
}

/* Registries are there on entry: whoever ran before in this thread may have used them. */
static void add_registry(struct binder *b, uint32_t place_index, uint32_t event)
{
	const struct place *place = &b->cfg->places[place_index];
	struct str path = place_path(b->scratch, b->project, place);
	struct target t = target_of_path(b, place, path);
	struct thing thing = thing_of(b->scratch, b->program, &t);
	if (thing.kind != THING_REGISTRY || (thing.by_name && is_opaque_local(b, place)))
		return;
	uint32_t r = add_resource(b,
	                          (struct resource){
					  .kind = thing.resource,
					  .origin = ORIGIN_REGISTRY,
					  .name = path,
					  .identity = identity_of(b, &t),
					  .event = EVENT_NONE,
					  .param = UINT32_MAX,
					  .span = b->cfg->events[event].span,
					  .thread_local_scope = !thing.has_scopefunc,
				  },
	                          place_index);
	if (r < RESOURCES_MAX)
		b->registry_of[place_index] = r + 1;
}

/* The variable that the value of 'event' is stored in first, for its name. */
static struct str first_holder(const struct binder *b, uint32_t event)
{
	for (uint32_t i = event + 1; i < b->cfg->event_count && i < event + 64; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_ASSIGN && e->b == REF_TEMP(event) &&
		    ref_kind(e->a) == REF_KIND_PLACE)
			return place_path(b->scratch, b->project, &b->cfg->places[ref_index(e->a)]);
		if (e->kind == EV_ENTER && e->a == REF_TEMP(event))
			return first_holder(b, i);
	}
	return STR_EMPTY;
}

static void acquire_at(struct binder *b, uint32_t event, const struct resource_kind *kind,
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

/* A call of something that yields a session, as next(), with or for take it apart. */
static bool yields_session(const struct binder *b, ref call, struct thing *out)
{
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

/* Session(bind=connection): what it holds is the connection's, and goes back with that. */
static bool is_on_connection(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		if (ref_kind(value) != REF_KIND_PLACE)
			continue;
		struct str path = place_path(b->scratch, b->project,
		                             &b->cfg->places[ref_index(value)]);
		if (str_starts(dotted_last(path), STR("conn")))
			return true;
	}
	return false;
}

static void find_acquire_call(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	struct thing thing = b->callees[i];
	ref generator;
	if (thing.kind == THING_TYPE && is_on_connection(b, e))
		return;
	if (thing.kind == THING_TYPE || thing.kind == THING_FACTORY)
		acquire_at(b, i, thing.resource, ORIGIN_FACTORY, NULL,
		           dotted_last(b->targets[i].dotted));
	else if (thing.kind == THING_PROVIDER && thing.provider != NULL &&
	         thing.provider->shape == SHAPE_RETURNS)
		acquire_at(b, i, thing.resource, ORIGIN_FACTORY, thing.provider,
		           thing.provider->name);
	else if (is_next(b, e, &generator) && yields_session(b, generator, &thing))
		acquire_at(b, i, thing.resource, ORIGIN_GENERATOR, thing.provider,
		           dotted_last(b->targets[ref_index(generator)].dotted));
}

static void find_acquire(struct binder *b, uint32_t i)
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

/* `SessionLocal.begin()`: a session whose block commits and closes. */
static struct thing begun_factory(const struct binder *b, const struct event *e)
{
	if (!call_is(b, e, "begin") || ref_kind(e->a) != REF_KIND_PLACE)
		return (struct thing){0};
	const struct place *place = &b->cfg->places[ref_index(e->a)];
	struct target t = target_of_path(b, place, place_path(b->scratch, b->project, place));
	struct thing thing = thing_of(b->scratch, b->program, &t);
	return thing.kind == THING_FACTORY ? thing : (struct thing){0};
}

/* `Session = sessionmaker(engine); db = Session()` in one function. */
static struct thing local_factory(const struct binder *b, const struct event *e)
{
	uint32_t maker = e->name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE
	                         ? maker_of_local(b, e->a)
	                         : EVENT_NONE;
	if (maker == EVENT_NONE || b->callees[maker].kind != THING_FACTORY_TYPE)
		return (struct thing){0};
	return (struct thing){.kind = THING_FACTORY, .resource = b->callees[maker].resource};
}

static void bind_callee(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	struct target t = bind_method_target(b, e, callee_target(b, e));
	b->targets[i] = t;
	struct thing thing = thing_of(b->scratch, b->program, &t);
	if (thing.kind == THING_NONE)
		thing = begun_factory(b, e);
	if (thing.kind == THING_NONE)
		thing = local_factory(b, e);
	b->callees[i] = thing;
	b->fn->plan.actions[i].quiet =
		protocols_quiet(b->program->protocols, t.dotted) ||
		(e->name != NAME_NONE &&
	         protocols_quiet(b->program->protocols,
	                         arena_printf(b->scratch, ".%.*s",
	                                      STR_ARG(project_text(b->project, e->name)))));
}

/* The session that a caller lends stands where the summary's maker says. */
static void add_lent(struct binder *b)
{
	const struct lent *lent = b->fn->lent;
	uint32_t place = 0;
	while (!is_lent_place(&b->cfg->places[place], lent))
		place++; /* add_lent_place has seen to it that there is one */
	add_resource(b,
	             (struct resource){.kind = lent->kind,
	                               .origin = ORIGIN_LENT,
	                               .name = project_text(b->project, lent->root),
	                               .event = EVENT_NONE,
	                               .param = UINT32_MAX},
	             place);
}

/* Making the exception of a raise statement is taken not to raise another one. */
static void quiet_exceptions(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_RAISE && ref_kind(e->a) == REF_KIND_TEMP)
			b->fn->plan.actions[ref_index(e->a)].quiet = true;
	}
}

static void find_resources(struct binder *b)
{
	if (b->fn->lent != NULL)
		add_lent(b);
	else
		add_injected(b);
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_CALL)
			continue;
		bind_callee(b, i);
		if (ref_kind(e->a) == REF_KIND_PLACE && b->registry_of[ref_index(e->a)] == 0)
			add_registry(b, ref_index(e->a), i);
	}
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		find_acquire(b, i);
	quiet_exceptions(b);
}

/* ---- what carries a resource ------------------------------------------------------- */

/* `db.close` without parentheses, handed to somebody who calls it: it stands for db. */
static uint32_t place_of_release(const struct binder *b, uint32_t index)
{
	const struct place *p = &b->cfg->places[index];
	if (p->step_count != 1 || p->root_kind != PLACE_LOCAL || p->steps[0].kind != STEP_ATTRIBUTE)
		return UINT32_MAX;
	struct str name = project_text(b->project, p->steps[0].name);
	bool releases = str_is(name, "close") || str_is(name, "aclose") || str_is(name, "remove");
	return releases ? place_of_local(b->cfg, p->root) : UINT32_MAX;
}

struct carried carried_by(const struct binder *b, ref r)
{
	if (ref_kind(r) == REF_KIND_TEMP)
		return b->temps[ref_index(r)];
	if (ref_kind(r) != REF_KIND_PLACE)
		return (struct carried){0};
	uint32_t released = place_of_release(b, ref_index(r));
	return b->places[released != UINT32_MAX ? released : ref_index(r)];
}

static bool carry(struct carried *into, uint8_t how, const struct resource_kind *kind)
{
	if ((into->how | how) == into->how)
		return false;
	into->how |= how;
	if (into->kind == NULL)
		into->kind = kind;
	return true;
}

static struct carried carried_by_args(const struct binder *b, const struct event *e)
{
	struct carried all = {0};
	for (uint32_t i = 0; i < e->arg_count; i++) {
		struct carried one = carried_by(b, b->cfg->args[e->first_arg + i].value);
		carry(&all, one.how, one.kind);
	}
	return all;
}

/* TeamService(db): an object that keeps the session. By convention classes begin with a capital. */
static bool is_constructor(const struct binder *b, const struct event *e)
{
	struct str name = project_text(b->project, e->name);
	if (e->name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE)
		name = project_text(b->project, b->cfg->places[ref_index(e->a)].root);
	while (name.len > 0 && name.ptr[0] == '_')
		name = str_slice(name, 1, name.len);
	return name.len > 0 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
}

/* closing(x), aclosing(x) and nullcontext(x) give x to the with statement that enters them. */
static bool is_pass_through(const struct binder *b, const struct event *e)
{
	return e->kind == EV_CALL && e->arg_count == 1 &&
	       (call_is(b, e, "closing") || call_is(b, e, "aclosing") ||
	        call_is(b, e, "nullcontext"));
}

/* A call that hands something to an ExitStack: stack.callback(db.close), stack.enter_context(Session()). */
static bool is_stack_call(const struct binder *b, const struct event *e)
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
static bool is_deferred(const struct binder *b, uint32_t i)
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
		from = carried_by(b, e->b);
		return e->index == 0 && ref_kind(e->a) == REF_KIND_PLACE &&
		       carry(&b->places[ref_index(e->a)], from.how, from.kind);
	case EV_ENTER:
	case EV_AWAIT: from = carried_by(b, e->a); return carry(&b->temps[i], from.how, from.kind);
	case EV_BUILD:
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
		if (is_stack_call(b, e) && ref_kind(e->a) == REF_KIND_PLACE) {
			from = carried_by(b, b->cfg->args[e->first_arg].value);
			carry(&b->temps[i], from.how, from.kind);
			return carry(&b->places[ref_index(e->a)], CARRY_HOLDS, from.kind);
		}
		if (ref_kind(e->a) == REF_KIND_PLACE && e->name == NAME_NONE &&
		    b->registry_of[ref_index(e->a)] != 0)
			return carry(&b->temps[i], CARRY_IS, b->places[ref_index(e->a)].kind);
		if (call_is(b, e, "begin") && (carried_by(b, e->a).how & CARRY_IS) != 0)
			return carry(&b->temps[i], CARRY_IS, carried_by(b, e->a).kind);
		if (is_deferred(b, i) &&
		    (carried_by(b, e->a).how != 0 || carried_by_args(b, e).how != 0))
			return carry(&b->temps[i], CARRY_HOLDS, carried_by(b, e->a).kind);
		from = carried_by_args(b, e);
		if (is_pass_through(b, e))
			return carry(&b->temps[i], from.how, from.kind);
		return from.how != 0 && is_constructor(b, e) &&
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
		                         ? place_of_local(b->cfg, inner.places[i].root)
		                         : UINT32_MAX;
		if (place != UINT32_MAX)
			c->places[c->count++] = place;
	}
}

static void find_carriers(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (b->cfg->events[i].kind == EV_CLOSURE)
			find_captured(b, i);
	for (uint32_t r = 0; r < b->resource_count; r++) {
		const struct resource *resource = &b->resources[r];
		if (b->entry_places[r] != 0)
			carry(&b->places[b->entry_places[r] - 1], CARRY_IS, resource->kind);
		if (resource->event != EVENT_NONE)
			carry(&b->temps[resource->event], CARRY_IS, resource->kind);
	}
	for (bool grew = true; grew;) { /* each round carries at least one more; chains are short */
		grew = false;
		for (uint32_t i = 0; i < b->cfg->event_count; i++)
			grew |= carry_event(b, i);
	}
}

/* The parameter of that name, or NULL. */
static const struct param *param_named(const struct binder *b, name_id name)
{
	const struct module *m = module_of(b);
	const struct scope *s = &m->scopes[b->fn->scope];
	for (uint32_t i = 0; i < s->param_count; i++)
		if (m->params[s->first_param + i].name == name)
			return &m->params[s->first_param + i];
	return NULL;
}

static bool is_param(const struct binder *b, name_id name)
{
	return param_named(b, name) != NULL;
}

/* ---- slots and guards ---------------------------------------------------------------- */

static slot_id new_slot(struct plan *p)
{
	return p->slot_count < SLOTS_MAX ? (slot_id)p->slot_count++ : SLOT_NONE;
}

static void make_slots(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		p->place_slots[i] = b->places[i].how != 0 ? new_slot(p) : SLOT_NONE;
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		if (place_of_release(b, i) != UINT32_MAX)
			p->place_slots[i] = p->place_slots[place_of_release(b, i)];
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
	if (p->guard_count == GUARDS_MAX)
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
	return carried_by(b, from->a).how != 0 ||
	       is_param(b, b->cfg->places[ref_index(from->a)].root);
}

/* First the carriers that are asked for, then flags, then parameters: at most GUARDS_MAX. */
static void find_guards(struct binder *b)
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
		if (b->cfg->events[i].kind == EV_COMPARE && asks_guard(&b->cfg->events[i]) &&
		    p->place_slots[ref_index(b->cfg->events[i].a)] != SLOT_NONE &&
		    p->temp_slots[i] == SLOT_NONE)
			p->temp_slots[i] = new_slot(p);
}

/* ---- actions --------------------------------------------------------------------------- */

static const struct effect effect_borrow = {DO_MAY_STATEMENT, DO_MAY_FAIL};

static void act_call(struct binder *b, uint32_t i, struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	struct plan *p = &b->fn->plan;
	struct carried receiver = carried_by(b, e->a);
	a->slot = plan_slot(p, e->a);
	if (b->acquired[i] != 0) {
		a->kind = ACTION_ACQUIRE;
		a->resource = (uint16_t)(b->acquired[i] - 1);
	} else if (call_is(b, e, "begin") && (receiver.how & CARRY_IS)) {
		a->kind = ACTION_SAME; /* the transaction's commit and rollback are the session's */
		a->quiet = true;
	} else if (receiver.how == CARRY_HOLDS &&
	           (call_is(b, e, "close") || call_is(b, e, "aclose"))) {
		a->kind = ACTION_RELEASE_HELD;
		a->effect = (struct effect){DO_CLOSE, DO_CLOSE};
		a->quiet = true;
	} else if (is_deferred(b, i) && e->name == NAME_NONE && receiver.how == CARRY_HOLDS) {
		a->kind = ACTION_SAME; /* a closure's generator holds what the closure holds */
	} else if (is_deferred(b, i) && carried_by_args(b, e).how != 0) {
		a->kind = ACTION_WRAP;
	} else if (is_stack_call(b, e)) {
		a->kind = ACTION_KEEP;
	} else if (e->name != NAME_NONE && (receiver.how & CARRY_IS)) {
		a->kind = ACTION_EFFECT;
		a->effect = kind_effect(receiver.kind, project_text(b->project, e->name));
		/* close() and rollback() that raise have let go of the connection all the same */
		a->quiet |= a->effect.normal == DO_CLOSE || a->effect.normal == DO_ROLLBACK;
	} else if (e->name == NAME_NONE && (receiver.how & CARRY_IS)) {
		a->kind = ACTION_SAME; /* Registry() is the registry's own session */
	} else if (is_pass_through(b, e)) {
		a->kind = ACTION_SAME;
		a->slot = plan_slot(p, b->cfg->args[e->first_arg].value);
	} else if (carried_by_args(b, e).how != 0 && is_constructor(b, e)) {
		a->kind = ACTION_WRAP;
	} else if (bind_callee_effect(b, i, a)) {
		a->kind = ACTION_CALLEE;
	} else if (!a->quiet && (receiver.how != 0 || carried_by_args(b, e).how != 0)) {
		a->kind = ACTION_BORROW;
		a->effect = effect_borrow;
	}
}

/* The event that made what a with statement entered, behind EV_EXIT's EV_ENTER; NULL when it is a place. */
static const struct event *entered(const struct binder *b, const struct event *exit)
{
	const struct event *enter = &b->cfg->events[ref_index(exit->a)];
	return ref_kind(enter->a) == REF_KIND_TEMP ? &b->cfg->events[ref_index(enter->a)] : NULL;
}

/* `with db.begin():` commits or rolls back when it is left. */
static bool act_exit_of_begin(struct binder *b, const struct event *e, struct action *a)
{
	const struct event *made = entered(b, e);
	if (made == NULL || made->kind != EV_CALL || !call_is(b, made, "begin") ||
	    !(carried_by(b, made->a).how & CARRY_IS))
		return false;
	a->kind = ACTION_EFFECT;
	a->slot = plan_slot(&b->fn->plan, made->a);
	/* a commit that fails is rolled back by the same exit */
	a->effect = e->op == EXIT_NORMAL ? (struct effect){DO_COMMIT, DO_ROLLBACK}
	                                 : (struct effect){DO_ROLLBACK, DO_ROLLBACK};
	return true;
}

/* with suppress(...): the one manager that is known to swallow what is raised in it. */
static bool is_suppressing(const struct binder *b, const struct event *e)
{
	const struct event *made = entered(b, e);
	return made != NULL && made->kind == EV_CALL && call_is(b, made, "suppress");
}

/* `with ExitStack() as stack`: what was handed to the stack is released when it is left. */
static bool act_exit_of_stack(struct binder *b, const struct event *e, struct action *a)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *assign = &b->cfg->events[i];
		if (assign->kind != EV_ASSIGN || assign->b != e->a ||
		    ref_kind(assign->a) != REF_KIND_PLACE)
			continue;
		if (b->places[ref_index(assign->a)].how != CARRY_HOLDS)
			return false;
		a->kind = ACTION_RELEASE_HELD;
		a->slot = plan_slot(&b->fn->plan, assign->a);
		a->effect = (struct effect){DO_CLOSE, DO_CLOSE};
		return true;
	}
	return false;
}

static bool is_null_context(const struct binder *b, const struct event *e)
{
	const struct event *made = entered(b, e);
	return made != NULL && made->kind == EV_CALL && call_is(b, made, "nullcontext");
}

/* What leaving the manager does to the session that a provider made for it. */
static struct effect exit_effect(const struct binder *b, const struct event *e,
                                 struct carried managed)
{
	uint16_t acquired = b->acquired[ref_index(e->a)];
	const struct provider *p = acquired == 0 ? NULL : b->resources[acquired - 1].provider;
	bool kept = p != NULL && (e->op == EXIT_NORMAL ? !p->releases : !p->guarded);
	return kept ? (struct effect){DO_NOTHING, DO_NOTHING} : managed.kind->with_exit;
}

static void act_exit(struct binder *b, const struct event *e, struct action *a)
{
	if (ref_kind(e->a) != REF_KIND_TEMP)
		return;
	if (e->op == EXIT_RAISED) {
		a->quiet = is_suppressing(b, e);
		a->sure = !a->quiet;
	}
	struct carried managed = b->temps[ref_index(e->a)];
	if (is_null_context(b, e) || act_exit_of_stack(b, e, a) || act_exit_of_begin(b, e, a) ||
	    !(managed.how & CARRY_IS))
		return;
	a->kind = ACTION_EFFECT;
	a->slot = b->fn->plan.temp_slots[ref_index(e->a)];
	a->effect = exit_effect(b, e, managed);
	if (e->op ==
	    EXIT_RAISED) /* only the way on with the exception is followed: its effect is the exit's */
		a->effect.raised = a->effect.normal;
}

/* A clause that takes whatever a call raises. Cancellation and exit of the interpreter pass it by. */
static bool takes_everything(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref type = b->cfg->args[e->first_arg + i].value;
		if (ref_kind(type) != REF_KIND_PLACE)
			continue;
		const struct place *p = &b->cfg->places[ref_index(type)];
		struct str name = project_text(b->project, p->root);
		if (p->root_kind == PLACE_GLOBAL && p->step_count == 0 &&
		    (str_is(name, "Exception") || str_is(name, "BaseException")))
			return true;
	}
	return false;
}

/* A class of the project that closes what it holds takes it over; so may one that is not known. */
static bool class_takes_over(const struct binder *b, const struct target *t)
{
	static const char *const closing[] = {"close",     "aclose",  "__exit__",
	                                      "__aexit__", "__del__", "dispose"};
	if (t->kind != TARGET_SCOPE)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(closing); i++) {
		struct target m = resolve_member(b->scratch, b->project, t->module, t->scope,
		                                 str_of(closing[i]));
		if (m.kind != TARGET_UNKNOWN)
			return true;
	}
	return false;
}

/* May the callee keep what it is given? A def of the project was read; of the others nothing is known. */
static bool callee_may_keep(const struct binder *b, uint32_t i, const struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	const struct target *t = &b->targets[i];
	if (carried_by_args(b, e).how == 0 || a->kind == ACTION_CALLEE ||
	    a->kind == ACTION_EFFECT || a->quiet)
		return false;
	if (a->kind == ACTION_WRAP)
		return class_takes_over(b, t);
	if (a->kind == ACTION_KEEP) /* a stack of ours is left here, any other one later */
		return ref_kind(e->a) != REF_KIND_PLACE ||
		       b->cfg->places[ref_index(e->a)].step_count != 0 ||
		       is_param(b, b->cfg->places[ref_index(e->a)].root);
	if (a->kind == ACTION_SAME || a->kind == ACTION_ACQUIRE)
		return false;
	return true;
}

/* Stored where it outlives the function, returned, or passed to somebody who may keep it. */
static bool gives_away(const struct binder *b, uint32_t i, const struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	if (e->kind == EV_RETURN)
		return carried_by(b, e->a).how != 0;
	if (e->kind == EV_CALL)
		return callee_may_keep(b, i, a);
	if (e->kind ==
	    EV_BUILD) /* what is put in a container can be got at in ways that are not followed */
		return (e->op == BUILD_LIST || e->op == BUILD_SET || e->op == BUILD_DICT) &&
		       carried_by_args(b, e).how != 0;
	if (e->kind == EV_ITER)
		return carried_by(b, e->a).how == CARRY_HOLDS;
	if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE || carried_by(b, e->b).how == 0)
		return false;
	const struct place *to = &b->cfg->places[ref_index(e->a)];
	return to->root_kind != PLACE_LOCAL || to->step_count != 0;
}

/* `if 'db' in locals()`: has the acquiring line been reached? */
static void act_test(struct binder *b, const struct event *e, struct action *a)
{
	const struct event *asked = ref_kind(e->a) == REF_KIND_TEMP
	                                    ? &b->cfg->events[ref_index(e->a)]
	                                    : NULL;
	a->sure = e->op == OP_TRUTH && asked != NULL && asked->kind == EV_CALL &&
	          call_is(b, asked, "hasattr") &&
	          (carried_by_args(b, asked).how & CARRY_IS) !=
	                  0; /* sessions have what is asked for */
	if (e->op != OP_OTHER || ref_kind(e->a) != REF_KIND_TEXT || ref_kind(e->b) != REF_KIND_TEMP)
		return;
	const struct event *names = &b->cfg->events[ref_index(e->b)];
	if (names->kind != EV_CALL ||
	    !(call_is(b, names, "locals") || call_is(b, names, "dir") || call_is(b, names, "vars")))
		return;
	uint32_t place = place_of_local(b->cfg, ref_index(e->a));
	if (place == UINT32_MAX || b->fn->plan.place_slots[place] == SLOT_NONE)
		return;
	a->kind = ACTION_IS_BOUND;
	a->slot = b->fn->plan.place_slots[place];
}

static void act_event(struct binder *b, uint32_t i, struct action *a)
{
	const struct event *e = &b->cfg->events[i];
	struct plan *p = &b->fn->plan;
	switch (e->kind) {
	case EV_CALL: act_call(b, i, a); break;
	case EV_EXIT: act_exit(b, e, a); break;
	case EV_TEST: act_test(b, e, a); break;
	case EV_CATCH: a->sure = takes_everything(b, e); break;
	case EV_ENTER:
	case EV_AWAIT:
		a->kind = b->acquired[i] != 0 ? ACTION_ACQUIRE : ACTION_SAME;
		/* a session's __enter__ gives self; one that was made without raising is entered so */
		a->quiet = e->kind == EV_ENTER &&
		           ((carried_by(b, e->a).how & CARRY_IS) != 0 ||
		            (ref_kind(e->a) == REF_KIND_TEMP && p->actions[ref_index(e->a)].quiet));
		a->resource = (uint16_t)(b->acquired[i] - (b->acquired[i] != 0));
		a->slot = plan_slot(p, e->a);
		break;
	case EV_NEXT:
		if (b->acquired[i] != 0) {
			a->kind = ACTION_ACQUIRE;
			a->resource = (uint16_t)(b->acquired[i] - 1);
		}
		break;
	case EV_BUILD:
		if (e->op != BUILD_CHOICE && carried_by_args(b, e).how != 0)
			a->kind = ACTION_WRAP;
		break;
	case EV_YIELD:
		if (b->fn->as_provider && (carried_by(b, e->a).how & CARRY_IS)) {
			a->kind = ACTION_EFFECT;
			a->slot = plan_slot(p, e->a);
			a->effect = (struct effect){DO_STATEMENT, DO_STATEMENT};
		}
		break;
	default: break;
	}
}

/*
 * A nested function that uses a carrier of ours may be called as soon as it exists, and whoever
 * has it has the session.
 */
static void act_closures(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct captures *c = &b->captured[i];
		if (c->count == 0 || b->temps[i].how == 0)
			continue;
		struct action *a = &b->fn->plan.actions[i];
		struct transfer *all = arena_array(b->scratch, struct transfer, c->count);
		for (uint32_t k = 0; k < c->count; k++) {
			slot_id slot = b->fn->plan.place_slots[c->places[k]];
			if (slot == SLOT_NONE)
				continue;
			all[a->transfer_count++] = (struct transfer){
				.slot = slot,
				.normal = states_after(HOLDING_TRANSACTION, DO_MAY_STATEMENT,
			                               states_fresh()),
				.raised = states_fresh()};
		}
		a->kind = ACTION_CALLEE;
		a->transfers = all;
	}
}

/* ---- all of it ----------------------------------------------------------------------------- */

/* A parameter that only nested functions use has no place in the graph yet; here it gets one. */
static void add_param_places(struct arena *scratch, const struct project *p, struct function *fn)
{
	const struct module *m = project_module(p, fn->module);
	const struct scope *s = &m->scopes[fn->scope];
	struct place *places = arena_array(scratch, struct place,
	                                   fn->cfg.place_count + s->param_count + 1);
	if (fn->cfg.place_count > 0)
		memcpy(places, fn->cfg.places, fn->cfg.place_count * sizeof *places);
	fn->cfg.places = places;
	for (uint32_t i = 0; i < s->param_count; i++) {
		name_id name = m->params[s->first_param + i].name;
		if (place_of_local(&fn->cfg, name) == UINT32_MAX)
			places[fn->cfg.place_count++] = (struct place){.root_kind = PLACE_LOCAL,
			                                               .root = name};
	}
}

/* The lent place, when the function does not name it itself (its nested functions or methods may). */
static void add_lent_place(struct function *fn)
{
	const struct lent *lent = fn->lent;
	for (uint32_t i = 0; i < fn->cfg.place_count; i++)
		if (is_lent_place(&fn->cfg.places[i], lent))
			return;
	struct place place = {.root_kind = lent->root_kind, .root = lent->root};
	if (lent->attribute != NAME_NONE) {
		place.step_count = 1;
		place.steps[0].kind = STEP_ATTRIBUTE;
		place.steps[0].name = lent->attribute;
	}
	fn->cfg.places[fn->cfg.place_count++] = place; /* add_param_places left room for it */
}

static void prepare(struct binder *b)
{
	uint32_t events = b->cfg->event_count, places = b->cfg->place_count;
	struct plan *p = &b->fn->plan;
	*p = (struct plan){.cfg = b->cfg};
	p->actions = arena_array(b->scratch, struct action, events);
	p->place_slots = arena_array(b->scratch, slot_id, places);
	p->temp_slots = arena_array(b->scratch, slot_id, events);
	b->places = arena_array(b->scratch, struct carried, places);
	b->temps = arena_array(b->scratch, struct carried, events);
	b->callees = arena_array(b->scratch, struct thing, events);
	b->targets = arena_array(b->scratch, struct target, events);
	b->captured = arena_array(b->scratch, struct captures, events);
	b->acquired = arena_array(b->scratch, uint16_t, events);
	b->registry_of = arena_array(b->scratch, uint32_t, places);
	b->resources = arena_array(b->scratch, struct resource, RESOURCES_MAX);
	b->entry_places = arena_array(b->scratch, slot_id, RESOURCES_MAX);
	for (uint32_t i = 0; i < events; i++)
		p->actions[i].slot = SLOT_NONE;
}

/*
 * What is injected is fresh, unless a decorator that is not known to leave it alone has had
 * it before: `@requires_role` that reads kwargs["db"] has run its query by now. A
 * registry in a middleware is what the handlers inside made of it.
 */
static state_set entry_states(const struct binder *b, const struct resource *r)
{
	if (r->event != EVENT_NONE)
		return 0;
	if (r->origin == ORIGIN_REGISTRY && b->fn->entry == ENTRY_MIDDLEWARE)
		return states_after(r->kind->holding, DO_STATEMENT, states_fresh());
	if (r->origin == ORIGIN_DEPENDENCY && b->fn->unknown_decorator)
		return states_after(r->kind->holding, DO_MAY_STATEMENT, states_fresh());
	return states_fresh();
}

/* `session=None`: None or an object, and an object is true. Anything else may be false as well. */
static struct value value_on_entry(const struct binder *b, const struct place *place)
{
	const struct param *param = place->root_kind == PLACE_LOCAL && place->step_count == 0
	                                    ? param_named(b, place->root)
	                                    : NULL;
	const struct expr *value = param == NULL || param->value == EXPR_NONE
	                                   ? NULL
	                                   : &module_of(b)->exprs[param->value];
	bool optional = value != NULL && value->kind == EXPR_CONSTANT &&
	                str_is(project_text(b->project, value->text), "None");
	return (struct value){optional ? VALUE_NONE | VALUE_OTHER : VALUE_ANY, 0};
}

/* A local that carries a session is nothing before it is bound; what comes from outside may be anything. */
static void fill_entry_values(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	p->entry_values = arena_array(b->scratch, struct value, p->slot_count);
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *place = &b->cfg->places[i];
		bool unbound = place->root_kind == PLACE_LOCAL && place->step_count == 0 &&
		               b->places[i].how != 0 && !is_param(b, place->root);
		if (p->place_slots[i] != SLOT_NONE && !unbound)
			p->entry_values[p->place_slots[i]] = value_on_entry(b, place);
	}
}

static enum ownership ownership_of(enum origin origin)
{
	switch (origin) {
	case ORIGIN_DEPENDENCY:
	case ORIGIN_REGISTRY: return OWNED_ELSEWHERE;
	case ORIGIN_LENT: return OWNED_BY_CALLER;
	case ORIGIN_FACTORY:
	case ORIGIN_GENERATOR:
	case ORIGIN_MANAGER: return OWNED_HERE;
	}
	abort();
}

static void finish_plan(struct binder *b)
{
	struct plan *p = &b->fn->plan;
	p->resource_count = b->resource_count;
	fill_entry_values(b);
	p->resources = arena_array(b->scratch, struct plan_resource, b->resource_count);
	for (uint32_t r = 0; r < b->resource_count; r++)
		p->resources[r] = (struct plan_resource){
			.kind = b->resources[r].kind,
			.ownership = ownership_of(b->resources[r].origin),
			.entry_slot = b->entry_places[r] == 0
		                              ? SLOT_NONE
		                              : p->place_slots[b->entry_places[r] - 1],
			.entry_states = entry_states(b, &b->resources[r])};
	b->fn->resources = b->resources;
}

bool bind_function(struct arena *scratch, const struct program *program, struct function *fn)
{
	struct binder b = {
		.scratch = scratch,
		.program = program,
		.project = program->project,
		.fn = fn,
		.cfg = &fn->cfg,
	};
	add_param_places(scratch, program->project, fn);
	if (fn->lent != NULL)
		add_lent_place(fn);
	prepare(&b);
	find_resources(&b);
	if (b.resource_count == 0)
		return false;
	find_carriers(&b);
	make_slots(&b);
	find_guards(&b);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		act_event(&b, i, &fn->plan.actions[i]);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		fn->plan.actions[i].gives = gives_away(&b, i, &fn->plan.actions[i]);
	act_closures(&b);
	finish_plan(&b);
	return true;
}
