/*
 * bind_values.c - which values of a function are makers of sessions: locals that stand for
 * a sessionmaker, what functions return, attributes, partial(Session, engine), contextmanager(get_db).
 */
#include "program/bind_internal.h"
#include "program/parked.h"
#include "program/result.h"

#define VALUES_MAX 32 /* that are looked at for one callee */

static const struct thing nothing = {.kind = THING_NONE};

static struct thing thing_at(const struct binder *b, ref r, unsigned *left);

/* All values that are stored in the local must agree. */
static struct thing thing_of_stores(const struct binder *b, uint32_t place, unsigned *left)
{
	struct thing found = nothing;
	for (uint32_t at = b->last_stores[place]; at != 0; at = b->stores_before[at - 1]) {
		const struct event *e = &b->cfg->events[at - 1];
		struct thing one = thing_at(b, event_stored(b->cfg, e), left);
		bool agrees = at == b->last_stores[place] || thing_eq(&one, &found);
		if (one.kind == THING_NONE || !agrees)
			return nothing;
		found = one;
	}
	return found;
}

/* `self.maker`, `service.maker`: what the object's class keeps there. */
static struct thing thing_of_attribute(const struct binder *b, ref place)
{
	struct target t = member_of_place(b, place);
	return t.kind == TARGET_UNKNOWN ? nothing : thing_of(b->scratch, b->program, &t);
}

/* `maker=SessionLocal`: whatever else is given makes sessions as well. */
static struct thing thing_of_default(const struct binder *b, const struct param *param)
{
	const struct module *m = module_of(b);
	if (param->value == EXPR_NONE || m->exprs[param->value].kind != EXPR_NAME)
		return nothing;
	struct target t = resolve_expr(b->scratch, b->project, b->fn->module,
	                               m->scopes[b->fn->scope].parent, param->value);
	struct thing thing = t.kind == TARGET_UNKNOWN ? nothing
	                                              : thing_of(b->scratch, b->program, &t);
	return thing.kind == THING_FACTORY && !thing.by_name ? thing : nothing;
}

/* `maker: sessionmaker[Session]`: nothing but its annotation and its default say what a parameter is. */
static struct thing thing_of_param(const struct binder *b, const struct place *place)
{
	const struct param *param = param_named(b, place->root);
	if (param == NULL)
		return nothing;
	if (param->annotation == EXPR_NONE)
		return thing_of_default(b, param);
	struct target t = {.kind = TARGET_PARAM,
	                   .module = b->fn->module,
	                   .scope = b->fn->scope,
	                   .binding = (uint32_t)(param - module_of(b)->params),
	                   .dotted = project_text(b->project, place->root)};
	return thing_of_annotated(b->scratch, b->program, &t);
}

/* `maker: async_sessionmaker = request.state.maker`: what is stored does not say what it is. */
static struct thing thing_of_local(const struct binder *b, ref place, unsigned *left)
{
	struct target t;
	struct thing stored = thing_of_stores(b, ref_index(place), left);
	return stored.kind == THING_NONE && find_local(b, &b->cfg->places[ref_index(place)], &t)
	               ? thing_of_annotated(b->scratch, b->program, &t)
	               : stored;
}

static struct thing thing_of_place(const struct binder *b, ref r, unsigned *left)
{
	const struct place *place = &b->cfg->places[ref_index(r)];
	bool plain_local = place->root_kind == PLACE_LOCAL && place->step_count == 0;
	if (plain_local && b->last_stores[ref_index(r)] == 0 && is_param(b, place->root))
		return thing_of_param(b, place);
	if (plain_local && b->last_stores[ref_index(r)] != 0 && !is_param(b, place->root) &&
	    !is_bound_by_statement(b, place->root))
		return thing_of_local(b, r, left);
	struct target t = target_of_place(b, ref_index(r));
	if (t.kind == TARGET_UNKNOWN && place->step_count == 0 &&
	    place->root_kind != PLACE_GLOBAL && b->last_stores[ref_index(r)] == 0)
		find_param(b, place, &t); /* what its annotation says */
	struct thing thing = t.kind == TARGET_UNKNOWN ? nothing
	                                              : thing_of(b->scratch, b->program, &t);
	name_id parked = thing.kind != THING_NONE ? NAME_NONE : parked_name(b->project, place);
	if (parked != NAME_NONE)
		thing = parked_maker(b->program, parked);
	return thing.kind != THING_NONE || place->step_count == 0 ? thing : thing_of_attribute(b, r);
}

