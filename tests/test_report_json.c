/* test_report_json.c - every key in its place, and no input that breaks the document. */
#include "report_sample.h"

#include "rule.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static json_t *written(const struct report *r)
{
	json_error_t why;
	char *text = sample_text(report_json, r);
	json_t *document = json_loads(text, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &why);

	if (document == NULL)
		fail_msg("%s at line %d of:\n%s", why.text, why.line, text);
	free(text);
	return document;
}

/* Compact, keys in the order they were written. */
static void assert_value(json_t *value, const char *want)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	assert_string_equal(text, want);
	free(text);
}

static json_t *item(json_t *document, const char *list, size_t index)
{
	json_t *value = json_array_get(json_object_get(document, list), index);

	assert_non_null(value);
	return value;
}

static const char first_bytes[] = "{\n"
				  "  \"schema_version\": 1,\n"
				  "  \"tool\": {\n"
				  "    \"name\": \"idletx\",\n";

static const char last_bytes[] =
	"      \"message\": \"syntax error: analysed as far as it can be read\"\n"
	"    }\n"
	"  ]\n"
	"}\n";

static void the_document_is_indented_and_ends_with_a_newline(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	char *text = sample_text(report_json, &s.report);
	assert_memory_equal(text, first_bytes, sizeof(first_bytes) - 1);
	assert_string_equal(text + strlen(text) - (sizeof(last_bytes) - 1), last_bytes);
	free(text);
	sample_release(&s);
}

static void an_empty_report_has_every_key(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.finding_count = s.report.notification_count = 0;
	s.report.complete = false;
	json_t *document = written(&s.report);
	json_object_del(document, "tool");
	assert_value(
		document,
		"{\"schema_version\":1,\"root\":\".\",\"complete\":false,"
		"\"summary\":{\"files\":4,\"skipped_files\":1,\"functions\":30,\"handlers\":7,"
		"\"findings\":0,\"allowlisted\":0,\"suppressed\":0,\"baselined\":0,\"by_rule\":{},"
		"\"by_level\":{\"error\":0,\"warning\":0,\"note\":0}},"
		"\"findings\":[],\"notifications\":[]}");
	json_decref(document);
	sample_release(&s);
}

static void a_finding_has_every_key_in_the_documented_order(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	json_t *document = written(&s.report);
	assert_value(
		item(document, "findings", SAMPLE_WARNING),
		"{\"id\":\"00000000000000000000000000000002\",\"rule\":\"unreleased-on-return\","
		"\"name\":\"a return path leaves the session open\",\"level\":\"warning\","
		"\"message\":\"`db` may be in a transaction at this return\","
		"\"path\":\"app/"
		"routes.py\",\"line\":7,\"column\":3,\"end_line\":7,\"end_column\":27,"
		"\"function\":\"list_parts\",\"function_line\":4,"
		"\"resource\":{\"name\":\"db\",\"kind\":\"orm-session\",\"origin\":\"dependency\","
		"\"provider\":\"get_db\",\"path\":\"app/db.py\",\"line\":18},"
		"\"missing\":[\"commit\",\"close\"],\"released_by\":\"response-sent\","
		"\"exits\":[{\"kind\":\"return\",\"line\":7,\"missing\":[\"commit\",\"close\"],"
		"\"released_by\":\"response-sent\"},{\"kind\":\"return\",\"line\":9,"
		"\"missing\":[\"close\"],\"released_by\":\"response-sent\"}],"
		"\"trace\":[{\"path\":\"app/db.py\",\"line\":18,\"message\":\"session opened "
		"here\"},"
		"{\"path\":\"app/routes.py\",\"line\":5,\"message\":\"transaction begins\"},"
		"{\"path\":\"app/routes.py\",\"line\":7,\"message\":\"still open at this "
		"return\"}],"
		"\"related\":[{\"rule\":\"rebound-session\",\"path\":\"app/routes.py\",\"line\":10,"
		"\"message\":\"closed here\"}],"
		"\"assumed\":{\"fastapi\":\"0.128.0\",\"from\":\"uv.lock\",\"depends_on_version\":"
		"false},"
		"\"fix\":{\"safe\":true,\"edits\":[{\"path\":\"app/"
		"routes.py\",\"start\":113,\"end\":113,"
		"\"text\":\"db.close()\\n\\t\\t\"}]},\"status\":\"open\",\"reason\":null}");
	assert_value(
		item(document, "findings", SAMPLE_NOTE),
		"{\"id\":\"00000000000000000000000000000001\",\"rule\":\"left-to-framework\","
		"\"name\":\"a handler leaves its session to the framework\",\"level\":\"note\","
		"\"message\":\"`db` is left to FastAPI\",\"path\":\"app/parts.py\",\"line\":3,"
		"\"column\":1,\"end_line\":3,\"end_column\":2,\"function\":\"parts\",\"function_"
		"line\":2,"
		"\"resource\":{\"name\":\"db\",\"kind\":\"orm-session\",\"origin\":\"dependency\","
		"\"provider\":\"get_db\",\"path\":\"app/db.py\",\"line\":18},"
		"\"missing\":[\"commit\",\"close\"],\"released_by\":\"response-sent\",\"exits\":[],"
		"\"trace\":[],\"related\":[],"
		"\"assumed\":{\"fastapi\":null,\"from\":null,\"depends_on_version\":false},"
		"\"fix\":{\"safe\":false,\"edits\":[]},\"status\":\"open\",\"reason\":null}");
	json_decref(document);
	sample_release(&s);
}

