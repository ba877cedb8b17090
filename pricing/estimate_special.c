#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "estimate_build.h"
#include "pricing/network.h"

static struct range hours_factor(const struct quote *q)
{
    double month = q->run->estate->hours_per_month;
    struct range hours = quote_usage(q, "monthly_hours", month);
    return (struct range){hours.low / month, hours.expected / month, hours.high / month};
}

static struct range all_hours(const struct quote *q)
{
    double month = q->run->estate->hours_per_month;
    return (struct range){month, month, month};
}

static bool quote_metrics(struct quote *q)
{
    if (quote_has(q, "custom_metrics"))
        quote_add(q, "Custom metrics", "metrics",
                  &(struct price_key){"cloudwatch", "custom_metrics", NULL, q->r->region},
                  quote_usage(q, "custom_metrics", 0));
    if (quote_has(q, "monthly_api_requests"))
        quote_add(q, "Metrics read (GetMetricData)", "metrics",
                  &(struct price_key){"cloudwatch", "get_metric_data", NULL, q->r->region},
                  quote_usage(q, "monthly_api_requests", 0));
    if (!q->parts.count)
        quote_missing(q, "Custom metrics", "the map does not say how many: count");
    return true;
}

/* Three dashboards of an account are free. */
static bool quote_dashboards(struct quote *q)
{
    struct range count = quote_usage(q, "count", 1);
    double free = q->run->free_dashboards;
    q->run->free_dashboards = fmax(0, free - count.expected);
    quote_add(q, "Dashboards beyond the free three", "dashboards",
              &(struct price_key){"cloudwatch", "dashboard", NULL, q->r->region},
              (struct range){fmax(0, count.low - free), fmax(0, count.expected - free),
                             fmax(0, count.high - free)});
    return true;
}

/* The first 25 zones cost more than those behind them: what stands, not what is used. */
static bool quote_zones(struct quote *q)
{
    quote_add(q, "Hosted zones", "zones",
              &(struct price_key){"route53", "hosted_zone", NULL, q->r->region},
              quote_usage(q, "count", 1));
    return true;
}

static double most(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : fmax(a, b);
}

/* The largest dimension of one protocol, in capacity units. */
static struct range protocol_units(const struct quote *q, const struct node *n)
{
    static const char *const keys[][2] = {{"new_conn_per_s", "new_connections"},
                                          {"active_conn", "active_connections"},
                                          {"gb_per_h", "processed_bytes"}};
    char protocol[8];
    snprintf(protocol, sizeof protocol, "%s", node_text(node_get(n, "protocol"), "TCP"));
    for (char *c = protocol; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    struct range units = {0, 0, 0};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct range load;
        double holds = lcu_holds(q->run->book, "network", protocol, keys[i][1]);
        if (!range_read(&load, node_get(n, keys[i][0])) || !(holds > 0))
            continue;
        units.low = most(units.low, load.low / holds);
        units.expected = most(units.expected, load.expected / holds);
        units.high = most(units.high, load.high / holds);
    }
    return units;
}

/* A network load balancer adds up its protocols. */
static bool quote_network_lb(struct quote *q)
{
    const struct node *protocols = node_get(q->r->usage, "protocols");
    const char *kind = node_text(node_get(q->r->attrs, "load_balancer_type"), "");
    if (strcmp(kind, "network") != 0 || !protocols)
        return false;
    struct range units = {0, 0, 0};
    double hours = q->run->estate->hours_per_month;
    for (size_t i = 0; i < protocols->count; i++) {
        struct range one = protocol_units(q, protocols->items[i]);
        units.low += one.low * hours;
        units.expected += one.expected * hours;
        units.high += one.high * hours;
    }
    quote_add(q, "Network load balancer", "hours",
              &(struct price_key){"elb", "hour", "kind=network", q->r->region}, all_hours(q))
        ->usage_based = false;
    quote_add(q, "Network capacity units", "NLCU-hours",
              &(struct price_key){"elb", "lcu_hour", "kind=network", q->r->region}, units);
    return true;
}

static struct range smaller(struct range a, struct range b)
{
    return (struct range){fmin(a.low, b.low), fmin(a.expected, b.expected),
                          fmin(a.high, b.high)};
}

static struct range left(struct range a, struct range b)
{
    return (struct range){a.low - b.low, a.expected - b.expected, a.high - b.high};
}

static void give_back(struct quote *q, const char *name, const char *unit, const char *item,
                      struct range quantity)
{
    struct price price;
    struct price_key key = {"lambda", item, NULL, q->r->region};
    if (!book_price(&price, q->run->book, &key))
        return;
    struct money unit_price = money_neg(money_times(price.usd, 1 / price.per));
    quote_put(q, name, unit, quantity, unit_price, money_times_range(unit_price, quantity));
}

