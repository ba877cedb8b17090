#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "cfn.h"

/*
 * Types whose Terraform name does not follow from their own, and properties that
 * are not the same name in snake case: "From=to" or "From.Below=to.below".
 */
static const struct cfn_type {
    const char *cfn, *terraform, *renames;
} types[] = {
    {"AWS::ApiGateway::RestApi", "aws_api_gateway_rest_api", ""},
    {"AWS::ApiGateway::Stage", "aws_api_gateway_stage", ""},
    {"AWS::ApiGatewayV2::Api", "aws_apigatewayv2_api", ""},
    {"AWS::ApplicationAutoScaling::ScalableTarget", "aws_appautoscaling_target", ""},
    {"AWS::ApplicationAutoScaling::ScalingPolicy", "aws_appautoscaling_policy", ""},
    {"AWS::CodePipeline::Pipeline", "aws_codepipeline", ""},
    {"AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group",
     "LaunchConfigurationName=launch_configuration;LaunchTemplate.LaunchTemplateId="
     "launch_template.id;LaunchTemplate.LaunchTemplateName=launch_template.name;"
     "MixedInstancesPolicy.LaunchTemplate.Overrides=mixed_instances_policy.launch_template."
     "override"},
    {"AWS::AutoScaling::LaunchConfiguration", "aws_launch_configuration",
     "InstanceMonitoring=enable_monitoring"},
    {"AWS::AutoScaling::ScalingPolicy", "aws_autoscaling_policy", ""},
    {"AWS::AutoScaling::ScheduledAction", "aws_autoscaling_schedule", ""},
    {"AWS::AutoScaling::LifecycleHook", "aws_autoscaling_lifecycle_hook", ""},
    {"AWS::CertificateManager::Certificate", "aws_acm_certificate", ""},
    {"AWS::CloudFormation::Stack", "aws_cloudformation_nested_stack", ""},
    {"AWS::CloudFormation::StackSet", "aws_cloudformation_stack_set", ""},
    {"AWS::CloudTrail::Trail", "aws_cloudtrail", ""},
    {"AWS::CloudWatch::Alarm", "aws_cloudwatch_metric_alarm", "Metrics=metric_query"},
    {"AWS::CloudWatch::CompositeAlarm", "aws_cloudwatch_composite_alarm", ""},
    {"AWS::CloudWatch::Dashboard", "aws_cloudwatch_dashboard", ""},
    {"AWS::CodeBuild::Project", "aws_codebuild_project", ""},
    {"AWS::Config::ConfigRule", "aws_config_config_rule", ""},
    {"AWS::Config::ConfigurationRecorder", "aws_config_configuration_recorder", ""},
    {"AWS::DMS::ReplicationInstance", "aws_dms_replication_instance", "MultiAZ=multi_az"},
    {"AWS::DirectoryService::MicrosoftAD", "aws_directory_service_directory", ""},
    {"AWS::DirectoryService::SimpleAD", "aws_directory_service_directory", ""},
    {"AWS::DocDB::DBCluster", "aws_docdb_cluster", ""},
    {"AWS::DocDB::DBInstance", "aws_docdb_cluster_instance",
     "DBInstanceClass=instance_class;DBClusterIdentifier=cluster_identifier"},
    {"AWS::DynamoDB::Table", "aws_dynamodb_table",
     "ProvisionedThroughput.ReadCapacityUnits=read_capacity;"
     "ProvisionedThroughput.WriteCapacityUnits=write_capacity;TableName=name;"
     "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled="
     "point_in_time_recovery.enabled"},
    {"AWS::EC2::EIP", "aws_eip", "InstanceId=instance"},
    {"AWS::EC2::EIPAssociation", "aws_eip_association", "EIP=public_ip"},
    {"AWS::EC2::Host", "aws_ec2_host", ""},
    {"AWS::EC2::Instance", "aws_instance",
     "LaunchTemplate.LaunchTemplateId=launch_template.id;"
     "LaunchTemplate.LaunchTemplateName=launch_template.name;"
     "CreditSpecification.CPUCredits=credit_specification.cpu_credits"},
    {"AWS::EC2::LaunchTemplate", "aws_launch_template",
     "LaunchTemplateData.InstanceType=instance_type;LaunchTemplateName=name;"
     "LaunchTemplateData.BlockDeviceMappings=block_device_mappings;"
     "LaunchTemplateData.Monitoring=monitoring;LaunchTemplateData.Placement=placement;"
     "LaunchTemplateData.EbsOptimized=ebs_optimized;"
     "LaunchTemplateData.CreditSpecification=credit_specification;"
     "LaunchTemplateData.InstanceMarketOptions=instance_market_options"},
    {"AWS::EC2::SecurityGroupIngress", "aws_security_group_rule", ""},
    {"AWS::EC2::SecurityGroupEgress", "aws_security_group_rule", ""},
    {"AWS::EC2::SubnetRouteTableAssociation", "aws_route_table_association", ""},
    {"AWS::EC2::SubnetNetworkAclAssociation", "aws_network_acl_association", ""},
    {"AWS::EC2::NetworkAclEntry", "aws_network_acl_rule", ""},
    {"AWS::EC2::TransitGateway", "aws_ec2_transit_gateway", ""},
    {"AWS::EC2::TransitGatewayAttachment", "aws_ec2_transit_gateway_vpc_attachment", ""},
    {"AWS::EC2::TransitGatewayVpcAttachment", "aws_ec2_transit_gateway_vpc_attachment", ""},
    {"AWS::EC2::TransitGatewayPeeringAttachment", "aws_ec2_transit_gateway_peering_attachment",
     ""},
    {"AWS::EC2::ClientVpnEndpoint", "aws_ec2_client_vpn_endpoint", ""},
    {"AWS::EC2::VPCGatewayAttachment", "aws_internet_gateway_attachment", ""},
    {"AWS::EC2::VPCEndpointService", "aws_vpc_endpoint_service", ""},
    {"AWS::EC2::VPCDHCPOptionsAssociation", "aws_vpc_dhcp_options_association", ""},
    {"AWS::EC2::DHCPOptions", "aws_vpc_dhcp_options", ""},
    {"AWS::EC2::VPCCidrBlock", "aws_vpc_ipv4_cidr_block_association", ""},
    {"AWS::EC2::Volume", "aws_ebs_volume", "VolumeType=type"},
    {"AWS::EC2::VolumeAttachment", "aws_volume_attachment", ""},
    {"AWS::EC2::VPNConnection", "aws_vpn_connection", ""},
    {"AWS::ECR::Repository", "aws_ecr_repository", ""},
    {"AWS::ECS::TaskDefinition", "aws_ecs_task_definition", ""},
    {"AWS::EFS::FileSystem", "aws_efs_file_system",
     "LifecyclePolicies=lifecycle_policy;ProvisionedThroughputInMibps="
     "provisioned_throughput_in_mibps"},
    {"AWS::EKS::Nodegroup", "aws_eks_node_group",
     "LaunchTemplate.Id=launch_template.id;LaunchTemplate.Name=launch_template.name"},
    {"AWS::ElastiCache::CacheCluster", "aws_elasticache_cluster",
     "CacheNodeType=node_type;NumCacheNodes=num_cache_nodes"},
    {"AWS::ElastiCache::ReplicationGroup", "aws_elasticache_replication_group",
     "CacheNodeType=node_type"},
    {"AWS::ElasticLoadBalancing::LoadBalancer", "aws_elb",
     "AccessLoggingPolicy=access_logs"},
    {"AWS::ElasticLoadBalancingV2::LoadBalancer", "aws_lb",
     "Type=load_balancer_type;MinimumLoadBalancerCapacity=minimum_load_balancer_capacity"},
    {"AWS::ElasticLoadBalancingV2::Listener", "aws_lb_listener", ""},
    {"AWS::ElasticLoadBalancingV2::ListenerRule", "aws_lb_listener_rule", ""},
    {"AWS::ElasticLoadBalancingV2::ListenerCertificate", "aws_lb_listener_certificate", ""},
    {"AWS::ElasticLoadBalancingV2::TargetGroup", "aws_lb_target_group", ""},
    {"AWS::Elasticsearch::Domain", "aws_elasticsearch_domain",
     "ElasticsearchClusterConfig=cluster_config;EBSOptions=ebs_options"},
    {"AWS::OpenSearchService::Domain", "aws_opensearch_domain",
     "ClusterConfig=cluster_config;EBSOptions=ebs_options"},
    {"AWS::EMR::Cluster", "aws_emr_cluster",
     "Instances.MasterInstanceGroup=master_instance_group;"
     "Instances.CoreInstanceGroup=core_instance_group"},
    {"AWS::Events::EventBus", "aws_cloudwatch_event_bus", ""},
    {"AWS::Events::Rule", "aws_cloudwatch_event_rule", ""},
    {"AWS::Events::Archive", "aws_cloudwatch_event_archive", ""},
    {"AWS::Events::EventBusPolicy", "aws_cloudwatch_event_bus_policy", ""},
    {"AWS::FSx::FileSystem", "aws_fsx_file_system", ""},
    {"AWS::GlobalAccelerator::Accelerator", "aws_globalaccelerator_accelerator", ""},
    {"AWS::GlobalAccelerator::EndpointGroup", "aws_globalaccelerator_endpoint_group", ""},
    {"AWS::GlobalAccelerator::Listener", "aws_globalaccelerator_listener", ""},
    {"AWS::Glue::Database", "aws_glue_catalog_database", ""},
    {"AWS::Glue::Table", "aws_glue_catalog_table", ""},
    {"AWS::IAM::Role", "aws_iam_role", "RoleName=name"},
    {"AWS::IAM::Policy", "aws_iam_role_policy", "PolicyName=name"},
    {"AWS::IAM::ManagedPolicy", "aws_iam_policy", "ManagedPolicyName=name"},
    {"AWS::KMS::Key", "aws_kms_key", "KeySpec=customer_master_key_spec"},
    {"AWS::Kinesis::Stream", "aws_kinesis_stream", ""},
    {"AWS::KinesisFirehose::DeliveryStream", "aws_kinesis_firehose_delivery_stream", ""},
    {"AWS::Lambda::Version", "aws_lambda_function_version", ""},
    {"AWS::Serverless::Function", "aws_lambda_function", ""},
    {"AWS::Logs::LogGroup", "aws_cloudwatch_log_group", ""},
    {"AWS::Logs::LogStream", "aws_cloudwatch_log_stream", ""},
    {"AWS::Logs::MetricFilter", "aws_cloudwatch_log_metric_filter", ""},
    {"AWS::Logs::ResourcePolicy", "aws_cloudwatch_log_resource_policy", ""},
    {"AWS::Logs::QueryDefinition", "aws_cloudwatch_query_definition", ""},
    {"AWS::MSK::Cluster", "aws_msk_cluster", ""},
    {"AWS::AmazonMQ::Broker", "aws_mq_broker", ""},
    {"AWS::Neptune::DBCluster", "aws_neptune_cluster", ""},
    {"AWS::Neptune::DBInstance", "aws_neptune_cluster_instance",
     "DBInstanceClass=instance_class"},
    {"AWS::Neptune::DBSubnetGroup", "aws_neptune_subnet_group", ""},
    {"AWS::Neptune::DBParameterGroup", "aws_neptune_parameter_group", ""},
    {"AWS::Neptune::DBClusterParameterGroup", "aws_neptune_cluster_parameter_group", ""},
    {"AWS::NetworkFirewall::Firewall", "aws_networkfirewall_firewall",
     "SubnetMappings=subnet_mapping"},
    {"AWS::RDS::DBCluster", "aws_rds_cluster",
     "DBClusterInstanceClass=db_cluster_instance_class"},
    {"AWS::RDS::DBInstance", "aws_db_instance",
     "DBInstanceClass=instance_class;MultiAZ=multi_az"},
    {"AWS::RDS::DBSubnetGroup", "aws_db_subnet_group", ""},
    {"AWS::RDS::DBParameterGroup", "aws_db_parameter_group", ""},
    {"AWS::RDS::DBClusterParameterGroup", "aws_rds_cluster_parameter_group", ""},
    {"AWS::Redshift::Cluster", "aws_redshift_cluster", ""},
    {"AWS::Route53::HostedZone", "aws_route53_zone", ""},
    {"AWS::Route53::RecordSet", "aws_route53_record", "AliasTarget=alias"},
    {"AWS::Route53::HealthCheck", "aws_route53_health_check",
     "HealthCheckConfig.Type=type;HealthCheckConfig.RequestInterval=request_interval;"
     "HealthCheckConfig.SearchString=search_string;"
     "HealthCheckConfig.MeasureLatency=measure_latency"},
    {"AWS::Route53Resolver::ResolverEndpoint", "aws_route53_resolver_endpoint",
     "IpAddresses=ip_address"},
    {"AWS::S3::Bucket", "aws_s3_bucket",
     "BucketName=bucket;LifecycleConfiguration.Rules=lifecycle_rule;AccessControl=acl;"
     "BucketEncryption.ServerSideEncryptionConfiguration="
     "server_side_encryption_configuration"},
    {"AWS::SNS::Subscription", "aws_sns_topic_subscription", ""},
    {"AWS::SecretsManager::ResourcePolicy", "aws_secretsmanager_secret_policy", ""},
    {"AWS::SecretsManager::Secret", "aws_secretsmanager_secret", ""},
    {"AWS::StepFunctions::StateMachine", "aws_sfn_state_machine", "StateMachineType=type"},
    {"AWS::Transfer::Server", "aws_transfer_server", ""},
    {"AWS::WAFv2::WebACL", "aws_wafv2_web_acl", "Rules=rule"},
};

