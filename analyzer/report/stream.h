/*
 * stream.h - a large JSON document written piece by piece. Values are made and
 * printed by the library; only the few outer objects and arrays are opened and closed here, so
 * that memory holds one finding at a time and not five thousand.
 */
#ifndef IDLETX_REPORT_STREAM_H
#define IDLETX_REPORT_STREAM_H

#include "base/base.h"
#include <jansson.h>
#include <stdio.h>

enum { STREAM_DEPTH_MAX = 8 };

struct stream {
	FILE *out;
	unsigned depth;
	bool filled[STREAM_DEPTH_MAX + 1]; /* is there an element at this depth already? */
	bool failed;                       /* a value was NULL, or 'out' has an error */
};

void stream_init(struct stream *s, FILE *out);

/* 'key' is NULL for an element of an array, and for the document itself. */
void stream_open_object(struct stream *s, const char *key);
void stream_open_array(struct stream *s, const char *key);
void stream_close_object(struct stream *s);
void stream_close_array(struct stream *s);

/* Writes 'value' and takes the reference to it. NULL (no memory) makes the stream fail. */
void stream_value(struct stream *s, const char *key, json_t *value);

/* Ends the document with a newline. False when anything went wrong on the way. */
MUST_USE bool stream_end(struct stream *s);

/* A string value; bad UTF-8 becomes U+FFFD. */
json_t *json_text(struct str s);
/* The same, or null for an empty text. */
json_t *json_text_or_null(struct str s);
/* A word that may be NULL. */
json_t *json_word_or_null(const char *word);
/* A line or column; null for 0, which means unknown. */
json_t *json_number_or_null(uint32_t n);

#endif
