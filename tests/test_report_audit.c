/* test_report_audit.c - the audit as text and Markdown, to the letter, small and large. */
#include "report_sample.h"

#include "report/page.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static const char text_page[] =
	"4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct on some paths "
	"only, 0 correct, 1 exception\n"
	"\n"
	"exits: what gives the session back, and is a transaction open then?\n"
	"                          open   on some paths  not open\n"
	"  garbage-collection         1               0         0\n"
	"  response-sent              2               1         1\n"
	"  prompt                     0               0         1\n"
	"\n"
	"handlers that cost most\n"
	"  app/zones.py:38 Zones.read: garbage-collection: 1 exit open, held while stream, "
	"slow-call\n"
	"  app/routes.py:4 list_parts: response-sent: 2 exits open\n"
	"  app/parts.py:2 parts: response-sent: 1 exit open\n"
	"\n"
	"held while: what handlers keep a transaction open across\n"
	"  app/zones.py:38 Zones.read: client.post at 41 (http), a stream\n"
	"\n"
	"providers\n"
	"  get_db (app/db.py:18): orm-session, guarded, 3 handlers\n"
	"  get_session (judged by its name): orm-session, not guarded, 1 handler\n"
	"\n"
	"files\n"
	"  app/parts.py                                1 missing both\n"
	"  app/zones.py                                1 missing close\n"
	"  app/routes.py                               1 correct on some paths only\n"
	"\n"
	"kinds of fix\n"
	"  A standard                             1\n"
	"  C redirect or several branches         2\n"
	"  D streaming                            1\n"
	"  F unused or exception                  1\n"
	"\n"
	"what is called anywhere in the body, against what every path does\n"
	"  by name: 4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct, 1 "
	"exception\n"
	"  by path: 4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct on "
	"some paths only, 0 correct, 1 exception\n"
	"  app/routes.py:4 list_parts: correct by name, partial by path\n"
	"\n"
	"handlers\n"
	"  app/parts.py:2 parts: missing-both, fix A; json; 3 return open, 4 raise not open\n"
	"  app/routes.py:4 list_parts: partial, fix C; json, none, orm; 7 return open, 9 return "
	"open on some paths, 11 return closed\n"
	"  app/routes.py:20 ping: exception (unused-parameter), fix F; json\n"
	"  app/zones.py:38 Zones.read: missing-close, fix CD; streaming; 44 return open\n"
	"\n"
	"assumed: FastAPI 0.128.0 (uv.lock)\n"
	"unknown: provider `get_tenant` (12), decorator `audited` (1)\n"
	"4 files (1 more skipped), 30 functions, 7 handlers: 1 error, 1 warning, 1 note\n";

static const char naive_text[] =
	"4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct, 1 exception\n"
	"(by what is called anywhere in the body, on whatever path)\n"
	"\n"
	"files\n"
	"  app/parts.py                                1 missing both\n"
	"  app/zones.py                                1 missing close\n"
	"  1 more file with nothing missing\n"
	"\n"
	"assumed: FastAPI 0.128.0 (uv.lock)\n"
	"unknown: provider `get_tenant` (12), decorator `audited` (1)\n"
	"4 files (1 more skipped), 30 functions, 7 handlers: 1 error, 1 warning, 1 note\n";

