/* temp_name.h - names for tests' own files and folders, as mkdtemp and mkstemp want them. */
#ifndef IDLETX_TESTS_TEMP_NAME_H
#define IDLETX_TESTS_TEMP_NAME_H

#include <stdio.h>
#include <string.h>

/* PARENT/idletx-NAME- and six letters that are replaced. Returns 'out', which holds 'size' bytes: enough for that. */
static inline char *temp_name(char *out, size_t size, const char *parent, const char *name)
{
	static const size_t replaced = 6;
	size_t length = (size_t)snprintf(out, size - replaced, "%s/idletx-%s-", parent, name);
	if (length > size - replaced - 1)
		length = size - replaced - 1;
	memset(out + length, 'X', replaced);
	out[length + replaced] = '\0';
	return out;
}

#endif
