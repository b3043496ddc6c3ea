/*
 * callable.c - from a value to the def behind it. A value is a declared expression
 * or an operand of a graph; both end in a name or in a call, and what a call
 * gives is an instance, what a factory returns, or what `partial` wraps.
 */
#include "program/callable.h"

#define CALLABLE_DEPTH_MAX 4 /* factories of factories, partials of partials */
#define FACTORY_SIZE_MAX                                                                           \
	8192 /* bytes: a longer function is not read for what it returns, each time it is called */

struct finder {
	struct arena *scratch;
	const struct project *project;
};

/* One value: an expression of module 'm', or, with a graph, an operand in it. */
struct value_at {
	module_id module;
	scope_id scope;
	const struct cfg *cfg; /* NULL: 'expr' counts */
	expr_id expr;
	ref operand;
};

static struct callable called(struct finder *f, const struct value_at *v, unsigned depth);

static const struct expr *expr_of(const struct finder *f, const struct value_at *v)
{
	return &project_module(f->project, v->module)->exprs[v->expr];
}

/* ---- parts of a value -------------------------------------------------------------------- */

/* The dotted name that a place stands for; empty when an element or a token is on the way. */
static struct str path_of_place(struct finder *f, const struct place *place)
{
	struct str path = project_text(f->project, place->root);
	if (place->root_kind == PLACE_TOKEN)
		return STR_EMPTY;
	for (unsigned i = 0; i < place->step_count; i++) {
		if (place->steps[i].kind != STEP_ATTRIBUTE)
			return STR_EMPTY;
		path = dotted_under(f->scratch, path,
		                    project_text(f->project, place->steps[i].name));
	}
	return path;
}

/* A variable or parameter: its name says nothing outside. */
static bool is_opaque_local(const struct finder *f, const struct value_at *v,
                            const struct place *place)
{
	if (place->root_kind != PLACE_LOCAL)
		return false;
	const struct symbol *s = project_symbol(f->project, v->module, v->scope, place->root);
	return s == NULL || s->kind == SYMBOL_BINDING;
}

static const struct event *event_of(const struct value_at *v, enum event_kind kind)
{
	if (v->cfg == NULL || ref_kind(v->operand) != REF_KIND_TEMP)
		return NULL;
	const struct event *e = &v->cfg->events[ref_index(v->operand)];
	return e->kind == kind ? e : NULL;
}

/* The name that the value is, or empty. */
static struct str name_of(struct finder *f, const struct value_at *v)
{
	if (v->cfg == NULL)
		return expr_of(f, v)->kind == EXPR_NAME || expr_of(f, v)->kind == EXPR_TEXT
		               ? project_text(f->project, expr_of(f, v)->text)
		               : STR_EMPTY;
	if (ref_kind(v->operand) != REF_KIND_PLACE)
		return STR_EMPTY;
	const struct place *place = &v->cfg->places[ref_index(v->operand)];
	return is_opaque_local(f, v, place) ? STR_EMPTY : path_of_place(f, place);
}

/* The lambda or nested def that the value makes on the spot, or SCOPE_NONE. */
static scope_id scope_made(const struct finder *f, const struct value_at *v)
{
	const struct event *closure = event_of(v, EV_CLOSURE);
	if (closure != NULL)
		return closure->index;
	if (v->cfg == NULL && expr_of(f, v)->kind == EXPR_LAMBDA)
		return expr_of(f, v)->scope;
	return SCOPE_NONE;
}

/* Is the value a call? Fills the name of what is called (empty: no plain name). */
static bool call_of(struct finder *f, const struct value_at *v, struct str *callee)
{
	const struct event *call = event_of(v, EV_CALL);
	if (call != NULL) {
		struct value_at receiver = *v;
		receiver.operand = call->a;
		*callee = name_of(f, &receiver);
		if (call->name != NAME_NONE && callee->len > 0)
			*callee = dotted_under(f->scratch, *callee,
			                       project_text(f->project, call->name));
		return true;
	}
	if (v->cfg != NULL || expr_of(f, v)->kind != EXPR_CALL)
		return false;
	struct value_at name = *v;
	name.expr++;
	*callee = name_of(f, &name);
	return true;
}

/* The first positional argument of a call; false when there is none. */
static bool first_argument(const struct finder *f, const struct value_at *v, struct value_at *out)
{
	const struct event *call = event_of(v, EV_CALL);
	*out = *v;
	if (call != NULL && v->cfg != NULL) {
		const struct arg *arg = &v->cfg->args[call->first_arg];
		if (call->arg_count == 0 || arg->keyword != NAME_NONE || arg->flags != 0)
			return false;
		out->operand = arg->value;
		return true;
	}
	const struct expr *exprs = project_module(f->project, v->module)->exprs;
	out->expr = exprs[v->expr + 1].next;
	return out->expr < exprs[v->expr].next && exprs[out->expr].kind != EXPR_KEYWORD &&
	       exprs[out->expr].kind != EXPR_STARRED;
}

