/* unknown.c - calls that borrow a session because nothing is known of them. */
#include "program/unknown.h"

#include "program/callable.h"

/* Is the operand a session, or does it hold one, on some way to the event? A name may be one on other ways only. */
static bool carries(const struct function *fn, const struct disjunct *before, ref value)
{
	slot_id slot = plan_slot(&fn->plan, value);
	for (const struct disjunct *d = before; slot != SLOT_NONE && d != NULL; d = d->next)
		if (((d->values[slot].is | d->values[slot].holds) & VALUE_RESOURCES) != 0)
			return true;
	return false;
}

static bool is_given(const struct function *fn, const struct disjunct *before, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++)
		if (carries(fn, before, fn->cfg.args[e->first_arg + i].value))
			return true;
	return false;
}

/* `mailer.send`: what its receiver means, with the method's name; else the name as written. */
static struct str name_of_call(struct arena *run, struct arena *scratch, const struct project *p,
                               const struct function *fn, const struct event *e)
{
	struct callable c = callable_of_ref(scratch, p, fn->module, fn->scope, &fn->cfg, e->a);
	struct str path = c.target.dotted;
	struct str method = project_text(p, e->name);
	if (path.len == 0 && ref_kind(e->a) == REF_KIND_PLACE)
		path = project_text(p, fn->cfg.places[ref_index(e->a)].root);
	if (e->name == NAME_NONE)
		return arena_str(run, path);
	if (path.len == 0)
		return arena_str(run, method);
	return dotted_under(run, path, method);
}

/* sessionmaker(engine): what it does with an engine is known. */
static bool is_maker(const struct program *program, struct str name)
{
	static const enum maker_role roles[] = {MAKER_TYPE, MAKER_FACTORY_TYPE, MAKER_REGISTRY_TYPE};
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (protocols_maker(program->protocols, name, roles[i]) != NULL)
			return true;
	return false;
}

void unknown_calls(struct arena *run, struct arena *scratch, const struct program *program,
                   const struct function *fn, unknown_fn *out, void *arg)
{
	const struct module *m = project_module(program->project, fn->module);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		const struct action *a = &fn->plan.actions[i];
		if (e->kind != EV_CALL || a->kind != ACTION_BORROW)
			continue;
		const struct disjunct *before = solution_at(scratch, &fn->solution, i, false);
		bool given = is_given(fn, before, e);
		if (!given && !carries(fn, before, e->a))
			continue;
		enum unknown_kind kind = given ? UNKNOWN_CALLEE : UNKNOWN_RECEIVER;
		struct str name = name_of_call(run, scratch, program->project, fn, e);
		if (name.len > 0 && !is_maker(program, name))
			out(arg,
			    (struct unknown){kind, name, fn->module, module_line(m, e->span.start)});
	}
}
