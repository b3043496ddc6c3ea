/*
 * typed.c - see typed.h. One walk over the events in the order of the source: a value has the kind of the call
 * that makes it, and a place the kind of what is stored in it; a place is looked up when it is first read.
 */
#include "program/typed.h"

#include "program/bind.h"
#include "program/bind_internal.h"
#include "program/customary.h"
#include "project/def.h"

#define RESULTS_MAX 16 /* calls in one function whose result is followed to its uses */

/* Of the things below sessions. */
static const struct resource_kind *below_session(const struct resource_kind *kind)
{
	return kind != NULL && kind->layer != LAYER_SESSION ? kind : NULL;
}

struct typer {
	struct arena *scratch;
	const struct program *program;
	const struct function *fn;
	const struct cfg *cfg;
	const struct thing *callees;
	struct typed *out;
	bool *looked;       /* per place: has been looked up */
	unsigned uses_left; /* results that may be followed to their uses yet */
};

/* Does the place's root name the object whose method this is? */
static bool is_self(const struct typer *t, const struct place *place)
{
	return place->root_kind == PLACE_LOCAL &&
	       place->root == def_self(t->program->project, t->fn->module, t->fn->scope);
}

static const struct resource_kind *annotated_kind(const struct typer *t, name_id name)
{
	const struct module *m = project_module(t->program->project, t->fn->module);
	const struct scope *s = &m->scopes[t->fn->scope];
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++)
		if (m->params[i].name == name)
			return below_session(kind_of_annotation(t->scratch, t->program,
			                                        t->fn->module, t->fn->scope,
			                                        m->params[i].annotation));
	return NULL;
}

/* `db.pool` where db is a module-level instance of a class of the project. */
static const struct kept_object *of_instance(const struct typer *t, const struct target *object,
                                             name_id attribute)
{
	const struct project *p = t->program->project;
	if (object->kind != TARGET_BINDING)
		return NULL;
	const struct module *m = project_module(p, object->module);
	const struct binding *b = &m->bindings[object->binding];
	if (b->value == EXPR_NONE || m->exprs[b->value].kind != EXPR_CALL)
		return NULL;
	struct target class_ = resolve_expr(t->scratch, p, object->module, b->scope, b->value + 1);
	if (!target_is_class(p, &class_))
		return NULL;
	return object_in_class(t->scratch, t->program, class_.module, class_.scope, attribute);
}

static void look_up_global(const struct typer *t, uint32_t index)
{
	const struct project *p = t->program->project;
	const struct place *place = &t->cfg->places[index];
	struct str path = place_path(t->scratch, p, place);
	if (path.len == 0)
		return;
	struct target target = resolve(t->scratch, p, t->fn->module, t->fn->scope, path);
	struct thing thing = thing_of(t->scratch, t->program, &target);
	if (thing.kind == THING_OBJECT) {
		t->out->places[index] = thing.resource;
		if (target.kind == TARGET_BINDING)
			t->out->kept[index] = object_in_module(
				t->program, target.module,
				project_module(p, target.module)->bindings[target.binding].name);
		return;
	}
	const struct kept_object *kept = NULL;
	if (target.kind == TARGET_BINDING)
		kept = object_in_module(
			t->program, target.module,
			project_module(p, target.module)->bindings[target.binding].name);
	else if (place->step_count == 0)
		kept = object_in_module(t->program, t->fn->module, place->root);
	else if (place->steps[place->step_count - 1].kind == STEP_ATTRIBUTE) {
		struct place object = *place;
		object.step_count--;
		struct target owner = resolve(t->scratch, p, t->fn->module, t->fn->scope,
		                              place_path(t->scratch, p, &object));
		kept = of_instance(t, &owner, place->steps[place->step_count - 1].name);
	}
	t->out->kept[index] = kept;
	t->out->places[index] = kept != NULL ? kept->kind : NULL;
}

