#ifndef PRICING_CATALOGUE_H
#define PRICING_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/when.h"
#include "pricing/book.h"

enum local_disk_kind { LOCAL_NONE, LOCAL_NVME, LOCAL_SSD, LOCAL_HDD };

/* An EC2 instance type as AWS describes it. A figure of 0 is "none" or "not known". */
struct instance_type {
    char name[28];   /* "m6id.2xlarge" */
    char family[20]; /* "m6id" */
    char size[16];   /* "2xlarge" */
    char maker[8];   /* of the processor: Intel, AMD, AWS, Apple */
    char arch[12];   /* x86_64, arm64, x86_64_mac, arm64_mac */
    char hypervisor[8];
    char gpu_model[32];
    char accelerator_model[40];
    int generation, vcpus, cores;
    double memory_gib;
    double network_gbps, network_burst_gbps;   /* baseline; for a while */
    double ebs_mb_per_s, ebs_burst_mb_per_s;
    double ebs_iops, ebs_burst_iops;
    double local_gb; /* of all disks together */
    int local_disks;
    enum local_disk_kind local_kind;
    double gpus, gpu_memory_gib; /* gpus may be a fraction; memory of all together */
    int accelerators;            /* other than GPUs */
    bool burstable;
    double cpu_baseline_pct; /* of each vCPU, for burstable types */
    double cpu_credits_per_hour, cpu_credits_max;
    bool current_generation, bare_metal;
    bool gone; /* no longer in the list of types that AWS offers */
    double clock_ghz;
    day date;
};

/* NULL when there is no such type. */
const struct instance_type *catalogue_find(const struct book *book, const char *name);

/*
 * The next type whose name matches `pattern` (a shell pattern; NULL for all), in
 * the order of their names. `*cursor` starts at 0; NULL at the end.
 */
const struct instance_type *catalogue_next(const struct book *book, const char *pattern,
                                           size_t *cursor);

#endif
