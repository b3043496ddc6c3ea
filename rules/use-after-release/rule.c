/*
 * use-after-release - a session is ended, used again, and not ended again. A query behind close() begins anew without a word;
 * so does an attribute behind commit(), which expires what it has loaded (runtime.md 2, patterns 12 and 13).
 *
 * The states know of statements. Of rows they know nothing, so an attribute counts only when every value of its variable is surely
 * a row of that session, and when the session surely expires what it commits.
 */
#include "rule.h"

#define USES_MAX 32   /* followed in one function; each is a walk through what is behind it */
#define READS_MAX 256 /* of attributes behind a commit that are looked at in one function */
#define STORES_MAX 32 /* to one variable; beyond them it is not known what it holds */

/* ---- what the end leaves behind -------------------------------------------------------------------- */

static bool is_only_committed(state_set s)
{
	return is_only_ended(s, IS_COMMITTED) && !states_may(s, IS_CLOSED);
}

struct reopening {
	const struct rule_ctx *ctx;
	uint32_t resource;
	uint32_t use;
	bool reads;                    /* the use is an attribute, which the states do not show */
	const struct exit_point *left; /* a normal exit that it is still open at; NULL: it is ended again */
};

static void look_at_exit(struct reopening *o, const struct exit_point *e, state_set s)
{
	bool open = states_may(s, IS_OPEN) && (s & (STATES_GONE | STATES_UNSURE)) == 0;
	if (exit_is_normal(e) && open && !exit_passes_on(e, o->resource) && o->left == NULL)
		o->left = e;
}

/* The block of the use is over: how does it go on? */
static void follow(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d)
{
	struct reopening *o = arg;
	const struct function *fn = o->ctx->fn;
	state_set *s = &d->states[o->resource];
	struct solution from;
	if (edge == EDGE_RAISE || *s == 0)
		return;
	if (o->reads && !is_only_committed(*s))
		return; /* what follows in the block has ended it, or begun again itself */
	if (o->reads)
		*s = states_after(HOLDING_TRANSACTION, DO_STATEMENT, *s);
	solve_from(o->ctx->scratch, &fn->plan, to, d, &from);
	for (uint32_t i = 0; i < fn->exit_count; i++)
		look_at_exit(o, &fn->exits[i],
		             solution_states(o->ctx->scratch, &from, fn->exits[i].event, false,
		                             o->resource));
}

/* `return book.id`: the use and the exit stand in one block. */
static void look_at_own_exit(struct reopening *o, block_id block)
{
	const struct function *fn = o->ctx->fn;
	const struct block *b = &fn->cfg.blocks[block];
	uint32_t last = b->first_event + b->event_count - 1;
	for (uint32_t i = 0; i < fn->exit_count; i++)
		if (fn->exits[i].event == last && o->reads &&
		    is_only_committed(fn->exits[i].states[o->resource]))
			look_at_exit(o, &fn->exits[i],
			             states_after(HOLDING_TRANSACTION, DO_STATEMENT,
			                          fn->exits[i].states[o->resource]));
}

static bool stays_open(struct reopening *o)
{
	const struct function *fn = o->ctx->fn;
	block_id block = cfg_block_of(&fn->cfg, o->use);
	for (struct disjunct *d = fn->solution.at_entry[block]; d != NULL; d = d->next) {
		struct solve_bounds ignored = {0};
		solve_block(o->ctx->scratch, &fn->plan, block, d, &ignored, follow, o);
	}
	if (fn->solution.at_entry[block] != NULL)
		look_at_own_exit(o, block);
	return o->left != NULL;
}

/* ---- who gives it back then -------------------------------------------------------------------------- */

static enum released_by released_then(const struct rule_ctx *ctx, uint32_t r)
{
	switch (ctx->fn->resources[r].origin) {
	case ORIGIN_FACTORY:
	case ORIGIN_GENERATOR:
	case ORIGIN_MANAGER: return RELEASED_GARBAGE_COLLECTION;
	case ORIGIN_DEPENDENCY: return provider_release(&ctx->fn->resources[r], false);
	case ORIGIN_REGISTRY: /* scoped-session-not-removed */
	case ORIGIN_LENT:     /* its owner ends it */
	case ORIGIN_KEPT: break;
	}
	return RELEASED_PROMPT;
}

