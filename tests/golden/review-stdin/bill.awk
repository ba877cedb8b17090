# More rows than any reader looks at before it reads.
BEGIN {
    print "identity/LineItemId,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost"
    for (i = 0; i < 20000; i++)
        printf "id%d,111122223333,Usage,2026-09-01T00:00:00Z,2026-09-01T01:00:00Z,AmazonEC2,EUW1-EBS:VolumeUsage.gp3,vol-%d,1,USD,0.01\n", i, i % 40
}
