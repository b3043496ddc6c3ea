/* audit.c - the words for an audit's parts, as reports have them. */
#include "program/audit.h"

#include <stdlib.h>

const char *share_word(enum share s)
{
	switch (s) {
	case SHARE_NONE: return "none";
	case SHARE_SOME: return "some";
	case SHARE_ALL: return "all";
	}
	abort();
}

const char *audit_category_word(enum audit_category c)
{
	switch (c) {
	case AUDIT_MISSING_BOTH: return "missing-both";
	case AUDIT_MISSING_CLOSE: return "missing-close";
	case AUDIT_MISSING_COMMIT: return "missing-commit";
	case AUDIT_PARTIAL: return "partial";
	case AUDIT_CORRECT: return "correct";
	case AUDIT_EXCEPTION: return "exception";
	case AUDIT_CATEGORY_COUNT: break;
	}
	abort();
}

bool audit_is_held_while(const struct audit_row *row, const char *what)
{
	for (uint32_t i = 0; i < row->held_while_count; i++)
		if (strcmp(row->held_while[i], what) == 0)
			return true;
	return false;
}
