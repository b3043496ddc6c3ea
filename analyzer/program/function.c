/*
 * function.c - decode, bind, solve, and list the ways out with what each of
 * them leaves behind.
 */
#include "program/function.h"

#include "program/bind.h"
#include "program/stream.h"

#include <stdlib.h>

/* ---- responses ------------------------------------------------------------------ */

/* Response classes by the last part of the name that is called; anything else is "other". */
static const struct {
	const char *name;
	const char *response;
} response_names[] = {
	{"JSONResponse", "json"},
	{"ORJSONResponse", "json"},
	{"UJSONResponse", "json"},
	{"jsonify", "json"},
	{"dict", "json"},
	{"TemplateResponse", "template"},
	{"render_template", "template"},
	{"_TemplateResponse", "template"},
	{"RedirectResponse", "redirect"},
	{"redirect", "redirect"},
	{"StreamingResponse", "streaming"},
	{"EventSourceResponse", "streaming"},
};

static const char *response_of_call(const struct project *p, const struct cfg *cfg,
                                    const struct event *e)
{
	struct str name = project_text(p, e->name);
	if (e->name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE)
		name = project_text(p, cfg->places[ref_index(e->a)].root);
	for (size_t i = 0; i < ARRAY_LEN(response_names); i++)
		if (str_is(name, response_names[i].name))
			return response_names[i].response;
	return "other";
}

static const char *response_of(const struct project *p, const struct cfg *cfg, ref value)
{
	if (ref_kind(value) == REF_KIND_CONST && ref_index(value) == CONST_NONE)
		return "none";
	if (ref_kind(value) == REF_KIND_NONE)
		return "none";
	if (ref_kind(value) != REF_KIND_TEMP)
		return "other";
	const struct event *e = &cfg->events[ref_index(value)];
	if (e->kind == EV_CALL)
		return response_of_call(p, cfg, e);
	if (e->kind == EV_BUILD &&
	    (e->op == BUILD_DICT || e->op == BUILD_LIST || e->op == BUILD_COMPREHENSION))
		return "json";
	return "other";
}

/* ---- exits ------------------------------------------------------------------------ */

static enum exit_kind exit_kind_of(enum leave_op op)
{
	switch (op) {
	case LEAVE_RETURN: return EXIT_RETURN;
	case LEAVE_FALL_OFF: return EXIT_FALL_OFF;
	case LEAVE_RAISE: return EXIT_RAISE;
	case LEAVE_IMPLICIT: return EXIT_IMPLICIT_RAISE;
	}
	abort();
}

static bool is_normal(enum exit_kind k)
{
	return k == EXIT_RETURN || k == EXIT_FALL_OFF;
}

/* A variable that was assigned the value just before the return stands for it. */
static ref through_local(const struct cfg *cfg, uint32_t before, ref value)
{
	if (ref_kind(value) != REF_KIND_PLACE)
		return value;
	for (uint32_t i = before; i > 0; i--)
		if (cfg->events[i - 1].kind == EV_ASSIGN && cfg->events[i - 1].a == value)
			return cfg->events[i - 1].b;
	return value;
}

/* The resources that an operand is, or that the object in it holds. */
static uint32_t resources_in(const struct plan *p, const struct disjunct *d, ref value)
{
	slot_id slot = plan_slot(p, value);
	return slot == SLOT_NONE ? 0
	                         : (d->values[slot].is & VALUE_RESOURCES) | d->values[slot].holds;
}

static void list_yields(struct arena *scratch, struct function *fn)
{
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_YIELD || plan_slot(&fn->plan, e->a) == SLOT_NONE ||
		    fn->plan.actions[i].reads)
			continue;
		for (const struct disjunct *d = solution_at(scratch, &fn->solution, i, false);
		     d != NULL; d = d->next)
			fn->yielded |= resources_in(&fn->plan, d, e->a);
	}
}

/* What a return gives: its kind, and where it is made when it is streamed. */
static void read_response(struct arena *scratch, const struct program *program,
                          const struct function *fn, ref value, struct exit_point *exit)
{
	const struct project *p = program->project;
	struct streamed stream;
	exit->response = response_of(p, &fn->cfg, through_local(&fn->cfg, exit->event, value));
	if (fn->lent != NULL || fn->as_provider ||
	    !stream_of_value(scratch, program, fn, value, &stream))
		return;
	struct streamed *kept = arena_new(scratch, struct streamed);
	*kept = stream;
	exit->stream = kept;
	exit->response = "streaming";
}

/* The states that one disjunct leaves, and what it returns with them. */
static void add_exit_states(const struct plan *p, const struct disjunct *d, const struct event *e,
                            struct exit_point *exit)
{
	uint32_t is = e->op == LEAVE_RETURN ? disjunct_value(p, d, e->a).is : VALUE_NONE;
	for (uint32_t r = 0; r < p->resource_count; r++) {
		exit->states[r] |= d->states[r];
		for (unsigned o = 0; o < OUTCOME_COUNT && is_normal(exit->kind); o++) {
			uint32_t resources = o == OUTCOME_OTHER ? VALUE_RESOURCES : 0;
			if ((is & (VALUE_NONE << o | resources)) != 0)
				exit->returned[o][r] |= d->states[r];
		}
	}
}

