#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Time without a clock or a time zone: everything is UTC and proleptic
 * Gregorian. A `day` counts days, an `hour` counts hours, a month counts months
 * (year x 12 + month - 1), seconds count seconds; the first three from 1970-01-01.
 */
typedef int32_t day;

struct date {
    int year, month, day; /* 1..12, 1..31 */
};

day day_of(int year, int month, int day_of_month);
struct date date_of(day d);
int32_t month_of(day d);            /* 2026-01 is 2026 x 12 + 0 */
day month_first(int32_t month);
int month_days(int32_t month);      /* 28..31 */

/*
 * Reads "2026-01-31", "2026-01-31T23:00:00Z", "2026-01-31 23:00:00.000",
 * "...+00:00" or another offset, "20260131T000000.000Z" and "20260131" into
 * seconds since 1970. False for anything else.
 */
bool when_parse(int64_t *seconds, const char *text, size_t length);
/* 1970 to 2100: when a bill or a metric can be from. Beyond, one row moves a whole report. */
bool when_is_recorded(int64_t seconds);
bool day_parse(day *out, const char *text, size_t length);

enum { DAY_TEXT = 11, TIME_TEXT = 21, MONTH_TEXT = 8 };
char *day_format(char out[DAY_TEXT], day d);              /* 2026-01-31; returns out */
char *month_format(char out[MONTH_TEXT], int32_t month);  /* 2026-01 */
char *time_format(char out[TIME_TEXT], int64_t seconds);  /* 2026-01-31T23:00:00Z */

#endif
