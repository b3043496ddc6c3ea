/*
 * sarif_note.c - notifications: those of the run, and what this log does not
 * carry. Nothing is left out in silence.
 */
#include "report/sarif.h"

#include "report/count.h"

static void add_note(struct sarif *s, json_t *list, const char *level, struct str text)
{
	json_array_append_new(
		list, json_pack("{s:s, s:o}", "level", level, "message", sarif_message(s, text)));
}

static json_t *notification(struct sarif *s, const struct diag_entry *n)
{
	json_t *value = json_pack("{s:s, s:o}", "level", notification_level(n->level), "message",
	                          sarif_message(s, n->text));

	/* A message about an option or a file elsewhere has no place below the root. */
	if (n->path.len == 0 || n->path.ptr[0] == '/' || str_starts(n->path, STR("../")))
		return value;
	struct location at = {.path = n->path, .line = n->line, .column = n->column};
	json_t *place = n->line == 0
	                        ? json_pack("{s:o}", "artifactLocation", sarif_artifact(s, n->path))
	                        : sarif_physical(s, &at, false);
	json_object_set_new(value, "locations", json_pack("[{s:o}]", "physicalLocation", place));
	return value;
}

static void add_accepted(struct sarif *s, json_t *list)
{
	struct finding_counts c;

	counts_init(&c, s->r);
	uint32_t allowlisted = c.by_status[STATUS_ALLOWLISTED],
		 suppressed = c.by_status[STATUS_SUPPRESSED];
	uint32_t baselined = c.by_status[STATUS_BASELINED],
		 all = allowlisted + suppressed + baselined;
	counts_release(&c);
	if (all == 0 || s->r->options->sarif_suppressed)
		return;
	add_note(s, list, "note",
	         arena_printf(&s->scratch,
	                      "%u accepted finding%s left out: %u allowlisted, %u suppressed, %u "
	                      "baselined"
	                      " (--sarif-suppressed writes them)",
	                      all, all == 1 ? " is" : "s are", allowlisted, suppressed, baselined));
}

static void add_limits(struct sarif *s, json_t *list)
{
	if (s->left_out > 0)
		add_note(s, list, "warning",
		         arena_printf(
				 &s->scratch,
				 "GitHub takes %d results: the %u least severe of %u are left out",
				 SARIF_RESULTS_MAX, s->left_out, s->results));
	else if (s->results > SARIF_RESULTS_SHOWN)
		add_note(s, list, "note",
		         arena_printf(&s->scratch, "GitHub shows %d of these %u results",
		                      SARIF_RESULTS_SHOWN, s->results));
	if (s->shortened > 0)
		add_note(s, list, "warning",
		         arena_printf(
				 &s->scratch, "GitHub takes %d locations a result: %u result%s more, which are left out",
				 SARIF_LOCATIONS_MAX, s->shortened,
				 s->shortened == 1 ? " has" : "s have"));
}

static void add_totals(struct sarif *s, json_t *list)
{
	const struct report_totals *n = &s->r->totals;

	add_note(s, list, "note",
	         arena_printf(&s->scratch, "looked at %u files, %u functions, %u handlers",
	                      n->files, n->functions, n->handlers));
	if (s->r->assumed.len > 0)
		add_note(s, list, "note",
		         arena_printf(&s->scratch, "assumed FastAPI %.*s", STR_ARG(s->r->assumed)));
}

json_t *sarif_notifications(struct sarif *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->r->notification_count; i++)
		json_array_append_new(list, notification(s, &s->r->notifications[i]));
	add_totals(s, list);
	add_accepted(s, list);
	add_limits(s, list);
	arena_clear(&s->scratch);
	return list;
}
