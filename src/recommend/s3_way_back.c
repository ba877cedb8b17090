#include "s3.h"

#include <math.h>
#include <string.h>

static const char kind[] = "s3.way_back";

enum { TIERS = 5 };

/* What the bill says of a class with charges of its own, and what STANDARD would charge. */
struct billed_class {
    enum lifecycle_class class;
    const char *storage[TIERS], *small, *early, *retrieval, *get, *monitoring;
};

static const struct billed_class classes[] = {
    {LC_STANDARD_IA,
     {"TimedStorage-SIA-ByteHrs"},
     "TimedStorage-SIA-SmObjects",
     "EarlyDelete-SIA",
     "Retrieval-SIA",
     "Requests-SIA-Tier2",
     NULL},
    {LC_ONEZONE_IA,
     {"TimedStorage-ZIA-ByteHrs"},
     "TimedStorage-ZIA-SmObjects",
     "EarlyDelete-ZIA",
     "Retrieval-ZIA",
     "Requests-ZIA-Tier2",
     NULL},
    {LC_GLACIER_IR,
     {"TimedStorage-GIR-ByteHrs"},
     "TimedStorage-GIR-SmObjects",
     "EarlyDelete-GIR",
     "Retrieval-GIR",
     "Requests-GIR-Tier2",
     NULL},
    {LC_INTELLIGENT_TIERING,
     {"TimedStorage-INT-FA-ByteHrs", "TimedStorage-INT-IA-ByteHrs",
      "TimedStorage-INT-AIA-ByteHrs", "TimedStorage-INT-AA-ByteHrs",
      "TimedStorage-INT-DAA-ByteHrs"},
     NULL,
     NULL,
     NULL,
     "Requests-INT-Tier2",
     "Monitoring-Automation-INT"},
};

struct comparison {
    double gb, small_gb, read_gb, gets, monitored;
    double storage_usd, small_usd, early_usd, retrieval_usd, get_usd, monitoring_usd;
    double paid, standard; /* a month */
};

static void read_line(double *quantity, double *usd, const struct s3_bucket *b,
                      const char *measure)
{
    *quantity = *usd = 0;
    if (measure)
        s3_billed(quantity, usd, b, measure);
}

static bool compare(struct comparison *out, const struct s3_bucket *b,
                    const struct billed_class *c)
{
    double gb, usd;
    bool found = false;
    *out = (struct comparison){0};
    for (size_t i = 0; i < TIERS && c->storage[i]; i++)
        if (s3_billed(&gb, &usd, b, c->storage[i])) {
            out->gb += gb;
            out->storage_usd += usd;
            found = true;
        }
    if (!found)
        return false;
    read_line(&out->small_gb, &out->small_usd, b, c->small);
    read_line(&gb, &out->early_usd, b, c->early);
    read_line(&out->read_gb, &out->retrieval_usd, b, c->retrieval);
    read_line(&out->gets, &out->get_usd, b, c->get);
    read_line(&out->monitored, &out->monitoring_usd, b, c->monitoring);
    out->paid = out->storage_usd + out->small_usd + out->early_usd + out->retrieval_usd +
                out->get_usd + out->monitoring_usd;
    out->standard = out->gb * b->prices.class[LC_STANDARD].storage_gb_month +
                    out->gets * b->prices.class[LC_STANDARD].get_per_1000 / 1000;
    return true;
}

static bool lies_in(const struct s3_bucket *b, const struct object_group *g,
                    enum lifecycle_class class)
{
    return g->bucket == b->resource && g->state != OBJECT_DELETE_MARKER &&
           !strcmp(g->storage_class, lifecycle_rules(class)->name);
}

