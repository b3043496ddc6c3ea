/*
 * bind_called.c - connections that somebody else makes for the function: `self.throttle(lambda: connect(dsn))` gives
 * what the lambda makes when throttle() returns what its parameter returns, and so does to_thread(connect, dsn).
 */
#include "program/bind_internal.h"

#define CALLED_DEPTH_MAX 4 /* functions that hand the callable on */

/* ---- what the callable makes ------------------------------------------------------------------- */

static const struct resource_kind *fresh_connection(const struct resource_kind *kind)
{
	return kind != NULL && kind->layer == LAYER_CONNECTION && kind->view_of == NULL ? kind
	                                                                                : NULL;
}

/* The kind that every return of the lambda or def makes anew, by a library's call. */
static const struct resource_kind *made_by_scope(const struct binder *b, scope_id scope)
{
	struct function fn = {.module = b->fn->module, .scope = scope};
	const struct resource_kind *kind = NULL;
	struct typed typed;
	if (!record_cfg(b->scratch, &b->project->modules[fn.module].loaded, scope, &fn.cfg))
		return NULL;
	typed_find(b->scratch, b->program, &fn, NULL, &typed);
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		const struct event *e = &fn.cfg.events[i];
		const struct event *made = ref_kind(e->a) == REF_KIND_TEMP
		                                   ? &fn.cfg.events[ref_index(e->a)]
		                                   : NULL;
		if (e->kind != EV_RETURN)
			continue;
		if (made == NULL || made->kind != EV_CALL || ref_kind(made->a) != REF_KIND_PLACE)
			return NULL;
		struct str path = place_path(b->scratch, b->project,
		                             &fn.cfg.places[ref_index(made->a)]);
		if (made->name != NAME_NONE)
			path = dotted_under(b->scratch, path, project_text(b->project, made->name));
		if (resolve(b->scratch, b->project, fn.module, scope, path).kind == TARGET_SCOPE)
			return NULL; /* it may give one that is kept */
		kind = fresh_connection(typed.temps[ref_index(e->a)]);
	}
	return kind;
}

static const struct resource_kind *made_by(const struct binder *b, ref callable)
{
	if (ref_kind(callable) == REF_KIND_TEMP) {
		const struct event *e = &b->cfg->events[ref_index(callable)];
		return e->kind == EV_CLOSURE && e->arg_count == 0 ? made_by_scope(b, e->index)
		                                                  : NULL;
	}
	if (ref_kind(callable) != REF_KIND_PLACE ||
	    is_opaque(b, &b->cfg->places[ref_index(callable)]))
		return NULL;
	struct str path = place_path(b->scratch, b->project, &b->cfg->places[ref_index(callable)]);
	if (path.len == 0)
		return NULL;
	struct target t = resolve(b->scratch, b->project, b->fn->module, b->fn->scope, path);
	struct thing thing = thing_of(b->scratch, b->program, &t);
	bool makes = t.kind == TARGET_EXTERNAL &&
	             (thing.kind == THING_TYPE || thing.kind == THING_FACTORY) && !thing.by_name;
	return makes ? fresh_connection(thing.resource) : NULL;
}

/* ---- who returns it --------------------------------------------------------------------------------- */

/* A def while it is read. */
struct passing {
	const struct binder *b;
	module_id module;
	scope_id scope;
	struct cfg cfg;
};

static bool is_name(const struct passing *p, ref r, name_id name)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return false;
	const struct place *place = &p->cfg.places[ref_index(r)];
	return place->root_kind == PLACE_LOCAL && place->root == name && place->step_count == 0;
}

/* Is the value returned, and nothing else done with it? */
static bool is_only_returned(const struct passing *p, uint32_t made)
{
	bool returned = false;
	for (uint32_t i = made + 1; i < p->cfg.event_count; i++) {
		const struct event *e = &p->cfg.events[i];
		bool uses = e->a == REF_TEMP(made) || e->b == REF_TEMP(made);
		returned |= e->kind == EV_RETURN && e->a == REF_TEMP(made);
		if (uses && e->kind != EV_RETURN && e->kind != EV_LEAVE)
			return false;
	}
	return returned;
}

