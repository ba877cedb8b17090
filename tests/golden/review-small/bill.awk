# A month of daily rows: what is too small to advise on, one of each, and addresses without an id.
BEGIN {
    OFS = ","
    print "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId," \
          "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UsageAmount," \
          "lineItem/UnblendedCost,pricing/publicOnDemandCost,product/region,lineItem/CurrencyCode"
    volume = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-"
    for (day = 1; day <= 31; day++) {
        from = sprintf("2026-01-%02dT00:00:00Z", day)
        to = sprintf(day < 31 ? "2026-01-%02dT00:00:00Z" : "2026-02-01T00:00:00Z", day + 1)
        row("EBS:VolumeUsage.gp2", volume "0a", 8 / 31, 0.11)
        row("EBS:VolumeUsage.gp2", volume "0b", 20 / 31, 0.11)
        row("EBS:VolumeUsage.gp2", volume "0c", 500 / 31, 0.11)
        row("ElasticIP:IdleAddress", "", 24, 0.005)
        row("ElasticIP:IdleAddress", "arn:aws:ec2:eu-west-1:111122223333:elastic-ip/eipalloc-0d", 24,
            0.005)
        row("BoxUsage:m6i.large", "i-0e", 24, 0.107)
    }
}
function row(usage, resource, amount, price)
{
    print "Usage", "AmazonEC2", usage, resource, from, to, amount, amount * price, amount * price,
          "eu-west-1", "USD"
}
