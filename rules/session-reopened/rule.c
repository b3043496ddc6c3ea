/*
 * session-reopened - a stream, task or thread uses a session that has been closed for it: by its dependency, or by
 * the with block it was made in. A closed Session silently opens again, and nobody closes it any more
 * (measured: runtime.md 2, patterns 6 and 21).
 */
#include "rule.h"

#define LATER_MAX 32 /* streams, and tasks, of one function that are looked at */

/* What uses it, when that is, and where a person is pointed at. */
struct reopened {
	uint32_t resource;
	struct span at;
	const char *by;     /* "the stream", "the background task", "the task", "the thread" */
	struct str name;    /* of the function that runs, when it is known */
	bool by_dependency; /* else: closed by this function itself */
	bool surely;        /* nothing unread could have ended it again */
};

static void why(const struct rule_ctx *ctx, struct finding *f, const struct reopened *o,
                bool versioned)
{
	if (versioned)
		draft_reopened(ctx, f, o->resource);
	else if (o->by_dependency)
		draft_detail(
			ctx, f, "why",
			"its dependency closes it after the response, and nothing waits for %s",
			o->by);
	else
		draft_detail(ctx, f, "why",
		             "it is closed when this function is left, before %s runs", o->by);
	f->released_by = RELEASED_GARBAGE_COLLECTION;
	if (!versioned)
		draft_released(ctx, f, o->resource, RELEASED_GARBAGE_COLLECTION);
}

static void report(const struct rule_ctx *ctx, const struct reopened *o, bool versioned)
{
	const struct resource *r = &ctx->fn->resources[o->resource];
	enum level level = level_of(ctx->policy, RELEASED_GARBAGE_COLLECTION, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, o->resource, o->at, o->surely ? level : LEVEL_WARNING);
	draft_message(ctx, f,
	              "%s%s%.*s uses `%.*s` after it was closed, which opens it again for nobody",
	              o->by, o->name.len > 0 ? " " : "", STR_ARG(o->name), STR_ARG(r->name));
	draft_opened(ctx, f, o->resource);
	why(ctx, f, o, versioned);
	draft_detail(ctx, f, "fix",
	             "open a session in %s: %s %s(...) as %.*s: ...   and pass ids only", o->by,
	             r->kind->is_async ? "async with" : "with",
	             r->kind->is_async ? "AsyncSessionLocal" : "SessionLocal", STR_ARG(r->name));
	draft_submit(ctx, f);
}

/* ---- streams -------------------------------------------------------------------------------- */

static bool opens_again(struct work_use use)
{
	return use.known && use.uses && use.leaves;
}

/* The EV_RETURN whose value this exit returns. */
static uint32_t return_of(const struct rule_ctx *ctx, const struct exit_point *e)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_RETURN && cfg->events[i].span.start == e->span.start)
			return i;
	return EVENT_NONE;
}

static bool is_closed_by_return(const struct rule_ctx *ctx, const struct exit_point *e, uint32_t r)
{
	uint32_t returned = return_of(ctx, e);
	return returned != EVENT_NONE && is_closed_behind(ctx, returned, r);
}

/* Has its provider closed it before the response is sent? When a middleware does was not measured. */
static bool is_closed_before(const struct rule_ctx *ctx, uint32_t r)
{
	return is_torn_down(ctx, r) && provider_lender(ctx->fn->resources[r].provider) == NULL &&
	       lifetime_of(ctx, r) != LIVES_ON;
}

static void check_stream(const struct rule_ctx *ctx, uint32_t r)
{
	bool torn_down = is_torn_down(ctx, r), before = is_closed_before(ctx, r);
	unsigned left = LATER_MAX;
	for (uint32_t i = 0; i < ctx->fn->exit_count && left > 0; i++) {
		const struct exit_point *e = &ctx->fn->exits[i];
		left -= e->stream != NULL;
		if (e->stream == NULL || !(before || (!torn_down && is_closed_by_return(ctx, e, r))))
			continue;
		struct work_use use = stream_use_of(ctx->scratch, ctx->program, ctx->fn,
		                                    e->stream->event, r);
		if (!opens_again(use))
			continue;
		struct reopened o = {r, e->span, "the stream", STR_EMPTY, torn_down, use.surely};
		report(ctx, &o, before);
		return;
	}
}

/* ---- tasks and threads ------------------------------------------------------------------------ */

static const char *work_words(enum work_kind k)
{
	switch (k) {
	case WORK_BACKGROUND: return "the background task";
	case WORK_TASK: return "the task";
	case WORK_THREAD: return "the thread";
	case WORK_DEFERRED: break;
	}
	return "the generator";
}

