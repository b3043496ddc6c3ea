/*
 * def.h - what the text of a def says of it by itself: the class that it is in, what it calls its object, its
 * decorators. Nothing is resolved.
 */
#ifndef IDLETX_PROJECT_DEF_H
#define IDLETX_PROJECT_DEF_H

#include "project/project.h"

/* The class in whose body it stands; SCOPE_NONE for any other. */
scope_id def_class(const struct project *p, module_id m, scope_id def);

/* The first parameter of a method: `self`, by whatever name; NAME_NONE for any other function, static ones too. */
name_id def_self(const struct project *p, module_id m, scope_id def);

/* Is it decorated with one of these, called or not? Of a dotted decorator the last part counts. */
bool def_has_decorator(const struct project *p, module_id m, scope_id def, const char *const *names,
                       size_t count);

/* lru_cache and its like: it runs once, and every caller gets the same result. */
bool def_is_cached(const struct project *p, module_id m, scope_id def);

/* Is it read like an attribute? */
bool def_is_property(const struct project *p, module_id m, scope_id def);

bool def_is_static(const struct project *p, module_id m, scope_id def);

/* The parameter that a decorator wraps: the `f` whose `@wraps(f)` stands in it; UINT32_MAX for another def. */
uint32_t def_wrapped_param(const struct project *p, module_id m, scope_id def);

#endif
