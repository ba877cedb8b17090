#include "s3.h"

#include <string.h>

static void add_stored(struct s3_site *site, sym region, double gb)
{
    for (size_t i = 0; i < site->standard.count; i++)
        if (site->standard.at[i].region == region) {
            site->standard.at[i].gb += gb;
            return;
        }
    VEC_ADD(&site->standard, ((struct s3_stored){region, gb}));
}

static void find_stored(struct s3_site *out, const struct estate *e)
{
    double window = estate_window_hours(e);
    for (size_t i = 0; i < e->lines.count && window > 0; i++) {
        const struct sku *sku = &e->skus.at[e->lines.at[i].sku];
        if (sku->region && sku->measure && strcmp(sku->measure, "TimedStorage-ByteHrs") == 0)
            add_stored(out, sku->region,
                       money_double(e->lines.at[i].quantity) * e->hours_per_month / window);
    }
    for (size_t i = 0; i < e->objects.count; i++)
        for (int k = 0; k < AGE_BINS * SIZE_BINS; k++)
            if (strcmp(e->objects.at[i].storage_class, "STANDARD") == 0)
                out->listed_gb +=
                    (double)e->objects.at[i].bins[k / SIZE_BINS][k % SIZE_BINS].bytes /
                    LIFECYCLE_GB;
}

static void find_companions(struct s3_site *site, const struct estate *e)
{
    static const char prefix[] = "aws_s3_bucket_";
    static const char *const roots[] = {"storage_root", "storage_location"};
    for (uint32_t i = 0; i < e->resources.count; i++) {
        const struct resource *r = &e->resources.at[i];
        if (r->type && strncmp(r->type, prefix, strlen(prefix)) == 0)
            VEC_ADD(&site->companions, i);
        for (size_t k = 0; k < sizeof roots / sizeof *roots; k++) {
            const struct node *url = node_get(r->attrs, roots[k]);
            if (node_is(url, NODE_STRING))
                VEC_ADD(&site->roots, ((struct s3_root){url->text, resource_label(r)}));
        }
    }
}

void s3_site_init(struct s3_site *out, const struct estate *e)
{
    *out = (struct s3_site){.listed_gb = 0};
    find_stored(out, e);
    find_companions(out, e);
}

void s3_site_release(struct s3_site *site)
{
    VEC_FREE(&site->standard);
    VEC_FREE(&site->companions);
    VEC_FREE(&site->roots);
    VEC_FREE(&site->regions);
}

static bool same(const char *text, const char *name)
{
    return name && text[0] && strcmp(text, name) == 0;
}

/* By name, or by the address of a bucket that has no name yet. */
static bool names(const struct resource *companion, const struct resource *bucket)
{
    const struct node *n = node_get(companion->attrs, "bucket");
    const char *name = n && n->text ? n->text : "";
    return same(name, bucket->id) || same(name, bucket->name) || same(name, bucket->key) ||
           same(name, bucket->address);
}

const struct resource *s3_companion(const struct s3_bucket *bucket, const char *type,
                                    size_t *at)
{
    const struct estate *e = bucket->in->estate;
    while (*at < bucket->site->companions.count) {
        const struct resource *r = &e->resources.at[bucket->site->companions.at[(*at)++]];
        if (strcmp(r->type, type) == 0 && names(r, &e->resources.at[bucket->resource]))
            return r;
    }
    return NULL;
}
