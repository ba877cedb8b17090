#include <string.h>

#include "base/buf.h"
#include "offer.h"

const struct offer_column_name offer_columns[OFFER_COLUMNS] = {
    [TERM_TYPE] = {"TermType", true},           [STARTING_RANGE] = {"StartingRange", false},
    [PRICE_PER_UNIT] = {"PricePerUnit", true},  [CURRENCY] = {"Currency", false},
    [REGION_CODE] = {"Region Code", true},      [USAGE_TYPE] = {"usageType", true},
    [OPERATION] = {"operation", false},         [MARKET_OPTION] = {"MarketOption", false},
    [INSTANCE_TYPE] = {"Instance Type", false}, [TO_REGION] = {"To Region Code", false},
};

static const struct offer_rule rules[] = {
    {"AmazonEC2", "BoxUsage:*", "RunInstances", "ec2", "instance", "instance_type=@;os=linux",
     "usd_per_hour", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeUsage", NULL, "ebs", "storage", "type=standard",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeUsage.gp2", NULL, "ebs", "storage", "type=gp2",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeUsage.gp3", NULL, "ebs", "storage", "type=gp3",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeUsage.piops", NULL, "ebs", "storage", "type=io1",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeUsage.io2", NULL, "ebs", "storage", "type=io2",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeUsage.st1", NULL, "ebs", "storage", "type=st1",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeUsage.sc1", NULL, "ebs", "storage", "type=sc1",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeP-IOPS.gp3", NULL, "ebs", "iops", "type=gp3",
     "usd_per_iops_month", 3000, 0, 0},
    {"AmazonEC2", "EBS:VolumeP-IOPS.piops", NULL, "ebs", "iops", "type=io1",
     "usd_per_iops_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeP-IOPS.io2", NULL, "ebs", "iops", "type=io2",
     "usd_per_iops_month", 0, 0, 0},
    {"AmazonEC2", "EBS:VolumeP-IOPS.io2.tier2", NULL, "ebs", "iops", "type=io2",
     "usd_per_iops_month", 32000, 0, 0},
    {"AmazonEC2", "EBS:VolumeP-IOPS.io2.tier3", NULL, "ebs", "iops", "type=io2",
     "usd_per_iops_month", 64000, 0, 0},
    {"AmazonEC2", "EBS:VolumeP-Throughput.gp3", NULL, "ebs", "throughput", "type=gp3",
     "usd_per_mb_per_s_month", 125, 0, 1024},
    {"AmazonEC2", "EBS:SnapshotUsage", NULL, "ebs", "snapshot_storage", "type=snapshot",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonEC2", "NatGateway-Hours", NULL, "data_transfer", "nat_gateway_hour", NULL,
     "usd_per_hour", 0, 0, 0},
    {"AmazonEC2", "NatGateway-Bytes", NULL, "data_transfer", "nat_gateway_data", NULL,
     "usd_per_gb", 0, 0, 0},
    {"AmazonVPC", "PublicIPv4:InUseAddress", NULL, "data_transfer", "public_ipv4_in_use_hour",
     NULL, "usd_per_hour", 0, 0, 0},
    {"AmazonVPC", "PublicIPv4:IdleAddress", NULL, "data_transfer", "public_ipv4_idle_hour",
     NULL, "usd_per_hour", 0, 0, 0},
    {"AmazonVPC", "VpcEndpoint-Hours", NULL, "data_transfer", "vpc_endpoint_interface_hour",
     NULL, "usd_per_hour", 0, 0, 0},
    {"AmazonVPC", "VpcEndpoint-Bytes", NULL, "data_transfer", "vpc_endpoint_interface_data",
     NULL, "usd_per_gb", 0, 0, 0},
    {"AWSDataTransfer", "DataTransfer-Out-Bytes", NULL, "data_transfer", "internet_egress",
     "to=internet", "usd_per_gb", 0, 0, 0},
    {"AWSDataTransfer", "DataTransfer-Regional-Bytes", NULL, "data_transfer", "inter_az", NULL,
     "usd_per_gb", 0, 0, 0},
    {"AWSDataTransfer", "*-AWS-Out-Bytes", NULL, "data_transfer", "inter_region", "to=@",
     "usd_per_gb", 0, 0, 0},
    {"AWSELB", "LoadBalancerUsage", "LoadBalancing", "elb", "hour", "kind=classic",
     "usd_per_hour", 0, 0, 0},
    {"AWSELB", "DataProcessing-Bytes", "LoadBalancing", "elb", "gb_processed", "kind=classic",
     "usd_per_gb", 0, 0, 0},
    {"AWSELB", "LoadBalancerUsage", "LoadBalancing:Application", "elb", "hour",
     "kind=application", "usd_per_hour", 0, 0, 0},
    {"AWSELB", "LCUUsage", "LoadBalancing:Application", "elb", "lcu_hour", "kind=application",
     "usd_per_lcu_hour", 0, 0, 0},
    {"AWSELB", "LoadBalancerUsage", "LoadBalancing:Network", "elb", "hour", "kind=network",
     "usd_per_hour", 0, 0, 0},
    {"AWSELB", "LCUUsage", "LoadBalancing:Network", "elb", "lcu_hour", "kind=network",
     "usd_per_lcu_hour", 0, 0, 0},
    {"AWSELB", "LoadBalancerUsage", "LoadBalancing:Gateway", "elb", "hour", "kind=gateway",
     "usd_per_hour", 0, 0, 0},
    {"AWSELB", "LCUUsage", "LoadBalancing:Gateway", "elb", "lcu_hour", "kind=gateway",
     "usd_per_lcu_hour", 0, 0, 0},
    {"AmazonS3", "TimedStorage-ByteHrs", NULL, "s3", "storage", "class=standard",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-SIA-ByteHrs", NULL, "s3", "storage", "class=standard_ia",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-ZIA-ByteHrs", NULL, "s3", "storage", "class=onezone_ia",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-GIR-ByteHrs", NULL, "s3", "storage", "class=glacier_ir",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-GlacierByteHrs", NULL, "s3", "storage",
     "class=glacier_flexible", "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-GDA-ByteHrs", NULL, "s3", "storage", "class=deep_archive",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-RRS-ByteHrs", NULL, "s3", "storage", "class=reduced_redundancy",
     "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-INT-FA-ByteHrs", NULL, "s3", "storage_frequent",
     "class=intelligent_tiering", "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-INT-IA-ByteHrs", NULL, "s3", "storage_infrequent",
     "class=intelligent_tiering", "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-INT-AIA-ByteHrs", NULL, "s3", "storage_archive_instant",
     "class=intelligent_tiering", "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-INT-AA-ByteHrs", NULL, "s3", "storage_archive",
     "class=intelligent_tiering", "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "TimedStorage-INT-DAA-ByteHrs", NULL, "s3", "storage_deep_archive",
     "class=intelligent_tiering", "usd_per_gb_month", 0, 0, 0},
    {"AmazonS3", "Requests-Tier1", NULL, "s3", "put_copy_post_list", "class=standard",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Requests-Tier2", NULL, "s3", "get_select_other", "class=standard",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Requests-SIA-Tier1", NULL, "s3", "put_copy_post_list", "class=standard_ia",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Requests-SIA-Tier2", NULL, "s3", "get_select_other", "class=standard_ia",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Requests-ZIA-Tier1", NULL, "s3", "put_copy_post_list", "class=onezone_ia",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Requests-ZIA-Tier2", NULL, "s3", "get_select_other", "class=onezone_ia",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Requests-GIR-Tier1", NULL, "s3", "put_copy_post_list", "class=glacier_ir",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Requests-GIR-Tier2", NULL, "s3", "get_select_other", "class=glacier_ir",
     "usd_per_1000_requests", 0, 1000, 0},
    {"AmazonS3", "Retrieval-SIA", NULL, "s3", "retrieval", "class=standard_ia", "usd_per_gb",
     0, 0, 0},
    {"AmazonS3", "Retrieval-ZIA", NULL, "s3", "retrieval", "class=onezone_ia", "usd_per_gb", 0,
     0, 0},
    {"AmazonS3", "Retrieval-GIR", NULL, "s3", "retrieval", "class=glacier_ir", "usd_per_gb", 0,
     0, 0},
    {"AWSLambda", "Lambda-GB-Second", NULL, "lambda", "duration_x86", NULL,
     "usd_per_gb_second", 0, 0, 0},
    {"AWSLambda", "Lambda-GB-Second-ARM", NULL, "lambda", "duration_arm", NULL,
     "usd_per_gb_second", 0, 0, 0},
    {"AWSLambda", "Request", NULL, "lambda", "requests_x86", NULL, "usd_per_1000000_requests",
     0, 1000000, 0},
    {"AWSLambda", "Request-ARM", NULL, "lambda", "requests_arm", NULL,
     "usd_per_1000000_requests", 0, 1000000, 0},
};

