/*
 * junit.c - findings as failed tests, a suite a file. A viewer of test results
 * shows nothing for nothing, so a run without findings is one test that passed.
 */
#include "report/report.h"

#include "report/count.h"
#include "report/plain.h"
#include "rule.h"

static const char *entity_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	default: return NULL;
	}
}

/* On one line; what XML has no way to write is shown as an escape. */
static void put_escaped(FILE *out, struct str text)
{
	size_t start = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *entity = entity_of(text.ptr[i]);
		if (entity == NULL)
			continue;
		plain_put(out, str_slice(text, start, i));
		fputs(entity, out);
		start = i + 1;
	}
	plain_put(out, str_slice(text, start, text.len));
}

/* Notes are told, not failed, unless --fail-on says so. */
static bool is_failure(const struct report *r, const struct finding *f)
{
	switch (r->options->fail_on) {
	case FAIL_ON_ERROR: return f->level == LEVEL_ERROR;
	case FAIL_ON_DEFAULT:
	case FAIL_ON_WARNING: return f->level >= LEVEL_WARNING;
	case FAIL_ON_NOTE: return true;
	case FAIL_ON_NEVER: break;
	}
	return false;
}

static void put_text(FILE *out, const struct finding *f)
{
	put_escaped(out, f->at.path);
	fprintf(out, ":%u: %s: ", f->at.line, level_word(f->level));
	put_escaped(out, f->message);
	for (uint32_t i = 0; i < f->detail_count; i++) {
		fprintf(out, "\n%s: ", f->details[i].label);
		put_escaped(out, f->details[i].text);
	}
}

static void put_finding(FILE *out, const struct report *r, const struct finding *f)
{
	fputs("    <testcase classname=\"", out);
	put_escaped(out, f->at.path);
	fprintf(out, "\" name=\"%s: ", f->rule->id);
	put_escaped(out, f->function);
	fprintf(out, ":%u\">\n      ", f->at.line);
	if (is_failure(r, f)) {
		fprintf(out, "<failure type=\"%s\" message=\"", level_word(f->level));
		put_escaped(out, f->message);
		fputs("\">", out);
		put_text(out, f);
		fputs("</failure>\n", out);
	} else {
		fputs("<system-out>", out);
		put_text(out, f);
		fputs("</system-out>\n", out);
	}
	fputs("    </testcase>\n", out);
}

struct tally {
	size_t tests, failures;
};

/* The open findings from 'start' on that lie in the same file; '*next' is the first of another. */
static struct tally tally_of(const struct report *r, size_t start, size_t *next)
{
	struct tally t = {0, 0};
	size_t i = start;

	for (; i < r->finding_count && str_eq(r->findings[i].at.path, r->findings[start].at.path);
	     i++) {
		bool open = r->findings[i].status == STATUS_OPEN;
		t.tests += open;
		t.failures += open && is_failure(r, &r->findings[i]);
	}
	*next = i;
	return t;
}

static struct tally tally_all(const struct report *r)
{
	struct tally all = {0, 0};

	for (size_t i = 0, next; i < r->finding_count; i = next) {
		struct tally t = tally_of(r, i, &next);
		all.tests += t.tests;
		all.failures += t.failures;
	}
	return all;
}

static void put_file(FILE *out, const struct report *r, size_t start, size_t end, struct tally t)
{
	fputs("  <testsuite name=\"", out);
	put_escaped(out, r->findings[start].at.path);
	fprintf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", t.tests, t.failures);
	for (size_t i = start; i < end; i++)
		if (r->findings[i].status == STATUS_OPEN)
			put_finding(out, r, &r->findings[i]);
	fputs("  </testsuite>\n", out);
}

static void put_clean(FILE *out, const struct report *r)
{
	fprintf(out,
	        "  <testsuite name=\"idletx\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
	        "    <testcase classname=\"idletx\" name=\"no findings in %u file%s\"/>\n"
	        "  </testsuite>\n",
	        r->totals.files, plural(r->totals.files));
}

bool report_junit(FILE *out, const struct report *r)
{
	struct tally all = tally_all(r);

	fprintf(out,
	        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	        "<testsuites name=\"idletx\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
	        all.tests == 0 ? 1 : all.tests, all.failures);
	for (size_t i = 0, next; i < r->finding_count && !ferror(out); i = next) {
		struct tally t = tally_of(r, i, &next);
		if (t.tests > 0)
			put_file(out, r, i, next, t);
	}
	if (all.tests == 0)
		put_clean(out, r);
	fputs("</testsuites>\n", out);
	return !ferror(out);
}
