/* dump.c - graphs as text. */
#include "flow/dump.h"

#include <ctype.h>

struct dump {
	FILE *out;
	const struct module *m;
	const struct interner *names;
	const struct cfg *c;
};

static void put_name(const struct dump *d, name_id name)
{
	struct str s = intern_text(d->names, name);

	fwrite(s.ptr, 1, s.len, d->out);
}

/* A string literal on one line. */
static void put_text(const struct dump *d, name_id name)
{
	struct str s = intern_text(d->names, name);

	putc('"', d->out);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < ' ' || c == 0x7f || c == '"' || c == '\\')
			fprintf(d->out, "\\x%02x", c);
		else
			putc(c, d->out);
	}
	putc('"', d->out);
}

static void put_place(const struct dump *d, const struct place *p)
{
	static const char *const marks[] = {
		[PLACE_LOCAL] = "", [PLACE_FREE] = "&", [PLACE_GLOBAL] = "$", [PLACE_TOKEN] = "k"};

	fputs(marks[p->root_kind], d->out);
	if (p->root_kind == PLACE_TOKEN)
		fprintf(d->out, "%u", p->root);
	else
		put_name(d, p->root);
	for (uint8_t i = 0; i < p->step_count; i++) {
		switch (p->steps[i].kind) {
		case STEP_ATTRIBUTE:
			putc('.', d->out);
			put_name(d, p->steps[i].name);
			break;
		case STEP_ELEMENT:
			putc('[', d->out);
			put_text(d, p->steps[i].name);
			putc(']', d->out);
			break;
		case STEP_ITEM:
			putc('[', d->out);
			put_name(d, p->steps[i].name);
			putc(']', d->out);
			break;
		case STEP_INDEX: fputs("[.]", d->out); break;
		}
	}
}

static void put_ref(const struct dump *d, ref r)
{
	static const char *const constants[] = {
		[CONST_NONE] = "None",    [CONST_TRUE] = "True",     [CONST_FALSE] = "False",
		[CONST_ELLIPSIS] = "...", [CONST_NUMBER] = "number", [CONST_ZERO] = "0"};

	switch (ref_kind(r)) {
	case REF_KIND_NONE: putc('_', d->out); break;
	case REF_KIND_TEMP: fprintf(d->out, "t%u", ref_index(r)); break;
	case REF_KIND_PLACE: put_place(d, &d->c->places[ref_index(r)]); break;
	case REF_KIND_CONST: fputs(constants[ref_index(r)], d->out); break;
	case REF_KIND_TEXT: put_text(d, ref_index(r)); break;
	}
}

static void put_args(const struct dump *d, const struct event *e, const char *open,
                     const char *close)
{
	fputs(open, d->out);
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *a = &d->c->args[e->first_arg + i];
		fputs(i == 0 ? "" : ", ", d->out);
		fputs(a->flags & ARG_DOUBLE_STAR ? "**" : a->flags & ARG_STAR ? "*" : "", d->out);
		if (a->keyword != NAME_NONE) {
			put_name(d, a->keyword);
			putc('=', d->out);
		}
		put_ref(d, a->value);
	}
	fputs(close, d->out);
}

static void put_test(const struct dump *d, const struct event *e)
{
	static const char *const words[] = {
		[OP_TRUTH] = "truth",       [OP_IS_NONE] = "is-none",
		[OP_EQUAL] = "equal",       [OP_IS_INSTANCE] = "is-instance",
		[OP_TOKEN_IS] = "token-is", [OP_MATCHES] = "matches",
		[OP_SAME] = "same",         [OP_OTHER] = "other"};

	fprintf(d->out, "%s%s ", e->flags & EVF_NEGATED ? "not " : "", words[e->op]);
	put_ref(d, e->a);
	if (e->op == OP_TOKEN_IS)
		fprintf(d->out, " %u", e->index);
	if (e->b != REF_NONE) {
		putc(' ', d->out);
		put_ref(d, e->b);
	}
}

static void put_assign(const struct dump *d, const struct event *e)
{
	fputs(e->flags & EVF_STAR ? "*" : "", d->out);
	put_ref(d, e->a);
	if (e->name != NAME_NONE) {
		putc('.', d->out);
		put_name(d, e->name);
	}
	fputs(e->flags & EVF_AUGMENTED ? " += " : e->flags & EVF_BINDING ? " := " : " = ", d->out);
	put_ref(d, e->b);
	if (e->index != 0)
		fprintf(d->out, " item %u", e->index - 1);
	if (e->arg_count > 0)
		put_args(d, e, " at (", ")");
}

static void put_call(const struct dump *d, const struct event *e)
{
	fputs("call ", d->out);
	put_ref(d, e->a);
	if (e->name != NAME_NONE) {
		putc('.', d->out);
		put_name(d, e->name);
	}
	put_args(d, e, "(", ")");
}

static void put_catch(const struct dump *d, const struct event *e)
{
	fputs(e->flags & EVF_STAR ? "catch*" : "catch", d->out);
	put_args(d, e, " (", ")");
	if (e->a == REF_NONE)
		return;
	fputs(" as ", d->out);
	put_ref(d, e->a);
}

static void put_leave(const struct dump *d, const struct event *e)
{
	static const char *const words[] = {[LEAVE_RETURN] = "return",
	                                    [LEAVE_FALL_OFF] = "fall-off",
	                                    [LEAVE_RAISE] = "raise",
	                                    [LEAVE_IMPLICIT] = "implicit"};

	fprintf(d->out, "leave %s", words[e->op]);
	if (e->a == REF_NONE)
		return;
	putc(' ', d->out);
	put_ref(d, e->a);
}

