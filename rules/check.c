/*
 * check.c - one module under all rules. Each function is bound: whether it has to do with sessions is not to be read
 * off its module's names, because `get_factory()()` and `self.make()` name nothing that is known beforehand.
 */
#include "check.h"

#include "program/bind.h"
#include "program/function.h"
#include "program/handler.h"
#include "program/limit.h"
#include "program/provider.h"
#include "notes.h"
#include "regimes.h"
#include "rule.h"

#include <stb/stb_ds.h>

struct checker {
	struct arena *run, *scratch;
	struct arena *step; /* what one rule works out */
	const struct program *program;
	const struct check_options *options;
	module_id module;
	struct check_result *result;
	struct module_notes notes;
};

static void note_unknown(void *arg, struct unknown u)
{
	struct checker *c = arg;
	arrput(c->result->unknowns, u);
}

/* Does the function take an injected session, or something that might be one? Lists what is not resolved. */
static bool takes_session(struct checker *c, scope_id scope)
{
	const struct module *m = project_module(c->program->project, c->module);
	const struct scope *s = &m->scopes[scope];
	bool takes = false;
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		struct dependency dep;
		bool unresolved = false;
		if (!dependency_of(c->scratch, c->program->project, c->module, scope, &m->params[i],
		                   &dep))
			continue;
		const struct provider *provider = provider_of_dependency(c->scratch, c->program,
		                                                         &dep, &unresolved);
		takes |= provider != NULL;
		if (!unresolved)
			continue;
		struct callable called = dependency_callable(c->run, c->program->project, &dep);
		note_unknown(c, (struct unknown){UNKNOWN_PROVIDER,
		                                 called.target.dotted.len > 0 ? called.target.dotted
		                                                              : called.name,
		                                 c->module, module_line(m, s->name_span.start)});
	}
	return takes;
}

/* The rules that ask for so much of module bodies. */
static void run_rules(struct checker *c, const struct function *fn, enum bodies least)
{
	const struct module *m = project_module(c->program->project, c->module);
	struct rule_ctx ctx = {
		.run = c->run,
		.scratch = c->step,
		.program = c->program,
		.fn = fn,
		.policy = config_policy(c->options->config, c->options->policy, m->path),
		.findings = &c->result->findings,
		.notes = &c->notes,
	};
	for (size_t i = 0; i < rule_count; i++) {
		ctx.rule = rule_table[i];
		if (c->options->enabled[i] && rule_table[i]->bodies >= least)
			check_in_regimes(&ctx);
		arena_clear(c->step);
	}
}

static bool is_handler(const struct function *fn)
{
	for (uint32_t r = 0; r < fn->plan.resource_count; r++)
		if (fn->resources[r].origin == ORIGIN_DEPENDENCY ||
		    (fn->resources[r].origin == ORIGIN_REGISTRY && fn->entry != ENTRY_NONE))
			return true;
	return false;
}

static void add_row(struct checker *c, const struct function *fn, bool takes)
{
	struct audit_row row;
	if (c->options->audit &&
	    ((takes && handler_row(c->run, c->scratch, c->program, fn, &row)) ||
	     handler_row_without_parameter(c->run, c->scratch, c->program, fn, &row)))
		arrput(c->result->rows, row);
}

static void check_scope(struct checker *c, scope_id scope)
{
	struct function fn;
	const struct scope *s = project_scope(c->program->project, c->module, scope);
	bool takes = takes_session(c, scope);
	enum entry_kind entry = program_entry(c->program, c->module, scope);
	if (entry == ENTRY_FIXTURE)
		return;
	if (!function_analyse(c->scratch, c->program, c->module, scope, entry, false, &fn)) {
		add_row(c, &(struct function){.module = c->module, .scope = scope, .entry = entry},
		        false);
		return;
	}
	c->result->functions++;
	c->result->handlers += is_handler(&fn);
	c->result->bounds.disjuncts += fn.solution.bounds.disjuncts;
	c->result->bounds.tokens += fn.solution.bounds.tokens;
	unknown_calls(c->run, c->scratch, c->program, &fn, note_unknown, c);
	if ((s->flags & SCOPE_BROKEN) == 0)
		run_rules(c, &fn, BODIES_NONE);
	add_row(c, &fn, takes);
}

/* NAME = SessionLocal() in the module's body */
static bool keeps_session(const struct checker *c)
{
	const struct module *m = project_module(c->program->project, c->module);
	for (uint32_t i = 0; i < m->binding_count; i++) {
		const struct binding *b = &m->bindings[i];
		if (b->scope == 0 && b->from == 0 &&
		    preset_made(c->scratch, c->program, c->module, 0, b->value) != NULL)
			return true;
	}
	return false;
}

static void check_body(struct checker *c)
{
	struct function fn;
	bool session = keeps_session(c);
	if ((project_scope(c->program->project, c->module, 0)->flags & SCOPE_BROKEN) == 0 &&
	    (session || limits_vary(c->program->limits)) &&
	    function_analyse(c->scratch, c->program, c->module, 0, ENTRY_NONE, false, &fn))
		run_rules(c, &fn, session ? BODIES_WITH_SESSION : BODIES_ALL);
	arena_clear(c->scratch);
}

/* Of a module beside the reported ones only findings count, and triage looks at those. */
static void keep_findings_only(struct check_result *r)
{
	struct finding *findings = r->findings;
	arrfree(r->rows);
	arrfree(r->unknowns);
	*r = (struct check_result){.findings = findings};
}

void check_module(struct arena *run, struct arena *scratch, const struct program *program,
                  module_id m, const struct check_options *options, struct check_result *out)
{
	const struct module *module = project_module(program->project, m);
	struct arena step;
	struct checker c = {.run = run,
	                    .scratch = scratch,
	                    .step = &step,
	                    .program = program,
	                    .options = options,
	                    .module = m,
	                    .result = out};
	*out = (struct check_result){0};
	const struct project_module *pm = &program->project->modules[m];
	if ((!pm->report && !pm->beside) || module->generated)
		return;
	arena_init(&step);
	notes_init(&c.notes, module);
	check_body(&c);
	for (scope_id s = 1; s < module->scope_count; s++) {
		if (module->scopes[s].kind == SCOPE_FUNCTION ||
		    scope_is_dependency(program->dependencies, m, s))
			check_scope(&c, s);
		arena_clear(scratch);
	}
	out->reads_refused = c.notes.refused;
	notes_release(&c.notes);
	arena_release(&step);
	if (!pm->report)
		keep_findings_only(out);
}

void check_result_release(struct check_result *r)
{
	arrfree(r->findings);
	arrfree(r->rows);
	arrfree(r->unknowns);
}
