#include "layer_map_fields.h"

/* The layers around storage and compute. */

static const struct strict_field provisioned_fields[] = {
    Q("concurrency", NULL, "environments kept ready"),
    Q_TO("hours", 744, NULL, "a month; default all"),
    Q("invocations", NULL, "served by them, on top of the others"),
    Q("avg_ms", NULL, "of those"),
    STRICT_END,
};

static const struct strict_field function_fields[] = {
    ENTRY_FIELDS,
    NUM("memory_mb", "memory_size", "MiB; default 128"),
    CHOICE("arch", "x86_64|arm64", "architectures.", "default x86_64"),
    Q("invocations_per_month", "usage:monthly_requests", "requests"),
    Q("avg_ms", "usage:request_duration_ms", "mean duration"),
    Q("p99_ms", "usage:p99_ms", "99th percentile of the duration"),
    NUM("timeout_s", "timeout", "seconds"),
    NUM("ephemeral_mb", "ephemeral_storage[].size", "MiB; 512 are free"),
    MAP_OF("provisioned", provisioned_fields, "provisioned concurrency"),
    FLAG("free_tier", "usage:free_tier", "take the account's free tier off here"),
    ANY("event_sources", NULL, "what calls it"),
    ANY("vpc", NULL, "where it is attached"),
    Q("log_kb_per_invocation", "usage:log_kb_per_invocation", "into its log group"),
    TEXT("log_group_ref", "usage:log_group_ref", "id of the log group"),
    STRICT_END,
};

static const struct strict_field bus_fields[] = {
    ENTRY_FIELDS,
    Q("custom_events_per_month", NULL, "put by own applications"),
    Q("partner_events_per_month", "usage:monthly_third_party_events", "from partners"),
    Q("event_kb", "usage:event_kb", "payload: each 64 KiB counts as one event"),
    Q("archive_processed_gb", "usage:monthly_archive_processing_gb", "into the archive"),
    Q("archive_gb", "usage:archive_storage_gb", "kept in the archive"),
    Q("discovery_events_per_month", "usage:monthly_schema_discovery_events",
      "looked at for their schema"),
    STRICT_END,
};

static const struct strict_field event_rule_fields[] = {
    ENTRY_FIELDS,
    TEXT("schedule", "schedule_expression", "rate() or cron()"),
    TEXT("bus", NULL, "id of the bus"),
    Q("events_per_month", "usage:monthly_events", "matched"),
    STRICT_END,
};

static const struct strict_field schedule_fields[] = {
    ENTRY_FIELDS,
    Q("invocations_per_month", "usage:monthly_invocations", "first 14 million are free"),
    STRICT_END,
};

static const struct strict_field machine_fields[] = {
    ENTRY_FIELDS,
    CHOICE("type", "STANDARD|EXPRESS", "type", "default STANDARD"),
    Q("transitions_per_month", "usage:monthly_transitions", "of a standard machine"),
    Q("requests_per_month", "usage:monthly_requests", "of an express machine"),
    Q("avg_ms", "usage:workflow_duration_ms", "of an express machine"),
    NUM("memory_mb", "usage:memory_mb", "of an express machine; default 64"),
    STRICT_END,
};

static const struct strict_field queue_fields[] = {
    ENTRY_FIELDS,
    FLAG("fifo", "fifo_queue", "keeps the order"),
    Q("requests_per_month", "usage:monthly_requests", "API calls of 64 KiB"),
    STRICT_END,
};

const struct strict_field orchestration_fields[] = {
    LIST_OF("functions", function_fields, "Lambda functions"),
    LIST_OF("event_buses", bus_fields, "EventBridge buses"),
    LIST_OF("rules", event_rule_fields, "EventBridge rules"),
    LIST_OF("schedules", schedule_fields, "EventBridge Scheduler"),
    LIST_OF("state_machines", machine_fields, "Step Functions"),
    LIST_OF("queues", queue_fields, "SQS queues"),
    STRICT_END,
};

static const struct strict_field catalog_fields[] = {
    ENTRY_FIELDS,
    TEXT("metastore", "metastore_id", "Unity Catalog metastore"),
    TEXT("storage_root", "storage_root", "s3://bucket/prefix/"),
    TEXTS("owners", "owner", "who may grant"),
    TEXTS("workspaces_bound", "workspaces_bound", "workspaces that see it"),
    CHOICE("isolation_mode", "OPEN|ISOLATED", "isolation_mode", "who may see it"),
    STRICT_END,
};

