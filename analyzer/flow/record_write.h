/*
 * record_write.h - makes the record of one module. Graphs are added as soon as they are
 * built, so that only one is in memory at a time.
 */
#ifndef IDLETX_FLOW_RECORD_WRITE_H
#define IDLETX_FLOW_RECORD_WRITE_H

#include "flow/record.h"

struct record_writer; /* buffers, used again from module to module */

struct record_writer *record_writer_new(void);
void record_writer_free(struct record_writer *w);

/* Starts a record; all names given later are of 'names'. */
void record_begin(struct record_writer *w, const struct interner *names);

/* Adds the graph of the next scope. 'start' is where the scope starts in the file. */
void record_add_cfg(struct record_writer *w, uint32_t start, const struct cfg *c);

/* Completes the record with the facts of 'm'. Its bytes live as long as 'run'. */
void record_end(struct record_writer *w, const struct module *m, struct arena *run,
                struct record *out);

#endif
