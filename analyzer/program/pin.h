/*
 * pin.h - whose streams keep the session of a dependency: get_current_user asks the database, and a
 * handler that uses it and streams has FastAPI take that session back only when the stream has ended.
 */
#ifndef IDLETX_PROGRAM_PIN_H
#define IDLETX_PROGRAM_PIN_H

#include "program/program.h"

#define PIN_HANDLERS_MAX 1024 /* handlers of one dependency that are asked */
#define PINS_SHOWN_MAX 3

/* The handlers that stream and do not end the session first. */
struct pins {
	uint32_t count;
	struct {
		module_id module;
		scope_id scope;
	} shown[PINS_SHOWN_MAX]; /* the first ones, in the order of paths */
};

/*
 * Of the dependency (m, scope), which gets its session from 'provider'. A handler that asks for the same provider has
 * the same session, and may end it before its stream begins.
 */
struct pins pins_of(struct arena *scratch, const struct program *program, module_id m,
                    scope_id scope, const struct provider *provider);

/*
 * The same of handlers that wait for somebody else, surely, and do not have that session themselves: what they do
 * with one of their own is looked at there.
 */
struct pins pins_of_waits(const struct program *program, module_id m, scope_id scope,
                          const struct provider *provider);

/* The same of the handlers of WebSockets: what they depend on is taken back when the socket closes. */
struct pins pins_of_sockets(const struct program *program, module_id m, scope_id scope,
                            const struct provider *provider);

#endif
