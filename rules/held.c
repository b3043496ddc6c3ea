/* held.c - see held.h. */
#include "held.h"

#include "rule.h"

/* ---- which waits ------------------------------------------------------------------------ */

static bool is_in_loop(struct arena *scratch, const struct cfg *cfg, uint32_t event)
{
	block_id block = cfg_block_of(cfg, event);
	return blocks_before(scratch, cfg, block, WAYS_ALL)[block];
}

bool held_by_socket(const struct rule_ctx *ctx, const struct held_wait *h)
{
	const struct function *fn = ctx->fn;
	if (h->wait.family->is_socket)
		return true;
	return (fn->entry == ENTRY_WEBSOCKET || fn->entry == ENTRY_SOCKETIO) &&
	       is_in_loop(ctx->scratch, &fn->cfg, h->event);
}

/* Does the event call what surely leaves a session in a transaction? */
static bool callee_opens(const struct action *a)
{
	for (uint16_t i = 0; i < a->transfer_count; i++)
		if (states_must(a->transfers[i].normal, IS_OPEN))
			return true;
	return false;
}

/*
 * A registry's session that a callee puts in a transaction before an entry point itself waits: the thread has it
 * from the entry's start to its end. In a function that others call it hangs on them who is in one.
 */
static uint32_t opening_call(const struct rule_ctx *ctx, uint32_t r, const struct held_wait *h,
                             const bool *blocks)
{
	const struct function *fn = ctx->fn;
	uint32_t last = EVENT_NONE;
	if (fn->resources[r].origin != ORIGIN_REGISTRY || fn->entry == ENTRY_NONE ||
	    h->wait.module != fn->module || h->wait.scope != fn->scope ||
	    !states_must(h->states, IS_OPEN))
		return EVENT_NONE;
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		const struct span span = fn->cfg.events[i].span;
		if (callee_opens(&fn->plan.actions[i]) && blocks[cfg_block_of(&fn->cfg, i)] &&
		    span.start < fn->cfg.events[h->event].span.start &&
		    (last == EVENT_NONE || span.start > fn->cfg.events[last].span.start) &&
		    acts_on(ctx, i, r))
			last = i;
	}
	return last;
}

/*
 * What begins the transaction: the last statement before the wait as the text stands, or in a loop the last one
 * of all. A decorator that may run one is no proof.
 */
static uint32_t statement_of(const struct rule_ctx *ctx, uint32_t r, const struct held_wait *h)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	block_id block = cfg_block_of(cfg, h->event);
	bool *blocks = blocks_before(ctx->scratch, cfg, block, WAYS_ALL);
	bool loops = blocks[block];
	blocks[block] = true;
	uint32_t before = last_statement(ctx, r, cfg->events[h->event].span.start, blocks);
	if (before == EVENT_NONE && loops)
		before = last_statement(ctx, r, UINT32_MAX, blocks);
	return before != EVENT_NONE ? before : opening_call(ctx, r, h, blocks);
}

/* Surer before weaker, then as they stand. */
static bool speaks_before(const struct rule_ctx *ctx, const struct held_wait *a,
                          const struct held_wait *b)
{
	if (a->wait.sure != b->wait.sure)
		return a->wait.sure;
	return ctx->fn->cfg.events[a->event].span.start < ctx->fn->cfg.events[b->event].span.start;
}

/* ---- who answers for them ---------------------------------------------------------------- */

/* Does it begin in a callee that is judged itself? Then that says so, of all that lend it a session. */
static bool begins_in_callee(const struct held_wait *h)
{
	return h->states != h->unanswered && states_hold(h->states);
}

/* Is it a job's own session? Nobody stands above a job who could end it: what callees do to it is its affair. */
static bool is_of_job(const struct rule_ctx *ctx, const struct resource *r)
{
	enum entry_kind entry = ctx->fn->entry;
	bool made_here = r->origin == ORIGIN_FACTORY || r->origin == ORIGIN_MANAGER;
	return made_here &&
	       (entry == ENTRY_TASK || entry == ENTRY_SCHEDULER || entry == ENTRY_THREAD ||
	        entry == ENTRY_STARTUP || entry == ENTRY_COMMAND || entry == ENTRY_BACKGROUND);
}

