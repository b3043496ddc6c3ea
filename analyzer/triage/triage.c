/* triage.c - the steps of triage, in the only order that works. */
#include "triage/triage.h"
#include "triage/level.h"
#include "triage/locate.h"
#include "triage/merge.h"
#include "triage/passing.h"
#include "triage/suppress.h"

bool triage_allowlist(struct arena *run, struct diag *d, const struct options *o,
                      const struct config *c, struct str root, struct allowlist **out)
{
	struct allowlist *a = arena_new(run, struct allowlist);

	if (!allowlist_load(run, d, root, o, c, date_today(), a))
		return false;
	*out = a;
	return true;
}

void triage_run(struct arena *run, struct diag *d, const struct triage_input *in,
                struct finding *findings, size_t *count)
{
	const struct options *o = in->options;
	/* An entry for a rule that did not run has nothing to match. */
	bool whole = in->whole && o->select.len == 0 && o->ignore.len == 0;
	size_t n = level_select(o, in->config, findings, *count);

	locate_findings(in->project, in->root, d, findings, n);
	n = attach_lenders(run, findings, n);
	n = merge_findings(run, findings, n);
	sort_findings(findings, n);
	n = merge_places(run, findings, n);
	n = merge_providers(run, in->project, findings, n);
	fingerprint_findings(run, findings, n);
	n = keep_passing(in->project, findings, n);
	suppress_findings(in->project, in->enabled, d, findings, n);
	allowlist_apply(in->allowlist, findings, n);
	allowlist_find_functions(in->allowlist, in->project);
	allowlist_review(in->allowlist, whole, o->strict_allowlist, d);
	*count = n;
}
