/*
 * thing.c - what a resolved name is, as far as sessions are concerned: a type,
 * a factory, a registry or a provider. What stands in the project is read;
 * what does not is known by its full path or, last, by a customary name.
 */
#include "program/bind.h"
#include "program/makings.h"
#include "program/objects.h"
#include "program/provider.h"
#include "program/result.h"
#include "program/thing_handed.h"
#include "project/def.h"

#define THING_DEPTH_MAX 6 /* bases of bases, factories of factories */

static struct thing thing_at(struct arena *scratch, const struct program *program,
                             const struct target *t, unsigned depth);
static const struct resource_kind *kind_annotated(struct arena *scratch,
                                                  const struct program *program, module_id m,
                                                  scope_id scope, expr_id annotation,
                                                  unsigned depth);

/* The value of keyword 'name' of the call expression, or EXPR_NONE. */
static expr_id keyword_of(const struct project *p, module_id m, expr_id call, const char *name)
{
	const struct expr *e = project_expr(p, m, call);
	expr_id child = call + 1;
	for (; child < e->next; child = project_expr(p, m, child)->next)
		if (project_expr(p, m, child)->kind == EXPR_KEYWORD &&
		    str_is(project_text(p, project_expr(p, m, child)->text), name))
			return child + 1;
	return EXPR_NONE;
}

/* How many positional arguments the call expression has. */
static unsigned positional_count(const struct project *p, module_id m, expr_id call)
{
	unsigned n = 0;
	expr_id callee_end = project_expr(p, m, call + 1)->next;
	for (expr_id child = callee_end; child < project_expr(p, m, call)->next;
	     child = project_expr(p, m, child)->next)
		n += project_expr(p, m, child)->kind != EXPR_KEYWORD;
	return n;
}

/* ---- outside the project: full paths and customary names --------------------- */

static struct thing of_maker(const struct maker *m, enum thing_kind kind, bool by_name)
{
	return (struct thing){.kind = kind, .resource = m->kind, .by_name = by_name};
}

/* A customary name: the last part of what was imported from a module we do not have. */
static struct thing by_name(const struct protocols *p, struct str dotted)
{
	struct str last = dotted_last(dotted);
	if (!protocols_may_name(p, last))
		return (struct thing){0};
	const struct maker *m = protocols_maker(p, last, MAKER_FACTORY);
	if (m != NULL)
		return of_maker(m, THING_FACTORY, true);
	m = protocols_maker(p, last, MAKER_REGISTRY);
	if (m != NULL)
		return of_maker(m, THING_REGISTRY, true);
	m = protocols_maker(p, last, MAKER_PROVIDER);
	if (m != NULL)
		return of_maker(m, THING_PROVIDER, true);
	return (struct thing){0};
}

static struct thing of_path(const struct protocols *p, struct str dotted)
{
	if (!protocols_may_name(p, dotted))
		return by_name(p, dotted);
	const struct maker *m = protocols_maker(p, dotted, MAKER_TYPE);
	if (m != NULL)
		return of_maker(m, THING_TYPE, false);
	m = protocols_maker(p, dotted, MAKER_FACTORY_TYPE);
	if (m != NULL)
		return of_maker(m, THING_FACTORY_TYPE, false);
	m = protocols_maker(p, dotted, MAKER_FUNCTION);
	if (m != NULL)
		return of_maker(m, THING_FACTORY, false);
	m = protocols_maker(p, dotted, MAKER_OBJECT);
	if (m != NULL)
		return of_maker(m, THING_OBJECT, false);
	return by_name(p, dotted);
}

/* ---- in the project ------------------------------------------------------------ */

/* sessionmaker(class_=AsyncSession) makes sessions of that class. */
static struct thing of_factory(struct arena *scratch, const struct program *program, module_id m,
                               scope_id scope, expr_id call, const struct resource_kind *kind,
                               unsigned depth)
{
	const struct project *p = program->project;
	expr_id class_ = keyword_of(p, m, call, "class_");
	struct thing factory = {.kind = THING_FACTORY, .resource = kind};
	if (class_ == EXPR_NONE)
		return factory;
	struct target t = resolve_expr(scratch, p, m, scope, class_);
	struct thing type = thing_at(scratch, program, &t, depth + 1);
	if (type.kind == THING_TYPE) {
		factory.resource = type.resource;
		factory.own_exit = type.own_exit;
	}
	return factory;
}

