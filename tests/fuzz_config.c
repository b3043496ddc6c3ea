/*
 * fuzz_config.c - configuration and allowlist from any bytes, as TOML and as
 * JSON: either the file is taken, or exactly what is wrong with it is said.
 */
#include "base/base.h"
#include "input/config.h"
#include "rule.h"
#include "triage/allowlist.h"
#include "temp_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[256];

static void remove_folder(void)
{
	static const char *const names[] = {"c.toml", "c.json"};
	char path[300];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* no disk */
	if (mkdtemp(temp_name(folder, sizeof folder, parent, "fuzz")) == NULL)
		abort();
	atexit(remove_folder);
	return 0;
}

static void write_file(const char *path, const uint8_t *data, size_t size)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(data, 1, size, f) != size || fclose(f) != 0)
		abort();
}

static bool is_rule(struct str id)
{
	return rule_find(id) != NULL;
}

static void use(const struct config *c)
{
	config_policy(c, POLICY_UNSET, STR("app/routers/users.py"));
	config_rule(c, STR("app/routers/users.py"), STR("unused-session"));
	for (size_t i = 0; i < c->exclude.count; i++)
		if (glob_match(c->exclude.items[i], STR("app/routers/users.py")) &&
		    c->exclude.items[i].len == 0)
			abort(); /* nothing matches only nothing */
}

static void load_config(const char *name, const uint8_t *data, size_t size)
{
	char path[300];
	struct arena run;
	struct config c;
	struct diag *d = diag_new();

	arena_init(&run);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	write_file(path, data, size);
	bool taken = config_load(&run, d, str_of(folder), path, is_rule, rule_nearest, &c);
	if (taken == diag_has(d, DIAG_USAGE))
		abort();
	if (taken)
		use(&c);
	diag_free(d);
	arena_release(&run);
}

static void load_allowlist(const uint8_t *data, size_t size)
{
	char path[300];
	struct arena run;
	struct allowlist list;
	struct diag *d = diag_new();
	struct config none = {0};

	arena_init(&run);
	snprintf(path, sizeof(path), "%s/c.json", folder);
	write_file(path, data, size);
	struct options options = {.allowlist = path};
	bool taken = allowlist_load(&run, d, str_of(folder), &options, &none, 20000, &list);
	if (taken == diag_has(d, DIAG_USAGE))
		abort();
	if (taken) {
		allowlist_covers(&list, STR("app/main.py"), STR("Shop.checkout"));
		allowlist_review(&list, true, true, d);
	}
	diag_free(d);
	arena_release(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	load_config("c.toml", data, size);
	load_config("c.json", data, size);
	load_allowlist(data, size);
	return 0;
}
