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

/* conn, owned = connect(): what is made is a tuple with the resource in it, and no context manager. */
static bool is_unpacked(const struct rule_ctx *ctx, const struct resource *r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count && r->event != EVENT_NONE; i++)
		if (ctx->fn->plan.actions[i].kind == ACTION_UNPACK &&
		    cfg->events[i].b == REF_TEMP(r->event))
			return true;
	return false;
}

static void draft_finally(const struct rule_ctx *ctx, struct finding *f, const struct resource *r)
{
	draft_detail(ctx, f, "fix", "try: ...   finally: %s%.*s.close()",
	             r->kind->is_async ? "await " : "", STR_ARG(r->name));
}

/* Does the statement that returns ask the database itself? Then nothing can end the session before it. */
static bool exit_asks(const struct rule_ctx *ctx, const struct exit_point *e, uint32_t resource)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; e->kind == EXIT_RETURN && i < cfg->event_count; i++)
		if (cfg->events[i].span.start >= e->span.start &&
		    cfg->events[i].span.end <= e->span.end &&
		    ctx->fn->plan.actions[i].kind >= ACTION_EFFECT && acts_on(ctx, i, resource))
			return true;
	return false;
}

void draft_end_before(const struct rule_ctx *ctx, struct finding *f, struct str calls,
                      const struct exit_point *const *exits, size_t count, uint32_t resource)
{
	size_t asking = 0;
	for (size_t i = 0; i < count; i++)
		asking += exit_asks(ctx, exits[i], resource);
	if (asking == count && count == 1)
		draft_detail(ctx, f, "fix", "result = ...; %.*s; return result", STR_ARG(calls));
	else
		draft_detail(ctx, f, "fix", "%.*s before %.*s%s", STR_ARG(calls),
		             STR_ARG(draft_lines(ctx, exits, count)),
		             asking > 0 ? ", and behind what a return itself asks for" : "");
}

void draft_with(const struct rule_ctx *ctx, struct finding *f, uint32_t resource, const char *where)
{
	const struct resource *r = &ctx->fn->resources[resource];
	const char *async_ = r->kind->is_async ? "async " : "";
	if (is_unpacked(ctx, r))
		draft_finally(ctx, f, r);
	else if (r->origin == ORIGIN_GENERATOR) /* get_db() itself is no context manager */
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
	else if (r->kind->is_async || is_unpacked(ctx, r))
		draft_finally(ctx, f, r);
	else
		draft_detail(
			ctx, f, "fix",
			"with contextlib.closing(%.*s(...)) as %.*s:   (or close it in a finally)",
			STR_ARG(maker), STR_ARG(r->name));
}
