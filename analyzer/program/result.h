/*
 * result.h - what a call of a function of the project gives, when its annotation does not say
 * so: a maker of sessions, a provider, or an object of a class. Read from its return statements, which
 * must agree.
 */
#ifndef IDLETX_PROGRAM_RESULT_H
#define IDLETX_PROGRAM_RESULT_H

#include "program/bind.h"

#define RESULT_DEPTH_MAX 4 /* functions that return what functions return */

#define KEPT_MAX 8 /* parameters that one object keeps */

/* A parameter that the object that is made keeps in `.attribute`, or in `.attribute.inner`. */
struct kept_param {
	name_id param, attribute, inner;
};

/* A session that an __init__ or a function makes and its object keeps in `.attribute`, or in `.attribute.inner`. */
struct own_session {
	const struct resource_kind *kind; /* NULL: it makes none, or hands its object to somebody */
	name_id attribute, inner;
	name_id unless; /* the parameter that is kept instead when it is given, or NAME_NONE */
};

struct result {
	struct thing thing;               /* THING_NONE when it is none */
	struct target class_;             /* TARGET_SCOPE, or TARGET_UNKNOWN */
	struct kept_param kept[KEPT_MAX]; /* of an __init__: what its object keeps */
	uint32_t kept_count;
	struct own_session own; /* of an __init__, or of what a function returns */
	bool hands_object; /* an __init__ that hands its object to somebody, who may do anything with it */
};

/* Of a generator or stub nothing is known, nor without program->summaries, which remembers the answers. */
struct result result_of(const struct program *program, module_id m, scope_id scope);

/* The same, read anew, with what is known of providers by now. All memory is 'scratch'. */
struct result result_read(struct arena *scratch, const struct program *program, module_id m,
                          scope_id scope);

/* One thread's answers; opaque. Part of its summaries. */
struct result_cache;
struct result_cache *result_cache_new(void);
void result_cache_free(struct result_cache *c);

#endif
