# September 2026 of two buckets: "lake" with an inventory, "dark" with the bill alone.
BEGIN {
    print "identity/LineItemId,bill/PayerAccountId,bill/BillingPeriodStartDate," \
        "lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate," \
        "lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId," \
        "lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,product/region,pricing/unit"
    for (day = 1; day <= 30; day++) {
        row("TimedStorage-ByteHrs", "lake", 20100 / 30, 20100 * 0.023 / 30, "GB-Mo")
        row("Requests-Tier1", "lake", 40000, 0.2, "Requests")
        row("Requests-Tier2", "lake", 900000, 0.36, "Requests")
        row("TimedStorage-ByteHrs", "dark", 9000 / 30, 9000 * 0.023 / 30, "GB-Mo")
        row("TimedStorage-SIA-ByteHrs", "dark", 2000 / 30, 2000 * 0.0125 / 30, "GB-Mo")
        row("Retrieval-SIA", "dark", 9000 / 30, 9000 * 0.01 / 30, "GB")
        row("Requests-Tier2", "dark", 2000, 0.0008, "Requests")
    }
}
function row(usage, bucket, amount, cost, unit) {
    printf "line-%d,111122223333,2026-09-01T00:00:00Z,111122223333,Usage," \
        "2026-09-%02dT00:00:00Z,%s,AmazonS3,%s,%s,%.6f,USD,%.9f,us-east-1,%s\n", ++line, day, \
        day < 30 ? sprintf("2026-09-%02dT00:00:00Z", day + 1) : "2026-10-01T00:00:00Z", usage, \
        bucket, amount, cost, unit
}
