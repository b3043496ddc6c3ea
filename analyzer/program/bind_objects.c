/*
 * bind_objects.c - which class of the project an object of a function is an instance of, while the function
 * is bound: its parameters and locals, what calls return, attributes of all of these. What declarations alone
 * say is project/instance.c's.
 */
#include "program/bind_internal.h"
#include "program/result.h"
#include "project/def.h"

#define VALUES_MAX                                                                                 \
	32 /* that are looked at for one object: locals made from locals, choices, attributes */

static struct target class_at(const struct binder *b, ref r, unsigned *left);

static const struct target no_class = {.kind = TARGET_UNKNOWN};

bool find_param(const struct binder *b, const struct place *place, struct target *out)
{
	const struct module *m = module_of(b);
	scope_id at = b->fn->scope;
	if (place->root_kind == PLACE_FREE)
		at = m->scopes[at].parent;
	for (; at != SCOPE_NONE; at = m->scopes[at].parent) {
		const struct scope *s = &m->scopes[at];
		for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++)
			if (m->params[i].name == place->root) {
				*out = (struct target){.kind = TARGET_PARAM,
				                       .module = b->fn->module,
				                       .scope = at,
				                       .binding = i};
				return true;
			}
		if (place->root_kind == PLACE_LOCAL)
			break;
	}
	return false;
}

bool find_local(const struct binder *b, const struct place *place, struct target *out)
{
	const struct symbol *s = place->root_kind != PLACE_LOCAL
	                                 ? NULL
	                                 : project_symbol(b->project, b->fn->module, b->fn->scope,
	                                                  place->root);
	if (s == NULL || s->kind != SYMBOL_BINDING)
		return false;
	*out = (struct target){.kind = TARGET_BINDING,
	                       .module = b->fn->module,
	                       .scope = b->fn->scope,
	                       .binding = s->index,
	                       .dotted = project_text(b->project, place->root)};
	return true;
}

struct target class_of_cls(const struct binder *b, const struct event *e)
{
	static const char *const classmethod[] = {"classmethod"};
	module_id m = b->fn->module;
	const struct place *p = e->name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE
	                                ? &b->cfg->places[ref_index(e->a)]
	                                : NULL;
	if (p == NULL || p->root_kind != PLACE_LOCAL || p->step_count != 0 ||
	    b->assigned[ref_index(e->a)] || p->root != def_self(b->project, m, b->fn->scope) ||
	    !def_has_decorator(b->project, m, b->fn->scope, classmethod, 1))
		return no_class;
	return (struct target){
		.kind = TARGET_SCOPE, .module = m, .scope = def_class(b->project, m, b->fn->scope)};
}

/* All values that are stored in the place must agree. */
static struct target class_of_stores(const struct binder *b, uint32_t place, unsigned *left)
{
	struct target found = no_class;
	for (uint32_t at = b->last_stores[place]; at != 0; at = b->stores_before[at - 1]) {
		const struct event *e = &b->cfg->events[at - 1];
		struct target one = class_at(b, event_stored(b->cfg, e), left);
		bool agrees = at == b->last_stores[place] || target_same(&one, &found);
		if (one.kind == TARGET_UNKNOWN || !agrees)
			return no_class;
		found = one;
	}
	return found;
}

/* The class of the object in a place's root. */
static struct target class_of_root(const struct binder *b, uint32_t index, unsigned *left)
{
	const struct place *place = &b->cfg->places[index];
	struct target declared, found = no_class;
	if (place->root_kind == PLACE_TOKEN)
		return no_class;
	if (place->root_kind != PLACE_GLOBAL && find_param(b, place, &declared))
		found = resolve_class(b->scratch, b->project, &declared);
	if (found.kind != TARGET_UNKNOWN || place->root_kind == PLACE_FREE)
		return found;
	if (place->root_kind == PLACE_LOCAL) {
		uint32_t root = place->step_count == 0 ? index
		                                       : locals_find(&b->locals, place->root);
		if (root != UINT32_MAX)
			found = class_of_stores(b, root, left);
		if (found.kind == TARGET_UNKNOWN && find_local(b, place, &declared))
			found = resolve_class(b->scratch, b->project, &declared);
	}
	return found;
}

/* The class of what the whole path names: a global, an attribute of an imported module. */
static struct target class_by_name(const struct binder *b, uint32_t index)
{
	struct target t = target_of_place(b, index);
	return t.kind == TARGET_BINDING ? resolve_class(b->scratch, b->project, &t) : no_class;
}

