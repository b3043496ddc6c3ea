/*
 * notes.h - what rules have worked out about a module while they look at one of its functions, for the next.
 * Whoever reads other functions asks for leave here: so the work on a module grows with its length, however
 * many of its functions ask.
 */
#ifndef IDLETX_RULES_NOTES_H
#define IDLETX_RULES_NOTES_H

#include "program/program.h"

/* Functions that rules may read beside the one they look at: so many in any module, and more in a long one. */
#define READS_BASE 4096
#define READS_PER_SCOPE 32
#define READ_BYTES 512 /* of a function that count as one */

struct module_notes {
	struct arena arena;
	uint32_t *called; /* per slot of a hash table: index into callers + 1; NULL: not listed yet */
	struct caller *callers;
	uint32_t caller_count, slot_count;
	uint64_t reads_left;
	uint32_t refused; /* how often leave was not given */
};

void notes_init(struct module_notes *n, const struct module *m);
void notes_release(struct module_notes *n);

/* May the rule read so many functions more? When not, it has to stay silent. */
bool notes_may_read(const struct rule_ctx *ctx, uint32_t functions);

/* The same for one function that others may ask for as well: a long one counts for as many as would fill it. */
bool notes_may_read_body(const struct rule_ctx *ctx, module_id m, scope_id scope);

/* Does another function of the module call something of this name: name(), x.name()? */
bool notes_called_by_other(const struct rule_ctx *ctx, name_id name, scope_id scope);

#endif
