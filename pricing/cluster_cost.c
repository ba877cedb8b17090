#include "pricing/cluster_cost.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pricing/databricks.h"
#include "pricing/ec2.h"
#include "pricing/storage.h"

enum { HOURS_A_MONTH = 730 };

const char *cluster_part_name(enum cluster_part part)
{
    static const char *const names[CLUSTER_PARTS] = {
        "EC2 driver", "EC2 workers, on demand", "EC2 workers, spot", "EBS volumes", "DBU"};
    return names[part];
}

bool cluster_is_photon(const struct node *attrs)
{
    const char *engine = node_text(node_get(attrs, "runtime_engine"), "NULL");
    const char *version = node_text(node_get(attrs, "spark_version"), "");
    return strcmp(engine, "NULL") ? !strcmp(engine, "PHOTON") : strstr(version, "-photon-") != NULL;
}

/* To ten decimals, as prices are written: a discount in binary leaves a tail behind them. */
static struct money as_price(struct money m)
{
    const wide step = 100000000;
    wide half = m.atto < 0 ? -step / 2 : step / 2;
    return (struct money){(m.atto + half) / step * step};
}

static void put(struct cluster_rate *out, enum cluster_part part, const struct price *price,
                struct money unit, double quantity)
{
    unit = as_price(unit);
    out->parts[part].price = *price;
    out->parts[part].unit = unit;
    out->parts[part].quantity = quantity;
    out->parts[part].usd_per_hour = money_times(unit, quantity);
    out->usd_per_hour = money_add(out->usd_per_hour, out->parts[part].usd_per_hour);
}

static bool miss(struct cluster_rate *out, const char *what, const char *type,
                 const char *where)
{
    if (!out->missing[0])
        snprintf(out->missing, sizeof out->missing, "there is no %s of %s in %s", what,
                 type && *type ? type : "an unnamed type",
                 where ? where : "an unknown region");
    return false;
}

/* On demand, or what spot asks for it: the declared discount or the book's average. */
static bool node_price(struct price *out, struct money *unit, const struct book *book,
                       const struct cluster_shape *s, const char *type, bool spot)
{
    if (!type || !s->region || !ec2_on_demand(out, book, type, s->region, NULL))
        return false;
    *unit = out->usd;
    if (spot && !isnan(s->spot_discount))
        *unit = money_times(out->usd, 1 - s->spot_discount);
    else if (spot && ec2_spot(out, book, type, s->region))
        *unit = out->usd;
    return true;
}

static bool add_nodes(struct cluster_rate *out, const struct book *book,
                      const struct cluster_shape *s)
{
    const struct {
        enum cluster_part part;
        const char *type;
        bool spot;
        double count;
    } nodes[] = {
        {CLUSTER_EC2_DRIVER, s->driver_type, s->spot_driver, 1},
        {CLUSTER_EC2_WORKERS, s->worker_type, false, s->workers * (1 - s->spot_share)},
        {CLUSTER_EC2_SPOT, s->worker_type, true, s->workers * s->spot_share},
    };
    bool ok = true;
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        struct price price;
        struct money unit;
        if (nodes[i].count <= 0)
            continue;
        if (!node_price(&price, &unit, book, s, nodes[i].type, nodes[i].spot)) {
            ok = miss(out, "EC2 price", nodes[i].type, s->region);
            continue;
        }
        put(out, nodes[i].part, &price, unit, nodes[i].count);
        if (!nodes[i].spot)
            out->ec2_on_demand =
                money_add(out->ec2_on_demand, out->parts[nodes[i].part].usd_per_hour);
    }
    return ok;
}

static bool add_volumes(struct cluster_rate *out, const struct book *book,
                        const struct cluster_shape *s)
{
    struct money monthly;
    struct price price;
    if (!s->ebs_type || s->ebs_count <= 0)
        return true;
    struct ebs_volume volume = {s->ebs_type, s->ebs_gib, s->ebs_iops, s->ebs_mb_per_s};
    if (!s->region || !ebs_monthly(&monthly, book, &volume, s->region) ||
        !ebs_price(&price, book, s->ebs_type, "storage", s->region))
        return miss(out, "EBS price", s->ebs_type, s->region);
    put(out, CLUSTER_EBS, &price, money_times(monthly, s->ebs_count / HOURS_A_MONTH),
        s->workers + 1);
    return true;
}

static bool node_dbus(double *out, struct cluster_rate *rate, const struct book *book,
                      const char *type, double stated)
{
    struct price dbus;
    *out = stated;
    if (!isnan(stated))
        return true;
    if (!type || !dbu_per_hour(&dbus, book, type))
        return miss(rate, "DBU rate", type, "the price book");
    *out = money_double(dbus.usd);
    return true;
}

static bool add_dbus(struct cluster_rate *out, const struct book *book,
                     const struct cluster_shape *s)
{
    double driver, worker = 0, times = s->photon ? dbu_multiplier(book, s->sku, "photon") : 1;
    struct price price;
    if (!node_dbus(&driver, out, book, s->driver_type, s->dbu_driver) ||
        (s->workers > 0 && !node_dbus(&worker, out, book, s->worker_type, s->dbu_worker)))
        return false;
    if (!dbu_price(&price, book, s->sku, s->tier, s->region, s->photon) &&
        !dbu_price(&price, book, s->sku, s->tier, s->region, false))
        return miss(out, "DBU price", s->sku, s->region);
    put(out, CLUSTER_DBU, &price, money_times(price.usd, 1 - s->dbu_discount),
        (driver + worker * s->workers) * times);
    return true;
}

bool cluster_rate(struct cluster_rate *out, const struct book *book,
                  const struct cluster_shape *shape)
{
    *out = (struct cluster_rate){.missing = ""};
    bool nodes = add_nodes(out, book, shape), volumes = add_volumes(out, book, shape);
    return add_dbus(out, book, shape) && nodes && volumes;
}
