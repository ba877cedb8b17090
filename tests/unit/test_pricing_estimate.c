#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "built_in_book.h"
#include "map_text.h"
#include "near.h"
#include "pricing/cluster_cost.h"
#include "pricing/estimate.h"

/*
 * Every formula of the estimate with its numbers put in by hand, at the prices that
 * the book holds for us-east-1.
 */

struct priced {
    struct layer_map *map;
    struct estimate estimate;
};

/* The map in `format` under layers: "network:\n    flows: [...]". */
static struct priced price(const char *layers)
{
    struct priced p;
    struct err err = ERR_INIT;
    char text[4096];
    snprintf(text, sizeof text,
             "layer_map: 1\nregions: [{code: us-east-1}]\n"
             "databricks: {tier: PREMIUM, dbu_discount: {JOBS: 0.5}}\nlayers:\n  %s\n",
             layers);
    p.map = map_of_text(text, &err);
    if (!p.map)
        fail_msg("%s", err.text);
    if (!estimate_compute(&p.estimate, p.map->estate, book, &err))
        fail_msg("%s", err.text);
    return p;
}

static void done(struct priced *p)
{
    estimate_release(&p->estimate);
    layer_map_free(p->map);
}

static void costs_range(const char *layers, double low, double expected, double high)
{
    struct priced p = price(layers);
    assert_near(money_double(p.estimate.total.low), low, 5e-7);
    assert_near(money_double(p.estimate.total.expected), expected, 5e-7);
    assert_near(money_double(p.estimate.total.high), high, 5e-7);
    assert_int_equal(p.estimate.by_status[COST_UNPRICED], 0);
    assert_int_equal(p.estimate.by_status[COST_UNKNOWN_TYPE], 0);
    done(&p);
}

static void costs(const char *layers, double want)
{
    costs_range(layers, want, want, want);
}

static void storage(void **state)
{
    (void)state;
    costs("storage:\n    buckets: [{id: a, storage: [{class: STANDARD, gb: 1000}]}]", 1000 * 0.023);
    costs_range("storage:\n    buckets: [{id: a, storage: [{class: STANDARD,"
                " gb: {min: 100, typ: 200, max: 400}, noncurrent_gb: 100}]}]",
                200 * 0.023, 300 * 0.023, 500 * 0.023);
    costs("storage:\n    buckets: [{id: a, puts_per_month: 1e6, lists_per_month: 1e6,"
          " gets_per_month: 1e7}]",
          2000 * 0.005 + 10000 * 0.0004);
    costs("storage:\n    buckets: [{id: a, storage: [{class: STANDARD_IA, gb: 100,"
          " read_gb_month: 50}], gets_per_month: 1e6}]",
          100 * 0.0125 + 50 * 0.01 + 1000 * 0.001);
    costs("storage:\n    buckets: [{id: a, storage: [{class: INTELLIGENT_TIERING, gb: 1000,"
          " objects: 1e6}]}]",
          1000 * 0.023 + 1000 * 0.0025);
    costs("storage:\n    buckets: [{id: a, storage: [{class: GLACIER_IR, gb: 1000},"
          " {class: DEEP_ARCHIVE, gb: 1000}]}]",
          1000 * 0.004 + 1000 * 0.00099);
    costs("storage:\n    buckets: [{id: a, egress: {cross_region: [{to: us-east-2, gb: 100},"
          " {to: eu-west-1, gb: 100}], same_region_gb: 999, internet_gb: 200}}]",
          100 * 0.01 + 100 * 0.02 + (200 - 100) * 0.09);
    costs("storage:\n    buckets: [{id: a, transfer_acceleration: {enabled: true,"
          " gb_us_eu_jp: 10, gb_other: 10}}]",
          10 * 0.04 + 10 * 0.08);
    costs("storage:\n    buckets: [{id: a, replication: [{to_region: eu-west-1, gb_month: 100,"
          " objects_month: 1000}]}]",
          100 * 0.02 + 0.005);
    costs("storage:\n    buckets: [{id: a, puts_per_month: 500000, gets_per_month: 500000,"
          " encryption: {kms_key_ref: k}}]\n  governance:\n    kms_keys: [{id: k}]",
          500 * 0.005 + 500 * 0.0004 + 100 * 0.03 + 1);
}

