/*
 * session-stored - a session is kept where it outlives whoever uses it: by an object or a module that lives as long as
 * the program, or in an attribute that the next call overwrites. A registry so kept is in every thread the session
 * of whoever else runs there, too: what the object commits or rolls back is theirs as well, and nobody removes it
 * (measured: runtime.md 2, patterns 8 and 9).
 */
#include "rule.h"

/* An object that is left or closed by its user is not there for long. */
static bool is_closed_by_user(const struct rule_ctx *ctx, scope_id class_)
{
	static const char *const closing[] = {"close",     "aclose",  "__exit__",
	                                      "__aexit__", "__del__", "on_finish",
	                                      "dispose",   "stop",    "shutdown"};
	const struct project *p = ctx->program->project;
	for (size_t i = 0; i < ARRAY_LEN(closing); i++) {
		struct target t = resolve_member(ctx->scratch, p, ctx->fn->module, class_,
		                                 str_of(closing[i]));
		bool stub = t.kind == TARGET_SCOPE &&
		            (project_scope(p, t.module, t.scope)->flags & SCOPE_STUB) != 0;
		if (t.kind != TARGET_UNKNOWN && !stub)
			return true;
	}
	return false;
}

/* Does a hook end it in the thread of each request? Then an object that lives for a request may well keep it. */
static bool is_ended_by_hook(const struct rule_ctx *ctx, const struct resource *r)
{
	return r->managed || program_cleans(ctx->program, r->identity, CLEANS_CONTEXT) ||
	       program_cleans(ctx->program, r->identity, CLEANS_VIEW);
}

#define STORES_MAX 16          /* looked at in one function */
#define MODULE_SCOPES_MAX 2048 /* of a module that may end it */

/* ---- an object ------------------------------------------------------------------------ */

/* What all methods of a class do with one attribute. */
struct class_use {
	struct stored_use *methods; /* by scope, from the class's own on; .scope is SCOPE_NONE for others */
	scope_id class_, end;          /* methods[i] is of scope class_ + i */
	const struct stored_use *open; /* the first that runs statements and leaves them */
	bool ends, closes, handed, has_closer;
};

static struct stored_use *method_named(const struct module *m, const struct class_use *u,
                                       name_id name)
{
	for (scope_id s = u->class_ + 1; s < u->end; s++)
		if (m->scopes[s].parent == u->class_ && m->scopes[s].name == name)
			return &u->methods[s - u->class_];
	return NULL;
}

/* Does a method that it calls end it, or one that we do not see? */
static bool is_ended_by_called(const struct module *m, const struct class_use *u,
                               const struct stored_use *use)
{
	for (uint32_t i = 0; i < use->called_count; i++) {
		const struct stored_use *called = method_named(m, u, use->called[i]);
		if (called == NULL || called->ends || called->handed)
			return true;
	}
	return use->called_count == STORED_CALLS_MAX;
}

/* Is it called by a method that ends what it leaves? */
static bool is_called_by_ending(const struct module *m, const struct class_use *u,
                                const struct stored_use *use)
{
	for (scope_id s = u->class_ + 1; s < u->end; s++) {
		const struct stored_use *by = &u->methods[s - u->class_];
		for (uint32_t i = 0; i < by->called_count && by->ends; i++)
			if (by->called[i] == m->scopes[use->scope].name)
				return true;
	}
	return false;
}

static void sum_up(const struct module *m, struct class_use *u)
{
	for (scope_id s = u->class_ + 1; s < u->end; s++) {
		const struct stored_use *use = &u->methods[s - u->class_];
		u->ends |= use->ends;
		u->closes |= use->closes;
		u->handed |= use->handed;
		u->has_closer |= use->closes && use->first == NULL;
		if (u->open == NULL && stored_use_is_open(use) && !is_ended_by_called(m, u, use) &&
		    !is_called_by_ending(m, u, use))
			u->open = use;
	}
}

