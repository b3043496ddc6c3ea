/*
 * own_session.c - objects that make a session of their own: `self.db = SessionLocal()` in __init__. Whoever makes
 * such an object, uses it and drops it, drops the session with its transaction. It is a resource of the function that
 * calls the constructor, held by the object, and methods of the object have it as `self.db`.
 */
#include "program/bind_internal.h"
#include "program/result.h"
#include "project/def.h"

#define OWN_BASES_MAX 4 /* bases of bases */

static bool is_class(const struct project *p, const struct target *t)
{
	return t->kind == TARGET_SCOPE && project_scope(p, t->module, t->scope)->kind == SCOPE_CLASS;
}

/* ---- what an __init__ makes ------------------------------------------------------------------ */

/* The kind of session that a call makes, or NULL. */
static const struct resource_kind *kind_made(const struct binder *b, ref value)
{
	if (ref_kind(value) != REF_KIND_TEMP || b->cfg->events[ref_index(value)].kind != EV_CALL)
		return NULL;
	const struct thing *t = &b->callees[ref_index(value)];
	bool makes = t->kind == THING_TYPE || t->kind == THING_FACTORY ||
	             (t->kind == THING_PROVIDER && t->provider != NULL && !t->provider->shared &&
	              t->provider->shape == SHAPE_RETURNS);
	return makes && t->resource != NULL && t->resource->layer == LAYER_SESSION ? t->resource
	                                                                           : NULL;
}

/* `db or SessionLocal()`, in any order: its own unless it is given one. */
static struct own_session own_of_choice(const struct binder *b, const struct event *e)
{
	struct own_session own = {.kind = NULL};
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref one = b->cfg->args[e->first_arg + i].value;
		if (kind_made(b, one) != NULL)
			own.kind = kind_made(b, one);
		else
			own.unless = param_of_value(b, one);
	}
	return own.unless != NAME_NONE ? own : (struct own_session){.kind = NULL};
}

/* `if db is None: db = SessionLocal()`, and then the parameter is kept. */
static struct own_session own_of_param(const struct binder *b, ref value)
{
	struct own_session own = {.unless = param_of_value(b, value)};
	for (uint32_t at = b->last_stores[ref_index(value)]; at != 0 && own.kind == NULL;
	     at = b->stores_before[at - 1])
		own.kind = kind_made(b, event_stored(b->cfg, &b->cfg->events[at - 1]));
	return own;
}

static struct own_session own_of_store(const struct binder *b, const struct event *e)
{
	ref value = event_stored(b->cfg, e);
	if (ref_kind(value) == REF_KIND_PLACE && param_of_value(b, value) != NAME_NONE)
		return own_of_param(b, value);
	if (ref_kind(value) != REF_KIND_TEMP)
		return (struct own_session){.kind = NULL};
	const struct event *made = &b->cfg->events[ref_index(value)];
	return made->kind == EV_BUILD && made->op == BUILD_CHOICE
	               ? own_of_choice(b, made)
	               : (struct own_session){.kind = kind_made(b, value)};
}

/* super().__init__(db): what the base's makes, when it is given nothing instead. */
static struct own_session own_of_above(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	struct target init = b->targets[event];
	if (init.kind != TARGET_SCOPE || is_class(b->project, &init))
		return (struct own_session){.kind = NULL};
	struct own_session own = result_of(b->program, init.module, init.scope).own;
	name_id unless = own.unless;
	own.unless = NAME_NONE;
	for (uint32_t i = 0; i < e->arg_count && unless != NAME_NONE; i++) {
		const struct arg *args = &b->cfg->args[e->first_arg];
		if (args[i].flags != 0)
			return (struct own_session){.kind = NULL};
		if (param_of_arg(b->project, &init, args, i) != unless)
			continue;
		own.unless = param_of_value(b, args[i].value);
		if (own.unless == NAME_NONE)
			return (struct own_session){.kind = NULL};
	}
	return own;
}

/* Is it the object itself: registry.add(self), or a closure that may keep it? */
static bool hands_self(const struct binder *b, const struct event *e, name_id self)
{
	uint32_t place = locals_find(&b->locals, self);
	for (uint32_t i = 0; i < e->arg_count; i++)
		if (b->cfg->args[e->first_arg + i].value == REF_PLACE(place))
			return true;
	return (e->kind == EV_ASSIGN && e->b == REF_PLACE(place)) || e->kind == EV_CLOSURE;
}

