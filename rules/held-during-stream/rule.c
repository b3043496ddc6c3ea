/*
 * held-during-stream - a streamed response is returned while an injected session is in a transaction. What the
 * framework tears down after the response it tears down after the stream: the connection is out of the
 * pool until the client has read everything or has gone (measured: runtime.md 2, pattern 6).
 */
#include "rule.h"

#define STREAMS_MAX 32 /* streamed returns of one handler that are looked at */

struct held {
	const struct exit_point **exits;
	size_t count;
	uint32_t resource;
	enum lifetime lives;
};

/* Is it left in a transaction, or does the stream itself begin one on it? */
static bool is_held(const struct rule_ctx *ctx, const struct exit_point *e, uint32_t r)
{
	if (e->stream == NULL || !exit_is_normal(e) || e->states[r] == 0)
		return false;
	if (exit_holds(e, r))
		return true;
	struct work_use use = stream_use_of(ctx->scratch, ctx->program, ctx->fn, e->stream->event,
	                                    r);
	return use.known && (use.open_at_yield || use.leaves);
}

static struct held find_held(const struct rule_ctx *ctx, uint32_t r)
{
	struct held h = {.resource = r, .lives = lifetime_of(ctx, r)};
	h.exits = arena_array(ctx->scratch, const struct exit_point *, ctx->fn->exit_count);
	unsigned left = STREAMS_MAX;
	for (uint32_t i = 0; i < ctx->fn->exit_count && left > 0; i++) {
		left -= ctx->fn->exits[i].stream != NULL;
		if (is_held(ctx, &ctx->fn->exits[i], r))
			h.exits[h.count++] = &ctx->fn->exits[i];
	}
	return h;
}

/* "follow_job; EventSourceResponse at sse.py:31" */
static void aside(const struct rule_ctx *ctx, struct finding *f, const struct streamed *s)
{
	const struct module *m = project_module(ctx->program->project, s->module);
	if (!s->through_helper)
		return;
	f->aside = arena_printf(ctx->run, "%.*s; %.*s at %.*s:%u", STR_ARG(f->function),
	                        STR_ARG(s->class), STR_ARG(m->path), module_line(m, s->span.start));
}

static void fix(const struct rule_ctx *ctx, struct finding *f, const struct held *h)
{
	const struct resource *r = &ctx->fn->resources[h->resource];
	const char *await = r->kind->is_async ? "await " : "";
	draft_detail(
		ctx, f, "fix",
		"%s%.*s.close() before %.*s, once what the stream needs is read; or read it in a "
		"with block of its own and drop the parameter",
		await, STR_ARG(r->name), STR_ARG(draft_lines(ctx, h->exits, h->count)));
}

static void message(const struct rule_ctx *ctx, struct finding *f, const struct held *h)
{
	const struct exit_point *first = h->exits[0];
	struct str name = ctx->fn->resources[h->resource].name;
	bool sure = states_must(first->states[h->resource], IS_OPEN) &&
	            !first->stream->through_helper;
	const char *stays = h->lives == LIVES_ON_SOON ? "will stay" : sure ? "stays" : "may stay";
	draft_message(ctx, f, "`%.*s` %s in a transaction for the whole stream%s", STR_ARG(name),
	              stays, h->lives == LIVES_ON_SOON ? " from FastAPI 0.118 on" : "");
}

static void report(const struct rule_ctx *ctx, const struct held *h)
{
	enum level level = level_of(ctx->policy, RELEASED_STREAM_END, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, h->resource, h->exits[0]->span,
	                          lifetime_level(h->lives, level));
	message(ctx, f, h);
	for (size_t i = 0; i < h->count; i++)
		draft_exit(ctx, f, h->exits[i], MISSING_CLOSE, RELEASED_STREAM_END);
	aside(ctx, f, h->exits[0]->stream);
	draft_opened(ctx, f, h->resource);
	if (h->count > 1)
		draft_detail(ctx, f, "also", "at %.*s",
		             STR_ARG(draft_lines(ctx, h->exits + 1, h->count - 1)));
	draft_lives_on(ctx, f, h->lives, RELEASED_STREAM_END);
	fix(ctx, f, h);
	draft_trace(ctx, f, h->resource, h->exits[0]);
	draft_submit(ctx, f);
}

