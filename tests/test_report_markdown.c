/* test_report_markdown.c - findings as a page, to the letter. */
#include "report_sample.h"

#include "report/markdown.h"
#include "report/page.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static const char page[] =
	"# idletx\n"
	"\n"
	"1 error, 1 warning, 1 note; looked at 4 files (1 more skipped), 30 functions, 7 "
	"handlers.\n"
	"\n"
	"| Rule | | Findings |\n"
	"| --- | --- | ---: |\n"
	"| `left-to-framework` | a handler leaves its session to the framework | 1 |\n"
	"| `rebound-session` | the injected session is replaced | 1 |\n"
	"| `unreleased-on-return` | a return path leaves the session open | 1 |\n"
	"\n"
	"<details>\n"
	"<summary>Findings</summary>\n"
	"\n"
	"| Level | Place | Rule | What |\n"
	"| --- | --- | --- | --- |\n"
	"| error | `app/zones.py`:40 | `rebound-session` | `db` is bound to another session |\n"
	"| warning | `app/routes.py`:7 | `unreleased-on-return` | `db` may be in a transaction at "
	"this return |\n"
	"| note | `app/parts.py`:3 | `left-to-framework` | `db` is left to FastAPI |\n"
	"\n"
	"</details>\n";

static void the_counts_come_first_then_rules_then_findings(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	char *text = sample_text(report_markdown, &s.report);
	assert_string_equal(text, page);
	free(text);
	sample_release(&s);
}

static void accepted_findings_are_counted_and_none_are_listed(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[0].status = s.findings[1].status = s.findings[2].status = STATUS_SUPPRESSED;
	char *text = sample_text(report_markdown, &s.report);
	assert_string_equal(
		text,
		"# idletx\n\n0 errors, 0 warnings, 0 notes; looked at 4 files (1 more skipped),"
		" 30 functions, 7 handlers.\n\n0 allowlisted, 3 suppressed, 0 baselined.\n");
	free(text);
	sample_release(&s);
}

static void many_findings_stay_below_60_kb_the_errors_first(void **state)
{
	enum { MANY = 5000 };
	struct finding *many = calloc(MANY, sizeof(*many));
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < MANY; i++)
		many[i] = s.findings[i == MANY - 1 ? SAMPLE_ERROR : SAMPLE_WARNING];
	s.report.findings = many;
	s.report.finding_count = MANY;
	char *text = sample_text(report_markdown, &s.report);
	assert_in_range(strlen(text), PAGE_MAX - 4096, PAGE_MAX);
	assert_non_null(strstr(text, "| --- | --- | --- | --- |\n| error | `app/zones.py`:40 |"));
	assert_non_null(
		strstr(text, " more left out here; `--format json` has them all.\n\n</details>\n"));
	free(text);
	free(many);
	sample_release(&s);
}

static const struct {
	const char *text, *want;
} markup_case[] = {
	{"`db` is open", "`db` is open"},
	{"list_parts and __init__", "list_parts and \\_\\_init\\_\\_"},
	{"a|b `c|d`", "a\\|b `c\\|d`"},
	{"one ` alone, *bold* [x](y) <b> #1 @me",
         "one \\` alone, \\*bold\\* \\[x\\](y) \\<b\\> \\#1 &#64;me"},
	{"``", "\\`\\`"},
	{"\x1b[31m\n", "\\x1b\\[31m\\x0a"},
	{"", ""},
};

static void text_makes_no_markup_but_code_stays_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(markup_case); i++) {
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		markdown_put(out, str_of(markup_case[i].text));
		fclose(out);
		assert_string_equal(text, markup_case[i].want);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_counts_come_first_then_rules_then_findings),
		cmocka_unit_test(accepted_findings_are_counted_and_none_are_listed),
		cmocka_unit_test(many_findings_stay_below_60_kb_the_errors_first),
		cmocka_unit_test(text_makes_no_markup_but_code_stays_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
