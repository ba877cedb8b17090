/*
 * prices [MB]: makes an offer file of the AWS price list of that size (250), reads it
 * with libcsv and empty callbacks, and takes it in as `advisor prices refresh` does.
 * Prints seconds (median of 5), peak memory of each, and their ratio. Then how long
 * the built-in book takes to open and to price every instance type in a region.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pricing/catalogue.h"
#include "pricing/ec2.h"
#include "pricing/refresh.h"

enum { RUNS = 5, REGIONS = 34 };

static const char *const columns[] = {
    "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate",
    "StartingRange", "EndingRange", "Unit", "PricePerUnit", "Currency", "RelatedTo",
    "LeaseContractLength", "PurchaseOption", "OfferingClass", "Product Family", "serviceCode",
    "Location", "Location Type", "Instance Type", "Current Generation", "Instance Family",
    "vCPU", "Physical Processor", "Clock Speed", "Memory", "Storage", "Network Performance",
    "Processor Architecture", "Storage Media", "Volume Type", "Max Volume Size",
    "Max IOPS/volume", "Max IOPS Burst Performance", "Max throughput/volume", "Provisioned",
    "Tenancy", "EBS Optimized", "Operating System", "License Model", "Group",
    "Group Description", "Transfer Type", "From Location", "From Location Type", "To Location",
    "To Location Type", "usageType", "operation", "AvailabilityZone", "CapacityStatus",
    "ClassicNetworkingSupport", "Dedicated EBS Throughput", "ECU", "Elastic Graphics Type",
    "Enhanced Networking Supported", "From Region Code", "GPU", "GPU Memory", "Instance",
    "Instance Capacity - 10xlarge", "Instance Capacity - 12xlarge", "Intel AVX Available",
    "Intel AVX2 Available", "Intel Turbo Available", "MarketOption",
    "Normalization Size Factor", "Physical Cores", "Pre Installed S/W", "Processor Features",
    "Product Type", "Region Code", "Resource Type", "serviceName", "SnapshotArchiveFeeType",
    "To Region Code", "Volume API Name", "VPCNetworkingSupport",
};

struct offer_row {
    const struct instance_type *type;
    int region, system, term, tenancy;
};

static void put_fields(FILE *out, const char *const *values)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const char *value = "";
        for (size_t k = 0; values[k]; k += 2)
            if (!strcmp(values[k], columns[i]))
                value = values[k + 1];
        fprintf(out, "%s\"%s\"", i ? "," : "", value);
    }
    fputc('\n', out);
}

static void put_row(FILE *out, const struct offer_row *row)
{
    static const char *const systems[] = {"Linux", "Windows", "RHEL", "SUSE"};
    static const char *const operations[] = {"RunInstances", "RunInstances:0002",
                                             "RunInstances:0010", "RunInstances:000g"};
    bool on_demand = !row->term;
    char sku[24], rate[64], price[24], region[24], usage[64], text[160];
    unsigned number = (unsigned)(row->region * 7919 + row->system * 104729);
    snprintf(sku, sizeof sku, "%08X%08X", number * 2654435761u, (unsigned)row->type->vcpus);
    snprintf(rate, sizeof rate, "%s.JRTCKXETXF.6YS6EN2CT7", sku);
    snprintf(price, sizeof price, "%.10f",
             row->type->vcpus * 0.048 * (1 + row->region * 0.01) / (1 + row->term * 0.1));
    snprintf(region, sizeof region, "zz-region-%d", row->region);
    snprintf(usage, sizeof usage, "ZZ%d-%s:%s", row->region,
             row->tenancy ? "DedicatedUsage" : "BoxUsage", row->type->name);
    snprintf(text, sizeof text, "$%s per %s%s %s Instance Hour, region %s", price,
             on_demand ? "On Demand " : "", systems[row->system], row->type->name, region);
    const char *const values[] = {
        "SKU", sku, "OfferTermCode", "JRTCKXETXF", "RateCode", rate, "TermType",
        on_demand ? "OnDemand" : "Reserved", "PriceDescription", text, "EffectiveDate",
        "2026-07-01", "StartingRange", on_demand ? "0" : "", "EndingRange",
        on_demand ? "Inf" : "", "Unit", "Hrs", "PricePerUnit", price, "Currency", "USD",
        "LeaseContractLength", on_demand ? "" : "3yr", "PurchaseOption",
        on_demand ? "" : "Partial Upfront", "OfferingClass", on_demand ? "" : "convertible",
        "Product Family", "Compute Instance", "serviceCode", "AmazonEC2", "Location",
        "Made-up Region (Benchmark)", "Location Type", "AWS Region", "Instance Type",
        row->type->name, "Current Generation", "Yes", "Instance Family", "General purpose",
        "vCPU", "8", "Physical Processor", "Intel Xeon 8375C (Ice Lake)", "Clock Speed",
        "3.5 GHz", "Memory", "32 GiB", "Storage", "EBS only", "Network Performance",
        "Up to 12500 Megabit", "Processor Architecture", "64-bit", "Tenancy",
        row->tenancy ? "Dedicated" : "Shared", "Operating System", systems[row->system],
        "License Model", "No License required", "usageType", usage, "operation",
        operations[row->system], "CapacityStatus", "Used", "ECU", "NA", "MarketOption",
        "OnDemand", "Normalization Size Factor", "16", "Pre Installed S/W", "NA",
        "Processor Features", "Intel AVX; Intel AVX2; Intel AVX512; Intel Turbo", "Region Code",
        region, "serviceName", "Amazon Elastic Compute Cloud", "VPCNetworkingSupport", "true",
        NULL,
    };
    put_fields(out, values);
}

/* Rows in a fixed order over types, regions, systems, tenancies and terms. */
static void make_offer(const char *path, const struct book *book, long bytes)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        exit(1);
    fputs("\"FormatVersion\",\"v1.0\"\n\"Disclaimer\",\"This list is made up, for measuring\"\n"
          "\"Publication Date\",\"2026-07-01T00:00:00Z\"\n\"Version\",\"20260701000000\"\n"
          "\"OfferCode\",\"AmazonEC2\"\n", out);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        fprintf(out, "%s\"%s\"", i ? "," : "", columns[i]);
    fputc('\n', out);
    size_t cursor = 0;
    struct offer_row row = {0};
    for (long made = 0; made < bytes; made = ftell(out)) {
        row.type = catalogue_next(book, NULL, &cursor);
        if (!row.type) {
            cursor = 0;
            row.region = (row.region + 1) % REGIONS;
            row.system += !row.region;
            continue;
        }
        row.system %= 4;
        for (row.tenancy = 0; row.tenancy < 2; row.tenancy++)
            for (row.term = 0; row.term < 5; row.term++)
                put_row(out, &row);
    }
    fclose(out);
}

