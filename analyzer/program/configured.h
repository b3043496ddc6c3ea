/*
 * configured.h - what the user's configuration names: providers, releases, slow calls, entry
 * points. A name is "package.module:function" or a dotted path, in which * stands for
 * anything; leading packages may be left out, as they may in the index of modules.
 */
#ifndef IDLETX_PROGRAM_CONFIGURED_H
#define IDLETX_PROGRAM_CONFIGURED_H

#include "input/config.h"
#include "project/resolve.h"

/*
 * Does it name what 't' is: a def, class or assignment of the project, or something outside? Costs nothing
 * for an empty list.
 */
bool configured_target(struct arena *scratch, const struct project *p, const struct str_list *names,
                       const struct target *t);

/* Defs that somebody else runs, because they are decorated with, or passed to, something named. */
struct configured_entries {
	const uint64_t *keys; /* scope_key(), sorted */
	size_t count;
};

/* Looks for them in every module that mentions one of the names. In 'run'. */
struct configured_entries configured_entries_find(struct arena *run, const struct project *p,
                                                  const struct str_list *names);
bool configured_entry(const struct configured_entries *e, module_id m, scope_id scope);

#endif