/* The dotted path behind a place's root; empty when it is no path of attributes. */
static struct str path_of_steps(const struct binder *b, const struct place *place)
{
	struct str path = STR_EMPTY;
	for (unsigned i = 0; i < place->step_count; i++) {
		struct str name = project_text(b->project, place->steps[i].name);
		if (place->steps[i].kind != STEP_ATTRIBUTE)
			return STR_EMPTY;
		path = i == 0 ? name : dotted_under(b->scratch, path, name);
	}
	return path;
}

static struct target class_of_place(const struct binder *b, uint32_t index, unsigned *left)
{
	const struct place *place = &b->cfg->places[index];
	struct target root = class_of_root(b, index, left);
	if (root.kind == TARGET_UNKNOWN)
		return class_by_name(b, index);
	if (place->step_count == 0 || !target_is_class(b->project, &root))
		return place->step_count == 0 ? root : no_class;
	struct str path = path_of_steps(b, place);
	return path.len == 0
	               ? no_class
	               : resolve_member_class(b->scratch, b->project, root.module, root.scope, path);
}

/* cast(Service, x): as written. */
static struct target class_of_cast(const struct binder *b, const struct event *e)
{
	ref type = b->cfg->args[e->first_arg].value;
	if (ref_kind(type) != REF_KIND_PLACE)
		return no_class;
	struct target t = target_of_place(b, ref_index(type));
	return target_is_class(b->project, &t) ? t : no_class;
}

/* `OrderRepository.from_session(db)`, a classmethod of a base that returns cls(..): an OrderRepository. */
static struct target class_made_of(const struct binder *b, const struct event *e,
                                   const struct target *t, struct target made)
{
	static const char *const classmethod[] = {"classmethod"};
	if (e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE ||
	    !target_is_class(b->project, &made) || made.module != t->module ||
	    made.scope != def_class(b->project, t->module, t->scope) ||
	    !def_has_decorator(b->project, t->module, t->scope, classmethod, 1))
		return made;
	struct target owner = target_of_place(b, ref_index(e->a));
	return target_is_class(b->project, &owner) ? owner : made;
}

static struct target class_of_call(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *t = &b->targets[event];
	if (e->arg_count == 2 && call_is(b, e, "cast"))
		return class_of_cast(b, e);
	if (t->kind == TARGET_PARAM)
		return resolve_class(b->scratch, b->project, t);
	if (t->kind == TARGET_UNKNOWN)
		return class_of_cls(b, e);
	if (t->kind != TARGET_SCOPE || target_is_class(b->project, t))
		return *t;
	struct target annotated = resolve_class(b->scratch, b->project, t);
	if (!target_is_class(b->project, &annotated))
		annotated = result_of(b->program, t->module, t->scope).class_;
	return class_made_of(b, e, t, annotated);
}

static struct target class_of_choice(const struct binder *b, const struct event *e, unsigned *left)
{
	struct target found = no_class;
	for (uint32_t i = 0; i < e->arg_count && found.kind == TARGET_UNKNOWN; i++)
		found = class_at(b, b->cfg->args[e->first_arg + i].value, left);
	return found;
}

/* ---- what a loop gives ------------------------------------------------------------------ */

/* The class C of `list[C]`, `Sequence[C]` and their like. */
static struct target class_of_items(const struct binder *b, module_id m, scope_id scope,
                                    expr_id annotation)
{
	static const char *const many[] = {"list",     "List",       "Sequence", "Iterable",
	                                   "tuple",    "Tuple",      "set",      "Set",
	                                   "Iterator", "Collection", "frozenset"};
	const struct expr *exprs = project_module(b->project, m)->exprs;
	if (annotation == EXPR_NONE || exprs[annotation].kind != EXPR_SUBSCRIPT ||
	    exprs[annotation + 1].kind != EXPR_NAME)
		return no_class;
	struct str name = dotted_last(project_text(b->project, exprs[annotation + 1].text));
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		if (str_is(name, many[i]))
			return resolve_annotation(b->scratch, b->project, m, scope,
			                          exprs[annotation + 1].next);
	return no_class;
}

static struct target items_of_param(const struct binder *b, const struct target *param)
{
	const struct module *m = project_module(b->project, param->module);
	return class_of_items(b, param->module, m->scopes[param->scope].parent,
	                      m->params[param->binding].annotation);
}

