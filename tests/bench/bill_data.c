/*
 * bill_data FOLDER MEGABYTES [PARTS [RESOURCES]]: writes a legacy CUR of one month in
 * PARTS files (4): 128 columns, 1.1 KB a row, 20 000 resources, every kind of line. Rows stand
 * in the order of real exports (hour, product, usage type, resource) and are dealt over the
 * parts by a hash, so that every part has every day. Ids and amounts are as long and as
 * random as real ones. A larger bill has the same resources living longer; a small one has
 * fewer. The same arguments give the same bytes.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 128, HOURS = 744, ROW_BYTES = 1142, PARTS_MAX = 64 };

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

/* What is billed; most of it by several usage types. */
enum thing {
    INSTANCE,
    VOLUME,
    BUCKET,
    BALANCER,
    FUNCTION,
    DATABASE,
    GATEWAY,
    NAMELESS,
    THINGS
};

/* Of 1000 resources. */
static const unsigned shares[THINGS] = {370, 390, 50, 40, 60, 30, 20, 40};

static const struct region {
    const char *name, *prefix, *location;
} regions[] = {
    {"us-east-1", "", "US East (N. Virginia)"},
    {"us-west-2", "USW2-", "US West (Oregon)"},
    {"eu-west-1", "EU-", "EU (Ireland)"},
    {"eu-central-1", "EUC1-", "EU (Frankfurt)"},
};

static const struct machine {
    const char *type, *group, *family, *vcpu, *memory, *clock, *ecu, *throughput, *network,
        *processor, *factor;
    unsigned micro; /* price in millionths of a dollar */
} machines[] = {
    {"m5.xlarge", "m5", "General purpose", "4", "16 GiB", "3.1 GHz", "16", "Up to 2120 Mbps",
     "Up to 10 Gigabit", "Intel Xeon Platinum 8175", "8", 192000},
    {"m5.2xlarge", "m5", "General purpose", "8", "32 GiB", "3.1 GHz", "37", "Up to 2120 Mbps",
     "Up to 10 Gigabit", "Intel Xeon Platinum 8175", "16", 384000},
    {"m6i.xlarge", "m6i", "General purpose", "4", "16 GiB", "3.5 GHz", "NA",
     "Up to 10000 Mbps", "Up to 12500 Megabit", "Intel Xeon 8375C (Ice Lake)", "8", 192000},
    {"m6i.4xlarge", "m6i", "General purpose", "16", "64 GiB", "3.5 GHz", "NA",
     "Up to 10000 Mbps", "Up to 12500 Megabit", "Intel Xeon 8375C (Ice Lake)", "32", 768000},
    {"r5.2xlarge", "r5", "Memory optimized", "8", "64 GiB", "3.1 GHz", "37", "Up to 2120 Mbps",
     "10 Gigabit", "Intel Xeon Platinum 8175", "16", 504000},
    {"r6i.xlarge", "r6i", "Memory optimized", "4", "32 GiB", "3.5 GHz", "NA",
     "Up to 10000 Mbps", "Up to 12500 Megabit", "Intel Xeon 8375C (Ice Lake)", "8", 252000},
    {"c5.4xlarge", "c5", "Compute optimized", "16", "32 GiB", "3 GHz", "73", "2250 Mbps",
     "Up to 10 Gigabit", "Intel Xeon Platinum 8124M", "32", 680000},
    {"c6g.2xlarge", "c6g", "Compute optimized", "8", "16 GiB", "2.5 GHz", "NA",
     "Upto 4750 Mbps", "Up to 10 Gigabit", "AWS Graviton2 Processor", "16", 272000},
    {"i3.xlarge", "i3", "Storage optimized", "4", "30.5 GiB", "2.3 GHz", "13", "NA",
     "Up to 10 Gigabit", "Intel Xeon E5-2686 v4 (Broadwell)", "8", 312000},
    {"i3en.2xlarge", "i3en", "Storage optimized", "8", "64 GiB", "3.1 GHz", "37", "NA",
     "Up to 25 Gigabit", "Intel Xeon Platinum 8175", "16", 904000},
    {"g4dn.xlarge", "g4dn", "GPU instance", "4", "16 GiB", "2.5 GHz", "NA", "Up to 3500 Mbps",
     "Up to 25 Gigabit", "Intel Xeon Family", "8", 526000},
    {"t3.medium", "t3", "General purpose", "2", "4 GiB", "3.1 GHz", "NA", "Up to 2085 Mbps",
     "Up to 5 Gigabit", "Intel Skylake E5 2686 v5", "2", 41600},
};
enum { MACHINES = sizeof machines / sizeof *machines };

