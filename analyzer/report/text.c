/*
 * text.c - findings for a person with ten seconds: place, level, rule, what is
 * wrong; the line; what opened it, what releases it, what to do.
 */
#include "report/report.h"

#include "report/excerpt.h"
#include "report/fold.h"
#include "report/paint.h"
#include "report/plain.h"
#include "report/source_line.h"
#include "report/tail.h"
#include "rule.h"

enum {
	LINE_WIDTH = 100,  /* a source line and what stands beside it */
	SOURCE_LEAST = 40, /* of which the source gets at least so much */
	ASIDE_COLUMN = 42, /* where an aside begins, counted from the source's first column */
	DETAIL_LINES = 6,  /* with head and source line eight lines a finding */
};

struct text {
	FILE *out;
	const struct report *r;
	bool colour;
	bool begun; /* something stands above: a blank line comes first */
	struct excerpts excerpts;
};

static void put_label(const struct text *t, const char *label)
{
	size_t len = strlen(label);

	fputs("  ", t->out);
	paint_put(t->out, t->colour, PAINT_FAINT, str_of(label));
	fprintf(t->out, "%*s", len < 12 ? (int)(12 - len) : 1, "");
}

static void put_detail(const struct text *t, const char *label, struct str text)
{
	put_label(t, label);
	plain_put(t->out, text);
	fputc('\n', t->out);
}

static void put_head(const struct text *t, const struct finding *f)
{
	plain_put(t->out, f->at.path);
	if (f->at.line > 0)
		fprintf(t->out, ":%u", f->at.line);
	fputs(": ", t->out);
	paint_put(t->out, t->colour, paint_of_level(f->level), str_of(level_word(f->level)));
	fputc(' ', t->out);
	paint_put(t->out, t->colour, PAINT_STRONG, str_of(f->rule->id));
	fputs(": ", t->out);
	plain_put(t->out, f->message);
	fputc('\n', t->out);
}

/* The room for source beside an aside of so many columns. */
static unsigned source_width(unsigned prefix, uint32_t aside)
{
	unsigned taken = prefix + (aside > 0 ? aside + 2 : 0);

	return taken + SOURCE_LEAST > LINE_WIDTH ? SOURCE_LEAST : LINE_WIDTH - taken;
}

/* "  402 |         return JSONResponse(403)          list_parts, 1 of 3 returns" */
static void put_source_line(const struct text *t, const struct finding *f, struct str line)
{
	struct source_line cut;
	int prefix = fprintf(t->out, "  %u |", f->at.line);

	source_line_cut(&cut, line, f->at.column,
	                source_width((unsigned)prefix + 1, excerpt_columns(f->aside)));
	if (cut.len > 0)
		fprintf(t->out, " %.*s", (int)cut.len, cut.text);
	if (f->aside.len > 0) {
		unsigned used = cut.len > 0 ? cut.width + 1 : 0;
		fprintf(t->out, "%*s",
		        used + 2 > ASIDE_COLUMN + 1 ? 2 : (int)(ASIDE_COLUMN + 1 - used), "");
		paint_put(t->out, t->colour, PAINT_FAINT, f->aside);
	}
	fputc('\n', t->out);
}

/* Without its source line a finding still says where it is. */
static void put_excerpt(struct text *t, const struct finding *f)
{
	struct str line;

	if (excerpt_at(&t->excerpts, &f->at, &line))
		put_source_line(t, f, line);
	else if (f->aside.len > 0)
		put_detail(t, "in", f->aside);
}

/* At most eight lines a finding: of too many details the last, the fix, is kept. */
static void put_details(const struct text *t, const struct finding *f)
{
	bool all = t->r->options->verbose || f->detail_count <= DETAIL_LINES;

	for (uint32_t i = 0; i < f->detail_count; i++)
		if (all || i < DETAIL_LINES - 1 || i == f->detail_count - 1)
			put_detail(t, f->details[i].label, f->details[i].text);
}

static void put_finding(struct text *t, const struct finding *f)
{
	if (t->begun)
		fputc('\n', t->out);
	t->begun = true;
	put_head(t, f);
	put_excerpt(t, f);
	if (f->status == STATUS_OPEN)
		put_details(t, f);
	else
		put_detail(t, finding_status_word(f->status), f->reason);
}