/* partial(Session, engine), contextmanager(get_db); or what the function that is called returns. */
static struct thing of_other_call(struct arena *scratch, const struct program *program, module_id m,
                                  scope_id scope, expr_id call, const struct target *callee,
                                  unsigned depth)
{
	const struct project *p = program->project;
	expr_id given = project_expr(p, m, call + 1)->next;
	if (callee->kind == TARGET_SCOPE &&
	    project_scope(p, callee->module, callee->scope)->kind == SCOPE_FUNCTION) {
		struct thing annotated = thing_of_annotated(scratch, program, callee);
		return annotated.kind != THING_NONE
		               ? annotated
		               : result_of(program, callee->module, callee->scope).thing;
	}
	if (callee->kind != TARGET_EXTERNAL || given >= project_expr(p, m, call)->next ||
	    !wraps_argument(callee))
		return (struct thing){0};
	struct target t = resolve_expr(scratch, p, m, scope, given);
	struct thing thing = t.kind == TARGET_UNKNOWN ? (struct thing){0}
	                                              : thing_at(scratch, program, &t, depth + 1);
	if (thing.kind == THING_TYPE)
		thing.kind = THING_FACTORY;
	return thing;
}

/* create_engine(...), psycopg2.connect(...), ConnectionPool(...), get_engine() */
static struct thing of_object_maker(struct arena *scratch, const struct program *program,
                                    const struct target *callee)
{
	struct thing made = {0};
	if (callee->kind != TARGET_BINDING) /* a binding may be this very one */
		made = thing_at(scratch, program, callee, THING_DEPTH_MAX - 1);
	bool makes = made.kind == THING_TYPE || made.kind == THING_FACTORY ||
	             (made.kind == THING_PROVIDER && made.provider != NULL &&
	              made.provider->shape == SHAPE_RETURNS);
	if (!makes || made.resource == NULL || made.resource->layer == LAYER_SESSION)
		return (struct thing){0};
	return (struct thing){.kind = THING_OBJECT, .resource = made.resource};
}

/* conn.cursor(), pool.getconn() of an object that the same module makes. */
static struct thing of_object_method(struct arena *scratch, const struct program *program,
                                     module_id m, scope_id scope, expr_id call)
{
	const struct project *p = program->project;
	const struct expr *name = project_expr(p, m, call + 1);
	struct str text = project_text(p, name->text), last = dotted_last(text);
	if (name->kind != EXPR_NAME || last.len == text.len || !uses_connections(program, m))
		return (struct thing){0};
	struct target owner = resolve(scratch, p, m, scope,
	                              str_slice(text, 0, text.len - last.len - 1));
	if (owner.kind != TARGET_BINDING || owner.module != m)
		return (struct thing){0};
	const struct binding *b = &project_module(p, m)->bindings[owner.binding];
	if (b->value == EXPR_NONE || project_expr(p, m, b->value)->kind != EXPR_CALL)
		return (struct thing){0};
	struct target callee = resolve_expr(scratch, p, m, b->scope, b->value + 1);
	struct thing object = of_object_maker(scratch, program, &callee);
	const struct method *method = object.kind != THING_OBJECT
	                                      ? NULL
	                                      : kind_method(object.resource, last);
	return method == NULL || method->gives == NULL
	               ? (struct thing){0}
	               : (struct thing){.kind = THING_OBJECT, .resource = method->gives};
}

/* NAME = either of these. */
static struct thing of_object_call(struct arena *scratch, const struct program *program, module_id m,
                                   scope_id scope, expr_id call, const struct target *callee)
{
	struct thing made = of_object_maker(scratch, program, callee);
	return made.kind != THING_NONE ? made : of_object_method(scratch, program, m, scope, call);
}

