#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "base/glob.h"
#include "base/map.h"
#include "base/mem.h"

/* First match wins; a pattern of what is bought narrows a service. */
static const struct {
    const char *service, *measure;
    enum layer layer;
} services[] = {
    {"AmazonS3*", "*", LAYER_STORAGE},
    {"Amazon Simple Storage Service*", "*", LAYER_STORAGE},
    {"*Glacier*", "*", LAYER_STORAGE},
    {"AWSELB", "*", LAYER_LOAD_BALANCING},
    {"Elastic Load Balancing", "*", LAYER_LOAD_BALANCING},
    {"*", "LoadBalancerUsage*", LAYER_LOAD_BALANCING},
    {"*", "*LCUUsage*", LAYER_LOAD_BALANCING},
    {"AmazonEC2", "NatGateway*", LAYER_NETWORK},
    {"AmazonEC2", "VpcEndpoint*", LAYER_NETWORK},
    {"AmazonEC2", "ElasticIP*", LAYER_NETWORK},
    {"AmazonEC2", "TransitGateway*", LAYER_NETWORK},
    {"AmazonEC2", "PublicIPv4*", LAYER_NETWORK},
    {"AmazonEC2", "DataTransfer*", LAYER_NETWORK},
    {"AmazonEC2", "*Out-Bytes*", LAYER_NETWORK},
    {"AmazonEC2", "*In-Bytes*", LAYER_NETWORK},
    {"AmazonEC2", "CW:*", LAYER_OBSERVABILITY},
    {"AmazonEC2*", "*", LAYER_COMPUTE},
    {"Amazon Elastic Compute Cloud*", "*", LAYER_COMPUTE},
    {"Databricks*", "*", LAYER_COMPUTE},
    {"ElasticMapReduce", "*", LAYER_COMPUTE},
    {"Amazon*MapReduce", "*", LAYER_COMPUTE},
    {"Amazon*SageMaker*", "*", LAYER_COMPUTE},
    {"AmazonECS", "*", LAYER_COMPUTE},
    {"AmazonEKS", "*", LAYER_COMPUTE},
    {"*Container Service*", "*", LAYER_COMPUTE},
    {"*Athena", "*", LAYER_COMPUTE},
    {"AWSLambda", "*", LAYER_ORCHESTRATION},
    {"AWS Lambda", "*", LAYER_ORCHESTRATION},
    {"AWSEvents", "*", LAYER_ORCHESTRATION},
    {"*EventBridge*", "*", LAYER_ORCHESTRATION},
    {"AmazonStates", "*", LAYER_ORCHESTRATION},
    {"*Step Functions*", "*", LAYER_ORCHESTRATION},
    {"AWSQueueService", "*", LAYER_ORCHESTRATION},
    {"*Simple Queue Service*", "*", LAYER_ORCHESTRATION},
    {"*SNS", "*", LAYER_ORCHESTRATION},
    {"*Simple Notification Service*", "*", LAYER_ORCHESTRATION},
    {"*Glue*", "*", LAYER_GOVERNANCE},
    {"*kms", "*", LAYER_GOVERNANCE},
    {"*Key Management*", "*", LAYER_GOVERNANCE},
    {"*Secrets*Manager", "*", LAYER_GOVERNANCE},
    {"*LakeFormation*", "*", LAYER_GOVERNANCE},
    {"AmazonVPC", "*", LAYER_NETWORK},
    {"*Virtual Private Cloud*", "*", LAYER_NETWORK},
    {"*CloudFront", "*", LAYER_NETWORK},
    {"*Route*53", "*", LAYER_NETWORK},
    {"*Global*Accelerator", "*", LAYER_NETWORK},
    {"*Direct*Connect", "*", LAYER_NETWORK},
    {"AWSDataTransfer", "*", LAYER_NETWORK},
    {"AWS Data Transfer", "*", LAYER_NETWORK},
    {"*CloudWatch", "*", LAYER_OBSERVABILITY},
    {"AWSConfig", "*", LAYER_OBSERVABILITY},
    {"AWS Config", "*", LAYER_OBSERVABILITY},
    {"*CloudTrail", "*", LAYER_OBSERVABILITY},
    {"*X*Ray", "*", LAYER_OBSERVABILITY},
};

