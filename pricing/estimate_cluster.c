#include <math.h>
#include <stdio.h>
#include <string.h>

#include "estimate_build.h"
#include "pricing/catalogue.h"
#include "pricing/cluster_cost.h"
#include "pricing/databricks.h"

static const char *text_at(const struct node *n, const char *path, const char *otherwise)
{
    return node_text(node_at(n, path), otherwise);
}

static double number_at(const struct node *n, const char *path, double otherwise)
{
    return node_number(node_at(n, path), otherwise);
}

/* Workers that run: declared mean, a fixed number, or the bounds of autoscaling. */
static bool worker_range(struct range *out, const struct quote *q)
{
    const struct node *attrs = q->r->attrs;
    double fixed = number_at(attrs, "num_workers", NAN);
    double least = number_at(attrs, "autoscale.min_workers", NAN);
    double most = number_at(attrs, "autoscale.max_workers", NAN);
    if (quote_has(q, "workers_typ")) {
        *out = quote_usage(q, "workers_typ", 0);
        return true;
    }
    *out = (struct range){fixed, fixed, fixed};
    if (isnan(fixed))
        *out = (struct range){least, (least + most) / 2, most};
    return !isnan(out->expected);
}

/* Nodes are counted driver first; those behind first_on_demand may be spot. */
static double spot_share(const struct quote *q, double workers)
{
    const struct node *attrs = q->r->attrs;
    const char *market = text_at(attrs, "aws_attributes.availability", "ON_DEMAND");
    double kept = fmax(0, number_at(attrs, "aws_attributes.first_on_demand", 1) - 1);
    if (strncmp(market, "SPOT", 4) != 0 || workers <= 0)
        return 0;
    double free = fmax(0, workers - kept) / workers;
    return fmin(free, number_at(q->r->usage, "spot_share", free));
}

static struct cluster_shape shape_of(const struct quote *q, double workers)
{
    const struct node *attrs = q->r->attrs, *usage = q->r->usage;
    const char *worker = text_at(attrs, "node_type_id", NULL);
    const char *market = text_at(attrs, "aws_attributes.availability", "ON_DEMAND");
    struct cluster_shape s = {
        .region = q->r->region,
        .worker_type = worker,
        .driver_type = text_at(attrs, "driver_node_type_id", worker),
        .workers = workers,
        .spot_share = spot_share(q, workers),
        .spot_discount = number_at(usage, "spot_discount", NAN),
        .spot_driver = !strncmp(market, "SPOT", 4) &&
                       number_at(attrs, "aws_attributes.first_on_demand", 1) < 1,
        .ebs_type = text_at(usage, "ebs_type", NULL),
        .ebs_count = number_at(attrs, "aws_attributes.ebs_volume_count", 0),
        .ebs_gib = number_at(attrs, "aws_attributes.ebs_volume_size", 0),
        .ebs_iops = number_at(attrs, "aws_attributes.ebs_volume_iops", 0),
        .ebs_mb_per_s = number_at(attrs, "aws_attributes.ebs_volume_throughput", 0),
        .sku = text_at(usage, "sku", "ALL_PURPOSE_COMPUTE"),
        .tier = text_at(usage, "tier", "premium"),
        .photon = cluster_is_photon(attrs),
        .dbu_discount = number_at(usage, "dbu_discount", 0),
        .dbu_driver = number_at(usage, "dbu_per_hour_driver", NAN),
        .dbu_worker = number_at(usage, "dbu_per_hour_worker", NAN),
    };
    if (isnan(s.dbu_driver))
        s.dbu_driver =
            s.driver_type && worker && !strcmp(s.driver_type, worker) ? s.dbu_worker : NAN;
    return s;
}

/* Declared hours, and start-up on top of every run: nodes are paid while they boot. */
static struct range hours_of(const struct quote *q)
{
    enum { STARTUP_MINUTES = 5 };
    struct range hours = quote_usage(q, "monthly_hours", NAN);
    struct range runs = quote_usage(q, "runs_per_month", 0);
    struct range minutes = quote_usage(q, "startup_minutes", STARTUP_MINUTES);
    double most = q->run->estate->hours_per_month;
    if (isnan(hours.expected))
        return hours;
    return (struct range){fmin(most, hours.low + runs.low * minutes.low / 60),
                          fmin(most, hours.expected + runs.expected * minutes.expected / 60),
                          fmin(most, hours.high + runs.high * minutes.high / 60)};
}

