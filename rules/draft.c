/* draft.c - the parts that the rules' findings are put together from. */
#include "rule.h"

#include <stb/stb_ds.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- levels -------------------------------------------------------------------- */

static enum level level_after_response(enum policy policy, enum inconsistency how)
{
	if (policy == POLICY_LEAKS)
		return LEVEL_OFF;
	if (policy == POLICY_EXPLICIT)
		return how == LEFT_SOMEWHERE ? LEVEL_ERROR : LEVEL_WARNING;
	if (how == LEFT_UNTOUCHED)
		return LEVEL_OFF;
	return how == LEFT_SOMEWHERE ? LEVEL_WARNING : LEVEL_NOTE;
}

enum level level_of(enum policy policy, enum released_by by, enum inconsistency how)
{
	switch (by) {
	case RELEASED_NEVER:
	case RELEASED_THREAD_EXIT:
	case RELEASED_GARBAGE_COLLECTION:
	case RELEASED_STREAM_END:
	case RELEASED_DISCONNECT: return LEVEL_ERROR;
	case RELEASED_BACKGROUND_END: return LEVEL_WARNING;
	case RELEASED_RESPONSE_SENT: return level_after_response(policy, how);
	case RELEASED_PROMPT: return LEVEL_NOTE;
	case RELEASED_COUNT: break;
	}
	abort();
}

enum level level_until(const struct rule_ctx *ctx, enum released_by by)
{
	if (by >= RELEASED_STREAM_END)
		return LEVEL_ERROR;
	return ctx->policy == POLICY_LEAKS ? LEVEL_OFF : LEVEL_WARNING;
}

/* ---- pieces --------------------------------------------------------------------- */

static struct location location_at(const struct rule_ctx *ctx, module_id m, struct span span)
{
	return (struct location){.path = project_module(ctx->program->project, m)->path,
	                         .span = span};
}

static struct location location_here(const struct rule_ctx *ctx, struct span span)
{
	return location_at(ctx, ctx->fn->module, span);
}

/* Where the provider is defined; a line of 0 when its body was not read. */
static struct location provider_place(const struct rule_ctx *ctx, const struct provider *p)
{
	if (p == NULL || p->module == MODULE_NONE)
		return (struct location){.line = 0};
	const struct module *m = project_module(ctx->program->project, p->module);
	return (struct location){
		.path = m->path,
		.line = module_line(m, m->scopes[p->scope].name_span.start),
	};
}

static struct resource_info resource_info_of(const struct rule_ctx *ctx, const struct resource *r)
{
	return (struct resource_info){
		.name = arena_str(ctx->run, r->name), /* both may be scratch texts */
		.kind = r->kind->id,
		.origin = origin_word(r->origin),
		.provider = arena_str(ctx->run, r->provider != NULL ? r->provider->name : r->maker),
		.provider_at = provider_place(ctx, r->provider),
		.at = location_here(ctx, r->span),
	};
}

static enum level capped(const struct rule_ctx *ctx, enum level level)
{
	return level > ctx->rule->level_max ? ctx->rule->level_max : level;
}

struct finding *draft(const struct rule_ctx *ctx, uint32_t resource, struct span span,
                      enum level level)
{
	const struct project *p = ctx->program->project;
	const struct scope *s = project_scope(p, ctx->fn->module, ctx->fn->scope);
	struct finding *f = arena_new(ctx->run, struct finding);
	const struct resource *r = &ctx->fn->resources[resource];
	*f = (struct finding){
		.rule = ctx->rule,
		.level = capped(ctx, level),
		.at = location_here(ctx, span),
		.function = project_text(p, s->qualname),
		.function_at = location_here(ctx, s->name_span),
		.body_hash = s->body_hash,
		.ordinal = r->ordinal,
		.resource = resource_info_of(ctx, r),
		.aside = project_text(p, s->qualname),
		.regimes = 1u << ctx->regime,
	};
	return f;
}

void draft_message(const struct rule_ctx *ctx, struct finding *f, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	f->message = arena_str(ctx->run, str_of(text));
}

