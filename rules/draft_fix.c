/* draft_fix.c - the smallest change that gives a resource back: a `with` around it, or the call that its pool wants. */
#include "project/written.h"
#include "rule.h"

struct str written_maker(const struct rule_ctx *ctx, const struct resource *r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	const struct event *e = r->event == EVENT_NONE ? NULL : &cfg->events[r->event];
	struct str path = e != NULL && e->kind == EV_CALL
	                          ? call_path(ctx->scratch, ctx->program->project, cfg, e)
	                          : STR_EMPTY;
	if (path.len == 0)
		return r->maker.len > 0 ? r->maker : STR("connect");
	return (e->flags & EVF_AWAITED) != 0
	               ? arena_printf(ctx->scratch, "await %.*s", STR_ARG(path))
	               : path;
}

void draft_with(const struct rule_ctx *ctx, struct finding *f, uint32_t resource, const char *where)
{
	const struct resource *r = &ctx->fn->resources[resource];
	const char *async_ = r->kind->is_async ? "async " : "";
	if (r->origin == ORIGIN_GENERATOR) /* get_db() itself is no context manager */
		draft_detail(ctx, f, "fix", "%swith %s() as %.*s:%s   (or close it in a finally)",
		             async_, r->kind->is_async ? "AsyncSessionLocal" : "SessionLocal",
		             STR_ARG(r->name), where);
	else
		draft_detail(ctx, f, "fix",
		             "%swith %.*s(...) as %.*s:%s   (or close it in a finally)", async_,
		             STR_ARG(written_maker(ctx, r)), STR_ARG(r->name), where);
}

struct str giving_back(const struct rule_ctx *ctx, const struct resource *r)
{
	const struct protocols *p = ctx->program->protocols;
	size_t end = r->maker.len;
	while (end > 0 && r->maker.ptr[end - 1] != '.')
		end--;
	struct str last = str_slice(r->maker, end, r->maker.len);
	for (size_t i = 0; i < p->kind_count && end > 1; i++) {
		const struct method *made = kind_method(p->kinds[i], last);
		if (made == NULL || made->gives != r->kind)
			continue;
		for (size_t k = 0; k < p->kinds[i]->method_count; k++)
			if (p->kinds[i]->methods[k].ends_argument)
				return arena_printf(ctx->scratch, "%.*s%.*s(%.*s)",
				                    STR_ARG(str_slice(r->maker, 0, end)),
				                    STR_ARG(p->kinds[i]->methods[k].name),
				                    STR_ARG(r->name));
	}
	return STR_EMPTY;
}

void draft_give_back(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	const struct resource *r = &ctx->fn->resources[resource];
	struct str back = giving_back(ctx, r);
	struct str maker = written_maker(ctx, r);
	if (r->kind->with_exit.normal == DO_CLOSE)
		draft_with(ctx, f, resource, "");
	else if (back.len > 0)
		draft_detail(ctx, f, "fix", "try: ...   finally: %.*s", STR_ARG(back));
	else if (r->kind->is_async)
		draft_detail(ctx, f, "fix", "try: ...   finally: await %.*s.close()",
		             STR_ARG(r->name));
	else
		draft_detail(
			ctx, f, "fix",
			"with contextlib.closing(%.*s(...)) as %.*s:   (or close it in a finally)",
			STR_ARG(maker), STR_ARG(r->name));
}
