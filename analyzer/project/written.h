/* written.h - places and callees as the source spells them, for names in findings and for looking them up. */
#ifndef IDLETX_PROJECT_WRITTEN_H
#define IDLETX_PROJECT_WRITTEN_H

#include "project/resolve.h"

/* "app.state.db": the text of a place made of attributes only, in 'scratch'; empty for anything else. */
struct str place_path(struct arena *scratch, const struct project *p, const struct place *place);

/* "self.pool.connect": what an EV_CALL calls, in 'scratch'; the method alone where its receiver is no such place. */
struct str call_path(struct arena *scratch, const struct project *p, const struct cfg *cfg,
                     const struct event *call);

#endif