/* Arrays of a finding grow in the run arena, to the next power of two, so that n items cost n. */
#define DRAFT_PUSH(ctx, array, count, item)                                                        \
	do {                                                                                       \
		if (((count) & ((count)-1)) == 0) {                                                \
			void *grown_ = arena_alloc_array((ctx)->run,                               \
			                                 (count) > 0 ? 2 * (size_t)(count) : 1,    \
			                                 sizeof *(array), 16);                     \
			if ((count) > 0)                                                           \
				memcpy(grown_, (array), (count) * sizeof *(array));                \
			(array) = grown_;                                                          \
		}                                                                                  \
		(array)[(count)++] = (item);                                                       \
	} while (0)

void draft_detail(const struct rule_ctx *ctx, struct finding *f, const char *label,
                  const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	struct detail detail = {label, arena_str(ctx->run, str_of(text))};
	DRAFT_PUSH(ctx, f->details, f->detail_count, detail);
}

void draft_exit(const struct rule_ctx *ctx, struct finding *f, const struct exit_point *e,
                unsigned missing, enum released_by by)
{
	struct finding_exit exit = {e->kind, location_here(ctx, e->span), missing, by};
	DRAFT_PUSH(ctx, f->exits, f->exit_count, exit);
	f->missing |= missing;
	if (by > f->released_by)
		f->released_by = by;
}

void draft_step(const struct rule_ctx *ctx, struct finding *f, struct span span, const char *message)
{
	struct trace_step step = {location_here(ctx, span), str_of(message)};
	DRAFT_PUSH(ctx, f->trace, f->trace_count, step);
}

void draft_step_in(const struct rule_ctx *ctx, struct finding *f, module_id m, struct span span,
                   const char *message)
{
	struct trace_step step = {location_at(ctx, m, span), str_of(message)};
	DRAFT_PUSH(ctx, f->trace, f->trace_count, step);
}

static const char *exit_words(enum exit_kind k)
{
	switch (k) {
	case EXIT_RETURN: return "returns here with the session still open";
	case EXIT_FALL_OFF: return "the function ends here with the session still open";
	case EXIT_RAISE: return "raises here with the session still open";
	case EXIT_IMPLICIT_RAISE: return "what this call raises leaves the session open";
	case EXIT_YIELD:
	case EXIT_WAIT:
	case EXIT_OVERWRITE:
	case EXIT_DISCARD:
	case EXIT_TEARDOWN:
	case EXIT_KIND_COUNT: break;
	}
	return "leaves here with the session still open";
}

/* A callee that was read and may end the transaction; it leaves none that is its own. */
static bool callee_ends(const struct action *a)
{
	bool opens = false;
	for (uint16_t i = 0; i < a->transfer_count; i++)
		opens |= states_may(a->transfers[i].normal, IS_OPEN);
	return a->kind == ACTION_CALLEE && !opens && action_does(a, DEED_ENDS);
}

/* The steps of a path that a reader needs: statements, ends, and where it turns. */
static void add_path(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                     const struct witness *w)
{
	bool asked = false;
	for (uint32_t i = 0; i < w->count; i++) {
		const struct action *a = &ctx->fn->plan.actions[w->events[i]];
		const struct event *e = &ctx->fn->cfg.events[w->events[i]];
		bool works = a->kind >= ACTION_EFFECT && acts_on(ctx, w->events[i], resource);
		if (works && callee_ends(a)) {
			draft_step(ctx, f, e->span,
			           "is given the session and may end its transaction");
			draft_deeds(ctx, f, resource, w->events[i], DEED_ENDS);
			asked = false;
		} else if (works && !asked &&
		           (a->effect.normal == DO_STATEMENT || a->effect.normal == DO_FLUSH)) {
			draft_step(ctx, f, e->span, "this statement opens the transaction");
			asked = true;
		} else if (works && !asked && action_does(a, DEED_OPENS)) {
			draft_step(ctx, f, e->span, "is given the session and may run statements");
			draft_deeds(ctx, f, resource, w->events[i], DEED_OPENS);
		} else if (works &&
		           (a->effect.normal == DO_COMMIT || a->effect.normal == DO_ROLLBACK)) {
			draft_step(ctx, f, e->span, "ends the transaction");
			asked = false;
		} else if (e->kind == EV_CATCH) {
			draft_step(ctx, f, e->span, "the exception is caught here");
		}
	}
}

