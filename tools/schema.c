/*
 * schema.c - checks JSON files against a JSON Schema, at build: of the schema's language what ours needs, and a
 * word of it that is not known here is a mistake too, so that nothing in a schema is passed over.
 *
 *     schema SCHEMA FILE...       one line for each mistake; 1 when there is one
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, PATH_MAX_LENGTH = 512 };

struct place {
	const json_t *schema; /* the whole of it, for $ref */
	const char *file;     /* NULL: nothing is said, the answer alone counts */
	char path[PATH_MAX_LENGTH];
};

static bool matches(struct place *at, const json_t *schema, const json_t *value, unsigned depth);

static bool wrong(const struct place *at, const char *what, const char *which)
{
	if (at->file != NULL)
		fprintf(stderr, "%s: %s: %s%s%s\n", at->file, at->path[0] == '\0' ? "/" : at->path,
		        what, which[0] == '\0' ? "" : " ", which);
	return false;
}

static bool is_of_type(const char *type, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT: return strcmp(type, "object") == 0;
	case JSON_ARRAY: return strcmp(type, "array") == 0;
	case JSON_STRING: return strcmp(type, "string") == 0;
	case JSON_TRUE:
	case JSON_FALSE: return strcmp(type, "boolean") == 0;
	case JSON_INTEGER:
	case JSON_REAL:
	case JSON_NULL: return false;
	}
	return false;
}

/* "#/$defs/names" */
static const json_t *referred(const struct place *at, const char *to)
{
	static const char start[] = "#/$defs/";
	if (strncmp(to, start, sizeof start - 1) != 0)
		return NULL;
	return json_object_get(json_object_get(at->schema, "$defs"), to + sizeof start - 1);
}

static bool is_one_of(const json_t *all, const json_t *value)
{
	size_t i;
	const json_t *one;
	json_array_foreach(all, i, one)
	{
		if (json_equal(one, value))
			return true;
	}
	return false;
}

/* Under a longer path while the member or element is looked at. */
static bool matches_below(struct place *at, const char *name, const json_t *schema,
                          const json_t *value, unsigned depth)
{
	size_t length = strlen(at->path);
	snprintf(at->path + length, sizeof at->path - length, "/%s", name);
	bool ok = matches(at, schema, value, depth + 1);
	at->path[length] = '\0';
	return ok;
}

static bool members_match(struct place *at, const json_t *schema, const json_t *value,
                          unsigned depth)
{
	const json_t *known = json_object_get(schema, "properties");
	const json_t *others = json_object_get(schema, "additionalProperties");
	const char *key;
	json_t *member;
	bool ok = true;
	json_object_foreach((json_t *)value, key, member)
	{
		const json_t *of = json_object_get(known, key);
		if (of == NULL && json_is_false(others))
			ok = wrong(at, "unknown key", key);
		else if (of != NULL || others != NULL)
			ok &= matches_below(at, key, of != NULL ? of : others, member, depth);
	}
	return ok;
}

static bool elements_match(struct place *at, const json_t *items, const json_t *value,
                           unsigned depth)
{
	size_t i;
	const json_t *element;
	char name[24];
	bool ok = true;
	json_array_foreach(value, i, element)
	{
		snprintf(name, sizeof name, "%zu", i);
		ok &= matches_below(at, name, items, element, depth);
	}
	return ok;
}

static bool required_are_there(const struct place *at, const json_t *required, const json_t *value)
{
	size_t i;
	const json_t *name;
	json_array_foreach(required, i, name)
	{
		if (json_object_get(value, json_string_value(name)) == NULL)
			return wrong(at, "there is no key", json_string_value(name));
	}
	return true;
}

static bool any_matches(const struct place *at, const json_t *choices, const json_t *value,
                        unsigned depth)
{
	size_t i;
	const json_t *choice;
	struct place silent = *at;
	silent.file = NULL;
	json_array_foreach(choices, i, choice)
	{
		if (matches(&silent, choice, value, depth + 1))
			return true;
	}
	return wrong(at, "fits none of the forms that it may have", "");
}

/* One word of a schema; those that only tell say nothing about the value. */
static bool word_holds(struct place *at, const char *word, const json_t *schema,
                       const json_t *value, unsigned depth)
{
	static const char *const telling[] = {"$schema", "title", "description", "$defs",
	                                      "properties"};
	const json_t *says = json_object_get(schema, word);
	for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
		if (strcmp(word, telling[i]) == 0)
			return true;
	if (strcmp(word, "type") == 0)
		return is_of_type(json_string_value(says), value) ||
		       wrong(at, "must be of type", json_string_value(says));
	if (strcmp(word, "const") == 0)
		return json_equal(says, value) || wrong(at, "has another value than it must", "");
	if (strcmp(word, "enum") == 0)
		return is_one_of(says, value) ||
		       wrong(at, "is none of the words that it may be", "");
	if (strcmp(word, "minLength") == 0)
		return json_string_length(value) >= (size_t)json_integer_value(says) ||
		       wrong(at, "is too short", "");
	if (strcmp(word, "required") == 0)
		return required_are_there(at, says, value);
	if (strcmp(word, "additionalProperties") == 0)
		return members_match(at, schema, value, depth);
	if (strcmp(word, "items") == 0)
		return elements_match(at, says, value, depth);
	if (strcmp(word, "anyOf") == 0)
		return any_matches(at, says, value, depth);
	if (strcmp(word, "$ref") == 0)
		return matches(at, referred(at, json_string_value(says)), value, depth + 1);
	return wrong(at, "the schema has a word that tools/schema.c does not know:", word);
}

static bool matches(struct place *at, const json_t *schema, const json_t *value, unsigned depth)
{
	const char *word;
	json_t *says;
	if (schema == NULL || depth > DEPTH_MAX)
		return wrong(at, "the schema refers to nothing here, or is too deep", "");
	json_object_foreach((json_t *)schema, word, says)
	{
		if (!word_holds(at, word, schema, value, depth))
			return false;
	}
	return true;
}

static json_t *load(const char *path)
{
	json_error_t error;
	json_t *read = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (read == NULL)
		fprintf(stderr, "%s:%d:%d: %s\n", path, error.line, error.column, error.text);
	return read;
}

int main(int argc, char **argv)
{
	bool ok = argc > 2;
	json_t *schema = ok ? load(argv[1]) : NULL;
	if (schema == NULL)
		return 2;
	for (int i = 2; i < argc; i++) {
		struct place at = {.schema = schema, .file = argv[i]};
		json_t *value = load(argv[i]);
		ok &= value != NULL && matches(&at, schema, value, 0);
		json_decref(value);
	}
	json_decref(schema);
	return ok ? 0 : 1;
}
