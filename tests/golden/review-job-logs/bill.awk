# Five runs of one job, each on a cluster of its own: a driver and two workers for 16 hours.
BEGIN {
    OFS = ","
    print "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId," \
          "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UsageAmount," \
          "lineItem/UnblendedCost,pricing/publicOnDemandCost,product/region," \
          "product/instanceType,lineItem/CurrencyCode,resourceTags/user:Vendor," \
          "resourceTags/user:ClusterId,resourceTags/user:ClusterName,resourceTags/user:JobId,resourceTags/user:RunName"
    for (day = 5; day <= 9; day++)
        for (hour = 6; hour < 22; hour++)
            for (node = 1; node <= 3; node++)
                print "Usage", "AmazonEC2", "BoxUsage:m6i.xlarge", "i-" day node,
                      sprintf("2026-01-%02dT%02d:00:00Z", day, hour),
                      sprintf("2026-01-%02dT%02d:00:00Z", day, hour + 1), 1, 0.192, 0.192,
                      "us-east-1", "m6i.xlarge", "USD", "Databricks", "0105-0" (60000+day) "-team", "job-77-run-" day "-main", "77", "nightly"
}
