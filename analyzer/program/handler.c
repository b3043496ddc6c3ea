/*
 * handler.c - one row a handler. `naive` repeats the hand-made audit: what is
 * called anywhere in the body on the parameter by its name. Everything else is by path.
 */
#include "program/handler.h"

#include "program/function.h"
#include "program/handler_providers.h"
#include "program/provider.h"
#include "program/rows.h"
#include "program/stream.h"
#include "program/wait.h"
#include "program/work.h"

#include <stdlib.h>

/* ---- by name, as a person with a text search would ------------------------------------ */

struct named_calls {
	bool any, commit, close;
};

static bool is_named(const struct cfg *cfg, ref r, name_id name)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return false;
	const struct place *p = &cfg->places[ref_index(r)];
	return p->root == name && (p->root_kind == PLACE_LOCAL || p->root_kind == PLACE_FREE);
}

static void look_at_cfg(const struct project *p, const struct cfg *cfg, name_id name,
                        struct named_calls *out)
{
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		out->any |= is_named(cfg, e->a, name) || is_named(cfg, e->b, name);
		for (uint32_t k = 0; k < e->arg_count; k++)
			out->any |= is_named(cfg, cfg->args[e->first_arg + k].value, name);
		if (e->kind != EV_CALL || e->name == NAME_NONE || !is_named(cfg, e->a, name) ||
		    cfg->places[ref_index(e->a)].step_count != 0)
			continue;
		out->commit |= str_is(project_text(p, e->name), "commit");
		out->close |= str_is(project_text(p, e->name), "close");
	}
}

/* The function's own graph and those of everything nested in it. */
static struct named_calls look_for_name(struct arena *scratch, const struct program *program,
                                        const struct function *fn, name_id name)
{
	const struct loaded_module *loaded = &program->project->modules[fn->module].loaded;
	const struct module *m = &loaded->module;
	struct named_calls found = {0};
	uint32_t end = m->scopes[fn->scope].span.end;
	look_at_cfg(program->project, &fn->cfg, name, &found);
	for (scope_id s = fn->scope + 1; s < m->scope_count && m->scopes[s].span.start < end; s++) {
		struct cfg inner;
		if (record_cfg(scratch, loaded, s, &inner))
			look_at_cfg(program->project, &inner, name, &found);
	}
	return found;
}

static enum audit_category naive_category(struct named_calls found)
{
	if (!found.any)
		return AUDIT_EXCEPTION;
	if (found.commit && found.close)
		return AUDIT_CORRECT;
	if (found.commit)
		return AUDIT_MISSING_CLOSE;
	return found.close ? AUDIT_MISSING_COMMIT : AUDIT_MISSING_BOTH;
}

/* ---- by path ------------------------------------------------------------------------------ */

static enum share share_of(state_set s, enum property p)
{
	if (states_must(s, p))
		return SHARE_ALL;
	return states_may(s, p) ? SHARE_SOME : SHARE_NONE;
}

/* Who rolled back has nothing to commit: such paths count neither way. */
static enum share share_of_commits(state_set s)
{
	return share_of(s & ~states_having(s, IS_ROLLED_BACK), HAS_COMMITTED);
}

static const char *exit_word(enum exit_kind k)
{
	switch (k) {
	case EXIT_RETURN: return "return";
	case EXIT_FALL_OFF: return "fall-off";
	case EXIT_RAISE: return "raise";
	default: return "implicit-raise";
	}
}

static bool is_normal(const struct exit_point *e)
{
	return e->kind == EXIT_RETURN || e->kind == EXIT_FALL_OFF;
}

/* Does its provider, or a hook of the application, take it back after that exit? */
static bool is_covered(const struct resource *r, const struct exit_point *e)
{
	if (r->origin == ORIGIN_REGISTRY)
		return r->managed;
	if (r->origin != ORIGIN_DEPENDENCY || r->provider == NULL)
		return false;
	return is_normal(e) ? r->provider->releases : r->provider->guarded;
}