/* Objects that the inventory lists in a class; NaN without one. */
static double objects_in(const struct s3_bucket *b, enum lifecycle_class class)
{
    const struct estate *e = b->in->estate;
    double count = b->end_object > b->first_object ? 0 : NAN;
    for (size_t i = b->first_object; i < b->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        if (!lies_in(b, g, class))
            continue;
        for (int k = 0; k < AGE_BINS * SIZE_BINS; k++)
            count += (double)g->bins[k / SIZE_BINS][k % SIZE_BINS].count;
    }
    return count;
}

/* Copying the data back reads it once and writes it once. */
static double one_off(const struct s3_bucket *b, const struct billed_class *c,
                      const struct comparison *x, double objects)
{
    return x->gb * b->prices.class[c->class].retrieval_gb +
           (isnan(objects) ? 0
                           : objects / 1000 *
                                 (b->prices.class[LC_STANDARD].put_per_1000 +
                                  b->prices.class[c->class].get_per_1000));
}

static void add_evidence(struct advice *advice, struct recommendation *r,
                         const struct s3_bucket *b, const struct billed_class *c,
                         const struct comparison *x, double objects)
{
    const char *name = lifecycle_rules(c->class)->name;
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Stored", "%.1f GB-months in %s, %.2f USD",
                 x->gb, name, x->storage_usd);
    if (c->retrieval)
        evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Read", "%.1f GB, %.2f USD", x->read_gb,
                     x->retrieval_usd);
    if (c->small)
        evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Billed above their size",
                     "%.1f GB-months of objects below 128 KiB, %.2f USD", x->small_gb,
                     x->small_usd);
    if (c->early)
        evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Deleted before the minimum duration",
                     "%.2f USD", x->early_usd);
    if (c->monitoring)
        evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Monitored",
                     "%.0f objects, %.2f USD; below %s each, the fee is more than the "
                     "infrequent tier saves",
                     x->monitored, x->monitoring_usd,
                     s3_bytes_text(&advice->arena, lifecycle_tiering_bytes(&b->prices, 1)));
    evidence_add(
        advice, r, EVIDENCE_FORMULA, NULL, "Saving",
        "%.2f + %.2f + %.2f + %.2f + %.2f (reads, requests) + %.2f (monitoring) - %.2f in "
        "STANDARD = %.2f USD a month",
        x->storage_usd, x->small_usd, x->early_usd, x->retrieval_usd, x->get_usd,
        x->monitoring_usd, x->standard, x->paid - x->standard);
    if (isnan(objects))
        evidence_add(advice, r, EVIDENCE_THRESHOLD, NULL, "Once",
                     "%.1f GB read back; a PUT for each object comes on top: an inventory "
                     "would count them",
                     x->gb);
    else
        evidence_add(
            advice, r, EVIDENCE_FORMULA, NULL, "Once",
            "%.1f GB x %.4f to read + %.0f objects x (%.4f + %.4f) / 1,000 = %.2f USD", x->gb,
            b->prices.class[c->class].retrieval_gb, objects,
            b->prices.class[LC_STANDARD].put_per_1000, b->prices.class[c->class].get_per_1000,
            one_off(b, c, x, objects));
}

/*
 * `aws s3 cp` copies every class, and every copy of a versioned bucket leaves the old
 * version behind: only objects of this one are copied, and versions are asked for first.
 */
static const char script[] =
    "# take the transition to %s out of the lifecycle rules first; on a versioned bucket the\n"
    "# old version stays and is billed until a rule deletes it\n"
    "(set -eu\n"
    "bucket=%s\n"
    "aws s3api get-bucket-versioning --bucket \"$bucket\"\n"
    "aws s3api list-objects-v2 --bucket \"$bucket\" --output json \\\n"
    "  --query \"Contents[?StorageClass=='%s'].Key\" | jq -r '.[]?' | while IFS= read -r key; "
    "do\n"
    "  aws s3 cp \"s3://$bucket/$key\" \"s3://$bucket/$key\" --storage-class STANDARD\n"
    "done)\n";

