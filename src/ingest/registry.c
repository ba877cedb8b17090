#include "ingest/ingest.h"

/* Every input format besides bills; each is `ingest_<name>` in its file. */
#define FORMATS(X)                                                                            \
    X(cloudwatch)                                                                             \
    X(cloudwatch_statistics)                                                                  \
    X(cloudwatch_stream)                                                                      \
    X(cloudwatch_table)                                                                       \
    X(runs)                                                                                   \
    X(spark_log)                                                                              \
    X(elb_log)                                                                                \
    X(s3_inventory)                                                                           \
    X(terraform_plan)                                                                         \
    X(terraform_state)                                                                        \
    X(s3_class_analysis)                                                                      \
    X(s3_access_log)                                                                          \
    X(s3_cloudtrail)                                                                          \
    X(s3_storage_lens)                                                                        \
    X(bundle)                                                                                 \
    X(cluster_spec)                                                                           \
    X(cloudformation_change_set)                                                              \
    X(cloudformation)

#define DECLARE(name) extern const struct ingest_format ingest_##name;
#define LIST(name) &ingest_##name,

FORMATS(DECLARE)

const struct ingest_format *const ingest_formats[] = {FORMATS(LIST) NULL};
