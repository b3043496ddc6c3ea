/* test_items.c - resources that are returned among other things, and calls whose result is unpacked. */
#include "prepared.h"
#include "program/function.h"
#include "program/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define DRIVER "import psycopg2\n"
#define PAIR                                                                                       \
	DRIVER "def pair():\n"                                                                     \
	       "    c = psycopg2.connect(1)\n"                                                     \
	       "    return c, c.cursor()\n"

static const struct provider *items_of(const struct prepared *p, const char *name)
{
	return provider_of_items(p->program.providers, 0, prepared_scope(p, name));
}

static void each_item_is_the_resource_or_a_view_of_it_or_neither(void **state)
{
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(PAIR "def turned(n):\n"
	                           "    c = psycopg2.connect(1)\n"
	                           "    return [n, c.cursor(), c]\n"));
	const struct provider *pair = items_of(&p, "pair"), *turned = items_of(&p, "turned");
	assert_non_null(pair);
	assert_int_equal(pair->shape, SHAPE_RETURNS_ITEMS);
	assert_int_equal(pair->item_count, 2);
	assert_ptr_equal(pair->items[0], pair->kind);
	assert_int_equal(pair->kind->layer, LAYER_CONNECTION);
	assert_non_null(pair->items[1]->view_of);
	assert_non_null(turned);
	assert_int_equal(turned->item_count, 3);
	assert_null(turned->items[0]);
	assert_ptr_equal(turned->items[1], pair->items[1]);
	assert_ptr_equal(turned->items[2], pair->kind);
	prepared_release(&p);
}

static void all_returns_say_the_same_or_nothing_is_known(void **state)
{
	static const char *const none[] = {"other_order", "one_alone", "yields", "given",
	                                   "starred",     "two",       "plain"};
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(PAIR "def or_none(n):\n"
	                           "    if n: return None, None\n"
	                           "    c = psycopg2.connect(1)\n"
	                           "    return c, n\n"
	                           "def passed(): return pair()\n"
	                           "def other_order(n):\n"
	                           "    c = psycopg2.connect(1)\n"
	                           "    if n: return n, c\n"
	                           "    return c, n\n"
	                           "def one_alone(n):\n"
	                           "    c = psycopg2.connect(1)\n"
	                           "    if n: return c\n"
	                           "    return c, n\n"
	                           "def yields():\n"
	                           "    c = psycopg2.connect(1)\n"
	                           "    yield c, 1\n"
	                           "def given(c): return c, c.cursor()\n"
	                           "def starred(n):\n"
	                           "    c = psycopg2.connect(1)\n"
	                           "    return (*n, c)\n"
	                           "def two(n):\n"
	                           "    c = psycopg2.connect(1) if n else psycopg2.connect(2)\n"
	                           "    return c, n\n"
	                           "def plain(n): return n, n\n"));
	assert_non_null(items_of(&p, "or_none"));
	assert_non_null(items_of(&p, "passed"));
	assert_int_equal(items_of(&p, "passed")->item_count, 2);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (items_of(&p, none[i]) != NULL)
			fail_msg("'%s' has items", none[i]);
	prepared_release(&p);
}

/* A def that returns its connection behind 'before' other items. */
static bool is_read_behind(unsigned before)
{
	struct prepared p;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	fputs(DRIVER "def many():\n    c = psycopg2.connect(1)\n    return (", out);
	for (unsigned i = 0; i < before; i++)
		fputs("0, ", out);
	fputs("c)\n", out);
	fclose(out);
	prepared_init(&p, (struct str){text, len});
	bool found = items_of(&p, "many") != NULL;
	prepared_release(&p);
	free(text);
	return found;
}

static void more_items_than_the_bound_are_not_read(void **state)
{
	(void)state;
	assert_true(is_read_behind(PROVIDER_ITEMS_MAX - 1));
	assert_false(is_read_behind(PROVIDER_ITEMS_MAX));
}

/* Does the def get a connection of its own from pair()? */
static bool gets_it(struct prepared *p, const char *name)
{
	struct function fn;
	bool got = function_analyse(&p->scratch, &p->program, 0, prepared_scope(p, name),
	                            ENTRY_NONE, false, &fn) &&
	           fn.plan.resource_count == 1 && fn.resources[0].provider == items_of(p, "pair") &&
	           fn.resources[0].kind == items_of(p, "pair")->kind;
	arena_clear(&p->scratch);
	return got;
}

static void who_does_nothing_but_unpack_has_the_resource(void **state)
{
	static const char *const not [] = {"keeps", "returns",    "three",       "one",
	                                   "stars", "leads_back", "into_unread", "also_whole"};
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(PAIR "def unpacks():\n"
	                           "    c, cur = pair()\n"
	                           "    cur.execute('')\n"
	                           "def unpacks_list():\n"
	                           "    [c, _] = pair()\n"
	                           "def keeps():\n"
	                           "    both = pair()\n"
	                           "def returns(): return pair()\n"
	                           "def one():\n"
	                           "    (c,) = pair()\n"
	                           "def three():\n"
	                           "    c, cur, more = pair()\n"
	                           "def stars():\n"
	                           "    c, *cur = pair()\n"
	                           "def leads_back():\n"
	                           "    c, cur = pair()\n"
	                           "    cur.connection.close()\n"
	                           "def into_unread(o):\n"
	                           "    o().c, cur = pair()\n"
	                           "def also_whole():\n"
	                           "    both = c, cur = pair()\n"));
	assert_true(gets_it(&p, "unpacks"));
	assert_true(gets_it(&p, "unpacks_list"));
	for (size_t i = 0; i < ARRAY_LEN(not ); i++)
		if (gets_it(&p, not [i]))
			fail_msg("'%s' has it", not [i]);
	prepared_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_item_is_the_resource_or_a_view_of_it_or_neither),
		cmocka_unit_test(all_returns_say_the_same_or_nothing_is_known),
		cmocka_unit_test(more_items_than_the_bound_are_not_read),
		cmocka_unit_test(who_does_nothing_but_unpack_has_the_resource),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