static void recommend(struct advice *advice, const struct s3_bucket *b,
                      const struct billed_class *c, const struct comparison *x)
{
    const char *name = lifecycle_rules(c->class)->name;
    double saving = x->paid - x->standard;
    struct recommendation *r = advice_add(advice, b->in, kind, ACTION_RETIER, b->resource);
    const double range[S3_SCENARIOS] = {saving, saving, saving};
    r->title = arena_printf(
        &advice->arena, "Bring the data of bucket %s back from %s to STANDARD", b->name, name);
    s3_set_saving(r, b->in, x->paid, range);
    double objects = objects_in(b, c->class);
    r->one_off = money_range_of(money_of(one_off(b, c, x, objects)));
    r->effort = LEVEL_MEDIUM;
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why = "every charge is on the bill; which prefixes cause it is not";
    add_evidence(advice, r, b, c, x, objects);
    s3_evidence_prices(advice, r, b, c->class);
    s3_evidence_prices(advice, r, b, LC_STANDARD);
    change_add(advice, r, "storage_class", name, "STANDARD");
    artefact_add(
        advice, r, "cli", "way-back.sh",
        arena_printf(&advice->arena, script, name, shell_word(&advice->arena, b->name), name));
}

/* Archives bill 40 KiB on top of every object: what that costs for small ones. */
static void judge_small_archived(struct advice *advice, const struct s3_bucket *b,
                                 enum lifecycle_class class)
{
    const struct estate *e = b->in->estate;
    double border = lifecycle_breakeven_bytes(&b->prices, class), count = 0, bytes = 0;
    for (size_t i = b->first_object; i < b->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        if (!lies_in(b, g, class))
            continue;
        for (int k = 0; k < AGE_BINS * SIZE_BINS; k++) {
            const struct object_bin *bin = &g->bins[k / SIZE_BINS][k % SIZE_BINS];
            if (bin->count > 0 && (double)bin->bytes / (double)bin->count < border) {
                count += (double)bin->count;
                bytes += (double)bin->bytes;
            }
        }
    }
    if (count <= 0)
        return;
    double here = count * lifecycle_storage_month(&b->prices, bytes / count, class);
    double standard = bytes / LIFECYCLE_GB * b->prices.class[LC_STANDARD].storage_gb_month;
    advice_decline(advice, kind, b->resource,
                   "%.0f objects in %s are below %s and cost %.2f USD a month there, %.2f in "
                   "STANDARD: 40 KiB are billed on top of each. Pack such files before they "
                   "are archived; bringing them back costs %.2f USD for restores and PUTs",
                   count, lifecycle_rules(class)->name, s3_bytes_text(&advice->arena, border),
                   here, standard,
                   count / 1000 *
                       (b->prices.class[class].restore_per_1000 +
                        b->prices.class[LC_STANDARD].put_per_1000));
}

static double fees_of(const struct comparison *x)
{
    return x->retrieval_usd + x->early_usd + x->small_usd + x->monitoring_usd;
}

void s3_advise_way_back(struct advice *advice, const struct s3_bucket *bucket)
{
    const struct billed_class *worst = NULL;
    struct comparison worst_numbers = {0}, x;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (!compare(&x, bucket, &classes[i]))
            continue;
        double saving = x.paid - x.standard;
        if (saving >= bucket->in->options->min_monthly_usd &&
            saving > worst_numbers.paid - worst_numbers.standard) {
            worst = &classes[i];
            worst_numbers = x;
        } else if (saving < 0 && fees_of(&x) > 0) {
            advice_decline(
                advice, kind, bucket->resource,
                "%s saves %.2f USD a month over STANDARD, after %.2f for reads, small "
                "objects, early deletion and monitoring",
                lifecycle_rules(classes[i].class)->name, -saving, fees_of(&x));
        }
    }
    if (worst)
        recommend(advice, bucket, worst, &worst_numbers);
    judge_small_archived(advice, bucket, LC_GLACIER);
    judge_small_archived(advice, bucket, LC_DEEP_ARCHIVE);
}
