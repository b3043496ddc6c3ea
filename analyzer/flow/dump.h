/*
 * dump.h - stable, readable text of a module and of its graphs, for --dump and for
 * the corpus in fixtures/cfg.
 *
 * Operands: db is a local name, &db one of an enclosing function, $db a global; t3 the
 * value of an event; k0 the token of a finally. Each event stands behind its line.
 */
#ifndef IDLETX_FLOW_DUMP_H
#define IDLETX_FLOW_DUMP_H

#include "flow/module.h"

#include <stdio.h>

void dump_facts(FILE *out, const struct module *m, const struct interner *names);

/* One scope's graph, with a head line that names the scope. */
void dump_cfg(FILE *out, const struct module *m, const struct interner *names, scope_id scope,
              const struct cfg *c);

#endif
