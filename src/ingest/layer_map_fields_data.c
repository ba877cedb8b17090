#include "layer_map_fields.h"

/* Storage and compute: the layers that hold data and work on it. */

/* Of one cluster; a typing error beyond that would price a continent of machines. */
#define MOST_WORKERS 100000

static const struct strict_field stored_fields[] = {
    {.key = "class",
     .type = STRICT_TEXT,
     .required = true,
     .choices = "STANDARD|INTELLIGENT_TIERING|STANDARD_IA|ONEZONE_IA|GLACIER_IR|GLACIER|"
                "DEEP_ARCHIVE|EXPRESS_ONEZONE|REDUCED_REDUNDANCY",
     .about = "storage class"},
    Q("gb", NULL, "stored, GiB"),
    Q("noncurrent_gb", NULL, "of old versions, GiB, on top"),
    Q("objects", NULL, "number of objects"),
    NUM("mean_kb", NULL, "mean object size, KiB"),
    ANY("histogram", NULL, "[[KiB, count], ...]"),
    Q("read_gb_month", NULL, "read from this class, GiB"),
    STRICT_END,
};

static const struct strict_field cross_region_fields[] = {
    {.key = "to", .type = STRICT_TEXT, .required = true, .about = "region"},
    Q("gb", NULL, "a month, GiB"),
    STRICT_END,
};

static const struct strict_field egress_fields[] = {
    Q("same_region_gb", NULL, "free"),
    LIST_OF("cross_region", cross_region_fields, "to other regions"),
    Q("internet_gb", NULL, "to the internet"),
    STRICT_END,
};

static const struct strict_field acceleration_fields[] = {
    FLAG("enabled", NULL, "Transfer Acceleration"),
    Q("gb_us_eu_jp", NULL, "uploads through edges in the US, Europe and Japan"),
    Q("gb_other", NULL, "through all other edges"),
    STRICT_END,
};

static const struct strict_field replication_fields[] = {
    TEXT("to_bucket", NULL, "id or name of the bucket"),
    TEXT("to_region", NULL, "when the bucket is not in the map"),
    Q("gb_month", NULL, "replicated, GiB"),
    Q("objects_month", NULL, "replicated: a PUT each"),
    STRICT_END,
};

static const struct strict_field encryption_fields[] = {
    TEXT("kms_key_ref", NULL, "id of the KMS key in the map"),
    FLAG("bucket_key", NULL, "S3 Bucket Key: one KMS request for many objects"),
    STRICT_END,
};

static const struct strict_field table_fields[] = {
    TEXT("prefix", NULL, "below the bucket, with a slash at the end"),
    CHOICE("format", "delta|iceberg|hudi|parquet", NULL, "table format"),
    Q("live_gb", NULL, "current version"),
    Q("tombstoned_gb", NULL, "not yet vacuumed"),
    NUM("vacuum_days", NULL, "retention of VACUUM"),
    STRICT_END,
};

static const struct strict_field bucket_fields[] = {
    ENTRY_FIELDS,
    FLAG("versioning", NULL, "old versions are kept"),
    LIST_OF("storage", stored_fields, "what is stored, by class; the first pays the requests"),
    Q("growth_gb_month", "usage:growth_gb_month", "new data a month, GiB"),
    Q("puts_per_month", "usage:puts_per_month", "PUT, COPY, POST"),
    Q("gets_per_month", "usage:gets_per_month", "GET and the rest"),
    Q("lists_per_month", "usage:lists_per_month", "LIST"),
    Q("read_gb_month", "usage:read_gb_month", "read, GiB, where it is not known by class"),
    MAP_OF("egress", egress_fields, "out of the bucket"),
    ANY("lifecycle", NULL, "rules, as S3 takes them in JSON"),
    TEXT("lifecycle_ref", NULL, "id of the bucket whose rules hold here too"),
    MAP_OF("transfer_acceleration", acceleration_fields, "S3 Transfer Acceleration"),
    LIST_OF("replication", replication_fields, "to other buckets"),
    MAP_OF("encryption", encryption_fields, "SSE-KMS"),
    FLAG("inventory", NULL, "an inventory is delivered"),
    TEXT("access_logs_to", NULL, "id of the bucket that takes the access logs"),
    LIST_OF("tables", table_fields, "tables in the bucket"),
    ANY("notifications", NULL, "what it sends events to"),
    STRICT_END,
};

const struct strict_field storage_fields[] = {
    LIST_OF("buckets", bucket_fields, "S3 buckets"),
    STRICT_END,
};

