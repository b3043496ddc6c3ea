/* test_report_sarif.c - what GitHub and other viewers are given. */
#include "report_sample.h"

#include "report/sarif.h"
#include "rule.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static json_t *written(const struct report *r)
{
	json_error_t why;
	char *text = sample_text(report_sarif, r);
	json_t *log = json_loads(text, JSON_REJECT_DUPLICATES, &why);

	if (log == NULL)
		fail_msg("%s at line %d of:\n%s", why.text, why.line, text);
	free(text);
	return log;
}

/* The value at a path such as "results.1.message.text" of the run; NULL when there is none. */
static json_t *find(json_t *log, const char *path)
{
	json_t *value = json_array_get(json_object_get(log, "runs"), 0);
	char copy[160], *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *key = strtok_r(copy, ".", &rest); key != NULL && value != NULL;
	     key = strtok_r(NULL, ".", &rest))
		value = json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10))
		                             : json_object_get(value, key);
	return value;
}

static void assert_at(json_t *log, const char *path, const char *want)
{
	json_t *value = find(log, path);
	char *text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text == NULL || strcmp(text, want) != 0)
		fail_msg("%s is\n%s\nnot\n%s", path, text == NULL ? "missing" : text, want);
	free(text);
}

static const struct {
	const char *path, *want;
} part_case[] = {
	{"columnKind", "\"unicodeCodePoints\""},
	{"tool.driver.name", "\"idletx\""},
	{"invocations.0.executionSuccessful", "true"},
	{"invocations.0.exitCode", "1"},
	{"results.0.level", "\"note\""},
	{"results.1.ruleId", "\"unreleased-on-return\""},
	{"results.1.level", "\"warning\""},
	{"results.1.message.text",
         "\"`db` may be in a transaction at this return. "
         "Opened by: get_db (app/db.py:18), through Depends. "
         "Queried by: @needs_role, which uses kwargs[\\\"db\\\"] (app/auth.py:44). "
         "Released: after the response is sent (FastAPI 0.128.0, uv.lock). "
         "Others: 11 ends it at 10. Fix: db.commit(); db.close() before 7. "
         "Exits: [line 7](1), [line 9](2).\""},
	{"results.1.message.markdown",
         "\"`db` may be in a transaction at this return.\\n\\n"
         "- **Opened by:** get_db (app/db.py:18), through Depends\\n"
         "- **Queried by:** &#64;needs_role, which uses kwargs\\\\[\\\"db\\\"\\\\] "
         "(app/auth.py:44)\\n"
         "- **Released:** after the response is sent (FastAPI 0.128.0, uv.lock)\\n"
         "- **Others:** 11 ends it at 10\\n"
         "- **Fix:** db.commit(); db.close() before 7\\n"
         "- **Exits:** [line 7](1), [line 9](2)\""},
	{"results.1.locations.0.physicalLocation",
         "{\"artifactLocation\":{\"uri\":\"app/routes.py\",\"uriBaseId\":\"SRCROOT\"},"
         "\"region\":{\"startLine\":7,\"startColumn\":3,\"endLine\":7,\"endColumn\":27},"
         "\"contextRegion\":{\"startLine\":5,\"endLine\":9,\"snippet\":{\"text\":"
         "\"\\tparts = db.query(Part).all()\\n\\tif not parts:\\n\\t\\treturn JSONResponse(403)\\n"
         "\\tif len(parts) > 9:\\n\\t\\treturn None\\n\"}}}"},
	{"results.1.locations.0.logicalLocations",
         "[{\"fullyQualifiedName\":\"list_parts\",\"kind\":\"function\"}]"},
	{"results.1.relatedLocations.1",
         "{\"id\":2,\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"app/routes.py\","
         "\"uriBaseId\":\"SRCROOT\"},\"region\":{\"startLine\":9,\"startColumn\":3,\"endLine\":9,"
         "\"endColumn\":14}},\"message\":{\"text\":\"return without close; released by: "
         "response-sent.\"}}"},
	{"results.1.relatedLocations.2.message.text", "\"closed here.\""},
	{"results.1.codeFlows.0.threadFlows.0.locations.1",
         "{\"location\":{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"app/routes.py\","
         "\"uriBaseId\":\"SRCROOT\"},\"region\":{\"startLine\":5,\"startColumn\":10,\"endLine\":5,"
         "\"endColumn\":30}},\"message\":{\"text\":\"transaction begins.\"}}}"},
	{"results.1.partialFingerprints", "{\"idletx/v1\":\"00000000000000000000000000000002\"}"},
	{"results.1.fixes.0.artifactChanges.0.replacements",
         "[{\"deletedRegion\":{\"startLine\":7,\"startColumn\":3,\"endLine\":7,\"endColumn\":3},"
         "\"insertedContent\":{\"text\":\"db.close()\\n\\t\\t\"}}]"},
	{"invocations.0.toolExecutionNotifications",
         "[{\"level\":\"note\",\"message\":{\"text\":\"2 notebooks were skipped.\"}},"
         "{\"level\":\"warning\",\"message\":{\"text\":\"syntax error: analysed as far as it can "
         "be read.\"},"
         "\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"app/old.py\","
         "\"uriBaseId\":\"SRCROOT\"},\"region\":{\"startLine\":12,\"startColumn\":1,\"endLine\":12,"
         "\"endColumn\":2}}}]},"
         "{\"level\":\"note\",\"message\":{\"text\":\"looked at 4 files, 30 functions, 7 "
         "handlers.\"}},"
         "{\"level\":\"note\",\"message\":{\"text\":\"assumed FastAPI 0.128.0 (uv.lock).\"}}]"},
};