/* ---- helpers that are lent the session --------------------------------------------------------- */

#define HELPERS_MAX 5 /* helpers of helpers that are gone into for the place of a finding */

/* The streamed return of a helper at which a session that it is lent is in a transaction. */
static bool find_lent(const struct function *fn, struct held *out)
{
	for (uint32_t r = 0; r < fn->plan.resource_count; r++)
		for (uint32_t i = 0; i < fn->exit_count; i++) {
			if (fn->resources[r].origin != ORIGIN_LENT || fn->exits[i].stream == NULL ||
			    !exit_holds(&fn->exits[i], r))
				continue;
			out->exits[0] = &fn->exits[i];
			out->count = 1;
			out->resource = r;
			return true;
		}
	return false;
}

/*
 * Into the helper that both asks the database and makes the response: the place where that can be mended. False when
 * the session was in a transaction before the helper was called, or when it is not clear what the helper does.
 */
static bool go_into_helper(const struct rule_ctx *ctx, struct held *h, struct function *helper)
{
	const struct exit_point *e = h->exits[0];
	const struct target *t = &ctx->fn->targets[e->stream->event];
	if (!e->stream->through_helper || t->kind != TARGET_SCOPE ||
	    states_may(solution_states(ctx->scratch, &ctx->fn->solution, e->stream->event, false,
	                               h->resource),
	               IS_OPEN))
		return false;
	return function_analyse(ctx->scratch, ctx->program, t->module, t->scope, ENTRY_NONE, false,
	                        helper) &&
	       find_lent(helper, h);
}

/* "chat (routes/chat.py:20)" */
static struct str place_text(const struct rule_ctx *ctx, module_id module, scope_id scope)
{
	const struct module *m = project_module(ctx->program->project, module);
	const struct scope *s = &m->scopes[scope];
	return arena_printf(ctx->scratch, "%.*s (%.*s:%u)",
	                    STR_ARG(project_text(ctx->program->project, s->name)), STR_ARG(m->path),
	                    module_line(m, s->name_span.start));
}

static void report_helper(const struct rule_ctx *owner, const struct rule_ctx *ctx,
                          const struct held *h)
{
	enum level level = level_of(ctx->policy, RELEASED_STREAM_END, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, h->resource, h->exits[0]->span,
	                          lifetime_level(h->lives, level));
	message(ctx, f, h);
	draft_exit(ctx, f, h->exits[0], MISSING_CLOSE, RELEASED_STREAM_END);
	aside(ctx, f, h->exits[0]->stream);
	uint32_t statement = first_statement(ctx, h->resource);
	draft_queried(ctx, f, h->resource, statement);
	draft_detail(ctx, f, "lent by", "%.*s, which injects it",
	             STR_ARG(place_text(owner, owner->fn->module, owner->fn->scope)));
	draft_lives_on(owner, f, h->lives, RELEASED_STREAM_END);
	fix(ctx, f, h);
	draft_related(
		ctx, f, owner->fn->module,
		project_scope(ctx->program->project, owner->fn->module, owner->fn->scope)->name_span,
		"injects the session and returns this stream");
	draft_trace(ctx, f, h->resource, h->exits[0]);
	draft_submit(ctx, f);
}

/* At the innermost function that has both the statement and the stream. */
static void report_innermost(const struct rule_ctx *ctx, const struct held *outer)
{
	struct function helper[HELPERS_MAX];
	struct rule_ctx inner = *ctx;
	struct held h = *outer;
	unsigned depth = 0;
	h.exits = arena_array(ctx->scratch, const struct exit_point *, 1);
	h.exits[0] = outer->exits[0];
	while (outer->count == 1 && depth < HELPERS_MAX &&
	       go_into_helper(&inner, &h, &helper[depth])) {
		inner.fn = &helper[depth];
		depth++;
	}
	if (depth == 0)
		report(ctx, outer);
	else
		report_helper(ctx, &inner, &h);
}

