/* test_tree_pool.c - trees made in a pool are the trees that malloc gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"
#include "base/pool.h"
#include "syntax/tree_pool.h"
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

/* Sizes on both sides of every boundary: small and large blocks, chunks of their own. */
static const unsigned repeat_case[] = {0, 1, 40, 3000, 1, 20000};

static struct str program(struct arena *scratch, unsigned repeat)
{
	static const char line[] =
		"def f(a, *b, c=[1, 'x']):\n    return {a: (b, c)} if a else f(c)\n";
	size_t len = sizeof(line) - 1;
	char *text = arena_array(scratch, char, repeat *len);

	for (unsigned i = 0; i < repeat; i++)
		memcpy(text + i * len, line, len);
	return (struct str){text, repeat * len};
}

static TSTree *parse(TSParser *parser, struct str text)
{
	ts_parser_set_language(parser, tree_sitter_python());
	return ts_parser_parse_string(parser, NULL, text.ptr, (uint32_t)text.len);
}

static char *shape_by_malloc(struct str text)
{
	TSParser *parser = ts_parser_new();
	TSTree *tree = parse(parser, text);
	char *shape = ts_node_string(ts_tree_root_node(tree));

	ts_tree_delete(tree);
	ts_parser_delete(parser);
	return shape;
}

/* Nothing is deleted: leaving the pool does that, and the leak checker watches. */
static void same_shape_in(struct tree_pool *p, struct str text)
{
	char *wanted = shape_by_malloc(text);

	tree_pool_enter(p);
	char *got = ts_node_string(ts_tree_root_node(parse(ts_parser_new(), text)));
	assert_string_equal(got, wanted);
	tree_pool_leave(p);
	free(wanted);
}

static void a_pool_is_used_again_for_one_file_after_the_other(void **state)
{
	struct tree_pool *p = tree_pool_new();
	struct arena scratch;

	(void)state;
	arena_init(&scratch);
	for (unsigned round = 0; round < 2; round++)
		for (size_t i = 0; i < ARRAY_LEN(repeat_case); i++)
			same_shape_in(p, program(&scratch, repeat_case[i]));
	tree_pool_free(p);
	tree_pool_free(NULL);
	arena_release(&scratch);
}

static void what_is_deleted_inside_is_used_again_inside(void **state)
{
	struct tree_pool *p = tree_pool_new();
	struct arena scratch;

	(void)state;
	arena_init(&scratch);
	tree_pool_enter(p);
	for (unsigned i = 0; i < 20; i++) {
		TSParser *parser = ts_parser_new();
		TSTree *tree = parse(parser, program(&scratch, 200));
		assert_false(ts_node_has_error(ts_tree_root_node(tree)));
		ts_tree_delete(tree);
		ts_parser_delete(parser);
	}
	tree_pool_leave(p);
	tree_pool_free(p);
	arena_release(&scratch);
}

static void parse_in_thread(void *arg, unsigned worker, size_t index)
{
	static const char text[] = "async def g():\n    async with x as y:\n        await y(1)\n";
	struct tree_pool *p = tree_pool_new();

	(void)worker;
	(void)index;
	tree_pool_enter(p);
	TSNode root = ts_tree_root_node(parse(ts_parser_new(), STR(text)));
	bool *wrong = arg;
	if (ts_node_has_error(root) || ts_node_named_child_count(root) != 1)
		*wrong = true;
	tree_pool_leave(p);
	tree_pool_free(p);
}

static void each_thread_has_its_own(void **state)
{
	bool wrong = false;

	(void)state;
	pool_run(4, 200, parse_in_thread, &wrong);
	assert_false(wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pool_is_used_again_for_one_file_after_the_other),
		cmocka_unit_test(what_is_deleted_inside_is_used_again_inside),
		cmocka_unit_test(each_thread_has_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