/* What the methods do with `attribute`; false where the class is too large to say. */
static bool read_class(const struct rule_ctx *ctx, scope_id class_, name_id attribute,
                       const struct resource_kind *kind, struct class_use *out)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	scope_id end = class_end(m, class_);
	if (end - class_ > CLASS_SCOPES_MAX || !notes_may_read(ctx, end - class_))
		return false;
	*out = (struct class_use){.class_ = class_, .end = end};
	out->methods = arena_array(ctx->scratch, struct stored_use, end - class_);
	for (scope_id s = class_ + 1; s < end; s++) {
		scope_id method = method_around(m, s, class_);
		const struct scope *scope = method == SCOPE_NONE ? NULL : &m->scopes[method];
		if (scope == NULL || scope->kind != SCOPE_FUNCTION || scope->param_count == 0 ||
		    m->scopes[s].kind == SCOPE_CLASS)
			continue;
		struct stored_name name = {.root = m->params[scope->first_param].name,
		                           .attribute = attribute};
		struct stored_use *use = &out->methods[method - class_];
		use->scope = method;
		use->handed |= !stored_use_add(ctx->scratch, p, ctx->fn->module, s, &name, kind,
		                               use);
	}
	sum_up(m, out);
	return true;
}

/* A class with a base that is not in the project may be ended or closed by it. */
static bool bases_are_seen(const struct rule_ctx *ctx, scope_id class_)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	const struct scope *s = &m->scopes[class_];
	for (uint32_t i = 0; i < s->base_count; i++) {
		struct target t = resolve_expr(ctx->scratch, p, ctx->fn->module, s->parent,
		                               m->bases[s->first_base + i]);
		bool plain = str_is(t.dotted, "object") || str_is(t.dotted, "abc.ABC");
		if (!plain || (t.kind != TARGET_EXTERNAL && t.kind != TARGET_UNKNOWN))
			return false;
	}
	return true;
}

/* Does a request's handler or a job call this? */
static bool is_run_by_server(const struct rule_ctx *ctx, module_id m, scope_id scope)
{
	switch (program_entry(ctx->program, m, scope)) {
	case ENTRY_HTTP:
	case ENTRY_WEBSOCKET:
	case ENTRY_SOCKETIO:
	case ENTRY_MIDDLEWARE:
	case ENTRY_HOOK:
	case ENTRY_DEPENDENCY:
	case ENTRY_BACKGROUND: return true;
	default: return false;
	}
}

/* A handler of the module that calls OBJECT.METHOD(), or SCOPE_NONE. */
static scope_id handler_calling(const struct rule_ctx *ctx, module_id m, name_id object,
                                name_id method)
{
	const struct project *p = ctx->program->project;
	const struct module *module = project_module(p, m);
	if (!notes_may_read(ctx, module->scope_count))
		return SCOPE_NONE;
	for (scope_id s = 1; s < module->scope_count; s++) {
		struct cfg *cfg = arena_new(ctx->scratch, struct cfg);
		struct stored_name name = {.root = object, .of_module = true};
		if (module->scopes[s].kind != SCOPE_FUNCTION || !is_run_by_server(ctx, m, s) ||
		    !record_cfg(ctx->scratch, &p->modules[m].loaded, s, cfg))
			continue;
		for (uint32_t i = 0; i < cfg->event_count; i++)
			if (cfg->events[i].kind == EV_CALL && cfg->events[i].name == method &&
			    stored_is(cfg, cfg->events[i].a, &name))
				return s;
	}
	return SCOPE_NONE;
}

static bool is_called_by_handler(const struct rule_ctx *ctx, const struct stored_object *object,
                                 name_id method)
{
	const struct project *p = ctx->program->project;
	for (module_id i = 0; i < p->module_count && object->name != NAME_NONE; i++)
		if (module_sees(ctx->scratch, p, i, object->module, object->name) &&
		    handler_calling(ctx, i, object->name, method) != SCOPE_NONE)
			return true;
	return false;
}

static void report_registry(const struct rule_ctx *ctx, uint32_t r, const struct event *stored,
                            name_id name, const struct class_use *use, const struct event *first)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .span = stored->span};
	struct finding *f = draft(ctx, r, stored->span, LEVEL_WARNING);
	struct str attribute = project_text(ctx->program->project, name);
	draft_message(ctx, f,
	              "`self.%.*s` is the application's registry `%.*s`, not a session of its own",
	              STR_ARG(attribute), STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_NEVER);
	draft_detail(ctx, f, "queried at", "%u", line_of(ctx, first->span.start));
	draft_detail(ctx, f, "why", "%s",
	             use->ends ? "commit() and rollback() here end whatever else the thread has "
	                         "in that session"
	                       : "each thread that calls it is left in a transaction");
	draft_detail(ctx, f, "released", "never as a whole: nothing here calls remove()");
	draft_detail(ctx, f, "fix",
	             "keep the session factory, and open one for each operation: "
	             "with SessionLocal() as session: ...");
	draft_step(ctx, f, stored->span, "the registry is kept here");
	draft_step(ctx, f, first->span, "and used here");
	draft_submit(ctx, f);
}

