/*
 * version_range.c - version specifiers. PEP 440 and Poetry's notation have no
 * text in common that means two things, so one reader serves both.
 */
#include "project/version_range.h"

enum { PARTS = 3, PART_MAX = (1 << (RELEASE_BITS - 1)) - 1 };

/* A version as written: "0.115", "0.115.*", "v1.2.3rc1". */
struct version {
	release parts[PARTS];
	unsigned count; /* of the parts that are given */
	bool wild;      /* ends with ".*", or is "*" alone */
	struct str written;
};

struct scan {
	struct str text;
	size_t at;
};

static char here(const struct scan *s)
{
	return s->at < s->text.len ? s->text.ptr[s->at] : '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip_space(struct scan *s)
{
	while (here(s) == ' ' || here(s) == '\t')
		s->at++;
}

static bool skip_text(struct scan *s, const char *text)
{
	if (!str_starts(str_slice(s->text, s->at, s->text.len), str_of(text)))
		return false;
	s->at += strlen(text);
	return true;
}

/* ---- versions ------------------------------------------------------------ */

static release number(struct scan *s)
{
	release n = 0;
	for (; is_digit(here(s)); s->at++)
		n = n > PART_MAX ? n : n * 10 + (release)(here(s) - '0');
	return n > PART_MAX ? PART_MAX : n;
}

/* "rc1", ".post2", "-dev", "+local.1" */
static void skip_suffix(struct scan *s)
{
	for (char c = here(s); c != '\0'; c = here(s)) {
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !is_digit(c) && strchr(".-_+", c) == NULL)
			break;
		s->at++;
	}
}

static bool read_version(struct scan *s, struct version *v)
{
	size_t begin = s->at;
	*v = (struct version){.count = 0};
	if (skip_text(s, "*")) {
		v->wild = true;
		return true;
	}
	if (here(s) == 'v')
		s->at++;
	if (!is_digit(here(s)))
		return false;
	for (bool more = true; more;) {
		release n = number(s);
		if (v->count < PARTS)
			v->parts[v->count++] = n;
		more = here(s) == '.' && s->at + 1 < s->text.len && is_digit(s->text.ptr[s->at + 1]);
		s->at += more;
	}
	v->wild = skip_text(s, ".*");
	if (!v->wild)
		skip_suffix(s);
	v->written = str_slice(s->text, begin, s->at);
	return true;
}

static release release_of(const struct version *v)
{
	return RELEASE(v->parts[0], v->parts[1], v->parts[2]);
}

/* The first release that differs from 'v' in part 'i' or before it. */
static release above(const struct version *v, unsigned i)
{
	release parts[PARTS] = {0};
	for (unsigned k = 0; k <= i; k++)
		parts[k] = v->parts[k];
	parts[i]++;
	return RELEASE(parts[0], parts[1], parts[2]);
}

/* ---- clauses ---------------------------------------------------------------- */

enum comparison {
	EXACTLY, /* ==, ===, = or nothing  */
	AT_LEAST,
	AT_MOST,
	MORE,
	LESS,
	OTHER_THAN, /* != : passed over       */
	COMPATIBLE, /* ~= of PEP 440          */
	CARET,
	TILDE, /* ^ and ~ of Poetry      */
};

static const struct {
	const char *text;
	enum comparison meaning;
} comparisons[] = {
	{"===", EXACTLY}, {"==", EXACTLY}, {"~=", COMPATIBLE}, {"!=", OTHER_THAN},
	{">=", AT_LEAST}, {"<=", AT_MOST}, {">", MORE},        {"<", LESS},
	{"^", CARET},     {"~", TILDE},    {"=", EXACTLY},     {"", EXACTLY},
};

static enum comparison read_comparison(struct scan *s)
{
	size_t i = 0;
	while (!skip_text(s, comparisons[i].text))
		i++;
	skip_space(s);
	return comparisons[i].meaning;
}

/* The leftmost part that is not 0, of those that are given. */
static unsigned leading_part(const struct version *v)
{
	unsigned i = 0;
	while (i + 1 < v->count && v->parts[i] == 0)
		i++;
	return i;
}

static struct version_range meaning_of(enum comparison c, const struct version *v)
{
	release at = release_of(v);
	struct version_range r = {0, RELEASE_MAX, STR_EMPTY};
	if (v->count == 0)
		return r; /* "*" */
	switch (c) {
	case EXACTLY:
		r = v->wild ? (struct version_range){at, above(v, v->count - 1), STR_EMPTY}
		            : (struct version_range){at, at + 1, v->written};
		break;
	case AT_LEAST: r.low = at; break;
	case AT_MOST: r.high = at + 1; break;
	case MORE: r.low = at + 1; break;
	case LESS: r.high = at; break;
	case OTHER_THAN: break;
	case COMPATIBLE:
		r = (struct version_range){at, above(v, v->count > 1 ? v->count - 2 : 0), STR_EMPTY};
		break;
	case CARET: r = (struct version_range){at, above(v, leading_part(v)), STR_EMPTY}; break;
	case TILDE:
		r = (struct version_range){at, above(v, v->count > 1 ? 1 : 0), STR_EMPTY};
		break;
	}
	return r;
}

