/*
 * sarif.c - SARIF 2.1.0, one run, for GitHub and other viewers. Results come last and
 * one by one; all that is said about them as a whole is counted before.
 */
#include "report/sarif.h"

#include "base/version.h"
#include "report/uri.h"

#define SCHEMA_URI "https://json.schemastore.org/sarif-2.1.0.json"

static bool is_written(const struct sarif *s, const struct finding *f)
{
	return f->status == STATUS_OPEN || s->r->options->sarif_suppressed;
}

/* Of too many results the most severe are kept. */
static void choose_results(struct sarif *s)
{
	uint32_t room = SARIF_RESULTS_MAX;

	for (size_t i = 0; i < s->r->finding_count; i++)
		if (is_written(s, &s->r->findings[i])) {
			s->keep[s->r->findings[i].level]++;
			s->results++;
			s->shortened += sarif_location_count(&s->r->findings[i]) >
			                SARIF_LOCATIONS_MAX;
		}
	for (int level = LEVEL_ERROR; level >= LEVEL_OFF; level--) {
		if (s->keep[level] > room) {
			s->left_out += s->keep[level] - room;
			s->keep[level] = room;
		}
		room -= s->keep[level];
	}
}

/* Paths count from the base when the root lies in it, else from the root. */
static struct str base_folder(const struct sarif *s)
{
	return s->prefix.len > 0 ? s->r->sarif_base : s->r->root;
}

/* Below the base a root is named by its way there: two may end in the same name. */
static struct str root_name(const struct sarif *s)
{
	struct str root = path_without_slash(s->r->root);
	const char *slash = root.len == 0 ? NULL : memrchr(root.ptr, '/', root.len);

	if (s->prefix.len > 0)
		return str_slice(s->prefix, 0, s->prefix.len - 1);
	return slash == NULL ? root : str_slice(root, (size_t)(slash + 1 - root.ptr), root.len);
}

static json_t *automation_details(struct sarif *s)
{
	const struct report *r = s->r;
	struct str name = root_name(s);

	return json_pack(
		"{s:o}", "id",
		json_text(arena_printf(&s->scratch, "idletx/%s/%s/%.*s%s",
	                               r->audit == NULL ? "check" : "audit", policy_word(r->policy),
	                               STR_ARG(name), name.len == 0 ? "" : "/")));
}

/* A key and its value stand on one line, in the shape of the JSON. */
/* clang-format off */

static json_t *tool(struct sarif *s)
{
	return json_pack("{s:{s:s, s:s, s:s, s:s, s:o, s:[{s:s, s:i}]}}", "driver",
		"name", "idletx",
		"version", IDLETX_VERSION,
		"semanticVersion", IDLETX_VERSION,
		"informationUri", "https://github.com/idletx/idletx",
		"rules", sarif_rules(s),
		"supportedTaxonomies", "name", "CWE", "index", 0);
}

/* clang-format on */

static json_t *invocations(struct sarif *s)
{
	return json_pack("[{s:b, s:i, s:o}]", "executionSuccessful", (int)s->r->complete, "exitCode",
	                 s->r->exit_code, "toolExecutionNotifications", sarif_notifications(s));
}

static void write_head(struct sarif *s)
{
	json_t *base = json_text(uri_of_folder(&s->scratch, base_folder(s)));

	stream_value(&s->stream, "tool", tool(s));
	stream_value(&s->stream, "taxonomies", sarif_taxonomies());
	stream_value(&s->stream, "columnKind", json_string("unicodeCodePoints"));
	stream_value(&s->stream, "originalUriBaseIds",
	             json_pack("{s:{s:o}}", "SRCROOT", "uri", base));
	stream_value(&s->stream, "automationDetails", automation_details(s));
	stream_value(&s->stream, "invocations", invocations(s));
}

static void write_results(struct sarif *s)
{
	stream_open_array(&s->stream, "results");
	for (size_t i = 0; i < s->r->finding_count && !s->stream.failed; i++) {
		const struct finding *f = &s->r->findings[i];
		if (!is_written(s, f) || s->keep[f->level] == 0)
			continue;
		s->keep[f->level]--;
		stream_value(&s->stream, NULL, sarif_result(s, f));
	}
	stream_close_array(&s->stream);
}

static bool write_log(struct sarif *s)
{
	stream_open_object(&s->stream, NULL);
	stream_value(&s->stream, "$schema", json_string(SCHEMA_URI));
	stream_value(&s->stream, "version", json_string("2.1.0"));
	stream_open_array(&s->stream, "runs");
	stream_open_object(&s->stream, NULL);
	write_head(s);
	write_results(s);
	stream_close_object(&s->stream);
	stream_close_array(&s->stream);
	stream_close_object(&s->stream);
	return stream_end(&s->stream);
}

bool report_sarif(FILE *out, const struct report *r)
{
	struct sarif s = {.r = r};
	struct arena names;

	arena_init(&names);
	arena_init(&s.scratch);
	stream_init(&s.stream, out);
	excerpts_init(&s.excerpts, r->root);
	s.prefix = path_below(&names, r->sarif_base, r->root);
	choose_results(&s);
	bool ok = write_log(&s);
	excerpts_release(&s.excerpts);
	arena_release(&s.scratch);
	arena_release(&names);
	return ok;
}
