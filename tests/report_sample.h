/*
 * report_sample.h - a small report made by hand, and the folder with the
 * sources it speaks of: what the tests of all reporters write.
 */
#ifndef IDLETX_TESTS_REPORT_SAMPLE_H
#define IDLETX_TESTS_REPORT_SAMPLE_H

#include "report/report.h"

enum { SAMPLE_FINDINGS = 3, SAMPLE_ROWS = 4 };

/* The findings of the sample, in their order. */
enum { SAMPLE_NOTE, SAMPLE_WARNING, SAMPLE_ERROR };

struct sample {
	struct options options;
	struct report report;
	struct finding findings[SAMPLE_FINDINGS];
	struct finding_exit exits[2];
	struct trace_step trace[3];
	struct related related[1];
	struct detail details[5], error_details[3];
	struct edit edits[1];
	struct diag_entry notifications[2];
	struct unknown_count unknowns[2];
	struct audit audit; /* not part of the report until a test says so */
	struct audit_row rows[SAMPLE_ROWS];
	char root[64];
};

/* Makes the folder and the report: a note, a warning with everything, an error. */
void sample_init(struct sample *s);
void sample_release(struct sample *s);

/* Replaces the bytes of app/routes.py or another file of the folder. */
void sample_write(const struct sample *s, const char *path, struct str text);

/* What a reporter writes, 0-terminated and malloc'ed; the reporter must succeed. */
typedef bool reporter_fn(FILE *out, const struct report *r);
char *sample_text(reporter_fn *reporter, const struct report *r);

#endif
