/* audit.c - the words for an audit's parts, as interfaces.md has them. */
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
