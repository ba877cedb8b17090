# A Compute plan of 1 USD an hour of which one hour in four is not used in January and
# two in February, and a reservation that covered nothing.
BEGIN {
    OFS = ","
    print "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId," \
          "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UnblendedCost," \
          "pricing/publicOnDemandCost,product/region,lineItem/CurrencyCode," \
          "savingsPlan/SavingsPlanARN,savingsPlan/SavingsPlanEffectiveCost," \
          "savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,savingsPlan/EndTime," \
          "savingsPlan/OfferingType,reservation/ReservationARN," \
          "reservation/AmortizedUpfrontFeeForBillingPeriod," \
          "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod," \
          "reservation/UnusedRecurringFee,reservation/EndTime," \
          "reservation/NumberOfReservations,reservation/TotalReservedUnits"
    plan = "arn:aws:savingsplans::111122223333:savingsplan/plan-1"
    reserved = "arn:aws:ec2:eu-west-1:111122223333:reserved-instances/reserved-1"
    for (month = 1; month <= 2; month++)
        for (hour = 0; hour < 8; hour++) {
            from = sprintf("2026-%02d-05T%02d:00:00Z", month, hour)
            to = sprintf("2026-%02d-05T%02d:00:00Z", month, hour + 1)
            used = hour % 4 < 4 - month
            print "SavingsPlanRecurringFee", "ComputeSavingsPlans", "ComputeSP:1yrNoUpfront", "",
                  from, to, 1, "", "", "USD", plan, "", 1, used, "2026-11-30T00:00:00.000Z",
                  "ComputeSavingsPlans", "", "", "", "", "", "", ""
            if (used) {
                print "SavingsPlanCoveredUsage", "AmazonEC2", "EU-BoxUsage:m5.large", "i-1", from,
                      to, 1.25, 1.25, "eu-west-1", "USD", plan, 1, "", "", "", "", "", "", "", "",
                      "", "", ""
                print "SavingsPlanNegation", "AmazonEC2", "EU-BoxUsage:m5.large", "", from, to,
                      -1.25, "", "eu-west-1", "USD", plan, "", "", "", "", "", "", "", "", "",
                      "", "", ""
            }
        }
    print "RIFee", "AmazonEC2", "EU-HeavyUsage:c4.large", "", "2026-01-01T00:00:00Z",
          "2026-01-31T23:59:59Z", 22.32, "", "eu-west-1", "USD", "", "", "", "", "", "", reserved,
          14.88, 14.88, 22.32, "2026-04-24T00:34:00.000Z", 1, 744
}
