/* predicate.c - compiles and evaluates the predicates of query patterns. */
#include "syntax/predicate.h"
#include "base/memory.h"

#include <regex.h>
#include <stdlib.h>
#include <stb/stb_ds.h>

enum comparison { COMPARE_EQUAL, COMPARE_MATCH, COMPARE_ANY_OF };

struct predicate {
	enum comparison comparison;
	bool negated;
	bool any; /* one node of a repeated capture is enough */
	uint32_t capture;
	int64_t other;     /* the second capture of #eq?, or -1 */
	struct str *words; /* stb_ds; they live in the query */
	regex_t *regex;
};

struct group {
	uint32_t first, end; /* of the pattern's predicates */
	struct str entry;
};

struct pattern {
	struct predicate *predicates; /* stb_ds */
	struct group *groups;         /* stb_ds */
};

struct predicates {
	struct pattern *patterns; /* stb_ds */
};

static const struct {
	const char *name;
	enum comparison comparison;
	bool negated, any;
} operators[] = {
	{"eq?", COMPARE_EQUAL, false, false},       {"not-eq?", COMPARE_EQUAL, true, false},
	{"any-eq?", COMPARE_EQUAL, false, true},    {"any-not-eq?", COMPARE_EQUAL, true, true},
	{"match?", COMPARE_MATCH, false, false},    {"not-match?", COMPARE_MATCH, true, false},
	{"any-match?", COMPARE_MATCH, false, true}, {"any-not-match?", COMPARE_MATCH, true, true},
	{"any-of?", COMPARE_ANY_OF, false, false},  {"not-any-of?", COMPARE_ANY_OF, true, false},
};

void query_mistake(struct diag *d, struct str path, struct str text, uint32_t offset,
                   const char *what, struct str subject)
{
	uint32_t line = 1, column = 1;

	for (uint32_t i = 0; i < offset && i < text.len; i++, column++)
		if (text.ptr[i] == '\n') {
			line++;
			column = 0;
		}
	diag_add(d, DIAG_USAGE, path, line, column, "%s '%.*s'", what, STR_ARG(subject));
}

/* ---- compiling ------------------------------------------------------------ */

struct reading {
	const TSQuery *query;
	struct str path, text;
	struct diag *d;
	uint32_t pattern;
};

static struct str string_of(const struct reading *r, const TSQueryPredicateStep *step)
{
	struct str s = STR_EMPTY;
	uint32_t len = 0;

	if (step->type == TSQueryPredicateStepTypeString)
		s.ptr = ts_query_string_value_for_id(r->query, step->value_id, &len);
	if (step->type == TSQueryPredicateStepTypeCapture)
		s.ptr = ts_query_capture_name_for_id(r->query, step->value_id, &len);
	s.len = len;
	return s;
}

static bool mistake(const struct reading *r, const char *what, struct str subject)
{
	uint32_t start = ts_query_start_byte_for_pattern(r->query, r->pattern);
	uint32_t end = ts_query_end_byte_for_pattern(r->query, r->pattern);

	/* The predicate itself stands somewhere in its pattern: the first place with its name. */
	for (uint32_t i = start; subject.len > 0 && i + subject.len <= end; i++)
		if (memcmp(r->text.ptr + i, subject.ptr, subject.len) == 0) {
			start = i;
			break;
		}
	query_mistake(r->d, r->path, r->text, start, what, subject);
	return false;
}

static bool read_set(const struct reading *r, struct pattern *p, const TSQueryPredicateStep *steps,
                     uint32_t count)
{
	if (count != 3 || steps[1].type != TSQueryPredicateStepTypeString ||
	    steps[2].type != TSQueryPredicateStepTypeString)
		return mistake(r, "a property needs a key and a value in", STR("set!"));
	if (!str_is(string_of(r, &steps[1]), "entry"))
		return mistake(r, "unknown property", string_of(r, &steps[1]));
	struct group made = {.end = (uint32_t)arrlenu(p->predicates),
	                     .entry = string_of(r, &steps[2])};
	if (arrlenu(p->groups) > 0)
		made.first = arrlast(p->groups).end;
	arrput(p->groups, made);
	return true;
}

static bool read_regex(const struct reading *r, struct predicate *p, struct str text)
{
	char *copy = memory_resize(NULL, text.len + 1);

	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	p->regex = memory_resize(NULL, sizeof(*p->regex));
	int failed = regcomp(p->regex, copy, REG_EXTENDED | REG_NOSUB);
	free(copy);
	if (failed == 0)
		return true;
	free(p->regex);
	p->regex = NULL;
	return mistake(r, "invalid regular expression", text);
}

static bool read_operands(const struct reading *r, struct predicate *p,
                          const TSQueryPredicateStep *steps, uint32_t count)
{
	struct str name = string_of(r, &steps[0]);

	if (count < 3 || steps[1].type != TSQueryPredicateStepTypeCapture)
		return mistake(r, "a capture and a text are needed by", name);
	if (count > 3 && p->comparison != COMPARE_ANY_OF)
		return mistake(r, "too many operands for", name);
	p->capture = steps[1].value_id;
	if (steps[2].type == TSQueryPredicateStepTypeCapture) {
		if (p->comparison != COMPARE_EQUAL)
			return mistake(r, "a text is needed by", name);
		p->other = steps[2].value_id;
		return true;
	}
	if (p->comparison == COMPARE_MATCH)
		return read_regex(r, p, string_of(r, &steps[2]));
	for (uint32_t i = 2; i < count; i++)
		arrput(p->words, string_of(r, &steps[i]));
	return true;
}

