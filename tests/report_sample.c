/* report_sample.c - one report with every kind of thing in it. */
#include "report_sample.h"
#include "temp_name.h"

#include "rule.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const struct rule left_to_framework = {
	.id = "left-to-framework",
	.title = "a handler leaves its session to the framework",
	.level_max = LEVEL_WARNING,
	.precision = "high",
};
static const struct rule unreleased_on_return = {
	.id = "unreleased-on-return",
	.title = "a return path leaves the session open",
	.level_max = LEVEL_ERROR,
	.precision = "high",
	.cwe = "CWE-772",
};
static const struct rule rebound_session = {
	.id = "rebound-session",
	.title = "the injected session is replaced",
	.level_max = LEVEL_ERROR,
	.precision = "high",
};

/* Line 7 is the warning's, line 9 its other exit. */
static const char routes[] = "from fastapi import Depends\n"
			     "\n"
			     "\n"
			     "def list_parts(db=Depends(get_db)):\n"
			     "\tparts = db.query(Part).all()\n"
			     "\tif not parts:\n"
			     "\t\treturn JSONResponse(403)\n"
			     "\tif len(parts) > 9:\n"
			     "\t\treturn None\n"
			     "\tdb.close()\n"
			     "\treturn parts\n";

static struct location at(const char *path, uint32_t line, uint32_t column, uint32_t end_column)
{
	return (struct location){str_of(path), {0, 0}, line, column, line, end_column};
}

static struct finding note(void)
{
	return (struct finding){
		.rule = &left_to_framework,
		.level = LEVEL_NOTE,
		.at = at("app/parts.py", 3, 1, 2),
		.message = STR("`db` is left to FastAPI"),
		.function = STR("parts"),
		.function_at = at("app/parts.py", 2, 1, 4),
		.resource = {STR("db"), "orm-session", "dependency", STR("get_db"),
	                     at("app/db.py", 18, 1, 4), at("app/db.py", 18, 1, 4)},
		.missing = MISSING_COMMIT | MISSING_CLOSE,
		.released_by = RELEASED_RESPONSE_SENT,
		.id = STR("00000000000000000000000000000001"),
	};
}

static struct finding warning(struct sample *s)
{
	s->exits[0] = (struct finding_exit){EXIT_RETURN, at("app/routes.py", 7, 3, 27),
	                                    MISSING_COMMIT | MISSING_CLOSE, RELEASED_RESPONSE_SENT};
	s->exits[1] = (struct finding_exit){EXIT_RETURN, at("app/routes.py", 9, 3, 14),
	                                    MISSING_CLOSE, RELEASED_RESPONSE_SENT};
	s->trace[0] = (struct trace_step){at("app/db.py", 18, 1, 11), STR("session opened here")};
	s->trace[1] = (struct trace_step){at("app/routes.py", 5, 10, 30),
	                                  STR("transaction begins")};
	s->trace[2] = (struct trace_step){at("app/routes.py", 7, 3, 27),
	                                  STR("still open at this return")};
	s->related[0] = (struct related){&rebound_session, at("app/routes.py", 10, 2, 12),
	                                 STR("closed here")};
	s->details[0] = (struct detail){"opened by", STR("get_db (app/db.py:18), through Depends")};
	s->details[1] = (struct detail){
		"queried by", STR("@needs_role, which uses kwargs[\"db\"] (app/auth.py:44)")};
	s->details[2] = (struct detail){
		"released", STR("after the response is sent (FastAPI 0.128.0, uv.lock)")};
	s->details[3] = (struct detail){"others", STR("11 ends it at 10")};
	s->details[4] = (struct detail){"fix", STR("db.commit(); db.close() before 7")};
	s->edits[0] = (struct edit){STR("app/routes.py"), 113, 113, STR("db.close()\n\t\t")};
	return (struct finding){
		.rule = &unreleased_on_return,
		.level = LEVEL_WARNING,
		.at = s->exits[0].at,
		.message = STR("`db` may be in a transaction at this return"),
		.aside = STR("list_parts, 1 of 3 returns"),
		.function = STR("list_parts"),
		.function_at = at("app/routes.py", 4, 1, 4),
		.resource = {STR("db"), "orm-session", "dependency", STR("get_db"),
	                     at("app/db.py", 18, 1, 4), at("app/db.py", 18, 1, 4)},
		.missing = MISSING_COMMIT | MISSING_CLOSE,
		.released_by = RELEASED_RESPONSE_SENT,
		.exits = s->exits,
		.exit_count = 2,
		.trace = s->trace,
		.trace_count = 3,
		.related = s->related,
		.related_count = 1,
		.details = s->details,
		.detail_count = 5,
		.edits = s->edits,
		.edit_count = 1,
		.fix_safe = true,
		.assumed_version = STR("0.128.0"),
		.assumed_from = STR("uv.lock"),
		.id = STR("00000000000000000000000000000002"),
	};
}

