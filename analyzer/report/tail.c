/*
 * tail.c - no findings must never look like a detector that saw nothing, so the
 * last lines say what was looked at and what was not understood.
 */
#include "report/tail.h"

#include "report/count.h"
#include "report/plain.h"

enum { UNKNOWN_SHOWN = 5 };

static void put_assumed(FILE *out, const struct report *r)
{
	if (r->assumed.len == 0)
		return;
	fputs("assumed: FastAPI ", out);
	plain_put(out, r->assumed);
	fputc('\n', out);
}

static void put_unknown(FILE *out, const struct report *r)
{
	size_t shown = r->unknown_count;

	if (shown == 0)
		return;
	if (shown > UNKNOWN_SHOWN && !r->options->verbose)
		shown = UNKNOWN_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		fputs(i == 0 ? "unknown: " : ", ", out);
		plain_put(out, r->unknowns[i].what);
		fprintf(out, " (%u)", r->unknowns[i].count);
	}
	if (shown < r->unknown_count)
		fprintf(out, " and %zu more", r->unknown_count - shown);
	fputc('\n', out);
}

static void put_count(FILE *out, const char *separator, uint32_t n, const char *what)
{
	fprintf(out, "%s%u %s%s", separator, n, what, plural(n));
}

static void put_unfollowed(FILE *out, const struct report *r)
{
	if (r->unfollowed > 0)
		fprintf(out, "not followed: %zu call%s with a session (--stats lists them)\n",
		        r->unfollowed, plural(r->unfollowed));
}

void tail_put_totals(FILE *out, const struct report *r)
{
	put_count(out, "", r->totals.files, "file");
	if (r->totals.skipped_files > 0)
		fprintf(out, " (%u more skipped)", r->totals.skipped_files);
	put_count(out, ", ", r->totals.functions, "function");
	put_count(out, ", ", r->totals.handlers, "handler");
}

/* ": 3 errors, 20 warnings; 2 allowlisted (1 backlog)" */
static void put_found(FILE *out, const struct finding_counts *c, uint32_t backlog)
{
	const char *separator = ": ";

	for (int level = LEVEL_ERROR; level >= LEVEL_NOTE; level--)
		if (c->by_level[level] > 0) {
			put_count(out, separator, c->by_level[level], level_word((enum level)level));
			separator = ", ";
		}
	if (c->by_status[STATUS_OPEN] == 0)
		fputs(": no findings", out);
	separator = "; ";
	for (int s = STATUS_ALLOWLISTED; s < STATUS_COUNT; s++)
		if (c->by_status[s] > 0) {
			fprintf(out, "%s%u %s", separator, c->by_status[s],
			        finding_status_word((enum finding_status)s));
			separator = ", ";
			if (s == STATUS_ALLOWLISTED && backlog > 0)
				fprintf(out, " (%u backlog)", backlog);
		}
}

void tail_put_doubts(FILE *out, const struct report *r)
{
	if (r->totals.files == 0)
		fputs("nothing was checked: no Python file was found\n", out);
	else if (r->totals.handlers == 0 && !r->totals.handlers_beside)
		fputs("no handler was seen: is this the folder of the application?\n", out);
	if (r->totals.doubt.len > 0) {
		plain_put(out, r->totals.doubt);
		fputc('\n', out);
	}
	if (!r->complete)
		fputs("incomplete: not everything could be checked, see the messages on stderr\n",
		      out);
}

void tail_put(FILE *out, const struct report *r)
{
	struct finding_counts c;

	put_assumed(out, r);
	put_unknown(out, r);
	put_unfollowed(out, r);
	counts_init(&c, r);
	tail_put_totals(out, r);
	put_found(out, &c, r->totals.backlog);
	fputc('\n', out);
	tail_put_doubts(out, r);
	counts_release(&c);
}
