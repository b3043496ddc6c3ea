/* audit_json.h - one handler of the audit as JSON. */
#ifndef IDLETX_REPORT_AUDIT_JSON_H
#define IDLETX_REPORT_AUDIT_JSON_H

#include "program/audit.h"
#include <jansson.h>

/* The row with every key of the report's format; NULL when memory ran out. The caller owns it. */
json_t *audit_row_value(const struct audit_row *row);

#endif