static bool is(struct field field, const char *text)
{
    return field.length == strlen(text) && !memcmp(field.text, text, field.length);
}

bool offer_known(struct field offer)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (is(offer, rules[i].offer))
            return true;
    return false;
}

void offer_names(struct buf *out)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!out->length || !strstr(out->text, rules[i].offer))
            buf_printf(out, "%s%s", out->length ? ", " : "", rules[i].offer);
}

static bool ends_with(struct field field, const char *end, size_t length)
{
    return field.length >= length && !memcmp(field.text + field.length - length, end, length);
}

/* What the region puts before a usage type: "", "EUW2-", "USW2-LAX1-". */
static bool is_prefix(struct field usage, size_t length)
{
    enum { LONGEST = 12 };
    if (!length)
        return true;
    if (length > LONGEST || usage.text[length - 1] != '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", usage.text[i]))
            return false;
    return true;
}

/* "EUW2-NatGateway-Hours" is NatGateway-Hours; so is that without a prefix. */
static bool usage_is(struct field usage, const char *wanted)
{
    size_t length = strlen(wanted);
    if (*wanted == '*')
        return ends_with(usage, wanted + 1, length - 1);
    if (wanted[length - 1] != '*')
        return ends_with(usage, wanted, length) && is_prefix(usage, usage.length - length);
    const char *at = memmem(usage.text, usage.length, wanted, length - 1);
    return at && is_prefix(usage, (size_t)(at - usage.text));
}

static bool meets(const struct offer_rule *rule, const struct field *row)
{
    if (!usage_is(row[USAGE_TYPE], rule->usage_type))
        return false;
    return !rule->operation || is(row[OPERATION], rule->operation);
}

const struct offer_rule *offer_rule_for(struct field offer, const struct field *row)
{
    if (!is(row[TERM_TYPE], "OnDemand") ||
        (row[MARKET_OPTION].length && !is(row[MARKET_OPTION], "OnDemand")))
        return NULL;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (is(offer, rules[i].offer) && meets(&rules[i], row))
            return &rules[i];
    return NULL;
}
