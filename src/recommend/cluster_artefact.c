#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "cluster.h"
#include "hcl.h"

/*
 * One specification of the proposed cluster, with the field names that the Clusters and Jobs
 * APIs and the Terraform provider share, written as JSON and as a Terraform resource. What is
 * known of the present cluster and does not change stays in it.
 */

/* Where the specification goes: each kind of compute takes it in another place. */
enum target { TARGET_CLUSTER, TARGET_JOB, TARGET_PIPELINE };

static enum target target_of(const struct cluster_view *v, const struct cluster_shape *s)
{
    if (v->r->type && !strcmp(v->r->type, "databricks_pipeline"))
        return TARGET_PIPELINE;
    return s->sku && !strncmp(s->sku, "JOBS", 4) ? TARGET_JOB : TARGET_CLUSTER;
}

void cluster_saving_set(const struct cluster_view *v, struct recommendation *r,
                        double usd_then, const char *why_half)
{
    struct money then = money_of(usd_then);
    saving_set(r, v->run->in, money_range_of(money_of(v->usd_month)),
               (struct money_range){then, then, money_of((v->usd_month + usd_then) / 2)});
    evidence_add(v->run->out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                 "half of it: %s", why_half);
}

void cluster_change(struct cluster_view *v, struct recommendation *r, const char *key,
                    const char *from, const char *to)
{
    change_add(v->run->out, r, key, from, to);
}

static void put_text(struct arena *arena, struct node *map, const char *key, const char *text)
{
    if (text && *text)
        node_add(arena, map, key, node_string(arena, text));
}

static void put_number(struct arena *arena, struct node *map, const char *key, double number)
{
    if (!isnan(number))
        node_add(arena, map, key, node_number_new(arena, number));
}

static void keep(struct arena *arena, struct node *to, const struct node *from,
                 const char *const *keys)
{
    for (; *keys; keys++) {
        const struct node *n = node_get(from, *keys);
        if (!node_absent(n) && !n->sensitive)
            node_add(arena, to, *keys, node_copy(arena, n));
    }
}

/*
 * Runtimes before 14 have an image of their own for Graviton, named in the version; later
 * ones are built for both under one name.
 */
static const char *runtime_for(struct arena *arena, const char *version, const char *arch)
{
    enum { ONE_NAME_SINCE = 14 };
    const char *mark = strstr(version, "-aarch64"), *dash = strchr(version, '-');
    bool arm = !strcmp(arch, "arm64");
    if (mark && !arm)
        return arena_printf(arena, "%.*s%s", (int)(mark - version), version, mark + 8);
    if (!mark && arm && dash && isdigit((unsigned char)*version) &&
        atoi(version) < ONE_NAME_SINCE)
        return arena_printf(arena, "%.*s-aarch64%s", (int)(dash - version), version, dash);
    return version;
}

/* runtime_engine says what the name of an older version did, and is refused beside that. */
static const char *without_engine(struct arena *arena, const char *version)
{
    const char *mark = strstr(version, "-photon-");
    return mark ? arena_printf(arena, "%.*s%s", (int)(mark - version), version, mark + 7) : version;
}

static void put_runtime(struct node *spec, struct cluster_view *v,
                        const struct cluster_shape *s)
{
    struct arena *arena = &v->run->out->arena;
    const char *version = node_text(node_get(v->r->attrs, "spark_version"), NULL);
    const struct instance_type *type = catalogue_find(v->run->in->book, s->worker_type);
    if (version && type)
        put_text(arena, spec, "spark_version",
                 runtime_for(arena, without_engine(arena, version), type->arch));
}

