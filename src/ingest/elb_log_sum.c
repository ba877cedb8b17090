#include <stdlib.h>

#include "base/bytes.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "elb_log.h"
#include "series.h"

enum { HOUR_MINUTES = 60, MAX_BALANCERS = 20000, MAX_HOURS = 40000, MAX_RULES = 512 };
enum { MICROS = 1000000, LONGEST_SECONDS = 7 * 86400 };

struct hour {
    int64_t hour; /* since 1970 */
    struct elb_minute minutes[HOUR_MINUTES];
};

struct rule_count {
    int rule;
    uint64_t requests;
};

struct balancer {
    char *name;
    size_t length;
    enum elb_log_kind kind;
    struct map by_hour; /* hour -> index; keys live in the hours */
    VEC(struct hour *) hours;
    struct hour *last;
    struct rule_count rules[MAX_RULES];
    uint16_t rule_at[MAX_RULES]; /* where a rule was found last, by its low bits */
    size_t rule_count;
};

struct elb_sums {
    VEC(struct balancer *) balancers;
    struct map by_name;
    struct balancer *last;
    size_t hours;
};

struct elb_sums *elb_sums_open(void)
{
    return mem_alloc(sizeof(struct elb_sums));
}

void elb_sums_free(struct elb_sums *sums)
{
    if (!sums)
        return;
    for (size_t i = 0; i < sums->balancers.count; i++) {
        struct balancer *b = sums->balancers.at[i];
        for (size_t h = 0; h < b->hours.count; h++)
            free(b->hours.at[h]);
        VEC_FREE(&b->hours);
        map_release(&b->by_hour);
        free(b->name);
        free(b);
    }
    VEC_FREE(&sums->balancers);
    map_release(&sums->by_name);
    free(sums);
}

static struct balancer *find_balancer(struct elb_sums *sums, const char *name, size_t length,
                                      enum elb_log_kind kind, struct err *err)
{
    struct balancer *b = sums->last;
    size_t index;
    if (b && b->length == length && bytes_same(b->name, name, length))
        return b;
    if (map_get(&sums->by_name, name, length, &index))
        return sums->last = sums->balancers.at[index];
    if (sums->balancers.count >= MAX_BALANCERS) {
        err_set(err, "more than %d load balancers in access logs", MAX_BALANCERS);
        return NULL;
    }
    b = mem_alloc(sizeof *b);
    b->name = mem_strndup(name, length);
    b->length = length;
    b->kind = kind;
    map_put(&sums->by_name, b->name, length, sums->balancers.count);
    VEC_ADD(&sums->balancers, b);
    return sums->last = b;
}

static struct hour *find_hour(struct elb_sums *sums, struct balancer *b, int64_t hour,
                              struct err *err)
{
    size_t index;
    if (b->last && b->last->hour == hour)
        return b->last;
    if (map_get(&b->by_hour, &hour, sizeof hour, &index))
        return b->last = b->hours.at[index];
    if (sums->hours >= MAX_HOURS) {
        err_set(err,
                "access logs over more than %d hours of load balancers: give fewer at once",
                MAX_HOURS);
        return NULL;
    }
    struct hour *h = mem_alloc(sizeof *h);
    h->hour = hour;
    map_put(&b->by_hour, &h->hour, sizeof h->hour, b->hours.count);
    VEC_ADD(&b->hours, h);
    sums->hours++;
    return b->last = h;
}

static struct elb_minute *find_minute(struct elb_sums *sums, struct balancer *b,
                                      int64_t minute, struct err *err)
{
    struct hour *h = find_hour(sums, b, minute / HOUR_MINUTES, err);
    return h ? &h->minutes[minute % HOUR_MINUTES] : NULL;
}

static void add_rule(struct balancer *b, int rule, uint64_t requests)
{
    size_t i = b->rule_at[rule % MAX_RULES];
    if (i >= b->rule_count || b->rules[i].rule != rule)
        for (i = 0; i < b->rule_count && b->rules[i].rule != rule;)
            i++;
    if (i == MAX_RULES) /* an ALB holds 200 at most; hostile lines end in the last */
        i = MAX_RULES - 1;
    else if (i == b->rule_count)
        b->rules[b->rule_count++].rule = rule;
    b->rules[i].requests += requests;
    b->rule_at[rule % MAX_RULES] = (uint16_t)i;
}

/* Spreads the time that the request was open over the minutes that it touched. */
static bool spread_busy(struct elb_sums *sums, struct balancer *b,
                        const struct elb_log_line *line, struct err *err)
{
    int64_t end = line->second * MICROS + line->micro, left = line->duration;
    if (left > (int64_t)LONGEST_SECONDS * MICROS)
        left = (int64_t)LONGEST_SECONDS * MICROS;
    while (left > 0) {
        int64_t minute = (end - 1) / (60 * (int64_t)MICROS);
        int64_t here = end - minute * 60 * MICROS;
        here = here < left ? here : left;
        struct elb_minute *m = find_minute(sums, b, minute, err);
        if (!m)
            return false;
        m->busy += (uint64_t)here;
        left -= here;
        end -= here;
    }
    return true;
}