static const struct strict_field location_fields[] = {
    ENTRY_FIELDS,
    TEXT("url", "url", "s3://bucket/prefix/"),
    TEXT("credential_ref", "credential_name", "id of the storage credential"),
    STRICT_END,
};

static const struct strict_field credential_fields[] = {
    ENTRY_FIELDS,
    TEXT("role_arn", "aws_iam_role[].role_arn", "IAM role that it assumes"),
    STRICT_END,
};

static const struct strict_field policy_fields[] = {
    TEXTS("actions", NULL, "s3:GetObject"),
    TEXTS("resources", NULL, "ARNs"),
    ANY("conditions", NULL, "as IAM takes them"),
    CHOICE("effect", "Allow|Deny", NULL, "default Allow"),
    STRICT_END,
};

static const struct strict_field role_fields[] = {
    ENTRY_FIELDS,
    ANY("trust", "trust", "principals that may assume it"),
    LIST_OF("policies", policy_fields, "statements"),
    TEXT("boundary_arn", "permissions_boundary", "permissions boundary"),
    TEXTS("allowed_prefixes", "allowed_prefixes", "S3 prefixes that it may touch"),
    STRICT_END,
};

static const struct strict_field glue_fields[] = {
    ENTRY_FIELDS,
    Q("databases", "usage:databases", "in the catalog"),
    Q("tables", "usage:tables", "in the catalog"),
    Q("partitions", "usage:partitions", "in the catalog"),
    Q("versions_per_table", "usage:versions_per_table", "each counts as an object"),
    Q("requests_per_month", NULL, "first million is free"),
    STRICT_END,
};

static const struct strict_field crawler_fields[] = {
    ENTRY_FIELDS,
    Q("dpu_hours", "usage:monthly_hours", "DPU hours a month"),
    STRICT_END,
};

static const struct strict_field key_fields[] = {
    ENTRY_FIELDS,
    Q("count", "usage:count", "keys; default 1"),
    Q("requests_per_month", "usage:monthly_requests", "calls to KMS"),
    CHOICE("spec", "SYMMETRIC_DEFAULT|RSA_2048|RSA_3072|RSA_4096|ECC_NIST_P256|HMAC_256",
           "customer_master_key_spec", "default SYMMETRIC_DEFAULT"),
    FLAG("multi_region", "multi_region", "replicated"),
    STRICT_END,
};

static const struct strict_field secret_fields[] = {
    ENTRY_FIELDS,
    Q("count", "usage:count", "secrets; default 1"),
    Q("requests_per_month", "usage:monthly_requests", "API calls"),
    STRICT_END,
};

const struct strict_field governance_fields[] = {
    LIST_OF("catalogs", catalog_fields, "Unity Catalog catalogs"),
    LIST_OF("external_locations", location_fields, "Unity Catalog external locations"),
    LIST_OF("storage_credentials", credential_fields, "Unity Catalog storage credentials"),
    LIST_OF("iam_roles", role_fields, "IAM roles"),
    LIST_OF("glue", glue_fields, "Glue Data Catalog"),
    LIST_OF("crawlers", crawler_fields, "Glue crawlers"),
    LIST_OF("kms_keys", key_fields, "KMS keys"),
    LIST_OF("secrets", secret_fields, "Secrets Manager"),
    STRICT_END,
};

static const struct strict_field flow_fields[] = {
    ENTRY_FIELDS,
    {.key = "from",
     .type = STRICT_TEXT,
     .becomes = "usage:from",
     .required = true,
     .about = "region or zone"},
    {.key = "to",
     .type = STRICT_TEXT,
     .becomes = "usage:to",
     .required = true,
     .about = "region, zone or 'internet'"},
    Q("gb_month", "usage:monthly_gb", "GiB"),
    TEXT("kind", "usage:kind", "what travels"),
    STRICT_END,
};

static const struct strict_field nat_fields[] = {
    ENTRY_FIELDS,
    Q("count", "usage:count", "gateways; default 1, one a zone"),
    Q("gb_processed", "usage:monthly_data_processed_gb", "through all of them, GiB"),
    NUMBERS("to_services_gb", "usage:to_services_gb", "of it to S3, DynamoDB"),
    STRICT_END,
};

static const struct strict_field peering_fields[] = {
    ENTRY_FIELDS,
    Q("gb_month", "usage:monthly_gb", "both ways together, GiB"),
    FLAG("same_az", "usage:same_az", "free"),
    TEXT("to_region", "peer_region", "of the other side; default the same"),
    STRICT_END,
};

