#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/json_text.h"
#include "layer_map_read.h"

static struct node *empty_map(struct map_reader *r)
{
    return node_new(r->arena, NODE_MAP);
}

/* Ready environments are a resource of their own in Terraform, and on the bill. */
static void add_provisioned(struct map_reader *r, struct entry *e, const struct node *ready)
{
    uint32_t child =
        entry_child(r, e, "provisioned", "aws_lambda_provisioned_concurrency_config");
    struct node *attrs = empty_map(r), *usage = empty_map(r);
    node_add(r->arena, attrs, "function_name",
             node_string(r->arena, entry_resource(r, e)->key));
    if (node_get(ready, "concurrency"))
        map_put_path(r->arena, attrs, "provisioned_concurrent_executions",
                     node_get(ready, "concurrency"));
    usage_put(r, usage, "monthly_requests", map_range(node_get(ready, "invocations")));
    usage_put(r, usage, "request_duration_ms", map_range(node_get(ready, "avg_ms")));
    if (node_get(ready, "hours"))
        map_put_path(r->arena, usage, "monthly_duration_hrs", node_get(ready, "hours"));
    r->estate->resources.at[child].attrs = attrs;
    r->estate->resources.at[child].usage = usage;
}

bool finish_function(struct map_reader *r, struct entry *e)
{
    const struct node *ready = node_get(e->node, "provisioned");
    entry_put(r, e, "function_name", node_string(r->arena, entry_resource(r, e)->name));
    if (ready)
        add_provisioned(r, e, ready);
    return true;
}

/* Each 64 KiB of an event counts as one. */
bool finish_bus(struct map_reader *r, struct entry *e)
{
    const struct node *events = node_get(e->node, "custom_events_per_month");
    struct range kb = map_range(node_get(e->node, "event_kb"));
    struct range parts = {fmax(1, ceil(kb.low / 64)), fmax(1, ceil(kb.expected / 64)),
                          fmax(1, ceil(kb.high / 64))};
    if (events)
        usage_put(r, e->usage, "monthly_custom_events", range_times(map_range(events), parts));
    return true;
}

static struct range above(struct range q, double free)
{
    return (struct range){fmax(0, q.low - free), fmax(0, q.expected - free),
                          fmax(0, q.high - free)};
}

/*
 * Databases, tables, every version of a table, and partitions count as objects; the
 * first million of them and of the requests is free.
 */
bool finish_glue(struct map_reader *r, struct entry *e)
{
    enum { FREE = 1000000 };
    struct range tables = map_range(node_get(e->node, "tables"));
    struct range versions =
        range_times(tables, map_range(node_get(e->node, "versions_per_table")));
    struct range objects = range_plus(map_range(node_get(e->node, "databases")),
                                      map_range(node_get(e->node, "partitions")));
    objects = range_plus(objects, range_plus(tables, versions));
    usage_put(r, e->usage, "monthly_objects", above(objects, FREE));
    if (node_get(e->node, "requests_per_month"))
        usage_put(r, e->usage, "monthly_requests",
                  above(map_range(node_get(e->node, "requests_per_month")), FREE));
    return true;
}

bool finish_alarm(struct map_reader *r, struct entry *e)
{
    enum { MOST_METRICS = 100 };
    double metrics = node_number(node_get(e->node, "metrics"), 1);
    if (node_bool(node_get(e->node, "composite"), false))
        entry_resource(r, e)->type =
            intern(r->estate->symbols, "aws_cloudwatch_composite_alarm");
    bool high = !strcmp(node_text(node_get(e->node, "resolution"), ""), "high");
    entry_put(r, e, "period", node_number_new(r->arena, high ? 10 : 60));
    if (node_bool(node_get(e->node, "anomaly"), false))
        entry_put(r, e, "comparison_operator",
                  node_string(r->arena, "LessThanLowerOrGreaterThanUpperThreshold"));
    struct node *queries = node_new(r->arena, NODE_LIST);
    for (double m = 0; m < metrics && m < MOST_METRICS; m++) {
        struct node *query = node_add(r->arena, queries, NULL, empty_map(r));
        struct node *blocks =
            node_add(r->arena, query, "metric", node_new(r->arena, NODE_LIST));
        node_add(r->arena, blocks, NULL, empty_map(r));
    }
    if (metrics > 1)
        node_add(r->arena, e->attrs, "metric_query", queries);
    return true;
}