static struct finding error(struct sample *s)
{
	s->error_details[0] = (struct detail){"opened by", STR("get_db (app/db.py:18)")};
	s->error_details[1] = (struct detail){
		"released", STR("when the cyclic garbage collector happens to run")};
	s->error_details[2] = (struct detail){"fix", STR("keep the first one")};
	return (struct finding){
		.rule = &rebound_session,
		.level = LEVEL_ERROR,
		.at = at("app/zones.py", 40, 5, 9),
		.message = STR("`db` is bound to another session"),
		.aside = STR("Zones.read"),
		.function = STR("Zones.read"),
		.function_at = at("app/zones.py", 38, 5, 8),
		.resource = {STR("db"),
	                     "orm-session",
	                     "factory",
	                     STR_EMPTY,
	                     {.line = 0},
	                     at("app/zones.py", 40, 10, 24)},
		.missing = MISSING_CLOSE,
		.released_by = RELEASED_GARBAGE_COLLECTION,
		.details = s->error_details,
		.detail_count = 3,
		.id = STR("00000000000000000000000000000003"),
	};
}

static struct audit_provider seen_provider[] = {
	{{"get_db", 6}, {"app/db.py", 9}, 18, true, "orm-session", {"", 0}}};
static struct audit_provider named_provider[] = {
	{{"get_session", 11}, {"", 0}, 0, false, "orm-session", {"current_user", 12}}};
static struct str read_routes[] = {{"GET /zones/{id}", 15}, {"HEAD /zones/{id}", 16}};
static struct audit_exit parts_exits[] = {
	{"return", 3, "json", SHARE_NONE, SHARE_NONE, SHARE_ALL, "response-sent"},
	{"raise", 4, NULL, SHARE_NONE, SHARE_NONE, SHARE_NONE, "response-sent"},
};
static struct audit_exit list_exits[] = {
	{"return", 7, "json", SHARE_NONE, SHARE_NONE, SHARE_ALL, "response-sent"},
	{"return", 9, "none", SHARE_SOME, SHARE_NONE, SHARE_SOME, "response-sent"},
	{"return", 11, "orm", SHARE_NONE, SHARE_ALL, SHARE_NONE, "prompt"},
};
static struct audit_slow_call zone_calls[] = {
	{.line = 41,
         .callee = {"client.post", sizeof "client.post" - 1},
         .path = {"app/remote.py", sizeof "app/remote.py" - 1},
         .family = "http",
         .held = true},
	{.line = 44,
         .callee = {"time.sleep", sizeof "time.sleep" - 1},
         .path = {"app/zones.py", sizeof "app/zones.py" - 1},
         .family = "sleep",
         .held = false},
};
static struct audit_exit zone_exits[] = {
	{"return", 44, "streaming", SHARE_ALL, SHARE_NONE, SHARE_ALL, "garbage-collection"},
};

