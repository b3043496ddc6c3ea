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
	return def_class(p, m, def) != SCOPE_NONE && s->param_count > 0 && !def_is_static(p, m, def)
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

/* NAME of the decorator wraps(NAME), or NAME_NONE. */
static name_id wrapped_name(const struct project *p, const struct module *module, expr_id decorator)
{
	const struct expr *call = &module->exprs[decorator], *callee = call + 1;
	if (call->kind != EXPR_CALL || callee->kind != EXPR_NAME || callee->next >= call->next ||
	    !str_is(dotted_last(project_text(p, callee->text)), "wraps"))
		return NAME_NONE;
	const struct expr *given = &module->exprs[callee->next];
	return given->kind == EXPR_NAME ? given->text : NAME_NONE;
}

static uint32_t param_called(const struct module *module, const struct scope *s, name_id name)
{
	for (uint32_t i = 0; i < s->param_count && name != NAME_NONE; i++)
		if (module->params[s->first_param + i].name == name)
			return i;
	return UINT32_MAX;
}

uint32_t def_wrapped_param(const struct project *p, module_id m, scope_id def)
{
	const struct module *module = project_module(p, m);
	const struct scope *s = &module->scopes[def];
	uint32_t found = UINT32_MAX;
	for (scope_id i = def + 1; s->kind == SCOPE_FUNCTION && i < module->scope_count &&
	                           module->scopes[i].span.start < s->span.end && found == UINT32_MAX;
	     i++) {
		const struct scope *inner = &module->scopes[i];
		for (uint32_t d = 0; d < inner->decorator_count && inner->parent == def; d++)
			found = param_called(
				module, s,
				wrapped_name(p, module,
			                     module->decorators[inner->first_decorator + d]));
	}
	return found;
}