static void narrow(struct version_range *range, struct version_range by)
{
	if (by.written.len > 0)
		range->written = by.written;
	if (by.low > range->low)
		range->low = by.low;
	if (by.high < range->high)
		range->high = by.high;
}

/* Clauses that all hold, up to the end or a '|'. */
static bool read_clauses(struct scan *s, struct version_range *out)
{
	struct version v;
	*out = (struct version_range){0, RELEASE_MAX, STR_EMPTY};
	skip_space(s);
	while (here(s) != '|' && s->at < s->text.len) {
		enum comparison c = read_comparison(s);
		if (!read_version(s, &v))
			return false;
		narrow(out, meaning_of(c, &v));
		skip_space(s);
		if (skip_text(s, ","))
			skip_space(s);
	}
	return true;
}

/* ---- sets ------------------------------------------------------------------- */

/* Of too many ranges the last grows to hold the rest: more is allowed then, never less. */
static void add_range(struct version_set *set, struct version_range r)
{
	if (r.low >= r.high)
		return; /* its clauses contradict each other */
	for (unsigned i = 0; i < set->count; i++)
		if (set->ranges[i].low == r.low && set->ranges[i].high == r.high)
			return;
	if (set->count < VERSION_RANGES_MAX) {
		set->ranges[set->count++] = r;
		return;
	}
	struct version_range *last = &set->ranges[VERSION_RANGES_MAX - 1];
	last->written = STR_EMPTY;
	if (r.low < last->low)
		last->low = r.low;
	if (r.high > last->high)
		last->high = r.high;
}

bool version_set_add(struct version_set *set, struct str text)
{
	struct version_set with = *set;
	struct scan s = {.text = text};
	struct version_range r;
	do {
		if (!read_clauses(&s, &r))
			return false;
		add_range(&with, r);
	} while (skip_text(&s, "||") || skip_text(&s, "|"));
	*set = with;
	return true;
}

bool version_set_exact(const struct version_set *set)
{
	for (unsigned i = 0; i < set->count; i++)
		if (set->ranges[i].written.len == 0)
			return false;
	return set->count > 0;
}

bool version_set_meets(const struct version_set *set, release low, release high)
{
	for (unsigned i = 0; i < set->count; i++)
		if (set->ranges[i].low < high && low < set->ranges[i].high)
			return true;
	return false;
}

bool version_set_within(const struct version_set *set, release low, release high,
                        struct version_set *out)
{
	*out = (struct version_set){.count = 0};
	for (unsigned i = 0; i < set->count; i++) {
		struct version_range r = set->ranges[i];
		narrow(&r, (struct version_range){low, high, STR_EMPTY});
		if (r.low < r.high)
			out->ranges[out->count++] = r;
	}
	return out->count > 0;
}

bool version_sets_meet(const struct version_set *a, const struct version_set *b)
{
	for (unsigned i = 0; i < b->count; i++)
		if (version_set_meets(a, b->ranges[i].low, b->ranges[i].high))
			return true;
	return false;
}

static release newest_of(const struct version_range *r, release known)
{
	if (r->low > known)
		return r->low;
	return r->high > known ? known : r->high - 1;
}

/* As text. One below x.y.0 is some patch of the version before, nobody knows which: it is left out. */
static struct str release_text(struct arena *run, release r)
{
	const unsigned unknown = (1u << RELEASE_BITS) - 1;
	unsigned major = (unsigned)(r >> (2 * RELEASE_BITS)) & unknown;
	unsigned minor = (unsigned)(r >> RELEASE_BITS) & unknown, patch = (unsigned)r & unknown;
	if (minor == unknown)
		return arena_printf(run, "%u", major);
	if (patch == unknown)
		return arena_printf(run, "%u.%u", major, minor);
	return arena_printf(run, "%u.%u.%u", major, minor, patch);
}

struct str version_set_newest(struct arena *run, const struct version_set *set, release known,
                              release *newest)
{
	const struct version_range *best = &set->ranges[0];
	for (unsigned i = 1; i < set->count; i++)
		if (newest_of(&set->ranges[i], known) > newest_of(best, known))
			best = &set->ranges[i];
	*newest = newest_of(best, known);
	if (best->written.len > 0)
		return arena_str(run, best->written);
	return release_text(run, *newest);
}
