/*
 * case_marks.h - what the comments of a case file ask for. A comment of the
 * form `# word:` is reserved: expect, expect-next, miss, wrong, options, note
 * (and type and idletx, which are about other things). docs: rules/README.md.
 */
#ifndef IDLETX_TESTS_CASE_MARKS_H
#define IDLETX_TESTS_CASE_MARKS_H

#include "base/base.h"

enum mark_kind {
	MARK_EXPECT, /* is found, and must be                          */
	MARK_MISS,   /* should be found and is not yet: a known gap    */
	MARK_WRONG,  /* is found and should not be: a known false alarm */
	MARK_KIND_COUNT,
};

struct mark {
	enum mark_kind kind;
	struct str path; /* of the file that holds it */
	uint32_t line;   /* that the finding stands on, from 1 */
	struct str rule;
	struct str part; /* must be part of the message; empty: any message */
	bool met;        /* by a finding; for the runner */
};

/* Something that is wrong with the comments themselves. */
struct complaint {
	uint32_t line;
	struct str text;
};

struct case_marks {
	struct mark *marks;  /* stb_ds, in source order */
	struct str *options; /* stb_ds: words of `# options:`, each followed by a NUL byte */
	struct complaint *complaints; /* stb_ds */
};

/*
 * Reads the comments of one Python file and adds to '*out'. 'path' and
 * 'text' must live as long as 'run'. Text in string literals is no comment.
 */
void case_marks_read(struct arena *run, struct str path, struct str text, struct case_marks *out);

void case_marks_release(struct case_marks *m);

/* "expect", "miss", "wrong" */
const char *mark_kind_word(enum mark_kind k);

#endif
