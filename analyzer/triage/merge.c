/*
 * merge.c - findings sorted by resource, so that those of one defect are
 * neighbours, the worst first: a text that speaks of something milder must
 * not stand for it, nor hide it from --fail-on.
 */
#include "triage/merge.h"
#include "rule.h"

#include <limits.h>
#include <stb/stb_ds.h>
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

/*
 * What the findings of one defect have together, while they are gone through: gathered, and sorted once at the end, so
 * that many of them cost no more than their number.
 */
struct gathering {
	struct finding_exit *exits; /* stb_ds, both */
	struct related *related;
};

static void gather_exits(struct gathering *g, const struct finding *f)
{
	for (uint32_t i = 0; i < f->exit_count; i++)
		arrput(g->exits, f->exits[i]);
}

static void gather_related(struct gathering *g, const struct finding *f)
{
	for (uint32_t i = 0; i < f->related_count; i++)
		arrput(g->related, f->related[i]);
}

/* The same rule again, about the same resource. */
static void unite(struct gathering *g, struct finding *kept, const struct finding *other)
{
	if (arrlenu(g->exits) == 0)
		gather_exits(g, kept);
	gather_exits(g, other);
	gather_related(g, other);
	kept->missing |= other->missing;
	if (other->released_by > kept->released_by)
		kept->released_by = other->released_by;
}

/* Takes 'other' in if both are of one defect. */
static bool absorb(struct gathering *g, struct finding *kept, const struct finding *other)
{
	bool same_rule = kept->rule == other->rule;
	bool of_one_defect = same_rule || (is_listed(kept) && is_listed(other)) ||
	                     (is_holder(kept) && is_slow_call(other) && kept->level >= other->level);

	if (kept->resource.name.len == 0 || resource_cmp(kept, other) != 0 || !of_one_defect)
		return false;
	if (same_rule) {
		unite(g, kept, other);
	} else {
		arrput(g->related, ((struct related){other->rule, other->at, other->message}));
		gather_related(g, other);
	}
	return true;
}

/* Each exit once, with all that is missing there. Returns how many are left. */
static size_t unite_exits(struct finding_exit *all, size_t count)
{
	size_t kept = 0;

	qsort(all, count, sizeof(*all), exit_cmp);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && exit_cmp(&all[kept - 1], &all[i]) == 0) {
			all[kept - 1].missing |= all[i].missing;
			if (all[i].released_by > all[kept - 1].released_by)
				all[kept - 1].released_by = all[i].released_by;
		} else {
			all[kept++] = all[i];
		}
	}
	return kept;
}

/* The finding is complete: it gets what was gathered, which is then empty. */
static void settle(struct arena *run, struct gathering *g, struct finding *f)
{
	size_t more = arrlenu(g->related);

	if (arrlenu(g->exits) > 0) {
		f->exit_count = (uint32_t)unite_exits(g->exits, arrlenu(g->exits));
		f->exits = arena_array(run, struct finding_exit, f->exit_count);
		memcpy(f->exits, g->exits, f->exit_count * sizeof(*f->exits));
	}
	if (more > 0) {
		struct related *all = arena_array(run, struct related, f->related_count + more);
		if (f->related_count > 0)
			memcpy(all, f->related, f->related_count * sizeof(*all));
		memcpy(all + f->related_count, g->related, more * sizeof(*all));
		f->related = all;
		f->related_count += (uint32_t)more;
	}
	arrsetlen(g->exits, 0);
	arrsetlen(g->related, 0);
}

size_t merge_findings(struct arena *run, struct finding *findings, size_t count)
{
	struct gathering g = {0};
	size_t kept = 0;

	if (count > 1)
		qsort(findings, count, sizeof(*findings), merge_cmp);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && absorb(&g, &findings[kept - 1], &findings[i]))
			continue;
		if (kept > 0)
			settle(run, &g, &findings[kept - 1]);
		findings[kept++] = findings[i];
	}
	if (kept > 0)
		settle(run, &g, &findings[kept - 1]);
	arrfree(g.exits);
	arrfree(g.related);
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
	struct gathering g = {0};
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && same_place(&findings[kept - 1], &findings[i])) {
			struct finding lent = findings[kept - 1];
			findings[kept - 1] = findings[i];
			unite(&g, &findings[kept - 1], &lent);
			settle(run, &g, &findings[kept - 1]); /* few stand in one place */
		} else {
			findings[kept++] = findings[i];
		}
	}
	arrfree(g.exits);
	arrfree(g.related);
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