static void every_part_of_a_result_is_there(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	json_t *log = written(&s.report);
	for (size_t i = 0; i < ARRAY_LEN(part_case); i++)
		assert_at(log, part_case[i].path, part_case[i].want);
	json_decref(log);
	sample_release(&s);
}

static const char *const left_out[] = {
	"results.1.baselineState",
	"results.1.suppressions",
	"results.1.partialFingerprints.primaryLocationLineHash",
	"results.0.codeFlows",
	"results.0.fixes",
	"results.0.relatedLocations",
};

static void what_there_is_nothing_to_say_about_is_left_out(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	json_t *log = written(&s.report);
	for (size_t i = 0; i < ARRAY_LEN(left_out); i++)
		if (find(log, left_out[i]) != NULL)
			fail_msg("%s should not be there", left_out[i]);
	json_decref(log);
	sample_release(&s);
}

static void rules_have_their_page_and_an_index(void **state)
{
	struct sample s;
	char path[64];

	(void)state;
	sample_init(&s);
	json_t *log = written(&s.report);
	assert_int_equal(json_array_size(find(log, "tool.driver.rules")), rule_count);
	snprintf(path, sizeof(path), "tool.driver.rules.%d",
	         (int)json_integer_value(find(log, "results.1.ruleIndex")));
	json_t *rule = find(log, path);
	assert_string_equal(json_string_value(json_object_get(rule, "id")), "unreleased-on-return");
	assert_string_equal(json_string_value(json_object_get(rule, "name")), "UnreleasedOnReturn");
	assert_string_equal(
		json_string_value(json_object_get(rule, "helpUri")),
		"https://github.com/idletx/idletx/blob/main/rules/unreleased-on-return/rule.md");
	for (size_t i = 0; i < rule_count; i++) {
		snprintf(path, sizeof(path), "tool.driver.rules.%zu.fullDescription.text", i);
		size_t length = strlen(json_string_value(find(log, path)));
		assert_in_range(length, 20, 1024);
		snprintf(path, sizeof(path), "tool.driver.rules.%zu.help.markdown", i);
		assert_true(strlen(json_string_value(find(log, path))) > length);
	}
	json_decref(log);
	sample_release(&s);
}

static const struct {
	const char *base; /* relative to the root's parent; NULL: the root */
	const char *want_uri, *want_id;
} base_case[] = {
	{NULL, "a%20b/%25%C3%A9%3A%23.py", "root/"},
	{"", "root/a%20b/%25%C3%A9%3A%23.py", "root/"},
	{"/", "root/a%20b/%25%C3%A9%3A%23.py", "root/"},
	{"/elsewhere", "a%20b/%25%C3%A9%3A%23.py", "root/"},
	{"/roo", "a%20b/%25%C3%A9%3A%23.py", "root/"}, /* a prefix of the name is no folder */
};

