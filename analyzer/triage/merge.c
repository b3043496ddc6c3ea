/*
 * merge.c - findings sorted by resource, so that those of one defect are
 * neighbours, the worst first: a text that speaks of something milder must
 * not stand for it, nor hide it from --fail-on.
 */
#include "triage/merge.h"
#include "rule.h"

#include <limits.h>
#include <stdlib.h>

/*
 * Who speaks for a session that several rules report at one level: the wrong
 * object before its clean-up, a specific path before what happens on all of
 * them. Rules that are not listed speak for themselves.
 */
static const char *const precedence[] = {
	"unused-session",
	"rebound-session",
	"release-not-called",
	"use-after-release",
	"hook-misses-registry",
	"scoped-session-wrong-thread",
	"scoped-session-not-removed",
	"thread-session-not-cleaned",
	"abandoned-generator",
	"session-reopened",
	"stream-session-unguarded",
	"held-during-stream",
	"held-by-background-task",
	"unreleased-on-return",
	"release-skipped-by-error",
	"unguarded-dependency",
	"dependency-returns-session",
	"session-not-closed",
	"unended-transaction",
	"with-does-not-close",
	"manager-keeps-connection",
	"connection-not-returned",
	"engine-not-disposed",
	"engine-per-call",
	"unreleased-on-raise",
	"left-to-framework",
};

static unsigned rank_of(const struct finding *f)
{
	for (unsigned i = 0; i < ARRAY_LEN(precedence); i++)
		if (strcmp(precedence[i], f->rule->id) == 0)
			return i;
	return UINT_MAX;
}

static bool is_listed(const struct finding *f)
{
	return rank_of(f) != UINT_MAX;
}

/*
 * Rules that speak of one way of holding a transaction too long, and so for the slow calls on that way: the same end of
 * the transaction mends both.
 */
static const char *const holders[] = {
	"held-during-stream",
	"held-by-background-task",
	"held-by-websocket",
	"thread-session-not-cleaned",
};

static bool is_holder(const struct finding *f)
{
	for (unsigned i = 0; i < ARRAY_LEN(holders); i++)
		if (strcmp(holders[i], f->rule->id) == 0)
			return true;
	return false;
}

/* A slow call in the function itself; a dependency's handlers that wait are others than those that stream. */
static bool is_slow_call(const struct finding *f)
{
	return strcmp(f->rule->id, "held-during-external-call") == 0 && f->exit_count > 0 &&
	       f->exits[0].kind == EXIT_WAIT;
}

static int span_cmp(struct span a, struct span b)
{
	int order = number_cmp(a.start, b.start);

	return order != 0 ? order : number_cmp(a.end, b.end);
}

/* Are two findings about the same resource of the same function? 0 when they are. */
static int resource_cmp(const struct finding *a, const struct finding *b)
{
	int order = str_cmp(a->at.path, b->at.path);

	if (order == 0)
		order = span_cmp(a->function_at.span, b->function_at.span);
	if (order == 0)
		order = str_cmp(a->function, b->function);
	if (order == 0)
		order = str_cmp(a->resource.name, b->resource.name);
	if (order == 0)
		order = str_cmp(a->resource.at.path, b->resource.at.path);
	if (order == 0)
		order = span_cmp(a->resource.at.span, b->resource.at.span);
	return order != 0 ? order : number_cmp(a->ordinal, b->ordinal);
}

/* Listed rules first, as one group by level; of the others each is a group of its own. */
static int merge_cmp(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = resource_cmp(a, b);

	if (order == 0)
		order = number_cmp(is_listed(b), is_listed(a));
	if (order == 0 && !is_listed(a))
		order = strcmp(a->rule->id, b->rule->id);
	if (order == 0)
		order = number_cmp(b->level, a->level);
	if (order == 0) /* what holds in the version that is assumed before what holds in others */
		order = number_cmp(b->regimes & 1, a->regimes & 1);
	if (order == 0)
		order = number_cmp(rank_of(a), rank_of(b));
	if (order == 0)
		order = span_cmp(a->at.span, b->at.span);
	return order != 0 ? order : str_cmp(a->message, b->message);
}

static int exit_cmp(const void *left, const void *right)
{
	const struct finding_exit *a = left, *b = right;
	int order = str_cmp(a->at.path, b->at.path);

	if (order == 0)
		order = span_cmp(a->at.span, b->at.span);
	return order != 0 ? order : number_cmp(a->kind, b->kind);
}