static bool is_bound_here(const struct typer *t, const struct place *place)
{
	const struct symbol *s = project_symbol(t->program->project, t->fn->module, t->fn->scope,
	                                        place->root);
	return place->root_kind == PLACE_LOCAL && (s == NULL || s->kind == SYMBOL_BINDING);
}

/* What the place is before anything is stored in it here. */
static void look_up(const struct typer *t, uint32_t index)
{
	const struct place *place = &t->cfg->places[index];
	if (t->looked[index] || t->out->places[index] != NULL)
		return;
	t->looked[index] = true;
	if (place->root_kind == PLACE_TOKEN || place->root_kind == PLACE_FREE)
		return;
	if (is_self(t, place)) {
		if (place->step_count != 1 || place->steps[0].kind != STEP_ATTRIBUTE)
			return;
		t->out->kept[index] = object_in_class(
			t->scratch, t->program, t->fn->module,
			def_class(t->program->project, t->fn->module, t->fn->scope),
			place->steps[0].name);
		t->out->places[index] = t->out->kept[index] != NULL ? t->out->kept[index]->kind
		                                                    : NULL;
	} else if (t->fn->scope != 0 && !is_bound_here(t, place)) {
		look_up_global(t, index);
	} else if (place->step_count == 0) {
		t->out->places[index] = annotated_kind(t, place->root);
	}
}

static const struct resource_kind *kind_of_ref(const struct typer *t, ref r)
{
	if (ref_kind(r) == REF_KIND_TEMP)
		return t->out->temps[ref_index(r)];
	if (ref_kind(r) != REF_KIND_PLACE)
		return NULL;
	look_up(t, ref_index(r));
	return t->out->places[ref_index(r)];
}

/* Is what it gave given back to it: pool.putconn(conn)? */
static bool takes_back(const struct resource_kind *kind)
{
	for (size_t i = 0; i < kind->method_count; i++)
		if (kind->methods[i].ends_argument)
			return true;
	return false;
}

/*
 * A receiver that only its name or its use shows. A pool is remembered: what it gave is given back by its
 * release(), which shows nothing.
 */
static const struct resource_kind *shown_kind(struct typer *t, uint32_t event)
{
	const struct event *e = &t->cfg->events[event];
	const struct resource_kind *kind = customary_kind(t->program, t->fn, event, &t->uses_left);
	if (kind != NULL && ref_kind(e->a) == REF_KIND_PLACE && takes_back(kind))
		t->out->places[ref_index(e->a)] = kind;
	return kind;
}

bool method_gives_view(const struct method *m, const struct resource_kind *receiver)
{
	return m != NULL && m->gives != NULL && (m->gives->view_of != NULL || m->gives == receiver);
}

static const struct resource_kind *kind_of_call(struct typer *t, uint32_t i)
{
	const struct event *e = &t->cfg->events[i];
	const struct thing *callee = &t->callees[i];
	if ((callee->kind == THING_TYPE || callee->kind == THING_FACTORY) &&
	    below_session(callee->resource) != NULL)
		return callee->resource;
	if (callee->kind == THING_PROVIDER && callee->provider != NULL &&
	    callee->provider->shape == SHAPE_RETURNS)
		return below_session(callee->resource);
	if (e->name == NAME_NONE)
		return NULL;
	const struct resource_kind *receiver = kind_of_ref(t, e->a);
	if (receiver == NULL)
		receiver = shown_kind(t, i);
	const struct method *m = receiver == NULL
	                                 ? NULL
	                                 : kind_method(receiver,
	                                               project_text(t->program->project, e->name));
	return m != NULL ? m->gives : NULL;
}

static void type_event(struct typer *t, uint32_t i)
{
	const struct event *e = &t->cfg->events[i];
	const struct resource_kind *kind = NULL;
	switch (e->kind) {
	case EV_CALL: t->out->temps[i] = kind_of_call(t, i); break;
	case EV_ENTER:
	case EV_AWAIT: t->out->temps[i] = kind_of_ref(t, e->a); break;
	case EV_BUILD:
		for (uint32_t k = 0; k < e->arg_count && e->op == BUILD_CHOICE && kind == NULL; k++)
			kind = kind_of_ref(t, t->cfg->args[e->first_arg + k].value);
		t->out->temps[i] = kind;
		break;
	case EV_ASSIGN:
		if (ref_kind(e->a) == REF_KIND_PLACE && e->index == 0 &&
		    (e->flags & EVF_AUGMENTED) == 0 && (kind = kind_of_ref(t, e->b)) != NULL)
			t->out->places[ref_index(e->a)] = kind;
		break;
	default: break;
	}
}

