#include <string.h>

#include "combine.h"

/* What taking a step back asks for, by the beginning of a kind; the first that fits. */
static const struct step_back {
    const char *kind;
    bool restart;
    const char *how;
} by_kind[] = {
    {"ec2.idle", false, "start it again"},
    {"ec2.graviton", true, "change the type and its x86 image back, with one more restart"},
    {"ec2.", true, "change the type back, with one more restart"},
    {"ebs.gp3", false, "change the type back, six hours after the change at the earliest"},
    {"ebs.unattached", false, "make the volume anew from its snapshot"},
    {"elb.idle", false, "make it anew; its DNS name is another one then"},
    {"network.s3_endpoint", false, "delete the endpoint"},
    {"network.idle", false, "make it anew; its address is another one then"},
    {"s3.lifecycle", false,
     "delete the rules; what has moved comes back by a copy only, which costs requests and "
     "retrieval"},
    {"s3.uploads", false, "none: parts that were deleted are gone"},
    {"s3.versions", false, "none: versions that were deleted are gone"},
    {"cluster.", false, "set the values of before; they hold from the next start"},
    {"commitment.", false, "none: it is paid until it ends"},
};

/* Kinds that have no line of their own, by what is done. */
static const char *const by_action[ACTION_COUNT] = {
    [ACTION_STOP] = "make it anew",
    [ACTION_SCHEDULE] = "set what was set before",
    [ACTION_RESIZE] = "set what was set before",
    [ACTION_RETIER] = "set what was set before",
    [ACTION_REROUTE] = "take the route of before",
    [ACTION_SPOT] = "set on-demand again",
    [ACTION_COMMIT] = "none: it is paid until it ends",
};

void find_way_back(struct recommendation *r)
{
    r->way_back = by_action[r->action];
    for (size_t i = 0; i < sizeof by_kind / sizeof *by_kind; i++)
        if (!strncmp(r->kind, by_kind[i].kind, strlen(by_kind[i].kind))) {
            r->way_back = by_kind[i].how;
            r->restart = by_kind[i].restart;
            return;
        }
}