static const char *released_word(const struct resource *r, const struct exit_point *e, state_set s)
{
	if (!states_may(s, IS_HOLDING))
		return released_by_word(RELEASED_PROMPT);
	if (is_covered(r, e))
		return released_by_word(RELEASED_RESPONSE_SENT);
	return released_by_word(r->origin == ORIGIN_REGISTRY ? RELEASED_NEVER
	                                                     : RELEASED_GARBAGE_COLLECTION);
}

/* What the exit answers with; rows are told from what else a call may give. */
static const char *response_word(struct arena *scratch, const struct program *program,
                                 const struct function *fn, const struct exit_point *e)
{
	return e->response != NULL && strcmp(e->response, "other") == 0 &&
	                       returns_rows(scratch, program, fn, e->event)
	               ? "orm"
	               : e->response;
}

static void fill_exits(struct arena *run, struct arena *scratch, const struct program *program,
                       const struct function *fn, uint32_t resource, struct audit_row *row)
{
	const struct module *m = project_module(program->project, fn->module);
	row->exits = arena_array(run, struct audit_exit, fn->exit_count);
	uint32_t returns = 0;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *e = &fn->exits[i];
		state_set s = e->states[resource];
		bool looked_at = e->kind == EXIT_RETURN && returns++ < ROWS_RETURNS_MAX;
		row->exits[row->exit_count++] = (struct audit_exit){
			.kind = exit_word(e->kind),
			.line = module_line(m, e->span.start),
			.response = looked_at ? response_word(scratch, program, fn, e) : e->response,
			.committed = share_of_commits(s),
			.closed = share_of(s, IS_CLOSED),
			.transaction_open = share_of(s, IS_OPEN),
			.released_by = released_word(&fn->resources[resource], e, s),
		};
	}
}

static bool is_return_row(const struct audit_exit *e)
{
	return e->response != NULL;
}

static enum audit_category path_category(const struct audit_row *row)
{
	unsigned returns = 0, committed = 0, closed = 0, some = 0;
	for (uint32_t i = 0; i < row->exit_count; i++) {
		const struct audit_exit *e = &row->exits[i];
		if (!is_return_row(e))
			continue;
		returns++;
		committed += e->committed == SHARE_ALL;
		closed += e->closed == SHARE_ALL;
		some += e->committed != SHARE_NONE || e->closed != SHARE_NONE;
	}
	if (returns == 0 || some == 0)
		return returns == 0 ? AUDIT_CORRECT : AUDIT_MISSING_BOTH;
	if (committed == returns)
		return closed == returns ? AUDIT_CORRECT
		       : closed == 0     ? AUDIT_MISSING_CLOSE
		                         : AUDIT_PARTIAL;
	return closed == returns && committed == 0 ? AUDIT_MISSING_COMMIT : AUDIT_PARTIAL;
}

static void add_response(struct audit_row *row, const char *response)
{
	for (uint32_t i = 0; i < row->response_count; i++)
		if (strcmp(row->responses[i], response) == 0)
			return;
	if (row->response_count < ARRAY_LEN(row->responses))
		row->responses[row->response_count++] = response;
}

static bool has_response(const struct audit_row *row, const char *response)
{
	for (uint32_t i = 0; i < row->response_count; i++)
		if (strcmp(row->responses[i], response) == 0)
			return true;
	return false;
}

/* ---- what it waits for ---------------------------------------------------------------------- */

static bool is_reached(state_set s)
{
	return s != 0;
}

static void add_held_while(struct audit_row *row, const char *what)
{
	if (!audit_is_held_while(row, what) && row->held_while_count < ARRAY_LEN(row->held_while))
		row->held_while[row->held_while_count++] = what;
}

static int by_slow_line(const void *a, const void *b)
{
	const struct audit_slow_call *x = a, *y = b;
	return (x->line > y->line) - (x->line < y->line);
}

