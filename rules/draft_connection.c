/*
 * draft_connection.c - what the rules below the session share: whether a connection or engine is still
 * held, what then frees it, and how it is given back. CPython frees a raw connection with its last reference
 * (measured); pool slots and SQLAlchemy 2.0 connections are not freed so.
 */
#include "program/objects.h"
#include "program/summary.h"
#include "rule.h"

bool exit_keeps_connection(const struct exit_point *e, uint32_t resource)
{
	return !exit_passes_on(e, resource) && states_may(e->states[resource], IS_HOLDING);
}

const struct exit_point *exit_keeping(const struct rule_ctx *ctx, uint32_t resource, bool normal)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (exit_is_normal(e) == normal && exit_keeps_connection(e, resource))
			return e;
	}
	return NULL;
}

enum released_by dropped_release(const struct resource *r)
{
	switch (r->dropped) {
	case DROPPED_AT_ONCE: return RELEASED_PROMPT;
	case DROPPED_NEVER: return RELEASED_NEVER;
	case DROPPED_COLLECTOR: break;
	}
	return RELEASED_GARBAGE_COLLECTION;
}

enum level dropped_level(const struct resource *r)
{
	return r->dropped == DROPPED_AT_ONCE ? LEVEL_WARNING : LEVEL_ERROR;
}

bool is_made_below_session(const struct rule_ctx *ctx, uint32_t resource, enum layer layer)
{
	const struct resource *r = &ctx->fn->resources[resource];
	return r->kind->layer == layer && r->origin == ORIGIN_FACTORY && !is_yielded(ctx, resource);
}

bool engine_has_no_pool(const struct rule_ctx *ctx, const struct resource *r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	const struct event *e = &cfg->events[r->event];
	for (uint32_t i = 0; e->kind == EV_CALL && i < e->arg_count; i++) {
		const struct arg *arg = &cfg->args[e->first_arg + i];
		if (ref_kind(arg->value) != REF_KIND_PLACE)
			continue;
		const struct place *p = &cfg->places[ref_index(arg->value)];
		name_id last = p->step_count > 0 ? p->steps[p->step_count - 1].name : p->root;
		if (str_is(project_text(ctx->program->project, last), "NullPool"))
			return true;
	}
	return false;
}

const char *engine_words(const struct resource_kind *kind)
{
	return strcmp(kind->noun, "engine") == 0     ? "an engine"
	       : strcmp(kind->noun, "database") == 0 ? "a database"
	                                             : "a pool";
}

static bool has_name(const struct project *p, module_id m, const char *text)
{
	return module_writes(p, m, intern_find(p->names, str_of(text)));
}

#define ENTRIES_READ_MAX 64 /* decorated functions of a module: the first tell what it is */

/* Does it go on and on: has it routes, tasks or jobs of its own, or runs it a server's or a broker's loop? */
static bool serves(const struct project *p, module_id m)
{
	static const char *const loops[] = {
		"run_forever",         "serve_forever",     "start_consuming",
		"start_polling",       "infinity_polling",  "run_polling",
		"run_pending",         "BlockingScheduler", "uvicorn",
		"WSGIServer",          "HTTPServer",        "TCPServer",
		"ThreadingHTTPServer", "run_app",           "waitress"};
	static const char *const once[] = {"command", "fixture", "startup"};
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->entry_count && i < ENTRIES_READ_MAX; i++) {
		struct str kind = project_text(p, module->entries[i].kind);
		bool runs_once = false;
		for (size_t k = 0; k < ARRAY_LEN(once); k++)
			runs_once |= str_is(kind, once[k]);
		if (!runs_once)
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(loops); i++)
		if (has_name(p, m, loops[i]))
			return true;
	return false;
}

/* A program that comes to its end: it serves nobody, and no other module imports it. */
static bool is_script(const struct rule_ctx *ctx)
{
	return module_runs_alone(ctx->program, ctx->fn->module) &&
	       !serves(ctx->program->project, ctx->fn->module);
}

bool ends_with_process(const struct rule_ctx *ctx)
{
	const struct project *p = ctx->program->project;
	const struct scope *s = project_scope(p, ctx->fn->module, ctx->fn->scope);
	struct str name = project_text(p, s->name);
	return ctx->fn->entry == ENTRY_COMMAND ||
	       (ctx->fn->entry == ENTRY_NONE && s->parent == 0 && is_script(ctx)) ||
	       has_name(p, ctx->fn->module, "run_migrations") || /* alembic's env.py */
	       str_is(name, "main") || str_is(name, "_main") || str_is(name, "cli");
}

