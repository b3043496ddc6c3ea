/*
 * rule.h - the contract of a rule, and the only header a rule includes. A rule
 * is one folder: rule.c exports one `const struct rule rule_<id>`, rule.md is
 * its page, bad*.py and ok*.py are its cases. The build finds it by its folder.
 */
#ifndef IDLETX_RULES_RULE_H
#define IDLETX_RULES_RULE_H

#include "base/base.h"
#include "draft.h"
#include "finding.h"
#include "lifecycle.h"
#include "held.h"
#include "notes.h"
#include "stored_use.h"
#include "flow/walk.h"
#include "program/asgi.h"
#include "program/limit.h"
#include "program/preset.h"
#include "program/program.h"
#include "program/rows.h"
#include "project/def.h"
#include "state/witness.h"

struct rule_ctx;

enum bodies {
	BODIES_NONE,
	BODIES_WITH_SESSION, /* that keep a session under a name */
	BODIES_ALL,          /* that have to do with connections */
};

struct rule {
	const char *id;    /* equals the folder's name */
	const char *title; /* one line: JSON "name", SARIF shortDescription */
	enum level level_max; /* the rule's own ceiling; the table in draft.h sets the level below it */
	struct {
		enum level balanced, explicit_, leaks;
	} usual;               /* the level of its common finding by policy; shown, never applied */
	const char *precision; /* SARIF: very-high, high, medium, low */
	const char *cwe;       /* "CWE-772", "CWE-404", "CWE-775" or NULL */
	bool off_by_default;
	enum bodies bodies; /* of modules that it is asked about, too */
	bool asks_limits;   /* program.limits is there for it */
	void (*check)(struct rule_ctx *ctx);
};

/* The page of a rule, embedded from rule.md at build. */
struct rule_page {
	const char *id;
	struct str markdown;
};

extern const struct rule *const rule_table[]; /* sorted by id */
extern const size_t rule_count;
const struct rule *rule_find(struct str id);    /* NULL when there is none */
struct str rule_nearest(struct str id);         /* did you mean; empty when nothing is near */
struct str rule_markdown(const struct rule *r); /* its page */

#endif