static void only_open_findings_are_counted_as_findings_all_are_listed(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[SAMPLE_NOTE].status = STATUS_ALLOWLISTED;
	s.findings[SAMPLE_NOTE].reason = STR("the caller owns it");
	s.findings[SAMPLE_ERROR].status = STATUS_SUPPRESSED;
	json_t *document = written(&s.report);
	assert_value(
		json_object_get(document, "summary"),
		"{\"files\":4,\"skipped_files\":1,\"functions\":30,\"handlers\":7,\"findings\":1,"
		"\"allowlisted\":1,\"suppressed\":1,\"baselined\":0,"
		"\"by_rule\":{\"unreleased-on-return\":1},"
		"\"by_level\":{\"error\":0,\"warning\":1,\"note\":0}}");
	assert_int_equal(json_array_size(json_object_get(document, "findings")), 3);
	assert_value(json_object_get(item(document, "findings", SAMPLE_NOTE), "reason"),
	             "\"the caller owns it\"");
	json_decref(document);
	sample_release(&s);
}

static void an_audit_has_a_row_a_handler(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	json_t *document = written(&s.report);
	assert_null(json_object_get(document, "handlers"));
	json_decref(document);
	s.report.audit = &s.audit;
	document = written(&s.report);
	assert_value(
		item(document, "handlers", 2),
		"{\"path\":\"app/"
		"routes.py\",\"function\":\"ping\",\"line\":20,\"parameter\":\"_db\","
		"\"providers\":[{\"name\":\"get_db\",\"path\":\"app/"
		"db.py\",\"line\":18,\"guarded\":true,\"kind\":\"orm-session\",\"through\":null}],"
		"\"naive\":\"exception\",\"entry\":\"http\",\"thread\":\"loop\",\"routes\":[],"
		"\"category\":\"exception\",\"exception\":\"unused-parameter\",\"fix_"
		"category\":[\"F\"],"
		"\"response\":[\"json\"],\"slow_calls\":[],\"held_while\":[],\"exits\":[]}");
	assert_value(
		item(document, "handlers", 3),
		"{\"path\":\"app/zones.py\",\"function\":\"Zones.read\",\"line\":38,"
		"\"parameter\":\"session\",\"providers\":[{\"name\":\"get_session\",\"path\":null,"
		"\"line\":null,\"guarded\":false,\"kind\":\"orm-session\",\"through\":\"current_"
		"user\"}],\"naive\":\"missing-close\",\"entry\":\"http\","
		"\"thread\":\"loop\",\"routes\":[\"GET /zones/{id}\",\"HEAD /zones/{id}\"],"
		"\"category\":\"missing-close\",\"exception\":null,\"fix_category\":[\"C\",\"D\"],"
		"\"response\":[\"streaming\"],"
		"\"slow_calls\":[{\"line\":41,\"callee\":\"client.post\",\"path\":\"app/"
		"remote.py\","
		"\"family\":\"http\",\"held\":true},"
		"{\"line\":44,\"callee\":\"time.sleep\",\"path\":\"app/"
		"zones.py\",\"family\":\"sleep\","
		"\"held\":false}],\"held_while\":[\"stream\",\"slow-call\"],"
		"\"exits\":[{\"kind\":\"return\",\"line\":44,\"response\":\"streaming\","
		"\"committed\":\"all\",\"closed\":\"none\",\"transaction_open\":\"all\","
		"\"released_by\":\"garbage-collection\"}]}");
	json_decref(document);
	sample_release(&s);
}

