/*
 * instance.c - what objects are instances of: attributes read in classes and
 * their bases, and the class of what a name, parameter, attribute or call gives, by what is
 * assigned to it and by annotations. What may be of several classes is of none.
 */
#include "project/answers.h"
#include "project/def.h"
#include "project/resolve_internal.h"

#define STORES_MAX 8 /* assignments of one name that are compared */

static struct target class_of_expr(struct resolver *r, module_id m, scope_id scope, expr_id expr);
static struct target class_of_annotation(struct resolver *r, module_id m, scope_id scope,
                                         expr_id annotation);
static struct target class_of(struct resolver *r, const struct target *of);

/* ---- classes and their bases ------------------------------------------------------- */

bool target_is_property(const struct project *p, const struct target *t)
{
	return t->kind == TARGET_SCOPE && def_is_property(p, t->module, t->scope);
}

/* 'rest' read in exactly this class. */
static struct target in_own_names(struct resolver *r, const struct target *class_, struct str rest)
{
	const struct project *p = r->project;
	struct str after, part = dotted_first(rest, &after);
	const struct symbol *s = project_symbol(p, class_->module, class_->scope,
	                                        intern_find(p->names, part));
	if (s == NULL || s->kind == SYMBOL_IMPORT)
		return target_unknown(rest);
	if (s->kind == SYMBOL_BINDING)
		return resolve_through_binding(r, class_->module, s->index, part, after);
	struct target def = {
		.kind = TARGET_SCOPE, .module = class_->module, .scope = s->index, .dotted = part};
	if (after.len > 0 && def_is_property(p, class_->module, s->index))
		return resolve_in_object(r, &def, after);
	return resolve_in_scope(r, class_->module, s->index, part, after);
}

/* 'rest' read from the classes above this one. */
static struct target in_bases(struct resolver *r, const struct target *class_, struct str rest)
{
	struct target above[LINEAGE_MAX], t = target_unknown(rest);
	if (r->hops == 0 ||
	    project_scope(r->project, class_->module, class_->scope)->base_count == 0)
		return t;
	r->hops--;
	unsigned count = lineage_above(r, class_, above);
	for (unsigned i = 0; i < count && t.kind == TARGET_UNKNOWN; i++)
		t = in_own_names(r, &above[i], rest);
	return t;
}

struct target resolve_in_class(struct resolver *r, module_id m, scope_id class_, struct str rest)
{
	struct target own = {.kind = TARGET_SCOPE, .module = m, .scope = class_};
	struct target t = r->hops == 0 ? target_unknown(rest) : in_own_names(r, &own, rest);
	return t.kind != TARGET_UNKNOWN ? t : in_bases(r, &own, rest);
}

/* ---- annotations --------------------------------------------------------------------- */

/* Optional[X] and its like are X. */
static bool is_wrapper(struct str name)
{
	static const char *const wrappers[] = {"Optional", "Union",     "Annotated", "Final",
	                                       "ClassVar", "Awaitable", "Coroutine", "Required"};
	for (size_t i = 0; i < ARRAY_LEN(wrappers); i++)
		if (str_is(name, wrappers[i]))
			return true;
	return false;
}

/* The class among the parts of a union or the indices of a wrapper; with 'first' only the first index counts. */
static struct target class_of_parts(struct resolver *r, module_id m, scope_id scope, expr_id from,
                                    expr_id end, bool first)
{
	const struct module *module = project_module(r->project, m);
	for (expr_id part = from; part < end; part = module->exprs[part].next) {
		struct target t = class_of_annotation(r, m, scope, part);
		if (t.kind != TARGET_UNKNOWN || first)
			return t;
	}
	return target_unknown(STR_EMPTY);
}

/* The class that a quoted annotation names: of "Optional[a.B[C]] | None" it is a.B. */
static struct str quoted_name(struct str text)
{
	for (;;) {
		size_t n = 0;
		while (n < text.len && strchr("[]|, ", text.ptr[n]) == NULL)
			n++;
		struct str name = str_slice(text, 0, n);
		if (n == text.len || text.ptr[n] != '[' || !is_wrapper(dotted_last(name)))
			return name;
		text = str_slice(text, n + 1, text.len);
	}
}

static struct target class_of_annotation(struct resolver *r, module_id m, scope_id scope,
                                         expr_id annotation)
{
	const struct module *module = project_module(r->project, m);
	if (annotation == EXPR_NONE || r->hops == 0)
		return target_unknown(STR_EMPTY);
	const struct expr *e = &module->exprs[annotation];
	if (e->kind == EXPR_UNION)
		return class_of_parts(r, m, scope, annotation + 1, e->next, false);
	if (e->kind == EXPR_SUBSCRIPT && annotation + 1 < e->next) {
		const struct expr *value = &module->exprs[annotation + 1];
		struct str name = dotted_last(project_text(r->project, value->text));
		if (value->kind != EXPR_NAME || !is_wrapper(name))
			return class_of_annotation(r, m, scope, annotation + 1);
		return class_of_parts(r, m, scope, value->next, e->next, str_is(name, "Annotated"));
	}
	if (e->kind != EXPR_NAME && e->kind != EXPR_TEXT)
		return target_unknown(STR_EMPTY);
	struct target t = resolve_in(r, m, scope, quoted_name(project_text(r->project, e->text)));
	if (t.kind == TARGET_BINDING) { /* Alias = Annotated[X, ...], Alias = X | None */
		const struct binding *b = &project_module(r->project, t.module)->bindings[t.binding];
		return class_of_annotation(r, t.module, b->from, b->value);
	}
	return target_is_class(r->project, &t) || t.kind == TARGET_EXTERNAL
	               ? t
	               : target_unknown(STR_EMPTY);
}