static const char markdown_page[] =
	"# Database sessions, handler by handler\n"
	"\n"
	"4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct on some paths "
	"only, 0 correct, 1 exception.\n"
	"\n"
	"Looked at 4 files (1 more skipped), 30 functions, 7 handlers. Assumed FastAPI 0.128.0 "
	"(uv.lock).\n"
	"\n"
	"## Exits\n"
	"\n"
	"What gives the session back, and whether a transaction is open at that exit.\n"
	"\n"
	"| Released by | Open | Open on some paths | Not open |\n"
	"| --- | ---: | ---: | ---: |\n"
	"| garbage-collection | 1 | 0 | 0 |\n"
	"| response-sent | 2 | 1 | 1 |\n"
	"| prompt | 0 | 0 | 1 |\n"
	"\n"
	"## Handlers that cost most\n"
	"\n"
	"| Handler | Why |\n"
	"| --- | --- |\n"
	"| `app/zones.py`:38 `Zones.read` | garbage-collection: 1 exit open, held while stream, "
	"slow-call |\n"
	"| `app/routes.py`:4 `list_parts` | response-sent: 2 exits open |\n"
	"| `app/parts.py`:2 `parts` | response-sent: 1 exit open |\n"
	"\n"
	"## Held while\n"
	"\n"
	"| Handler | Keeps a transaction open across |\n"
	"| --- | --- |\n"
	"| `app/zones.py`:38 `Zones.read` | `client.post` at 41 (http), a stream |\n"
	"\n"
	"## Providers\n"
	"\n"
	"| Provider | Where | Kind | Guard | Handlers |\n"
	"| --- | --- | --- | --- | ---: |\n"
	"| `get_db` | `app/db.py`:18 | orm-session | guarded | 3 |\n"
	"| `get_session` | judged by its name | orm-session | **not guarded** | 1 |\n"
	"\n"
	"## Files\n"
	"\n"
	"| File | Missing both | Missing close | Missing commit | Some paths | Correct | Exception "
	"|\n"
	"| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
	"| `app/parts.py` | 1 | 0 | 0 | 0 | 0 | 0 |\n"
	"| `app/zones.py` | 0 | 1 | 0 | 0 | 0 | 0 |\n"
	"| `app/routes.py` | 0 | 0 | 0 | 1 | 0 | 1 |\n"
	"\n"
	"## Kinds of fix\n"
	"\n"
	"- A standard: 1\n"
	"- C redirect or several branches: 2\n"
	"- D streaming: 1\n"
	"- F unused or exception: 1\n"
	"\n"
	"## What stayed unknown\n"
	"\n"
	"- provider `get_tenant`: 12\n"
	"- decorator `audited`: 1\n"
	"\n"
	"## By name against by path\n"
	"\n"
	"What is called anywhere in the body, against what every path does.\n"
	"\n"
	"- By name: 4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct, 1 "
	"exception\n"
	"- By path: 4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct on "
	"some paths only, 0 correct, 1 exception\n"
	"\n"
	"| Handler | By name | By path |\n"
	"| --- | --- | --- |\n"
	"| `app/routes.py`:4 `list_parts` | correct | partial |\n"
	"\n"
	"<details>\n"
	"<summary>All 4 handlers</summary>\n"
	"\n"
	"| Handler | Category | Fix | Responses | Exits |\n"
	"| --- | --- | --- | --- | --- |\n"
	"| `app/parts.py`:2 `parts` | missing-both | A | json | 3 return open, 4 raise not open |\n"
	"| `app/routes.py`:4 `list_parts` | partial | C | json, none, orm | 7 return open, 9 "
	"return open on some paths, 11 return closed |\n"
	"| `app/routes.py`:20 `ping` | exception (unused-parameter) | F | json |  |\n"
	"| `app/zones.py`:38 `Zones.read` | missing-close | CD | streaming | 44 return open |\n"
	"\n"
	"</details>\n";

static const char naive_markdown[] =
	"# Database sessions, handler by handler\n"
	"\n"
	"4 handlers: 1 missing both, 1 missing close, 0 missing commit, 1 correct, 1 exception.\n"
	"\n"
	"Looked at 4 files (1 more skipped), 30 functions, 7 handlers. Assumed FastAPI 0.128.0 "
	"(uv.lock).\n"
	"\n"
	"By what is called anywhere in the body, on whatever path.\n"
	"\n"
	"## Files\n"
	"\n"
	"| File | Missing both | Missing close | Missing commit | Some paths | Correct | Exception "
	"|\n"
	"| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
	"| `app/parts.py` | 1 | 0 | 0 | 0 | 0 | 0 |\n"
	"| `app/zones.py` | 0 | 1 | 0 | 0 | 0 | 0 |\n"
	"| `app/routes.py` | 0 | 0 | 0 | 0 | 1 | 1 |\n";

static const struct {
	reporter_fn *reporter;
	bool naive;
	const char *want;
} page_case[] = {
	{report_audit_text, false, text_page},
	{report_audit_text, true, naive_text},
	{report_audit_markdown, false, markdown_page},
	{report_audit_markdown, true, naive_markdown},
};

static void every_table_of_the_audit_is_there(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.audit = &s.audit;
	for (size_t i = 0; i < ARRAY_LEN(page_case); i++) {
		s.options.naive = page_case[i].naive;
		char *text = sample_text(page_case[i].reporter, &s.report);
		assert_string_equal(text, page_case[i].want);
		free(text);
	}
	sample_release(&s);
}