/* One way in which a thing is billed; "%s" in the usage type is the machine's. */
struct usage {
    enum thing thing;
    const char *service, *name, *usage, *operation, *unit, *family;
    double micro;    /* price in millionths of a dollar; 0: the machine's */
    unsigned chance; /* of 1000 hours */
    double most;     /* amount of an hour; 0: always 1 */
    const char *describe, *group, *group_text;
};

static const char ec2[] = "Amazon Elastic Compute Cloud",
                  s3[] = "Amazon Simple Storage Service",
                  rds[] = "Amazon Relational Database Service";

/* In the order of service and usage type. */
static const struct usage usages[] = {
    {BALANCER, "AWSELB", "Elastic Load Balancing", "LCUUsage", "LoadBalancing:Application",
     "LCU-Hrs", "Load Balancer-Application", 8000, 900, 3.0,
     "$0.008 per used Application load balancer capacity unit-hour (or partial hour)",
     "ELB:Balancing", "Used Application Load Balancer capacity units-hr"},
    {BALANCER, "AWSELB", "Elastic Load Balancing", "LoadBalancerUsage",
     "LoadBalancing:Application", "Hrs", "Load Balancer-Application", 22500, 1000, 0,
     "$0.0225 per Application LoadBalancer-hour (or partial hour)", "ELB:Balancing",
     "LoadBalancer hourly usage by Application Load Balancer"},
    {FUNCTION, "AWSLambda", "AWS Lambda", "Lambda-GB-Second", "Invoke", "Lambda-GB-Second",
     "Serverless", 16.67, 900, 900.0,
     "\"AWS Lambda - Total Compute - EU (Ireland), duration in GB-Second\"",
     "AWS-Lambda-Duration",
     "\"Invocation duration weighted by memory assigned to function, measured in GB-s\""},
    {FUNCTION, "AWSLambda", "AWS Lambda", "Request", "Invoke", "Requests", "Serverless", 0.2,
     900, 5000.0, "\"AWS Lambda - Requests, first million free\"", "AWS-Lambda-Requests",
     "Invocation call for a Lambda function"},
    {INSTANCE, "AmazonEC2", ec2, "BoxUsage:%s", "RunInstances", "Hrs", "Compute Instance", 0,
     1000, 0, NULL, NULL, NULL},
    {INSTANCE, "AmazonEC2", ec2, "DataTransfer-Out-Bytes", "RunInstances", "GB",
     "Data Transfer", 90000, 120, 0.8,
     "\"$0.090 per GB - first 10 TB / month data transfer out, beyond the free tier\"", NULL,
     NULL},
    {INSTANCE, "AmazonEC2", ec2, "DataTransfer-Regional-Bytes", "InterZone-In", "GB",
     "Data Transfer", 10000, 300, 12.0,
     "\"$0.010 per GB - regional data transfer - in/out/between EC2 AZs, using elastic IPs\"",
     NULL, NULL},
    {VOLUME, "AmazonEC2", ec2, "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", "Storage",
     80000, 1000, 0.3, "$0.08 per GB-month of General Purpose (gp3) provisioned storage", NULL,
     NULL},
    {GATEWAY, "AmazonEC2", ec2, "NatGateway-Bytes", "NatGateway", "GB", "NAT Gateway", 45000,
     950, 30.0, "$0.045 per GB Data Processed by NAT Gateways", "NGW:NatGateway",
     "Charge for per GB data processed by NatGateways"},
    {GATEWAY, "AmazonEC2", ec2, "NatGateway-Hours", "NatGateway", "Hrs", "NAT Gateway", 45000,
     1000, 0, "$0.045 per NAT Gateway Hour", "NGW:NatGateway",
     "Hourly charge for NAT Gateways"},
    {DATABASE, "AmazonRDS", rds, "InstanceUsage:db.%s", "CreateDBInstance:0014", "Hrs",
     "Database Instance", 0, 1000, 0, NULL, NULL, NULL},
    {DATABASE, "AmazonRDS", rds, "RDS:GP2-Storage", "CreateDBInstance:0014", "GB-Mo",
     "Database Storage", 115000, 1000, 0.2,
     "$0.115 per GB-month of provisioned GP2 storage running PostgreSQL", NULL, NULL},
    {BUCKET, "AmazonS3", s3, "Requests-Tier1", "PutObject", "Requests", "API Request", 5, 800,
     4000.0, "\"$0.005 per 1,000 PUT, COPY, POST, or LIST requests\"", "S3-API-Tier1",
     "\"PUT/COPY/POST or LIST requests, all storage classes\""},
    {BUCKET, "AmazonS3", s3, "Requests-Tier2", "GetObject", "Requests", "API Request", 0.4,
     900, 90000.0, "\"$0.004 per 10,000 GET and all other requests\"", "S3-API-Tier2",
     "GET and all other requests"},
    {BUCKET, "AmazonS3", s3, "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "Storage",
     23000, 1000, 60.0, "\"$0.023 per GB - first 50 TB / month of storage used, Standard\"",
     NULL,
     NULL},
    {NAMELESS, "awskms", "AWS Key Management Service", "KMS-Requests", "Decrypt", "Requests",
     "Encryption Key", 3, 1000, 800.0, "\"$0.03 per 10,000 KMS requests\"", "KMS-API",
     "API requests of customer keys"},
};
enum { USAGES = sizeof usages / sizeof *usages };

