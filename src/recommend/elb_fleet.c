#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elb.h"
#include "models/queueing.h"

enum { MOST_SERVERS = 100000, LEAST_MINUTES = 60, RAMP_SECONDS = 300 };
enum { CPU_PERCENT_AT_MOST = 60 }; /* above, service times grow with the load */
#define BUSY_QUANTILE 0.995

/* What the targets behind a load balancer are asked, from metrics and access logs. */
struct demand {
    double typical_per_second, busy_per_second; /* median; 99.5th percentile of the minutes */
    double peak_per_second, ramp_per_second;    /* the most; most gained within 5 minutes */
    double service_seconds; /* in quiet minutes, so that queueing in the target is left out */
    double arrival_scv, service_scv;
    double targets; /* healthy at once, median */
    const char *source;
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
    struct traffic_shape shape = {.mean = 0};
    if (elb_shape(&shape, in, b)) {
        d->peak_per_second = shape.peak * per_second;
        d->ramp_per_second = shape.ramp_step * per_second;
    }
    d->source = rate->source;
    return d->service_seconds > 0 && d->busy_per_second > 0;
}

/* The same as a map declares it: the most of the range is what must be served. */
static bool read_declared(struct demand *d, const struct recommend_input *in,
                          const struct balancer *b)
{
    const struct node *usage = in->estate->resources.at[b->resource].usage;
    struct range rate, service, targets;
    if (!range_read(&rate, node_get(usage, "requests_per_second")) ||
        !range_read(&service, node_get(usage, "service_ms")))
        return false;
    *d = (struct demand){
        .typical_per_second = rate.expected,
        .busy_per_second = rate.high,
        .peak_per_second = rate.high,
        .service_seconds = service.expected / 1000,
        .arrival_scv = 1,
        .service_scv = 1,
        .targets = range_read(&targets, node_get(usage, "targets")) ? targets.expected : NAN,
    };
    return d->service_seconds > 0 && d->busy_per_second > 0;
}

struct sizing {
    unsigned servers, targets, with_zone_loss;
    unsigned at_peak; /* with_zone_loss, were every minute as busy as the busiest seen */
    double rate;      /* that they are sized for */
    double target_seconds, share_over, slots, zones;
    double cpu_percent; /* of the targets that run, 95th percentile; NaN unknown */
};

/* The least number of places to work that keeps the wait at a rate. */
static bool servers_for(unsigned *out, const struct demand *d, const struct sizing *s,
                        double rate)
{
    struct queue_load load = {rate, d->service_seconds, d->arrival_scv, d->service_scv};
    struct queue_target target = {QUEUE_WAIT, s->target_seconds, s->share_over};
    return queue_servers_for(out, &load, &target, MOST_SERVERS);
}

static unsigned targets_for(const struct sizing *s, unsigned servers)
{
    return (unsigned)fmax(2, ceil(servers / s->slots));
}

static bool size_fleet(struct sizing *s, const struct recommend_input *in,
                       const struct balancer *b, const struct demand *d)
{
    struct range declared;
    const struct node *usage = in->estate->resources.at[b->resource].usage;
    unsigned at_peak;
    s->target_seconds = elb_parameter(in, "wait_seconds", 0.1);
    s->share_over = 1 - elb_parameter(in, "wait_percentile", 99) / 100;
    s->slots = range_read(&declared, node_get(usage, "slots_per_target"))
                   ? declared.expected
                   : elb_parameter(in, "slots_per_target", NAN);
    s->zones = isnan(b->zones) ? 2 : b->zones;
    /* No new target is ready before a ramp is over: it comes on top of an ordinary minute. */
    s->rate = fmax(d->busy_per_second,
                   fmin(d->peak_per_second, d->typical_per_second + d->ramp_per_second));
    if (!servers_for(&s->servers, d, s, s->rate) ||
        !servers_for(&at_peak, d, s, fmax(s->rate, d->peak_per_second)))
        return false;
    if (isnan(s->slots) || s->slots < 1)
        return true;
    s->targets = targets_for(s, s->servers);
    s->with_zone_loss = queue_with_zone_loss(s->targets, (unsigned)s->zones);
    s->at_peak = queue_with_zone_loss(targets_for(s, at_peak), (unsigned)s->zones);
    return true;
}

