/*
 * lent_within.c - sessions one object further away: a service that keeps a repository that was made with a
 * session has it in `self.repo.db`. What one object reaches is taken to be one session, in whatever attribute: services
 * are put together around one, and who ends it ends it for all of them.
 */
#include "program/lent_within.h"

#include "program/bind.h"
#include "program/scene.h"
#include "project/def.h"

/* The only session that objects of the class were made with; false when there is none, or several. */
static bool only_session(struct arena *scratch, const struct program *program,
                         const struct target *class_, struct lent *out)
{
	struct lent all[LENT_MAX];
	if (class_->kind != TARGET_SCOPE ||
	    project_scope(program->project, class_->module, class_->scope)->kind != SCOPE_CLASS ||
	    lent_attributes(scratch, program, class_->module, class_->scope, all) != 1)
		return false;
	*out = all[0];
	return true;
}

/* Adds the session that the object in 'attribute' of the class has. */
static uint32_t add_object(struct arena *scratch, const struct program *program, module_id m,
                           scope_id class_, name_id attribute, uint32_t count,
                           struct lent out[LENT_MAX])
{
	struct target object = resolve_member_class(scratch, program->project, m, class_,
	                                            project_text(program->project, attribute));
	struct lent one;
	for (uint32_t i = 0; i < count; i++)
		if (out[i].attribute == attribute)
			return count;
	if (count == LENT_MAX || !only_session(scratch, program, &object, &one) ||
	    (count > 0 && out[0].kind != one.kind))
		return count;
	out[count++] = (struct lent){one.kind,  PLACE_LOCAL,   NAME_NONE,
	                             attribute, one.attribute, STEP_ATTRIBUTE};
	return count;
}

static bool is_param_place(const struct project *p, const struct cfg *cfg,
                           const struct target *init, ref value)
{
	const struct module *m = project_module(p, init->module);
	const struct scope *s = &m->scopes[init->scope];
	if (ref_kind(value) != REF_KIND_PLACE || cfg->places[ref_index(value)].step_count != 0)
		return false;
	for (uint32_t i = s->first_param + 1; i < s->first_param + s->param_count; i++)
		if (cfg->places[ref_index(value)].root_kind == PLACE_LOCAL &&
		    cfg->places[ref_index(value)].root == m->params[i].name)
			return true;
	return false;
}

/* A parameter of __init__, or an object that is made from one: `self.repo = Repo(db)`. */
static bool is_given(const struct project *p, const struct cfg *cfg, const struct target *init,
                     ref value)
{
	if (ref_kind(value) != REF_KIND_TEMP)
		return is_param_place(p, cfg, init, value);
	const struct event *e = &cfg->events[ref_index(value)];
	for (uint32_t i = 0; e->kind == EV_CALL && i < e->arg_count; i++)
		if (is_param_place(p, cfg, init, cfg->args[e->first_arg + i].value))
			return true;
	return false;
}

static bool is_customary(const struct program *program, name_id name)
{
	return protocols_maker(program->protocols, project_text(program->project, name),
	                       MAKER_PARAMETER) != NULL;
}

/* A parameter that is called `db` and says no more: it may be that very session, under a name that is not followed. */
static bool takes_unknown(const struct program *program, const struct target *init)
{
	const struct module *m = project_module(program->project, init->module);
	const struct scope *s = &m->scopes[init->scope];
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++)
		if (is_customary(program, m->params[i].name))
			return true;
	return false;
}

static uint32_t add_from_init(struct arena *scratch, const struct program *program, module_id m,
                              scope_id class_, uint32_t count, struct lent out[LENT_MAX])
{
	const struct project *p = program->project;
	struct target init = resolve_member(scratch, p, m, class_, STR("__init__"));
	struct cfg cfg;
	if (init.kind != TARGET_SCOPE ||
	    project_scope(p, init.module, init.scope)->kind != SCOPE_FUNCTION ||
	    project_scope(p, init.module, init.scope)->param_count < 2 ||
	    (count == 0 && takes_unknown(program, &init)) ||
	    !record_cfg(scratch, &p->modules[init.module].loaded, init.scope, &cfg))
		return count;
	name_id self = def_self(p, init.module, init.scope);
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *to = &cfg.places[ref_index(e->a)];
		if (to->root == self && to->root_kind == PLACE_LOCAL && to->step_count == 1 &&
		    to->steps[0].kind == STEP_ATTRIBUTE && is_given(p, &cfg, &init, e->b))
			count = add_object(scratch, program, m, class_, to->steps[0].name, count,
			                   out);
	}
	return count;
}

static uint32_t add_from_fields(struct arena *scratch, const struct program *program, module_id m,
                                scope_id class_, uint32_t count, struct lent out[LENT_MAX])
{
	const struct module *module = project_module(program->project, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *b = &module->bindings[i];
		if (b->scope == class_ && b->annotation != EXPR_NONE && b->value == EXPR_NONE)
			count = add_object(scratch, program, m, class_, b->name, count, out);
	}
	return count;
}

uint32_t lent_within(struct arena *scratch, const struct program *program, module_id m,
                     scope_id class_, uint32_t count, struct lent out[LENT_MAX])
{
	if (count > 1) /* which of them an object further away has is not known */
		return count;
	count = add_from_init(scratch, program, m, class_, count, out);
	return add_from_fields(scratch, program, m, class_, count, out);
}

bool lent_is_same(const struct lent *a, const struct lent *b)
{
	return a->attribute != NAME_NONE && b->attribute != NAME_NONE && a->root == b->root &&
	       a->root_kind == b->root_kind && a->kind == b->kind &&
	       (a->inner != NAME_NONE || b->inner != NAME_NONE);
}

/* Does the function end something on an object of 'self' of which nothing is known, `self.unit.commit()`, or name one `self.db`? */
bool lent_is_ended_elsewhere(const struct program *program, const struct cfg *cfg, name_id self,
                             const struct lent *all, uint32_t count)
{
	const struct project *p = program->project;
	static const char *const ending[] = {"commit", "rollback", "close", "aclose", "remove"};
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_CALL || e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *on = &cfg->places[ref_index(e->a)];
		bool ends = false, known = on->root_kind != PLACE_LOCAL || on->root != self;
		for (size_t k = 0; k < ARRAY_LEN(ending); k++)
			ends |= str_is(project_text(p, e->name), ending[k]);
		for (uint32_t k = 0; k < count; k++)
			known |= on->step_count > 0 && on->steps[0].name == all[k].attribute;
		known |= on->step_count == 0;
		if (!known && (ends || is_customary(program, on->steps[0].name)))
			return true;
	}
	return false;
}
