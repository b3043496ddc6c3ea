/* audit_row.h - phrases about one handler that text and Markdown share. */
#ifndef IDLETX_REPORT_AUDIT_ROW_H
#define IDLETX_REPORT_AUDIT_ROW_H

#include "report/audit_table.h"
#include <stdio.h>

/* "354 handlers: 199 missing both, 21 missing close, 0 missing commit, 108 correct" and so on. */
void audit_put_sentence(FILE *out, const uint32_t counts[AUDIT_CATEGORY_COUNT], uint32_t handlers);

/* "112 missing both, 18 missing close": the categories that count as missing, nothing else. */
void audit_put_missing(FILE *out, const struct hotspot *h);

/* "7 return open, 9 return open on some paths, 11 return closed" */
void audit_put_exits(FILE *out, const struct audit_row *row);

/* "json, none, orm" */
void audit_put_responses(FILE *out, const struct audit_row *row);

/* "client.post at 31, render_page at 40; template": what a handler holds a transaction across. 'put' writes names. */
void audit_put_held(FILE *out, const struct audit_row *row, void (*put)(FILE *, struct str));

/* "never: 2 exits open, while stream": why a handler costs what it does. */
void audit_put_cost(FILE *out, const struct costly *c);

#endif
