/* dump_facts.c - a module as text: one line a fact, in source order. */
#include "flow/dump.h"

enum { EXPR_DEPTH_SHOWN = 64 };

struct dump {
	FILE *out;
	const struct module *m;
	const struct interner *names;
};

static void put_name(const struct dump *d, name_id name)
{
	struct str s = intern_text(d->names, name);

	for (size_t i = 0; i < s.len; i++)
		putc((unsigned char)s.ptr[i] < ' ' ? ' ' : s.ptr[i], d->out);
}

static void put_expr(const struct dump *d, expr_id id, unsigned depth);

static void put_children(const struct dump *d, expr_id id, expr_id from, unsigned depth)
{
	bool first = true;

	for (expr_id k = from; k < d->m->exprs[id].next; k = d->m->exprs[k].next) {
		fputs(first ? "" : ", ", d->out);
		put_expr(d, k, depth + 1);
		first = false;
	}
}

static bool has_child(const struct dump *d, expr_id id)
{
	return id + 1 < d->m->exprs[id].next;
}

/* callee(children) and value[children] */
static void put_applied(const struct dump *d, expr_id id, const char *open, const char *close,
                        unsigned depth)
{
	if (!has_child(d, id))
		return;
	put_expr(d, id + 1, depth + 1);
	fputs(open, d->out);
	put_children(d, id, d->m->exprs[id + 1].next, depth);
	fputs(close, d->out);
}

static void put_wrapped(const struct dump *d, expr_id id, const char *open, const char *close,
                        unsigned depth)
{
	fputs(open, d->out);
	put_children(d, id, id + 1, depth);
	fputs(close, d->out);
}

static void put_expr(const struct dump *d, expr_id id, unsigned depth)
{
	const struct expr *e = &d->m->exprs[id];

	if (depth > EXPR_DEPTH_SHOWN) {
		fputs("...", d->out);
		return;
	}
	switch (e->kind) {
	case EXPR_NAME:
	case EXPR_NUMBER:
	case EXPR_CONSTANT: put_name(d, e->text); break;
	case EXPR_ATTRIBUTE:
		put_wrapped(d, id, "", ".", depth);
		put_name(d, e->text);
		break;
	case EXPR_CALL: put_applied(d, id, "(", ")", depth); break;
	case EXPR_KEYWORD:
		put_name(d, e->text);
		put_wrapped(d, id, e->text == NAME_NONE ? "**" : "=", "", depth);
		break;
	case EXPR_STARRED: put_wrapped(d, id, "*", "", depth); break;
	case EXPR_SUBSCRIPT: put_applied(d, id, "[", "]", depth); break;
	case EXPR_TEXT:
		putc('"', d->out);
		put_name(d, e->text);
		putc('"', d->out);
		break;
	case EXPR_SEQUENCE: put_wrapped(d, id, "(", ")", depth); break;
	case EXPR_DICT: put_wrapped(d, id, "{", "}", depth); break;
	case EXPR_UNION: put_wrapped(d, id, "union(", ")", depth); break;
	case EXPR_CHOICE: put_wrapped(d, id, "choice(", ")", depth); break;
	case EXPR_LAMBDA: fprintf(d->out, "lambda %u", e->scope); break;
	case EXPR_OTHER: putc('?', d->out); break;
	}
}

static void put_optional(const struct dump *d, const char *before, expr_id id)
{
	if (id == EXPR_NONE)
		return;
	fputs(before, d->out);
	put_expr(d, id, 0);
}

static void put_param(const struct dump *d, const struct param *p)
{
	static const char *const words[] = {[PARAM_POSITIONAL_ONLY] = "positional ",
	                                    [PARAM_PLAIN] = "",
	                                    [PARAM_KEYWORD_ONLY] = "keyword ",
	                                    [PARAM_STAR] = "*",
	                                    [PARAM_DOUBLE_STAR] = "**"};

	fprintf(d->out, "    parameter %s", words[p->kind]);
	put_name(d, p->name);
	put_optional(d, ": ", p->annotation);
	put_optional(d, " = ", p->value);
	putc('\n', d->out);
}

static void put_entry(const struct dump *d, const struct entry_match *e)
{
	fputs("    entry ", d->out);
	put_name(d, e->kind);
	fputs(" receiver=", d->out);
	put_name(d, e->receiver);
	fputs(" method=", d->out);
	put_name(d, e->method);
	fputs(" route=", d->out);
	put_name(d, e->route);
	putc('\n', d->out);
}

