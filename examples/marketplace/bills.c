/* CUR 2.0 data exports: one gzipped CSV a month, with its manifest. */
#include <math.h>
#include <string.h>

#include "world.h"

static const char *const columns[] = {
    "identity_line_item_id", "identity_time_interval", "bill_bill_type", "bill_billing_entity",
    "bill_billing_period_end_date", "bill_billing_period_start_date", "bill_invoice_id",
    "bill_invoicing_entity", "bill_payer_account_id", "bill_payer_account_name", "cost_category",
    "discount", "line_item_availability_zone", "line_item_blended_cost", "line_item_blended_rate",
    "line_item_currency_code", "line_item_legal_entity", "line_item_line_item_description",
    "line_item_line_item_type", "line_item_net_unblended_cost", "line_item_normalization_factor",
    "line_item_normalized_usage_amount", "line_item_operation", "line_item_product_code",
    "line_item_resource_id", "line_item_tax_type", "line_item_unblended_cost",
    "line_item_unblended_rate", "line_item_usage_account_id", "line_item_usage_account_name",
    "line_item_usage_amount", "line_item_usage_end_date", "line_item_usage_start_date",
    "line_item_usage_type", "pricing_currency", "pricing_public_on_demand_cost",
    "pricing_public_on_demand_rate", "pricing_rate_code", "pricing_term", "pricing_unit", "product",
    "product_instance_type", "product_product_family", "product_region_code", "product_servicecode",
    "product_sku", "product_usagetype", "reservation_effective_cost", "reservation_reservation_a_r_n",
    "resource_tags", "savings_plan_savings_plan_a_r_n", "savings_plan_savings_plan_effective_cost",
    "savings_plan_total_commitment_to_date", "savings_plan_used_commitment",
    "savings_plan_amortized_upfront_commitment_for_billing_period",
    "savings_plan_recurring_commitment_for_billing_period"};
enum { COLUMNS = sizeof columns / sizeof *columns };

#define PLAN_ARN "arn:aws:savingsplans::" ACCOUNT ":savingsplan/0a1b2c3d-1111-2222-3333-444455556666"

/* One row; what a charge does not have stays empty. */
struct row {
    int month, day, hour, hours; /* hours 0: the whole month */
    const char *type, *product, *usage_type, *operation, *resource, *tags, *unit;
    const char *instance_type, *description, *zone, *plan;
    double amount, rate, cost, list;
    double effective, commitment, used; /* of a savings plan */
};

struct bill {
    struct out *out;
    long next_id;
    struct dice dice;
};

static void put_maps(struct bill *b, const struct row *r)
{
    out_printf(b->out, "\"{\"\"region\"\":\"\"" REGION "\"\"}\",%s,,%s,%s,,%s,,,",
               r->instance_type ? r->instance_type : "", REGION, r->product, r->usage_type);
    if (r->tags)
        out_printf(b->out, "\"%s\"", r->tags);
    out_printf(b->out, ",%s,", r->plan ? r->plan : "");
    if (r->effective > 0)
        out_printf(b->out, "%.10f", r->effective);
    out_printf(b->out, ",");
    if (r->commitment > 0)
        out_printf(b->out, "%.10f,%.10f,0,%.10f\n", r->commitment, r->used, r->commitment);
    else
        out_printf(b->out, ",,,\n");
}

static void put_row(struct bill *b, const struct row *r)
{
    char from[32], to[32], start[32], end[32];
    stamp(from, r->month, r->day, r->hour);
    stamp(to, r->month, r->hours ? r->day : days_in(r->month), r->hours ? r->hour + r->hours : 24);
    stamp(start, r->month, 1, 0);
    stamp(end, r->month, days_in(r->month), 24);
    out_printf(b->out, "mkt%010ld,%.19s/%.19s,Anniversary,AWS,%s,%s,,Amazon Web Services Inc.,",
               b->next_id++, from, to, end, start);
    out_printf(b->out, ACCOUNT ",marketplace,{},{},%s,%.10f,,USD,Amazon Web Services Inc.,\"%s\",%s,",
               r->zone ? r->zone : "", r->cost, r->description ? r->description : "", r->type);
    out_printf(b->out, ",,,%s,%s,%s,,%.10f,%.10f," ACCOUNT ",marketplace,%.10f,%s,%s,%s,USD,",
               r->operation ? r->operation : "", r->product, r->resource ? r->resource : "",
               r->cost, r->rate, r->amount, to, from, r->usage_type ? r->usage_type : "");
    if (r->list > 0)
        out_printf(b->out, "%.10f,%.10f,,OnDemand,%s,", r->list, r->rate, r->unit ? r->unit : "");
    else
        out_printf(b->out, ",,,,%s,", r->unit ? r->unit : "");
    put_maps(b, r);
}

