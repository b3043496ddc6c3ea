/*
 * provider.c - dependency parameters and what fills them. A provider whose
 * body stands in the project is solved like any function, its yield counted
 * as a statement; what is left open on its ways out is what it does not take back.
 */
#include "program/provider.h"

#include "program/bind.h"
#include "program/function.h"
#include "program/items.h"
#include "program/managed.h"
#include "program/mention.h"
#include "program/parked.h"
#include "program/provider_table.h"
#include "program/registry.h"
#include "program/result.h"
#include "program/typed.h"
#include "program/summary.h"
#include "project/def.h"

#include <stb/stb_ds.h>

#define PROVIDER_ROUNDS_MAX 4 /* providers built on providers */

/* ---- reading one provider ------------------------------------------------------------------ */

/*
 * The kind of resource that an operand is at this event, or NULL: when it may also be something that was not
 * made here, or when it has been stored before, its taker does not get a session of its own.
 */
static const struct resource_kind *kind_handed_out(struct arena *scratch, const struct function *fn,
                                                   uint32_t event, ref operand)
{
	const struct resource_kind *kind = NULL;
	bool yields = fn->cfg.events[event].kind == EV_YIELD;
	slot_id slot = plan_slot(&fn->plan, operand);
	if (slot == SLOT_NONE)
		return NULL;
	for (const struct disjunct *d = solution_at(scratch, &fn->solution, event, false);
	     d != NULL; d = d->next) {
		if (!yields && (d->values[slot].is & VALUE_OTHER) != 0)
			return NULL;
		for (uint32_t r = 0; r < fn->plan.resource_count; r++) {
			if (!(d->values[slot].is & (1u << r)))
				continue;
			if (!yields && (d->states[r] & STATES_GONE) != 0)
				return NULL;
			kind = fn->resources[r].kind;
		}
	}
	return kind;
}

static void read_shape(struct arena *scratch, const struct function *fn, struct provider *out)
{
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_YIELD && e->kind != EV_RETURN)
			continue;
		const struct resource_kind *kind = kind_handed_out(scratch, fn, i, e->a);
		if (kind == NULL || (out->shape == SHAPE_YIELDS && e->kind == EV_RETURN))
			continue;
		out->kind = kind;
		out->shape = e->kind == EV_YIELD ? SHAPE_YIELDS : SHAPE_RETURNS;
	}
}

/* What is still open on the ways out is not taken back. */
static void read_release(const struct function *fn, struct provider *out)
{
	out->releases = out->commits = out->shape == SHAPE_YIELDS;
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *exit = &fn->exits[i];
		bool normal = exit->kind == EXIT_RETURN || exit->kind == EXIT_FALL_OFF;
		for (uint32_t r = 0; r < fn->plan.resource_count; r++) {
			if (exit->states[r] == 0 || fn->resources[r].kind->layer != out->kind->layer)
				continue;
			out->releases &= !(normal && states_may(exit->states[r], IS_HOLDING));
			out->commits &= !normal || states_must(exit->states[r], IS_COMMITTED);
			out->may_commit |= normal && (states_may(exit->states[r], IS_COMMITTED) ||
			                              (exit->states[r] & STATES_UNSURE) != 0);
		}
	}
}

/* ---- does it take the session back when its user raises? ------------------------------------ */

struct raised_yield {
	struct arena *scratch;
	const struct function *fn;
	bool held; /* some way out of the raising yield leaves it held */
};

static bool is_held_at_exit(struct arena *scratch, const struct function *fn,
                            const struct solution *from)
{
	for (uint32_t i = 0; i < fn->exit_count; i++)
		for (uint32_t r = 0; r < fn->plan.resource_count; r++)
			if (states_may(solution_states(scratch, from, fn->exits[i].event, false, r),
			               IS_HOLDING))
				return true;
	return false;
}

static void follow_raise(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct raised_yield *y = arg;
	struct solution from;
	if (edge != EDGE_RAISE)
		return;
	solve_from(y->scratch, &y->fn->plan, to, d, &from);
	y->held |= is_held_at_exit(y->scratch, y->fn, &from);
}

