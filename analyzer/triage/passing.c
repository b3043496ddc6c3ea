/* passing.c - which findings have to do with the files that were named. */
#include "triage/passing.h"

bool path_is_reported(const struct project *p, struct str path)
{
	module_id low = 0, high = p->module_count;
	while (low < high) {
		module_id middle = low + (high - low) / 2;
		int order = str_cmp(project_module(p, middle)->path, path);
		if (order == 0)
			return p->modules[middle].report;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool passes(const struct project *p, const struct finding *f)
{
	if (path_is_reported(p, f->at.path))
		return true;
	for (uint32_t i = 0; i < f->trace_count; i++)
		if (path_is_reported(p, f->trace[i].at.path))
			return true;
	for (uint32_t i = 0; i < f->exit_count; i++)
		if (path_is_reported(p, f->exits[i].at.path))
			return true;
	for (uint32_t i = 0; i < f->related_count; i++)
		if (path_is_reported(p, f->related[i].at.path))
			return true;
	/* what a provider takes back in the end is its handlers' own matter, and no news when it is edited */
	return f->level > LEVEL_NOTE && f->released_by >= RELEASED_GARBAGE_COLLECTION &&
	       path_is_reported(p, f->resource.provider_at.path);
}

size_t keep_passing(const struct project *p, struct finding *findings, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (passes(p, &findings[i]))
			findings[kept++] = findings[i];
	return kept;
}