/* Usage at the public price. */
static void put_usage(struct bill *b, struct row r, double amount, double rate)
{
    r.type = "Usage";
    r.amount = amount;
    r.rate = rate;
    r.cost = r.list = amount * rate;
    put_row(b, &r);
}

static void tags_of(char *out, size_t size, const char *tenant, const char *layer)
{
    snprintf(out, size, "{\"\"user:Tenant\"\":\"\"%s\"\",\"\"user:Layer\"\":\"\"%s\"\"}", tenant, layer);
}

static void put_instance(struct bill *b, int month, int day, int hour, const char *id,
                         const char *type, double usd, const char *tags)
{
    char usage_type[64];
    snprintf(usage_type, sizeof usage_type, "BoxUsage:%s", type);
    put_usage(b, (struct row){.month = month, .day = day, .hour = hour, .hours = 1,
                              .product = "AmazonEC2", .usage_type = usage_type,
                              .operation = "RunInstances", .resource = id, .tags = tags,
                              .unit = "Hrs", .instance_type = type, .zone = REGION "a"},
              1, usd);
}

/* gp2 and gp3 are billed by GB-months, an hour at a time. */
static void put_volume(struct bill *b, int month, int day, int hour, const char *id,
                       const char *kind, double gib, double usd, const char *tags)
{
    char usage_type[64];
    snprintf(usage_type, sizeof usage_type, "EBS:VolumeUsage.%s", kind);
    put_usage(b, (struct row){.month = month, .day = day, .hour = hour, .hours = 1,
                              .product = "AmazonEC2", .usage_type = usage_type,
                              .operation = strcmp(kind, "gp3") ? "CreateVolume-Gp2" : "CreateVolume-Gp3",
                              .resource = id, .tags = tags, .unit = "GB-Mo"},
              gib / (days_in(month) * 24.0), usd);
}

/* Each run has its own cluster, as Databricks does with job clusters. */
static void put_job_run(struct bill *b, const struct job *j, int month, int day, int start)
{
    char tags[512], id[64], volume[64];
    int number = day_number(month, day) * 100 + start;
    snprintf(tags, sizeof tags,
             "{\"\"user:Vendor\"\":\"\"Databricks\"\",\"\"user:ClusterId\"\":\"\"%04d-%02d0000-%s%02d\"\","
             "\"\"user:ClusterName\"\":\"\"job-%s-run-%d\"\",\"\"user:JobId\"\":\"\"%s\"\","
             "\"\"user:RunName\"\":\"\"%s\"\",\"\"user:Tenant\"\":\"\"%s\"\"}",
             number / 100 % 10000, start, j->id, start, j->id, number, j->id, j->name,
             tenant_names[j->tenant]);
    for (int node = 0; node <= j->workers; node++) {
        snprintf(id, sizeof id, "i-0%s%08d%02d%02d", j->id, number, node, start);
        snprintf(volume, sizeof volume, "vol-0%s%08d%02d%02d", j->id, number, node, start);
        for (int h = 0; h < j->hours; h++) {
            put_instance(b, month, day, start + h, id, j->worker_type, j->worker_usd, tags);
            put_volume(b, month, day, start + h, volume, "gp3", 150, USD_GP3_GB, tags);
        }
    }
}

static void put_jobs(struct bill *b, int month, int day)
{
    for (int j = 0; j < job_count; j++)
        for (int s = 0; s < jobs[j].start_count; s++)
            put_job_run(b, &jobs[j], month, day, jobs[j].starts[s]);
}

/* The analysts' cluster: all-purpose, always on, though a schedule is all it serves. */
static void put_analytics(struct bill *b, int month, int day, int hour)
{
    static const char tags[] =
        "{\"\"user:Vendor\"\":\"\"Databricks\"\",\"\"user:ClusterId\"\":\"\"0630-120000-analytics1\"\","
        "\"\"user:ClusterName\"\":\"\"nightly-reports\"\",\"\"user:Tenant\"\":\"\"north\"\"}";
    for (int node = 0; node < 3; node++) {
        char id[64];
        snprintf(id, sizeof id, "i-0a0a1a1c5000000%02d", node);
        put_instance(b, month, day, hour, id, "m6i.2xlarge", USD_M6I_2XLARGE, tags);
    }
}