static const struct {
	struct str bytes;
	const char *want; /* as JSON, escaped to ASCII */
} text_case[] = {
	{{"a\xff\xfe"
          "b",
          4},
         "\"a\\uFFFD\\uFFFDb\""},                           /* no UTF-8 at all */
	{{"\xc0\xaf", 2}, "\"\\uFFFD\\uFFFD\""},            /* overlong */
	{{"\xed\xa0\x80", 3}, "\"\\uFFFD\\uFFFD\\uFFFD\""}, /* half of a surrogate pair */
	{{"\xf4\x90\x80\x80", 4}, "\"\\uFFFD\\uFFFD\\uFFFD\\uFFFD\""}, /* past the last code point */
	{{"\xe2\x82", 2}, "\"\\uFFFD\\uFFFD\""},                       /* cut short */
	{{"a\0b", 3}, "\"a\\u0000b\""},
	{{"\x1b\n\"\\", 4}, "\"\\u001B\\n\\\"\\\\\""},
	{{"\xf0\x9f\x90\x8d", 4}, "\"\\uD83D\\uDC0D\""},
	{{NULL, 0}, "\"\""},
};

static void bytes_that_are_no_text_do_not_break_it(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(text_case); i++) {
		s.findings[0].message = s.findings[0].at.path = text_case[i].bytes;
		json_t *document = written(&s.report);
		char *text = json_dumps(json_object_get(item(document, "findings", 0), "message"),
		                        JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
		assert_string_equal(text, text_case[i].want);
		free(text);
		json_decref(document);
	}
	sample_release(&s);
}

static void the_same_report_gives_the_same_bytes(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.audit = &s.audit;
	char *once = sample_text(report_json, &s.report),
	     *twice = sample_text(report_json, &s.report);
	assert_string_equal(once, twice);
	free(once);
	free(twice);
	sample_release(&s);
}

static void an_error_of_the_file_is_noticed(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	FILE *full = fopen("/dev/full", "w");
	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_false(report_json(full, &s.report));
	fclose(full);
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document_is_indented_and_ends_with_a_newline),
		cmocka_unit_test(an_empty_report_has_every_key),
		cmocka_unit_test(a_finding_has_every_key_in_the_documented_order),
		cmocka_unit_test(only_open_findings_are_counted_as_findings_all_are_listed),
		cmocka_unit_test(an_audit_has_a_row_a_handler),
		cmocka_unit_test(bytes_that_are_no_text_do_not_break_it),
		cmocka_unit_test(the_same_report_gives_the_same_bytes),
		cmocka_unit_test(an_error_of_the_file_is_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
