/* verify.h - is a graph what cfg.h says a graph is? */
#ifndef IDLETX_FLOW_VERIFY_H
#define IDLETX_FLOW_VERIFY_H

#include "flow/cfg.h"

/*
 * Checks everything but the numbers of names. False with '*why' a static text for the
 * first fault. Linear, and safe for graphs that were read from untrusted bytes.
 */
MUST_USE bool cfg_verify(const struct cfg *c, const char **why);

#endif
