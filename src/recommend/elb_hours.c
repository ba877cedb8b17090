#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "elb.h"

enum { MOST_HOURS = 3 * 8784, HOUR_SECONDS = 3600 };

enum field { NEW, ACTIVE_SUM, ACTIVE_MEAN, BYTES, LAMBDA_BYTES, REQUESTS, RULES };

/* Which metric feeds which dimension. LCU_ANY of a network balancer is the sum of its
 * protocols. */
static const struct input {
    unsigned kinds; /* 1 << elb_kind */
    const char *metric, *stat;
    enum lcu_protocol protocol;
    enum field field;
} inputs[] = {
    {1 << ELB_APPLICATION, "NewConnectionCount", "Sum", LCU_ANY, NEW},
    {1 << ELB_APPLICATION, "ActiveConnectionCount", "Sum", LCU_ANY, ACTIVE_SUM},
    {1 << ELB_APPLICATION, "ProcessedBytes", "Sum", LCU_ANY, BYTES},
    {1 << ELB_APPLICATION, "LambdaTargetProcessedBytes", "Sum", LCU_ANY, LAMBDA_BYTES},
    {1 << ELB_APPLICATION | 1 << ELB_CLASSIC, "RequestCount", "Sum", LCU_ANY, REQUESTS},
    {1 << ELB_APPLICATION, "RuleEvaluations", "Sum", LCU_ANY, RULES},
    {1 << ELB_NETWORK | 1 << ELB_GATEWAY, "NewFlowCount", "Sum", LCU_ANY, NEW},
    {1 << ELB_NETWORK | 1 << ELB_GATEWAY, "ActiveFlowCount", "Average", LCU_ANY, ACTIVE_MEAN},
    {1 << ELB_NETWORK | 1 << ELB_GATEWAY, "ProcessedBytes", "Sum", LCU_ANY, BYTES},
    {1 << ELB_NETWORK, "NewFlowCount_TCP", "Sum", LCU_TCP, NEW},
    {1 << ELB_NETWORK, "ActiveFlowCount_TCP", "Average", LCU_TCP, ACTIVE_MEAN},
    {1 << ELB_NETWORK, "ProcessedBytes_TCP", "Sum", LCU_TCP, BYTES},
    {1 << ELB_NETWORK, "NewFlowCount_UDP", "Sum", LCU_UDP, NEW},
    {1 << ELB_NETWORK, "ActiveFlowCount_UDP", "Average", LCU_UDP, ACTIVE_MEAN},
    {1 << ELB_NETWORK, "ProcessedBytes_UDP", "Sum", LCU_UDP, BYTES},
    {1 << ELB_NETWORK, "NewFlowCount_TLS", "Sum", LCU_TLS, NEW},
    {1 << ELB_NETWORK, "ActiveFlowCount_TLS", "Average", LCU_TLS, ACTIVE_MEAN},
    {1 << ELB_NETWORK, "ProcessedBytes_TLS", "Sum", LCU_TLS, BYTES},
    {1 << ELB_CLASSIC, "EstimatedProcessedBytes", "Sum", LCU_ANY, BYTES},
};

enum { INPUTS = sizeof inputs / sizeof *inputs };

static bool is_whole(const struct metric_series *s, const char *metric, const char *stat)
{
    return s->count && !strchr(sym_or_empty(s->subject), ';') &&
           strcmp(sym_or_empty(s->metric), metric) == 0 &&
           (!stat || strcmp(sym_or_empty(s->stat), stat) == 0);
}

const struct metric_series *elb_series(const struct recommend_input *in, uint32_t resource,
                                       const char *metric, const char *stat)
{
    size_t count;
    const struct metric_series *s = estate_series(in->estate, resource, &count), *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (is_whole(&s[i], metric, stat) &&
            (!found || strcmp(sym_or_empty(found->space), "access-log") == 0))
            found = &s[i];
    return found;
}

const struct metric_series *elb_finest(const struct recommend_input *in, uint32_t resource,
                                       const char *metric, const char *stat)
{
    size_t count;
    const struct metric_series *s = estate_series(in->estate, resource, &count), *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (is_whole(&s[i], metric, stat) && s[i].step > 0 &&
            (!found || s[i].step < found->step))
            found = &s[i];
    return found;
}

