#include "elb.h"

/* Signs that a load balancer or its targets turn work away. */
static const struct sign {
    const char *metric, *says;
} signs[] = {
    {"RejectedConnectionCount", "connections were rejected: it had reached its most"},
    {"SpilloverCount", "requests were turned away: the queue of 1,024 was full"},
    {"PortAllocationErrorCount",
     "no source port was left for targets: more targets or addresses"},
    {"TargetConnectionErrorCount", "targets did not accept connections"},
    {"HTTPCode_ELB_503_Count", "503: no target could take the request"},
    {"HTTPCode_ELB_504_Count", "504: a target took too long"},
};

enum { SUSTAINED_HOURS = 3 };

static int hours_with(const struct metric_series *s)
{
    int hours = 0;
    int64_t last = INT64_MIN;
    for (size_t i = 0; s && i < s->count; i++) {
        int64_t hour = s->times[i] / 3600;
        if (s->values[i] > 0 && hour != last) {
            hours++;
            last = hour;
        }
    }
    return hours;
}

void elb_judge_signs(struct advice *out, const struct recommend_input *in, struct balancer *b)
{
    struct recommendation *r = NULL;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const struct metric_series *s = elb_series(in, b->resource, signs[i].metric, "Sum");
        int hours = hours_with(s);
        if (hours < SUSTAINED_HOURS)
            continue;
        if (!r) {
            r = elb_advise(out, in, b, "elb.undersized", ACTION_RESIZE,
                           money_range_of(MONEY_ZERO));
            r->title = arena_printf(&out->arena, "Give %s more targets or capacity: %s",
                                    b->label, signs[i].says);
            r->effort = LEVEL_MEDIUM;
        }
        evidence_add(out, r, EVIDENCE_INPUT, s->source, signs[i].metric, "in %d hours: %s",
                     hours, signs[i].says);
    }
}
