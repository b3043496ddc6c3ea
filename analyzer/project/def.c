/* def.c - see def.h. Decorators that change what a def is are lists here, one each. */
#include "project/def.h"

#include "project/resolve.h"

scope_id def_class(const struct project *p, module_id m, scope_id def)
{
	scope_id parent = project_scope(p, m, def)->parent;
	return parent != SCOPE_NONE && project_scope(p, m, parent)->kind == SCOPE_CLASS ? parent
	                                                                                : SCOPE_NONE;
}

name_id def_self(const struct project *p, module_id m, scope_id def)
{
	const struct scope *s = project_scope(p, m, def);
	return def_class(p, m, def) != SCOPE_NONE && s->param_count > 0
	               ? project_module(p, m)->params[s->first_param].name
	               : NAME_NONE;
}

bool def_has_decorator(const struct project *p, module_id m, scope_id def, const char *const *names,
                       size_t count)
{
	const struct module *module = project_module(p, m);
	const struct scope *s = &module->scopes[def];
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		const struct expr *d = &module->exprs[module->decorators[s->first_decorator + i]];
		if (d->kind == EXPR_CALL)
			d++;
		if (d->kind != EXPR_NAME)
			continue;
		struct str last = dotted_last(project_text(p, d->text));
		for (size_t k = 0; k < count; k++)
			if (str_is(last, names[k]))
				return true;
	}
	return false;
}

bool def_is_cached(const struct project *p, module_id m, scope_id def)
{
	static const char *const names[] = {"cache",      "lru_cache",       "cached",
	                                    "alru_cache", "cached_property", "singleton",
	                                    "memoize",    "memoized",        "cache_resource",
	                                    "once",       "run_once",        "async_lru_cache"};
	return def_has_decorator(p, m, def, names, ARRAY_LEN(names));
}

bool def_is_property(const struct project *p, module_id m, scope_id def)
{
	static const char *const names[] = {"property", "cached_property"};
	return def_has_decorator(p, m, def, names, ARRAY_LEN(names));
}

bool def_is_static(const struct project *p, module_id m, scope_id def)
{
	static const char *const names[] = {"staticmethod"};
	return def_has_decorator(p, m, def, names, ARRAY_LEN(names));
}
