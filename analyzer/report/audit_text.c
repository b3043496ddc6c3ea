/*
 * audit_text.c - the audit for a terminal: totals, tables, then one line a
 * handler. With --naive the table of issue #2660 alone.
 */
#include "report/report.h"

#include "report/audit_row.h"
#include "report/count.h"
#include "report/plain.h"
#include "report/tail.h"

enum { PATH_COLUMN = 44 };

static void put_place(FILE *out, struct str path, uint32_t line)
{
	plain_put(out, path);
	fprintf(out, ":%u", line);
}

static void put_heading(FILE *out, const char *text)
{
	fprintf(out, "\n%s\n", text);
}

/* "  mcpgateway/admin.py                           112 missing both, 18 missing close" */
static void put_hotspots(FILE *out, const struct audit_tables *t)
{
	size_t clean = 0;

	put_heading(out, "files");
	for (size_t i = 0; i < t->hotspot_count; i++) {
		const struct hotspot *h = &t->hotspots[i];
		if (h->missing + h->by_category[AUDIT_PARTIAL] == 0) {
			clean++;
			continue;
		}
		fputs("  ", out);
		plain_put(out, h->path);
		fprintf(out, "%*s",
		        h->path.len < PATH_COLUMN ? (int)(PATH_COLUMN - h->path.len) : 1, "");
		audit_put_missing(out, h);
		fputc('\n', out);
	}
	if (clean > 0)
		fprintf(out, "  %zu %sfile%s with nothing missing\n", clean,
		        clean < t->hotspot_count ? "more " : "", plural(clean));
}

static void put_exit_table(FILE *out, const struct audit_tables *t)
{
	put_heading(out, "exits: what gives the session back, and is a transaction open then?");
	fprintf(out, "  %-20s%8s%16s%10s\n", "", "open", "on some paths", "not open");
	for (int by = RELEASED_NEVER; by >= RELEASED_PROMPT; by--) {
		const uint32_t *n = t->exits[by];
		if (n[SHARE_ALL] + n[SHARE_SOME] + n[SHARE_NONE] > 0)
			fprintf(out, "  %-20s%8u%16u%10u\n", released_by_word((enum released_by)by),
			        n[SHARE_ALL], n[SHARE_SOME], n[SHARE_NONE]);
	}
}

static void put_costly(FILE *out, const struct audit_tables *t)
{
	if (t->costly_count == 0)
		return;
	put_heading(out, "handlers that cost most");
	for (size_t i = 0; i < t->costly_count; i++) {
		const struct audit_row *row = t->costly[i].row;
		fputs("  ", out);
		put_place(out, row->path, row->line);
		fputc(' ', out);
		plain_put(out, row->function);
		fputs(": ", out);
		audit_put_cost(out, &t->costly[i]);
		fputc('\n', out);
	}
}

static void put_holding(FILE *out, const struct audit_tables *t)
{
	if (t->holding_count == 0)
		return;
	put_heading(out, "held while: what handlers keep a transaction open across");
	for (size_t i = 0; i < t->holding_count; i++) {
		const struct audit_row *row = t->holding[i];
		fputs("  ", out);
		put_place(out, row->path, row->line);
		fputc(' ', out);
		plain_put(out, row->function);
		fputs(": ", out);
		audit_put_held(out, row, plain_put);
		fputc('\n', out);
	}
	if (t->holding_total > t->holding_count)
		fprintf(out, "  and %zu more\n", t->holding_total - t->holding_count);
}

static void put_providers(FILE *out, const struct audit_tables *t)
{
	if (t->provider_count == 0)
		return;
	put_heading(out, "providers");
	for (size_t i = 0; i < t->provider_count; i++) {
		const struct audit_provider *p = t->providers[i].provider;
		fputs("  ", out);
		plain_put(out, p->name);
		if (p->path.len > 0) {
			fputs(" (", out);
			put_place(out, p->path, p->line);
			fputc(')', out);
		} else {
			fputs(" (judged by its name)", out);
		}
		fprintf(out, ": %s, %s, %u handler%s\n", p->kind,
		        p->guarded ? "guarded" : "not guarded", t->providers[i].handlers,
		        plural(t->providers[i].handlers));
	}
}

