/*
 * bill_data FOLDER MEGABYTES [PARTS [RESOURCES]]: writes a legacy CUR of one month in
 * PARTS files (4): 128 columns, 1.1 KB a row, 20 000 resources, every kind of line, every
 * day in every part. The same arguments give the same bytes.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 128, HOURS = 744 };

static const char *const names[COLUMNS] = {
    "identity/LineItemId", "identity/TimeInterval", "bill/InvoiceId", "bill/BillingEntity",
    "bill/BillType", "bill/PayerAccountId", "bill/BillingPeriodStartDate",
    "bill/BillingPeriodEndDate", "lineItem/UsageAccountId", "lineItem/LineItemType",
    "lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/ProductCode",
    "lineItem/UsageType", "lineItem/Operation", "lineItem/AvailabilityZone",
    "lineItem/ResourceId", "lineItem/UsageAmount", "lineItem/NormalizationFactor",
    "lineItem/NormalizedUsageAmount", "lineItem/CurrencyCode", "lineItem/UnblendedRate",
    "lineItem/UnblendedCost", "lineItem/BlendedRate", "lineItem/BlendedCost",
    "lineItem/LineItemDescription", "lineItem/TaxType", "lineItem/LegalEntity",
    "product/ProductName", "product/availability", "product/availabilityZone",
    "product/capacitystatus", "product/clockSpeed", "product/currentGeneration",
    "product/databaseEngine", "product/dedicatedEbsThroughput", "product/deploymentOption",
    "product/description", "product/durability", "product/ecu", "product/endpointType",
    "product/engineCode", "product/enhancedNetworkingSupported", "product/fromLocation",
    "product/fromLocationType", "product/fromRegionCode", "product/gpuMemory", "product/group",
    "product/groupDescription", "product/instanceFamily", "product/instanceType",
    "product/instanceTypeFamily", "product/intelAvxAvailable", "product/intelTurboAvailable",
    "product/licenseModel", "product/location", "product/locationType",
    "product/marketoption", "product/maxIopsvolume", "product/maxThroughputvolume",
    "product/maxVolumeSize", "product/memory", "product/networkPerformance",
    "product/normalizationSizeFactor", "product/operatingSystem", "product/operation",
    "product/physicalProcessor", "product/preInstalledSw", "product/processorArchitecture",
    "product/processorFeatures", "product/productFamily", "product/region",
    "product/regionCode", "product/servicecode", "product/servicename", "product/sku",
    "product/storage", "product/storageClass", "product/storageMedia", "product/tenancy",
    "product/toLocation", "product/transferType", "product/usagetype", "product/vcpu",
    "product/volumeApiName", "product/volumeType", "pricing/LeaseContractLength",
    "pricing/OfferingClass", "pricing/PurchaseOption", "pricing/RateCode", "pricing/RateId",
    "pricing/currency", "pricing/publicOnDemandCost", "pricing/publicOnDemandRate",
    "pricing/term", "pricing/unit", "reservation/AmortizedUpfrontCostForUsage",
    "reservation/EffectiveCost", "reservation/EndTime", "reservation/RecurringFeeForUsage",
    "reservation/ReservationARN", "reservation/StartTime",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "reservation/UnusedQuantity",
    "reservation/UnusedRecurringFee", "reservation/UpfrontValue",
    "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
    "savingsPlan/RecurringCommitmentForBillingPeriod", "savingsPlan/SavingsPlanARN",
    "savingsPlan/SavingsPlanEffectiveCost", "savingsPlan/SavingsPlanRate",
    "savingsPlan/TotalCommitmentToDate", "savingsPlan/UsedCommitment",
    "resourceTags/aws:autoscaling:groupName", "resourceTags/aws:createdBy",
    "resourceTags/user:Application", "resourceTags/user:ClusterId",
    "resourceTags/user:ClusterName", "resourceTags/user:CostCenter",
    "resourceTags/user:Creator", "resourceTags/user:Environment", "resourceTags/user:JobId",
    "resourceTags/user:Name", "resourceTags/user:Owner", "resourceTags/user:RunName",
    "resourceTags/user:Team", "resourceTags/user:Vendor", "costCategory/Department",
};

static const char *const regions[] = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1"};
static const char *const prefixes[] = {"", "USW2-", "EU-", "EUC1-"};
static const char *const places[] = {"US East (N. Virginia)", "US West (Oregon)", "EU (Ireland)",
                                     "EU (Frankfurt)"};
static const char *const types[] = {
    "m5.xlarge", "m5.2xlarge", "m6i.xlarge", "m6i.4xlarge", "r5.2xlarge", "r6i.xlarge",
    "c5.4xlarge", "c6g.2xlarge", "i3.xlarge", "i3en.2xlarge", "g4dn.xlarge", "t3.medium"};

/* One kind of row. "%s" in the usage type stands for a kind's variant. */
struct kind {
    const char *service, *name, *usage, *operation, *unit, *family, *id;
    const char *variants[12];
    unsigned share;    /* of 1000 resources */
    unsigned micro;    /* price in millionths of a dollar */
};

