/*
 * objects.h - which expressions are engines, pools, connections and cursors: by the call
 * that makes them, a module-level assignment, an attribute that some method assigns, a parameter's
 * annotation, or, last, a customary name. The kinds come from rules/protocols.
 */
#ifndef IDLETX_PROGRAM_OBJECTS_H
#define IDLETX_PROGRAM_OBJECTS_H

#include "program/program.h"

/* An object that a module or the instances of a class keep: `self.pool = ConnectionPool(..)`. */
struct kept_object {
	module_id module;
	scope_id scope; /* the class, or 0 for a name of the module */
	name_id name;
	const struct resource_kind *kind;
	name_id of; /* a cursor: the attribute or name of its connection; NAME_NONE when not kept */
	bool autocommit; /* something turns implicit transactions off */
	bool renewed; /* some function other than __init__ assigns it without a look at the old one */
};

struct object_table; /* opaque */
struct thing;        /* bind.h */

/* Finds what the modules that import a known library keep. In 'run'. */
const struct object_table *objects_find(struct arena *run, const struct program *program);

/* What the class, or a base of it, keeps in that attribute; NULL when nothing is known. */
const struct kept_object *object_in_class(struct arena *scratch, const struct program *program,
                                          module_id m, scope_id class_, name_id name);

/* What the module keeps under that name. */
const struct kept_object *object_in_module(const struct program *program, module_id m, name_id name);

/* Does the module import something that protocols know? */
bool imports_library(const struct program *program, module_id m);

/* Does it, or does it write BEGIN of a transaction in so many words? */
bool uses_connections(const struct program *program, module_id m);

/* Does it import the library that this kind comes from? A kind of no library may be anywhere. */
bool imports_kind(const struct program *program, module_id m, const struct resource_kind *kind);

/* What is known of the objects in one function. */
struct typed {
	const struct resource_kind **places,
		**temps;                 /* per place and per event; NULL: no such object */
	const struct kept_object **kept; /* per place: what the class or module keeps there */
};

/*
 * Types the function's places and temporaries. 'callees' says what each EV_CALL calls, or is NULL: then
 * they are resolved here.
 */
void objects_type(struct arena *scratch, const struct program *program, const struct function *fn,
                  const struct thing *callees, struct typed *out);

/*
 * The engine or connection that every return of the def gives, whether it is made there or kept: get_engine().
 * NULL when one may give something else.
 */
const struct resource_kind *kind_returned(struct arena *scratch, const struct program *program,
                                          module_id m, scope_id scope);

/* Is the result of this method the object itself, seen through other methods? */
bool method_gives_view(const struct method *m, const struct resource_kind *receiver);

#endif
