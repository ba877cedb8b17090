#include <math.h>
#include <string.h>

#include "advice.h"
#include "pricing/book.h"
#include "pricing/storage.h"

/* What a volume type gives without buying more, where the size decides it (gp2). */
enum { GP2_IOPS_PER_GIB = 3, GP3_IOPS = 3000, GP3_MB_PER_S = 125, GP2_FAST_GIB = 334,
       GP2_MIDDLE_GIB = 170, GP2_MIDDLE_MB_PER_S = 128, GP2_FAST_MB_PER_S = 250 };

static const char GP2_MEASURE[] = "EBS:VolumeUsage.gp2", ANY_MEASURE[] = "EBS:VolumeUsage";

struct volume {
    uint32_t resource;
    double gib; /* average over the window */
    const char *region;
};

/* A GB-month is of the calendar month that it is billed in: 744 hours in July. */
static double held_gib(const struct cost_line *line)
{
    int32_t month = month_of(line->hour / 24);
    return money_double(line->quantity) * month_days(month) * 24;
}

/* What the bill calls `measure`, or begins with it. */
static bool volume_of(struct volume *out, const struct recommend_input *in, uint32_t resource,
                      const char *measure)
{
    const struct estate *estate = in->estate;
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    *out = (struct volume){.resource = resource, .region = estate->resources.at[resource].region};
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = &estate->skus.at[lines[i].sku];
        if (!sku->measure || strncmp(sku->measure, measure, strlen(measure)) ||
            !charge_is_usage(sku->charge))
            continue;
        out->gib += held_gib(&lines[i]) / estate_window_hours(estate);
        out->region = out->region ? out->region : sku->region;
    }
    return out->gib > 0;
}

/* gp2 IOPS and MB/s that gp3 includes less of, and what they cost there to keep. */
static double parity_usd(const struct recommend_input *in, const struct volume *v)
{
    struct price iops, throughput;
    double wanted = fmin(fmax(v->gib * GP2_IOPS_PER_GIB, 100), 16000);
    double mb_per_s = v->gib >= GP2_FAST_GIB     ? GP2_FAST_MB_PER_S
                      : v->gib >= GP2_MIDDLE_GIB ? GP2_MIDDLE_MB_PER_S
                                                 : GP3_MB_PER_S;
    double usd = 0;
    if (ebs_price(&iops, in->book, "gp3", "iops", v->region))
        usd += fmax(0, wanted - GP3_IOPS) * money_double(iops.usd);
    if (ebs_price(&throughput, in->book, "gp3", "throughput", v->region))
        usd += fmax(0, mb_per_s - GP3_MB_PER_S) * money_double(throughput.usd);
    return usd;
}

/* The extra IOPS alone: what a volume above 1,000 GiB gives up for certain. */
static double expected_parity_usd(const struct recommend_input *in, const struct volume *v)
{
    struct price iops;
    if (!ebs_price(&iops, in->book, "gp3", "iops", v->region))
        return 0;
    return fmax(0, fmin(v->gib * GP2_IOPS_PER_GIB, 16000) - GP3_IOPS) * money_double(iops.usd);
}

static const char *volume_id(const struct resource *volume)
{
    return volume->id ? command_id(volume) : volume->key;
}

static void apply_gp3(struct advice *out, struct recommendation *r, const struct resource *volume)
{
    const char *id = shell_word(&out->arena, volume_id(volume));
    artefact_add(out, r, "cli", "gp3.sh",
                 arena_printf(&out->arena,
                              "aws ec2 modify-volume --volume-id %s --volume-type gp3%s\n", id,
                              region_option(&out->arena, volume->region)));
    artefact_add(out, r, "terraform", "gp3.tf",
                 "# in the aws_ebs_volume; in a block device of an instance it is volume_type\n"
                 "type = \"gp3\"\n");
    change_add(out, r, "type", "gp2", "gp3");
}

/* gp2 volumes, most of them of nodes that were there for hours, with too little to save each. */
struct small_volumes {
    size_t count;
    double gib, usd;
};

