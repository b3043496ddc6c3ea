/*
 * github.c - workflow commands, which GitHub shows beside the changed lines. It takes
 * ten of each level a step and drops the rest without a word, so that word is said here.
 */
#include "report/report.h"

#include "report/count.h"
#include "report/plain.h"
#include "report/uri.h"
#include "rule.h"

enum { TAKEN = 10 };

/* '%' and line ends are escaped everywhere; colon and comma end a property. */
static void put_escaped(FILE *out, struct str text, bool property)
{
	const char *special = property ? "%:," : "%";
	size_t start = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\0' || strchr(special, c) == NULL)
			continue;
		plain_put(out, str_slice(text, start, i));
		fprintf(out, "%%%02X", (unsigned)(unsigned char)c);
		start = i + 1;
	}
	plain_put(out, str_slice(text, start, text.len));
}

static const char *command_of(enum level level)
{
	return level == LEVEL_NOTE ? "notice" : level_word(level);
}

static void put_details(FILE *out, const struct finding *f)
{
	for (uint32_t i = 0; i < f->detail_count; i++) {
		fputs("%0A", out);
		put_escaped(out, str_of(f->details[i].label), false);
		fputs(": ", out);
		put_escaped(out, f->details[i].text, false);
	}
}

static void put_finding(FILE *out, struct str prefix, const struct finding *f)
{
	fprintf(out, "::%s file=", command_of(f->level));
	put_escaped(out, prefix, true);
	put_escaped(out, f->at.path, true);
	if (f->at.line > 0)
		fprintf(out, ",line=%u,col=%u", f->at.line, f->at.column);
	fputs(",title=", out);
	put_escaped(out, str_of(f->rule->id), true);
	fputs("::", out);
	put_escaped(out, f->message, false);
	put_details(out, f);
	fputc('\n', out);
}

/* Writes at most 'room' of them; returns how many there are. */
static size_t put_level(FILE *out, const struct report *r, struct str prefix, enum level level,
                        size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < r->finding_count && !ferror(out); i++) {
		const struct finding *f = &r->findings[i];
		if (f->status == STATUS_OPEN && f->level == level && count++ < room)
			put_finding(out, prefix, f);
	}
	return count;
}

static size_t beyond(size_t count, size_t room)
{
	return count > room ? count - room : 0;
}

bool report_github(FILE *out, const struct report *r)
{
	struct arena names;

	arena_init(&names);
	struct str prefix = path_below(&names, r->sarif_base, r->root);
	/* The last notice is kept for what was left out. */
	size_t more = beyond(put_level(out, r, prefix, LEVEL_ERROR, TAKEN), TAKEN);
	more += beyond(put_level(out, r, prefix, LEVEL_WARNING, TAKEN), TAKEN);
	more += beyond(put_level(out, r, prefix, LEVEL_NOTE, TAKEN - 1), TAKEN - 1);
	if (more > 0)
		fprintf(out, "::notice title=idletx::%zu more finding%s: GitHub shows %d of each level a step\n",
		        more, plural(more), TAKEN);
	arena_release(&names);
	return !ferror(out);
}
