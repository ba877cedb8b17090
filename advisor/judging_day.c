#include "judging_day.h"

#include <string.h>
#include <time.h>

bool judging_day(day *out, const struct config *config, const char *option, struct err *err)
{
    enum { DAY_SECONDS = 86400 };
    *out = config->recommend.reporting_day;
    if (option)
        return day_parse(out, option, strlen(option)) ||
               err_usage(err, "--on takes a day such as 2027-01-31, not '%s'", option);
    if (!*out)
        *out = (day)(time(NULL) / DAY_SECONDS);
    return true;
}
