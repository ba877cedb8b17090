#ifndef ADVISOR_FACTS_H
#define ADVISOR_FACTS_H

#include "base/when.h"
#include "pricing/book.h"
#include "report/report.h"

/* The price book behind a report; a reporting day of 0 says nothing of its age. */
void facts_of_prices(struct report *report, const struct book *book, day reporting_day);

#endif
