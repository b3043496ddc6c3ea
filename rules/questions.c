/* questions.c - see questions.h. */
#include "program/provider.h"
#include "rule.h"

bool exit_is_normal(const struct exit_point *e)
{
	return e->kind == EXIT_RETURN || e->kind == EXIT_FALL_OFF;
}

bool exit_is_open(const struct exit_point *e, uint32_t resource)
{
	return states_may(e->states[resource], IS_OPEN);
}

bool exit_releases(const struct exit_point *e, uint32_t resource)
{
	return states_must(e->states[resource], IS_ENDED) && !exit_is_open(e, resource);
}

bool exit_leaves(const struct exit_point *e, uint32_t resource)
{
	if (exit_passes_on(e, resource))
		return false;
	return states_left(e->states[resource]) != 0 || states_must(e->states[resource], IS_OPEN);
}

bool exit_touches(const struct exit_point *e, uint32_t resource)
{
	return states_may(e->states[resource], IS_TOUCHED);
}

bool exit_passes_on(const struct exit_point *e, uint32_t resource)
{
	return (e->passed_on & (1u << resource)) != 0;
}

bool exit_gives_away(const struct exit_point *e, uint32_t resource)
{
	return (e->states[resource] & STATES_GONE) != 0;
}

unsigned exit_missing(const struct exit_point *e, uint32_t resource)
{
	state_set s = e->states[resource];
	unsigned missing = 0;
	if (!states_must(s, IS_TRANSACTION_ENDED))
		missing |= MISSING_COMMIT;
	if (!states_must(s, IS_CLOSED))
		missing |= MISSING_CLOSE;
	return exit_is_open(e, resource) && missing == 0 ? MISSING_CLOSE : missing;
}

const struct exit_point *exit_leaving(const struct rule_ctx *ctx, uint32_t resource, bool normal)
{
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		if (exit_is_normal(e) == normal && exit_leaves(e, resource))
			return e;
	}
	return NULL;
}

uint32_t line_of(const struct rule_ctx *ctx, uint32_t offset)
{
	return module_line(project_module(ctx->program->project, ctx->fn->module), offset);
}

/* A name as one scope sees it: its own local, or one of an enclosing function. */
struct seen_name {
	name_id name;
	enum place_root root;
};

static bool is_named(const struct cfg *cfg, ref r, struct seen_name n)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return false;
	const struct place *p = &cfg->places[ref_index(r)];
	return p->root_kind == n.root && p->root == n.name;
}

static bool event_uses(const struct cfg *cfg, const struct event *e, struct seen_name n)
{
	/* bound anew counts as well: that is the rebinding rule's business */
	if (is_named(cfg, e->a, n) || is_named(cfg, e->b, n))
		return true;
	for (uint32_t i = 0; i < e->arg_count; i++)
		if (is_named(cfg, cfg->args[e->first_arg + i].value, n))
			return true;
	return false;
}

static bool cfg_uses(const struct cfg *cfg, struct seen_name n)
{
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (event_uses(cfg, &cfg->events[i], n))
			return true;
	return false;
}

/* Does a call of locals(), eval() or their like see every parameter? */
static bool hands_all_on(const struct rule_ctx *ctx)
{
	static const char *const seeing[] = {"locals", "vars", "eval", "exec"};
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_CALL || e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		struct str name = project_text(ctx->program->project,
		                               cfg->places[ref_index(e->a)].root);
		for (size_t k = 0; k < ARRAY_LEN(seeing); k++)
			if (str_is(name, seeing[k]))
				return true;
	}
	return false;
}

/* Is the name read in a default of the nested function: `def inner(session=db)`? */
static bool defaults_use(const struct rule_ctx *ctx, const struct scope *s, name_id name)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		expr_id value = m->params[i].value;
		for (expr_id e = value; value != EXPR_NONE && e < m->exprs[value].next; e++) {
			struct str text = project_text(p, m->exprs[e].text),
				   wanted = project_text(p, name);
			if (m->exprs[e].kind == EXPR_NAME && str_starts(text, wanted) &&
			    (text.len == wanted.len || text.ptr[wanted.len] == '.'))
				return true;
		}
	}
	return false;
}

