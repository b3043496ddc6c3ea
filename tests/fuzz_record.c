/*
 * fuzz_record.c - any bytes as a record: it is refused with a reason, or all
 * its graphs that decode hold.
 */
#include "base/base.h"
#include "flow/record.h"
#include "flow/verify.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_graphs(const struct loaded_module *m)
{
	struct arena scratch;

	arena_init(&scratch);
	for (scope_id s = 0; s < m->module.scope_count; s++) {
		struct cfg cfg;
		const char *why = "";
		if (record_cfg(&scratch, m, s, &cfg) && !cfg_verify(&cfg, &why)) {
			fprintf(stderr, "a graph does not hold: %s\n", why);
			abort();
		}
		arena_clear(&scratch);
	}
	arena_release(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena run;
	struct loaded_module m;
	const char *why = NULL;

	arena_init(&run);
	struct interner *names = interner_new(&run);
	if (record_open(&run, names, (struct record){data, size}, &m, &why))
		read_graphs(&m);
	else if (why == NULL)
		abort();
	interner_free(names);
	arena_release(&run);
	return 0;
}
