#include <math.h>
#include <string.h>

#include "elb.h"

enum { BOTH_DIRECTIONS = 2, LEAST_ZONES = 2 };

static double monthly_bytes(const struct balancer *b)
{
    double sum = 0;
    for (size_t h = 0; h < b->hour_count; h++)
        for (int p = 0; p < LCU_PROTOCOLS; p++)
            sum += b->kind == ELB_NETWORK && p == LCU_ANY
                       ? 0
                       : b->hours[h].traffic[p].bytes + b->hours[h].traffic[p].lambda_bytes;
    return b->measured_hours > 0 ? sum / b->measured_hours * b->monthly_hours : NAN;
}

/* The zone behind the last semicolon of a subject: "app/web/1;targetgroup/t/2;eu-west-1a". */
static const char *zone_of(const char *subject)
{
    const char *last = strrchr(subject, ';');
    return last && strchr(last, '/') == NULL && strncmp(last, ";rule ", 6) != 0 ? last + 1
                                                                                : NULL;
}

struct zone {
    const char *name;
    double healthy; /* the most that were healthy at once */
};

enum { MOST_ZONES = 16 };

static size_t read_zones(struct zone zones[MOST_ZONES], const struct recommend_input *in,
                         uint32_t resource)
{
    size_t count, n = 0;
    const struct metric_series *s = estate_series(in->estate, resource, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = zone_of(sym_or_empty(s[i].subject));
        if (!name || strcmp(sym_or_empty(s[i].metric), "HealthyHostCount") != 0)
            continue;
        size_t z = 0;
        while (z < n && strcmp(zones[z].name, name) != 0)
            z++;
        if (z == MOST_ZONES)
            break;
        if (z == n)
            zones[n++] = (struct zone){name, 0};
        for (size_t k = 0; k < s[i].count; k++)
            zones[z].healthy = fmax(zones[z].healthy, s[i].values[k]);
    }
    return n;
}

static bool all_zones_served(const struct zone *zones, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (zones[i].healthy <= 0)
            return false;
    return n >= LEAST_ZONES;
}

static void advise_own_zone(struct advice *out, const struct recommend_input *in,
                            const struct balancer *b, double gb, const struct price *price,
                            bool served)
{
    double share = (b->zones - 1) / b->zones;
    struct money crossing = price_times(price, gb * share * BOTH_DIRECTIONS);
    /* Between nothing (targets that call other zones themselves) and all of it. */
    struct money_range saving = {MONEY_ZERO, crossing, crossing};
    struct recommendation *r =
        elb_advise(out, in, b, "elb.cross_zone", ACTION_REROUTE, saving);
    elb_set_saving(r, in, b, crossing, saving);
    r->title = arena_printf(&out->arena, "Turn off cross-zone balancing of %s", b->label);
    r->risk = served ? 1 : 2;
    r->risk_dimension = "availability";
    if (!served)
        r->confidence = LEVEL_LOW;
    evidence_price(out, r, price, "Transfer between zones");
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Between zones",
                 "%.1f GB x %.0f/%.0f x 2 directions x %.4f = %.2f USD", gb, b->zones - 1,
                 b->zones, elb_usd(price), money_double(crossing));
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Every zone has healthy targets",
                 served ? "yes, by HealthyHostCount of each zone"
                        : "not known: HealthyHostCount by zone would say");
    artefact_add(
        out, r, "cli", "cross-zone.sh",
        arena_printf(&out->arena,
                     "aws elbv2 modify-load-balancer-attributes --load-balancer-arn %s \\\n"
                     "    --attributes Key=load_balancing.cross_zone.enabled,Value=false%s\n",
                     elb_arn(out, in, b), region_option(&out->arena, b->region)));
    alternative_add(out, r, money_range_of(MONEY_ZERO), "Leave it on",
                    "right where zones have very different numbers of targets: off, each zone "
                    "must carry its own share");
    change_add(out, r, "enable_cross_zone_load_balancing", "true", "false");
}

static void judge_cross_zone(struct advice *out, const struct recommend_input *in,
                             const struct balancer *b, const struct zone *zones, size_t n)
{
    const struct resource *resource = &in->estate->resources.at[b->resource];
    const struct node *on = node_get(resource->attrs, "enable_cross_zone_load_balancing");
    struct price price;
    double gb = monthly_bytes(b) / LCU_BINARY_GB;
    if (b->kind == ELB_APPLICATION) {
        advice_decline(
            out, "elb.cross_zone", b->resource,
            "an application load balancer pays nothing for traffic between zones to "
            "its targets");
        return;
    }
    if (node_absent(on) || isnan(gb) || !(b->zones >= LEAST_ZONES) ||
        !transfer_price(&price, in->book, "inter_az", b->region, NULL))
        return;
    double usd = gb * (b->zones - 1) / b->zones * BOTH_DIRECTIONS * elb_usd(&price);
    bool served = all_zones_served(zones, n);
    if (!node_bool(on, false))
        advice_decline(out, "elb.cross_zone", b->resource,
                       "cross-zone balancing is off; on, it would cost %.2f USD a month", usd);
    else if (n > 0 && !served)
        advice_decline(
            out, "elb.cross_zone", b->resource,
            "cross-zone balancing costs %.2f USD a month, but a zone has no healthy "
            "target of its own",
            usd);
    else if (usd < in->options->min_monthly_usd)
        advice_decline(out, "elb.cross_zone", b->resource,
                       "cross-zone balancing costs %.2f USD a month", usd);
    else
        advise_own_zone(out, in, b, gb, &price, served);
}

