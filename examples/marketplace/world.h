#ifndef MARKETPLACE_WORLD_H
#define MARKETPLACE_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A made-up multi-tenant Databricks marketplace on AWS, three months of it. All
 * amounts follow from the figures here and a seeded generator, so that the same
 * seed gives the same bytes, and what is wasted is known: see plant().
 */

enum { TENANTS = 3, MONTHS = 3, SERVERS = 6, GATEWAYS = 4, FIRST_YEAR = 2026, FIRST_MONTH = 7 };

extern const char *const tenant_names[TENANTS];

#define ACCOUNT "111122223333"
#define REGION "us-east-1"
#define WORKSPACE "4815162342000001"

/* On-demand USD per hour, us-east-1, Linux. */
#define USD_M6I_4XLARGE 0.768
#define USD_M6I_2XLARGE 0.384
#define USD_M6I_LARGE 0.096
#define USD_C6I_XLARGE 0.17
#define USD_M5D_2XLARGE 0.452
#define USD_R5D_2XLARGE 0.576
#define USD_I3_2XLARGE 0.624
#define USD_GP2_GB 0.10
#define USD_GP3_GB 0.08
#define USD_NAT_HOUR 0.045
#define USD_NAT_GB 0.045
#define USD_LB_HOUR 0.0225
#define USD_LCU 0.008
#define USD_S3_GB 0.023
#define USD_JOBS_DBU 0.15
#define USD_ALL_PURPOSE_DBU 0.55

/* A work that Databricks runs by a schedule, on a cluster of its own each time. */
struct job {
    int tenant;
    const char *name, *id, *phase, *worker_type;
    double worker_usd, worker_dbu; /* per node-hour */
    int workers;
    int starts[4], start_count;    /* hours of the day */
    int hours;                     /* that one run takes */
};

extern const struct job jobs[];
extern const int job_count;

/* Seeded, the same on every machine. */
struct dice {
    uint64_t state;
};
uint32_t dice_next(struct dice *dice);
double dice_between(struct dice *dice, double low, double high);

int days_in(int month);             /* of FIRST_MONTH + month */
int day_number(int month, int day); /* since 1970-01-01; day from 1 */
/* "2026-07-01T05:00:00.000Z" for an hour of a day of the example, from 0; 24 is the next day. */
void stamp(char out[32], int month, int day, int hour);

/* One planted waste and what its removal truly saves in a month of 730 hours. */
void plant(const char *kind, const char *resource, double monthly_usd, const char *why);
bool plant_write(const char *folder);

/* Each writes its files below the folder; false after a message on stderr. */
bool write_bills(const char *folder);
bool write_databricks(const char *folder);
bool write_metrics(const char *folder);
bool write_inventory(const char *folder);
bool write_spark_logs(const char *folder);

/* Opens folder/name for writing, gzipped when the name ends in .gz; makes folders. */
struct out;
struct out *out_open(const char *folder, const char *name);
void out_printf(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool out_close(struct out *out);

#endif