static const struct strict_field workspace_fields[] = {
    ENTRY_FIELDS,
    TEXT("databricks_workspace_id", "workspace_id", "as the Databricks bill names it"),
    CHOICE("tier", "STANDARD|PREMIUM|ENTERPRISE|standard|premium|enterprise", "pricing_tier",
           "default: the contract's"),
    STRICT_END,
};

static const struct strict_field pool_fields[] = {
    ENTRY_FIELDS,
    TEXT("node_type", "node_type_id", "EC2 instance type"),
    NUM("min_idle", "min_idle_instances", "kept running: EC2 without DBU"),
    NUM("max_capacity", "max_capacity", "instances"),
    NUM("idle_autotermination_min", "idle_instance_autotermination_minutes", "minutes"),
    CHOICE("availability", "SPOT|ON_DEMAND", "aws_attributes[].availability", "market"),
    Q_TO("hours_month", 744, "usage:monthly_hours", "hours that it stands; default all"),
    STRICT_END,
};

static const struct strict_field ebs_fields[] = {
    CHOICE("type", "gp2|gp3|st1|sc1|io1|io2", NULL, "volume type; default gp3"),
    NUM("count", NULL, "volumes an instance; default 1"),
    NUM("size_gb", NULL, "GiB each"),
    NUM("iops", NULL, "provisioned, each"),
    NUM("throughput", NULL, "MiB/s provisioned, each"),
    STRICT_END,
};

static const struct strict_field run_fields[] = {
    Q("per_month", NULL, "runs"),
    Q("minutes", NULL, "each"),
    STRICT_END,
};

static const struct strict_field utilisation_fields[] = {
    Q("workers_typ", NULL, "workers that run on the mean, of an autoscaled cluster"),
    NUM_TO("cpu", 1, NULL, "share of CPU in use"),
    NUM_TO("memory", 1, NULL, "share of memory in use"),
    STRICT_END,
};

static const struct strict_field demand_fields[] = {
    NUM("core_hours", NULL, "task time of one run, on the declared type"),
    NUM("input_gb", NULL, "read, one run"),
    NUM("output_gb", NULL, "written, one run"),
    NUM("shuffle_gb", NULL, "shuffled, one run"),
    NUM("cached_gb", NULL, "held in memory at once"),
    NUM("working_set_gb", NULL, "needed at once by one worker"),
    NUM("driver_minutes", NULL, "in which no task runs"),
    NUM("longest_task_minutes", NULL, "the longest single task"),
    STRICT_END,
};

static const struct strict_field phase_fields[] = {
    {.key = "id", .type = STRICT_ID, .about = "unique in the map; default cluster-name"},
    {.key = "name", .type = STRICT_TEXT, .required = true, .about = "for people"},
    CHOICE("class", "ingest|etl|training|serving|interactive|streaming", NULL,
           "resource character"),
    TEXT("tenant", NULL, "id; default the cluster's"),
    TEXT("workload", NULL, "name in the runs table"),
    TEXT("algorithm", NULL, "name in the runs table"),
    FLAG("iterative", NULL, "reads its data again and again"),
    NUM_TO("share", 1, NULL, "of the cluster's hours"),
    NUM("input_gb", NULL, "of one run"),
    NUM("runs_per_month", NULL, "default the cluster's"),
    NUM("minutes", NULL, "of one run"),
    NUM_TO("workers", MOST_WORKERS, NULL, "while it runs; default the cluster's"),
    NUM("max_minutes", NULL, "limit for one run"),
    MAP_OF("demand", demand_fields, "what one run asks of any cluster"),
    TEXTS("allowed_types", NULL, "instance types, with * and ?; default any"),
    TEXTS("match", NULL,
          "regular expressions that tell its work in event logs: job and SQL descriptions, "
          "job group, notebook, task key, call site, stage names, application"),
    STRICT_END,
};

static const struct strict_field dbu_rate_fields[] = {
    NUM("driver", NULL, "DBU an hour"),
    NUM("worker", NULL, "DBU an hour"),
    STRICT_END,
};

static const struct strict_field dbu_fields[] = {
    TEXT("sku", NULL, "JOBS_COMPUTE, ALL_PURPOSE_COMPUTE, ...; default by kind"),
    MAP_OF("per_hour", dbu_rate_fields, "default: the book's"),
    STRICT_END,
};

