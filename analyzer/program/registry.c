/*
 * registry.c - the spellings of one registry. What a name means is thing.c's answer; here are the attributes
 * behind which a registry hides: an extension's `.session`, and what query_property() was assigned to.
 */
#include "program/registry.h"

#include "program/bind.h"

#define BASES_MAX 6 /* bases of bases that a query property is looked for in */

struct query_property {
	struct str attribute;
	module_id module; /* of the class, or of the assignment that made it: Base = declarative_base() */
	scope_id scope; /* the class; SCOPE_NONE for an assignment */
	uint32_t binding;
	struct registry registry;
};

struct query_properties {
	struct query_property *items;
	uint32_t count, room;
};

/* ---- is it worth asking? -------------------------------------------------------------- */

bool registries_are_named(const struct project *project, const struct protocols *protocols)
{
	for (size_t i = 0; i < protocols->maker_count; i++) {
		const struct maker *m = &protocols->makers[i];
		bool makes = m->role == MAKER_REGISTRY_TYPE || m->role == MAKER_REGISTRY ||
		             m->role == MAKER_REGISTRY_OWNER;
		if (makes && intern_find(project->names, dotted_last(m->name)) != NAME_NONE)
			return true;
	}
	return false;
}

/* ---- owners: db = SQLAlchemy(app) ------------------------------------------------------- */

/* The maker of what a class or an outside name is, when it is an owner of a registry. */
static const struct maker *owner_of_target(struct arena *scratch, const struct program *program,
                                           const struct target *t, unsigned depth)
{
	const struct project *p = program->project;
	if (t->kind == TARGET_EXTERNAL || t->kind == TARGET_UNKNOWN)
		return protocols_maker(program->protocols, t->dotted, MAKER_REGISTRY_OWNER);
	if (t->kind != TARGET_SCOPE || depth == BASES_MAX)
		return NULL;
	const struct module *m = project_module(p, t->module);
	const struct scope *s = &m->scopes[t->scope];
	for (uint32_t i = 0; s->kind == SCOPE_CLASS && i < s->base_count; i++) {
		struct target base = resolve_expr(scratch, p, t->module, s->parent,
		                                  m->bases[s->first_base + i]);
		const struct maker *maker = owner_of_target(scratch, program, &base, depth + 1);
		if (maker != NULL)
			return maker;
	}
	return NULL;
}

/* Is 'path' a name that an owner was assigned to: db = SQLAlchemy()? */
static bool owner_at(struct arena *scratch, const struct program *program, module_id m,
                     scope_id scope, struct str path, struct registry *out)
{
	const struct project *p = program->project;
	struct target t = resolve(scratch, p, m, scope, path);
	if (t.kind != TARGET_BINDING)
		return false;
	const struct binding *b = &project_module(p, t.module)->bindings[t.binding];
	if (b->value == EXPR_NONE || project_expr(p, t.module, b->value)->kind != EXPR_CALL)
		return false;
	struct target type = resolve_expr(scratch, p, t.module, b->scope, b->value + 1);
	const struct maker *maker = owner_of_target(scratch, program, &type, 0);
	if (maker == NULL)
		return false;
	struct str name = project_text(p, b->name);
	*out = (struct registry){
		.kind = maker->kind,
		.identity = arena_printf(scratch, "%.*s:%.*s.session",
	                                 STR_ARG(project_module(p, t.module)->path), STR_ARG(name)),
		.name = arena_printf(scratch, "%.*s.session", STR_ARG(name)),
		.module = t.module,
		.span = b->span,
		.thread_local_scope = true,
		.managed = true,
	};
	return true;
}

/* ---- query properties --------------------------------------------------------------------- */

static bool property_of(const struct query_properties *all, struct str attribute,
                        const struct target *t, struct registry *out)
{
	for (uint32_t i = 0; all != NULL && i < all->count; i++) {
		const struct query_property *q = &all->items[i];
		bool same = t->kind == TARGET_SCOPE
		                    ? q->scope == t->scope
		                    : q->scope == SCOPE_NONE && q->binding == t->binding;
		if (q->module != t->module || !same || !str_eq(q->attribute, attribute))
			continue;
		*out = q->registry;
		out->queried = true;
		return true;
	}
	return false;
}