static void put_servers(struct bill *b, int month, int day, int hour)
{
    char tags[256], id[64];
    tags_of(tags, sizeof tags, "shared", "serving");
    for (int i = 0; i < SERVERS; i++) {
        snprintf(id, sizeof id, "i-05e40e400000000%02d", i);
        put_instance(b, month, day, hour, id, "m6i.4xlarge", USD_M6I_4XLARGE, tags);
        snprintf(id, sizeof id, "vol-05e40e400000000%02d", i);
        put_volume(b, month, day, hour, id, "gp2", 300, USD_GP2_GB, tags);
    }
    put_instance(b, month, day, hour, "i-01d1e000000000001", "m6i.large", USD_M6I_LARGE, tags);
    put_volume(b, month, day, hour, "vol-0c4a4ed000000001", "gp3", 2000, USD_GP3_GB, tags);
}

/* Gateways run under a savings plan: covered, negated, and the fee apart. */
static void put_gateways(struct bill *b, int month, int day, int hour)
{
    enum { DISCOUNT_PCT = 28 };
    char tags[256], id[64];
    double committed = GATEWAYS * USD_C6I_XLARGE * (100 - DISCOUNT_PCT) / 100;
    tags_of(tags, sizeof tags, "shared", "gateway");
    struct row r = {.month = month, .day = day, .hour = hour, .hours = 1, .product = "AmazonEC2",
                    .usage_type = "BoxUsage:c6i.xlarge", .operation = "RunInstances",
                    .unit = "Hrs", .instance_type = "c6i.xlarge", .plan = PLAN_ARN};
    for (int i = 0; i < GATEWAYS; i++) {
        struct row covered = r;
        snprintf(id, sizeof id, "i-06a7e0a700000000%d", i);
        covered.type = "SavingsPlanCoveredUsage";
        covered.resource = id;
        covered.tags = tags;
        covered.amount = 1;
        covered.rate = covered.cost = covered.list = USD_C6I_XLARGE;
        covered.effective = USD_C6I_XLARGE * (100 - DISCOUNT_PCT) / 100;
        put_row(b, &covered);
    }
    struct row negation = r;
    negation.type = "SavingsPlanNegation";
    negation.amount = GATEWAYS;
    negation.cost = -GATEWAYS * USD_C6I_XLARGE;
    put_row(b, &negation);
    struct row fee = {.month = month, .day = day, .hour = hour, .hours = 1,
                      .type = "SavingsPlanRecurringFee", .product = "ComputeSavingsPlans",
                      .usage_type = "ComputeSP:1yrNoUpfront", .resource = PLAN_ARN, .plan = PLAN_ARN,
                      .amount = 1, .cost = committed, .commitment = committed, .used = committed};
    put_row(b, &fee);
}

/* Requests follow the day: quiet at night, a peak in the afternoon. */
static double traffic(int hour)
{
    return 0.35 + 0.65 * (1 + cos((hour - 15) * 3.14159265358979 / 12)) / 2;
}

static void put_balancer(struct bill *b, int month, int day, int hour, const char *name,
                         double lcu)
{
    char arn[160], tags[256];
    snprintf(arn, sizeof arn, "arn:aws:elasticloadbalancing:" REGION ":" ACCOUNT ":loadbalancer/app/%s", name);
    tags_of(tags, sizeof tags, "shared", "load_balancing");
    struct row r = {.month = month, .day = day, .hour = hour, .hours = 1, .product = "AWSELB",
                    .operation = "LoadBalancing:Application", .resource = arn, .tags = tags};
    r.usage_type = "LoadBalancerUsage";
    r.unit = "Hrs";
    put_usage(b, r, 1, USD_LB_HOUR);
    r.usage_type = "LCUUsage";
    r.unit = "LCU-Hrs";
    if (lcu > 0)
        put_usage(b, r, lcu, USD_LCU);
}

