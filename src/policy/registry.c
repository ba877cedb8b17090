#include "policy/policy.h"

/* Every policy, in the order of the reports; each is `policy_<name>` in its file. */
#define POLICIES(X)                                                                           \
    X(iam_wide)                                                                               \
    X(iam_prefixes)                                                                           \
    X(iam_trust)                                                                              \
    X(iam_inverted)                                                                           \
    X(tenant_isolation)                                                                       \
    X(iam_pass_role)                                                                          \
    X(resource_shared)                                                                        \
    X(catalog_storage)                                                                        \
    X(credential_scope)                                                                       \
    X(bucket_shared)                                                                          \
    X(bucket_public)                                                                          \
    X(bucket_lifecycle)                                                                       \
    X(bucket_uploads)                                                                         \
    X(bucket_encrypted)                                                                       \
    X(cluster_stops)                                                                          \
    X(job_clusters)                                                                           \
    X(driver_on_demand)                                                                       \
    X(pool_not_idle)                                                                          \
    X(warehouse_stops)                                                                        \
    X(cluster_limited)                                                                        \
    X(allowed_type)                                                                           \
    X(s3_gateway)                                                                             \
    X(latency)                                                                                \
    X(one_region)                                                                             \
    X(log_retained)                                                                           \
    X(recorder)                                                                               \
    X(watched)                                                                                \
    X(balancer_protected)                                                                     \
    X(balancer_logged)                                                                        \
    X(glue_pruned)                                                                            \
    X(required_tags)                                                                          \
    X(unmapped)                                                                               \
    X(stale)                                                                                  \
    X(differing)                                                                              \
    X(cost_drift)

#define DECLARE(name) extern const struct policy policy_##name;
#define LIST(name) &policy_##name,

POLICIES(DECLARE)

const struct policy *const policies[] = {POLICIES(LIST) NULL};