/* Is the registry defined in this very file? */
static bool is_from_here(const struct rule_ctx *ctx, const struct resource *r)
{
	struct str here = project_module(ctx->program->project, ctx->fn->module)->path;
	return str_starts(r->identity, here) && r->identity.len > here.len &&
	       r->identity.ptr[here.len] == ':';
}

static const struct event *first_use(const struct class_use *use)
{
	const struct event *first = NULL;
	for (scope_id i = 1; use->class_ + i < use->end; i++) {
		const struct event *e = use->methods[i].first;
		if (e != NULL && (first == NULL || e->span.start < first->span.start))
			first = e;
	}
	return first;
}

static void check_registry(const struct rule_ctx *ctx, const struct event *e, scope_id class_,
                           name_id attribute, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct stored_object where;
	struct class_use use;
	if (!resource->thread_local_scope || is_ended_by_hook(ctx, resource) ||
	    is_closed_by_user(ctx, class_))
		return;
	/* beside its own classes a registry may be their way to a session for each thread */
	if (is_from_here(ctx, resource) &&
	    !class_lives_long(ctx->scratch, ctx->program, ctx->fn->module, class_, &where))
		return;
	if (!read_class(ctx, class_, attribute, resource->kind, &use))
		return;
	const struct event *first = first_use(&use);
	if (first != NULL && !use.closes)
		report_registry(ctx, r, e, attribute, &use, first);
}

/* The session that is made here and stored, or RESOURCES_MAX. */
static uint32_t session_made(const struct function *fn, const struct event *store)
{
	ref value = event_stored(&fn->cfg, store);
	for (uint32_t r = 0; r < fn->plan.resource_count; r++) {
		const struct resource *resource = &fn->resources[r];
		bool made = resource->origin == ORIGIN_FACTORY ||
		            resource->origin == ORIGIN_GENERATOR;
		if (made && resource->kind->layer == LAYER_SESSION && !resource->kind->is_registry &&
		    resource->event != EVENT_NONE && value == REF_TEMP(resource->event))
			return r;
	}
	return RESOURCES_MAX;
}

#define NEVER_ENDED "never: what queries it neither ends its transaction nor closes it"

struct stored_finding {
	const char *message, *why, *kept;
	struct str name;
	module_id module;          /* of the statement */
	const struct event *first; /* the statement */
	enum level level;
	enum released_by by;
	const char *released;
};

static void report_session(const struct rule_ctx *ctx, uint32_t r, const struct event *stored,
                           const struct stored_finding *s)
{
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .span = stored->span};
	struct finding *f = draft(ctx, r, stored->span, s->level);
	const struct module *m = project_module(ctx->program->project, s->module);
	draft_message(ctx, f, "`%.*s` is %s", STR_ARG(s->name), s->message);
	draft_exit(ctx, f, &exit, MISSING_COMMIT | MISSING_CLOSE, s->by);
	draft_detail(ctx, f, "queried at", "%.*s:%u", STR_ARG(m->path),
	             module_line(m, s->first->span.start));
	draft_detail(ctx, f, "why", "%s", s->why);
	draft_detail(ctx, f, "released", "%s", s->released);
	draft_detail(ctx, f, "fix",
	             "keep the session factory, and open one for each operation: "
	             "with SessionLocal() as session: ...");
	draft_step(ctx, f, stored->span, s->kept);
	draft_step_in(ctx, f, s->module, s->first->span, "this opens a transaction that stays");
	draft_submit(ctx, f);
}

static struct str self_attribute(const struct rule_ctx *ctx, name_id attribute)
{
	return arena_printf(ctx->run, "self.%.*s",
	                    STR_ARG(project_text(ctx->program->project, attribute)));
}

/* Does the function end OBJECT.attribute, whatever the object? */
static bool ends_from_outside(const struct rule_ctx *ctx, module_id m, scope_id scope,
                              name_id attribute, const struct resource_kind *kind)
{
	const struct project *p = ctx->program->project;
	struct cfg *cfg = arena_new(ctx->scratch, struct cfg);
	if (!record_cfg(ctx->scratch, &p->modules[m].loaded, scope, cfg))
		return true;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_CALL || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *at = &cfg->places[ref_index(e->a)];
		enum operation does = kind_effect(kind, project_text(p, e->name)).normal;
		if (at->step_count > 0 && at->steps[at->step_count - 1].name == attribute &&
		    operation_ends(does))
			return true;
	}
	return false;
}

