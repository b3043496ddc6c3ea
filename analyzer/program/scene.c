/*
 * scene.c - see scene.h. A value is followed to what made it: a local to its one assignment, a
 * captured name to the function around, everything else as project/ resolves it.
 */
#include "program/scene.h"

#include "program/bind_internal.h"

#define OBJECT_DEPTH_MAX 7 /* locals made from locals, calls on what calls return */

static struct target object_at(const struct scene *s, ref value, unsigned depth);
static struct target callee_at(const struct scene *s, const struct event *e, unsigned depth);

static struct target unknown(struct str text)
{
	return (struct target){.kind = TARGET_UNKNOWN, .dotted = text};
}

struct scene scene_of(struct arena *scratch, const struct program *program, module_id m,
                      scope_id scope, const struct cfg *cfg)
{
	uint32_t *makers = arena_array(scratch, uint32_t, cfg->place_count);
	uint8_t *stores = arena_array(scratch, uint8_t, cfg->place_count);
	for (uint32_t i = 0; i < cfg->place_count; i++)
		makers[i] = EVENT_NONE;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    ref_kind(e->b) == REF_KIND_CONST)
			continue;
		uint32_t place = ref_index(e->a);
		makers[place] = stores[place] == 0 && e->index == 0 ? i : EVENT_NONE;
		stores[place] = 1;
	}
	uint32_t *steps = arena_new(scratch, uint32_t);
	*steps = SCENE_STEPS_PER_EVENT * (cfg->event_count + 1);
	return (struct scene){scratch, program, m, scope, cfg, locals_of(scratch, cfg),
	                      makers,  steps};
}

/* ---- objects -------------------------------------------------------------------------------- */

/* What calling it gives: an object of the class, of what the def returns, or of the library's path itself. */
static struct target result_of(const struct scene *s, const struct target *callee)
{
	const struct project *p = s->program->project;
	if (callee->kind == TARGET_EXTERNAL || target_is_class(p, callee))
		return *callee;
	return callee->kind == TARGET_SCOPE || callee->kind == TARGET_PARAM
	               ? resolve_class(s->scratch, p, callee)
	               : unknown(STR_EMPTY);
}

/* The first base of a class that the project does not have; empty when there is none. */
static struct str library_base(const struct scene *s, const struct target *class_, unsigned depth)
{
	const struct project *p = s->program->project;
	const struct module *module = project_module(p, class_->module);
	const struct scope *scope = &module->scopes[class_->scope];
	for (uint32_t i = 0; i < scope->base_count && depth <= OBJECT_DEPTH_MAX; i++) {
		struct target t = resolve_expr(s->scratch, p, class_->module, scope->parent,
		                               module->bases[scope->first_base + i]);
		struct str base = t.kind == TARGET_EXTERNAL ? t.dotted
		                  : target_is_class(p, &t)  ? library_base(s, &t, depth + 1)
		                                            : STR_EMPTY;
		if (base.len > 0)
			return base;
	}
	return STR_EMPTY;
}

static struct target under_path(const struct scene *s, struct str path, struct str name)
{
	return (struct target){.kind = TARGET_EXTERNAL,
	                       .dotted = dotted_under(s->scratch, path, name)};
}

static struct target attribute_of(const struct scene *s, const struct target *object, name_id name)
{
	const struct project *p = s->program->project;
	struct str text = project_text(p, name);
	if (object->kind == TARGET_EXTERNAL)
		return under_path(s, object->dotted, text);
	if (!target_is_class(p, object))
		return unknown(text);
	struct target t = resolve_member_class(s->scratch, p, object->module, object->scope, text);
	if (t.kind != TARGET_UNKNOWN)
		return t;
	struct str base = library_base(s, object, 0);
	return base.len == 0 ? t : under_path(s, base, text);
}

/* A name as the project resolves it: a parameter, a global, an import. */
static struct target of_name(const struct scene *s, name_id name)
{
	const struct project *p = s->program->project;
	struct target t = resolve(s->scratch, p, s->module, s->scope, project_text(p, name));
	if (t.kind == TARGET_BINDING || t.kind == TARGET_PARAM)
		return resolve_class(s->scratch, p, &t);
	return t.kind == TARGET_EXTERNAL ? t : unknown(STR_EMPTY);
}

/* A name of an enclosing function. */
static struct target of_free(const struct scene *s, name_id name, unsigned depth)
{
	const struct project *p = s->program->project;
	struct cfg cfg;
	struct target t = of_name(s, name);
	scope_id outer = project_scope(p, s->module, s->scope)->parent;
	if (t.kind != TARGET_UNKNOWN || outer == SCOPE_NONE || depth > OBJECT_DEPTH_MAX ||
	    project_scope(p, s->module, outer)->kind != SCOPE_FUNCTION ||
	    !record_cfg(s->scratch, &p->modules[s->module].loaded, outer, &cfg))
		return t;
	struct scene around = scene_of(s->scratch, s->program, s->module, outer, &cfg);
	uint32_t place = locals_find(&around.locals, name);
	if (place == UINT32_MAX)
		return of_free(&around, name, depth + 1);
	uint32_t maker = around.makers[place];
	return maker == EVENT_NONE ? t : object_at(&around, cfg.events[maker].b, depth + 1);
}

