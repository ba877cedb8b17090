#ifndef TESTS_NEAR_H
#define TESTS_NEAR_H

#include <math.h>

#include <cmocka.h>

/* cmocka compares floats only; this compares doubles and shows both on a miss. */
#define assert_near(got, want, within)                                                        \
    do {                                                                                      \
        double got_ = (got), want_ = (want);                                                  \
        if (!(fabs(got_ - want_) <= (within)))                                                \
            fail_msg("%s is %.12g, not %.12g", #got, got_, want_);                            \
    } while (0)

#endif