static const char *until(enum released_by by)
{
	static const char *const words[RELEASED_COUNT] = {
		[RELEASED_PROMPT] = "until they return",
		[RELEASED_RESPONSE_SENT] = "until the response is sent",
		[RELEASED_BACKGROUND_END] = "until background tasks end",
		[RELEASED_STREAM_END] = "until the stream ends",
		[RELEASED_DISCONNECT] = "until the client disconnects",
		[RELEASED_GARBAGE_COLLECTION] = "until garbage is collected",
		[RELEASED_THREAD_EXIT] = "until the thread ends",
		[RELEASED_NEVER] = "for ever",
	};
	return words[by];
}

/* "get_db (app/database.py:44, guarded)" */
static void put_provider(const struct text *t, const struct resource_info *r, const char *seen,
                         const char *unseen)
{
	plain_put(t->out, r->provider.len > 0 ? r->provider : STR("a session"));
	if (r->provider_at.line > 0) {
		fputs(" (", t->out);
		plain_put(t->out, r->provider_at.path);
		fprintf(t->out, ":%u%s)", r->provider_at.line, seen);
	} else {
		fputs(unseen, t->out);
	}
}

static void put_left_to_framework(const struct text *t, const struct finding *f, uint32_t count)
{
	fprintf(t->out, ": %u handlers leave ", count);
	put_provider(t, &f->resource, ", guarded", " (not found, taken to close it)");
	fprintf(t->out, " to FastAPI %s;\n  `idletx audit` lists them", until(f->released_by));
	if (t->r->policy != POLICY_EXPLICIT)
		fputs(", policy = \"explicit\" makes them warnings", t->out);
	fputc('\n', t->out);
}

static void put_many(const struct text *t, const struct finding *f, uint32_t count)
{
	fprintf(t->out, ": %u times", count);
	if (f->resource.provider.len > 0) {
		fputs(", ", t->out);
		put_provider(t, &f->resource, "", "");
	}
	fputs(";\n  --verbose shows them one by one\n", t->out);
}

/* One line for all notes of a rule and provider. */
static void put_folded(struct text *t, const struct finding *f, uint32_t count)
{
	if (t->begun)
		fputc('\n', t->out);
	t->begun = true;
	paint_put(t->out, t->colour, PAINT_NOTE, STR("note"));
	fputc(' ', t->out);
	paint_put(t->out, t->colour, PAINT_STRONG, str_of(f->rule->id));
	if (strcmp(f->rule->id, "left-to-framework") == 0)
		put_left_to_framework(t, f, count);
	else
		put_many(t, f, count);
}

static void put_level(struct text *t, enum level level, const struct folds *folds)
{
	for (size_t i = 0; i < t->r->finding_count && !ferror(t->out); i++) {
		const struct finding *f = &t->r->findings[i];
		if (f->level != level || f->status != STATUS_OPEN || folds->members[i] == 0)
			continue;
		if (folds->members[i] > 1)
			put_folded(t, f, folds->members[i]);
		else
			put_finding(t, f);
	}
}

/* Allowlisted, suppressed and baselined ones, each with its reason. */
static void put_accepted(struct text *t)
{
	for (size_t i = 0; i < t->r->finding_count && !ferror(t->out); i++)
		if (t->r->findings[i].status != STATUS_OPEN)
			put_finding(t, &t->r->findings[i]);
}

static void put_findings(struct text *t)
{
	struct folds folds;

	folds_init(&folds, t->r);
	put_level(t, LEVEL_ERROR, &folds);
	put_level(t, LEVEL_WARNING, &folds);
	put_level(t, LEVEL_NOTE, &folds);
	folds_release(&folds);
	if (t->r->options->verbose)
		put_accepted(t);
}

bool report_text(FILE *out, const struct report *r)
{
	struct text t = {.out = out, .r = r, .colour = paint_wanted(out, r->options->color)};

	excerpts_init(&t.excerpts, r->root);
	put_findings(&t);
	excerpts_release(&t.excerpts);
	if (!r->options->quiet) {
		if (t.begun)
			fputc('\n', out);
		tail_put(out, r);
	}
	return !ferror(out);
}