/* Does a function of the module that is not of the class? */
static bool is_ended_in_module(const struct rule_ctx *ctx, module_id m, const struct class_use *use,
                               name_id attribute, const struct resource_kind *kind)
{
	const struct module *module = project_module(ctx->program->project, m);
	bool home = m == ctx->fn->module;
	if (module->scope_count > MODULE_SCOPES_MAX || !notes_may_read(ctx, module->scope_count))
		return true;
	for (scope_id s = 1; s < module->scope_count; s++)
		if (module->scopes[s].kind == SCOPE_FUNCTION &&
		    !(home && s > use->class_ && s < use->end) &&
		    ends_from_outside(ctx, m, s, attribute, kind))
			return true;
	return false;
}

/* The same in each module that knows the object. */
static bool is_ended_by_users(const struct rule_ctx *ctx, const struct stored_object *where,
                              const struct class_use *use, name_id attribute,
                              const struct resource_kind *kind)
{
	const struct project *p = ctx->program->project;
	for (module_id i = 0; i < p->module_count && where->name != NAME_NONE; i++)
		if (module_sees(ctx->scratch, p, i, where->module, where->name) &&
		    is_ended_in_module(ctx, i, use, attribute, kind))
			return true;
	return false;
}

/* Does the method query what it stores, itself or in the method that leaves it open? */
static bool queries_what_it_stores(const struct module *m, const struct class_use *use,
                                   scope_id method)
{
	const struct stored_use *own = &use->methods[method - use->class_];
	bool queries = use->open == own;
	for (uint32_t i = 0; i < own->called_count; i++)
		queries |= own->called[i] == m->scopes[use->open->scope].name;
	return queries;
}

static void check_session(const struct rule_ctx *ctx, const struct event *e, scope_id class_,
                          name_id attribute, uint32_t r)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	struct stored_object where;
	struct class_use use;
	const struct resource_kind *kind = ctx->fn->resources[r].kind;
	bool in_init = str_is(project_text(p, m->scopes[ctx->fn->scope].name), "__init__");
	if (is_closed_by_user(ctx, class_) || !bases_are_seen(ctx, class_))
		return;
	if (!read_class(ctx, class_, attribute, kind, &use) || use.open == NULL || use.has_closer ||
	    is_ended_in_module(ctx, ctx->fn->module, &use, attribute, kind))
		return;
	struct stored_finding found = {.name = self_attribute(ctx, attribute),
	                               .module = ctx->fn->module,
	                               .first = use.open->first,
	                               .kept = "the session is kept here",
	                               .level = LEVEL_WARNING};
	if (in_init || use.methods[ctx->fn->scope - class_].asked) {
		if (!class_lives_long(ctx->scratch, ctx->program, ctx->fn->module, class_, &where) ||
		    is_ended_by_users(ctx, &where, &use, attribute, kind))
			return;
		found.by = RELEASED_NEVER;
		found.released = NEVER_ENDED;
		found.message = "one session for as long as the program runs";
		found.why = "the object lives on, and with it the transaction";
		if (is_called_by_handler(ctx, &where, m->scopes[use.open->scope].name))
			found.level = LEVEL_ERROR;
	} else {
		if (use.ends || use.handed || !queries_what_it_stores(m, &use, ctx->fn->scope))
			return;
		found.by = RELEASED_GARBAGE_COLLECTION;
		found.released =
			"when the garbage collector finds the session that was overwritten";
		found.message = "another session at each call, and none is closed";
		found.why = "the next call overwrites it, and nothing has ended its transaction";
	}
	report_session(ctx, r, e, &found);
}

static void check_method(const struct rule_ctx *ctx, scope_id class_, name_id self)
{
	const struct function *fn = ctx->fn;
	unsigned looked_at = 0;
	for (uint32_t i = 0; i < fn->cfg.event_count && looked_at < STORES_MAX; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *to = &fn->cfg.places[ref_index(e->a)];
		if (to->root_kind != PLACE_LOCAL || to->root != self || to->step_count != 1)
			continue;
		uint32_t registry = ref_kind(e->b) == REF_KIND_PLACE
		                            ? registry_in(fn, ref_index(e->b))
		                            : RESOURCES_MAX;
		uint32_t session = session_made(fn, e);
		looked_at += registry != RESOURCES_MAX || session != RESOURCES_MAX;
		if (registry != RESOURCES_MAX)
			check_registry(ctx, e, class_, to->steps[0].name, registry);
		else if (session != RESOURCES_MAX)
			check_session(ctx, e, class_, to->steps[0].name, session);
	}
}

