/* test_report_ci.c - what GitHub, GitLab and viewers of test results are given, to the letter. */
#include "report_sample.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void assert_text(reporter_fn *reporter, const struct report *r, const char *want)
{
	char *text = sample_text(reporter, r);

	assert_string_equal(text, want);
	free(text);
}

static void github_is_given_errors_first_with_their_details(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	assert_text(report_github, &s.report,
	            "::error file=app/zones.py,line=40,col=5,title=rebound-session"
	            "::`db` is bound to another session%0Aopened by: get_db (app/db.py:18)"
	            "%0Areleased: when the cyclic garbage collector happens to run"
	            "%0Afix: keep the first one\n"
	            "::warning file=app/routes.py,line=7,col=3,title=unreleased-on-return"
	            "::`db` may be in a transaction at this return"
	            "%0Aopened by: get_db (app/db.py:18), through Depends"
	            "%0Aqueried by: @needs_role, which uses kwargs[\"db\"] (app/auth.py:44)"
	            "%0Areleased: after the response is sent (FastAPI 0.128.0, uv.lock)"
	            "%0Aothers: 11 ends it at 10%0Afix: db.commit(); db.close() before 7\n"
	            "::notice file=app/parts.py,line=3,col=1,title=left-to-framework"
	            "::`db` is left to FastAPI\n");
	s.report.finding_count = 0;
	assert_text(report_github, &s.report, "");
	sample_release(&s);
}

static void a_github_command_cannot_be_smuggled_in(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.root = STR("/srv/mono/shop");
	s.report.sarif_base = STR("/srv/mono");
	s.report.finding_count = 1;
	s.findings[0].at.path = STR("a,b:c%.py\n::error::x");
	s.findings[0].message = STR("50%0A\r\n::error::x");
	assert_text(report_github, &s.report,
	            "::notice file=shop/a%2Cb%3Ac%25.py\\x0a%3A%3Aerror%3A%3Ax,line=3,col=1,"
	            "title=left-to-framework::50%250A\\x0d\\x0a::error::x\n");
	sample_release(&s);
}

/* 'count' copies of one finding; malloc'ed. */
static struct finding *copies(const struct finding *f, size_t count)
{
	struct finding *many = calloc(count, sizeof(*many));

	for (size_t i = 0; i < count; i++)
		many[i] = *f;
	return many;
}

static const struct {
	int finding;
	size_t count, shown;
	const char *last; /* line, or NULL */
} limit_case[] = {
	{SAMPLE_WARNING, 10, 10, NULL},
	{SAMPLE_WARNING, 11, 10,
         "::notice title=idletx::1 more finding: GitHub shows 10 of each level a step\n"},
	{SAMPLE_NOTE, 9, 9, NULL},
	{SAMPLE_NOTE, 13, 9,
         "::notice title=idletx::4 more findings: GitHub shows 10 of each level a step\n"},
};

static void what_github_would_drop_is_counted(void **state)
{
	struct sample s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(limit_case); i++) {
		sample_init(&s);
		struct finding *many = copies(&s.findings[limit_case[i].finding],
		                              limit_case[i].count);
		s.report.findings = many;
		s.report.finding_count = limit_case[i].count;
		char *text = sample_text(report_github, &s.report);
		size_t shown = 0;
		for (const char *p = text; (p = strstr(p, " file=")) != NULL; p++)
			shown++;
		assert_int_equal(shown, limit_case[i].shown);
		const char *last = strstr(text, "::notice title=idletx");
		if (limit_case[i].last == NULL)
			assert_null(last);
		else
			assert_string_equal(last, limit_case[i].last);
		free(text);
		free(many);
		sample_release(&s);
	}
}