/* 2^20 objects of 10 KiB are 10 GiB. */
static void small_objects(void **state)
{
    (void)state;
    costs("storage:\n    buckets: [{id: a, storage: [{class: STANDARD_IA, gb: 10,"
          " objects: 1048576}]}]",
          128 * 0.0125);
    costs("storage:\n    buckets: [{id: a, storage: [{class: GLACIER, gb: 10, mean_kb: 10}]}]",
          (10 + 32) * 0.0036 + 8 * 0.023);
    /* Of 8 GiB one half is objects of 1 MiB; the 64 x 2^10 of 64 KiB are billed as 128. */
    costs("storage:\n    buckets: [{id: a, storage: [{class: GLACIER_IR, gb: 8,"
          " histogram: [[1024, 1], [64, 16]]}]}]",
          12 * 0.004);
    costs_range("storage:\n    buckets: [{id: a, storage: [{class: STANDARD_IA,"
                " gb: {min: 10, typ: 20, max: 30}, mean_kb: 64}]}]",
                20 * 0.0125, 40 * 0.0125, 60 * 0.0125);
    costs("storage:\n    buckets: [{id: a, storage: [{class: INTELLIGENT_TIERING, gb: 10,"
          " objects: 1048576}]}]",
          10 * 0.023);
}

static void orchestration(void **state)
{
    (void)state;
    /* 10e6 x 1024/1024 x ceil(99.5)/1000 = 1e6 GB-s */
    costs("orchestration:\n    functions: [{id: f, memory_mb: 1024, invocations_per_month: 1e7,"
          " avg_ms: 99.5}]",
          10 * 0.20 + 1e6 * 0.0000166667);
    costs("orchestration:\n    functions: [{id: f, memory_mb: 512, arch: arm64,"
          " invocations_per_month: 1e6, avg_ms: 10}]",
          0.20 + 5000 * 0.0000133334);
    /* Ephemeral storage above 512 MiB by the second, not by the GB-second of memory. */
    costs("orchestration:\n    functions: [{id: f, memory_mb: 1024, invocations_per_month: 1e6,"
          " avg_ms: 1000, ephemeral_mb: 1536}]",
          0.20 + 1e6 * 0.0000166667 + 1e6 * 1 * 0.0000000309);
    /* Tiers: 6e9 GB-s, then the rest at the next price. */
    costs("orchestration:\n    functions: [{id: f, memory_mb: 1024, invocations_per_month: 7e6,"
          " avg_ms: 1000000}]",
          7 * 0.20 + 6e9 * 0.0000166667 + 1e9 * 0.000015);
    costs("orchestration:\n    functions: [{id: f, memory_mb: 1024, invocations_per_month: 3e6,"
          " avg_ms: 100, free_tier: true}]",
          (3 - 1) * 0.20); /* 300,000 GB-s are free too */
    costs("orchestration:\n    event_buses: [{id: b, custom_events_per_month: 1e6, event_kb: 65,"
          " partner_events_per_month: 1e6, archive_processed_gb: 10, archive_gb: 10,"
          " discovery_events_per_month: 1e6}]",
          2 * 1.00 + 1.00 + 10 * 0.10 + 10 * 0.023 + 0.10);
    costs("orchestration:\n    schedules: [{id: s, invocations_per_month: 15e6}]", 1.00);
    costs("orchestration:\n    state_machines: [{id: m, transitions_per_month: 40000}]",
          (40000 - 0) / 1000.0 * 0.025);
    costs("orchestration:\n    queues: [{id: q, requests_per_month: 2e6},"
          " {id: f, fifo: true, requests_per_month: 2e6}]",
          2 * 0.40 + 2 * 0.50);
}

