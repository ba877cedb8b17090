/* CloudWatch GetMetricData answers for the last two weeks, newest point first. */
#include <math.h>

#include "world.h"

enum { DAYS = 14, STEP = 300, POINTS = DAYS * 86400 / STEP };

struct series {
    const char *space, *metric, *stat, *dimension, *value;
    double low, high;  /* of the daily wave */
    double noise;      /* share of the value */
    int step;
    bool whole;        /* counts have no fraction */
};

static long end_of_world(void)
{
    return (long)day_number(MONTHS - 1, days_in(MONTHS - 1)) * 86400 + 86400;
}

static void put_time(struct out *out, long seconds, bool comma)
{
    long day = seconds / 86400 - day_number(MONTHS - 1, 1) + 1;
    int month = MONTHS - 1;
    if (day < 1)
        day += days_in(--month);
    out_printf(out, "%s\"2026-%02d-%02ldT%02ld:%02ld:00+00:00\"", comma ? "," : "",
               FIRST_MONTH + month, day, seconds / 3600 % 24, seconds / 60 % 60);
}

static double point(const struct series *s, struct dice *dice, long seconds)
{
    double hour = (double)(seconds % 86400) / 3600;
    double wave = (1 + cos((hour - 15) * 3.14159265358979 / 12)) / 2;
    double value = s->low + (s->high - s->low) * wave;
    value *= 1 + dice_between(dice, -s->noise, s->noise);
    return s->whole ? floor(value + 0.5) : value;
}

static void put_result(struct out *out, const struct series *s, int index, uint64_t seed)
{
    struct dice dice = {seed + (uint64_t)index * 7919};
    long end = end_of_world();
    int points = DAYS * 86400 / s->step;
    out_printf(out, "%s{\"Id\":\"m%d\",\"Label\":\"%s %s\",\"Timestamps\":[", index ? ",\n" : "", index,
               s->value, s->metric);
    for (int i = 1; i <= points; i++)
        put_time(out, end - (long)i * s->step, i > 1);
    out_printf(out, "],\"Values\":[");
    for (int i = 1; i <= points; i++)
        out_printf(out, "%s%.6g", i > 1 ? "," : "", point(s, &dice, end - (long)i * s->step));
    out_printf(out, "],\"StatusCode\":\"Complete\"}");
}

static void put_query(struct out *out, const struct series *s, int index)
{
    out_printf(out, "%s{\"Id\":\"m%d\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"%s\",\"MetricName\":\"%s\","
                    "\"Dimensions\":[{\"Name\":\"%s\",\"Value\":\"%s\"}]},\"Period\":%d,\"Stat\":\"%s\"}}",
               index ? ",\n" : "", index, s->space, s->metric, s->dimension, s->value, s->step, s->stat);
}

static bool write_set(const char *folder, const char *name, const struct series *all, int count)
{
    char file[128];
    snprintf(file, sizeof file, "metrics/%s-queries.json", name);
    struct out *out = out_open(folder, file);
    if (!out)
        return false;
    out_printf(out, "{\"MetricDataQueries\":[");
    for (int i = 0; i < count; i++)
        put_query(out, &all[i], i);
    out_printf(out, "]}\n");
    if (!out_close(out))
        return false;
    snprintf(file, sizeof file, "metrics/%s.json", name);
    if (!(out = out_open(folder, file)))
        return false;
    out_printf(out, "{\"MetricDataResults\":[");
    for (int i = 0; i < count; i++)
        put_result(out, &all[i], i, 99);
    out_printf(out, "],\"Messages\":[]}\n");
    return out_close(out);
}

