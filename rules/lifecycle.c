/*
 * lifecycle.c - see lifecycle.h. Measured with FastAPI 0.92, 0.115 and 0.162 (runtime.md 6, 19, 21); the
 * versions in between are from its release notes.
 */
#include "program/provider.h"
#include "rule.h"

static const struct framework_version *version_here(const struct rule_ctx *ctx)
{
	return ctx->program->versions.of_module[ctx->fn->module];
}

static const struct regime *regime_here(const struct rule_ctx *ctx, unsigned asked)
{
	*ctx->asked |= asked;
	return &version_here(ctx)->regimes[ctx->regime];
}

bool ends_with_function(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct project *p = ctx->program->project;
	uint32_t param = ctx->fn->resources[resource].param;
	struct dependency dep;
	return param != UINT32_MAX &&
	       dependency_of(ctx->scratch, p, ctx->fn->module, ctx->fn->scope,
	                     &project_module(p, ctx->fn->module)->params[param], &dep) &&
	       dep.function_scope;
}

enum lifetime lifetime_of(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct framework_version *v = version_here(ctx);
	if (ends_with_function(ctx, resource))
		return ENDS_BEFORE;
	const struct provider *lender = provider_lender(ctx->fn->resources[resource].provider);
	if (lender != NULL)
		return lender->before_body ? ENDS_BEFORE : LIVES_ON;
	if (regime_here(ctx, ASKED_TEARDOWN)->teardown == TEARDOWN_AFTER_RESPONSE)
		return LIVES_ON;
	return v->declared.len > 0 ? LIVES_ON_SOON : ENDS_BEFORE;
}

bool handlers_stream(const struct rule_ctx *ctx)
{
	return regime_here(ctx, ASKED_STREAMS)->streams;
}

bool is_torn_down(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct resource *r = &ctx->fn->resources[resource];
	return r->origin == ORIGIN_DEPENDENCY && !is_yielded(ctx, resource) &&
	       provider_release(r, false) == RELEASED_RESPONSE_SENT &&
	       rebinding_of(ctx, resource) == EVENT_NONE;
}

bool exit_holds(const struct exit_point *e, uint32_t resource)
{
	state_set s = e->states[resource];
	return exit_is_normal(e) && (states_left(s) != 0 || states_must(s, IS_OPEN));
}

/* ---- work ---------------------------------------------------------------------------- */

/* tasks.add(task), task.add_done_callback(...): keeps it alive, waits for nothing. */
static bool only_keeps(const struct rule_ctx *ctx, const struct event *e)
{
	static const char *const keeping[] = {"add",      "append", "add_done_callback",
	                                      "set_name", "start",  "setDaemon"};
	struct str name = project_text(ctx->program->project, e->name);
	for (size_t i = 0; e->kind == EV_CALL && i < ARRAY_LEN(keeping); i++)
		if (str_is(name, keeping[i]))
			return true;
	return false;
}

static bool uses_operand(const struct cfg *cfg, const struct event *e, ref value)
{
	bool uses = e->a == value || e->b == value;
	for (uint32_t i = 0; i < e->arg_count && !uses; i++)
		uses = cfg->args[e->first_arg + i].value == value;
	return uses;
}

/* Is the value used for nothing but what keeps it? Stored in a plain local, that local's uses count. */
static bool is_only_kept(const struct rule_ctx *ctx, ref value, bool follow)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (!uses_operand(cfg, e, value) || only_keeps(ctx, e) || e->kind == EV_DELETE)
			continue;
		if (e->kind != EV_ASSIGN)
			return false;
		if (e->a == value && !follow)
			continue; /* its own store */
		bool local = ref_kind(e->a) == REF_KIND_PLACE &&
		             cfg->places[ref_index(e->a)].root_kind == PLACE_LOCAL &&
		             cfg->places[ref_index(e->a)].step_count == 0;
		if (!follow || !local || !is_only_kept(ctx, e->a, false))
			return false;
	}
	return true;
}

bool work_is_abandoned(const struct rule_ctx *ctx, const struct work *w)
{
	const struct event *e = &ctx->fn->cfg.events[w->event];
	return (w->kind == WORK_TASK || w->kind == WORK_THREAD) && (e->flags & EVF_AWAITED) == 0 &&
	       is_only_kept(ctx, REF_TEMP(w->event), true);
}

static bool closes(const struct rule_ctx *ctx, uint32_t event, uint32_t resource)
{
	const struct action *a = &ctx->fn->plan.actions[event];
	return a->kind == ACTION_EFFECT && a->effect.normal == DO_CLOSE &&
	       is_in_slot(ctx, event, a->slot, resource);
}

bool is_closed_behind(const struct rule_ctx *ctx, uint32_t event, uint32_t resource)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	block_id own = cfg_block_of(cfg, event);
	const bool *after = blocks_after(ctx->scratch, cfg, own, WAYS_NORMAL, NULL);
	for (uint32_t i = event + 1; i < cfg->event_count; i++) {
		block_id block = cfg_block_of(cfg, i);
		if ((block == own || after[block]) && closes(ctx, i, resource))
			return true;
	}
	return false;
}

/* ---- levels and words ------------------------------------------------------------------ */

enum level lifetime_level(enum lifetime lives, enum level level)
{
	return lives == LIVES_ON_SOON && level > LEVEL_WARNING ? LEVEL_WARNING : level;
}

const struct framework_version *draft_version(const struct rule_ctx *ctx, struct finding *f,
                                              struct str *text)
{
	const struct framework_version *v = version_here(ctx);
	f->assumed_version = ctx->regime == 0 ? v->version : v->regimes[ctx->regime].version;
	f->assumed_from = v->from;
	f->depends_on_version = v->declared.len > 0;
	*text = arena_printf(ctx->scratch, "FastAPI %.*s, %.*s%s%.*s", STR_ARG(f->assumed_version),
	                     STR_ARG(v->range), v->range.len > 0 ? " in " : "", STR_ARG(v->from));
	return v;
}

void draft_lives_on(const struct rule_ctx *ctx, struct finding *f, enum lifetime lives,
                    enum released_by by)
{
	struct str version;
	const struct framework_version *v = draft_version(ctx, f, &version);
	const char *when = by == RELEASED_STREAM_END ? "at stream end or disconnect"
	                                             : "when the background tasks have ended";
	f->released_by = by;
	if (lives == LIVES_ON_SOON)
		draft_detail(ctx, f, "released",
		             "before the response is sent (%.*s); %s from FastAPI 0.118 on, which "
		             "%.*s in %.*s allows",
		             STR_ARG(version), when, STR_ARG(v->declared),
		             STR_ARG(v->declared_from));
	else if (v->depends)
		draft_detail(ctx, f, "released", "%s (%.*s; 0.106 to 0.117: before the response)",
		             when, STR_ARG(version));
	else
		draft_detail(ctx, f, "released", "%s (%.*s)", when, STR_ARG(version));
}

void draft_reopened(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	struct str version;
	(void)draft_version(ctx, f, &version);
	f->released_by = RELEASED_GARBAGE_COLLECTION;
	if (ends_with_function(ctx, resource))
		draft_detail(ctx, f, "why",
		             "scope=\"function\": its dependency has closed it before the "
		             "response is sent");
	else
		draft_detail(ctx, f, "why",
		             "its dependency has closed it before the response is sent (%.*s)",
		             STR_ARG(version));
	draft_detail(ctx, f, "released", "when the cyclic garbage collector happens to run");
}
