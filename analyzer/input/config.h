/*
 * config.h - [tool.idletx] of pyproject.toml or .idletx.json, checked key by
 * key. Configuration applies after linking; nothing before project/ reads it.
 */
#ifndef IDLETX_INPUT_CONFIG_H
#define IDLETX_INPUT_CONFIG_H

#include "base/base.h"
#include "input/options.h"

enum rule_setting { RULE_DEFAULT, RULE_OFF, RULE_NOTE, RULE_WARNING, RULE_ERROR };

struct rule_level {
	struct str rule;
	enum rule_setting setting;
};

struct str_list {
	const struct str *items;
	size_t count;
};

/* [[tool.idletx.overrides]]: for files that match one of 'paths'. Later ones win. */
struct config_override {
	struct str_list paths;
	enum policy policy;
	const struct rule_level *rules;
	size_t rule_count;
};

struct config {
	struct str file; /* where it came from, relative to the root; empty: none */
	struct str_list exclude, providers, releases, slow_calls, entry_points, protocols;
	struct str allowlist;       /* relative to the root; empty: none */
	struct str fastapi_version; /* empty: unset */
	enum policy policy;
	const struct rule_level *rules;
	size_t rule_count;
	const struct config_override *overrides;
	size_t override_count;
};

/* Is this a rule's id? Given by the caller, so that input/ knows no rules. */
typedef bool is_rule_fn(struct str id);
/* The nearest known rule id, or an empty str. */
typedef struct str nearest_rule_fn(struct str id);

/*
 * Reads the configuration at 'root' (absolute), or 'file' when not NULL. No
 * file is a valid, empty configuration. An unknown key, wrong type or bad
 * value adds one DIAG_USAGE entry with file, line and column and returns false.
 */
MUST_USE bool config_load(struct arena *run, struct diag *d, struct str root, const char *file,
                          is_rule_fn *is_rule, nearest_rule_fn *nearest, struct config *out);

/* The policy for 'path': command line first, then the last matching override, then the file. */
enum policy config_policy(const struct config *c, enum policy from_options, struct str path);

/* The setting of a rule for 'path': the last matching override that names it, else [rules]. */
enum rule_setting config_rule(const struct config *c, struct str path, struct str rule);

/*
 * Does a glob match the whole of 'path'? `*`, `?` and `[a-z]`, `[!a-z]` stay within a part, `**`
 * crosses parts and a part that is `**` may also stand for none, a backslash takes the next
 * character as it is. Characters are code points; bytes that are no UTF-8 count one each.
 */
bool glob_match(struct str glob, struct str path);

#endif