/* ---- dependencies --------------------------------------------------------------------------- */

/* "chat (routes/chat.py:20) and 3 more" */
static struct str pins_text(const struct rule_ctx *ctx, const struct pins *pins)
{
	struct str text = place_text(ctx, pins->shown[0].module, pins->shown[0].scope);
	if (pins->count > 1)
		text = arena_printf(ctx->scratch, "%.*s and %u more", STR_ARG(text),
		                    pins->count - 1);
	return text;
}

static void report_dependency(const struct rule_ctx *ctx, const struct held *h,
                              const struct pins *pins)
{
	const struct resource *r = &ctx->fn->resources[h->resource];
	enum level level = level_of(ctx->policy, RELEASED_STREAM_END, LEFT_EVERYWHERE);
	struct finding *f = draft(ctx, h->resource, h->exits[0]->span,
	                          lifetime_level(h->lives, level));
	draft_message(ctx, f,
	              "`%.*s` %s in a transaction for the whole stream of handlers that use "
	              "this dependency%s",
	              STR_ARG(r->name), h->lives == LIVES_ON_SOON ? "will stay" : "stays",
	              h->lives == LIVES_ON_SOON ? " from FastAPI 0.118 on" : "");
	for (size_t i = 0; i < h->count; i++)
		draft_exit(ctx, f, h->exits[i], MISSING_CLOSE, RELEASED_STREAM_END);
	draft_opened(ctx, f, h->resource);
	draft_detail(ctx, f, "streamed by", "%.*s", STR_ARG(pins_text(ctx, pins)));
	draft_lives_on(ctx, f, h->lives, RELEASED_STREAM_END);
	draft_detail(ctx, f, "fix",
	             "read in a session of its own, in a with block, and drop the parameter");
	for (uint32_t i = 0; i < pins->count && i < PINS_SHOWN_MAX; i++)
		draft_related(ctx, f, pins->shown[i].module,
		              project_scope(ctx->program->project, pins->shown[i].module,
		                            pins->shown[i].scope)
		                      ->name_span,
		              "streams while the dependency's session is open");
	draft_trace(ctx, f, h->resource, h->exits[0]);
	draft_submit(ctx, f);
}

static void check_dependency(const struct rule_ctx *ctx, uint32_t r)
{
	struct held h = {.resource = r, .lives = lifetime_of(ctx, r)};
	if (h.lives == ENDS_BEFORE)
		return;
	h.exits = arena_array(ctx->scratch, const struct exit_point *, ctx->fn->exit_count);
	for (uint32_t i = 0; i < ctx->fn->exit_count; i++)
		if (exit_is_normal(&ctx->fn->exits[i]) && exit_leaves(&ctx->fn->exits[i], r))
			h.exits[h.count++] = &ctx->fn->exits[i];
	if (h.count == 0)
		return;
	struct pins pins = pins_of(ctx->scratch, ctx->program, ctx->fn->module, ctx->fn->scope,
	                           ctx->fn->resources[r].provider);
	if (pins.count > 0)
		report_dependency(ctx, &h, &pins);
}

/* ---- generators with a session of their own ------------------------------------------------------ */

#define VALUES_MAX 64 /* that are looked through for where a loop's items come from */
#define YIELDS_MAX 32 /* of one generator that are looked at */

/* The blocks that run between two chunks: on a way from the yield back to itself. NULL: there is none. */
static const bool *find_cycle(const struct rule_ctx *ctx, uint32_t yield)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	block_id own = cfg_block_of(cfg, yield);
	const bool *after = blocks_after(ctx->scratch, cfg, own, WAYS_NORMAL, NULL);
	bool *in = blocks_before(ctx->scratch, cfg, own, WAYS_NORMAL);
	for (block_id b = 0; b < cfg->block_count; b++)
		in[b] &= after[b];
	return in[own] ? in : NULL;
}