/* A range grows and shrinks with the mean that it stands around. */
static void put_size(struct node *spec, struct cluster_view *v, const struct cluster_shape *s,
                     const struct cluster_range *range)
{
    struct arena *arena = &v->run->out->arena;
    double least = node_number(node_at(v->r->attrs, "autoscale.min_workers"), NAN);
    double most = node_number(node_at(v->r->attrs, "autoscale.max_workers"), NAN);
    double declared = node_number(node_get(v->r->attrs, "num_workers"), NAN);
    double grows = v->shape.workers > 0 ? s->workers / v->shape.workers : 1;
    bool same = fabs(grows - 1) < 0.01;
    struct cluster_range kept = {fmax(1, round(least * grows)), ceil(most * grows - 0.01)};
    if (!range && !isnan(least) && !isnan(most))
        range = &kept;
    if (range && range->most > range->least) {
        struct node *scale = node_add(arena, spec, "autoscale", node_new(arena, NODE_MAP));
        put_number(arena, scale, "min_workers", range->least);
        put_number(arena, scale, "max_workers", range->most);
        return;
    }
    put_number(arena, spec, "num_workers",
               same && !isnan(declared) ? declared : round(s->workers));
}

/* A cluster of one node says so, or Databricks waits for workers. */
static void put_single_node(struct arena *arena, struct node *spec)
{
    struct node *conf = node_add(arena, spec, "spark_conf", node_new(arena, NODE_MAP));
    put_text(arena, conf, "spark.databricks.cluster.profile", "singleNode");
    put_text(arena, conf, "spark.master", "local[*]");
    struct node *tags = node_new(arena, NODE_MAP);
    const struct node *old = node_get(spec, "custom_tags");
    for (size_t i = 0; node_is(old, NODE_MAP) && i < old->count; i++)
        put_text(arena, tags, old->items[i]->key, node_text(old->items[i], ""));
    put_text(arena, tags, "ResourceClass", "SingleNode");
    for (size_t i = 0; i < spec->count; i++)
        if (!strcmp(spec->items[i]->key, "custom_tags")) {
            tags->key = spec->items[i]->key;
            spec->items[i] = tags;
            return;
        }
    node_add(arena, spec, "custom_tags", tags);
}

static void put_aws(struct node *spec, struct cluster_view *v, const struct cluster_shape *s)
{
    static const char *const kept[] = {"zone_id", "instance_profile_arn",
                                       "spot_bid_price_percent", NULL};
    struct arena *arena = &v->run->out->arena;
    const struct node *old = node_get(v->r->attrs, "aws_attributes");
    struct node *aws = node_add(arena, spec, "aws_attributes", node_new(arena, NODE_MAP));
    bool spot = s->spot_share > 0;
    put_text(arena, aws, "availability", spot ? "SPOT_WITH_FALLBACK" : "ON_DEMAND");
    put_number(arena, aws, "first_on_demand",
               spot ? 1 + round(s->workers * (1 - s->spot_share)) : 1);
    keep(arena, aws, node_is(old, NODE_LIST) && old->count ? old->items[0] : old, kept);
    if (!s->ebs_type || s->ebs_count <= 0)
        return;
    put_text(arena, aws, "ebs_volume_type",
             !strcmp(s->ebs_type, "st1") ? "THROUGHPUT_OPTIMIZED_HDD" : "GENERAL_PURPOSE_SSD");
    put_number(arena, aws, "ebs_volume_count", s->ebs_count);
    put_number(arena, aws, "ebs_volume_size", s->ebs_gib);
    put_number(arena, aws, "ebs_volume_iops", s->ebs_iops > 0 ? s->ebs_iops : NAN);
    put_number(arena, aws, "ebs_volume_throughput",
               s->ebs_mb_per_s > 0 ? s->ebs_mb_per_s : NAN);
}