void add_eligible(struct quote *q, const char *type, struct range instance_hours,
                  struct money unit)
{
    if (!type || money_is_zero(unit))
        return;
    const struct instance_type *known = catalogue_find(q->run->book, type);
    VEC_ADD(&q->run->eligible,
            ((struct eligible){known ? known->family : NULL, type, q->r->region,
                               money_times_range(unit, instance_hours), instance_hours}));
}

static const char *const part_units[CLUSTER_PARTS] = {"instance-hours", "instance-hours",
                                                      "instance-hours", "node-hours", "DBU"};

static void add_parts(struct quote *q, const struct cluster_rate rates[3], struct range hours)
{
    struct arena *arena = &q->run->out->arena;
    for (int p = 0; p < CLUSTER_PARTS; p++) {
        if (rates[2].parts[p].quantity <= 0)
            continue;
        struct range quantity = {rates[0].parts[p].quantity * hours.low,
                                 rates[1].parts[p].quantity * hours.expected,
                                 rates[2].parts[p].quantity * hours.high};
        struct money unit = rates[2].parts[p].unit;
        struct cost_component *c =
            quote_put(q, cluster_part_name((enum cluster_part)p), part_units[p], quantity,
                      unit, money_times_range(unit, quantity));
        const struct price *price = &rates[2].parts[p].price;
        c->price_key = arena_strdup(arena, price->key);
        c->price_region = arena_strdup(arena, price->region);
        c->price_source = arena_strdup(arena, price->source);
        c->price_date = price->date;
        if (p == CLUSTER_EC2_DRIVER || p == CLUSTER_EC2_WORKERS) {
            const char *worker = text_at(q->r->attrs, "node_type_id", NULL);
            const char *driver = text_at(q->r->attrs, "driver_node_type_id", worker);
            add_eligible(q, p == CLUSTER_EC2_DRIVER ? driver : worker, quantity, unit);
        }
    }
}

static void quote_nodes(struct quote *q)
{
    struct range workers, hours = hours_of(q);
    struct cluster_rate rates[3];
    if (!worker_range(&workers, q)) {
        quote_missing(q, "Workers", "the map does not say how many workers it has");
        return;
    }
    if (isnan(hours.expected)) {
        quote_missing(q, "Hours",
                      "the map does not say how long it runs: hours_month, or runs with minutes");
        return;
    }
    const double counts[] = {workers.low, workers.expected, workers.high};
    bool ok = true;
    for (int i = 0; i < 3; i++) {
        struct cluster_shape shape = shape_of(q, counts[i]);
        ok &= cluster_rate(&rates[i], q->run->book, &shape);
    }
    add_parts(q, rates, hours);
    if (!ok)
        quote_missing(q, "Price", rates[2].missing);
}

/* Serverless products: DBUs as declared, or by the size and the hours that it stands. */
static void quote_serverless(struct quote *q)
{
    const struct node *usage = q->r->usage;
    const char *sku = text_at(usage, "sku", ""), *tier = text_at(usage, "tier", "premium");
    const char *kind = text_at(usage, "kind", ""),
               *size = text_at(q->r->attrs, "cluster_size", "");
    struct range dbus = quote_usage(q, "dbus_per_month", NAN);
    struct price price, rate;
    if (isnan(dbus.expected) && dbu_serving(&rate, q->run->book, kind, size)) {
        struct range hours = quote_usage(q, "monthly_hours", q->run->estate->hours_per_month);
        double each = money_double(rate.usd);
        dbus = (struct range){each * hours.low, each * hours.expected, each * hours.high};
    }
    if (isnan(dbus.expected)) {
        quote_missing(q, "DBU", "the map does not say how many DBUs it uses: dbus_per_month");
        return;
    }
    if (!dbu_price(&price, q->run->book, sku, tier, q->r->region, false)) {
        char why[160];
        snprintf(why, sizeof why, "there is no DBU price of %s in %s", sku,
                 sym_or_empty(q->r->region));
        quote_missing(q, "DBU", why);
        return;
    }
    struct money unit = money_times(price.usd, 1 - number_at(usage, "dbu_discount", 0));
    struct cost_component *c =
        quote_put(q, "DBU", "DBU", dbus, unit, money_times_range(unit, dbus));
    c->price_key = price.key;
    c->price_region = price.region;
    c->price_source = price.source;
    c->price_date = price.date;
}

void quote_cluster(struct quote *q)
{
    static const char *const serverless[] = {"serverless", "model_serving", "vector_search"};
    const char *kind = text_at(q->r->usage, "kind", "");
    for (size_t i = 0; i < sizeof serverless / sizeof *serverless; i++)
        if (!strcmp(kind, serverless[i])) {
            quote_serverless(q);
            return;
        }
    quote_nodes(q);
}
