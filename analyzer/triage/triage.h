/*
 * triage.h - from what the rules found to what a person is shown: which of it
 * counts, where it is, what it is called, and what was accepted.
 */
#ifndef IDLETX_TRIAGE_TRIAGE_H
#define IDLETX_TRIAGE_TRIAGE_H

#include "finding.h"
#include "input/config.h"
#include "input/options.h"
#include "project/project.h"
#include "triage/allowlist.h"

/* Reads the allowlist, as allowlist_load, with the day of today. '*out' is never NULL then. */
MUST_USE bool triage_allowlist(struct arena *run, struct diag *d, const struct options *o,
                               const struct config *c, struct str root, struct allowlist **out);

struct triage_input {
	const struct options *options;
	const struct config *config;
	struct allowlist *allowlist;
	const struct project *project;
	struct str root;     /* absolute; the modules' paths begin there */
	const bool *enabled; /* from level_choose */
	bool whole;          /* all files of the project were wanted and could be read */
};

/*
 * Works on 'findings' in place: drops what the configuration turns off, locates, merges, sorts,
 * names and marks. '*count' becomes the number that is left. Comments and entries that are wrong
 * or no longer needed are reported to 'd', with --strict-allowlist as DIAG_USAGE.
 */
void triage_run(struct arena *run, struct diag *d, const struct triage_input *in,
                struct finding *findings, size_t *count);

#endif
