/* audit_table.c - counting and sorting; every order has a last key that differs. */
#include "report/audit_table.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

const char *category_phrase(enum audit_category c)
{
	switch (c) {
	case AUDIT_MISSING_BOTH: return "missing both";
	case AUDIT_MISSING_CLOSE: return "missing close";
	case AUDIT_MISSING_COMMIT: return "missing commit";
	case AUDIT_PARTIAL: return "correct on some paths only";
	case AUDIT_CORRECT: return "correct";
	case AUDIT_EXCEPTION: return "exception";
	case AUDIT_CATEGORY_COUNT: break;
	}
	abort();
}

const char *fix_phrase(char letter)
{
	switch (letter) {
	case 'A': return "A standard";
	case 'B': return "B template";
	case 'C': return "C redirect or several branches";
	case 'D': return "D streaming";
	case 'E': return "E slow call while open";
	case 'F': return "F unused or exception";
	default: return "";
	}
}

/* The words of the report back to their rank; an unknown word is harmless. */
static enum released_by released_by_of(const char *word)
{
	for (int r = RELEASED_PROMPT; word != NULL && r < RELEASED_COUNT; r++)
		if (strcmp(released_by_word((enum released_by)r), word) == 0)
			return (enum released_by)r;
	return RELEASED_PROMPT;
}

static void count_exits(struct audit_tables *t, const struct audit_row *row)
{
	struct costly c = {.row = row, .worst = RELEASED_PROMPT};

	for (uint32_t i = 0; i < row->exit_count; i++) {
		const struct audit_exit *e = &row->exits[i];
		enum released_by by = released_by_of(e->released_by);
		t->exits[by][e->transaction_open]++;
		if (e->transaction_open == SHARE_NONE)
			continue;
		c.open_exits++;
		if (by > c.worst)
			c.worst = by;
	}
	if (c.open_exits > 0)
		arrput(t->costly, c);
}

static void count_file(struct audit_tables *t, const struct audit_row *row, bool naive)
{
	enum audit_category category = naive ? row->naive : row->category;
	size_t n = arrlenu(t->hotspots);

	if (n == 0 || !str_eq(t->hotspots[n - 1].path, row->path)) {
		struct hotspot h = {.path = row->path};
		arrput(t->hotspots, h);
		n++;
	}
	struct hotspot *h = &t->hotspots[n - 1];
	h->by_category[category]++;
	h->missing += category == AUDIT_MISSING_BOTH || category == AUDIT_MISSING_CLOSE ||
	              category == AUDIT_MISSING_COMMIT;
}

static void count_category(struct audit_tables *t, const struct audit_row *row, bool naive)
{
	t->handlers++;
	t->by_name[row->naive]++;
	t->by_path[row->category]++;
	t->changed[row->naive][row->category]++;
	for (const char *letter = row->fix_category; *letter != '\0'; letter++)
		if (*letter >= 'A' && *letter < 'A' + FIX_COUNT)
			t->fixes[*letter - 'A']++;
	if (row->naive != row->category)
		arrput(t->differ, row);
	count_file(t, row, naive);
}

static void count_row(struct audit_tables *t, const struct audit_row *row, bool naive)
{
	if (row->category < AUDIT_CATEGORY_COUNT)
		count_category(t, row, naive);
	else
		t->others++;
	if (row->held_while_count > 0)
		arrput(t->holding, row);
	for (uint32_t i = 0; i < row->provider_count; i++) {
		struct provider_use use = {&row->providers[i], 1};
		arrput(t->providers, use);
	}
	count_exits(t, row);
}

static int hotspot_cmp(const void *left, const void *right)
{
	const struct hotspot *a = left, *b = right;
	int order = number_cmp(b->missing, a->missing);

	if (order == 0)
		order = number_cmp(b->by_category[AUDIT_MISSING_BOTH],
		                   a->by_category[AUDIT_MISSING_BOTH]);
	if (order == 0)
		order = number_cmp(b->by_category[AUDIT_PARTIAL], a->by_category[AUDIT_PARTIAL]);
	return order != 0 ? order : str_cmp(a->path, b->path);
}

