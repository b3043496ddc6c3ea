/*
 * setting.h - what a TOML or JSON file says, with the place of every key and
 * value, so that one set of checks serves both and every mistake has a line
 * and a column. Trees live in the run arena.
 */
#ifndef IDLETX_INPUT_SETTING_H
#define IDLETX_INPUT_SETTING_H

#include "base/base.h"
#include "input/config.h"

enum setting_kind {
	SETTING_TABLE, /* members in the order of the file; a JSON object */
	SETTING_ARRAY,
	SETTING_STRING,
	SETTING_NUMBER,
	SETTING_OTHER, /* true, null, a date: nothing that we take */
};

struct setting {
	enum setting_kind kind;
	struct str key;  /* of a table's member; empty for an array's element */
	uint32_t key_at; /* byte offsets in the text */
	uint32_t at;
	struct str text; /* of a string: its content; of a number: as written */
	struct setting *first, *last, *next;
	uint32_t count; /* members or elements */
};

/* The file that settings come from. */
struct setting_source {
	struct arena *run;
	struct diag *d;
	struct str path; /* as messages show it */
	struct str text; /* without a byte order mark */
};

struct text_place {
	uint32_t line, column; /* from 1; columns in code points */
};

struct text_place text_place_of(struct str text, size_t offset);

struct setting *setting_new(struct arena *run, enum setting_kind kind, uint32_t at);

/* Puts 'child' behind the other members or elements. */
void setting_append(struct setting *parent, struct setting *child);

/* The member of that name, or NULL. */
struct setting *setting_member(const struct setting *table, struct str key);

/* Adds a DIAG_USAGE entry at a byte offset of the text. Always returns false. */
bool setting_wrong(const struct setting_source *s, uint32_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The following return false after setting_wrong; '*out' is then untouched. */

/* A table whose keys are all in 'known'? Otherwise names the first that is not, with a did-you-mean. */
MUST_USE bool setting_table(const struct setting_source *s, const struct setting *v,
                            const char *const *known, size_t count);

/* A string that is not empty. */
MUST_USE bool setting_string(const struct setting_source *s, const struct setting *v,
                             struct str *out);

/* An array of such strings. */
MUST_USE bool setting_strings(const struct setting_source *s, const struct setting *v,
                              struct str_list *out);

/* Reads a JSON text. Duplicate keys are mistakes. */
MUST_USE bool json_read(const struct setting_source *s, struct setting **out);

/*
 * Reads [tool.idletx] of a TOML text in all the ways it can be written. '*out' is NULL when
 * there is none. Syntax errors elsewhere are then a warning: other tools read that file too.
 */
MUST_USE bool toml_read(const struct setting_source *s, struct setting **out);

/*
 * Reads all tables of a TOML text that belongs to others, as far as it can be understood. Nothing
 * is said about what cannot; of keys that are set twice the first stays. Never NULL.
 */
const struct setting *toml_read_all(struct arena *run, struct str text);

#endif
