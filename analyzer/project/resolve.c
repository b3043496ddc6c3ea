/*
 * resolve.c - one name, part by part: the first part is looked up in the
 * scopes around the place, each further part in what the last one was.
 */
#include "project/resolve.h"

struct resolver {
	struct arena *scratch;
	const struct project *project;
	unsigned hops; /* left */
};

static struct target resolve_in(struct resolver *r, module_id m, scope_id scope, struct str dotted);

struct str dotted_last(struct str dotted)
{
	for (size_t i = dotted.len; i > 0; i--)
		if (dotted.ptr[i - 1] == '.')
			return str_slice(dotted, i, dotted.len);
	return dotted;
}

static struct str first_part(struct str dotted, struct str *rest)
{
	const char *dot = dotted.len == 0 ? NULL : memchr(dotted.ptr, '.', dotted.len);
	if (dot == NULL) {
		*rest = STR_EMPTY;
		return dotted;
	}
	size_t n = (size_t)(dot - dotted.ptr);
	*rest = str_slice(dotted, n + 1, dotted.len);
	return str_slice(dotted, 0, n);
}

static struct str join(struct resolver *r, struct str a, struct str b)
{
	if (a.len == 0 || b.len == 0)
		return a.len == 0 ? b : a;
	return arena_printf(r->scratch, "%.*s.%.*s", STR_ARG(a), STR_ARG(b));
}

static struct target external(struct str dotted)
{
	return (struct target){.kind = TARGET_EXTERNAL, .dotted = dotted};
}

static struct target unknown(struct str dotted)
{
	return (struct target){.kind = TARGET_UNKNOWN, .dotted = dotted};
}

/* ---- imports --------------------------------------------------------------- */

/* ".db" and "..core.db" seen from module 'm', as an absolute dotted path. */
static struct str absolute_module(struct resolver *r, module_id m, struct str written)
{
	const struct project_module *pm = &r->project->modules[m];
	size_t dots = 0;
	while (dots < written.len && written.ptr[dots] == '.')
		dots++;
	if (dots == 0)
		return written;
	struct str package = pm->dotted;
	for (size_t up = pm->is_package ? 1 : 0; up < dots; up++) {
		struct str last = dotted_last(package);
		package.len = last.len == package.len ? 0 : package.len - last.len - 1;
	}
	return join(r, package, str_slice(written, dots, written.len));
}

/* 'rest' read from inside module 'm', or the module itself when nothing is left. */
static struct target in_module(struct resolver *r, module_id m, struct str rest)
{
	if (rest.len == 0)
		return (struct target){
			.kind = TARGET_MODULE, .module = m, .dotted = r->project->modules[m].dotted};
	return resolve_in(r, m, 0, rest);
}

/* The longest leading part of 'dotted' that is a module of the project; the rest is read in it. */
static struct target absolute(struct resolver *r, module_id from, struct str dotted)
{
	struct str head = dotted;
	for (;;) {
		module_id m = project_find_module(r->project, from, head);
		if (m != MODULE_NONE && m != from) {
			struct str rest = head.len == dotted.len
			                          ? STR_EMPTY
			                          : str_slice(dotted, head.len + 1, dotted.len);
			struct target t = in_module(r, m, rest);
			return t.kind == TARGET_UNKNOWN ? external(dotted) : t;
		}
		struct str last = dotted_last(head);
		if (last.len == head.len)
			return external(dotted);
		head.len -= last.len + 1;
	}
}

static struct target through_import(struct resolver *r, module_id m, const struct import *import,
                                    struct str rest)
{
	const struct project *p = r->project;
	struct str module = absolute_module(r, m, project_text(p, import->module));
	if (import->name == NAME_NONE) {
		/* `import a.b` binds a, `import a.b as c` binds a.b */
		struct str after, first = first_part(module, &after);
		bool aliased = !str_eq(project_text(p, import->alias), first);
		return absolute(r, m, join(r, aliased ? module : first, rest));
	}
	return absolute(r, m, join(r, join(r, module, project_text(p, import->name)), rest));
}

static struct target through_stars(struct resolver *r, module_id m, struct str dotted)
{
	const struct module *module = project_module(r->project, m);
	name_id star = intern_find(r->project->names, STR("*"));
	for (uint32_t i = 0; star != NAME_NONE && i < module->import_count; i++) {
		const struct import *import = &module->imports[i];
		if (import->name != star || import->scope != 0)
			continue;
		module_id from = project_find_module(
			r->project, m,
			absolute_module(r, m, project_text(r->project, import->module)));
		if (from == MODULE_NONE || from == m)
			continue;
		struct target t = resolve_in(r, from, 0, dotted);
		if (t.kind != TARGET_UNKNOWN)
			return t;
	}
	return unknown(dotted);
}

/* ---- scopes ----------------------------------------------------------------- */

static struct target in_scope_target(struct resolver *r, module_id m, scope_id scope,
                                     struct str name, struct str rest)
{
	const struct project *p = r->project;
	if (rest.len == 0)
		return (struct target){
			.kind = TARGET_SCOPE, .module = m, .scope = scope, .dotted = name};
	if (project_scope(p, m, scope)->kind != SCOPE_CLASS)
		return unknown(rest);
	struct str after, part = first_part(rest, &after);
	const struct symbol *s = project_symbol(p, m, scope, intern_find(p->names, part));
	if (s == NULL || s->kind == SYMBOL_IMPORT)
		return unknown(rest);
	if (s->kind == SYMBOL_SCOPE)
		return in_scope_target(r, m, s->index, part, after);
	return after.len > 0 ? unknown(rest)
	                     : (struct target){.kind = TARGET_BINDING,
	                                       .module = m,
	                                       .scope = scope,
	                                       .binding = s->index,
	                                       .dotted = part};
}

