/*
 * intern.h - names as small numbers: comparing two names is comparing two
 * integers. One interner has one owner and is not shared between threads;
 * each file has one while it is read, the run has one for the linked project.
 */
#ifndef IDLETX_BASE_INTERN_H
#define IDLETX_BASE_INTERN_H

#include "base/arena.h"
#include "base/str.h"
#include <stdint.h>

typedef uint32_t name_id;
#define NAME_NONE ((name_id)0) /* no name; its text is empty */

struct interner; /* opaque: an open-addressing table over XXH3 hashes */

/* Texts are copied into 'memory', which must live as long as the interner. */
struct interner *interner_new(struct arena *memory);
void interner_free(struct interner *in);

/* Forgets all names but keeps the table's room; 'memory' is the caller's to clear. */
void interner_clear(struct interner *in);

/* The id of 's', made if new. Ids count from 1 in the order of first sight. */
name_id intern(struct interner *in, struct str s);

/* The id of 's', or NAME_NONE when it was never interned. */
name_id intern_find(const struct interner *in, struct str s);

/* The text of 'id'; empty for NAME_NONE. Lives as long as the interner's memory. */
struct str intern_text(const struct interner *in, name_id id);

/* How many names there are; ids run from 1 to this number. */
uint32_t intern_count(const struct interner *in);

#endif