static void add_evidence(struct advice *out, struct recommendation *r, const struct demand *d,
                         const struct sizing *s)
{
    evidence_add(out, r, EVIDENCE_INPUT, d->source, "Requests a second",
                 "%.1f at the median minute, %.1f at its 99.5th percentile, %.1f at the most",
                 d->typical_per_second, d->busy_per_second, d->peak_per_second);
    evidence_add(out, r, EVIDENCE_INPUT, d->source, "Service time",
                 "%.1f ms in quiet minutes; squared variation %.2f, of arrivals %.2f",
                 1000 * d->service_seconds, d->service_scv, d->arrival_scv);
    evidence_add(out, r, EVIDENCE_INPUT, d->source, "Fastest growth within 5 minutes",
                 "%.1f requests a second on top of the median: %.1f are sized for",
                 d->ramp_per_second, s->rate);
    evidence_add(
        out, r, EVIDENCE_MODEL, NULL, "Places to work at once",
        "%.1f Erlangs; %u so that %.1f %% wait at most %.0f ms (Erlang C, Allen-Cunneen)",
        s->rate * d->service_seconds, s->servers, 100 * (1 - s->share_over),
        1000 * s->target_seconds);
    evidence_add(
        out, r, EVIDENCE_MODEL, NULL, "Losing a zone",
        "%u targets of %.0f places; %u over %.0f zones leave as many when one is lost",
        s->targets, s->slots, queue_with_zone_loss(s->targets, (unsigned)s->zones), s->zones);
    if (!isnan(s->cpu_percent))
        evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "CPU of the targets",
                     "%.1f %% at the 95th percentile with %.0f of them; %d %% at most with %u",
                     s->cpu_percent, d->targets, CPU_PERCENT_AT_MOST, s->with_zone_loss);
}

static void add_scaling(struct advice *out, struct recommendation *r, const struct sizing *s)
{
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "Scale by requests",
        arena_printf(&out->arena,
                     "a target tracking ALBRequestCountPerTarget of %.0f a minute keeps "
                     "the same wait, if a new target is ready before the next ramp",
                     60 * s->slots * s->rate / s->servers));

    artefact_add(out, r, "terraform", "targets.tf",
                 arena_printf(&out->arena,
                              "# in the aws_autoscaling_group of these targets\n"
                              "min_size = %u\n",
                              s->with_zone_loss));
}

static void advise_more(struct advice *out, const struct recommend_input *in,
                        const struct balancer *b, const struct demand *d,
                        const struct sizing *s, const struct elb_targets *t)
{
    double more = s->with_zone_loss - d->targets;
    struct recommendation *r =
        elb_advise(out, in, b, "elb.fleet", ACTION_RESIZE, money_range_of(MONEY_ZERO));
    r->title = arena_printf(&out->arena, "Run %u targets behind %s instead of %.0f",
                            s->with_zone_loss, b->label, d->targets);
    r->effort = LEVEL_LOW;
    r->risk = 0;
    if (isnan(t->usd_a_month))
        evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Cost",
                     "unknown: it is the price of %.0f targets", more);
    else
        evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Cost",
                     "%.0f more targets (%s) x %.2f = %.2f USD a month", more, t->what,
                     t->usd_a_month, more * t->usd_a_month);
    add_evidence(out, r, d, s);
    add_scaling(out, r, s);
}

/* Fewer targets save their price: the advice is about them, where the estate knows them. */
static void advise_fewer(struct advice *out, const struct recommend_input *in,
                         const struct balancer *b, const struct demand *d,
                         const struct sizing *s, const struct elb_targets *t)
{
    bool known = t->resources.count > 0;
    uint32_t subject = known ? t->resources.at[0] : b->resource;
    double kept = s->with_zone_loss, careful = fmin(d->targets, fmax(kept, s->at_peak));
    struct recommendation *r = advice_add(out, in, "elb.fleet", ACTION_RESIZE, subject);
    for (size_t i = 1; i < t->resources.count; i++)
        VEC_ADD(&r->resources, t->resources.at[i]);
    struct money_range after = {money_of(kept * t->usd_a_month),
                                money_of(kept * t->usd_a_month),
                                money_of(careful * t->usd_a_month)};
    saving_set(r, in, money_range_of(money_of(d->targets * t->usd_a_month)), after);
    r->separate = !known;
    r->title = arena_printf(&out->arena, "Run %u targets behind %s instead of %.0f",
                            s->with_zone_loss, b->label, d->targets);
    r->effort = LEVEL_LOW;
    r->risk = 2;
    r->risk_dimension = "latency";
    r->confidence = b->declared ? LEVEL_VERY_LOW : elb_confidence(b->days);
    r->confidence_why = b->declared ? "the traffic is declared, not measured"
                                    : arena_printf(&out->arena,
                                                   "%.1f days of metrics; places of a target "
                                                   "are declared",
                                                   b->days);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Saving",
                 "(%.0f - %.0f) targets (%s) x %.2f = %.2f USD a month; sized for the busiest "
                 "minute %.0f would run",
                 d->targets, kept, t->what, t->usd_a_month,
                 (d->targets - kept) * t->usd_a_month, careful);
    add_evidence(out, r, d, s);
    alternative_add(out, r, money_range_of(MONEY_ZERO), "Leave them",
                    "right where a target is kept for its memory, or does other work too");
    add_scaling(out, r, s);
    char from[32], to[32];
    snprintf(from, sizeof from, "%.0f", d->targets);
    snprintf(to, sizeof to, "%.0f", kept);
    change_add(out, r, "targets", from, to);
}

