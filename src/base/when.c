#include "base/when.h"

/* Days from civil and back: Howard Hinnant, "chrono-compatible low-level date algorithms". */
day day_of(int year, int month, int day_of_month)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date date_of(day d)
{
    int shifted = d + 719468;
    int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int m = (5 * day_of_year + 2) / 153;
    int month = m < 10 ? m + 3 : m - 9;
    return (struct date){year_of_era + era * 400 + (month <= 2), month,
                         day_of_year - (153 * m + 2) / 5 + 1};
}

int32_t month_of(day d)
{
    struct date date = date_of(d);
    return date.year * 12 + date.month - 1;
}

day month_first(int32_t month)
{
    return day_of(month / 12, month % 12 + 1, 1);
}

int month_days(int32_t month)
{
    return month_first(month + 1) - month_first(month);
}

/* Reads exactly `digits` digits; advances *p. */
static bool number(int *out, const char **p, const char *end, int digits)
{
    *out = 0;
    for (; digits > 0; digits--, (*p)++) {
        if (*p == end || **p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

static void skip(const char **p, const char *end, char c)
{
    if (*p < end && **p == c)
        (*p)++;
}

static bool read_date(day *out, const char **p, const char *end)
{
    int year, month, date;
    if (!number(&year, p, end, 4))
        return false;
    skip(p, end, '-');
    if (!number(&month, p, end, 2))
        return false;
    skip(p, end, '-');
    if (!number(&date, p, end, 2) || month < 1 || month > 12 || date < 1 ||
        date > month_days(year * 12 + month - 1))
        return false;
    *out = day_of(year, month, date);
    return true;
}

static bool read_clock(int64_t *seconds, const char **p, const char *end)
{
    int hour, minute, second = 0;
    if (!number(&hour, p, end, 2))
        return false;
    skip(p, end, ':');
    if (!number(&minute, p, end, 2))
        return false;
    skip(p, end, ':');
    if (*p < end && **p >= '0' && **p <= '9' && !number(&second, p, end, 2))
        return false;
    if (hour > 24 || minute > 59 || second > 60)
        return false;
    if (*p < end && **p == '.')
        for ((*p)++; *p < end && **p >= '0' && **p <= '9';)
            (*p)++;
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

static bool read_offset(int64_t *seconds, const char **p, const char *end)
{
    if (*p == end)
        return true;
    if (**p == 'Z') {
        (*p)++;
        return true;
    }
    skip(p, end, ' ');
    if (end - *p == 3 && (*p)[0] == 'U' && (*p)[1] == 'T' && (*p)[2] == 'C') {
        *p = end;
        return true;
    }
    if (*p == end || (**p != '+' && **p != '-'))
        return false;
    int sign = *(*p)++ == '-' ? -1 : 1, hours, minutes = 0;
    if (!number(&hours, p, end, 2))
        return false;
    skip(p, end, ':');
    if (*p < end && !number(&minutes, p, end, 2))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *seconds -= sign * (hours * 3600 + minutes * 60);
    return true;
}

bool when_parse(int64_t *seconds, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    day d;
    int64_t clock = 0;
    if (!read_date(&d, &p, end))
        return false;
    if (p < end) {
        if (*p != 'T' && *p != ' ')
            return false;
        p++;
        if (!read_clock(&clock, &p, end) || !read_offset(&clock, &p, end) || p != end)
            return false;
    }
    *seconds = (int64_t)d * 86400 + clock;
    return true;
}

bool when_is_recorded(int64_t seconds)
{
    const int64_t last = 4102444800; /* 2100-01-01 */
    return seconds >= 0 && seconds <= last;
}

bool day_parse(day *out, const char *text, size_t length)
{
    int64_t seconds;
    if (!when_parse(&seconds, text, length))
        return false;
    *out = (day)(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400);
    return true;
}

static void put(char *to, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
}

char *day_format(char out[DAY_TEXT], day d)
{
    struct date date = date_of(d);
    put(out, date.year, 4);
    put(out + 5, date.month, 2);
    put(out + 8, date.day, 2);
    out[4] = out[7] = '-';
    out[10] = '\0';
    return out;
}

char *month_format(char out[MONTH_TEXT], int32_t month)
{
    put(out, month / 12, 4);
    put(out + 5, month % 12 + 1, 2);
    out[4] = '-';
    out[7] = '\0';
    return out;
}

char *time_format(char out[TIME_TEXT], int64_t seconds)
{
    day d = (day)(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400);
    int clock = (int)(seconds - (int64_t)d * 86400);
    day_format(out, d);
    out[10] = 'T';
    put(out + 11, clock / 3600, 2);
    put(out + 14, clock / 60 % 60, 2);
    put(out + 17, clock % 60, 2);
    out[13] = out[16] = ':';
    out[19] = 'Z';
    out[20] = '\0';
    return out;
}