static void check_work(const struct rule_ctx *ctx, const struct work *w, uint32_t r)
{
	bool torn_down = is_torn_down(ctx, r), background = w->kind == WORK_BACKGROUND;
	bool before = background && is_closed_before(ctx, r);
	bool late = background ? before : torn_down && work_is_abandoned(ctx, w);
	bool own = !torn_down && ctx->fn->resources[r].origin != ORIGIN_DEPENDENCY &&
	           ctx->fn->resources[r].origin != ORIGIN_LENT &&
	           ctx->fn->resources[r].origin != ORIGIN_REGISTRY &&
	           (background || work_is_abandoned(ctx, w)) && is_closed_behind(ctx, w->event, r);
	if (!late && !own)
		return;
	struct work_use use = work_use_of(ctx->scratch, ctx->program, ctx->fn, w, r);
	if (!opens_again(use))
		return;
	struct reopened o = {r,
	                     ctx->fn->cfg.events[w->event].span,
	                     work_words(w->kind),
	                     w->name,
	                     torn_down,
	                     use.surely};
	report(ctx, &o, before);
}

/* ---- Flask: the context is gone when the body is made ---------------------------------------------- */

static bool is_decorated(const struct rule_ctx *ctx, const char *name)
{
	const struct project *p = ctx->program->project;
	const struct module *m = project_module(p, ctx->fn->module);
	const struct scope *s = &m->scopes[ctx->fn->scope];
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		const struct expr *d = &m->exprs[m->decorators[s->first_decorator + i]];
		if (d->kind == EXPR_NAME && str_is(dotted_last(project_text(p, d->text)), name))
			return true;
	}
	return false;
}

/* Of Flask and Quart: those of FastAPI are asked for by their own names, and know no context. */
static bool is_of_flask(const struct streamed *s)
{
	return str_is(s->class, "Response") || str_is(s->class, "response_class") ||
	       str_is(s->class, "make_response");
}

static void report_registry(const struct rule_ctx *ctx, uint32_t r, const struct exit_point *left,
                            const struct streamed *stream)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct module *m = project_module(ctx->program->project, stream->module);
	uint32_t use = registry_event(ctx, r, REGISTRY_USED);
	struct finding *f = draft(ctx, r,
	                          use == EVENT_NONE ? left->span : ctx->fn->cfg.events[use].span,
	                          level_of(ctx->policy, RELEASED_NEVER, LEFT_EVERYWHERE));
	draft_message(ctx, f, "the stream uses `%.*s` when its request is over, and nobody ends it",
	              STR_ARG(resource->name));
	draft_exit(ctx, f, left, MISSING_CLOSE, RELEASED_NEVER);
	draft_detail(ctx, f, "streamed by", "%.*s:%u", STR_ARG(m->path),
	             module_line(m, stream->span.start));
	draft_detail(ctx, f, "why",
	             "teardown hooks run before the body is made; this opens the thread's session "
	             "again");
	draft_released(ctx, f, r, RELEASED_NEVER);
	draft_detail(
		ctx, f, "fix",
		"stream_with_context(...), or read before the response is made, or end it here: "
		"finally: %.*s.remove()",
		STR_ARG(resource->name));
	draft_submit(ctx, f);
}

static void check_flask_stream(const struct rule_ctx *ctx, uint32_t r)
{
	const struct scope *s = project_scope(ctx->program->project, ctx->fn->module,
	                                      ctx->fn->scope);
	const struct resource *resource = &ctx->fn->resources[r];
	const struct exit_point *left = registry_left_open(ctx, r, false);
	struct streamed stream;
	bool in_context;
	if ((s->flags & (SCOPE_GENERATOR | SCOPE_ASYNC)) != SCOPE_GENERATOR || left == NULL ||
	    resource->managed || !resource->thread_local_scope ||
	    is_decorated(ctx, "stream_with_context") ||
	    !stream_of_generator(ctx->program, ctx->fn->module, ctx->fn->scope, &stream,
	                         &in_context) ||
	    in_context || !is_of_flask(&stream))
		return;
	report_registry(ctx, r, left, &stream);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		enum origin origin = ctx->fn->resources[r].origin;
		if (origin == ORIGIN_REGISTRY)
			check_flask_stream(ctx, r);
		if (origin == ORIGIN_REGISTRY || origin == ORIGIN_LENT)
			continue;
		check_stream(ctx, r);
		unsigned left = LATER_MAX;
		for (uint32_t i = 0; i < ctx->fn->work_count && left > 0; i++) {
			if (ctx->fn->works[i].kind == WORK_DEFERRED)
				continue;
			left--;
			check_work(ctx, &ctx->fn->works[i], r);
		}
	}
}

const struct rule rule_session_reopened = {
	.id = "session-reopened",
	.title = "Later work uses a session that was closed for it",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
