#include <string.h>

#include "policy/policy.h"

static bool is_type(const struct resource *r, const char *type)
{
    return r->type && !strcmp(r->type, type);
}

static bool has_s3_gateway(const struct estate *estate)
{
    for (size_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!is_type(r, "aws_vpc_endpoint"))
            continue;
        const char *kind = node_text(node_get(r->attrs, "vpc_endpoint_type"), "Gateway");
        const char *service = node_text(node_get(r->attrs, "service_name"), "s3");
        if (!strcmp(kind, "Gateway") && strstr(service, "s3"))
            return true;
    }
    return false;
}

static bool run_gateway(struct findings *out, const struct policy *self,
                        const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    if (has_s3_gateway(estate))
        return true;
    for (uint32_t i = 0; i < estate->resources.count; i++)
        if (is_type(&estate->resources.at[i], "aws_nat_gateway"))
            finding_add(out, self, estate, i, "Add an aws_vpc_endpoint of type Gateway for S3: free.",
                        "traffic to S3 pays NAT processing, since no S3 gateway endpoint stands "
                        "beside it");
    return true;
}

static bool run_regions(struct findings *out, const struct policy *self,
                        const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    const char *home = NULL;
    for (size_t i = 0; i < estate->resources.count && !home; i++)
        if (is_type(&estate->resources.at[i], "databricks_mws_workspaces"))
            home = estate->resources.at[i].region;
    for (uint32_t i = 0; home && i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (is_type(r, "aws_s3_bucket") && r->region && strcmp(r->region, home) != 0)
            finding_add(out, self, estate, i,
                        "Keep data beside the workspace, or replicate what it reads.",
                        "it is in %s, the workspace in %s: every read crosses regions", r->region,
                        home);
    }
    return true;
}

extern const struct policy policy_s3_gateway, policy_one_region;
const struct policy policy_s3_gateway = {
    "NET-001", SEVERITY_MEDIUM, "S3 is reached without NAT", NULL, run_gateway};
const struct policy policy_one_region = {
    "NET-004", SEVERITY_MEDIUM, "data lies in the region of the workspace", NULL, run_regions};
