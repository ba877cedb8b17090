#include "s3_rules.h"

#include <string.h>

static const struct s3_rule_name names[] = {
    {"id", "ID", false},
    {"status", "Status", false},
    {"prefix", "Prefix", false},
    {"filter", "Filter", false},
    {"and", "And", false},
    {"tag", "Tag", false},
    {"tags", "Tags", false},
    {"key", "Key", false},
    {"value", "Value", false},
    {"object_size_greater_than", "ObjectSizeGreaterThan", false},
    {"object_size_less_than", "ObjectSizeLessThan", false},
    {"transition", "Transitions", true},
    {"days", "Days", false},
    {"date", "Date", false},
    {"storage_class", "StorageClass", false},
    {"expiration", "Expiration", false},
    {"expired_object_delete_marker", "ExpiredObjectDeleteMarker", false},
    {"noncurrent_version_transition", "NoncurrentVersionTransitions", true},
    {"noncurrent_version_expiration", "NoncurrentVersionExpiration", false},
    {"noncurrent_days", "NoncurrentDays", false},
    {"newer_noncurrent_versions", "NewerNoncurrentVersions", false},
    {"abort_incomplete_multipart_upload", "AbortIncompleteMultipartUpload", false},
    {"days_after_initiation", "DaysAfterInitiation", false},
};

const struct s3_rule_name *s3_name_of_terraform(const char *key)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].terraform, key) == 0)
            return &names[i];
    return NULL;
}

const struct s3_rule_name *s3_name_of_api(const char *key)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].api, key) == 0)
            return &names[i];
    return NULL;
}
