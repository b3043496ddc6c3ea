/*
 * thing_handed.c - annotations of what is called to get a session: `Callable[[], AsyncSession]`, a Protocol
 * whose __call__ gives a context manager. Where such a session comes from is not known, so only a with statement
 * that enters it makes it the function's own.
 */
#include "program/thing_handed.h"

#define HANDED_DEPTH_MAX 4 /* aliases of aliases, unions in unions */

/* The module and scope in which an annotation is read. */
struct reader {
	struct arena *scratch;
	const struct program *program;
	module_id module;
	scope_id scope;
};

static const struct expr *expr_at(const struct reader *r, expr_id e)
{
	return &project_module(r->program->project, r->module)->exprs[e];
}

static bool is_named(const struct reader *r, expr_id e, const char *const *names, size_t count)
{
	struct str last = dotted_last(project_text(r->program->project, expr_at(r, e)->text));
	for (size_t i = 0; expr_at(r, e)->kind == EXPR_NAME && i < count; i++)
		if (str_is(last, names[i]))
			return true;
	return false;
}

static const struct resource_kind *session_kind(const struct reader *r, expr_id e)
{
	const struct resource_kind *kind = kind_of_annotation(r->scratch, r->program, r->module,
	                                                      r->scope, e);
	return kind != NULL && kind->layer == LAYER_SESSION ? kind : NULL;
}

static bool is_manager(const struct reader *r, expr_id e)
{
	static const char *const names[] = {"ContextManager", "AbstractContextManager",
	                                    "AsyncContextManager", "AbstractAsyncContextManager"};
	return expr_at(r, e)->kind == EXPR_SUBSCRIPT && is_named(r, e + 1, names, ARRAY_LEN(names));
}

/* The session that a with statement gets of such a value. */
static const struct resource_kind *entered_kind(const struct reader *r, expr_id e)
{
	return is_manager(r, e) ? session_kind(r, expr_at(r, e + 1)->next) : session_kind(r, e);
}

/* Of an instance of a class with a __call__; 'generic': the subscript that says what it is generic over, or EXPR_NONE. */
static const struct resource_kind *kind_of_class(const struct reader *r,
                                                 const struct target *class_, expr_id generic)
{
	const struct project *p = r->program->project;
	struct target call = resolve_member(r->scratch, p, class_->module, class_->scope,
	                                    STR("__call__"));
	if (call.kind != TARGET_SCOPE ||
	    project_scope(p, call.module, call.scope)->returns == EXPR_NONE)
		return NULL;
	const struct scope *s = project_scope(p, call.module, call.scope);
	struct reader in = {r->scratch, r->program, call.module, s->parent};
	const struct resource_kind *kind = entered_kind(&in, s->returns);
	if (kind != NULL || generic == EXPR_NONE || !is_manager(&in, s->returns))
		return kind;
	return session_kind(r, expr_at(r, generic + 1)->next);
}

static const struct resource_kind *handed_at(const struct reader *r, expr_id e, unsigned depth);

static const struct resource_kind *kind_of_parts(const struct reader *r, expr_id first, expr_id end,
                                                 unsigned depth)
{
	const struct resource_kind *kind = NULL;
	for (expr_id i = first; i < end && kind == NULL; i = expr_at(r, i)->next)
		kind = handed_at(r, i, depth + 1);
	return kind;
}

static const struct resource_kind *kind_of_name(const struct reader *r, expr_id e, expr_id generic,
                                                unsigned depth)
{
	const struct project *p = r->program->project;
	struct target t = resolve_expr(r->scratch, p, r->module, r->scope, e);
	if (t.kind == TARGET_BINDING && generic == EXPR_NONE) {
		const struct binding *b = &project_module(p, t.module)->bindings[t.binding];
		struct reader in = {r->scratch, r->program, t.module, b->from};
		return handed_at(&in, b->value, depth + 1);
	}
	return t.kind == TARGET_SCOPE && project_scope(p, t.module, t.scope)->kind == SCOPE_CLASS
	               ? kind_of_class(r, &t, generic)
	               : NULL;
}

static const struct resource_kind *kind_of_subscript(const struct reader *r, expr_id e,
                                                     unsigned depth)
{
	static const char *const wrappers[] = {"Optional", "Union", "Annotated"};
	static const char *const callable[] = {"Callable"};
	expr_id first = expr_at(r, e + 1)->next, end = expr_at(r, e)->next, last = first;
	if (first >= end)
		return NULL;
	if (is_named(r, e + 1, wrappers, ARRAY_LEN(wrappers)))
		return kind_of_parts(r, first, end, depth);
	if (!is_named(r, e + 1, callable, ARRAY_LEN(callable)))
		return kind_of_name(r, e + 1, e, depth);
	while (expr_at(r, last)->next < end)
		last = expr_at(r, last)->next;
	return last == first ? NULL : entered_kind(r, last);
}

static const struct resource_kind *handed_at(const struct reader *r, expr_id e, unsigned depth)
{
	if (e == EXPR_NONE || depth > HANDED_DEPTH_MAX)
		return NULL;
	switch (expr_at(r, e)->kind) {
	case EXPR_NAME: return kind_of_name(r, e, EXPR_NONE, depth);
	case EXPR_UNION: return kind_of_parts(r, e + 1, expr_at(r, e)->next, depth);
	case EXPR_SUBSCRIPT: return kind_of_subscript(r, e, depth);
	default: return NULL;
	}
}

/* Where the annotation of a parameter, name or def stands; of a name that is given one, that one's. */
static expr_id annotation_of(const struct target *t, struct reader *r, unsigned depth)
{
	const struct project *p = r->program->project;
	if (t->kind == TARGET_PARAM) {
		r->module = t->module;
		r->scope = project_scope(p, t->module, t->scope)->parent;
		return project_module(p, t->module)->params[t->binding].annotation;
	}
	if (t->kind == TARGET_SCOPE) {
		r->module = t->module;
		r->scope = project_scope(p, t->module, t->scope)->parent;
		return project_scope(p, t->module, t->scope)->returns;
	}
	if (t->kind != TARGET_BINDING)
		return EXPR_NONE;
	const struct binding *b = &project_module(p, t->module)->bindings[t->binding];
	r->module = t->module;
	r->scope = b->scope;
	if (b->annotation != EXPR_NONE || b->value == EXPR_NONE || depth > HANDED_DEPTH_MAX ||
	    expr_at(r, b->value)->kind != EXPR_NAME)
		return b->annotation;
	struct target value = resolve_expr(r->scratch, p, t->module, b->from, b->value);
	return annotation_of(&value, r, depth + 1);
}

struct thing thing_handed(struct arena *scratch, const struct program *program,
                          const struct target *t)
{
	struct reader r = {scratch, program, MODULE_NONE, SCOPE_NONE};
	expr_id annotation = annotation_of(t, &r, 0);
	const struct resource_kind *kind = r.scope == SCOPE_NONE ? NULL
	                                                         : handed_at(&r, annotation, 0);
	return kind == NULL
	               ? (struct thing){0}
	               : (struct thing){.kind = THING_PROVIDER, .resource = kind, .by_name = true};
}
