#include <math.h>
#include <string.h>

#include "base/json_text.h"
#include "cluster.h"

void cluster_change(struct cluster_view *v, struct recommendation *r, const char *key,
                    const char *from, const char *to)
{
    change_add(v->run->out, r, key, from, to);
}

static void put(struct arena *arena, struct node *map, const char *key, struct node *value)
{
    node_add(arena, map, key, value);
}

static void put_size(struct arena *arena, struct node *map, const struct cluster_shape *s,
                     double max_workers)
{
    if (max_workers > s->workers) {
        struct node *scale = node_new(arena, NODE_MAP);
        put(arena, scale, "min_workers", node_number_new(arena, floor(s->workers)));
        put(arena, scale, "max_workers", node_number_new(arena, max_workers));
        put(arena, map, "autoscale", scale);
    } else {
        put(arena, map, "num_workers", node_number_new(arena, round(s->workers)));
    }
}

static struct node *aws_attributes(struct arena *arena, const struct cluster_shape *s)
{
    struct node *aws = node_new(arena, NODE_MAP);
    bool spot = s->spot_share > 0;
    double kept = 1 + round(s->workers * (1 - s->spot_share));
    put(arena, aws, "availability",
        node_string(arena, spot ? "SPOT_WITH_FALLBACK" : "ON_DEMAND"));
    put(arena, aws, "first_on_demand", node_number_new(arena, spot ? kept : 1));
    if (s->ebs_type && s->ebs_count > 0) {
        put(arena, aws, "ebs_volume_type", node_string(arena, "GENERAL_PURPOSE_SSD"));
        put(arena, aws, "ebs_volume_count", node_number_new(arena, s->ebs_count));
        put(arena, aws, "ebs_volume_size", node_number_new(arena, s->ebs_gib));
    }
    return aws;
}

static void write_terraform(struct buf *out, const struct cluster_shape *s, double max_workers,
                            double autotermination)
{
    buf_printf(out,
               "# in the databricks_cluster or new_cluster\nnode_type_id        = \"%s\"\n"
               "driver_node_type_id = \"%s\"\nruntime_engine      = \"%s\"\n",
               s->worker_type, s->driver_type, s->photon ? "PHOTON" : "STANDARD");
    if (max_workers > s->workers)
        buf_printf(out, "autoscale {\n  min_workers = %g\n  max_workers = %g\n}\n",
                   floor(s->workers), max_workers);
    else
        buf_printf(out, "num_workers         = %g\n", round(s->workers));
    if (!isnan(autotermination))
        buf_printf(out, "autotermination_minutes = %g\n", autotermination);
    buf_printf(out,
               "aws_attributes {\n  availability    = \"%s\"\n  first_on_demand = %g\n}\n",
               s->spot_share > 0 ? "SPOT_WITH_FALLBACK" : "ON_DEMAND",
               s->spot_share > 0 ? 1 + round(s->workers * (1 - s->spot_share)) : 1);
}

void cluster_artefacts(struct cluster_view *v, struct recommendation *r,
                       const struct cluster_shape *s, double max_workers,
                       double autotermination)
{
    struct arena *arena = &v->run->out->arena;
    struct node *json = node_new(arena, NODE_MAP);
    struct buf text = BUF_INIT;
    put(arena, json, "cluster_name", node_string(arena, v->label));
    put(arena, json, "node_type_id", node_string(arena, s->worker_type));
    put(arena, json, "driver_node_type_id", node_string(arena, s->driver_type));
    put(arena, json, "runtime_engine", node_string(arena, s->photon ? "PHOTON" : "STANDARD"));
    put_size(arena, json, s, max_workers);
    if (!isnan(autotermination))
        put(arena, json, "autotermination_minutes", node_number_new(arena, autotermination));
    put(arena, json, "aws_attributes", aws_attributes(arena, s));
    json_write(&text, json, true);
    artefact_add(v->run->out, r, "json", "cluster.json", buf_text(&text));
    buf_clear(&text);
    write_terraform(&text, s, max_workers, autotermination);
    artefact_add(v->run->out, r, "terraform", "cluster.tf", buf_text(&text));
    buf_release(&text);
}

void cluster_price_evidence(struct cluster_view *v, struct recommendation *r,
                            const struct cluster_rate *rate, double hours, const char *what)
{
    struct advice *out = v->run->out;
    struct buf sum = BUF_INIT;
    for (int p = 0; p < CLUSTER_PARTS; p++) {
        char on[DAY_TEXT] = "unknown";
        const struct price *price = &rate->parts[p].price;
        if (rate->parts[p].quantity <= 0)
            continue;
        if (price->date)
            day_format(on, price->date);
        evidence_add(
            out, r, EVIDENCE_PRICE,
            arena_printf(&out->arena, "%s, %s, of %s, source %s", price->key, price->region,
                         on, price->source),
            arena_printf(&out->arena, "%s: %s", what, cluster_part_name((enum cluster_part)p)),
            "%.4g an hour x %.6f USD", rate->parts[p].quantity,
            money_double(rate->parts[p].unit));
        buf_printf(&sum, "%s%.4f", sum.length ? " + " : "",
                   money_double(rate->parts[p].usd_per_hour));
    }
    double hourly = money_double(rate->usd_per_hour);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, what, "(%s) x %.1f hours = %.2f USD a month",
                 buf_text(&sum), hours, hourly * hours);
    buf_release(&sum);
}