static const struct kind kinds[] = {
    {"AmazonEC2", "Amazon Elastic Compute Cloud", "BoxUsage:%s", "RunInstances", "Hrs",
     "Compute Instance", "i-0%016" PRIx64, {NULL}, 300, 192000},
    {"AmazonEC2", "Amazon Elastic Compute Cloud", "EBS:VolumeUsage.%s", "CreateVolume-Gp3",
     "GB-Mo", "Storage", "vol-0%016" PRIx64, {"gp3", "gp2", "st1"}, 330, 110},
    {"AmazonEC2", "Amazon Elastic Compute Cloud", "DataTransfer-%s-Bytes", "InterZone-In", "GB",
     "Data Transfer", "i-0%016" PRIx64, {"Regional", "Out", "In"}, 120, 10000},
    {"AmazonS3", "Amazon Simple Storage Service", "TimedStorage-%s", "StandardStorage", "GB-Mo",
     "Storage", "lake-bucket-%016" PRIx64, {"ByteHrs", "SIA-ByteHrs", "GlacierByteHrs"}, 60, 23},
    {"AmazonS3", "Amazon Simple Storage Service", "Requests-%s", "GetObject", "Requests",
     "API Request", "lake-bucket-%016" PRIx64, {"Tier1", "Tier2"}, 60, 1},
    {"AWSELB", "Elastic Load Balancing", "LoadBalancer%s", "LoadBalancing:Application", "Hrs",
     "Load Balancer-Application",
     "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/edge/%016" PRIx64,
     {"Usage"}, 40, 22500},
    {"AWSELB", "Elastic Load Balancing", "%s", "LoadBalancing:Application", "LCU-Hrs",
     "Load Balancer-Application",
     "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/edge/%016" PRIx64,
     {"LCUUsage"}, 20, 8000},
    {"AWSLambda", "AWS Lambda", "Lambda-%s", "Invoke", "Lambda-GB-Second", "Serverless",
     "arn:aws:lambda:us-east-1:111122223333:function:fn-%016" PRIx64,
     {"GB-Second", "Request"}, 40, 17},
    {"AmazonRDS", "Amazon Relational Database Service", "InstanceUsage:db.%s",
     "CreateDBInstance:0014", "Hrs", "Database Instance",
     "arn:aws:rds:us-east-1:111122223333:db:db-%016" PRIx64, {"r5.large", "m5.xlarge"}, 30,
     250000},
};

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* A row being put together: a value a column. */
struct row {
    const char *values[COLUMNS];
    char text[32][160];
    int texts;
};

static int column(const char *name)
{
    for (int i = 0; i < COLUMNS; i++)
        if (!strcmp(names[i], name))
            return i;
    fprintf(stderr, "no column %s\n", name);
    exit(1);
}