bool method_may_leave_open(const struct rule_ctx *ctx, scope_id method, name_id attribute,
                           const struct resource_kind *kind)
{
	const struct module *m = project_module(ctx->program->project, ctx->fn->module);
	const struct scope *s = &m->scopes[method];
	struct lent lent = {.kind = kind,
	                    .root_kind = PLACE_LOCAL,
	                    .root = s->param_count > 0 ? m->params[s->first_param].name : NAME_NONE,
	                    .attribute = attribute};
	struct summary sum;
	return summary_of(ctx->program, ctx->fn->module, method, &lent, &sum) &&
	       (sum.normal & STATES_GONE) == 0 && !states_must(sum.normal, IS_CLOSED);
}

uint32_t with_of(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct function *fn = ctx->fn;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		if (fn->cfg.events[i].kind != EV_EXIT || fn->plan.actions[i].slot == SLOT_NONE ||
		    fn->plan.actions[i].kind != ACTION_EFFECT)
			continue;
		slot_id slot = fn->plan.actions[i].slot;
		uint32_t enter = ref_index(fn->cfg.events[i].a);
		if (fn->plan.temp_slots[enter] != slot || fn->plan.actions[i].through_view)
			continue;
		if (is_in_slot(ctx, i, slot, resource))
			return enter;
	}
	return EVENT_NONE;
}

bool is_closed_by_call(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct function *fn = ctx->fn;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct action *a = &fn->plan.actions[i];
		if (fn->cfg.events[i].kind != EV_CALL || a->kind != ACTION_EFFECT ||
		    a->slot == SLOT_NONE || a->effect.normal != DO_CLOSE)
			continue;
		for (const struct disjunct *d = solution_at(ctx->scratch, &fn->solution, i, false);
		     d != NULL; d = d->next)
			if ((d->values[a->slot].is & (1u << resource)) != 0)
				return true;
	}
	return false;
}

void draft_dropped(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	const struct resource *r = &ctx->fn->resources[resource];
	switch (r->dropped) {
	case DROPPED_AT_ONCE:
		draft_detail(
			ctx, f, "released",
			"by CPython with the last reference to it: at return, or later while a "
			"traceback or a cycle keeps it");
		return;
	case DROPPED_NEVER:
		draft_detail(ctx, f, "released",
		             "never: the pool counts it as taken, until it has none left");
		return;
	case DROPPED_COLLECTOR: break;
	}
	draft_released(ctx, f, resource, RELEASED_GARBAGE_COLLECTION);
}

/* Has the class a method by which its users end what another method leaves open? */
static bool class_can_end(const struct rule_ctx *ctx, const struct kept_object *kept)
{
	static const char *const ending[] = {
		"commit",    "rollback", "close",      "aclose",  "__exit__",
		"__aexit__", "__del__",  "disconnect", "finish",  "release",
		"end",       "shutdown", "stop",       "dispose", "close_connection",
		"save",      "teardown", "tearDown",   "cleanup", "quit",
		"done"};
	const struct project *p = ctx->program->project;
	for (size_t i = 0; kept->scope != 0 && i < ARRAY_LEN(ending); i++)
		if (resolve_member(ctx->scratch, p, kept->module, kept->scope, str_of(ending[i])).kind !=
		    TARGET_UNKNOWN)
			return true;
	return false;
}

/* Does it call something on the object that gave it the connection, and may end it too? */
static bool asks_lender(const struct rule_ctx *ctx, const struct kept_object *kept)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; kept->lender != NAME_NONE && i < cfg->place_count; i++)
		if (cfg->places[i].root == kept->lender ||
		    (cfg->places[i].step_count > 0 && cfg->places[i].steps[0].name == kept->lender))
			return true;
	return false;
}

bool kept_is_ended_elsewhere(const struct rule_ctx *ctx, const struct resource *r)
{
	return r->kept == NULL || r->kept->autocommit || r->kind->begins != BEGINS_STATEMENT ||
	       class_can_end(ctx, r->kept) || asks_lender(ctx, r->kept);
}
