/*
 * version_range.h - which releases a requirement allows. Only major, minor and
 * patch count: suffixes (rc1, .post2, +local) and exclusions (!=) are passed
 * over, because no behaviour that is asked for begins or ends with them.
 */
#ifndef IDLETX_PROJECT_VERSION_RANGE_H
#define IDLETX_PROJECT_VERSION_RANGE_H

#include "base/base.h"

/* Major, minor and patch in one number, so that releases compare as numbers. */
typedef uint64_t release;
#define RELEASE_BITS 21
#define RELEASE_MAX UINT64_MAX
#define RELEASE(major, minor, patch)                                                               \
	(((release)(major) << (2 * RELEASE_BITS)) | ((release)(minor) << RELEASE_BITS) |           \
	 (release)(patch))

/* All releases from 'low' up to, not including, 'high'. */
struct version_range {
	release low, high;
	struct str written; /* the version, when it is a single one */
};

/* What several statements allow together: one of their ranges. */
#define VERSION_RANGES_MAX 8
struct version_set {
	struct version_range ranges[VERSION_RANGES_MAX];
	unsigned count;
};

/*
 * Adds what 'text' allows: a version specifier of PEP 440 (">=0.100,<0.116", "~=0.115.2"), or one
 * in Poetry's notation ("^0.110", "~0.110 || 0.112.*"). An empty text allows every release. False
 * when it is none of this; the set is then as it was. Texts are kept, not copied.
 */
MUST_USE bool version_set_add(struct version_set *set, struct str text);

/* Does it allow single versions only? */
bool version_set_exact(const struct version_set *set);

/* Does it allow a release from 'low' up to, not including, 'high'? */
bool version_set_meets(const struct version_set *set, release low, release high);

/* What of it lies from 'low' up to, not including, 'high'. False when nothing does. */
MUST_USE bool version_set_within(const struct version_set *set, release low, release high,
                                 struct version_set *out);

/* Is there a release that both allow? */
bool version_sets_meet(const struct version_set *a, const struct version_set *b);

/*
 * The newest release that is allowed, where 'known' is the newest there is; when only newer ones
 * are allowed, the oldest of those. As text, in 'run'; without a patch number when the range ends
 * with its minor version. The set must not be empty.
 */
struct str version_set_newest(struct arena *run, const struct version_set *set, release known,
                              release *newest);

#endif