static enum level level_here(const struct rule_ctx *ctx, enum released_by by)
{
	if (by >= RELEASED_STREAM_END)
		return LEVEL_ERROR;
	bool held = by == RELEASED_RESPONSE_SENT && ctx->policy == POLICY_EXPLICIT;
	return held ? LEVEL_WARNING : LEVEL_OFF;
}

static struct finding *begin(const struct reopening *o, enum level level)
{
	const struct rule_ctx *ctx = o->ctx;
	enum released_by by = released_then(ctx, o->resource);
	struct finding *f = draft(ctx, o->resource, ctx->fn->cfg.events[o->use].span, level);
	draft_exit(ctx, f, o->left, MISSING_CLOSE, by);
	return f;
}

static void finish(const struct reopening *o, struct finding *f, const char *why)
{
	const struct rule_ctx *ctx = o->ctx;
	const struct resource *resource = &ctx->fn->resources[o->resource];
	draft_opened(ctx, f, o->resource);
	draft_detail(ctx, f, "why", "%s", why);
	draft_released(ctx, f, o->resource, f->released_by);
	draft_detail(ctx, f, "fix", "%s%.*s.close() behind it, or with ... as %.*s: around both",
	             resource->kind->is_async ? "await " : "", STR_ARG(resource->name),
	             STR_ARG(resource->name));
	draft_submit(ctx, f);
}

/* ---- a statement behind close() ------------------------------------------------------------------------ */

static bool is_statement(const struct action *a)
{
	return a->kind == ACTION_EFFECT && a->slot != SLOT_NONE &&
	       (a->effect.normal == DO_STATEMENT || a->effect.normal == DO_FLUSH);
}

/* True when it was followed. */
static bool check_statement(const struct rule_ctx *ctx, uint32_t event, uint32_t *reported)
{
	const struct action *action = &ctx->fn->plan.actions[event];
	const struct disjunct *d = solution_at(ctx->scratch, &ctx->fn->solution, event, false);
	struct reopening o = {.ctx = ctx, .use = event};
	o.resource = d == NULL ? RESOURCES_MAX : disjunct_resource(d, action->slot);
	if (o.resource == RESOURCES_MAX || (*reported & (1u << o.resource)) != 0 ||
	    ctx->fn->resources[o.resource].kind->holding != HOLDING_TRANSACTION)
		return false;
	enum level level = level_here(ctx, released_then(ctx, o.resource));
	state_set before = solution_states(ctx->scratch, &ctx->fn->solution, event, false,
	                                   o.resource);
	if (level == LEVEL_OFF || !is_only_ended(before, IS_CLOSED))
		return false;
	if (!stays_open(&o))
		return true;
	*reported |= 1u << o.resource;
	struct finding *f = begin(&o, level);
	draft_message(ctx, f, "`%.*s` is used after its close() and stays open",
	              STR_ARG(ctx->fn->resources[o.resource].name));
	finish(&o, f, "close() is not the end of a session: this begins a new transaction");
	return true;
}

/* ---- rows ------------------------------------------------------------------------------------------------ */

static const struct event *made_by(const struct rule_ctx *ctx, ref r)
{
	return ref_kind(r) == REF_KIND_TEMP ? &ctx->fn->cfg.events[ref_index(r)] : NULL;
}

static bool calls(const struct rule_ctx *ctx, const struct event *e, const char *name)
{
	return e != NULL && e->kind == EV_CALL &&
	       str_is(call_text(ctx->program->project, &ctx->fn->cfg, e), name);
}

static ref first_arg(const struct rule_ctx *ctx, const struct event *e)
{
	return e->arg_count == 0 ? REF_NONE : ctx->fn->cfg.args[e->first_arg].value;
}

static bool is_class(const struct rule_ctx *ctx, ref value)
{
	return names_class(ctx->program->project, &ctx->fn->cfg, value);
}

#define CHAIN_MAX 12 /* calls of one query: query().filter().order_by().first() */

