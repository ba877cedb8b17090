#include <math.h>
#include <string.h>

#include "advice.h"
#include "pricing/book.h"
#include "pricing/network.h"

#define RELEASE_ADDRESS "release-address --allocation-id"
#define LIST_ADDRESSES                                                                        \
    "describe-addresses --query 'Addresses[?AssociationId==null].[AllocationId,PublicIp]'"

/* Things that cost by the hour and are for nothing when no byte goes through them. */
static const struct idle_rule {
    const char *kind, *hours, *bytes; /* measures of the bill; bytes NULL: always idle */
    double quiet_gb;               /* a month; what health checks and updates may use */
    const char *title[2];          /* around the name */
    const char *command, *listing; /* ends one by its id; tells the ids */
} idle_rules[] = {
    {"network.idle_nat", "NatGateway-Hours", "NatGateway-Bytes", 1,
     {"Delete NAT gateway ", ", which carries nothing"},
     "delete-nat-gateway --nat-gateway-id",
     "describe-nat-gateways --query 'NatGateways[].[NatGatewayId,VpcId]'"},
    {"network.idle_endpoint", "VpcEndpoint-Hours", "VpcEndpoint-Bytes", 0.1,
     {"Delete interface endpoint ", ", which carries nothing"},
     "delete-vpc-endpoints --vpc-endpoint-ids",
     "describe-vpc-endpoints --query 'VpcEndpoints[].[VpcEndpointId,ServiceName]'"},
    {"network.idle_address", "PublicIPv4:IdleAddress", NULL, 0,
     {"Release the public IPv4 address ", ", which is attached to nothing"},
     RELEASE_ADDRESS, LIST_ADDRESSES},
    {"network.idle_address", "ElasticIP:IdleAddress", NULL, 0,
     {"Release the elastic IP ", ", which is attached to nothing"},
     RELEASE_ADDRESS, LIST_ADDRESSES},
};

static const char *region_of(const struct estate *estate, uint32_t resource)
{
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    const char *region = estate->resources.at[resource].region;
    for (size_t i = 0; i < count && !region; i++)
        region = estate->skus.at[lines[i].sku].region;
    return region;
}

/* Where the bill gives no id, the command that lists them comes first. */
static const char *ending_commands(struct advice *out, const struct idle_rule *rule,
                                   const char *id, const char *region)
{
    const char *where = region_option(&out->arena, region);
    if (id)
        return arena_printf(&out->arena, "aws ec2 %s %s%s\n", rule->command,
                            shell_word(&out->arena, id), where);
    return arena_printf(&out->arena,
                        "# the bill tells no id; this lists them\n"
                        "aws ec2 %s \\\n"
                        "  --output text%s\n"
                        "# and this ends one:\n"
                        "# aws ec2 %s ID%s\n",
                        rule->listing, where, rule->command, where);
}

static void advise_idle(struct advice *out, const struct recommend_input *in, uint32_t resource,
                        const struct idle_rule *rule, struct money cost, double gb)
{
    const struct resource *r = &in->estate->resources.at[resource];
    struct recommendation *rec = advice_add(out, in, rule->kind, ACTION_STOP, resource);
    const char *id = command_id(r), *region = region_of(in->estate, resource);
    const char *name = id ? resource_label(r)
                          : arena_printf(&out->arena, "that the bill does not name, in %s",
                                         region ? region : "an unknown region");
    rec->title = arena_printf(&out->arena, "%s%s%s", rule->title[0], name, rule->title[1]);
    artefact_add(out, rec, "cli", "delete.sh", ending_commands(out, rule, id, region));
    saving_set(rec, in, money_range_of(cost), money_range_of(MONEY_ZERO));
    rec->effort = LEVEL_LOW;
    rec->risk = 1;
    rec->risk_dimension = "network";
    rec->confidence = LEVEL_HIGH;
    rec->confidence_why = "hours and bytes are on the bill";
    evidence_add(out, rec, EVIDENCE_INPUT, NULL, rule->hours, "%.2f USD a month",
                 money_double(cost));
    if (rule->bytes)
        evidence_add(out, rec, EVIDENCE_THRESHOLD, NULL, rule->bytes,
                     "%.3f GB a month, below %.1f GB", gb, rule->quiet_gb);
}

static bool judge_idle(struct advice *out, const struct recommend_input *in, uint32_t resource)
{
    for (size_t i = 0; i < sizeof idle_rules / sizeof *idle_rules; i++) {
        const struct idle_rule *rule = &idle_rules[i];
        struct money cost, bytes_cost;
        double hours, gb = 0;
        if (!estate_monthly_measure(&cost, &hours, in->estate, resource, rule->hours,
                                    BASIS_UNBLENDED))
            continue;
        if (rule->bytes && estate_monthly_measure(&bytes_cost, &gb, in->estate, resource,
                                                  rule->bytes, BASIS_UNBLENDED) &&
            gb > rule->quiet_gb)
            continue;
        if (money_double(cost) < in->options->min_monthly_usd)
            continue;
        advise_idle(out, in, resource, rule, cost, gb);
        return true;
    }
    return false;
}

static const char *endpoint_terraform(struct advice *out, const char *region)
{
    return arena_printf(&out->arena,
                        "resource \"aws_vpc_endpoint\" \"s3\" {\n"
                        "  vpc_id            = aws_vpc.this.id # the VPC of this NAT gateway\n"
                        "  service_name      = \"com.amazonaws.%s.s3\"\n"
                        "  vpc_endpoint_type = \"Gateway\"\n"
                        "  route_table_ids   = aws_route_table.private[*].id\n"
                        "}\n",
                        region ? region : "REGION");
}