static void gitlab_is_given_open_findings_with_fingerprints_that_differ(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[SAMPLE_NOTE].status = STATUS_ALLOWLISTED;
	s.findings[SAMPLE_ERROR].id = s.findings[SAMPLE_WARNING].id;
	s.report.sarif_base = STR("/tmp");
	s.report.root = STR("/tmp/shop/");
	char *text = sample_text(report_gitlab, &s.report);
	json_t *list = json_loads(text, 0, NULL);
	char *compact = json_dumps(list, JSON_COMPACT);
	assert_string_equal(
		compact,
		"[{\"description\":\"`db` may be in a transaction at this return\","
		"\"check_name\":\"unreleased-on-return\","
		"\"fingerprint\":\"00000000000000000000000000000002\",\"severity\":\"major\","
		"\"location\":{\"path\":\"shop/app/routes.py\",\"lines\":{\"begin\":7,\"end\":7}}},"
		"{\"description\":\"`db` is bound to another session\","
		"\"check_name\":\"rebound-session\","
		"\"fingerprint\":\"00000000000000000000000000000002-2\",\"severity\":\"critical\","
		"\"location\":{\"path\":\"shop/app/"
		"zones.py\",\"lines\":{\"begin\":40,\"end\":40}}}]");
	free(compact);
	json_decref(list);
	free(text);
	s.report.finding_count = 0;
	assert_text(report_gitlab, &s.report, "[]\n");
	sample_release(&s);
}

static const char suites[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<testsuites name=\"idletx\" tests=\"2\" failures=\"1\" errors=\"0\">\n"
	"  <testsuite name=\"app/parts.py\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
	"    <testcase classname=\"app/parts.py\" name=\"left-to-framework: parts:3\">\n"
	"      <system-out>app/parts.py:3: note: `db` is left to FastAPI</system-out>\n"
	"    </testcase>\n"
	"  </testsuite>\n"
	"  <testsuite name=\"app/zones.py\" tests=\"1\" failures=\"1\" errors=\"0\">\n"
	"    <testcase classname=\"app/zones.py\" name=\"rebound-session: Zones.read:40\">\n"
	"      <failure type=\"error\" message=\"`db` is bound to another session\">"
	"app/zones.py:40: error: `db` is bound to another session\n"
	"opened by: get_db (app/db.py:18)\n"
	"released: when the cyclic garbage collector happens to run\n"
	"fix: keep the first one</failure>\n"
	"    </testcase>\n"
	"  </testsuite>\n"
	"</testsuites>\n";

static void junit_has_a_suite_a_file_and_fails_what_the_run_fails(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[SAMPLE_WARNING].status = STATUS_SUPPRESSED;
	assert_text(report_junit, &s.report, suites);
	s.options.fail_on = FAIL_ON_NEVER;
	char *text = sample_text(report_junit, &s.report);
	assert_null(strstr(text, "<failure"));
	free(text);
	s.options.fail_on = FAIL_ON_NOTE;
	text = sample_text(report_junit, &s.report);
	assert_non_null(strstr(text, "tests=\"2\" failures=\"2\""));
	free(text);
	sample_release(&s);
}

static void junit_without_findings_is_a_test_that_passed(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.finding_count = 0;
	assert_text(report_junit, &s.report,
	            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	            "<testsuites name=\"idletx\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
	            "  <testsuite name=\"idletx\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
	            "    <testcase classname=\"idletx\" name=\"no findings in 4 files\"/>\n"
	            "  </testsuite>\n"
	            "</testsuites>\n");
	sample_release(&s);
}

static void no_text_breaks_the_xml(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.finding_count = 1;
	s.findings[0].message = STR("<b> & \"x\" \x01\xff\xef\xbf\xbf ]]>");
	char *text = sample_text(report_junit, &s.report);
	assert_non_null(strstr(text, "note: &lt;b&gt; &amp; &quot;x&quot; \\x01\xef\xbf\xbd\\uffff "
	                             "]]&gt;</system-out>"));
	free(text);
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(github_is_given_errors_first_with_their_details),
		cmocka_unit_test(a_github_command_cannot_be_smuggled_in),
		cmocka_unit_test(what_github_would_drop_is_counted),
		cmocka_unit_test(gitlab_is_given_open_findings_with_fingerprints_that_differ),
		cmocka_unit_test(junit_has_a_suite_a_file_and_fails_what_the_run_fails),
		cmocka_unit_test(junit_without_findings_is_a_test_that_passed),
		cmocka_unit_test(no_text_breaks_the_xml),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
