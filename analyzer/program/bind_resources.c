/*
 * bind_resources.c - which names and calls of a function stand for sessions, factories, registries and providers,
 * and what it is given. What it makes itself: bind_made.c.
 */
#include "program/bind_internal.h"
#include "program/parked.h"
#include "program/lent.h"
#include "program/provider.h"
#include "program/registry.h"
#include "program/summary.h"

/* ---- names -------------------------------------------------------------------- */

const struct module *module_of(const struct binder *b)
{
	return project_module(b->project, b->fn->module);
}

struct str place_text(const struct binder *b, uint32_t index)
{
	const struct place *place = &b->cfg->places[index];
	struct str text = project_text(b->project, place->root);
	for (unsigned i = 0; i < place->step_count; i++) {
		struct str name = project_text(b->project, place->steps[i].name);
		switch (place->steps[i].kind) {
		case STEP_ATTRIBUTE: text = dotted_under(b->scratch, text, name); break;
		case STEP_ELEMENT:
			text = arena_printf(b->scratch, "%.*s[\"%.*s\"]", STR_ARG(text),
			                    STR_ARG(name));
			break;
		case STEP_ITEM:
			text = arena_printf(b->scratch, "%.*s[%.*s]", STR_ARG(text), STR_ARG(name));
			break;
		case STEP_INDEX: return STR_EMPTY;
		}
	}
	return place->root_kind == PLACE_TOKEN ? STR_EMPTY : text;
}

bool is_bound_by_statement(const struct binder *b, name_id name)
{
	const struct symbol *s = project_symbol(b->project, b->fn->module, b->fn->scope, name);
	return s != NULL && s->kind != SYMBOL_BINDING;
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

/* Captured from a function around this one: its locals mean nothing to other code, as ours do. */
static bool is_opaque_capture(const struct binder *b, const struct place *place)
{
	const struct module *m = module_of(b);
	for (scope_id at = m->scopes[b->fn->scope].parent;
	     place->root_kind == PLACE_FREE && at != SCOPE_NONE && at != 0;
	     at = m->scopes[at].parent) {
		const struct scope *s = &m->scopes[at];
		const struct symbol *symbol = project_symbol(b->project, b->fn->module, at,
		                                             place->root);
		if (s->kind != SCOPE_CLASS && symbol != NULL)
			return symbol->kind == SYMBOL_BINDING;
		for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++)
			if (m->params[i].name == place->root)
				return false; /* it is resolved as a parameter */
	}
	return place->root_kind == PLACE_FREE;
}

bool is_opaque(const struct binder *b, const struct place *place)
{
	return is_opaque_local(b, place) || is_opaque_capture(b, place);
}

static struct target target_of_path(const struct binder *b, const struct place *place,
                                    struct str path)
{
	if (path.len == 0 || is_opaque(b, place))
		return (struct target){.kind = TARGET_UNKNOWN, .dotted = path};
	return resolve(b->scratch, b->project, b->fn->module, b->fn->scope, path);
}

struct target target_of_place(const struct binder *b, uint32_t place)
{
	const struct place *p = &b->cfg->places[place];
	return target_of_path(b, p, place_path(b->scratch, b->project, p));
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
		path = dotted_under(b->scratch, path, project_text(b->project, e->name));
	return target_of_path(b, place, path);
}

struct str call_name(const struct binder *b, const struct event *e)
{
	const struct place *callee = ref_kind(e->a) == REF_KIND_PLACE
	                                     ? &b->cfg->places[ref_index(e->a)]
	                                     : NULL;
	if (e->name != NAME_NONE)
		return project_text(b->project, e->name);
	return callee != NULL && callee->step_count == 0 ? project_text(b->project, callee->root)
	                                                 : STR_EMPTY;
}

/* The parameter of that name, or NULL. */
const struct param *param_named(const struct binder *b, name_id name)
{
	const struct module *m = module_of(b);
	const struct scope *s = &m->scopes[b->fn->scope];
	for (uint32_t i = 0; i < s->param_count; i++)
		if (m->params[s->first_param + i].name == name)
			return &m->params[s->first_param + i];
	return NULL;
}

bool is_param(const struct binder *b, name_id name)
{
	return param_named(b, name) != NULL;
}

/* ---- resources ------------------------------------------------------------------ */

uint32_t add_resource(struct binder *b, struct resource r, uint32_t entry_place)
{
	if (b->resource_count == RESOURCES_MAX)
		return RESOURCES_MAX;
	for (uint32_t i = 0; i < b->resource_count; i++)
		r.ordinal += str_eq(b->resources[i].name, r.name);
	r.dropped = objects_are_old(b->program, b->fn->module, r.kind) ? r.kind->old_dropped
	                                                               : r.kind->dropped;
	b->resources[b->resource_count] = r;
	b->entry_places[b->resource_count] = (slot_id)(entry_place + 1);
	return b->resource_count++;
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
		             locals_find(&b->locals, m->params[i].name));
	}
}