static bool answers_for(const struct rule_ctx *ctx, uint32_t r, const struct held_wait *h)
{
	if (states_hold(h->unanswered) && statement_of(ctx, r, h) != EVENT_NONE)
		return true;
	return begins_in_callee(h) && is_of_job(ctx, &ctx->fn->resources[r]);
}

/* Tells the callee's own finding whose session it is. */
static void note_lender(const struct rule_ctx *ctx, uint32_t r, const struct held_wait *h)
{
	const struct project *p = ctx->program->project;
	const struct target *t = &ctx->fn->targets[h->event];
	if (!begins_in_callee(h) || t->kind != TARGET_SCOPE ||
	    ctx->fn->resources[r].origin == ORIGIN_LENT)
		return;
	struct finding *f = draft(ctx, r, ctx->fn->cfg.events[h->event].span, ctx->rule->level_max);
	draft_message(ctx, f, "%.*s lends its session here",
	              STR_ARG(project_text(
			      p, project_scope(p, ctx->fn->module, ctx->fn->scope)->qualname)));
	f->lent_to = (struct location){.path = project_module(p, t->module)->path,
	                               .span = project_scope(p, t->module, t->scope)->name_span};
	draft_submit(ctx, f);
}

/* Looked at of one resource in one function: each costs a walk over the function, and nobody reads more. */
#define HELD_WAITS_MAX 256

bool held_report(const struct rule_ctx *ctx, uint32_t r,
                 bool (*mine)(const struct rule_ctx *, const struct held_wait *),
                 void (*write)(const struct rule_ctx *, struct finding *, uint32_t r,
                               const struct held_wait *, uint32_t count))
{
	struct held_wait *all;
	uint32_t kept = 0, first = 0;
	uint32_t count = held_list(ctx->scratch, ctx->program, ctx->fn, r, states_hold, &all);
	for (uint32_t i = 0; i < count && i < HELD_WAITS_MAX; i++) {
		if (!mine(ctx, &all[i]))
			continue;
		note_lender(ctx, r, &all[i]);
		if (answers_for(ctx, r, &all[i]))
			all[kept++] = all[i];
	}
	for (uint32_t i = 1; i < kept; i++)
		if (speaks_before(ctx, &all[i], &all[first]))
			first = i;
	if (kept == 0)
		return false;
	struct held_wait speaker = all[first];
	all[first] = all[0];
	all[0] = speaker;
	struct finding *f = draft(ctx, r, ctx->fn->cfg.events[speaker.event].span, LEVEL_OFF);
	write(ctx, f, r, all, kept);
	draft_submit(ctx, f);
	return true;
}

/* ---- what is said of them ----------------------------------------------------------------- */

enum released_by held_released_by(const struct resource *r)
{
	switch (r->origin) {
	case ORIGIN_DEPENDENCY: return provider_release(r, false);
	case ORIGIN_REGISTRY: return RELEASED_THREAD_EXIT;
	case ORIGIN_LENT:
	case ORIGIN_KEPT:
	case ORIGIN_FACTORY:
	case ORIGIN_GENERATOR:
	case ORIGIN_MANAGER: return RELEASED_PROMPT;
	}
	return RELEASED_PROMPT;
}

static struct location wait_place(const struct rule_ctx *ctx, const struct wait *w)
{
	const struct module *m = project_module(ctx->program->project, w->module);
	return (struct location){
		.path = m->path, .span = w->span, .line = module_line(m, w->span.start)};
}