static void put_scope_head(const struct dump *d, scope_id id)
{
	static const char *const kinds[] = {[SCOPE_MODULE] = "module",
	                                    [SCOPE_FUNCTION] = "function",
	                                    [SCOPE_LAMBDA] = "lambda",
	                                    [SCOPE_CLASS] = "class"};
	const struct scope *s = &d->m->scopes[id];

	fprintf(d->out, "scope %u line %u %s ", id, module_line(d->m, s->span.start),
	        kinds[s->kind]);
	put_name(d, s->qualname);
	if (s->parent != SCOPE_NONE)
		fprintf(d->out, " in %u", s->parent);
	fprintf(d->out, "%s%s%s%s\n", s->flags & SCOPE_ASYNC ? " async" : "",
	        s->flags & SCOPE_GENERATOR ? " generator" : "",
	        s->flags & SCOPE_BROKEN ? " broken" : "", s->flags & SCOPE_STUB ? " stub" : "");
}

static void put_scope(const struct dump *d, scope_id id)
{
	const struct scope *s = &d->m->scopes[id];

	put_scope_head(d, id);
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		put_optional(d, "    decorator ", d->m->decorators[s->first_decorator + i]);
		putc('\n', d->out);
	}
	for (uint32_t i = 0; i < s->entry_count; i++)
		put_entry(d, &d->m->entries[s->first_entry + i]);
	for (uint32_t i = 0; i < s->base_count; i++) {
		put_optional(d, "    base ", d->m->bases[s->first_base + i]);
		putc('\n', d->out);
	}
	for (uint32_t i = 0; i < s->param_count; i++)
		put_param(d, &d->m->params[s->first_param + i]);
	if (s->returns != EXPR_NONE) {
		put_optional(d, "    returns ", s->returns);
		putc('\n', d->out);
	}
}

static void put_import(const struct dump *d, const struct import *i)
{
	fprintf(d->out, "import line %u in %u ", module_line(d->m, i->span.start), i->scope);
	put_name(d, i->module);
	fputs(" name=", d->out);
	put_name(d, i->name);
	fputs(" as=", d->out);
	put_name(d, i->alias);
	fprintf(d->out, "%s%s\n", i->flags & IMPORT_TYPE_CHECKING ? " type-checking" : "",
	        i->flags & IMPORT_CONDITIONAL ? " conditional" : "");
}

static void put_binding(const struct dump *d, const struct binding *b)
{
	fprintf(d->out, "binding line %u in %u ", module_line(d->m, b->span.start), b->scope);
	if (b->from != b->scope)
		fprintf(d->out, "from %u ", b->from);
	put_name(d, b->name);
	put_optional(d, ": ", b->annotation);
	put_optional(d, " = ", b->value);
	putc('\n', d->out);
}

static void put_suppression(const struct dump *d, const struct suppression *s)
{
	fprintf(d->out, "suppression line %u applies %u%s [%.*s] %.*s\n", s->line, s->applies,
	        s->alone ? " alone" : "", STR_ARG(s->rules), STR_ARG(s->reason));
}

static void put_counts(const struct dump *d)
{
	static const char *const words[UNMODELLED_COUNT] = {[UNMODELLED_DEPTH] = "depth",
	                                                    [UNMODELLED_SYNTAX] = "syntax",
	                                                    [UNMODELLED_TOKENS] = "tokens",
	                                                    [UNMODELLED_SIZE] = "size"};

	if (d->m->error_count > 0)
		fprintf(d->out, "errors %u, first on line %u\n", d->m->error_count,
		        d->m->error_line);
	for (int i = UNMODELLED_NONE + 1; i < UNMODELLED_COUNT; i++)
		if (d->m->unmodelled[i] > 0)
			fprintf(d->out, "unmodelled %s %u\n", words[i], d->m->unmodelled[i]);
}

void dump_facts(FILE *out, const struct module *m, const struct interner *names)
{
	struct dump d = {out, m, names};

	fprintf(out, "module %.*s%s\n", STR_ARG(m->path), m->generated ? " generated" : "");
	put_counts(&d);
	for (uint32_t i = 0; i < m->import_count; i++)
		put_import(&d, &m->imports[i]);
	for (uint32_t i = 0; i < m->binding_count; i++)
		put_binding(&d, &m->bindings[i]);
	for (scope_id i = 0; i < m->scope_count; i++)
		put_scope(&d, i);
	for (uint32_t i = 0; i < m->suppression_count; i++)
		put_suppression(&d, &m->suppressions[i]);
}
