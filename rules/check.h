/*
 * check.h - runs the rules over one module: analyses each function that may
 * matter, hands it to every enabled rule, and writes its audit row.
 */
#ifndef IDLETX_RULES_CHECK_H
#define IDLETX_RULES_CHECK_H

#include "finding.h"
#include "input/config.h"
#include "program/audit.h"
#include "program/program.h"
#include "program/unknown.h"

struct check_options {
	const struct config *config;
	enum policy policy;  /* from the command line, or POLICY_UNSET */
	const bool *enabled; /* per rule of rule_table */
	bool audit;          /* also fill rows */
};

/* What one module gives. The arrays are stb_ds; what they point to is in the run arena. */
struct check_result {
	struct finding *findings;
	struct audit_row *rows;
	struct unknown *unknowns; /* providers, callees and receivers that were not read, one entry a use */
	uint32_t functions; /* analysed: something in them is tracked */
	uint32_t handlers;  /* that take an injected session, or use a registry as an entry point */
	struct solve_bounds bounds;
	uint32_t reads_refused; /* rules that would have read more functions of the module: see notes.h */
};

/* Everything that must outlive the call is put in 'run'; 'scratch' is cleared after each function. */
void check_module(struct arena *run, struct arena *scratch, const struct program *program,
                  module_id m, const struct check_options *options, struct check_result *out);

void check_result_release(struct check_result *r);

#endif
