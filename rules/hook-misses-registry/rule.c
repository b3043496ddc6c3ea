/*
 * hook-misses-registry - an application that ends the sessions of its registries in one place, and forgets some
 * that its views use: the hook is where the remedy is, so it is where the finding stands.
 */
#include "rule.h"

enum { MISSED_SHOWN = 5 };

static bool is_reached(const struct cleanup *hook, const struct left_registry *left)
{
	return left->is_async == (hook->whom == CLEANS_LOOP);
}

/* The first clean-up in the hook, and of which resource. */
static uint32_t first_cleanup(const struct rule_ctx *ctx, uint32_t *resource)
{
	uint32_t first = EVENT_NONE;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		uint32_t event = ctx->fn->resources[r].origin == ORIGIN_REGISTRY
		                         ? registry_event(ctx, r, REGISTRY_ENDED)
		                         : EVENT_NONE;
		if (event == EVENT_NONE ||
		    (first != EVENT_NONE && ctx->fn->cfg.events[event].span.start >=
		                                    ctx->fn->cfg.events[first].span.start))
			continue;
		first = event;
		*resource = r;
	}
	return first;
}

static void draft_missed(const struct rule_ctx *ctx, struct finding *f, const struct cleanup *hook)
{
	unsigned shown = 0, hidden = 0;
	for (uint32_t i = 0; i < ctx->program->left_count; i++) {
		const struct left_registry *left = &ctx->program->left[i];
		if (!is_reached(hook, left))
			continue;
		if (++shown > MISSED_SHOWN) {
			hidden++;
			continue;
		}
		const struct module *m = project_module(ctx->program->project, left->module);
		const struct scope *s = &m->scopes[left->scope];
		draft_detail(ctx, f, "misses", "%.*s: %.*s (%.*s:%u)%s", STR_ARG(left->identity),
		             STR_ARG(project_text(ctx->program->project, s->qualname)),
		             STR_ARG(m->path), module_line(m, s->name_span.start),
		             left->handlers > 1 ? " and other views" : "");
		draft_related(ctx, f, left->module, s->name_span,
		              "leaves a session that the hook misses");
	}
	if (hidden > 0)
		draft_detail(ctx, f, "misses", "%u more", hidden);
}

static unsigned count_missed(const struct rule_ctx *ctx, const struct cleanup *hook)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < ctx->program->left_count; i++)
		count += is_reached(hook, &ctx->program->left[i]);
	return count;
}

static void check_hook(const struct rule_ctx *ctx, const struct cleanup *hook)
{
	uint32_t r = 0, event;
	if (hook == NULL || !hook->named || hook->module != ctx->fn->module ||
	    hook->scope != ctx->fn->scope)
		return;
	unsigned missed = count_missed(ctx, hook);
	event = missed == 0 ? EVENT_NONE : first_cleanup(ctx, &r);
	if (event == EVENT_NONE)
		return;
	const struct event *e = &ctx->fn->cfg.events[event];
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .event = event, .span = e->span};
	struct finding *f = draft(ctx, r, e->span,
	                          level_of(ctx->policy, RELEASED_NEVER, LEFT_EVERYWHERE));
	draft_message(ctx, f, "the clean-up misses %u %s that views leave open", missed,
	              missed == 1 ? "registry" : "registries");
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_NEVER);
	draft_missed(ctx, f, hook);
	draft_detail(ctx, f, "released", "never while the thread lives");
	draft_detail(ctx, f, "fix", "remove() them here as well");
	draft_submit(ctx, f);
}

static void check(struct rule_ctx *ctx)
{
	if (ctx->program->left_count == 0)
		return;
	check_hook(ctx, ctx->program->hooks[false]);
	check_hook(ctx, ctx->program->hooks[true]);
}

const struct rule rule_hook_misses_registry = {
	.id = "hook-misses-registry",
	.title = "A clean-up hook ends some registries but not others that its views use",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
