#include "models/traffic.h"

#include <math.h>
#include <stdlib.h>

enum { DAY_SECONDS = 86400, HOUR_SECONDS = 3600, WEEK_HOURS = 168 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int week_hour(int64_t at)
{
    /* 1970-01-01 was a Thursday, the fourth day of the week. */
    int64_t hours = floor_div(at, HOUR_SECONDS) + 3 * 24;
    return (int)(hours - floor_div(hours, WEEK_HOURS) * WEEK_HOURS);
}

struct mean {
    double sum;
    size_t n;
};

static double mean_of(const struct mean *m)
{
    return m->n ? m->sum / (double)m->n : NAN;
}

static void put(struct mean *m, double value)
{
    m->sum += value;
    m->n++;
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* How much of an average week's traffic falls into its busiest tenth of hours. */
static double busiest_share(const struct mean week[WEEK_HOURS])
{
    double level[WEEK_HOURS], all = 0, busiest = 0;
    size_t hours = 0;
    for (int h = 0; h < WEEK_HOURS; h++)
        if (week[h].n) {
            level[hours] = mean_of(&week[h]);
            all += level[hours++];
        }
    qsort(level, hours, sizeof *level, descending);
    for (size_t i = 0; i < (hours + 9) / 10; i++)
        busiest += level[i];
    return all > 0 ? busiest / all : 0;
}

static void fill_profile(struct traffic_shape *shape, const struct traffic_point *points,
                         size_t n)
{
    struct mean by_hour[24] = {{0, 0}}, by_weekday[7] = {{0, 0}}, week[WEEK_HOURS] = {{0, 0}};
    for (size_t i = 0; i < n; i++) {
        int hour = week_hour(points[i].start);
        put(&week[hour], points[i].value);
        put(&by_hour[hour % 24], points[i].value);
        put(&by_weekday[hour / 24], points[i].value);
    }
    for (int h = 0; h < 24; h++)
        shape->by_hour[h] = mean_of(&by_hour[h]);
    for (int d = 0; d < 7; d++)
        shape->by_weekday[d] = mean_of(&by_weekday[d]);
    shape->busiest_share = busiest_share(week);
}

static void fill_burst(struct traffic_shape *shape, const struct traffic_point *points,
                       size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        int64_t hour = floor_div(points[from].start, HOUR_SECONDS);
        double sum = 0, peak = 0;
        for (to = from; to < n && floor_div(points[to].start, HOUR_SECONDS) == hour; to++) {
            sum += points[to].value;
            peak = fmax(peak, points[to].value);
        }
        /* A quiet hour with one busy minute is no burst worth paying for. */
        if (to - from > 1 && peak >= shape->mean)
            shape->burst_ratio = fmax(shape->burst_ratio, peak * (double)(to - from) / sum);
    }
}

static void fill_ramp(struct traffic_shape *shape, const struct traffic_point *points,
                      size_t n, int ramp_seconds)
{
    double base = shape->mean / 10;
    for (size_t i = 0, from = 0; i < n; i++) {
        while (points[i].start - points[from].start > ramp_seconds)
            from++;
        for (size_t k = from; k < i; k++) {
            double before = points[k].value, now = points[i].value;
            shape->ramp_step = fmax(shape->ramp_step, now - before);
            if (before >= base && before > 0)
                shape->ramp_ratio = fmax(shape->ramp_ratio, now / before);
        }
    }
}

static void fill_level(struct traffic_shape *shape, const struct traffic_point *points,
                       size_t n)
{
    double sum = 0, squares = 0;
    shape->peak_at = points[0].start;
    for (size_t i = 0; i < n; i++) {
        sum += points[i].value;
        if (points[i].value > shape->peak) {
            shape->peak = points[i].value;
            shape->peak_at = points[i].start;
        }
    }
    shape->mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (points[i].value - shape->mean) * (points[i].value - shape->mean);
    if (n > 1 && shape->mean > 0)
        shape->dispersion = squares / (double)(n - 1) / shape->mean;
}

bool traffic_shape_of(struct traffic_shape *out, const struct traffic_point *points, size_t n,
                      int step, int ramp_seconds)
{
    if (n == 0)
        return false;
    struct traffic_shape shape = {.points = n, .ramp_ratio = 1};
    shape.days = (double)(points[n - 1].start - points[0].start + step) / DAY_SECONDS;
    fill_level(&shape, points, n);
    fill_profile(&shape, points, n);
    if (step < HOUR_SECONDS)
        fill_burst(&shape, points, n);
    fill_ramp(&shape, points, n, ramp_seconds);
    *out = shape;
    return true;
}