const struct metric_series *elb_logged(const struct recommend_input *in, uint32_t resource,
                                       const char *metric)
{
    size_t count;
    const struct metric_series *s = estate_series(in->estate, resource, &count);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(sym_or_empty(s[i].metric), metric) &&
            !strcmp(sym_or_empty(s[i].stat), "Sum") &&
            !strcmp(sym_or_empty(s[i].space), "access-log") && !strchr(s[i].subject, ';'))
            return &s[i];
    return NULL;
}

double elb_total(const struct recommend_input *in, uint32_t resource, const char *metric)
{
    const struct metric_series *s = elb_series(in, resource, metric, "Sum");
    double sum = s ? 0 : NAN;
    for (size_t i = 0; s && i < s->count; i++)
        sum += s->values[i];
    return sum;
}

double elb_highest(const struct recommend_input *in, uint32_t resource, const char *metric)
{
    size_t count;
    const struct metric_series *s = estate_series(in->estate, resource, &count);
    double highest = NAN;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; strcmp(sym_or_empty(s[i].metric), metric) == 0 && k < s[i].count;
             k++)
            highest = fmax(highest, s[i].values[k]);
    return highest;
}

static int64_t hour_of(int64_t seconds)
{
    return seconds / HOUR_SECONDS - (seconds % HOUR_SECONDS < 0);
}

/* Points longer than an hour say nothing about an hour. */
static const struct metric_series *input_series(const struct balancer *b,
                                                const struct recommend_input *in,
                                                const struct input *input)
{
    if (!(input->kinds & 1u << b->kind))
        return NULL;
    const struct metric_series *s = elb_series(in, b->resource, input->metric, input->stat);
    return s && s->count && s->step <= HOUR_SECONDS ? s : NULL;
}

static bool is_unit_line(const struct estate *estate, const struct cost_line *line)
{
    const struct sku *sku = &estate->skus.at[line->sku];
    return line->hours == 1 && charge_is_usage(sku->charge) && sku->measure &&
           strcmp(sku->measure, "LCUUsage") == 0;
}

static void widen(int64_t *from, int64_t *to, int64_t first, int64_t last)
{
    *from = first < *from ? first : *from;
    *to = last >= *to ? last + 1 : *to;
}

static void find_span(struct balancer *b, const struct recommend_input *in)
{
    int64_t from = INT64_MAX, to = INT64_MIN;
    size_t count;
    for (size_t i = 0; i < INPUTS; i++) {
        const struct metric_series *s = input_series(b, in, &inputs[i]);
        if (s)
            widen(&from, &to, hour_of(s->times[0]), hour_of(s->times[s->count - 1]));
    }
    const struct cost_line *lines = estate_lines(in->estate, b->resource, &count);
    for (size_t i = 0; i < count; i++)
        if (is_unit_line(in->estate, &lines[i]))
            widen(&from, &to, lines[i].hour, lines[i].hour);
    if (from > to)
        return;
    b->first_hour = to - from > MOST_HOURS ? to - MOST_HOURS : from;
    b->hour_count = (size_t)(to - b->first_hour);
    b->hours = mem_alloc(b->hour_count * sizeof *b->hours);
}

static struct elb_hour *hour_at(struct balancer *b, int64_t hour)
{
    int64_t index = hour - b->first_hour;
    return index >= 0 && index < (int64_t)b->hour_count ? &b->hours[index] : NULL;
}

static void add_value(struct elb_hour *hour, const struct input *input, double value, int step)
{
    struct lcu_traffic *t = &hour->traffic[input->protocol];
    switch (input->field) {
    case NEW:
        t->new_connections += value;
        break;
    case ACTIVE_SUM: /* every node reports once a minute, so a longer step holds several */
        t->active_connections += step > 60 ? value * 60 : value * step;
        hour->active_seconds[input->protocol] += step;
        break;
    case ACTIVE_MEAN:
        t->active_connections += value * step;
        hour->active_seconds[input->protocol] += step;
        break;
    case BYTES:
        t->bytes += value;
        break;
    case LAMBDA_BYTES:
        t->lambda_bytes += value;
        break;
    case REQUESTS:
        t->requests += value;
        hour->reported_seconds += step;
        break;
    case RULES:
        t->rules_evaluated += value;
        break;
    }
    hour->measured = true;
}

static void add_series(struct balancer *b, const struct input *input,
                       const struct metric_series *s)
{
    for (size_t i = 0; i < s->count; i++) {
        struct elb_hour *hour = hour_at(b, hour_of(s->times[i]));
        if (hour)
            add_value(hour, input, s->values[i], s->step);
    }
}

