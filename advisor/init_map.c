#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json_text.h"
#include "base/map.h"
#include "init.h"

enum { MOST_ENTRIES = 200, ID_ROOM = 56 };

/* What a type is in the map, and how an entry names it. */
static const struct kind {
    const char *type, *layer, *list;
    const char *extra; /* keys that the list requires */
} kinds[] = {
    {"aws_s3_bucket", "storage", "buckets", NULL},
    {"aws_lambda_function", "orchestration", "functions", NULL},
    {"aws_sfn_state_machine", "orchestration", "state_machines", NULL},
    {"aws_sqs_queue", "orchestration", "queues", NULL},
    {"aws_cloudwatch_event_bus", "orchestration", "event_buses", NULL},
    {"databricks_job", "compute", "clusters", "kind: job"},
    {"databricks_cluster", "compute", "clusters", "kind: all_purpose"},
    {"databricks_sql_endpoint", "compute", "clusters", "kind: sql_warehouse"},
    {"databricks_pipeline", "compute", "clusters", "kind: pipeline"},
    {"databricks_model_serving", "compute", "clusters", "kind: model_serving"},
    {"aws_instance", "compute", "ec2", NULL},
    {"aws_kms_key", "governance", "kms_keys", NULL},
    {"aws_secretsmanager_secret", "governance", "secrets", NULL},
    {"aws_nat_gateway", "network", "nat_gateways", NULL},
    {"aws_vpc_endpoint", "network", "endpoints", NULL},
    {"aws_globalaccelerator_accelerator", "network", "accelerators", NULL},
    {"aws_cloudfront_distribution", "network", "distributions", NULL},
    {"aws_lb", "load_balancing", "lbs", NULL},
    {"aws_elb", "load_balancing", "lbs", "kind: classic"},
    {"aws_cloudwatch_log_group", "observability", "log_groups", NULL},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct candidate {
    uint32_t resource;
    struct money monthly;
};

struct writer {
    struct buf *out;
    const struct estate *bill;
    struct map ids; /* that are taken */
    struct arena arena;
    struct money *costs; /* of each resource with all below it, per month */
    const char *layer;
};

/* A node's cost counts at the cluster or job that it belongs to. */
static void sum_costs(struct writer *w)
{
    enum { DEEPEST = 4 };
    const struct estate *bill = w->bill;
    w->costs = ARENA_ARRAY(&w->arena, struct money, bill->resources.count + 1);
    for (size_t i = 0; i < bill->resources.count; i++) {
        struct money cost;
        uint32_t at = (uint32_t)i;
        if (!estate_monthly_cost(&cost, bill, at, BASIS_AMORTIZED))
            continue;
        for (int depth = 0; at < bill->resources.count && depth < DEEPEST; depth++) {
            w->costs[at] = money_add(w->costs[at], cost);
            at = bill->resources.at[at].parent;
        }
    }
}

static int dearest_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    int order = money_cmp(y->monthly, x->monthly);
    return order ? order : (x->resource > y->resource) - (x->resource < y->resource);
}

static const char *short_name(const struct resource *r)
{
    const char *label = resource_label(r), *slash = strrchr(label, '/');
    const char *colon = strrchr(label, ':');
    static const char balancer[] = "loadbalancer/";
    const char *lb = strstr(label, balancer);
    if (lb && strchr(lb + sizeof balancer, '/'))
        return strchr(lb + sizeof balancer, '/') + 1;
    return slash && slash[1] ? slash + 1 : colon && colon[1] ? colon + 1 : label;
}

/* What YAML would read as a number or a truth needs its quotes. */
static void write_id(struct buf *out, const char *id)
{
    bool word = !strcmp(id, "true") || !strcmp(id, "false") || !strcmp(id, "null");
    buf_printf(out, isalpha((unsigned char)*id) && !word ? "%s" : "\"%s\"", id);
}

