#ifndef ADVISOR_SIZE_REPORT_H
#define ADVISOR_SIZE_REPORT_H

#include "size_inputs.h"

/* One answer of `advisor size`, ready to be laid out. */
struct size_answer {
    const struct size_options *options;
    const struct sizing_request *request;
    const struct sizing_choice *choice;
    const struct sizing_evidence *evidence;
    const struct size_runs *runs;
    const double *usd_per_hour; /* by candidate, of all its workers; NaN = no price */
};

struct report *size_report(const struct size_answer *answer);

#endif