static const struct {
    const char *type;
    enum layer layer;
} types[] = {
    {"aws_s3_*", LAYER_STORAGE},
    {"aws_lambda_*", LAYER_ORCHESTRATION},
    {"aws_cloudwatch_event_*", LAYER_ORCHESTRATION},
    {"aws_scheduler_*", LAYER_ORCHESTRATION},
    {"aws_sfn_*", LAYER_ORCHESTRATION},
    {"aws_sqs_*", LAYER_ORCHESTRATION},
    {"aws_sns_*", LAYER_ORCHESTRATION},
    {"aws_lb*", LAYER_LOAD_BALANCING},
    {"aws_alb*", LAYER_LOAD_BALANCING},
    {"aws_elb*", LAYER_LOAD_BALANCING},
    {"aws_cloudwatch_*", LAYER_OBSERVABILITY},
    {"aws_config_*", LAYER_OBSERVABILITY},
    {"aws_cloudtrail*", LAYER_OBSERVABILITY},
    {"aws_nat_gateway", LAYER_NETWORK},
    {"aws_eip", LAYER_NETWORK},
    {"aws_vpc*", LAYER_NETWORK},
    {"aws_vpn*", LAYER_NETWORK},
    {"aws_data_transfer", LAYER_NETWORK},
    {"aws_ec2_transit_gateway*", LAYER_NETWORK},
    {"aws_globalaccelerator_*", LAYER_NETWORK},
    {"aws_cloudfront_*", LAYER_NETWORK},
    {"aws_route53_*", LAYER_NETWORK},
    {"aws_kms_*", LAYER_GOVERNANCE},
    {"aws_secretsmanager_*", LAYER_GOVERNANCE},
    {"aws_iam_*", LAYER_GOVERNANCE},
    {"aws_glue_*", LAYER_GOVERNANCE},
    {"databricks_metastore*", LAYER_GOVERNANCE},
    {"databricks_catalog*", LAYER_GOVERNANCE},
    {"databricks_external_location", LAYER_GOVERNANCE},
    {"databricks_storage_credential", LAYER_GOVERNANCE},
    {"databricks_*", LAYER_COMPUTE},
    {"aws_instance", LAYER_COMPUTE},
    {"aws_spot_*", LAYER_COMPUTE},
    {"aws_ebs_*", LAYER_COMPUTE},
    {"aws_autoscaling_group", LAYER_COMPUTE},
    {"aws_launch_template", LAYER_COMPUTE},
};

/* Patterns are tried once for each type and sku, not for each resource. */
struct default_layers {
    const struct estate *bill;
    struct map by_type;  /* Terraform types met so far -> layer */
    enum layer by_sku[]; /* as bill->skus */
};

static enum layer of_type(const char *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (glob_match(types[i].type, type))
            return types[i].layer;
    return LAYER_NONE;
}

static enum layer by_type(struct default_layers *layers, const char *type)
{
    size_t layer;
    if (!type)
        return LAYER_NONE;
    if (!map_get(&layers->by_type, type, strlen(type), &layer)) {
        layer = of_type(type);
        map_put(&layers->by_type, type, strlen(type), layer);
    }
    return (enum layer)layer;
}

static enum layer of_sku(const struct sku *sku)
{
    const char *measure = sym_or_empty(sku->measure ? sku->measure : sku->usage_type);
    if (sku->provider == PROVIDER_DATABRICKS ||
        (sku->product_name && glob_match_nocase("*databricks*", sku->product_name)))
        return LAYER_COMPUTE;
    for (size_t i = 0; sku->service && i < sizeof services / sizeof *services; i++)
        if (glob_match_nocase(services[i].service, sku->service) &&
            glob_match(services[i].measure, measure))
            return services[i].layer;
    return LAYER_NONE;
}

struct default_layers *default_layers_open(const struct estate *bill)
{
    struct default_layers *layers =
        mem_alloc(sizeof *layers + bill->skus.count * sizeof *layers->by_sku);
    layers->bill = bill;
    for (size_t i = 0; i < bill->skus.count; i++)
        layers->by_sku[i] = of_sku(&bill->skus.at[i]);
    return layers;
}

void default_layers_free(struct default_layers *layers)
{
    map_release(&layers->by_type);
    free(layers);
}

/* What a resource without a known type costs most decides. */
enum layer default_layer(struct default_layers *layers, uint32_t resource)
{
    const struct estate *bill = layers->bill;
    enum layer layer = by_type(layers, bill->resources.at[resource].type);
    if (layer != LAYER_NONE)
        return layer;
    size_t count;
    const struct cost_line *lines = estate_lines(bill, resource, &count);
    struct money sums[LAYER_COUNT] = {MONEY_ZERO};
    bool seen[LAYER_COUNT] = {false};
    for (size_t i = 0; i < count; i++) {
        layer = layers->by_sku[lines[i].sku];
        sums[layer] = money_add(sums[layer], lines[i].cost[BASIS_AMORTIZED]);
        seen[layer] = true;
    }
    layer = LAYER_NONE;
    for (int l = LAYER_STORAGE; l < LAYER_COUNT; l++)
        if (seen[l] && (layer == LAYER_NONE || money_cmp(sums[l], sums[layer]) > 0))
            layer = (enum layer)l;
    return layer;
}