static struct finding_exit *unite_exits(struct arena *run, const struct finding *a,
                                        const struct finding *b, uint32_t *count)
{
	uint32_t total = a->exit_count + b->exit_count, kept = 0;
	struct finding_exit *all = arena_array(run, struct finding_exit, total);

	for (uint32_t i = 0; i < total; i++)
		all[i] = i < a->exit_count ? a->exits[i] : b->exits[i - a->exit_count];
	if (total > 1)
		qsort(all, total, sizeof(*all), exit_cmp);
	for (uint32_t i = 0; i < total; i++) {
		if (kept > 0 && exit_cmp(&all[kept - 1], &all[i]) == 0) {
			all[kept - 1].missing |= all[i].missing;
			if (all[i].released_by > all[kept - 1].released_by)
				all[kept - 1].released_by = all[i].released_by;
		} else {
			all[kept++] = all[i];
		}
	}
	*count = kept;
	return all;
}

static void add_related(struct arena *run, struct finding *winner, const struct finding *loser,
                        bool loser_itself)
{
	uint32_t more = loser->related_count + (loser_itself ? 1 : 0);
	struct related *all = arena_array(run, struct related, winner->related_count + more);
	uint32_t n = 0;

	if (more == 0)
		return;
	for (uint32_t i = 0; i < winner->related_count; i++)
		all[n++] = winner->related[i];
	if (loser_itself)
		all[n++] = (struct related){loser->rule, loser->at, loser->message};
	for (uint32_t i = 0; i < loser->related_count; i++)
		all[n++] = loser->related[i];
	winner->related = all;
	winner->related_count = n;
}

/* The same rule again, about the same resource. */
static void unite(struct arena *run, struct finding *kept, const struct finding *other)
{
	kept->exits = unite_exits(run, kept, other, &kept->exit_count);
	kept->missing |= other->missing;
	if (other->released_by > kept->released_by)
		kept->released_by = other->released_by;
	add_related(run, kept, other, false);
}

/* Takes 'other' in if both are of one defect. */
static bool absorb(struct arena *run, struct finding *kept, const struct finding *other)
{
	bool same_rule = kept->rule == other->rule;

	if (kept->resource.name.len == 0 || resource_cmp(kept, other) != 0)
		return false;
	if (same_rule)
		unite(run, kept, other);
	else if ((is_listed(kept) && is_listed(other)) ||
	         (is_holder(kept) && is_slow_call(other) && kept->level >= other->level))
		add_related(run, kept, other, true);
	else
		return false;
	return true;
}

size_t merge_findings(struct arena *run, struct finding *findings, size_t count)
{
	size_t kept = 0;

	if (count > 1)
		qsort(findings, count, sizeof(*findings), merge_cmp);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || !absorb(run, &findings[kept - 1], &findings[i]))
			findings[kept++] = findings[i];
	return kept;
}

/* ---- one place -------------------------------------------------------------------------- */

static bool same_place(const struct finding *a, const struct finding *b)
{
	return a->rule == b->rule && a->level == b->level && str_eq(a->at.path, b->at.path) &&
	       span_cmp(a->at.span, b->at.span) == 0 && a->resource.name.len > 0 &&
	       str_eq(a->resource.name, b->resource.name) &&
	       span_cmp(a->function_at.span, b->function_at.span) == 0;
}

/* What is made stands behind the parameter that is lent, and so is the later of two in order. */
size_t merge_places(struct arena *run, struct finding *findings, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && same_place(&findings[kept - 1], &findings[i])) {
			struct finding lent = findings[kept - 1];
			findings[kept - 1] = findings[i];
			unite(run, &findings[kept - 1], &lent);
		} else {
			findings[kept++] = findings[i];
		}
	}
	return kept;
}

/* ---- order ------------------------------------------------------------------------------ */

static int order_cmp(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = str_cmp(a->at.path, b->at.path);

	if (order == 0)
		order = number_cmp(a->at.line, b->at.line);
	if (order == 0)
		order = number_cmp(a->at.column, b->at.column);
	if (order == 0)
		order = strcmp(a->rule->id, b->rule->id);
	if (order == 0)
		order = span_cmp(a->at.span, b->at.span);
	if (order == 0)
		order = resource_cmp(a, b);
	return order != 0 ? order : str_cmp(a->message, b->message);
}

void sort_findings(struct finding *findings, size_t count)
{
	if (count > 1)
		qsort(findings, count, sizeof(*findings), order_cmp);
}