/* m6i.xlarge: 0.192 an hour; 0.76 DBU; JOBS 0.15 a DBU, half of it by contract. */
static void clusters(void **state)
{
    (void)state;
    costs("compute:\n    clusters: [{id: c, kind: job, worker_type: m6i.xlarge, workers: 4,"
          " hours_month: 100}]",
          100 * 5 * (0.192 + 0.76 * 0.075));
    /* Five minutes of start-up come on top of each run. */
    costs("compute:\n    clusters: [{id: c, kind: job, worker_type: m6i.xlarge, workers: 4,"
          " runs: [{per_month: 60, minutes: 55}]}]",
          60 * 5 * (0.192 + 0.76 * 0.075));
    /* Spot: three of four workers, the first on-demand nodes are driver and one worker. */
    costs("compute:\n    clusters: [{id: c, kind: job, worker_type: m6i.xlarge, workers: 4,"
          " hours_month: 100, availability: SPOT, first_on_demand: 2, spot_discount: 0.5}]",
          100 * ((2 + 3 * 0.5) * 0.192 + 5 * 0.76 * 0.075));
    costs("compute:\n    clusters: [{id: c, kind: job, worker_type: m6i.xlarge, workers: 1,"
          " hours_month: 100, runtime_engine: PHOTON}]",
          100 * 2 * (0.192 + 0.76 * 2.9 * 0.075));
    costs_range("compute:\n    clusters: [{id: c, kind: all_purpose, worker_type: m6i.xlarge,"
                " min_workers: 1, max_workers: 3, hours_month: 10}]",
                10 * 2 * (0.192 + 0.76 * 0.55), 10 * 3 * (0.192 + 0.76 * 0.55),
                10 * 4 * (0.192 + 0.76 * 0.55));
    costs("compute:\n    clusters: [{id: c, kind: job, worker_type: m6i.xlarge, workers: 0,"
          " hours_month: 100, dbu: {per_hour: {driver: 2, worker: 9}}}]",
          100 * (0.192 + 2 * 0.075));
    costs("compute:\n    clusters: [{id: c, kind: serverless, dbus_per_month: 100}]",
          100 * 0.35 * 0.5);
}

/* gp3: 0.08 a GB; IOPS above 3,000 at 0.005, MB/s above 125 at 0.04; by the hour of 730. */
/* Small: 12 DBU an hour and cluster; classic 0.22 and an i3.4xlarge with four i3.2xlarge. */
static void warehouses(void **state)
{
    (void)state;
    costs("compute:\n    clusters: [{id: w, kind: sql_warehouse, size: Small, hours_month: 10}]",
          10 * (12 * 0.22 + 1.248 + 4 * 0.624));
    costs("compute:\n    clusters: [{id: w, kind: sql_warehouse, size: Small, hours_month: 10,"
          " dbu: {sku: SERVERLESS_SQL_COMPUTE}}]",
          10 * 12 * 0.70);
    costs_range("compute:\n    clusters: [{id: w, kind: sql_warehouse, size: Small,"
                " hours_month: 10, clusters: 2, dbu: {sku: SERVERLESS_SQL_COMPUTE}}]",
                10 * 12 * 0.70, 2 * 10 * 12 * 0.70, 2 * 10 * 12 * 0.70);
}

