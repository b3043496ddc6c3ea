/* date.c - proleptic Gregorian calendar, by counting days from a March that begins a 400-year cycle. */
#include "triage/date.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { SECONDS_A_DAY = 24 * 60 * 60 };

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days before 1 January of a year from 1 on, counted from 1 January of year 1. */
static day_number days_before_year(int year)
{
	int y = year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400;
}

/* The number that 'digits' characters at 'text'[from] spell; -1 when one is no digit. */
static int number_at(struct str text, size_t from, size_t digits)
{
	int n = 0;

	for (size_t i = from; i < from + digits; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return -1;
		n = n * 10 + (text.ptr[i] - '0');
	}
	return n;
}

bool date_parse(struct str text, day_number *out)
{
	if (text.len != strlen("2027-06-30") || text.ptr[4] != '-' || text.ptr[7] != '-')
		return false;
	int year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	day_number days = days_before_year(year) - days_before_year(1970) + day - 1;
	for (int m = 1; m < month; m++)
		days += days_in_month(year, m);
	*out = days;
	return true;
}

day_number date_today(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	long long seconds = (long long)time(NULL);

	if (fixed != NULL && fixed[0] >= '0' && fixed[0] <= '9') {
		char *end;
		errno = 0;
		long long given = strtoll(fixed, &end, 10);
		if (errno == 0 && *end == '\0' && given / SECONDS_A_DAY < INT32_MAX)
			seconds = given;
	}
	return (day_number)(seconds / SECONDS_A_DAY);
}