/* ReadSession = NewType("ReadSession", Session): a type, and the same one when the program runs. */
static struct thing of_new_type(struct arena *scratch, const struct program *program, module_id m,
                                scope_id scope, expr_id call, unsigned depth)
{
	const struct project *p = program->project;
	expr_id name = project_expr(p, m, call + 1)->next, end = project_expr(p, m, call)->next;
	expr_id base = name < end ? project_expr(p, m, name)->next : end;
	const struct resource_kind *kind = base < end ? kind_annotated(scratch, program, m, scope,
	                                                               base, depth)
	                                              : NULL;
	return kind == NULL ? (struct thing){0}
	                    : (struct thing){.kind = THING_TYPE, .resource = kind};
}

/* NAME = sessionmaker(...) or scoped_session(...), or a call of something that is one of these. */
static struct thing of_call(struct arena *scratch, const struct program *program, module_id m,
                            scope_id scope, expr_id call, unsigned depth)
{
	const struct project *p = program->project;
	struct target callee = resolve_expr(scratch, p, m, scope, call + 1);
	if (str_is(callee.dotted, "typing.NewType") ||
	    str_is(callee.dotted, "typing_extensions.NewType"))
		return of_new_type(scratch, program, m, scope, call, depth);
	const struct maker *maker = protocols_maker(program->protocols, callee.dotted,
	                                            MAKER_FACTORY_TYPE);
	if (maker != NULL)
		return of_factory(scratch, program, m, scope, call, maker->kind, depth);
	maker = protocols_maker(program->protocols, callee.dotted, MAKER_REGISTRY_TYPE);
	if (maker == NULL) {
		struct thing other = of_other_call(scratch, program, m, scope, call, &callee, depth);
		return other.kind != THING_NONE
		               ? other
		               : of_object_call(scratch, program, m, scope, call, &callee);
	}
	bool scoped = keyword_of(p, m, call, "scopefunc") != EXPR_NONE ||
	              positional_count(p, m, call) > 1;
	return (struct thing){
		.kind = THING_REGISTRY, .resource = maker->kind, .has_scopefunc = scoped};
}

struct thing thing_of_annotated(struct arena *scratch, const struct program *program,
                                const struct target *function)
{
	struct target class_ = resolve_class(scratch, program->project, function);
	const struct maker *maker = class_.kind != TARGET_EXTERNAL
	                                    ? NULL
	                                    : protocols_maker(program->protocols, class_.dotted,
	                                                      MAKER_FACTORY_TYPE);
	return maker != NULL ? of_maker(maker, THING_FACTORY, false)
	                     : thing_handed(scratch, program, function);
}

/* What is annotated as sessionmaker[...], or assigned from something that is, makes sessions. */
static struct thing of_object(struct arena *scratch, const struct program *program,
                              const struct target *t)
{
	struct thing annotated = thing_of_annotated(scratch, program, t);
	return annotated.kind != THING_NONE ? annotated : by_name(program->protocols, t->dotted);
}

/* ---- what constructors are given --------------------------------------------------- */

#define MAKINGS_COMPARED_MAX 8 /* objects of one class */

/* The argument that becomes the parameter at 'position', counted without self; EXPR_NONE when none is plain. */
static expr_id argument_of(const struct program *program, module_id m, expr_id call,
                           uint32_t position, name_id keyword)
{
	const struct project *p = program->project;
	expr_id end = project_expr(p, m, call)->next;
	uint32_t at = 0;
	for (expr_id arg = project_expr(p, m, call + 1)->next; arg < end;
	     arg = project_expr(p, m, arg)->next) {
		const struct expr *e = project_expr(p, m, arg);
		if (e->kind == EXPR_STARRED)
			return EXPR_NONE;
		if (e->kind == EXPR_KEYWORD && e->text == keyword)
			return arg + 1;
		if (e->kind != EXPR_KEYWORD && at++ == position)
			return arg;
	}
	return EXPR_NONE;
}

/* A parameter of an __init__ that nothing but what it is given says what it is. */
struct given_param {
	const struct target *param;
	scope_id class_;
	uint32_t position; /* without self */
};

