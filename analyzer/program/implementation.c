/*
 * implementation.c - classes that declare a method without a body, and the classes below them. Bases are
 * resolved only where a name says that it may be one of those, because most classes of a project have nothing to do with it.
 */
#include "program/implementation.h"

#include "project/def.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

#define BASES_DEPTH_MAX 4 /* classes below classes below the one that declares */

struct finder {
	struct arena *scratch;
	const struct project *project;
	bool *declares; /* per name: some class of that name, or one above it, has a stub */
	struct implementation *found; /* stb_ds */
};

static bool is_method(const struct module *m, scope_id s)
{
	return m->scopes[s].kind == SCOPE_FUNCTION && m->scopes[s].parent != SCOPE_NONE &&
	       m->scopes[m->scopes[s].parent].kind == SCOPE_CLASS;
}

/* __init__ and its like are called by their class's own name. */
static bool is_special(struct str name)
{
	return str_starts(name, STR("__"));
}

static void mark_declaring(struct finder *f)
{
	for (module_id m = 0; m < f->project->module_count; m++) {
		const struct module *module = project_module(f->project, m);
		for (scope_id s = 1; s < module->scope_count; s++)
			if (is_method(module, s) && (module->scopes[s].flags & SCOPE_STUB) != 0 &&
			    !is_special(project_text(f->project, module->scopes[s].name)))
				f->declares[module->scopes[module->scopes[s].parent].name] = true;
	}
}

static bool may_declare(const struct finder *f, const struct module *m, expr_id base)
{
	if (m->exprs[base].kind != EXPR_NAME)
		return false;
	name_id last = intern_find(f->project->names,
	                           dotted_last(project_text(f->project, m->exprs[base].text)));
	return last != NAME_NONE && f->declares[last];
}

/* Classes below those that are marked; true when there were some more. */
static bool mark_below(struct finder *f)
{
	bool grew = false;
	for (module_id m = 0; m < f->project->module_count; m++) {
		const struct module *module = project_module(f->project, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			const struct scope *class_ = &module->scopes[s];
			for (uint32_t i = 0; class_->kind == SCOPE_CLASS &&
			                     !f->declares[class_->name] && i < class_->base_count;
			     i++)
				if (may_declare(f, module, module->bases[class_->first_base + i]))
					grew = f->declares[class_->name] = true;
		}
	}
	return grew;
}

/* The stub of that name in the class's own body, or SCOPE_NONE. */
static scope_id stub_in(const struct project *p, module_id m, scope_id class_, name_id name)
{
	const struct symbol *s = project_symbol(p, m, class_, name);
	bool stub = s != NULL && s->kind == SYMBOL_SCOPE &&
	            project_scope(p, m, s->index)->kind == SCOPE_FUNCTION &&
	            (project_scope(p, m, s->index)->flags & SCOPE_STUB) != 0;
	return stub ? s->index : SCOPE_NONE;
}

/* Names above 'class_' that declare the method which (m, method) implements. */
static void note_above(struct finder *f, module_id m, scope_id method, module_id at,
                       scope_id class_, unsigned depth)
{
	const struct module *module = project_module(f->project, at);
	const struct scope *s = &module->scopes[class_];
	name_id name = project_scope(f->project, m, method)->name;
	for (uint32_t i = 0; depth > 0 && i < s->base_count; i++) {
		expr_id base = module->bases[s->first_base + i];
		if (!may_declare(f, module, base))
			continue;
		struct target t = resolve_expr(f->scratch, f->project, at, s->parent, base);
		if (t.kind != TARGET_SCOPE ||
		    project_scope(f->project, t.module, t.scope)->kind != SCOPE_CLASS)
			continue;
		scope_id stub = stub_in(f->project, t.module, t.scope, name);
		if (stub != SCOPE_NONE)
			arrput(f->found,
			       ((struct implementation){scope_key(t.module, stub), m, method}));
		note_above(f, m, method, t.module, t.scope, depth - 1);
	}
}

static void read_module(struct finder *f, module_id m)
{
	const struct module *module = project_module(f->project, m);
	for (scope_id s = 1; s < module->scope_count; s++) {
		const struct scope *method = &module->scopes[s];
		if (!is_method(module, s) || (method->flags & SCOPE_STUB) != 0 ||
		    module->scopes[method->parent].base_count == 0 ||
		    is_special(project_text(f->project, method->name)))
			continue;
		note_above(f, m, s, m, method->parent, BASES_DEPTH_MAX);
	}
	arena_clear(f->scratch);
}

static int by_declared(const void *a, const void *b)
{
	const struct implementation *x = a, *y = b;
	if (x->declared != y->declared)
		return x->declared < y->declared ? -1 : 1;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	return number_cmp(x->scope, y->scope);
}

struct implementations implementations_find(struct arena *run, const struct project *p)
{
	struct arena scratch, names;
	struct finder f = {.scratch = &scratch, .project = p};
	arena_init(&scratch);
	arena_init(&names);
	f.declares = arena_array(&names, bool, intern_count(p->names) + 1);
	mark_declaring(&f);
	for (unsigned i = 0; i < BASES_DEPTH_MAX && mark_below(&f); i++)
		;
	for (module_id m = 0; m < p->module_count; m++)
		read_module(&f, m);
	size_t count = arrlenu(f.found);
	struct implementation *items = arena_array(run, struct implementation, count);
	if (count > 0) {
		memcpy(items, f.found, count * sizeof *items);
		qsort(items, count, sizeof *items, by_declared);
	}
	arrfree(f.found);
	arena_release(&names);
	arena_release(&scratch);
	return (struct implementations){items, count};
}

const struct implementation *implementations_of(const struct implementations *all, module_id m,
                                                scope_id scope, size_t *count)
{
	uint64_t declared = scope_key(m, scope);
	size_t low = 0, high = all->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (all->items[middle].declared < declared)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < all->count && all->items[low + *count].declared == declared)
		++*count;
	if (*count > IMPLEMENTATIONS_MAX)
		*count = 0;
	return all->items + low;
}

bool implementation_is_due(const struct project *p, module_id m, scope_id scope)
{
	static const char *const marks[] = {"abstractmethod", "abstractclassmethod",
	                                    "abstractstaticmethod"};
	const struct module *module = project_module(p, m);
	const struct scope *class_ = &module->scopes[module->scopes[scope].parent];
	if (def_has_decorator(p, m, scope, marks, ARRAY_LEN(marks)))
		return true;
	for (uint32_t i = 0; i < class_->base_count; i++) {
		const struct expr *base = &module->exprs[module->bases[class_->first_base + i]];
		if (base->kind == EXPR_NAME &&
		    str_is(dotted_last(project_text(p, base->text)), "Protocol"))
			return true;
	}
	return false;
}