/* The call at the beginning of a chain of methods. */
static const struct event *chain_head(const struct rule_ctx *ctx, const struct event *e)
{
	for (unsigned i = 0; i < CHAIN_MAX && e != NULL && e->kind == EV_CALL; i++) {
		const struct event *before = made_by(ctx, e->a);
		if (before == NULL || e->name == NAME_NONE)
			return e;
		e = before;
	}
	return NULL;
}

/* select(Book)...: a statement that gives whole rows. */
static bool selects_rows(const struct rule_ctx *ctx, ref r)
{
	const struct event *head = chain_head(ctx, made_by(ctx, r));
	return head != NULL && calls(ctx, head, "select") && head->arg_count == 1 &&
	       is_class(ctx, first_arg(ctx, head));
}

static bool is_call_on(const struct rule_ctx *ctx, const struct event *e, uint32_t resource)
{
	uint32_t index = (uint32_t)(e - ctx->fn->cfg.events);
	const struct action *a = &ctx->fn->plan.actions[index];
	const struct disjunct *d = solution_at(ctx->scratch, &ctx->fn->solution, index, false);
	return a->kind == ACTION_EFFECT && d != NULL && disjunct_resource(d, a->slot) == resource;
}

/* db.query(Book)..., db.get(Book, 1), db.scalars(select(Book))...: the chain ends in rows of the session's. */
static bool gives_rows(const struct rule_ctx *ctx, ref r, uint32_t resource, bool one)
{
	static const char *const single[] = {"first", "one", "one_or_none", "get", "scalar"};
	const struct event *e = made_by(ctx, r), *head = chain_head(ctx, e);
	bool ends = !one && calls(ctx, e, "all");
	if (head == NULL || head->arg_count == 0 || !is_call_on(ctx, head, resource))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		ends |= one && calls(ctx, e, single[i]);
	if (calls(ctx, head, "get"))
		return one && e == head && is_class(ctx, first_arg(ctx, head));
	if (calls(ctx, head, "query"))
		return ends && e != head && head->arg_count == 1 &&
		       is_class(ctx, first_arg(ctx, head));
	if (calls(ctx, head, "scalars"))
		return ends && selects_rows(ctx, first_arg(ctx, head));
	return calls(ctx, head, "scalar") && one && e == head &&
	       selects_rows(ctx, first_arg(ctx, head));
}

/* Is the object that this place holds added to the session? */
static bool is_added(const struct rule_ctx *ctx, ref place, uint32_t resource)
{
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count; i++) {
		const struct event *e = &ctx->fn->cfg.events[i];
		if (calls(ctx, e, "add") && first_arg(ctx, e) == place &&
		    is_call_on(ctx, e, resource))
			return true;
	}
	return false;
}

/* Is the value that is stored surely a row of the session's, or an object that is added to it? */
static bool is_row(const struct rule_ctx *ctx, const struct event *store, uint32_t resource)
{
	const struct event *made = made_by(ctx, store->b);
	if (made == NULL || store->index != 0 || (store->flags & EVF_AUGMENTED) != 0)
		return false;
	if (made->kind == EV_NEXT) {
		const struct event *iter = made_by(ctx, made->a);
		return iter != NULL && iter->kind == EV_ITER &&
		       gives_rows(ctx, iter->a, resource, false);
	}
	bool constructed = made->kind == EV_CALL && made->name == NAME_NONE &&
	                   is_class(ctx, made->a);
	return (constructed && is_added(ctx, store->a, resource)) ||
	       gives_rows(ctx, store->b, resource, true);
}

static bool holds_only_rows(const struct rule_ctx *ctx, name_id local, uint32_t resource)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	unsigned stores = 0;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_ASSIGN || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *to = &cfg->places[ref_index(e->a)];
		if (to->root_kind != PLACE_LOCAL || to->root != local || to->step_count != 0)
			continue;
		if (stores++ == STORES_MAX || !is_row(ctx, e, resource))
			return false;
	}
	return stores > 0;
}

/* ---- does the session expire what it commits? --------------------------------------------------------------- */

static bool has_keyword(const struct project *p, const struct module *m, expr_id call,
                        const char *name)
{
	for (expr_id child = call + 1; child < m->exprs[call].next; child = m->exprs[child].next)
		if (m->exprs[child].kind == EXPR_KEYWORD &&
		    str_is(project_text(p, m->exprs[child].text), name))
			return true;
	return false;
}

