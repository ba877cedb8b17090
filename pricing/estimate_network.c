#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "estimate_build.h"

enum { NAME_ROOM = 80 };

static struct range less(struct range a, struct range b)
{
    return (struct range){fmax(0, a.low - b.low), fmax(0, a.expected - b.expected),
                          fmax(0, a.high - b.high)};
}

static struct range plus(struct range a, struct range b)
{
    return (struct range){a.low + b.low, a.expected + b.expected, a.high + b.high};
}

/* "us-east-1a" stands in us-east-1; a name that is no zone is its own region. */
static const char *region_of(char out[NAME_ROOM], const char *place)
{
    snprintf(out, NAME_ROOM, "%s", place);
    size_t n = strlen(out);
    if (n > 2 && islower((unsigned char)out[n - 1]) && isdigit((unsigned char)out[n - 2]))
        out[n - 1] = '\0';
    return out;
}

static struct egress *egress_of(struct estimate_run *run, const char *region)
{
    size_t most = sizeof run->egress / sizeof *run->egress;
    for (size_t i = 0; i < run->egress_count; i++)
        if (!strcmp(run->egress[i].region, region))
            return &run->egress[i];
    if (run->egress_count == most)
        return &run->egress[most - 1];
    struct egress *e = &run->egress[run->egress_count++];
    *e = (struct egress){arena_strdup(&run->out->arena, region), {0, 0, 0}};
    return e;
}

/* The account's free amount comes off first; the tiers go on where the last flow stopped. */
void quote_egress(struct quote *q, const char *name, const char *region, struct range gb)
{
    struct estimate_run *run = q->run;
    struct egress *e = egress_of(run, region);
    struct range paid = less(gb, run->free_egress_gb);
    run->free_egress_gb = less(run->free_egress_gb, gb);
    quote_add_after(
        q, name, "GB",
        &(struct price_key){"data_transfer", "internet_egress", "to=internet", region}, paid,
        e->gb);
    e->gb = plus(e->gb, paid);
}

/* Between zones each side pays; between regions the sender. */
void quote_between(struct quote *q, const char *name, const char *from, const char *to,
                   struct range gb)
{
    char here[NAME_ROOM], there[NAME_ROOM], attributes[NAME_ROOM + 4];
    region_of(here, from);
    region_of(there, to);
    if (strcmp(here, there) != 0) {
        snprintf(attributes, sizeof attributes, "to=%s", there);
        quote_add(q, name, "GB",
                  &(struct price_key){"data_transfer", "inter_region", attributes, here}, gb);
    } else if (strcmp(from, to) != 0) {
        quote_add(q, name, "GB", &(struct price_key){"data_transfer", "inter_az", NULL, here},
                  plus(gb, gb));
    } else {
        quote_put(q, name, "GB", gb, MONEY_ZERO, money_range_of(MONEY_ZERO));
    }
}

void quote_flow(struct quote *q)
{
    char here[NAME_ROOM];
    const char *from = node_text(node_get(q->r->usage, "from"), "");
    const char *to = node_text(node_get(q->r->usage, "to"), "");
    struct range gb = quote_usage(q, "monthly_gb", NAN);
    if (isnan(gb.expected))
        quote_missing(q, "Data transfer", "the map does not say how much: gb_month");
    else if (!strcmp(to, "internet"))
        quote_egress(q, "Data transfer to the internet", region_of(here, from), gb);
    else
        quote_between(q, "Data transfer", from, to, gb);
}

/* The connection is free; so is what stays within one zone. */
void quote_peering(struct quote *q)
{
    const char *to = node_text(node_get(q->r->attrs, "peer_region"), q->r->region);
    struct range gb = quote_usage(q, "monthly_gb", NAN);
    if (isnan(gb.expected) || !q->r->region)
        quote_missing(q, "Data over the peering", "the map does not say how much: gb_month");
    else if (strcmp(sym_or_empty(to), q->r->region) != 0)
        quote_between(q, "Data over the peering, to the other region", q->r->region, to, gb);
    else if (node_bool(node_get(q->r->usage, "same_az"), false))
        quote_put(q, "Data over the peering, one zone", "GB", gb, MONEY_ZERO,
                  money_range_of(MONEY_ZERO));
    else
        quote_add(
            q, "Data over the peering, between zones", "GB",
            &(struct price_key){"data_transfer", "vpc_peering_cross_az", NULL, q->r->region},
            plus(gb, gb));
}

static void quote_acceleration(struct quote *q)
{
    static const struct {
        const char *path, *name, *item;
    } parts[] = {
        {"transfer_acceleration.gb_us_eu_jp", "Transfer Acceleration, US, Europe, Japan",
         "transfer_acceleration_in_us_eu_jp_edge"},
        {"transfer_acceleration.gb_other", "Transfer Acceleration, other edges",
         "transfer_acceleration_in_other_edge"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (quote_has(q, parts[i].path))
            quote_add(q, parts[i].name, "GB",
                      &(struct price_key){"s3", parts[i].item, "class=any", q->r->region},
                      quote_usage(q, parts[i].path, 0));
}

/* A replica is a PUT in the other bucket and, across regions, transfer out of this one. */
static void quote_replica(struct quote *q, const struct node *n)
{
    struct range gb = {0, 0, 0}, objects = {0, 0, 0};
    const char *bucket = node_text(node_get(n, "to_bucket"), "");
    uint32_t other = estate_find(q->run->estate, bucket);
    const char *to = node_text(node_get(n, "to_region"),
                               other != NOTHING ? q->run->estate->resources.at[other].region
                                                : q->r->region);
    range_read(&gb, node_get(n, "gb_month"));
    if (range_read(&objects, node_get(n, "objects_month")))
        quote_add(q, "Replication, PUT requests", "requests",
                  &(struct price_key){"s3", "put_copy_post_list", "class=standard", to},
                  objects);
    if (to && q->r->region && strcmp(to, q->r->region) != 0)
        quote_between(q, "Replication, transfer", q->r->region, to, gb);
}

static void quote_bucket_egress(struct quote *q)
{
    const struct node *across = node_at(q->r->usage, "egress.cross_region");
    for (size_t i = 0; across && i < across->count; i++) {
        struct range gb = {0, 0, 0};
        range_read(&gb, node_get(across->items[i], "gb"));
        quote_between(q, "Data transfer to another region", q->r->region,
                      node_text(node_get(across->items[i], "to"), ""), gb);
    }
    if (quote_has(q, "egress.internet_gb"))
        quote_egress(q, "Data transfer to the internet", q->r->region,
                     quote_usage(q, "egress.internet_gb", 0));
}

/* Without a Bucket Key every read and write of an object asks KMS. */
static void quote_encryption(struct quote *q)
{
    const struct node *encryption = node_get(q->r->usage, "encryption");
    if (!node_get(encryption, "kms_key_ref") ||
        node_bool(node_get(encryption, "bucket_key"), false))
        return;
    struct range requests =
        plus(quote_usage(q, "puts_per_month", 0), quote_usage(q, "gets_per_month", 0));
    quote_add(q, "KMS requests (no Bucket Key)", "requests",
              &(struct price_key){"kms", "requests_symmetric", NULL, q->r->region}, requests);
}

void quote_bucket(struct quote *q)
{
    const struct node *replicas = node_get(q->r->usage, "replication");
    if (!q->r->region)
        return;
    quote_objects(q);
    quote_acceleration(q);
    quote_bucket_egress(q);
    quote_encryption(q);
    for (size_t i = 0; replicas && i < replicas->count; i++)
        quote_replica(q, replicas->items[i]);
}