/* Base = declarative_base(cls=Queried): the class that it is made from. */
static struct target base_of_base(struct arena *scratch, const struct project *p,
                                  const struct target *base)
{
	const struct module *m = project_module(p, base->module);
	const struct binding *b = &m->bindings[base->binding];
	const struct target none = {.kind = TARGET_UNKNOWN};
	if (b->value == EXPR_NONE || m->exprs[b->value].kind != EXPR_CALL)
		return none;
	for (expr_id e = b->value + 1; e < m->exprs[b->value].next; e = m->exprs[e].next)
		if (m->exprs[e].kind == EXPR_KEYWORD &&
		    str_is(project_text(p, m->exprs[e].text), "cls"))
			return resolve_expr(scratch, p, base->module, b->scope, e + 1);
	return none;
}

static bool class_property(struct arena *scratch, const struct program *program,
                           const struct target *class_, struct str attribute, struct registry *out,
                           unsigned depth)
{
	const struct project *p = program->project;
	const struct module *m = project_module(p, class_->module);
	const struct scope *s = &m->scopes[class_->scope];
	if (property_of(program->query_properties, attribute, class_, out))
		return true;
	for (uint32_t i = 0; depth < BASES_MAX && i < s->base_count; i++) {
		const struct expr *base = &m->exprs[m->bases[s->first_base + i]];
		struct target t = resolve_expr(scratch, p, class_->module, s->parent,
		                               m->bases[s->first_base + i]);
		struct str path = base->kind == EXPR_NAME ? project_text(p, base->text) : STR_EMPTY;
		if (str_is(attribute, "query") && str_ends(path, STR(".Model")) &&
		    owner_at(scratch, program, class_->module, s->parent,
		             str_slice(path, 0, path.len - strlen(".Model")), out)) {
			out->queried = true;
			return true;
		}
		bool found = t.kind == TARGET_BINDING &&
		             property_of(program->query_properties, attribute, &t, out);
		struct target above = t.kind == TARGET_BINDING ? base_of_base(scratch, p, &t) : t;
		found = found ||
		        (above.kind == TARGET_SCOPE &&
		         project_scope(p, above.module, above.scope)->kind == SCOPE_CLASS &&
		         class_property(scratch, program, &above, attribute, out, depth + 1));
		if (found)
			return true;
	}
	return false;
}

bool registry_of_class(struct arena *scratch, const struct program *program, module_id m,
                       scope_id class_, struct str attribute, struct registry *out)
{
	struct target t = {.kind = TARGET_SCOPE, .module = m, .scope = class_};
	return class_property(scratch, program, &t, attribute, out, 0);
}

/* ---- names ------------------------------------------------------------------------------------ */

/* "Session" of a module, "Store.Session" of a class in it. */
static struct str name_of_binding(struct arena *scratch, const struct project *p,
                                  const struct target *t)
{
	const struct module *m = project_module(p, t->module);
	const struct scope *owner = &m->scopes[m->bindings[t->binding].scope];
	return owner->kind != SCOPE_CLASS
	               ? t->dotted
	               : dotted_under(scratch, project_text(p, owner->name), t->dotted);
}

bool registry_of_target(struct arena *scratch, const struct program *program, struct target t,
                        struct registry *out)
{
	const struct project *p = program->project;
	struct thing thing = thing_of(scratch, program, &t);
	if (thing.kind != THING_REGISTRY)
		return false;
	*out = (struct registry){
		.kind = thing.resource,
		.identity = t.dotted,
		.name = dotted_last(t.dotted),
		.module = MODULE_NONE,
		.thread_local_scope = !thing.has_scopefunc,
		.by_name = thing.by_name,
	};
	if (t.kind != TARGET_BINDING)
		return true;
	struct str name = name_of_binding(scratch, p, &t);
	out->identity = arena_printf(scratch, "%.*s:%.*s",
	                             STR_ARG(project_module(p, t.module)->path), STR_ARG(name));
	out->module = t.module;
	out->span = project_module(p, t.module)->bindings[t.binding].span;
	return true;
}

bool registry_at(struct arena *scratch, const struct program *program, module_id m, scope_id scope,
                 struct str path, struct registry *out)
{
	const struct project *p = program->project;
	if (path.len == 0)
		return false;
	struct target t = resolve(scratch, p, m, scope, path);
	if (registry_of_target(scratch, program, t, out))
		return true;
	struct str last = dotted_last(path);
	if (last.len == path.len || t.kind == TARGET_SCOPE)
		return false;
	struct str before = str_slice(path, 0, path.len - last.len - 1);
	if (str_is(last, "session"))
		return owner_at(scratch, program, m, scope, before, out);
	if (program->query_properties == NULL)
		return false;
	struct target owner = resolve(scratch, p, m, scope, before);
	return target_is_class(p, &owner) && class_property(scratch, program, &owner, last, out, 0);
}