/* Rows of four handlers: left alone, uneven, unused, held by a stream. */
static void make_rows(struct sample *s)
{
	s->rows[0] = (struct audit_row){
		.path = STR("app/parts.py"),
		.function = STR("parts"),
		.parameter = STR("db"),
		.line = 2,
		.providers = seen_provider,
		.provider_count = 1,
		.naive = AUDIT_MISSING_BOTH,
		.category = AUDIT_MISSING_BOTH,
		.entry = "http",
		.thread = "worker",
		.fix_category = "A",
		.responses = {"json"},
		.response_count = 1,
		.exits = parts_exits,
		.exit_count = 2,
	};
	s->rows[1] = (struct audit_row){
		.path = STR("app/routes.py"),
		.function = STR("list_parts"),
		.parameter = STR("db"),
		.line = 4,
		.providers = seen_provider,
		.provider_count = 1,
		.naive = AUDIT_CORRECT,
		.category = AUDIT_PARTIAL,
		.entry = "http",
		.thread = "worker",
		.fix_category = "C",
		.responses = {"json", "none", "orm"},
		.response_count = 3,
		.exits = list_exits,
		.exit_count = 3,
	};
	s->rows[2] = (struct audit_row){
		.path = STR("app/routes.py"),
		.function = STR("ping"),
		.parameter = STR("_db"),
		.line = 20,
		.providers = seen_provider,
		.provider_count = 1,
		.naive = AUDIT_EXCEPTION,
		.category = AUDIT_EXCEPTION,
		.exception = "unused-parameter",
		.entry = "http",
		.thread = "loop",
		.fix_category = "F",
		.responses = {"json"},
		.response_count = 1,
	};
	s->rows[3] = (struct audit_row){
		.path = STR("app/zones.py"),
		.function = STR("Zones.read"),
		.parameter = STR("session"),
		.line = 38,
		.providers = named_provider,
		.provider_count = 1,
		.naive = AUDIT_MISSING_CLOSE,
		.category = AUDIT_MISSING_CLOSE,
		.entry = "http",
		.thread = "loop",
		.fix_category = "CD",
		.routes = read_routes,
		.route_count = 2,
		.responses = {"streaming"},
		.response_count = 1,
		.slow_calls = zone_calls,
		.slow_call_count = 2,
		.held_while = {"stream", "slow-call"},
		.held_while_count = 2,
		.exits = zone_exits,
		.exit_count = 1,
	};
	s->audit = (struct audit){s->rows, SAMPLE_ROWS};
}

static void make_folder(struct sample *s)
{
	char app[80];

	assert_non_null(mkdtemp(temp_name(s->root, sizeof s->root, "/tmp", "report")));
	snprintf(app, sizeof(app), "%s/app", s->root);
	assert_int_equal(mkdir(app, 0777), 0);
	sample_write(s, "app/routes.py", STR(routes));
}

void sample_init(struct sample *s)
{
	*s = (struct sample){.options = {.color = WHEN_NEVER}};
	make_folder(s);
	s->findings[SAMPLE_NOTE] = note();
	s->findings[SAMPLE_WARNING] = warning(s);
	s->findings[SAMPLE_ERROR] = error(s);
	make_rows(s);
	s->notifications[0] = (struct diag_entry){DIAG_NOTE, STR_EMPTY, 0, 0,
	                                          STR("2 notebooks were skipped")};
	s->notifications[1] = (struct diag_entry){
		DIAG_WARNING, STR("app/old.py"), 12, 0,
		STR("syntax error: analysed as far as it can be read")};
	s->unknowns[0] = (struct unknown_count){.what = STR("provider `get_tenant`"), .count = 12};
	s->unknowns[1] = (struct unknown_count){.what = STR("decorator `audited`"), .count = 1};
	s->report = (struct report){
		.options = &s->options,
		.root = str_of(s->root),
		.sarif_base = str_of(s->root),
		.policy = POLICY_BALANCED,
		.complete = true,
		.exit_code = 1,
		.totals = {.files = 4, .skipped_files = 1, .functions = 30, .handlers = 7},
		.findings = s->findings,
		.finding_count = SAMPLE_FINDINGS,
		.notifications = s->notifications,
		.notification_count = 2,
		.assumed = STR("0.128.0 (uv.lock)"),
		.unknowns = s->unknowns,
		.unknown_count = 2,
	};
}

void sample_write(const struct sample *s, const char *path, struct str text)
{
	char name[256];

	snprintf(name, sizeof(name), "%s/%s", s->root, path);
	FILE *f = fopen(name, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text.ptr, 1, text.len, f), text.len);
	assert_int_equal(fclose(f), 0);
}

void sample_release(struct sample *s)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", s->root);
	assert_int_equal(system(command), 0);
}

char *sample_text(reporter_fn *reporter, const struct report *r)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_true(reporter(out, r));
	assert_int_equal(fclose(out), 0);
	return text;
}
