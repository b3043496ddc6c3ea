/* pipeline.h - one run of the program, from the command line to the report. */
#ifndef IDLETX_PIPELINE_H
#define IDLETX_PIPELINE_H

#include "check.h"
#include "input/discover.h"
#include "program/program.h"
#include "state/slow.h"
#include "report/report.h"
#include "triage/allowlist.h"

enum run_phase {
	RUN_DISCOVER,
	RUN_LOWER,
	RUN_LINK,
	RUN_CHECK,
	RUN_TRIAGE,
	RUN_REPORT,
	RUN_PHASE_COUNT
};

/* What a phase took. Its memory is the peak while it ran, with what the phases before it left. */
struct phase_cost {
	double seconds;
	size_t peak_kb; /* with --stats only: it restarts what the system measures */
};

/* What one worker thread has for itself. */
struct lane {
	struct worker *worker; /* parser and lowering buffers */
	struct arena kept;     /* records and findings: lives as long as the run */
	struct arena scratch;
	struct summary_cache *summaries; /* of callees, kept from module to module */
	struct stream_cache *streams;    /* the same: which of them give streamed responses */
	struct answers *answers;         /* the same: what names mean */
};

/* Everything of one run; phases fill it from top to bottom. */
struct run {
	struct options options;
	struct arena memory; /* lives as long as the run */
	struct diag *diag;
	struct syntax *syntax; /* grammar and queries */
	struct protocols protocols;
	struct slow_calls slow;
	struct config config;
	struct allowlist *allowlist;
	bool *enabled; /* per rule_table */
	struct file_list files;

	unsigned jobs;
	struct lane *lanes;     /* per worker: arenas and parser */
	struct record *records; /* per file; empty when it could not be read */
	struct project project;
	struct program program;
	struct check_result *results; /* per module */

	struct finding *findings; /* sorted, with status */
	size_t finding_count;
	struct audit audit;
	struct report_totals totals;
	struct phase_cost costs[RUN_PHASE_COUNT];
	uint32_t unmodelled[UNMODELLED_COUNT];
	struct solve_bounds bounds;
	uint32_t reads_refused; /* see rules/check.h */
};

/* Runs check or audit. The result is the exit status that README.md lists. */
int pipeline_run(const struct options *options, struct diag *d);

/* What stayed unknown, most frequent first; in the run's memory. */
const struct unknown_count *run_unknowns(struct run *r, size_t *count);

/* Says so in the totals, or in a note, when sessions seem to be used and none was followed. */
void doubt_sessions(struct run *r);

/* How many calls that have a session were not followed. */
size_t run_unfollowed(const struct run *r);

/* --dump=PHASE: writes one phase's result as stable text. */
void pipeline_dump(struct run *r, FILE *out);

/* --stats: what was read, how long it took, what was not done; on stderr. */
void pipeline_stats(const struct run *r);

#endif
