
#include <string.h>

#include "layer_map_read.h"

/* What a kind of cluster is to Terraform and to the DBU bill. */
static const struct cluster_kind {
    const char *kind, *type, *sku;
} cluster_kinds[] = {
    {"job", "databricks_cluster", "JOBS_COMPUTE"},
    {"all_purpose", "databricks_cluster", "ALL_PURPOSE_COMPUTE"},
    {"pipeline", "databricks_pipeline", "DLT_CORE_COMPUTE"},
    {"sql_warehouse", "databricks_sql_endpoint", "SQL_COMPUTE"},
    {"serverless", "databricks_job", "JOBS_SERVERLESS_COMPUTE"},
    {"model_serving", "databricks_model_serving", "SERVERLESS_REAL_TIME_INFERENCE"},
    {"vector_search", "databricks_vector_search_endpoint", "SERVERLESS_REAL_TIME_INFERENCE"},
};

static const struct cluster_kind *kind_of(const struct entry *e)
{
    const char *kind = node_text(node_get(e->node, "kind"), "");
    for (size_t i = 0; i < sizeof cluster_kinds / sizeof *cluster_kinds; i++)
        if (!strcmp(cluster_kinds[i].kind, kind))
            return &cluster_kinds[i];
    return &cluster_kinds[0];
}

static void put_text(struct map_reader *r, struct entry *e, const char *to, const char *text)
{
    entry_put(r, e, to, node_string(r->arena, text));
}

/* How Databricks bills it: SKU, tier, discount and the DBU rates that the map states. */
static void put_billing(struct map_reader *r, struct entry *e, const struct cluster_kind *kind)
{
    const struct node *dbu = node_get(e->node, "dbu");
    const char *sku = node_text(node_get(dbu, "sku"), kind->sku);
    put_text(r, e, "usage:kind", kind->kind);
    put_text(r, e, "usage:sku", sku);
    put_text(r, e, "usage:tier", r->map->tier);
    entry_put(r, e, "usage:dbu_discount",
              node_number_new(r->arena, layer_map_dbu_discount(r->map, sku)));
    if (node_at(dbu, "per_hour.worker"))
        entry_put(r, e, "usage:dbu_per_hour_worker", node_at(dbu, "per_hour.worker"));
    if (node_at(dbu, "per_hour.driver"))
        entry_put(r, e, "usage:dbu_per_hour_driver", node_at(dbu, "per_hour.driver"));
}

/*
 * Hours from runs: runs x minutes / 60, all lists added; start-up comes on top of it.
 * Runs that do not say how long they take leave the hours open: to the model, or unknown.
 */
static void put_runs(struct map_reader *r, struct entry *e)
{
    const struct node *runs = node_get(e->node, "runs");
    struct range hours = {0, 0, 0}, count = {0, 0, 0};
    bool timed = true;
    for (size_t i = 0; runs && i < runs->count; i++) {
        struct range n = map_range(node_get(runs->items[i], "per_month"));
        struct range h = range_scaled(
            range_times(n, map_range(node_get(runs->items[i], "minutes"))), 1 / 60.0);
        hours = range_plus(hours, h);
        count = range_plus(count, n);
        timed = timed && node_get(runs->items[i], "minutes");
    }
    if (!runs || !runs->count)
        return;
    if (timed && !node_get(e->usage, "monthly_hours"))
        usage_put(r, e->usage, "monthly_hours", hours);
    usage_put(r, e->usage, "runs_per_month", count);
}

static void put_ebs(struct map_reader *r, struct entry *e)
{
    static const struct {
        const char *key, *to;
    } keys[] = {{"count", "ebs_volume_count"},
                {"size_gb", "ebs_volume_size"},
                {"iops", "ebs_volume_iops"},
                {"throughput", "ebs_volume_throughput"}};
    const struct node *ebs = node_get(e->node, "ebs");
    if (!ebs)
        return;
    const char *type = node_text(node_get(ebs, "type"), "gp3");
    bool hdd = !strcmp(type, "st1") || !strcmp(type, "sc1");
    put_text(r, e, "aws_attributes[].ebs_volume_type",
             hdd ? "THROUGHPUT_OPTIMIZED_HDD" : "GENERAL_PURPOSE_SSD");
    put_text(r, e, "usage:ebs_type", type);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (node_get(ebs, keys[i].key))
            entry_put(r, e, arena_printf(r->arena, "aws_attributes[].%s", keys[i].to),
                      node_get(ebs, keys[i].key));
    if (!node_get(ebs, "count"))
        entry_put(r, e, "aws_attributes[].ebs_volume_count", node_number_new(r->arena, 1));
}

