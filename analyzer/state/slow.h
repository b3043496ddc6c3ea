/*
 * slow.h - which calls of libraries wait for somebody else: a server, a model, a lock, a person. Data:
 * one JSON file a family in rules/slow-calls/, embedded at build and checked at start, and patterns of the user's
 * configuration. A transaction that is open meanwhile keeps a connection for nothing.
 */
#ifndef IDLETX_STATE_SLOW_H
#define IDLETX_STATE_SLOW_H

#include "base/base.h"
#include "base/filter.h"

/* What is waited for. */
struct slow_family {
	const char *id;   /* the file's name: "http" */
	const char *noun; /* "an HTTP request" */
	bool is_socket;   /* waits for the peer of a WebSocket: a matter of its own */
};

/* How a text of the data is compared. */
enum slow_role {
	SLOW_PATH, /* dotted path of a function as imported; "a.b.*" for all below a.b     */
	SLOW_PATH_AWAITED, /* the same of a coroutine function: it waits when it is awaited        */
	SLOW_TYPE,   /* dotted path of a class, or of a function that makes such objects     */
	SLOW_METHOD, /* last parts of a call on an object of those types                     */
	SLOW_NAME,   /* last parts of a call on something that is not known                  */
	SLOW_NAME_AWAITED, /* the same, only when it is awaited                                    */
};

struct slow_entry {
	struct str text;
	enum slow_role role;
	uint32_t group; /* of SLOW_TYPE and SLOW_METHOD: those with one number belong together */
	bool awaited;   /* of SLOW_TYPE: its methods are coroutines */
	const struct slow_family *family;
};

struct slow_calls {
	struct slow_entry *entries; /* sorted by role, group (of methods), text */
	size_t count;
	struct filter texts; /* most of what is asked for is not there */
	bool has_patterns;   /* the user has added some: functions of the project may match */
};

/*
 * Reads every embedded rules/slow-calls file, then 'patterns' of the configuration ("myapp.llm.*", "*.ask_model").
 * A mistake in a file is one DIAG_USAGE entry; then false.
 */
MUST_USE bool slow_calls_load(struct arena *run, struct diag *d, const struct str *patterns,
                              size_t pattern_count, struct slow_calls *out);

/* What is known of a call. */
enum slow_verdict {
	SLOW_UNKNOWN,       /* nothing                                             */
	SLOW_WAITS,         /* it waits in any case                                 */
	SLOW_WAITS_AWAITED, /* it makes a coroutine that waits                 */
};

struct slow_answer {
	enum slow_verdict verdict;
	const struct slow_family *family;
};

/*
 * The call of a full dotted path, as imported: "requests.get", or with the class of the receiver in front:
 * "openai.AsyncOpenAI.chat.completions.create".
 */
struct slow_answer slow_path(const struct slow_calls *s, struct str path);

/* The call of a name whose receiver is not known: "self.agent.ainvoke". */
struct slow_answer slow_name(const struct slow_calls *s, struct str chain);

#endif
