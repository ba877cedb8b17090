#include <math.h>

#include "cluster.h"
#include "pricing/ec2.h"

/* Of what jobs and spot workers save on average, this is the low end. */
#define JOBS_LOW_SHARE 0.8
#define SPOT_LOW_SHARE 0.7
/* Of the workers, unless recommend.cluster.spot_share says otherwise. */
#define SPOT_SHARE 0.7

static bool is_interactive(enum workload_class class)
{
    return class == CLASS_INTERACTIVE || class == CLASS_UNKNOWN || class == CLASS_SERVING;
}

/* Share of the cluster's work that could be a job: phases that nobody waits at. */
static double job_share(const struct cluster_view *v)
{
    double jobs = 0, all = 0;
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &v->run->in->estate->phases.at[v->phases[i]];
        double weight = !isnan(p->share) ? p->share : isnan(p->minutes) ? 1 : p->minutes;
        all += weight;
        jobs += is_interactive(p->class) ? 0 : weight;
    }
    return all > 0 ? jobs / all : v->job_tags ? 1 : 0;
}

static struct money_range usd_range(double low, double expected, double high)
{
    return (struct money_range){money_of(low), money_of(expected), money_of(high)};
}

static void advise_jobs(struct cluster_view *v, double share, const struct cluster_shape *shape,
                        const struct cluster_rate *after)
{
    struct advice *out = v->run->out;
    double now = v->usd_month,
           then = now - share * (now - money_double(after->usd_per_hour) * v->hours);
    if (now - then < v->run->in->options->min_monthly_usd) {
        advice_decline(out, "cluster.jobs", v->resource,
                       "as jobs it would save %.2f USD a month", now - then);
        return;
    }
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.jobs", ACTION_SCHEDULE, v->resource);
    r->title = arena_printf(&out->arena,
                            "Run the scheduled work of %s as jobs on job clusters", v->label);
    saving_set(r, v->run->in, money_range_of(money_of(now)),
               usd_range(then, then, now - JOBS_LOW_SHARE * (now - then)));
    r->effort = LEVEL_MEDIUM;
    r->risk = 1;
    r->risk_dimension = "cpu";
    r->confidence = v->from_bill ? LEVEL_HIGH : LEVEL_MEDIUM;
    r->confidence_why =
        "the same nodes at a lower DBU price; start-up of each run is not counted";
    evidence_add(out, r, EVIDENCE_INPUT, v->r->source, "Scheduled work",
                 "%.0f %% of the cluster's time", share * 100);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                 "%.0f %% of it: start-up of each run, and what has to stay",
                 JOBS_LOW_SHARE * 100);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
    cluster_price_evidence(v, r, after, v->hours, "As jobs");
    cluster_change(v, r, "sku", v->shape.sku, shape->sku);
    cluster_artefacts(v, r, shape, NULL, NAN);
}

void cluster_advise_jobs(struct cluster_view *v)
{
    struct cluster_rate after;
    struct cluster_shape shape = v->shape;
    double share = job_share(v);
    shape.sku = "JOBS_COMPUTE";
    if (!cluster_is_all_purpose(v))
        return;
    if (share < 0.05)
        advice_decline(v->run->out, "cluster.jobs", v->resource,
                       "nothing shows that scheduled work runs on this all-purpose cluster: "
                       "phases or job tags would tell");
    else if (!cluster_rate(&after, v->run->in->book, &shape))
        advice_decline(v->run->out, "cluster.jobs", v->resource, "%s", after.missing);
    else
        advise_jobs(v, share, &shape, &after);
}

/* Mean share of a month's instances that are taken back, by the advisor's bands. */
static double interruption_rate(double band)
{
    static const double middle[] = {0.025, 0.075, 0.125, 0.175, 0.25};
    return isnan(band) ? 0.125 : middle[(int)fmax(0, fmin(4, band))];
}

/* Whole workers, as first_on_demand counts them: never a larger share than the limit. */
static double spot_share_of(const struct cluster_view *v, double workers)
{
    double most = cluster_parameter(v, "spot_share", SPOT_SHARE);
    double kept = ceil(workers * (1 - most) - 1e-9);
    return fmax(0, workers - kept) / workers;
}

