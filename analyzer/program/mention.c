/* mention.c - a table of names; a call by one of them is resolved, and a call on an object is taken to be meant. */
#include "program/mention.h"

#include "program/bind.h"
#include "program/bind_internal.h"
#include "program/objects.h"
#include "program/provider.h"
#include "program/result.h"
#include "program/summary.h"

#define HEIRS_MAX 3 /* classes that inherit from classes */

struct mentions {
	bool *names; /* per name of the project: some maker of sessions is called so */
	uint32_t name_count;
	bool *modules; /* per module: such a name stands in it */
};

/* ---- names ------------------------------------------------------------------------------- */

static bool is_session(const struct resource_kind *kind)
{
	return kind != NULL && kind->layer == LAYER_SESSION;
}

static void add_name(const struct project *p, struct mentions *t, struct str name)
{
	name_id id = intern_find(p->names, name);
	if (id != NAME_NONE && id < t->name_count)
		t->names[id] = true;
}

static void add_customary(const struct program *program, struct mentions *t)
{
	static const bool makes[MAKER_OBJECT + 1] = {
		[MAKER_TYPE] = true, [MAKER_FACTORY] = true, [MAKER_PROVIDER] = true};
	for (size_t i = 0; i < program->protocols->maker_count; i++) {
		const struct maker *m = &program->protocols->makers[i];
		bool takes = m->role == MAKER_BY_USE && project_uses(program, m->kind);
		if (takes || (makes[m->role] && is_session(m->kind)))
			add_name(program->project, t, dotted_last(m->name));
	}
}

/* A class body binds columns, hundreds of them, and hardly ever a factory. */
static bool may_bind_maker(const struct module *m, const struct binding *b)
{
	bool in_class_body = b->from == b->scope && m->scopes[b->scope].kind == SCOPE_CLASS;
	return !in_class_body && b->value != EXPR_NONE &&
	       (m->exprs[b->value].kind == EXPR_CALL || m->exprs[b->value].kind == EXPR_CHOICE);
}

static void add_bindings(struct arena *scratch, const struct program *program, module_id m,
                         struct mentions *t)
{
	const struct module *module = project_module(program->project, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *b = &module->bindings[i];
		if (!may_bind_maker(module, b))
			continue;
		struct target self = {.kind = TARGET_BINDING,
		                      .module = m,
		                      .scope = b->scope,
		                      .binding = i,
		                      .dotted = project_text(program->project, b->name)};
		struct thing thing = thing_of(scratch, program, &self);
		if (thing.kind == THING_FACTORY && is_session(thing.resource))
			add_name(program->project, t, self.dotted);
		arena_clear(scratch);
	}
}

static bool names_maker(const struct mentions *t, const struct loaded_module *m)
{
	for (uint32_t i = 1; i <= m->name_count; i++)
		if (m->names[i] < t->name_count && t->names[m->names[i]])
			return true;
	return false;
}

static void find_modules(const struct project *p, struct mentions *t)
{
	for (module_id m = 0; m < p->module_count; m++)
		t->modules[m] = names_maker(t, &p->modules[m].loaded);
}

struct mentions *mentions_find(struct arena *run, const struct program *program)
{
	const struct project *p = program->project;
	struct mentions *t = arena_new(run, struct mentions);
	struct arena scratch;
	arena_init(&scratch);
	t->name_count = intern_count(p->names) + 1;
	t->names = arena_array(run, bool, t->name_count);
	t->modules = arena_array(run, bool, p->module_count);
	add_customary(program, t);
	for (module_id m = 0; m < p->module_count; m++)
		if (imports_sqlalchemy(p, m))
			add_bindings(&scratch, program, m, t);
	find_modules(p, t);
	arena_release(&scratch);
	return t;
}

/* ---- classes whose objects have a session of their own ---------------------------------------- */

static bool makes_own(struct arena *scratch, const struct program *program, module_id m, scope_id s)
{
	const struct project *p = program->project;
	const struct scope *init = project_scope(p, m, s);
	bool is_init = init->kind == SCOPE_FUNCTION && init->parent != SCOPE_NONE &&
	               project_scope(p, m, init->parent)->kind == SCOPE_CLASS &&
	               str_is(project_text(p, init->name), "__init__");
	return is_init && scope_mentions_maker(scratch, program, m, s) &&
	       result_of(program, m, s).own.kind != NULL;
}

