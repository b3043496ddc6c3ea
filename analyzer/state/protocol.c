/* protocol.c - questions about what the protocol files say; protocol_read.c reads them. */
#include "state/protocol_order.h"

#include <stdlib.h>

bool protocols_may_name(const struct protocols *p, struct str name)
{
	return filter_may_hold(&p->named, name);
}

const struct maker *protocols_maker(const struct protocols *p, struct str name, enum maker_role role)
{
	struct maker key = {name, role, NULL};
	if (p->maker_count == 0 || !filter_may_hold(&p->named, name))
		return NULL;
	return bsearch(&key, p->makers, p->maker_count, sizeof *p->makers, by_maker_name);
}

static bool begins_with_module(struct str name, struct str module)
{
	return name.len > module.len && str_starts(name, module) && name.ptr[module.len] == '.';
}

static size_t first_maker(const struct protocols *p, struct str name)
{
	size_t low = 0, high = p->maker_count;
	while (low < high) { /* the first name that is not before it */
		size_t middle = low + (high - low) / 2;
		if (str_cmp(p->makers[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool protocols_library(const struct protocols *p, struct str dotted)
{
	for (size_t i = first_maker(p, dotted);
	     i < p->maker_count && str_starts(p->makers[i].name, dotted); i++)
		if (p->makers[i].kind->layer != LAYER_SESSION &&
		    begins_with_module(p->makers[i].name, dotted))
			return true;
	return false;
}

const struct resource_kind *protocols_customary(const struct protocols *p, struct str name,
                                                struct str method)
{
	if (!filter_may_hold(&p->named, name))
		return NULL;
	for (size_t i = first_maker(p, name); i < p->maker_count && str_eq(p->makers[i].name, name);
	     i++) {
		const struct maker *m = &p->makers[i];
		const struct method *called = m->role == MAKER_CUSTOMARY
		                                      ? kind_method(m->kind, method)
		                                      : NULL;
		if (called != NULL && called->gives != NULL)
			return m->kind;
	}
	return NULL;
}

const struct maker *protocols_by_use(const struct protocols *p, struct str method,
                                     const struct maker *last)
{
	if (last == NULL && !filter_may_hold(&p->named, method))
		return NULL;
	size_t i = last == NULL ? first_maker(p, method) : (size_t)(last - p->makers) + 1;
	for (; i < p->maker_count && str_eq(p->makers[i].name, method); i++)
		if (p->makers[i].role == MAKER_BY_USE)
			return &p->makers[i];
	return NULL;
}

const struct resource_kind *protocols_kind(const struct protocols *p, const char *id)
{
	for (size_t i = 0; i < p->kind_count; i++)
		if (strcmp(p->kinds[i]->id, id) == 0)
			return p->kinds[i];
	return NULL;
}

static bool is_listed(const struct protocols *p, const struct str *list, size_t count,
                      struct str name)
{
	return count > 0 && filter_may_hold(&p->listed, name) &&
	       bsearch(&name, list, count, sizeof *list, by_text) != NULL;
}

bool protocols_quiet(const struct protocols *p, struct str dotted)
{
	return is_listed(p, p->quiet, p->quiet_count, dotted);
}

bool protocols_borrower(const struct protocols *p, struct str dotted)
{
	return is_listed(p, p->borrowers, p->borrower_count, dotted);
}

bool protocols_awaited_borrower(const struct protocols *p, struct str dotted)
{
	return is_listed(p, p->awaited_borrowers, p->awaited_borrower_count, dotted);
}

const struct method *kind_method(const struct resource_kind *k, struct str name)
{
	struct method key = {.name = name};
	if (k->method_count == 0)
		return NULL;
	return bsearch(&key, k->methods, k->method_count, sizeof *k->methods, by_method_name);
}

struct effect kind_effect(const struct resource_kind *k, struct str method)
{
	const struct method *m = kind_method(k, method);
	return m != NULL ? m->effect : k->any_other;
}

bool kind_awaits(const struct resource_kind *k, struct str method)
{
	for (size_t i = 0; i < k->sync_count; i++)
		if (str_eq(k->sync[i], method))
			return false;
	return k->is_async;
}

bool kind_knows(const struct resource_kind *k, struct str method)
{
	return kind_method(k, method) != NULL;
}

bool protocols_failure(const struct protocols *p, struct str error)
{
	return is_listed(p, p->failures, p->failure_count, error);
}