/* ---- finding query properties -------------------------------------------------------------------- */

static void add_property(struct arena *run, struct query_properties *all, struct query_property one)
{
	if (all->count == all->room) {
		all->room = all->room == 0 ? 8 : all->room * 2;
		struct query_property *grown = arena_array(run, struct query_property, all->room);
		if (all->count > 0)
			memcpy(grown, all->items, all->count * sizeof *grown);
		all->items = grown;
	}
	one.attribute = arena_str(run, one.attribute);
	one.registry.identity = arena_str(run, one.registry.identity);
	one.registry.name = arena_str(run, one.registry.name);
	all->items[all->count++] = one;
}

static struct str call_receiver(const struct project *p, const struct cfg *cfg,
                                const struct event *e, struct arena *scratch)
{
	if (ref_kind(e->a) != REF_KIND_PLACE)
		return STR_EMPTY;
	const struct place *place = &cfg->places[ref_index(e->a)];
	struct str path = project_text(p, place->root);
	for (unsigned i = 0; i < place->step_count; i++)
		path = dotted_under(scratch, path, project_text(p, place->steps[i].name));
	return path;
}

/* Base.query = REGISTRY.query_property() in a module's or function's body. */
static void read_assigned(struct arena *run, struct arena *scratch, const struct program *program,
                          module_id m, scope_id scope, const struct cfg *cfg, name_id maker,
                          struct query_properties *all)
{
	const struct project *p = program->project;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    ref_kind(e->b) != REF_KIND_TEMP)
			continue;
		const struct event *made = &cfg->events[ref_index(e->b)];
		const struct place *to = &cfg->places[ref_index(e->a)];
		struct query_property q = {.scope = SCOPE_NONE};
		if (made->kind != EV_CALL || made->name != maker || to->step_count != 1 ||
		    !registry_at(scratch, program, m, scope, call_receiver(p, cfg, made, scratch),
		                 &q.registry))
			continue;
		struct target t = resolve(scratch, p, m, scope, project_text(p, to->root));
		if (t.kind != TARGET_BINDING && t.kind != TARGET_SCOPE)
			continue;
		q.attribute = project_text(p, to->steps[0].name);
		q.module = t.module;
		if (t.kind == TARGET_SCOPE)
			q.scope = t.scope;
		else
			q.binding = t.binding;
		add_property(run, all, q);
	}
}

/* class Base: query = REGISTRY.query_property() */
static void read_declared(struct arena *run, struct arena *scratch, const struct program *program,
                          module_id m, struct query_properties *all)
{
	const struct project *p = program->project;
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *b = &module->bindings[i];
		if (b->value == EXPR_NONE || module->scopes[b->scope].kind != SCOPE_CLASS ||
		    module->exprs[b->value].kind != EXPR_CALL ||
		    module->exprs[b->value + 1].kind != EXPR_NAME)
			continue;
		struct str callee = project_text(p, module->exprs[b->value + 1].text);
		struct query_property q = {
			.attribute = project_text(p, b->name), .module = m, .scope = b->scope};
		if (str_ends(callee, STR(".query_property")) &&
		    registry_at(scratch, program, m, b->scope,
		                str_slice(callee, 0, callee.len - strlen(".query_property")),
		                &q.registry))
			add_property(run, all, q);
	}
}

const struct query_properties *query_properties_find(struct arena *run,
                                                     const struct program *program)
{
	const struct project *p = program->project;
	name_id maker = intern_find(p->names, STR("query_property"));
	struct query_properties *all = arena_new(run, struct query_properties);
	struct arena scratch;
	if (maker == NAME_NONE)
		return all;
	arena_init(&scratch);
	for (module_id m = 0; m < p->module_count; m++) {
		const struct module *module = project_module(p, m);
		read_declared(run, &scratch, program, m, all);
		for (scope_id s = 0; s < module->scope_count; s++) {
			struct cfg cfg;
			if (module->scopes[s].kind != SCOPE_CLASS &&
			    record_cfg(&scratch, &p->modules[m].loaded, s, &cfg))
				read_assigned(run, &scratch, program, m, s, &cfg, maker, all);
			arena_clear(&scratch);
		}
	}
	arena_release(&scratch);
	return all;
}
