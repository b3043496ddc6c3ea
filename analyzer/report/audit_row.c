/* audit_row.c - one handler in few words. All of them are ours, so nothing is escaped here; names of calls by the caller. */
#include "report/audit_row.h"

#include "report/count.h"

void audit_put_sentence(FILE *out, const uint32_t counts[AUDIT_CATEGORY_COUNT], uint32_t handlers)
{
	const char *separator = ": ";

	fprintf(out, "%u handler%s", handlers, plural(handlers));
	for (int c = 0; c < AUDIT_CATEGORY_COUNT && handlers > 0; c++) {
		if (c == AUDIT_PARTIAL && counts[c] == 0)
			continue;
		fprintf(out, "%s%u %s%s", separator, counts[c],
		        category_phrase((enum audit_category)c),
		        c == AUDIT_EXCEPTION ? plural(counts[c]) : "");
		separator = ", ";
	}
}

void audit_put_missing(FILE *out, const struct hotspot *h)
{
	const char *separator = "";

	for (int c = AUDIT_MISSING_BOTH; c <= AUDIT_PARTIAL; c++) {
		if (h->by_category[c] == 0)
			continue;
		fprintf(out, "%s%u %s", separator, h->by_category[c],
		        category_phrase((enum audit_category)c));
		separator = ", ";
	}
}

static const char *exit_phrase(const struct audit_exit *e)
{
	if (e->transaction_open == SHARE_ALL)
		return "open";
	if (e->transaction_open == SHARE_SOME)
		return "open on some paths";
	if (e->closed == SHARE_ALL)
		return "closed";
	return e->committed == SHARE_ALL ? "committed" : "not open";
}

void audit_put_exits(FILE *out, const struct audit_row *row)
{
	for (uint32_t i = 0; i < row->exit_count; i++)
		fprintf(out, "%s%u %s %s", i == 0 ? "" : ", ", row->exits[i].line,
		        row->exits[i].kind, exit_phrase(&row->exits[i]));
}

void audit_put_responses(FILE *out, const struct audit_row *row)
{
	for (uint32_t i = 0; i < row->response_count; i++)
		fprintf(out, "%s%s", i == 0 ? "" : ", ", row->responses[i]);
}

void audit_put_cost(FILE *out, const struct costly *c)
{
	fprintf(out, "%s: %u exit%s open", released_by_word(c->worst), c->open_exits,
	        plural(c->open_exits));
	for (uint32_t i = 0; i < c->row->held_while_count; i++)
		fprintf(out, "%s%s", i == 0 ? ", held while " : ", ", c->row->held_while[i]);
}

void audit_put_held(FILE *out, const struct audit_row *row, void (*put)(FILE *, struct str))
{
	unsigned shown = 0;

	for (uint32_t i = 0; i < row->slow_call_count; i++) {
		if (!row->slow_calls[i].held)
			continue;
		fputs(shown++ == 0 ? "" : ", ", out);
		put(out, row->slow_calls[i].callee);
		fprintf(out, " at %u (%s)", row->slow_calls[i].line, row->slow_calls[i].family);
	}
	for (uint32_t i = 0; i < row->held_while_count; i++)
		if (strcmp(row->held_while[i], "slow-call") != 0)
			fprintf(out, "%sa %s", shown++ == 0 ? "" : ", ", row->held_while[i]);
}
