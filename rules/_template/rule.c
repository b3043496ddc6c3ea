/* RULE_NAME: what is wrong, in one sentence, and the one idea behind finding it. */
#include "rule.h"

static void check(struct rule_ctx *ctx)
{
	(void)ctx;
}

const struct rule rule_RULE_SYMBOL = {
	.id = "RULE_NAME",
	.title = "one line: what is wrong",
	.level_max = LEVEL_WARNING,
	.precision = "medium",
	.cwe = "CWE-772",
	.check = check,
};