static const struct strict_field transit_fields[] = {
    ENTRY_FIELDS,
    Q("attachments", "usage:count", "attached networks; default 1"),
    Q("gb_month", "usage:monthly_data_processed_gb", "through all of them, GiB"),
    STRICT_END,
};

static const struct strict_field endpoint_fields[] = {
    ENTRY_FIELDS,
    CHOICE("type", "Interface|Gateway|GatewayLoadBalancer", "vpc_endpoint_type",
           "default Interface; Gateway is free"),
    TEXT("service", "service_name", "s3, dynamodb, a Databricks service"),
    Q("count", "usage:count", "endpoints; default 1"),
    NUM("azs", NULL, "zones of each; default 1"),
    Q("gb_month", "usage:monthly_data_processed_gb", "through all of them, GiB"),
    STRICT_END,
};

static const struct strict_field accelerated_fields[] = {
    CHOICE("edge_group",
           "us|europe|asia_pacific|australia|south_america|africa|middle_east|india|"
           "south_korea",
           NULL, "where the users are"),
    TEXT("dest_region", NULL, "region of the endpoint"),
    Q("in_gb", NULL, "to the endpoint, GiB"),
    Q("out_gb", NULL, "to the users, GiB"),
    STRICT_END,
};

static const struct strict_field accelerator_fields[] = {
    ENTRY_FIELDS,
    FLAG("enabled", "enabled", "default true"),
    LIST_OF("flows", accelerated_fields, "traffic by edge and region"),
    STRICT_END,
};

static const struct strict_field geography_fields[] = {
    CHOICE("geography",
           "us|europe|south_america|japan|australia|asia_pacific|india|"
           "africa",
           NULL, "where the edges are; africa is Africa and the Middle East"),
    Q("out_gb", NULL, "to the viewers, GiB"),
    Q("https_requests", NULL, "requests"),
    Q("http_requests", NULL, "requests"),
    STRICT_END,
};

static const struct strict_field distribution_fields[] = {
    ENTRY_FIELDS,
    TEXT("price_class", "price_class", "PriceClass_100, _200 or _All"),
    LIST_OF("traffic", geography_fields, "by geography"),
    STRICT_END,
};

static const struct strict_field zone_fields[] = {
    ENTRY_FIELDS,
    Q("zones", "usage:count", "hosted zones; default 1"),
    Q("queries_per_month", NULL, "standard"),
    Q("latency_queries_per_month", NULL, "latency based"),
    Q("geo_queries_per_month", NULL, "by geography"),
    STRICT_END,
};

static const struct strict_field vpn_fields[] = {
    ENTRY_FIELDS,
    Q("count", "usage:count", "connections; default 1"),
    STRICT_END,
};

static const struct strict_field address_fields[] = {
    ENTRY_FIELDS,
    Q("count", "usage:count", "public IPv4 addresses; default 1"),
    FLAG("idle", NULL, "not attached to anything that runs"),
    STRICT_END,
};

const struct strict_field network_fields[] = {
    LIST_OF("flows", flow_fields, "traffic between zones, regions and the internet"),
    LIST_OF("nat_gateways", nat_fields, "NAT gateways"),
    LIST_OF("peerings", peering_fields, "VPC peering"),
    LIST_OF("transit_gateways", transit_fields, "transit gateways"),
    LIST_OF("endpoints", endpoint_fields, "VPC endpoints and PrivateLink"),
    LIST_OF("accelerators", accelerator_fields, "Global Accelerator"),
    LIST_OF("distributions", distribution_fields, "CloudFront"),
    LIST_OF("zones", zone_fields, "Route 53"),
    LIST_OF("vpn_connections", vpn_fields, "site-to-site VPN"),
    LIST_OF("addresses", address_fields, "Elastic IP addresses"),
    STRICT_END,
};

static const struct strict_field lb_traffic_fields[] = {
    Q("ec2", NULL, "instances, containers, addresses"),
    Q("lambda", NULL, "Lambda targets"),
    STRICT_END,
};

static const struct strict_field protocol_fields[] = {
    CHOICE("protocol", "TCP|UDP|TLS", NULL, "of a network load balancer"),
    Q("new_conn_per_s", NULL, "connections or flows"),
    Q("active_conn", NULL, "connections or flows"),
    Q("gb_per_h", NULL, "processed"),
    STRICT_END,
};

