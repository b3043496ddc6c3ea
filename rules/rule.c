/*
 * rule.c - the table of rules. It is made from the names of the folders (the
 * build writes rules.inc), so a new rule edits nothing here.
 */
#include "rule.h"

#include "base/embedded.h"
#include <stdio.h>

#define RULE(name) extern const struct rule rule_##name;
#include "rules.inc"
#undef RULE

const struct rule *const rule_table[] = {
#define RULE(name) &rule_##name,
#include "rules.inc"
#undef RULE
	NULL, /* C has no empty arrays; never counted */
};
const size_t rule_count = ARRAY_LEN(rule_table) - 1;

enum { ID_MAX = 64, DISTANCE_MAX = 3 };

const struct rule *rule_find(struct str id)
{
	for (size_t i = 0; i < rule_count; i++)
		if (str_is(id, rule_table[i]->id))
			return rule_table[i];
	return NULL;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance, one row at a time; both texts are at most ID_MAX long. */
static size_t edit_distance(struct str a, struct str b)
{
	size_t row[ID_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t above = row[j];
			size_t swapped = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
			row[j] = smallest(above + 1, row[j - 1] + 1, swapped);
			diagonal = above;
		}
	}
	return row[b.len];
}

struct str rule_nearest(struct str id)
{
	struct str nearest = STR_EMPTY;
	size_t least = DISTANCE_MAX + 1;

	if (id.len > ID_MAX)
		return nearest;
	for (size_t i = 0; i < rule_count; i++) {
		struct str known = str_of(rule_table[i]->id);
		size_t distance = known.len > ID_MAX ? least : edit_distance(id, known);
		if (distance < least && distance < known.len) {
			least = distance;
			nearest = known;
		}
	}
	return nearest;
}

struct str rule_markdown(const struct rule *r)
{
	char name[sizeof("rules//rule.md") + ID_MAX];
	int len = snprintf(name, sizeof(name), "rules/%s/rule.md", r->id);

	if (len < 0 || (size_t)len >= sizeof(name))
		return STR_EMPTY;
	const struct embedded_file *page = embedded_find((struct str){name, (size_t)len});
	return page == NULL ? STR_EMPTY : page->text;
}
