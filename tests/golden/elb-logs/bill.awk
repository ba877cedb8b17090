# Four days of its hours as a CUR 2.0 export writes them.
BEGIN {
    print "identity_line_item_id,bill_payer_account_id,line_item_usage_account_id," \
        "line_item_line_item_type,line_item_product_code,line_item_usage_type," \
        "line_item_operation,line_item_resource_id,line_item_usage_start_date," \
        "line_item_usage_end_date,line_item_usage_amount,line_item_unblended_cost," \
        "line_item_currency_code,product_region_code,pricing_public_on_demand_cost," \
        "pricing_unit,bill_billing_period_start_date"
    for (h = 0; h < 96; h++) {
        row("LoadBalancerUsage", 1, 0.0225, "Hrs")
        row("LCUUsage", 0.05, 0.008, "LCU-Hrs")
    }
}
function hour(n) {
    return sprintf("2026-03-%02dT%02d:00:00.000Z", 2 + int(n / 24), n % 24)
}
function row(usage, amount, price, unit) {
    printf "id%d,123456789012,123456789012,Usage,AWSELB,%s,LoadBalancing:Application," \
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188," \
        "%s,%s,%s,%.6f,USD,us-east-1,%.6f,%s,2026-03-01T00:00:00.000Z\n", \
        ++lines, usage, hour(h), hour(h + 1), amount, amount * price, amount * price, unit
}