#define SET(row, name, ...)                                                                    \
    do {                                                                                       \
        static int at_ = -1;                                                                   \
        if (at_ < 0)                                                                           \
            at_ = column(name);                                                                \
        char *text_ = (row)->text[(row)->texts++];                                             \
        snprintf(text_, sizeof (row)->text[0], __VA_ARGS__);                                   \
        (row)->values[at_] = text_;                                                            \
    } while (0)
#define PUT(row, name, value)                                                                  \
    do {                                                                                       \
        static int at_ = -1;                                                                   \
        if (at_ < 0)                                                                           \
            at_ = column(name);                                                                \
        (row)->values[at_] = (value);                                                          \
    } while (0)

static const struct kind *kind_of(uint64_t resource)
{
    unsigned share = (unsigned)(mix(resource * 7) % 1000), k = 0;
    while (k + 1 < sizeof kinds / sizeof *kinds && share >= kinds[k].share)
        share -= kinds[k++].share;
    return &kinds[k];
}

static void put_fixed(struct row *r, const struct kind *kind, unsigned region, const char *type)
{
    PUT(r, "bill/BillingEntity", "AWS");
    PUT(r, "bill/BillType", "Anniversary");
    PUT(r, "bill/PayerAccountId", "111122223333");
    PUT(r, "bill/BillingPeriodStartDate", "2026-01-01T00:00:00Z");
    PUT(r, "bill/BillingPeriodEndDate", "2026-02-01T00:00:00Z");
    PUT(r, "lineItem/CurrencyCode", "USD");
    PUT(r, "lineItem/LegalEntity", "\"Amazon Web Services, Inc.\"");
    PUT(r, "product/ProductName", kind->name);
    PUT(r, "product/availability", "99.99%");
    PUT(r, "product/capacitystatus", "Used");
    PUT(r, "product/currentGeneration", "Yes");
    PUT(r, "product/fromLocationType", "AWS Region");
    PUT(r, "product/location", places[region]);
    PUT(r, "product/locationType", "AWS Region");
    PUT(r, "product/marketoption", "OnDemand");
    PUT(r, "product/memory", "16 GiB");
    PUT(r, "product/networkPerformance", "\"Up to 10 Gigabit, burst\"");
    PUT(r, "product/operatingSystem", "Linux");
    PUT(r, "product/operation", kind->operation);
    PUT(r, "product/physicalProcessor", "Intel Xeon Platinum 8175");
    PUT(r, "product/preInstalledSw", "NA");
    PUT(r, "product/processorArchitecture", "64-bit");
    PUT(r, "product/processorFeatures", "\"Intel AVX, Intel AVX2, Intel Turbo\"");
    PUT(r, "product/productFamily", kind->family);
    PUT(r, "product/region", regions[region]);
    PUT(r, "product/regionCode", regions[region]);
    PUT(r, "product/servicecode", kind->service);
    PUT(r, "product/servicename", kind->name);
    PUT(r, "product/tenancy", "Shared");
    PUT(r, "product/instanceType", type);
    PUT(r, "product/licenseModel", "No License required");
    PUT(r, "pricing/currency", "USD");
    PUT(r, "pricing/term", "OnDemand");
    PUT(r, "pricing/unit", kind->unit);
}

static void put_time(struct row *r, unsigned hour)
{
    unsigned to = hour + 1;
    char from_text[24], to_text[24];
    snprintf(from_text, sizeof from_text, "2026-01-%02uT%02u:00:00Z", hour / 24 % 31 + 1,
             hour % 24);
    snprintf(to_text, sizeof to_text, "2026-%02u-%02uT%02u:00:00Z", to / 744 + 1,
             to / 24 % 31 + 1, to % 24);
    SET(r, "identity/TimeInterval", "%s/%s", from_text, to_text);
    SET(r, "lineItem/UsageStartDate", "%s", from_text);
    SET(r, "lineItem/UsageEndDate", "%s", to_text);
}