static void add_bill(struct balancer *b, const struct estate *estate)
{
    size_t count;
    const struct cost_line *lines = estate_lines(estate, b->resource, &count);
    for (size_t i = 0; i < count; i++) {
        struct elb_hour *hour =
            is_unit_line(estate, &lines[i]) ? hour_at(b, lines[i].hour) : NULL;
        if (!hour)
            continue;
        hour->billed = true;
        hour->billed_units += money_double(lines[i].quantity);
    }
}

/* What the protocols do not claim of the total is TCP, which logs and meters least. */
static void give_rest_to_tcp(struct lcu_traffic traffic[LCU_PROTOCOLS])
{
    const struct lcu_traffic *all = &traffic[LCU_ANY], *udp = &traffic[LCU_UDP],
                             *tls = &traffic[LCU_TLS];
    struct lcu_traffic *tcp = &traffic[LCU_TCP];
    tcp->new_connections =
        fmax(tcp->new_connections,
             all->new_connections - udp->new_connections - tls->new_connections);
    tcp->active_connections =
        fmax(tcp->active_connections,
             all->active_connections - udp->active_connections - tls->active_connections);
    tcp->bytes = fmax(tcp->bytes, all->bytes - udp->bytes - tls->bytes);
}

/*
 * The time that the mean of active connections is over. CloudWatch leaves out points of
 * most metrics that are 0, but never those of requests and of all flows of a network one:
 * the minutes that these have and the others lack were quiet.
 */
static double time_of_mean(const struct balancer *b, const struct elb_hour *hour,
                           enum lcu_protocol protocol)
{
    double reported =
        b->kind == ELB_APPLICATION ? hour->reported_seconds : hour->active_seconds[LCU_ANY];
    return fmin(HOUR_SECONDS, fmax(hour->active_seconds[protocol], reported));
}

static void finish_traffic(struct balancer *b, struct elb_hour *hour)
{
    for (int p = 0; p < LCU_PROTOCOLS; p++) {
        struct lcu_traffic *t = &hour->traffic[p];
        t->seconds = HOUR_SECONDS;
        if (hour->active_seconds[p] > 0)
            t->active_connections /= time_of_mean(b, hour, (enum lcu_protocol)p);
        t->bytes = fmax(0, t->bytes - t->lambda_bytes);
    }
    struct lcu_traffic *all = &hour->traffic[LCU_ANY];
    if (all->rules_evaluated <= 0 && !isnan(b->rules))
        all->rules_evaluated = lcu_rules_evaluated(b->rules, all->requests);
    if (b->kind == ELB_NETWORK)
        give_rest_to_tcp(hour->traffic);
}

static struct elb_check compare(const struct balancer *b, double gb_bytes)
{
    struct elb_check check = {.gb_bytes = gb_bytes};
    for (size_t h = 0; h < b->hour_count; h++) {
        const struct elb_hour *hour = &b->hours[h];
        if (!hour->measured || !hour->billed)
            continue;
        check.hours++;
        check.billed += hour->billed_units;
        check.computed += lcu_of_balancer(elb_unit_kind(b), hour->traffic, gb_bytes).units;
    }
    return check;
}

static double miss(const struct elb_check *check)
{
    return check->billed > 0 ? fabs(check->computed / check->billed - 1) : 0;
}

void elb_read_hours(struct balancer *b, const struct recommend_input *in)
{
    find_span(b, in);
    if (!b->hours)
        return;
    for (size_t i = 0; i < INPUTS; i++) {
        const struct metric_series *s = input_series(b, in, &inputs[i]);
        if (s)
            add_series(b, &inputs[i], s);
    }
    add_bill(b, in->estate);
    for (size_t h = 0; h < b->hour_count; h++)
        finish_traffic(b, &b->hours[h]);
    struct elb_check binary = compare(b, LCU_BINARY_GB), decimal = compare(b, LCU_DECIMAL_GB);
    b->check = miss(&decimal) < miss(&binary) && miss(&binary) > 0.01 ? decimal : binary;
    for (size_t h = 0; h < b->hour_count; h++) {
        struct elb_hour *hour = &b->hours[h];
        if (!hour->measured)
            continue;
        b->measured_hours++;
        if (b->kind == ELB_CLASSIC)
            continue;
        hour->units = lcu_of_balancer(elb_unit_kind(b), hour->traffic, b->check.gb_bytes);
        lcu_shares_add(&b->shares, &hour->units);
    }
}