void draft_trace(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                 const struct exit_point *exit)
{
	struct witness w;
	struct span end = exit->span;
	draft_made(ctx, f, resource);
	draft_step(ctx, f, ctx->fn->resources[resource].span, "session opened here");
	state_set left = states_left(exit->states[resource]);
	if (witness_find(ctx->scratch, &ctx->fn->solution, resource, exit->event,
	                 left != 0 ? left : exit->states[resource], &w)) {
		add_path(ctx, f, resource, &w);
		if (exit->kind == EXIT_IMPLICIT_RAISE && w.last_raise != UINT32_MAX)
			end = ctx->fn->cfg.events[w.last_raise].span;
	}
	draft_step(ctx, f, end, exit_words(exit->kind));
}

static void draft_provider(const struct rule_ctx *ctx, struct finding *f, const struct resource *r)
{
	const struct provider *p = r->provider, *lender = provider_lender(p);
	if (lender != NULL) {
		struct location at = provider_place(ctx, lender);
		draft_detail(ctx, f, "opened by",
		             "%.*s (%.*s:%u), which keeps it in the request's state",
		             STR_ARG(lender->name), STR_ARG(at.path), at.line);
	} else if (p->basis == PROVIDER_UNKNOWN) {
		if (p->name.len > 0)
			draft_detail(ctx, f, "opened by",
			             "%.*s, through Depends (not found; taken to close it)",
			             STR_ARG(p->name));
		else
			draft_detail(ctx, f, "opened by",
			             "a dependency (not found; taken to close it)");
	} else if (p->basis == PROVIDER_PASSES) {
		draft_detail(ctx, f, "opened by",
		             "somebody else, %.*s (%.*s:%u) passes it on (taken to be closed)",
		             STR_ARG(p->name), STR_ARG(f->resource.provider_at.path),
		             f->resource.provider_at.line);
	} else if (p->basis == PROVIDER_MAKER) {
		draft_detail(ctx, f, "opened by", "%.*s itself, through Depends: nothing closes it",
		             STR_ARG(p->name));
	} else if (p->basis == PROVIDER_NAMED) {
		draft_detail(ctx, f, "opened by",
		             "%.*s, through Depends (the configuration says that it closes it)",
		             STR_ARG(p->name));
	} else if (p->basis == PROVIDER_BY_NAME) {
		draft_detail(ctx, f, "opened by",
		             "%.*s, through Depends (judged by its name: closes it)",
		             STR_ARG(p->name));
	} else {
		draft_detail(ctx, f, "opened by", "%.*s (%.*s:%u), through Depends",
		             STR_ARG(p->name), STR_ARG(f->resource.provider_at.path),
		             f->resource.provider_at.line);
	}
}

void draft_origin(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	const struct resource *r = &ctx->fn->resources[resource];
	if (r->provider != NULL && r->origin == ORIGIN_DEPENDENCY)
		draft_provider(ctx, f, r);
	else if (r->origin == ORIGIN_LENT && r->event == EVENT_NONE)
		draft_detail(ctx, f, "opened by", "its caller, who lends it");
	else if (!draft_made_by(ctx, f, resource))
		draft_detail(ctx, f, "opened at", "%u", line_of(ctx, r->span.start));
}

void draft_opened(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	const struct resource *r = &ctx->fn->resources[resource];
	uint32_t statement = first_statement(ctx, resource);
	draft_origin(ctx, f, resource);
	if (statement == EVENT_NONE && ctx->fn->unknown_decorator)
		draft_detail(ctx, f, "queried by",
		             "perhaps its decorator, which is given `%.*s` too", STR_ARG(r->name));
	else
		draft_queried(ctx, f, resource, statement);
}

/* The allowed versions that take back what they give before the response is sent: "0.106 to 0.117". */
static struct str early_versions(const struct rule_ctx *ctx, const struct framework_version *v)
{
	unsigned early = 0;
	for (unsigned i = 0; i < v->regime_count; i++)
		if (v->regimes[i].teardown == TEARDOWN_BEFORE_RESPONSE)
			early |= 1u << i;
	return regimes_text(ctx->scratch, v, early);
}