/* Does the call say nothing of it, neither by name nor by what cannot be seen? */
static bool says_nothing(const struct rule_ctx *ctx, const struct event *call)
{
	for (uint32_t i = 0; i < call->arg_count; i++) {
		const struct arg *arg = &ctx->fn->cfg.args[call->first_arg + i];
		if ((arg->flags & ARG_DOUBLE_STAR) != 0 ||
		    str_is(project_text(ctx->program->project, arg->keyword), "expire_on_commit"))
			return false;
	}
	return true;
}

/* Session = sessionmaker(engine) in this very function. */
static bool is_local_factory(const struct rule_ctx *ctx, const struct event *made)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	bool any = false;
	if (made->name != NAME_NONE || ref_kind(made->a) != REF_KIND_PLACE)
		return false;
	for (uint32_t i = 0; i < cfg->event_count; i++) {
		if (cfg->events[i].kind != EV_ASSIGN || cfg->events[i].a != made->a)
			continue;
		const struct event *from = made_by(ctx, cfg->events[i].b);
		if (from == NULL || from->kind != EV_CALL || !says_nothing(ctx, from) ||
		    protocols_maker(ctx->program->protocols,
		                    ctx->fn->targets[ref_index(cfg->events[i].b)].dotted,
		                    MAKER_FACTORY_TYPE) == NULL)
			return false;
		any = true;
	}
	return any;
}

/* SessionLocal = sessionmaker(engine) in the project, or Session(engine) here; nothing that says otherwise. */
static bool expires(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const struct project *p = ctx->program->project;
	if (resource->event == EVENT_NONE || resource->origin != ORIGIN_FACTORY ||
	    resource->provider != NULL || resource->kind->is_registry ||
	    resource->kind->holding != HOLDING_TRANSACTION)
		return false;
	const struct event *made = &ctx->fn->cfg.events[resource->event];
	const struct target *t = &ctx->fn->targets[resource->event];
	if (!says_nothing(ctx, made))
		return false;
	if (is_local_factory(ctx, made))
		return true;
	if (t->kind == TARGET_EXTERNAL)
		return protocols_maker(ctx->program->protocols, t->dotted, MAKER_TYPE) != NULL;
	if (t->kind != TARGET_BINDING)
		return false;
	const struct module *m = project_module(p, t->module);
	expr_id value = m->bindings[t->binding].value;
	return value != EXPR_NONE && m->exprs[value].kind == EXPR_CALL &&
	       !has_keyword(p, m, value, "expire_on_commit") &&
	       intern_find(p->names, STR("configure")) == NAME_NONE;
}

/* ---- an attribute behind commit() ------------------------------------------------------------------------------ */

/* Does the text set this very attribute behind the last commit before 'event'? Then it is there without a query. */
static bool is_set_since(const struct rule_ctx *ctx, uint32_t event, uint32_t place)
{
	const struct cfg *cfg = &ctx->fn->cfg;
	uint32_t commit = 0;
	bool set = false;
	for (uint32_t i = 0; i < event; i++) {
		const struct event *e = &cfg->events[i];
		if (ctx->fn->plan.actions[i].kind == ACTION_EFFECT &&
		    ctx->fn->plan.actions[i].effect.normal == DO_COMMIT) {
			commit = i;
			set = false;
		}
		set |= e->kind == EV_ASSIGN && e->a == REF_PLACE(place) && i > commit;
	}
	return set;
}

/* book.id of a plain local: the place, or UINT32_MAX. What begins with an underscore is no column. */
static uint32_t attribute_read(const struct rule_ctx *ctx, ref r)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return UINT32_MAX;
	const struct place *p = &ctx->fn->cfg.places[ref_index(r)];
	if (p->root_kind != PLACE_LOCAL || p->step_count == 0 || p->steps[0].kind != STEP_ATTRIBUTE)
		return UINT32_MAX;
	struct str name = project_text(ctx->program->project, p->steps[0].name);
	return name.len > 0 && name.ptr[0] != '_' ? ref_index(r) : UINT32_MAX;
}