static const struct strict_field lb_fields[] = {
    ENTRY_FIELDS,
    CHOICE("kind", "application|network|gateway|classic", "load_balancer_type",
           "default application"),
    CHOICE("scheme", "internal|internet-facing", NULL, "default internet-facing"),
    NUM("azs", "usage:azs", "zones; default 2"),
    ANY("listeners", "listeners", "for checks"),
    Q("rules", "usage:rules", "evaluated for each request; 10 are free"),
    Q("new_conn_per_s", NULL, "mean"),
    Q("active_conn", NULL, "mean"),
    MAP_OF("gb_per_h", lb_traffic_fields, "processed, by kind of target"),
    Q("rps", "usage:requests_per_second", "mean"),
    LIST_OF("protocols", protocol_fields, "of a network load balancer: each counts by itself"),
    FLAG("mutual_tls", "mutual_tls", "an application one that asks clients for certificates"),
    FLAG("tls", NULL, "a network load balancer's only protocol is TLS"),
    FLAG("cross_zone", "enable_cross_zone_load_balancing", "spreads over zones"),
    NUM("reserved_lcu", "minimum_load_balancer_capacity[].capacity_units", "capacity units"),
    TEXT("targets_ref", "targets_ref", "id of what serves behind it"),
    Q("targets", "usage:targets", "how many of them run"),
    Q("slots_per_target", "usage:slots_per_target", "requests that one works on at once"),
    Q("service_ms", "usage:service_ms", "that one request takes without waiting"),
    STRICT_END,
};

const struct strict_field load_balancing_fields[] = {
    LIST_OF("lbs", lb_fields, "load balancers"),
    STRICT_END,
};

static const struct strict_field log_fields[] = {
    ENTRY_FIELDS,
    Q("ingest_gb_month", "usage:monthly_data_ingested_gb", "GiB"),
    NUM("retention_days", "retention_in_days", "default: for ever"),
    CHOICE("class", "STANDARD|INFREQUENT_ACCESS", "log_group_class", "default STANDARD"),
    Q("stored_gb", "usage:storage_gb", "kept, compressed, GiB"),
    Q("insights_gb", "usage:monthly_data_scanned_gb", "scanned by Insights, GiB"),
    STRICT_END,
};

static const struct strict_field metric_fields[] = {
    ENTRY_FIELDS,
    TEXT("namespace", "namespace", "of the metrics"),
    Q("count", "usage:custom_metrics", "each set of dimensions is a metric"),
    Q("api_requests_per_month", "usage:monthly_api_requests", "metrics read by GetMetricData"),
    STRICT_END,
};

static const struct strict_field alarm_fields[] = {
    ENTRY_FIELDS,
    Q("count", "usage:count", "alarms; default 1"),
    CHOICE("resolution", "standard|high", NULL, "high: a period under 60 s"),
    NUM("metrics", NULL, "in each; default 1"),
    FLAG("anomaly", NULL, "anomaly detection: three metrics"),
    FLAG("composite", NULL, "made of other alarms"),
    STRICT_END,
};

static const struct strict_field dashboard_fields[] = {
    ENTRY_FIELDS,
    Q("count", "usage:count", "dashboards; default 1"),
    STRICT_END,
};

static const struct strict_field recorder_fields[] = {
    ENTRY_FIELDS,
    Q("items_per_month", "usage:monthly_config_items", "configuration items"),
    CHOICE("mode", "CONTINUOUS|DAILY", "recording_mode[].recording_frequency",
           "default CONTINUOUS"),
    TEXTS("types", "recording_group[].resource_types", "recorded; default all"),
    STRICT_END,
};

static const struct strict_field config_rule_fields[] = {
    ENTRY_FIELDS,
    Q("evaluations_per_month", "usage:monthly_rule_evaluations", "all rules together"),
    STRICT_END,
};

static const struct strict_field trail_fields[] = {
    ENTRY_FIELDS,
    Q("management_events", "usage:monthly_additional_management_events",
      "a month, of the second trail and later"),
    Q("data_events", "usage:monthly_data_events", "a month"),
    Q("insight_events", "usage:monthly_insight_events", "analysed a month"),
    STRICT_END,
};

const struct strict_field observability_fields[] = {
    LIST_OF("log_groups", log_fields, "CloudWatch Logs"),
    LIST_OF("metrics", metric_fields, "custom metrics"),
    LIST_OF("alarms", alarm_fields, "CloudWatch alarms"),
    LIST_OF("dashboards", dashboard_fields, "CloudWatch dashboards"),
    LIST_OF("recorders", recorder_fields, "Config recorders"),
    LIST_OF("config_rules", config_rule_fields, "Config rules"),
    LIST_OF("trails", trail_fields, "CloudTrail"),
    STRICT_END,
};