/* What the price list says of a family, where it says the same of all. */
static const struct {
    const char *family, *column, *value;
} attributes[] = {
    {"Compute Instance", "product/capacitystatus", "Used"},
    {"Compute Instance", "product/currentGeneration", "Yes"},
    {"Compute Instance", "product/enhancedNetworkingSupported", "Yes"},
    {"Compute Instance", "product/intelAvxAvailable", "Yes"},
    {"Compute Instance", "product/intelTurboAvailable", "Yes"},
    {"Compute Instance", "product/licenseModel", "No License required"},
    {"Compute Instance", "product/marketoption", "OnDemand"},
    {"Compute Instance", "product/operatingSystem", "Linux"},
    {"Compute Instance", "product/preInstalledSw", "NA"},
    {"Compute Instance", "product/processorArchitecture", "64-bit"},
    {"Compute Instance", "product/processorFeatures",
     "\"Intel AVX, Intel AVX2, Intel AVX512, Intel Turbo\""},
    {"Compute Instance", "product/storage", "EBS only"},
    {"Compute Instance", "product/tenancy", "Shared"},
    {"Database Instance", "product/currentGeneration", "Yes"},
    {"Database Instance", "product/databaseEngine", "PostgreSQL"},
    {"Database Instance", "product/deploymentOption", "Multi-AZ"},
    {"Database Instance", "product/engineCode", "14"},
    {"Database Instance", "product/licenseModel", "No license required"},
    {"Database Instance", "product/processorArchitecture", "64-bit"},
    {"Database Storage", "product/databaseEngine", "PostgreSQL"},
    {"Database Storage", "product/deploymentOption", "Multi-AZ"},
    {"Database Storage", "product/maxVolumeSize", "64 TB"},
    {"Database Storage", "product/storageMedia", "SSD"},
    {"Database Storage", "product/volumeType", "General Purpose"},
    {"Storage", "product/availability", "99.99%"},
    {"Storage", "product/durability", "99.999999999%"},
    {"Storage", "product/maxIopsvolume", "16000"},
    {"Storage", "product/maxThroughputvolume", "1000 MiB/s"},
    {"Storage", "product/maxVolumeSize", "16 TiB"},
    {"Storage", "product/storageClass", "General Purpose"},
    {"Storage", "product/storageMedia", "SSD-backed"},
    {"Storage", "product/volumeApiName", "gp3"},
    {"Storage", "product/volumeType", "General Purpose"},
    {"Data Transfer", "product/fromLocationType", "AWS Region"},
    {"Data Transfer", "product/toLocation", "External"},
    {"Data Transfer", "product/transferType", "AWS Outbound"},
};