static void add_makers_of_own(const struct program *program, struct mentions *t)
{
	const struct project *p = program->project;
	struct program with = *program;
	struct arena scratch;
	arena_init(&scratch);
	with.summaries = summary_cache_new();
	for (module_id m = 0; m < p->module_count; m++) {
		const struct module *module = project_module(p, m);
		for (scope_id s = 1; s < module->scope_count && t->modules[m]; s++) {
			if (makes_own(&scratch, &with, m, s))
				add_name(p, t,
				         project_text(
						 p, module->scopes[module->scopes[s].parent].name));
			arena_clear(&scratch);
		}
	}
	summary_cache_free(with.summaries);
	arena_release(&scratch);
}

static bool has_named_base(const struct project *p, const struct mentions *t, module_id m,
                           const struct scope *class_)
{
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < class_->base_count; i++) {
		const struct expr *base = &module->exprs[module->bases[class_->first_base + i]];
		name_id last = base->kind == EXPR_NAME
		                       ? intern_find(p->names,
		                                     dotted_last(project_text(p, base->text)))
		                       : NAME_NONE;
		if (last != NAME_NONE && last < t->name_count && t->names[last])
			return true;
	}
	return false;
}

/* A class that inherits such an __init__ makes such objects as well. */
static bool add_heirs(const struct project *p, struct mentions *t)
{
	bool grew = false;
	for (module_id m = 0; m < p->module_count; m++) {
		const struct module *module = project_module(p, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			const struct scope *class_ = &module->scopes[s];
			if (class_->kind != SCOPE_CLASS || class_->name >= t->name_count ||
			    t->names[class_->name] || !has_named_base(p, t, m, class_))
				continue;
			t->names[class_->name] = true;
			grew = true;
		}
	}
	return grew;
}

void mentions_add_providers(const struct program *program, struct mentions *t)
{
	for (module_id m = 0; m < program->project->module_count; m++) {
		const struct module *module = project_module(program->project, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			const struct provider *p = provider_of_scope(program->providers, m, s);
			if (p != NULL && is_session(p->kind))
				add_name(program->project, t,
				         project_text(program->project, module->scopes[s].name));
		}
	}
	find_modules(program->project, t);
	add_makers_of_own(program, t);
	for (unsigned round = 0; round < HEIRS_MAX && add_heirs(program->project, t); round++)
		;
	find_modules(program->project, t);
}

/* ---- calls --------------------------------------------------------------------------------- */

/* What is called: the last part of a.b.name(..) or of a.b.c(..). */
static name_id called_name(const struct cfg *cfg, const struct event *e)
{
	if (e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return e->name;
	const struct place *p = &cfg->places[ref_index(e->a)];
	return p->step_count == 0 ? p->root : p->steps[p->step_count - 1].name;
}

/* A receiver that only binding can tell is taken for one that has sessions. */
static bool calls_maker(struct arena *scratch, const struct program *program, module_id m,
                        scope_id scope, const struct cfg *cfg, const struct event *e)
{
	const struct project *p = program->project;
	if (ref_kind(e->a) != REF_KIND_PLACE)
		return true;
	const struct place *place = &cfg->places[ref_index(e->a)];
	struct str path = place_path(scratch, p, place);
	if (path.len == 0 || (place->root_kind == PLACE_LOCAL && e->name != NAME_NONE))
		return true;
	if (e->name != NAME_NONE)
		path = dotted_under(scratch, path, project_text(p, e->name));
	struct target t = resolve(scratch, p, m, scope, path);
	if (t.kind == TARGET_SCOPE && project_scope(p, t.module, t.scope)->kind == SCOPE_CLASS)
		return true;
	struct thing thing = thing_of(scratch, program, &t);
	return thing.kind == THING_TYPE || thing.kind == THING_FACTORY ||
	       thing.kind == THING_PROVIDER;
}

bool scope_mentions_maker(struct arena *scratch, const struct program *program, module_id m,
                          scope_id scope)
{
	const struct mentions *t = program->mentions;
	struct cfg cfg;
	if (program->mentions == NULL || !program->mentions->modules[m] ||
	    !record_cfg(scratch, &program->project->modules[m].loaded, scope, &cfg))
		return false;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		name_id name = e->kind == EV_CALL ? called_name(&cfg, e) : NAME_NONE;
		if (name != NAME_NONE && name < t->name_count && t->names[name] &&
		    calls_maker(scratch, program, m, scope, &cfg, e))
			return true;
	}
	return false;
}
