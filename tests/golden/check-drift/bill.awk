# June of two instances, a bucket and an address that the map does not know, as a CUR export writes them.
BEGIN {
    print "identity_line_item_id,bill_payer_account_id,line_item_usage_account_id," \
        "line_item_line_item_type,line_item_product_code,line_item_usage_type," \
        "line_item_operation,line_item_resource_id,line_item_usage_start_date," \
        "line_item_usage_end_date,line_item_usage_amount,line_item_unblended_cost," \
        "line_item_currency_code,product_region_code,pricing_public_on_demand_cost," \
        "pricing_unit,bill_billing_period_start_date,product_instance_type"
    for (d = 1; d <= 30; d++) {
        row("AmazonEC2", "BoxUsage:m6i.2xlarge", "RunInstances", "i-0aaaaaaaaaaaaaaa1", 24, 24 * 0.384, "Hrs", "m6i.2xlarge")
        row("AmazonS3", "TimedStorage-ByteHrs", "StandardStorage", "acme-raw", 2000 / 30, 46 / 30, "GB-Mo", "")
        row("AmazonEC2", "NatGateway-Hours", "NatGateway", "arn:aws:ec2:us-east-1:111122223333:natgateway/nat-1", 24, 24 * 0.045, "Hrs", "")
    }
}
function row(service, measure, operation, id, amount, cost, unit, type) {
    printf "id%d,111122223333,111122223333,Usage,%s,%s,%s,%s,2026-06-%02dT00:00:00Z,%s,%.9f,%.9f,USD,us-east-1,%.9f,%s,2026-06-01T00:00:00.000Z,%s\n", \
        ++lines, service, measure, operation, id, d, d < 30 ? sprintf("2026-06-%02dT00:00:00Z", d + 1) : "2026-07-01T00:00:00Z", amount, cost, cost, unit, type
}
