#ifndef ADVISOR_ESTIMATE_REPORT_H
#define ADVISOR_ESTIMATE_REPORT_H

#include "estate/advice.h"
#include "ingest/layer_map.h"
#include "pricing/estimate.h"
#include "report/report.h"

/*
 * What a layer map's deployment will cost: by layer, tenant, phase and component,
 * with commitments, what has no price, and the advice of the recommenders on it.
 */
void report_estimate(struct report *report, const struct layer_map *map,
                     const struct estimate *estimate, const struct advice *advice);

#endif
