/*
 * kept.c - what an object keeps of what it is made from, and where: Service(Repo(db)) has
 * the session in `.repo.db`. What __init__ stores, what its bases' do, a dataclass's fields, and what functions
 * that make such objects pass on.
 */
#include "program/bind_internal.h"
#include "program/lent.h"
#include "program/result.h"
#include "project/def.h"

#define KEPT_DEPTH_MAX 2 /* objects in objects: a path has two attributes at most */

static uint32_t list_at(const struct binder *b, uint32_t maker, unsigned depth,
                        struct kept out[KEPT_MAX]);

static uint32_t add(struct kept out[KEPT_MAX], uint32_t count, ref value, name_id attribute,
                    name_id inner)
{
	if (count < KEPT_MAX && attribute != NAME_NONE)
		out[count++] = (struct kept){value, attribute, inner};
	return count;
}

/* The event that made a value: itself, or the one store of a local. */
static uint32_t maker_of(const struct binder *b, ref value)
{
	if (ref_kind(value) == REF_KIND_PLACE)
		value = b->stored[ref_index(value)];
	return ref_kind(value) == REF_KIND_TEMP && b->cfg->events[ref_index(value)].kind == EV_CALL
	               ? ref_index(value)
	               : EVENT_NONE;
}

/* The value itself in 'attribute', and what an object that it is keeps one attribute further. */
static uint32_t add_value(const struct binder *b, ref value, name_id attribute, unsigned depth,
                          struct kept out[KEPT_MAX], uint32_t count)
{
	struct kept within[KEPT_MAX];
	uint32_t maker = depth < KEPT_DEPTH_MAX ? maker_of(b, value) : EVENT_NONE;
	uint32_t n = maker == EVENT_NONE ? 0 : list_at(b, maker, depth + 1, within);
	count = add(out, count, value, attribute, NAME_NONE);
	for (uint32_t i = 0; i < n; i++)
		if (within[i].inner == NAME_NONE)
			count = add(out, count, within[i].value, attribute, within[i].attribute);
	return count;
}

/* The field that the argument fills in a class without __init__: by its keyword, else by its number. */
static name_id field_of_arg(const struct binder *b, const struct target *class_,
                            const struct arg *args, uint32_t index)
{
	const struct module *m = project_module(b->project, class_->module);
	uint32_t position = 0;
	if (args[index].flags != 0 || args[index].keyword != NAME_NONE)
		return args[index].flags != 0 ? NAME_NONE : args[index].keyword;
	for (uint32_t i = 0; i < m->binding_count; i++)
		if (m->bindings[i].scope == class_->scope && m->bindings[i].from == class_->scope &&
		    m->bindings[i].annotation != EXPR_NONE && position++ == index)
			return m->bindings[i].name;
	return NAME_NONE;
}

static uint32_t add_arg(const struct binder *b, ref value, name_id param,
                        const struct result *passed, unsigned depth, struct kept out[KEPT_MAX],
                        uint32_t count)
{
	for (uint32_t k = 0; k < passed->kept_count; k++) {
		const struct kept_param *p = &passed->kept[k];
		if (p->param != param)
			continue;
		count = p->inner != NAME_NONE ? add(out, count, value, p->attribute, p->inner)
		                              : add_value(b, value, p->attribute, depth, out, count);
	}
	return count;
}

static uint32_t list_at(const struct binder *b, uint32_t maker, unsigned depth,
                        struct kept out[KEPT_MAX])
{
	const struct event *e = &b->cfg->events[maker];
	const struct arg *args = &b->cfg->args[e->first_arg];
	const struct target *t = &b->targets[maker];
	struct target class_ = class_of_cls(b, e);
	uint32_t count = 0;
	if (class_.kind == TARGET_SCOPE)
		t = &class_;
	struct target reader = *t;
	if (t->kind != TARGET_SCOPE || e->arg_count == 0)
		return 0;
	if (target_is_class(b->project, t))
		reader = resolve_member(b->scratch, b->project, t->module, t->scope,
		                        STR("__init__"));
	bool read = reader.kind == TARGET_SCOPE && !target_is_class(b->project, &reader);
	struct result passed = {.kept_count = 0};
	if (read)
		passed = result_of(b->program, reader.module, reader.scope);
	for (uint32_t i = 0; i < e->arg_count; i++)
		if (read)
			count = add_arg(b, args[i].value, param_of_arg(b->project, &reader, args, i),
			                &passed, depth, out, count);
		else if (target_is_class(b->project, t))
			count = add_value(b, args[i].value, field_of_arg(b, t, args, i), depth, out,
			                  count);
	return count;
}