/* What is raised at the yield is what its user raised; other exceptions are the provider's own. */
static void read_guard(struct arena *scratch, const struct function *fn, struct provider *out)
{
	struct raised_yield y = {.scratch = scratch, .fn = fn};
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		if (fn->cfg.events[i].kind != EV_YIELD ||
		    plan_slot(&fn->plan, fn->cfg.events[i].a) == SLOT_NONE)
			continue;
		struct solve_bounds ignored = {0};
		block_id block = cfg_block_of(&fn->cfg, i);
		for (struct disjunct *d = fn->solution.at_entry[block]; d != NULL; d = d->next)
			solve_block(scratch, &fn->plan, block, d, &ignored, follow_raise, &y);
	}
	out->guarded = out->shape == SHAPE_YIELDS && !y.held;
}

/*
 * A provider that borrows its session from another dependency leaves the release to that one. One that
 * hands out a registry and removes its session after the yield answers for it.
 */
static bool borrows(const struct function *fn, const struct provider *read)
{
	for (uint32_t r = 0; r < fn->plan.resource_count; r++) {
		enum origin o = fn->resources[r].origin;
		if (o == ORIGIN_REGISTRY && read->releases)
			return false;
		if (o != ORIGIN_DEPENDENCY && o != ORIGIN_REGISTRY && o != ORIGIN_LENT)
			return false;
	}
	return true;
}

/* The middleware whose session it hands on, when there is one. */
static const struct provider *lender_in(const struct function *fn)
{
	const struct provider *lender = fn->plan.resource_count == 1 ? fn->resources[0].provider
	                                                             : NULL;
	return lender != NULL && lender->basis == PROVIDER_PARKED ? lender : NULL;
}

/* Named in a Depends(), made a context manager, or called what such defs are called. */
static bool is_recognised(const struct program *program, module_id m, scope_id scope)
{
	static const char *const managers[] = {"contextmanager", "asynccontextmanager"};
	const struct project *p = program->project;
	const struct scope *s = project_scope(p, m, scope);
	return scope_is_dependency(program->dependencies, m, scope) ||
	       def_has_decorator(p, m, scope, managers, ARRAY_LEN(managers)) ||
	       managed_has(&program->providers->managed, m, scope) ||
	       protocols_maker(program->protocols, project_text(p, s->name), MAKER_PROVIDER) != NULL;
}

/* get_db; Auth.session for a method, because __call__ alone says nothing. */
static struct str name_of_scope(const struct project *p, module_id m, scope_id scope)
{
	const struct scope *s = project_scope(p, m, scope);
	bool method = def_class(p, m, scope) != SCOPE_NONE;
	return project_text(p, method ? s->qualname : s->name);
}

/* get_engine(): gives an engine, pool or connection that is kept somewhere. NULL when it does not. */
static struct provider *read_shared(struct arena *run, struct arena *scratch,
                                    const struct program *program, module_id m, scope_id scope)
{
	const struct resource_kind *kind = imports_library(program, m)
	                                           ? kind_returned(scratch, program, m, scope, 0)
	                                           : NULL;
	if (kind == NULL || kind->view_of != NULL)
		return NULL;
	struct provider *kept = arena_new(run, struct provider);
	*kept = (struct provider){.name = name_of_scope(program->project, m, scope),
	                          .basis = PROVIDER_SEEN,
	                          .shape = SHAPE_RETURNS,
	                          .kind = kind,
	                          .shared = true,
	                          .releases = true,
	                          .guarded = true,
	                          .module = m,
	                          .scope = scope};
	return kept;
}

/* `yield from get_db()` and no other yield: what that one does. NULL for any other def. */
static const struct provider *delegate_of(const struct program *program, const struct function *fn)
{
	const struct provider *found = NULL;
	for (uint32_t i = 0; i < fn->cfg.event_count && fn->targets != NULL; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_YIELD)
			continue;
		if ((e->flags & EVF_FROM) == 0 || ref_kind(e->a) != REF_KIND_TEMP || found != NULL)
			return NULL;
		const struct target *t = &fn->targets[ref_index(e->a)];
		found = t->kind != TARGET_SCOPE
		                ? NULL
		                : provider_of_scope(program->providers, t->module, t->scope);
		if (found == NULL || found->shape != SHAPE_YIELDS)
			return NULL;
	}
	return found;
}

static struct provider *read_delegate(struct arena *run, const struct program *program,
                                      const struct function *fn)
{
	const struct provider *to = delegate_of(program, fn);
	if (to == NULL)
		return NULL;
	struct provider *kept = arena_new(run, struct provider);
	*kept = *to;
	kept->name = name_of_scope(program->project, fn->module, fn->scope);
	kept->module = fn->module;
	kept->scope = fn->scope;
	return kept;
}