static void put_network(struct bill *b, int month, int day, int hour)
{
    char tags[256];
    tags_of(tags, sizeof tags, "shared", "network");
    struct row nat = {.month = month, .day = day, .hour = hour, .hours = 1, .product = "AmazonEC2",
                      .operation = "NatGateway", .tags = tags,
                      .resource = "arn:aws:ec2:" REGION ":" ACCOUNT ":natgateway/nat-0aa11bb22cc33dd44"};
    nat.usage_type = "NatGateway-Hours";
    nat.unit = "Hrs";
    put_usage(b, nat, 1, USD_NAT_HOUR);
    nat.usage_type = "NatGateway-Bytes";
    nat.unit = "GB";
    put_usage(b, nat, 12, USD_NAT_GB);
    struct row accelerator = {.month = month, .day = day, .hour = hour, .hours = 1,
                              .product = "AWSGlobalAccelerator", .usage_type = "Global-Accelerator-Hours",
                              .operation = "GA", .tags = tags, .unit = "Hrs",
                              .resource = "arn:aws:globalaccelerator::" ACCOUNT ":accelerator/7d1f"};
    put_usage(b, accelerator, 1, 0.025);
    struct row peering = {.month = month, .day = day, .hour = hour, .hours = 1,
                          .product = "AmazonEC2", .usage_type = "DataTransfer-Regional-Bytes",
                          .operation = "VPCPeering-In", .tags = tags, .unit = "GB",
                          .resource = "pcx-0123456789abcdef0"};
    put_usage(b, peering, 3.5, 0.01);
}

static void put_hour(struct bill *b, int month, int day, int hour)
{
    put_servers(b, month, day, hour);
    put_gateways(b, month, day, hour);
    put_analytics(b, month, day, hour);
    double load = traffic(hour);
    put_balancer(b, month, day, hour, "market-public/50dc6c495c0c9188", 6.2 * load);
    put_balancer(b, month, day, hour, "serving-internal/8f2a4b6c8d0e1f23", 1.4 * load);
    put_balancer(b, month, day, hour, "legacy-internal/1a2b3c4d5e6f7a8b", 0);
    put_network(b, month, day, hour);
}

static void put_bucket(struct bill *b, int month, int day, const char *bucket,
                       const char *usage_type, double gb)
{
    put_usage(b, (struct row){.month = month, .day = day, .hour = 0, .hours = 24,
                              .product = "AmazonS3", .usage_type = usage_type,
                              .operation = "StandardStorage", .resource = bucket, .unit = "GB-Mo"},
              gb / days_in(month), strcmp(usage_type, "TimedStorage-GIR-ByteHrs") ? USD_S3_GB : 0.004);
}

static void put_requests(struct bill *b, int month, int day, const char *bucket)
{
    struct row r = {.month = month, .day = day, .hour = 0, .hours = 24, .product = "AmazonS3",
                    .resource = bucket, .unit = "Requests"};
    r.usage_type = "Requests-Tier1";
    r.operation = "PutObject";
    put_usage(b, r, 20000, 0.000005);
    r.usage_type = "Requests-Tier2";
    r.operation = "GetObject";
    put_usage(b, r, 150000, 0.0000004);
}

static void put_day(struct bill *b, int month, int day)
{
    put_jobs(b, month, day);
    for (int hour = 0; hour < 24; hour++)
        put_hour(b, month, day, hour);
    put_bucket(b, month, day, "acme-market-raw", "TimedStorage-ByteHrs", 40960);
    put_bucket(b, month, day, "acme-market-curated", "TimedStorage-ByteHrs", 12288);
    put_bucket(b, month, day, "acme-market-archive", "TimedStorage-GIR-ByteHrs", 20480);
    put_requests(b, month, day, "acme-market-raw");
    put_requests(b, month, day, "acme-market-curated");
    struct row lambda = {.month = month, .day = day, .hour = 0, .hours = 24, .product = "AWSLambda",
                         .resource = "arn:aws:lambda:" REGION ":" ACCOUNT ":function:curate"};
    lambda.usage_type = "Lambda-GB-Second";
    lambda.unit = "Lambda-GB-Second";
    put_usage(b, lambda, 90000, 0.0000166667);
    lambda.usage_type = "Request";
    lambda.unit = "Requests";
    put_usage(b, lambda, 400000, 0.0000002);
    put_usage(b, (struct row){.month = month, .day = day, .hour = 0, .hours = 24,
                              .product = "AWSEvents", .usage_type = "Event-64K-Chunks",
                              .operation = "PutEvents", .unit = "64K-Chunks",
                              .resource = "arn:aws:events:" REGION ":" ACCOUNT ":event-bus/market"},
              500000, 0.000001);
    put_usage(b, (struct row){.month = month, .day = day, .hour = 0, .hours = 24,
                              .product = "AmazonCloudWatch", .usage_type = "DataProcessing-Bytes",
                              .operation = "PutLogEvents", .unit = "GB",
                              .resource = "arn:aws:logs:" REGION ":" ACCOUNT ":log-group:/market/serving"},
              14, 0.50);
}