bool parameter_is_used(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	name_id name = m->params[ctx->fn->resources[resource].param].name;
	if (cfg_uses(&ctx->fn->cfg, (struct seen_name){name, PLACE_LOCAL}) || hands_all_on(ctx))
		return true;
	const struct span whole = m->scopes[ctx->fn->scope].span;
	for (scope_id s = ctx->fn->scope + 1;
	     s < m->scope_count && m->scopes[s].span.start < whole.end; s++) {
		struct cfg inner;
		if (defaults_use(ctx, &m->scopes[s], name) ||
		    (record_cfg(ctx->scratch, &p->modules[ctx->fn->module].loaded, s, &inner) &&
		     cfg_uses(&inner, (struct seen_name){name, PLACE_FREE})))
			return true;
	}
	return false;
}

uint32_t rebinding_of(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct function *fn = ctx->fn;
	name_id name = project_module(ctx->program->project, fn->module)
	                       ->params[fn->resources[resource].param]
	                       .name;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct event *e = &fn->cfg.events[i];
		if (e->kind != EV_ASSIGN ||
		    !is_named(&fn->cfg, e->a, (struct seen_name){name, PLACE_LOCAL}) ||
		    fn->cfg.places[ref_index(e->a)].step_count != 0)
			continue;
		slot_id slot = fn->plan.place_slots[ref_index(e->a)];
		uint32_t is = 0;
		for (const struct disjunct *d = solution_at(ctx->scratch, &fn->solution, i, true);
		     d != NULL && slot != SLOT_NONE; d = d->next)
			is |= d->values[slot].is;
		if ((is & VALUE_RESOURCES & ~(1u << resource)) != 0)
			return i;
	}
	return EVENT_NONE;
}

bool is_yielded(const struct rule_ctx *ctx, uint32_t resource)
{
	return (ctx->fn->yielded & (1u << resource)) != 0;
}

bool is_judged_here(const struct rule_ctx *ctx, uint32_t resource)
{
	return ctx->fn->resources[resource].origin == ORIGIN_DEPENDENCY &&
	       !is_yielded(ctx, resource) && parameter_is_used(ctx, resource);
}

bool paths_were_joined(const struct rule_ctx *ctx)
{
	return ctx->fn->solution.bounds.disjuncts > 0 || ctx->fn->solution.bounds.tokens > 0;
}

const struct provider *provider_here(const struct rule_ctx *ctx)
{
	return provider_of_scope(ctx->program->providers, ctx->fn->module, ctx->fn->scope);
}

bool is_in_slot(const struct rule_ctx *ctx, uint32_t event, slot_id slot, uint32_t resource)
{
	if (slot == SLOT_NONE)
		return false;
	for (const struct disjunct *d = solution_at(ctx->scratch, &ctx->fn->solution, event, false);
	     d != NULL; d = d->next)
		if ((d->values[slot].is & (1u << resource)) != 0)
			return true;
	return false;
}

bool acts_on(const struct rule_ctx *ctx, uint32_t event, uint32_t resource)
{
	return action_reaches(ctx->scratch, ctx->fn, event, resource);
}

uint32_t first_statement(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct function *fn = ctx->fn;
	uint32_t first = EVENT_NONE;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct action *a = &fn->plan.actions[i];
		/* what a closure may do it does where it is called */
		bool runs = action_does(a, DEED_OPENS) && fn->cfg.events[i].kind != EV_CLOSURE;
		if (!runs || (first != EVENT_NONE &&
		              fn->cfg.events[i].span.start >= fn->cfg.events[first].span.start))
			continue;
		if (acts_on(ctx, i, resource))
			first = i;
	}
	return first;
}

uint32_t last_statement(const struct rule_ctx *ctx, uint32_t resource, uint32_t before,
                        const bool *blocks)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	uint32_t last = EVENT_NONE;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		if (!action_does(&ctx->fn->plan.actions[i], DEED_OPENS) ||
		    cfg->events[i].span.start >= before ||
		    (blocks != NULL && !blocks[cfg_block_of(cfg, i)]) ||
		    (last != EVENT_NONE && cfg->events[i].span.start <= cfg->events[last].span.start))
			continue;
		if (acts_on(ctx, i, resource))
			last = i;
	}
	return last;
}

bool is_only_ended(state_set s, enum property how)
{
	return states_must(s, how) && !states_may(s, IS_HOLDING) &&
	       (s & (STATES_GONE | STATES_UNSURE)) == 0;
}

enum released_by provider_release(const struct resource *r, bool raised)
{
	if (r->provider == NULL)
		return RELEASED_GARBAGE_COLLECTION;
	bool covered = raised ? r->provider->guarded : r->provider->releases;
	return covered ? RELEASED_RESPONSE_SENT : RELEASED_GARBAGE_COLLECTION;
}