/* ---- what a call gives ------------------------------------------------------------------------ */

static struct callable unknown_callable(struct target t, struct str name)
{
	return (struct callable){.kind = CALLABLE_UNKNOWN, .target = t, .name = name};
}

static struct callable def_callable(module_id m, scope_id scope, struct str name)
{
	return (struct callable){.kind = CALLABLE_DEF,
	                         .module = m,
	                         .scope = scope,
	                         .target = {.kind = TARGET_UNKNOWN, .dotted = name},
	                         .name = name};
}

/* An object of that class: its __call__. */
static struct callable instance_called(struct finder *f, const struct target *class_,
                                       struct str name)
{
	struct target call = resolve_member(f->scratch, f->project, class_->module, class_->scope,
	                                    STR("__call__"));
	if (call.kind != TARGET_SCOPE)
		return unknown_callable(call, name);
	return def_callable(call.module, call.scope, name);
}

/* A local that is stored once stands for what is stored in it. */
static ref through_store(const struct cfg *cfg, ref operand)
{
	ref value = operand;
	unsigned stores = 0;
	if (ref_kind(operand) != REF_KIND_PLACE)
		return operand;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_ASSIGN && cfg->events[i].a == operand) {
			value = cfg->events[i].b;
			stores++;
		}
	return stores == 1 && ref_kind(value) != REF_KIND_NONE ? value : operand;
}

/* `provider.open` of a local that is stored once, as the object that a class of the project makes. */
static struct callable method_of_local(struct finder *f, const struct value_at *v)
{
	struct callable none = unknown_callable((struct target){.kind = TARGET_UNKNOWN}, STR_EMPTY);
	const struct place *place = v->cfg == NULL || ref_kind(v->operand) != REF_KIND_PLACE
	                                    ? NULL
	                                    : &v->cfg->places[ref_index(v->operand)];
	struct str callee;
	if (place == NULL || place->root_kind != PLACE_LOCAL || place->step_count != 1 ||
	    place->steps[0].kind != STEP_ATTRIBUTE)
		return none;
	struct value_at made = *v;
	made.operand = REF_NONE;
	for (uint32_t i = 0; i < v->cfg->place_count && made.operand == REF_NONE; i++)
		if (v->cfg->places[i].root_kind == PLACE_LOCAL &&
		    v->cfg->places[i].root == place->root && v->cfg->places[i].step_count == 0)
			made.operand = through_store(v->cfg, REF_PLACE(i));
	if (!call_of(f, &made, &callee))
		return none;
	struct target t = resolve(f->scratch, f->project, v->module, v->scope, callee);
	if (!target_is_class(f->project, &t))
		return none;
	struct str name = project_text(f->project, place->steps[0].name);
	t = resolve_member(f->scratch, f->project, t.module, t.scope, name);
	return t.kind == TARGET_SCOPE ? def_callable(t.module, t.scope, name) : none;
}

/* What a factory returns: `def needs(role): def check(...): ...; return check`. The first that can be called. */
static struct callable factory_called(struct finder *f, const struct target *factory,
                                      struct str name, unsigned depth)
{
	struct cfg cfg;
	const struct project_module *pm = &f->project->modules[factory->module];
	const struct span span = pm->loaded.module.scopes[factory->scope].span;
	if (span.end - span.start > FACTORY_SIZE_MAX ||
	    !record_cfg(f->scratch, &pm->loaded, factory->scope, &cfg))
		return unknown_callable(*factory, name);
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		if (cfg.events[i].kind != EV_RETURN)
			continue;
		struct value_at v = {.module = factory->module,
		                     .scope = factory->scope,
		                     .cfg = &cfg,
		                     .operand = through_store(&cfg, cfg.events[i].a)};
		struct callable returned = called(f, &v, depth - 1);
		if (returned.kind != CALLABLE_UNKNOWN) {
			returned.name = name;
			return returned;
		}
	}
	return unknown_callable(*factory, name);
}

bool wraps_argument(const struct target *callee)
{
	static const char *const wrappers[] = {"partial", "contextmanager", "asynccontextmanager"};
	static const char *const makers[] = {"Factory", "Callable", "Coroutine"};
	struct str last = dotted_last(callee->dotted);
	for (size_t i = 0; callee->kind != TARGET_SCOPE && i < ARRAY_LEN(wrappers); i++)
		if (str_is(last, wrappers[i]))
			return true;
	for (size_t i = 0;
	     str_starts(callee->dotted, STR("dependency_injector.")) && i < ARRAY_LEN(makers); i++)
		if (str_is(last, makers[i]))
			return true;
	return false;
}

