/*
 * lent.c - which parameters and attributes are sessions that somebody else owns: by annotation,
 * by an Annotated alias on a plain function, or by a customary name on which calls are made that only sessions
 * have.
 */
#include "program/lent.h"

#include "program/bind.h"
#include "program/lent_within.h"
#include "program/preset.h"
#include "program/provider.h"
#include "program/result.h"
#include "program/scene.h"
#include "project/def.h"

bool is_lent_place(const struct place *p, const struct lent *lent)
{
	if (p->root_kind != lent->root_kind || p->root != lent->root)
		return false;
	unsigned steps = (lent->attribute != NAME_NONE ? 1u : 0u) +
	                 (lent->inner != NAME_NONE ? 1u : 0u);
	if (p->step_count != steps)
		return false;
	for (unsigned i = 0; i < steps; i++)
		if (p->steps[i].kind != (i == 0 ? lent->by : STEP_ATTRIBUTE) ||
		    p->steps[i].name != (i == 0 ? lent->attribute : lent->inner))
			return false;
	return true;
}

bool lent_equal(const struct lent *a, const struct lent *b)
{
	return a->root_kind == b->root_kind && a->root == b->root && a->attribute == b->attribute &&
	       a->inner == b->inner && a->by == b->by;
}

/* ---- parameters ------------------------------------------------------------------------- */

/* Which dependency parameters count as lent: those of an Annotated alias, those with Depends() as default. */
enum { ALIASES = 1 << 0, DEFAULTS = 1 << 1 };

/* The kind of session that a parameter is said to be; NULL for none, or one that is injected. */
static const struct resource_kind *declared_kind(struct arena *scratch,
                                                 const struct program *program, module_id m,
                                                 scope_id scope, const struct param *param,
                                                 unsigned dependencies)
{
	struct dependency dep;
	bool unresolved = false;
	scope_id outer = project_scope(program->project, m, scope)->parent;
	if (outer == SCOPE_NONE || param->kind == PARAM_STAR || param->kind == PARAM_DOUBLE_STAR)
		return NULL;
	if (!dependency_of(scratch, program->project, m, scope, param, &dep))
		return kind_of_annotation(scratch, program, m, outer, param->annotation);
	if ((dependencies & (dep.annotated ? ALIASES : DEFAULTS)) == 0)
		return NULL;
	const struct provider *provider = provider_of_dependency(scratch, program, &dep,
	                                                         &unresolved);
	return provider == NULL ? NULL : provider->kind;
}

static bool is_call_on(const struct cfg *cfg, const struct event *e, name_id root, name_id attribute)
{
	if (e->kind != EV_CALL || e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return false;
	const struct lent lent = {NULL, PLACE_LOCAL, root, attribute, NAME_NONE, STEP_ATTRIBUTE};
	return is_lent_place(&cfg->places[ref_index(e->a)], &lent);
}

#define USE_DEPTH_MAX 2 /* defs that a parameter is handed on to, to see what it is */

static const struct resource_kind *kind_as_param(struct arena *scratch,
                                                 const struct program *program, module_id m,
                                                 scope_id scope, name_id name, unsigned depth);

/* What the calls on the place say it is: a session, when one of them is a session's alone. */
static const struct resource_kind *called_kind(const struct program *program, const struct cfg *cfg,
                                               name_id root)
{
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (!is_call_on(cfg, e, root, NAME_NONE))
			continue;
		const struct maker *telling = protocols_maker(
			program->protocols, project_text(program->project, e->name),
			(e->flags & EVF_AWAITED) ? MAKER_TELLING_AWAIT : MAKER_TELLING);
		if (telling != NULL)
			return telling->kind;
	}
	return NULL;
}

/* What a def of the project that it is handed to, under the same name, takes it for. */
static const struct resource_kind *taken_kind(struct arena *scratch, const struct program *program,
                                              module_id m, scope_id scope, const struct cfg *cfg,
                                              name_id root, unsigned depth)
{
	const struct project *p = program->project;
	struct scene s = scene_of(scratch, program, m, scope, cfg);
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		bool handed = false;
		for (uint32_t k = 0; e->kind == EV_CALL && k < e->arg_count; k++) {
			ref value = cfg->args[e->first_arg + k].value;
			handed |= ref_kind(value) == REF_KIND_PLACE &&
			          cfg->places[ref_index(value)].root == root &&
			          cfg->places[ref_index(value)].step_count == 0;
		}
		struct target t = handed ? callee_of(&s, e)
		                         : (struct target){.kind = TARGET_UNKNOWN};
		if (t.kind != TARGET_SCOPE ||
		    project_scope(p, t.module, t.scope)->kind != SCOPE_FUNCTION)
			continue;
		const struct resource_kind *kind = kind_as_param(scratch, program, t.module,
		                                                 t.scope, root, depth + 1);
		if (kind != NULL)
			return kind;
	}
	return NULL;
}

