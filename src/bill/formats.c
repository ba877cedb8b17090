#include <stddef.h>

#include "format.h"

/*
 * Legacy CUR, the same with Athena's names, and CUR 2.0 name their columns alike
 * once the legacy names are spelled Athena's way.
 */
static const struct bill_column cur_columns[] = {
    {ROLE_SERVICE, "line_item_product_code"},
    {ROLE_USAGE_TYPE, "line_item_usage_type"},
    {ROLE_OPERATION, "line_item_operation"},
    {ROLE_LINE_TYPE, "line_item_line_item_type"},
    {ROLE_REGION, "product_region_code"},
    {ROLE_REGION, "product_region"},
    {ROLE_UNIT, "pricing_unit"},
    {ROLE_CURRENCY, "line_item_currency_code"},
    {ROLE_ENTITY, "bill_billing_entity"},
    {ROLE_PRODUCT_NAME, "product_product_name"},
    {ROLE_PRODUCT_NAME, "product"},
    {ROLE_RESOURCE, "line_item_resource_id"},
    {ROLE_ACCOUNT, "line_item_usage_account_id"},
    {ROLE_ACCOUNT, "bill_payer_account_id"},
    {ROLE_ZONE, "line_item_availability_zone"},
    {ROLE_TAGS, "resource_tags"},
    {ROLE_START, "line_item_usage_start_date"},
    {ROLE_END, "line_item_usage_end_date"},
    {ROLE_PERIOD, "bill_billing_period_start_date"},
    {ROLE_QUANTITY, "line_item_usage_amount"},
    {ROLE_COST, "line_item_unblended_cost"},
    {ROLE_NET_COST, "line_item_net_unblended_cost"},
    {ROLE_LIST_COST, "pricing_public_on_demand_cost"},
    {ROLE_RI_ARN, "reservation_reservation_a_r_n"},
    {ROLE_RI_ARN, "reservation_reservation_arn"},
    {ROLE_RI_UPFRONT, "reservation_amortized_upfront_fee_for_billing_period"},
    {ROLE_RI_UNITS, "reservation_total_reserved_units"},
    {ROLE_RI_COUNT, "reservation_number_of_reservations"},
    {ROLE_RI_END, "reservation_end_time"},
    {ROLE_RI_EFFECTIVE, "reservation_effective_cost"},
    {ROLE_RI_UNUSED_UPFRONT, "reservation_unused_amortized_upfront_fee_for_billing_period"},
    {ROLE_RI_UNUSED_RECURRING, "reservation_unused_recurring_fee"},
    {ROLE_RI_NET_EFFECTIVE, "reservation_net_effective_cost"},
    {ROLE_RI_NET_UNUSED_UPFRONT,
     "reservation_net_unused_amortized_upfront_fee_for_billing_period"},
    {ROLE_RI_NET_UNUSED_RECURRING, "reservation_net_unused_recurring_fee"},
    {ROLE_SP_ARN, "savings_plan_savings_plan_a_r_n"},
    {ROLE_SP_ARN, "savings_plan_savings_plan_arn"},
    {ROLE_SP_END, "savings_plan_end_time"},
    {ROLE_SP_KIND, "savings_plan_offering_type"},
    {ROLE_SP_FAMILY, "savings_plan_instance_type_family"},
    {ROLE_SP_REGION, "savings_plan_region"},
    {ROLE_SP_EFFECTIVE, "savings_plan_savings_plan_effective_cost"},
    {ROLE_SP_NET_EFFECTIVE, "savings_plan_net_savings_plan_effective_cost"},
    {ROLE_SP_TOTAL, "savings_plan_total_commitment_to_date"},
    {ROLE_SP_USED, "savings_plan_used_commitment"},
    {ROLE_SP_UPFRONT, "savings_plan_amortized_upfront_commitment_for_billing_period"},
    {ROLE_SP_RECURRING, "savings_plan_recurring_commitment_for_billing_period"},
    {ROLE_SP_NET_UPFRONT, "savings_plan_net_amortized_upfront_commitment_for_billing_period"},
    {ROLE_SP_NET_RECURRING, "savings_plan_net_recurring_commitment_for_billing_period"},
    {ROLE_DESCRIPTION, "line_item_line_item_description"},
    {ROLE_COUNT, NULL},
};

