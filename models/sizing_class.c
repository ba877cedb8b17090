#include "data/sizing_figures.h"
#include "sizing_parts.h"

/* What is believed of a workload by its class, where nobody says and no run tells. */

struct set_per_gb set_per_gb(const char *class_name)
{
    static const struct set_per_gb training = SIZING_SET_PER_GB_TRAINING,
                                   other = SIZING_SET_PER_GB_OTHER;
    return same_text(class_name, "training") ? training : other;
}

double iterative_belief(int said, const char *class_name)
{
    if (said >= 0)
        return said;
    return !class_name                          ? SIZING_ITERATIVE_UNKNOWN
           : same_text(class_name, "training") ? SIZING_ITERATIVE_TRAINING
                                                : SIZING_ITERATIVE_OTHER;
}

bool is_iterative(int said, const char *class_name)
{
    return iterative_belief(said, class_name) >= 0.5;
}

double work_per_gb(bool iterative)
{
    return iterative ? SIZING_WORK_PER_GB_ITERATIVE : SIZING_WORK_PER_GB_OTHER;
}
