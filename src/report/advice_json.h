#ifndef REPORT_ADVICE_JSON_H
#define REPORT_ADVICE_JSON_H

#include "estate/advice.h"
#include "estate/estate.h"
#include "report/report.h"

/* One recommendation, or a declined one, as a JSON tree in the report's arena. */
struct node *json_recommendation(struct report *report, const struct estate *estate,
                                 const struct recommendation *recommendation);

#endif
