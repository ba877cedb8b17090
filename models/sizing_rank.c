#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * Prices applied to a forecast. A candidate's expected cost is counted within
 * each scenario against the cheapest candidate of that scenario, so that a
 * workload of unknown size does not let its largest version decide; a failure
 * adds its rerun. The probe is the candidate with the greatest expected
 * improvement on the best completed run (Mockus 1975; Jones et al. 1998).
 */

static const double MAKES_IT = 0.8;    /* probability asked of a limit */
static const double HOPELESS = 0.01;   /* less is a digit of the tails, not a difference */
static const double LEAST_GAIN = 0.01; /* of the best known cost: less is within the noise */

/* A mixture of normals in bins of log seconds, each normal as its ten 10 % steps. */
enum { STEPS = 10, BINS = 1200 };
static const double bin_width = 0.02, first_bin = -4; /* 0.02 s to 15 years */

/* Only [first, last] hold anything. */
struct mixture {
    double bins[BINS];
    size_t first, last;
};

static int bin_of(double at)
{
    return !(at > 0) ? 0 : at >= BINS - 1 ? BINS - 1 : (int)at;
}

static void add_normal(struct mixture *m, double mean, double sd, double weight)
{
    static const double middle[STEPS] = {-1.644854, -1.036433, -0.674490, -0.385320, -0.125661,
                                         0.125661,  0.385320,  0.674490,  1.036433,  1.644854};
    double at = (mean - first_bin) / bin_width, width = sd / bin_width, share = weight / STEPS;
    double least = at + width * middle[0], most = at + width * middle[STEPS - 1];
    bool inside = least >= 0 && most < BINS - 1;
    for (size_t i = 0; i < STEPS; i++) {
        double step = at + width * middle[i];
        m->bins[inside ? (int)step : bin_of(step)] += share;
    }
    size_t first = (size_t)bin_of(least), last = (size_t)bin_of(most);
    m->first = first < m->first ? first : m->first;
    m->last = last > m->last ? last : m->last;
}

/* Minutes at the three quantiles; empties the mixture. */
static struct sizing_quantiles take_quantiles(struct mixture *m)
{
    /* A hair less: shares that add up to one of them do so but for their last digits. */
    static const double p[] = {0.1 - 1e-9, 0.5 - 1e-9, 0.9 - 1e-9};
    double below = 0, minutes[3] = {0};
    size_t i = m->first;
    if (m->first > m->last)
        return (struct sizing_quantiles){NAN, NAN, NAN};
    for (size_t q = 0; q < 3; q++) {
        for (; i < m->last && below + m->bins[i] < p[q]; i++)
            below += m->bins[i];
        double within = m->bins[i] > 0 ? fmin((p[q] - below) / m->bins[i], 1) : 0;
        minutes[q] = exp(first_bin + bin_width * ((double)i + within)) / 60;
    }
    memset(m->bins + m->first, 0, (m->last - m->first + 1) * sizeof *m->bins);
    m->first = BINS;
    m->last = 0;
    return (struct sizing_quantiles){minutes[0], minutes[1], minutes[2]};
}

static struct sizing_quantiles minutes_of(const struct sizing_forecast *f, size_t candidate,
                                          struct mixture *m)
{
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++)
        add_normal(m, f->mean[i * f->count + candidate], f->sd[i * f->count + candidate],
                   f->beliefs.scenarios.at[i].belief);
    return take_quantiles(m);
}

/* What the time of each candidate goes into. */
static void take_shares(struct sizing_option *options, const struct sizing_forecast *f)
{
    double(*columns)[COLUMNS] = mem_alloc(f->count * sizeof *columns);
    double(*shares)[COLUMNS] = mem_alloc(f->count * sizeof *shares);
    for (size_t c = 0; c < f->count; c++)
        point_columns(columns[c], &f->points[c], 0, 0);
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++) {
        const struct scenario *s = &f->beliefs.scenarios.at[i];
        for (size_t c = 0; c < f->count; c++) {
            double part[COLUMNS], seconds = 0;
            point_memory(columns[c], &f->points[c], s->shape.set_gib, s->shape.tight_gib);
            for (size_t j = 0; j < COLUMNS; j++)
                seconds += part[j] = columns[c][j] * s->shape.beta[j];
            double scale = seconds > 0 ? s->belief / seconds : 0;
            for (size_t j = 0; j < COLUMNS; j++)
                shares[c][j] += scale * part[j];
        }
    }
    for (size_t c = 0; c < f->count; c++) {
        struct sizing_option *o = &options[c];
        for (size_t j = 0; j < COLUMNS; j++)
            o->share[column_term((enum column)j)] += shares[c][j];
        for (size_t t = 1; t < SIZING_TERMS; t++)
            if (o->share[t] > o->share[o->binding])
                o->binding = (enum sizing_term)t;
    }
    free(columns);
    free(shares);
}

