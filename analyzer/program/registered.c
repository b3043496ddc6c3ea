/*
 * registered.c - the table of calls that register functions, and one pass over the modules that mention one.
 * Some names are anybody's (`get`, `on`, `connect`): those count on a receiver, or in a module, that says whose.
 */
#include "program/registered.h"

#include "program/callable.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

#define EVERY_ARGUMENT UINT8_MAX

static const struct registration {
	const char *name;
	const char *receiver; /* how its receiver's last part must end; NULL: any or none */
	const char *package;  /* the module must import it; NULL: any module */
	const char *keyword;  /* of the function, or NULL */
	uint8_t position;     /* of it, or EVERY_ARGUMENT: whichever is a function */
	enum entry_kind kind;
	bool tears_down, of_tasks;
} registrations[] = {
	/* FastAPI, Starlette, Flask, Quart, Sanic, Falcon, aiohttp */
	{"add_api_route", NULL, NULL, "endpoint", 1, ENTRY_HTTP, false, false},
	{"add_route", NULL, NULL, "endpoint", EVERY_ARGUMENT, ENTRY_HTTP, false, false},
	{"add_url_rule", NULL, NULL, "view_func", 2, ENTRY_HTTP, false, false},
	{"Route", NULL, "starlette", "endpoint", 1, ENTRY_HTTP, false, false},
	{"APIRoute", NULL, "fastapi", "endpoint", 1, ENTRY_HTTP, false, false},
	{"add_get", NULL, "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"add_post", NULL, "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"add_put", NULL, "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"add_patch", NULL, "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"add_delete", NULL, "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"get", "web", "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"post", "web", "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"put", "web", "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"patch", "web", "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"delete", "web", "aiohttp", "handler", 1, ENTRY_HTTP, false, false},
	{"route", "web", "aiohttp", "handler", 2, ENTRY_HTTP, false, false},
	{"add_exception_handler", NULL, NULL, "handler", 1, ENTRY_HTTP, false, false},
	{"register_error_handler", NULL, NULL, "f", 1, ENTRY_HTTP, false, false},
	{"WebSocketRoute", NULL, "starlette", "endpoint", 1, ENTRY_WEBSOCKET, false, false},
	{"APIWebSocketRoute", NULL, "fastapi", "endpoint", 1, ENTRY_WEBSOCKET, false, false},
	{"add_api_websocket_route", NULL, NULL, "endpoint", 1, ENTRY_WEBSOCKET, false, false},
	{"add_websocket_route", NULL, NULL, "route", EVERY_ARGUMENT, ENTRY_WEBSOCKET, false, false},
	/* hooks and middleware */
	{"before_request", NULL, NULL, "f", 0, ENTRY_HOOK, false, false},
	{"after_request", NULL, NULL, "f", 0, ENTRY_HOOK, false, false},
	{"before_app_request", NULL, NULL, "f", 0, ENTRY_HOOK, false, false},
	{"after_app_request", NULL, NULL, "f", 0, ENTRY_HOOK, false, false},
	{"teardown_request", NULL, NULL, "f", 0, ENTRY_HOOK, true, false},
	{"teardown_app_request", NULL, NULL, "f", 0, ENTRY_HOOK, true, false},
	{"teardown_appcontext", NULL, NULL, "f", 0, ENTRY_HOOK, true, false},
	{"connect", "appcontext_tearing_down", NULL, "receiver", 0, ENTRY_HOOK, true, false},
	{"connect", "request_tearing_down", NULL, "receiver", 0, ENTRY_HOOK, true, false},
	{"connect", "request_finished", "flask", "receiver", 0, ENTRY_HOOK, false, false},
	{"connect", "task_postrun", NULL, "receiver", 0, ENTRY_HOOK, false, true},
	{"connect", "task_prerun", NULL, "receiver", 0, ENTRY_HOOK, false, true},
	{"add_middleware", NULL, NULL, "dispatch", 1, ENTRY_MIDDLEWARE, false, false},
	{"Middleware", NULL, "starlette", "dispatch", 1, ENTRY_MIDDLEWARE, false, false},
	{"add_event_handler", NULL, NULL, "func", 1, ENTRY_STARTUP, false, false},
	/* python-socketio, Flask-SocketIO */
	{"on", NULL, "socketio", "handler", 1, ENTRY_SOCKETIO, false, false},
	{"on", NULL, "flask_socketio", "handler", 1, ENTRY_SOCKETIO, false, false},
	{"on_event", NULL, "flask_socketio", "handler", 1, ENTRY_SOCKETIO, false, false},
};

_Static_assert(ARRAY_LEN(registrations) <= 64, "a bit a row");

struct finder {
	struct arena *run, *scratch;
	const struct project *project;
	uint64_t *rows;           /* per name: the rows that are called so, a bit each */
	uint64_t open;            /* rows that count in the module under way */
	struct registered *found; /* stb_ds */
};

/* ---- one call -------------------------------------------------------------------------------- */

static struct str last_step(const struct finder *f, const struct cfg *cfg, ref r)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return STR_EMPTY;
	const struct place *p = &cfg->places[ref_index(r)];
	return project_text(f->project,
	                    p->step_count > 0 ? p->steps[p->step_count - 1].name : p->root);
}