/* Also where hours, count or tiers changed what a row of the table says. */
static void formulas_lead_to_the_amounts(void **state)
{
    (void)state;
    struct priced p = price("compute:\n    ec2: [{id: e, type: m6i.xlarge, count: 3, hours: 100,"
                            " ebs: {size_gb: 10}}]\n"
                            "  network:\n    nat_gateways: [{id: n, count: 2}]\n"
                            "    flows: [{id: f, from: us-east-1, to: internet, gb_month: 20100}]");
    static const char *const want[] = {
        "300 hours x 0.192 = 57.6000", "30 GB x 0.08 = 2.4000", "1460 hours x 0.045 = 65.7000",
        "20000 GB x 0.08756 = 1751.2000"};
    for (size_t w = 0; w < sizeof want / sizeof *want; w++) {
        bool found = false;
        for (size_t i = 0; i < p.estimate.lines.count; i++) {
            const char *formula = p.estimate.lines.at[i].component.formula;
            found |= formula && !strcmp(formula, want[w]);
        }
        if (!found)
            fail_msg("no component says %s", want[w]);
    }
    done(&p);
}

static void volumes(void **state)
{
    (void)state;
    costs("compute:\n    clusters: [{id: c, kind: job, worker_type: m6i.xlarge, workers: 1,"
          " hours_month: 73, ebs: {count: 2, size_gb: 100, iops: 4000, throughput: 225}}]",
          73 * 2 * (0.192 + 0.76 * 0.075) + 73.0 / 730 * 2 * 2 * (8 + 5 + 4));
    costs("compute:\n    volumes: [{id: v, type: gp2, size_gb: 100, count: 3}]", 3 * 10);
    costs("compute:\n    volumes: [{id: v, type: io1, size_gb: 100, iops: 1000}]",
          12.5 + 1000 * 0.065);
    costs("compute:\n    volumes: [{id: v, type: st1, size_gb: 1000}]", 45);
    costs("compute:\n    volumes: [{id: v, type: sc1, size_gb: 1000}]", 15);
}

static void instances_and_pools(void **state)
{
    (void)state;
    costs("compute:\n    ec2: [{id: e, type: m6i.xlarge, count: 2, hours: 365, public_ipv4: true,"
          " ebs: {type: gp3, size_gb: 50}}]",
          2 * 365 * (0.192 + 0.005) + 2 * 50 * 0.08);
    costs("compute:\n    pools: [{id: p, node_type: m6i.xlarge, min_idle: 2}]", 2 * 730 * 0.192);
    costs("compute:\n    pools: [{id: p, node_type: m6i.xlarge, min_idle: 2, hours_month: 100}]",
          2 * 100 * 0.192);
    costs("compute:\n    ec2: [{id: e, type: m6i.xlarge, detailed_monitoring: true,"
          " ebs: {size_gb: 10}}]",
          730 * 0.192 + 7 * 0.30 + 0.8);
}

static void governance(void **state)
{
    (void)state;
    costs("governance:\n    glue: [{id: g, databases: 10, tables: 1000, partitions: 1500000,"
          " versions_per_table: 20, requests_per_month: 3e6}]",
          (10 + 1000 + 1500000 + 20000 - 1e6) / 1e5 * 1.00 + 2 * 1.00);
    costs("governance:\n    crawlers: [{id: c, dpu_hours: 10}]", 4.40);
    costs("governance:\n    kms_keys: [{id: k, count: 3, requests_per_month: 1e6}]",
          3 + 100 * 0.03);
    costs("governance:\n    secrets: [{id: s, count: 10, requests_per_month: 1e5}]",
          10 * 0.40 + 10 * 0.05);
    costs("governance:\n    catalogs: [{id: c, storage_root: s3://a/b/}]\n"
          "    iam_roles: [{id: r}]",
          0);
}

