#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "elb.h"
#include "models/queueing.h"

enum { MOST_SERVERS = 100000, LEAST_MINUTES = 60, RAMP_SECONDS = 300 };
#define BUSY_QUANTILE 0.995

/* What the targets behind a load balancer are asked, from metrics and access logs. */
struct demand {
    double typical_per_second, busy_per_second; /* median; 99.5th percentile of the minutes */
    double service_seconds; /* in quiet minutes, so that queueing in the target is left out */
    double arrival_scv, service_scv;
    double targets; /* healthy at once, median */
    struct traffic_shape shape;
};

static struct weighted *samples_of(const struct metric_series *s, double scale)
{
    struct weighted *w = calloc(s->count + 1, sizeof *w);
    for (size_t i = 0; w && i < s->count; i++)
        w[i] = (struct weighted){s->values[i] * scale, 1};
    return w;
}

static bool quantile_of(double *out, const struct metric_series *s, double scale, double p)
{
    if (!s || s->count == 0)
        return false;
    struct weighted *w = samples_of(s, scale);
    if (!w)
        return false;
    weighted_sort(w, s->count);
    bool ok = quantile_nearest_rank(out, w, s->count, p);
    free(w);
    return ok;
}

/* The value of a series at a time; NaN when it has none there. */
static double value_at(const struct metric_series *s, int64_t at)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->times[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->count && s->times[low] == at ? s->values[low] : NAN;
}

/* Mean service time of the quarter of the minutes with the fewest requests. */
static double quiet_service(const struct metric_series *rate,
                            const struct metric_series *service)
{
    double limit, sum = 0, weight = 0;
    if (!quantile_of(&limit, rate, 1, 0.25))
        return NAN;
    for (size_t i = 0; i < rate->count; i++) {
        double seconds = value_at(service, rate->times[i]);
        if (rate->values[i] > limit || isnan(seconds))
            continue;
        sum += seconds * rate->values[i];
        weight += rate->values[i];
    }
    return weight > 0 ? sum / weight : NAN;
}

static double median_or(const struct metric_series *s, double otherwise)
{
    double value;
    return quantile_of(&value, s, 1, 0.5) ? value : otherwise;
}

/* Healthy targets of all groups and zones; groups are added, since each is a fleet of its own.
 */
static double healthy_targets(const struct recommend_input *in, uint32_t resource)
{
    size_t count;
    const struct metric_series *s = estate_series(in->estate, resource, &count);
    double sum = NAN;
    for (size_t i = 0; i < count; i++)
        if (strcmp(sym_or_empty(s[i].metric), "HealthyHostCount") == 0 &&
            strcmp(sym_or_empty(s[i].stat), "Maximum") != 0)
            sum = (isnan(sum) ? 0 : sum) + median_or(&s[i], 0);
    return sum;
}

static bool read_demand(struct demand *d, const struct recommend_input *in,
                        const struct balancer *b)
{
    const struct metric_series *rate = elb_finest(in, b->resource, "RequestCount", "Sum");
    const struct metric_series *service =
        elb_finest(in, b->resource, "TargetProcessingTime", "Average");
    if (!service)
        service = elb_finest(in, b->resource, "TargetResponseTime", "Average");
    if (!rate || !service || rate->step <= 0 || rate->step > RAMP_SECONDS ||
        rate->count < LEAST_MINUTES)
        return false;
    double per_second = 1.0 / rate->step;
    *d = (struct demand){.service_seconds = quiet_service(rate, service)};
    quantile_of(&d->typical_per_second, rate, per_second, 0.5);
    quantile_of(&d->busy_per_second, rate, per_second, BUSY_QUANTILE);
    d->arrival_scv =
        fmax(1, median_or(elb_series(in, b->resource, "RequestCount", "Dispersion"), 1));
    d->service_scv =
        median_or(elb_series(in, b->resource, "TargetProcessingTime", "SquaredVariation"), 1);
    d->targets = healthy_targets(in, b->resource);
    elb_shape(&d->shape, in, b);
    return d->service_seconds > 0 && d->busy_per_second > 0;
}

struct sizing {
    unsigned servers, targets, with_zone_loss;
    double target_seconds, share_over, slots, zones;
};

static bool size_fleet(struct sizing *s, const struct recommend_input *in,
                       const struct balancer *b, const struct demand *d)
{
    struct queue_load load = {d->busy_per_second, d->service_seconds, d->arrival_scv,
                              d->service_scv};
    struct range declared;
    const struct node *usage = in->estate->resources.at[b->resource].usage;
    s->target_seconds = elb_parameter(in, "wait_seconds", 0.1);
    s->share_over = 1 - elb_parameter(in, "wait_percentile", 99) / 100;
    s->slots = range_read(&declared, node_get(usage, "slots_per_target"))
                   ? declared.expected
                   : elb_parameter(in, "slots_per_target", NAN);
    s->zones = isnan(b->zones) ? 2 : b->zones;
    struct queue_target target = {QUEUE_WAIT, s->target_seconds, s->share_over};
    if (!queue_servers_for(&s->servers, &load, &target, MOST_SERVERS))
        return false;
    if (isnan(s->slots) || s->slots < 1)
        return true;
    s->targets = (unsigned)fmax(2, ceil(s->servers / s->slots));
    s->with_zone_loss = queue_with_zone_loss(s->targets, (unsigned)s->zones);
    return true;
}

