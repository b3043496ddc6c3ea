/* test_query.c - queries are checked when they are compiled, and their predicates hold as written. */
#include "lowered.h"
#include "syntax/grammar.h"
#include "syntax/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <stb/stb_ds.h>

#define SHAPE                                                                                      \
	"((decorated_definition (decorator (identifier) @route)*\n"                                \
	" (decorator (call function: (identifier) @method)) @decorator)\n"

static const struct TSLanguage *python(void)
{
	static struct grammar g;

	if (g.language == NULL) {
		struct diag *d = diag_new();
		assert_true(grammar_init(&g, d));
		diag_free(d);
	}
	return g.language;
}

static const struct {
	const char *text;
	const char *message; /* NULL: it compiles */
	uint32_t line, column;
} compile_case[] = {
	{SHAPE " (#eq? @method \"get\") (#set! entry \"http\"))", NULL, 0, 0},
	{SHAPE " (#set! entry \"http\") (#set! entry \"task\"))", NULL, 0, 0},
	{SHAPE " (#eq? @method \"get\"))", "a pattern needs the property 'entry'", 1, 1},
	{SHAPE " (#set! entry \"http\") (#eq? @method \"a\"))",
         "no property follows the last predicates of 'entry'", 3, 9},
	{SHAPE " (#set! entry \"htp\"))", "unknown kind of entry point 'htp'", 1, 1},
	{SHAPE " (#set! kind \"http\"))", "unknown property 'kind'", 3, 9},
	{SHAPE " (#set! entry))", "a property needs a key and a value in 'set!'", 3, 4},
	{SHAPE " (#is? @method \"get\") (#set! entry \"http\"))", "unknown predicate 'is?'", 3, 4},
	{SHAPE " (#match? @method \"(\") (#set! entry \"http\"))", "invalid regular expression '('",
         1, 1},
	{SHAPE " (#eq? @method) (#set! entry \"http\"))",
         "a capture and a text are needed by 'eq?'", 3, 4},
	{SHAPE " (#eq? @method \"a\" \"b\") (#set! entry \"http\"))", "too many operands for 'eq?'",
         3, 4},
	{SHAPE " (#match? @method @route) (#set! entry \"http\"))", "a text is needed by 'match?'",
         3, 4},
	{SHAPE " (#eq? @nobody \"a\") (#set! entry \"http\"))", "unknown capture 'nobody'", 3, 9},
	{"((decorated_definition) @other (#set! entry \"http\"))", "unknown capture 'other'", 1, 26},
	{"((decorated_definition) @_other (#set! entry \"http\"))", NULL, 0, 0},
	{"(decorated_def)", "unknown node type 'decorated_def'", 1, 2},
	{"(decorated_definition nope: (_))", "unknown field 'nope:'", 1, 23},
	{"(decorated_definition", "invalid syntax at ''", 1, 22},
	{"(identifier (string))", "impossible pattern at '(string'", 1, 13},
};

static void mistakes_in_a_query_are_named_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(compile_case); i++) {
		struct diag *d = diag_new();
		size_t count;
		struct entry_query *q = entry_query_compile(python(), STR("q.scm"),
		                                            str_of(compile_case[i].text), d);
		const struct diag_entry *e = diag_sorted(d, &count);
		if (compile_case[i].message == NULL) {
			assert_non_null(q);
			assert_int_equal(count, 0);
		} else {
			assert_null(q);
			assert_int_equal(count, 1);
			assert_int_equal(e->level, DIAG_USAGE);
			if (!str_is(e->text, compile_case[i].message))
				fail_msg("wanted '%s', got '%.*s'", compile_case[i].message,
				         STR_ARG(e->text));
			assert_int_equal(e->line, compile_case[i].line);
			if (e->column != compile_case[i].column)
				fail_msg("'%.*s' at column %u", STR_ARG(e->text), e->column);
		}
		entry_query_free(q);
		diag_free(d);
	}
}