/* ---- what values are instances of ------------------------------------------------------ */

static struct target class_of_call(struct resolver *r, module_id m, scope_id scope, expr_id call)
{
	const struct module *module = project_module(r->project, m);
	const struct expr *callee = &module->exprs[call + 1];
	if (callee->kind == EXPR_SUBSCRIPT) /* sessionmaker[Session](...) */
		callee++;
	if (callee->kind != EXPR_NAME)
		return target_unknown(STR_EMPTY);
	struct str name = project_text(r->project, callee->text);
	if (str_is(dotted_last(name), "cast") &&
	    module->exprs[call + 1].next < module->exprs[call].next)
		return class_of_annotation(r, m, scope, module->exprs[call + 1].next);
	struct target t = resolve_in(r, m, scope, name);
	if (target_is_class(r->project, &t) || t.kind == TARGET_EXTERNAL)
		return t;
	if (t.kind == TARGET_PARAM) /* cls() */
		return class_of(r, &t);
	return t.kind == TARGET_SCOPE ? class_of(r, &t) : target_unknown(STR_EMPTY);
}

static struct target class_of_expr(struct resolver *r, module_id m, scope_id scope, expr_id expr)
{
	const struct module *module = project_module(r->project, m);
	struct target found = target_unknown(STR_EMPTY);
	if (expr == EXPR_NONE || r->hops == 0)
		return found;
	const struct expr *e = &module->exprs[expr];
	if (e->kind == EXPR_CALL)
		return class_of_call(r, m, scope, expr);
	if (e->kind == EXPR_NAME) {
		struct target t = resolve_in(r, m, scope, project_text(r->project, e->text));
		return t.kind == TARGET_SCOPE ? found : class_of(r, &t);
	}
	for (expr_id part = expr + 1; e->kind == EXPR_CHOICE && part < e->next;
	     part = module->exprs[part].next) {
		struct target t = class_of_expr(r, m, scope, part);
		if (t.kind != TARGET_UNKNOWN)
			return t;
	}
	return found;
}

/* The class of one assignment: of what is assigned, else as annotated. */
static struct target class_of_binding(struct resolver *r, module_id m, uint32_t index)
{
	const struct binding *b = &project_module(r->project, m)->bindings[index];
	struct target t = class_of_expr(r, m, b->from, b->value);
	return t.kind == TARGET_SCOPE || b->annotation == EXPR_NONE
	               ? t
	               : class_of_annotation(r, m, b->from, b->annotation);
}

/* All that is assigned to the name must agree; what says nothing (None, a parameter without type) is no vote. */
static struct target class_of_name(struct resolver *r, module_id m, uint32_t index)
{
	const struct binding *b = &project_module(r->project, m)->bindings[index];
	uint32_t count;
	const struct symbol *all = project_symbols(r->project, m, b->scope, b->name, &count);
	struct target found = target_unknown(STR_EMPTY);
	for (uint32_t i = count; i > 0 && count - i < STORES_MAX; i--) {
		if (all[i - 1].kind != SYMBOL_BINDING)
			continue;
		struct target t = class_of_binding(r, m, all[i - 1].index);
		if (t.kind == TARGET_UNKNOWN)
			continue;
		if (found.kind != TARGET_UNKNOWN && !target_same(&found, &t))
			return target_unknown(STR_EMPTY);
		found = t;
	}
	return found;
}

/* What a provider gives: of `-> Iterator[Service]` the service. */
static struct target class_handed_out(struct resolver *r, const struct target *provider)
{
	const struct module *module = project_module(r->project, provider->module);
	const struct scope *s = &module->scopes[provider->scope];
	const struct expr *returns = s->returns == EXPR_NONE ? NULL : &module->exprs[s->returns];
	if ((s->flags & SCOPE_GENERATOR) == 0 || returns == NULL ||
	    returns->kind != EXPR_SUBSCRIPT || s->parent == SCOPE_NONE)
		return class_of(r, provider);
	return class_of_parts(r, provider->module, s->parent, module->exprs[s->returns + 1].next,
	                      returns->next, true);
}

