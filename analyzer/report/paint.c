/* paint.c - the few terminal sequences in use. */
#include "report/paint.h"

#include "report/plain.h"
#include <stdlib.h>
#include <unistd.h>

bool paint_wanted(FILE *out, enum when when)
{
	const char *never = getenv("NO_COLOR"), *terminal = getenv("TERM");

	switch (when) {
	case WHEN_ALWAYS: return true;
	case WHEN_NEVER: return false;
	case WHEN_AUTO: break;
	}
	if ((never != NULL && *never != '\0') || terminal == NULL || strcmp(terminal, "dumb") == 0)
		return false;
	return isatty(fileno(out)) == 1;
}

enum paint paint_of_level(enum level level)
{
	switch (level) {
	case LEVEL_ERROR: return PAINT_ERROR;
	case LEVEL_WARNING: return PAINT_WARNING;
	case LEVEL_NOTE:
	case LEVEL_OFF: return PAINT_NOTE;
	}
	abort();
}

static const char *sequence_of(enum paint p)
{
	switch (p) {
	case PAINT_STRONG: return "\x1b[1m";
	case PAINT_FAINT: return "\x1b[2m";
	case PAINT_ERROR: return "\x1b[1;31m";
	case PAINT_WARNING: return "\x1b[1;33m";
	case PAINT_NOTE: return "\x1b[1;36m";
	}
	abort();
}

void paint_put(FILE *out, bool colour, enum paint p, struct str text)
{
	if (colour)
		fputs(sequence_of(p), out);
	plain_put(out, text);
	if (colour)
		fputs("\x1b[0m", out);
}
