/* paint.h - colour, when a person on a terminal reads. */
#ifndef IDLETX_REPORT_PAINT_H
#define IDLETX_REPORT_PAINT_H

#include "finding.h"
#include "input/options.h"
#include <stdio.h>

enum paint { PAINT_STRONG, PAINT_FAINT, PAINT_ERROR, PAINT_WARNING, PAINT_NOTE };

/* Should 'out' be coloured? For WHEN_AUTO: a terminal that can, and NO_COLOR is not set. */
bool paint_wanted(FILE *out, enum when when);

enum paint paint_of_level(enum level level);

/* Writes 'text', made harmless, in a colour when 'colour' is set. */
void paint_put(FILE *out, bool colour, enum paint p, struct str text);

#endif
