# Two weeks of hours of three kinds of load balancers in us-east-1, as a CUR 2.0 export writes them.
BEGIN {
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/"
    print "identity_line_item_id,bill_payer_account_id,line_item_usage_account_id," \
        "line_item_line_item_type,line_item_product_code,line_item_usage_type," \
        "line_item_operation,line_item_resource_id,line_item_usage_start_date," \
        "line_item_usage_end_date,line_item_usage_amount,line_item_unblended_cost," \
        "line_item_currency_code,product_region_code,pricing_public_on_demand_cost," \
        "pricing_unit,bill_billing_period_start_date"
    for (h = 0; h < 336; h++) {
        balancer("net/edge/2222222222222222", "Network", 0.0225, 1.4, 0.006)
        balancer("gwy/wall/3333333333333333", "Gateway", 0.0125, 1.5, 0.004)
        balancer("app/fn/4444444444444444", "Application", 0.0225, 3, 0.008)
    }
}
function balancer(name, kind, hourly, units, price) {
    row(name, "LoadBalancerUsage", "LoadBalancing:" kind, 1, hourly, "Hrs")
    if (units > 0) row(name, "LCUUsage", "LoadBalancing:" kind, units, price, "LCU-Hrs")
}
function hour(n) {
    return sprintf("2026-03-%02dT%02d:00:00.000Z", 2 + int(n / 24), n % 24)
}
function row(name, usage, operation, amount, price, unit,    cost) {
    cost = sprintf("%.6f", amount * price)
    printf "id%d,123456789012,123456789012,Usage,AWSELB,%s,%s,%s%s,%s,%s,%s,%s,USD,us-east-1,%s,%s,2026-03-01T00:00:00.000Z\n", \
        ++lines, usage, operation, arn, name, hour(h), hour(h + 1), amount, cost, cost, unit
}