static void add_to_minute(struct elb_minute *m, const struct elb_log_line *line,
                          unsigned second)
{
    m->requests++;
    m->inside += line->inside;
    m->received += line->received;
    m->sent += line->sent;
    m->errors += line->status >= 500;
    m->target_errors += line->target_status >= 500;
    m->part[second * ELB_MINUTE_PARTS / 60]++;
    if (line->service >= 0) {
        double milliseconds = (double)((line->service + 500) / 1000);
        m->answered++;
        m->service += (uint64_t)line->service;
        m->service_squares += milliseconds * milliseconds;
    }
}

bool elb_sums_add(struct elb_sums *sums, const struct elb_log_line *line, struct err *err)
{
    struct balancer *b =
        find_balancer(sums, line->balancer, line->balancer_length, line->kind, err);
    int64_t minute = line->second / 60, second = line->second - minute * 60;
    struct elb_minute *m = b ? find_minute(sums, b, minute, err) : NULL;
    if (!m)
        return false;
    add_to_minute(m, line, (unsigned)second);
    if (line->rule != ELB_RULE_NONE)
        add_rule(b, line->rule, 1);
    if (line->duration > second * MICROS + line->micro) /* it began in a minute before */
        return spread_busy(sums, b, line, err);
    m->busy += (uint64_t)line->duration;
    return true;
}

static void merge_minute(struct elb_minute *into, const struct elb_minute *from)
{
    into->requests += from->requests;
    into->inside += from->inside;
    into->answered += from->answered;
    into->errors += from->errors;
    into->target_errors += from->target_errors;
    into->received += from->received;
    into->sent += from->sent;
    into->service += from->service;
    into->busy += from->busy;
    into->service_squares += from->service_squares;
    for (int i = 0; i < ELB_MINUTE_PARTS; i++)
        into->part[i] += from->part[i];
}

static bool merge_balancer(struct elb_sums *into, const struct balancer *from, struct err *err)
{
    struct balancer *b = find_balancer(into, from->name, from->length, from->kind, err);
    if (!b)
        return false;
    for (size_t i = 0; i < from->rule_count; i++)
        add_rule(b, from->rules[i].rule, from->rules[i].requests);
    for (size_t h = 0; h < from->hours.count; h++) {
        struct hour *to = find_hour(into, b, from->hours.at[h]->hour, err);
        if (!to)
            return false;
        for (int m = 0; m < HOUR_MINUTES; m++)
            merge_minute(&to->minutes[m], &from->hours.at[h]->minutes[m]);
    }
    return true;
}

bool elb_sums_merge(struct elb_sums *into, const struct elb_sums *from, struct err *err)
{
    for (size_t i = 0; i < from->balancers.count; i++)
        if (!merge_balancer(into, from->balancers.at[i], err))
            return false;
    return true;
}

size_t elb_sums_balancers(const struct elb_sums *sums)
{
    return sums->balancers.count;
}

const struct elb_minute *elb_sums_minute(const struct elb_sums *sums, size_t balancer,
                                         int64_t minute)
{
    const struct balancer *b = sums->balancers.at[balancer];
    int64_t hour = minute / HOUR_MINUTES;
    size_t index;
    if (!map_get(&b->by_hour, &hour, sizeof hour, &index))
        return NULL;
    const struct elb_minute *m = &b->hours.at[index]->minutes[minute % HOUR_MINUTES];
    return m->requests || m->busy ? m : NULL;
}

static double requests_of(const struct elb_minute *m)
{
    return (double)m->requests;
}

static double concurrent_of(const struct elb_minute *m)
{
    return (double)m->busy / 60e6;
}

static double inside_of(const struct elb_minute *m)
{
    return (double)m->inside;
}

static double received_of(const struct elb_minute *m)
{
    return (double)m->received;
}

static double sent_of(const struct elb_minute *m)
{
    return (double)m->sent;
}

static double errors_of(const struct elb_minute *m)
{
    return (double)m->errors;
}

static double target_errors_of(const struct elb_minute *m)
{
    return (double)m->target_errors;
}

static double service_of(const struct elb_minute *m)
{
    return m->answered ? (double)m->service / 1e6 / (double)m->answered : -1;
}

static double variation_of(const struct elb_minute *m)
{
    double n = (double)m->answered, mean = service_of(m);
    if (m->answered < 2 || mean <= 0)
        return -1;
    double variance = m->service_squares / 1e6 / n - mean * mean;
    return variance > 0 ? variance / (mean * mean) : 0;
}

