/*
 * exit.h - how a resource is left behind, and what gives it back then: the
 * words that findings and audits share.
 */
#ifndef IDLETX_PROGRAM_EXIT_H
#define IDLETX_PROGRAM_EXIT_H

enum exit_kind {
	EXIT_RETURN,
	EXIT_RAISE,
	EXIT_IMPLICIT_RAISE,
	EXIT_FALL_OFF,
	EXIT_YIELD,
	EXIT_WAIT,
	EXIT_OVERWRITE,
	EXIT_DISCARD,
	EXIT_TEARDOWN,
	EXIT_KIND_COUNT,
};

/* What gives the resource back, from harmless to worst: larger is worse. */
enum released_by {
	RELEASED_PROMPT,
	RELEASED_RESPONSE_SENT,
	RELEASED_BACKGROUND_END,
	RELEASED_STREAM_END,
	RELEASED_DISCONNECT,
	RELEASED_GARBAGE_COLLECTION,
	RELEASED_THREAD_EXIT,
	RELEASED_NEVER,
	RELEASED_COUNT,
};

/* "fall-off", "garbage-collection", ...: as in JSON. */
const char *exit_kind_word(enum exit_kind k);
const char *released_by_word(enum released_by r);

#endif
