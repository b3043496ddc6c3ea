/*
 * sarif.h - the parts of a SARIF log: places, rules, results, notifications. Each
 * makes one value in the shape of the specification; sarif.c puts them in order.
 */
#ifndef IDLETX_REPORT_SARIF_H
#define IDLETX_REPORT_SARIF_H

#include "report/excerpt.h"
#include "report/report.h"
#include "report/stream.h"

/* GitHub takes so many and shows fewer. */
enum {
	SARIF_RESULTS_MAX = 25000,
	SARIF_RESULTS_SHOWN = 5000,
	SARIF_LOCATIONS_MAX = 1000, /* of one result */
};

struct sarif {
	const struct report *r;
	struct stream stream;
	struct excerpts excerpts;
	struct arena scratch;           /* texts of one value */
	struct str prefix;              /* from sarif_base to the root: "" or "services/shop/" */
	uint32_t keep[LEVEL_ERROR + 1]; /* how many results of each level are written */
	uint32_t results;               /* how many there are */
	uint32_t left_out;              /* beyond SARIF_RESULTS_MAX */
	uint32_t shortened;             /* results with more locations than SARIF_LOCATIONS_MAX */
};

/* ---- sarif_place.c ---- */

json_t *sarif_artifact(struct sarif *s, struct str path);

/* A physical location of one line, all four numbers; with lines around it when 'context' is set. */
json_t *sarif_physical(struct sarif *s, const struct location *at, bool context);

/* {"text": ..}, closed by a full stop. */
json_t *sarif_message(struct sarif *s, struct str text);

/* ---- sarif_rule.c ---- */

/* Every rule in the order of rule_table, and the weaknesses (CWE) they name. */
json_t *sarif_rules(struct sarif *s);
json_t *sarif_taxonomies(void);

/* Index in sarif_rules, or -1. */
int sarif_rule_index(const struct rule *rule);

/* ---- sarif_text.c ---- */

/* {"text": .., "markdown": ..} of a finding; links point to related locations by their id. */
json_t *sarif_finding_message(const struct finding *f);

/* ---- sarif_result.c ---- */

json_t *sarif_result(struct sarif *s, const struct finding *f);

/* How many locations the finding has, its own included, or its trace if that is longer. */
uint32_t sarif_location_count(const struct finding *f);

/* ---- sarif_note.c ---- */

/* One list: what was reported, and what this log leaves out. */
json_t *sarif_notifications(struct sarif *s);

#endif