static void ignore_field(void *field, size_t length, void *count)
{
    (void)field;
    *(size_t *)count += length;
}

static void ignore_row(int c, void *count)
{
    (void)c;
    ++*(size_t *)count;
}

static bool read_with_libcsv(const char *path)
{
    struct csv_parser parser;
    static char block[1 << 16];
    size_t count = 0;
    FILE *in = fopen(path, "rb");
    if (!in || csv_init(&parser, 0))
        return false;
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        csv_parse(&parser, block, n, ignore_field, ignore_row, &count);
    csv_fini(&parser, ignore_field, ignore_row, &count);
    csv_free(&parser);
    fclose(in);
    return count > 0;
}

static bool take_in(const char *path)
{
    char folder[64];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    struct arena arena = ARENA_INIT;
    struct refresh_result result;
    struct err err = ERR_INIT;
    struct book *book = NULL;
    bool ok = book_open(&book, NULL, &err) &&
              price_refresh(&result, &arena, book, path, folder, &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.text);
    book_free(book);
    arena_release(&arena);
    return ok;
}

/* In a process of its own, so that its peak memory is known. */
static double seconds(bool (*read)(const char *path), const char *path, long *peak_kb)
{
    struct timespec start, end;
    struct rusage usage;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    fflush(stdout); /* or the child prints it again */
    pid_t child = fork();
    if (!child)
        _exit(read(path) ? 0 : 1);
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || status)
        exit(1);
    clock_gettime(CLOCK_MONOTONIC, &end);
    *peak_kb = usage.ru_maxrss;
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(bool (*read)(const char *path), const char *path, long *peak_kb)
{
    double times[RUNS];
    for (int i = 0; i < RUNS; i++)
        times[i] = seconds(read, path, peak_kb);
    qsort(times, RUNS, sizeof *times, compare);
    return times[RUNS / 2];
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool price_all(const char *region)
{
    struct book *book = NULL;
    struct price price;
    const struct instance_type *type;
    size_t cursor = 0, priced = 0;
    double start = now();
    if (!book_open(&book, NULL, NULL))
        return false;
    double opened = now();
    while ((type = catalogue_next(book, NULL, &cursor)))
        priced += ec2_on_demand(&price, book, type->name, region, NULL);
    printf("book: opened in %.3f ms; %zu instance types of %s priced in %.3f ms",
           (opened - start) * 1e3, priced, region, (now() - opened) * 1e3);
    fflush(stdout);
    book_free(book);
    return priced > 0;
}

int main(int argc, char **argv)
{
    long megabytes = argc > 1 ? atol(argv[1]) : 250, csv_kb, own_kb;
    char folder[] = "/tmp/advisor-bench-XXXXXX", path[64], made[64];
    struct book *book = NULL;
    if (!mkdtemp(folder) || !book_open(&book, NULL, NULL))
        return 1;
    snprintf(path, sizeof path, "%s/index.csv", folder);
    snprintf(made, sizeof made, "%s/AmazonEC2.prices", folder);
    make_offer(path, book, megabytes << 20);
    book_free(book);
    double csv = median(read_with_libcsv, path, &csv_kb);
    double own = median(take_in, path, &own_kb);
    printf("prices refresh, %ld MB offer: %.3f s, %ld KB; libcsv alone: %.3f s, %ld KB; "
           "ratio %.2f (limit 1.20)\n",
           megabytes, own, own_kb, csv, csv_kb, own / csv);
    long book_kb;
    seconds(price_all, "us-east-1", &book_kb);
    printf("; %ld KB\n", book_kb);
    unlink(path);
    unlink(made);
    rmdir(folder);
    return own <= csv * 1.2 ? 0 : 1;
}
