/*
 * lower_definition.c - statements that bind names: assignments, imports, functions and
 * classes. In module and class bodies they are also noted as facts of the module.
 */
#include "flow/lower_internal.h"

#include <stb/stb_ds.h>

/* ---- assignment ------------------------------------------------------------------------------ */

/* The first name of a dotted one: cls of cls._instance; 0 for another expression. */
static uint32_t root_name(const struct lower *l, uint32_t object)
{
	while (object != 0 && node_kind(l, object) == AST_ATTRIBUTE)
		object = next_child(l, object, 0);
	return object != 0 && node_kind(l, object) == AST_NAME ? object : 0;
}

/* In __new__ the object is a local or an attribute of the class: `cls._instance.NAME`. */
static bool is_new_object(const struct lower *l, uint32_t object)
{
	const struct scope *s = &l->facts->scopes[l->scope];
	uint32_t root = root_name(l, object);

	if (root == 0 || !str_is(intern_text(l->ast->names, s->name), "__new__"))
		return false;
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++)
		if (l->facts->params[i].name == l->nodes[root].name)
			return root != object && i == s->first_param;
	return root == object;
}

/* The class by its own name, `Database.NAME` in a method of Database: as good as cls. */
static bool is_own_class(const struct lower *l, uint32_t object)
{
	const struct scope *class_ = &l->facts->scopes[l->facts->scopes[l->scope].parent];

	return node_kind(l, object) == AST_NAME && l->nodes[object].name == class_->name &&
	       lower_name(l, class_->name).root_kind == PLACE_GLOBAL;
}

/* Is the target `self.NAME`, in a method and not in a function inside one? */
static bool is_own_attribute(const struct lower *l, uint32_t target)
{
	const struct scope *s = &l->facts->scopes[l->scope];
	uint32_t object = node_kind(l, target) == AST_ATTRIBUTE ? next_child(l, target, 0) : 0;

	if (object == 0 || l->facts->scopes[s->parent].kind != SCOPE_CLASS)
		return false;
	return is_own_class(l, object) || is_new_object(l, object) ||
	       (node_kind(l, object) == AST_NAME && s->param_count > 0 &&
	        l->nodes[object].name == l->facts->params[s->first_param].name);
}

/* Can it say what the target is: something made, named or chosen, or None that stands for it? */
static bool is_telling(const struct lower *l, uint32_t value)
{
	enum ast_kind kind = value == 0 ? AST_NONE : node_kind(l, value);

	return kind == AST_NAME || kind == AST_ATTRIBUTE || kind == AST_CALL || kind == AST_AWAIT ||
	       kind == AST_CONDITIONAL || kind == AST_BOOLEAN || kind == AST_LAMBDA ||
	       kind == AST_NULL;
}

/*
 * The scope whose name a target binds for others, or SCOPE_NONE: a body's own, a global's, a class's; for a local
 * that is annotated the function, to say what it is.
 */
static scope_id bound_scope(const struct lower *l, uint32_t target, uint32_t annotation,
                            uint32_t value)
{
	enum scope_kind kind = l->scopes->scopes[l->scope].kind;
	bool plain = node_kind(l, target) == AST_NAME;

	if (kind == SCOPE_MODULE || kind == SCOPE_CLASS)
		return plain ? l->scope : SCOPE_NONE;
	if (kind != SCOPE_FUNCTION || (annotation == 0 && !is_telling(l, value)))
		return SCOPE_NONE;
	if (plain) {
		enum place_root root = lower_name(l, l->nodes[target].name).root_kind;
		return root == PLACE_GLOBAL                     ? 0
		       : root == PLACE_LOCAL && annotation != 0 ? l->scope
		                                                : SCOPE_NONE;
	}
	return is_own_attribute(l, target) ? l->facts->scopes[l->scope].parent : SCOPE_NONE;
}

/* 'value' is made for the first target that wants it and shared by the others. */
static void note_binding(struct lower *l, uint32_t target, uint32_t annotation, uint32_t value,
                         expr_id *made)
{
	scope_id scope = bound_scope(l, target, annotation, value);

	if (scope == SCOPE_NONE)
		return;
	struct binding b = {.scope = scope,
	                    .from = l->scope,
	                    .name = l->nodes[target].name,
	                    .annotation = facts_expr(l->facts, l->ast, l->scopes, annotation),
	                    .span = node_span(l, target)};
	bool local = l->scopes->scopes[scope].kind == SCOPE_FUNCTION;
	if (*made == EXPR_NONE && !local)
		*made = facts_expr(l->facts, l->ast, l->scopes, value);
	b.value = local ? EXPR_NONE : *made; /* what is stored in a local its graph says */
	arrput(l->facts->bindings, b);
}

