/*
 * own_session.c - objects that make a session of their own: `self.db = SessionLocal()` in __init__, or that a function
 * makes with one: `return Service(SessionLocal())`. Whoever makes such an object, uses it and drops it, drops the session
 * with its transaction. It is a resource of the function that calls the constructor, held by the object, and methods of
 * the object have it as `self.db`.
 */
#include "program/bind_internal.h"
#include "program/provider.h"
#include "program/result.h"
#include "project/def.h"

#define OWN_BASES_MAX 4 /* bases of bases */

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
	if (init.kind != TARGET_SCOPE || target_is_class(b->project, &init))
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
		if (hands_self(b, e, self)) {
			r->hands_object = true;
			return;
		}
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
		if (target_is_class(b->project, &t)
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
	static const char *const plain[] = {"dataclass"};
	uint32_t decorators =
		project_scope(b->project, class_->module, class_->scope)->decorator_count;
	if (decorators > 1 || (decorators == 1 && !def_has_decorator(b->project, class_->module,
	                                                             class_->scope, plain, 1)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		if (resolve_member(b->scratch, b->project, class_->module, class_->scope,
		                   str_of(special[i]))
		            .kind != TARGET_UNKNOWN)
			return false;
	return bases_are_known(b, class_, 0);
}

/* What `make_service()` returns has one. */
static struct own_session own_of_function(const struct binder *b, uint32_t event)
{
	const struct target *t = &b->targets[event];
	const struct provider *p = t->kind != TARGET_SCOPE || b->program->providers == NULL
	                                   ? NULL
	                                   : provider_of_object(b->program->providers, t->module,
	                                                        t->scope);
	if (p == NULL || ((project_scope(b->project, t->module, t->scope)->flags & SCOPE_ASYNC) !=
	                  0) != ((b->cfg->events[event].flags & EVF_AWAITED) != 0))
		return (struct own_session){.kind = NULL};
	return (struct own_session){.kind = p->kind, .attribute = p->attribute, .inner = p->inner};
}

/* The session that the object made at 'event' has of its own; its kind is NULL when it has none. */
static struct own_session own_of(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *class_ = &b->targets[event];
	struct own_session none = {.kind = NULL};
	if (!target_is_class(b->project, class_))
		return own_of_function(b, event);
	struct target init = resolve_member(b->scratch, b->project, class_->module, class_->scope,
	                                    STR("__init__"));
	if (init.kind != TARGET_SCOPE || target_is_class(b->project, &init))
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
	if (own.kind == NULL || is_reached_otherwise(b, own.attribute) ||
	    (own.inner != NAME_NONE && is_reached_otherwise(b, own.inner)))
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
	if (own.inner != NAME_NONE)
		made->name = dotted_under(b->scratch, made->name,
		                          project_text(b->project, own.inner));
}

bool own_session_lent(const struct binder *b, uint32_t maker, name_id root, struct lent *out)
{
	uint32_t r = b->acquired[maker];
	if (r == 0 || !b->resources[r - 1].in_object)
		return false;
	struct own_session own = own_of(b, maker);
	*out = (struct lent){own.kind, PLACE_LOCAL, root, own.attribute, own.inner, STEP_ATTRIBUTE};
	return own.kind != NULL;
}

/* ---- what a function returns ------------------------------------------------------------------- */

/* Is the local used as an argument, or stored under another name, more often than this? */
static bool is_handed_more(const struct binder *b, uint32_t place, uint32_t times)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		for (uint32_t k = 0; k < e->arg_count; k++)
			count += b->cfg->args[e->first_arg + k].value == REF_PLACE(place);
		count += (e->kind == EV_ASSIGN || e->kind == EV_ENTER) && e->b == REF_PLACE(place);
		count += e->kind == EV_ENTER && e->a == REF_PLACE(place);
	}
	return count > times;
}

/* The one event that makes what a value is, which nobody else has been given; or EVENT_NONE. */
static uint32_t made_for_this(const struct binder *b, ref value, uint32_t handed)
{
	if (ref_kind(value) == REF_KIND_TEMP)
		return ref_index(value);
	if (ref_kind(value) != REF_KIND_PLACE)
		return EVENT_NONE;
	const struct place *p = &b->cfg->places[ref_index(value)];
	uint32_t made = maker_of_local(b, value);
	return p->root_kind == PLACE_LOCAL && p->step_count == 0 && !is_param(b, p->root) &&
	                       made != EVENT_NONE && b->first_places[made] == ref_index(value) + 1 &&
	                       !is_handed_more(b, ref_index(value), handed)
	               ? made
	               : EVENT_NONE;
}

