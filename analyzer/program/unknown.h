/* unknown.h - what a function does to its sessions that nobody could read: counted by --stats, to be named. */
#ifndef IDLETX_PROGRAM_UNKNOWN_H
#define IDLETX_PROGRAM_UNKNOWN_H

#include "program/program.h"

enum unknown_kind {
	UNKNOWN_PROVIDER, /* a Depends() whose def was not found      */
	UNKNOWN_CALLEE,   /* is given a session                       */
	UNKNOWN_RECEIVER, /* a method of an object that holds one      */
	UNKNOWN_KIND_COUNT,
};

struct unknown {
	enum unknown_kind kind;
	struct str name; /* as the configuration would name it, as far as that is known */
	module_id module;
	uint32_t line; /* of the call; of the function that asks for the provider */
};

typedef void unknown_fn(void *arg, struct unknown u);

/* Hands each call that was given a session and not followed to 'out', once a call. Names live in 'run'. */
void unknown_calls(struct arena *run, struct arena *scratch, const struct program *program,
                   const struct function *fn, unknown_fn *out, void *arg);

#endif