static void put_fixes(FILE *out, const struct audit_tables *t)
{
	put_heading(out, "kinds of fix");
	for (int i = 0; i < FIX_COUNT; i++)
		if (t->fixes[i] > 0)
			fprintf(out, "  %-32s%8u\n", fix_phrase((char)('A' + i)), t->fixes[i]);
}

/* What reading the body alone gets wrong. */
static void put_differences(FILE *out, const struct audit_tables *t)
{
	put_heading(out, "what is called anywhere in the body, against what every path does");
	fputs("  by name: ", out);
	audit_put_sentence(out, t->by_name, t->handlers);
	fputs("\n  by path: ", out);
	audit_put_sentence(out, t->by_path, t->handlers);
	fputc('\n', out);
	for (size_t i = 0; i < t->differ_count; i++) {
		const struct audit_row *row = t->differ[i];
		fputs("  ", out);
		put_place(out, row->path, row->line);
		fputc(' ', out);
		plain_put(out, row->function);
		fprintf(out, ": %s by name, %s by path\n", audit_category_word(row->naive),
		        audit_category_word(row->category));
	}
}

/* Of a handler without a parameter: ": get_db through current_user", or what it has itself. */
static void put_reached(FILE *out, const struct audit_row *row)
{
	fputs(row->provider_count == 0 ? ": a session of its own" : ": ", out);
	for (uint32_t i = 0; i < row->provider_count; i++) {
		const struct audit_provider *p = &row->providers[i];
		fputs(i == 0 ? "" : ", ", out);
		plain_put(out, p->name);
		fputs(p->through.len > 0 ? " through " : "", out);
		plain_put(out, p->through);
	}
}

/* "  app/routes.py:4 list_parts: partial, fix C; json, orm; 7 return open, 11 return closed" */
static void put_row(FILE *out, const struct audit_row *row)
{
	fputs("  ", out);
	put_place(out, row->path, row->line);
	fputc(' ', out);
	plain_put(out, row->function);
	if (row->category < AUDIT_CATEGORY_COUNT)
		fprintf(out, ": %s", audit_category_word(row->category));
	else
		put_reached(out, row);
	if (row->exception != NULL)
		fprintf(out, " (%s)", row->exception);
	if (*row->fix_category != '\0')
		fprintf(out, ", fix %s", row->fix_category);
	if (row->response_count > 0) {
		fputs("; ", out);
		audit_put_responses(out, row);
	}
	if (row->exit_count > 0) {
		fputs("; ", out);
		audit_put_exits(out, row);
	}
	fputc('\n', out);
}

static void put_rows(FILE *out, const struct audit *audit)
{
	put_heading(out, "handlers");
	for (size_t i = 0; i < audit->count && !ferror(out); i++)
		put_row(out, &audit->rows[i]);
}

static void put_everything(FILE *out, const struct report *r, const struct audit_tables *t)
{
	audit_put_sentence(out, t->by_path, t->handlers);
	fputc('\n', out);
	if (t->others > 0)
		fprintf(out,
		        "%u more without a parameter for it: through dependencies, in objects, a "
		        "registry's, or one of their own\n",
		        t->others);
	if (t->handlers + t->others == 0)
		return;
	put_exit_table(out, t);
	put_costly(out, t);
	put_holding(out, t);
	put_providers(out, t);
	put_hotspots(out, t);
	put_fixes(out, t);
	put_differences(out, t);
	put_rows(out, r->audit);
}

static void put_naive(FILE *out, const struct audit_tables *t)
{
	audit_put_sentence(out, t->by_name, t->handlers);
	fputs("\n(by what is called anywhere in the body, on whatever path)\n", out);
	if (t->handlers > 0)
		put_hotspots(out, t);
}

bool report_audit_text(FILE *out, const struct report *r)
{
	struct audit_tables t;

	audit_tables_init(&t, r->audit, r->options->naive);
	if (r->options->naive)
		put_naive(out, &t);
	else
		put_everything(out, r, &t);
	audit_tables_release(&t);
	if (!r->options->quiet) {
		fputc('\n', out);
		tail_put(out, r);
	}
	return !ferror(out);
}
