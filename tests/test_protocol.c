/* test_protocol.c - the protocol files that are part of the program load, and say what was measured. */
#include "state/protocol.h"
#include "temp_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

static struct arena memory;
static struct protocols protocols;

static int load(void **state)
{
	(void)state;
	struct diag *d = diag_new();
	arena_init(&memory);
	bool ok = protocols_load(&memory, d, STR_EMPTY, NULL, &protocols);
	diag_free(d);
	return ok ? 0 : -1;
}

static int release(void **state)
{
	(void)state;
	arena_release(&memory);
	return 0;
}

static const struct {
	const char *name;
	enum maker_role role;
	const char *kind; /* NULL: not known */
} maker_case[] = {
	{"sqlalchemy.orm.Session", MAKER_TYPE, "orm-session"},
	{"sqlmodel.Session", MAKER_TYPE, "orm-session"},
	{"sqlalchemy.ext.asyncio.AsyncSession", MAKER_TYPE, "async-session"},
	{"sqlalchemy.orm.sessionmaker", MAKER_FACTORY_TYPE, "orm-session"},
	{"sqlalchemy.orm.scoped_session", MAKER_REGISTRY_TYPE, "scoped-session"},
	{"get_db", MAKER_PROVIDER, "orm-session"},
	{"get_async_session", MAKER_PROVIDER, "async-session"},
	{"requests.Session", MAKER_TYPE, NULL},
	{"aiohttp.ClientSession", MAKER_TYPE, NULL},
	{"Session", MAKER_TYPE, NULL},
	{"get_db", MAKER_TYPE, NULL},
};

static void names_are_known_by_their_full_path_and_role(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(maker_case); i++) {
		const struct maker *m = protocols_maker(&protocols, str_of(maker_case[i].name),
		                                        maker_case[i].role);
		if (maker_case[i].kind == NULL
		            ? m != NULL
		            : m == NULL || strcmp(m->kind->id, maker_case[i].kind) != 0)
			fail_msg("%s", maker_case[i].name);
	}
}

static void an_unlisted_method_does_nothing(void **state)
{
	(void)state;
	const struct maker *m = protocols_maker(&protocols, STR("sqlalchemy.orm.Session"),
	                                        MAKER_TYPE);
	assert_non_null(m);
	assert_int_equal(kind_effect(m->kind, STR("expunge_all")).normal, DO_NOTHING);
	assert_false(kind_knows(m->kind, STR("expunge_all")));
}

static void a_failing_commit_keeps_what_it_has(void **state)
{
	(void)state;
	const struct maker *m = protocols_maker(&protocols, STR("sqlalchemy.orm.Session"),
	                                        MAKER_TYPE);
	assert_non_null(m);
	struct effect commit = kind_effect(m->kind, STR("commit"));
	assert_int_equal(commit.normal, DO_COMMIT);
	assert_int_equal(commit.raised, DO_FAIL);
}

static void a_flush_is_no_commit(void **state)
{
	(void)state;
	for (size_t i = 0; i < protocols.kind_count; i++)
		if (protocols.kinds[i]->layer == LAYER_SESSION)
			assert_int_equal(kind_effect(protocols.kinds[i], STR("flush")).normal,
			                 DO_FLUSH);
}

static void logging_is_taken_not_to_raise(void **state)
{
	(void)state;
	assert_true(protocols_quiet(&protocols, STR(".info")));
	assert_true(protocols_quiet(&protocols, STR("len")));
	assert_false(protocols_quiet(&protocols, STR("int")));
}

static bool load_own(const char *text)
{
	char path[64];
	int fd = mkstemp(temp_name(path, sizeof path, "/tmp", "protocol"));
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	struct arena own;
	struct protocols p;
	struct str name = str_of(path + 1);
	struct str_list names = {&name, 1};
	struct diag *d = diag_new();
	arena_init(&own);
	bool ok = protocols_load(&own, d, STR("/"), &names, &p);
	diag_free(d);
	arena_release(&own);
	unlink(path);
	return ok;
}

static void a_file_of_the_users_own_is_checked(void **state)
{
	(void)state;
	assert_true(
		load_own("{\"version\": 1, \"resources\": {\"x\": {\"layer\": \"connection\"}}}"));
	assert_false(load_own("{\"version\": 2}"));
	assert_false(load_own("{\"version\": 1, \"resource\": {}}"));
	assert_false(
		load_own("{\"version\": 1, \"resources\": {\"x\": {\"layers\": \"engine\"}}}"));
	assert_false(load_own("{\"version\": 1, \"resources\": {\"x\": {\"layer\": \"engin\"}}}"));
	assert_false(load_own("{\"version\": 1, \"resources\": {\"orm-session\": {}}}"));
	assert_false(load_own("{\"version\": 1, \"resources\": {\"x\": {\"like\": \"x\"}}}"));
	assert_false(load_own("{\"version\": 1, \"resources\": {\"x\": {\"methods\": {\"m\": "
	                      "{\"gives\": \"nothing-such\"}}}}}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_known_by_their_full_path_and_role),
		cmocka_unit_test(an_unlisted_method_does_nothing),
		cmocka_unit_test(a_failing_commit_keeps_what_it_has),
		cmocka_unit_test(a_flush_is_no_commit),
		cmocka_unit_test(logging_is_taken_not_to_raise),
		cmocka_unit_test(a_file_of_the_users_own_is_checked),
	};
	return cmocka_run_group_tests(tests, load, release);
}