bool finish_endpoint(struct map_reader *r, struct entry *e)
{
    enum { MOST_ZONES = 20 };
    double zones = node_number(node_get(e->node, "azs"), 1);
    struct node *subnets = node_new(r->arena, NODE_LIST);
    for (double z = 0; z < zones && z < MOST_ZONES; z++)
        node_add(r->arena, subnets, NULL,
                 node_string(r->arena, arena_printf(r->arena, "zone-%d", (int)z + 1)));
    node_add(r->arena, e->attrs, "subnet_ids", subnets);
    if (!node_get(e->attrs, "vpc_endpoint_type"))
        entry_put(r, e, "vpc_endpoint_type", node_string(r->arena, "Interface"));
    return true;
}

bool finish_address(struct map_reader *r, struct entry *e)
{
    if (!node_bool(node_get(e->node, "idle"), false))
        entry_put(r, e, "instance", node_string(r->arena, "in use"));
    return true;
}

bool finish_zone(struct map_reader *r, struct entry *e)
{
    static const char *const keys[][2] = {
        {"queries_per_month", "monthly_standard_queries"},
        {"latency_queries_per_month", "monthly_latency_based_queries"},
        {"geo_queries_per_month", "monthly_geo_queries"}};
    struct node *usage = empty_map(r);
    for (size_t i = 0; i < 3; i++)
        if (node_get(e->node, keys[i][0]))
            map_put_path(r->arena, usage, keys[i][1], node_get(e->node, keys[i][0]));
    if (!usage->count)
        return true;
    uint32_t child = entry_child(r, e, "records", "aws_route53_record");
    r->estate->resources.at[child].usage = usage;
    r->estate->resources.at[child].attrs = empty_map(r);
    return true;
}

/* What the map calls a place and what usage files call it. */
static const char *place_name(const char *name)
{
    return !strcmp(name, "africa") ? "south_africa" : name;
}

/* Only the direction with more traffic is charged; monthly totals show which one it is. */
bool finish_accelerator(struct map_reader *r, struct entry *e)
{
    const struct node *flows = node_get(e->node, "flows");
    double in = 0, out = 0;
    for (size_t i = 0; flows && i < flows->count; i++) {
        in += map_range(node_get(flows->items[i], "in_gb")).expected;
        out += map_range(node_get(flows->items[i], "out_gb")).expected;
    }
    for (size_t i = 0; flows && i < flows->count; i++) {
        const struct node *flow = flows->items[i];
        const char *region = node_text(node_get(flow, "dest_region"), NULL);
        uint32_t child = entry_child(r, e, arena_printf(r->arena, "flow-%zu", i + 1),
                                     "aws_globalaccelerator_endpoint_group");
        struct resource *group = &r->estate->resources.at[child];
        struct node *usage = empty_map(r), *attrs = empty_map(r);
        const char *to = arena_printf(
            r->arena, "monthly_%sbound_data_transfer_gb.%s", out > in ? "out" : "in",
            place_name(node_text(node_get(flow, "edge_group"), "us")));
        usage_put(r, usage, to, map_range(node_get(flow, out > in ? "out_gb" : "in_gb")));
        group->region = region ? intern(r->estate->symbols, region) : group->region;
        node_add(r->arena, attrs, "endpoint_group_region",
                 node_string(r->arena, sym_or_empty(group->region)));
        group->usage = usage;
        group->attrs = attrs;
    }
    return true;
}