static bool derives(const struct rule_ctx *ctx, ref value, uint32_t r, unsigned *left);

/* enumerate(rows), zip(rows, others): their items are those of what they are given. */
static bool passes_items(const struct rule_ctx *ctx, const struct event *e)
{
	static const char *const passing[] = {"enumerate", "zip",      "sorted", "list",  "iter",
	                                      "map",       "reversed", "filter", "tuple", "chain"};
	if (e->kind != EV_CALL || e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return e->kind == EV_BUILD;
	struct str name = project_text(ctx->program->project,
	                               ctx->fn->cfg.places[ref_index(e->a)].root);
	for (size_t i = 0; i < ARRAY_LEN(passing); i++)
		if (str_is(name, passing[i]))
			return true;
	return false;
}

static bool event_derives(const struct rule_ctx *ctx, uint32_t event, uint32_t r, unsigned *left)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	if (acts_on(ctx, event, r) || derives(ctx, e->a, r, left))
		return true;
	for (uint32_t i = 0; passes_items(ctx, e) && i < e->arg_count; i++)
		if (derives(ctx, ctx->fn->cfg.args[e->first_arg + i].value, r, left))
			return true;
	return false;
}

/* Does the value come from the session: a result, its rows, what belongs to a row? */
static bool derives(const struct rule_ctx *ctx, ref value, uint32_t r, unsigned *left)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	if (*left == 0)
		return true;
	--*left;
	if (ref_kind(value) == REF_KIND_TEMP)
		return event_derives(ctx, ref_index(value), r, left);
	if (ref_kind(value) != REF_KIND_PLACE)
		return false;
	const struct place *p = &cfg->places[ref_index(value)];
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		const struct place *to = e->kind == EV_ASSIGN && ref_kind(e->a) == REF_KIND_PLACE
		                                 ? &cfg->places[ref_index(e->a)]
		                                 : NULL;
		if (to != NULL && to->step_count == 0 && to->root == p->root &&
		    to->root_kind == p->root_kind && derives(ctx, e->b, r, left))
			return true;
	}
	return false;
}

/* Is the session, or what comes from it, used between two chunks? Then it is held for a reason. */
static bool is_used_between(const struct rule_ctx *ctx, uint32_t r, const bool *in)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	unsigned left = VALUES_MAX;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (!in[cfg_block_of(cfg, i)])
			continue;
		if (acts_on(ctx, i, r) || (e->kind == EV_NEXT && derives(ctx, e->a, r, &left)))
			return true;
	}
	return false;
}

static bool is_held_at_yield(const struct rule_ctx *ctx, uint32_t yield, uint32_t r)
{
	state_set s = solution_states(ctx->scratch, &ctx->fn->solution, yield, false, r);
	if (states_left(s) == 0 && !states_must(s, IS_OPEN))
		return false;
	const bool *in = find_cycle(ctx, yield);
	return in != NULL && !is_used_between(ctx, r, in);
}

static void report_generator(const struct rule_ctx *ctx, uint32_t r, uint32_t yield)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct span at = ctx->fn->cfg.events[yield].span;
	struct exit_point exit = {.kind = EXIT_YIELD, .event = yield, .span = at};
	struct finding *f = draft(ctx, r, at, LEVEL_WARNING);
	draft_message(ctx, f, "the stream's own `%.*s` stays in a transaction while it yields",
	              STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_STREAM_END);
	draft_opened(ctx, f, r);
	draft_released(ctx, f, r, RELEASED_STREAM_END);
	draft_detail(
		ctx, f, "fix",
		"leave the block before %u: read into plain data first, open another one to write",
		line_of(ctx, at.start));
	draft_submit(ctx, f);
}