static void add_evidence(struct advice *out, struct recommendation *r, const struct demand *d,
                         const struct sizing *s)
{
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "Requests a second",
                 "%.1f at the median minute, %.1f at its 99.5th percentile",
                 d->typical_per_second, d->busy_per_second);
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "Service time",
                 "%.1f ms in quiet minutes; squared variation %.2f, of arrivals %.2f",
                 1000 * d->service_seconds, d->service_scv, d->arrival_scv);
    evidence_add(
        out, r, EVIDENCE_MODEL, NULL, "Places to work at once",
        "%.1f Erlangs; %u so that %.1f %% wait at most %.0f ms (Erlang C, Allen-Cunneen)",
        d->busy_per_second * d->service_seconds, s->servers, 100 * (1 - s->share_over),
        1000 * s->target_seconds);
    evidence_add(
        out, r, EVIDENCE_MODEL, NULL, "Losing a zone",
        "%u targets of %.0f places; %u over %.0f zones leave as many when one is lost",
        s->targets, s->slots, s->with_zone_loss, s->zones);
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "Fastest growth within 5 minutes",
                 "%.1f times; busiest minute %.1f times its hour", d->shape.ramp_ratio,
                 d->shape.burst_ratio);
}

static void advise_more(struct advice *out, const struct recommend_input *in,
                        const struct balancer *b, const struct demand *d,
                        const struct sizing *s)
{
    struct recommendation *r =
        elb_advise(out, in, b, "elb.fleet", ACTION_RESIZE, money_range_of(MONEY_ZERO));
    r->title = arena_printf(&out->arena, "Run %u targets behind %s instead of %.0f",
                            s->with_zone_loss, b->label, d->targets);
    r->effort = LEVEL_LOW;
    r->risk = 0;
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Cost",
                 "unknown: it is the price of %.0f targets", s->with_zone_loss - d->targets);
    add_evidence(out, r, d, s);
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "Scale by requests",
        arena_printf(&out->arena,
                     "a target tracking ALBRequestCountPerTarget of %.0f a minute keeps "
                     "the same wait, if a new target is ready before the next ramp",
                     60 * s->slots / d->service_seconds * d->busy_per_second *
                         d->service_seconds / s->servers));
    artefact_add(out, r, "terraform", "targets.tf",
                 arena_printf(&out->arena,
                              "# in the aws_autoscaling_group of these targets\n"
                              "min_size = %u\n",
                              s->with_zone_loss));
}

static void judge_size(struct advice *out, const struct recommend_input *in,
                       const struct balancer *b)
{
    struct demand d;
    struct sizing s = {0};
    if (!read_demand(&d, in, b))
        return;
    if (!size_fleet(&s, in, b, &d))
        advice_decline(out, "elb.fleet", b->resource,
                       "no number of targets keeps the wait at the target asked for");
    else if (s.targets == 0)
        advice_decline(out, "elb.fleet", b->resource,
                       "its targets need %u place%s to work at once (%.3g requests a second "
                       "of %.1f ms); how "
                       "many one target has is not declared (slots_per_target)",
                       s.servers, s.servers == 1 ? "" : "s", d.busy_per_second,
                       1000 * d.service_seconds);
    else if (isnan(d.targets))
        advice_decline(out, "elb.fleet", b->resource,
                       "%u targets are needed, zone loss counted; how many there are needs "
                       "HealthyHostCount",
                       s.with_zone_loss);
    else if (d.targets < s.with_zone_loss)
        advise_more(out, in, b, &d, &s);
    else
        advice_decline(
            out, "elb.fleet", b->resource,
            "%.0f targets run and %u would do (%u places for %.1f requests a second, "
            "one of %.0f zones lost); what fewer save is the price of the targets",
            d.targets, s.with_zone_loss, s.servers, d.busy_per_second, s.zones);
}

/* Signs that a load balancer or its targets turn work away. */
static const struct sign {
    const char *metric, *says;
} signs[] = {
    {"RejectedConnectionCount", "connections were rejected: it had reached its most"},
    {"SpilloverCount", "requests were turned away: the queue of 1,024 was full"},
    {"PortAllocationErrorCount",
     "no source port was left for targets: more targets or addresses"},
    {"TargetConnectionErrorCount", "targets did not accept connections"},
    {"HTTPCode_ELB_503_Count", "503: no target could take the request"},
    {"HTTPCode_ELB_504_Count", "504: a target took too long"},
};

enum { SUSTAINED_HOURS = 3 };

static int hours_with(const struct metric_series *s)
{
    int hours = 0;
    int64_t last = INT64_MIN;
    for (size_t i = 0; s && i < s->count; i++) {
        int64_t hour = s->times[i] / 3600;
        if (s->values[i] > 0 && hour != last) {
            hours++;
            last = hour;
        }
    }
    return hours;
}

static void judge_signs(struct advice *out, const struct recommend_input *in,
                        const struct balancer *b)
{
    struct recommendation *r = NULL;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const struct metric_series *s = elb_series(in, b->resource, signs[i].metric, "Sum");
        int hours = hours_with(s);
        if (hours < SUSTAINED_HOURS)
            continue;
        if (!r) {
            r = elb_advise(out, in, b, "elb.undersized", ACTION_RESIZE,
                           money_range_of(MONEY_ZERO));
            r->title = arena_printf(&out->arena, "Give %s more targets or capacity: %s",
                                    b->label, signs[i].says);
            r->effort = LEVEL_MEDIUM;
        }
        evidence_add(out, r, EVIDENCE_INPUT, s->source, signs[i].metric, "in %d hours: %s",
                     hours, signs[i].says);
    }
}

void elb_judge_fleet(struct advice *out, const struct recommend_input *in, struct balancer *b)
{
    judge_signs(out, in, b);
    if (b->kind != ELB_GATEWAY)
        judge_size(out, in, b);
}