/* Each server's five series; the well-sized gateways use theirs. */
static bool write_instance(const char *folder, const char *id, double cpu_low, double cpu_high,
                           double memory, double network)
{
    const struct series all[] = {
        {"AWS/EC2", "CPUUtilization", "Average", "InstanceId", id, cpu_low, cpu_high, 0.12, STEP, false},
        {"AWS/EC2", "CPUUtilization", "Maximum", "InstanceId", id, cpu_low * 1.2, cpu_high * 1.25, 0.12, STEP, false},
        {"CWAgent", "mem_used_percent", "Average", "InstanceId", id, memory * 0.9, memory, 0.03, STEP, false},
        {"AWS/EC2", "NetworkIn", "Sum", "InstanceId", id, network * 0.3, network, 0.2, STEP, true},
        {"AWS/EC2", "NetworkOut", "Sum", "InstanceId", id, network * 0.3, network, 0.2, STEP, true},
        {"AWS/EC2", "EBSReadBytes", "Sum", "InstanceId", id, network * 0.02, network * 0.05, 0.2, STEP, true},
        {"AWS/EC2", "EBSWriteBytes", "Sum", "InstanceId", id, network * 0.02, network * 0.05, 0.2, STEP, true},
    };
    return write_set(folder, id, all, sizeof all / sizeof *all);
}

/* The bill's capacity units are bytes: 6.2 GB in the busiest hour of 420 requests a second. */
#define REQUEST_BYTES (6.2 * 1073741824 / (420 * 3600.0))

static bool write_balancer(const char *folder, const char *file, const char *name, double rps,
                           double targets)
{
    double hour = rps * 3600;
    const struct series all[] = {
        {"AWS/ApplicationELB", "RequestCount", "Sum", "LoadBalancer", name, hour * 0.35, hour, 0.05, 3600, true},
        {"AWS/ApplicationELB", "NewConnectionCount", "Sum", "LoadBalancer", name, hour * 0.1, hour * 0.3, 0.05, 3600, true},
        {"AWS/ApplicationELB", "ActiveConnectionCount", "Average", "LoadBalancer", name, rps * 2, rps * 6, 0.05, 3600, true},
        {"AWS/ApplicationELB", "ProcessedBytes", "Sum", "LoadBalancer", name, hour * 0.35 * REQUEST_BYTES, hour * REQUEST_BYTES, 0.05, 3600, true},
        {"AWS/ApplicationELB", "HealthyHostCount", "Maximum", "LoadBalancer", name, targets, targets, 0, 3600, true},
    };
    return write_set(folder, file, all, sizeof all / sizeof *all);
}

static bool write_volumes(const char *folder)
{
    static const char orphan[] = "vol-0c4a4ed000000001", busy[] = "vol-05e40e40000000000";
    const struct series all[] = {
        {"AWS/EBS", "VolumeReadOps", "Sum", "VolumeId", orphan, 0, 0, 0, 3600, true},
        {"AWS/EBS", "VolumeWriteOps", "Sum", "VolumeId", orphan, 0, 0, 0, 3600, true},
        {"AWS/EBS", "VolumeReadOps", "Sum", "VolumeId", busy, 9000, 30000, 0.1, 3600, true},
        {"AWS/EBS", "VolumeWriteOps", "Sum", "VolumeId", busy, 9000, 30000, 0.1, 3600, true},
    };
    return write_set(folder, "volumes", all, 4);
}

bool write_metrics(const char *folder)
{
    char id[64];
    for (int i = 0; i < SERVERS; i++) {
        snprintf(id, sizeof id, "i-05e40e400000000%02d", i);
        if (!write_instance(folder, id, 6, 20, 21, 4e8))
            return false;
    }
    for (int i = 0; i < GATEWAYS; i++) {
        snprintf(id, sizeof id, "i-06a7e0a700000000%d", i);
        if (!write_instance(folder, id, 22, 62, 55, 6e9))
            return false;
    }
    return write_instance(folder, "i-01d1e000000000001", 0.6, 1.1, 12, 20000) &&
           write_balancer(folder, "public", "app/market-public/50dc6c495c0c9188", 420, 6) &&
           write_balancer(folder, "internal", "app/serving-internal/8f2a4b6c8d0e1f23", 95, 6) &&
           write_balancer(folder, "legacy", "app/legacy-internal/1a2b3c4d5e6f7a8b", 0, 0) &&
           write_volumes(folder);
}
