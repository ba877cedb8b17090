#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cloudwatch.h"

/* Load balancer dimensions come first, in this order; the rest by name. */
static int rank_of(const char *dimension)
{
    static const char *const first[] = {"LoadBalancer", "LoadBalancerName", "InstanceId",
                                        "TargetGroup", "AvailabilityZone"};
    for (int i = 0; i < 5; i++)
        if (strcmp(dimension, first[i]) == 0)
            return i;
    return 5;
}

static int by_rank(const void *a, const void *b)
{
    const struct node *x = *(const struct node *const *)a, *y = *(const struct node *const *)b;
    const char *p = node_text(node_get(x, "Name"), ""),
               *q = node_text(node_get(y, "Name"), "");
    int order = rank_of(p) - rank_of(q);
    return order ? order : strcmp(p, q);
}

/* The agent's own dimensions repeat what the instance id says already. */
static bool says_nothing_new(const char *dimension)
{
    static const char *const names[] = {"ImageId", "InstanceType", "AutoScalingGroupName"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(dimension, names[i]) == 0)
            return true;
    return false;
}

sym cloudwatch_subject(struct intern *symbols, const struct node *dimensions)
{
    if (!node_is(dimensions, NODE_LIST) || dimensions->count == 0)
        return NULL;
    const struct node *sorted[30];
    size_t n = dimensions->count < 30 ? dimensions->count : 30;
    for (size_t i = 0; i < n; i++)
        sorted[i] = dimensions->items[i];
    qsort(sorted, n, sizeof *sorted, by_rank);
    struct buf text = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        if (n > 1 && says_nothing_new(node_text(node_get(sorted[i], "Name"), "")))
            continue;
        if (text.length)
            buf_add_char(&text, ';');
        buf_add(&text, node_text(node_get(sorted[i], "Value"), ""));
    }
    sym subject = text.length ? intern(symbols, buf_text(&text)) : NULL;
    buf_release(&text);
    return subject;
}

static void add_query(struct metric_queries *queries, struct intern *symbols,
                      const struct node *query)
{
    const struct node *metric = node_at(query, "MetricStat.Metric");
    const char *id = node_text(node_get(query, "Id"), NULL);
    const char *name = node_text(node_get(metric, "MetricName"), NULL);
    if (!id || !name)
        return;
    const struct node *stat = node_at(query, "MetricStat.Stat");
    const char *unit = node_text(node_at(query, "MetricStat.Unit"), NULL);
    const char *space = node_text(node_get(metric, "Namespace"), NULL);
    struct metric_query *q = VEC_PUSH(&queries->at);
    q->id = intern(symbols, id);
    q->name = (struct series_name){
        .subject = cloudwatch_subject(symbols, node_get(metric, "Dimensions")),
        .space = space ? intern(symbols, space) : NULL,
        .metric = intern(symbols, name),
        .stat = intern(symbols, node_text(stat, cloudwatch_usual_stat(name))),
        .unit = unit ? intern(symbols, unit) : NULL,
    };
}

void metric_queries_add(struct metric_queries *queries, struct intern *symbols,
                        const struct node *document)
{
    const struct node *inside = node_get(document, "MetricDataQueries");
    const struct node *list = inside ? inside : document;
    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++)
        add_query(queries, symbols, list->items[i]);
}

const struct metric_query *metric_queries_find(const struct metric_queries *queries,
                                               const char *id)
{
    for (size_t i = 0; i < queries->at.count; i++)
        if (strcmp(queries->at.at[i].id, id) == 0)
            return &queries->at.at[i];
    return NULL;
}

void metric_queries_release(struct metric_queries *queries)
{
    VEC_FREE(&queries->at);
}
