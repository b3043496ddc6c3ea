/*
 * span.h - a range of bytes in one source file: [start, end). Lines and
 * columns are made from it once, where a finding leaves the program.
 */
#ifndef IDLETX_BASE_SPAN_H
#define IDLETX_BASE_SPAN_H

#include <stdint.h>

struct span {
	uint32_t start, end;
};

#endif