/* Two rows of one place are one amount of traffic. */
static void usage_add(struct map_reader *r, struct node *usage, const char *path,
                      struct range q)
{
    struct node *old = (struct node *)(uintptr_t)node_at(usage, path);
    if (!old) {
        usage_put(r, usage, path, q);
        return;
    }
    struct node *sum = map_quantity(r->arena, range_plus(map_range(old), q));
    sum->key = old->key;
    *old = *sum;
}

bool finish_distribution(struct map_reader *r, struct entry *e)
{
    static const char *const keys[][2] = {{"out_gb", "monthly_data_transfer_to_internet_gb"},
                                          {"https_requests", "monthly_https_requests"},
                                          {"http_requests", "monthly_http_requests"}};
    const struct node *traffic = node_get(e->node, "traffic");
    for (size_t i = 0; traffic && i < traffic->count; i++) {
        const char *place = node_text(node_get(traffic->items[i], "geography"), "us");
        for (size_t k = 0; k < 3; k++)
            if (node_get(traffic->items[i], keys[k][0]))
                usage_add(r, e->usage,
                          arena_printf(r->arena, "%s.%s", keys[k][1], place_name(place)),
                          map_range(node_get(traffic->items[i], keys[k][0])));
    }
    return true;
}

/*
 * Traffic in the terms of the capacity units: a GB to a Lambda target weighs as 2.5
 * of others (0.4 GB a unit against 1), the first ten rules of a request are free.
 */
static void put_lb_traffic(struct map_reader *r, struct entry *e)
{
    const struct node *bytes = node_get(e->node, "gb_per_h"), *rps = node_get(e->node, "rps");
    double hours = r->estate->hours_per_month;
    struct range ec2 = map_range(node_get(bytes, "ec2"));
    struct range lambda = map_range(node_get(bytes, "lambda"));
    struct range rules = map_range(node_get(e->node, "rules"));
    struct range paid = {fmax(0, rules.low - 10), fmax(0, rules.expected - 10),
                         fmax(0, rules.high - 10)};
    if (node_get(e->node, "new_conn_per_s"))
        map_put_path(r->arena, e->usage, "new_connections",
                     node_get(e->node, "new_conn_per_s"));
    if (node_get(e->node, "active_conn"))
        map_put_path(r->arena, e->usage, "active_connections",
                     node_get(e->node, "active_conn"));
    if (rps && rules.high > 0)
        usage_put(r, e->usage, "rule_evaluations", range_times(paid, map_range(rps)));
    if (!bytes)
        return;
    usage_put(r, e->usage, "processed_bytes_gb",
              range_scaled(range_plus(ec2, range_scaled(lambda, 2.5)), hours));
    usage_put(r, e->usage, "monthly_data_processed_gb",
              range_scaled(range_plus(ec2, lambda), hours));
}

/* A network load balancer counts each protocol by itself. */
static void put_protocols(struct map_reader *r, struct entry *e)
{
    const struct node *protocols = node_get(e->node, "protocols");
    if (protocols) {
        map_put_path(r->arena, e->usage, "protocols", protocols);
        return;
    }
    struct node *list = node_new(r->arena, NODE_LIST);
    struct node *one = node_add(r->arena, list, NULL, empty_map(r));
    bool tls = node_bool(node_get(e->node, "tls"), false);
    node_add(r->arena, one, "protocol", node_string(r->arena, tls ? "TLS" : "TCP"));
    static const char *const keys[] = {"new_conn_per_s", "active_conn"};
    for (size_t i = 0; i < 2; i++)
        if (node_get(e->node, keys[i]))
            map_put_path(r->arena, one, keys[i], node_get(e->node, keys[i]));
    const struct node *bytes = node_get(e->node, "gb_per_h");
    if (bytes)
        usage_put(r, one, "gb_per_h",
                  range_plus(map_range(node_get(bytes, "ec2")),
                             map_range(node_get(bytes, "lambda"))));
    if (one->count > 1)
        map_put_path(r->arena, e->usage, "protocols", list);
}