static void check_generator(const struct rule_ctx *ctx, uint32_t r)
{
	const struct scope *s = project_scope(ctx->program->project, ctx->fn->module,
	                                      ctx->fn->scope);
	enum origin origin = ctx->fn->resources[r].origin;
	if ((s->flags & SCOPE_GENERATOR) == 0 || is_yielded(ctx, r) ||
	    (origin != ORIGIN_FACTORY && origin != ORIGIN_MANAGER))
		return;
	unsigned left = YIELDS_MAX;
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count && left > 0; i++) {
		if (ctx->fn->cfg.events[i].kind != EV_YIELD)
			continue;
		left--;
		if (is_held_at_yield(ctx, i, r)) {
			if (stream_runs(ctx->program, ctx->fn->module, ctx->fn->scope))
				report_generator(ctx, r, i);
			return;
		}
	}
}

/* ---- handlers that yield themselves (FastAPI 0.134 and later) ----------------------------------------- */

/* The first yield at which the session is in a transaction. */
static uint32_t open_yield(const struct rule_ctx *ctx, uint32_t r)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	uint32_t first = EVENT_NONE;
	unsigned left = YIELDS_MAX;
	for (uint32_t i = 0; i < cfg->event_count && left > 0; i++) {
		if (cfg->events[i].kind != EV_YIELD)
			continue;
		left--;
		state_set s = solution_states(ctx->scratch, &ctx->fn->solution, i, false, r);
		bool open = states_left(s) != 0 || states_must(s, IS_OPEN);
		if (open && (first == EVENT_NONE ||
		             cfg->events[i].span.start < cfg->events[first].span.start))
			first = i;
	}
	return first;
}

static void report_yielding(const struct rule_ctx *ctx, uint32_t r, uint32_t yield)
{
	const struct resource *resource = &ctx->fn->resources[r];
	struct span at = ctx->fn->cfg.events[yield].span;
	struct exit_point exit = {.kind = EXIT_YIELD, .event = yield, .span = at};
	struct finding *f = draft(ctx, r, at,
	                          level_of(ctx->policy, RELEASED_STREAM_END, LEFT_EVERYWHERE));
	draft_message(ctx, f, "`%.*s` stays in a transaction while this handler yields",
	              STR_ARG(resource->name));
	draft_exit(ctx, f, &exit, MISSING_CLOSE, RELEASED_STREAM_END);
	draft_opened(ctx, f, r);
	draft_lives_on(ctx, f, LIVES_ON, RELEASED_STREAM_END);
	draft_detail(ctx, f, "fix",
	             "read what the stream needs, then %s%.*s.close() before %u; or open a session "
	             "for each chunk",
	             resource->kind->is_async ? "await " : "", STR_ARG(resource->name),
	             line_of(ctx, at.start));
	draft_submit(ctx, f);
}

static bool check_yielding(const struct rule_ctx *ctx, uint32_t r)
{
	const struct scope *s = project_scope(ctx->program->project, ctx->fn->module,
	                                      ctx->fn->scope);
	if (ctx->fn->entry != ENTRY_HTTP || (s->flags & SCOPE_GENERATOR) == 0 ||
	    lifetime_of(ctx, r) != LIVES_ON || !handlers_stream(ctx))
		return false;
	uint32_t yield = open_yield(ctx, r);
	if (yield != EVENT_NONE)
		report_yielding(ctx, r, yield);
	return true;
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++) {
		check_generator(ctx, r);
		if (!is_torn_down(ctx, r) || !parameter_is_used(ctx, r) || check_yielding(ctx, r))
			continue;
		struct held h = find_held(ctx, r);
		if (h.count > 0 && h.lives != ENDS_BEFORE)
			report_innermost(ctx, &h);
		else if (ctx->fn->entry == ENTRY_DEPENDENCY && provider_here(ctx) == NULL)
			check_dependency(ctx, r);
	}
}

const struct rule rule_held_during_stream = {
	.id = "held-during-stream",
	.title = "A transaction stays open while a response is streamed",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