static void lower_augmented(struct lower *l, uint32_t node)
{
	uint32_t target = next_child(l, node, 0);
	uint32_t value = target == 0 ? 0 : next_child(l, node, target);
	uint32_t mark = (uint32_t)arrlenu(l->args);
	struct event e = {.span = node_span(l, node), .flags = EVF_AUGMENTED};

	if (value == 0)
		return;
	lower_push_arg(l, lower_value(l, target), NAME_NONE, 0);
	lower_push_arg(l, lower_value(l, value), NAME_NONE, 0);
	lower_assign(l, target, lower_build(l, BUILD_OPERATION, e.span, mark), e);
}

/* The right side of an assignment, 0 when there is only an annotation. */
static uint32_t right_side(const struct lower *l, uint32_t node)
{
	uint32_t target = next_child(l, node, 0);
	uint32_t k = target == 0 ? 0 : next_child(l, node, target);

	return k != 0 && node_kind(l, k) == AST_TYPE ? next_child(l, node, k) : k;
}

static bool is_assignment(const struct lower *l, uint32_t node)
{
	return node != 0 && node_kind(l, node) == AST_ASSIGN;
}

/* a = b = value: the targets are nested on the right, and assigned from the left. */
void lower_assignment(struct lower *l, uint32_t node)
{
	uint32_t value = node;
	expr_id expr = EXPR_NONE;

	if (node_kind(l, node) == AST_AUGMENTED) {
		lower_augmented(l, node);
		return;
	}
	while (is_assignment(l, value))
		value = right_side(l, value);
	if (value != 0 && node_kind(l, value) == AST_AUGMENTED)
		value = 0; /* a = b += 1 is no Python */
	ref made = lower_value(l, value);
	for (uint32_t at = node; is_assignment(l, at); at = right_side(l, at)) {
		uint32_t target = next_child(l, at, 0);
		if (target == 0)
			return;
		note_binding(l, target, ast_find(l->ast, at, AST_TYPE), value, &expr);
		if (value != 0)
			lower_assign(l, target, made, (struct event){.span = node_span(l, at)});
	}
}

/* type NAME = value: an assignment whose value is an annotation. */
void lower_type_alias(struct lower *l, uint32_t node)
{
	uint32_t target = next_child(l, node, 0);
	uint32_t value = target == 0 ? 0 : next_child(l, node, target);
	struct event e = {.span = node_span(l, node), .flags = EVF_BINDING};
	expr_id expr = EXPR_NONE;

	while (target != 0 && node_kind(l, target) != AST_NAME) /* below its type, its parameters */
		target = next_child(l, target, 0);
	if (target == 0)
		return;
	note_binding(l, target, 0, value, &expr);
	lower_assign(l, target, REF_NONE, e);
}

/* ---- import ------------------------------------------------------------------------------------- */

static unsigned import_flags(const struct lower *l)
{
	return (l->type_checking > 0 ? IMPORT_TYPE_CHECKING : 0u) |
	       (l->conditional > 0 ? IMPORT_CONDITIONAL : 0u);
}

static void bind_import(struct lower *l, name_id alias, struct span span)
{
	struct event e = {.kind = EV_ASSIGN, .flags = EVF_BINDING, .span = span};
	struct place p = lower_name(l, alias);

	e.a = lower_place(l, &p);
	build_event(&l->build, e);
}

static name_id first_part(const struct lower *l, name_id dotted)
{
	struct str s = intern_text(l->ast->names, dotted);
	const char *dot = memchr(s.ptr, '.', s.len);

	return dot == NULL ? dotted : intern(l->ast->names, str_slice(s, 0, (size_t)(dot - s.ptr)));
}

