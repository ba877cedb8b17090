#include <string.h>

#include "attribute_rule.h"

static bool is_type(const struct resource *r, const char *type)
{
    return r->type && !strcmp(r->type, type);
}

/* A subnet, or one of several alike: all subnets of one block stand in one VPC. */
static const struct resource *subnet_of(const struct names *names, const struct resource *r)
{
    const struct node *id = node_get(r->attrs, "subnet_id");
    const struct resource *found = named_resource(names, "aws_subnet", r, id);
    return found ? found : named_resource(names, "aws_subnet", NULL, id);
}

/* What names the VPC that a gateway or endpoint stands in; NULL: not known. */
static const char *vpc_of(const struct names *names, const struct resource *r)
{
    const struct resource *subnet = node_get(r->attrs, "vpc_id") ? NULL : subnet_of(names, r);
    const struct resource *of = subnet ? subnet : r;
    const struct node *id = node_get(of->attrs, "vpc_id");
    const struct resource *vpc = named_resource(names, "aws_vpc", of, id);
    if (vpc)
        return vpc->address ? vpc->address : vpc->key;
    const char *text = node_is(id, NODE_UNKNOWN) ? id->text : node_text(id, "");
    return *text ? text : NULL;
}

static bool is_s3_gateway(const struct resource *r)
{
    const char *kind = node_text(node_get(r->attrs, "vpc_endpoint_type"), "Gateway");
    const char *service = node_text(node_get(r->attrs, "service_name"), "s3");
    return !strcmp(kind, "Gateway") && glob_list_matches("s3|*.s3", service);
}

/* Where either's VPC is not known, one in the same region is taken to be in the same VPC. */
static bool has_s3_gateway(const struct names *names, const struct resource *nat)
{
    static const char endpoint[] = "aws_vpc_endpoint";
    const char *vpc = vpc_of(names, nat);
    struct multimap_walk w = multimap_find(&names->by_type, endpoint, sizeof endpoint - 1);
    while (multimap_next(&w)) {
        const struct resource *r = &names->estate->resources.at[w.value];
        if (!is_s3_gateway(r))
            continue;
        const char *other = vpc_of(names, r);
        bool same_region = !nat->region || !r->region || !strcmp(nat->region, r->region);
        if (vpc && other ? !strcmp(vpc, other) : same_region)
            return true;
    }
    return false;
}

/* Of a subnet that another configuration made, so may be the endpoint. */
static bool stands_elsewhere(const struct names *names, const struct resource *nat)
{
    const struct node *subnet = node_get(nat->attrs, "subnet_id");
    return node_is(subnet, NODE_STRING) && nat->address && !vpc_of(names, nat);
}

static bool run_gateway(struct findings *out, const struct policy *self,
                        const struct inspection *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        bool is_private =
            !strcmp(node_text(node_get(r->attrs, "connectivity_type"), ""), "private");
        if (!is_type(r, "aws_nat_gateway") || is_private || has_s3_gateway(&in->names, r))
            continue;
        if (!r->address)
            continue; /* of a bill, which shows no endpoint that is free */
        if (stands_elsewhere(&in->names, r))
            finding_note(out, self, r,
                         "whether its VPC has an S3 gateway endpoint is not seen here");
        else
            finding_add(
                out, self, estate, i, "Add an aws_vpc_endpoint of type Gateway for S3: free.",
                "traffic to S3 pays NAT processing, since no S3 gateway endpoint stands "
                "beside it");
    }
    return true;
}

static bool run_regions(struct findings *out, const struct policy *self,
                        const struct inspection *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    const char *home = NULL;
    for (size_t i = 0; i < estate->resources.count && !home; i++)
        if (is_type(&estate->resources.at[i], "databricks_mws_workspaces"))
            home = estate->resources.at[i].region;
    for (uint32_t i = 0; home && i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (is_type(r, "aws_s3_bucket") && r->region && strcmp(r->region, home) != 0)
            finding_add(out, self, estate, i,
                        "Keep data beside the workspace, or replicate what it reads.",
                        "it is in %s, the workspace in %s: every read crosses regions",
                        r->region, home);
    }
    return true;
}

extern const struct policy policy_s3_gateway, policy_one_region;
const struct policy policy_s3_gateway = {"NET-001", SEVERITY_MEDIUM,
                                         "S3 is reached without NAT", NULL, run_gateway};
const struct policy policy_one_region = {
    "NET-004", SEVERITY_MEDIUM, "data lies in the region of the workspace", NULL, run_regions};