static bool returns_call_of(const struct binder *b, const struct target *def, name_id param,
                            unsigned depth);

/* `return throttle(f, rate)`, throttle() returning what f returns. */
static bool passes_on(const struct passing *p, const struct event *e, name_id param, unsigned depth)
{
	const struct binder *b = p->b;
	struct str path = place_path(b->scratch, b->project, &p->cfg.places[ref_index(e->a)]);
	if (path.len == 0)
		return false;
	if (e->name != NAME_NONE)
		path = dotted_under(b->scratch, path, project_text(b->project, e->name));
	struct target t = resolve(b->scratch, b->project, p->module, p->scope, path);
	for (uint32_t i = 0; t.kind == TARGET_SCOPE && i < e->arg_count; i++)
		if (is_name(p, p->cfg.args[e->first_arg + i].value, param))
			return returns_call_of(
				b, &t, param_of_arg(b->project, &t, &p->cfg.args[e->first_arg], i),
				depth + 1);
	return false;
}

static bool returns_call_of(const struct binder *b, const struct target *def, name_id param,
                            unsigned depth)
{
	struct passing p = {.b = b, .module = def->module, .scope = def->scope};
	const struct scope *s = project_scope(b->project, def->module, def->scope);
	if (depth > CALLED_DEPTH_MAX || param == NAME_NONE || s->kind != SCOPE_FUNCTION ||
	    (s->flags & SCOPE_GENERATOR) != 0 ||
	    !record_cfg(b->scratch, &b->project->modules[p.module].loaded, p.scope, &p.cfg))
		return false;
	for (uint32_t i = 0; i < p.cfg.event_count; i++) {
		const struct event *e = &p.cfg.events[i];
		if (e->kind != EV_CALL || ref_kind(e->a) != REF_KIND_PLACE ||
		    !is_only_returned(&p, i))
			continue;
		if ((e->name == NAME_NONE && is_name(&p, e->a, param)) ||
		    passes_on(&p, e, param, depth))
			return true;
	}
	return false;
}

/* ---- the calls ----------------------------------------------------------------------------------------- */

static bool gives_result_of(const struct binder *b, uint32_t event, uint32_t index)
{
	const struct event *e = &b->cfg->events[event];
	const struct target *t = &b->targets[event];
	bool awaited = (e->flags & EVF_AWAITED) != 0;
	if (t->kind == TARGET_SCOPE) {
		bool coroutine = (project_scope(b->project, t->module, t->scope)->flags &
		                  SCOPE_ASYNC) != 0;
		name_id param = param_of_arg(b->project, t, &b->cfg->args[e->first_arg], index);
		return coroutine == awaited && returns_call_of(b, t, param, 0);
	}
	return index == ran_position(b, event);
}

/* "await self.throttle", as it is called. */
static struct str callee_text(const struct binder *b, const struct event *e)
{
	struct str path = call_path(b->scratch, b->project, b->cfg, e);
	return (e->flags & EVF_AWAITED) != 0 ? arena_printf(b->scratch, "await %.*s", STR_ARG(path))
	                                     : path;
}

void find_called(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind != EV_CALL || b->acquired[i] != 0 || b->callees[i].kind != THING_NONE)
			continue;
		for (uint32_t k = 0; k < e->arg_count; k++) {
			const struct arg *arg = &b->cfg->args[e->first_arg + k];
			const struct resource_kind *kind = arg->flags != 0 ? NULL
			                                                   : made_by(b, arg->value);
			if (kind == NULL || !gives_result_of(b, i, k))
				continue;
			acquire_at(b, i, kind, ORIGIN_FACTORY, NULL, callee_text(b, e));
			break;
		}
	}
}
