/*
 * bind_given.c - sessions that a framework gives inside an object: `svc: Service = Depends(Service)` whose
 * __init__ asks for one, and the attributes of a class-based view. They are the provider's, as an injected session
 * is; only the place is another: svc.db, self.session.
 */
#include "program/bind_internal.h"
#include "program/parked.h"
#include "program/provider.h"
#include "program/result.h"

#define OBJECTS_DEEP_MAX 2 /* an object that is given an object: svc.repo.db */

struct collecting {
	struct binder *b;
	name_id root;
	uint32_t param; /* of the function under analysis */
	struct span span;
};

static void add_given(const struct collecting *c, const struct provider *provider,
                      name_id attribute, name_id inner)
{
	struct binder *b = c->b;
	if (b->given_count == GIVEN_MAX || provider->kind->layer != LAYER_SESSION)
		return;
	b->given[b->given_count++] = (struct given){
		.lent = {provider->kind, PLACE_LOCAL, c->root, attribute, inner, STEP_ATTRIBUTE},
		.provider = provider,
		.param = c->param,
		.span = c->span,
	};
}

static void collect_object(const struct collecting *c, const struct dependency *dep,
                           name_id attribute, unsigned depth);

/* What the object keeps in 'attribute' (and 'inner' of that) is what this Depends() gives. */
static void collect_kept(const struct collecting *c, const struct dependency *dep,
                         name_id attribute, name_id inner, unsigned depth)
{
	bool unresolved = false;
	const struct provider *provider = provider_of_dependency(c->b->scratch, c->b->program, dep,
	                                                         &unresolved);
	if (provider != NULL)
		add_given(c, provider, attribute, inner);
	else if (inner == NAME_NONE)
		collect_object(c, dep, attribute, depth + 1);
}

/* What the parameters of the def that makes the object are given, where the object keeps it. */
static void collect_params(const struct collecting *c, module_id m, scope_id scope, name_id outer,
                           unsigned depth)
{
	const struct module *module = project_module(c->b->project, m);
	const struct scope *s = &module->scopes[scope];
	struct result made = result_of(c->b->program, m, scope);
	for (uint32_t k = 0; k < made.kept_count; k++) {
		const struct kept_param *kept = &made.kept[k];
		for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
			struct dependency dep;
			if (module->params[i].name != kept->param ||
			    (outer != NAME_NONE && kept->inner != NAME_NONE) ||
			    !dependency_of(c->b->scratch, c->b->project, m, scope,
			                   &module->params[i], &dep))
				continue;
			collect_kept(c, &dep, outer == NAME_NONE ? kept->attribute : outer,
			             outer == NAME_NONE ? kept->inner : kept->attribute, depth);
		}
	}
}

/* `db: Session = Depends(get_db)` in the body of a class. */
static void collect_attributes(const struct collecting *c, module_id m, scope_id class_,
                               name_id outer, unsigned depth)
{
	const struct module *module = project_module(c->b->project, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *at = &module->bindings[i];
		struct dependency dep;
		if (at->scope != class_ ||
		    !dependency_of_declared(c->b->scratch, c->b->project, m, class_, at->annotation,
		                            at->value, &dep))
			continue;
		collect_kept(c, &dep, outer == NAME_NONE ? at->name : outer,
		             outer == NAME_NONE ? NAME_NONE : at->name, depth);
	}
}

static void collect_class(const struct collecting *c, module_id m, scope_id class_, name_id outer,
                          unsigned depth)
{
	struct target init = resolve_member(c->b->scratch, c->b->project, m, class_,
	                                    STR("__init__"));
	if (init.kind == TARGET_SCOPE)
		collect_params(c, init.module, init.scope, outer, depth);
	else
		collect_attributes(c, m, class_, outer, depth);
}

/* The sessions in the object that this Depends() gives; 'outer' is the attribute that keeps it, if any. */
static void collect_object(const struct collecting *c, const struct dependency *dep, name_id outer,
                           unsigned depth)
{
	if (depth == OBJECTS_DEEP_MAX)
		return;
	struct callable made = dependency_callable(c->b->scratch, c->b->project, dep);
	if (made.kind == CALLABLE_CLASS)
		collect_class(c, made.module, made.scope, outer, depth);
	else if (made.kind == CALLABLE_DEF)
		collect_params(c, made.module, made.scope, outer, depth);
}

