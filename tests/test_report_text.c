/* test_report_text.c - what a person reads, to the letter. */
#include "report_sample.h"

#include "rule.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static const char whole[] =
	"app/zones.py:40: error rebound-session: `db` is bound to another session\n"
	"  in          Zones.read\n"
	"  opened by   get_db (app/db.py:18)\n"
	"  released    when the cyclic garbage collector happens to run\n"
	"  fix         keep the first one\n"
	"\n"
	"app/routes.py:7: warning unreleased-on-return: `db` may be in a transaction at this "
	"return\n"
	"  7 |                 return JSONResponse(403)  list_parts, 1 of 3 returns\n"
	"  opened by   get_db (app/db.py:18), through Depends\n"
	"  queried by  @needs_role, which uses kwargs[\"db\"] (app/auth.py:44)\n"
	"  released    after the response is sent (FastAPI 0.128.0, uv.lock)\n"
	"  others      11 ends it at 10\n"
	"  fix         db.commit(); db.close() before 7\n"
	"\n"
	"app/parts.py:3: note left-to-framework: `db` is left to FastAPI\n"
	"\n"
	"assumed: FastAPI 0.128.0 (uv.lock)\n"
	"unknown: provider `get_tenant` (12), decorator `audited` (1)\n"
	"4 files (1 more skipped), 30 functions, 7 handlers: 1 error, 1 warning, 1 note\n";

static void assert_text(const struct report *r, const char *want)
{
	char *text = sample_text(report_text, r);

	assert_string_equal(text, want);
	free(text);
}

static void errors_come_first_then_warnings_then_notes_then_what_was_looked_at(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	assert_text(&s.report, whole);
	sample_release(&s);
}

/* Writes the whole report and asserts that 'want' is, or is not, somewhere in it. */
static void assert_says(const struct report *r, const char *want, bool says)
{
	char *text = sample_text(report_text, r);

	if ((strstr(text, want) != NULL) != says)
		fail_msg("%s: '%s' in:\n%s", says ? "missing" : "unwanted", want, text);
	free(text);
}

static void nothing_found_says_what_was_looked_at(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.finding_count = 0;
	s.report.unknown_count = 0;
	s.report.assumed = STR_EMPTY;
	assert_text(&s.report, "4 files (1 more skipped), 30 functions, 7 handlers: no findings\n");
	s.report.totals = (struct report_totals){.files = 1, .functions = 1};
	assert_text(&s.report, "1 file, 1 function, 0 handlers: no findings\n"
	                       "no handler was seen: is this the folder of the application?\n");
	s.report.totals.handlers_beside = true;
	assert_text(&s.report, "1 file, 1 function, 0 handlers: no findings\n");
	s.report.totals = (struct report_totals){0};
	s.report.complete = false;
	assert_text(&s.report,
	            "0 files, 0 functions, 0 handlers: no findings\n"
	            "nothing was checked: no Python file was found\n"
	            "incomplete: not everything could be checked, see the messages on stderr\n");
	sample_release(&s);
}

static void quiet_prints_findings_only(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.options.quiet = true;
	s.report.findings = &s.findings[SAMPLE_NOTE];
	s.report.finding_count = 1;
	assert_text(&s.report, "app/parts.py:3: note left-to-framework: `db` is left to FastAPI\n");
	s.report.finding_count = 0;
	assert_text(&s.report, "");
	sample_release(&s);
}

static void accepted_findings_are_counted_and_shown_with_their_reason_when_asked(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[SAMPLE_ERROR].status = STATUS_ALLOWLISTED;
	s.findings[SAMPLE_ERROR].reason = STR("the caller owns it");
	s.findings[SAMPLE_NOTE].status = STATUS_SUPPRESSED;
	s.findings[SAMPLE_NOTE].reason = STR("on purpose");
	assert_says(&s.report, "rebound-session", false);
	assert_says(&s.report, "7 handlers: 1 warning; 1 allowlisted, 1 suppressed\n", true);
	s.report.totals.backlog = 1;
	assert_says(&s.report, "; 1 allowlisted (1 backlog), 1 suppressed\n", true);
	s.report.totals.backlog = 0;
	s.options.verbose = true;
	assert_says(&s.report,
	            "app/zones.py:40: error rebound-session: `db` is bound to another session\n"
	            "  in          Zones.read\n"
	            "  allowlisted the caller owns it\n\n",
	            true);
	assert_says(&s.report, "  suppressed  on purpose\n", true);
	sample_release(&s);
}

static void more_than_three_notes_of_a_rule_and_provider_are_one_line(void **state)
{
	struct finding notes[5];
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		notes[i] = s.findings[SAMPLE_NOTE];
	s.options.quiet = true;
	s.report.findings = notes;
	s.report.finding_count = 4;
	assert_text(&s.report,
	            "note left-to-framework: 4 handlers leave get_db (app/db.py:18, guarded)"
	            " to FastAPI until the response is sent;\n"
	            "  `idletx audit` lists them, policy = \"explicit\" makes them warnings\n");
	s.report.finding_count = 3;
	assert_says(&s.report, "handlers leave", false);
	s.report.finding_count = 5;
	notes[0].resource.provider = STR("get_other");
	assert_says(&s.report, "app/parts.py:3: note", true);
	assert_says(&s.report, "4 handlers leave get_db", true);
	notes[1].status = STATUS_ALLOWLISTED;
	assert_says(&s.report, "handlers leave", false);
	sample_release(&s);
}