static const char *const teams[] = {"ads", "search", "ranking", "platform", "risk"};
static const char *const people[] = {"\"Okafor, Ada\"", "\"Lind, Per\"",
                                     "\"Marsh \"\"Sam\"\", Samantha\"", "data-platform"};

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

struct resource {
    enum thing thing;
    uint64_t random;
    unsigned from, to; /* hours in which it lives */
    const struct region *region;
    const struct machine *machine;
};

/* A row being put together: a value a column. */
struct row {
    const char *values[COLUMNS];
    char text[48][160];
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

#define PUT(row, name, value)                                                                  \
    do {                                                                                       \
        static int at_ = -1;                                                                   \
        if (at_ < 0)                                                                           \
            at_ = column(name);                                                                \
        (row)->values[at_] = (value);                                                          \
    } while (0)
#define SET(row, name, ...)                                                                    \
    do {                                                                                       \
        char *text_ = (row)->text[(row)->texts++];                                             \
        snprintf(text_, sizeof (row)->text[0], __VA_ARGS__);                                   \
        PUT(row, name, text_);                                                                 \
    } while (0)

/* `length` letters and digits as AWS makes them up. */
static void random_text(char *to, unsigned length, uint64_t seed)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint64_t bits = 0;
    for (unsigned i = 0; i < length; i++, bits >>= 5) {
        if (i % 12 == 0)
            bits = mix(seed + i);
        to[i] = letters[bits & 31];
    }
    to[length] = '\0';
}

static void put_period(struct row *r, unsigned from, unsigned to)
{
    char text[2][40];
    for (unsigned i = 0; i < 2; i++) {
        unsigned hour = i ? to : from;
        snprintf(text[i], sizeof text[i], "2026-%02u-%02uT%02u:00:00Z", 1 + hour / HOURS,
                 hour / 24 % 31 + 1, hour % 24);
    }
    SET(r, "identity/TimeInterval", "%s/%s", text[0], text[1]);
    SET(r, "lineItem/UsageStartDate", "%s", text[0]);
    SET(r, "lineItem/UsageEndDate", "%s", text[1]);
}

static void put_bill(struct row *r, const char *line_type, uint64_t account, uint64_t number)
{
    static char id[64];
    random_text(id, 52, mix(number) ^ 1);
    PUT(r, "identity/LineItemId", id);
    PUT(r, "bill/BillingEntity", "AWS");
    PUT(r, "bill/BillType", "Anniversary");
    PUT(r, "bill/PayerAccountId", "111122223333");
    PUT(r, "bill/BillingPeriodStartDate", "2026-01-01T00:00:00Z");
    PUT(r, "bill/BillingPeriodEndDate", "2026-02-01T00:00:00Z");
    PUT(r, "lineItem/CurrencyCode", "USD");
    PUT(r, "lineItem/LegalEntity", "\"Amazon Web Services, Inc.\"");
    PUT(r, "lineItem/LineItemType", line_type);
    SET(r, "lineItem/UsageAccountId", "%012" PRIu64,
        111122223333 + mix(account) % 1000000 * 37);
}

static void put_machine(struct row *r, const struct machine *m)
{
    PUT(r, "product/clockSpeed", m->clock);
    PUT(r, "product/dedicatedEbsThroughput", m->throughput);
    PUT(r, "product/ecu", m->ecu);
    PUT(r, "product/instanceFamily", m->family);
    PUT(r, "product/instanceType", m->type);
    PUT(r, "product/instanceTypeFamily", m->group);
    PUT(r, "product/memory", m->memory);
    PUT(r, "product/networkPerformance", m->network);
    PUT(r, "product/normalizationSizeFactor", m->factor);
    PUT(r, "product/physicalProcessor", m->processor);
    PUT(r, "product/vcpu", m->vcpu);
}