/* What goes through a gateway in a month: as billed, or as the map of a plan declares it. */
struct nat_traffic {
    struct money cost;
    double gb;
    bool billed;
};

static bool traffic_of(struct nat_traffic *out, const struct recommend_input *in,
                       uint32_t resource)
{
    struct range gb;
    struct price price;
    const struct resource *r = &in->estate->resources.at[resource];
    out->billed = estate_monthly_measure(&out->cost, &out->gb, in->estate, resource,
                                         "NatGateway-Bytes", BASIS_UNBLENDED);
    if (out->billed)
        return out->gb > 0;
    if (in->estate->bills.count || !r->type || strcmp(r->type, "aws_nat_gateway") ||
        !range_read(&gb, node_get(r->usage, "monthly_data_processed_gb")) ||
        !transfer_price(&price, in->book, "nat_gateway_data", r->region, NULL))
        return false;
    out->gb = gb.expected;
    out->cost = price_times(&price, gb.expected);
    return out->gb > 0;
}

static void put_evidence(struct advice *out, const struct recommend_input *in,
                         struct recommendation *rec, uint32_t resource,
                         const struct nat_traffic *nat, struct range to_s3)
{
    struct price price;
    double each = money_double(nat->cost) / nat->gb;
    const char *mapped_by = in->estate->resources.at[resource].mapped_by;
    evidence_add(out, rec, EVIDENCE_INPUT, NULL, "NatGateway-Bytes", "%.0f GB a month", nat->gb);
    evidence_add(out, rec, EVIDENCE_INPUT, mapped_by, "of it to S3", "%.0f GB (%.0f .. %.0f)",
                 to_s3.expected, to_s3.low, to_s3.high);
    if (transfer_price(&price, in->book, "nat_gateway_data", region_of(in->estate, resource), NULL))
        evidence_price(out, rec, &price, "NAT gateway data");
    evidence_add(out, rec, EVIDENCE_FORMULA, NULL, "Saving",
                 "%.0f GB x %.6g USD%s = %.2f USD a month", to_s3.expected, each,
                 nat->billed ? " billed" : "", to_s3.expected * each);
}

static void advise_endpoint(struct advice *out, const struct recommend_input *in,
                            uint32_t resource, const struct nat_traffic *nat,
                            struct range to_s3)
{
    double each = money_double(nat->cost) / nat->gb;
    struct money_range after = {money_of(each * (nat->gb - to_s3.high)),
                                money_of(each * (nat->gb - to_s3.expected)),
                                money_of(each * (nat->gb - to_s3.low))};
    struct recommendation *rec =
        advice_add(out, in, "network.s3_endpoint", ACTION_REROUTE, resource);
    rec->title = arena_printf(&out->arena,
                              "Send S3 traffic of NAT gateway %s through a free gateway endpoint",
                              resource_label(&in->estate->resources.at[resource]));
    saving_set(rec, in, money_range_of(nat->cost), after);
    rec->effort = LEVEL_LOW;
    rec->risk = 1;
    rec->risk_dimension = "network";
    rec->confidence = LEVEL_MEDIUM;
    rec->confidence_why = nat->billed
                              ? "bytes are on the bill; the share that goes to S3 is from the map"
                              : "bytes and the share that goes to S3 are as the map declares them";
    put_evidence(out, in, rec, resource, nat, to_s3);
    artefact_add(out, rec, "terraform", "s3-endpoint.tf",
                 endpoint_terraform(out, region_of(in->estate, resource)));
}

/*
 * Bytes to S3 in the same region are free through a gateway endpoint. How many of
 * the NAT bytes they are, no bill says: the map or a flow log must.
 */
static void judge_nat(struct advice *out, const struct recommend_input *in, uint32_t resource)
{
    struct nat_traffic nat;
    struct range to_s3;
    const struct resource *r = &in->estate->resources.at[resource];
    if (!traffic_of(&nat, in, resource) ||
        money_double(nat.cost) < in->options->min_monthly_usd)
        return;
    if (!range_read(&to_s3, node_at(r->usage, "to_services_gb.s3"))) {
        advice_decline(out, "network.s3_endpoint", resource,
                       "how much of %.0f GB a month goes to S3 is not known; a gateway endpoint "
                       "is free and would save at most %.2f USD a month: state to_services_gb "
                       "of this gateway in the map",
                       nat.gb, money_double(nat.cost));
        return;
    }
    to_s3 = (struct range){fmin(to_s3.low, nat.gb), fmin(to_s3.expected, nat.gb),
                           fmin(to_s3.high, nat.gb)};
    advise_endpoint(out, in, resource, &nat, to_s3);
}

/* Data between zones is paid on both sides; the bill says what, not between whom. */
static void judge_cross_zone(struct advice *out, const struct recommend_input *in,
                             uint32_t resource)
{
    struct money cost;
    double gb;
    if (!estate_monthly_measure(&cost, &gb, in->estate, resource, "DataTransfer-Regional-Bytes",
                                BASIS_UNBLENDED) ||
        money_double(cost) < in->options->min_monthly_usd)
        return;
    advice_decline(out, "network.cross_zone", resource,
                   "%.0f GB a month cross zones; keeping peers in one zone would save at most "
                   "%.2f USD a month, but the bill does not say who talks to whom",
                   gb, money_double(cost));
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    (void)err;
    for (uint32_t i = 0; i < in->estate->resources.count; i++) {
        if (judge_idle(out, in, i))
            continue;
        judge_nat(out, in, i);
        judge_cross_zone(out, in, i);
    }
    return true;
}

extern const struct recommender recommender_network;
const struct recommender recommender_network = {
    .name = "network",
    .summary = "idle gateways, endpoints and addresses; S3 traffic through NAT; zone crossing",
    .run = run,
};
