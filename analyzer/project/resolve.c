/*
 * resolve.c - one name, part by part: the first part is looked up in the
 * scopes around the place, each further part in what the last one was.
 */
#include "project/answers.h"
#include "project/def.h"
#include "project/resolve_internal.h"

struct str dotted_last(struct str dotted)
{
	for (size_t i = dotted.len; i > 0; i--)
		if (dotted.ptr[i - 1] == '.')
			return str_slice(dotted, i, dotted.len);
	return dotted;
}

struct str dotted_first(struct str dotted, struct str *rest)
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

struct str dotted_under(struct arena *scratch, struct str path, struct str name)
{
	size_t len = path.len + 1 + name.len;
	char *text = arena_array(scratch, char, len + 1);
	if (path.len > 0)
		memcpy(text, path.ptr, path.len);
	text[path.len] = '.';
	if (name.len > 0)
		memcpy(text + path.len + 1, name.ptr, name.len);
	return (struct str){text, len};
}

struct str dotted_join(struct arena *scratch, struct str a, struct str b)
{
	if (a.len == 0 || b.len == 0)
		return a.len == 0 ? b : a;
	return dotted_under(scratch, a, b);
}

static struct target external(struct str dotted)
{
	return (struct target){.kind = TARGET_EXTERNAL, .dotted = dotted};
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
	return dotted_join(r->scratch, package, str_slice(written, dots, written.len));
}

static bool contains(struct str text, struct str part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
			return true;
	return false;
}

/*
 * A module's __getattr__ (PEP 562) makes its singletons when they are first asked for, and keeps each in a
 * global: the only one, or the one whose name has the asked name in it.
 */
static struct target through_getattr(struct resolver *r, module_id m, struct str name,
                                     struct str rest)
{
	const struct project *p = r->project;
	const struct module *module = project_module(p, m);
	const struct symbol *maker = project_symbol(p, m, 0,
	                                            intern_find(p->names, STR("__getattr__")));
	uint32_t found = UINT32_MAX, count = 0;
	bool named = false;
	if (maker == NULL || maker->kind != SYMBOL_SCOPE)
		return target_unknown(dotted_join(r->scratch, name, rest));
	for (uint32_t i = 0; i < module->binding_count && !named; i++) {
		const struct binding *b = &module->bindings[i];
		if (b->from != maker->index || b->scope != 0)
			continue;
		named = contains(project_text(p, b->name), name);
		found = i;
		count++;
	}
	return named || count == 1 ? resolve_through_binding(r, m, found, name, rest)
	                           : target_unknown(dotted_join(r->scratch, name, rest));
}

/* 'rest' read from inside module 'm', or the module itself when nothing is left. */
static struct target in_module(struct resolver *r, module_id m, struct str rest)
{
	if (rest.len == 0)
		return (struct target){
			.kind = TARGET_MODULE, .module = m, .dotted = r->project->modules[m].dotted};
	struct target t = resolve_in(r, m, 0, rest);
	struct str after, name = dotted_first(rest, &after);
	return t.kind == TARGET_UNKNOWN ? through_getattr(r, m, name, after) : t;
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
		struct str after, first = dotted_first(module, &after);
		bool aliased = !str_eq(project_text(p, import->alias), first);
		return absolute(r, m, dotted_join(r->scratch, aliased ? module : first, rest));
	}
	module = dotted_join(r->scratch, module, project_text(p, import->name));
	return absolute(r, m, dotted_join(r->scratch, module, rest));
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
	return target_unknown(dotted);
}

/* ---- scopes ----------------------------------------------------------------- */

/* A def or class; what follows its name is read in the class, or in the object that a property returns. */
struct target resolve_in_scope(struct resolver *r, module_id m, scope_id scope, struct str name,
                               struct str rest)
{
	if (rest.len == 0)
		return (struct target){
			.kind = TARGET_SCOPE, .module = m, .scope = scope, .dotted = name};
	return project_scope(r->project, m, scope)->kind == SCOPE_CLASS
	               ? resolve_in_class(r, m, scope, rest)
	               : target_unknown(rest);
}