static void put_product(struct row *r, const struct usage *u, const struct resource *res)
{
    static int columns[sizeof attributes / sizeof *attributes];
    bool of_machine = strchr(u->usage, '%') != NULL;
    char usage[80], sku[24];
    snprintf(usage, sizeof usage, u->usage, res->machine->type);
    uint64_t machine = of_machine ? (uint64_t)(res->machine - machines) : 0;
    uint64_t number = mix((uint64_t)(u - usages) * 64 + machine * 4 +
                          (uint64_t)(res->region - regions));
    random_text(sku, 16, number);
    for (char *p = sku; *p; p++)
        *p = (char)(*p >= 'a' ? *p - 'a' + 'A' : *p);
    SET(r, "lineItem/UsageType", "%s%s", res->region->prefix, usage);
    SET(r, "product/usagetype", "%s%s", res->region->prefix, usage);
    SET(r, "product/sku", "%s", sku);
    SET(r, "pricing/RateCode", "%s.JRTCKXETXF.6YS6EN2CT7", sku);
    SET(r, "pricing/RateId", "%u", (unsigned)(number % 900000000));
    PUT(r, "lineItem/ProductCode", u->service);
    PUT(r, "lineItem/Operation", u->operation);
    PUT(r, "product/ProductName", u->name);
    PUT(r, "product/operation", u->operation);
    PUT(r, "product/productFamily", u->family);
    PUT(r, "product/servicecode", u->service);
    PUT(r, "product/servicename", u->name);
    PUT(r, "product/location", res->region->location);
    PUT(r, "product/locationType", "AWS Region");
    PUT(r, "product/region", res->region->name);
    PUT(r, "product/regionCode", res->region->name);
    PUT(r, "product/group", u->group);
    PUT(r, "product/groupDescription", u->group_text);
    PUT(r, "pricing/currency", "USD");
    PUT(r, "pricing/term", "OnDemand");
    PUT(r, "pricing/unit", u->unit);
    if (of_machine)
        put_machine(r, res->machine);
    if (!strcmp(u->family, "Data Transfer"))
        PUT(r, "product/fromLocation", res->region->location);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (!columns[i])
            columns[i] = column(attributes[i].column);
        if (!strcmp(attributes[i].family, u->family))
            r->values[columns[i]] = attributes[i].value;
    }
}

static void put_id(struct row *r, const struct resource *res)
{
    static const char *const forms[THINGS] = {
        [INSTANCE] = "i-0%016" PRIx64,
        [VOLUME] = "vol-0%016" PRIx64,
        [BUCKET] = "analytics-lake-%08" PRIx64 "-prod",
        [BALANCER] = "arn:aws:elasticloadbalancing:us-east-1:111122223333:"
                     "loadbalancer/app/edge/%016" PRIx64,
        [FUNCTION] = "arn:aws:lambda:us-east-1:111122223333:function:ingest-%016" PRIx64,
        [DATABASE] = "arn:aws:rds:us-east-1:111122223333:db:orders-%016" PRIx64,
        [GATEWAY] = "arn:aws:ec2:us-east-1:111122223333:natgateway/nat-0%016" PRIx64,
    };
    if (forms[res->thing])
        SET(r, "lineItem/ResourceId", forms[res->thing],
            res->thing == BUCKET ? res->random >> 32 : res->random);
    if (res->thing == INSTANCE || res->thing == VOLUME)
        SET(r, "lineItem/AvailabilityZone", "%s%c", res->region->name,
            "abc"[res->random / 8 % 3]);
}

/* Machines and their volumes belong to clusters, many of which jobs start. */
static void put_cluster(struct row *r, uint64_t cluster)
{
    char tail[12];
    uint64_t random = mix(cluster ^ 99);
    random_text(tail, 8, random);
    SET(r, "resourceTags/user:ClusterId", "01%02u-%06u-%s", (unsigned)(random % 28 + 1),
        (unsigned)(random / 32 % 240000), tail);
    PUT(r, "resourceTags/user:Vendor", "Databricks");
    SET(r, "resourceTags/user:Creator", "%s-svc@example.com", teams[random / 7 % 5]);
    if (random % 3) {
        SET(r, "resourceTags/user:JobId", "%u", (unsigned)(random % 400) * 7919 + 100003);
        SET(r, "resourceTags/user:RunName", "%s nightly load %u", teams[random / 7 % 5],
            (unsigned)(random % 400));
        SET(r, "resourceTags/user:ClusterName", "job-%u-run-%u-main",
            (unsigned)(random % 400) * 7919 + 100003, (unsigned)(random >> 40));
    } else {
        SET(r, "resourceTags/user:ClusterName", "%s exploration %u", teams[random / 7 % 5],
            (unsigned)(random % 50));
    }
}