/* How many entries a query with these predicates finds on one definition. */
static size_t entries_with(const char *predicates, const char *source)
{
	char query[1024];
	struct diag *d = diag_new();
	struct arena memory;
	const char *why = NULL;

	snprintf(query, sizeof(query), "%s %s (#set! entry \"http\"))", SHAPE, predicates);
	struct entry_query *q = entry_query_compile(python(), STR("q.scm"), str_of(query), d);
	assert_non_null(q);
	arena_init(&memory);
	struct ast out = {.text = str_of(source), .names = interner_new(&memory)};
	TSParser *parser = ts_parser_new();
	assert_true(ts_parser_set_language(parser, python()));
	TSTree *tree = ts_parser_parse_string(parser, NULL, source, (uint32_t)strlen(source));
	TSQueryCursor *cursor = ts_query_cursor_new();
	TSNode definition = ts_node_child(ts_tree_root_node(tree), 0);
	assert_true(entry_query_run(q, cursor, definition, &out, &why));
	size_t count = arrlenu(out.entries);
	arrfree(out.entries);
	ts_query_cursor_delete(cursor);
	ts_tree_delete(tree);
	ts_parser_delete(parser);
	interner_free(out.names);
	arena_release(&memory);
	entry_query_free(q);
	diag_free(d);
	return count;
}

static const struct {
	const char *predicates, *before; /* decorators in front of @get() */
	size_t want;
} predicate_case[] = {
	{"", "", 1},
	{"(#eq? @method \"get\")", "", 1},
	{"(#eq? @method \"post\")", "", 0},
	{"(#not-eq? @method \"post\")", "", 1},
	{"(#any-of? @method \"a\" \"get\")", "", 1},
	{"(#not-any-of? @method \"a\" \"get\")", "", 0},
	{"(#match? @method \"^g.t$\")", "", 1},
	{"(#match? @method \"^g$\")", "", 0},
	{"(#not-match? @method \"^g$\")", "", 1},
	{"(#eq? @method @route)", "@get\n", 1},
	{"(#eq? @method @route)", "@x\n", 0},
	{"(#eq? @route \"x\")", "", 1}, /* an absent capture asks nothing */
	{"(#any-eq? @route \"x\")", "", 0},
	{"(#eq? @route \"x\")", "@x\n@y\n", 0},
	{"(#any-eq? @route \"x\")", "@x\n@y\n", 1},
	{"(#any-not-eq? @route \"x\")", "@x\n@y\n", 1},
	{"(#any-not-eq? @route \"x\")", "@x\n@x\n", 0},
	{"(#any-match? @route \"^y\")", "@x\n@y\n", 1},
	{"(#any-not-match? @route \"^[xy]\")", "@x\n@y\n", 0},
	{"(#eq? @method \"get\") (#eq? @route \"x\")", "@x\n", 1},
};

static void predicates_hold_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(predicate_case); i++) {
		char source[256];
		snprintf(source, sizeof(source), "%s@get()\ndef f(): pass\n",
		         predicate_case[i].before);
		if (entries_with(predicate_case[i].predicates, source) != predicate_case[i].want)
			fail_msg("%s on %s", predicate_case[i].predicates, source);
	}
}

static void entries_are_in_the_order_of_their_decorators(void **state)
{
	struct lowered l;
	const struct module *m = &l.m.module;

	(void)state;
	lowered_init(&l, STR("x.py"),
	             STR("@a.get('/1')\n@shared_task\n@a.get('/2')\n@b.websocket('/3')\n"
	                 "def f(): return 1\n"));
	assert_int_equal(m->entry_count, 4);
	for (uint32_t i = 1; i < m->entry_count; i++)
		assert_true(m->entries[i - 1].span.start < m->entries[i].span.start);
	assert_true(str_is(intern_text(l.names, m->entries[3].route), "/3"));
	lowered_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_in_a_query_are_named_with_their_place),
		cmocka_unit_test(predicates_hold_as_written),
		cmocka_unit_test(entries_are_in_the_order_of_their_decorators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
