/*
 * sarif_rule.c - the rules as GitHub shows them beside an alert. Their text is the
 * page rule.md, so that there is one description and not two.
 */
#include "report/sarif.h"

#include "rule.h"

#define PROJECT_URI "https://github.com/idletx/idletx"

enum { DESCRIPTION_MAX = 1000 }; /* GitHub takes 1024 characters */

/* "unreleased-on-return" as "UnreleasedOnReturn". */
static struct str pascal_case(struct arena *a, const char *id)
{
	char *name = arena_array(a, char, strlen(id));
	size_t len = 0;
	bool start = true;

	for (; *id != '\0'; id++) {
		if (*id != '-')
			name[len++] = start && *id >= 'a' && *id <= 'z' ? (char)(*id - 'a' + 'A')
			                                                : *id;
		start = *id == '-';
	}
	return (struct str){name, len};
}

/* The text after the first line that is 'heading'; empty when there is none. */
static struct str after_heading(struct str page, struct str heading)
{
	while (page.len > 0) {
		const char *end = memchr(page.ptr, '\n', page.len);
		size_t len = end == NULL ? page.len : (size_t)(end - page.ptr);
		struct str line = str_slice(page, 0, len);
		page = str_slice(page, len + 1, page.len);
		if (str_eq(line, heading))
			return page;
	}
	return STR_EMPTY;
}

/* Up to the last full stop. */
static struct str whole_sentences(struct str text)
{
	const char *stop = text.len == 0 ? NULL : memrchr(text.ptr, '.', text.len);

	return stop == NULL ? text : str_slice(text, 0, (size_t)(stop + 1 - text.ptr));
}

/* The first paragraph of 'text' on one line; as many sentences as DESCRIPTION_MAX has room for. */
static struct str first_paragraph(struct arena *a, struct str text)
{
	char *out = arena_array(a, char, DESCRIPTION_MAX);
	size_t len = 0, i = 0;

	while (i < text.len && text.ptr[i] == '\n')
		i++;
	for (; i < text.len && len < DESCRIPTION_MAX; i++) {
		if (text.ptr[i] == '\n' && (i + 1 == text.len || text.ptr[i + 1] == '\n'))
			break;
		out[len++] = text.ptr[i] == '\n' ? ' ' : text.ptr[i];
	}
	return len < DESCRIPTION_MAX ? (struct str){out, len}
	                             : whole_sentences((struct str){out, len});
}

static struct str full_description(struct sarif *s, const struct rule *rule, struct str page)
{
	struct str text = first_paragraph(&s->scratch,
	                                  after_heading(page, STR("## What it finds")));

	return text.len == 0 ? str_of(rule->title) : text;
}

static const char *problem_severity(enum level level)
{
	return level == LEVEL_ERROR     ? "error"
	       : level == LEVEL_WARNING ? "warning"
	                                : "recommendation";
}

/* "external/cwe/cwe-772" is how GitHub learns of a weakness. */
static json_t *tags(struct sarif *s, const struct rule *rule)
{
	json_t *list = json_pack("[s, s]", "database", "reliability");

	if (rule->cwe != NULL && strncmp(rule->cwe, "CWE-", 4) == 0)
		json_array_append_new(
			list,
			json_text(arena_printf(&s->scratch, "external/cwe/cwe-%s", rule->cwe + 4)));
	return list;
}

/* The weaknesses that a rule may name; their texts are those of the catalogue. */
static const struct weakness {
	const char *id, *text;
} weaknesses[] = {
	{"CWE-404", "Improper Resource Shutdown or Release"},
	{"CWE-772", "Missing Release of Resource after Effective Lifetime"},
	{"CWE-775", "Missing Release of File Descriptor or Handle after Effective Lifetime"},
};

static int weakness_index(const char *cwe)
{
	for (size_t i = 0; cwe != NULL && i < ARRAY_LEN(weaknesses); i++)
		if (strcmp(weaknesses[i].id, cwe) == 0)
			return (int)i;
	return -1;
}

json_t *sarif_taxonomies(void)
{
	json_t *taxa = json_array();

	for (size_t i = 0; i < ARRAY_LEN(weaknesses); i++)
		json_array_append_new(taxa, json_pack("{s:s, s:{s:s+}}", "id", weaknesses[i].id,
		                                      "shortDescription", "text",
		                                      weaknesses[i].text, "."));
	return json_pack("[{s:s, s:s, s:{s:s}, s:s, s:o}]", "name", "CWE", "organization", "MITRE",
	                 "shortDescription", "text", "The MITRE Common Weakness Enumeration.",
	                 "informationUri", "https://cwe.mitre.org/data/", "taxa", taxa);
}

static void add_weakness(json_t *value, const struct rule *rule)
{
	int index = weakness_index(rule->cwe);

	if (index >= 0)
		json_object_set_new(value, "relationships",
		                    json_pack("[{s:{s:s, s:i, s:{s:s, s:i}}, s:[s]}]", "target",
		                              "id", rule->cwe, "index", index, "toolComponent",
		                              "name", "CWE", "index", 0, "kinds", "superset"));
}

static json_t *help(const struct rule *rule, struct str page)
{
	struct str text = page.len == 0 ? str_of(rule->title) : page;

	return json_pack("{s:o, s:o}", "text", json_text(text), "markdown", json_text(text));
}

/* A key and its value stand on one line, in the shape of the JSON. */
/* clang-format off */

static json_t *rule_value(struct sarif *s, const struct rule *rule)
{
	struct str page = rule_markdown(rule);
	struct str uri =
		arena_printf(&s->scratch, PROJECT_URI "/blob/main/rules/%s/rule.md", rule->id);
	json_t *value = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:{s:b, s:s}, s:{s:o, s:s, s:s}}",
		"id", rule->id,
		"name", json_text(pascal_case(&s->scratch, rule->id)),
		"shortDescription", sarif_message(s, str_of(rule->title)),
		"fullDescription", sarif_message(s, full_description(s, rule, page)),
		"help", help(rule, page),
		"helpUri", json_text(uri),
		"defaultConfiguration",
			"enabled", (int)!rule->off_by_default,
			"level", level_word(rule->level_max),
		"properties",
			"tags", tags(s, rule),
			"precision", rule->precision,
			"problem.severity", problem_severity(rule->level_max));

	add_weakness(value, rule);
	return value;
}

/* clang-format on */

json_t *sarif_rules(struct sarif *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rule_count; i++)
		json_array_append_new(list, rule_value(s, rule_table[i]));
	return list;
}

int sarif_rule_index(const struct rule *rule)
{
	for (size_t i = 0; i < rule_count; i++)
		if (strcmp(rule_table[i]->id, rule->id) == 0)
			return (int)i;
	return -1;
}
