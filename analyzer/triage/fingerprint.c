/*
 * fingerprint.c - what a finding is called from one run to the next. No line
 * number goes in and nothing of other findings, so an edit elsewhere in the
 * file leaves it alone.
 */
#include "triage/merge.h"
#include "rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* The hash of one finding, for bringing exact repeats together. */
struct named {
	XXH128_hash_t hash;
	size_t index;
};

static void add_text(XXH3_state_t *state, struct str text)
{
	XXH3_128bits_update(state, text.ptr, text.len);
	XXH3_128bits_update(state, "", 1);
}

static void add_number(XXH3_state_t *state, uint32_t number)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", number);

	add_text(state, (struct str){text, (size_t)len});
}

/* 'salt' tells exact repeats apart; the first has none. */
static XXH128_hash_t hash_of(XXH3_state_t *state, const struct finding *f, uint32_t salt)
{
	XXH3_128bits_reset(state);
	add_text(state, str_of(f->rule->id));
	add_text(state, f->at.path);
	add_text(state, f->function);
	add_text(state, f->resource.name);
	add_number(state, f->ordinal);
	if (salt > 0)
		add_number(state, salt);
	return XXH3_128bits_digest(state);
}

static struct str hex_of(struct arena *run, XXH128_hash_t hash)
{
	return arena_printf(run, "%016llx%016llx", (unsigned long long)hash.high64,
	                    (unsigned long long)hash.low64);
}

static int named_cmp(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = XXH128_cmp(&a->hash, &b->hash);

	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

void fingerprint_findings(struct arena *run, struct finding *findings, size_t count)
{
	XXH3_state_t *state = XXH3_createState();
	struct named *all = arena_array(run, struct named, count);
	uint32_t repeats = 0;

	for (size_t i = 0; i < count; i++)
		all[i] = (struct named){hash_of(state, &findings[i], 0), i};
	if (count > 1)
		qsort(all, count, sizeof(*all), named_cmp);
	for (size_t i = 0; i < count; i++) {
		struct finding *f = &findings[all[i].index];
		bool again = i > 0 && XXH128_isEqual(all[i - 1].hash, all[i].hash);
		repeats = again ? repeats + 1 : 0;
		f->id = hex_of(run, again ? hash_of(state, f, repeats) : all[i].hash);
	}
	XXH3_freeState(state);
}