/* Mostly plain decimals, some in E notation, as the real ones. */
static void put_amounts(struct row *r, const struct kind *kind, const char *line_type,
                        uint64_t random)
{
    double quantity = 1 + (double)(random % 1000) / 1000.0, rate = kind->micro / 1e6;
    double cost = quantity * rate;
    bool small = random % 53 == 0;
    SET(r, "lineItem/UsageAmount", small ? "%.6E" : "%.10f", quantity);
    SET(r, "lineItem/UnblendedRate", "%.10f", rate);
    SET(r, "lineItem/BlendedRate", "%.10f", rate);
    SET(r, "pricing/publicOnDemandRate", "%.10f", rate);
    SET(r, "pricing/publicOnDemandCost", small ? "%.8E" : "%.10f", cost);
    bool reserved = !strcmp(line_type, "DiscountedUsage");
    SET(r, "lineItem/UnblendedCost", small ? "%.8E" : "%.10f", reserved ? 0.0 : cost);
    SET(r, "lineItem/BlendedCost", "%.10f", cost);
    if (reserved) {
        SET(r, "reservation/EffectiveCost", "%.10f", cost * 0.6);
        PUT(r, "reservation/ReservationARN",
            "arn:aws:ec2:us-east-1:111122223333:reserved-instances/0b7a");
    }
    if (!strncmp(line_type, "SavingsPlan", 11)) {
        SET(r, "savingsPlan/SavingsPlanEffectiveCost", "%.10f", cost * 0.72);
        PUT(r, "savingsPlan/SavingsPlanARN", "arn:aws:savingsplans::111122223333:savingsplan/5a");
    }
}

static void put_tags(struct row *r, uint64_t resource)
{
    static const char *const teams[] = {"ads", "search", "ranking", "platform", "risk"};
    if (resource % 3 == 0) {
        SET(r, "resourceTags/user:ClusterId", "0101-12%04u-abc%03u",
            (unsigned)(resource % 400), (unsigned)(resource % 400));
        SET(r, "resourceTags/user:ClusterName", "etl-%u", (unsigned)(resource % 400));
        PUT(r, "resourceTags/user:Vendor", "Databricks");
        PUT(r, "resourceTags/user:Creator", "svc-etl@example.com");
    }
    PUT(r, "resourceTags/user:Team", teams[resource % 5]);
    PUT(r, "resourceTags/user:Environment", resource % 4 ? "prod" : "test");
    PUT(r, "resourceTags/user:CostCenter", "cc-1042");
    SET(r, "resourceTags/user:Name", "node-%" PRIu64, resource);
}

static const char *line_type_of(const struct kind *kind, uint64_t random)
{
    if (kind != &kinds[0])
        return random % 997 ? "Usage" : "Credit";
    return random % 10 < 5 ? "Usage" : random % 10 < 8 ? "SavingsPlanCoveredUsage"
                                                       : "DiscountedUsage";
}

/* A few resources have most of the rows. */
static uint64_t resource_of(uint64_t random, unsigned resources)
{
    double u = (double)(mix(random ^ 77) >> 11) / 9007199254740992.0;
    return (uint64_t)(u * u * u * resources);
}

/* Most resources live a day, some a week, some all month. */
static unsigned hour_of(uint64_t shape, uint64_t random)
{
    unsigned lives = shape % 10 < 6 ? 24 : shape % 10 < 8 ? 168 : HOURS;
    unsigned from = lives == HOURS ? 0 : (unsigned)(shape / 16 % (HOURS / lives)) * lives;
    return from + (unsigned)(mix(random) % lives);
}