static void fill_slow_calls(struct arena *run, struct arena *scratch, const struct program *program,
                            const struct function *fn, uint32_t resource, struct audit_row *row)
{
	struct held_wait *held;
	const struct module *m = project_module(program->project, fn->module);
	uint32_t count = program->slow == NULL
	                         ? 0
	                         : held_list(scratch, program, fn, resource, is_reached, &held);
	row->slow_calls = arena_array(run, struct audit_slow_call, count);
	for (uint32_t i = 0; i < count; i++) {
		struct audit_slow_call *call = &row->slow_calls[row->slow_call_count++];
		*call = (struct audit_slow_call){
			.line = module_line(m, fn->cfg.events[held[i].event].span.start),
			.callee = wait_text(run, program, fn, &held[i].wait),
			.path = project_module(program->project, held[i].wait.module)->path,
			.family = held[i].wait.family->id,
			.held = states_hold(held[i].states),
		};
		if (call->held)
			add_held_while(row, "slow-call");
	}
	if (count > 0)
		qsort(row->slow_calls, count, sizeof *row->slow_calls, by_slow_line);
	for (uint32_t i = 0; i < row->exit_count; i++)
		if (row->exits[i].response != NULL &&
		    strcmp(row->exits[i].response, "template") == 0 &&
		    row->exits[i].transaction_open != SHARE_NONE)
			add_held_while(row, "template");
}

/* Is it in a transaction while a response is streamed: left so by the handler, or begun by the stream? */
static void fill_streams(struct arena *scratch, const struct program *program,
                         const struct function *fn, uint32_t resource, struct audit_row *row)
{
	const struct framework_version *v = program->versions.of_module[fn->module];
	bool lives_on = v->depends || v->regimes[0].teardown == TEARDOWN_AFTER_RESPONSE;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *e = &fn->exits[i];
		if (e->stream != NULL &&
		    ((lives_on && states_may(e->states[resource], IS_OPEN)) ||
		     stream_use_of(scratch, program, fn, e->stream->event, resource).open_at_yield))
			add_held_while(row, "stream");
	}
}

/*
 * The categories of issue #2660's plan: A standard, B template, C redirect or branches, D stream, E slow call in a
 * transaction, F unused.
 */
static void fill_fix_category(struct audit_row *row)
{
	unsigned returns = 0;
	char *out = row->fix_category;
	for (uint32_t i = 0; i < row->exit_count; i++)
		returns += is_return_row(&row->exits[i]);
	if (row->exception != NULL) {
		*out = 'F';
		return;
	}
	bool branches = has_response(row, "redirect") || returns > 1;
	if (!has_response(row, "template") && !branches && !has_response(row, "streaming") &&
	    !audit_is_held_while(row, "slow-call"))
		*out++ = 'A';
	if (has_response(row, "template"))
		*out++ = 'B';
	if (branches)
		*out++ = 'C';
	if (has_response(row, "streaming"))
		*out++ = 'D';
	if (audit_is_held_while(row, "slow-call"))
		*out = 'E';
}

/* return PermissionService(db): the caller owns the session from then on. */
static bool is_dependency_factory(const struct function *fn, uint32_t resource)
{
	if (fn->entry != ENTRY_DEPENDENCY && fn->entry != ENTRY_NONE)
		return false;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *e = &fn->exits[i];
		if (is_normal(e) && (e->passed_on & (1u << resource)) != 0)
			return true;
	}
	return false;
}

/* ---- the row ------------------------------------------------------------------------------- */

static void fill_routes(struct arena *run, const struct program *program, const struct function *fn,
                        struct audit_row *row)
{
	const struct module *m = project_module(program->project, fn->module);
	const struct scope *s = &m->scopes[fn->scope];
	row->routes = arena_array(run, struct str, s->entry_count);
	for (uint32_t i = 0; i < s->entry_count; i++)
		row->routes[row->route_count++] = entry_route(run, program->project,
		                                              &m->entries[s->first_entry + i]);
}

static bool is_rebound(const struct function *fn, name_id name)
{
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind == EV_ASSIGN && is_named(&fn->cfg, e->a, name) &&
		    fn->cfg.places[ref_index(e->a)].step_count == 0)
			return true;
	}
	return false;
}

/* The exits, and what is waited for on the way to them. */
static void fill_ways(struct arena *run, struct arena *scratch, const struct program *program,
                      const struct function *fn, uint32_t resource, struct audit_row *row)
{
	fill_exits(run, scratch, program, fn, resource, row);
	for (uint32_t i = 0; i < row->exit_count; i++)
		if (is_return_row(&row->exits[i]))
			add_response(row, row->exits[i].response);
	fill_slow_calls(run, scratch, program, fn, resource, row);
	fill_streams(scratch, program, fn, resource, row);
}