void add_registry_resource(struct binder *b, const struct registry *registry, uint32_t place,
                           struct span span)
{
	uint32_t r = add_resource(b,
	                          (struct resource){
					  .kind = registry->kind,
					  .origin = ORIGIN_REGISTRY,
					  .name = registry->name,
					  .identity = registry->identity,
					  .event = EVENT_NONE,
					  .param = UINT32_MAX,
					  .span = span,
					  .thread_local_scope = registry->thread_local_scope,
					  .managed = registry->managed,
				  },
	                          place);
	if (r < RESOURCES_MAX)
		b->registry_of[place] = r + 1;
}

/* self.registry, known by its class alone: whose session it gives is not, so it is not taken to be the thread's. */
static bool kept_registry(const struct binder *b, uint32_t place_index, struct registry *out)
{
	const struct place *place = &b->cfg->places[place_index];
	if (place->root_kind != PLACE_LOCAL || place->step_count != 1)
		return false;
	for (uint32_t i = 0; i < b->lent_count; i++)
		if (is_lent_place(place, &b->lent[i]))
			return false;
	struct target class_ = object_class(b, REF_PLACE(place_index));
	const struct maker *m = class_.kind != TARGET_EXTERNAL
	                                ? NULL
	                                : protocols_maker(b->program->protocols, class_.dotted,
	                                                  MAKER_REGISTRY_TYPE);
	if (m == NULL)
		return false;
	*out = (struct registry){
		.kind = m->kind,
		.identity = place_path(b->scratch, b->project, place),
		.module = MODULE_NONE,
	};
	out->name = out->identity;
	return true;
}

/* Registries are there on entry: whoever ran before in this thread may have used them. */
static void add_registry(struct binder *b, uint32_t place, uint32_t event)
{
	struct registry registry;
	if (b->registry_asked[place])
		return;
	b->registry_asked[place] = true;
	if (!bind_registry(b, place, &registry) && !kept_registry(b, place, &registry))
		return;
	b->queried[place] = registry.queried;
	uint32_t known = registry_resource(b, registry.identity);
	if (!registry.queried)
		registry.name = place_path(b->scratch, b->project, &b->cfg->places[place]);
	if (known != RESOURCES_MAX)
		b->registry_of[place] = known + 1;
	else
		add_registry_resource(b, &registry, place, b->cfg->events[event].span);
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

static struct str receiver_path(const struct binder *b, const struct event *e)
{
	return ref_kind(e->a) == REF_KIND_PLACE
	               ? place_path(b->scratch, b->project, &b->cfg->places[ref_index(e->a)])
	               : STR_EMPTY;
}

static void find_removed(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count && b->removed_count < REMOVED_MAX; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_CALL && e->arg_count == 0 && e->name != NAME_NONE &&
		    call_is(b, e, "remove"))
			b->removed[b->removed_count++] = receiver_path(b, e);
	}
}

/* `session_maker()` is called like a sessionmaker, but `session_maker.remove()` makes it a registry. */
static bool is_removed(const struct binder *b, const struct event *e)
{
	struct str path = receiver_path(b, e);
	if (e->name != NAME_NONE)
		path = dotted_under(b->scratch, path, project_text(b->project, e->name));
	for (uint32_t i = 0; i < b->removed_count; i++)
		if (str_eq(b->removed[i], path))
			return true;
	return b->removed_count == REMOVED_MAX;
}

/* `self._session_factory = factory`: the attribute's name says what the parameter's does not. */
static struct thing thing_of_attribute_name(const struct binder *b, uint32_t i)
{
	const struct maker *m = b->targets[i].kind != TARGET_PARAM
	                                ? NULL
	                                : protocols_maker(
						  b->program->protocols,
						  project_text(b->project, b->cfg->events[i].name),
						  MAKER_FACTORY);
	return m == NULL
	               ? (struct thing){0}
	               : (struct thing){.kind = THING_FACTORY, .resource = m->kind, .by_name = true};
}

/* request.app.state.maker() */
static struct thing thing_of_state(const struct binder *b, const struct event *e)
{
	const struct place *p = ref_kind(e->a) == REF_KIND_PLACE ? &b->cfg->places[ref_index(e->a)]
	                                                         : NULL;
	return p != NULL && p->step_count > 0 &&
	                       p->steps[p->step_count - 1].kind == STEP_ATTRIBUTE &&
	                       str_is(project_text(b->project, p->steps[p->step_count - 1].name),
	                              "state")
	               ? parked_maker(b->program, e->name)
	               : (struct thing){0};
}

static struct thing thing_of_callee(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	if (target_is_property(b->project, &b->targets[i]))
		return thing_returned(b, &b->targets[i]);
	struct thing thing = thing_of(b->scratch, b->program, &b->targets[i]);
	if (thing.kind == THING_NONE)
		thing = begun_factory(b, e);
	if ((thing.kind == THING_NONE || thing.by_name) && e->name == NAME_NONE) {
		/* maker(), get_maker()(): what a local is bound to says more than its name */
		struct thing value = value_thing(b, e->a);
		thing = value.kind != THING_NONE ? value : thing;
	}
	if (thing.kind == THING_NONE && e->name != NAME_NONE)
		thing = thing_of_state(b, e);
	if (thing.kind == THING_NONE && e->name != NAME_NONE)
		thing = thing_of_attribute_name(b, i);
	if (thing.kind == THING_FACTORY && thing.by_name && is_removed(b, e))
		return (struct thing){0};
	return thing;
}

