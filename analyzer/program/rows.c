/*
 * rows.c - see rows.h. A query is told by its shape: it starts with query(Book), get(Book, 1), scalars(select(Book)) or
 * execute(select(Book)).scalars(), and ends where rows come out of it. Local names stand for what is assigned to them first.
 */
#include "program/rows.h"
#include "program/scene.h"

#define CHAIN_MAX 24  /* calls and names of one query */
#define CALLEES_MAX 3 /* functions that hand rows on, one to the next */

struct reading {
	const struct project *project;
	const struct cfg *cfg;
};

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (str_is(name, *names))
			return true;
	return false;
}

struct str call_text(const struct project *p, const struct cfg *cfg, const struct event *call)
{
	if (call->name == NAME_NONE && ref_kind(call->a) == REF_KIND_PLACE &&
	    cfg->places[ref_index(call->a)].step_count == 0)
		return project_text(p, cfg->places[ref_index(call->a)].root);
	return project_text(p, call->name);
}

/* The event that makes a value; for a local name the first that is stored in it. */
static const struct event *maker_of(const struct reading *r, ref value)
{
	for (unsigned hops = 0; hops < CHAIN_MAX; hops++) {
		if (ref_kind(value) == REF_KIND_TEMP)
			return &r->cfg->events[ref_index(value)];
		if (ref_kind(value) != REF_KIND_PLACE ||
		    r->cfg->places[ref_index(value)].step_count != 0)
			return NULL;
		ref stored = REF_NONE;
		for (uint32_t i = 0; i < r->cfg->event_count && stored == REF_NONE; i++)
			if (r->cfg->events[i].kind == EV_ASSIGN && r->cfg->events[i].a == value &&
			    r->cfg->events[i].index == 0)
				stored = r->cfg->events[i].b;
		value = stored;
	}
	return NULL;
}

bool names_class(const struct project *p, const struct cfg *cfg, ref value)
{
	if (ref_kind(value) != REF_KIND_PLACE)
		return false;
	const struct place *place = &cfg->places[ref_index(value)];
	struct str name = project_text(
		p, place->step_count == 0 ? place->root : place->steps[place->step_count - 1].name);
	bool nested = place->step_count > 1; /* Book.id.asc names no class */
	return !nested && name.len > 1 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z' &&
	       name.ptr[1] >= 'a' && name.ptr[1] <= 'z';
}

static bool is_of_class(const struct reading *r, const struct event *call)
{
	return call->arg_count > 0 &&
	       names_class(r->project, r->cfg, r->cfg->args[call->first_arg].value);
}

/* select(Book).where(...), as written or by a local name */
static bool selects_rows(const struct reading *r, const struct event *taker)
{
	const struct event *e = taker->arg_count == 0
	                                ? NULL
	                                : maker_of(r, r->cfg->args[taker->first_arg].value);
	for (unsigned i = 0; i < CHAIN_MAX && e != NULL && e->kind == EV_CALL; i++) {
		if (str_is(call_text(r->project, r->cfg, e), "select"))
			return e->arg_count == 1 && is_of_class(r, e);
		e = maker_of(r, e->a);
	}
	return false;
}

/* Is the call the last of a query for whole rows? */
static bool ends_query(const struct reading *r, const struct event *e)
{
	static const char *const ends[] = {"all",         "first",      "one",
	                                   "one_or_none", "scalar_one", "scalar_one_or_none",
	                                   "get",         "scalar",     NULL};
	bool whole = false; /* the first column of each row: of an execute() that is the object */
	if (e->name == NAME_NONE || !is_one_of(call_text(r->project, r->cfg, e), ends))
		return false;
	for (unsigned i = 0; i < CHAIN_MAX && e != NULL && e->kind == EV_CALL; i++) {
		struct str name = call_text(r->project, r->cfg, e);
		if ((str_is(name, "query") || str_is(name, "get")) && e->arg_count > 0)
			return is_of_class(r, e) && (str_is(name, "get") || e->arg_count == 1);
		whole |= str_starts(name, STR("scalar"));
		if (e->arg_count > 0 && (str_starts(name, STR("scalar")) ||
		                         str_is(name, "execute") || str_is(name, "exec")))
			return (whole || str_is(name, "exec")) && selects_rows(r, e);
		e = maker_of(r, e->a);
	}
	return false;
}

static bool gives_rows(struct arena *scratch, const struct program *program, const struct scene *s,
                       const struct event *made, unsigned depth);

/* Does every return of the def that gives something give rows? */
static bool def_gives_rows(struct arena *scratch, const struct program *program,
                           const struct target *t, unsigned depth)
{
	struct cfg cfg;
	uint32_t seen = 0;
	if (depth == CALLEES_MAX ||
	    !record_cfg(scratch, &program->project->modules[t->module].loaded, t->scope, &cfg))
		return false;
	struct scene s = scene_of(scratch, program, t->module, t->scope, &cfg);
	struct reading r = {program->project, &cfg};
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind != EV_LEAVE || e->op != LEAVE_RETURN ||
		    ref_kind(e->a) == REF_KIND_NONE || ref_kind(e->a) == REF_KIND_CONST)
			continue;
		const struct event *made = seen++ < ROWS_RETURNS_MAX ? maker_of(&r, e->a) : NULL;
		if (made == NULL || !gives_rows(scratch, program, &s, made, depth))
			return false;
	}
	return seen > 0;
}

static bool gives_rows(struct arena *scratch, const struct program *program, const struct scene *s,
                       const struct event *made, unsigned depth)
{
	struct reading r = {program->project, s->cfg};
	if (made->kind != EV_CALL)
		return false;
	if (ends_query(&r, made))
		return true;
	struct target t = callee_of(s, made);
	return t.kind == TARGET_SCOPE && !target_is_class(program->project, &t) &&
	       def_gives_rows(scratch, program, &t, depth + 1);
}

bool returns_rows(struct arena *scratch, const struct program *program, const struct function *fn,
                  uint32_t event)
{
	struct reading r = {program->project, &fn->cfg};
	const struct event *made = maker_of(&r, fn->cfg.events[event].a);
	if (made == NULL)
		return false;
	struct scene s = scene_of(scratch, program, fn->module, fn->scope, &fn->cfg);
	return gives_rows(scratch, program, &s, made, 0);
}