static void network(void **state)
{
    (void)state;
    costs("network:\n    flows: [{id: f, from: us-east-1a, to: us-east-1b, gb_month: 100}]",
          100 * 2 * 0.01);
    costs("network:\n    flows: [{id: f, from: us-east-1a, to: us-east-1a, gb_month: 100}]", 0);
    costs("network:\n    flows: [{id: f, from: us-east-1, to: sa-east-1, gb_month: 100},"
          " {id: g, from: sa-east-1, to: us-east-1, gb_month: 100}]",
          100 * 0.02 + 100 * 0.138);
    /* 100 GB free, 10 TB at 0.09, then 0.085; two flows walk the tiers once. */
    costs("network:\n    flows: [{id: f, from: us-east-1, to: internet, gb_month: 10340},"
          " {id: g, from: us-east-1, to: internet, gb_month: 100}]",
          10240 * 0.09 + 100 * 0.085);
    costs("network:\n    nat_gateways: [{id: n, count: 2, gb_processed: 1000}]",
          2 * 730 * 0.045 + 1000 * 0.045);
    costs("network:\n    peerings: [{id: p, gb_month: 100}, {id: q, gb_month: 100, same_az: true},"
          " {id: r, gb_month: 100, to_region: eu-west-1}]",
          100 * 2 * 0.01 + 100 * 0.02);
    costs("network:\n    transit_gateways: [{id: t, attachments: 3, gb_month: 100}]",
          3 * 730 * 0.05 + 100 * 0.02);
    costs("network:\n    endpoints: [{id: e, count: 2, azs: 2, gb_month: 300},"
          " {id: g, type: Gateway, gb_month: 9999}]",
          4 * 730 * 0.01 + 300 * 0.01);
    /* Only the direction with more traffic; Africa has its own premium. */
    costs("network:\n    accelerators: [{id: a, flows: ["
          "{edge_group: us, dest_region: us-east-1, in_gb: 999, out_gb: 1000},"
          " {edge_group: africa, dest_region: us-east-1, in_gb: 1, out_gb: 100}]}]",
          730 * 0.025 + 1000 * 0.015 + 100 * 0.079);
    costs("network:\n    distributions: [{id: d, traffic: [{geography: us, out_gb: 1000,"
          " https_requests: 1e6}]}]",
          1000 * 0.085 + 100 * 0.0100);
    costs("network:\n    zones: [{id: z, zones: 2, queries_per_month: 1e6,"
          " latency_queries_per_month: 1e6, geo_queries_per_month: 1e6}]",
          2 * 0.50 + 0.40 + 0.60 + 0.70);
    costs("network:\n    zones: [{id: z, zones: 30}]", 25 * 0.50 + 5 * 0.10);
    costs("network:\n    vpn_connections: [{id: v, count: 2}]", 2 * 730 * 0.05);
    costs("network:\n    addresses: [{id: a, idle: true}, {id: b, count: 2}]", 3 * 730 * 0.005);
}

static void load_balancing(void **state)
{
    (void)state;
    /* New connections 4, active 1, bytes 2, rules (20 - 10) x 500 / 1000 = 5. */
    costs("load_balancing:\n    lbs: [{id: l, new_conn_per_s: 100, active_conn: 3000,"
          " gb_per_h: {ec2: 2}, rules: 20, rps: 500}]",
          730 * (0.0225 + 5 * 0.008));
    /* Lambda targets: 1.2 GB / 0.4 = 3 units. */
    costs("load_balancing:\n    lbs: [{id: l, new_conn_per_s: 5, gb_per_h: {lambda: 1.2}}]",
          730 * (0.0225 + 3 * 0.008));
    /* 400/800 and 1 GB make 1 TCP unit, 100/50 make 2 TLS units: added. */
    costs("load_balancing:\n    lbs: [{id: l, kind: network, protocols: ["
          "{protocol: TCP, new_conn_per_s: 400, gb_per_h: 1}, {protocol: TLS,"
          " new_conn_per_s: 100}]}]",
          730 * (0.0225 + 3 * 0.006));
    /* 100/400, 200000/50000 and 2 GB make 4 UDP units. */
    costs("load_balancing:\n    lbs: [{id: l, kind: network, protocols: ["
          "{protocol: UDP, new_conn_per_s: 100, active_conn: 200000, gb_per_h: 2}]}]",
          730 * (0.0225 + 4 * 0.006));
    costs("load_balancing:\n    lbs: [{id: l, kind: gateway, gb_per_h: {ec2: 2}}]",
          730 * (0.0125 + 2 * 0.004));
    costs("load_balancing:\n    lbs: [{id: l, kind: classic, gb_per_h: {ec2: 1}}]",
          730 * 0.025 + 730 * 0.008);
}

