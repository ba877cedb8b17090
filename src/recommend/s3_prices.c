#include "s3.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "pricing/storage.h"

/* Which price of the book is which of the model. */
static const struct {
    enum lifecycle_class class;
    const char *item;
    size_t at;
} wanted[] = {
#define PRICE(class, item, field)                                                             \
    {                                                                                         \
        class, item, offsetof(struct lifecycle_class_price, field)                            \
    }
    PRICE(LC_STANDARD, "get_select_other", get_per_1000),
    PRICE(LC_STANDARD, "put_copy_post_list", put_per_1000),
    PRICE(LC_STANDARD_IA, "storage", storage_gb_month),
    PRICE(LC_STANDARD_IA, "get_select_other", get_per_1000),
    PRICE(LC_STANDARD_IA, "put_copy_post_list", put_per_1000),
    PRICE(LC_STANDARD_IA, "retrieval", retrieval_gb),
    PRICE(LC_STANDARD_IA, "lifecycle_transition_into", transition_per_1000),
    PRICE(LC_INTELLIGENT_TIERING, "storage_frequent", storage_gb_month),
    PRICE(LC_INTELLIGENT_TIERING, "get_select_other", get_per_1000),
    PRICE(LC_INTELLIGENT_TIERING, "put_copy_post_list", put_per_1000),
    PRICE(LC_INTELLIGENT_TIERING, "lifecycle_transition_into", transition_per_1000),
    PRICE(LC_ONEZONE_IA, "storage", storage_gb_month),
    PRICE(LC_ONEZONE_IA, "get_select_other", get_per_1000),
    PRICE(LC_ONEZONE_IA, "put_copy_post_list", put_per_1000),
    PRICE(LC_ONEZONE_IA, "retrieval", retrieval_gb),
    PRICE(LC_ONEZONE_IA, "lifecycle_transition_into", transition_per_1000),
    PRICE(LC_GLACIER_IR, "storage", storage_gb_month),
    PRICE(LC_GLACIER_IR, "get_select_other", get_per_1000),
    PRICE(LC_GLACIER_IR, "put_copy_post_list", put_per_1000),
    PRICE(LC_GLACIER_IR, "retrieval", retrieval_gb),
    PRICE(LC_GLACIER_IR, "lifecycle_transition_into", transition_per_1000),
    PRICE(LC_GLACIER, "storage", storage_gb_month),
    PRICE(LC_GLACIER, "get_select_other", get_per_1000),
    PRICE(LC_GLACIER, "put_copy_post_list", put_per_1000),
    PRICE(LC_GLACIER, "retrieval_standard", retrieval_gb),
    PRICE(LC_GLACIER, "retrieval_request_standard", restore_per_1000),
    PRICE(LC_GLACIER, "lifecycle_transition_into", transition_per_1000),
    PRICE(LC_DEEP_ARCHIVE, "storage", storage_gb_month),
    PRICE(LC_DEEP_ARCHIVE, "get_select_other", get_per_1000),
    PRICE(LC_DEEP_ARCHIVE, "put_copy_post_list", put_per_1000),
    PRICE(LC_DEEP_ARCHIVE, "retrieval_standard", retrieval_gb),
    PRICE(LC_DEEP_ARCHIVE, "retrieval_request_standard", restore_per_1000),
    PRICE(LC_DEEP_ARCHIVE, "lifecycle_transition_into", transition_per_1000),
#undef PRICE
};

enum { WANTED = sizeof wanted / sizeof *wanted, RESTORED_COPY_DAYS = 7 };

static bool find(struct price *out, const struct book *book, enum lifecycle_class class,
                 const char *item, const char *region)
{
    return s3_price(out, book, s3_class_name(lifecycle_rules(class)->name), item, region);
}

static double unit_usd(const struct price *p)
{
    return money_double(p->usd);
}

static double standard_gb(const struct s3_site *site, const char *region)
{
    for (size_t i = 0; i < site->standard.count; i++)
        if (strcmp(site->standard.at[i].region, region) == 0)
            return site->standard.at[i].gb;
    return site->listed_gb;
}

/* What leaves STANDARD leaves its last tier: that tier's price is what is saved. */
static bool standard_storage(double *out, const struct s3_site *site, const struct book *book,
                             const char *region)
{
    struct money sum;
    struct price_trace trace;
    if (!s3_cost(&sum, book, "standard", "storage", region, fmax(1, standard_gb(site, region)),
                 &trace) ||
        trace.count == 0)
        return false;
    *out = money_double(trace.steps[trace.count - 1].usd) / trace.price.per;
    return true;
}

