/*
 * answers.h - what names were found to mean: the same few are asked for again by everyone who looks at a
 * function. One thread's; nothing depends on whether an answer was still there.
 */
#ifndef IDLETX_PROJECT_ANSWERS_H
#define IDLETX_PROJECT_ANSWERS_H

#include "project/resolve.h"

enum question_kind { ASKED_NAME, ASKED_MEMBER, ASKED_MEMBER_CLASS, ASKED_CLASS };

struct question {
	enum question_kind kind;
	enum target_kind of; /* ASKED_CLASS */
	module_id module;
	scope_id scope;
	uint32_t binding; /* ASKED_CLASS */
	struct str text;
};

struct answers *answers_new(void);
void answers_free(struct answers *a);

/* The answer, its text in 'scratch'; false when it is not known, or 'a' is NULL. */
bool answers_find(const struct answers *a, struct arena *scratch, const struct question *q,
                  struct target *out);

/* Remembers an answer; nothing when 'a' is NULL. */
void answers_add(struct answers *a, const struct question *q, const struct target *t);

#endif
