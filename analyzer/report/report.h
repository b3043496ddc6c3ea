/*
 * report.h - from complete, sorted findings to bytes. Reporters never decide:
 * level, status and order are given. JSON is only ever made by the library.
 */
#ifndef IDLETX_REPORT_REPORT_H
#define IDLETX_REPORT_REPORT_H

#include "base/base.h"
#include "input/options.h"
#include "program/audit.h"
#include "finding.h"
#include <stdio.h>

struct unknown_count {
	struct str what; /* "provider `get_tenant`" */
	uint32_t count;
	struct str path; /* of the first one, and its line */
	uint32_t line;
};

struct report_totals {
	uint32_t files, skipped_files, functions, handlers;
	struct str doubt; /* why nothing found may mean that nothing was seen; empty when it does not */
	bool handlers_beside; /* the project has some, perhaps in files that nothing is reported of */
	uint32_t backlog;     /* of the allowlisted findings: put off, not accepted */
};

/* Everything a reporter may show. Arrays are sorted by path, line, column, rule. */
struct report {
	const struct options *options;
	struct str root;       /* absolute */
	struct str sarif_base; /* absolute; SARIF paths are relative to it */
	enum policy policy;
	bool complete; /* false: the run could not be completed */
	int exit_code;
	struct report_totals totals;
	const struct finding *findings;
	size_t finding_count;
	const struct audit *audit; /* NULL unless the command is audit */
	const struct diag_entry *notifications;
	size_t notification_count;
	struct str assumed; /* FastAPI: "0.128.0 (uv.lock)"; empty when the project does not use it */
	const struct unknown_count *unknowns; /* most frequent first */
	size_t unknown_count;
	size_t unfollowed; /* calls that have a session and could not be followed: nothing is reported of them */
};

/*
 * Writes the report in options->format to options->output (atomically: temporary
 * file in the same folder, fsync, rename; nothing is left behind on failure) or to
 * stdout. A write error adds a DIAG_FAILURE and returns false; a reader that went
 * away (a closed pipe) returns false without a word.
 */
MUST_USE bool report_write(const struct report *r, struct diag *d);

/* One per format, in its own file; each returns false when 'out' has an error. */
bool report_text(FILE *out, const struct report *r);
bool report_json(FILE *out, const struct report *r);
bool report_sarif(FILE *out, const struct report *r);
bool report_markdown(FILE *out, const struct report *r);
bool report_github(FILE *out, const struct report *r);
bool report_gitlab(FILE *out, const struct report *r);
bool report_junit(FILE *out, const struct report *r);

/* The audit in text and Markdown; JSON carries it under "handlers". */
bool report_audit_text(FILE *out, const struct report *r);
bool report_audit_markdown(FILE *out, const struct report *r);

#endif
