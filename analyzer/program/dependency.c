/*
 * dependency.c - one Depends() in all its spellings: in a default, in an Annotated, behind
 * an alias of either, here or in another file.
 */
#include "program/dependency.h"

#include "program/override.h"

#define ALIAS_HOPS_MAX 4 /* aliases of aliases */

bool names_dependency(struct str name)
{
	return str_is(name, "Depends") || str_is(name, "Security");
}

static bool names_depends(struct arena *scratch, const struct project *p, module_id m,
                          scope_id scope, expr_id callee)
{
	if (project_expr(p, m, callee)->kind != EXPR_NAME)
		return false;
	struct target t = resolve_expr(scratch, p, m, scope, callee);
	struct str last = dotted_last(t.dotted);
	return (t.kind == TARGET_EXTERNAL || t.kind == TARGET_UNKNOWN) && names_dependency(last);
}

static bool text_is(const struct project *p, const struct expr *e, const char *text)
{
	return str_is(project_text(p, e->text), text);
}

static void read_keyword(const struct project *p, module_id m, expr_id keyword,
                         struct dependency *out)
{
	const struct expr *k = project_expr(p, m, keyword), *value = k + 1;
	if (text_is(p, k, "dependency"))
		out->provider = keyword + 1;
	else if (text_is(p, k, "use_cache"))
		out->uncached = value->kind == EXPR_CONSTANT && text_is(p, value, "False");
	else if (text_is(p, k, "scope"))
		out->function_scope = value->kind == EXPR_TEXT && text_is(p, value, "function");
}

/* Depends(x), Depends(dependency=x), Depends(): fills what stands in it. */
static bool read_call(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                      expr_id call, struct dependency *out)
{
	const struct expr *e = project_expr(p, m, call);
	if (e->kind != EXPR_CALL || !names_depends(scratch, p, m, scope, call + 1))
		return false;
	out->provider = EXPR_NONE;
	out->module = m;
	out->scope = scope;
	for (expr_id arg = project_expr(p, m, call + 1)->next; arg < e->next;
	     arg = project_expr(p, m, arg)->next) {
		const struct expr *a = project_expr(p, m, arg);
		if (a->kind == EXPR_KEYWORD)
			read_keyword(p, m, arg, out);
		else if (out->provider == EXPR_NONE)
			out->provider = arg;
	}
	return true;
}

/* The assignment that a name stands for; false when it is none with a value. */
static bool binding_of(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                       expr_id name, struct target *t, const struct binding **out)
{
	const struct expr *e = project_expr(p, m, name);
	if (e->kind != EXPR_NAME && e->kind != EXPR_TEXT)
		return false;
	*t = resolve_expr(scratch, p, m, scope, name);
	if (t->kind != TARGET_BINDING)
		return false;
	*out = &project_module(p, t->module)->bindings[t->binding];
	return (*out)->value != EXPR_NONE;
}

bool dependency_of_value(struct arena *scratch, const struct project *p, module_id m,
                         scope_id scope, expr_id value, struct dependency *out)
{
	struct target t;
	const struct binding *b;
	*out = (struct dependency){.provider = EXPR_NONE, .module = m, .annotation = EXPR_NONE};
	if (read_call(scratch, p, m, scope, value, out))
		return true;
	return binding_of(scratch, p, m, scope, value, &t, &b) &&
	       read_call(scratch, p, t.module, b->from, b->value, out);
}

static bool is_annotated(const struct project *p, module_id m, expr_id value)
{
	const struct expr *e = project_expr(p, m, value);
	return e->kind == EXPR_NAME && str_is(dotted_last(project_text(p, e->text)), "Annotated");
}

/* FromDishka[T]: another framework fills it, by the type alone; nothing says with what. */
static bool read_typed(const struct project *p, module_id m, scope_id scope, expr_id annotation,
                       struct dependency *out)
{
	static const char *const markers[] = {"FromDishka", "Injected"};
	const struct expr *e = project_expr(p, m, annotation), *marker = e + 1;
	if (e->kind != EXPR_SUBSCRIPT || marker->kind != EXPR_NAME || marker->next >= e->next)
		return false;
	struct str last = dotted_last(project_text(p, marker->text));
	for (size_t i = 0; i < ARRAY_LEN(markers); i++)
		if (str_is(last, markers[i])) {
			out->module = m;
			out->scope = scope;
			out->annotation = marker->next;
			return true;
		}
	return false;
}

/* Annotated[T, ..., Depends(x)], or a name that stands for one, here or in another file. */
static bool read_annotated(struct arena *scratch, const struct project *p, module_id m,
                           scope_id scope, expr_id annotation, struct dependency *out, unsigned hops)
{
	const struct expr *e = project_expr(p, m, annotation);
	struct target t;
	const struct binding *b;
	if (e->kind == EXPR_SUBSCRIPT && is_annotated(p, m, annotation + 1)) {
		expr_id type = project_expr(p, m, annotation + 1)->next;
		bool found = false;
		for (expr_id arg = type; arg < e->next && !found;
		     arg = project_expr(p, m, arg)->next)
			found = read_call(scratch, p, m, scope, arg, out);
		out->annotation = found ? type : EXPR_NONE;
		return found;
	}
	return read_typed(p, m, scope, annotation, out) ||
	       (hops > 0 && binding_of(scratch, p, m, scope, annotation, &t, &b) &&
	        read_annotated(scratch, p, t.module, b->from, b->value, out, hops - 1));
}

bool dependency_of_declared(struct arena *scratch, const struct project *p, module_id m,
                            scope_id scope, expr_id annotation, expr_id value,
                            struct dependency *out)
{
	if (value != EXPR_NONE && dependency_of_value(scratch, p, m, scope, value, out)) {
		if (out->module == m) /* an alias from elsewhere is read there */
			out->annotation = annotation;
		return true;
	}
	*out = (struct dependency){.provider = EXPR_NONE, .module = m, .annotation = EXPR_NONE};
	if (annotation == EXPR_NONE ||
	    !read_annotated(scratch, p, m, scope, annotation, out, ALIAS_HOPS_MAX))
		return false;
	out->annotated = true;
	return true;
}

bool dependency_of(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                   const struct param *param, struct dependency *out)
{
	scope_id outer = project_scope(p, m, scope)->parent;
	return outer != SCOPE_NONE &&
	       dependency_of_declared(scratch, p, m, outer, param->annotation, param->value, out);
}

struct callable dependency_callable(struct arena *scratch, const struct project *p,
                                    const struct dependency *dep)
{
	struct callable none = {.kind = CALLABLE_UNKNOWN,
	                        .target = {.kind = TARGET_UNKNOWN, .dotted = STR_EMPTY},
	                        .name = STR_EMPTY};
	expr_id called = dep->provider != EXPR_NONE ? dep->provider : dep->annotation;
	return called == EXPR_NONE ? none
	                           : override_of(p, callable_of_expr(scratch, p, dep->module,
	                                                             dep->scope, called));
}