/* What a parameter with a customary name is by its use; NULL when nothing proves that it is a session. */
static const struct resource_kind *used_kind(struct arena *scratch, const struct program *program,
                                             module_id m, scope_id scope, const struct cfg *cfg,
                                             name_id root, unsigned depth)
{
	struct str name = project_text(program->project, root);
	if (cfg == NULL || depth > USE_DEPTH_MAX ||
	    protocols_maker(program->protocols, name, MAKER_PARAMETER) == NULL)
		return NULL;
	const struct resource_kind *kind = called_kind(program, cfg, root);
	return kind != NULL ? kind : taken_kind(scratch, program, m, scope, cfg, root, depth);
}

/* A plain parameter without annotation, `session` or `session=None`. */
static bool is_bare(const struct project *p, const struct module *module, const struct param *param)
{
	const struct expr *value = param->value == EXPR_NONE ? NULL : &module->exprs[param->value];
	return param->annotation == EXPR_NONE &&
	       (param->kind == PARAM_PLAIN || param->kind == PARAM_KEYWORD_ONLY) &&
	       (value == NULL ||
	        (value->kind == EXPR_CONSTANT && str_is(project_text(p, value->text), "None")));
}

static const struct resource_kind *kind_as_param(struct arena *scratch,
                                                 const struct program *program, module_id m,
                                                 scope_id scope, name_id name, unsigned depth)
{
	const struct module *module = project_module(program->project, m);
	const struct scope *s = &module->scopes[scope];
	struct cfg cfg;
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		const struct param *param = &module->params[i];
		if (param->name != name)
			continue;
		const struct resource_kind *kind = declared_kind(scratch, program, m, scope, param,
		                                                 ALIASES);
		if (kind != NULL || !is_bare(program->project, module, param) ||
		    !record_cfg(scratch, &program->project->modules[m].loaded, scope, &cfg))
			return kind;
		return used_kind(scratch, program, m, scope, &cfg, name, depth);
	}
	return NULL;
}

static uint32_t add_params(struct arena *scratch, const struct program *program, module_id m,
                           scope_id scope, enum entry_kind entry, const struct cfg *cfg,
                           struct lent out[LENT_MAX])
{
	const struct module *module = project_module(program->project, m);
	const struct scope *s = &module->scopes[scope];
	uint32_t count = 0;
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		const struct param *param = &module->params[i];
		const struct resource_kind *kind = declared_kind(scratch, program, m, scope, param,
		                                                 entry == ENTRY_NONE ? ALIASES : 0);
		if (kind == NULL && is_bare(program->project, module, param))
			kind = used_kind(scratch, program, m, scope, cfg, param->name, 0);
		if (kind == NULL && param->annotation == EXPR_NONE && entry == ENTRY_NONE)
			kind = preset_session(scratch, program, m, scope, param);
		if (kind != NULL && count < LENT_MAX)
			out[count++] = (struct lent){kind,      PLACE_LOCAL, param->name,
			                             NAME_NONE, NAME_NONE,   STEP_ATTRIBUTE};
	}
	return count;
}

/* ---- attributes --------------------------------------------------------------------------- */

static const struct resource_kind *kind_of_param(struct arena *scratch,
                                                 const struct program *program,
                                                 const struct target *init, name_id name)
{
	const struct module *module = project_module(program->project, init->module);
	const struct scope *s = &module->scopes[init->scope];
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++)
		if (module->params[i].name == name)
			return declared_kind(scratch, program, init->module, init->scope,
			                     &module->params[i], ALIASES | DEFAULTS);
	return NULL;
}

/* Does some parameter of __init__ say that it is a session? */
static bool takes_session(struct arena *scratch, const struct program *program,
                          const struct target *init)
{
	const struct module *module = project_module(program->project, init->module);
	const struct scope *s = &module->scopes[init->scope];
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++)
		if (declared_kind(scratch, program, init->module, init->scope, &module->params[i],
		                  ALIASES | DEFAULTS) != NULL)
			return true;
	return false;
}