/* ---- a module --------------------------------------------------------------------------- */

struct module_use {
	struct stored_use *functions;
	module_id module;
	bool by_handler;
	const struct event *first;
	bool closed; /* by a hook, or by a function that only closes */
};

static bool is_ended_by_function(const struct module *m, const struct stored_use *uses,
                                 const struct stored_use *use)
{
	for (scope_id s = 1; s < m->scope_count; s++)
		for (uint32_t i = 0; i < use->called_count && uses[s].ends; i++)
			if (m->scopes[s].parent == 0 && m->scopes[s].name == use->called[i])
				return true;
	return use->called_count == STORED_CALLS_MAX;
}

/* The functions of one module that know the session by that name; the first open use goes to 'out', handlers first. */
static void look_at_module(const struct rule_ctx *ctx, module_id module, name_id name,
                           const struct resource_kind *kind, struct module_use *out)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, module);
	struct stored_name stored = {.root = name, .of_module = true};
	if (!notes_may_read(ctx, m->scope_count)) {
		out->closed = true;
		return;
	}
	struct stored_use *uses = arena_array(ctx->scratch, struct stored_use, m->scope_count);
	for (scope_id s = 1; s < m->scope_count; s++) {
		uses[s].scope = s;
		if (m->scopes[s].kind != SCOPE_FUNCTION)
			continue;
		uses[s].handed |= !stored_use_add(ctx->scratch, p, module, s, &stored, kind,
		                                  &uses[s]);
		out->closed |= uses[s].ends && uses[s].first == NULL &&
		               (uses[s].closes ||
		                program_entry(ctx->program, module, s) == ENTRY_HOOK ||
		                program_entry(ctx->program, module, s) == ENTRY_MIDDLEWARE);
	}
	for (scope_id s = 1; s < m->scope_count; s++) {
		if (!stored_use_is_open(&uses[s]) || is_ended_by_function(m, uses, &uses[s]))
			continue;
		bool handler = is_run_by_server(ctx, module, s);
		if (out->first == NULL || (handler && !out->by_handler)) {
			out->first = uses[s].first;
			out->module = module;
			out->by_handler = handler;
		}
	}
}

/* A body that works with the session itself is a script's. */
static bool body_uses(const struct rule_ctx *ctx, name_id name, const struct resource_kind *kind)
{
	struct stored_use use = {0};
	struct stored_name stored = {.root = name};
	return !stored_use_add(ctx->scratch, ctx->program->project, ctx->fn->module, 0, &stored,
	                       kind, &use) ||
	       use.first != NULL || use.ends || use.handed;
}

static void check_name(const struct rule_ctx *ctx, const struct event *e, name_id name, uint32_t r)
{
	const struct project *p = ctx->program->project;
	const struct resource_kind *kind = ctx->fn->resources[r].kind;
	struct module_use use = {.first = NULL};
	if (body_uses(ctx, name, kind))
		return;
	for (module_id i = 0; i < p->module_count; i++)
		if (module_sees(ctx->scratch, p, i, ctx->fn->module, name))
			look_at_module(ctx, i, name, kind, &use);
	if (use.first == NULL || use.closed ||
	    (!use.by_handler && (module_is_script(ctx->program, use.module) ||
	                         module_is_script(ctx->program, ctx->fn->module))))
		return;
	struct stored_finding found = {
		.name = project_text(p, name),
		.message = "one session for the whole module, for as long as the program runs",
		.why = "all that call it share one transaction, and it stays open between them",
		.kept = "the session is kept here",
		.module = use.module,
		.first = use.first,
		.by = RELEASED_NEVER,
		.released = NEVER_ENDED,
		.level = use.by_handler ? LEVEL_ERROR : LEVEL_WARNING,
	};
	report_session(ctx, r, e, &found);
}

