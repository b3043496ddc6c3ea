/*
 * config.c - the configuration, key by key. Both notations arrive here as the
 * same tree of settings, so there is one list of keys and one set of messages.
 */
#include "input/config.h"
#include "input/path.h"
#include "input/setting.h"
#include "input/source.h"

/* What is needed to read one file. */
struct reading {
	struct setting_source s;
	is_rule_fn *is_rule;
	nearest_rule_fn *nearest;
};

static const char *const top_keys[] = {
	"exclude",    "allowlist",    "policy",    "fastapi-version", "providers", "releases",
	"slow-calls", "entry-points", "protocols", "rules",           "overrides",
};
static const char *const override_keys[] = {"paths", "policy", "rules"};

static bool read_policy(struct reading *r, const struct setting *v, enum policy *out)
{
	struct str word;

	if (!setting_string(&r->s, v, &word))
		return false;
	*out = policy_of_word(word);
	return *out != POLICY_UNSET ||
	       setting_wrong(&r->s, v->at, "'%.*s' is no policy: choose balanced, explicit or leaks",
	                     STR_ARG(word));
}

static bool read_version(struct reading *r, const struct setting *v, struct str *out)
{
	if (!setting_string(&r->s, v, out))
		return false;
	return version_text_valid(*out) ||
	       setting_wrong(&r->s, v->at, "'%.*s' is no version: write one such as \"0.128.0\"",
	                     STR_ARG(*out));
}

/* "module.path:function": how a function of the project is named. */
static bool is_function_name(struct str text)
{
	const char *colon = memchr(text.ptr, ':', text.len);

	if (colon == NULL || colon == text.ptr || colon == text.ptr + text.len - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == ' ' || c == '/' || c == '(' || (c == ':' && text.ptr + i != colon))
			return false;
	}
	return true;
}

static bool read_functions(struct reading *r, const struct setting *v, struct str_list *out)
{
	if (!setting_strings(&r->s, v, out))
		return false;
	for (const struct setting *item = v->first; item != NULL; item = item->next)
		if (!is_function_name(item->text))
			return setting_wrong(
				&r->s, item->at,
				"'%.*s' names no function: write \"package.module:function\"",
				STR_ARG(item->text));
	return true;
}

static bool read_level(struct reading *r, const struct setting *v, enum rule_setting *out)
{
	static const char *const words[] = {
		[RULE_OFF] = "off", [RULE_NOTE] = "note", [RULE_WARNING] = "warning", [RULE_ERROR] = "error"};

	for (size_t i = RULE_OFF; v->kind == SETTING_STRING && i < ARRAY_LEN(words); i++)
		if (str_is(v->text, words[i])) {
			*out = (enum rule_setting)i;
			return true;
		}
	return setting_wrong(&r->s, v->at, "the level of '%.*s' must be off, note, warning or error",
	                     STR_ARG(v->key));
}

static bool unknown_rule(struct reading *r, const struct setting *v)
{
	struct str near = r->nearest(v->key);

	if (near.len > 0)
		return setting_wrong(&r->s, v->key_at, "unknown rule '%.*s': did you mean '%.*s'?",
		                     STR_ARG(v->key), STR_ARG(near));
	return setting_wrong(&r->s, v->key_at, "unknown rule '%.*s': 'idletx rules' lists them",
	                     STR_ARG(v->key));
}

static bool read_rules(struct reading *r, const struct setting *v, const struct rule_level **out,
                       size_t *count)
{
	size_t n = 0;

	if (v->kind != SETTING_TABLE)
		return setting_wrong(&r->s, v->at,
		                     "'rules' must be a table of rules and their levels");
	struct rule_level *levels = arena_array(r->s.run, struct rule_level, v->count);
	for (const struct setting *m = v->first; m != NULL; m = m->next, n++) {
		levels[n].rule = m->key;
		if (!r->is_rule(m->key))
			return unknown_rule(r, m);
		if (!read_level(r, m, &levels[n].setting))
			return false;
	}
	*out = levels;
	*count = n;
	return true;
}

static bool read_override(struct reading *r, const struct setting *v, struct config_override *out)
{
	const struct setting *paths, *policy, *rules;

	if (!setting_table(&r->s, v, override_keys, ARRAY_LEN(override_keys)))
		return false;
	paths = setting_member(v, STR("paths"));
	policy = setting_member(v, STR("policy"));
	rules = setting_member(v, STR("rules"));
	if (paths == NULL)
		return setting_wrong(&r->s, v->at,
		                     "an override needs 'paths': the files that it is for");
	if (!setting_strings(&r->s, paths, &out->paths))
		return false;
	if (out->paths.count == 0)
		return setting_wrong(&r->s, paths->at,
		                     "'paths' is empty: this override is for no file");
	if (policy == NULL && rules == NULL)
		return setting_wrong(&r->s, v->at, "an override needs 'policy' or 'rules'");
	return (policy == NULL || read_policy(r, policy, &out->policy)) &&
	       (rules == NULL || read_rules(r, rules, &out->rules, &out->rule_count));
}

static bool read_overrides(struct reading *r, const struct setting *v, struct config *c)
{
	size_t n = 0;

	if (v->kind != SETTING_ARRAY)
		return setting_wrong(&r->s, v->at, "'overrides' must be an array of tables");
	struct config_override *all = arena_array(r->s.run, struct config_override, v->count);
	for (const struct setting *item = v->first; item != NULL; item = item->next)
		if (!read_override(r, item, &all[n++]))
			return false;
	c->overrides = all;
	c->override_count = n;
	return true;
}

