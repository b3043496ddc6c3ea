/*
 * rule.c - the table of rules. It is made from the names of the folders (the
 * build writes rules.inc), so a new rule edits nothing here.
 */
#include "rule.h"

#include "base/embedded.h"
#include "input/nearest.h"
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

const struct rule *rule_find(struct str id)
{
	for (size_t i = 0; i < rule_count; i++)
		if (str_is(id, rule_table[i]->id))
			return rule_table[i];
	return NULL;
}

struct str rule_nearest(struct str id)
{
	struct nearest n = NEAREST_OF(id);

	for (size_t i = 0; i < rule_count; i++)
		nearest_offer(&n, str_of(rule_table[i]->id));
	return nearest_found(&n);
}

struct str rule_markdown(const struct rule *r)
{
	char name[128];
	int len = snprintf(name, sizeof(name), "rules/%s/rule.md", r->id);

	if (len < 0 || (size_t)len >= sizeof(name))
		return STR_EMPTY;
	const struct embedded_file *page = embedded_find((struct str){name, (size_t)len});
	return page == NULL ? STR_EMPTY : page->text;
}