static void observability(void **state)
{
    (void)state;
    costs("observability:\n    metrics: [{id: m, count: 11000, api_requests_per_month: 1e5}]",
          10000 * 0.30 + 1000 * 0.10 + 100 * 0.01);
    costs("observability:\n    alarms: [{id: a, count: 2}, {id: h, resolution: high},"
          " {id: n, anomaly: true}, {id: c, composite: true}, {id: m, metrics: 4}]",
          2 * 0.10 + 0.30 + 3 * 0.10 + 0.50 + 4 * 0.10);
    costs("observability:\n    dashboards: [{id: d, count: 2}, {id: e, count: 3}]", 2 * 3.00);
    costs("observability:\n    log_groups: [{id: l, ingest_gb_month: 10, stored_gb: 20,"
          " insights_gb: 100}, {id: i, class: INFREQUENT_ACCESS, ingest_gb_month: 10}]",
          10 * 0.50 + 20 * 0.03 + 100 * 0.005 + 10 * 0.25);
    costs("observability:\n    recorders: [{id: r, items_per_month: 1000}, {id: d, mode: DAILY,"
          " items_per_month: 1000}]",
          1000 * 0.003 + 1000 * 0.012);
    costs("observability:\n    config_rules: [{id: r, evaluations_per_month: 150000}]",
          100000 * 0.001 + 50000 * 0.0008);
    costs("observability:\n    trails: [{id: t, management_events: 1e5, data_events: 1e6,"
          " insight_events: 1e5}]",
          2.00 + 10 * 0.10 + 0.35);
}

/* 730 x 0.192 of on-demand cost; a plan of 0.072 at 28 % covers 0.1 an hour of it. */
static void commitments(void **state)
{
    (void)state;
    struct priced p = price("compute:\n    ec2: [{id: e, type: m6i.xlarge, ebs: {size_gb: 10}}]\n"
                            "commitments: [{kind: compute_sp, hourly: 0.072, discount: 0.28},\n"
                            "  {kind: ri, hourly: 0.05, instance_type: c5.large, count: 1}]");
    const struct estimate *e = &p.estimate;
    assert_int_equal(e->commitments.count, 2);
    assert_int_equal(e->commitments.at[0].commitment, 1); /* reservations first */
    assert_near(money_double(e->commitments.at[0].saving.expected), -0.05 * 730, 1e-6);
    assert_near(money_double(e->commitments.at[1].covered.expected), 0.1 * 730, 1e-6);
    assert_near(money_double(e->commitments.at[1].saving.expected), 0.028 * 730, 1e-6);
    assert_near(money_double(e->after.expected),
                730 * (0.192 - 0.028 + 0.05) + 0.8, 1e-6);
    done(&p);
}

static void what_is_not_known_is_said(void **state)
{
    (void)state;
    struct priced p = price("compute:\n    clusters: [{id: a, kind: job, worker_type: m6i.xlarge,"
                            " hours_month: 1}, {id: b, kind: job, worker_type: no.such, workers: 1,"
                            " hours_month: 1}, {id: c, kind: job, worker_type: m6i.xlarge,"
                            " workers: 1}]");
    assert_int_equal(p.estimate.by_status[COST_UNPRICED], 3);
    assert_non_null(strstr(p.estimate.why[0], "how many workers"));
    assert_non_null(strstr(p.estimate.why[1], "no.such"));
    assert_non_null(strstr(p.estimate.why[2], "how long"));
    assert_true(money_is_zero(p.estimate.total.expected));
    done(&p);
}

