#include "attribute_rule.h"

/*
 * The policies that a table can say. Declared estates (maps) keep lifecycle and
 * encryption on the bucket itself, plans in companion resources; a plan's bucket has
 * the companion rules, a map's bucket the attribute rules.
 */

static const struct attribute_rule lifecycle[] = {
    {.types = "aws_s3_bucket",
     {"lifecycle_rule", OP_ABSENT, NULL},
     {"bucket", OP_COMPANION, "aws_s3_bucket_lifecycle_configuration"},
     "the bucket has no lifecycle configuration",
     "Add an aws_s3_bucket_lifecycle_configuration; advisor review proposes its rules."},
    {0}};

/* A block for the whole account holds for each of its buckets. */
#define ACCOUNT_HAS(flag) .unless = {flag, OP_ELSEWHERE, "aws_s3_account_public_access_block"}

/* Templates of CloudFormation have the block in the bucket itself. */
#define BLOCK_OF_TEMPLATE(flag)                                                               \
    .types = "aws_s3_bucket", {"public_access_block_configuration", OP_PRESENT, NULL},        \
    {"public_access_block_configuration." flag, OP_TRUE, NULL}, flag " is off",               \
    "Set " flag " = true.", ACCOUNT_HAS(flag)

static const struct attribute_rule public_access[] = {
    {.types = "aws_s3_bucket",
     {"public_access_block_configuration", OP_ABSENT, NULL},
     {"bucket", OP_COMPANION, "aws_s3_bucket_public_access_block"},
     "nothing blocks public access to the bucket",
     "Add an aws_s3_bucket_public_access_block with all four flags.",
     ACCOUNT_HAS("block_public_policy")},
    {.types = "aws_s3_bucket_public_access_block",
     .must = {"block_public_acls", OP_TRUE, NULL},
     "block_public_acls is off",
     "Set block_public_acls = true.",
     ACCOUNT_HAS("block_public_acls")},
    {.types = "aws_s3_bucket_public_access_block",
     .must = {"block_public_policy", OP_TRUE, NULL},
     "block_public_policy is off",
     "Set block_public_policy = true.",
     ACCOUNT_HAS("block_public_policy")},
    {.types = "aws_s3_bucket_public_access_block",
     .must = {"ignore_public_acls", OP_TRUE, NULL},
     "ignore_public_acls is off",
     "Set ignore_public_acls = true.",
     ACCOUNT_HAS("ignore_public_acls")},
    {.types = "aws_s3_bucket_public_access_block",
     .must = {"restrict_public_buckets", OP_TRUE, NULL},
     "restrict_public_buckets is off",
     "Set restrict_public_buckets = true.",
     ACCOUNT_HAS("restrict_public_buckets")},
    {.types = "aws_s3_bucket|aws_s3_bucket_acl",
     .must = {"acl", OP_NOT_MATCHES,
              "public-*|PublicRead*|authenticated-read|AuthenticatedRead"},
     "its ACL makes the bucket public",
     "Set acl = \"private\".",
     ACCOUNT_HAS("ignore_public_acls")},
    {BLOCK_OF_TEMPLATE("block_public_acls")},
    {BLOCK_OF_TEMPLATE("block_public_policy")},
    {BLOCK_OF_TEMPLATE("ignore_public_acls")},
    {BLOCK_OF_TEMPLATE("restrict_public_buckets")},
    {0}};

static const struct attribute_rule bucket_encryption[] = {
    {.types = "aws_s3_bucket",
     {"server_side_encryption_configuration", OP_ABSENT, NULL},
     {"bucket", OP_COMPANION, "aws_s3_bucket_server_side_encryption_configuration"},
     "the bucket states no encryption; S3 then uses its own keys (SSE-S3)",
     "Add an aws_s3_bucket_server_side_encryption_configuration."},
    {0}};