static const char *const build_words[] = {
	[BUILD_TUPLE] = "tuple",
	[BUILD_LIST] = "list",
	[BUILD_SET] = "set",
	[BUILD_DICT] = "dict",
	[BUILD_STRING] = "string",
	[BUILD_OPERATION] = "operation",
	[BUILD_CHOICE] = "choice",
	[BUILD_COMPREHENSION] = "comprehension",
	[BUILD_GENERATOR] = "generator",
};

static const char *const unmodelled_words[UNMODELLED_COUNT] = {
	[UNMODELLED_NONE] = "nothing",  [UNMODELLED_DEPTH] = "depth",
	[UNMODELLED_SYNTAX] = "syntax", [UNMODELLED_TOKENS] = "tokens",
	[UNMODELLED_SIZE] = "size",
};

static void put_plain(const struct dump *d, const char *word, const struct event *e)
{
	fprintf(d->out, "%s", word);
	if (e->a == REF_NONE)
		return;
	putc(' ', d->out);
	put_ref(d, e->a);
}

static void put_element(const struct dump *d, const struct event *e)
{
	put_plain(d, "element", e);
	if (e->index != 0) {
		fprintf(d->out, " item %u", e->index - 1);
		return;
	}
	fputs(" at ", d->out);
	put_ref(d, e->b);
}

/* What the event does, without the value it makes. */
static void put_action(const struct dump *d, const struct event *e)
{
	switch (e->kind) {
	case EV_CALL: put_call(d, e); break;
	case EV_ASSIGN: put_assign(d, e); break;
	case EV_ATTR:
		put_plain(d, "attr", e);
		putc('.', d->out);
		put_name(d, e->name);
		break;
	case EV_ELEMENT: put_element(d, e); break;
	case EV_BUILD:
		fprintf(d->out, "build %s", build_words[e->op]);
		put_args(d, e, "(", ")");
		break;
	case EV_CLOSURE:
		fprintf(d->out, "closure %u", e->index);
		put_args(d, e, "(", ")");
		break;
	case EV_COMPARE:
		fputs("compare ", d->out);
		put_test(d, e);
		break;
	case EV_TEST:
		fputs("test ", d->out);
		put_test(d, e);
		break;
	case EV_ENTER: put_plain(d, "enter", e); break;
	case EV_EXIT: put_plain(d, e->op == EXIT_RAISED ? "exit-raised" : "exit", e); break;
	case EV_ITER: put_plain(d, "iter", e); break;
	case EV_NEXT: put_plain(d, "next", e); break;
	case EV_YIELD: put_plain(d, e->flags & EVF_FROM ? "yield from" : "yield", e); break;
	case EV_AWAIT: put_plain(d, "await", e); break;
	case EV_RAISE:
		put_plain(d, "raise", e);
		if (e->b != REF_NONE) {
			fputs(" from ", d->out);
			put_ref(d, e->b);
		}
		break;
	case EV_ASSERT: put_plain(d, "assert", e); break;
	case EV_CATCH: put_catch(d, e); break;
	case EV_DELETE: put_plain(d, "delete", e); break;
	case EV_RETURN: put_plain(d, "return", e); break;
	case EV_TOKEN:
		put_plain(d, "token", e);
		if (e->index == TOKEN_DONE)
			fputs(" over", d->out);
		else
			fprintf(d->out, " = %u", e->index);
		break;
	case EV_LEAVE: put_leave(d, e); break;
	case EV_UNMODELLED: fprintf(d->out, "unmodelled %s", unmodelled_words[e->index]); break;
	case EV_COUNT: break;
	}
}

static void put_event(const struct dump *d, uint32_t i)
{
	static const struct {
		unsigned flag;
		const char *word;
	} flags[] = {{EVF_ASYNC, " async"},
	             {EVF_AWAITED, " awaited"},
	             {EVF_DISCARDED, " discarded"},
	             {EVF_MANAGER_RETURNS, " returns"}};
	const struct event *e = &d->c->events[i];

	fprintf(d->out, "%6u  ", module_line(d->m, e->span.start));
	if (event_makes_value(e))
		fprintf(d->out, "t%u = ", i);
	put_action(d, e);
	for (size_t f = 0; f < ARRAY_LEN(flags); f++)
		if (e->flags & flags[f].flag)
			fputs(flags[f].word, d->out);
	putc('\n', d->out);
}

static void put_edges(const struct dump *d, const struct block *b)
{
	static const char *const words[] = {
		[EDGE_NEXT] = "", [EDGE_FALSE] = "false ", [EDGE_RAISE] = "raise "};
	bool first = true;

	for (int k = 0; k < EDGE_COUNT; k++) {
		if (b->succ[k] == BLOCK_NONE)
			continue;
		fprintf(d->out, "%s%s%sb%u", first ? "        -> " : ", ",
		        k == EDGE_NEXT && b->succ[EDGE_FALSE] != BLOCK_NONE ? "true " : "",
		        words[k], b->succ[k]);
		first = false;
	}
	if (!first)
		putc('\n', d->out);
}

void dump_cfg(FILE *out, const struct module *m, const struct interner *names, scope_id scope,
              const struct cfg *c)
{
	struct dump d = {out, m, names, c};

	fprintf(out, "scope %u ", scope);
	put_name(&d, m->scopes[scope].qualname);
	putc('\n', out);
	for (uint32_t i = 0; i < c->block_count; i++) {
		fprintf(out, "  b%u:\n", i);
		for (uint32_t e = 0; e < c->blocks[i].event_count; e++)
			put_event(&d, c->blocks[i].first_event + e);
		put_edges(&d, &c->blocks[i]);
	}
}
