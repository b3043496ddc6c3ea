/*
 * context.c - `app.app_context().push()` where a worker of a task queue starts. What an extension does when the
 * context ends, it never does there. The same where tasks need no context: `db = SQLAlchemy(app)` knows its application.
 */
#include "program/context.h"

#include "flow/record.h"
#include "project/resolve.h"

static bool names(const struct project *p, module_id m, const char *name)
{
	return module_writes(p, m, intern_find(p->names, str_of(name)));
}

/* Libraries of task queues. */
static bool is_queue(struct str module)
{
	static const char *const queues[] = {"celery", "rq", "dramatiq", "huey"};
	for (size_t q = 0; q < ARRAY_LEN(queues); q++)
		if (str_is(module, queues[q]))
			return true;
	return false;
}

/* Does the module import a task queue, or the project's `celery` from another module? */
static bool knows_queue(const struct project *p, module_id m)
{
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->import_count; i++)
		if (is_queue(project_text(p, module->imports[i].module)) ||
		    is_queue(project_text(p, module->imports[i].name)))
			return true;
	return false;
}

/* Is the queue made here by the library's own class? One of another library may open a context around each task. */
static bool makes_queue(const struct project *p, module_id m)
{
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->import_count; i++) {
		struct str from = project_text(p, module->imports[i].module);
		struct str name = project_text(p, module->imports[i].name);
		bool helper = str_is(from, "celery") && name.len > 0 && !str_is(name, "Celery");
		if (is_queue(from) && !helper) /* shared_task is there in any module */
			return true;
	}
	return false;
}

/* Is the operand what a call of app_context() gives? */
static bool is_context(const struct project *p, const struct cfg *cfg, ref value)
{
	if (ref_kind(value) != REF_KIND_TEMP)
		return false;
	const struct event *made = &cfg->events[ref_index(value)];
	return made->kind == EV_CALL && str_is(project_text(p, made->name), "app_context");
}

static bool pushes(const struct project *p, const struct cfg *cfg)
{
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_CALL &&
		    str_is(project_text(p, cfg->events[i].name), "push") &&
		    is_context(p, cfg, cfg->events[i].a))
			return true;
	return false;
}

static bool enters(const struct project *p, const struct cfg *cfg)
{
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_ENTER && is_context(p, cfg, cfg->events[i].a))
			return true;
	return false;
}

/* Does the module open contexts, or import an extension that may do so around each task? */
static bool may_open_contexts(const struct project *p, module_id m)
{
	static const char *const wrappers[] = {"flask_celery", "flask_rq", "flask_dramatiq",
	                                       "flask_huey", "flask_redis_queue"};
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->import_count; i++)
		for (size_t w = 0; w < ARRAY_LEN(wrappers); w++)
			if (str_starts(project_text(p, module->imports[i].module),
			               str_of(wrappers[w])))
				return true;
	return names(p, m, "app_context") || names(p, m, "request_context") ||
	       names(p, m, "test_request_context");
}

/* db = SQLAlchemy(app) in the module's body: flask_sqlalchemy before 3 works with that outside of all contexts. */
static bool binds_application(struct arena *scratch, const struct project *p, module_id m)
{
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *b = &module->bindings[i];
		const struct expr *call = b->scope != 0 || b->from != 0 || b->value == EXPR_NONE
		                                  ? NULL
		                                  : &module->exprs[b->value];
		if (call == NULL || call->kind != EXPR_CALL)
			continue;
		const struct expr *made = &module->exprs[b->value + 1];
		struct target t = resolve_expr(scratch, p, m, 0, b->value + 1);
		if (t.kind == TARGET_EXTERNAL && str_is(dotted_last(t.dotted), "SQLAlchemy") &&
		    str_starts(t.dotted, STR("flask")) && made->next < call->next &&
		    module->exprs[made->next].kind == EXPR_NAME)
			return true;
	}
	return false;
}

/* A task's __call__, or what a decorator puts around it. */
static bool may_wrap_tasks(const struct project *p, const struct module *m, const struct scope *s)
{
	return str_is(project_text(p, s->name), "__call__") ||
	       (s->parent != SCOPE_NONE && m->scopes[s->parent].kind == SCOPE_FUNCTION);
}

bool context_outlives_tasks(const struct project *p)
{
	struct arena scratch;
	bool pushed = false, wrapped = false, made = false, bound = false, opened = false;
	arena_init(&scratch);
	for (module_id m = 0; m < p->module_count && !wrapped; m++) {
		const struct module *module = project_module(p, m);
		made = made || makes_queue(p, m);
		bound = bound || (names(p, m, "SQLAlchemy") && binds_application(&scratch, p, m));
		opened = opened || may_open_contexts(p, m);
		if (!names(p, m, "app_context"))
			continue;
		bool starts = names(p, m, "push") && knows_queue(p, m);
		for (scope_id s = 0; s < module->scope_count && !wrapped; s++) {
			struct cfg cfg;
			if (module->scopes[s].kind == SCOPE_CLASS ||
			    !record_cfg(&scratch, &p->modules[m].loaded, s, &cfg))
				continue;
			pushed = pushed || (starts && pushes(p, &cfg));
			wrapped = may_wrap_tasks(p, module, &module->scopes[s]) && enters(p, &cfg);
			arena_clear(&scratch);
		}
	}
	arena_release(&scratch);
	return made && (pushed ? !wrapped : bound && !opened);
}