static struct target in_class(struct resolver *r, module_id m, scope_id class_, struct str rest)
{
	const struct module *module = project_module(r->project, m);
	const struct scope *s = &module->scopes[class_];
	struct target t = in_scope_target(r, m, class_, STR_EMPTY, rest);
	for (uint32_t i = 0; i < s->base_count && t.kind == TARGET_UNKNOWN && r->hops > 0; i++) {
		const struct expr *base = &module->exprs[module->bases[s->first_base + i]];
		if (base->kind != EXPR_NAME)
			continue;
		struct target of = resolve_in(r, m, s->parent, project_text(r->project, base->text));
		if (of.kind == TARGET_SCOPE &&
		    project_scope(r->project, of.module, of.scope)->kind == SCOPE_CLASS)
			t = in_class(r, of.module, of.scope, rest);
	}
	return t;
}

/* NAME = Class(...): what is read from the instance is read in the class. */
static struct target in_instance(struct resolver *r, module_id m, const struct binding *b,
                                 struct str whole, struct str rest)
{
	const struct module *module = project_module(r->project, m);
	if (b->value == EXPR_NONE || module->exprs[b->value].kind != EXPR_CALL ||
	    module->exprs[b->value + 1].kind != EXPR_NAME)
		return unknown(whole);
	struct target class_ = resolve_in(
		r, m, b->scope, project_text(r->project, module->exprs[b->value + 1].text));
	if (class_.kind != TARGET_SCOPE ||
	    project_scope(r->project, class_.module, class_.scope)->kind != SCOPE_CLASS)
		return unknown(whole);
	struct target t = in_class(r, class_.module, class_.scope, rest);
	t.on_instance = true;
	return t;
}

/* NAME = OTHER: a plain alias is followed, anything else is the answer. */
static struct target through_binding(struct resolver *r, module_id m, uint32_t index,
                                     struct str name, struct str rest)
{
	const struct module *module = project_module(r->project, m);
	const struct binding *b = &module->bindings[index];
	if (b->value != EXPR_NONE && module->exprs[b->value].kind == EXPR_NAME) {
		struct str other = project_text(r->project, module->exprs[b->value].text);
		if (!str_eq(other, name))
			return resolve_in(r, m, b->scope, join(r, other, rest));
	}
	if (rest.len > 0)
		return in_instance(r, m, b, join(r, name, rest), rest);
	return (struct target){.kind = TARGET_BINDING,
	                       .module = m,
	                       .scope = b->scope,
	                       .binding = index,
	                       .dotted = name};
}

static struct target through_symbol(struct resolver *r, module_id m, const struct symbol *s,
                                    struct str name, struct str rest)
{
	const struct module *module = project_module(r->project, m);
	switch (s->kind) {
	case SYMBOL_SCOPE: return in_scope_target(r, m, s->index, name, rest);
	case SYMBOL_BINDING: return through_binding(r, m, s->index, name, rest);
	case SYMBOL_IMPORT: return through_import(r, m, &module->imports[s->index], rest);
	}
	return unknown(name);
}

static struct target resolve_in(struct resolver *r, module_id m, scope_id scope, struct str dotted)
{
	const struct project *p = r->project;
	if (r->hops == 0)
		return unknown(dotted);
	r->hops--;
	struct str rest, name = first_part(dotted, &rest);
	name_id id = intern_find(p->names, name);
	for (scope_id at = scope; at != SCOPE_NONE && id != NAME_NONE;
	     at = project_scope(p, m, at)->parent) {
		/* a class body's names are not seen from the functions in it */
		if (at != scope && project_scope(p, m, at)->kind == SCOPE_CLASS)
			continue;
		const struct symbol *s = project_symbol(p, m, at, id);
		if (s != NULL)
			return through_symbol(r, m, s, name, rest);
	}
	return through_stars(r, m, dotted);
}

struct target resolve(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                      struct str dotted)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	if (dotted.len == 0)
		return unknown(dotted);
	return resolve_in(&r, m, scope, dotted);
}

struct target resolve_member(struct arena *scratch, const struct project *p, module_id m,
                             scope_id class_, struct str name)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	struct target t = in_class(&r, m, class_, name);
	t.on_instance = true;
	return t;
}

struct target resolve_expr(struct arena *scratch, const struct project *p, module_id m,
                           scope_id scope, expr_id expr)
{
	if (expr == EXPR_NONE)
		return unknown(STR_EMPTY);
	const struct expr *e = &project_module(p, m)->exprs[expr];
	if (e->kind != EXPR_NAME && e->kind != EXPR_TEXT)
		return unknown(STR_EMPTY);
	return resolve(scratch, p, m, scope, project_text(p, e->text));
}

bool target_is(const struct target *t, const char *dotted)
{
	if (t->kind != TARGET_EXTERNAL && t->kind != TARGET_UNKNOWN)
		return false;
	struct str full = str_of(dotted);
	return str_eq(t->dotted, full) ||
	       (t->kind == TARGET_UNKNOWN && str_eq(t->dotted, dotted_last(full)));
}
