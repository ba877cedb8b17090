#include <string.h>

#include "checks.h"

/* What must be watched where it is mapped: the type, and what stands for watching it. */
static const struct watch {
    const char *type, *by, *what;
} watches[] = {
    {"aws_lb", "aws_cloudwatch_metric_alarm", "no CloudWatch alarm watches any load balancer"},
    {"aws_lambda_function", "aws_cloudwatch_metric_alarm",
     "no CloudWatch alarm watches any function"},
    {"aws_nat_gateway", "aws_cloudwatch_metric_alarm",
     "no CloudWatch alarm watches any NAT gateway"},
    {"aws_s3_bucket", "aws_config_configuration_recorder",
     "no Config recorder keeps the history of any bucket"},
};

/* Once for each kind: only where a map says that these things matter, and all is seen. */
static bool run(struct findings *out, const struct policy *self, const struct inspection *in,
                struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    for (size_t i = 0; in->map && i < sizeof watches / sizeof *watches; i++) {
        uint32_t resource = first_of_type(&in->names, watches[i].type);
        if (first_of_type(&in->map_names, watches[i].type) != NOTHING && resource != NOTHING &&
            estate->resources.at[resource].address &&
            first_of_type(&in->names, watches[i].by) == NOTHING &&
            first_of_type(&in->map_names, watches[i].by) == NOTHING)
            finding_add(out, self, estate, resource, "Add one, or waive this with the reason.",
                        "%s", watches[i].what);
    }
    return true;
}

extern const struct policy policy_watched;
const struct policy policy_watched = {
    "OBS-003", SEVERITY_LOW, "what the map names is watched", NULL, run};