static const struct attribute_rule log_retention[] = {
    /* The delivery class keeps two days, whatever is set. */
    {.types = "aws_cloudwatch_log_group",
     {"log_group_class", OP_NOT_EQUALS, "DELIVERY"},
     {"retention_in_days", OP_AT_LEAST, "1"},
     "the log group keeps its logs for ever",
     "Set retention_in_days."},
    {0}};

/* Clusters that a job or pipeline starts for itself end with it. */
#define STARTED_FOR_WORK .unless = {"cluster_source", OP_MATCHES, "JOB|PIPELINE*|SQL|MODELS"}

static const struct attribute_rule autotermination[] = {
    {.types = "databricks_cluster",
     {"num_workers", OP_PRESENT, NULL},
     {"autotermination_minutes", OP_AT_LEAST, "10"},
     "the cluster never terminates by itself",
     "Set autotermination_minutes to 30.",
     STARTED_FOR_WORK},
    {.types = "databricks_cluster",
     {"autoscale", OP_PRESENT, NULL},
     {"autotermination_minutes", OP_AT_LEAST, "10"},
     "the cluster never terminates by itself",
     "Set autotermination_minutes to 30.",
     STARTED_FOR_WORK},
    {.types = "databricks_cluster",
     {"autotermination_minutes", OP_AT_LEAST, "10"},
     {"autotermination_minutes", OP_AT_MOST, "120"},
     "the cluster idles for more than two hours before it terminates",
     "Set autotermination_minutes to 30.",
     STARTED_FOR_WORK},
    {0}};

static const struct attribute_rule existing_cluster[] = {
    {.types = "databricks_job",
     .must = {"existing_cluster_id", OP_ABSENT, NULL},
     "the job runs on an all-purpose cluster, at the all-purpose rate",
     "Give the job a new_cluster or a job_cluster."},
    {.types = "databricks_job",
     .must = {"existing_cluster_id", OP_ABSENT, NULL},
     "a task runs on an all-purpose cluster, at the all-purpose rate",
     "Give the task a job_cluster_key or a new_cluster.",
     .each = "task.*|task.*.for_each_task.task"},
    {0}};

static const struct attribute_rule spot_driver[] = {
    {.types = "databricks_cluster",
     {"aws_attributes.availability", OP_MATCHES, "SPOT*"},
     {"aws_attributes.first_on_demand", OP_AT_LEAST, "1"},
     "the driver runs on spot: losing it loses the whole run",
     "Set aws_attributes.first_on_demand = 1."},
    {.types = "databricks_job|databricks_pipeline",
     {"aws_attributes.availability", OP_MATCHES, "SPOT*"},
     {"aws_attributes.first_on_demand", OP_AT_LEAST, "1"},
     "the driver of a cluster of its own runs on spot: losing it loses the whole run",
     "Set aws_attributes.first_on_demand = 1.",
     .each = "new_cluster|job_cluster.*.new_cluster|task.*.new_cluster|"
             "task.*.for_each_task.task.new_cluster|cluster.*"},
    {0}};

static const struct attribute_rule pool_idle[] = {
    {.types = "databricks_instance_pool",
     {"min_idle_instances", OP_PRESENT, NULL},
     {"min_idle_instances", OP_AT_MOST, "0"},
     "the pool keeps idle instances, which cost EC2 day and night",
     "Set min_idle_instances = 0, or schedule it."},
    {0}};

static const struct attribute_rule warehouse_stop[] = {{.types = "databricks_sql_endpoint",
                                                        {"auto_stop_mins", OP_PRESENT, NULL},
                                                        {"auto_stop_mins", OP_AT_LEAST, "1"},
                                                        "the warehouse never stops by itself",
                                                        "Set auto_stop_mins to 10."},
                                                       {0}};

static const struct attribute_rule cluster_policy[] = {
    {.types = "databricks_cluster",
     .must = {"policy_id", OP_PRESENT, NULL},
     "no cluster policy limits its size",
     "Set policy_id.",
     STARTED_FOR_WORK},
    {0}};

