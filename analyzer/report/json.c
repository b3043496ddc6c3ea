/*
 * json.c - the report for other programs, schema_version 1. Every key is
 * always there, null or empty where there is nothing to say.
 */
#include "report/report.h"

#include "base/version.h"
#include "report/audit_json.h"
#include "report/count.h"
#include "report/stream.h"
#include "rule.h"

static json_t *missing_value(unsigned missing)
{
	json_t *list = json_array();

	if (missing & MISSING_COMMIT)
		json_array_append_new(list, json_string("commit"));
	if (missing & MISSING_CLOSE)
		json_array_append_new(list, json_string("close"));
	if (missing & MISSING_ROLLBACK)
		json_array_append_new(list, json_string("rollback"));
	return list;
}

/* A key and its value stand on one line, in the shape of the JSON. */
/* clang-format off */

static json_t *resource_value(const struct resource_info *r)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
	                 "name", json_text_or_null(r->name),
	                 "kind", json_word_or_null(r->kind),
	                 "origin", json_word_or_null(r->origin),
	                 "provider", json_text_or_null(r->provider),
	                 "path", json_text_or_null(r->at.path),
	                 "line", json_number_or_null(r->at.line));
}

static json_t *exit_value(const struct finding_exit *e)
{
	return json_pack("{s:s, s:i, s:o, s:s}",
	                 "kind", exit_kind_word(e->kind),
	                 "line", (int)e->at.line,
	                 "missing", missing_value(e->missing),
	                 "released_by", released_by_word(e->released_by));
}

static json_t *step_value(const struct trace_step *t)
{
	return json_pack("{s:o, s:i, s:o}",
	                 "path", json_text(t->at.path),
	                 "line", (int)t->at.line,
	                 "message", json_text(t->message));
}

static json_t *related_value(const struct related *r)
{
	return json_pack("{s:o, s:o, s:i, s:o}",
	                 "rule", json_word_or_null(r->rule == NULL ? NULL : r->rule->id),
	                 "path", json_text(r->at.path),
	                 "line", (int)r->at.line,
	                 "message", json_text(r->message));
}

static json_t *edit_value(const struct edit *e)
{
	return json_pack("{s:o, s:i, s:i, s:o}",
	                 "path", json_text(e->path),
	                 "start", (int)e->start,
	                 "end", (int)e->end,
	                 "text", json_text(e->text));
}

static json_t *assumed_value(const struct finding *f)
{
	return json_pack("{s:o, s:o, s:b}", "fastapi", json_text_or_null(f->assumed_version),
	                 "from", json_text_or_null(f->assumed_from),
	                 "depends_on_version", (int)f->depends_on_version);
}

static json_t *exits_value(const struct finding *f)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < f->exit_count; i++)
		json_array_append_new(list, exit_value(&f->exits[i]));
	return list;
}

static json_t *trace_value(const struct finding *f)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < f->trace_count; i++)
		json_array_append_new(list, step_value(&f->trace[i]));
	return list;
}

static json_t *others_value(const struct finding *f)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < f->related_count; i++)
		json_array_append_new(list, related_value(&f->related[i]));
	return list;
}

static json_t *fix_value(const struct finding *f)
{
	json_t *edits = json_array();

	for (uint32_t i = 0; i < f->edit_count; i++)
		json_array_append_new(edits, edit_value(&f->edits[i]));
	return json_pack("{s:b, s:o}", "safe", (int)f->fix_safe, "edits", edits);
}

static json_t *finding_value(const struct finding *f)
{
	return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:i, s:i, s:i, s:i, s:o, s:i,"
	                 " s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o}",
	                 "id", json_text(f->id),
	                 "rule", f->rule->id,
	                 "name", f->rule->title,
	                 "level", level_word(f->level),
	                 "message", json_text(f->message),
	                 "path", json_text(f->at.path),
	                 "line", (int)f->at.line,
	                 "column", (int)f->at.column,
	                 "end_line", (int)f->at.end_line,
	                 "end_column", (int)f->at.end_column,
	                 "function", json_text_or_null(f->function),
	                 "function_line", (int)f->function_at.line,
	                 "resource", resource_value(&f->resource),
	                 "missing", missing_value(f->missing),
	                 "released_by", released_by_word(f->released_by),
	                 "exits", exits_value(f),
	                 "trace", trace_value(f),
	                 "related", others_value(f),
	                 "assumed", assumed_value(f),
	                 "fix", fix_value(f),
	                 "status", finding_status_word(f->status),
	                 "reason", json_text_or_null(f->reason));
}

static json_t *rule_counts(const struct rule_count_entry *rules, size_t count)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++)
		json_object_set_new(object, rules[i].rule->id, json_integer(rules[i].count));
	return object;
}

static json_t *summary_value(const struct report *r)
{
	struct finding_counts c;

	counts_init(&c, r);
	json_t *value = json_pack(
		"{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:o, s:{s:i, s:i, s:i}}",
		"files", (int)r->totals.files,
		"skipped_files", (int)r->totals.skipped_files,
		"functions", (int)r->totals.functions,
		"handlers", (int)r->totals.handlers,
		"findings", (int)c.by_status[STATUS_OPEN],
		"allowlisted", (int)c.by_status[STATUS_ALLOWLISTED],
		"suppressed", (int)c.by_status[STATUS_SUPPRESSED],
		"baselined", (int)c.by_status[STATUS_BASELINED],
		"by_rule", rule_counts(c.rules, c.rule_count),
		"by_level",
			"error", (int)c.by_level[LEVEL_ERROR],
			"warning", (int)c.by_level[LEVEL_WARNING],
			"note", (int)c.by_level[LEVEL_NOTE]);
	counts_release(&c);
	return value;
}

static json_t *notification_value(const struct diag_entry *n)
{
	return json_pack("{s:o, s:o, s:s, s:o}", "path", json_text_or_null(n->path),
	                 "line", json_number_or_null(n->line),
	                 "level", notification_level(n->level), "message", json_text(n->text));
}

/* clang-format on */

static void write_head(struct stream *s, const struct report *r)
{
	stream_value(s, "schema_version", json_integer(1));
	stream_value(s, "tool",
	             json_pack("{s:s, s:s}", "name", "idletx", "version", IDLETX_VERSION));
	stream_value(s, "root", json_string("."));
	stream_value(s, "complete", json_boolean(r->complete));
	stream_value(s, "summary", summary_value(r));
}

static void write_findings(struct stream *s, const struct report *r)
{
	stream_open_array(s, "findings");
	for (size_t i = 0; i < r->finding_count && !s->failed; i++)
		stream_value(s, NULL, finding_value(&r->findings[i]));
	stream_close_array(s);
}

static void write_handlers(struct stream *s, const struct audit *audit)
{
	stream_open_array(s, "handlers");
	for (size_t i = 0; i < audit->count && !s->failed; i++)
		stream_value(s, NULL, audit_row_value(&audit->rows[i]));
	stream_close_array(s);
}

static void write_notifications(struct stream *s, const struct report *r)
{
	stream_open_array(s, "notifications");
	for (size_t i = 0; i < r->notification_count && !s->failed; i++)
		stream_value(s, NULL, notification_value(&r->notifications[i]));
	stream_close_array(s);
}

bool report_json(FILE *out, const struct report *r)
{
	struct stream s;

	stream_init(&s, out);
	stream_open_object(&s, NULL);
	write_head(&s, r);
	write_findings(&s, r);
	if (r->audit != NULL)
		write_handlers(&s, r->audit);
	write_notifications(&s, r);
	stream_close_object(&s);
	return stream_end(&s);
}
