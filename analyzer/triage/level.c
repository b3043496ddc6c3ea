/* level.c - see level.h. */
#include "triage/level.h"
#include "rule.h"

bool id_list_next(struct str list, size_t *at, struct str *item)
{
	if (*at > list.len || list.len == 0)
		return false;
	const char *comma = memchr(list.ptr + *at, ',', list.len - *at);
	size_t end = comma == NULL ? list.len : (size_t)(comma - list.ptr);
	struct str s = str_slice(list, *at, end);
	*at = end + 1;
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = str_slice(s, 1, s.len);
	while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	*item = s;
	return true;
}

/* Does a comma separated list of ids and globs hold this id? */
static bool id_list_holds(struct str list, struct str id)
{
	struct str item;

	for (size_t at = 0; id_list_next(list, &at, &item);)
		if (glob_match(item, id))
			return true;
	return false;
}

struct str unknown_rule_text(struct arena *run, struct str id)
{
	struct str near = rule_nearest(id);

	if (near.len > 0)
		return arena_printf(run, "unknown rule '%.*s': did you mean '%.*s'?", STR_ARG(id),
		                    STR_ARG(near));
	return arena_printf(run, "unknown rule '%.*s': 'idletx rules' lists them", STR_ARG(id));
}

static bool matches_some_rule(struct str item)
{
	for (size_t i = 0; i < rule_count; i++)
		if (glob_match(item, str_of(rule_table[i]->id)))
			return true;
	return false;
}

static bool check_list(const char *option, struct str list, struct diag *d)
{
	struct arena scratch;
	struct str item;
	bool ok = true;

	arena_init(&scratch);
	for (size_t at = 0; ok && id_list_next(list, &at, &item);) {
		ok = matches_some_rule(item);
		if (!ok)
			diag_add(d, DIAG_USAGE, STR_EMPTY, 0, 0, "%s: %.*s", option,
			         STR_ARG(unknown_rule_text(&scratch, item)));
	}
	arena_release(&scratch);
	return ok;
}

/* Does the configuration switch this rule on for some path? */
static bool configured_on(const struct config *c, struct str id)
{
	for (size_t i = 0; i < c->rule_count; i++)
		if (str_eq(c->rules[i].rule, id) && c->rules[i].setting != RULE_OFF)
			return true;
	for (size_t i = 0; i < c->override_count; i++)
		for (size_t k = 0; k < c->overrides[i].rule_count; k++)
			if (str_eq(c->overrides[i].rules[k].rule, id) &&
			    c->overrides[i].rules[k].setting != RULE_OFF)
				return true;
	return false;
}

bool level_choose(const struct options *o, const struct config *c, struct diag *d, bool *enabled)
{
	if (!check_list("--select", o->select, d) || !check_list("--ignore", o->ignore, d))
		return false;
	for (size_t i = 0; i < rule_count; i++) {
		struct str id = str_of(rule_table[i]->id);
		bool wanted = o->select.len > 0
		                      ? id_list_holds(o->select, id)
		                      : !rule_table[i]->off_by_default || configured_on(c, id);
		enabled[i] = wanted && !id_list_holds(o->ignore, id);
	}
	return true;
}

static enum level level_for(const struct options *o, const struct config *c, const struct finding *f)
{
	struct str id = str_of(f->rule->id);

	switch (config_rule(c, f->at.path, id)) {
	case RULE_OFF: return LEVEL_OFF;
	case RULE_NOTE: return LEVEL_NOTE;
	case RULE_WARNING: return LEVEL_WARNING;
	case RULE_ERROR: return LEVEL_ERROR;
	case RULE_DEFAULT: break;
	}
	/* On for other paths only. */
	if (f->rule->off_by_default && !id_list_holds(o->select, id))
		return LEVEL_OFF;
	return f->level;
}

size_t level_select(const struct options *o, const struct config *c, struct finding *findings,
                    size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct finding *f = &findings[i];
		/* What policy has dropped the configuration does not bring back. */
		if (f->level != LEVEL_OFF)
			f->level = level_for(o, c, f);
		if (f->level != LEVEL_OFF)
			findings[kept++] = *f;
	}
	return kept;
}