static struct target of_root(const struct scene *s, const struct place *place, unsigned depth)
{
	if (place->root_kind == PLACE_FREE)
		return of_free(s, place->root, depth);
	if (place->root_kind == PLACE_LOCAL) {
		uint32_t plain = locals_find(&s->locals, place->root);
		uint32_t maker = plain == UINT32_MAX ? EVENT_NONE : s->makers[plain];
		if (maker != EVENT_NONE)
			return object_at(s, s->cfg->events[maker].b, depth + 1);
	}
	return place->root_kind == PLACE_TOKEN ? unknown(STR_EMPTY) : of_name(s, place->root);
}

static struct target of_place(const struct scene *s, const struct place *place, unsigned depth)
{
	struct target t = of_root(s, place, depth);
	for (unsigned i = 0; i < place->step_count; i++) {
		if (place->steps[i].kind != STEP_ATTRIBUTE)
			return unknown(STR_EMPTY);
		t = attribute_of(s, &t, place->steps[i].name);
	}
	return t;
}

/* ---- items of containers ------------------------------------------------------------------------ */

/* The annotation of what a name or attribute is: of the assignment, or of the parameter that is assigned. */
static bool annotation_of(const struct scene *s, const struct target *t, module_id *m,
                          scope_id *scope, expr_id *annotation)
{
	const struct project *p = s->program->project;
	const struct module *module = project_module(p, t->module);
	if (t->kind == TARGET_PARAM) {
		*m = t->module;
		*scope = module->scopes[t->scope].parent;
		*annotation = module->params[t->binding].annotation;
		return *annotation != EXPR_NONE && *scope != SCOPE_NONE;
	}
	if (t->kind != TARGET_BINDING)
		return false;
	const struct binding *b = &module->bindings[t->binding];
	*m = t->module;
	*scope = b->from;
	*annotation = b->annotation;
	return *annotation != EXPR_NONE;
}

/* X of list[X] and its like. */
static struct target item_of_annotation(const struct scene *s, module_id m, scope_id scope,
                                        expr_id annotation)
{
	static const char *const containers[] = {"list", "List", "Sequence", "tuple",     "Tuple",
	                                         "set",  "Set",  "Iterable", "Collection"};
	const struct project *p = s->program->project;
	const struct expr *e = &project_module(p, m)->exprs[annotation];
	if (e->kind != EXPR_SUBSCRIPT || e[1].kind != EXPR_NAME)
		return unknown(STR_EMPTY);
	for (size_t i = 0; i < ARRAY_LEN(containers); i++)
		if (str_is(dotted_last(project_text(p, e[1].text)), containers[i]))
			return resolve_annotation(s->scratch, p, m, scope, e[1].next);
	return unknown(STR_EMPTY);
}

/* The first item of a list, or of a comprehension, that is made here. */
static struct target of_built_item(const struct scene *s, ref list, unsigned depth)
{
	if (ref_kind(list) == REF_KIND_PLACE && s->makers[ref_index(list)] != EVENT_NONE)
		list = s->cfg->events[s->makers[ref_index(list)]].b;
	if (ref_kind(list) != REF_KIND_TEMP)
		return unknown(STR_EMPTY);
	const struct event *e = &s->cfg->events[ref_index(list)];
	bool built = e->kind == EV_BUILD && e->arg_count > 0 &&
	             (e->op == BUILD_LIST || e->op == BUILD_TUPLE || e->op == BUILD_COMPREHENSION);
	return built ? object_at(s, s->cfg->args[e->first_arg].value, depth + 1)
	             : unknown(STR_EMPTY);
}

/* for item in self.items: */
static struct target of_item(const struct scene *s, ref source, unsigned depth)
{
	const struct project *p = s->program->project;
	module_id m;
	scope_id scope;
	expr_id annotation;
	struct target item = of_built_item(s, source, depth);
	if (item.kind != TARGET_UNKNOWN || ref_kind(source) != REF_KIND_PLACE)
		return item;
	struct str path = place_path(s->scratch, p, &s->cfg->places[ref_index(source)]);
	struct target t = resolve(s->scratch, p, s->module, s->scope, path);
	return annotation_of(s, &t, &m, &scope, &annotation)
	               ? item_of_annotation(s, m, scope, annotation)
	               : unknown(STR_EMPTY);
}

/* ---- temporaries ---------------------------------------------------------------------------------- */

