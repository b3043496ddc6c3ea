/*
 * lower_file.h - one file from bytes to its record: the unit of parallel work. A worker
 * is one thread's parser and buffers and is used again from file to file.
 */
#ifndef IDLETX_FLOW_LOWER_FILE_H
#define IDLETX_FLOW_LOWER_FILE_H

#include "flow/record.h"

struct syntax; /* syntax/parse.h: grammar and queries, shared by all workers */
struct worker;

/* 'syntax' must outlive the worker. */
struct worker *worker_new(const struct syntax *syntax);
void worker_free(struct worker *w);

/*
 * Parses, extracts and lowers 'text', all of the file's bytes (a byte order mark
 * included), and writes its record into 'run', which is the worker's own. Syntax errors are
 * no failure. On failure reports once to 'd' and returns false; '*out' is untouched.
 */
MUST_USE bool module_lower(struct worker *w, struct str path, struct str text, struct arena *run,
                           struct record *out, struct diag *d);

#endif
