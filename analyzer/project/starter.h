/*
 * starter.h - calls that hand a function to somebody who runs it later or elsewhere: Thread(target=f),
 * executor.submit(f), add_task(f), create_task(f()). Which argument it is, and in which thread it will run.
 */
#ifndef IDLETX_PROJECT_STARTER_H
#define IDLETX_PROJECT_STARTER_H

#include "project/entry.h"

struct starter {
	const char *name;     /* the last part of what is called */
	const char *receiver; /* how its receiver's last part must end; NULL: any or none */
	unsigned position;    /* of the argument, from 0 */
	const char *keyword;  /* its name, or NULL */
	enum entry_kind kind;
	bool pooled;    /* the thread outlives the function */
	bool coroutine; /* the argument is a call: create_task(f()) */
};

/* The starter that a call of 'name' on 'receiver' (the last part, or empty) is, or NULL. */
const struct starter *starter_of(struct str name, struct str receiver);

#endif