static void pass_over(struct advice *out, const struct volume *v, double saving,
                      struct small_volumes *small)
{
    if (saving < 0) {
        advice_decline(out, "ebs.gp3", v->resource,
                       "gp3 would cost %.2f USD a month more on %.0f GiB", -saving, v->gib);
        return;
    }
    small->count++;
    small->gib += v->gib;
    small->usd += saving;
}

static void note_small(struct advice *out, const struct recommend_input *in,
                       const struct small_volumes *small)
{
    if (small->count)
        advice_note(out, NOTE_INFO,
                    "%zu gp2 %s, together %.0f GiB on average, would save less than %.2f USD a "
                    "month each as gp3, %.2f together; a lower recommend: min_monthly_usd names "
                    "them",
                    small->count, small->count == 1 ? "volume" : "volumes", small->gib,
                    in->options->min_monthly_usd, small->usd);
}

static void advise_gp3(struct advice *out, const struct recommend_input *in,
                       const struct volume *v, struct small_volumes *small)
{
    struct price gp2, gp3;
    const struct resource *resource = &in->estate->resources.at[v->resource];
    if (!ebs_price(&gp3, in->book, "gp3", "storage", v->region) ||
        !ebs_price(&gp2, in->book, "gp2", "storage", v->region)) {
        advice_note(out, NOTE_UNPRICED,
                    "no gp2 and gp3 price for %s in %s: gp2 to gp3 is not judged",
                    resource_label(resource), v->region ? v->region : "an unknown region");
        return;
    }
    double after = v->gib * money_double(gp3.usd);
    struct money now = money_times(gp2.usd, v->gib);
    struct money_range then = {money_of(after), money_of(after + expected_parity_usd(in, v)),
                               money_of(after + parity_usd(in, v))};
    double saving = money_double(now) - money_double(then.expected);
    if (saving < in->options->min_monthly_usd) {
        pass_over(out, v, saving, small);
        return;
    }
    struct recommendation *r = advice_add(out, in, "ebs.gp3", ACTION_RETIER, v->resource);
    r->title = arena_printf(&out->arena, "Change volume %s (%.0f GiB) from gp2 to gp3",
                            resource_label(resource), v->gib);
    saving_set(r, in, money_range_of(now), then);
    r->effort = LEVEL_VERY_LOW;
    r->risk = v->gib > GP2_MIDDLE_GIB ? 1 : 0;
    r->risk_dimension = r->risk ? "disk" : "";
    r->confidence = LEVEL_HIGH;
    r->confidence_why = "size and type are on the bill; throughput above 125 MB/s is not";
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "Average size over the window", "%.2f GiB", v->gib);
    evidence_price(out, r, &gp2, "gp2 storage");
    evidence_price(out, r, &gp3, "gp3 storage");
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Saving",
                 "%.2f GiB x (%.4f - %.4f) - %.2f for IOPS above 3,000 = %.2f USD", v->gib,
                 money_double(gp2.usd), money_double(gp3.usd), expected_parity_usd(in, v), saving);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                 "buys the %.2f USD of IOPS and MB/s that keep gp2's best", parity_usd(in, v));
    apply_gp3(out, r, resource);
}

static double series_sum(const struct metric_series *s)
{
    double sum = 0;
    for (size_t i = 0; s && i < s->count; i++)
        sum += s->values[i];
    return sum;
}

static double series_days(const struct metric_series *s)
{
    return s && s->count ? (double)(s->times[s->count - 1] - s->times[0]) / 86400 : 0;
}

static bool is_explicitly_detached(const struct resource *r)
{
    const struct node *state = node_get(r->attrs, "state");
    return state && !strcmp(node_text(state, ""), "available");
}

/* Without a state, no read and no write over the window is what a forgotten volume looks like. */
static bool never_used(const struct recommend_input *in, uint32_t resource, double *days)
{
    const struct metric_series *reads = estate_metric(in->estate, resource, "VolumeReadOps", "Sum");
    const struct metric_series *writes =
        estate_metric(in->estate, resource, "VolumeWriteOps", "Sum");
    *days = fmin(series_days(reads), series_days(writes));
    return reads && writes && *days >= in->options->min_days && series_sum(reads) <= 0 &&
           series_sum(writes) <= 0;
}

