#ifndef MODELS_FORECAST_H
#define MODELS_FORECAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * What a daily series will be over the coming weeks: level, linear trend and
 * day of the week by least squares. A trend is believed as far as it stands out
 * of the noise (slope x t^2 / (1 + t^2), t its ratio to its error) and levels
 * off: h days ahead it counts as n (1 - exp(-h / n)) days, n days of history.
 * The band is the 80 % prediction interval of the mean over the horizon, by
 * Student's t, widened for residuals that follow each other.
 */
struct forecast {
    double low, expected, high; /* mean per day over the horizon; low is never below 0 */
    double recent;              /* mean per day of the last four weeks that were measured */
    double growth;              /* expected / recent; 1 when recent is 0 */
    double slope_per_day;       /* as believed, before it levels off */
    double weekday[7]; /* what that day adds to the level, Monday first; 0 when not fitted */
    double explained;  /* share of the variance, 0..1 */
    size_t days;       /* measured days */
    bool has_trend, has_week; /* false: too short a history to tell */
};

enum { FORECAST_QUARTER_DAYS = 91 };

/*
 * daily[i] is the value of day i, NaN where nothing was measured; first_weekday
 * is that of daily[0], 0 for Monday. Fails with fewer than 3 measured days. The trend
 * needs 14 measured days, the week 21 and each weekday among them.
 */
bool forecast_daily(struct forecast *out, const double *daily, size_t n, int first_weekday,
                    size_t horizon_days, struct err *err);

#endif
