/*
 * resolve.h - what a dotted name means at a place: a function or class of the
 * project, a module-level assignment, a module, or something outside, known by
 * the dotted path under which it was imported. Follows imports and re-exports.
 */
#ifndef IDLETX_PROJECT_RESOLVE_H
#define IDLETX_PROJECT_RESOLVE_H

#include "project/project.h"

enum target_kind {
	TARGET_UNKNOWN, /* bound in a way we do not follow; dotted is the name as written     */
	TARGET_SCOPE,   /* a def or class of the project: module and scope                    */
	TARGET_BINDING, /* an assignment to a module's, class's or object's name: module and binding */
	TARGET_PARAM,    /* a parameter: module, scope and its index in module.params            */
	TARGET_MODULE,   /* a module of the project                                            */
	TARGET_EXTERNAL, /* outside the project, or a builtin: dotted is its full path         */
};

struct target {
	enum target_kind kind;
	module_id module;
	scope_id scope;
	uint32_t binding; /* or the parameter */
	struct str dotted; /* full path as imported; for the project's own things the name as written */
	bool on_instance; /* a method reached through an object, which is its first argument */
};

#define RESOLVE_HOPS_MAX 64 /* imports, aliases, bases and objects' classes followed for one name */

/*
 * Resolves 'dotted' ("SessionLocal", "db.session.get_db") as read in 'scope' of
 * module 'm'. Texts of the answer live in 'scratch' or the project.
 */
struct target resolve(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                      struct str dotted);

/* A method or attribute of a class of the project or its bases ("close", "repo.db"), as read from an instance. */
struct target resolve_member(struct arena *scratch, const struct project *p, module_id m,
                             scope_id class_, struct str dotted);

/* What super().dotted means in a method of the class: the same, but read from its bases only. */
struct target resolve_above(struct arena *scratch, const struct project *p, module_id m,
                            scope_id class_, struct str dotted);

/*
 * The class whose instance a parameter or binding holds, from what is assigned and from annotations; of a
 * def what it returns. TARGET_SCOPE for a class of the project, TARGET_EXTERNAL for another, else unknown.
 */
struct target resolve_class(struct arena *scratch, const struct project *p, const struct target *of);

/* The same of what stands under a dotted name in an object of the class: an attribute or a property. */
struct target resolve_member_class(struct arena *scratch, const struct project *p, module_id m,
                                   scope_id class_, struct str dotted);

/* Is it a def that is read like an attribute? */
bool target_is_property(const struct project *p, const struct target *t);

/* The class that an annotation names: Optional, unions, Annotated and aliases are looked through. */
struct target resolve_annotation(struct arena *scratch, const struct project *p, module_id m,
                                 scope_id scope, expr_id annotation);

/* The same for an EXPR_NAME or EXPR_TEXT (a forward reference); anything else is unknown. */
struct target resolve_expr(struct arena *scratch, const struct project *p, module_id m,
                           scope_id scope, expr_id expr);

/* A class of the project? */
static inline bool target_is_class(const struct project *p, const struct target *t)
{
	return t->kind == TARGET_SCOPE && project_scope(p, t->module, t->scope)->kind == SCOPE_CLASS;
}

/* Do both name the same function, class, module or path? Of two bindings or parameters only where they are counts. */
static inline bool target_same(const struct target *a, const struct target *b)
{
	return a->kind == b->kind && a->module == b->module && a->scope == b->scope &&
	       str_eq(a->dotted, b->dotted);
}

/* PATH.NAME, in 'scratch', followed by a NUL byte. */
struct str dotted_under(struct arena *scratch, struct str path, struct str name);

/* The last part of a dotted name. */
struct str dotted_last(struct str dotted);

#endif