/* Against the cheapest candidate of each scenario, failure counted. */
static void expect_costs(struct sizing_option *options, const struct sizing_forecast *f,
                         const double *usd_per_second)
{
    double *cost = mem_alloc(f->count * sizeof *cost);
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++) {
        const double *mean = f->mean + i * f->count, *failure = f->failure + i * f->count;
        double belief = f->beliefs.scenarios.at[i].belief, best = INFINITY;
        for (size_t c = 0; c < f->count; c++) {
            cost[c] = exp(mean[c]) * usd_per_second[c];
            double until_done = cost[c] / fmax(1 - failure[c], 1e-3);
            best = until_done < best ? until_done : best;
        }
        for (size_t c = 0; c < f->count; c++) {
            double regret = fmin(cost[c] / best, SIZING_WORST_REGRET);
            options[c].expected_cost += belief * (regret + SIZING_FAILURE_COST * failure[c]);
        }
    }
    free(cost);
}

static double chance_within(const struct sizing_forecast *f, const struct sizing_option *o,
                            double usd_per_second, struct sizing_limits limits)
{
    double minutes = isnan(limits.max_minutes) ? INFINITY : limits.max_minutes;
    if (!isnan(limits.max_usd))
        minutes = fmin(minutes, limits.max_usd / usd_per_second / 60);
    if (isinf(minutes))
        return 1;
    return (1 - o->failure_probability) * sizing_probability(f, o->candidate, minutes);
}

static void take_failures(struct sizing_option *options, const struct sizing_forecast *f)
{
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++)
        for (size_t c = 0; c < f->count; c++)
            options[c].failure_probability +=
                f->beliefs.scenarios.at[i].belief * f->failure[i * f->count + c];
}

static double usd_per_second(double usd_per_hour)
{
    return usd_per_hour > 0 ? usd_per_hour / 3600 : NAN;
}

void sizing_outlook(struct sizing_option *options, const struct sizing_forecast *f,
                    const double *usd_per_hour, struct sizing_limits limits)
{
    struct mixture *mixture = mem_alloc(sizeof *mixture);
    mixture->first = BINS;
    for (size_t c = 0; c < f->count; c++)
        options[c] = (struct sizing_option){.candidate = c,
                                            .ran = f->own[c] > 0,
                                            .minutes = minutes_of(f, c, mixture)};
    take_failures(options, f);
    take_shares(options, f);
    for (size_t c = 0; c < f->count; c++) {
        struct sizing_option *o = &options[c];
        double usd = usd_per_second(usd_per_hour[c]);
        o->usd = (struct sizing_quantiles){o->minutes.p10 * 60 * usd, o->minutes.p50 * 60 * usd,
                                           o->minutes.p90 * 60 * usd};
        o->within_limit = chance_within(f, o, usd, limits);
    }
    free(mixture);
}

/* What ranks options: less is better; the value without its last digits, which are chance. */
struct order {
    double unpriced, misses;
    float value;
    const struct point *at;
    size_t index;
};

