#include <math.h>
#include <string.h>

#include "base/map.h"
#include "cluster.h"
#include "pricing/databricks.h"
#include "pricing/ec2.h"

static const char *text_at(const struct node *n, const char *path, const char *otherwise)
{
    return node_text(node_at(n, path), otherwise);
}

static double number_at(const struct node *n, const char *path, double otherwise)
{
    struct range q;
    return range_read(&q, node_at(n, path)) ? q.expected : otherwise;
}

double cluster_parameter(const struct cluster_view *v, const char *name, double otherwise)
{
    const struct node *all = v->run->in->options->parameters;
    return node_number(node_get(node_get(all, "cluster"), name), otherwise);
}

bool cluster_is_all_purpose(const struct cluster_view *v)
{
    return v->shape.sku && !strncmp(v->shape.sku, "ALL_PURPOSE", 11);
}

/* What the lines of a cluster and of its nodes add up to over the bill's window. */
struct measured {
    double node_hours, spot_hours, longest_hours; /* the longest-lived node is the driver */
    double dbus;
    const char *type; /* with the most hours */
    double type_hours;
    struct dbu_sku sku;
    bool any_sku;
};

static void look_at_line(struct measured *m, double *node, const struct cluster_run *run,
                         const struct cost_line *line)
{
    const struct sku *sku = &run->in->estate->skus.at[line->sku];
    double quantity = money_double(line->quantity);
    if (!charge_is_usage(sku->charge))
        return;
    if (sku->provider == PROVIDER_DATABRICKS) {
        m->dbus += quantity;
        if (sku->usage_type && !m->any_sku)
            m->any_sku = dbu_sku_parse(&m->sku, run->in->book, sku->usage_type);
    } else if (sku->instance_type) {
        *node += quantity;
        m->spot_hours += sku->purchase == PURCHASE_SPOT ? quantity : 0;
        if (quantity > m->type_hours) {
            m->type_hours = quantity;
            m->type = sku->instance_type;
        }
    }
}

static void look_at(struct measured *m, const struct cluster_run *run, uint32_t resource)
{
    size_t count;
    const struct cost_line *lines = estate_lines(run->in->estate, resource, &count);
    double node = 0;
    for (size_t i = 0; i < count; i++)
        look_at_line(m, &node, run, &lines[i]);
    m->node_hours += node;
    m->longest_hours = fmax(m->longest_hours, node);
}

/* One cluster and its nodes: the one that lives longest is taken for the driver. */
static void look_at_cluster(struct measured *m, struct cluster_view *v, uint32_t cluster)
{
    const struct cluster_run *run = v->run;
    const struct estate *estate = run->in->estate;
    struct measured one = {0};
    look_at(&one, run, cluster);
    for (size_t i = run->first_child[cluster]; i < run->first_child[cluster + 1]; i++) {
        const struct resource *node = &estate->resources.at[run->children[i]];
        v->job_tags |= resource_tag(node, "JobId") || resource_tag(node, "RunName");
        if (!v->shape.region)
            v->shape.region = node->region;
        look_at(&one, run, run->children[i]);
    }
    v->job_tags |= node_get(estate->resources.at[cluster].attrs, "job_id") != NULL;
    m->node_hours += one.node_hours;
    m->spot_hours += one.spot_hours;
    m->longest_hours += one.longest_hours;
    m->dbus += one.dbus;
    if (one.type_hours > m->type_hours) {
        m->type_hours = one.type_hours;
        m->type = one.type;
    }
    if (one.any_sku && !m->any_sku) {
        m->any_sku = true;
        m->sku = one.sku;
    }
}

static bool is_type(const struct resource *r, const char *type)
{
    return r->type && !strcmp(r->type, type);
}

/* Nodes as the bill has them: of the cluster, or of all clusters that a job started. */
static void measure(struct cluster_view *v)
{
    const struct cluster_run *run = v->run;
    const struct estate *estate = run->in->estate;
    struct measured m = {0};
    double window = estate_window_hours(estate);
    if (is_type(v->r, "databricks_job"))
        for (size_t i = run->first_child[v->resource]; i < run->first_child[v->resource + 1];
             i++)
            look_at_cluster(&m, v, run->children[i]);
    else
        look_at_cluster(&m, v, v->resource);
    if (m.any_sku) {
        v->shape.sku = arena_strdup(&run->out->arena, m.sku.sku);
        v->shape.tier = arena_strdup(&run->out->arena, m.sku.tier);
        v->shape.photon |= m.sku.photon;
    }
    if (m.longest_hours <= 0 || window <= 0)
        return;
    v->from_bill = true;
    v->hours = m.longest_hours * estate->hours_per_month / window;
    v->shape.workers = fmax(0, m.node_hours / m.longest_hours - 1);
    double workers = v->shape.workers * m.longest_hours;
    v->shape.spot_share = workers > 0 ? fmin(1, m.spot_hours / workers) : 0;
    if (m.dbus > 0) {
        double times =
            v->shape.photon ? dbu_multiplier(run->in->book, v->shape.sku, "photon") : 1;
        v->shape.dbu_driver = v->shape.dbu_worker = m.dbus / m.node_hours / times;
    }
    v->shape.worker_type = m.type;
    v->shape.driver_type = v->shape.driver_type ? v->shape.driver_type : m.type;
}

double cluster_startup_minutes(const struct cluster_view *v)
{
    return number_at(v->r->usage, "startup_minutes", 5);
}

