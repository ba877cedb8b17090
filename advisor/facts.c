#include "facts.h"

void facts_of_prices(struct report *report, const struct book *book, day reporting_day)
{
    char newest[DAY_TEXT];
    day first, last;
    book_dates(book, &first, &last);
    report_fact(report, "Prices", "book %s, the newest of %s", book_version(book),
                day_format(newest, last));
    int age = reporting_day ? book_age_days(book, reporting_day) : 0;
    if (age > PRICE_OLD_DAYS)
        report_fact(report, "Old prices",
                    "the newest price is %d days older than the reporting day; advisor prices "
                    "refresh takes new ones",
                    age);
}