static struct node *specification(struct cluster_view *v, const struct cluster_shape *s,
                                  const struct cluster_range *range, double autotermination)
{
    static const char *const kept[] = {"policy_id",        "data_security_mode",
                                       "single_user_name", "enable_elastic_disk",
                                       "custom_tags",      NULL};
    struct arena *arena = &v->run->out->arena;
    struct node *spec = node_new(arena, NODE_MAP);
    enum target target = target_of(v, s);
    if (target == TARGET_CLUSTER)
        put_text(arena, spec, "cluster_name", v->label);
    if (target == TARGET_PIPELINE)
        put_text(arena, spec, "label", "default");
    else
        put_runtime(spec, v, s);
    put_text(arena, spec, "node_type_id", s->worker_type);
    put_text(arena, spec, "driver_node_type_id", s->driver_type);
    if (target != TARGET_PIPELINE)
        put_text(arena, spec, "runtime_engine", s->photon ? "PHOTON" : "STANDARD");
    put_size(spec, v, s, range);
    if (target == TARGET_CLUSTER)
        put_number(arena, spec, "autotermination_minutes", autotermination);
    if (target != TARGET_PIPELINE)
        keep(arena, spec, v->r->attrs, kept);
    if (s->workers < 0.5 && target != TARGET_PIPELINE)
        put_single_node(arena, spec);
    put_aws(spec, v, s);
    return spec;
}

static const char *json_text(struct cluster_view *v, const struct node *spec,
                             enum target target)
{
    struct arena *arena = &v->run->out->arena;
    struct node *root = node_new(arena, NODE_MAP);
    struct buf text = BUF_INIT;
    if (target == TARGET_CLUSTER) {
        bool known = v->r->id && v->r->type && !strcmp(v->r->type, "databricks_cluster");
        put_text(arena, root, "cluster_id", known ? v->r->id : NULL);
        for (size_t i = 0; i < spec->count; i++)
            node_add(arena, root, spec->items[i]->key, node_copy(arena, spec->items[i]));
    } else if (target == TARGET_JOB) {
        node_add(arena, root, "new_cluster", node_copy(arena, spec));
    } else {
        struct node *list = node_add(arena, root, "clusters", node_new(arena, NODE_LIST));
        node_add(arena, list, NULL, node_copy(arena, spec));
    }
    json_write(&text, root, true);
    const char *kept = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return kept;
}

/* The name that the resource has in the plan, else its label as an identifier. */
static const char *terraform_name(struct cluster_view *v)
{
    const char *dot = v->r->address ? strrchr(v->r->address, '.') : NULL;
    char *name = arena_strdup(&v->run->out->arena, dot ? dot + 1 : v->label);
    name[strcspn(name, "[")] = '\0';
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            *c = '_';
    return isalpha((unsigned char)*name) || *name == '_'
               ? name
               : arena_printf(&v->run->out->arena, "c_%s", name);
}

static void write_terraform(struct buf *out, struct cluster_view *v, const struct node *spec,
                            enum target target)
{
    static const struct {
        const char *type, *open, *close;
        size_t indent;
    } forms[] = {
        {"databricks_cluster", "", "", 2},
        {"databricks_job",
         "\n  job_cluster {\n    job_cluster_key = \"main\"\n\n    new_cluster {\n",
         "    }\n  }\n", 6},
        {"databricks_pipeline", "\n  cluster {\n", "  }\n", 4},
    };
    buf_printf(out, "resource \"%s\" ", forms[target].type);
    hcl_write_string(out, terraform_name(v));
    buf_add(out, " {\n");
    if (target != TARGET_CLUSTER) { /* the specification of a cluster has its name */
        buf_add(out, "  name = ");
        hcl_write_string(out, v->label);
        buf_add_char(out, '\n');
    }
    buf_add(out, forms[target].open);
    hcl_write_body(out, spec, forms[target].indent);
    buf_printf(out, "%s}\n", forms[target].close);
}

/* What is pasted takes the place of the whole specification: what it leaves out would be lost. */
static void name_left_out(struct cluster_view *v, struct recommendation *r)
{
    static const char *const settings[] = {
        "instance_pool_id", "driver_instance_pool_id", "spark_conf", "spark_env_vars",
        "init_scripts", "cluster_log_conf", "docker_image", "ssh_public_keys",
        "enable_local_disk_encryption", "workload_type", "use_ml_runtime"};
    struct buf names = BUF_INIT;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct node *n = node_get(v->r->attrs, settings[i]);
        bool empty = node_absent(n) || (n->kind >= NODE_LIST && !n->count) ||
                     !*node_text(n, "set");
        if (!empty)
            buf_printf(&names, "%s%s", names.length ? ", " : "", settings[i]);
    }
    if (names.length)
        evidence_add(v->run->out, r, EVIDENCE_INPUT, NULL, "Settings to keep",
                     "not in what is pasted: %s", buf_text(&names));
    buf_release(&names);
}