/* NULL, or the item that the book has no price of. */
static const char *read_prices(struct lifecycle_prices *p, const struct s3_site *site,
                               const struct book *book, const char *region)
{
    struct price row;
    for (size_t i = 0; i < WANTED; i++) {
        if (!find(&row, book, wanted[i].class, wanted[i].item, region))
            return wanted[i].item;
        double *to = (double *)(void *)((char *)&p->class[wanted[i].class] + wanted[i].at);
        *to = unit_usd(&row);
    }
    if (!standard_storage(&p->class[LC_STANDARD].storage_gb_month, site, book, region))
        return "storage";
    const struct {
        const char *item;
        double *to;
    } tiers[] = {{"storage_infrequent", &p->infrequent_gb_month},
                 {"storage_archive_instant", &p->archive_instant_gb_month},
                 {"monitoring", &p->monitoring_per_1000_month}};
    for (size_t i = 0; i < 3; i++) {
        if (!find(&row, book, LC_INTELLIGENT_TIERING, tiers[i].item, region))
            return tiers[i].item;
        *tiers[i].to = unit_usd(&row);
    }
    p->restored_copy_days = RESTORED_COPY_DAYS;
    return NULL;
}

static const struct s3_region *prices_of(struct s3_site *site, const struct book *book,
                                         const char *region)
{
    for (size_t i = 0; i < site->regions.count; i++)
        if (!strcmp(site->regions.at[i].region, region))
            return &site->regions.at[i];
    struct s3_region *added = VEC_PUSH(&site->regions);
    added->region = region;
    added->missing = read_prices(&added->prices, site, book, region);
    return added;
}

static const char *region_of_lines(const struct estate *e, uint32_t resource)
{
    size_t count;
    const struct cost_line *lines = estate_lines(e, resource, &count);
    for (size_t i = 0; i < count; i++)
        if (e->skus.at[lines[i].sku].region)
            return e->skus.at[lines[i].sku].region;
    return NULL;
}

/* The one region that everything else is in, where it is only one. */
static const char *only_region(const struct estate *e)
{
    const char *found = NULL;
    for (size_t i = 0; i < e->resources.count; i++) {
        const char *region = e->resources.at[i].region;
        if (region && found && strcmp(region, found) != 0)
            return NULL;
        found = region ? region : found;
    }
    return found;
}

static const char *region_of(const struct recommend_input *in, uint32_t resource)
{
    const char *region = in->estate->resources.at[resource].region;
    if (!region)
        region = region_of_lines(in->estate, resource);
    if (!region)
        region = node_text(node_get(in->options->parameters, "region"), NULL);
    return region ? region : only_region(in->estate);
}

void s3_bucket_init(struct s3_bucket *out, struct advice *advice,
                    const struct recommend_input *in, struct s3_site *site, uint32_t resource)
{
    const struct resource *r = &in->estate->resources.at[resource];
    *out = (struct s3_bucket){.in = in,
                              .site = site,
                              .resource = resource,
                              .name = r->id ? r->id : resource_label(r),
                              .region = region_of(in, resource)};
    const struct s3_region *known =
        out->region ? prices_of(site, in->book, out->region) : NULL;
    if (!known)
        out->unpriced_why = "its region is not known: neither a bill nor the map names it";
    else if (known->missing)
        out->unpriced_why = arena_printf(&advice->arena, "the price book has no '%s' for %s",
                                         known->missing, out->region);
    else
        out->prices = known->prices;
    out->priced = !out->unpriced_why;
}

void s3_evidence_prices(struct advice *advice, struct recommendation *r,
                        const struct s3_bucket *bucket, enum lifecycle_class to)
{
    static const char *const items[] = {"storage",
                                        "storage_frequent",
                                        "storage_infrequent",
                                        "storage_archive_instant",
                                        "monitoring",
                                        "lifecycle_transition_into",
                                        "retrieval",
                                        "retrieval_standard",
                                        "retrieval_request_standard",
                                        "get_select_other"};
    struct price row;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (find(&row, bucket->in->book, to, items[i], bucket->region))
            evidence_price(
                advice, r, &row,
                arena_printf(&advice->arena, "%s, %s", lifecycle_rules(to)->name, items[i]));
}

bool s3_billed(double *quantity, double *usd, const struct s3_bucket *bucket,
               const char *measure)
{
    struct money cost;
    *quantity = *usd = 0;
    if (!estate_monthly_measure(&cost, quantity, bucket->in->estate, bucket->resource, measure,
                                BASIS_UNBLENDED))
        return false;
    *usd = money_double(cost);
    return true;
}

bool s3_billed_with(double *gb, double *usd, const struct s3_bucket *b, const char *part)
{
    const struct estate *e = b->in->estate;
    double window = estate_window_hours(e);
    size_t count;
    const struct cost_line *lines = estate_lines(e, b->resource, &count);
    *gb = *usd = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = &e->skus.at[lines[i].sku];
        if (!sku->measure || !strstr(sku->measure, part) || !charge_is_usage(sku->charge))
            continue;
        *gb += money_double(lines[i].quantity);
        *usd += money_double(lines[i].cost[BASIS_UNBLENDED]);
    }
    *gb *= window > 0 ? e->hours_per_month / window : 0;
    *usd *= window > 0 ? e->hours_per_month / window : 0;
    return *gb > 0;
}