/* "acme-raw" from whatever the bill calls it; a number behind it when it is taken. */
static const char *new_id(struct writer *w, const struct resource *r)
{
    char id[ID_ROOM];
    size_t n = 0, taken;
    for (const char *c = short_name(r); *c && *c != '/' && n < ID_ROOM - 8; c++)
        if (isalnum((unsigned char)*c))
            id[n++] = (char)tolower((unsigned char)*c);
        else if (n && id[n - 1] != '-')
            id[n++] = '-';
    while (n && id[n - 1] == '-')
        n--;
    id[n] = '\0';
    const char *unique = arena_strdup(&w->arena, n ? id : "resource");
    for (int again = 2; map_get(&w->ids, unique, strlen(unique), &taken); again++)
        unique = arena_printf(&w->arena, "%s-%d", n ? id : "resource", again);
    map_put(&w->ids, unique, strlen(unique), 0);
    return unique;
}

static void quoted(struct buf *out, const char *text)
{
    json_write_string(out, text, strlen(text));
}

static void write_how(struct writer *w, const struct resource *r)
{
    const char *id = r->id ? r->id : r->key, *job = resource_tag(r, "JobId");
    if (r->type && !strcmp(r->type, "databricks_job") && job) {
        buf_add(w->out, ", tags: {JobId: ");
        quoted(w->out, job);
        buf_add_char(w->out, '}');
        return;
    }
    bool arn = !strncmp(id, "arn:", 4) && strcspn(id, "*?") == strlen(id);
    bool bucket = r->type && !strcmp(r->type, "aws_s3_bucket");
    buf_add(w->out, bucket ? ", name: " : arn ? ", arn: " : ", ids: ");
    quoted(w->out, bucket ? short_name(r) : id);
}

static void write_nodes(struct writer *w, const struct resource *r)
{
    const char *type = node_text(node_get(r->attrs, "node_type_id"), NULL);
    if (type) {
        buf_add(w->out, ", worker_type: ");
        quoted(w->out, type);
    }
}

static void write_entry(struct writer *w, const struct kind *kind, const struct candidate *c)
{
    const struct resource *r = &w->bill->resources.at[c->resource];
    buf_add(w->out, "      - {id: ");
    write_id(w->out, new_id(w, r));
    if (kind->extra)
        buf_printf(w->out, ", %s", kind->extra);
    if (!strcmp(kind->list, "lbs") && node_get(r->attrs, "load_balancer_type"))
        buf_printf(w->out, ", kind: %s",
                   node_text(node_get(r->attrs, "load_balancer_type"), "application"));
    if (!strcmp(kind->list, "ec2")) {
        buf_add(w->out, ", type: ");
        quoted(w->out, node_text(node_get(r->attrs, "instance_type"), "unknown"));
    }
    write_how(w, r);
    if (!strcmp(kind->list, "clusters"))
        write_nodes(w, r);
    buf_add(w->out, "} # ");
    money_format(w->out, c->monthly, 2);
    buf_add_char(w->out, '\n');
}

/* Nodes of clusters and clusters of jobs are named by what they belong to. */
static bool stands_alone(const struct estate *bill, const struct resource *r)
{
    return r->parent == NOTHING || r->parent >= bill->resources.count;
}

static void write_list(struct writer *w, size_t first)
{
    VEC(struct candidate) found = {0};
    const char *list = kinds[first].list;
    for (size_t i = 0; i < w->bill->resources.count; i++) {
        const struct resource *r = &w->bill->resources.at[i];
        for (size_t k = first; r->type && k < KINDS && !strcmp(kinds[k].list, list); k++)
            if (!strcmp(kinds[k].type, r->type) && stands_alone(w->bill, r))
                VEC_ADD(&found, ((struct candidate){(uint32_t)i, w->costs[i]}));
    }
    if (found.count) {
        VEC_SORT(&found, dearest_first);
        if (!w->layer || strcmp(w->layer, kinds[first].layer) != 0)
            buf_printf(w->out, "  %s:\n", w->layer = kinds[first].layer);
        buf_printf(w->out, "    %s: # USD a month behind each\n", list);
    }
    for (size_t i = 0; i < found.count && i < MOST_ENTRIES; i++) {
        const char *type = w->bill->resources.at[found.at[i].resource].type;
        size_t k = first;
        while (strcmp(kinds[k].type, type) != 0)
            k++;
        write_entry(w, &kinds[k], &found.at[i]);
    }
    if (found.count > MOST_ENTRIES)
        buf_printf(w->out, "      # and %zu more, which cost less\n",
                   found.count - MOST_ENTRIES);
    VEC_FREE(&found);
}

