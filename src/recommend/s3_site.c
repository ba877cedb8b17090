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

static bool is_companion(const struct resource *r)
{
    static const char prefix[] = "aws_s3_bucket_";
    return r->type && strncmp(r->type, prefix, strlen(prefix)) == 0;
}

/* By name, or by the address of a bucket that has no name yet. */
static const char *name_of_bucket(const struct resource *companion)
{
    const struct node *n = node_get(companion->attrs, "bucket");
    return n && n->text ? n->text : "";
}

static void find_companions(struct s3_site *site, const struct estate *e)
{
    static const char *const roots[] = {"storage_root", "storage_location"};
    for (uint32_t i = 0; i < e->resources.count; i++) {
        const struct resource *r = &e->resources.at[i];
        if (is_companion(r)) {
            const char *bucket = name_of_bucket(r);
            multimap_put(&site->companions, bucket, strlen(bucket), i);
        }
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
    multimap_release(&site->companions);
    VEC_FREE(&site->roots);
    VEC_FREE(&site->regions);
}

/* Counts `skip` down with each companion of the type that goes by the name. */
static const struct resource *named(const struct s3_bucket *bucket, const char *name,
                                    const char *type, size_t *skip)
{
    const struct estate *e = bucket->in->estate;
    if (!name || !*name)
        return NULL;
    struct multimap_walk w = multimap_find(&bucket->site->companions, name, strlen(name));
    while (multimap_next(&w))
        if (!strcmp(e->resources.at[w.value].type, type) && !(*skip)--)
            return &e->resources.at[w.value];
    return NULL;
}

const struct resource *s3_companion(const struct s3_bucket *bucket, const char *type,
                                    size_t *at)
{
    const struct resource *r = &bucket->in->estate->resources.at[bucket->resource];
    const char *const names[] = {r->id, r->name, r->key, r->address};
    size_t skip = (*at)++;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        bool seen = false;
        for (size_t k = 0; k < n; k++)
            seen = seen || (names[k] && names[n] && !strcmp(names[k], names[n]));
        const struct resource *found = seen ? NULL : named(bucket, names[n], type, &skip);
        if (found)
            return found;
    }
    return NULL;
}