/* The name that is called, of 'web' in web.get(..) or Route in Route(..). */
static name_id called_name(const struct cfg *cfg, const struct event *e)
{
	if (e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return e->name;
	const struct place *p = &cfg->places[ref_index(e->a)];
	return p->step_count == 0 ? p->root : NAME_NONE;
}

static bool is_that(const struct finder *f, const struct cfg *cfg, const struct event *e, size_t row)
{
	const struct registration *how = &registrations[row];
	if ((f->open & f->rows[called_name(cfg, e)] & (uint64_t)1 << row) == 0)
		return false;
	return how->receiver == NULL ||
	       (e->name != NAME_NONE && str_ends(last_step(f, cfg, e->a), str_of(how->receiver)));
}

static bool is_the_function(const struct finder *f, const struct arg *arg, unsigned position,
                            const struct registration *how)
{
	if (arg->flags != 0)
		return false;
	if (arg->keyword != NAME_NONE)
		return how->keyword != NULL &&
		       str_is(project_text(f->project, arg->keyword), how->keyword);
	return how->position == EVERY_ARGUMENT || how->position == position;
}

/* The method of `self.list_items` in a method of the class. */
static struct target own_method(struct finder *f, module_id m, scope_id scope,
                                const struct cfg *cfg, ref value)
{
	struct target none = {.kind = TARGET_UNKNOWN};
	const struct module *module = project_module(f->project, m);
	const struct scope *s = &module->scopes[scope];
	if (ref_kind(value) != REF_KIND_PLACE || s->parent == SCOPE_NONE || s->param_count == 0 ||
	    module->scopes[s->parent].kind != SCOPE_CLASS)
		return none;
	const struct place *p = &cfg->places[ref_index(value)];
	if (p->root_kind != PLACE_LOCAL || p->root != module->params[s->first_param].name ||
	    p->step_count != 1 || p->steps[0].kind != STEP_ATTRIBUTE)
		return none;
	return resolve_member(f->scratch, f->project, m, s->parent,
	                      project_text(f->project, p->steps[0].name));
}

static void note(struct finder *f, module_id m, scope_id scope, const struct registration *how)
{
	arrput(f->found, ((struct registered){scope_key(m, scope), how->kind, how->tears_down,
	                                      how->of_tasks}));
}

static void note_function(struct finder *f, module_id m, scope_id scope, const struct cfg *cfg,
                          ref value, const struct registration *how)
{
	struct target method = own_method(f, m, scope, cfg, value);
	struct callable c = {.kind = CALLABLE_UNKNOWN};
	if (method.kind == TARGET_SCOPE)
		note(f, method.module, method.scope, how);
	else
		c = callable_of_ref(f->scratch, f->project, m, scope, cfg, value);
	if (c.kind == CALLABLE_DEF)
		note(f, c.module, c.scope, how);
}

static void read_call(struct finder *f, module_id m, scope_id scope, const struct cfg *cfg,
                      const struct event *e)
{
	for (size_t row = 0; row < ARRAY_LEN(registrations); row++) {
		unsigned position = 0;
		if (!is_that(f, cfg, e, row))
			continue;
		for (uint32_t i = 0; i < e->arg_count; i++) {
			const struct arg *arg = &cfg->args[e->first_arg + i];
			if (is_the_function(f, arg, position, &registrations[row]))
				note_function(f, m, scope, cfg, arg->value, &registrations[row]);
			position += arg->keyword == NAME_NONE;
		}
		return;
	}
}

/* ---- modules ----------------------------------------------------------------------------------- */

static bool imports_package(const struct project *p, const struct module *module, struct str package)
{
	for (uint32_t i = 0; i < module->import_count; i++) {
		struct str name = project_text(p, module->imports[i].module);
		if (str_starts(name, package) &&
		    (name.len == package.len || name.ptr[package.len] == '.'))
			return true;
	}
	return false;
}

/* Finds the rows that may stand in the module; false when none may. */
static bool open_module(struct finder *f, const struct loaded_module *m)
{
	f->open = 0;
	for (uint32_t i = 1; i <= m->name_count; i++)
		f->open |= f->rows[m->names[i]];
	for (size_t row = 0; row < ARRAY_LEN(registrations) && f->open != 0; row++) {
		const char *package = registrations[row].package;
		if ((f->open & (uint64_t)1 << row) != 0 && package != NULL &&
		    !imports_package(f->project, &m->module, str_of(package)))
			f->open &= ~((uint64_t)1 << row);
	}
	return f->open != 0;
}

/* ---- @server.event of a Socket.IO server that is not called sio ----------------------------------- */

static bool is_socket_server(const struct finder *f, module_id m, scope_id scope, struct str name)
{
	struct target t = resolve(f->scratch, f->project, m, scope, name);
	if (t.kind != TARGET_BINDING)
		return false;
	struct target class_ = resolve_class(f->scratch, f->project, &t);
	return str_starts(class_.dotted, STR("socketio.")) ||
	       str_starts(class_.dotted, STR("flask_socketio."));
}

static void read_decorators(struct finder *f, module_id m, scope_id scope)
{
	static const struct registration event = {.kind = ENTRY_SOCKETIO};
	const struct module *module = project_module(f->project, m);
	const struct scope *s = &module->scopes[scope];
	for (uint32_t i = 0; i < s->decorator_count && s->entry_count == 0; i++) {
		const struct expr *d = &module->exprs[module->decorators[s->first_decorator + i]];
		if (d->kind == EXPR_CALL)
			d++;
		struct str text = d->kind == EXPR_NAME ? project_text(f->project, d->text)
		                                       : STR_EMPTY;
		struct str last = dotted_last(text);
		if (last.len < text.len && (str_is(last, "event") || str_is(last, "on")) &&
		    is_socket_server(f, m, s->parent, str_slice(text, 0, text.len - last.len - 1)))
			note(f, m, scope, &event);
	}
}

static void read_module(struct finder *f, module_id m)
{
	const struct project_module *pm = &f->project->modules[m];
	bool sockets = imports_package(f->project, &pm->loaded.module, STR("socketio")) ||
	               imports_package(f->project, &pm->loaded.module, STR("flask_socketio"));
	for (scope_id s = 0; s < pm->loaded.module.scope_count; s++) {
		struct cfg cfg;
		if (sockets)
			read_decorators(f, m, s);
		if (record_cfg(f->scratch, &pm->loaded, s, &cfg))
			for (uint32_t i = 0; i < cfg.event_count; i++)
				if (cfg.events[i].kind == EV_CALL)
					read_call(f, m, s, &cfg, &cfg.events[i]);
		arena_clear(f->scratch);
	}
}

static int by_def(const void *a, const void *b)
{
	const struct registered *x = a, *y = b;
	return number_cmp(x->def, y->def);
}

/* One a def: a teardown says more than another hook, else the first kind. */
static size_t unite(struct registered *all, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && all[kept - 1].def == all[i].def) {
			all[kept - 1].tears_down |= all[i].tears_down;
			all[kept - 1].of_tasks |= all[i].of_tasks;
			if (all[i].kind < all[kept - 1].kind)
				all[kept - 1].kind = all[i].kind;
		} else {
			all[kept++] = all[i];
		}
	}
	return kept;
}

