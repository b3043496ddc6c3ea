/* prepared.c - the pipeline up to the point at which single functions are looked at, on a text. */
#include "prepared.h"
#include "lowered.h"
#include "flow/lower_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void link_text(struct prepared *p, struct str text)
{
	struct project_input input = {.path = STR("app.py"), .report = true};
	struct worker *w = worker_new(lowered_syntax());
	assert_true(module_lower(w, input.path, text, &p->run, &input.record, p->diag));
	worker_free(w);
	project_link(&p->run, p->diag, &input, 1, &p->project);
}

void prepared_init(struct prepared *p, struct str text)
{
	struct framework_versions versions;
	struct str_list own = {0};
	*p = (struct prepared){.diag = diag_new()};
	arena_init(&p->run);
	arena_init(&p->scratch);
	assert_true(protocols_load(&p->run, p->diag, STR("."), &own, &p->protocols));
	link_text(p, text);
	versions_find(&p->run, p->diag, &p->project, STR("."), STR("0.110.0"), STR("a test"),
	              &versions);
	program_prepare(&p->run, &p->project, &p->protocols, &versions, &p->config, &p->program);
}

void prepared_release(struct prepared *p)
{
	project_release(&p->project);
	arena_release(&p->scratch);
	arena_release(&p->run);
	diag_free(p->diag);
}

scope_id prepared_scope(const struct prepared *p, const char *name)
{
	const struct module *m = project_module(&p->project, 0);
	for (scope_id s = 1; s < m->scope_count; s++)
		if (str_is(project_text(&p->project, m->scopes[s].qualname), name))
			return s;
	fail_msg("no scope '%s'", name);
	return SCOPE_NONE;
}
