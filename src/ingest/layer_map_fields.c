#include "layer_map_fields.h"

static const struct strict_field account_fields[] = {
    TEXT("id", NULL, "12 digits"),
    TEXT("alias", NULL, "a name for people"),
    CHOICE("role", "workload|payer|log|network", NULL, "what it is for"),
    TEXT("tenant", NULL, "all that runs in it belongs to this tenant"),
    STRICT_END,
};

static const struct strict_field region_fields[] = {
    {.key = "code", .type = STRICT_TEXT, .required = true, .about = "us-east-1"},
    FLAG("primary", NULL, "where entries stand that name no region"),
    TEXTS("azs", NULL, "availability zones in use"),
    STRICT_END,
};

static const struct strict_field tenant_fields[] = {
    {.key = "id", .type = STRICT_ID, .required = true, .about = "unique in the map"},
    TEXT("name", NULL, "for people"),
    CHOICE("isolation", "account|workspace|catalog|prefix", NULL, "how it is kept apart"),
    TAGS("tags", NULL, "a resource with all of these pairs is this tenant's"),
    TEXTS("accounts", NULL, "AWS accounts of its own"),
    TEXTS("workspaces", NULL, "Databricks workspace ids of its own"),
    TEXTS("catalogs", NULL, "Unity Catalog catalogs"),
    TEXTS("s3_prefixes", NULL, "s3://bucket/prefix/"),
    TEXTS("roles", NULL, "IAM roles that act for it"),
    NUM("budget_month", NULL, "in the map's currency"),
    STRICT_END,
};

static const struct strict_field databricks_fields[] = {
    CHOICE("tier", "STANDARD|PREMIUM|ENTERPRISE|standard|premium|enterprise", NULL,
           "price plan; default PREMIUM"),
    CHOICE("purchase", "direct|marketplace_payg|marketplace_private_offer", NULL,
           "where DBUs are billed"),
    TEXT("marketplace_product_name", NULL, "as the AWS bill names it"),
    {.key = "dbu_discount",
     .type = STRICT_NUMBERS,
     .most = 1,
     .about = "off the list price by SKU (JOBS, ALL_PURPOSE, SQL, ...); '*' is every other"},
    STRICT_END,
};

static const struct strict_field commitment_fields[] = {
    {.key = "kind",
     .type = STRICT_TEXT,
     .choices = "compute_sp|ec2_sp|ri",
     .required = true,
     .about = "Compute or EC2 Instance Savings Plan, or reservation"},
    NUM("hourly", NULL, "USD an hour; of a reservation its effective cost"),
    NUM_TO("discount", 1, NULL, "against on demand"),
    TEXT("family", NULL, "m6g; of an EC2 Instance Savings Plan"),
    TEXT("instance_type", NULL, "of a reservation"),
    NUM("count", NULL, "instances, of a reservation"),
    TEXT("region", NULL, "where it applies; default anywhere"),
    {.key = "end", .type = STRICT_DATE, .about = "last day"},
    CHOICE("payment", "No Upfront|Partial Upfront|All Upfront", NULL, "how it is paid"),
    TEXT("arn", NULL, "as the bill names it"),
    STRICT_END,
};

static const struct strict_field price_fields[] = {
    TEXT("folder", NULL, "price files that come before the built-in book"),
    NUMBERS("overrides", NULL, "USD per unit by price key, as advisor prices show prints it"),
    {.key = "discounts_pct",
     .type = STRICT_NUMBERS,
     .most = 100,
     .about = "per cent off the list price by price key"},
    STRICT_END,
};

static const struct strict_field waiver_fields[] = {
    TEXT("id", NULL, "of the check, MAP-001"),
    TEXT("resource", NULL, "key or address, with * and ?"),
    TEXT("reason", NULL, "why it is accepted"),
    TEXT("owner", NULL, "who accepts it"),
    {.key = "until", .type = STRICT_DATE, .about = "last day that it counts"},
    STRICT_END,
};

static const struct strict_field check_fields[] = {
    TEXTS("off", NULL, "checks that are not run"),
    ANY("params", NULL, "thresholds, by name"),
    TEXTS("required_tags", NULL, "tags that every taggable resource must have"),
    LIST_OF("waivers", waiver_fields, "findings that are accepted"),
    STRICT_END,
};

static const struct strict_field rule_fields[] = {
    TEXTS("services", NULL, "product codes of the bill, with * and ?"),
    TEXTS("usage_types", NULL, "usage types, with * and ?"),
    TEXTS("ids", NULL, "ids or ARNs, with * and ?"),
    TEXTS("names", NULL, "names, with * and ?"),
    TEXTS("types", NULL, "Terraform types, with * and ?"),
    TEXTS("accounts", NULL, "12 digits"),
    TEXTS("regions", NULL, "us-east-1"),
    TAGS("tags", NULL, "all of these pairs, values with * and ?"),
    CHOICE("layer",
           "storage|orchestration|compute|governance|network|load_balancing|observability",
           NULL, "given to what matches"),
    TEXT("tenant", NULL, "given to what matches"),
    TEXT("phase", NULL, "given to what matches"),
    STRICT_END,
};

static const struct strict_field attribution_fields[] = {
    CHOICE("shared_by", "dbu_share|bytes_share|requests_share|even", NULL,
           "how cost that no tenant owns is shared out; default dbu_share"),
    LIST_OF("rules", rule_fields, "for what no entry names; the first that matches wins"),
    STRICT_END,
};

