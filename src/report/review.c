#include "report/review.h"

#include "report/advice_report.h"
#include "review_parts.h"

static size_t counted(const struct advice *advice)
{
    size_t count = 0;
    for (size_t i = 0; i < advice->recommendations.count; i++)
        count += advice->recommendations.at[i].counted;
    return count;
}

static void put_lead(struct report *report, const struct estate *estate,
                     const struct spend *spend, const struct advice *advice)
{
    struct money_range saving = advice_counted_saving(advice);
    const char *currency = estate->currency ? estate->currency : "USD";
    if (!counted(advice)) {
        report_lead(report, "%s %s amortized were spent. No recommendation saves money: the "
                            "reasons are below.",
                    money_text(report, spend->total[BASIS_AMORTIZED]), currency);
        return;
    }
    report_lead(report,
                "%s %s amortized were spent. %zu recommendations would take %s %s a month off "
                "the next bills (low %s, high %s), nothing counted twice.",
                money_text(report, spend->total[BASIS_AMORTIZED]), currency, counted(advice),
                money_text(report, saving.expected), currency, money_text(report, saving.low),
                money_text(report, saving.high));
}

static void put_bills(struct report *report, const struct estate *estate)
{
    struct node *list = result_list(report, "bills");
    for (size_t i = 0; i < estate->bills.count; i++) {
        const struct bill_file *b = &estate->bills.at[i];
        char from[TIME_TEXT], to[TIME_TEXT];
        report_fact(report, "Bill", "%s (%s, %llu rows, %.10s to %.10s)", b->path, b->format,
                    (unsigned long long)b->rows, time_format(from, b->from),
                    time_format(to, b->to));
        struct node *item = result_item(report, list);
        result_text(report, item, "path", b->path);
        result_text(report, item, "format", b->format);
        result_text(report, item, "currency", b->currency);
        result_number(report, item, "rows", (double)b->rows);
        result_number(report, item, "bad_rows", (double)b->bad_rows);
        result_text(report, item, "from", from);
        result_text(report, item, "to", to);
    }
}

void report_review(struct report *report, const struct estate *estate,
                   const struct spend *spend, const struct advice *advice)
{
    result_text(report, report->json, "schema_version", "1");
    result_text(report, report->json, "report", "review");
    result_text(report, report->json, "currency", estate->currency);
    put_lead(report, estate, spend, advice);
    put_bills(report, estate);
    struct node *saving = json_range(report, advice_counted_saving(advice));
    node_add(&report->arena, report->json, "monthly_saving", saving);
    review_spend(report, estate, spend);
    report_recommendations(report, estate, advice);
    review_owners(report, estate, spend);
    review_changes(report, estate, spend);
    report_declined(report, estate, advice);
    report_notes(report, estate, advice);
}
