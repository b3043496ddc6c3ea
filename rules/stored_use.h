/*
 * stored_use.h - what the functions of the program do with a session that is kept under a name: `self.session` of an
 * object, `db` of a module.
 */
#ifndef IDLETX_RULES_STORED_USE_H
#define IDLETX_RULES_STORED_USE_H

#include "program/program.h"
#include "program/script.h"

/* How a function names what is kept: `root` or `root.attribute`. */
struct stored_name {
	name_id root, attribute; /* NAME_NONE: the root itself */
	bool of_module;          /* the root is a name of the module, not of the function */
};

/* Is the operand just that? */
bool stored_is(const struct cfg *cfg, ref r, const struct stored_name *name);

#define STORED_CALLS_MAX 16

/* What one function does with it. */
struct stored_use {
	scope_id scope;
	const struct event *first;        /* a statement, in source order; NULL when none runs */
	bool ends;                        /* commit, rollback, close, or a `with` over it */
	bool closes;                      /* close */
	bool handed;                      /* given to somebody, kept elsewhere, returned */
	bool asked;                       /* tested: is it there already? */
	name_id called[STORED_CALLS_MAX]; /* self.METHOD(), or FUNCTION() of the module */
	uint32_t called_count;
};

/* Adds what the function does. False when it does not decode. */
bool stored_use_add(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                    const struct stored_name *name, const struct resource_kind *kind,
                    struct stored_use *use);

/* Does it run statements, and neither end them nor give the session to somebody who may? */
bool stored_use_is_open(const struct stored_use *use);

#define CLASS_SCOPES_MAX 512 /* of a class that is looked at; of a larger one nothing is said */

/* One past the last scope that stands in the class. */
scope_id class_end(const struct module *m, scope_id class_);

/* The method of the class in which the scope stands; SCOPE_NONE for the class's own body. */
scope_id method_around(const struct module *m, scope_id s, scope_id class_);

/* Does an object of the class live as long as the program? Where such an object is kept: its module and name. */
struct stored_object {
	module_id module;
	name_id name; /* NAME_NONE: in another object or a class */
};
bool class_lives_long(struct arena *scratch, const struct program *program, module_id m,
                      scope_id class_, struct stored_object *where);

/* Does module 'm' know the name as the one that 'home' defines, by definition or import? */
bool module_sees(struct arena *scratch, const struct project *p, module_id m, module_id home,
                 name_id name);

#endif