/* sessionmaker(class_=AsyncSession) makes sessions of that class. */
static struct thing made_by(const struct binder *b, const struct event *e, struct thing maker)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &b->cfg->args[e->first_arg + i];
		if (arg->keyword == NAME_NONE || ref_kind(arg->value) != REF_KIND_PLACE ||
		    !str_is(project_text(b->project, arg->keyword), "class_"))
			continue;
		struct target t = target_of_place(b, ref_index(arg->value));
		struct thing type = thing_of(b->scratch, b->program, &t);
		if (type.kind == THING_TYPE)
			maker.resource = type.resource;
	}
	return (struct thing){.kind = THING_FACTORY, .resource = maker.resource};
}

/* partial(Session, engine) makes what its first argument makes; contextmanager(f) hands out what f does. */
static bool is_adapter(const struct binder *b, const struct event *e)
{
	static const char *const adapters[] = {"partial", "contextmanager", "asynccontextmanager",
	                                       "staticmethod"};
	for (size_t i = 0; e->arg_count > 0 && i < ARRAY_LEN(adapters); i++)
		if (call_is(b, e, adapters[i]))
			return true;
	return false;
}

struct thing thing_returned(const struct binder *b, const struct target *function)
{
	struct thing annotated = thing_of_annotated(b->scratch, b->program, function);
	return annotated.kind != THING_NONE
	               ? annotated
	               : result_of(b->program, function->module, function->scope).thing;
}

static struct thing thing_of_call(const struct binder *b, uint32_t event, unsigned *left)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *t = &b->targets[event];
	if (b->callees[event].kind == THING_FACTORY_TYPE)
		return made_by(b, e, b->callees[event]);
	if (is_adapter(b, e))
		return thing_at(b, b->cfg->args[e->first_arg].value, left);
	if (e->arg_count == 2 && call_is(b, e, "cast"))
		return thing_at(b, b->cfg->args[e->first_arg + 1].value, left);
	if (t->kind != TARGET_SCOPE ||
	    project_scope(b->project, t->module, t->scope)->kind != SCOPE_FUNCTION)
		return nothing;
	return thing_returned(b, t);
}

static struct thing thing_of_choice(const struct binder *b, const struct event *e, unsigned *left)
{
	struct thing found = nothing;
	for (uint32_t i = 0; i < e->arg_count && found.kind == THING_NONE; i++)
		found = thing_at(b, b->cfg->args[e->first_arg + i].value, left);
	return found;
}

static struct thing thing_at(const struct binder *b, ref r, unsigned *left)
{
	if (*left == 0)
		return nothing;
	--*left;
	if (ref_kind(r) == REF_KIND_PLACE)
		return thing_of_place(b, r, left);
	if (ref_kind(r) != REF_KIND_TEMP)
		return nothing;
	const struct event *e = &b->cfg->events[ref_index(r)];
	switch (e->kind) {
	case EV_CALL: return thing_of_call(b, ref_index(r), left);
	case EV_AWAIT: return thing_at(b, e->a, left);
	case EV_BUILD: return e->op == BUILD_CHOICE ? thing_of_choice(b, e, left) : nothing;
	default: return nothing;
	}
}

struct thing value_thing(const struct binder *b, ref r)
{
	unsigned left = VALUES_MAX;
	return thing_at(b, r, &left);
}