static struct target of_event(const struct scene *s, const struct event *e, unsigned depth)
{
	struct target t = unknown(STR_EMPTY);
	switch (e->kind) {
	case EV_CALL: t = callee_at(s, e, depth + 1); return result_of(s, &t);
	case EV_ENTER:
	case EV_AWAIT: return object_at(s, e->a, depth + 1);
	case EV_ATTR: t = object_at(s, e->a, depth + 1); return attribute_of(s, &t, e->name);
	case EV_NEXT:
		return ref_kind(e->a) == REF_KIND_TEMP
		               ? of_item(s, s->cfg->events[ref_index(e->a)].a, depth + 1)
		               : t;
	case EV_BUILD:
		for (uint32_t i = 0;
		     e->op == BUILD_CHOICE && i < e->arg_count && t.kind == TARGET_UNKNOWN; i++)
			t = object_at(s, s->cfg->args[e->first_arg + i].value, depth + 1);
		return t;
	default: return t;
	}
}

static struct target object_at(const struct scene *s, ref value, unsigned depth)
{
	if (!scene_step(s))
		return unknown(STR_EMPTY);
	if (depth <= OBJECT_DEPTH_MAX && ref_kind(value) == REF_KIND_TEMP)
		return of_event(s, &s->cfg->events[ref_index(value)], depth);
	if (depth <= OBJECT_DEPTH_MAX && ref_kind(value) == REF_KIND_PLACE)
		return of_place(s, &s->cfg->places[ref_index(value)], depth);
	return unknown(STR_EMPTY);
}

struct target object_of(const struct scene *s, ref value)
{
	return object_at(s, value, 0);
}

/* ---- callees ---------------------------------------------------------------------------------------- */

/* A name means something to other code only when it was imported, defined or a parameter, not assigned, here. */
static struct target named(const struct scene *s, const struct place *place, struct str path)
{
	const struct project *p = s->program->project;
	uint32_t plain = place->root_kind == PLACE_LOCAL ? locals_find(&s->locals, place->root)
	                                                 : UINT32_MAX;
	const struct symbol *symbol = project_symbol(p, s->module, s->scope, place->root);
	bool assigned = plain != UINT32_MAX && s->makers[plain] != EVENT_NONE &&
	                (symbol == NULL || symbol->kind == SYMBOL_BINDING);
	return path.len == 0 || assigned ? unknown(path)
	                                 : resolve(s->scratch, p, s->module, s->scope, path);
}

/* A method of an object of that class. */
static struct target member_of(const struct scene *s, const struct target *object, name_id name)
{
	const struct project *p = s->program->project;
	struct str text = project_text(p, name), base = object->dotted;
	if (object->kind != TARGET_EXTERNAL && !target_is_class(p, object))
		return unknown(text);
	if (object->kind == TARGET_SCOPE) {
		struct target t = resolve_member(s->scratch, p, object->module, object->scope, text);
		if (t.kind == TARGET_SCOPE)
			return t;
		base = library_base(s, object, 0);
	}
	return base.len == 0 ? unknown(text) : under_path(s, base, text);
}

static struct target callee_at(const struct scene *s, const struct event *e, unsigned depth)
{
	const struct project *p = s->program->project;
	struct str written = project_text(p, e->name);
	if (ref_kind(e->a) == REF_KIND_PLACE) {
		const struct place *place = &s->cfg->places[ref_index(e->a)];
		written = place_path(s->scratch, p, place);
		if (e->name != NAME_NONE && written.len > 0)
			written = dotted_under(s->scratch, written, project_text(p, e->name));
		struct target t = named(s, place, written);
		if (t.kind == TARGET_SCOPE || t.kind == TARGET_EXTERNAL)
			return t;
	}
	if (e->name == NAME_NONE || depth > OBJECT_DEPTH_MAX)
		return unknown(written);
	struct target object = object_at(s, e->a, depth + 1);
	struct target t = member_of(s, &object, e->name);
	return t.kind == TARGET_UNKNOWN ? unknown(written) : t;
}

struct target callee_of(const struct scene *s, const struct event *e)
{
	return callee_at(s, e, 0);
}

struct target function_of(const struct scene *s, ref value)
{
	if (ref_kind(value) != REF_KIND_PLACE)
		return unknown(STR_EMPTY);
	struct place place = s->cfg->places[ref_index(value)];
	struct str path = place_path(s->scratch, s->program->project, &place);
	struct target t = named(s, &place, path);
	if (t.kind == TARGET_SCOPE || t.kind == TARGET_EXTERNAL || place.step_count == 0)
		return t;
	name_id name = place.steps[--place.step_count].name;
	struct target object = of_place(s, &place, 0);
	t = member_of(s, &object, name);
	return t.kind == TARGET_UNKNOWN ? unknown(path) : t;
}
