#include "models/transfer.h"

#include <math.h>

static const double segment_bits = 1460 * 8, mathis = 1.22;

double transfer_mbps(const struct transfer_path *path, double flows)
{
    if (path->loss <= 0 || path->rtt_ms <= 0)
        return path->link_mbps;
    double one = segment_bits * mathis / (path->rtt_ms / 1000 * sqrt(path->loss)) / 1e6;
    return fmin(path->link_mbps, one * flows);
}

double transfer_hours(double gb, double mbps)
{
    return gb * 0x1p30 * 8 / (mbps * 1e6) / 3600;
}

double transfer_worth_per_hour(double gb, double fee_per_gb, double direct_mbps,
                               double accelerated_mbps)
{
    double saved = transfer_hours(gb, direct_mbps) - transfer_hours(gb, accelerated_mbps);
    return saved > 0 ? gb * fee_per_gb / saved : INFINITY;
}
