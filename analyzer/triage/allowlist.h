/*
 * allowlist.h - findings that a team has accepted (or put off), with a reason,
 * in a file of its own. Everything about that file is strict: what is mistyped
 * there would hide findings or stop hiding them without a word.
 */
#ifndef IDLETX_TRIAGE_ALLOWLIST_H
#define IDLETX_TRIAGE_ALLOWLIST_H

#include "finding.h"
#include "input/config.h"
#include "input/options.h"
#include "project/project.h"
#include "triage/date.h"

struct allowlist_entry {
	struct str path, function; /* globs */
	struct str_list rules;     /* ids or globs */
	struct str reason, owner;  /* owner may be empty */
	bool backlog;              /* put off, not accepted */
	bool has_expiry;
	day_number expires; /* the last day on which it holds */
	struct str expires_text;
	uint32_t line, column; /* where it begins */
	bool expired, used;
};

struct allowlist {
	struct str file; /* as messages show it; empty when there is none */
	struct allowlist_entry *entries;
	size_t count;
	day_number today;
	uint32_t accepted, backlog; /* findings that allowlist_apply has marked */
};

/*
 * Reads the allowlist that the command line names (relative to the current folder), else the one
 * of the configuration (relative to 'root'); without either '*out' is empty. Any mistake in it is
 * one DIAG_USAGE with file, line and column, and false.
 */
MUST_USE bool allowlist_load(struct arena *run, struct diag *d, struct str root,
                             const struct options *o, const struct config *c, day_number today,
                             struct allowlist *out);

/* Marks the open findings that an entry matches, and the entries that match a finding. */
void allowlist_apply(struct allowlist *a, struct finding *findings, size_t count);

/*
 * Is this function accepted whole: by an entry of kind accepted, for every rule ("*")? Such an
 * entry then counts as used. Not for several threads at once.
 */
bool allowlist_covers(struct allowlist *a, struct str path, struct str function);

/*
 * An entry that accepts one function for every rule speaks of the function, not of findings, and
 * is used as long as the project has it. (It is what makes the function an exception in an audit.)
 */
void allowlist_find_functions(struct allowlist *a, const struct project *project);

/*
 * Warns of entries that have expired, will within 30 days, or matched nothing; the last only when
 * 'whole' says that all files and rules were looked at. With 'strict' expired and unmatched
 * entries are DIAG_USAGE.
 */
void allowlist_review(const struct allowlist *a, bool whole, bool strict, struct diag *d);

#endif
