/* test_slow.c - the families of slow calls are read, and what they and the user's patterns say of a call. */
#include "state/slow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena memory;
static struct slow_calls slow;

static int load(void **state)
{
	(void)state;
	static const struct str patterns[] = {{"inn.llm.*", 9}, {"*.ask_model", 11}};
	struct diag *d = diag_new();
	arena_init(&memory);
	bool ok = slow_calls_load(&memory, d, patterns, 2, &slow);
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
	const char *path;
	enum slow_verdict verdict;
	const char *family;
} path_case[] = {
	{"requests.get", SLOW_WAITS, "http"},
	{"requests.codes", SLOW_UNKNOWN, NULL},
	{"requests.Session.get", SLOW_WAITS, "http"},
	{"requests.Session.close", SLOW_UNKNOWN, NULL},
	{"httpx.AsyncClient.post", SLOW_WAITS_AWAITED, "http"},
	{"openai.AsyncOpenAI.chat.completions.create", SLOW_WAITS_AWAITED, "llm"},
	{"openai.OpenAI.with_options.chat.completions.create", SLOW_WAITS, "llm"},
	{"boto3.Session.client.put_object", SLOW_WAITS, "storage"},
	{"kubernetes.client.CoreV1Api.list_namespaced_pod", SLOW_WAITS, "remote"},
	{"redis.Redis.get", SLOW_UNKNOWN, NULL},
	{"redis.Redis.blpop", SLOW_WAITS, "broker"},
	{"time.sleep", SLOW_WAITS, "sleep"},
	{"asyncio.sleep", SLOW_WAITS_AWAITED, "sleep"},
	{"fastapi.WebSocket.receive_text", SLOW_WAITS_AWAITED, "socket"},
	{"sqlalchemy.orm.Session.get", SLOW_UNKNOWN, NULL},
	{"inn.llm.tools.ask", SLOW_WAITS, "configured"},
	{"inn.llm", SLOW_UNKNOWN, NULL},
	{"", SLOW_UNKNOWN, NULL},
};

static void a_path_says_whether_its_call_waits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(path_case); i++) {
		struct slow_answer a = slow_path(&slow, str_of(path_case[i].path));
		assert_int_equal(a.verdict, path_case[i].verdict);
		if (path_case[i].family != NULL)
			assert_string_equal(a.family->id, path_case[i].family);
	}
}

static const struct {
	const char *name;
	enum slow_verdict verdict;
} name_case[] = {
	{"graph.ainvoke", SLOW_WAITS_AWAITED},
	{"self.client.chat.completions.create", SLOW_WAITS},
	{"completions.create", SLOW_WAITS},
	{"rooms.create", SLOW_UNKNOWN},
	{"session.get", SLOW_UNKNOWN},
	{"helper.ask_model", SLOW_WAITS},
	{"send_email", SLOW_WAITS},
	{"", SLOW_UNKNOWN},
};

static void a_name_is_compared_by_its_last_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(name_case); i++)
		assert_int_equal(slow_name(&slow, str_of(name_case[i].name)).verdict,
		                 name_case[i].verdict);
}

static void every_family_says_what_is_waited_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < slow.count; i++) {
		assert_non_null(slow.entries[i].family->id);
		assert_non_null(slow.entries[i].family->noun);
		assert_true(slow.entries[i].text.len > 0);
	}
	assert_true(slow.count > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_says_whether_its_call_waits),
		cmocka_unit_test(a_name_is_compared_by_its_last_parts),
		cmocka_unit_test(every_family_says_what_is_waited_for),
	};
	return cmocka_run_group_tests(tests, load, release);
}