uint32_t kept_list(const struct binder *b, uint32_t maker, struct kept *out)
{
	return b->cfg->events[maker].kind == EV_CALL ? list_at(b, maker, 0, out) : 0;
}

/* Is there an argument that carries a session, or that a call has made? Nothing else brings one along. */
static bool may_bring(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		if ((carried_by(b, value).how & CARRY_IS) != 0 || maker_of(b, value) != EVENT_NONE)
			return true;
	}
	return false;
}

bool is_holder_maker(const struct binder *b, uint32_t event)
{
	struct kept kept[KEPT_MAX];
	const struct target *t = &b->targets[event];
	if (t->kind != TARGET_SCOPE || target_is_class(b->project, t) ||
	    !may_bring(b, &b->cfg->events[event]))
		return false;
	uint32_t n = kept_list(b, event, kept);
	for (uint32_t i = 0; i < n; i++)
		if (carried_by(b, kept[i].value).how & CARRY_IS)
			return true;
	return false;
}

/* ---- what a function keeps of its parameters ---------------------------------------------------- */

static void note(struct result *r, name_id param, name_id attribute, name_id inner)
{
	if (r->kept_count < KEPT_MAX)
		r->kept[r->kept_count++] = (struct kept_param){param, attribute, inner};
}

name_id param_of_value(const struct binder *b, ref value)
{
	const struct place *p = ref_kind(value) == REF_KIND_PLACE ? &b->cfg->places[ref_index(value)]
	                                                          : NULL;
	return p != NULL && p->root_kind == PLACE_LOCAL && p->step_count == 0 && is_param(b, p->root)
	               ? p->root
	               : NAME_NONE;
}

/* self.NAME = value: a parameter, one of a choice, or an object that is made from parameters. */
static void note_store(const struct binder *b, name_id attribute, ref value, struct result *r)
{
	struct kept made[KEPT_MAX];
	if (param_of_value(b, value) != NAME_NONE)
		note(r, param_of_value(b, value), attribute, NAME_NONE);
	if (ref_kind(value) != REF_KIND_TEMP)
		return;
	const struct event *e = &b->cfg->events[ref_index(value)];
	for (uint32_t i = 0; e->kind == EV_BUILD && e->op == BUILD_CHOICE && i < e->arg_count; i++) {
		name_id param = param_of_value(b, b->cfg->args[e->first_arg + i].value);
		if (param != NAME_NONE)
			note(r, param, attribute, NAME_NONE);
	}
	uint32_t n = kept_list(b, ref_index(value), made);
	for (uint32_t i = 0; i < n; i++)
		if (made[i].inner == NAME_NONE && param_of_value(b, made[i].value) != NAME_NONE)
			note(r, param_of_value(b, made[i].value), attribute, made[i].attribute);
}

static void note_init_above(const struct binder *b, uint32_t event, struct result *r)
{
	const struct event *e = &b->cfg->events[event];
	const struct arg *args = &b->cfg->args[e->first_arg];
	struct target init = b->targets[event];
	if (init.kind != TARGET_SCOPE || target_is_class(b->project, &init))
		return;
	struct result above = result_of(b->program, init.module, init.scope);
	for (uint32_t i = 0; i < e->arg_count; i++) {
		name_id param = param_of_value(b, args[i].value);
		name_id becomes = param_of_arg(b->project, &init, args, i);
		for (uint32_t k = 0; k < above.kept_count && param != NAME_NONE; k++)
			if (above.kept[k].param == becomes)
				note(r, param, above.kept[k].attribute, above.kept[k].inner);
	}
}

void kept_of_init(const struct binder *b, struct result *r)
{
	name_id self = def_self(b->project, b->fn->module, b->fn->scope);
	for (uint32_t i = 0; i < b->cfg->event_count && self != NAME_NONE; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_CALL && call_is(b, e, "__init__") && e->name != NAME_NONE)
			note_init_above(b, i, r);
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *to = &b->cfg->places[ref_index(e->a)];
		if (to->root_kind == PLACE_LOCAL && to->root == self && to->step_count == 1 &&
		    to->steps[0].kind == STEP_ATTRIBUTE)
			note_store(b, to->steps[0].name, event_stored(b->cfg, e), r);
	}
}

void kept_of_return(const struct binder *b, ref value, struct result *r)
{
	struct kept made[KEPT_MAX];
	uint32_t maker = maker_of(b, value);
	uint32_t n = maker == EVENT_NONE ? 0 : kept_list(b, maker, made);
	for (uint32_t i = 0; i < n; i++)
		if (param_of_value(b, made[i].value) != NAME_NONE)
			note(r, param_of_value(b, made[i].value), made[i].attribute, made[i].inner);
}