enum {
    TCP_LIKE = 1 << ELB_LOG_NETWORK,
    HTTP_LIKE = 1 << ELB_LOG_CLASSIC | 1 << ELB_LOG_APPLICATION
};

/* A value below 0 is none and makes no point. */
static const struct {
    const char *metric, *stat;
    int kinds;
    double (*value)(const struct elb_minute *m);
} outputs[] = {
    {"RequestCount", "Sum", HTTP_LIKE, requests_of},
    {"TargetProcessingTime", "Average", HTTP_LIKE, service_of},
    {"TargetProcessingTime", "SquaredVariation", HTTP_LIKE, variation_of},
    {"ConcurrentRequests", "Average", HTTP_LIKE, concurrent_of},
    {"HTTPCode_ELB_5XX_Count", "Sum", HTTP_LIKE, errors_of},
    {"HTTPCode_Target_5XX_Count", "Sum", HTTP_LIKE, target_errors_of},
    {"NewFlowCount_TLS", "Sum", TCP_LIKE, requests_of},
    {"ActiveFlowCount_TLS", "Average", TCP_LIKE, concurrent_of},
    {"PrivateClientCount", "Sum", HTTP_LIKE | TCP_LIKE, inside_of},
    {"ReceivedBytes", "Sum", HTTP_LIKE | TCP_LIKE, received_of},
    {"SentBytes", "Sum", HTTP_LIKE | TCP_LIKE, sent_of},
};

static void write_metric(const struct balancer *b, struct series_set *set, size_t series,
                         double (*value)(const struct elb_minute *m))
{
    for (size_t h = 0; h < b->hours.count; h++)
        for (int i = 0; i < HOUR_MINUTES; i++) {
            const struct elb_minute *m = &b->hours.at[h]->minutes[i];
            double v = m->requests || m->busy ? value(m) : -1;
            if (v >= 0)
                series_set_add(set, series, b->hours.at[h]->hour * 3600 + i * 60, v);
        }
}

/* Within each minute, so that the day's own rise and fall is not taken for burstiness. */
static double dispersion_of(const struct hour *h)
{
    double variance = 0, mean = 0;
    for (int i = 0; i < HOUR_MINUTES; i++) {
        const struct elb_minute *m = &h->minutes[i];
        double average = (double)m->requests / ELB_MINUTE_PARTS, squares = 0;
        for (int k = 0; k < ELB_MINUTE_PARTS; k++)
            squares += (m->part[k] - average) * (m->part[k] - average);
        variance += squares / (ELB_MINUTE_PARTS - 1);
        mean += average;
    }
    return mean > 0 ? variance / mean : -1;
}

static void write_dispersion(const struct balancer *b, struct series_set *set, size_t series)
{
    for (size_t h = 0; h < b->hours.count; h++) {
        double v = dispersion_of(b->hours.at[h]);
        if (v >= 0)
            series_set_add(set, series, b->hours.at[h]->hour * 3600, v);
    }
}

static int64_t first_minute(const struct balancer *b)
{
    int64_t first = INT64_MAX;
    for (size_t h = 0; h < b->hours.count; h++)
        first = b->hours.at[h]->hour < first ? b->hours.at[h]->hour : first;
    return first * HOUR_MINUTES;
}

static void write_rules(const struct balancer *b, struct series_set *set,
                        struct intern *symbols, struct series_name name)
{
    for (size_t i = 0; i < b->rule_count; i++) {
        name.subject = intern_printf(symbols, "%s;rule %d", b->name, b->rules[i].rule);
        series_set_add(set, series_set_find(set, &name), first_minute(b) * 60,
                       (double)b->rules[i].requests);
    }
}

static void write_balancer(const struct balancer *b, struct series_set *set,
                           struct intern *symbols)
{
    struct series_name name = {intern(symbols, b->name), intern(symbols, "access-log"), NULL,
                               NULL, NULL};
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        if (!(outputs[i].kinds & 1 << b->kind))
            continue;
        name.metric = intern(symbols, outputs[i].metric);
        name.stat = intern(symbols, outputs[i].stat);
        write_metric(b, set, series_set_find(set, &name), outputs[i].value);
    }
    name.metric = intern(symbols, "RequestCount");
    name.stat = intern(symbols, "Dispersion");
    write_dispersion(b, set, series_set_find(set, &name));
    name.stat = intern(symbols, "Sum");
    write_rules(b, set, symbols, name);
}

void elb_sums_write(const struct elb_sums *sums, struct estate *into, const char *source)
{
    struct series_set *set = series_set_open(into, source);
    for (size_t i = 0; i < sums->balancers.count; i++)
        write_balancer(sums->balancers.at[i], set, into->symbols);
    series_set_close(set);
}