static void put_tags(struct row *r, const struct resource *res)
{
    uint64_t random = mix(res->random);
    char role[24];
    if (res->thing == NAMELESS)
        return;
    bool clustered = (res->thing == INSTANCE || res->thing == VOLUME) && random % 4;
    if (clustered)
        put_cluster(r, random / 64 % 4000);
    random_text(role, 17, random % 60);
    SET(r, "resourceTags/aws:createdBy", "AssumedRole:AROA%s:%s-deploy", role,
        teams[random % 5]);
    PUT(r, "resourceTags/user:Team", teams[random % 5]);
    PUT(r, "resourceTags/user:Owner", people[random / 8 % 4]);
    PUT(r, "resourceTags/user:Environment", random % 4 ? "prod" : "test");
    SET(r, "resourceTags/user:CostCenter", "cc-%u", 1000 + (unsigned)(random % 12));
    SET(r, "resourceTags/user:Application", "%s-pipeline", teams[random / 16 % 5]);
    PUT(r, "costCategory/Department", random % 5 < 2 ? "\"Sales, Marketing\"" : "Engineering");
    if (clustered)
        SET(r, "resourceTags/user:Name", "workerenv-%u-%08x-worker",
            (unsigned)(random / 64 % 4000), (unsigned)(random >> 32));
    else
        SET(r, "resourceTags/user:Name", "%s-node-%u", teams[random % 5],
            (unsigned)(random >> 44));
}

/* Half of the machine hours are covered by a plan or a reservation. */
static const char *line_type_of(const struct usage *u, const struct resource *res,
                                uint64_t random)
{
    if (u->thing != INSTANCE || u->micro > 0)
        return random % 4001 ? "Usage" : "Credit";
    unsigned cover = (unsigned)(res->random % 10);
    return cover < 5 ? "Usage" : cover < 8 ? "SavingsPlanCoveredUsage" : "DiscountedUsage";
}

/* Ten decimals, or E notation where the amount is small, as in real exports. */
static void amount_text(char *out, size_t room, double amount)
{
    snprintf(out, room, amount && amount < 1e-4 && amount > -1e-4 ? "%.8E" : "%.10f", amount);
}

#define AMOUNT(row, name, amount)                                                              \
    do {                                                                                       \
        char amount_[32];                                                                      \
        amount_text(amount_, sizeof amount_, amount);                                          \
        SET(row, name, "%s", amount_);                                                         \
    } while (0)

static void put_amounts(struct row *r, const char *line_type, double quantity, double rate)
{
    double cost = quantity * rate;
    bool reserved = !strcmp(line_type, "DiscountedUsage");
    AMOUNT(r, "lineItem/UsageAmount", quantity);
    SET(r, "lineItem/UnblendedRate", "%.10f", reserved ? 0.0 : rate);
    bool credit = !strcmp(line_type, "Credit");
    AMOUNT(r, "lineItem/UnblendedCost", credit ? -cost : reserved ? 0 : cost);
    SET(r, "lineItem/BlendedRate", "%.10f", rate);
    AMOUNT(r, "lineItem/BlendedCost", cost);
    SET(r, "pricing/publicOnDemandRate", "%.10f", rate);
    AMOUNT(r, "pricing/publicOnDemandCost", cost);
    if (reserved) {
        AMOUNT(r, "reservation/EffectiveCost", cost * 0.6);
        AMOUNT(r, "reservation/RecurringFeeForUsage", cost * 0.6);
        SET(r, "reservation/ReservationARN",
            "arn:aws:ec2:us-east-1:111122223333:reserved-instances/%08x-90be-4a47-8f5a",
            (unsigned)(mix((uint64_t)(rate * 1e6)) >> 32));
    }
    if (!strcmp(line_type, "SavingsPlanCoveredUsage")) {
        AMOUNT(r, "savingsPlan/SavingsPlanEffectiveCost", cost * 0.72);
        SET(r, "savingsPlan/SavingsPlanRate", "%.10f", rate * 0.72);
        PUT(r, "savingsPlan/SavingsPlanARN",
            "arn:aws:savingsplans::111122223333:savingsplan/"
            "5a7ce8b1-91d4-4f66-a1f2-d11e6ac0b3d2");
    }
}

