#ifndef ADVISOR_HISTORY_REPORT_H
#define ADVISOR_HISTORY_REPORT_H

#include "history/history.h"
#include "report/report.h"

/* What accepted advice saved, behind the recommendations of a review. */
void report_realised(struct report *report, const struct realised_list *realised,
                     const char *currency);

struct history_lists {
    struct history_reviews reviews;
    struct history_advices advices;
    struct decisions decisions;
    struct history_checks checks;
};

/* All that a history holds; `whole` also every recommendation and every line of checks. */
void report_history(struct report *report, const struct history_lists *lists, bool whole);

#endif
