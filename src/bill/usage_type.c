#include "usage_type.h"

#include <string.h>

/* As in AWS's usage reports; eu-west-1 is plain "EU". */
static const struct {
    const char *prefix, *region;
} prefixes[] = {
    {"AFS1", "af-south-1"}, {"APE1", "ap-east-1"}, {"APN1", "ap-northeast-1"},
    {"APN2", "ap-northeast-2"}, {"APN3", "ap-northeast-3"}, {"APS1", "ap-southeast-1"},
    {"APS2", "ap-southeast-2"}, {"APS3", "ap-south-1"}, {"APS4", "ap-southeast-3"},
    {"APS5", "ap-south-2"}, {"APS6", "ap-southeast-4"}, {"APS7", "ap-southeast-5"},
    {"CAN1", "ca-central-1"}, {"CAN2", "ca-west-1"}, {"CPT", "af-south-1"},
    {"EU", "eu-west-1"}, {"EUC1", "eu-central-1"}, {"EUC2", "eu-central-2"},
    {"EUN1", "eu-north-1"}, {"EUS1", "eu-south-1"}, {"EUS2", "eu-south-2"},
    {"EUW1", "eu-west-1"}, {"EUW2", "eu-west-2"}, {"EUW3", "eu-west-3"},
    {"ILC1", "il-central-1"}, {"MEC1", "me-central-1"}, {"MES1", "me-south-1"},
    {"MXC1", "mx-central-1"}, {"SAE1", "sa-east-1"}, {"UGE1", "us-gov-east-1"},
    {"UGW1", "us-gov-west-1"}, {"USE1", "us-east-1"}, {"USE2", "us-east-2"},
    {"USW1", "us-west-1"}, {"USW2", "us-west-2"},
};

/* The region of a prefix at the front of `text`, and what follows its hyphen. */
static const char *skip_prefix(const char *text, const char **region)
{
    size_t length = strcspn(text, "-");
    for (size_t i = 0; text[length] && i < sizeof prefixes / sizeof *prefixes; i++) {
        if (strlen(prefixes[i].prefix) == length && !memcmp(prefixes[i].prefix, text, length)) {
            *region = prefixes[i].region;
            return text + length + 1;
        }
    }
    return text;
}

/* Some services write the region's own name in front: "ca-central-1-KMS-Keys". */
static const char *skip_region_name(const char *text, const char **region)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = strlen(prefixes[i].region);
        if (!strncmp(prefixes[i].region, text, length) && text[length] == '-') {
            *region = prefixes[i].region;
            return text + length + 1;
        }
    }
    return text;
}

/* "m6i.xlarge", "db.r5.large", "ra3.4xlarge": letters and digits with one or two points. */
static bool is_instance_type(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    const char *point = strchr(text, '.');
    return !text[length] && point && point > text && point[1];
}

struct usage_type usage_type_parts(const char *text)
{
    static const char *const of_instances[] = {
        "BoxUsage", "SpotUsage", "HeavyUsage", "DedicatedUsage", "HostBoxUsage", "InstanceUsage",
        "Multi-AZUsage", "NodeUsage", "Node", "ReservedInstanceUsage", "UnusedBox",
        "UnusedDed", "InstanceUsageIOOptimized", "Multi-AZClusterUsage", "HostUsage"};
    struct usage_type parts = {.region = NULL};
    const char *second = NULL;
    parts.measure = skip_prefix(text, &parts.region);
    if (parts.region)
        parts.measure = skip_prefix(parts.measure, &second);
    else
        parts.measure = skip_region_name(text, &parts.region);
    size_t kind = strcspn(parts.measure, ":");
    parts.spot = !strncmp(parts.measure, "SpotUsage", 9);
    for (size_t i = 0; parts.measure[kind] && i < sizeof of_instances / sizeof *of_instances; i++)
        if (strlen(of_instances[i]) == kind && !memcmp(of_instances[i], parts.measure, kind) &&
            is_instance_type(parts.measure + kind + 1))
            parts.instance_type = parts.measure + kind + 1;
    return parts;
}