/* One of the names of an import statement; 'from' is NAME_NONE for `import NAME`. */
static void import_one(struct lower *l, uint32_t node, name_id from)
{
	struct import i = {.scope = l->scope, .flags = import_flags(l), .span = node_span(l, node)};
	name_id name = l->nodes[node].name;
	name_id alias = NAME_NONE;

	if (node_kind(l, node) == AST_ALIASED_IMPORT) {
		uint32_t dotted = next_child(l, node, 0);
		uint32_t as = dotted == 0 ? 0 : next_child(l, node, dotted);
		if (as == 0)
			return;
		name = l->nodes[dotted].name;
		alias = l->nodes[as].name;
	}
	i.module = from == NAME_NONE ? name : from;
	i.name = from == NAME_NONE ? NAME_NONE : name;
	if (node_kind(l, node) == AST_WILDCARD)
		i.name = intern(l->ast->names, STR("*"));
	else if (alias == NAME_NONE)
		alias = from == NAME_NONE ? first_part(l, name) : name;
	i.alias = alias;
	arrput(l->facts->imports, i);
	if (alias != NAME_NONE)
		bind_import(l, alias, i.span);
}

void lower_import(struct lower *l, uint32_t node)
{
	name_id from = NAME_NONE;
	uint32_t k = next_child(l, node, 0);

	if (node_kind(l, node) == AST_FUTURE_IMPORT)
		from = intern(l->ast->names, STR("__future__"));
	if (node_kind(l, node) == AST_IMPORT_FROM && k != 0) {
		from = l->nodes[k].name;
		k = next_child(l, node, k);
	}
	for (; k != 0; k = next_child(l, node, k))
		if (node_kind(l, k) == AST_DOTTED_NAME || node_kind(l, k) == AST_ALIASED_IMPORT ||
		    node_kind(l, k) == AST_WILDCARD)
			import_one(l, k, from);
}

/* ---- functions and classes -------------------------------------------------------------------------- */

static void lower_defaults(struct lower *l, uint32_t parameters)
{
	for (uint32_t k = parameters == 0 ? 0 : next_child(l, parameters, 0); k != 0;
	     k = next_child(l, parameters, k)) {
		if (node_kind(l, k) == AST_DEFAULT_PARAMETER)
			(void)lower_value(l, ast_child(l->ast, k, 1));
		if (node_kind(l, k) == AST_TYPED_DEFAULT_PARAMETER)
			(void)lower_value(l, ast_child(l->ast, k, 2));
	}
}

static void lower_bases(struct lower *l, uint32_t arguments)
{
	for (uint32_t k = arguments == 0 ? 0 : next_child(l, arguments, 0); k != 0;
	     k = next_child(l, arguments, k))
		(void)lower_value(l, k);
}

/* Decorators are computed from the top and applied from the bottom: args are reversed. */
static void push_decorators(struct lower *l, uint32_t decorated)
{
	size_t first = arrlenu(l->args);

	for (uint32_t k = decorated == 0 ? 0 : next_child(l, decorated, 0); k != 0;
	     k = next_child(l, decorated, k))
		if (node_kind(l, k) == AST_DECORATOR)
			lower_push_arg(l, lower_value(l, next_child(l, k, 0)), NAME_NONE, 0);
	for (size_t a = first, b = arrlenu(l->args); a + 1 < b; a++) {
		b--;
		struct arg swap = l->args[a];
		l->args[a] = l->args[b];
		l->args[b] = swap;
	}
}

void lower_definition(struct lower *l, uint32_t node, uint32_t decorated)
{
	struct event e = {.kind = EV_CLOSURE};
	uint32_t mark = (uint32_t)arrlenu(l->args);

	if (node_kind(l, node) == AST_DECORATED) {
		decorated = node;
		node = ast_find(l->ast, decorated, AST_FUNCTION);
		if (node == 0)
			node = ast_find(l->ast, decorated, AST_CLASS);
	}
	uint32_t name = node == 0 ? 0 : ast_find(l->ast, node, AST_NAME);
	if (name == 0 || l->scopes->of_node[node] == SCOPE_NONE) {
		lower_unmodelled(l, UNMODELLED_SYNTAX, node_span(l, node == 0 ? decorated : node));
		return;
	}
	push_decorators(l, decorated);
	lower_defaults(l, ast_find(l->ast, node, AST_PARAMETERS));
	lower_bases(l, ast_find(l->ast, node, AST_ARGUMENTS));
	e.span = (struct span){l->nodes[node].start, l->nodes[name].end};
	e.index = l->scopes->of_node[node];
	struct event bind = {.flags = EVF_BINDING, .span = node_span(l, name)};
	lower_assign(l, name, build_temp(lower_with_args(l, e, mark)), bind);
}
