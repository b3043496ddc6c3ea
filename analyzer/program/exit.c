/* exit.c - the words for exits and releases, as users and programs see them. */
#include "program/exit.h"

#include <stdlib.h>

const char *released_by_word(enum released_by r)
{
	switch (r) {
	case RELEASED_PROMPT: return "prompt";
	case RELEASED_RESPONSE_SENT: return "response-sent";
	case RELEASED_BACKGROUND_END: return "background-end";
	case RELEASED_STREAM_END: return "stream-end";
	case RELEASED_DISCONNECT: return "disconnect";
	case RELEASED_GARBAGE_COLLECTION: return "garbage-collection";
	case RELEASED_THREAD_EXIT: return "thread-exit";
	case RELEASED_NEVER: return "never";
	case RELEASED_COUNT: break;
	}
	abort();
}

const char *exit_kind_word(enum exit_kind k)
{
	switch (k) {
	case EXIT_RETURN: return "return";
	case EXIT_RAISE: return "raise";
	case EXIT_IMPLICIT_RAISE: return "implicit-raise";
	case EXIT_FALL_OFF: return "fall-off";
	case EXIT_YIELD: return "yield";
	case EXIT_WAIT: return "wait";
	case EXIT_OVERWRITE: return "overwrite";
	case EXIT_DISCARD: return "discard";
	case EXIT_TEARDOWN: return "teardown";
	case EXIT_KIND_COUNT: break;
	}
	abort();
}