/* self.NAME = parameter, in __init__. */
static uint32_t add_kept(struct arena *scratch, const struct program *program,
                         const struct target *init, struct lent out[LENT_MAX])
{
	struct cfg cfg;
	uint32_t count = 0;
	const struct project *p = program->project;
	name_id self = def_self(p, init->module, init->scope);
	if (self == NAME_NONE || !takes_session(scratch, program, init) ||
	    !record_cfg(scratch, &p->modules[init->module].loaded, init->scope, &cfg))
		return 0;
	for (uint32_t i = 0; i < cfg.event_count && count < LENT_MAX; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE ||
		    ref_kind(e->b) != REF_KIND_PLACE)
			continue;
		const struct place *to = &cfg.places[ref_index(e->a)],
				   *from = &cfg.places[ref_index(e->b)];
		if (to->root != self || to->step_count != 1 || to->steps[0].kind != STEP_ATTRIBUTE ||
		    from->root_kind != PLACE_LOCAL || from->step_count != 0)
			continue;
		const struct resource_kind *kind = kind_of_param(scratch, program, init, from->root);
		if (kind != NULL)
			out[count++] = (struct lent){kind,      PLACE_LOCAL,
			                             self,      to->steps[0].name,
			                             NAME_NONE, STEP_ATTRIBUTE};
	}
	return count;
}

/* What bases keep of it: super().__init__(db). */
static uint32_t add_passed_up(struct arena *scratch, const struct program *program,
                              const struct target *init, struct lent out[LENT_MAX])
{
	uint32_t count = 0;
	name_id self = def_self(program->project, init->module, init->scope);
	if (self == NAME_NONE || !takes_session(scratch, program, init))
		return 0;
	struct result keeps = result_of(program, init->module, init->scope);
	for (uint32_t i = 0; i < keeps.kept_count && count < LENT_MAX; i++) {
		const struct kept_param *k = &keeps.kept[i];
		const struct resource_kind *kind = k->inner != NAME_NONE
		                                           ? NULL
		                                           : kind_of_param(scratch, program, init,
		                                                           k->param);
		if (kind != NULL)
			out[count++] = (struct lent){kind,         PLACE_LOCAL, self,
			                             k->attribute, NAME_NONE,   STEP_ATTRIBUTE};
	}
	return count;
}

/* `session: AsyncSession` in a class body: a dataclass's or a model's field. */
static uint32_t add_fields(struct arena *scratch, const struct program *program, module_id m,
                           scope_id class_, uint32_t count, struct lent out[LENT_MAX])
{
	const struct module *module = project_module(program->project, m);
	for (uint32_t i = 0; i < module->binding_count && count < LENT_MAX; i++) {
		const struct binding *b = &module->bindings[i];
		if (b->scope != class_ || b->annotation == EXPR_NONE || b->value != EXPR_NONE)
			continue;
		const struct resource_kind *kind = kind_of_annotation(scratch, program, m, class_,
		                                                      b->annotation);
		if (kind != NULL)
			out[count++] = (struct lent){kind,    PLACE_LOCAL, NAME_NONE,
			                             b->name, NAME_NONE,   STEP_ATTRIBUTE};
	}
	return count;
}

uint32_t lent_attributes(struct arena *scratch, const struct program *program, module_id m,
                         scope_id class_, struct lent out[LENT_MAX])
{
	struct target init = resolve_member(scratch, program->project, m, class_, STR("__init__"));
	uint32_t count = 0;
	if (init.kind == TARGET_SCOPE &&
	    project_scope(program->project, init.module, init.scope)->kind == SCOPE_FUNCTION) {
		count = add_kept(scratch, program, &init, out);
		if (count == 0)
			count = add_passed_up(scratch, program, &init, out);
	}
	return add_fields(scratch, program, m, class_, count, out);
}

static uint32_t add_attributes(struct arena *scratch, const struct program *program, module_id m,
                               scope_id scope, const struct cfg *cfg, uint32_t count,
                               struct lent out[LENT_MAX])
{
	const struct scope *s = project_scope(program->project, m, scope);
	struct lent kept[LENT_MAX];
	name_id self = def_self(program->project, m, scope);
	if (self == NAME_NONE || str_is(project_text(program->project, s->name), "__init__"))
		return count; /* while an object is made it has nothing yet */
	uint32_t own = lent_attributes(scratch, program, m, s->parent, kept);
	uint32_t found = lent_within(scratch, program, m, s->parent, own, kept);
	if (cfg == NULL || lent_is_ended_elsewhere(program, cfg, self, kept, found))
		found = own;
	for (uint32_t i = 0; i < found && count < LENT_MAX; i++) {
		kept[i].root = self;
		out[count++] = kept[i];
	}
	return count;
}

uint32_t lent_list(struct arena *scratch, const struct program *program, module_id m, scope_id scope,
                   enum entry_kind entry, const struct cfg *cfg, struct lent out[LENT_MAX])
{
	uint32_t count = add_params(scratch, program, m, scope, entry, cfg, out);
	return add_attributes(scratch, program, m, scope, cfg, count, out);
}