/* The free tier is the account's: entries that ask for it share one. */
static void quote_free_tier(struct quote *q)
{
    struct estimate_run *run = q->run;
    struct range requests = quote_usage(q, "monthly_requests", 0);
    struct range ms = quote_usage(q, "request_duration_ms", 1);
    const char *arch = node_text(node_at(q->r->attrs, "architectures.0"), "x86_64");
    bool arm = !strcmp(arch, "arm64");
    double gb = node_number(node_get(q->r->attrs, "memory_size"), 128) / 1024;
    struct range seconds = {requests.low * gb * ceil(ms.low) / 1000,
                            requests.expected * gb * ceil(ms.expected) / 1000,
                            requests.high * gb * ceil(ms.high) / 1000};
    struct range free_requests = smaller(requests, run->free_requests);
    struct range free_seconds = smaller(seconds, run->free_gb_seconds);
    give_back(q, "Free tier, requests", "requests", arm ? "requests_arm" : "requests_x86",
              free_requests);
    give_back(q, "Free tier, duration", "GB-seconds", arm ? "duration_arm" : "duration_x86",
              free_seconds);
    run->free_requests = left(run->free_requests, free_requests);
    run->free_gb_seconds = left(run->free_gb_seconds, free_seconds);
}

/* What a function writes counts at its log group where the map has one. */
static bool quote_function(struct quote *q)
{
    struct range requests = quote_usage(q, "monthly_requests", 0);
    struct range kb = quote_usage(q, "log_kb_per_invocation", 0);
    if (node_bool(node_get(q->r->usage, "free_tier"), false))
        quote_free_tier(q);
    if (kb.high > 0 && !node_get(q->r->usage, "log_group_ref"))
        quote_add(
            q, "Logs ingested", "GB",
            &(struct price_key){"cloudwatch", "logs_ingest_standard", NULL, q->r->region},
            (struct range){requests.low * kb.low / 1048576,
                           requests.expected * kb.expected / 1048576,
                           requests.high * kb.high / 1048576});
    return false;
}

static bool quote_instance(struct quote *q)
{
    double month = q->run->estate->hours_per_month;
    if (node_bool(node_get(q->r->attrs, "associate_public_ip_address"), false))
        quote_add(q, "Public IPv4 address", "hours",
                  &(struct price_key){"data_transfer", "public_ipv4_in_use_hour", NULL,
                                      q->r->region},
                  quote_usage(q, "monthly_hours", month))
            ->usage_based = false;
    return false;
}

static bool cluster(struct quote *q)
{
    if (!node_get(q->r->usage, "kind"))
        return false;
    quote_cluster(q);
    return true;
}

static bool flow(struct quote *q)
{
    if (!node_get(q->r->usage, "from"))
        return false;
    quote_flow(q);
    return true;
}

static bool peering(struct quote *q)
{
    quote_peering(q);
    return true;
}

static bool bucket(struct quote *q)
{
    quote_bucket(q);
    return false;
}

static const struct {
    const char *type;
    bool (*quote)(struct quote *q);
} specials[] = {
    {"aws_cloudwatch_dashboard", quote_dashboards},
    {"aws_cloudwatch_metric_stream", quote_metrics},
    {"aws_data_transfer", flow},
    {"aws_instance", quote_instance},
    {"aws_lambda_function", quote_function},
    {"aws_lb", quote_network_lb},
    {"aws_route53_zone", quote_zones},
    {"aws_s3_bucket", bucket},
    {"aws_vpc_peering_connection", peering},
    {"databricks_cluster", cluster},
    {"databricks_job", cluster},
    {"databricks_model_serving", cluster},
    {"databricks_pipeline", cluster},
    {"databricks_vector_search_endpoint", cluster},
};

bool quote_special(struct quote *q)
{
    for (size_t i = 0; q->r->type && i < sizeof specials / sizeof *specials; i++)
        if (!strcmp(specials[i].type, q->r->type))
            return specials[i].quote(q);
    return false;
}

static void scale(struct cost_component *c, struct range by)
{
    c->quantity.low *= by.low;
    c->quantity.expected *= by.expected;
    c->quantity.high *= by.high;
    c->monthly.low = money_times(c->monthly.low, by.low);
    c->monthly.expected = money_times(c->monthly.expected, by.expected);
    c->monthly.high = money_times(c->monthly.high, by.high);
}

/* Instances that do not run all month pay for their hours; their volumes stay. */
static void adjust_instance(struct quote *q)
{
    const char *type = node_text(node_get(q->r->attrs, "instance_type"), NULL);
    struct range count = quote_usage(q, "count", 1);
    for (size_t i = 0; i < q->parts.count; i++) {
        struct cost_component *c = &q->parts.at[i];
        if (c->state != COMPONENT_PRICED || strncmp(c->name, "Instance usage", 14) != 0)
            continue;
        scale(c, hours_factor(q));
        struct range hours = {c->quantity.low * count.low,
                              c->quantity.expected * count.expected,
                              c->quantity.high * count.high};
        add_eligible(q, type, hours, c->unit_price);
    }
}

static void adjust_warehouse(struct quote *q)
{
    double kept = 1 - node_number(node_get(q->r->usage, "dbu_discount"), 0);
    for (size_t i = 0; i < q->parts.count; i++) {
        struct cost_component *c = &q->parts.at[i];
        if (c->state != COMPONENT_PRICED || strncmp(c->name, "DBU", 3) != 0)
            continue;
        c->unit_price = money_times(c->unit_price, kept);
        c->monthly = money_range_times(c->monthly, kept);
    }
}

void quote_adjust(struct quote *q)
{
    if (!q->r->type)
        return;
    if (!strcmp(q->r->type, "aws_instance"))
        adjust_instance(q);
    else if (!strcmp(q->r->type, "databricks_sql_endpoint"))
        adjust_warehouse(q);
}