static const struct cfn_type *type_named(const char *cfn)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].cfn, cfn))
            return &types[i];
    return NULL;
}

/* "NumCacheNodes" is "num_cache_nodes", "DBInstanceClass" is "db_instance_class". */
static const char *snake(struct arena *arena, const char *name)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; name[i]; i++) {
        unsigned char c = (unsigned char)name[i];
        bool after_small =
            i && (islower((unsigned char)name[i - 1]) || isdigit((unsigned char)name[i - 1]));
        bool word_begins = i && isupper((unsigned char)name[i - 1]) && name[i + 1] &&
                           islower((unsigned char)name[i + 1]);
        if (isupper(c) && (after_small || word_begins))
            buf_add_char(&b, '_');
        buf_add_char(&b, (char)tolower(c));
    }
    const char *text = arena_strdup(arena, buf_text(&b));
    buf_release(&b);
    return text;
}

const char *cfn_terraform_type(struct arena *arena, const char *type)
{
    const struct cfn_type *known = type_named(type);
    if (known)
        return known->terraform;
    const char *service = type + 5;
    const char *colons = strncmp(type, "AWS::", 5) ? NULL : strstr(service, "::");
    if (!colons) /* "Custom::Thing" stays what it is */
        return arena_strdup(arena, type);
    static const struct {
        const char *service, *prefix;
    } services[] = {
        {"EC2", "aws"},
        {"ApiGateway", "aws_api_gateway"},
        {"ApiGatewayV2", "aws_apigatewayv2"},
        {"ApplicationAutoScaling", "aws_appautoscaling"},
        {"CertificateManager", "aws_acm"},
        {"Events", "aws_cloudwatch_event"},
        {"Logs", "aws_cloudwatch_log"},
        {"StepFunctions", "aws_sfn"},
        {"OpenSearchService", "aws_opensearch"},
        {"ElasticLoadBalancingV2", "aws_lb"},
        {"CodePipeline", "aws"},
    };
    const char *name = snake(arena, colons + 2);
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if (strlen(services[i].service) == (size_t)(colons - service) &&
            !strncmp(services[i].service, service, (size_t)(colons - service)))
            return arena_printf(arena, "%s_%s", services[i].prefix, name);
    char *room = arena_strndup(arena, service, (size_t)(colons - service));
    for (char *c = room; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return arena_printf(arena, "aws_%s_%s", room, name);
}

static struct node *snaked(struct arena *arena, const struct node *value, int depth)
{
    struct node *out = ARENA_NEW(arena, struct node);
    *out = *value;
    if ((value->kind != NODE_MAP && value->kind != NODE_LIST) || depth > 32)
        return out;
    out->items = NULL;
    out->count = 0;
    for (size_t i = 0; i < value->count; i++)
        node_add(arena, out, value->items[i]->key ? snake(arena, value->items[i]->key) : NULL,
                 snaked(arena, value->items[i], depth + 1));
    return out;
}

/* Puts a value at "a.b", making the maps on the way. */
static void put_at(struct arena *arena, struct node *into, const char *path,
                   const struct node *value)
{
    size_t n = strcspn(path, ".");
    char *key = arena_strndup(arena, path, n);
    if (!path[n]) {
        node_add(arena, into, key, snaked(arena, value, 0));
        return;
    }
    struct node *below = (struct node *)node_get(into, key);
    if (!node_is(below, NODE_MAP))
        below = node_add(arena, into, key, node_new(arena, NODE_MAP));
    put_at(arena, below, path + n + 1, value);
}

static void apply_renames(struct arena *arena, struct node *attrs,
                          const struct node *properties, const char *renames)
{
    while (*renames) {
        size_t n = strcspn(renames, ";"), eq = strcspn(renames, "=");
        char *from = arena_strndup(arena, renames, eq);
        char *to = arena_strndup(arena, renames + eq + 1, n - eq - 1);
        const struct node *value = node_at(properties, from);
        if (value)
            put_at(arena, attrs, to, value);
        renames += n + (renames[n] == ';');
    }
}

static bool is_root_device(const char *name)
{
    return !strcmp(name, "/dev/xvda") || !strcmp(name, "/dev/sda1") ||
           !strcmp(name, "/dev/sda");
}

/* BlockDeviceMappings are root_block_device and ebs_block_device of an instance. */
static void split_devices(struct arena *arena, struct node *attrs,
                          const struct node *properties)
{
    const struct node *devices = node_get(properties, "BlockDeviceMappings");
    struct node *others = NULL;
    for (size_t i = 0; node_is(devices, NODE_LIST) && i < devices->count; i++) {
        const struct node *ebs = node_get(devices->items[i], "Ebs");
        const char *name = node_text(node_get(devices->items[i], "DeviceName"), "");
        if (!ebs)
            continue;
        if (is_root_device(name) && !node_get(attrs, "root_block_device")) {
            node_add(arena, attrs, "root_block_device", snaked(arena, ebs, 0));
            continue;
        }
        if (!others)
            others = node_add(arena, attrs, "ebs_block_device", node_new(arena, NODE_LIST));
        node_add(arena, others, NULL, snaked(arena, ebs, 0));
    }
}

const struct node *cfn_attributes(struct arena *arena, const char *type,
                                  const struct node *properties)
{
    const struct cfn_type *known = type_named(type);
    if (!node_is(properties, NODE_MAP))
        return node_new(arena, NODE_MAP);
    struct node *attrs = snaked(arena, properties, 0);
    if (known)
        apply_renames(arena, attrs, properties, known->renames);
    if (!strcmp(type, "AWS::EC2::Instance") ||
        !strcmp(type, "AWS::AutoScaling::LaunchConfiguration"))
        split_devices(arena, attrs, properties);
    if (!strcmp(type, "AWS::DirectoryService::MicrosoftAD"))
        put_at(arena, attrs, "type", node_string(arena, "MicrosoftAD"));
    cfn_add_documents(arena, attrs, type, properties);
    return attrs;
}

const struct node *cfn_tags(struct arena *arena, const struct node *properties)
{
    const struct node *tags = node_get(properties, "Tags");
    if (node_is(tags, NODE_MAP))
        return tags;
    struct node *map = NULL;
    for (size_t i = 0; node_is(tags, NODE_LIST) && i < tags->count; i++) {
        const char *key = node_text(node_get(tags->items[i], "Key"), NULL);
        const struct node *value = node_get(tags->items[i], "Value");
        if (!key || !value || node_get(map, key))
            continue;
        if (!map)
            map = node_new(arena, NODE_MAP);
        node_add(arena, map, key, snaked(arena, value, 0));
    }
    return map;
}