static int by_order(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    const double keys[][2] = {
        {x->unpriced, y->unpriced},
        {x->misses, y->misses},
        {x->value, y->value},
        {x->at->vcpus, y->at->vcpus},
        {x->at->workers, y->at->workers},
        {x->at->gib_per_core, y->at->gib_per_core},
        {x->at->speed, y->at->speed},
        {x->at->disk, y->at->disk},
        {x->at->network, y->at->network},
        {(double)x->index, (double)y->index},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

/*
 * How far a candidate is from the limits that it misses, from 0: the chance that it misses
 * them; where there is none to keep them, how many times the limit it takes, failures
 * counted.
 */
static double distance(const struct sizing_option *o, struct sizing_limits limits)
{
    if (o->within_limit >= HOPELESS)
        return 1 - o->within_limit;
    double times = fmax(o->minutes.p50 / limits.max_minutes, o->usd.p50 / limits.max_usd);
    return 1 + times / fmax(1 - o->failure_probability, 1e-3);
}

static void sort_options(struct sizing_option *options, const struct sizing_forecast *f,
                         const double *usd_per_second, struct sizing_limits limits)
{
    struct order *order = mem_alloc(f->count * sizeof *order);
    struct sizing_option *sorted = mem_alloc(f->count * sizeof *sorted);
    bool fastest = !isnan(limits.max_usd);
    /* Several own runs show what the doubt is about. */
    double doubt = f->own_completed > 1 ? 0 : SIZING_CORE_DOUBT;
    for (size_t c = 0; c < f->count; c++) {
        const struct sizing_option *o = &options[c];
        bool misses = o->within_limit < MAKES_IT;
        double doubted = o->expected_cost * pow(f->points[c].cores, doubt);
        double value = fastest ? o->minutes.p50 : doubted;
        /* Where none makes it, the nearest to; and never a number that is not one. */
        order[c] =
            (struct order){isnan(usd_per_second[c]), misses,
                           (float)(misses ? distance(o, limits) : value), &f->points[c], c};
        if (isnan(order[c].value))
            order[c].value = (float)o->minutes.p50;
    }
    qsort(order, f->count, sizeof *order, by_order);
    for (size_t c = 0; c < f->count; c++)
        sorted[c] = options[order[c].index];
    for (size_t c = 0; c < f->count; c++)
        options[c] = sorted[c];
    free(order);
    free(sorted);
}

/* Expected improvement of a candidate on a cost, in the same unit. */
static double improvement(const struct sizing_forecast *f, size_t c, double usd_per_second,
                          double best)
{
    const double far = -9; /* sds: not a digit of the sum */
    double sum = 0, log_usd = log(usd_per_second), log_best = log(best);
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++) {
        size_t k = i * f->count + c;
        double cost = f->mean[k] + log_usd, sd = f->sd[k];
        double z = (log_best - cost) / sd;
        if (z < far)
            continue;
        double gain = best * normal_cdf(z) - exp(cost + 0.5 * sd * sd) * normal_cdf(z - sd);
        sum += f->beliefs.scenarios.at[i].belief * (1 - f->failure[k]) * fmax(gain, 0);
    }
    return sum;
}

/* Cost of the cheapest candidate on which the workload completed; INFINITY without one. */
static double best_known(const struct sizing_choice *out, const struct sizing_forecast *f,
                         const double *usd_per_second)
{
    double best = INFINITY;
    for (size_t i = 0; i < out->option_count; i++) {
        size_t c = out->options[i].candidate;
        if (f->own[c] > 0 && !isnan(usd_per_second[c]))
            best = fmin(best, out->options[i].minutes.p50 * 60 * usd_per_second[c]);
    }
    return best;
}

/* Without a completed run: the most promising option that did not fail. */
static void probe_first(struct sizing_choice *out, const struct sizing_forecast *f,
                        const double *usd_per_second)
{
    for (size_t i = 0; i < out->option_count; i++) {
        const struct sizing_option *o = &out->options[i];
        if (f->own[o->candidate] != 0 || isnan(usd_per_second[o->candidate]))
            continue;
        out->has_probe = true;
        out->probe = o->candidate;
        out->probe_gain_share = fmax(o->expected_cost - 1, 0);
        out->probe_gain =
            out->probe_gain_share * o->minutes.p50 * 60 * usd_per_second[o->candidate];
        out->probe_why = "no run of this workload has completed on any candidate: one run "
                         "settles how large it is and whether it fits";
        return;
    }
}

static void probe_next(struct sizing_choice *out, const struct sizing_forecast *f,
                       const double *usd_per_second)
{
    double best = best_known(out, f, usd_per_second), most = 0;
    if (isinf(best)) {
        probe_first(out, f, usd_per_second);
        return;
    }
    for (size_t i = 0; i < out->option_count; i++) {
        size_t c = out->options[i].candidate;
        if (f->own[c] != 0 || isnan(usd_per_second[c]))
            continue;
        double gain = improvement(f, c, usd_per_second[c], best);
        if (gain > most) {
            most = gain;
            out->probe = c;
        }
    }
    out->has_probe = most > LEAST_GAIN * best;
    out->probe_gain = most;
    out->probe_gain_share = most / best;
    out->probe_why =
        "of all untried clusters it promises the most over the cheapest run so far";
}

void sizing_rank(struct sizing_choice *out, const struct sizing_forecast *f,
                 const double *usd_per_hour, struct sizing_limits limits)
{
    *out = (struct sizing_choice){.options = mem_alloc(f->count * sizeof *out->options),
                                  .option_count = f->count};
    double *usd = mem_alloc(f->count * sizeof *usd); /* per second */
    for (size_t c = 0; c < f->count; c++)
        usd[c] = usd_per_second(usd_per_hour[c]);
    sizing_outlook(out->options, f, usd_per_hour, limits);
    expect_costs(out->options, f, usd);
    sort_options(out->options, f, usd, limits);
    probe_next(out, f, usd);
    if (f->nothing_known)
        out->abstained =
            "neither a run, nor the input size, nor other workloads are known: any "
            "cluster would be a guess";
    free(usd);
}

void sizing_choice_release(struct sizing_choice *choice)
{
    free(choice->options);
    *choice = (struct sizing_choice){0};
}
