/* provider_table.c - see provider_table.h. */
#include "program/provider_table.h"

#include "program/provider.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

static int by_place(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	return (x->scope > y->scope) - (x->scope < y->scope);
}

static const struct provider *find_known(const struct provider_table *t, module_id m, scope_id scope)
{
	struct candidate key = {.module = m, .scope = scope};
	const struct candidate *c = t->count == 0 ? NULL
	                                          : bsearch(&key, t->candidates, t->count,
	                                                    sizeof key, by_place);
	if (c != NULL && c->known == NULL && t->reading != NOBODY)
		arrput(*t->asked, ((struct asked_for){t->reading, (uint32_t)(c - t->candidates)}));
	return c == NULL ? NULL : c->known;
}

const struct provider *provider_of_scope(const struct provider_table *t, module_id m, scope_id scope)
{
	const struct provider *known = find_known(t, m, scope);
	return known == NULL || known->shape == SHAPE_RETURNS_ITEMS ||
	                       known->shape == SHAPE_RETURNS_OBJECT
	               ? NULL
	               : known;
}

const struct provider *provider_of_object(const struct provider_table *t, module_id m,
                                          scope_id scope)
{
	const struct provider *known = find_known(t, m, scope);
	return known == NULL || known->shape != SHAPE_RETURNS_OBJECT ? NULL : known;
}

const struct provider *provider_of_items(const struct provider_table *t, module_id m, scope_id scope)
{
	const struct provider *known = find_known(t, m, scope);
	return known == NULL || known->shape != SHAPE_RETURNS_ITEMS ? NULL : known;
}

const struct parked_table *providers_parked(const struct provider_table *t)
{
	if (t != NULL && t->parked == NULL && t->reading != NOBODY)
		t->candidates[t->reading].asked_parked = true;
	return t == NULL ? NULL : t->parked;
}

bool provider_table_add_parked(struct provider_table *t, const struct parked_table *parked)
{
	bool some = false;
	t->parked = parked;
	for (size_t i = 0; i < t->count; i++)
		if (t->candidates[i].asked_parked && t->candidates[i].known == NULL)
			some = t->candidates[i].unread = true;
	return some;
}

bool provider_table_renew(struct provider_table *t)
{
	struct asked_for *unanswered = NULL;
	bool some = false;
	for (size_t i = 0; i < t->count; i++)
		if (t->candidates[i].found != NULL)
			t->candidates[i].known = t->candidates[i].found;
	for (size_t i = 0; i < arrlenu(*t->asked); i++) {
		struct asked_for a = (*t->asked)[i];
		struct candidate *who = &t->candidates[a.who];
		if (who->known != NULL)
			continue;
		if (t->candidates[a.whom].known == NULL)
			arrput(unanswered, a);
		else
			some = who->unread = true;
	}
	arrfree(*t->asked);
	*t->asked = unanswered;
	return some;
}

void provider_table_finish(struct arena *run, struct provider_table *t)
{
	size_t count = 0;
	for (size_t i = 0; i < t->count; i++)
		count += t->candidates[i].known != NULL;
	struct candidate *kept = arena_array(run, struct candidate, count);
	count = 0;
	for (size_t i = 0; i < t->count; i++)
		if (t->candidates[i].known != NULL)
			kept[count++] = t->candidates[i];
	arrfree(t->candidates);
	arrfree(*t->asked);
	t->candidates = kept;
	t->count = count;
	t->asked = NULL;
	t->reading = NOBODY;
}
