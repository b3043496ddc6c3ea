/* finding.c - the words for a finding's parts, as users and programs see them. */
#include "finding.h"

#include <stdlib.h>

const char *level_word(enum level l)
{
	switch (l) {
	case LEVEL_OFF: return "off";
	case LEVEL_NOTE: return "note";
	case LEVEL_WARNING: return "warning";
	case LEVEL_ERROR: return "error";
	}
	abort();
}

const char *finding_status_word(enum finding_status s)
{
	switch (s) {
	case STATUS_OPEN: return "open";
	case STATUS_ALLOWLISTED: return "allowlisted";
	case STATUS_SUPPRESSED: return "suppressed";
	case STATUS_BASELINED: return "baselined";
	}
	abort();
}
