/*
 * plain.h - text from outside, made harmless. Paths, names and source lines are
 * whatever somebody put into a repository: terminal escapes, text that reads backwards, bytes
 * that are no UTF-8. Every reporter writes them through this file.
 */
#ifndef IDLETX_REPORT_PLAIN_H
#define IDLETX_REPORT_PLAIN_H

#include "base/base.h"
#include <stdio.h>

#define REPLACEMENT 0xfffdu

/*
 * The code point at 'at', which must be below s.len; its length in bytes is
 * returned. Bad UTF-8 gives REPLACEMENT for one byte.
 */
size_t plain_step(struct str s, size_t at, uint32_t *code);

/* Does a terminal or editor do anything else with it than show it (controls, bidi marks)? */
bool plain_is_control(uint32_t code);

/* One code point as UTF-8 into 'out' (4 bytes of room); returns how many. */
size_t plain_encode(uint32_t code, char *out);

/*
 * Writes 's' on one line: controls as \x1b or \u202e, bad bytes as U+FFFD.
 */
void plain_put(FILE *out, struct str s);

/* 's' itself when it is valid UTF-8, else a copy in 'a' with U+FFFD for every bad byte. */
struct str plain_utf8(struct arena *a, struct str s);

#endif
