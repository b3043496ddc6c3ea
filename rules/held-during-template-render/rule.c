/*
 * held-during-template-render - a template is rendered while a session is in a transaction. Rendering takes
 * milliseconds, unless it loads relations on the way: a note.
 */
#include "rule.h"

/* What renders at once when it is called. A template's own render() is known by how the template was got. */
static const char *const renderers[] = {
	"TemplateResponse", "render_template",    "render_template_string", "render_template_async",
	"render_to_string", "render_to_response", "render_block",           "render_blocks",
};

static bool is_got_template(const struct rule_ctx *ctx, ref value)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; ref_kind(value) == REF_KIND_PLACE && i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_ASSIGN && cfg->events[i].a == value) {
			value = cfg->events[i].b;
			break;
		}
	if (ref_kind(value) != REF_KIND_TEMP || cfg->events[ref_index(value)].kind != EV_CALL)
		return false;
	struct str name = call_text(ctx->program->project, cfg, &cfg->events[ref_index(value)]);
	return str_is(name, "get_template") || str_is(name, "Template") ||
	       str_is(name, "from_string");
}

static bool renders(const struct rule_ctx *ctx, const struct event *e)
{
	if (e->kind != EV_CALL)
		return false;
	struct str name = call_text(ctx->program->project, &ctx->fn->cfg, e);
	for (size_t i = 0; i < ARRAY_LEN(renderers); i++)
		if (str_is(name, renderers[i]))
			return true;
	return (str_is(name, "render") || str_is(name, "render_async")) && e->name != NAME_NONE &&
	       is_got_template(ctx, e->a);
}

/* A session of this function's that is asked something: bit i is resource i. */
static uint32_t judged(const struct rule_ctx *ctx)
{
	uint32_t all = 0;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		enum origin o = ctx->fn->resources[r].origin;
		if ((o == ORIGIN_DEPENDENCY || o == ORIGIN_FACTORY || o == ORIGIN_MANAGER ||
		     o == ORIGIN_LENT) &&
		    last_statement(ctx, r, UINT32_MAX, NULL) != EVENT_NONE)
			all |= 1u << r;
	}
	return all;
}

static void report(const struct rule_ctx *ctx, uint32_t r, uint32_t event)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct event *e = &ctx->fn->cfg.events[event];
	struct exit_point exit = {.kind = EXIT_WAIT, .event = event, .span = e->span};
	struct finding *f = draft(ctx, r, e->span, LEVEL_NOTE);
	draft_message(ctx, f, "`%.*s` stays in a transaction while a template is rendered",
	              STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, 0, held_released_by(resource));
	draft_origin(ctx, f, r);
	draft_detail(ctx, f, "fix", "load what it shows, then %s%.*s.commit() before %u",
	             resource->kind->is_async ? "await " : "", STR_ARG(resource->name),
	             line_of(ctx, e->span.start));
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	if (ctx->policy == POLICY_LEAKS) /* no leak */
		return;
	uint32_t sessions = judged(ctx);
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count && sessions != 0; i++) {
		if (!renders(ctx, &ctx->fn->cfg.events[i]))
			continue;
		for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
			state_set s = solution_states(ctx->scratch, &ctx->fn->solution, i, false, r);
			if ((sessions & (1u << r)) != 0 && states_hold(s))
				report(ctx, r, i);
		}
	}
}

const struct rule rule_held_during_template_render = {
	.id = "held-during-template-render",
	.title = "A template is rendered while a session is in a transaction",
	.level_max = LEVEL_NOTE,
	.usual = {LEVEL_NOTE, LEVEL_NOTE, LEVEL_OFF},
	.precision = "medium",
	.cwe = NULL,
	.check = check,
};