/* What the object that is made there is given; its default when that is nothing. */
static struct thing given_by(struct arena *scratch, const struct program *program,
                             const struct given_param *g, const struct making *making,
                             unsigned depth)
{
	const struct project *p = program->project;
	const struct param *param = &project_module(p, g->param->module)->params[g->param->binding];
	const struct binding *b = &project_module(p, making->module)->bindings[making->binding];
	expr_id given = argument_of(program, making->module, b->value, g->position, param->name);
	struct target value = given != EXPR_NONE
	                              ? resolve_expr(scratch, p, making->module, b->from, given)
	                              : resolve_expr(
						scratch, p, g->param->module,
						project_scope(p, g->param->module, g->class_)->parent,
						param->value);
	return value.kind == TARGET_UNKNOWN ? (struct thing){0}
	                                    : thing_at(scratch, program, &value, depth + 1);
}

static bool is_made_there(struct arena *scratch, const struct program *program,
                          const struct given_param *g, const struct making *making)
{
	const struct project *p = program->project;
	const struct binding *b = &project_module(p, making->module)->bindings[making->binding];
	struct target made = resolve_expr(scratch, p, making->module, b->from, b->value + 1);
	return made.kind == TARGET_SCOPE && made.module == g->param->module &&
	       made.scope == g->class_;
}

/* What all objects of the class that have a name are made with: Lender(SessionLocal). They must agree. */
static struct thing of_given(struct arena *scratch, const struct program *program,
                             const struct given_param *g, unsigned depth)
{
	struct thing found = {0};
	uint32_t count;
	const struct making *all = makings_of(
		program, project_scope(program->project, g->param->module, g->class_)->name, &count);
	for (uint32_t i = 0; i < count && count <= MAKINGS_COMPARED_MAX; i++) {
		if (!is_made_there(scratch, program, g, &all[i]))
			continue;
		struct thing one = given_by(scratch, program, g, &all[i], depth);
		if (one.kind != THING_FACTORY ||
		    (found.kind != THING_NONE && found.resource != one.resource))
			return (struct thing){0};
		found = one;
	}
	return found;
}

static struct thing of_param(struct arena *scratch, const struct program *program,
                             const struct target *t, unsigned depth)
{
	const struct project *p = program->project;
	const struct module *module = project_module(p, t->module);
	const struct scope *s = &module->scopes[t->scope];
	struct thing found = of_object(scratch, program, t);
	struct given_param g = {t, def_class(p, t->module, t->scope),
	                        t->binding - s->first_param - 1};
	bool unsaid = found.kind == THING_NONE && g.class_ != SCOPE_NONE &&
	              t->binding > s->first_param &&
	              module->params[t->binding].annotation == EXPR_NONE &&
	              str_is(project_text(p, s->name), "__init__");
	return unsaid ? of_given(scratch, program, &g, depth) : found;
}

/* ---- assignments ------------------------------------------------------------------- */

static struct thing of_binding(struct arena *scratch, const struct program *program,
                               const struct target *t, unsigned depth)
{
	const struct project *p = program->project;
	const struct binding *b = &project_module(p, t->module)->bindings[t->binding];
	expr_id value = b->value,
		end = value == EXPR_NONE ? value : project_expr(p, t->module, value)->next;
	if (value != EXPR_NONE && project_expr(p, t->module, value)->kind == EXPR_CHOICE)
		value++;
	for (; value != end; value = project_expr(p, t->module, value)->next) { /* what it may be */
		struct thing made = {0};
		if (project_expr(p, t->module, value)->kind == EXPR_CALL)
			made = of_call(scratch, program, t->module, b->from, value, depth);
		if (made.kind != THING_NONE)
			return made;
	}
	if (b->annotation != EXPR_NONE) {
		const struct resource_kind *kind = kind_annotated(scratch, program, t->module,
		                                                  b->scope, b->annotation, depth);
		if (kind != NULL && kind->layer != LAYER_SESSION)
			return (struct thing){.kind = THING_OBJECT, .resource = kind};
	}
	return of_object(scratch, program, t);
}

/* Has the class, or one of its bases in the project, an __exit__ of its own? */
static bool has_own_exit(struct arena *scratch, const struct program *program,
                         const struct target *class_)
{
	static const char *const exits[] = {"__exit__", "__aexit__"};
	for (size_t i = 0; i < ARRAY_LEN(exits); i++)
		if (resolve_member(scratch, program->project, class_->module, class_->scope,
		                   str_of(exits[i]))
		            .kind == TARGET_SCOPE)
			return true;
	return false;
}