void own_session_of_init(const struct binder *b, struct result *r)
{
	name_id self = def_self(b->project, b->fn->module, b->fn->scope);
	struct own_session own = {.kind = NULL};
	for (uint32_t i = 0; i < b->cfg->event_count && self != NAME_NONE; i++) {
		const struct event *e = &b->cfg->events[i];
		const struct place *to = e->kind == EV_ASSIGN && ref_kind(e->a) == REF_KIND_PLACE
		                                 ? &b->cfg->places[ref_index(e->a)]
		                                 : NULL;
		if (hands_self(b, e, self))
			return;
		if (own.kind == NULL && e->kind == EV_CALL && e->name != NAME_NONE &&
		    call_is(b, e, "__init__"))
			own = own_of_above(b, i);
		if (to == NULL || to->root_kind != PLACE_LOCAL || to->root != self ||
		    to->step_count != 1 || to->steps[0].kind != STEP_ATTRIBUTE)
			continue;
		struct own_session one = own_of_store(b, e);
		one.attribute = to->steps[0].name;
		if (one.kind != NULL)
			own = one;
	}
	r->own = own;
}

/* ---- who makes such an object ------------------------------------------------------------------- */

/* A base that is not in the project may keep the object, or end what it has. */
static bool bases_are_known(const struct binder *b, const struct target *class_, unsigned depth)
{
	const struct module *m = project_module(b->project, class_->module);
	const struct scope *s = &m->scopes[class_->scope];
	for (uint32_t i = 0; i < s->base_count; i++) {
		expr_id base = m->bases[s->first_base + i];
		if (m->exprs[base].kind == EXPR_SUBSCRIPT) /* Generic[T] */
			base++;
		struct target t = resolve_expr(b->scratch, b->project, class_->module, s->parent,
		                               base);
		struct str last = dotted_last(t.dotted);
		if (is_class(b->project, &t)
		            ? depth == OWN_BASES_MAX || !bases_are_known(b, &t, depth + 1)
		            : !(str_is(last, "object") || str_is(last, "ABC") ||
		                str_is(last, "Generic") || str_is(last, "Protocol")))
			return false;
	}
	return true;
}

/* One that __new__ or a decorator makes may be shared, and one that is entered or collected may close itself. */
static bool is_plain_class(const struct binder *b, const struct target *class_)
{
	static const char *const special[] = {"__new__",  "__enter__", "__aenter__",
	                                      "__exit__", "__del__",   "__aexit__"};
	if (project_scope(b->project, class_->module, class_->scope)->decorator_count > 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		if (resolve_member(b->scratch, b->project, class_->module, class_->scope,
		                   str_of(special[i]))
		            .kind != TARGET_UNKNOWN)
			return false;
	return bases_are_known(b, class_, 0);
}

/* The session that the object made at 'event' has of its own; its kind is NULL when it has none. */
static struct own_session own_of(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *class_ = &b->targets[event];
	struct own_session none = {.kind = NULL};
	if (!is_class(b->project, class_))
		return none;
	struct target init = resolve_member(b->scratch, b->project, class_->module, class_->scope,
	                                    STR("__init__"));
	if (init.kind != TARGET_SCOPE || is_class(b->project, &init))
		return none;
	struct own_session own = result_of(b->program, init.module, init.scope).own;
	if (own.kind == NULL || !is_plain_class(b, class_))
		return none;
	for (uint32_t i = 0; i < e->arg_count && own.unless != NAME_NONE; i++) {
		const struct arg *args = &b->cfg->args[e->first_arg];
		bool none_given = args[i].value == REF_CONST(CONST_NONE);
		if (args[i].flags != 0 ||
		    (param_of_arg(b->project, &init, args, i) == own.unless && !none_given))
			return none;
	}
	return own;
}

/* `service.db` in the function's own text: what is done there is not followed. So with closing(service). */
static bool is_reached_otherwise(const struct binder *b, name_id attribute)
{
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *p = &b->cfg->places[i];
		if (p->step_count > 0 && p->steps[0].name == attribute)
			return true;
	}
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if ((e->kind == EV_ATTR && e->name == attribute) || is_pass_through(b, e))
			return true;
	}
	return false;
}

void find_own_session(struct binder *b, uint32_t event)
{
	if (b->program->summaries == NULL || b->resource_count == RESOURCES_MAX)
		return;
	struct own_session own = own_of(b, event);
	if (own.kind == NULL || is_reached_otherwise(b, own.attribute))
		return;
	struct str class_ = dotted_last(b->targets[event].dotted);
	uint32_t r = b->resource_count;
	acquire_at(b, event, own.kind, ORIGIN_FACTORY, NULL, class_);
	struct resource *made = &b->resources[r];
	bool named = !str_is(made->name, own.kind->noun);
	made->in_object = true;
	made->name = dotted_under(
		b->scratch, named ? made->name : arena_printf(b->scratch, "%.*s()", STR_ARG(class_)),
		project_text(b->project, own.attribute));
}

bool own_session_lent(const struct binder *b, uint32_t maker, name_id root, struct lent *out)
{
	uint32_t r = b->acquired[maker];
	if (r == 0 || !b->resources[r - 1].in_object)
		return false;
	struct own_session own = own_of(b, maker);
	*out = (struct lent){own.kind, PLACE_LOCAL, root, own.attribute, NAME_NONE};
	return own.kind != NULL;
}