static void paths_are_encoded_and_relative_to_the_base(void **state)
{
	char root[128], base[128], want[160];
	struct sample s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(base_case); i++) {
		sample_init(&s);
		snprintf(root, sizeof(root), "%s/root", s.root);
		snprintf(base, sizeof(base), "%s%s", s.root,
		         base_case[i].base == NULL ? "/root" : base_case[i].base);
		s.report.root = str_of(root);
		s.report.sarif_base = str_of(base);
		s.findings[0].at.path = STR("a b/%\xc3\xa9:#.py");
		json_t *log = written(&s.report);
		snprintf(want, sizeof(want), "\"%s\"", base_case[i].want_uri);
		assert_at(log, "results.0.locations.0.physicalLocation.artifactLocation.uri", want);
		bool below = strncmp(base_case[i].want_uri, "root/", 5) == 0;
		snprintf(want, sizeof(want), "\"file://%s%s/\"", s.root, below ? "" : "/root");
		assert_at(log, "originalUriBaseIds.SRCROOT.uri", want);
		snprintf(want, sizeof(want), "\"idletx/check/balanced/%s\"", base_case[i].want_id);
		assert_at(log, "automationDetails.id", want);
		json_decref(log);
		sample_release(&s);
	}
}

static void a_root_below_the_base_is_named_by_its_way_there(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.root = STR("/srv/mono/services/shop");
	s.report.sarif_base = STR("/srv/mono");
	s.report.policy = POLICY_EXPLICIT;
	s.report.audit = &s.audit;
	json_t *log = written(&s.report);
	assert_at(log, "automationDetails.id", "\"idletx/audit/explicit/services/shop/\"");
	json_decref(log);
	s.report.sarif_base = STR("/");
	log = written(&s.report);
	assert_at(log, "originalUriBaseIds.SRCROOT.uri", "\"file:///\"");
	assert_at(log, "results.0.locations.0.physicalLocation.artifactLocation.uri",
	          "\"srv/mono/services/shop/app/parts.py\"");
	json_decref(log);
	sample_release(&s);
}

static void accepted_findings_are_counted_or_written_as_suppressions(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[SAMPLE_NOTE].status = STATUS_ALLOWLISTED;
	s.findings[SAMPLE_NOTE].reason = STR("the caller owns it");
	s.findings[SAMPLE_ERROR].status = STATUS_SUPPRESSED;
	json_t *log = written(&s.report);
	assert_int_equal(json_array_size(find(log, "results")), 1);
	assert_at(log, "invocations.0.toolExecutionNotifications.4.message.text",
	          "\"2 accepted findings are left out: 1 allowlisted, 1 suppressed, 0 baselined"
	          " (--sarif-suppressed writes them).\"");
	json_decref(log);
	s.options.sarif_suppressed = true;
	log = written(&s.report);
	assert_at(log, "results.0.suppressions",
	          "[{\"kind\":\"external\",\"status\":\"accepted\",\"justification\":\"the caller "
	          "owns it\"}]");
	assert_at(log, "results.1.suppressions", "[]");
	assert_at(log, "results.2.suppressions.0.kind", "\"inSource\"");
	assert_null(find(log, "invocations.0.toolExecutionNotifications.4"));
	json_decref(log);
	sample_release(&s);
}

static void a_region_is_one_line_also_for_a_long_statement(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[SAMPLE_WARNING].at.end_line = 9;
	s.findings[SAMPLE_WARNING].at.end_column = 5;
	s.findings[SAMPLE_ERROR].at.end_line = 44; /* its file is not there */
	s.findings[SAMPLE_NOTE].at = (struct location){.path = STR("app/none.py")};
	json_t *log = written(&s.report);
	assert_at(log, "results.1.locations.0.physicalLocation.region",
	          "{\"startLine\":7,\"startColumn\":3,\"endLine\":7,\"endColumn\":27}");
	assert_at(log, "results.2.locations.0.physicalLocation.region",
	          "{\"startLine\":40,\"startColumn\":5,\"endLine\":40,\"endColumn\":6}");
	assert_at(log, "results.0.locations.0.physicalLocation.region",
	          "{\"startLine\":1,\"startColumn\":1,\"endLine\":1,\"endColumn\":2}");
	json_decref(log);
	sample_release(&s);
}

