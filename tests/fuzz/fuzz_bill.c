/* Any bytes as a bill: loaded or refused with a sentence; the lines add up to the files. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bill/bill.h"
#include "io/files.h"

static const char *const headers[] = {
    "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,"
    "lineItem/UsageType,lineItem/ResourceId,lineItem/UsageAmount,lineItem/CurrencyCode,"
    "lineItem/UnblendedCost,lineItem/NetUnblendedCost,pricing/publicOnDemandCost,"
    "reservation/ReservationARN,savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,"
    "resourceTags/user:ClusterId\n",
    ("line_item_unblended_cost,line_item_product_code,line_item_usage_start_date,resource_tags,"
     "product,bill_billing_entity,line_item_resource_id\n"),
    "BilledCost,EffectiveCost,ChargeCategory,ChargePeriodStart,ResourceId,Tags,ListCost\n",
    "record_id,sku_name,usage_quantity,usage_start_time,usage_end_time,usage_metadata,custom_tags\n",
    "", "[{\"sku_name\":\"a\",\"usage_quantity\":", "PK\x03\x04",
};

static void check(const struct estate *estate)
{
    for (unsigned b = 0; b < BASIS_COUNT; b++) {
        struct money lines = MONEY_ZERO, files = MONEY_ZERO;
        for (size_t i = 0; i < estate->lines.count; i++)
            lines = money_add(lines, estate->lines.at[i].cost[b]);
        for (size_t i = 0; i < estate->bills.count; i++)
            if (estate->bills.at[i].currency == estate->currency)
                files = money_add(files, estate->bills.at[i].total[b]);
        if (money_cmp(lines, files))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    if (!size)
        return 0;
    snprintf(path, sizeof path, "/tmp/advisor-fuzz-bill-%d", (int)getpid());
    buf_add(&text, headers[data[0] % (sizeof headers / sizeof *headers)]);
    buf_add_n(&text, (const char *)data + 1, size - 1);
    if (!files_write(path, buf_text(&text), text.length, &err))
        abort();
    const char *const paths[] = {path};
    struct bill_options options = {.paths = paths, .path_count = 1, .threads = 1 + data[0] % 2};
    struct estate *estate = estate_open();
    struct bill_summary summary;
    if (bill_load(estate, &options, &summary, &err)) {
        estate_index(estate);
        check(estate);
        bill_summary_release(&summary);
    } else if (!*err.text) {
        abort();
    }
    estate_free(estate);
    buf_release(&text);
    unlink(path);
    return 0;
}