static void put_description(struct row *r, const struct usage *u, const struct resource *res,
                            uint64_t random)
{
    if (u->describe) {
        PUT(r, "lineItem/LineItemDescription", u->describe);
    } else if (random % 97) {
        SET(r, "lineItem/LineItemDescription",
            "\"$%.4f per On Demand Linux %s Instance Hour, %s\"", res->machine->micro / 1e6,
            res->machine->type, res->region->location);
    } else {
        SET(r, "lineItem/LineItemDescription",
            "\"$%.4f per \"\"%s\"\" hour,\nsecond line\"", res->machine->micro / 1e6,
            res->machine->type);
    }
}

static void make_row(struct row *r, const struct usage *u, const struct resource *res,
                     unsigned hour, uint64_t number)
{
    uint64_t random = mix(number ^ (uint64_t)0x5bd1e995 << 32);
    const char *line_type = line_type_of(u, res, random);
    double part = (double)(random >> 11) / 9007199254740992.0;
    memset(r->values, 0, sizeof r->values);
    r->texts = 0;
    put_bill(r, line_type, res->random % 40, number);
    put_period(r, hour, hour + 1);
    put_product(r, u, res);
    put_id(r, res);
    put_amounts(r, line_type, u->most > 0 ? u->most * part * part : 1,
                (u->micro > 0 ? u->micro : res->machine->micro) / 1e6);
    put_description(r, u, res, random);
    put_tags(r, res);
}