static const struct strict_field layer_fields[] = {
    MAP_OF("storage", storage_fields, "S3"),
    MAP_OF("orchestration", orchestration_fields, "Lambda, EventBridge, Step Functions, SQS"),
    MAP_OF("compute", compute_fields, "Databricks and EC2"),
    MAP_OF("governance", governance_fields, "Unity Catalog, IAM, Glue, KMS"),
    MAP_OF("network", network_fields, "traffic, NAT, endpoints, accelerators"),
    MAP_OF("load_balancing", load_balancing_fields, "load balancers"),
    MAP_OF("observability", observability_fields, "CloudWatch, Config, CloudTrail"),
    STRICT_END,
};

const struct strict_field map_fields[] = {
    {.key = "layer_map",
     .type = STRICT_NUMBER,
     .least = 1,
     .most = 1,
     .required = true,
     .about = "version of this format: 1"},
    TEXT("name", NULL, "of the deployment"),
    TEXT("currency", NULL, "ISO code; default USD"),
    {.key = "hours_per_month",
     .type = STRICT_NUMBER,
     .least = 1,
     .most = 744,
     .about = "default 730"},
    LIST_OF("accounts", account_fields, "AWS accounts"),
    LIST_OF("regions", region_fields, "AWS regions; the first is primary unless one says so"),
    LIST_OF("tenants", tenant_fields, "who the cost is shown to"),
    MAP_OF("databricks", databricks_fields, "the Databricks contract"),
    MAP_OF("layers", layer_fields, "what the deployment is made of"),
    LIST_OF("commitments", commitment_fields, "Savings Plans and reservations that run"),
    MAP_OF("prices", price_fields, "prices of one's own"),
    MAP_OF("checks", check_fields, "policy checks"),
    MAP_OF("attribution", attribution_fields, "how a bill is named and shared out"),
    STRICT_END,
};

const struct entry_kind entry_kinds[] = {
    {LAYER_STORAGE, "buckets", "aws_s3_bucket"},
    {LAYER_ORCHESTRATION, "functions", "aws_lambda_function"},
    {LAYER_ORCHESTRATION, "event_buses", "aws_cloudwatch_event_bus"},
    {LAYER_ORCHESTRATION, "rules", "aws_cloudwatch_event_rule"},
    {LAYER_ORCHESTRATION, "schedules", "aws_scheduler_schedule"},
    {LAYER_ORCHESTRATION, "state_machines", "aws_sfn_state_machine"},
    {LAYER_ORCHESTRATION, "queues", "aws_sqs_queue"},
    {LAYER_COMPUTE, "workspaces", "databricks_mws_workspaces"},
    {LAYER_COMPUTE, "pools", "databricks_instance_pool"},
    {LAYER_COMPUTE, "clusters", "databricks_cluster"},
    {LAYER_COMPUTE, "ec2", "aws_instance"},
    {LAYER_COMPUTE, "volumes", "aws_ebs_volume"},
    {LAYER_GOVERNANCE, "catalogs", "databricks_catalog"},
    {LAYER_GOVERNANCE, "external_locations", "databricks_external_location"},
    {LAYER_GOVERNANCE, "storage_credentials", "databricks_storage_credential"},
    {LAYER_GOVERNANCE, "iam_roles", "aws_iam_role"},
    {LAYER_GOVERNANCE, "glue", "aws_glue_catalog_database"},
    {LAYER_GOVERNANCE, "crawlers", "aws_glue_crawler"},
    {LAYER_GOVERNANCE, "kms_keys", "aws_kms_key"},
    {LAYER_GOVERNANCE, "secrets", "aws_secretsmanager_secret"},
    {LAYER_NETWORK, "flows", "aws_data_transfer"},
    {LAYER_NETWORK, "nat_gateways", "aws_nat_gateway"},
    {LAYER_NETWORK, "peerings", "aws_vpc_peering_connection"},
    {LAYER_NETWORK, "transit_gateways", "aws_ec2_transit_gateway_vpc_attachment"},
    {LAYER_NETWORK, "endpoints", "aws_vpc_endpoint"},
    {LAYER_NETWORK, "accelerators", "aws_globalaccelerator_accelerator"},
    {LAYER_NETWORK, "distributions", "aws_cloudfront_distribution"},
    {LAYER_NETWORK, "zones", "aws_route53_zone"},
    {LAYER_NETWORK, "vpn_connections", "aws_vpn_connection"},
    {LAYER_NETWORK, "addresses", "aws_eip"},
    {LAYER_LOAD_BALANCING, "lbs", "aws_lb"},
    {LAYER_OBSERVABILITY, "log_groups", "aws_cloudwatch_log_group"},
    {LAYER_OBSERVABILITY, "metrics", "aws_cloudwatch_metric_stream"},
    {LAYER_OBSERVABILITY, "alarms", "aws_cloudwatch_metric_alarm"},
    {LAYER_OBSERVABILITY, "dashboards", "aws_cloudwatch_dashboard"},
    {LAYER_OBSERVABILITY, "recorders", "aws_config_configuration_recorder"},
    {LAYER_OBSERVABILITY, "config_rules", "aws_config_config_rule"},
    {LAYER_OBSERVABILITY, "trails", "aws_cloudtrail"},
    {LAYER_NONE, NULL, NULL},
};
