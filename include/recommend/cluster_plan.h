#ifndef RECOMMEND_CLUSTER_PLAN_H
#define RECOMMEND_CLUSTER_PLAN_H

#include "recommend/recommend.h"

/*
 * Gives clusters of a layer map that declare work but no nodes the nodes that the
 * sizing model expects to do it cheapest within its limits: node_type_id and num_workers
 * among their attributes, and hours a month where only runs are declared. A note of the
 * estate says what was chosen and what lost.
 */
bool cluster_plan(struct estate *estate, const struct book *book,
                  const struct recommend_options *options, struct err *err);

#endif