/* An object that keeps a session which is made for it: whoever calls has both. */
static bool read_object(struct arena *scratch, const struct program *program,
                        const struct function *fn, struct provider *out)
{
	const struct scope *s = project_scope(program->project, fn->module, fn->scope);
	if (s->kind != SCOPE_FUNCTION || s->decorator_count > 0 ||
	    (s->flags & (SCOPE_GENERATOR | SCOPE_STUB | SCOPE_BROKEN)) != 0 ||
	    str_is(project_text(program->project, s->name), "__init__"))
		return false;
	struct own_session own = result_read(scratch, program, fn->module, fn->scope).own;
	if (own.kind == NULL)
		return false;
	out->shape = SHAPE_RETURNS_OBJECT;
	out->kind = own.kind;
	out->attribute = own.attribute;
	out->inner = own.inner;
	return true;
}

/* What hands out no resource itself: one among several items or in an object, or one that is kept somewhere. */
static struct provider *read_other(struct arena *run, struct arena *scratch,
                                   const struct program *program, const struct function *fn)
{
	struct provider read = {.basis = PROVIDER_SEEN, .module = fn->module, .scope = fn->scope};
	struct provider *delegate = read_delegate(run, program, fn);
	if (delegate != NULL)
		return delegate;
	if (fn->targets == NULL || def_is_cached(program->project, fn->module, fn->scope) ||
	    (!read_items(scratch, program, fn, &read) && !read_object(scratch, program, fn, &read)))
		return read_shared(run, scratch, program, fn->module, fn->scope);
	struct provider *kept = arena_new(run, struct provider);
	*kept = read;
	kept->name = name_of_scope(program->project, fn->module, fn->scope);
	return kept;
}

/* `return Session()`, Session being a registry: its one, NULL when anything else may be returned. */
static const struct registry *registry_returned(struct arena *run, const struct function *fn,
                                                const struct provider *read)
{
	const struct resource *of = NULL;
	for (uint32_t r = 0; r < fn->plan.resource_count && read->shape == SHAPE_RETURNS; r++) {
		const struct resource *one = &fn->resources[r];
		if (of != NULL || one->origin != ORIGIN_REGISTRY || !one->thread_local_scope)
			return NULL;
		of = one;
	}
	if (of == NULL)
		return NULL;
	struct registry *kept = arena_new(run, struct registry);
	*kept = (struct registry){
		.kind = of->kind,
		.identity = arena_str(run, of->identity),
		.name = arena_str(run, of->name),
		.module = MODULE_NONE,
		.thread_local_scope = true,
		.managed = of->managed,
	};
	return kept;
}

static struct provider *read_provider(struct arena *run, struct arena *scratch,
                                      const struct program *program, module_id m, scope_id scope)
{
	struct function fn;
	struct provider read = {.basis = PROVIDER_SEEN, .module = m, .scope = scope};
	if (!function_analyse(scratch, program, m, scope, ENTRY_DEPENDENCY, true, &fn))
		return read_other(run, scratch, program, &fn);
	read_shape(scratch, &fn, &read);
	if (read.shape == SHAPE_NONE)
		return read_other(run, scratch, program, &fn);
	read.shared = read.shape == SHAPE_RETURNS && def_is_cached(program->project, m, scope);
	read.name = name_of_scope(program->project, m, scope);
	read_release(&fn, &read);
	read_guard(scratch, &fn, &read);
	if (borrows(&fn, &read)) {
		if (!read.releases || read.shape == SHAPE_RETURNS)
			read.lender = lender_in(&fn);
		read.releases = read.guarded = read.may_commit = true;
	}
	read.recognised = is_recognised(program, m, scope);
	read.registry = registry_returned(run, &fn, &read);
	struct provider *kept = arena_new(run, struct provider);
	*kept = read;
	return kept;
}

/* ---- finding candidates ---------------------------------------------------------------------- */

bool imports_sqlalchemy(const struct project *p, module_id m)
{
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->import_count; i++) {
		struct str name = project_text(p, module->imports[i].module);
		if (str_starts(name, STR("sqlalchemy")) || str_starts(name, STR("sqlmodel")))
			return true;
	}
	return false;
}