static void an_audit_without_handlers_says_what_was_looked_at(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.audit.count = 0;
	s.report.audit = &s.audit;
	s.report.totals.handlers = 0;
	s.report.finding_count = 0;
	s.report.unknown_count = 0;
	char *text = sample_text(report_audit_text, &s.report);
	assert_string_equal(text,
	                    "0 handlers\n\nassumed: FastAPI 0.128.0 (uv.lock)\n"
	                    "4 files (1 more skipped), 30 functions, 0 handlers: no findings\n"
	                    "no handler was seen: is this the folder of the application?\n");
	free(text);
	text = sample_text(report_audit_markdown, &s.report);
	assert_string_equal(text, "# Database sessions, handler by handler\n\n0 handlers.\n\n"
	                          "Looked at 4 files (1 more skipped), 30 functions, 0 handlers."
	                          " Assumed FastAPI 0.128.0 (uv.lock).\n\n"
	                          "no handler was seen: is this the folder of the application?\n");
	free(text);
	sample_release(&s);
}

/* So many copies of the sample's rows, each in a file of its own; malloc'ed. */
static struct audit_row *many_rows(const struct sample *s, size_t count, char (*paths)[32])
{
	struct audit_row *rows = calloc(count, sizeof(*rows));

	for (size_t i = 0; i < count; i++) {
		rows[i] = s->rows[i % SAMPLE_ROWS];
		snprintf(paths[i], sizeof(paths[i]), "app/%05zu.py", i);
		rows[i].path = str_of(paths[i]);
	}
	return rows;
}

static void a_large_audit_stays_below_60_kb_and_counts_what_it_leaves_out(void **state)
{
	enum { MANY = 5000 };
	static char paths[MANY][32];
	struct sample s;

	(void)state;
	sample_init(&s);
	s.audit = (struct audit){many_rows(&s, MANY, paths), MANY};
	s.report.audit = &s.audit;
	char *text = sample_text(report_audit_markdown, &s.report);
	size_t rows = 0, left_out = 0;
	assert_in_range(strlen(text), PAGE_MAX - 8192, PAGE_MAX);
	const char *all = strstr(text, "<summary>All 5000 handlers</summary>");
	assert_non_null(all);
	for (const char *p = all; (p = strstr(p, "\n| `app/")) != NULL; p++)
		rows++;
	const char *count = strstr(all, "more left out here");
	assert_non_null(count);
	while (count[-1] != '\n')
		count--;
	left_out = strtoul(count, NULL, 10);
	assert_int_equal(rows + left_out, MANY);
	assert_string_equal(text + strlen(text) - strlen("\n</details>\n"), "\n</details>\n");
	free(text);
	free(s.audit.rows);
	sample_release(&s);
}

static void the_ten_that_cost_most_are_the_worst_released(void **state)
{
	enum { MANY = 30 };
	static char paths[MANY][32];
	struct sample s;

	(void)state;
	sample_init(&s);
	s.audit = (struct audit){many_rows(&s, MANY, paths), MANY};
	s.report.audit = &s.audit;
	char *text = sample_text(report_audit_text, &s.report);
	const char *table = strstr(text, "handlers that cost most\n"), *end = strstr(table, "\n\n");
	size_t lines = 0;
	for (const char *p = table; p < end; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 10);
	assert_memory_equal(strchr(table, '\n'),
	                    "\n  app/00003.py:38 Zones.read: garbage-collection", 47);
	free(text);
	free(s.audit.rows);
	sample_release(&s);
}

static void names_make_no_markup(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.report.audit = &s.audit;
	s.audit.count = 1;
	s.rows[0].path = STR("a|b`<i>.py");
	s.rows[0].function = STR("x|\n# y");
	char *text = sample_text(report_audit_markdown, &s.report);
	assert_non_null(strstr(text, "| a\\|b\\`\\<i\\>.py:2 `x\\|\\x0a# y` | missing-both |"));
	free(text);
	text = sample_text(report_audit_text, &s.report);
	assert_non_null(strstr(text, "a|b`<i>.py:2 x|\\x0a# y: missing-both"));
	free(text);
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_of_the_audit_is_there),
		cmocka_unit_test(an_audit_without_handlers_says_what_was_looked_at),
		cmocka_unit_test(a_large_audit_stays_below_60_kb_and_counts_what_it_leaves_out),
		cmocka_unit_test(the_ten_that_cost_most_are_the_worst_released),
		cmocka_unit_test(names_make_no_markup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
