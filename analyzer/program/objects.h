/*
 * objects.h - the engines, pools, connections and cursors that modules and the objects of classes keep, and
 * which modules have to do with such at all. Found once for the whole project; what one function has in its
 * hands is typed.h's. The kinds come from rules/protocols.
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
	name_id lender; /* what gave it by a method, as one of several things, and may close it; or NAME_NONE */
	name_id of; /* a cursor: the attribute or name of its connection; NAME_NONE when not kept */
	bool autocommit; /* something turns implicit transactions off */
	bool renewed; /* some function other than __init__ assigns it without a look at the old one */
};

struct object_table; /* opaque */

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

/* Does that module run on an old version of the kind's library? By its lock files, else by what the project calls. */
bool objects_are_old(const struct program *program, module_id m, const struct resource_kind *kind);

/* Is it a pool that is known by its use, and does some module import its library? */
bool project_uses(const struct program *program, const struct resource_kind *kind);

#endif
