/*
 * stored_use.c - see stored_use.h. Functions are read as text says, without their paths: one that ends what is kept
 * somewhere, or hands it on, is not accused.
 */
#include "stored_use.h"

#include "program/makings.h"

#define LIVES_DEPTH_MAX 2 /* objects kept by objects */
#define MAKINGS_MAX 64    /* assignments that are looked at for one class */

static bool has_root(const struct place *p, const struct stored_name *name)
{
	bool kind = name->of_module ? p->root_kind == PLACE_GLOBAL
	                            : p->root_kind == PLACE_LOCAL || p->root_kind == PLACE_FREE;
	return kind && p->root == name->root;
}

bool stored_is(const struct cfg *cfg, ref r, const struct stored_name *name)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return false;
	const struct place *p = &cfg->places[ref_index(r)];
	if (!has_root(p, name))
		return false;
	return name->attribute == NAME_NONE
	               ? p->step_count == 0
	               : p->step_count == 1 && p->steps[0].name == name->attribute;
}

/* self.METHOD(), or FUNCTION() beside a name of the module. */
static name_id called_beside(const struct cfg *cfg, const struct event *e,
                             const struct stored_name *name)
{
	if (ref_kind(e->a) != REF_KIND_PLACE)
		return NAME_NONE;
	const struct place *p = &cfg->places[ref_index(e->a)];
	if (name->of_module)
		return p->root_kind == PLACE_GLOBAL && p->step_count == 0 && e->name == NAME_NONE
		               ? p->root
		               : NAME_NONE;
	return has_root(p, name) && p->step_count == 0 ? e->name : NAME_NONE;
}

static void add_call_on_it(const struct project *p, const struct event *e,
                           const struct resource_kind *kind, struct stored_use *use)
{
	struct str method = project_text(p, e->name);
	enum operation does = kind_effect(kind, method).normal;
	use->handed |= method.len == 0;
	use->closes |= does == DO_CLOSE;
	use->ends |= operation_ends(does) || str_is(method, "begin");
	if ((does == DO_STATEMENT || does == DO_FLUSH) &&
	    (use->first == NULL || e->span.start < use->first->span.start))
		use->first = e;
}

static void add_event(const struct project *p, const struct cfg *cfg, const struct event *e,
                      const struct stored_name *name, const struct resource_kind *kind,
                      struct stored_use *use)
{
	bool on_it = stored_is(cfg, e->a, name);
	for (uint32_t i = 0; i < e->arg_count; i++)
		use->handed |= stored_is(cfg, cfg->args[e->first_arg + i].value, name);
	switch (e->kind) {
	case EV_CALL:
		if (on_it)
			add_call_on_it(p, e, kind, use);
		else if (called_beside(cfg, e, name) != NAME_NONE &&
		         use->called_count < STORED_CALLS_MAX)
			use->called[use->called_count++] = called_beside(cfg, e, name);
		break;
	case EV_ASSIGN: use->handed |= stored_is(cfg, e->b, name); break;
	case EV_TEST:
	case EV_COMPARE: use->asked |= on_it; break;
	case EV_ENTER: use->ends |= on_it; break;
	case EV_RETURN:
	case EV_YIELD:
	case EV_ATTR: use->handed |= on_it; break;
	default: break;
	}
}

bool stored_use_add(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                    const struct stored_name *name, const struct resource_kind *kind,
                    struct stored_use *use)
{
	struct cfg *cfg = arena_new(scratch, struct cfg);
	if (!record_cfg(scratch, &p->modules[m].loaded, scope, cfg))
		return false;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		add_event(p, cfg, &cfg->events[i], name, kind, use);
	return true;
}

bool stored_use_is_open(const struct stored_use *use)
{
	return use->first != NULL && !use->ends && !use->handed;
}

/* ---- classes --------------------------------------------------------------------------- */

scope_id class_end(const struct module *m, scope_id class_)
{
	scope_id end = class_ + 1;
	while (end < m->scope_count && m->scopes[end].span.start < m->scopes[class_].span.end)
		end++;
	return end;
}

scope_id method_around(const struct module *m, scope_id s, scope_id class_)
{
	while (s != SCOPE_NONE && m->scopes[s].parent != class_)
		s = m->scopes[s].parent;
	return s;
}

/* ---- who lives long ---------------------------------------------------------------- */

static bool lives_long(struct arena *scratch, const struct program *program, module_id m,
                       scope_id class_, unsigned depth, struct stored_object *where);

/* What keeps it: a module, a class, or an object that lives long itself. */
static bool keeps_long(struct arena *scratch, const struct program *program, module_id m,
                       const struct binding *b, unsigned depth, struct stored_object *where)
{
	const struct project *p = program->project;
	struct stored_object outer;
	if (project_scope(p, m, b->scope)->kind == SCOPE_MODULE) {
		*where = (struct stored_object){m, b->name};
		return !module_is_script(program, m);
	}
	*where = (struct stored_object){m, NAME_NONE};
	if (project_scope(p, m, b->scope)->kind != SCOPE_CLASS)
		return false;
	return b->from == b->scope || lives_long(scratch, program, m, b->scope, depth + 1, &outer);
}

static bool lives_long(struct arena *scratch, const struct program *program, module_id m,
                       scope_id class_, unsigned depth, struct stored_object *where)
{
	const struct project *p = program->project;
	uint32_t count;
	const struct making *all = makings_of(program, project_scope(p, m, class_)->name, &count);
	for (uint32_t i = 0; i < count && i < MAKINGS_MAX && depth < LIVES_DEPTH_MAX; i++) {
		module_id from = all[i].module;
		const struct binding *b = &project_module(p, from)->bindings[all[i].binding];
		struct target t = resolve_expr(scratch, p, from, b->from, b->value + 1);
		if (t.kind == TARGET_SCOPE && t.module == m && t.scope == class_ &&
		    keeps_long(scratch, program, from, b, depth, where))
			return true;
	}
	return false;
}

bool class_lives_long(struct arena *scratch, const struct program *program, module_id m,
                      scope_id class_, struct stored_object *where)
{
	return lives_long(scratch, program, m, class_, 0, where);
}

bool module_sees(struct arena *scratch, const struct project *p, module_id m, module_id home,
                 name_id name)
{
	const struct symbol *s = project_symbol(p, m, 0, name);
	if (s == NULL || m == home)
		return s != NULL;
	if (s->kind != SYMBOL_IMPORT)
		return false;
	struct target t = resolve(scratch, p, m, 0, project_text(p, name));
	return t.kind == TARGET_BINDING && t.module == home &&
	       project_module(p, home)->bindings[t.binding].name == name;
}