static void fill_category(const struct function *fn, uint32_t resource, struct audit_row *row)
{
	row->category = path_category(row);
	if (row->naive == AUDIT_EXCEPTION)
		row->exception = "unused-parameter";
	else if (is_dependency_factory(fn, resource))
		row->exception = "dependency-factory";
	if (row->exception != NULL)
		row->category = AUDIT_EXCEPTION;
	fill_fix_category(row);
}

/* The row without what is said of a session. */
static struct audit_row plain_row(struct arena *run, const struct program *program,
                                  const struct function *fn)
{
	const struct project *p = program->project;
	const struct module *m = project_module(p, fn->module);
	const struct scope *s = &m->scopes[fn->scope];
	struct audit_row row = {
		.path = m->path,
		.function = project_text(p, s->qualname),
		.line = module_line(m, s->span.start),
		.naive = AUDIT_CATEGORY_COUNT,
		.category = AUDIT_CATEGORY_COUNT,
		.entry = entry_kind_word(fn->entry),
		.thread = entry_thread_word(
			entry_thread_of(fn->entry, (s->flags & SCOPE_ASYNC) != 0)),
	};
	fill_routes(run, program, fn, &row);
	return row;
}

bool handler_row(struct arena *run, struct arena *scratch, const struct program *program,
                 const struct function *fn, struct audit_row *out)
{
	const struct module *m = project_module(program->project, fn->module);
	uint32_t resource = 0;
	while (resource < fn->plan.resource_count &&
	       (fn->resources[resource].origin != ORIGIN_DEPENDENCY || fn->resources[resource].given))
		resource++;
	if (resource == fn->plan.resource_count)
		return false;
	name_id name = m->params[fn->resources[resource].param].name;
	*out = plain_row(run, program, fn);
	out->parameter = project_text(program->project, name);
	out->naive = naive_category(look_for_name(scratch, program, fn, name));
	out->rebound = is_rebound(fn, name);
	handler_providers(run, scratch, program, fn, fn->resources[resource].provider, out);
	fill_ways(run, scratch, program, fn, resource, out);
	fill_category(fn, resource, out);
	return true;
}

/* ---- handlers that are given none ------------------------------------------------------------ */

/* Who runs it, and not whether it is named in the project's code, makes it a handler. */
static bool is_run_by_others(const struct program *program, const struct function *fn)
{
	switch (fn->entry) {
	case ENTRY_HTTP:
	case ENTRY_WEBSOCKET:
	case ENTRY_SOCKETIO:
	case ENTRY_MIDDLEWARE:
	case ENTRY_HOOK:
	case ENTRY_TASK:
	case ENTRY_SCHEDULER:
	case ENTRY_BACKGROUND:
	case ENTRY_THREAD: return true;
	case ENTRY_DEPENDENCY: /* a provider is no user */
		return provider_of_scope(program->providers, fn->module, fn->scope) == NULL;
	case ENTRY_NONE:
	case ENTRY_STARTUP:
	case ENTRY_COMMAND:
	case ENTRY_FIXTURE:
	case ENTRY_KIND_COUNT: break;
	}
	return false;
}

/* The first session that it uses: in an object that is injected, a registry's, or its own. */
static uint32_t used_session(const struct function *fn)
{
	uint32_t r = 0;
	while (r < fn->plan.resource_count && (fn->resources[r].origin == ORIGIN_LENT ||
	                                       fn->resources[r].kind->layer != LAYER_SESSION))
		r++;
	return r;
}

bool handler_row_without_parameter(struct arena *run, struct arena *scratch,
                                   const struct program *program, const struct function *fn,
                                   struct audit_row *out)
{
	uint32_t used = used_session(fn);
	if (!is_run_by_others(program, fn) ||
	    project_scope(program->project, fn->module, fn->scope)->kind != SCOPE_FUNCTION)
		return false;
	*out = plain_row(run, program, fn);
	handler_providers(run, scratch, program, fn, NULL, out);
	if (used < fn->plan.resource_count)
		fill_ways(run, scratch, program, fn, used, out);
	return used < fn->plan.resource_count || out->provider_count > 0;
}
