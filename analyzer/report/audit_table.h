/*
 * audit_table.h - the tables of an audit, counted once for text and Markdown:
 * totals, exits, files, providers, the handlers that cost most, and those
 * where reading the body and following its paths give different answers.
 */
#ifndef IDLETX_REPORT_AUDIT_TABLE_H
#define IDLETX_REPORT_AUDIT_TABLE_H

#include "finding.h"
#include "program/audit.h"

enum { COSTLY_MAX = 10, HOLDING_MAX = 25, SHARE_COUNT = SHARE_ALL + 1, FIX_COUNT = 6 };

/* One file, by category. */
struct hotspot {
	struct str path;
	uint32_t by_category[AUDIT_CATEGORY_COUNT];
	uint32_t missing; /* both, close or commit */
};

struct provider_use {
	const struct audit_provider *provider;
	uint32_t handlers;
};

/* What a handler keeps open, and how long. */
struct costly {
	const struct audit_row *row;
	enum released_by worst; /* of the exits with a transaction open */
	uint32_t open_exits;
};

struct audit_tables {
	uint32_t handlers; /* that are given a session: the categories are theirs */
	uint32_t others;   /* that reach or use one otherwise */
	uint32_t by_name[AUDIT_CATEGORY_COUNT]; /* the categories of issue #2660 */
	uint32_t by_path[AUDIT_CATEGORY_COUNT];
	uint32_t changed[AUDIT_CATEGORY_COUNT][AUDIT_CATEGORY_COUNT]; /* [by name][by path] */
	uint32_t exits[RELEASED_COUNT][SHARE_COUNT];                  /* by transaction open */
	uint32_t fixes[FIX_COUNT];                                    /* A to F */
	struct hotspot *hotspots; /* stb_ds arrays, these four; worst first */
	size_t hotspot_count;
	struct provider_use *providers; /* most used first */
	size_t provider_count;
	struct costly *costly; /* worst first, at most COSTLY_MAX */
	size_t costly_count;
	const struct audit_row **holding; /* that hold a transaction across something; most calls first */
	size_t holding_count, holding_total; /* at most HOLDING_MAX, of so many */
	const struct audit_row **differ;     /* in the order of rows */
	size_t differ_count;
};

/* Counts 'audit'; hotspots by name instead of by path with 'naive'. */
void audit_tables_init(struct audit_tables *t, const struct audit *audit, bool naive);
void audit_tables_release(struct audit_tables *t);

/* "missing both", "correct on some paths", ...: the category in a sentence. */
const char *category_phrase(enum audit_category c);

/* "A standard", ... of a letter from A to F. */
const char *fix_phrase(char letter);

#endif