/* Is the object that the event makes nobody's but its holder's, and are its methods known? */
static bool is_plain_object(const struct binder *b, uint32_t event)
{
	const struct target *class_ = &b->targets[event];
	if (b->cfg->events[event].kind != EV_CALL || !target_is_class(b->project, class_) ||
	    !is_plain_class(b, class_))
		return false;
	struct target init = resolve_member(b->scratch, b->project, class_->module, class_->scope,
	                                    STR("__init__"));
	return init.kind != TARGET_SCOPE || target_is_class(b->project, &init) ||
	       !result_of(b->program, init.module, init.scope).hands_object;
}

/* The session among what the object keeps that is made here for it. */
static struct own_session own_among_kept(const struct binder *b, uint32_t maker)
{
	struct own_session own = {.kind = NULL};
	struct kept kept[KEPT_MAX];
	uint32_t n = kept_list(b, maker, kept);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t made = made_for_this(b, kept[i].value, 1);
		if (made == EVENT_NONE || b->cfg->events[made].kind != EV_CALL)
			continue;
		const struct resource_kind *kind = kind_made(b, REF_TEMP(made));
		if (kind == NULL && !is_plain_object(b, made))
			return (struct own_session){.kind = NULL};
		if (kind != NULL && own.kind != NULL)
			return (struct own_session){.kind = NULL}; /* one of several */
		if (kind != NULL)
			own = (struct own_session){.kind = kind,
			                           .attribute = kept[i].attribute,
			                           .inner = kept[i].inner};
	}
	return own;
}

void own_session_of_return(const struct binder *b, struct result *r)
{
	ref value = REF_NONE;
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_RETURN)
			continue;
		if (value != REF_NONE)
			return; /* which of them it returns is not known */
		value = e->a;
	}
	uint32_t maker = made_for_this(b, value, 0);
	if (maker == EVENT_NONE || r->class_.kind != TARGET_SCOPE || !is_plain_object(b, maker))
		return;
	r->own = own_of(b, maker);
	if (r->own.kind == NULL)
		r->own = own_among_kept(b, maker);
}

/* ---- objects that stay in view ------------------------------------------------------------------ */

/* Is the place a session that the object keeps, or a bound method of it: svc.repo, svc.finish? */
static bool leads_into(const struct binder *b, const struct place *p, const struct target *class_,
                       const struct kept *kept, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (p->steps[0].name == kept[i].attribute)
			return true;
	struct target member = resolve_member(b->scratch, b->project, class_->module, class_->scope,
	                                      project_text(b->project, p->steps[0].name));
	return member.kind == TARGET_SCOPE;
}

/* Has the object another name from here on, is it captured, or one of its methods looked up by name? */
static bool hides(const struct binder *b, uint32_t event, uint32_t place)
{
	const struct event *e = &b->cfg->events[event];
	if (e->kind == EV_ASSIGN && e->b == REF_PLACE(place))
		return true;
	for (uint32_t k = 0; k < b->captured[event].count; k++)
		if (b->captured[event].places[k] == place)
			return true;
	return e->kind == EV_CALL && e->arg_count > 0 &&
	       b->cfg->args[e->first_arg].value == REF_PLACE(place) && call_is(b, e, "getattr");
}

/* Is all that is done with the local which has the object done by its methods and by callees? */
static bool is_local_in_view(const struct binder *b, uint32_t place, const struct target *class_,
                             const struct kept *kept, uint32_t count)
{
	const struct place *local = &b->cfg->places[place];
	if (local->root_kind != PLACE_LOCAL || local->step_count != 0)
		return false;
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *p = &b->cfg->places[i];
		if (p->root_kind == PLACE_LOCAL && p->root == local->root && p->step_count > 0 &&
		    leads_into(b, p, class_, kept, count))
			return false;
	}
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (hides(b, i, place))
			return false;
	return true;
}

static bool is_kept_value(ref value, const struct kept *kept, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (kept[i].value == value)
			return true;
	return false;
}

bool is_kept_in_view(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	struct kept kept[KEPT_MAX];
	if (!is_plain_object(b, event))
		return false;
	uint32_t count = kept_list(b, event, kept);
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		if (carried_by(b, value).how != 0 && !is_kept_value(value, kept, count))
			return false;
	}
	uint32_t place = b->first_places[event];
	return place == 0 || is_local_in_view(b, place - 1, &b->targets[event], kept, count);
}
