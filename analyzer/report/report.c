/* report.c - picks the reporter and sees to it that its bytes arrive. */
#include "report/report.h"

#include "report/output.h"
#include <stdlib.h>

static bool write_format(FILE *out, const struct report *r)
{
	bool audit = r->audit != NULL;

	switch (r->options->format) {
	case FORMAT_TEXT: return audit ? report_audit_text(out, r) : report_text(out, r);
	case FORMAT_JSON: return report_json(out, r);
	case FORMAT_SARIF: return report_sarif(out, r);
	case FORMAT_MARKDOWN:
		return audit ? report_audit_markdown(out, r) : report_markdown(out, r);
	case FORMAT_GITHUB: return report_github(out, r);
	case FORMAT_GITLAB: return report_gitlab(out, r);
	case FORMAT_JUNIT: return report_junit(out, r);
	case FORMAT_COUNT: break;
	}
	abort();
}

bool report_write(const struct report *r, struct diag *d)
{
	struct output o;

	if (!output_open(&o, r->options->output, d))
		return false;
	bool written = write_format(o.file, r) && !ferror(o.file);
	return output_finish(&o, written, d);
}