static bool same_type(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* What this advice leaves as it is today stays as earlier advice leaves it. */
static void carry(struct cluster_shape *s, const struct cluster_view *v)
{
    const struct cluster_shape *now = &v->shape, *next = &v->next;
    if (same_type(s->worker_type, now->worker_type)) {
        s->worker_type = next->worker_type;
        s->ebs_type = next->ebs_type;
        s->ebs_count = next->ebs_count;
        s->ebs_gib = next->ebs_gib;
        s->ebs_iops = next->ebs_iops;
        s->ebs_mb_per_s = next->ebs_mb_per_s;
    }
    if (same_type(s->driver_type, now->driver_type))
        s->driver_type = next->driver_type;
    if (s->workers <= now->workers && s->workers >= now->workers)
        s->workers = next->workers;
    if (s->photon == now->photon)
        s->photon = next->photon;
}

static void say_led(struct cluster_view *v, struct recommendation *r)
{
    if (v->led_by)
        evidence_add(v->run->out, r, EVIDENCE_INPUT, NULL, "What is pasted",
                     "holds what %s changes too", v->led_by);
}

static void lead(struct cluster_view *v, const struct recommendation *r,
                 const struct cluster_shape *s, const struct cluster_range *range,
                 double autotermination)
{
    if (advice_set_aside(v->run->in->options, r->id))
        return;
    v->next = *s;
    v->next_range = range ? *range : v->next_range;
    v->next_autotermination = autotermination;
    v->led_by = v->led_by ? arena_printf(&v->run->out->arena, "%s and %s", v->led_by, r->id)
                          : r->id;
}

static void put_artefacts(struct cluster_view *v, struct recommendation *r,
                          const struct cluster_shape *s, const struct cluster_range *range,
                          double autotermination)
{
    static const char *const names[] = {"cluster.json", "new_cluster.json", "pipeline.json"};
    enum target target = target_of(v, s);
    const struct node *spec = specification(v, s, range, autotermination);
    struct buf text = BUF_INIT;
    if (target != TARGET_PIPELINE && !node_get(spec, "spark_version"))
        evidence_add(v->run->out, r, EVIDENCE_INPUT, NULL, "Runtime",
                     "not known here: add your spark_version to what is pasted");
    name_left_out(v, r);
    artefact_add(v->run->out, r, "json", names[target], json_text(v, spec, target));
    write_terraform(&text, v, spec, target);
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
            "%.6g an hour x %.6g USD", rate->parts[p].quantity,
            money_double(rate->parts[p].unit));
        buf_printf(&sum, "%s%.6g", sum.length ? " + " : "",
                   money_double(rate->parts[p].usd_per_hour));
    }
    double hourly = money_double(rate->usd_per_hour);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, what, "(%s) x %.6g hours = %.2f USD a month",
                 buf_text(&sum), hours, hourly * hours);
    buf_release(&sum);
}

/* A cluster that moves to other hands, as scheduled work to jobs, leaves the one here as it is. */
void cluster_artefacts(struct cluster_view *v, struct recommendation *r,
                       const struct cluster_shape *shape, const struct cluster_range *range,
                       double autotermination)
{
    struct cluster_shape s = *shape;
    if (!same_type(s.sku, v->shape.sku)) {
        put_artefacts(v, r, &s, range, autotermination);
        return;
    }
    carry(&s, v);
    if (!range && v->next_range.most > 0)
        range = &v->next_range;
    say_led(v, r);
    put_artefacts(v, r, &s, range, autotermination);
    lead(v, r, &s, range, autotermination);
}
