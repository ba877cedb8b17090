#include "identify.h"

#include <stddef.h>
#include <string.h>

/* The first row that fits tells the type. */
static const struct {
    const char *service; /* NULL: any */
    const char *prefix;  /* of the id */
    const char *inside;  /* NULL: none needed */
    const char *type;
} forms[] = {
    {NULL, "i-", NULL, "aws_instance"},
    {NULL, "vol-", NULL, "aws_ebs_volume"},
    {NULL, "snap-", NULL, "aws_ebs_snapshot"},
    {NULL, "nat-", NULL, "aws_nat_gateway"},
    {NULL, "vpce-", NULL, "aws_vpc_endpoint"},
    {NULL, "eipalloc-", NULL, "aws_eip"},
    {NULL, "tgw-", NULL, "aws_ec2_transit_gateway"},
    {NULL, "pcx-", NULL, "aws_vpc_peering_connection"},
    {NULL, "eni-", NULL, "aws_network_interface"},
    {NULL, "fs-", NULL, "aws_efs_file_system"},
    {NULL, "arn:", ":instance/i-", "aws_instance"},
    {NULL, "arn:", ":volume/vol-", "aws_ebs_volume"},
    {NULL, "arn:", ":snapshot/snap-", "aws_ebs_snapshot"},
    {NULL, "arn:", ":natgateway/", "aws_nat_gateway"},
    {NULL, "arn:", ":vpc-endpoint/", "aws_vpc_endpoint"},
    {NULL, "arn:", ":elastic-ip/", "aws_eip"},
    {NULL, "arn:", ":transit-gateway", "aws_ec2_transit_gateway"},
    {NULL, "arn:", ":loadbalancer/app/", "aws_lb"},
    {NULL, "arn:", ":loadbalancer/net/", "aws_lb"},
    {NULL, "arn:", ":loadbalancer/gwy/", "aws_lb"},
    {NULL, "arn:", ":elasticloadbalancing:", "aws_elb"},
    {NULL, "arn:", ":lambda:", "aws_lambda_function"},
    {NULL, "arn:", ":s3:::", "aws_s3_bucket"},
    {NULL, "arn:", ":rds:", "aws_db_instance"},
    {NULL, "arn:", ":dynamodb:", "aws_dynamodb_table"},
    {NULL, "arn:", ":globalaccelerator:", "aws_globalaccelerator_accelerator"},
    {NULL, "arn:", ":events:", "aws_cloudwatch_event_rule"},
    {NULL, "arn:", ":log-group:", "aws_cloudwatch_log_group"},
    {NULL, "arn:", ":kms:", "aws_kms_key"},
    {NULL, "arn:", ":secretsmanager:", "aws_secretsmanager_secret"},
    {NULL, "arn:", ":sqs:", "aws_sqs_queue"},
    {NULL, "arn:", ":sns:", "aws_sns_topic"},
    {NULL, "arn:", ":states:", "aws_sfn_state_machine"},
    {NULL, "arn:", ":kinesis:", "aws_kinesis_stream"},
    {NULL, "arn:", ":elasticfilesystem:", "aws_efs_file_system"},
    {NULL, "arn:", ":elasticache:", "aws_elasticache_cluster"},
    {NULL, "arn:", ":redshift:", "aws_redshift_cluster"},
    {NULL, "arn:", ":cloudfront:", "aws_cloudfront_distribution"},
    {NULL, "arn:", ":es:", "aws_opensearch_domain"},
    {"AmazonS3", "", NULL, "aws_s3_bucket"},
    {"AWSLambda", "", NULL, "aws_lambda_function"},
    {"AmazonDynamoDB", "", NULL, "aws_dynamodb_table"},
};

const char *identify_type(const char *id, const char *service)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (forms[i].service && strcmp(forms[i].service, service))
            continue;
        if (strncmp(id, forms[i].prefix, strlen(forms[i].prefix)))
            continue;
        if (!forms[i].service && forms[i].inside && !strstr(id, forms[i].inside))
            continue;
        if (forms[i].service && !strncmp(id, "arn:", 4))
            continue;
        return forms[i].type;
    }
    return NULL;
}

const char *identify_load_balancer(const char *id)
{
    static const struct {
        const char *inside, *kind;
    } kinds[] = {{":loadbalancer/app/", "application"},
                 {":loadbalancer/net/", "network"},
                 {":loadbalancer/gwy/", "gateway"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strstr(id, kinds[i].inside))
            return kinds[i].kind;
    return NULL;
}