/* A snapshot holds what was ever written: nobody knows how much, but not more than the volume. */
static struct money most_for_snapshot(struct advice *out, const struct recommend_input *in,
                                      struct recommendation *r)
{
    struct volume v;
    struct price price;
    if (!volume_of(&v, in, r->resources.at[0], ANY_MEASURE) ||
        !ebs_price(&price, in->book, "snapshot", "snapshot_storage", v.region))
        return MONEY_ZERO;
    struct money most = money_times(price.usd, v.gib);
    evidence_price(out, r, &price, "Snapshot storage");
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                 "less its snapshot while it is kept: at most %.2f GiB x %.6g = %.2f USD a month",
                 v.gib, money_double(price.usd), money_double(most));
    return most;
}

static void put_deletion(struct advice *out, struct recommendation *r, const char *id,
                         const char *region)
{
    const char *where = region_option(&out->arena, region);
    id = shell_word(&out->arena, id);
    artefact_add(out, r, "cli", "delete-volume.sh",
                 arena_printf(&out->arena,
                              "(set -eu\n"
                              "snapshot=$(aws ec2 create-snapshot --volume-id %s%s \\\n"
                              "  --description 'before deletion' --query SnapshotId "
                              "--output text)\n"
                              "aws ec2 wait snapshot-completed --snapshot-ids \"$snapshot\"%s\n"
                              "aws ec2 delete-volume --volume-id %s%s)\n",
                              id, where, where, id, where));
}

static void advise_unattached(struct advice *out, const struct recommend_input *in,
                              uint32_t resource, bool detached, double days)
{
    const struct resource *volume = &in->estate->resources.at[resource];
    struct recommendation *r = advice_add(out, in, "ebs.unattached", ACTION_STOP, resource);
    struct money now = r->net.now.expected;
    r->title = arena_printf(&out->arena, "Snapshot and delete volume %s, which nothing uses",
                            resource_label(volume));
    struct money snapshot = money_min(now, most_for_snapshot(out, in, r));
    saving_set(r, in, money_range_of(now),
               (struct money_range){MONEY_ZERO, MONEY_ZERO, snapshot});
    r->effort = LEVEL_LOW;
    r->risk = 1;
    r->risk_dimension = "data";
    r->confidence = detached ? LEVEL_VERY_HIGH : LEVEL_MEDIUM;
    r->confidence_why = detached ? "its state is available: it is attached to nothing"
                                 : "no read or write in the window; it may be attached and idle";
    if (detached)
        evidence_add(out, r, EVIDENCE_INPUT, volume->source, "State", "available");
    else
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "Reads and writes", "0 in %.1f days", days);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Saving", "its whole cost, %.2f USD a month",
                 money_double(now));
    put_deletion(out, r, volume_id(volume), volume->region);
}

static void judge(struct advice *out, const struct recommend_input *in, uint32_t resource,
                  struct small_volumes *small)
{
    double days = 0;
    bool detached = is_explicitly_detached(&in->estate->resources.at[resource]);
    if (detached || never_used(in, resource, &days)) {
        advise_unattached(out, in, resource, detached, days);
        return;
    }
    struct volume volume;
    if (volume_of(&volume, in, resource, GP2_MEASURE))
        advise_gp3(out, in, &volume, small);
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->estate;
    struct small_volumes small = {0};
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const char *type = estate->resources.at[i].type;
        if (type && !strcmp(type, "aws_ebs_volume"))
            judge(out, in, i, &small);
    }
    note_small(out, in, &small);
    return true;
}

extern const struct recommender recommender_ebs;
const struct recommender recommender_ebs = {
    .name = "ebs",
    .summary = "gp2 volumes that should be gp3, volumes that nothing uses",
    .run = run,
};