/* class MySession(Session): a type as well. */
static struct thing of_class(struct arena *scratch, const struct program *program,
                             const struct target *t, unsigned depth)
{
	const struct module *module = project_module(program->project, t->module);
	const struct scope *s = &module->scopes[t->scope];
	for (uint32_t i = 0; i < s->base_count; i++) {
		struct target base = resolve_expr(scratch, program->project, t->module, s->parent,
		                                  module->bases[s->first_base + i]);
		struct thing inherited = thing_at(scratch, program, &base, depth + 1);
		if (inherited.kind != THING_TYPE)
			continue;
		inherited.own_exit = has_own_exit(scratch, program, t);
		return inherited;
	}
	return (struct thing){0};
}

static struct thing of_scope(struct arena *scratch, const struct program *program,
                             const struct target *t, unsigned depth)
{
	if (target_is_class(program->project, t))
		return of_class(scratch, program, t, depth);
	const struct provider *provider = program->providers == NULL
	                                          ? NULL
	                                          : provider_of_scope(program->providers, t->module,
	                                                              t->scope);
	if (provider == NULL)
		return (struct thing){0};
	return (struct thing){
		.kind = THING_PROVIDER, .resource = provider->kind, .provider = provider};
}

static struct thing thing_at(struct arena *scratch, const struct program *program,
                             const struct target *t, unsigned depth)
{
	if (depth > THING_DEPTH_MAX)
		return (struct thing){0};
	switch (t->kind) {
	case TARGET_UNKNOWN:
	case TARGET_EXTERNAL: return of_path(program->protocols, t->dotted);
	case TARGET_BINDING: return of_binding(scratch, program, t, depth);
	case TARGET_PARAM: return of_param(scratch, program, t, depth);
	case TARGET_SCOPE: return of_scope(scratch, program, t, depth);
	case TARGET_MODULE: break;
	}
	return (struct thing){0};
}

struct thing thing_of(struct arena *scratch, const struct program *program, const struct target *t)
{
	return thing_at(scratch, program, t, 0);
}

/* ---- annotations ----------------------------------------------------------------- */

/* Optional[X] and its like are X for us; list[X] or Callable[[], X] are not. */
static bool is_wrapper(const struct project *p, module_id m, expr_id value)
{
	static const char *const wrappers[] = {"Optional", "Union", "Annotated", "scoped_session",
	                                       "async_scoped_session"};
	const struct expr *e = project_expr(p, m, value);
	struct str last = dotted_last(project_text(p, e->text));
	for (size_t i = 0; e->kind == EXPR_NAME && i < ARRAY_LEN(wrappers); i++)
		if (str_is(last, wrappers[i]))
			return true;
	return false;
}

/* 'depth' counts names that stand for names: one may be annotated with itself. */
static const struct resource_kind *kind_annotated(struct arena *scratch,
                                                  const struct program *program, module_id m,
                                                  scope_id scope, expr_id annotation, unsigned depth)
{
	if (annotation == EXPR_NONE)
		return NULL;
	const struct project *p = program->project;
	const struct expr *e = project_expr(p, m, annotation);
	if (e->kind == EXPR_NAME || e->kind == EXPR_TEXT) {
		struct target t = resolve_expr(scratch, p, m, scope, annotation);
		struct thing thing = thing_at(scratch, program, &t, depth + 1);
		return thing.kind == THING_TYPE || (thing.kind == THING_REGISTRY && !thing.by_name)
		               ? thing.resource
		               : NULL;
	}
	if (e->kind != EXPR_UNION && !(e->kind == EXPR_SUBSCRIPT && is_wrapper(p, m, annotation + 1)))
		return NULL;
	/* Optional[Session], Session | None: the first part that is one. */
	for (expr_id child = annotation + 1; child < e->next;
	     child = project_expr(p, m, child)->next) {
		const struct resource_kind *kind = kind_annotated(scratch, program, m, scope, child,
		                                                  depth);
		if (kind != NULL)
			return kind;
	}
	return NULL;
}

const struct resource_kind *kind_of_annotation(struct arena *scratch, const struct program *program,
                                               module_id m, scope_id scope, expr_id annotation)
{
	return kind_annotated(scratch, program, m, scope, annotation, 0);
}
