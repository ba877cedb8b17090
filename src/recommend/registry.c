#include "recommend/recommend.h"

/*
 * Every recommender, in the order in which they run; each is `recommender_<name>` in its
 * file. Commitments come last: they are reckoned on what the others leave.
 */
#define RECOMMENDERS(X)                                                                       \
    X(ebs)                                                                                    \
    X(ec2)                                                                                    \
    X(elb)                                                                                    \
    X(network)                                                                                \
    X(s3)                                                                                     \
    X(cluster)                                                                                \
    X(configured)                                                                             \
    X(commitment)

#define DECLARE(name) extern const struct recommender recommender_##name;
#define LIST(name) &recommender_##name,

RECOMMENDERS(DECLARE)

const struct recommender *const recommenders[] = {RECOMMENDERS(LIST) NULL};
