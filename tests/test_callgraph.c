/* test_callgraph.c - who calls whom in a module that has a registry, and who runs what is handed on. */
#include "prepared.h"
#include "program/callgraph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#define REGISTRY                                                                                   \
	"from sqlalchemy.orm import scoped_session, sessionmaker\n"                                \
	"Session = scoped_session(sessionmaker())\n"

static const struct call_node *node_of(const struct prepared *p, const char *name)
{
	const struct call_graph *g = p->program.calls;
	assert_non_null(g);
	return &g->nodes[call_graph_node(g, 0, prepared_scope(p, name))];
}

static bool calls(const struct prepared *p, const char *from, const char *to)
{
	const struct call_graph *g = p->program.calls;
	const struct call_node *n = node_of(p, from);
	for (uint32_t i = 0; i < n->callee_count; i++)
		if (g->callees[n->first_callee + i] == call_graph_node(g, 0, prepared_scope(p, to)))
			return true;
	return false;
}

static const struct started *started(const struct prepared *p, const char *name)
{
	return call_graph_started(p->program.calls, 0, prepared_scope(p, name));
}

static uint32_t callbacks(const struct prepared *p, const char *class_)
{
	uint32_t count;
	(void)call_graph_callbacks(p->program.calls, 0, prepared_scope(p, class_), &count);
	return count;
}

static void only_what_resolves_is_an_edge_and_once(void **state)
{
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(REGISTRY "def leaf(): pass\n"
	                               "def top(given):\n"
	                               "    leaf()\n"
	                               "    given()\n"
	                               "    elsewhere.leaf()\n"
	                               "    leaf()\n"));
	assert_true(calls(&p, "top", "leaf"));
	assert_int_equal(node_of(&p, "top")->callee_count, 1);
	assert_int_equal(node_of(&p, "leaf")->callee_count, 0);
	prepared_release(&p);
}

static void cycles_are_edges_like_others(void **state)
{
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(REGISTRY "def ping(): pong()\n"
	                               "def pong(): ping()\n"
	                               "def again(): again()\n"));
	assert_true(calls(&p, "ping", "pong"));
	assert_true(calls(&p, "pong", "ping"));
	assert_true(calls(&p, "again", "again"));
	assert_false(calls(&p, "again", "ping"));
	prepared_release(&p);
}

static void a_method_is_the_one_that_the_objects_class_has(void **state)
{
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(REGISTRY "class Store:\n"
	                               "    def __init__(self): pass\n"
	                               "    def save(self): self.check()\n"
	                               "    def check(self): pass\n"
	                               "class Shop(Store):\n"
	                               "    def check(self): super().check()\n"
	                               "def made():\n"
	                               "    Shop().save()\n"
	                               "def given(shop: Shop):\n"
	                               "    shop.check()\n"));
	assert_true(calls(&p, "made", "Store.save"));
	assert_true(calls(&p, "made", "Store.__init__"));
	assert_true(calls(&p, "given", "Shop.check"));
	assert_false(calls(&p, "given", "Store.check"));
	assert_true(calls(&p, "Shop.check", "Store.check"));
	prepared_release(&p);
}

static void what_a_starter_is_handed_is_found_in_every_spelling(void **state)
{
	static const char *const names[] = {"plain",   "bound",   "kept",   "either",
	                                    "or_this", "wrapped", "called", "Job.run"};
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(REGISTRY "from functools import partial\n"
	                               "from threading import Thread\n"
	                               "import asyncio\n"
	                               "def plain(): pass\n"
	                               "def bound(n): pass\n"
	                               "def kept(): pass\n"
	                               "def either(): pass\n"
	                               "def or_this(): pass\n"
	                               "def wrapped(): pass\n"
	                               "async def called(): pass\n"
	                               "def idle(): pass\n"
	                               "class Job:\n"
	                               "    def run(self): pass\n"
	                               "    def start(self): Thread(target=self.run).start()\n"
	                               "def go(pool, some):\n"
	                               "    Thread(None, plain).start()\n"
	                               "    pool.submit(partial(bound, 1))\n"
	                               "    work = kept\n"
	                               "    pool.submit(work, idle)\n"
	                               "    pool.submit(either if some else or_this)\n"
	                               "    pool.submit(lambda: wrapped())\n"
	                               "    asyncio.create_task(called())\n"));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (started(&p, names[i]) == NULL)
			fail_msg("'%s' is not started", names[i]);
	assert_null(started(&p, "idle"));
	assert_null(started(&p, "go"));
	prepared_release(&p);
}

/* Each value of each local leads to all values of the next: billions of ways. */
static char *branching(size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);
	fputs(REGISTRY "def work(): pass\ndef go(pool, d):\n", out);
	for (unsigned i = 0; i < 1500; i++)
		fputs("    a = b\n    b = c\n    c = d\n", out);
	fputs("    pool.submit(a)\n    near = work\n    pool.submit(near)\n", out);
	fclose(out);
	return text;
}

