/* date.h - calendar days as numbers, so that two of them can be compared. */
#ifndef IDLETX_TRIAGE_DATE_H
#define IDLETX_TRIAGE_DATE_H

#include "base/base.h"
#include <stdint.h>

typedef int32_t day_number; /* days since 1970-01-01 */

/* "2027-06-30", a day that exists. False for anything else; '*out' is then untouched. */
MUST_USE bool date_parse(struct str text, day_number *out);

/* Today in UTC; the day of SOURCE_DATE_EPOCH when that is set to a number. */
day_number date_today(void);

#endif