/* A zone without targets costs an internet-facing one an address, and clients a hop. */
static void judge_idle_zones(struct advice *out, const struct recommend_input *in,
                             const struct balancer *b, const struct zone *zones, size_t n)
{
    struct price price;
    size_t idle = 0;
    const char *name = "";
    for (size_t i = 0; i < n; i++)
        if (zones[i].healthy <= 0) {
            idle++;
            name = zones[i].name;
        }
    if (idle == 0 || n - idle < LEAST_ZONES || b->days < in->options->min_days)
        return;
    if (b->facing != TRI_YES || !b->region ||
        !transfer_price(&price, in->book, "public_ipv4_in_use_hour", b->region, NULL)) {
        advice_decline(
            out, "elb.zones", b->resource,
            "%zu of %zu zones have no healthy target (%s); it costs nothing that is "
            "known of an internal load balancer, but adds a zone that can fail",
            idle, n, name);
        return;
    }
    struct money usd = price_times(&price, (double)idle * b->monthly_hours);
    struct recommendation *r =
        elb_advise(out, in, b, "elb.zones", ACTION_RESIZE, money_range_of(usd));
    elb_set_saving(r, in, b, usd, money_range_of(usd));
    r->title = arena_printf(&out->arena, "Take %zu zone%s without targets (%s) off %s", idle,
                            idle > 1 ? "s" : "", name, b->label);
    r->risk = 1;
    r->risk_dimension = "availability";
    evidence_price(out, r, &price, "Public IPv4 address");
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Addresses of idle zones",
                 "%zu x %.0f h x %.4f = %.2f USD; %zu zones stay", idle, b->monthly_hours,
                 elb_usd(&price), money_double(usd), n - idle);
    artefact_add(out, r, "cli", "zones.sh",
                 arena_printf(&out->arena,
                              "aws elbv2 set-subnets --load-balancer-arn %s \\\n"
                              "    --subnets SUBNETS_OF_THE_ZONES_THAT_STAY%s\n",
                              elb_arn(out, in, b), region_option(&out->arena, b->region)));
}

/* Access logs tell whether anybody comes from outside. */
static bool all_clients_are_private(const struct recommend_input *in, const struct balancer *b,
                                    double *requests)
{
    const char *count = b->kind == ELB_NETWORK ? "NewFlowCount_TLS" : "RequestCount";
    double inside = elb_total(in, b->resource, "PrivateClientCount");
    const struct metric_series *logged = elb_logged(in, b->resource, count);
    *requests = 0;
    for (size_t i = 0; logged && i < logged->count; i++)
        *requests += logged->values[i];
    return *requests > 0 && inside >= *requests;
}

/* An internet-facing one holds a public address in each zone. */
static void judge_addresses(struct advice *out, const struct recommend_input *in,
                            const struct balancer *b)
{
    struct price price;
    double requests;
    if (b->facing != TRI_YES || !(b->zones > 0) || b->kind == ELB_GATEWAY || !b->region ||
        !transfer_price(&price, in->book, "public_ipv4_in_use_hour", b->region, NULL))
        return;
    struct money usd = price_times(&price, b->zones * b->monthly_hours);
    if (!all_clients_are_private(in, b, &requests)) {
        advice_decline(out, "elb.address", b->resource,
                       "its %.0f public IPv4 addresses cost %.2f USD a month; %s", b->zones,
                       money_double(usd),
                       requests > 0 ? "clients come from outside"
                                    : "access logs would tell whether a client is outside");
        return;
    }
    struct recommendation *r =
        elb_advise(out, in, b, "elb.address", ACTION_RESIZE, money_range_of(usd));
    elb_set_saving(r, in, b, usd, money_range_of(usd));
    r->title = arena_printf(
        &out->arena, "Make %s internal: all its clients have private addresses", b->label);
    r->effort = LEVEL_MEDIUM;
    r->risk = 2;
    r->risk_dimension = "network";
    evidence_price(out, r, &price, "Public IPv4 address");
    evidence_add(out, r, EVIDENCE_INPUT, "access logs", "Clients",
                 "%.0f requests, all from private addresses", requests);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Addresses",
                 "%.0f x %.0f h x %.4f = %.2f USD", b->zones, b->monthly_hours,
                 elb_usd(&price), money_double(usd));
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "Keep it public",
        "a scheme cannot be changed: a new load balancer and DNS name are needed, and "
        "logs are delivered at best effort, so a rare outside client may be missing");
    change_add(out, r, "internal", "false", "true");
    artefact_add(out, r, "terraform", "internal.tf",
                 "# in the aws_lb, with subnets that need not be public; this makes it anew\n"
                 "internal = true\n");
}

void elb_judge_network(struct advice *out, const struct recommend_input *in,
                       struct balancer *b)
{
    struct zone zones[MOST_ZONES];
    size_t n = read_zones(zones, in, b->resource);
    judge_idle_zones(out, in, b, zones, n);
    judge_addresses(out, in, b);
    if (b->kind != ELB_CLASSIC)
        judge_cross_zone(out, in, b, zones, n);
}
