/*
 * sarif_result.c - one finding as a result. Related locations are all its exits, then
 * what else belongs to it; their ids count from 1, and the message links to them.
 */
#include "report/sarif.h"

#include "rule.h"

static json_t *logical_locations(const struct finding *f)
{
	if (f->function.len == 0)
		return json_array();
	return json_pack("[{s:o, s:s}]", "fullyQualifiedName", json_text(f->function), "kind",
	                 "function");
}

static json_t *location_value(struct sarif *s, const struct finding *f)
{
	return json_pack("{s:o, s:o}", "physicalLocation", sarif_physical(s, &f->at, true),
	                 "logicalLocations", logical_locations(f));
}

/* "return without commit and close; released by response-sent" */
static struct str exit_text(struct sarif *s, const struct finding_exit *e)
{
	static const char *const without[8] = {
		[MISSING_COMMIT] = " without commit",
		[MISSING_CLOSE] = " without close",
		[MISSING_COMMIT | MISSING_CLOSE] = " without commit and close",
		[MISSING_ROLLBACK] = " without rollback",
		[MISSING_ROLLBACK | MISSING_COMMIT] = " without commit or rollback",
		[MISSING_ROLLBACK | MISSING_CLOSE] = " without rollback and close",
		[MISSING_ROLLBACK | MISSING_COMMIT |
			MISSING_CLOSE] = " without commit, rollback or close",
	};
	const char *missing = without[e->missing & 7u];

	return arena_printf(&s->scratch, "%s%s; released by: %s", exit_kind_word(e->kind),
	                    missing == NULL ? "" : missing, released_by_word(e->released_by));
}

static void add_related(struct sarif *s, json_t *list, const struct location *at, struct str text)
{
	size_t id = json_array_size(list) + 1;

	if (id < SARIF_LOCATIONS_MAX) /* the result's own is one, too */
		json_array_append_new(list,
		                      json_pack("{s:i, s:o, s:o}", "id", (int)id,
		                                "physicalLocation", sarif_physical(s, at, false),
		                                "message", sarif_message(s, text)));
}

static json_t *related_locations(struct sarif *s, const struct finding *f)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < f->exit_count; i++)
		add_related(s, list, &f->exits[i].at, exit_text(s, &f->exits[i]));
	for (uint32_t i = 0; i < f->related_count; i++)
		add_related(s, list, &f->related[i].at, f->related[i].message);
	return list;
}

uint32_t sarif_location_count(const struct finding *f)
{
	uint32_t beside = f->exit_count + f->related_count + 1;

	return beside > f->trace_count ? beside : f->trace_count;
}

static json_t *code_flows(struct sarif *s, const struct finding *f)
{
	json_t *steps = json_array();

	for (uint32_t i = 0; i < f->trace_count && i < SARIF_LOCATIONS_MAX; i++)
		json_array_append_new(steps,
		                      json_pack("{s:{s:o, s:o}}", "location", "physicalLocation",
		                                sarif_physical(s, &f->trace[i].at, false),
		                                "message", sarif_message(s, f->trace[i].message)));
	return json_pack("[{s:[{s:o}]}]", "threadFlows", "locations", steps);
}

/* One replacement, or NULL when the file is no longer what the edit was made for. */
static json_t *replacement(struct sarif *s, const struct edit *e)
{
	uint32_t line, column, end_line, end_column;

	if (!excerpt_place(&s->excerpts, e->path, e->start, &line, &column) ||
	    !excerpt_place(&s->excerpts, e->path, e->end, &end_line, &end_column))
		return NULL;
	return json_pack("{s:{s:i, s:i, s:i, s:i}, s:{s:o}}", "deletedRegion", "startLine",
	                 (int)line, "startColumn", (int)column, "endLine", (int)end_line,
	                 "endColumn", (int)end_column, "insertedContent", "text",
	                 json_text(e->text));
}

/* The edits from 'start' on that change the same file; '*next' is the first of another. */
static json_t *artifact_change(struct sarif *s, const struct finding *f, uint32_t start,
                               uint32_t *next)
{
	json_t *list = json_array();
	uint32_t i = start;

	for (; i < f->edit_count && str_eq(f->edits[i].path, f->edits[start].path); i++) {
		json_t *value = replacement(s, &f->edits[i]);
		if (value == NULL) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, value);
	}
	*next = i;
	return json_pack("{s:o, s:o}", "artifactLocation", sarif_artifact(s, f->edits[start].path),
	                 "replacements", list);
}

static struct str fix_text(const struct finding *f)
{
	for (uint32_t i = 0; i < f->detail_count; i++)
		if (strcmp(f->details[i].label, "fix") == 0)
			return f->details[i].text;
	return STR("release it on this path");
}

/* All edits or none: half a fix is worse than no fix. */
static json_t *fixes(struct sarif *s, const struct finding *f)
{
	json_t *changes = json_array();

	for (uint32_t i = 0; i < f->edit_count;) {
		json_t *change = artifact_change(s, f, i, &i);
		if (change == NULL) {
			json_decref(changes);
			return NULL;
		}
		json_array_append_new(changes, change);
	}
	return json_pack("[{s:o, s:o}]", "description", sarif_message(s, fix_text(f)),
	                 "artifactChanges", changes);
}

static json_t *suppressions(const struct finding *f)
{
	const char *kind = f->status == STATUS_SUPPRESSED ? "inSource" : "external";

	if (f->status == STATUS_OPEN)
		return json_array();
	return json_pack(
		"[{s:s, s:s, s:o}]", "kind", kind, "status", "accepted", "justification",
		json_text(f->reason.len > 0 ? f->reason : str_of(finding_status_word(f->status))));
}

static void add_optional(struct sarif *s, json_t *value, const struct finding *f)
{
	if (f->exit_count + f->related_count > 0)
		json_object_set_new(value, "relatedLocations", related_locations(s, f));
	if (f->trace_count > 0)
		json_object_set_new(value, "codeFlows", code_flows(s, f));
	if (f->id.len > 0)
		json_object_set_new(value, "partialFingerprints",
		                    json_pack("{s:o}", "idletx/v1", json_text(f->id)));
	json_t *fix = f->edit_count == 0 ? NULL : fixes(s, f);
	if (fix != NULL)
		json_object_set_new(value, "fixes", fix);
	if (s->r->options->sarif_suppressed)
		json_object_set_new(value, "suppressions", suppressions(f));
}

json_t *sarif_result(struct sarif *s, const struct finding *f)
{
	int index = sarif_rule_index(f->rule);
	json_t *value = json_pack("{s:s}", "ruleId", f->rule->id);

	if (index >= 0)
		json_object_set_new(value, "ruleIndex", json_integer(index));
	json_object_update_new(value, json_pack("{s:s, s:o, s:[o]}", "level", level_word(f->level),
	                                        "message", sarif_finding_message(f), "locations",
	                                        location_value(s, f)));
	add_optional(s, value, f);
	arena_clear(&s->scratch);
	return value;
}
