/* preset.c - see preset.h. A generator that next() opened is gone at once, and nobody closes what it gave. */
#include "program/preset.h"

#include "program/bind.h"

static const struct expr *expr_in(const struct project *p, module_id m, expr_id id)
{
	return &project_module(p, m)->exprs[id];
}

/* What is called, as it is known around the def. */
static struct thing called(struct arena *scratch, const struct program *program, module_id m,
                           scope_id around, expr_id call)
{
	struct target t = resolve_expr(scratch, program->project, m, around, call + 1);
	struct thing nothing = {0};
	return t.kind == TARGET_UNKNOWN ? nothing : thing_of(scratch, program, &t);
}

/* next(get_db()): the call of the generator, or EXPR_NONE. */
static expr_id opened_generator(const struct project *p, module_id m, expr_id call)
{
	const struct expr *name = expr_in(p, m, call + 1);
	if (name->kind != EXPR_NAME || !str_is(project_text(p, name->text), "next") ||
	    name->next >= expr_in(p, m, call)->next)
		return EXPR_NONE;
	return expr_in(p, m, name->next)->kind == EXPR_CALL ? name->next : EXPR_NONE;
}

const struct resource_kind *preset_made(struct arena *scratch, const struct program *program,
                                        module_id m, scope_id scope, expr_id value)
{
	const struct project *p = program->project;
	if (value == EXPR_NONE || expr_in(p, m, value)->kind != EXPR_CALL)
		return NULL;
	expr_id generator = opened_generator(p, m, value);
	bool opened = generator != EXPR_NONE;
	struct thing made = called(scratch, program, m, scope, opened ? generator : value);
	const struct provider *from = made.kind == THING_PROVIDER ? made.provider : NULL;
	bool makes = opened ? from != NULL && from->shape == SHAPE_YIELDS
	                    : made.kind == THING_TYPE || made.kind == THING_FACTORY ||
	                              (from != NULL && from->shape == SHAPE_RETURNS && !from->shared);
	return makes && made.resource->layer == LAYER_SESSION && !made.resource->is_registry
	               ? made.resource
	               : NULL;
}

const struct resource_kind *preset_session(struct arena *scratch, const struct program *program,
                                           module_id m, scope_id scope, const struct param *param)
{
	scope_id around = project_scope(program->project, m, scope)->parent;
	return around == SCOPE_NONE ? NULL : preset_made(scratch, program, m, around, param->value);
}
