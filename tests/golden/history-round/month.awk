# A month of hours of a small account, as a CUR 2.0 export writes them: -v month=2026-09 -v days=30.
# In October the advice on the first instance is followed, and it runs 620 of 744 hours; the
# idle one is gone, the third is as it was, the volume holds a third more.
BEGIN {
    print "identity_line_item_id,bill_payer_account_id,line_item_usage_account_id," \
        "line_item_line_item_type,line_item_product_code,line_item_usage_type," \
        "line_item_operation,line_item_resource_id,line_item_usage_start_date," \
        "line_item_usage_end_date,line_item_usage_amount,line_item_unblended_cost," \
        "line_item_currency_code,product_region_code,pricing_public_on_demand_cost," \
        "pricing_unit,bill_billing_period_start_date,product_instance_type"
    later = month == "2026-10"
    hours = days * 24
    for (h = 0; h < hours; h++) {
        if (!later)
            instance("i-0aaaaaaaaaaaaaaa1", "m5.4xlarge", 0.768)
        else if (h < 620)
            instance("i-0aaaaaaaaaaaaaaa1", "m5.2xlarge", 0.384)
        instance("i-0aaaaaaaaaaaaaaa2", "m5.4xlarge", 0.768)
        if (!later)
            instance("i-0aaaaaaaaaaaaaaa3", "t3.large", 0.0832)
        instance("i-0aaaaaaaaaaaaaaa4", "m5.4xlarge", 0.768)
        row("EBS:VolumeUsage.gp2", "CreateVolume-Gp2", "vol-0aaaaaaaaaaaaaaa5", \
            (later ? 400 : 300) / hours, (later ? 40 : 30) / hours, "GB-Mo", "")
    }
}
function hour(n) {
    return n < hours ? sprintf("%s-%02dT%02d:00:00.000Z", month, 1 + int(n / 24), n % 24) : \
        (later ? "2026-11-01T00:00:00.000Z" : "2026-10-01T00:00:00.000Z")
}
function instance(id, type, price) {
    row("BoxUsage:" type, "RunInstances", id, 1, price, "Hrs", type)
}
function row(measure, operation, id, amount, cost, unit, type) {
    printf "id%d,123456789012,123456789012,Usage,AmazonEC2,%s,%s,%s,%s,%s,%.12f,%.12f,USD,us-east-1,%.12f,%s,%s-01T00:00:00.000Z,%s\n", \
        ++lines, measure, operation, id, hour(h), hour(h + 1), amount, cost, cost, unit, month, type
}