/* Hours that the map or the phases of logs tell of. */
static double declared_hours(const struct cluster_view *v)
{
    double hours = number_at(v->r->usage, "monthly_hours", NAN), sum = 0;
    double runs = number_at(v->r->usage, "runs_per_month", 0);
    if (!isnan(hours))
        return hours + runs * cluster_startup_minutes(v) / 60;
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &v->run->in->estate->phases.at[v->phases[i]];
        sum += p->minutes / 60 * p->runs_per_month;
    }
    return sum > 0 ? sum : NAN;
}

void cluster_shape_read(struct cluster_shape *s, const struct resource *r)
{
    const struct node *attrs = r->attrs, *usage = r->usage;
    const char *market = text_at(attrs, "aws_attributes.availability", "ON_DEMAND");
    double least = number_at(attrs, "autoscale.min_workers", NAN);
    double most = number_at(attrs, "autoscale.max_workers", NAN);
    *s = (struct cluster_shape){.region = r->region};
    s->worker_type = text_at(attrs, "node_type_id", NULL);
    s->driver_type = text_at(attrs, "driver_node_type_id", s->worker_type);
    s->workers =
        number_at(usage, "workers_typ", number_at(attrs, "num_workers", (least + most) / 2));
    double kept = fmax(0, number_at(attrs, "aws_attributes.first_on_demand", 1) - 1);
    if (!strncmp(market, "SPOT", 4) && s->workers > 0)
        s->spot_share =
            fmin(number_at(usage, "spot_share", 1), fmax(0, s->workers - kept) / s->workers);
    s->spot_discount = number_at(usage, "spot_discount", NAN);
    s->ebs_type = text_at(usage, "ebs_type", NULL);
    s->ebs_count = number_at(attrs, "aws_attributes.ebs_volume_count", 0);
    s->ebs_gib = number_at(attrs, "aws_attributes.ebs_volume_size", 0);
    s->ebs_iops = number_at(attrs, "aws_attributes.ebs_volume_iops", 0);
    s->ebs_mb_per_s = number_at(attrs, "aws_attributes.ebs_volume_throughput", 0);
    s->sku = text_at(usage, "sku", NULL);
    s->tier = text_at(usage, "tier", "premium");
    s->photon = cluster_is_photon(attrs);
    s->dbu_discount = number_at(usage, "dbu_discount", 0);
    s->dbu_driver = number_at(usage, "dbu_per_hour_driver", NAN);
    s->dbu_worker = number_at(usage, "dbu_per_hour_worker", NAN);
}

/* A job's cluster has a job's tags or name; else what runs is an all-purpose cluster. */
static const char *sku_by_default(const struct cluster_view *v)
{
    const char *source = text_at(v->r->attrs, "cluster_source", "");
    bool job = v->job_tags || !strcmp(source, "JOB") ||
               (v->r->name && !strncmp(v->r->name, "job-", 4));
    return job ? "JOBS_COMPUTE" : "ALL_PURPOSE_COMPUTE";
}

/* A job stands for the clusters that it started; those are not looked at by themselves. */
static bool has_nodes(const struct cluster_run *run, uint32_t resource)
{
    const struct estate *estate = run->in->estate;
    const struct resource *r = &estate->resources.at[resource];
    size_t first = run->first_child[resource];
    if (is_type(r, "databricks_job"))
        return run->first_child[resource + 1] > first &&
               is_type(&estate->resources.at[run->children[first]], "databricks_cluster");
    if (!is_type(r, "databricks_cluster") && !is_type(r, "databricks_pipeline"))
        return false;
    return r->parent == NOTHING ||
           !is_type(&estate->resources.at[r->parent], "databricks_job");
}

bool cluster_view_read(struct cluster_view *out, struct cluster_run *run, uint32_t resource,
                       const char **why)
{
    const struct resource *r = &run->in->estate->resources.at[resource];
    size_t first = run->first_phase[resource];
    *why = NULL;
    if (!has_nodes(run, resource))
        return false;
    *out = (struct cluster_view){.run = run,
                                 .resource = resource,
                                 .r = r,
                                 .label = resource_label(r),
                                 .phases = run->phases + first,
                                 .phase_count = run->first_phase[resource + 1] - first,
                                 .interruptions = NAN};
    cluster_shape_read(&out->shape, r);
    out->planned = node_get(r->usage, CLUSTER_PLANNED) != NULL;
    out->hours = declared_hours(out);
    measure(out);
    if (!out->shape.sku)
        out->shape.sku = sku_by_default(out);
    out->autotermination = number_at(r->attrs, "autotermination_minutes", NAN);
    out->next = out->shape;
    out->next_autotermination = out->autotermination;
    if (!out->shape.worker_type)
        *why = "its instance type is not known";
    else if (isnan(out->shape.workers))
        *why = "its number of workers is not known";
    else if (isnan(out->hours))
        *why = "it is not known how long it runs: no bill lines of its nodes, no hours in the "
               "map";
    if (*why)
        return false;
    int band;
    if (out->shape.region &&
        ec2_interruption_band(&band, run->in->book, out->shape.worker_type, out->shape.region))
        out->interruptions = band;
    out->priced = cluster_rate(&out->rate, run->in->book, &out->shape);
    out->usd_month = money_double(out->rate.usd_per_hour) * out->hours;
    if (!out->priced)
        *why = arena_strdup(&run->out->arena, out->rate.missing);
    return out->priced;
}
