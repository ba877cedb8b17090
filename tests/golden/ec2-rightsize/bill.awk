# Two weeks of hours of four instances in us-east-1, as a CUR 2.0 export writes them.
BEGIN {
    print "identity_line_item_id,bill_payer_account_id,line_item_usage_account_id," \
        "line_item_line_item_type,line_item_product_code,line_item_usage_type," \
        "line_item_operation,line_item_resource_id,line_item_usage_start_date," \
        "line_item_usage_end_date,line_item_usage_amount,line_item_unblended_cost," \
        "line_item_currency_code,product_region_code,pricing_public_on_demand_cost," \
        "pricing_unit,bill_billing_period_start_date,product_instance_type"
    for (h = 0; h < 336; h++) {
        row("i-0aaaaaaaaaaaaaaa1", "m5.4xlarge", 0.768)
        row("i-0aaaaaaaaaaaaaaa2", "m5.4xlarge", 0.768)
        row("i-0aaaaaaaaaaaaaaa3", "t3.large", 0.0832)
        row("i-0aaaaaaaaaaaaaaa4", "c5.xlarge", 0.17)
    }
}
function hour(n) {
    return sprintf("2026-03-%02dT%02d:00:00.000Z", 2 + int(n / 24), n % 24)
}
function row(id, type, price) {
    printf "id%d,123456789012,123456789012,Usage,AmazonEC2,BoxUsage:%s,RunInstances,%s,%s,%s,1,%s,USD,us-east-1,%s,Hrs,2026-03-01T00:00:00.000Z,%s\n", \
        ++lines, type, id, hour(h), hour(h + 1), price, price, type
}
