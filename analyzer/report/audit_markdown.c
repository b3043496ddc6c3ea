/*
 * audit_markdown.c - the page that a lead wants: one sentence, the tables, and
 * all handlers folded away at the end, as far as there is room.
 */
#include "report/report.h"

#include "report/audit_row.h"
#include "report/count.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/tail.h"

enum {
	RESERVED = 4096, /* for headings and the lines that count what was left out */
	FILES_MAX = 40,
	PROVIDERS_MAX = 20,
	UNKNOWN_MAX = 20,
	DIFFER_MAX = 50,
};

static void put_place(FILE *out, const struct audit_row *row)
{
	markdown_put_code(out, row->path);
	fprintf(out, ":%u ", row->line);
	markdown_put_code(out, row->function);
}

/* Released by never first; ranks without any exit are left out by the caller's list. */
struct exit_rank {
	enum released_by by;
	const uint32_t *counts;
};

static void put_exit_rank(FILE *out, const void *rows, size_t i)
{
	const struct exit_rank *rank = (const struct exit_rank *)rows + i;

	fprintf(out, "| %s | %u | %u | %u |\n", released_by_word(rank->by), rank->counts[SHARE_ALL],
	        rank->counts[SHARE_SOME], rank->counts[SHARE_NONE]);
}

static void put_exit_table(struct page *p, const struct audit_tables *t)
{
	struct exit_rank ranks[RELEASED_COUNT];
	size_t count = 0;

	for (int by = RELEASED_NEVER; by >= RELEASED_PROMPT; by--) {
		const uint32_t *n = t->exits[by];
		if (n[SHARE_ALL] + n[SHARE_SOME] + n[SHARE_NONE] > 0)
			ranks[count++] = (struct exit_rank){(enum released_by)by, n};
	}
	page_table(p,
	           "\n## Exits\n\nWhat gives the session back, and whether a transaction is open "
	           "at that exit.\n\n"
	           "| Released by | Open | Open on some paths | Not open |\n| --- | ---: | ---: | "
	           "---: |\n",
	           put_exit_rank, ranks, count, count);
}

static void put_costly(FILE *out, const void *rows, size_t i)
{
	const struct costly *c = (const struct costly *)rows + i;

	fputs("| ", out);
	put_place(out, c->row);
	fputs(" | ", out);
	audit_put_cost(out, c);
	fputs(" |\n", out);
}

static void put_holding(FILE *out, const void *rows, size_t i)
{
	const struct audit_row *row = ((const struct audit_row *const *)rows)[i];

	fputs("| ", out);
	put_place(out, row);
	fputs(" | ", out);
	audit_put_held(out, row, markdown_put_code);
	fputs(" |\n", out);
}

static void put_provider(FILE *out, const void *rows, size_t i)
{
	const struct provider_use *use = (const struct provider_use *)rows + i;

	fputs("| ", out);
	markdown_put_code(out, use->provider->name);
	fputs(" | ", out);
	if (use->provider->path.len > 0) {
		markdown_put_code(out, use->provider->path);
		fprintf(out, ":%u", use->provider->line);
	} else {
		fputs("judged by its name", out);
	}
	fprintf(out, " | %s | %s | %u |\n", use->provider->kind,
	        use->provider->guarded ? "guarded" : "**not guarded**", use->handlers);
}

static void put_hotspot(FILE *out, const void *rows, size_t i)
{
	const struct hotspot *h = (const struct hotspot *)rows + i;

	fputs("| ", out);
	markdown_put_code(out, h->path);
	for (int c = 0; c < AUDIT_CATEGORY_COUNT; c++)
		fprintf(out, " | %u", h->by_category[c]);
	fputs(" |\n", out);
}

static void put_unknown(FILE *out, const void *rows, size_t i)
{
	const struct unknown_count *u = (const struct unknown_count *)rows + i;

	fputs("- ", out);
	markdown_put(out, u->what);
	fprintf(out, ": %u\n", u->count);
}

static void put_difference(FILE *out, const void *rows, size_t i)
{
	const struct audit_row *row = ((const struct audit_row *const *)rows)[i];

	fputs("| ", out);
	put_place(out, row);
	fprintf(out, " | %s | %s |\n", audit_category_word(row->naive),
	        audit_category_word(row->category));
}

static void put_row(FILE *out, const void *rows, size_t i)
{
	const struct audit_row *row = (const struct audit_row *)rows + i;

	fputs("| ", out);
	put_place(out, row);
	fprintf(out, " | %s",
	        row->category < AUDIT_CATEGORY_COUNT ? audit_category_word(row->category)
	                                             : "no parameter");
	if (row->exception != NULL)
		fprintf(out, " (%s)", row->exception);
	fprintf(out, " | %s | ", row->fix_category);
	audit_put_responses(out, row);
	fputs(" | ", out);
	audit_put_exits(out, row);
	fputs(" |\n", out);
}