bool finish_load_balancer(struct map_reader *r, struct entry *e)
{
    struct resource *resource = entry_resource(r, e);
    const char *kind = node_text(node_get(e->node, "kind"), "application");
    if (!strcmp(kind, "classic"))
        resource->type = intern(r->estate->symbols, "aws_elb");
    entry_put(r, e, "name", node_string(r->arena, resource->name));
    bool internal = !strcmp(node_text(node_get(e->node, "scheme"), ""), "internal");
    entry_put(r, e, "internal", node_bool_new(r->arena, internal));
    if (!node_get(e->attrs, "load_balancer_type"))
        entry_put(r, e, "load_balancer_type", node_string(r->arena, "application"));
    if (!strcmp(kind, "network"))
        put_protocols(r, e);
    else
        put_lb_traffic(r, e);
    return true;
}

static struct node *statement(struct arena *arena, const struct node *policy)
{
    static const struct {
        const char *key, *to;
    } keys[] = {{"actions", "Action"}, {"resources", "Resource"}, {"conditions", "Condition"}};
    struct node *n = node_new(arena, NODE_MAP);
    node_add(arena, n, "Effect",
             node_string(arena, node_text(node_get(policy, "effect"), "Allow")));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (node_get(policy, keys[i].key))
            node_add(arena, n, keys[i].to, node_copy(arena, node_get(policy, keys[i].key)));
    return n;
}

static struct node *document_of(struct arena *arena, struct node *statements)
{
    struct node *doc = node_new(arena, NODE_MAP);
    node_add(arena, doc, "Version", node_string(arena, "2012-10-17"));
    node_add(arena, doc, "Statement", statements);
    return doc;
}

static struct node *as_text(struct arena *arena, const struct node *n)
{
    struct buf text = BUF_INIT;
    json_write(&text, n, false);
    struct node *out = node_string(arena, buf_text(&text));
    buf_release(&text);
    return out;
}

/* Principals are written short ("arn:...", "lambda.amazonaws.com") or as IAM statements. */
static struct node *trust_statements(struct arena *arena, const struct node *trust)
{
    struct node *list = node_new(arena, NODE_LIST);
    size_t count = trust->kind == NODE_LIST ? trust->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct node *one = trust->kind == NODE_LIST ? trust->items[i] : trust;
        if (one->kind == NODE_MAP) {
            node_add(arena, list, NULL, node_copy(arena, one));
            continue;
        }
        struct node *s = node_new(arena, NODE_MAP), *who = node_new(arena, NODE_MAP);
        const char *name = node_text(one, "");
        bool service = strstr(name, ".amazonaws.com") && strncmp(name, "arn:", 4) != 0;
        node_add(arena, who, service ? "Service" : "AWS", node_string(arena, name));
        node_add(arena, s, "Effect", node_string(arena, "Allow"));
        node_add(arena, s, "Principal", who);
        node_add(arena, s, "Action", node_string(arena, "sts:AssumeRole"));
        node_add(arena, list, NULL, s);
    }
    return list;
}

bool finish_role(struct map_reader *r, struct entry *e)
{
    const struct node *policies = node_get(e->node, "policies"),
                      *trust = node_get(e->node, "trust");
    struct arena *arena = r->arena;
    entry_put(r, e, "name", node_string(arena, entry_resource(r, e)->name));
    if (policies) {
        struct node *statements = node_new(arena, NODE_LIST),
                    *policy = node_new(arena, NODE_MAP);
        for (size_t i = 0; i < policies->count; i++)
            node_add(arena, statements, NULL, statement(arena, policies->items[i]));
        node_add(arena, policy, "name", node_string(arena, "map"));
        node_add(arena, policy, "policy", as_text(arena, document_of(arena, statements)));
        struct node *blocks =
            node_add(arena, e->attrs, "inline_policy", node_new(arena, NODE_LIST));
        node_add(arena, blocks, NULL, policy);
    }
    if (!node_absent(trust))
        entry_put(r, e, "assume_role_policy",
                  as_text(arena, document_of(arena, trust_statements(arena, trust))));
    return true;
}
