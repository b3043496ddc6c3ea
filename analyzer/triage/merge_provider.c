/*
 * merge_provider.c - a provider that gives its session back badly is one defect, however many
 * handlers suffer from it: what they report because of it becomes 'related' of the provider's own finding.
 */
#include "triage/merge.h"
#include "triage/passing.h"
#include "rule.h"

#include <stdlib.h>

#define RELATED_MAX 20 /* users of a provider that are listed one by one */

/* The findings of providers, by where the provider is defined. */
struct owners {
	struct finding **items;
	uint32_t *users; /* how many each has taken in */
	size_t count;
};

static bool is_provider_finding(const struct finding *f)
{
	return strcmp(f->rule->id, "unguarded-dependency") == 0 ||
	       strcmp(f->rule->id, "dependency-returns-session") == 0;
}

static int place_cmp(struct str path, uint32_t line, const struct finding *owner)
{
	int order = str_cmp(path, owner->function_at.path);
	if (order != 0)
		return order;
	return number_cmp(line, owner->function_at.line);
}

static int by_function(const void *left, const void *right)
{
	const struct finding *a = *(struct finding *const *)left,
			     *b = *(struct finding *const *)right;
	int order = place_cmp(a->function_at.path, a->function_at.line, b);
	if (order != 0)
		return order;
	return number_cmp(a->at.span.start, b->at.span.start);
}

static void find_owners(struct arena *run, const struct project *p, struct finding *findings,
                        size_t count, struct owners *out)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += is_provider_finding(&findings[i]) && path_is_reported(p, findings[i].at.path);
	out->items = arena_array(run, struct finding *, n);
	out->users = arena_array(run, uint32_t, n);
	for (size_t i = 0; i < count; i++)
		if (is_provider_finding(&findings[i]) && path_is_reported(p, findings[i].at.path))
			out->items[out->count++] = &findings[i];
	if (n > 1)
		qsort(out->items, n, sizeof(*out->items), by_function);
}

/* The first finding of the provider that 'f' has its session from; 'count' when there is none. */
static size_t owner_of(const struct owners *o, const struct finding *f)
{
	const struct location *at = &f->resource.provider_at;
	size_t low = 0, high = o->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (place_cmp(at->path, at->line, o->items[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < o->count && place_cmp(at->path, at->line, o->items[low]) == 0;
	return found ? low : o->count;
}

static void take_in(struct arena *run, struct owners *o, size_t owner, const struct finding *f)
{
	struct finding *kept = o->items[owner];
	if (o->users[owner]++ == 0) {
		struct related *room = arena_array(run, struct related,
		                                   kept->related_count + RELATED_MAX + 1);
		if (kept->related_count > 0)
			memcpy(room, kept->related, kept->related_count * sizeof(*room));
		kept->related = room;
	}
	if (o->users[owner] <= RELATED_MAX)
		kept->related[kept->related_count++] = (struct related){f->rule, f->at, f->message};
}

/* "breaks  12 functions that get it, the first app/rooms.py:31" */
static void tell_users(struct arena *run, struct finding *kept, uint32_t users,
                       const struct related *first)
{
	struct detail *details = arena_array(run, struct detail, kept->detail_count + 1);
	uint32_t at = kept->detail_count == 0 ? 0 : kept->detail_count - 1; /* the fix stays last */
	for (uint32_t i = 0; i < kept->detail_count; i++)
		details[i < at ? i : i + 1] = kept->details[i];
	details[at] = (struct detail){
		"breaks", arena_printf(run, "%u function%s that get%s it, %s%.*s:%u", users,
	                               users == 1 ? "" : "s", users == 1 ? "s" : "",
	                               users == 1 ? "" : "the first ", STR_ARG(first->at.path),
	                               first->at.line)};
	kept->details = details;
	kept->detail_count++;
	if (users > RELATED_MAX)
		kept->related[kept->related_count++] = (struct related){
			NULL, kept->at, arena_printf(run, "and %u more", users - RELATED_MAX)};
}

size_t merge_providers(struct arena *run, const struct project *p, struct finding *findings,
                       size_t count)
{
	struct owners o = {0};
	size_t kept = 0;
	find_owners(run, p, findings, count, &o);
	if (o.count == 0)
		return count;
	bool *taken = arena_array(run, bool, count);
	for (size_t i = 0; i < count; i++) {
		const struct finding *f = &findings[i];
		size_t owner = f->of_provider && f->resource.provider_at.line > 0 ? owner_of(&o, f)
		                                                                  : o.count;
		taken[i] = owner < o.count && o.items[owner]->level >= f->level;
		if (taken[i])
			take_in(run, &o, owner, f);
	}
	for (size_t i = 0; i < o.count; i++)
		if (o.users[i] > 0)
			tell_users(run, o.items[i], o.users[i],
			           &o.items[i]->related[o.items[i]->related_count -
			                                (o.users[i] < RELATED_MAX ? o.users[i]
			                                                          : RELATED_MAX)]);
	for (size_t i = 0; i < count; i++)
		if (!taken[i])
			findings[kept++] = findings[i];
	return kept;
}