struct finder {
	struct arena *run, *scratch;
	struct program program; /* a copy whose table grows */
	struct provider_table *table;
};

#define MAKER_SIZE_MAX 2400 /* bytes: a longer function is no mere maker of sessions */
#define MAKER_PARAMS_MAX 8

/* A short function of a module that knows SQLAlchemy, or that calls what makes sessions elsewhere. */
static bool may_make_sessions(const struct finder *f, module_id m, scope_id scope)
{
	const struct scope *s = project_scope(f->program.project, m, scope);
	if (s->param_count > MAKER_PARAMS_MAX || s->span.end - s->span.start > MAKER_SIZE_MAX)
		return false;
	return imports_sqlalchemy(f->program.project, m) || imports_library(&f->program, m) ||
	       scope_mentions_maker(f->scratch, &f->program, m, scope);
}

/* Generators that are plain iterators hand out no session; reading them finds that. */
static bool is_candidate(const struct finder *f, module_id m, scope_id scope)
{
	const struct project *p = f->program.project;
	const struct scope *s = project_scope(p, m, scope);
	if (s->kind == SCOPE_LAMBDA)
		return scope_is_dependency(f->program.dependencies, m, scope);
	if (s->kind != SCOPE_FUNCTION)
		return false;
	return may_make_sessions(f, m, scope) || is_recognised(&f->program, m, scope);
}

static void find_candidates(struct finder *f)
{
	const struct project *p = f->program.project;
	for (module_id m = 0; m < p->module_count; m++)
		for (scope_id s = 1; s < project_module(p, m)->scope_count; s++)
			if (is_candidate(f, m, s))
				arrput(f->table->candidates,
				       ((struct candidate){.module = m, .scope = s, .unread = true}));
	f->table->count = arrlenu(f->table->candidates);
}

/* Reads all candidates that have to be; true when there are some for another round. */
static bool read_round(struct finder *f)
{
	struct provider_table *t = f->table;
	for (uint32_t i = 0; i < t->count; i++) {
		struct candidate *c = &t->candidates[i];
		if (!c->unread)
			continue;
		t->reading = i;
		c->unread = false;
		c->found = read_provider(f->run, f->scratch, &f->program, c->module, c->scope);
		arena_clear(f->scratch);
	}
	t->reading = NOBODY;
	return provider_table_renew(t);
}

const struct provider_table *providers_find(struct arena *run, const struct program *program)
{
	struct arena scratch;
	struct asked_for *asked = NULL;
	arena_init(&scratch);
	struct finder f = {.run = run, .scratch = &scratch, .program = *program};
	f.table = arena_new(run, struct provider_table);
	f.table->asked = &asked;
	f.table->managed = managed_find(run, program->project);
	f.program.providers = f.table;
	f.program.summaries = summary_cache_new();
	find_candidates(&f);
	bool more = read_round(&f);
	more |= provider_table_add_parked(f.table, parked_find(run, &f.program));
	for (unsigned round = 1; round < PROVIDER_ROUNDS_MAX && more; round++)
		more = read_round(&f);
	provider_table_finish(run, f.table);
	summary_cache_free(f.program.summaries);
	arena_release(&scratch);
	return f.table;
}

const struct provider *provider_lender(const struct provider *p)
{
	if (p != NULL && p->lender != NULL)
		p = p->lender;
	return p != NULL && p->basis == PROVIDER_PARKED ? p : NULL;
}

/* ---- what a parameter gets --------------------------------------------------------------------- */

static const struct provider *new_provider(struct arena *run, struct provider p)
{
	struct provider *kept = arena_new(run, struct provider);
	p.module = MODULE_NONE;
	*kept = p;
	return kept;
}

/* One that gives a session and takes it back, as far as anybody knows. */
static const struct provider *assumed_provider(struct arena *run, struct str name,
                                               enum provider_basis basis,
                                               const struct resource_kind *kind)
{
	return new_provider(run, (struct provider){.name = name,
	                                           .basis = basis,
	                                           .shape = SHAPE_YIELDS,
	                                           .kind = kind,
	                                           .releases = true,
	                                           .guarded = true,
	                                           .may_commit = true});
}

