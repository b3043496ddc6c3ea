/* script.c - see script.h. Importers are told by the last part of a name: a module that may be imported does not run alone. */
#include "program/script.h"

enum {
	SCRIPT_WRITES = 1, /* "__main__", or it parses the command line */
	SCRIPT_TESTS = 2,
	SCRIPT_IMPORTED = 4
};

struct scripts {
	uint8_t *modules; /* SCRIPT_* */
};

#define IMPORTER_NONE UINT32_MAX
#define IMPORTER_MANY (UINT32_MAX - 1)

static bool is_name_place(const struct project *p, const struct place *place)
{
	return place->root_kind == PLACE_GLOBAL && place->step_count == 0 &&
	       str_is(project_text(p, place->root), "__name__");
}

/* Does its body parse the command line: args = parser.parse_args()? Importing it would do so as well. */
static bool parses_arguments(struct arena *scratch, const struct project *p, module_id m)
{
	struct cfg cfg;
	if (!record_cfg(scratch, &p->modules[m].loaded, 0, &cfg))
		return false;
	for (uint32_t i = 0; i < cfg.event_count; i++)
		if (cfg.events[i].kind == EV_CALL && cfg.events[i].name != NAME_NONE &&
		    str_is(project_text(p, cfg.events[i].name), "parse_args"))
			return true;
	return false;
}

static bool tests_name(struct arena *scratch, const struct project *p, module_id m)
{
	struct cfg cfg;
	if (!record_cfg(scratch, &p->modules[m].loaded, 0, &cfg))
		return true;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		const ref sides[] = {e->a, e->b};
		for (size_t k = 0; e->kind == EV_TEST && k < ARRAY_LEN(sides); k++)
			if (ref_kind(sides[k]) == REF_KIND_PLACE &&
			    is_name_place(p, &cfg.places[ref_index(sides[k])]))
				return true;
	}
	return false;
}

/* Which module imports something so called. Parts of dotted names are no names of the project: they have an interner. */
struct importers {
	struct interner *names;
	uint32_t *of; /* per name: a module, IMPORTER_NONE or IMPORTER_MANY */
};

static void add_importer(struct importers *list, struct str name, module_id m)
{
	if (name.len == 0)
		return;
	uint32_t *by = &list->of[intern(list->names, name)];
	*by = *by == IMPORTER_NONE || *by == m ? m : IMPORTER_MANY;
}

static struct importers list_importers(struct arena *memory, const struct project *p)
{
	struct importers list = {.names = interner_new(memory)};
	size_t most = 1;
	for (module_id m = 0; m < p->module_count; m++)
		most += (size_t)project_module(p, m)->import_count * 2;
	list.of = arena_array(memory, uint32_t, most);
	memset(list.of, 0xff, most * sizeof *list.of);
	for (module_id m = 0; m < p->module_count; m++) {
		const struct module *module = project_module(p, m);
		for (uint32_t i = 0; i < module->import_count; i++) {
			const struct import *import = &module->imports[i];
			add_importer(&list, project_text(p, import->name), m);
			add_importer(&list, dotted_last(project_text(p, import->module)), m);
		}
	}
	return list;
}

static bool is_imported(const struct importers *list, const struct project *p, module_id m)
{
	name_id own = intern_find(list->names, dotted_last(p->modules[m].dotted));
	return own != NAME_NONE && list->of[own] != m;
}

const struct scripts *scripts_find(struct arena *run, const struct project *p)
{
	struct scripts *s = arena_new(run, struct scripts);
	struct arena scratch, list;
	struct importers importers = {0};
	name_id main_text = intern_find(p->names, STR("__main__"));
	name_id parse_text = intern_find(p->names, STR("parse_args"));
	s->modules = arena_array(run, uint8_t, p->module_count);
	arena_init(&scratch);
	arena_init(&list);
	for (module_id m = 0; m < p->module_count; m++) {
		bool main = module_writes(p, m, main_text);
		if (!main && (!module_writes(p, m, parse_text) || !parses_arguments(&scratch, p, m)))
			continue;
		if (importers.names == NULL)
			importers = list_importers(&list, p);
		s->modules[m] = (uint8_t)(SCRIPT_WRITES |
		                          (main && tests_name(&scratch, p, m) ? SCRIPT_TESTS : 0) |
		                          (is_imported(&importers, p, m) ? SCRIPT_IMPORTED : 0));
		arena_clear(&scratch);
	}
	if (importers.names != NULL)
		interner_free(importers.names);
	arena_release(&list);
	arena_release(&scratch);
	return s;
}

bool module_is_script(const struct program *program, module_id m)
{
	return (program->scripts->modules[m] & SCRIPT_TESTS) != 0;
}

bool module_runs_alone(const struct program *program, module_id m)
{
	return (program->scripts->modules[m] & (SCRIPT_WRITES | SCRIPT_IMPORTED)) == SCRIPT_WRITES;
}