static bool check_workers(struct map_reader *r, struct entry *e)
{
    const struct node *fixed = node_get(e->node, "workers"),
                      *least = node_get(e->node, "min_workers"),
                      *most = node_get(e->node, "max_workers");
    if (fixed && (least || most))
        return map_fail(r, fixed,
                        "a cluster has 'workers', or 'min_workers' and 'max_workers'");
    if (!least != !most)
        return map_fail(r, least ? least : most,
                        "'min_workers' and 'max_workers' go together");
    if (least && least->number > most->number)
        return map_fail(r, least, "'min_workers' is more than 'max_workers'");
    return true;
}

/* The SKU tells which of the three warehouses it is; `clusters` run while it does. */
static void put_warehouse(struct map_reader *r, struct entry *e)
{
    const struct node *clusters = node_get(e->node, "clusters");
    const char *sku = node_text(node_get(e->usage, "sku"), "");
    put_text(r, e, "warehouse_type", strcmp(sku, "SQL_COMPUTE") ? "PRO" : "CLASSIC");
    if (!strcmp(sku, "SERVERLESS_SQL_COMPUTE"))
        entry_put(r, e, "enable_serverless_compute", node_bool_new(r->arena, true));
    if (clusters)
        entry_put(r, e, "usage:typical_clusters", clusters);
}

bool finish_cluster(struct map_reader *r, struct entry *e)
{
    const struct cluster_kind *kind = kind_of(e);
    struct resource *resource = entry_resource(r, e);
    const struct node *pool = node_get(e->node, "pool_ref"),
                      *workspace = node_get(e->node, "workspace");
    resource->type = intern(r->estate->symbols, kind->type);
    put_text(r, e, "cluster_name", resource->name);
    put_billing(r, e, kind);
    put_runs(r, e);
    put_ebs(r, e);
    if (pool)
        entry_put(r, e, "instance_pool_id", pool);
    if (workspace)
        entry_put(r, e, "usage:workspace", workspace);
    const struct node *typical = node_at(e->node, "utilisation.workers_typ");
    if (typical)
        entry_put(r, e, "usage:workers_typ", typical);
    if (!strcmp(kind->kind, "sql_warehouse"))
        put_warehouse(r, e);
    return check_workers(r, e) && map_read_phases(r, e);
}

bool finish_pool(struct map_reader *r, struct entry *e)
{
    put_text(r, e, "instance_pool_name", entry_resource(r, e)->name);
    return true;
}

static void put_volume(struct map_reader *r, struct entry *e)
{
    static const struct {
        const char *key, *to;
    } keys[] = {{"type", "volume_type"},
                {"size_gb", "volume_size"},
                {"iops", "iops"},
                {"throughput", "throughput"}};
    const struct node *ebs = node_get(e->node, "ebs");
    double volumes = node_number(node_get(ebs, "count"), 1);
    if (!ebs)
        return;
    struct node *list = node_new(r->arena, NODE_LIST);
    for (double v = 0; v < volumes && v < 128; v++) {
        struct node *block = node_add(r->arena, list, NULL, node_new(r->arena, NODE_MAP));
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            if (node_get(ebs, keys[i].key))
                node_add(r->arena, block, keys[i].to,
                         node_copy(r->arena, node_get(ebs, keys[i].key)));
        if (!node_get(ebs, "type"))
            node_add(r->arena, block, "volume_type", node_string(r->arena, "gp3"));
    }
    struct node *root = node_new(r->arena, NODE_LIST), *rest = node_new(r->arena, NODE_LIST);
    for (size_t v = 0; v < list->count; v++)
        node_add(r->arena, v ? rest : root, NULL, list->items[v]);
    node_add(r->arena, e->attrs, "root_block_device", root);
    node_add(r->arena, e->attrs, "ebs_block_device", rest);
}

bool finish_ec2(struct map_reader *r, struct entry *e)
{
    const struct node *asg = node_get(e->node, "asg");
    put_volume(r, e);
    if (!asg)
        return true;
    double least = node_number(node_get(asg, "min"), 0);
    double most = node_number(node_get(asg, "max"), least);
    double desired = node_number(node_get(asg, "desired"), least);
    if (least > most || desired > most || desired < least)
        return map_fail(r, asg, "'asg' must have min <= desired <= max");
    if (!node_get(e->usage, "count"))
        usage_put(r, e->usage, "count", (struct range){least, desired, most});
    return true;
}