/* What a name of the binding's own scope meant before it: of `f = logged(f)` the def. */
static struct target before_binding(struct resolver *r, module_id m, const struct binding *b)
{
	uint32_t count;
	const struct symbol *all = project_symbols(r->project, m, b->scope, b->name, &count);
	for (uint32_t i = count; i > 0; i--)
		if (all[i - 1].kind == SYMBOL_SCOPE)
			return resolve_in_scope(r, m, all[i - 1].index,
			                        project_text(r->project, b->name), STR_EMPTY);
	return target_unknown(project_text(r->project, b->name));
}

/* NAME = logged(OTHER): what a decorator wraps is looked through, as where it stands above a def. */
static struct target through_wrapper(struct resolver *r, module_id m, const struct binding *b)
{
	const struct expr *exprs = project_module(r->project, m)->exprs;
	struct target none = target_unknown(STR_EMPTY);
	if (exprs[b->value].kind != EXPR_CALL || exprs[b->value + 1].kind != EXPR_NAME)
		return none;
	expr_id given = exprs[b->value + 1].next, end = exprs[b->value].next;
	if (given >= end || exprs[given].kind != EXPR_NAME)
		return none;
	struct target callee = resolve_in(r, m, b->from,
	                                  project_text(r->project, exprs[b->value + 1].text));
	if (callee.kind != TARGET_SCOPE ||
	    def_wrapped_param(r->project, callee.module, callee.scope) != 0)
		return none;
	return exprs[given].text == b->name && b->from == b->scope
	               ? before_binding(r, m, b)
	               : resolve_in(r, m, b->from, project_text(r->project, exprs[given].text));
}

/* NAME = OTHER: a plain alias is followed, anything else is the answer. */
struct target resolve_through_binding(struct resolver *r, module_id m, uint32_t index,
                                      struct str name, struct str rest)
{
	const struct module *module = project_module(r->project, m);
	const struct binding *b = &module->bindings[index];
	struct target self = {.kind = TARGET_BINDING,
	                      .module = m,
	                      .scope = b->scope,
	                      .binding = index,
	                      .dotted = name};
	if (b->value != EXPR_NONE && module->exprs[b->value].kind == EXPR_NAME) {
		struct str other = project_text(r->project, module->exprs[b->value].text);
		struct target t = str_eq(other, name) && b->from == b->scope
		                          ? target_unknown(other)
		                          : resolve_in(r, m, b->from,
		                                       dotted_join(r->scratch, other, rest));
		if (t.kind != TARGET_UNKNOWN || b->annotation == EXPR_NONE)
			return t;
	}
	if (rest.len > 0)
		return resolve_in_object(r, &self, rest);
	struct target wrapped = b->value != EXPR_NONE ? through_wrapper(r, m, b)
	                                              : target_unknown(STR_EMPTY);
	return wrapped.kind == TARGET_SCOPE ? wrapped : self;
}

static struct target through_symbol(struct resolver *r, module_id m, const struct symbol *s,
                                    struct str name, struct str rest)
{
	const struct module *module = project_module(r->project, m);
	switch (s->kind) {
	case SYMBOL_SCOPE: return resolve_in_scope(r, m, s->index, name, rest);
	case SYMBOL_BINDING: return resolve_through_binding(r, m, s->index, name, rest);
	case SYMBOL_IMPORT: return through_import(r, m, &module->imports[s->index], rest);
	}
	return target_unknown(name);
}

static bool is_outside(const struct target *t)
{
	return t->kind == TARGET_EXTERNAL || t->kind == TARGET_UNKNOWN;
}

#define ALTERNATIVES_MAX 4 /* imports of one name, of which one is made when the program starts */