/* Values that every resource states for itself, each once, in the order of the alphabet. */
struct values {
    VEC(const char *) list;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_value(struct values *values, const char *text)
{
    for (size_t i = 0; i < values->list.count; i++)
        if (!strcmp(values->list.at[i], text))
            return;
    if (*text && values->list.count < MOST_ENTRIES)
        VEC_ADD(&values->list, text);
}

static void sort_values(struct values *values)
{
    VEC_SORT(&values->list, by_text);
}

static void write_accounts_and_regions(struct writer *w)
{
    struct values accounts = {0}, regions = {0};
    for (size_t i = 0; i < w->bill->resources.count; i++) {
        const struct resource *r = &w->bill->resources.at[i];
        add_value(&accounts, sym_or_empty(r->account));
        add_value(&regions, sym_or_empty(r->region));
    }
    sort_values(&accounts);
    sort_values(&regions);
    buf_add(w->out, accounts.list.count ? "accounts:\n" : "");
    for (size_t i = 0; i < accounts.list.count; i++) {
        buf_add(w->out, "  - {id: ");
        quoted(w->out, accounts.list.at[i]);
        buf_add(w->out, "}\n");
    }
    buf_add(w->out, regions.list.count ? "regions: # the first is the primary one\n" : "");
    for (size_t i = 0; i < regions.list.count; i++) {
        buf_add(w->out, "  - {code: ");
        quoted(w->out, regions.list.at[i]);
        buf_add(w->out, "}\n");
    }
    VEC_FREE(&accounts.list);
    VEC_FREE(&regions.list);
}

/* One tenant for each value of the tag that teams use for it; "shared" is nobody's. */
static void write_tenants(struct writer *w)
{
    static const char *const keys[] = {"Tenant", "tenant", "Customer", "customer"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        struct values values = {0};
        for (size_t i = 0; i < w->bill->resources.count; i++)
            add_value(&values, sym_or_empty(resource_tag(&w->bill->resources.at[i], keys[k])));
        sort_values(&values);
        buf_printf(w->out, "%s", values.list.count ? "tenants:\n" : "");
        for (size_t i = 0; i < values.list.count; i++) {
            if (!strcasecmp(values.list.at[i], "shared"))
                continue;
            struct resource named = {.key = values.list.at[i]};
            buf_add(w->out, "  - {id: ");
            write_id(w->out, new_id(w, &named));
            buf_add(w->out, ", name: ");
            quoted(w->out, values.list.at[i]);
            buf_printf(w->out, ", tags: {%s: ", keys[k]);
            quoted(w->out, values.list.at[i]);
            buf_add(w->out, "}}\n");
        }
        bool any = values.list.count > 0;
        VEC_FREE(&values.list);
        if (any)
            return;
    }
}

void init_write_map(struct buf *out, const struct estate *bill)
{
    struct writer w = {.out = out, .bill = bill};
    buf_add(out,
            "# What the bill shows, by layers. Give entries their tenant and phases, remove "
            "what is\n# not of this deployment, and add what is planned: docs/layer-map.md "
            "has every key.\nlayer_map: 1\n");
    if (bill->currency)
        buf_printf(out, "currency: %s\n", bill->currency);
    sum_costs(&w);
    write_accounts_and_regions(&w);
    write_tenants(&w);
    buf_add(out, "layers:\n");
    for (size_t k = 0; k < KINDS; k++)
        if (!k || strcmp(kinds[k].list, kinds[k - 1].list) != 0)
            write_list(&w, k);
    if (!w.layer)
        buf_add(out, "  {}\n");
    map_release(&w.ids);
    arena_release(&w.arena);
}
