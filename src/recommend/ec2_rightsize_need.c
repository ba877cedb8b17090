#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ec2_rightsize.h"
#include "models/quantile.h"

enum { START_UP_SECONDS = 300, HOUR = 3600 };

static const char *os_of(const char *operation)
{
    static const struct {
        const char *operation, *os;
    } systems[] = {
        {"RunInstances", "linux"},     {"RunInstances:0002", "windows"},
        {"RunInstances:0010", "rhel"}, {"RunInstances:1010", "rhel-ha"},
        {"RunInstances:000g", "suse"}, {"RunInstances:0g00", "ubuntu-pro"},
    };
    for (size_t i = 0; operation && i < sizeof systems / sizeof *systems; i++)
        if (strcmp(operation, systems[i].operation) == 0)
            return systems[i].os;
    return operation ? NULL : "linux";
}

/* Type, system and hours from the lines that bill an instance's hours. */
static double read_bill(struct machine *m, const struct estate *estate, const char **type,
                        const char **operation)
{
    size_t count;
    const struct cost_line *lines = estate_lines(estate, m->resource, &count);
    double hours = 0, window = estate_window_hours(estate);
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = &estate->skus.at[lines[i].sku];
        if (!sku->instance_type || !charge_is_usage(sku->charge))
            continue;
        *type = *type ? *type : sku->instance_type;
        *operation = *operation ? *operation : sku->operation;
        m->region = m->region ? m->region : sku->region;
        hours += money_double(lines[i].quantity);
    }
    return window > 0 && hours > 0 ? hours * estate->hours_per_month / window
                                   : estate->hours_per_month;
}

static const struct metric_series *find(const struct recommend_input *in, uint32_t resource,
                                        const char *metric, const char *stat)
{
    const struct metric_series *s = estate_metric(in->estate, resource, metric, stat);
    return s && s->count ? s : NULL;
}

/* Points as they come, without those of the first minutes after the first one. */
static struct weighted *samples_of(const struct metric_series *s, double scale, size_t *n)
{
    struct weighted *w = calloc(s->count + 1, sizeof *w);
    double minutes = s->step > 0 ? s->step / 60.0 : 1;
    *n = 0;
    for (size_t i = 0; w && i < s->count; i++)
        if (s->step > START_UP_SECONDS || s->times[i] >= s->times[0] + START_UP_SECONDS ||
            s->count == 1)
            w[(*n)++] = (struct weighted){s->values[i] * scale, minutes};
    return w;
}

static double quantile_of(const struct metric_series *s, double scale, double p)
{
    size_t n;
    double value = NAN;
    struct weighted *w = s ? samples_of(s, scale, &n) : NULL;
    if (!w)
        return NAN;
    weighted_sort(w, n);
    if (!quantile_nearest_rank(&value, w, n, p))
        value = NAN;
    free(w);
    return value;
}

/* Averages of points above five minutes hide peaks: the maximum is read where there is one. */
static const struct metric_series *cpu_series(const struct recommend_input *in,
                                              uint32_t resource)
{
    const struct metric_series *mean = find(in, resource, "CPUUtilization", "Average");
    const struct metric_series *peak = find(in, resource, "CPUUtilization", "Maximum");
    if (mean && (mean->step <= START_UP_SECONDS || !peak))
        return mean;
    return peak ? peak : find(in, resource, "CPUUtilization", NULL);
}

static void read_cpu(struct machine *m, const struct recommend_input *in,
                     const struct metric_series *s)
{
    struct spread spread = {.mean = NAN};
    size_t n;
    struct weighted *w = samples_of(s, 1, &n);
    if (w && spread_of(&spread, w, n)) {
        m->cpu_p50 = spread.p50;
        m->cpu_max = spread.max;
    }
    free(w);
    m->cpu_pct = quantile_of(s, 1, in->options->cpu_percentile / 100);
    const struct metric_series *mean = find(in, m->resource, "CPUUtilization", "Average");
    m->cpu_mean = mean == s ? spread.mean : NAN;
    if (mean && mean != s && (w = samples_of(mean, 1, &n)) != NULL) {
        if (spread_of(&spread, w, n))
            m->cpu_mean = spread.mean;
        free(w);
    }
    m->step = s->step;
    m->cpu_stat = sym_or_empty(s->stat);
    m->days = (double)(s->times[s->count - 1] - s->times[0] + s->step) / 86400;
}