static const struct strict_field cluster_fields[] = {
    ENTRY_FIELDS,
    TEXT("workspace", NULL, "id of the workspace"),
    {.key = "kind",
     .type = STRICT_TEXT,
     .required = true,
     .choices =
         "job|all_purpose|sql_warehouse|pipeline|serverless|model_serving|vector_search",
     .about = "what it is billed as"},
    TEXT("worker_type", "node_type_id", "EC2 instance type"),
    TEXT("driver_type", "driver_node_type_id", "default the worker's"),
    NUM_TO("workers", MOST_WORKERS, "num_workers", "fixed number; 0 is a single node"),
    NUM_TO("min_workers", MOST_WORKERS, "autoscale[].min_workers", "of autoscaling"),
    NUM_TO("max_workers", MOST_WORKERS, "autoscale[].max_workers", "of autoscaling"),
    CHOICE("runtime_engine", "PHOTON|STANDARD", "runtime_engine", "Photon or not"),
    TEXT("spark_version", "spark_version", "runtime version"),
    CHOICE("availability", "SPOT|SPOT_WITH_FALLBACK|ON_DEMAND",
           "aws_attributes[].availability", "market; default ON_DEMAND"),
    NUM("first_on_demand", "aws_attributes[].first_on_demand",
        "nodes that are never spot, the driver first; default 1"),
    NUM_TO("spot_discount", 1, "usage:spot_discount",
           "against on demand; default: the book's"),
    NUM_TO("spot_share", 1, "usage:spot_share", "of worker hours that really are spot"),
    MAP_OF("ebs", ebs_fields, "volumes of each node"),
    TEXT("pool_ref", NULL, "id of the pool that it takes its nodes from"),
    NUM("autotermination_min", "autotermination_minutes", "0: never"),
    Q_TO("hours_month", 744, "usage:monthly_hours", "hours that it runs"),
    LIST_OF("runs", run_fields, "instead of hours_month"),
    Q("startup_min", "usage:startup_minutes", "of each run; default 5"),
    MAP_OF("utilisation", utilisation_fields, "how busy it is"),
    LIST_OF("phases", phase_fields, "pieces of work"),
    MAP_OF("dbu", dbu_fields, "what it is billed as at Databricks"),
    TEXT("size", "cluster_size", "of a SQL warehouse or serving endpoint: Medium"),
    NUM("clusters", "max_num_clusters", "of a SQL warehouse"),
    NUM("auto_stop_min", "auto_stop_mins", "of a SQL warehouse; 0 is never"),
    Q("dbus_per_month", "usage:dbus_per_month", "of a serverless product"),
    STRICT_END,
};

static const struct strict_field asg_fields[] = {
    NUM("min", NULL, "instances"),
    NUM("max", NULL, "instances"),
    NUM("desired", NULL, "instances"),
    STRICT_END,
};

static const struct strict_field ec2_fields[] = {
    ENTRY_FIELDS,
    {.key = "type",
     .type = STRICT_TEXT,
     .required = true,
     .becomes = "instance_type",
     .about = "EC2 instance type"},
    Q("count", "usage:count", "instances; default 1"),
    Q_TO("hours", 744, "usage:monthly_hours", "each; default all"),
    TEXT("os", "usage:operating_system", "linux (default), windows, rhel, suse, ubuntu-pro"),
    MAP_OF("ebs", ebs_fields, "volumes of each"),
    MAP_OF("asg", asg_fields, "autoscaling group"),
    CHOICE("burst_credits", "standard|unlimited", "credit_specification[].cpu_credits",
           "of burstable types"),
    FLAG("public_ipv4", "associate_public_ip_address", "has a public address"),
    FLAG("detailed_monitoring", "monitoring", "CloudWatch by the minute"),
    STRICT_END,
};

static const struct strict_field volume_fields[] = {
    ENTRY_FIELDS,
    CHOICE("type", "gp2|gp3|st1|sc1|io1|io2|standard", "type", "volume type"),
    NUM("size_gb", "size", "GiB"),
    NUM("iops", "iops", "provisioned"),
    NUM("throughput", "throughput", "MiB/s provisioned"),
    Q("count", "usage:count", "volumes; default 1"),
    STRICT_END,
};

const struct strict_field compute_fields[] = {
    LIST_OF("workspaces", workspace_fields, "Databricks workspaces"),
    LIST_OF("pools", pool_fields, "instance pools"),
    LIST_OF("clusters", cluster_fields, "clusters, warehouses, pipelines, endpoints"),
    LIST_OF("ec2", ec2_fields, "instances that are not of Databricks"),
    LIST_OF("volumes", volume_fields, "volumes of their own"),
    STRICT_END,
};
