/*
 * case_run.h - one case of the suite: a case file, a rule's page or folder, or
 * a project. Running it leaves a log that is empty when all is as wanted.
 */
#ifndef IDLETX_TESTS_CASE_RUN_H
#define IDLETX_TESTS_CASE_RUN_H

#include "case_marks.h"

enum job_kind {
	JOB_BAD,     /* at least one finding is expected       */
	JOB_OK,      /* nothing may be found                   */
	JOB_REGRESS, /* whatever its comments say              */
	JOB_PAGE,    /* rule.md: headings, Bad and Good blocks */
	JOB_FOLDER,  /* a rule's folder is complete            */
	JOB_PROJECT, /* several files                          */
};

struct job {
	enum job_kind kind;
	size_t number;   /* no other job has it */
	struct str path; /* as a person would type it; followed by a NUL byte */
	struct str rule; /* whose folder it is in, or empty */
	char *log;       /* what went wrong, malloc'ed by job_run; empty: passed */
	size_t log_size;
	size_t counts[MARK_KIND_COUNT]; /* of the marks it holds */
};

struct case_runner {
	const char *binary; /* the checker */
	struct str scratch; /* a folder that exists, followed by a NUL byte */
};

/* Runs one case and fills in its log and counts. Several may run at the same time. */
void job_run(const struct case_runner *runner, struct job *j);

/* The part after the last slash. 'path' is followed by a NUL byte. */
struct str base_name(struct str path);

/* "bad_loops.py" with prefix "bad" */
bool is_case_name(struct str name, const char *prefix);

#endif
