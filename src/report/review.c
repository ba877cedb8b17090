#include "report/review.h"

#include <string.h>

#include "report/advice_report.h"
#include "review_parts.h"

static size_t counted(const struct advice *advice)
{
    size_t count = 0;
    for (size_t i = 0; i < advice->recommendations.count; i++)
        count += advice->recommendations.at[i].counted;
    return count;
}

/* They stand at the end and may be of every figure. */
static const char *warnings(struct report *report, const struct estate *estate)
{
    size_t count = 0;
    for (size_t i = 0; i < estate->notes.count; i++)
        count += estate->notes.at[i].kind == NOTE_WARNING;
    return !count ? ""
                  : arena_printf(&report->arena, " %zu warning%s at the end.", count,
                                 count == 1 ? " stands" : "s stand");
}

static void put_lead(struct report *report, const struct estate *estate,
                     const struct spend *spend, const struct advice *advice)
{
    struct money_range saving = advice_counted_saving(advice);
    const char *currency = estate->currency ? estate->currency : "USD";
    if (!counted(advice)) {
        report_lead(report, "%s %s amortized were spent. %s%s",
                    money_text(report, spend->total[BASIS_AMORTIZED]), currency,
                    advice->refused ? advice->refused
                                    : "No recommendation saves money: the reasons are below.",
                    warnings(report, estate));
        return;
    }
    report_lead(
        report,
        "%s %s amortized were spent. %zu recommendation%s would take %s %s a month off "
        "the next bills (low %s, high %s), nothing counted twice.%s",
        money_text(report, spend->total[BASIS_AMORTIZED]), currency, counted(advice),
        counted(advice) == 1 ? "" : "s", money_text(report, saving.expected), currency,
        money_text(report, saving.low), money_text(report, saving.high),
        warnings(report, estate));
}

static const char *period_text(struct report *report, const struct bill_file *b)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    return b->rows ? arena_printf(&report->arena, ", %.10s to %.10s",
                                  time_format(from, b->from), time_format(to, b->to))
                   : "";
}

static const char *currency_text(struct report *report, const struct estate *estate,
                                 const struct bill_file *b)
{
    bool other = b->currency && estate->currency && strcmp(b->currency, estate->currency) != 0;
    return other ? arena_printf(&report->arena, " in %s, kept apart", b->currency) : "";
}

static void put_bill(struct report *report, struct node *list, const struct estate *estate,
                     const struct bill_file *b)
{
    char text[TIME_TEXT];
    const char *unread = b->bad_rows ? arena_printf(&report->arena, ", %llu not read",
                                                    (unsigned long long)b->bad_rows)
                                     : "";
    report_fact(report, "Bill", "%s (%s, %llu rows%s%s%s)", b->path, b->format,
                (unsigned long long)b->rows, currency_text(report, estate, b), unread,
                period_text(report, b));
    struct node *item = result_item(report, list);
    result_text(report, item, "path", b->path);
    result_text(report, item, "format", b->format);
    result_text(report, item, "currency", b->currency);
    result_number(report, item, "rows", (double)b->rows);
    result_number(report, item, "bad_rows", (double)b->bad_rows);
    result_text(report, item, "from", b->rows ? time_format(text, b->from) : NULL);
    result_text(report, item, "to", b->rows ? time_format(text, b->to) : NULL);
}

static void put_bills(struct report *report, const struct estate *estate)
{
    struct node *list = result_list(report, "bills");
    for (size_t i = 0; i < estate->bills.count; i++)
        put_bill(report, list, estate, &estate->bills.at[i]);
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
    review_commitments(report, estate);
    report_recommendations(report, estate, advice);
    review_owners(report, estate, spend);
    review_changes(report, estate, spend);
    report_declined(report, estate, advice);
    report_notes(report, estate, advice);
}
