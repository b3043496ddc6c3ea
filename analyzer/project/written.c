/* written.c - the spelling of places and callees, put together from their steps. */
#include "project/written.h"

struct str place_path(struct arena *scratch, const struct project *p, const struct place *place)
{
	struct str path = project_text(p, place->root);
	if (place->root_kind == PLACE_TOKEN)
		return STR_EMPTY;
	for (unsigned i = 0; i < place->step_count; i++) {
		if (place->steps[i].kind != STEP_ATTRIBUTE)
			return STR_EMPTY;
		path = dotted_under(scratch, path, project_text(p, place->steps[i].name));
	}
	return path;
}

struct str call_path(struct arena *scratch, const struct project *p, const struct cfg *cfg,
                     const struct event *call)
{
	struct str method = project_text(p, call->name);
	struct str path = ref_kind(call->a) == REF_KIND_PLACE
	                          ? place_path(scratch, p, &cfg->places[ref_index(call->a)])
	                          : STR_EMPTY;
	if (call->name == NAME_NONE || path.len == 0)
		return call->name == NAME_NONE ? path : method;
	return dotted_under(scratch, path, method);
}