static const struct attribute_rule deletion_protection[] = {
    {.types = "aws_lb|aws_alb",
     .must = {"enable_deletion_protection", OP_TRUE, NULL},
     "the load balancer can be deleted by mistake",
     "Set enable_deletion_protection = true."},
    {0}};

static const struct attribute_rule balancer_logs[] = {
    {.types = "aws_lb|aws_alb",
     {"load_balancer_type", OP_NOT_MATCHES, "gateway|network"},
     {"access_logs.enabled", OP_TRUE, NULL},
     "the load balancer keeps no access log",
     "Add access_logs { enabled = true }."},
    {.types = "aws_elb",
     .must = {"access_logs", OP_PRESENT, NULL},
     "the load balancer keeps no access log",
     "Add access_logs { enabled = true }."},
    {.types = "aws_elb",
     {"access_logs", OP_PRESENT, NULL},
     {"access_logs.enabled", OP_NOT_EQUALS, "false"},
     "its access log is switched off",
     "Set enabled = true in access_logs."},
    {0}};

static const struct attribute_rule recorder_scope[] = {
    {.types = "aws_config_configuration_recorder",
     {"recording_group.all_supported", OP_TRUE, NULL},
     {"recording_group.exclusion_by_resource_types", OP_PRESENT, NULL},
     "it records every type, so every cluster start costs configuration items",
     "Exclude AWS::EC2::Instance, NetworkInterface, Volume and SecurityGroup of clusters."},
    {0}};

static const struct attribute_rule glue_versions[] = {
    {.types = "aws_glue_catalog_database",
     {"usage:versions_per_table", OP_PRESENT, NULL},
     {"usage:versions_per_table", OP_AT_MOST, "50"},
     "tables keep more than 50 versions, each a billed object",
     "Delete old table versions with aws glue batch-delete-table-version."},
    {0}};

#define POLICY(name, id, severity, title, rules)                                              \
    extern const struct policy policy_##name;                                                 \
    const struct policy policy_##name = {id, severity, title, rules, run_attribute_rules};

POLICY(bucket_lifecycle, "S3-001", SEVERITY_MEDIUM, "buckets have a lifecycle", lifecycle)
POLICY(bucket_public, "S3-007", SEVERITY_HIGH, "buckets block public access", public_access)
POLICY(bucket_encrypted, "S3-006", SEVERITY_LOW, "buckets state their encryption",
       bucket_encryption)
POLICY(log_retained, "OBS-001", SEVERITY_LOW, "log groups have a retention", log_retention)
POLICY(recorder, "OBS-002", SEVERITY_LOW, "Config does not record churning types",
       recorder_scope)
POLICY(cluster_stops, "DBX-001", SEVERITY_HIGH, "all-purpose clusters terminate by themselves",
       autotermination)
POLICY(job_clusters, "DBX-002", SEVERITY_MEDIUM, "jobs run on job clusters", existing_cluster)
POLICY(driver_on_demand, "DBX-003", SEVERITY_MEDIUM, "drivers run on demand", spot_driver)
POLICY(pool_not_idle, "DBX-004", SEVERITY_LOW, "pools keep nothing idle", pool_idle)
POLICY(warehouse_stops, "DBX-005", SEVERITY_MEDIUM, "warehouses stop by themselves",
       warehouse_stop)
POLICY(cluster_limited, "DBX-007", SEVERITY_LOW, "clusters follow a policy", cluster_policy)
POLICY(balancer_protected, "LB-001", SEVERITY_LOW, "load balancers are protected",
       deletion_protection)
POLICY(balancer_logged, "LB-002", SEVERITY_LOW, "load balancers log", balancer_logs)
POLICY(glue_pruned, "GLU-001", SEVERITY_LOW, "Glue tables keep few versions", glue_versions)