static const struct bill_column focus_columns[] = {
    {ROLE_SERVICE, "x_ServiceCode"},
    {ROLE_SERVICE, "ServiceName"},
    {ROLE_USAGE_TYPE, "x_UsageType"},
    {ROLE_USAGE_TYPE, "SkuMeter"},
    {ROLE_USAGE_TYPE, "SkuId"},
    {ROLE_OPERATION, "x_Operation"},
    {ROLE_LINE_TYPE, "ChargeCategory"},
    {ROLE_REGION, "RegionId"},
    {ROLE_REGION, "Region"},
    {ROLE_UNIT, "ConsumedUnit"},
    {ROLE_UNIT, "UsageUnit"},
    {ROLE_UNIT, "PricingUnit"},
    {ROLE_CURRENCY, "BillingCurrency"},
    {ROLE_ENTITY, "ProviderName"},
    {ROLE_COMMITMENT, "CommitmentDiscountStatus"},
    {ROLE_COMMITMENT_TYPE, "CommitmentDiscountCategory"},
    {ROLE_COMMITMENT_TYPE, "CommitmentDiscountType"},
    {ROLE_COMMITMENT_TYPE, "CommitmentDiscountId"},
    {ROLE_SP_ARN, "CommitmentDiscountId"},
    {ROLE_PRICING, "PricingCategory"},
    {ROLE_FREQUENCY, "ChargeFrequency"},
    {ROLE_PRODUCT_NAME, "ServiceName"},
    {ROLE_RESOURCE, "ResourceId"},
    {ROLE_ACCOUNT, "SubAccountId"},
    {ROLE_ACCOUNT, "BillingAccountId"},
    {ROLE_ZONE, "AvailabilityZone"},
    {ROLE_RESOURCE_NAME, "ResourceName"},
    {ROLE_RESOURCE_TYPE, "ResourceType"},
    {ROLE_TAGS, "Tags"},
    {ROLE_START, "ChargePeriodStart"},
    {ROLE_END, "ChargePeriodEnd"},
    {ROLE_PERIOD, "BillingPeriodStart"},
    {ROLE_QUANTITY, "ConsumedQuantity"},
    {ROLE_QUANTITY, "UsageQuantity"},
    {ROLE_QUANTITY, "PricingQuantity"},
    {ROLE_COST, "BilledCost"},
    {ROLE_EFFECTIVE_COST, "EffectiveCost"},
    {ROLE_LIST_COST, "ListCost"},
    {ROLE_COUNT, NULL},
};

static const struct bill_column usage_columns[] = {
    {ROLE_USAGE_TYPE, "sku_name"},
    {ROLE_OPERATION, "billing_origin_product"},
    {ROLE_UNIT, "usage_unit"},
    {ROLE_ENTITY, "cloud"},
    {ROLE_ACCOUNT, "workspace_id"},
    {ROLE_METADATA, "usage_metadata"},
    {ROLE_TAGS, "custom_tags"},
    {ROLE_START, "usage_start_time"},
    {ROLE_START, "usage_date"},
    {ROLE_END, "usage_end_time"},
    {ROLE_QUANTITY, "usage_quantity"},
    {ROLE_COUNT, NULL},
};

static const struct bill_column usage_log_columns[] = {
    {ROLE_USAGE_TYPE, "sku"},
    {ROLE_ACCOUNT, "workspaceId"},
    {ROLE_RESOURCE, "clusterId"},
    {ROLE_RESOURCE_NAME, "clusterName"},
    {ROLE_ZONE, "clusterNodeType"},
    {ROLE_TAGS, "tags"},
    {ROLE_TAGS, "clusterCustomTags"},
    {ROLE_END, "timestamp"},
    {ROLE_QUANTITY, "dbus"},
    {ROLE_COUNT, NULL},
};

#define COLUMNS(...) (const char *const[]){__VA_ARGS__, NULL}

static const char *focus_version(const struct header *header)
{
    static const struct {
        const char *column, *version;
    } told_by[] = {
        {"BillingAccountType", "FOCUS 1.2"},       {"PricingCurrency", "FOCUS 1.2"},
        {"SkuMeter", "FOCUS 1.1"},                 {"CommitmentDiscountQuantity", "FOCUS 1.1"},
        {"ContractedCost", "FOCUS 1.0"},           {"Region", "FOCUS 1.0-preview"},
    };
    for (size_t i = 0; i < sizeof told_by / sizeof *told_by; i++)
        if (header_find(header, false, told_by[i].column) != SIZE_MAX)
            return told_by[i].version;
    return "FOCUS";
}

static const char *cur_version(const struct header *header)
{
    static const char *const only_in_2[] = {"product", "resource_tags", "cost_category",
                                            "bill_payer_account_name", "discount"};
    for (size_t i = 0; i < sizeof only_in_2 / sizeof *only_in_2; i++)
        if (header_find(header, false, only_in_2[i]) != SIZE_MAX)
            return "CUR 2.0";
    return header_find(header, false, "line_item_unblended_cost") != SIZE_MAX
               ? "CUR, Athena's columns" : "CUR, legacy";
}

static const struct bill_format cur = {
    .name = "CUR",
    .mangled = true,
    .required = COLUMNS("line_item_unblended_cost", "line_item_product_code"),
    .columns = cur_columns,
    .tag_prefix = "resource_tags_",
    .version = cur_version,
};

static const struct bill_format focus = {
    .name = "FOCUS",
    .required = COLUMNS("BilledCost", "EffectiveCost", "ChargeCategory"),
    .columns = focus_columns,
    .family = FAMILY_FOCUS,
    .version = focus_version,
};

static const struct bill_format databricks_usage = {
    .name = "Databricks usage",
    .required = COLUMNS("record_id", "usage_quantity", "sku_name"),
    .columns = usage_columns,
    .family = FAMILY_DATABRICKS,
};

static const struct bill_format databricks_usage_log = {
    .name = "Databricks usage log",
    .required = COLUMNS("workspaceId", "timestamp", "dbus", "sku"),
    .columns = usage_log_columns,
    .family = FAMILY_DATABRICKS,
};

static const struct bill_format focus_before_1 = {
    .name = "FOCUS before 1.0",
    .required = COLUMNS("BilledCost", "ChargeType"),
    .refusal = "this is a FOCUS export older than 1.0, which counts costs differently; "
               "export it as FOCUS 1.0 or newer",
};

const struct bill_format *const bill_formats[] = {
    &cur, &focus, &databricks_usage, &databricks_usage_log, &focus_before_1, NULL,
};
