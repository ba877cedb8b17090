#include "estate/component.h"

const char *cost_status_name(enum cost_status status)
{
    static const char *const names[] = {
        "priced", "free", "usage only", "no cost of its own", "unpriced", "unknown type"};
    return status < COST_STATUSES ? names[status] : "unknown type";
}