/* Fees and taxes: what no machine causes. */
static void make_fee(struct row *r, const char *line_type, unsigned hour, unsigned hours,
                     double cost, uint64_t number)
{
    memset(r->values, 0, sizeof r->values);
    r->texts = 0;
    put_bill(r, line_type, number % 7, number);
    put_period(r, hour, hour + hours);
    bool plan = *line_type == 'S';
    PUT(r, "lineItem/ProductCode", plan ? "ComputeSavingsPlans" : "AmazonEC2");
    PUT(r, "product/ProductName", plan ? "Savings Plans for AWS Compute usage" : ec2);
    PUT(r, "lineItem/UsageType", plan ? "ComputeSP:1yrNoUpfront" : "HeavyUsage:m5.xlarge");
    SET(r, "lineItem/UsageAmount", "%u", hours);
    AMOUNT(r, "lineItem/UnblendedCost", cost);
    SET(r, "lineItem/LineItemDescription", "\"%s, %u hours\"", line_type, hours);
    if (!strcmp(line_type, "SavingsPlanRecurringFee")) {
        AMOUNT(r, "savingsPlan/TotalCommitmentToDate", cost);
        AMOUNT(r, "savingsPlan/UsedCommitment", cost * 0.93);
    }
    if (!strcmp(line_type, "RIFee")) {
        AMOUNT(r, "reservation/UnusedRecurringFee", cost * 0.1);
        PUT(r, "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "0.0");
    }
}

struct bill {
    FILE *files[PARTS_MAX];
    unsigned parts;
    uint64_t rows, bytes;
};

static void write_row(FILE *out, const char *const *values, uint64_t *bytes)
{
    static char line[COLUMNS * 160];
    char *to = line;
    for (int i = 0; i < COLUMNS; i++) {
        if (i)
            *to++ = ',';
        if (values[i])
            to = stpcpy(to, values[i]);
    }
    *to++ = '\n';
    fwrite_unlocked(line, 1, (size_t)(to - line), out);
    *bytes += (uint64_t)(to - line);
}

static void add_row(struct bill *bill, const struct row *row)
{
    write_row(bill->files[mix(bill->rows) % bill->parts], row->values, &bill->bytes);
    bill->rows++;
}

static void write_fees(struct bill *bill, unsigned hour)
{
    static const struct {
        const char *type;
        double cost;
    } of_month[] = {{"RIFee", 84.32}, {"Fee", 15.0}, {"Tax", 1204.11}, {"Refund", -3.5},
                    {"EdpDiscount", -90.25}};
    static struct row row;
    make_fee(&row, "SavingsPlanRecurringFee", hour, 1, 25.0, bill->rows);
    add_row(bill, &row);
    make_fee(&row, "SavingsPlanNegation", hour, 1, -31.0, bill->rows);
    add_row(bill, &row);
    for (size_t i = 0; hour == 0 && i < 5 * sizeof of_month / sizeof *of_month; i++) {
        make_fee(&row, of_month[i / 5].type, 0, HOURS, of_month[i / 5].cost, bill->rows);
        add_row(bill, &row);
    }
}

static void write_bill(struct bill *bill, const struct resource *resources, unsigned count)
{
    static struct row row;
    for (unsigned hour = 0; hour < HOURS; hour++) {
        write_fees(bill, hour);
        for (const struct usage *u = usages; u < usages + USAGES; u++)
            for (const struct resource *r = resources; r < resources + count; r++) {
                if (r->thing != u->thing || hour < r->from || hour >= r->to ||
                    mix(r->random ^ hour << 8 ^ (uint64_t)(u - usages)) % 1000 >= u->chance)
                    continue;
                make_row(&row, u, r, hour, bill->rows);
                add_row(bill, &row);
            }
    }
}

static enum thing thing_of(uint64_t random)
{
    unsigned share = (unsigned)(random % 1000), t = 0;
    while (t + 1 < THINGS && share >= shares[t])
        share -= shares[t++];
    return (enum thing)t;
}

/* Rows that a resource has in an hour of its life, on average. */
static double rows_an_hour(void)
{
    double rows = 0;
    for (size_t i = 0; i < USAGES; i++)
        rows += shares[usages[i].thing] / 1000.0 * usages[i].chance / 1000.0;
    return rows;
}

/* Most resources live a few hours; as many live all month as it takes for that many rows. */
static unsigned make_resources(struct resource *out, unsigned count, double rows)
{
    static const double short_life = 9.5;
    double wanted = rows / rows_an_hour() / count;
    if (wanted < short_life)
        count = (unsigned)(count * wanted / short_life) + 1;
    uint64_t lasting = wanted < short_life ? 0
        : (uint64_t)((wanted - short_life) / (HOURS - short_life) * 1e6);
    for (unsigned i = 0; i < count; i++) {
        uint64_t random = mix(i), life = mix(random ^ 3);
        bool lasts = life % 1000000 < lasting;
        unsigned from = (unsigned)(life >> 32) % (HOURS - 18);
        unsigned hours = 1 + (unsigned)(life >> 24) % 18;
        out[i] = (struct resource){.thing = thing_of(mix(random ^ 5)), .random = random,
                                   .from = lasts ? 0 : from,
                                   .to = lasts ? HOURS : from + hours,
                                   .region = &regions[random / 3 % 4],
                                   .machine = &machines[random / 16 % MACHINES]};
    }
    return count;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bill_data FOLDER MEGABYTES [PARTS [RESOURCES]]\n");
        return 2;
    }
    double rows = strtod(argv[2], NULL) * 1e6 / ROW_BYTES;
    struct bill bill = {.parts = argc > 3 ? (unsigned)atoi(argv[3]) : 4};
    unsigned count = argc > 4 ? (unsigned)atoi(argv[4]) : 20000;
    if (!bill.parts || bill.parts > PARTS_MAX || !count || rows <= 0)
        return 2;
    for (unsigned p = 0; p < bill.parts; p++) {
        char path[1000];
        snprintf(path, sizeof path, "%s/bill-%05u.csv", argv[1], p + 1);
        bill.files[p] = fopen(path, "w");
        if (!bill.files[p]) {
            perror(path);
            return 1;
        }
        write_row(bill.files[p], names, &bill.bytes);
    }
    struct resource *resources = calloc(count, sizeof *resources);
    count = make_resources(resources, count, rows);
    write_bill(&bill, resources, count);
    free(resources);
    for (unsigned p = 0; p < bill.parts; p++)
        if (fclose(bill.files[p]))
            return 1;
    printf("%" PRIu64 " rows, %" PRIu64 " bytes\n", bill.rows, bill.bytes);
    return 0;
}
