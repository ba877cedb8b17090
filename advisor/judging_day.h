#ifndef ADVISOR_JUDGING_DAY_H
#define ADVISOR_JUDGING_DAY_H

#include "config.h"

/*
 * The day that waivers expire against: `option` ("2027-01-31"), else the configuration's
 * reporting_day, else today. Fails for an option that is no day.
 */
bool judging_day(day *out, const struct config *config, const char *option, struct err *err);

#endif
