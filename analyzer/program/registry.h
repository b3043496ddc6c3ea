/*
 * registry.h - which names stand for a registry of sessions, one session a thread: a scoped_session by its own
 * name, `db.session` of an extension that keeps one (protocols: registry_owners), and the query property of
 * models, `Note.query`.
 */
#ifndef IDLETX_PROGRAM_REGISTRY_H
#define IDLETX_PROGRAM_REGISTRY_H

#include "program/program.h"

struct registry {
	const struct resource_kind *kind;
	struct str identity;     /* one text for one registry, however it was imported */
	struct str name;         /* as its definition says */
	module_id module;        /* where it is defined; MODULE_NONE outside the project */
	struct span span;        /* of the definition's name */
	bool thread_local_scope; /* without a scopefunc of its own */
	bool managed;            /* an extension ends it with the application context */
	bool by_name;            /* nothing but its name says so */
	bool queried; /* reached through a query property: what is called on it queries */
};

/* Every NAME.query = REGISTRY.query_property() of the project; opaque. */
struct query_properties;

/* Does any module name what makes registries? Then the others are worth asking. */
bool registries_are_named(const struct project *project, const struct protocols *protocols);

/* Finds the query properties of models. In 'run'. */
const struct query_properties *query_properties_find(struct arena *run,
                                                     const struct program *program);

/* Is 'path', as read in 'scope' of module 'm', a registry? Fills 'out'; its texts are in 'scratch'. */
bool registry_at(struct arena *scratch, const struct program *program, module_id m, scope_id scope,
                 struct str path, struct registry *out);

/* Is what was resolved the definition of one? */
bool registry_of_target(struct arena *scratch, const struct program *program, struct target t,
                        struct registry *out);

/* The same for `cls.query` and `self.query` in a method of that class. */
bool registry_of_class(struct arena *scratch, const struct program *program, module_id m,
                       scope_id class_, struct str attribute, struct registry *out);

#endif