/* What every call of the function calls, for those who have not bound it. */
static struct thing *resolve_callees(struct arena *scratch, const struct program *program,
                                     const struct function *fn)
{
	const struct project *p = program->project;
	struct thing *all = arena_array(scratch, struct thing, fn->cfg.event_count);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_CALL || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		struct str path = place_path(scratch, p, &fn->cfg.places[ref_index(e->a)]);
		if (path.len == 0)
			continue;
		if (e->name != NAME_NONE)
			path = dotted_under(scratch, path, project_text(p, e->name));
		struct target target = resolve(scratch, p, fn->module, fn->scope, path);
		all[i] = thing_of(scratch, program, &target);
	}
	return all;
}

void typed_find(struct arena *scratch, const struct program *program, const struct function *fn,
                const struct thing *callees, struct typed *out)
{
	uint32_t places = fn->cfg.place_count, events = fn->cfg.event_count;
	out->places = arena_array(scratch, const struct resource_kind *, places);
	out->temps = arena_array(scratch, const struct resource_kind *, events);
	out->kept = arena_array(scratch, const struct kept_object *, places);
	struct typer t = {.scratch = scratch,
	                  .program = program,
	                  .fn = fn,
	                  .cfg = &fn->cfg,
	                  .callees = callees != NULL ? callees
	                                             : resolve_callees(scratch, program, fn),
	                  .out = out,
	                  .looked = arena_array(scratch, bool, places),
	                  .uses_left = RESULTS_MAX};
	for (uint32_t i = 0; i < events; i++)
		type_event(&t, i);
	for (uint32_t i = 0; i < events;
	     i++) { /* what is only returned or passed on is a place, too */
		const struct event *e = &fn->cfg.events[i];
		bool passes = e->kind == EV_CALL || (e->kind == EV_BUILD && e->op == BUILD_TUPLE);
		if (e->kind == EV_RETURN)
			kind_of_ref(&t, e->a);
		for (uint32_t k = 0; passes && k < e->arg_count; k++)
			kind_of_ref(&t, fn->cfg.args[e->first_arg + k].value);
	}
}

const struct resource_kind *typed_kind(const struct typed *typed, ref r)
{
	if (ref_kind(r) == REF_KIND_TEMP)
		return typed->temps[ref_index(r)];
	return ref_kind(r) == REF_KIND_PLACE ? typed->places[ref_index(r)] : NULL;
}

/* The item of what is returned; the value itself for item 0, REF_NONE when it has no such item. */
static ref item_of(const struct cfg *cfg, ref value, uint32_t item)
{
	struct event unpacking = {.b = value, .index = item};
	return event_stored(cfg, &unpacking);
}

const struct resource_kind *kind_returned(struct arena *scratch, const struct program *program,
                                          module_id m, scope_id scope, uint32_t item)
{
	struct function fn = {.module = m, .scope = scope};
	struct typed typed;
	const struct resource_kind *kind = NULL;
	if (!record_cfg(scratch, &program->project->modules[m].loaded, scope, &fn.cfg))
		return NULL;
	typed_find(scratch, program, &fn, NULL, &typed);
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		const struct event *e = &fn.cfg.events[i];
		if (e->kind != EV_RETURN || e->a == REF_CONST(CONST_NONE))
			continue;
		const struct resource_kind *one = typed_kind(&typed, item_of(&fn.cfg, e->a, item));
		if (one == NULL || (kind != NULL && one != kind))
			return NULL;
		kind = one;
	}
	return kind;
}