static bool read_predicate(const struct reading *r, struct pattern *p,
                           const TSQueryPredicateStep *steps, uint32_t count)
{
	struct str name = string_of(r, &steps[0]);

	if (str_is(name, "set!"))
		return read_set(r, p, steps, count);
	for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
		if (!str_is(name, operators[i].name))
			continue;
		struct predicate made = {.comparison = operators[i].comparison,
		                         .negated = operators[i].negated,
		                         .any = operators[i].any,
		                         .other = -1};
		bool ok = read_operands(r, &made, steps, count);
		arrput(p->predicates, made);
		return ok;
	}
	return mistake(r, "unknown predicate", name);
}

static bool read_pattern(const struct reading *r, struct pattern *p)
{
	uint32_t count = 0;
	const TSQueryPredicateStep *steps = ts_query_predicates_for_pattern(r->query, r->pattern,
	                                                                    &count);

	for (uint32_t i = 0, first = 0; i < count; i++) {
		if (steps[i].type != TSQueryPredicateStepTypeDone)
			continue;
		if (!read_predicate(r, p, steps + first, i - first))
			return false;
		first = i + 1;
	}
	if (arrlenu(p->groups) == 0)
		return mistake(r, "a pattern needs the property", STR("entry"));
	return arrlast(p->groups).end == arrlenu(p->predicates) ||
	       mistake(r, "no property follows the last predicates of", STR("entry"));
}

struct predicates *predicates_new(const TSQuery *query, struct str path, struct str text,
                                  struct diag *d)
{
	struct predicates *p = memory_resize(NULL, sizeof(*p));
	struct reading r = {query, path, text, d, 0};
	bool ok = true;

	p->patterns = NULL;
	for (; r.pattern < ts_query_pattern_count(query) && ok; r.pattern++) {
		struct pattern made = {0};
		ok = read_pattern(&r, &made);
		arrput(p->patterns, made);
	}
	if (ok)
		return p;
	predicates_free(p);
	return NULL;
}

void predicates_free(struct predicates *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < arrlenu(p->patterns); i++) {
		struct pattern *at = &p->patterns[i];
		for (size_t k = 0; k < arrlenu(at->predicates); k++) {
			if (at->predicates[k].regex != NULL)
				regfree(at->predicates[k].regex);
			free(at->predicates[k].regex);
			arrfree(at->predicates[k].words);
		}
		arrfree(at->predicates);
		arrfree(at->groups);
	}
	arrfree(p->patterns);
	free(p);
}

/* ---- evaluating ----------------------------------------------------------- */

static struct str text_of(TSNode node, struct str source)
{
	return str_slice(source, ts_node_start_byte(node), ts_node_end_byte(node));
}

/* POSIX wants a terminator, which the source does not have. */
static bool regex_matches(const regex_t *regex, struct str text)
{
	char near[256];
	char *copy = text.len < sizeof(near) ? near : memory_resize(NULL, text.len + 1);

	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	bool matches = regexec(regex, copy, 0, NULL, 0) == 0;
	if (copy != near)
		free(copy);
	return matches;
}

static bool is_among(const struct predicate *p, struct str text)
{
	for (size_t i = 0; i < arrlenu(p->words); i++)
		if (str_eq(p->words[i], text))
			return true;
	return false;
}

/* The text of the first node of a capture; an absent one is empty. */
static struct str captured(const TSQueryMatch *m, uint32_t capture, struct str source)
{
	for (uint16_t i = 0; i < m->capture_count; i++)
		if (m->captures[i].index == capture)
			return text_of(m->captures[i].node, source);
	return STR_EMPTY;
}

static bool node_holds(const struct predicate *p, const TSQueryMatch *m, TSNode node,
                       struct str source)
{
	struct str text = text_of(node, source);
	bool holds = false;

	if (p->comparison == COMPARE_MATCH)
		holds = regex_matches(p->regex, text);
	else if (p->other >= 0)
		holds = str_eq(text, captured(m, (uint32_t)p->other, source));
	else
		holds = is_among(p, text);
	return holds != p->negated;
}

/* A capture that matched nothing (it is optional) asks nothing, unless one node has to hold. */
static bool predicate_holds(const struct predicate *p, const TSQueryMatch *m, struct str source)
{
	for (uint16_t i = 0; i < m->capture_count; i++)
		if (m->captures[i].index == p->capture &&
		    node_holds(p, m, m->captures[i].node, source) == p->any)
			return p->any;
	return !p->any;
}

bool predicates_hold(const struct predicates *p, const TSQueryMatch *m, uint32_t group,
                     struct str source)
{
	const struct pattern *at = &p->patterns[m->pattern_index];

	for (uint32_t i = at->groups[group].first; i < at->groups[group].end; i++)
		if (!predicate_holds(&at->predicates[i], m, source))
			return false;
	return true;
}

uint32_t predicates_group_count(const struct predicates *p, uint32_t pattern)
{
	return (uint32_t)arrlenu(p->patterns[pattern].groups);
}

struct str predicates_entry(const struct predicates *p, uint32_t pattern, uint32_t group)
{
	return p->patterns[pattern].groups[group].entry;
}
