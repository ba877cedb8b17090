#ifndef RECOMMEND_EC2_RIGHTSIZE_H
#define RECOMMEND_EC2_RIGHTSIZE_H

#include "advice.h"
#include "pricing/catalogue.h"
#include "pricing/ec2.h"

/*
 * One EC2 instance outside of clusters, and what it was seen to need. A need is a
 * nearest-rank percentile of the metric's points weighted by their minutes;
 * NaN is not known.
 */
struct machine {
    uint32_t resource;
    const struct instance_type *type;
    const char *region, *os; /* as the price book names it */
    const char *label;
    double monthly_hours;
    struct price price; /* on demand, an hour, today's type */
    double days;        /* of CPU metrics */
    int step;           /* seconds of a CPU point */
    const char *cpu_stat;
    double cpu_p50, cpu_pct, cpu_max, cpu_mean; /* percent of the whole machine */
    double memory_pct;                          /* percent of its memory */
    double network_gbps, network_bytes_per_hour;
    double ebs_mb_per_s, ebs_iops;
    enum tristate local_disk_used;
};

/* Why nothing can be said about it; NULL when it can be judged. */
const char *machine_read(struct machine *m, const struct recommend_input *in,
                         uint32_t resource);

/* What a candidate would be used to, percent; NaN unknown. */
struct projection {
    double cpu, memory, network, ebs_mb, ebs_iops;
};

enum option_scope { OPTION_FAMILY, OPTION_OTHER_FAMILY, OPTION_GRAVITON, OPTION_SCOPES };

struct option {
    const struct instance_type *type; /* NULL: none fits */
    struct price price;
    double monthly_usd;
    struct projection use;
    int risk;
    const char *risk_dimension;
};

/* How a type is left out; the first reason met, in this order of checking. */
struct rejection {
    const struct instance_type *nearest; /* the cheapest type of the family that did not fit */
    const char *why;                     /* a sentence, in the advice's arena */
};

struct fit_rules {
    double most_pct;      /* highest use of any dimension: 100 x (1 - headroom) */
    bool memory_ignored;  /* the user takes the risk of unknown memory */
    double smallest_step; /* least share of vCPUs and memory kept in one change */
};

struct fit_rules fit_rules_of(const struct recommend_input *in);

/* The cheapest type that fits in each scope; all cheaper than today's when `cheaper`. */
void find_options(struct option out[OPTION_SCOPES], struct rejection *rejected,
                  struct advice *advice, const struct recommend_input *in,
                  const struct machine *m, const struct fit_rules *rules, bool cheaper);
struct projection project(const struct machine *m, const struct instance_type *onto);
double worst_use(const struct projection *use, const char **dimension);

#endif