static void put_month_end(struct bill *b, int month)
{
    struct row r = {.month = month, .day = 1};
    r.type = "Credit";
    r.product = "AmazonEC2";
    r.usage_type = "BoxUsage:m6i.4xlarge";
    r.description = "Migration credit, second tranche";
    r.cost = -250;
    put_row(b, &r);
    r.type = "Fee";
    r.product = "AWSSupportBusiness";
    r.usage_type = "Dollar";
    r.description = "AWS Support (Business)";
    r.cost = 410.25;
    put_row(b, &r);
    r.type = "Tax";
    r.product = "AmazonEC2";
    r.usage_type = "";
    r.description = "Tax for product code AmazonEC2";
    r.cost = 61.07 + month;
    put_row(b, &r);
}

static bool write_month(const char *folder, struct bill *b, int month)
{
    char name[128];
    int number = FIRST_MONTH + month;
    snprintf(name, sizeof name, "bills/data/BILLING_PERIOD=2026-%02d/market-00001.csv.gz", number);
    if (!(b->out = out_open(folder, name)))
        return false;
    for (int c = 0; c < COLUMNS; c++)
        out_printf(b->out, "%s%s", c ? "," : "", columns[c]);
    out_printf(b->out, "\n");
    for (int day = 1; day <= days_in(month); day++)
        put_day(b, month, day);
    put_month_end(b, month);
    if (!out_close(b->out))
        return false;
    char manifest[128];
    snprintf(manifest, sizeof manifest, "bills/metadata/BILLING_PERIOD=2026-%02d/market-Manifest.json", number);
    if (!(b->out = out_open(folder, manifest)))
        return false;
    out_printf(b->out, "{\"executionId\":\"e%02d\",\"billingPeriod\":{\"start\":\"2026-%02d-01T00:00:00.000Z\","
                       "\"end\":\"2026-%02d-01T00:00:00.000Z\"},\"columns\":[", number, number, number + 1);
    for (int c = 0; c < COLUMNS; c++)
        out_printf(b->out, "%s{\"name\":\"%s\"}", c ? "," : "", columns[c]);
    out_printf(b->out, "],\"dataFiles\":[\"s3://acme-bills/exports/market/data/BILLING_PERIOD=2026-%02d/"
                       "market-00001.csv.gz\"]}\n", number);
    return out_close(b->out);
}

static void plant_bills(void)
{
    for (int i = 0; i < SERVERS; i++) {
        char id[64];
        snprintf(id, sizeof id, "vol-05e40e400000000%02d", i);
        plant("ebs.gp3", id, 300 * (USD_GP2_GB - USD_GP3_GB), "300 GiB gp2, 2 cents off a GB on gp3");
        snprintf(id, sizeof id, "i-05e40e400000000%02d", i);
        plant("ec2.", id, (USD_M6I_4XLARGE - USD_M6I_2XLARGE) * 730,
              "at most 24 % of 16 vCPU and 14 of 64 GiB used: half the size serves it");
    }
    plant("ec2.", "i-01d1e000000000001", USD_M6I_LARGE * 730, "no traffic and 1 % CPU for months");
    plant("ebs.unattached", "vol-0c4a4ed000000001", 2000 * USD_GP3_GB, "no read, no write");
    plant("elb.idle", "legacy-internal", USD_LB_HOUR * 730, "no request in three months");
    plant("network.s3_endpoint", "nat-0aa11bb22cc33dd44", 12 * 730 * 0.8 * USD_NAT_GB,
          "80 % of the bytes go to S3 in the same region");
}

bool write_bills(const char *folder)
{
    struct bill b = {.dice = {20260701}};
    plant_bills();
    for (int month = 0; month < MONTHS; month++)
        if (!write_month(folder, &b, month))
            return false;
    return true;
}