static int costly_cmp(const void *left, const void *right)
{
	const struct costly *a = left, *b = right;
	int order = number_cmp(b->worst, a->worst);

	if (order == 0)
		order = number_cmp(b->row->held_while_count, a->row->held_while_count);
	if (order == 0)
		order = number_cmp(b->open_exits, a->open_exits);
	return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static uint32_t held_calls(const struct audit_row *row)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < row->slow_call_count; i++)
		n += row->slow_calls[i].held;
	return n;
}

/* A stream lasts longer than calls, and these longer than a template. */
static int holding_cmp(const void *left, const void *right)
{
	const struct audit_row *a = *(const struct audit_row *const *)left,
			       *b = *(const struct audit_row *const *)right;
	int order = number_cmp(audit_is_held_while(b, "stream"), audit_is_held_while(a, "stream"));

	if (order == 0)
		order = number_cmp(held_calls(b), held_calls(a));
	return order != 0 ? order : (a > b) - (a < b);
}

static int definition_cmp(const struct audit_provider *a, const struct audit_provider *b)
{
	int order = str_cmp(a->name, b->name);

	if (order == 0)
		order = str_cmp(a->path, b->path);
	if (order == 0)
		order = number_cmp(a->line, b->line);
	return order != 0 ? order : (int)a->guarded - (int)b->guarded;
}

static int same_provider_cmp(const void *left, const void *right)
{
	const struct provider_use *a = left, *b = right;

	return definition_cmp(a->provider, b->provider);
}

static int provider_cmp(const void *left, const void *right)
{
	const struct provider_use *a = left, *b = right;
	int order = number_cmp(b->handlers, a->handlers);

	return order != 0 ? order : definition_cmp(a->provider, b->provider);
}

/* One entry a use becomes one entry a provider. */
static void merge_providers(struct audit_tables *t)
{
	size_t count = arrlenu(t->providers), kept = 0;

	if (count == 0)
		return;
	qsort(t->providers, count, sizeof(*t->providers), same_provider_cmp);
	for (size_t i = 1; i < count; i++)
		if (definition_cmp(t->providers[kept].provider, t->providers[i].provider) == 0)
			t->providers[kept].handlers++;
		else
			t->providers[++kept] = t->providers[i];
	t->provider_count = kept + 1;
	qsort(t->providers, t->provider_count, sizeof(*t->providers), provider_cmp);
}

void audit_tables_init(struct audit_tables *t, const struct audit *audit, bool naive)
{
	*t = (struct audit_tables){.handlers = 0};
	for (size_t i = 0; i < audit->count; i++)
		count_row(t, &audit->rows[i], naive);
	merge_providers(t);
	t->differ_count = arrlenu(t->differ);
	t->holding_total = arrlenu(t->holding);
	if (t->holding_total > 0)
		qsort(t->holding, t->holding_total, sizeof(*t->holding), holding_cmp);
	t->holding_count = t->holding_total > HOLDING_MAX ? HOLDING_MAX : t->holding_total;
	t->hotspot_count = arrlenu(t->hotspots);
	if (t->hotspot_count > 0)
		qsort(t->hotspots, t->hotspot_count, sizeof(*t->hotspots), hotspot_cmp);
	t->costly_count = arrlenu(t->costly);
	if (t->costly_count > 0)
		qsort(t->costly, t->costly_count, sizeof(*t->costly), costly_cmp);
	if (t->costly_count > COSTLY_MAX)
		t->costly_count = COSTLY_MAX;
}

void audit_tables_release(struct audit_tables *t)
{
	arrfree(t->hotspots);
	arrfree(t->providers);
	arrfree(t->costly);
	arrfree(t->differ);
	arrfree(t->holding);
}
