#include "s3.h"

#include <math.h>
#include <string.h>

static const char kind[] = "s3.way_back";

/* What the bill says of a class that charges for reading, and what STANDARD would charge. */
struct billed_class {
    enum lifecycle_class class;
    const char *storage, *small, *early, *retrieval, *get;
};

static const struct billed_class classes[] = {
    {LC_STANDARD_IA, "TimedStorage-SIA-ByteHrs", "TimedStorage-SIA-SmObjects",
     "EarlyDelete-SIA", "Retrieval-SIA", "Requests-SIA-Tier2"},
    {LC_ONEZONE_IA, "TimedStorage-ZIA-ByteHrs", "TimedStorage-ZIA-SmObjects",
     "EarlyDelete-ZIA", "Retrieval-ZIA", "Requests-ZIA-Tier2"},
    {LC_GLACIER_IR, "TimedStorage-GIR-ByteHrs", "TimedStorage-GIR-SmObjects",
     "EarlyDelete-GIR", "Retrieval-GIR", "Requests-GIR-Tier2"},
};

struct comparison {
    double gb, small_gb, read_gb, gets;
    double storage_usd, small_usd, early_usd, retrieval_usd, get_usd;
    double paid, standard; /* a month */
};

static bool compare(struct comparison *out, const struct s3_bucket *b,
                    const struct billed_class *c)
{
    double ignored;
    *out = (struct comparison){0};
    if (!s3_billed(&out->gb, &out->storage_usd, b, c->storage))
        return false;
    s3_billed(&out->small_gb, &out->small_usd, b, c->small);
    s3_billed(&ignored, &out->early_usd, b, c->early);
    s3_billed(&out->read_gb, &out->retrieval_usd, b, c->retrieval);
    s3_billed(&out->gets, &out->get_usd, b, c->get);
    out->paid =
        out->storage_usd + out->small_usd + out->early_usd + out->retrieval_usd + out->get_usd;
    out->standard = out->gb * b->prices.class[LC_STANDARD].storage_gb_month +
                    out->gets * b->prices.class[LC_STANDARD].get_per_1000 / 1000;
    return true;
}

/* Copying the data back reads it once and writes it once; the number of objects is not billed.
 */
static double one_off(const struct s3_bucket *b, const struct billed_class *c,
                      const struct comparison *x)
{
    return x->gb * b->prices.class[c->class].retrieval_gb;
}

static void add_evidence(struct advice *advice, struct recommendation *r,
                         const struct comparison *x, const char *name)
{
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Stored", "%.1f GB-months in %s, %.2f USD",
                 x->gb, name, x->storage_usd);
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Read", "%.1f GB, %.2f USD", x->read_gb,
                 x->retrieval_usd);
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Billed above their size",
                 "%.1f GB-months of objects below 128 KiB, %.2f USD", x->small_gb,
                 x->small_usd);
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Deleted before the minimum duration",
                 "%.2f USD", x->early_usd);
    evidence_add(
        advice, r, EVIDENCE_FORMULA, NULL, "Saving",
        "%.2f + %.2f + %.2f + %.2f + %.2f (reads, requests) - %.2f in STANDARD = %.2f "
        "USD a month",
        x->storage_usd, x->small_usd, x->early_usd, x->retrieval_usd, x->get_usd, x->standard,
        x->paid - x->standard);
}

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
    r->one_off = money_range_of(money_of(one_off(b, c, x)));
    r->effort = LEVEL_MEDIUM;
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why = "every charge is on the bill; which prefixes cause it is not";
    add_evidence(advice, r, x, name);
    s3_evidence_prices(advice, r, b, c->class);
    s3_evidence_prices(advice, r, b, LC_STANDARD);
    change_add(advice, r, "storage_class", name, "STANDARD");
    artefact_add(
        advice, r, "cli", "way-back.sh",
        arena_printf(&advice->arena,
                     "# take the transition to %s out of the lifecycle rules first\n"
                     "aws s3 cp s3://%s/ s3://%s/ --recursive --storage-class STANDARD\n",
                     name, b->name, b->name));
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
        } else if (saving < 0 && x.retrieval_usd + x.early_usd + x.small_usd > 0) {
            advice_decline(
                advice, kind, bucket->resource,
                "%s saves %.2f USD a month over STANDARD, after %.2f for reads, small "
                "objects and early deletion",
                lifecycle_rules(classes[i].class)->name, -saving,
                x.retrieval_usd + x.early_usd + x.small_usd);
        }
    }
    if (worst)
        recommend(advice, bucket, worst, &worst_numbers);
}