static void a_fold_names_no_place_when_the_provider_was_not_seen(void **state)
{
	static const struct rule unused = {.id = "unused-session", .title = "not used"};
	struct finding notes[4];
	struct sample s;

	(void)state;
	sample_init(&s);
	s.options.quiet = true;
	s.report.findings = notes;
	s.report.finding_count = ARRAY_LEN(notes);
	for (uint32_t i = 0; i < ARRAY_LEN(notes); i++) {
		notes[i] = s.findings[SAMPLE_NOTE];
		notes[i].resource.provider_at.line = 0;
	}
	assert_says(&s.report, "4 handlers leave get_db (not found, taken to close it) to FastAPI",
	            true);
	for (uint32_t i = 0; i < ARRAY_LEN(notes); i++)
		notes[i].rule = &unused;
	assert_text(&s.report,
	            "note unused-session: 4 times, get_db;\n  --verbose shows them one by one\n");
	s.options.verbose = true;
	assert_says(&s.report, "4 times", false);
	sample_release(&s);
}

static const struct {
	const char *line; /* of the source, as line 7 */
	uint32_t column;
	const char *want; /* the excerpt */
} line_case[] = {
	{"x = 1", 1, "  7 | x = 1                                     list_parts, 1 of 3 returns\n"},
	{"", 1, "  7 |                                           list_parts, 1 of 3 returns\n"},
	{"x = '\x1b[31m'  \t ", 1,
         "  7 | x = '\\x1b[31m'                            list_parts, 1 of 3 returns\n"},
	{"x = '\xff\xe2\x80\xae'\r",
         1, "  7 | x = '\xef\xbf\xbd\\u202e'                             list_parts, 1 of 3 returns\n"},
	{"y = 123456789 + 123456789 + 123456789 + 123456789 + 123456789 + 123456789", 1,
         "  7 | y = 123456789 + 123456789 + 123456789 + 123456789 + 123456789 +...  list_parts, 1 "
         "of 3 returns\n"},
	{"y = 123456789 + 123456789 + 123456789 + 123456789 + 123456789 + return 1 + 123456789", 65,
         "  7 | ...56789 + return 1 + 123456789           list_parts, 1 of 3 returns\n"},
	{"short", 9, "  in          list_parts, 1 of 3 returns\n"}, /* the file has changed */
};

static void a_source_line_is_shown_as_it_stands_cut_and_harmless(void **state)
{
	char text[256];
	struct sample s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(line_case); i++) {
		sample_init(&s);
		s.findings[SAMPLE_WARNING].at.column = line_case[i].column;
		int len = snprintf(text, sizeof(text), "\n\n\n\n\n\n%s\n", line_case[i].line);
		sample_write(&s, "app/routes.py", (struct str){text, (size_t)len});
		assert_says(&s.report, line_case[i].want, true);
		sample_release(&s);
	}
}

static void a_source_that_shrank_leaves_its_line_out(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	sample_write(&s, "app/routes.py", STR("pass\n"));
	assert_says(&s.report, "  in          list_parts, 1 of 3 returns\n  opened by", true);
	sample_write(&s, "app/routes.py", STR_EMPTY);
	assert_says(&s.report, "  in          list_parts, 1 of 3 returns\n  opened by", true);
	sample_release(&s);
}

static void names_with_terminal_escapes_are_made_harmless(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.findings[SAMPLE_NOTE].at.path = STR("app/\x1b]0;x\a\n.py");
	s.findings[SAMPLE_NOTE].message = STR("a\nb\xe2\x80\xa8");
	assert_says(&s.report,
	            "app/\\x1b]0;x\\x07\\x0a.py:3: note left-to-framework: a\\x0ab\\u2028\n", true);
	sample_release(&s);
}

static void a_finding_has_at_most_eight_lines_and_keeps_its_fix(void **state)
{
	struct detail many[8];
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = (struct detail){"others", STR("more")};
	many[7] = (struct detail){"fix", STR("close it")};
	s.findings[SAMPLE_WARNING].details = many;
	s.findings[SAMPLE_WARNING].detail_count = ARRAY_LEN(many);
	s.report.findings = &s.findings[SAMPLE_WARNING];
	s.report.finding_count = 1;
	s.options.quiet = true;
	char *text = sample_text(report_text, &s.report);
	size_t lines = 0;
	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_int_equal(lines, 8);
	assert_non_null(strstr(text, "  fix         close it\n"));
	free(text);
	sample_release(&s);
}

static void colour_is_for_terminals_unless_it_is_asked_for(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.options.color = WHEN_AUTO;
	assert_says(&s.report, "\x1b[", false);
	setenv("NO_COLOR", "1", 1);
	s.options.color = WHEN_ALWAYS;
	assert_says(
		&s.report,
		"app/routes.py:7: \x1b[1;33mwarning\x1b[0m \x1b[1munreleased-on-return\x1b[0m: ",
		true);
	unsetenv("NO_COLOR");
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_come_first_then_warnings_then_notes_then_what_was_looked_at),
		cmocka_unit_test(nothing_found_says_what_was_looked_at),
		cmocka_unit_test(quiet_prints_findings_only),
		cmocka_unit_test(
			accepted_findings_are_counted_and_shown_with_their_reason_when_asked),
		cmocka_unit_test(more_than_three_notes_of_a_rule_and_provider_are_one_line),
		cmocka_unit_test(a_fold_names_no_place_when_the_provider_was_not_seen),
		cmocka_unit_test(a_source_line_is_shown_as_it_stands_cut_and_harmless),
		cmocka_unit_test(a_source_that_shrank_leaves_its_line_out),
		cmocka_unit_test(names_with_terminal_escapes_are_made_harmless),
		cmocka_unit_test(a_finding_has_at_most_eight_lines_and_keeps_its_fix),
		cmocka_unit_test(colour_is_for_terminals_unless_it_is_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