static bool read_key(struct reading *r, const struct setting *v, struct config *c)
{
	struct str key = v->key;

	if (str_is(key, "exclude"))
		return setting_strings(&r->s, v, &c->exclude);
	if (str_is(key, "allowlist"))
		return setting_string(&r->s, v, &c->allowlist);
	if (str_is(key, "policy"))
		return read_policy(r, v, &c->policy);
	if (str_is(key, "fastapi-version"))
		return read_version(r, v, &c->fastapi_version);
	if (str_is(key, "providers"))
		return read_functions(r, v, &c->providers);
	if (str_is(key, "releases"))
		return read_functions(r, v, &c->releases);
	if (str_is(key, "slow-calls"))
		return setting_strings(&r->s, v, &c->slow_calls);
	if (str_is(key, "entry-points"))
		return setting_strings(&r->s, v, &c->entry_points);
	if (str_is(key, "protocols"))
		return setting_strings(&r->s, v, &c->protocols);
	if (str_is(key, "rules"))
		return read_rules(r, v, &c->rules, &c->rule_count);
	return read_overrides(r, v, c);
}

static bool read_settings(struct reading *r, const struct setting *top, struct config *c)
{
	if (!setting_table(&r->s, top, top_keys, ARRAY_LEN(top_keys)))
		return false;
	for (const struct setting *v = top->first; v != NULL; v = v->next)
		if (!read_key(r, v, c))
			return false;
	return true;
}

/*
 * Reads one file. '*found' says whether it has settings for us: a JSON file always, a TOML file if
 * it has [tool.idletx].
 */
static bool read_file(struct reading *r, struct str absolute, struct config *c, bool *found)
{
	struct source source;
	struct setting *top = NULL;
	const char *why;

	if (!source_read(absolute.ptr, &source, &why)) {
		diag_add(r->s.d, DIAG_USAGE, r->s.path, 0, 0, "cannot read this configuration: %s",
		         why);
		return false;
	}
	/* A setting may be a part of the text, which therefore must live as long. */
	r->s.text = arena_str(r->s.run, str_slice(source.text, source.bom, source.text.len));
	source_release(&source);
	bool json = str_ends(absolute, STR(".json"));
	if (!(json ? json_read(&r->s, &top) : toml_read(&r->s, &top)))
		return false;
	*found = top != NULL;
	if (!*found)
		return true;
	c->file = r->s.path;
	return read_settings(r, top, c);
}

/* The file that --config names. */
static bool read_named(struct reading *r, struct str root, const char *file, struct config *c)
{
	struct str absolute;
	bool found = false;

	r->s.path = str_of(file);
	if (!path_absolute(r->s.run, file, &absolute)) {
		diag_add(r->s.d, DIAG_USAGE, r->s.path, 0, 0,
		         "cannot read this configuration: no such file");
		return false;
	}
	r->s.path = path_relative(r->s.run, root, absolute);
	if (!read_file(r, absolute, c, &found))
		return false;
	if (!found)
		diag_add(r->s.d, DIAG_USAGE, r->s.path, 0, 0, "this file has no [tool.idletx]");
	return found;
}

static bool read_found(struct reading *r, struct str root, struct config *c)
{
	static const char *const names[] = {"pyproject.toml", ".idletx.json"};
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!path_exists(root, names[i]))
			continue;
		r->s.path = str_of(names[i]);
		if (found)
			diag_add(r->s.d, DIAG_WARNING, r->s.path, 0, 0,
			         "this file is not read: pyproject.toml has [tool.idletx]");
		else if (!read_file(r, path_join(r->s.run, root, r->s.path), c, &found))
			return false;
	}
	return true;
}

bool config_load(struct arena *run, struct diag *d, struct str root, const char *file,
                 is_rule_fn *is_rule, nearest_rule_fn *nearest, struct config *out)
{
	struct reading r = {.s = {.run = run, .d = d}, .is_rule = is_rule, .nearest = nearest};
	struct config c = {
		.file = STR_EMPTY,
		.allowlist = STR_EMPTY,
		.fastapi_version = STR_EMPTY,
	};

	if (!(file != NULL ? read_named(&r, root, file, &c) : read_found(&r, root, &c)))
		return false;
	*out = c;
	return true;
}

static bool override_matches(const struct config_override *o, struct str path)
{
	for (size_t i = 0; i < o->paths.count; i++)
		if (glob_match(o->paths.items[i], path))
			return true;
	return false;
}

enum policy config_policy(const struct config *c, enum policy from_options, struct str path)
{
	if (from_options != POLICY_UNSET)
		return from_options;
	for (size_t i = c->override_count; i-- > 0;)
		if (c->overrides[i].policy != POLICY_UNSET &&
		    override_matches(&c->overrides[i], path))
			return c->overrides[i].policy;
	return c->policy != POLICY_UNSET ? c->policy : POLICY_BALANCED;
}

static enum rule_setting setting_in(const struct rule_level *levels, size_t count, struct str rule)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(levels[i].rule, rule))
			return levels[i].setting;
	return RULE_DEFAULT;
}

enum rule_setting config_rule(const struct config *c, struct str path, struct str rule)
{
	for (size_t i = c->override_count; i-- > 0;) {
		const struct config_override *o = &c->overrides[i];
		enum rule_setting found = setting_in(o->rules, o->rule_count, rule);
		if (found != RULE_DEFAULT && override_matches(o, path))
			return found;
	}
	return setting_in(c->rules, c->rule_count, rule);
}
