#include <ctype.h>
#include <string.h>

#include "terraform.h"

/* Part `n` of an ARN: 3 the region, 4 the account. NULL when it is empty. */
static sym arn_part(struct intern *symbols, const char *arn, int n)
{
    if (!arn || strncmp(arn, "arn:", 4))
        return NULL;
    for (; n > 0 && arn; n--) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    size_t length = arn ? strcspn(arn, ":") : 0;
    return length ? intern_n(symbols, arn, length) : NULL;
}

/* "eu-west-1a" is in eu-west-1; local zones ("us-west-2-lax-1a") name their region first. */
static sym zone_region(struct intern *symbols, const char *zone)
{
    size_t n = zone ? strlen(zone) : 0;
    if (n < 2 || !isalpha((unsigned char)zone[n - 1]) || !isdigit((unsigned char)zone[n - 2]))
        return NULL;
    size_t dashes = 0, end = 0;
    for (; end < n; end++)
        if (zone[end] == '-' && ++dashes == 3)
            break;
    return intern_n(symbols, zone, dashes == 3 ? end : n - 1);
}

static sym text_of(struct intern *symbols, const struct node *attrs, const char *path)
{
    const char *text = node_text(node_at(attrs, path), NULL);
    return text && *text ? intern(symbols, text) : NULL;
}

static sym region_of(struct intern *symbols, const struct resource *r,
                     const char *provider_region)
{
    sym region = text_of(symbols, r->attrs, "region");
    if (!region && provider_region && *provider_region)
        region = intern(symbols, provider_region);
    if (!region)
        region = arn_part(symbols, node_text(node_get(r->attrs, "arn"), NULL), 3);
    if (!region)
        region =
            zone_region(symbols, node_text(node_get(r->attrs, "availability_zone"), NULL));
    return region ? region : r->region;
}

static sym name_of(struct intern *symbols, const struct resource *r)
{
    static const char *const paths[] = {"tags.Name",    "name",       "bucket",
                                        "cluster_name", "identifier", "function_name"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        sym name = text_of(symbols, r->attrs, paths[i]);
        if (name)
            return name;
    }
    return NULL;
}

void terraform_describe(struct estate *estate, uint32_t resource, const char *provider_region)
{
    struct resource *r = &estate->resources.at[resource];
    struct intern *symbols = estate->symbols;
    const struct node *all = node_get(r->attrs, "tags_all");
    const struct node *own = node_get(r->attrs, "tags");
    const char *arn = node_text(node_get(r->attrs, "arn"), NULL);
    r->region = region_of(symbols, r, provider_region);
    r->zone = text_of(symbols, r->attrs, "availability_zone");
    r->id = text_of(symbols, r->attrs, "id");
    r->name = name_of(symbols, r);
    if (!r->account)
        r->account = arn_part(symbols, arn, 4);
    r->tags = node_is(all, NODE_MAP) && all->count ? all
              : node_is(own, NODE_MAP)             ? own
                                                   : node_get(r->attrs, "custom_tags");
    if (!node_is(r->tags, NODE_MAP))
        r->tags = NULL;
}