/* "by get_db, after the response is sent (FastAPI 0.128.0, uv.lock)" */
static void draft_torn_down(const struct rule_ctx *ctx, struct finding *f, const struct resource *r)
{
	struct str version;
	const struct framework_version *v = draft_version(ctx, f, &version);
	struct str by = r->provider == NULL || r->provider->name.len == 0 ? STR("its dependency")
	                                                                  : r->provider->name;
	const struct provider *lender = provider_lender(r->provider);
	if (lender != NULL) {
		draft_detail(ctx, f, "released", "by %.*s, %s", STR_ARG(lender->name),
		             lender->before_body ? "when it has the response"
		                                 : "after the response is sent");
		return;
	}
	bool early = ends_with_function(ctx, (uint32_t)(r - ctx->fn->resources));
	f->depends_on_version = v->depends && !early;
	if (early)
		draft_detail(ctx, f, "released",
		             "by %.*s, before the response is sent (scope=\"function\", %.*s)",
		             STR_ARG(by), STR_ARG(version));
	else if (v->depends)
		draft_detail(ctx, f, "released",
		             "by %.*s, after the response is sent; depends on the version: before "
		             "it with FastAPI %.*s (%.*s in %.*s)",
		             STR_ARG(by), STR_ARG(early_versions(ctx, v)), STR_ARG(v->range),
		             STR_ARG(v->from));
	else
		draft_detail(ctx, f, "released", "by %.*s, %s the response is sent (%.*s)",
		             STR_ARG(by),
		             v->regimes[0].teardown == TEARDOWN_BEFORE_RESPONSE ? "before" : "after",
		             STR_ARG(version));
}

void draft_released(const struct rule_ctx *ctx, struct finding *f, uint32_t resource,
                    enum released_by by)
{
	const struct resource *r = &ctx->fn->resources[resource];
	switch (by) {
	case RELEASED_RESPONSE_SENT: draft_torn_down(ctx, f, r); break;
	case RELEASED_GARBAGE_COLLECTION:
		draft_detail(ctx, f, "released",
		             "when the cyclic garbage collector happens to run; not at return");
		break;
	case RELEASED_NEVER: draft_detail(ctx, f, "released", "never"); break;
	case RELEASED_THREAD_EXIT:
		draft_detail(ctx, f, "released",
		             "after the thread ends, when the garbage collector runs");
		break;
	case RELEASED_DISCONNECT: draft_detail(ctx, f, "released", "when the socket closes"); break;
	case RELEASED_STREAM_END:
		draft_detail(ctx, f, "released", "at stream end or disconnect");
		break;
	case RELEASED_BACKGROUND_END:
		draft_detail(ctx, f, "released", "when the background work ends");
		break;
	case RELEASED_PROMPT:
	case RELEASED_COUNT: break;
	}
}

void draft_aside_returns(const struct rule_ctx *ctx, struct finding *f, unsigned offending)
{
	unsigned returns = 0;
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		returns += exit_is_normal(&ctx->fn->exits[i]);
	f->aside = arena_printf(ctx->run, "%.*s, %u of %u return%s", STR_ARG(f->function),
	                        offending, returns, returns == 1 ? "" : "s");
}

struct str draft_lines(const struct rule_ctx *ctx, const struct exit_point *const *exits,
                       size_t count)
{
	struct str text = STR_EMPTY;
	size_t shown = count > 6 ? 6 : count;
	for (size_t i = 0; i < shown; i++) {
		const char *between = i == 0 ? "" : i + 1 == count ? " and " : ", ";
		text = arena_printf(ctx->run, "%.*s%s%u", STR_ARG(text), between,
		                    line_of(ctx, exits[i]->span.start));
	}
	if (shown < count)
		text = arena_printf(ctx->run, "%.*s and %zu more", STR_ARG(text), count - shown);
	return text;
}

void draft_related(const struct rule_ctx *ctx, struct finding *f, module_id m, struct span span,
                   const char *message)
{
	struct related one = {NULL, location_at(ctx, m, span), str_of(message)};
	DRAFT_PUSH(ctx, f->related, f->related_count, one);
}

void draft_submit(const struct rule_ctx *ctx, struct finding *f)
{
	arrput(*ctx->findings, *f);
}