static void add_spot(struct cluster_view *v, const struct cluster_shape *shape,
                     const struct cluster_rate *after, double redo)
{
    struct advice *out = v->run->out;
    const struct recommend_input *in = v->run->in;
    double now = v->usd_month, rate = money_double(after->usd_per_hour);
    double then = rate * v->hours * (1 + redo);
    double kept = round(shape->workers * (1 - shape->spot_share));
    struct recommendation *r = advice_add(out, in, "cluster.spot", ACTION_SPOT, v->resource);
    r->title =
        arena_printf(&out->arena, "Let all but %.0f worker%s of %s be spot, with fallback",
                     kept, kept == 1 ? "" : "s", v->label);
    double most = fmin(now, then + (1 - SPOT_LOW_SHARE) * (now - then));
    saving_set(r, in, money_range_of(money_of(now)), usd_range(rate * v->hours, then, most));
    r->effort = LEVEL_LOW;
    r->risk = isnan(v->interruptions) ? 3 : 1 + (int)fmin(3, v->interruptions);
    r->risk_dimension = "interruption";
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why =
        "an average spot price of one day; interruptions by the advisor's band";
    evidence_add(out, r, EVIDENCE_INPUT, "Spot Advisor", "Interruptions in a month", "%s",
                 isnan(v->interruptions) ? "not known" : ec2_band_text((int)v->interruptions));
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Spot workers at most",
                 "%.0f %%, so that %g of %g are",
                 cluster_parameter(v, "spot_share", SPOT_SHARE) * 100, shape->workers - kept,
                 shape->workers);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
    cluster_price_evidence(v, r, after, v->hours, "With spot");
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Work done again",
                 "%g %% interrupted x %.4g %% spot x half an hour's work = %.4g %% more time: "
                 "%.2f x %.6g = %.2f USD a month",
                 interruption_rate(v->interruptions) * 100, shape->spot_share * 100, redo * 100,
                 rate * v->hours, 1 + redo, then);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                 "%.0f %% of it, should spot cost more than on that day", SPOT_LOW_SHARE * 100);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "High saving", "no work is done again");
    cluster_change(v, r, "aws_attributes.availability", "ON_DEMAND", "SPOT_WITH_FALLBACK");
    struct cluster_shape pasted = v->next;
    pasted.spot_share = spot_share_of(v, pasted.workers);
    cluster_artefacts(v, r, &pasted, NULL, NAN);
}

void cluster_advise_spot(struct cluster_view *v)
{
    struct advice *out = v->run->out;
    struct cluster_shape shape = v->shape;
    struct cluster_rate after;
    if (v->shape.workers < 1 || v->shape.spot_share > 0)
        return;
    if (cluster_is_all_purpose(v)) {
        advice_decline(out, "cluster.spot", v->resource,
                       "people work on it: a lost node would lose their state");
        return;
    }
    shape.spot_share = spot_share_of(v, shape.workers);
    if (shape.spot_share <= 0) {
        advice_decline(out, "cluster.spot", v->resource,
                       "with %g worker%s none can be spot: at most %.0f %% may be",
                       shape.workers, shape.workers == 1 ? "" : "s",
                       cluster_parameter(v, "spot_share", SPOT_SHARE) * 100);
        return;
    }
    if (!cluster_rate(&after, v->run->in->book, &shape)) {
        advice_decline(out, "cluster.spot", v->resource, "%s", after.missing);
        return;
    }
    /* An interrupted worker loses its tasks and shuffle files: half its hour is done again. */
    double redo = interruption_rate(v->interruptions) * shape.spot_share * 0.5;
    double saving = v->usd_month - money_double(after.usd_per_hour) * v->hours * (1 + redo);
    if (saving < v->run->in->options->min_monthly_usd)
        advice_decline(
            out, "cluster.spot", v->resource,
            "spot workers would save %.2f USD a month after work that is done again", saving);
    else
        add_spot(v, &shape, &after, redo);
}