static bool is_stored(const struct binder *b, uint32_t place)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		if (b->cfg->events[i].kind == EV_ASSIGN && b->cfg->events[i].a == REF_PLACE(place))
			return true;
	return false;
}

/* request.state.db: what a middleware has put there for those inside. */
static void find_parked(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->place_count; i++) {
		const struct place *p = &b->cfg->places[i];
		const struct param *param = p->step_count == 2 && p->root_kind == PLACE_LOCAL &&
		                                            p->steps[1].kind == STEP_ATTRIBUTE
		                                    ? param_named(b, p->root)
		                                    : NULL;
		name_id name = param == NULL ? NAME_NONE : parked_name(b->project, p);
		const struct provider *lender = name == NAME_NONE
		                                        ? NULL
		                                        : parked_session(b->program, b->fn->module,
		                                                         name);
		if (lender == NULL || is_stored(b, i))
			continue;
		struct collecting c = {
			b, p->root,
			(uint32_t)(param - project_module(b->project, b->fn->module)->params),
			param->span};
		add_given(&c, lender, p->steps[0].name, name);
	}
}

void find_given_objects(struct binder *b)
{
	const struct module *m = project_module(b->project, b->fn->module);
	const struct scope *s = &m->scopes[b->fn->scope];
	enum entry_kind entry = b->fn->entry;
	b->given = arena_array(b->scratch, struct given, GIVEN_MAX);
	bool handler = entry == ENTRY_HTTP || entry == ENTRY_WEBSOCKET;
	if (b->fn->lent != NULL)
		return;
	if (b->fn->as_provider || handler || entry == ENTRY_DEPENDENCY)
		find_parked(b);
	if (b->fn->as_provider || !handler)
		return;
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		struct collecting c = {b, m->params[i].name, i, m->params[i].span};
		struct dependency dep;
		bool unresolved = false;
		if (dependency_of(b->scratch, b->project, b->fn->module, b->fn->scope,
		                  &m->params[i], &dep) &&
		    provider_of_dependency(b->scratch, b->program, &dep, &unresolved) == NULL)
			collect_object(&c, &dep, NAME_NONE, 0);
	}
	if (s->param_count > 0 && m->scopes[s->parent].kind == SCOPE_CLASS) {
		struct collecting c = {b, m->params[s->first_param].name, s->first_param,
		                       m->params[s->first_param].span};
		collect_class(&c, b->fn->module, s->parent, NAME_NONE, 0);
	}
}

/* Two that hand on what one middleware keeps give the same session. */
static bool is_same_provider(const struct provider *a, const struct provider *b)
{
	a = a->lender != NULL ? a->lender : a;
	b = b->lender != NULL ? b->lender : b;
	return a == b ||
	       (a->module != MODULE_NONE && a->module == b->module && a->scope == b->scope);
}

/* FastAPI runs a provider once a request: the session in the object is the one that a parameter has. */
static uint32_t resource_given(const struct binder *b, const struct given *g)
{
	for (uint32_t r = 0; r < b->resource_count; r++)
		if (b->resources[r].origin == ORIGIN_DEPENDENCY &&
		    is_same_provider(b->resources[r].provider, g->provider))
			return r;
	return RESOURCES_MAX;
}

void add_given_resources(struct binder *b)
{
	for (uint32_t i = 0; i < b->given_count; i++) {
		const struct given *g = &b->given[i];
		uint32_t place = 0, known = resource_given(b, g);
		while (place < b->cfg->place_count &&
		       !is_lent_place(&b->cfg->places[place], &g->lent))
			place++; /* find_lent has seen to it that there is one */
		if (known < RESOURCES_MAX)
			b->stands_for[place] = (uint16_t)(known + 1);
		else
			add_resource(b,
			             (struct resource){
					     .kind = g->lent.kind,
					     .origin = ORIGIN_DEPENDENCY,
					     .name = place_path(b->scratch, b->project,
			                                        &b->cfg->places[place]),
					     .event = EVENT_NONE,
					     .param = g->param,
					     .span = g->span,
					     .provider = g->provider,
					     .given = true,
				     },
			             place);
	}
}