/* Of `self.parts`: as it is annotated, or as the parameter that is stored there is. */
static struct target items_of_binding(const struct binder *b, const struct target *t)
{
	const struct module *m = project_module(b->project, t->module);
	const struct binding *binding = &m->bindings[t->binding];
	if (binding->annotation != EXPR_NONE)
		return class_of_items(b, t->module, binding->from, binding->annotation);
	if (binding->value == EXPR_NONE || m->exprs[binding->value].kind != EXPR_NAME)
		return no_class;
	const struct scope *from = &m->scopes[binding->from];
	for (uint32_t i = from->first_param; i < from->first_param + from->param_count; i++)
		if (m->params[i].name == m->exprs[binding->value].text)
			return class_of_items(b, t->module, from->parent, m->params[i].annotation);
	return no_class;
}

static struct target items_at(const struct binder *b, ref r, unsigned *left);
static struct target member_at(const struct binder *b, uint32_t index, unsigned *left);

static struct target items_of_place(const struct binder *b, uint32_t index, unsigned *left)
{
	const struct place *place = &b->cfg->places[index];
	struct target t;
	if (place->step_count == 0 && place->root_kind != PLACE_GLOBAL && find_param(b, place, &t))
		return items_of_param(b, &t);
	if (place->step_count == 0 && place->root_kind == PLACE_LOCAL &&
	    b->last_stores[index] != 0 && b->stores_before[b->last_stores[index] - 1] == 0)
		return items_at(b, event_stored(b->cfg, &b->cfg->events[b->last_stores[index] - 1]),
		                left);
	t = place->step_count == 0 ? target_of_place(b, index) : member_at(b, index, left);
	return t.kind == TARGET_BINDING ? items_of_binding(b, &t) : no_class;
}

/* The class of the items of what an operand holds. */
static struct target items_at(const struct binder *b, ref r, unsigned *left)
{
	if (*left == 0)
		return no_class;
	--*left;
	if (ref_kind(r) == REF_KIND_PLACE)
		return items_of_place(b, ref_index(r), left);
	if (ref_kind(r) != REF_KIND_TEMP || b->cfg->events[ref_index(r)].kind != EV_CALL)
		return no_class;
	const struct target *t = &b->targets[ref_index(r)];
	if (t->kind != TARGET_SCOPE || target_is_class(b->project, t))
		return no_class;
	const struct scope *def = project_scope(b->project, t->module, t->scope);
	return class_of_items(b, t->module, def->parent, def->returns);
}

static struct target class_at(const struct binder *b, ref r, unsigned *left)
{
	if (*left == 0)
		return no_class;
	--*left;
	if (ref_kind(r) == REF_KIND_PLACE)
		return class_of_place(b, ref_index(r), left);
	if (ref_kind(r) != REF_KIND_TEMP)
		return no_class;
	const struct event *e = &b->cfg->events[ref_index(r)];
	switch (e->kind) {
	case EV_CALL: return class_of_call(b, ref_index(r));
	case EV_AWAIT:
	case EV_ENTER: return class_at(b, e->a, left);
	case EV_NEXT:
		return ref_kind(e->a) == REF_KIND_TEMP
		               ? items_at(b, b->cfg->events[ref_index(e->a)].a, left)
		               : no_class;
	case EV_BUILD: return e->op == BUILD_CHOICE ? class_of_choice(b, e, left) : no_class;
	case EV_ATTR: {
		struct target of = class_at(b, e->a, left);
		return target_is_class(b->project, &of)
		               ? resolve_member_class(b->scratch, b->project, of.module, of.scope,
		                                      project_text(b->project, e->name))
		               : no_class;
	}
	default: return no_class;
	}
}

struct target object_class(const struct binder *b, ref r)
{
	unsigned left = VALUES_MAX;
	return class_at(b, r, &left);
}

static struct target member_at(const struct binder *b, uint32_t index, unsigned *left)
{
	struct str path = path_of_steps(b, &b->cfg->places[index]);
	struct target root = path.len == 0 ? no_class : class_of_root(b, index, left);
	return target_is_class(b->project, &root)
	               ? resolve_member(b->scratch, b->project, root.module, root.scope, path)
	               : no_class;
}

struct target member_of_place(const struct binder *b, ref r)
{
	unsigned left = VALUES_MAX;
	return member_at(b, ref_index(r), &left);
}
