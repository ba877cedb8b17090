#ifndef UNIT_LIFECYCLE_PRICES_H
#define UNIT_LIFECYCLE_PRICES_H

#include "models/lifecycle.h"

/* us-east-1, first storage tier, June 2025. */
static const struct lifecycle_prices prices = {
    .class =
        {
            [LC_STANDARD] = {.storage_gb_month = 0.023,
                             .get_per_1000 = 0.0004,
                             .put_per_1000 = 0.005},
            [LC_STANDARD_IA] = {.storage_gb_month = 0.0125,
                                .get_per_1000 = 0.001,
                                .put_per_1000 = 0.01,
                                .retrieval_gb = 0.01,
                                .transition_per_1000 = 0.01},
            [LC_INTELLIGENT_TIERING] = {.storage_gb_month = 0.023,
                                        .get_per_1000 = 0.0004,
                                        .put_per_1000 = 0.005,
                                        .transition_per_1000 = 0.01},
            [LC_ONEZONE_IA] = {.storage_gb_month = 0.01,
                               .get_per_1000 = 0.001,
                               .put_per_1000 = 0.01,
                               .retrieval_gb = 0.01,
                               .transition_per_1000 = 0.01},
            [LC_GLACIER_IR] = {.storage_gb_month = 0.004,
                               .get_per_1000 = 0.01,
                               .put_per_1000 = 0.02,
                               .retrieval_gb = 0.03,
                               .transition_per_1000 = 0.02},
            [LC_GLACIER] = {.storage_gb_month = 0.0036,
                            .get_per_1000 = 0.0004,
                            .put_per_1000 = 0.03,
                            .retrieval_gb = 0.01,
                            .transition_per_1000 = 0.03,
                            .restore_per_1000 = 0.05},
            [LC_DEEP_ARCHIVE] = {.storage_gb_month = 0.00099,
                                 .get_per_1000 = 0.0004,
                                 .put_per_1000 = 0.05,
                                 .retrieval_gb = 0.02,
                                 .transition_per_1000 = 0.05,
                                 .restore_per_1000 = 0.1},
        },
    .infrequent_gb_month = 0.0125,
    .archive_instant_gb_month = 0.004,
    .monitoring_per_1000_month = 0.0025,
    .restored_copy_days = 7,
};

#endif