static void put_assumed(FILE *out, const struct report *r)
{
	if (r->assumed.len == 0)
		return;
	fputs(" Assumed FastAPI ", out);
	markdown_put(out, r->assumed);
	fputc('.', out);
}

/* The sentence, and what it is a sentence about. */
static void put_head(struct page *p, const struct report *r, const uint32_t *counts,
                     uint32_t handlers)
{
	fputs("# Database sessions, handler by handler\n\n", p->part);
	audit_put_sentence(p->part, counts, handlers);
	fputs(".\n\nLooked at ", p->part);
	tail_put_totals(p->part, r);
	fputs(".", p->part);
	put_assumed(p->part, r);
	fputc('\n', p->part);
	if (r->totals.files == 0 || r->totals.handlers == 0 || !r->complete) {
		fputc('\n', p->part);
		tail_put_doubts(p->part, r);
	}
	page_add_always(p);
}

static void put_hotspots(struct page *p, const struct audit_tables *t)
{
	page_table(p,
	           "\n## Files\n\n| File | Missing both | Missing close | Missing commit | Some "
	           "paths | Correct |"
	           " Exception |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
	           put_hotspot, t->hotspots, t->hotspot_count, FILES_MAX);
}

static void put_fixes(struct page *p, const struct audit_tables *t)
{
	fputs("\n## Kinds of fix\n\n", p->part);
	for (int i = 0; i < FIX_COUNT; i++)
		if (t->fixes[i] > 0)
			fprintf(p->part, "- %s: %u\n", fix_phrase((char)('A' + i)), t->fixes[i]);
	page_add_always(p);
}

static void put_differences(struct page *p, const struct audit_tables *t)
{
	fputs("\n## By name against by path\n\n"
	      "What is called anywhere in the body, against what every path does.\n\n- By name: ",
	      p->part);
	audit_put_sentence(p->part, t->by_name, t->handlers);
	fputs("\n- By path: ", p->part);
	audit_put_sentence(p->part, t->by_path, t->handlers);
	fputc('\n', p->part);
	page_add_always(p);
	if (t->differ_count > 0)
		page_table(p, "\n| Handler | By name | By path |\n| --- | --- | --- |\n",
		           put_difference, t->differ, t->differ_count, DIFFER_MAX);
}

static void put_rows(struct page *p, const struct audit *audit)
{
	char head[200];

	snprintf(head, sizeof(head),
	         "\n<details>\n<summary>All %zu handlers</summary>\n\n"
	         "| Handler | Category | Fix | Responses | Exits |\n| --- | --- | --- | --- | --- "
	         "|\n",
	         audit->count);
	page_table(p, head, put_row, audit->rows, audit->count, audit->count);
	fputs("\n</details>\n", p->part);
	page_add_always(p);
}

static void put_everything(struct page *p, const struct report *r, const struct audit_tables *t)
{
	put_head(p, r, t->by_path, t->handlers);
	if (t->others > 0)
		fprintf(p->part,
		        "\n%u more without a parameter for it: through dependencies, in objects, a "
		        "registry's, or one of their own.\n",
		        t->others);
	if (t->handlers + t->others > 0) {
		put_exit_table(p, t);
		if (t->costly_count > 0)
			page_table(
				p, "\n## Handlers that cost most\n\n| Handler | Why |\n| --- | --- |\n",
				put_costly, t->costly, t->costly_count, COSTLY_MAX);
		if (t->holding_total > 0)
			page_table(
				p, "\n## Held while\n\n| Handler | Keeps a transaction open across |\n| --- | --- |\n",
				put_holding, t->holding, t->holding_total, HOLDING_MAX);
		page_table(p,
		           "\n## Providers\n\n| Provider | Where | Kind | Guard | Handlers |\n| "
		           "--- | --- | --- | --- | ---: |\n",
		           put_provider, t->providers, t->provider_count, PROVIDERS_MAX);
		put_hotspots(p, t);
		put_fixes(p, t);
	}
	if (r->unknown_count > 0)
		page_table(p, "\n## What stayed unknown\n\n", put_unknown, r->unknowns,
		           r->unknown_count, UNKNOWN_MAX);
	if (t->handlers + t->others > 0) {
		put_differences(p, t);
		put_rows(p, r->audit);
	}
}

static void put_naive(struct page *p, const struct report *r, const struct audit_tables *t)
{
	put_head(p, r, t->by_name, t->handlers);
	fputs("\nBy what is called anywhere in the body, on whatever path.\n", p->part);
	page_add_always(p);
	if (t->handlers > 0)
		put_hotspots(p, t);
}

bool report_audit_markdown(FILE *out, const struct report *r)
{
	struct audit_tables t;
	struct page p;

	audit_tables_init(&t, r->audit, r->options->naive);
	page_init(&p, out, RESERVED);
	if (r->options->naive)
		put_naive(&p, r, &t);
	else
		put_everything(&p, r, &t);
	page_release(&p);
	audit_tables_release(&t);
	return !ferror(out);
}
