#include "s3.h"

/* Parts of uploads that were never completed: billed, and in no listing and no inventory. */
static const char kind[] = "s3.uploads";

void s3_advise_uploads(struct advice *advice, const struct s3_bucket *bucket)
{
    const struct node *lens =
        node_get(bucket->in->estate->resources.at[bucket->resource].usage, "s3_lens");
    double all = node_number(node_get(lens, "incomplete_upload_bytes"), 0);
    double old = node_number(node_get(lens, "incomplete_upload_bytes_over_7_days"), all);
    double price = bucket->prices.class[LC_STANDARD].storage_gb_month / LIFECYCLE_GB;
    const double saving[S3_SCENARIOS] = {old * price, old * price, all * price};
    struct s3_rules rules = s3_standing_rules(&advice->arena, bucket);
    if (all <= 0)
        return;
    if (s3_rules_abort_uploads(&rules)) {
        advice_decline(advice, kind, bucket->resource,
                       "incomplete uploads cost %.2f USD a month; a rule aborts them",
                       all * price);
        return;
    }
    if (old * price < bucket->in->options->min_monthly_usd) {
        advice_decline(
            advice, kind, bucket->resource,
            "incomplete uploads cost %.2f USD a month, %.2f of it older than 7 days",
            all * price, old * price);
        return;
    }
    struct recommendation *r =
        advice_add(advice, bucket->in, kind, ACTION_STOP, bucket->resource);
    r->title = arena_printf(
        &advice->arena, "Abort incomplete uploads of bucket %s after 7 days", bucket->name);
    s3_set_saving(r, bucket->in, all * price, saving);
    r->separate = true;
    r->effort = LEVEL_VERY_LOW;
    r->confidence = LEVEL_HIGH;
    r->confidence_why = "Storage Lens counts the bytes of parts without an upload";
    evidence_add(advice, r, EVIDENCE_INPUT, node_text(node_get(lens, "source"), NULL),
                 "Incomplete uploads", "%s, of it %s older than 7 days",
                 s3_bytes_text(&advice->arena, all), s3_bytes_text(&advice->arena, old));
    s3_evidence_prices(advice, r, bucket, LC_STANDARD);
    change_add(advice, r, "abort_incomplete_multipart_upload", "none", "7 days");
    s3_rules_add_abort(&advice->arena, &rules);
    s3_add_configuration(advice, r, bucket, &rules);
}