/* Is it an import below try or if? */
static bool is_conditional(const struct project_module *pm, const struct symbol *s)
{
	return s->kind == SYMBOL_IMPORT &&
	       (pm->loaded.module.imports[s->index].flags & IMPORT_CONDITIONAL) != 0;
}

/*
 * The last of a scope's bindings of a name. Of imports below try or if the last that the project has: which
 * is made is decided elsewhere, and what is not there says nothing.
 */
static struct target through_symbols(struct resolver *r, module_id m, const struct symbol *last,
                                     struct str name, struct str rest)
{
	const struct project_module *pm = &r->project->modules[m];
	const struct symbol *s = last;
	struct target t = through_symbol(r, m, last, name, rest);
	for (unsigned i = 1;
	     i < ALTERNATIVES_MAX && is_outside(&t) && is_conditional(pm, s) && s > pm->symbols &&
	     s[-1].scope == last->scope && s[-1].name == last->name && is_conditional(pm, s - 1);
	     i++) {
		s--;
		struct target other = through_symbol(r, m, s, name, rest);
		if (!is_outside(&other))
			return other;
	}
	return t;
}

/* A parameter of that name of the function or lambda; what follows it is read in its object. */
static bool through_param(struct resolver *r, module_id m, scope_id scope, struct str name,
                          name_id id, struct str rest, struct target *out)
{
	const struct module *module = project_module(r->project, m);
	const struct scope *s = &module->scopes[scope];
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		if (module->params[i].name != id)
			continue;
		*out = (struct target){.kind = TARGET_PARAM,
		                       .module = m,
		                       .scope = scope,
		                       .binding = i,
		                       .dotted = name};
		if (rest.len > 0)
			*out = resolve_in_object(r, out, rest);
		return true;
	}
	return false;
}

/* A local that is annotated: its graph says what it is. */
static bool is_local_note(const struct project *p, module_id m, const struct symbol *s)
{
	return s->kind == SYMBOL_BINDING && project_scope(p, m, s->scope)->kind == SCOPE_FUNCTION;
}

struct target resolve_in(struct resolver *r, module_id m, scope_id scope, struct str dotted)
{
	const struct project *p = r->project;
	if (r->hops == 0)
		return target_unknown(dotted);
	r->hops--;
	struct str rest, name = dotted_first(dotted, &rest);
	name_id id = intern_find(p->names, name);
	for (scope_id at = scope; at != SCOPE_NONE && id != NAME_NONE;
	     at = project_scope(p, m, at)->parent) {
		/* a class body's names are not seen from the functions in it */
		if (at != scope && project_scope(p, m, at)->kind == SCOPE_CLASS)
			continue;
		const struct symbol *s = project_symbol(p, m, at, id);
		struct target param;
		if (s != NULL && !is_local_note(p, m, s))
			return through_symbols(r, m, s, name, rest);
		if (through_param(r, m, at, name, id, rest, &param))
			return param;
	}
	return through_stars(r, m, dotted);
}

struct target resolve(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                      struct str dotted)
{
	struct resolver r = {scratch, p, RESOLVE_HOPS_MAX};
	struct question q = {.kind = ASKED_NAME, .module = m, .scope = scope, .text = dotted};
	struct target t;
	if (dotted.len == 0)
		return target_unknown(dotted);
	if (answers_find(p->answers, scratch, &q, &t))
		return t;
	t = resolve_in(&r, m, scope, dotted);
	answers_add(p->answers, &q, &t);
	return t;
}

struct target resolve_expr(struct arena *scratch, const struct project *p, module_id m,
                           scope_id scope, expr_id expr)
{
	if (expr == EXPR_NONE)
		return target_unknown(STR_EMPTY);
	const struct expr *e = &project_module(p, m)->exprs[expr];
	if (e->kind != EXPR_NAME && e->kind != EXPR_TEXT)
		return target_unknown(STR_EMPTY);
	return resolve(scratch, p, m, scope, project_text(p, e->text));
}