/* Provide[Container.db], Closing[Provide[..]] of dependency_injector: the provider is what stands between the brackets. */
static struct callable container_called(struct finder *f, const struct value_at *v, unsigned depth)
{
	struct value_at inner = *v;
	const struct expr *e = expr_of(f, v), *marker = e + 1;
	struct callable none = unknown_callable((struct target){.kind = TARGET_UNKNOWN}, STR_EMPTY);
	if (marker->kind != EXPR_NAME || marker->next >= e->next)
		return none;
	struct str last = dotted_last(project_text(f->project, marker->text));
	if (!str_is(last, "Provide") && !str_is(last, "Closing"))
		return none;
	inner.expr = marker->next;
	struct callable found = called(f, &inner, depth - 1);
	struct str written = name_of(f, &inner);
	if (found.kind == CALLABLE_UNKNOWN && written.len > 0)
		found.name = found.target.dotted = written;
	return found;
}

static struct callable result_called(struct finder *f, const struct value_at *v, struct str callee,
                                     unsigned depth)
{
	struct value_at wrapped;
	struct str name = dotted_last(callee);
	struct target t = resolve(f->scratch, f->project, v->module, v->scope, callee);
	if (target_is_class(f->project, &t))
		return instance_called(f, &t, name);
	if (t.kind == TARGET_SCOPE)
		return factory_called(f, &t, name, depth);
	if (wraps_argument(&t) && first_argument(f, v, &wrapped))
		return called(f, &wrapped, depth - 1);
	t.kind = TARGET_UNKNOWN; /* what the call gives is not what it calls */
	return unknown_callable(t, name);
}

/* ---- any value ---------------------------------------------------------------------------------- */

static struct callable target_called(struct finder *f, const struct target *t, unsigned depth)
{
	struct str name = dotted_last(t->dotted);
	if (t->kind == TARGET_SCOPE) {
		struct callable found = def_callable(t->module, t->scope, name);
		if (target_is_class(f->project, t))
			found.kind = CALLABLE_CLASS;
		found.target = *t;
		return found;
	}
	if (t->kind != TARGET_BINDING)
		return unknown_callable(*t, name);
	const struct binding *b = &project_module(f->project, t->module)->bindings[t->binding];
	struct value_at v = {.module = t->module, .scope = b->from, .expr = b->value};
	struct callable found = {.kind = CALLABLE_UNKNOWN};
	if (b->value != EXPR_NONE && expr_of(f, &v)->kind != EXPR_NAME)
		found = called(f, &v, depth - 1);
	if (found.kind == CALLABLE_UNKNOWN) {
		struct target class_ = resolve_class(f->scratch, f->project, t);
		if (target_is_class(f->project, &class_))
			found = instance_called(f, &class_, name);
	}
	found.target = *t;
	found.name = name;
	return found;
}

static struct callable called(struct finder *f, const struct value_at *v, unsigned depth)
{
	struct target none = {.kind = TARGET_UNKNOWN, .dotted = STR_EMPTY};
	struct str callee;
	if (depth == 0)
		return unknown_callable(none, STR_EMPTY);
	scope_id made = scope_made(f, v);
	if (made != SCOPE_NONE)
		return def_callable(v->module, made, STR_EMPTY);
	if (call_of(f, v, &callee))
		return callee.len > 0 ? result_called(f, v, callee, depth)
		                      : unknown_callable(none, STR_EMPTY);
	if (v->cfg == NULL && expr_of(f, v)->kind == EXPR_SUBSCRIPT)
		return container_called(f, v, depth);
	struct str name = name_of(f, v);
	if (name.len == 0)
		return method_of_local(f, v);
	struct target t = resolve(f->scratch, f->project, v->module, v->scope, name);
	struct callable found = target_called(f, &t, depth);
	found.name = found.name.len > 0 ? found.name : dotted_last(name);
	return found;
}

struct callable callable_of_expr(struct arena *scratch, const struct project *p, module_id m,
                                 scope_id scope, expr_id expr)
{
	struct finder f = {scratch, p};
	struct value_at v = {.module = m, .scope = scope, .expr = expr};
	return called(&f, &v, CALLABLE_DEPTH_MAX);
}

struct callable callable_of_ref(struct arena *scratch, const struct project *p, module_id m,
                                scope_id scope, const struct cfg *cfg, ref operand)
{
	struct finder f = {scratch, p};
	struct value_at v = {.module = m, .scope = scope, .cfg = cfg, .operand = operand};
	return called(&f, &v, CALLABLE_DEPTH_MAX);
}