/* `end = lambda: db.close()` and then end(): the lambda. */
static struct target lambda_called(const struct binder *b, const struct event *e,
                                   struct target otherwise)
{
	uint32_t made = e->name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE
	                        ? maker_of_local(b, e->a)
	                        : EVENT_NONE;
	const struct event *closure = made == EVENT_NONE ? NULL : &b->cfg->events[made];
	if (otherwise.kind != TARGET_UNKNOWN || closure == NULL || closure->kind != EV_CLOSURE ||
	    closure->arg_count > 0 || is_param(b, b->cfg->places[ref_index(e->a)].root))
		return otherwise;
	return (struct target){.kind = TARGET_SCOPE,
	                       .module = b->fn->module,
	                       .scope = closure->index,
	                       .dotted = otherwise.dotted};
}

static void bind_callee(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	struct str name = project_text(b->project, e->name);
	b->targets[i] = lambda_called(b, e, b->targets[i]);
	b->targets[i] = bind_method_target(b, e, b->targets[i]);
	b->callees[i] = thing_of_callee(b, i);
	b->fn->plan.actions[i].quiet = protocols_quiet(b->program->protocols, b->targets[i].dotted) ||
	                               (e->name != NAME_NONE &&
	                                protocols_quiet(b->program->protocols,
	                                                dotted_under(b->scratch, STR_EMPTY, name)));
}

/* First by name alone: what a method is may depend on a call that stands later, in a loop. */
void find_callees(struct binder *b)
{
	find_removed(b);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (b->cfg->events[i].kind == EV_CALL)
			b->targets[i] = callee_target(b, &b->cfg->events[i]);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (b->cfg->events[i].kind == EV_CALL)
			bind_callee(b, i);
}

/* The resource + 1 of an earlier one that is the same session, or 0. */
static uint32_t lent_before(const struct binder *b, const uint32_t *resources, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++)
		if (lent_is_same(&b->lent[i], &b->lent[index]))
			return resources[i];
	return 0;
}

static bool is_given(const struct binder *b, const struct lent *lent)
{
	for (uint32_t i = 0; i < b->given_count; i++)
		if (lent_equal(&b->given[i].lent, lent))
			return true;
	return false;
}

/* Each session that a caller lends stands where it was said to. */
static void add_lent(struct binder *b)
{
	const struct module *m = module_of(b);
	uint32_t resources[LENT_MAX] = {0};
	for (uint32_t i = 0; i < b->lent_count; i++) {
		const struct lent *lent = &b->lent[i];
		if (is_given(b, lent))
			continue; /* for a view the framework makes the object */
		const struct param *param = lent->attribute == NAME_NONE ? param_named(b, lent->root)
		                                                         : NULL;
		uint32_t place = 0;
		while (place < b->cfg->place_count && !is_lent_place(&b->cfg->places[place], lent))
			place++; /* add_lent_places has seen to it that there is one */
		resources[i] = lent_before(b, resources, i);
		if (resources[i] != 0) {
			b->lent_of[place] = resources[i];
			continue;
		}
		uint32_t added = add_resource(
			b,
			(struct resource){
				.kind = lent->kind,
				.origin = ORIGIN_LENT,
				.name = place_text(b, place),
				.event = EVENT_NONE,
				.param = param == NULL ? UINT32_MAX : (uint32_t)(param - m->params),
				.span = param == NULL ? m->scopes[b->fn->scope].name_span
		                                      : param->span,
			},
			place);
		resources[i] = added == RESOURCES_MAX ? 0 : added + 1;
	}
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

static void add_registry_in(struct binder *b, ref value, uint32_t event)
{
	if (ref_kind(value) == REF_KIND_PLACE && b->registry_of[ref_index(value)] == 0)
		add_registry(b, ref_index(value), event);
}

/* `session = db.session`, `Session.add(x)`, `save(Session, x)`; `return Session` in what hands sessions out. */
static void add_registries_at(struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	if (e->kind == EV_ASSIGN && e->index == 0)
		add_registry_in(b, e->b, event);
	else if (e->kind == EV_CALL || (e->kind == EV_RETURN && b->fn->as_provider))
		add_registry_in(b, e->a, event);
	/* an argument is looked at only where registries are known to be */
	for (uint32_t i = 0; e->kind == EV_CALL && b->program->effects != NULL && i < e->arg_count;
	     i++)
		add_registry_in(b, b->cfg->args[e->first_arg + i].value, event);
}

void find_resources(struct binder *b)
{
	if (b->fn->lent == NULL)
		add_injected(b);
	add_given_resources(b);
	add_lent(b);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		add_registries_at(b, i);
	find_called_registries(b);
	find_reached_registries(b);
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		find_made(b, i);
	find_connections(b);
	quiet_exceptions(b);
}