static void values_are_followed_in_bounded_steps(void **state)
{
	struct prepared p;
	size_t len;
	char *text = branching(&len);
	(void)state;
	clock_t began = clock();
	prepared_init(&p, (struct str){text, len});
	assert_true(clock() - began < 5 * CLOCKS_PER_SEC);
	assert_non_null(started(&p, "work"));
	prepared_release(&p);
	free(text);
}

static void of_several_places_that_start_it_the_first_is_named(void **state)
{
	static const char text[] = REGISTRY
		"from threading import Thread\n"
		"def first(): Thread(target=work).start()\n"
		"def work(): pass\n"
		"pool.submit(work) # the module is read before its functions\n";
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(text));
	assert_string_equal(started(&p, "work")->how->name, "Thread");
	assert_ptr_equal(text + started(&p, "work")->span.start, strstr(text, "Thread(target"));
	prepared_release(&p);
}

static void methods_call_what_their_class_was_handed(void **state)
{
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(REGISTRY "class Runner:\n"
	                               "    def each(self, step): step()\n"
	                               "    def idle(self): pass\n"
	                               "class Other:\n"
	                               "    def each(self, step): step()\n"
	                               "def step(): pass\n"
	                               "def go(runner: Runner):\n"
	                               "    runner.each(step)\n"));
	assert_true(calls(&p, "Runner.each", "step"));
	assert_false(calls(&p, "Runner.idle", "step"));
	assert_false(calls(&p, "Other.each", "step"));
	assert_int_equal(callbacks(&p, "Runner"), 1);
	assert_int_equal(callbacks(&p, "Other"), 0);
	prepared_release(&p);
}

/* A program in which 'count' functions are handed to one method, each of them 'times' times. */
static char *handing(unsigned count, unsigned times, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);
	fputs(REGISTRY "class Runner:\n    def each(self, step): step()\n", out);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "def step_%u(): pass\n", i);
	fputs("def go(runner: Runner):\n", out);
	for (unsigned i = 0; i < count * times; i++)
		fprintf(out, "    runner.each(step_%u)\n", i % count);
	fclose(out);
	return text;
}

static void a_class_calls_back_no_more_functions_than_the_bound(void **state)
{
	struct prepared p;
	size_t len;
	char *text = handing(CALLBACKS_MAX + 1, 1, &len);
	(void)state;
	prepared_init(&p, (struct str){text, len});
	assert_int_equal(callbacks(&p, "Runner"), CALLBACKS_MAX);
	assert_int_equal(node_of(&p, "Runner.each")->callee_count, CALLBACKS_MAX);
	prepared_release(&p);
	free(text);
}

static void a_function_that_is_handed_often_is_one_of_them(void **state)
{
	struct prepared p;
	size_t len;
	char *text = handing(2, CALLBACKS_MAX, &len);
	(void)state;
	prepared_init(&p, (struct str){text, len});
	assert_int_equal(callbacks(&p, "Runner"), 2);
	assert_true(calls(&p, "Runner.each", "step_1"));
	prepared_release(&p);
	free(text);
}

static void who_names_a_registry_and_who_ends_those_in_a_loop_is_known(void **state)
{
	struct prepared p;
	(void)state;
	prepared_init(&p, STR(REGISTRY "import app\n"
	                               "Archive = scoped_session(sessionmaker())\n"
	                               "def reads(): return Session.query(1)\n"
	                               "def above(): return reads()\n"
	                               "def ends():\n"
	                               "    for s in (Session, Archive): s.remove()\n"
	                               "def ends_unread(names):\n"
	                               "    for name in names:\n"
	                               "        s = getattr(app, name)\n"
	                               "        s.remove()\n"));
	assert_true(node_of(&p, "reads")->uses);
	assert_false(node_of(&p, "above")->uses);
	assert_int_equal(node_of(&p, "ends")->end_count, 2);
	assert_false(node_of(&p, "ends")->ends_all);
	assert_int_equal(node_of(&p, "ends_unread")->end_count, 0);
	assert_true(node_of(&p, "ends_unread")->ends_all);
	assert_false(node_of(&p, "reads")->ends_all);
	prepared_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_resolves_is_an_edge_and_once),
		cmocka_unit_test(cycles_are_edges_like_others),
		cmocka_unit_test(a_method_is_the_one_that_the_objects_class_has),
		cmocka_unit_test(what_a_starter_is_handed_is_found_in_every_spelling),
		cmocka_unit_test(values_are_followed_in_bounded_steps),
		cmocka_unit_test(of_several_places_that_start_it_the_first_is_named),
		cmocka_unit_test(methods_call_what_their_class_was_handed),
		cmocka_unit_test(a_class_calls_back_no_more_functions_than_the_bound),
		cmocka_unit_test(a_function_that_is_handed_often_is_one_of_them),
		cmocka_unit_test(who_names_a_registry_and_who_ends_those_in_a_loop_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
