#include "recommend/recommend.h"

/* Every recommender, in the order in which they run; each is `recommender_<name>` in its file. */
#define RECOMMENDERS(X)                                                                       \
    X(ebs)                                                                                    \
    X(ec2)                                                                                    \
    X(elb)                                                                                    \
    X(network)                                                                                \
    X(commitment)                                                                             \
    X(s3)                                                                                     \
    X(cluster)

#define DECLARE(name) extern const struct recommender recommender_##name;
#define LIST(name) &recommender_##name,

RECOMMENDERS(DECLARE)

const struct recommender *const recommenders[] = {RECOMMENDERS(LIST) NULL};
