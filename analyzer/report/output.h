/*
 * output.h - where a report goes. A file appears whole or not at all: it is
 * written under another name in the same folder and renamed at the end.
 */
#ifndef IDLETX_REPORT_OUTPUT_H
#define IDLETX_REPORT_OUTPUT_H

#include "base/base.h"
#include <stdio.h>

struct output {
	FILE *file;       /* write here */
	const char *name; /* as the user gave it; NULL for stdout */
	char *target;     /* malloc'ed: what is replaced at the end; NULL when written directly */
	char *temporary;  /* malloc'ed: what is written until then */
};

/*
 * Opens 'name', or stdout when it is NULL. Devices, pipes and /dev/stdout are
 * written directly. On failure adds a DIAG_FAILURE and returns false; there is
 * then nothing to finish. From here on a closed pipe is an error, no signal.
 */
MUST_USE bool output_open(struct output *o, const char *name, struct diag *d);

/*
 * Brings everything to its place. 'written' false means that the report
 * was not written whole: then, as after any error here, the temporary file is
 * removed, an existing file stays as it was, one DIAG_FAILURE says why and the
 * result is false. A reader that went away is not worth a message.
 */
MUST_USE bool output_finish(struct output *o, bool written, struct diag *d);

#endif