void held_draft(const struct rule_ctx *ctx, struct finding *f, uint32_t r, const struct held_wait *h)
{
	uint32_t statement = statement_of(ctx, r, h);
	struct str text = wait_text(ctx->run, ctx->program, ctx->fn, &h->wait);
	struct location at = wait_place(ctx, &h->wait);
	bool elsewhere = h->wait.module != ctx->fn->module || h->wait.scope != ctx->fn->scope;
	draft_origin(ctx, f, r);
	draft_step(ctx, f, ctx->fn->resources[r].span, "the session comes from here");
	if (statement != EVENT_NONE) {
		struct span span = ctx->fn->cfg.events[statement].span;
		draft_queried(ctx, f, r, statement);
		draft_step(ctx, f, span, "this opens the transaction");
		draft_deeds(ctx, f, r, statement, DEED_OPENS);
	}
	const struct target *t = &ctx->fn->targets[h->event];
	if (statement == EVENT_NONE && t->kind == TARGET_SCOPE)
		draft_detail(
			ctx, f, "queried in", "%.*s, which is lent it",
			STR_ARG(project_text(
				ctx->program->project,
				project_scope(ctx->program->project, t->module, t->scope)->qualname)));
	if (elsewhere && text.len > 0)
		draft_detail(ctx, f, "waits in", "%.*s (%.*s:%u)", STR_ARG(text), STR_ARG(at.path),
		             at.line);
	else if (elsewhere)
		draft_detail(ctx, f, "waits in", "%.*s:%u", STR_ARG(at.path), at.line);
	f->aside = arena_printf(ctx->run, "%.*s%s%.*s", STR_ARG(f->function),
	                        elsewhere || text.len == 0 ? "" : ", ",
	                        elsewhere ? 0 : (int)text.len, text.ptr);
	struct span span = ctx->fn->cfg.events[h->event].span;
	draft_step(ctx, f, span,
	           elsewhere ? "calls what waits, in the transaction"
	                     : "waits here, in the transaction");
	if (elsewhere)
		draft_step_in(ctx, f, h->wait.module, h->wait.span, "this waits");
}

void held_draft_others(const struct rule_ctx *ctx, struct finding *f, const struct held_wait *all,
                       uint32_t count)
{
	struct exit_point *exits = arena_array(ctx->scratch, struct exit_point, count);
	const struct exit_point **others = arena_array(ctx->scratch, const struct exit_point *,
	                                               count);
	for (uint32_t i = 0; i < count; i++) {
		exits[i] = (struct exit_point){.kind = EXIT_WAIT,
		                               .event = all[i].event,
		                               .span = ctx->fn->cfg.events[all[i].event].span};
		others[i] = &exits[i];
	}
	if (count > 1)
		draft_detail(ctx, f, "also", "%.*s",
		             STR_ARG(draft_lines(ctx, others + 1, count - 1)));
}

/* ---- dependencies: get_current_user asks the database, and the handler that uses it waits --------- */

static const struct exit_point *left_by_dependency(const struct rule_ctx *ctx, uint32_t r)
{
	const struct function *fn = ctx->fn;
	if (fn->resources[r].origin != ORIGIN_DEPENDENCY || fn->entry != ENTRY_DEPENDENCY ||
	    provider_here(ctx) != NULL)
		return NULL;
	return exit_leaving(ctx, r, true);
}

static void list_users(const struct rule_ctx *ctx, struct finding *f, const struct pins *pins)
{
	const struct project *p = ctx->program->project;
	struct str first = STR_EMPTY;
	for (uint32_t i = 0; i < pins->count && i < PINS_SHOWN_MAX; i++) {
		const struct scope *s = project_scope(p, pins->shown[i].module,
		                                      pins->shown[i].scope);
		if (i == 0)
			first = project_text(p, s->qualname);
		draft_related(ctx, f, pins->shown[i].module, s->name_span,
		              "waits while the dependency's session is open");
	}
	if (pins->count > 1)
		draft_detail(ctx, f, "waits in", "%.*s and %u more that use it", STR_ARG(first),
		             pins->count - 1);
	else
		draft_detail(ctx, f, "waits in", "%.*s, which uses it", STR_ARG(first));
}

void held_check_users(const struct rule_ctx *ctx, uint32_t r,
                      struct pins (*users)(const struct program *, module_id, scope_id,
                                           const struct provider *),
                      void (*report)(const struct rule_ctx *, uint32_t r,
                                     const struct exit_point *left, const struct pins *))
{
	const struct exit_point *left = left_by_dependency(ctx, r);
	if (left == NULL)
		return;
	struct pins found = users(ctx->program, ctx->fn->module, ctx->fn->scope,
	                          ctx->fn->resources[r].provider);
	if (found.count > 0)
		report(ctx, r, left, &found);
}

void held_submit_users(const struct rule_ctx *ctx, struct finding *f, uint32_t r,
                       const struct exit_point *left, const struct pins *users,
                       enum released_by until)
{
	list_users(ctx, f, users);
	draft_released(ctx, f, r, until);
	draft_detail(ctx, f, "fix",
	             "read in a session of its own, in a with block, and drop the parameter");
	draft_trace(ctx, f, r, left);
	draft_submit(ctx, f);
}