static double memory_of(const struct recommend_input *in, uint32_t resource)
{
    static const char *const names[] = {"mem_used_percent", "MemoryUtilization",
                                        "Memory % Committed Bytes In Use"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct metric_series *s = find(in, resource, names[i], "Maximum");
        s = s ? s : find(in, resource, names[i], NULL);
        if (s)
            return quantile_of(s, 1, in->options->memory_percentile / 100);
    }
    return NAN;
}

/* A rate from sums per point, of two metrics that share one capacity; NaN without either. */
static double rate_of(const struct recommend_input *in, uint32_t resource, const char *one,
                      const char *other, double scale, bool both)
{
    const struct metric_series *a = find(in, resource, one, "Sum");
    const struct metric_series *b = find(in, resource, other, "Sum");
    double p = in->options->memory_percentile / 100;
    double x = a && a->step > 0 ? quantile_of(a, scale / a->step, p) : NAN;
    double y = b && b->step > 0 ? quantile_of(b, scale / b->step, p) : NAN;
    if (isnan(x) || isnan(y))
        return isnan(x) ? y : x;
    return both ? x + y : fmax(x, y);
}

static double sum_of(const struct metric_series *s)
{
    double sum = 0;
    for (size_t i = 0; s && i < s->count; i++)
        sum += s->values[i];
    return sum;
}

static double hours_of(const struct metric_series *s)
{
    return s && s->count ? (double)(s->times[s->count - 1] - s->times[0] + s->step) / HOUR : 0;
}

static void read_traffic(struct machine *m, const struct recommend_input *in)
{
    const struct metric_series *into = find(in, m->resource, "NetworkIn", "Sum");
    const struct metric_series *out = find(in, m->resource, "NetworkOut", "Sum");
    double hours = fmax(hours_of(into), hours_of(out));
    /* Each direction has the whole bandwidth for itself. */
    m->network_gbps = rate_of(in, m->resource, "NetworkIn", "NetworkOut", 8e-9, false);
    m->network_bytes_per_hour = hours > 0 ? (sum_of(into) + sum_of(out)) / hours : NAN;
    m->ebs_mb_per_s = rate_of(in, m->resource, "EBSReadBytes", "EBSWriteBytes", 1e-6, true);
    m->ebs_iops = rate_of(in, m->resource, "EBSReadOps", "EBSWriteOps", 1, true);
    const struct metric_series *read = find(in, m->resource, "DiskReadOps", "Sum");
    const struct metric_series *write = find(in, m->resource, "DiskWriteOps", "Sum");
    m->local_disk_used = !read && !write                    ? TRI_UNKNOWN
                         : sum_of(read) + sum_of(write) > 0 ? TRI_YES
                                                            : TRI_NO;
}

const char *machine_read(struct machine *m, const struct recommend_input *in,
                         uint32_t resource)
{
    const struct resource *r = &in->estate->resources.at[resource];
    const char *type = node_text(node_get(r->attrs, "instance_type"), NULL), *operation = NULL;
    *m = (struct machine){
        .resource = resource, .region = r->region, .label = resource_label(r)};
    m->monthly_hours = read_bill(m, in->estate, &type, &operation);
    m->type = type ? catalogue_find(in->book, type) : NULL;
    const char *declared = node_text(node_get(r->attrs, "os"), NULL);
    m->os = declared ? declared : os_of(operation);
    const struct metric_series *cpu = cpu_series(in, resource);
    if (!type)
        return "no bill row and no configuration says the type";
    if (!m->type)
        return "the type is not in the catalogue";
    if (m->type->gpus > 0 || m->type->accelerators > 0)
        return "accelerators, whose use no metric here shows";
    if (!cpu)
        return "there is no CPUUtilization of them";
    if (!m->os || !m->region ||
        !ec2_on_demand(&m->price, in->book, m->type->name, m->region, m->os))
        return "the price book has no price for the type, system and region";
    read_cpu(m, in, cpu);
    m->memory_pct = memory_of(in, resource);
    read_traffic(m, in);
    return NULL;
}
