# Resources whose names would run, if what is to be pasted did not quote them.
function row(usage, id, amount, cost, type, unit) {
    for (day = 1; day <= 28; day++)
        printf "%d,111122223333,Usage,2026-09-%02dT00:00:00Z,2026-09-%02dT00:00:00Z,AmazonEC2,%s,,%s,%s,USD,%s,eu-west-1,%s\n", ++n, day, day + 1, usage, id, amount, cost, type
}
BEGIN {
    print "identity/LineItemId,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/Operation,lineItem/ResourceId,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,product/region,product/volumeApiName"
    row("EUW1-EBS:VolumeUsage.gp2", "vol-$(touch ran)", 10, 1.1, "gp2")
    row("EUW1-NatGateway-Hours", "natgateway/nat-1;touch ran", 24, 1.2, "")
    row("EUW1-PublicIPv4:IdleAddress", "eipalloc-`touch ran`", 24, 0.5, "")
}