/* Depends(Service), Depends(get_service) as a default. */
static struct target class_of_default(struct resolver *r, module_id m, scope_id scope, expr_id value)
{
	const struct module *module = project_module(r->project, m);
	if (value == EXPR_NONE || module->exprs[value].kind != EXPR_CALL)
		return target_unknown(STR_EMPTY);
	const struct expr *callee = &module->exprs[value + 1];
	if (callee->kind != EXPR_NAME || callee->next >= module->exprs[value].next ||
	    !str_is(dotted_last(project_text(r->project, callee->text)), "Depends"))
		return target_unknown(STR_EMPTY);
	const struct expr *given = &module->exprs[callee->next];
	if (given->kind != EXPR_NAME)
		return target_unknown(STR_EMPTY);
	struct target t = resolve_in(r, m, scope, project_text(r->project, given->text));
	return target_is_class(r->project, &t) ? t
	       : t.kind == TARGET_SCOPE        ? class_handed_out(r, &t)
	                                       : class_of(r, &t);
}

/* `self` (and the class that `cls` is), an annotated parameter, one that a dependency fills. */
static struct target class_of_param(struct resolver *r, const struct target *param)
{
	const struct module *module = project_module(r->project, param->module);
	const struct scope *s = &module->scopes[param->scope];
	const struct param *p = &module->params[param->binding];
	if (s->parent == SCOPE_NONE)
		return target_unknown(STR_EMPTY);
	if (param->binding == s->first_param && s->kind == SCOPE_FUNCTION &&
	    def_class(r->project, param->module, param->scope) != SCOPE_NONE &&
	    !def_is_static(r->project, param->module, param->scope))
		return (struct target){
			.kind = TARGET_SCOPE,
			.module = param->module,
			.scope = s->parent,
			.dotted = project_text(r->project, module->scopes[s->parent].name)};
	struct target t = class_of_annotation(r, param->module, s->parent, p->annotation);
	return t.kind != TARGET_UNKNOWN ? t
	                                : class_of_default(r, param->module, s->parent, p->value);
}

static struct target class_of(struct resolver *r, const struct target *of)
{
	if (r->hops == 0)
		return target_unknown(STR_EMPTY);
	r->hops--;
	switch (of->kind) {
	case TARGET_BINDING: return class_of_name(r, of->module, of->binding);
	case TARGET_PARAM: return class_of_param(r, of);
	case TARGET_SCOPE: {
		const struct scope *s = project_scope(r->project, of->module, of->scope);
		return s->kind == SCOPE_FUNCTION && s->parent != SCOPE_NONE
		               ? class_of_annotation(r, of->module, s->parent, s->returns)
		               : target_unknown(STR_EMPTY);
	}
	case TARGET_UNKNOWN:
	case TARGET_MODULE:
	case TARGET_EXTERNAL: break;
	}
	return target_unknown(STR_EMPTY);
}

struct target resolve_in_object(struct resolver *r, const struct target *object, struct str rest)
{
	struct target class_ = class_of(r, object);
	if (!target_is_class(r->project, &class_))
		return target_unknown(dotted_join(r->scratch, object->dotted, rest));
	struct target t = resolve_in_class(r, class_.module, class_.scope, rest);
	t.on_instance = true;
	return t;
}

/* ---- asked from outside ------------------------------------------------------------------ */

struct target resolve_member(struct arena *scratch, const struct project *p, module_id m,
                             scope_id class_, struct str dotted)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	struct question q = {.kind = ASKED_MEMBER, .module = m, .scope = class_, .text = dotted};
	struct target t;
	if (answers_find(p->answers, scratch, &q, &t))
		return t;
	t = resolve_in_class(&r, m, class_, dotted);
	t.on_instance = true;
	answers_add(p->answers, &q, &t);
	return t;
}

struct target resolve_above(struct arena *scratch, const struct project *p, module_id m,
                            scope_id class_, struct str dotted)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	struct target own = {.kind = TARGET_SCOPE, .module = m, .scope = class_};
	struct target t = in_bases(&r, &own, dotted);
	t.on_instance = true;
	return t;
}

struct target resolve_member_class(struct arena *scratch, const struct project *p, module_id m,
                                   scope_id class_, struct str dotted)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	struct question q = {
		.kind = ASKED_MEMBER_CLASS, .module = m, .scope = class_, .text = dotted};
	struct target t;
	if (answers_find(p->answers, scratch, &q, &t))
		return t;
	t = resolve_in_class(&r, m, class_, dotted);
	bool object = t.kind == TARGET_BINDING || t.kind == TARGET_PARAM ||
	              target_is_property(p, &t);
	t = object ? class_of(&r, &t) : target_unknown(dotted);
	answers_add(p->answers, &q, &t);
	return t;
}

struct target resolve_class(struct arena *scratch, const struct project *p, const struct target *of)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	struct question q = {ASKED_CLASS, of->kind, of->module, of->scope, of->binding, of->dotted};
	struct target t;
	if (answers_find(p->answers, scratch, &q, &t))
		return t;
	t = class_of(&r, of);
	answers_add(p->answers, &q, &t);
	return t;
}

struct target resolve_annotation(struct arena *scratch, const struct project *p, module_id m,
                                 scope_id scope, expr_id annotation)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	return class_of_annotation(&r, m, scope, annotation);
}