static void check_body(const struct rule_ctx *ctx)
{
	const struct function *fn = ctx->fn;
	unsigned looked_at = 0;
	for (uint32_t i = 0; i < fn->cfg.event_count && looked_at < STORES_MAX; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    fn->cfg.places[ref_index(e->a)].step_count != 0)
			continue;
		uint32_t r = session_made(fn, e);
		looked_at += r != RESOURCES_MAX;
		if (r != RESOURCES_MAX)
			check_name(ctx, e, fn->cfg.places[ref_index(e->a)].root, r);
	}
}

/* ---- a default ---------------------------------------------------------------------------- */

/* Where the function leaves it in a transaction; NULL when it never does, and for an __init__ that keeps it. */
static const struct event *left_at(const struct rule_ctx *ctx, uint32_t r)
{
	uint32_t first = first_statement(ctx, r);
	for (uint32_t i = 0; i < ctx->fn->exit_count && first != EVENT_NONE; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_leaves(&ctx->fn->exits[i], r))
			return &ctx->fn->cfg.events[first];
	return NULL;
}

/* A method that leaves open what __init__ keeps of it: `self.db = db`. */
static const struct event *left_by_method(const struct rule_ctx *ctx, scope_id class_, uint32_t r)
{
	const struct function *fn = ctx->fn;
	const struct module *m = project_module(ctx->program->project, fn->module);
	name_id name = m->params[fn->resources[r].param].name;
	name_id self = def_self(ctx->program->project, fn->module, fn->scope);
	struct class_use use;
	if (self == NAME_NONE || is_closed_by_user(ctx, class_) || !bases_are_seen(ctx, class_))
		return NULL;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    ref_kind(e->b) != REF_KIND_PLACE)
			continue;
		const struct place *to = &fn->cfg.places[ref_index(e->a)],
				   *from = &fn->cfg.places[ref_index(e->b)];
		if (to->root == self && to->step_count == 1 && from->root == name &&
		    from->root_kind == PLACE_LOCAL && from->step_count == 0 &&
		    read_class(ctx, class_, to->steps[0].name, fn->resources[r].kind, &use))
			return use.open == NULL || use.ends || use.has_closer ? NULL
			                                                      : use.open->first;
	}
	return NULL;
}

static void check_default(const struct rule_ctx *ctx, uint32_t r)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	const struct scope *s = &m->scopes[ctx->fn->scope];
	const struct param *param = &m->params[ctx->fn->resources[r].param];
	const struct event *first = str_is(project_text(p, s->name), "__init__")
	                                    ? left_by_method(ctx, s->parent, r)
	                                    : left_at(ctx, r);
	if (first == NULL)
		return;
	struct event made = {.span = param->span};
	struct stored_finding found = {
		.name = project_text(p, param->name),
		.message = "one session for all calls that give none, made when the def is read",
		.why = "whoever calls shares one transaction, in whatever thread, and it stays "
		       "open",
		.kept = "the session is made here, once",
		.module = ctx->fn->module,
		.first = first,
		.by = RELEASED_NEVER,
		.released = NEVER_ENDED,
		.level = LEVEL_WARNING,
	};
	report_session(ctx, r, &made, &found);
}

static void check_defaults(const struct rule_ctx *ctx)
{
	const struct function *fn = ctx->fn;
	const struct module *m = project_module(ctx->program->project, fn->module);
	for (uint32_t r = 0; r < fn->plan.resource_count; r++)
		if (fn->resources[r].origin == ORIGIN_LENT && fn->resources[r].param != UINT32_MAX &&
		    preset_session(ctx->scratch, ctx->program, fn->module, fn->scope,
		                   &m->params[fn->resources[r].param]) != NULL)
			check_default(ctx, r);
}

static void check(struct rule_ctx *ctx)
{
	const struct function *fn = ctx->fn;
	const struct project *p = ctx->program->project;
	const struct scope *s = project_scope(p, fn->module, fn->scope);
	name_id self = def_self(p, fn->module, fn->scope);
	/* without handlers it is a script's own business */
	if (ctx->program->sync_handlers + ctx->program->async_handlers == 0)
		return;
	if (s->kind == SCOPE_FUNCTION)
		check_defaults(ctx);
	if (s->kind == SCOPE_MODULE)
		check_body(ctx);
	else if (self != NAME_NONE)
		check_method(ctx, s->parent, self);
}

const struct rule rule_session_stored = {
	.id = "session-stored",
	.title = "An object or a module keeps a session that nothing ends",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_WARNING},
	.precision = "medium",
	.cwe = "CWE-772",
	.bodies = BODIES_WITH_SESSION,
	.check = check,
};
