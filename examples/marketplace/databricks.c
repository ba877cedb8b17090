/* Exports of system.billing.usage, list_prices and system.compute.clusters. */

#include "world.h"

#define JOBS_SKU "PREMIUM_JOBS_COMPUTE"
#define ALL_PURPOSE_SKU "PREMIUM_ALL_PURPOSE_COMPUTE"

enum { ANALYTICS_WORKERS = 2 };
#define ANALYTICS_DBU 1.0 /* per node-hour; the driver counts as a node */

static bool write_prices(const char *folder)
{
    struct out *out = out_open(folder, "databricks/list_prices.csv");
    if (!out)
        return false;
    out_printf(out, "price_start_time,price_end_time,account_id,sku_name,cloud,currency_code,usage_unit,pricing\n");
    static const struct {
        const char *sku;
        double usd;
    } prices[] = {{JOBS_SKU, USD_JOBS_DBU}, {ALL_PURPOSE_SKU, USD_ALL_PURPOSE_DBU}};
    for (int i = 0; i < 2; i++)
        out_printf(out,
                   "2024-01-01T00:00:00.000Z,,7f3c,%s,AWS,USD,DBU,\"{\"\"default\"\":\"\"%.2f\"\","
                   "\"\"promotional\"\":{\"\"default\"\":\"\"%.2f\"\"},"
                   "\"\"effective_list\"\":{\"\"default\"\":\"\"%.2f\"\"}}\"\n",
                   prices[i].sku, prices[i].usd, prices[i].usd, prices[i].usd);
    return out_close(out);
}

struct usage {
    int month, day, hour;
    const char *sku, *cluster, *job, *name, *tenant, *product, *node_type;
    double dbu;
};

static void put_usage(struct out *out, long *id, const struct usage *u)
{
    char from[32], to[32];
    stamp(from, u->month, u->day, u->hour);
    stamp(to, u->month, u->day, u->hour + 1);
    out_printf(out, "r%09ld,7f3c," WORKSPACE ",%s,AWS,%s,%s,%.10s,", (*id)++, u->sku, from, to, from);
    out_printf(out, "\"{\"\"Tenant\"\":\"\"%s\"\"}\",DBU,%.6f,", u->tenant, u->dbu);
    out_printf(out, "\"{\"\"cluster_id\"\":\"\"%s\"\",\"\"node_type\"\":\"\"%s\"\"", u->cluster, u->node_type);
    if (u->job)
        out_printf(out, ",\"\"job_id\"\":\"\"%s\"\",\"\"job_name\"\":\"\"%s\"\"", u->job, u->name);
    out_printf(out, "}\",\"{\"\"run_as\"\":\"\"svc@acme.example\"\"}\",ORIGINAL,%.10s,%s,"
                    "\"{\"\"is_serverless\"\":false,\"\"is_photon\"\":false}\",COMPUTE_TIME\n",
               from, u->product);
}

static void cluster_of(char out[64], const struct job *j, int month, int day, int start)
{
    int number = day_number(month, day) * 100 + start;
    snprintf(out, 64, "%04d-%02d0000-%s%02d", number / 100 % 10000, start, j->id, start);
}

static void put_day(struct out *out, long *id, int month, int day)
{
    for (int k = 0; k < job_count; k++)
        for (int s = 0; s < jobs[k].start_count; s++)
            for (int h = 0; h < jobs[k].hours; h++) {
                const struct job *j = &jobs[k];
                char cluster[64];
                cluster_of(cluster, j, month, day, j->starts[s]);
                put_usage(out, id,
                          &(struct usage){month, day, j->starts[s] + h, JOBS_SKU, cluster, j->id,
                                          j->name, tenant_names[j->tenant], "JOBS", j->worker_type,
                                          j->worker_dbu * (j->workers + 1)});
            }
    for (int hour = 0; hour < 24; hour++)
        put_usage(out, id,
                  &(struct usage){month, day, hour, ALL_PURPOSE_SKU, "0630-120000-analytics1",
                                  "9100", "nightly-reports", "north", "ALL_PURPOSE", "m6i.2xlarge",
                                  ANALYTICS_DBU * (ANALYTICS_WORKERS + 1)});
}

static bool write_usage(const char *folder)
{
    struct out *out = out_open(folder, "databricks/usage.csv");
    long id = 1;
    if (!out)
        return false;
    out_printf(out, "record_id,account_id,workspace_id,sku_name,cloud,usage_start_time,usage_end_time,"
                    "usage_date,custom_tags,usage_unit,usage_quantity,usage_metadata,identity_metadata,"
                    "record_type,ingestion_date,billing_origin_product,product_features,usage_type\n");
    for (int month = 0; month < MONTHS; month++)
        for (int day = 1; day <= days_in(month); day++)
            put_day(out, &id, month, day);
    return out_close(out);
}

static void put_cluster(struct out *out, const char *id, const char *name, const char *tenant,
                        const char *type, int workers, int minutes, const char *source,
                        const char *changed)
{
    out_printf(out, "7f3c," WORKSPACE ",%s,%s,svc@acme.example,%s,,%s,%s,%d,,,", id, name, changed,
               type, type, workers);
    if (minutes)
        out_printf(out, "%d", minutes);
    out_printf(out, ",false,\"{\"\"Tenant\"\":\"\"%s\"\"}\",%s,[],"
                    "\"{\"\"availability\"\":\"\"ON_DEMAND\"\",\"\"first_on_demand\"\":1,\"\"zone_id\"\":\"\""
                    REGION "a\"\"}\",15.4.x-scala2.12,%s,%.10s,SINGLE_USER,\n",
               tenant, source, changed, changed);
}

static bool write_clusters(const char *folder)
{
    struct out *out = out_open(folder, "databricks/clusters.csv");
    if (!out)
        return false;
    out_printf(out, "account_id,workspace_id,cluster_id,cluster_name,owned_by,create_time,delete_time,"
                    "driver_node_type,worker_node_type,worker_count,min_autoscale_workers,"
                    "max_autoscale_workers,auto_termination_minutes,enable_elastic_disk,tags,"
                    "cluster_source,init_scripts,aws_attributes,dbr_version,change_time,change_date,"
                    "data_security_mode,policy_id\n");
    put_cluster(out, "0630-120000-analytics1", "nightly-reports", "north", "m6i.2xlarge",
                ANALYTICS_WORKERS, 0, "UI", "2026-06-30T12:00:00.000Z");
    for (int month = 0; month < MONTHS; month++)
        for (int day = 1; day <= days_in(month); day++)
            for (int k = 0; k < job_count; k++)
                for (int s = 0; s < jobs[k].start_count; s++) {
                    char cluster[64], name[96], when[32];
                    cluster_of(cluster, &jobs[k], month, day, jobs[k].starts[s]);
                    snprintf(name, sizeof name, "job-%s-run-%d", jobs[k].id,
                             day_number(month, day) * 100 + jobs[k].starts[s]);
                    stamp(when, month, day, jobs[k].starts[s]);
                    put_cluster(out, cluster, name, tenant_names[jobs[k].tenant],
                                jobs[k].worker_type, jobs[k].workers, 0, "JOB", when);
                }
    return out_close(out);
}

bool write_databricks(const char *folder)
{
    double dbu_per_hour = ANALYTICS_DBU * (ANALYTICS_WORKERS + 1);
    plant("cluster.", "0630-120000-analytics1",
          dbu_per_hour * 730 * (USD_ALL_PURPOSE_DBU - USD_JOBS_DBU),
          "scheduled work on all-purpose compute: the same hours cost the jobs rate");
    return write_prices(folder) && write_usage(folder) && write_clusters(folder);
}
