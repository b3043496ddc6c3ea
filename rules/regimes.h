/*
 * regimes.h - a rule on a function, once for each version of the framework that the project allows and in which what
 * the rule asks for is another.
 */
#ifndef IDLETX_RULES_REGIMES_H
#define IDLETX_RULES_REGIMES_H

#include "program/program.h"

/*
 * Runs ctx->rule and hands in what it finds, each finding once: with the versions that it holds in, when it does not
 * hold in all of them, and then as no error unless it holds in the assumed one.
 */
void check_in_regimes(struct rule_ctx *ctx);

#endif
