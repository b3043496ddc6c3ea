/*
 * gitlab.c - GitLab's Code Quality report: one array, one object a finding. Of two
 * with the same fingerprint GitLab swallows the second, so repeats get a number.
 */
#include "report/report.h"

#include "report/stream.h"
#include "report/uri.h"
#include "rule.h"
#include <stb/stb_ds.h>

struct seen {
	char *key;
	uint32_t value; /* how often */
};

static const char *severity_of(enum level level)
{
	switch (level) {
	case LEVEL_ERROR: return "critical";
	case LEVEL_WARNING: return "major";
	case LEVEL_NOTE:
	case LEVEL_OFF: break;
	}
	return "info";
}

/* The finding's id; "-2" and so on behind it when it was there before. In 'a'. */
static struct str fingerprint(struct arena *a, struct seen **seen, const struct finding *f)
{
	struct str id = arena_str(a, f->id);
	uint32_t times = shget(*seen, id.ptr) + 1;

	shput(*seen, id.ptr, times);
	return times == 1 ? id : arena_printf(a, "%.*s-%u", STR_ARG(id), times);
}

static json_t *quality_value(struct arena *a, struct seen **seen, struct str prefix,
                             const struct finding *f)
{
	struct str path = arena_printf(a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(f->at.path));

	return json_pack("{s:o, s:s, s:o, s:s, s:{s:o, s:{s:i, s:i}}}", "description",
	                 json_text(f->message), "check_name", f->rule->id, "fingerprint",
	                 json_text(fingerprint(a, seen, f)), "severity", severity_of(f->level),
	                 "location", "path", json_text(path), "lines", "begin", (int)f->at.line,
	                 "end", (int)f->at.end_line);
}

bool report_gitlab(FILE *out, const struct report *r)
{
	struct seen *seen = NULL;
	struct stream s;
	struct arena names;

	arena_init(&names);
	struct str prefix = path_below(&names, r->sarif_base, r->root);
	stream_init(&s, out);
	stream_open_array(&s, NULL);
	for (size_t i = 0; i < r->finding_count && !s.failed; i++)
		if (r->findings[i].status == STATUS_OPEN)
			stream_value(&s, NULL,
			             quality_value(&names, &seen, prefix, &r->findings[i]));
	stream_close_array(&s);
	shfree(seen);
	arena_release(&names);
	return stream_end(&s);
}
