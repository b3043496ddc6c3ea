/*
 * unreleased-on-return - some return paths of a handler end the injected
 * session, others leave it open; or nothing will ever end it for them.
 */
#include "rule.h"

/* The return paths of one function, sorted by what they do to one session. */
struct paths {
	const struct exit_point **left;     /* offending ones */
	const struct exit_point **released; /* the good examples */
	size_t left_count, released_count;
	bool only_untouched; /* no offending path can have run a statement */
};

static bool offends(const struct rule_ctx *ctx, const struct exit_point *e, uint32_t r,
                    bool nobody_releases)
{
	if (ctx->policy == POLICY_EXPLICIT && !nobody_releases)
		return exit_missing(e, r) != 0;
	return exit_leaves(e, r);
}

static struct paths sort_paths(const struct rule_ctx *ctx, uint32_t r, bool nobody_releases)
{
	const struct function *fn = ctx->fn;
	struct paths p = {.only_untouched = true};
	p.left = arena_array(ctx->scratch, const struct exit_point *, fn->exit_count);
	p.released = arena_array(ctx->scratch, const struct exit_point *, fn->exit_count);
	for (uint32_t i = 0; i < fn->exit_count; i++) {
		const struct exit_point *e = &fn->exits[i];
		if (!exit_is_normal(e) || e->states[r] == 0 || exit_passes_on(e, r))
			continue;
		if (offends(ctx, e, r, nobody_releases)) {
			p.left[p.left_count++] = e;
			p.only_untouched &= !exit_touches(e, r);
		} else if (exit_releases(e, r)) {
			p.released[p.released_count++] = e;
		}
	}
	return p;
}

/*
 * Does some path, or some way to one of the exits, close the session? A commit alone is no sign of
 * that: it is how a write is kept, and a path that only reads has none.
 */
static bool is_inconsistent(const struct paths *p, uint32_t r)
{
	for (size_t i = 0; i < p->released_count; i++)
		if (states_may(p->released[i]->states[r], IS_CLOSED))
			return true;
	for (size_t i = 0; i < p->left_count; i++)
		if (states_may(p->left[i]->states[r], IS_CLOSED) && exit_leaves(p->left[i], r))
			return true;
	return false;
}

static const char *missing_words(unsigned missing)
{
	switch (missing) {
	case MISSING_COMMIT: return "not committed";
	case MISSING_CLOSE: return "not closed";
	default: return "neither committed nor closed";
	}
}

static unsigned missing_of(const struct exit_point *e, uint32_t r)
{
	unsigned missing = exit_missing(e, r);
	return missing == 0 ? MISSING_CLOSE : missing;
}

/* How the transaction is ended before the close; empty when it is. What failed takes no commit. */
static const char *ending(const struct finding *f, state_set left)
{
	bool failed = states_may(left, IS_FAILED); /* an exception was caught on the way */
	if (failed && !states_may(left & ~states_having(left, IS_FAILED), IS_OPEN))
		return "rollback()";
	if (f->missing == MISSING_CLOSE)
		return "";
	return failed ? "commit(), or rollback() after a caught error" : "commit()";
}

static void fix(const struct rule_ctx *ctx, struct finding *f, const struct paths *p, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	const char *await = resource->kind->is_async ? "await " : "";
	const char *end = ending(f, p->left[0]->states[r]);
	struct str name = resource->name, calls = STR_EMPTY;
	if (*end != '\0')
		calls = arena_printf(ctx->scratch, "%s%.*s.%s; ", await, STR_ARG(name), end);
	calls = arena_printf(ctx->scratch, "%.*s%s%.*s.close()", STR_ARG(calls), await,
	                     STR_ARG(name));
	draft_end_before(ctx, f, calls, p->left, p->left_count, r);
}

static void message(const struct rule_ctx *ctx, struct finding *f, const struct paths *p, uint32_t r)
{
	const struct exit_point *first = p->left[0];
	struct str name = ctx->fn->resources[r].name;
	if (exit_is_open(first, r))
		draft_message(ctx, f, "`%.*s` %s in a transaction at this return", STR_ARG(name),
		              states_must(first->states[r], IS_OPEN) ? "is still" : "may be");
	else
		draft_message(ctx, f, "`%.*s` is %s at this return", STR_ARG(name),
		              missing_words(missing_of(first, r)));
}

static void report(const struct rule_ctx *ctx, uint32_t r, const struct paths *p,
                   enum released_by by)
{
	enum inconsistency how = p->only_untouched ? LEFT_UNTOUCHED : LEFT_SOMEWHERE;
	enum level level = level_of(ctx->policy, by, how);
	if (level == LEVEL_OFF)
		return;
	struct finding *f = draft(ctx, r, p->left[0]->span, level);
	f->of_provider = by != RELEASED_RESPONSE_SENT && !is_inconsistent(p, r);
	message(ctx, f, p, r);
	for (size_t i = 0; i < p->left_count; i++)
		draft_exit(ctx, f, p->left[i], missing_of(p->left[i], r), by);
	draft_aside_returns(ctx, f, (unsigned)p->left_count);
	draft_opened(ctx, f, r);
	if (p->left_count > 1)
		draft_detail(ctx, f, "also", "at %.*s",
		             STR_ARG(draft_lines(ctx, p->left + 1, p->left_count - 1)));
	draft_released(ctx, f, r, by);
	if (p->released_count > 0) {
		bool one = p->released_count == 1;
		draft_detail(ctx, f, "others", "%.*s %s",
		             STR_ARG(draft_lines(ctx, p->released, p->released_count)),
		             one ? "ends it first" : "end it first");
	}
	fix(ctx, f, p, r);
	draft_trace(ctx, f, r, p->left[0]);
	draft_submit(ctx, f);
}

static void check_resource(const struct rule_ctx *ctx, uint32_t r)
{
	const struct resource *resource = &ctx->fn->resources[r];
	enum released_by by = provider_release(resource, false);
	bool nobody_releases = by != RELEASED_RESPONSE_SENT;
	struct paths p = sort_paths(ctx, r, nobody_releases);
	if (p.left_count == 0 || (!nobody_releases && !is_inconsistent(&p, r)))
		return;
	report(ctx, r, &p, by);
}

static void check(struct rule_ctx *ctx)
{
	for (uint32_t r = 0; r < ctx->fn->plan.resource_count; r++)
		if (is_judged_here(ctx, r) && rebinding_of(ctx, r) == EVENT_NONE)
			check_resource(ctx, r);
}

const struct rule rule_unreleased_on_return = {
	.id = "unreleased-on-return",
	.title = "An injected session is left open on some return paths",
	.level_max = LEVEL_ERROR,
	.usual = {LEVEL_WARNING, LEVEL_ERROR, LEVEL_ERROR},
	.precision = "high",
	.cwe = "CWE-772",
	.check = check,
};