static void decline_fewer(struct advice *out, const struct balancer *b, const struct demand *d,
                          const struct sizing *s, const struct elb_targets *t)
{
    const char *why =
        d->targets <= s->with_zone_loss ? "none is too many"
        : t->shared ? "they serve another load balancer too: size them together"
        : isnan(t->usd_a_month)
            ? "what fewer save is the price of a target: name its type (target_type), or give "
              "the state that holds them"
            : arena_printf(&out->arena, "fewer would save %.2f USD a month",
                           (d->targets - s->with_zone_loss) * t->usd_a_month);
    advice_decline(out, "elb.fleet", b->resource,
                   "%.0f targets run and %u would do (%u places for %.1f requests a second, "
                   "one of %.0f zones lost); %s",
                   d->targets, s->with_zone_loss, s->servers, s->rate, s->zones, why);
}

static void judge_count(struct advice *out, const struct recommend_input *in,
                        const struct elb_parts *parts, const struct balancer *b,
                        struct demand *d, struct sizing *s)
{
    struct elb_targets t;
    elb_targets_of(&t, out, in, parts, b);
    d->targets = isnan(d->targets) ? t.declared : d->targets;
    s->cpu_percent = t.cpu_percent;
    if (d->targets * t.cpu_percent > s->with_zone_loss * CPU_PERCENT_AT_MOST)
        s->with_zone_loss = (unsigned)ceil(d->targets * t.cpu_percent / CPU_PERCENT_AT_MOST);
    double fewer = (d->targets - s->with_zone_loss) * t.usd_a_month;
    if (isnan(d->targets))
        advice_decline(out, "elb.fleet", b->resource,
                       "%u targets are needed, zone loss counted; how many there are needs "
                       "HealthyHostCount",
                       s->with_zone_loss);
    else if (d->targets < s->with_zone_loss)
        advise_more(out, in, b, d, s, &t);
    else if (!t.shared && fewer >= in->options->min_monthly_usd)
        advise_fewer(out, in, b, d, s, &t);
    else
        decline_fewer(out, b, d, s, &t);
    elb_targets_release(&t);
}

static void judge_size(struct advice *out, const struct recommend_input *in,
                       const struct elb_parts *parts, const struct balancer *b)
{
    struct demand d;
    struct sizing s = {0};
    if (!read_demand(&d, in, b) && !read_declared(&d, in, b))
        return;
    if (!size_fleet(&s, in, b, &d))
        advice_decline(out, "elb.fleet", b->resource,
                       "no number of targets keeps the wait at the target asked for");
    else if (s.targets == 0)
        advice_decline(out, "elb.fleet", b->resource,
                       "its targets need %u place%s to work at once (%.3g requests a second "
                       "of %.1f ms); how many one target has is not declared "
                       "(slots_per_target)",
                       s.servers, s.servers == 1 ? "" : "s", s.rate, 1000 * d.service_seconds);
    else
        judge_count(out, in, parts, b, &d, &s);
}

void elb_judge_fleet(struct advice *out, const struct recommend_input *in,
                     const struct elb_parts *parts, struct balancer *b)
{
    elb_judge_signs(out, in, b);
    if (b->kind != ELB_GATEWAY)
        judge_size(out, in, parts, b);
}