static void a_fix_for_a_file_that_shrank_is_left_out(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	sample_write(&s, "app/routes.py", STR("pass\n"));
	json_t *log = written(&s.report);
	assert_null(find(log, "results.1.fixes"));
	assert_null(find(log, "results.1.locations.0.physicalLocation.contextRegion"));
	json_decref(log);
	sample_release(&s);
}

static void of_too_many_locations_the_first_thousand_are_kept(void **state)
{
	static struct finding_exit many[1200];
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = s.exits[0];
	s.findings[SAMPLE_WARNING].exits = many;
	s.findings[SAMPLE_WARNING].exit_count = ARRAY_LEN(many);
	json_t *log = written(&s.report);
	assert_int_equal(json_array_size(find(log, "results.1.relatedLocations")), 999);
	assert_at(
		log, "invocations.0.toolExecutionNotifications.4.message.text",
		"\"GitHub takes 1000 locations a result: 1 result has more, which are left out.\"");
	json_decref(log);
	sample_release(&s);
}

static void of_too_many_results_the_most_severe_are_kept(void **state)
{
	enum { MANY = SARIF_RESULTS_MAX + 3 };
	struct finding *many = calloc(MANY, sizeof(*many));
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < MANY; i++)
		many[i] = s.findings[i == MANY - 1 ? SAMPLE_ERROR : SAMPLE_NOTE];
	s.report.findings = many;
	s.report.finding_count = MANY;
	json_t *log = written(&s.report);
	assert_int_equal(json_array_size(find(log, "results")), SARIF_RESULTS_MAX);
	assert_at(log, "results.24999.level", "\"error\"");
	assert_at(log, "invocations.0.toolExecutionNotifications.4.message.text",
	          "\"GitHub takes 25000 results: the 3 least severe of 25003 are left out.\"");
	json_decref(log);
	s.report.finding_count = 5001;
	log = written(&s.report);
	assert_at(log, "invocations.0.toolExecutionNotifications.4.message.text",
	          "\"GitHub shows 5000 of these 5001 results.\"");
	json_decref(log);
	free(many);
	sample_release(&s);
}

static const struct {
	struct str message;
	const char *text, *markdown;
} message_case[] = {
	{{"kwargs[x](1) is open", 20},
         "\"kwargs[x] (1) is open.\"",
         "\"kwargs\\\\[x\\\\](1) is open.\""},
	{{"a\nb\x1b", 4}, "\"a\\\\x0ab\\\\x1b.\"", "\"a\\\\x0ab\\\\x1b.\""},
	{{"<b> `a|b` __x__ \xff", 17},
         "\"<b> `a|b` __x__ \\uFFFD.\"",
         "\"\\\\<b\\\\> `a\\\\|b` \\\\_\\\\_x\\\\_\\\\_ \\uFFFD.\""},
};

static void a_message_is_literal_text_and_makes_no_markup(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(message_case); i++) {
		s.findings[0].message = message_case[i].message;
		json_t *log = written(&s.report);
		char *text = json_dumps(find(log, "results.0.message.text"),
		                        JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
		char *markdown = json_dumps(find(log, "results.0.message.markdown"),
		                            JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
		assert_string_equal(text, message_case[i].text);
		assert_string_equal(markdown, message_case[i].markdown);
		free(text);
		free(markdown);
		json_decref(log);
	}
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_of_a_result_is_there),
		cmocka_unit_test(what_there_is_nothing_to_say_about_is_left_out),
		cmocka_unit_test(rules_have_their_page_and_an_index),
		cmocka_unit_test(paths_are_encoded_and_relative_to_the_base),
		cmocka_unit_test(a_root_below_the_base_is_named_by_its_way_there),
		cmocka_unit_test(accepted_findings_are_counted_or_written_as_suppressions),
		cmocka_unit_test(a_region_is_one_line_also_for_a_long_statement),
		cmocka_unit_test(a_fix_for_a_file_that_shrank_is_left_out),
		cmocka_unit_test(of_too_many_locations_the_first_thousand_are_kept),
		cmocka_unit_test(of_too_many_results_the_most_severe_are_kept),
		cmocka_unit_test(a_message_is_literal_text_and_makes_no_markup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
