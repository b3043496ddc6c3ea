/*
 * doubt.c - the run in which nothing was found because nothing was seen: there are handlers, some module
 * imports what opens sessions, and yet not one session was followed in the application.
 */
#include "pipeline.h"

#include "program/script.h"

static bool imports_package(const struct project *p, const struct module *m, const char *package)
{
	struct str wanted = str_of(package);
	for (uint32_t i = 0; i < m->import_count; i++) {
		struct str name = project_text(p, m->imports[i].module);
		if ((m->imports[i].flags & IMPORT_TYPE_CHECKING) == 0 && str_starts(name, wanted) &&
		    (name.len == wanted.len || name.ptr[wanted.len] == '.'))
			return true;
	}
	return false;
}

/* What speaks to a database server, in one way or another. */
static const char *library_of(const struct project *p, module_id m)
{
	static const char *const libraries[] = {"sqlalchemy", "sqlmodel", "psycopg", "psycopg2",
	                                        "asyncpg"};
	for (size_t i = 0; i < ARRAY_LEN(libraries); i++)
		if (imports_package(p, project_module(p, m), libraries[i]))
			return libraries[i];
	return NULL;
}

/* Is it part of the application: no test, no migration or what runs them, no program of its own? */
static bool is_application(const struct run *r, module_id m)
{
	const struct project_module *pm = &r->project.modules[m];
	return (pm->report || pm->beside) && !module_is_script(&r->program, m) &&
	       !imports_package(&r->project, &pm->loaded.module, "alembic");
}

void doubt_sessions(struct run *r)
{
	const char *library = NULL;
	module_id first = MODULE_NONE;
	uint32_t handlers = r->program.sync_handlers + r->program.async_handlers;
	for (module_id m = 0; handlers > 0 && r->files.whole && m < r->project.module_count; m++) {
		if (!is_application(r, m))
			continue;
		if (r->results[m].functions > 0)
			return;
		if (first == MODULE_NONE && (library = library_of(&r->project, m)) != NULL)
			first = m;
	}
	if (first == MODULE_NONE)
		return;
	struct str path = project_module(&r->project, first)->path;
	r->totals.doubt = arena_printf(&r->memory,
	                               "no session was followed, though there %s %u handler%s and "
	                               "%.*s imports %s: what gives sessions can be named in the "
	                               "configuration (providers)",
	                               handlers == 1 ? "is" : "are", handlers,
	                               handlers == 1 ? "" : "s", STR_ARG(path), library);
	if (r->options.format != FORMAT_TEXT)
		diag_add(r->diag, DIAG_NOTE, path, 0, 0, "%.*s", STR_ARG(r->totals.doubt));
}
