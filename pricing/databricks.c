#include "pricing/databricks.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { NAME_ROOM = 160 };

static bool find(struct price *out, const struct book *book, const char *item,
                 const char *attributes, const char *region)
{
    return book_price(out, book, &(struct price_key){"databricks", item, attributes, region});
}

bool dbu_per_hour(struct price *out, const struct book *book, const char *instance_type)
{
    char attributes[NAME_ROOM];
    int n = snprintf(attributes, sizeof attributes, "instance_type=%s", instance_type);
    return n > 0 && (size_t)n < sizeof attributes &&
           find(out, book, "instance_dbu", attributes, NULL);
}

bool dbu_price(struct price *out, const struct book *book, const char *sku, const char *tier,
               const char *region, bool photon)
{
    char attributes[NAME_ROOM];
    int n = snprintf(attributes, sizeof attributes, "sku=%s;tier=%s;photon=%s", sku, tier,
                     photon ? "yes" : "no");
    return n > 0 && (size_t)n < sizeof attributes &&
           find(out, book, "dbu", attributes, region);
}

static void cut(char *text, size_t *length, size_t n)
{
    *length -= n;
    text[*length] = '\0';
}

static bool ends_with(const char *text, size_t length, const char *end, size_t n)
{
    return n && length > n && !memcmp(text + length - n, end, n);
}

/* Takes "_US_EAST_N_VIRGINIA" off the end. */
static void cut_region(struct dbu_sku *out, const struct book *book, size_t *length)
{
    for (size_t i = 0; i < book_fact_count(book, "regions"); i++) {
        const char *region = book_fact_key(book, "regions", i);
        const char *name = book_fact(book, "regions", region, "databricks_sku_region");
        if (!name || !*name || !ends_with(out->sku, *length, name, strlen(name)) ||
            out->sku[*length - strlen(name) - 1] != '_')
            continue;
        snprintf(out->region, sizeof out->region, "%s", region);
        cut(out->sku, length, strlen(name) + 1);
        return;
    }
}

bool dbu_sku_parse(struct dbu_sku *out, const struct book *book, const char *name)
{
    static const char *const tiers[] = {"standard", "premium", "enterprise"};
    static const char photon[] = "_(PHOTON)";
    *out = (struct dbu_sku){.photon = false};
    for (size_t i = 0; i < sizeof tiers / sizeof *tiers; i++) {
        size_t n = strlen(tiers[i]);
        if (strncasecmp(name, tiers[i], n) || name[n] != '_')
            continue;
        snprintf(out->tier, sizeof out->tier, "%s", tiers[i]);
        snprintf(out->sku, sizeof out->sku, "%s", name + n + 1);
        size_t length = strlen(out->sku);
        cut_region(out, book, &length);
        out->photon = ends_with(out->sku, length, photon, sizeof photon - 1);
        if (out->photon)
            cut(out->sku, &length, sizeof photon - 1);
        return true;
    }
    return false;
}

double dbu_multiplier(const struct book *book, const char *sku, const char *feature)
{
    char attributes[NAME_ROOM];
    struct price price;
    int n = snprintf(attributes, sizeof attributes, "sku=%s;feature=%s", sku, feature);
    if (n < 0 || (size_t)n >= sizeof attributes ||
        !find(&price, book, "multiplier", attributes, NULL))
        return 1;
    return money_double(price.usd);
}

bool warehouse_size_find(struct warehouse_size *out, const struct book *book, const char *kind,
                         const char *size)
{
    char key[64], attributes[NAME_ROOM];
    struct price price;
    snprintf(key, sizeof key, "%s/%s", kind, size);
    for (char *c = key; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    char *slash = strchr(key, '/');
    snprintf(attributes, sizeof attributes, "type=%.*s;size=%s", (int)(slash - key), key,
             slash + 1);
    if (!find(&price, book, "warehouse", attributes, NULL))
        return false;
    out->dbu_per_hour = money_double(price.usd);
    out->driver_instance_type = book_fact(book, "warehouses", key, "driver_instance_type");
    out->worker_instance_type = book_fact(book, "warehouses", key, "worker_instance_type");
    out->workers = (int)book_fact_number(book, "warehouses", key, "workers", 0);
    return out->driver_instance_type && out->worker_instance_type;
}

bool dbu_serving(struct price *out, const struct book *book, const char *product,
                 const char *size)
{
    char attributes[NAME_ROOM];
    int n = snprintf(attributes, sizeof attributes, "product=%s;size=%s", product, size);
    return n > 0 && (size_t)n < sizeof attributes &&
           find(out, book, "serving", attributes, NULL);
}