static void make_row(struct row *r, uint64_t number, unsigned resources)
{
    uint64_t random = mix(number), resource = resource_of(random, resources);
    uint64_t shape = mix(resource);
    const struct kind *kind = kind_of(resource);
    unsigned region = (unsigned)(shape % 4);
    const char *type = types[shape / 4 % 12];
    size_t variants = 0;
    while (variants < 12 && kind->variants[variants])
        variants++;
    const char *variant = variants ? kind->variants[shape / 64 % variants] : type;
    memset(r->values, 0, sizeof r->values);
    r->texts = 0;
    put_fixed(r, kind, region, type);
    put_time(r, hour_of(shape, random));
    char usage[80];
    snprintf(usage, sizeof usage, kind->usage, variant);
    const char *line_type = line_type_of(kind, mix(random ^ 5) % 100000);
    PUT(r, "lineItem/LineItemType", line_type);
    SET(r, "identity/LineItemId", "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "abcd", random,
        shape, mix(random + 1));
    SET(r, "lineItem/UsageAccountId", "%012u", (unsigned)(shape % 40) + 111122223);
    PUT(r, "lineItem/ProductCode", kind->service);
    SET(r, "lineItem/UsageType", "%s%s", prefixes[region], usage);
    SET(r, "product/usagetype", "%s%s", prefixes[region], usage);
    PUT(r, "lineItem/Operation", kind->operation);
    SET(r, "lineItem/AvailabilityZone", "%s%c", regions[region], "abc"[shape % 3]);
    if (shape % 11)
        SET(r, "lineItem/ResourceId", kind->id, shape);
    put_amounts(r, kind, line_type, mix(random ^ 9));
    if (random % 7)
        SET(r, "lineItem/LineItemDescription", "\"$%.4f per %s, in %s (or partial)\"",
            kind->micro / 1e6, kind->unit, places[region]);
    else
        SET(r, "lineItem/LineItemDescription", "\"$%.4f per \"\"%s\"\",%ssecond line\"",
            kind->micro / 1e6, kind->unit, random % 91 ? " " : "\n");
    SET(r, "product/sku", "%012" PRIX64, shape & 0xffffffffffff);
    SET(r, "pricing/RateCode", "%012" PRIX64 ".JRTCKXETXF.6YS6EN2CT7", shape & 0xffffffffffff);
    SET(r, "pricing/RateId", "%u", (unsigned)(shape % 900000000));
    put_tags(r, resource);
}

static size_t write_row(FILE *out, const char *const *values)
{
    size_t bytes = 0;
    for (int i = 0; i < COLUMNS; i++) {
        if (i)
            putc_unlocked(',', out);
        if (values[i]) {
            size_t n = strlen(values[i]);
            fwrite_unlocked(values[i], 1, n, out);
            bytes += n;
        }
    }
    putc_unlocked('\n', out);
    return bytes + COLUMNS;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bill_data FOLDER MEGABYTES [PARTS [RESOURCES]]\n");
        return 2;
    }
    uint64_t wanted = strtoull(argv[2], NULL, 10) * 1000000, bytes = 0, rows = 0;
    unsigned parts = argc > 3 ? (unsigned)atoi(argv[3]) : 4;
    unsigned resources = argc > 4 ? (unsigned)atoi(argv[4]) : 20000;
    if (!parts || parts > 64 || !resources)
        return 2;
    FILE *files[64];
    for (unsigned p = 0; p < parts; p++) {
        char path[1000];
        snprintf(path, sizeof path, "%s/bill-%05u.csv", argv[1], p + 1);
        files[p] = fopen(path, "w");
        if (!files[p]) {
            perror(path);
            return 1;
        }
        write_row(files[p], names);
    }
    static struct row row;
    for (; bytes < wanted; rows++) {
        make_row(&row, rows, resources);
        bytes += write_row(files[rows % parts], row.values);
    }
    for (unsigned p = 0; p < parts; p++)
        if (fclose(files[p]))
            return 1;
    printf("%" PRIu64 " rows, %" PRIu64 " bytes\n", rows, bytes);
    return 0;
}