/* Some call takes rows out of their session: then they are not loaded again. */
static bool takes_out(const struct rule_ctx *ctx)
{
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count; i++) {
		const struct event *e = &ctx->fn->cfg.events[i];
		if (calls(ctx, e, "expunge") || calls(ctx, e, "expunge_all") ||
		    calls(ctx, e, "make_transient"))
			return true;
	}
	return false;
}

/* The sessions of which an attribute behind commit() counts: bit i is resource i. */
static uint32_t expiring(const struct rule_ctx *ctx)
{
	uint32_t all = 0;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (expires(ctx, r))
			all |= 1u << r;
	return all == 0 || takes_out(ctx) ? 0 : all;
}

static void report_read(const struct reopening *o, uint32_t place)
{
	const struct place *p = &o->ctx->fn->cfg.places[place];
	struct str local = project_text(o->ctx->program->project, p->root),
		   attribute = project_text(o->ctx->program->project, p->steps[0].name);
	struct finding *f = begin(o, LEVEL_ERROR);
	draft_message(o->ctx, f, "`%.*s.%.*s` is read after the commit, and that opens `%.*s` again",
	              STR_ARG(local), STR_ARG(attribute),
	              STR_ARG(o->ctx->fn->resources[o->resource].name));
	finish(o,
	       f, "commit() expires what was loaded: the attribute is loaded again, in a new transaction");
}

/* The reads of one function, while they are gone through. */
struct reads {
	uint32_t sessions; /* bit i: an attribute of resource i's rows counts; no longer once reported */
	uint32_t left;  /* how many more are looked at */
	bool committed; /* a commit stands before */
};

static bool check_read(const struct rule_ctx *ctx, uint32_t event, uint32_t place, uint32_t r)
{
	struct reopening o = {.ctx = ctx, .resource = r, .use = event, .reads = true};
	state_set before = solution_states(ctx->scratch, &ctx->fn->solution, event, false, r);
	if (!is_only_committed(before) || is_set_since(ctx, event, place) ||
	    !holds_only_rows(ctx, ctx->fn->cfg.places[place].root, r) || !stays_open(&o))
		return false;
	report_read(&o, place);
	return true;
}

static void check_operand(const struct rule_ctx *ctx, struct reads *reads, uint32_t event,
                          ref operand)
{
	uint32_t place = attribute_read(ctx, operand);
	if (place == UINT32_MAX || reads->left == 0)
		return;
	reads->left--;
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if ((reads->sessions & (1u << r)) != 0 && check_read(ctx, event, place, r))
			reads->sessions &= ~(1u << r);
}

/* Every operand that an event reads. */
static void check_reads(const struct rule_ctx *ctx, struct reads *reads, uint32_t event)
{
	const struct event *e = &ctx->fn->cfg.events[event];
	const struct action *a = &ctx->fn->plan.actions[event];
	bool stores = e->kind == EV_ASSIGN || e->kind == EV_DELETE;
	reads->committed |= a->kind == ACTION_EFFECT && a->effect.normal == DO_COMMIT;
	if (!reads->committed || reads->sessions == 0 || e->kind == EV_LEAVE)
		return; /* what is left with, EV_RETURN has read */
	if (!stores)
		check_operand(ctx, reads, event, e->a);
	check_operand(ctx, reads, event, e->b);
	for (uint32_t i = 0; i < e->arg_count; i++)
		check_operand(ctx, reads, event, ctx->fn->cfg.args[e->first_arg + i].value);
}

/* ---- the rule --------------------------------------------------------------------------------------------------- */

static void check(struct rule_ctx *ctx)
{
	struct reads reads = {.left = READS_MAX};
	unsigned left = USES_MAX;
	uint32_t reported = 0;
	if (paths_were_joined(ctx))
		return;
	reads.sessions = expiring(ctx);
	for (uint32_t i = 0; i < ctx->fn->cfg.event_count; i++) {
		if (left > 0 && is_statement(&ctx->fn->plan.actions[i]))
			left -= check_statement(ctx, i, &reported);
		check_reads(ctx, &reads, i);
	}
}

const struct rule rule_use_after_release = {
	.id = "use-after-release",
	.title = "A session is used after its end and not ended again",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
