#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "elb.h"

enum { RAMP_SECONDS = 300, DAY = 86400, HOUR = 3600 };
#define EVEN 1.2 /* times the mean */
#define WHOLE_DAY                                                                             \
    0.8 /* share of a day's points below which it is left out of the forecast                 \
         */

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};

static const struct metric_series *traffic_of(const struct recommend_input *in,
                                              const struct balancer *b)
{
    static const char *const metrics[] = {"RequestCount", "NewFlowCount", "NewFlowCount_TLS",
                                          "ProcessedBytes"};
    const struct metric_series *s = NULL;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics && !s; i++)
        s = elb_finest(in, b->resource, metrics[i], "Sum");
    return s && s->count && s->step > 0 && s->step <= HOUR ? s : NULL;
}

bool elb_shape(struct traffic_shape *out, const struct recommend_input *in,
               const struct balancer *b)
{
    const struct metric_series *s = traffic_of(in, b);
    struct traffic_point *points = s ? calloc(s->count, sizeof *points) : NULL;
    for (size_t i = 0; points && i < s->count; i++)
        points[i] = (struct traffic_point){s->times[i], s->values[i]};
    bool ok = points && traffic_shape_of(out, points, s->count, s->step,
                                         s->step > RAMP_SECONDS ? s->step : RAMP_SECONDS);
    free(points);
    return ok;
}

/* Sums by the day; NaN for a day that misses too many points. */
static bool forecast_of(struct forecast *out, const struct metric_series *s)
{
    int64_t first = s->times[0] / DAY;
    size_t days = (size_t)(s->times[s->count - 1] / DAY - first + 1);
    double *daily = calloc(days, sizeof *daily), *points = calloc(days, sizeof *points);
    for (size_t i = 0; daily && points && i < s->count; i++) {
        daily[s->times[i] / DAY - first] += s->values[i];
        points[s->times[i] / DAY - first]++;
    }
    for (size_t d = 0; daily && points && d < days; d++)
        if (points[d] < WHOLE_DAY * DAY / s->step)
            daily[d] = NAN;
    bool ok = daily && forecast_daily(out, daily, days, (int)((first + 3) % 7),
                                      FORECAST_QUARTER_DAYS, NULL);
    free(daily);
    free(points);
    return ok;
}

static int highest(const double *values, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (values[i] > values[best] || isnan(values[best]))
            best = i;
    return best;
}

static int lowest(const double *values, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (values[i] < values[best] || isnan(values[best]))
            best = i;
    return best;
}

static const char *profile_text(struct arena *arena, const double *values, int n, double mean)
{
    struct buf text = BUF_INIT;
    for (int i = 0; i < n; i++)
        if (isnan(values[i]))
            buf_add(&text, i ? " -" : "-");
        else
            buf_printf(&text, i ? " %.2f" : "%.2f", mean > 0 ? values[i] / mean : 0);
    const char *kept = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return kept;
}

static void add(struct declined *d, enum evidence_kind kind, const char *label,
                const char *value, const char *source)
{
    VEC_ADD(&d->evidence, ((struct evidence){kind, label, value, source}));
}

/* In percent more than one; what rounds to 0 has no sign. */
static double above(double ratio)
{
    double percent = 100 * (ratio - 1);
    return fabs(percent) < 0.5 ? 0 : percent;
}

/* A day without a rise needs no profile. */
static void report_even(struct advice *out, const struct balancer *b,
                        const struct metric_series *s, const struct traffic_shape *shape,
                        const char *ahead)
{
    advice_decline(
        out, "elb.traffic", b->resource,
        "%s is even over the day (no hour above %.1f x the mean; highest step %.1f x); "
        "%s",
        sym_or_empty(s->metric), EVEN, shape->peak / shape->mean, ahead);
}

/* The shape of its traffic: no advice of its own, but what the others stand on. */
void elb_report_traffic(struct advice *out, const struct recommend_input *in,
                        const struct balancer *b)
{
    const struct metric_series *s = traffic_of(in, b);
    struct traffic_shape shape;
    struct forecast f = {.days = 0};
    struct arena *arena = &out->arena;
    if (!s || !elb_shape(&shape, in, b) || shape.mean <= 0)
        return;
    bool known = forecast_of(&f, s);
    const char *ahead =
        known
            ? arena_printf(arena, "next quarter %+.0f %% (%+.0f to %+.0f) of the last weeks",
                           above(f.growth), above(f.low / f.recent), above(f.high / f.recent))
            : "too few whole days for a forecast";
    if (shape.by_hour[highest(shape.by_hour, 24)] < EVEN * shape.mean) {
        report_even(out, b, s, &shape, ahead);
        return;
    }
    struct declined *d = advice_decline(
        out, "elb.traffic", b->resource,
        "%s is highest at %02d:00 UTC (%.1f x the mean) and lowest at %02d:00, highest on %s; "
        "the "
        "busiest tenth of the week carries %.0f %%; within %d s it grows %.1f x at most%s; %s",
        sym_or_empty(s->metric), highest(shape.by_hour, 24),
        shape.by_hour[highest(shape.by_hour, 24)] / shape.mean, lowest(shape.by_hour, 24),
        weekdays[highest(shape.by_weekday, 7)], 100 * shape.busiest_share,
        s->step > RAMP_SECONDS ? s->step : RAMP_SECONDS, shape.ramp_ratio,
        shape.burst_ratio > 0
            ? arena_printf(arena, ", the busiest step is %.1f x its hour", shape.burst_ratio)
            : "",
        ahead);
    add(d, EVIDENCE_INPUT, "Points",
        arena_printf(arena, "%zu of %d s over %.1f days", shape.points, s->step, shape.days),
        s->source);
    add(d, EVIDENCE_MODEL, "By hour of the day, as a multiple of the mean",
        profile_text(arena, shape.by_hour, 24, shape.mean), NULL);
    add(d, EVIDENCE_MODEL, "By weekday from Monday, as a multiple of the mean",
        profile_text(arena, shape.by_weekday, 7, shape.mean), NULL);
    if (known)
        add(d, EVIDENCE_MODEL, "Mean per day in the next 91 days",
            arena_printf(arena, "%.4g (80 %% band %.4g to %.4g); recent %.4g; trend%s, week%s",
                         f.expected, f.low, f.high, f.recent, f.has_trend ? "" : " not fitted",
                         f.has_week ? "" : " not fitted"),
            NULL);
}
