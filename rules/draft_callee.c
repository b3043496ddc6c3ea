/* draft_callee.c - what a finding says of a callee: which function, in which file and line, did it to the session. */
#include "rule.h"

static const char *deed_words(enum deed_kind kind, bool last)
{
	if (!last)
		return "which calls on";
	return kind == DEED_OPENS ? "this statement opens the transaction" : "this ends it";
}

void draft_deeds(const struct rule_ctx *ctx, struct finding *f, uint32_t resource, uint32_t event,
                 enum deed_kind kind)
{
	struct deed deeds[DEEDS_MAX];
	uint32_t count = deeds_below(ctx->scratch, ctx->program, ctx->fn, event, resource, kind,
	                             deeds);
	for (uint32_t i = 0; i < count; i++)
		draft_step_in(ctx, f, deeds[i].module, deeds[i].span,
		              deed_words(kind, i + 1 == count));
}

void draft_queried(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                   uint32_t statement)
{
	struct deed deeds[DEEDS_MAX];
	if (statement == EVENT_NONE)
		return;
	uint32_t line = line_of(ctx, ctx->fn->cfg.events[statement].span.start);
	uint32_t count = deeds_below(ctx->scratch, ctx->program, ctx->fn, statement, resource,
	                             DEED_OPENS, deeds);
	if (count == 0) {
		draft_detail(ctx, f, "queried at", "%u", line);
		return;
	}
	const struct deed *last = &deeds[count - 1];
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, last->module);
	draft_detail(ctx, f, "queried by", "%.*s (%.*s:%u), called at %u",
	             STR_ARG(project_text(p, m->scopes[last->scope].qualname)), STR_ARG(m->path),
	             module_line(m, last->span.start), line);
}

/* The function of the project that is called to make the resource, or NULL. */
static const struct provider *maker_of(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct resource *r = &ctx->fn->resources[resource];
	bool called = r->origin == ORIGIN_FACTORY || r->origin == ORIGIN_GENERATOR ||
	              r->origin == ORIGIN_MANAGER;
	return called && r->provider != NULL && r->provider->module != MODULE_NONE ? r->provider
	                                                                           : NULL;
}

bool draft_made_by(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	const struct provider *p = maker_of(ctx, resource);
	if (p == NULL)
		return false;
	const struct module *m = project_module(ctx->program->project, p->module);
	draft_detail(ctx, f, "opened by", "%.*s (%.*s:%u), called at %u", STR_ARG(p->name),
	             STR_ARG(m->path), module_line(m, m->scopes[p->scope].name_span.start),
	             line_of(ctx, ctx->fn->resources[resource].span.start));
	return true;
}

void draft_made(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	const struct provider *p = maker_of(ctx, resource);
	if (p != NULL)
		draft_step_in(ctx, f, p->module,
		              project_scope(ctx->program->project, p->module, p->scope)->name_span,
		              "this function makes the session");
}