static void list_exit(struct arena *scratch, const struct program *program, struct function *fn,
                      uint32_t event)
{
	const struct event *e = &fn->cfg.events[event];
	const struct disjunct *at = solution_at(scratch, &fn->solution, event, false);
	if (at == NULL)
		return;
	struct exit_point *exit = &fn->exits[fn->exit_count++];
	*exit = (struct exit_point){
		.kind = exit_kind_of((enum leave_op)e->op), .event = event, .span = e->span};
	exit->states = arena_array(scratch, state_set, fn->plan.resource_count);
	for (unsigned o = 0; o < OUTCOME_COUNT; o++)
		exit->returned[o] = arena_array(scratch, state_set, fn->plan.resource_count);
	for (; at != NULL; at = at->next) {
		exit->passed_on |= resources_in(&fn->plan, at, e->a);
		add_exit_states(&fn->plan, at, e, exit);
	}
	if (exit->kind == EXIT_RETURN)
		read_response(scratch, program, fn, e->a, exit);
	else if (exit->kind == EXIT_FALL_OFF)
		exit->response = "none";
}

static int by_place(const void *a, const void *b)
{
	const struct exit_point *x = a, *y = b;
	bool nx = is_normal(x->kind), ny = is_normal(y->kind);
	if (nx != ny) /* returns first, then what raises */
		return nx ? -1 : 1;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static void list_exits(struct arena *scratch, const struct program *program, struct function *fn)
{
	uint32_t room = 0;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		room += fn->cfg.events[i].kind == EV_LEAVE;
	fn->exits = arena_array(scratch, struct exit_point, room);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++)
		if (fn->cfg.events[i].kind == EV_LEAVE)
			list_exit(scratch, program, fn, i);
	if (fn->exit_count > 0)
		qsort(fn->exits, fn->exit_count, sizeof *fn->exits, by_place);
}

/* ---- decorators --------------------------------------------------------------------- */

/* Decorators of the language and of the frameworks do not touch what is injected. */
static bool is_known_decorator(const struct module *m, const struct scope *s, const struct expr *d)
{
	for (uint32_t i = 0; i < s->entry_count; i++) {
		struct span entry = m->entries[s->first_entry + i].span;
		if (entry.start <= d->span.start && d->span.end <= entry.end)
			return true;
	}
	return false;
}

static bool has_unknown_decorator(const struct project *p, const struct module *m,
                                  const struct scope *s)
{
	static const char *const harmless[] = {
		"staticmethod",        "classmethod", "property", "contextmanager",
		"asynccontextmanager", "override",    "cache",    "lru_cache"};
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		expr_id id = m->decorators[s->first_decorator + i];
		const struct expr *d = &m->exprs[id];
		const struct expr *name = d->kind == EXPR_CALL ? d + 1 : d;
		bool known = is_known_decorator(m, s, d);
		for (size_t k = 0; k < ARRAY_LEN(harmless) && !known; k++)
			known = name->kind == EXPR_NAME &&
			        str_is(dotted_last(project_text(p, name->text)), harmless[k]);
		if (!known)
			return true;
	}
	return false;
}

static bool analyse(struct arena *scratch, const struct program *program, struct function *fn)
{
	const struct project *p = program->project;
	if (!record_cfg(scratch, &p->modules[fn->module].loaded, fn->scope, &fn->cfg))
		return false;
	fn->unknown_decorator = has_unknown_decorator(p, project_module(p, fn->module),
	                                              project_scope(p, fn->module, fn->scope));
	if (!bind_function(scratch, program, fn))
		return false;
	solve(scratch, &fn->plan, &fn->solution);
	list_exits(scratch, program, fn);
	return true;
}

bool function_read(struct arena *scratch, const struct program *program, module_id m,
                   scope_id scope, struct function *out)
{
	*out = (struct function){.module = m, .scope = scope};
	if (!record_cfg(scratch, &program->project->modules[m].loaded, scope, &out->cfg))
		return false;
	bind_targets(scratch, program, out);
	return true;
}

bool function_analyse(struct arena *scratch, const struct program *program, module_id m,
                      scope_id scope, enum entry_kind entry, bool as_provider, struct function *out)
{
	*out = (struct function){
		.module = m, .scope = scope, .entry = entry, .as_provider = as_provider};
	if (!analyse(scratch, program, out))
		return false;
	list_yields(scratch, out);
	return true;
}

bool function_analyse_lent(struct arena *scratch, const struct program *program, module_id m,
                           scope_id scope, const struct lent *lent, struct function *out)
{
	*out = (struct function){.module = m, .scope = scope, .lent = lent};
	return analyse(scratch, program, out);
}