/* Depends(SessionLocal): FastAPI calls the maker, and nobody closes what it makes. */
static const struct provider *maker_provider(struct arena *run, const struct program *program,
                                             const struct dependency *dep,
                                             const struct callable *called)
{
	struct thing thing = thing_of(run, program, &called->target);
	if (dep->provider == EXPR_NONE || (thing.kind != THING_FACTORY &&
	                                   thing.kind != THING_TYPE && thing.kind != THING_REGISTRY))
		return NULL;
	return new_provider(run, (struct provider){.name = called->name,
	                                           .basis = PROVIDER_MAKER,
	                                           .shape = SHAPE_RETURNS,
	                                           .kind = thing.resource});
}

/* The kind of a session that only the configuration speaks of: what its annotations say, else the usual. */
static const struct resource_kind *named_kind(struct arena *run, const struct program *program,
                                              const struct callable *called,
                                              const struct resource_kind *annotated)
{
	const struct project *p = program->project;
	if (annotated == NULL && called->kind == CALLABLE_DEF) {
		const struct scope *s = project_scope(p, called->module, called->scope);
		annotated = kind_of_annotation(run, program, called->module, s->parent, s->returns);
	}
	for (size_t i = 0; i < program->protocols->kind_count && annotated == NULL; i++)
		if (strcmp(program->protocols->kinds[i]->id, "orm-session") == 0)
			annotated = program->protocols->kinds[i];
	return annotated;
}

static bool is_named(struct arena *run, const struct program *program, const struct callable *called)
{
	struct target def = {.kind = TARGET_SCOPE, .module = called->module, .scope = called->scope};
	const struct str_list *names = &program->config->providers;
	return configured_target(run, program->project, names, &called->target) ||
	       (called->kind == CALLABLE_DEF &&
	        configured_target(run, program->project, names, &def));
}

/* A def of the project that returns what it did not make. A generator that was not understood is another matter. */
static bool passes_on(const struct program *program, const struct callable *called)
{
	return called->kind == CALLABLE_DEF &&
	       (project_scope(program->project, called->module, called->scope)->flags &
	        SCOPE_GENERATOR) == 0;
}

static const struct provider *passing_provider(struct arena *run, const struct callable *called,
                                               const struct resource_kind *kind)
{
	struct provider *p = arena_new(run, struct provider);
	*p = (struct provider){.name = called->name,
	                       .basis = PROVIDER_PASSES,
	                       .shape = SHAPE_RETURNS,
	                       .kind = kind,
	                       .releases = true,
	                       .guarded = true,
	                       .may_commit = true,
	                       .module = called->module,
	                       .scope = called->scope};
	return p;
}

/* Its body is not there: a customary name, else the parameter's annotation. */
static const struct provider *unseen_provider(struct arena *run, const struct program *program,
                                              const struct dependency *dep,
                                              const struct callable *called,
                                              const struct resource_kind *annotated,
                                              bool *unresolved)
{
	struct str name = called->name;
	bool is_def = called->kind != CALLABLE_UNKNOWN;
	const struct maker *custom = is_def ? NULL
	                                    : protocols_maker(program->protocols, name,
	                                                      MAKER_PROVIDER);
	if (custom != NULL && annotated == NULL && dep->annotation == EXPR_NONE &&
	    imports_sqlalchemy(program->project, dep->module))
		annotated = custom->kind;
	if (annotated == NULL) {
		*unresolved = custom != NULL;
		return NULL;
	}
	if (passes_on(program, called))
		return passing_provider(run, called, annotated);
	*unresolved = custom == NULL;
	return assumed_provider(run, name, custom != NULL ? PROVIDER_BY_NAME : PROVIDER_UNKNOWN,
	                        annotated);
}

const struct provider *provider_of_dependency(struct arena *run, const struct program *program,
                                              const struct dependency *dep, bool *unresolved)
{
	struct callable called = dependency_callable(run, program->project, dep);
	const struct provider *known = NULL;
	*unresolved = false;
	const struct resource_kind *annotated = kind_of_annotation(run, program, dep->module,
	                                                           dep->scope, dep->annotation);
	if (is_named(run, program, &called))
		return assumed_provider(run, called.name, PROVIDER_NAMED,
		                        named_kind(run, program, &called, annotated));
	if (called.kind == CALLABLE_DEF && program->providers != NULL)
		known = provider_of_scope(program->providers, called.module, called.scope);
	else if (called.kind == CALLABLE_UNKNOWN)
		known = maker_provider(run, program, dep, &called);
	return known != NULL ? known
	                     : unseen_provider(run, program, dep, &called, annotated, unresolved);
}