struct registered_entries registered_find(struct arena *run, const struct project *p)
{
	struct arena scratch;
	struct finder f = {.run = run, .scratch = &scratch, .project = p};
	struct arena names;
	arena_init(&scratch);
	arena_init(&names);
	f.rows = arena_array(&names, uint64_t, intern_count(p->names) + 1);
	for (size_t row = 0; row < ARRAY_LEN(registrations); row++)
		f.rows[intern_find(p->names, str_of(registrations[row].name))] |= (uint64_t)1 << row;
	f.rows[NAME_NONE] = 0;
	for (module_id m = 0; m < p->module_count; m++)
		if (open_module(&f, &p->modules[m].loaded))
			read_module(&f, m);
	size_t count = arrlenu(f.found);
	struct registered *items = arena_array(run, struct registered, count);
	if (count > 0) {
		memcpy(items, f.found, count * sizeof *items);
		qsort(items, count, sizeof *items, by_def);
		count = unite(items, count);
	}
	arrfree(f.found);
	arena_release(&scratch);
	arena_release(&names);
	return (struct registered_entries){items, count};
}

const struct registered *registered_of(const struct registered_entries *e, module_id m,
                                       scope_id scope)
{
	struct registered key = {.def = scope_key(m, scope)};
	return e->count == 0 ? NULL : bsearch(&key, e->items, e->count, sizeof key, by_def);
}