static void parts_of_a_cluster(void **state)
{
    (void)state;
    struct cluster_rate rate;
    struct cluster_shape shape = {.region = "us-east-1", .driver_type = "m6i.xlarge",
                                  .worker_type = "m6i.2xlarge", .workers = 2, .spot_share = 0.5,
                                  .spot_discount = 0.75, .sku = "JOBS_COMPUTE", .tier = "premium",
                                  .dbu_driver = NAN, .dbu_worker = NAN};
    assert_true(cluster_rate(&rate, book, &shape));
    assert_near(money_double(rate.parts[CLUSTER_EC2_DRIVER].usd_per_hour), 0.192, 1e-9);
    assert_near(money_double(rate.parts[CLUSTER_EC2_WORKERS].usd_per_hour), 0.384, 1e-9);
    assert_near(money_double(rate.parts[CLUSTER_EC2_SPOT].usd_per_hour), 0.096, 1e-9);
    assert_near(rate.parts[CLUSTER_DBU].quantity, 0.76 + 2 * 1.52, 1e-9);
    assert_near(money_double(rate.ec2_on_demand), 0.576, 1e-9);
    shape.worker_type = "no.such";
    assert_false(cluster_rate(&rate, book, &shape));
    assert_non_null(strstr(rate.missing, "no.such"));
}

/* Two functions that share the account's free seconds, each with its own memory. */
static struct priced two_functions(int first_mb, int second_mb)
{
    char layers[512];
    snprintf(layers, sizeof layers,
             "orchestration:\n    functions:\n"
             "      - {id: f, memory_mb: %d, invocations_per_month: 3e6, avg_ms: 100,"
             " free_tier: true}\n"
             "      - {id: g, memory_mb: %d, invocations_per_month: 3e6, avg_ms: 100,"
             " free_tier: true}",
             first_mb, second_mb);
    return price(layers);
}

/* As if the whole map said so, and whatever the variant before it used up. */
static void a_variant_costs_what_the_changed_map_says(void **state)
{
    (void)state;
    struct priced own = two_functions(1024, 1024), first = two_functions(4096, 1024),
                  second = two_functions(1024, 2048);
    const struct estate *map = own.map->estate;
    assert_int_equal(map->resources.count, 2);
    struct estimate_variant variants[] = {
        {.resource = 0, .attrs = first.map->estate->resources.at[0].attrs},
        {.resource = 0, .attrs = map->resources.at[0].attrs},
        {.resource = 1, .attrs = second.map->estate->resources.at[1].attrs},
    };
    for (size_t i = 0; i < 3; i++)
        variants[i].region = map->resources.at[0].region;
    assert_true(estimate_variants(variants, 3, map, book, NULL));
    const struct money_range want[] = {first.estimate.by_resource[0],
                                       own.estimate.by_resource[0],
                                       second.estimate.by_resource[1]};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(variants[i].status, COST_PRICED);
        assert_near(money_double(variants[i].cost.expected), money_double(want[i].expected), 0);
    }
    assert_true(money_cmp(want[0].expected, want[1].expected) > 0);
    done(&own);
    done(&first);
    done(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(storage),
        cmocka_unit_test(small_objects),
        cmocka_unit_test(warehouses),
        cmocka_unit_test(formulas_lead_to_the_amounts),
        cmocka_unit_test(orchestration),
        cmocka_unit_test(clusters),
        cmocka_unit_test(volumes),
        cmocka_unit_test(instances_and_pools),
        cmocka_unit_test(governance),
        cmocka_unit_test(network),
        cmocka_unit_test(load_balancing),
        cmocka_unit_test(observability),
        cmocka_unit_test(commitments),
        cmocka_unit_test(what_is_not_known_is_said),
        cmocka_unit_test(a_variant_costs_what_the_changed_map_says),
        cmocka_unit_test(parts_of_a_cluster),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
