#include "estate/objects.h"

#include <limits.h>
#include <math.h>

/* The ages of Storage Class Analysis up to a year, then coarser. */
const int object_age_bound_days[AGE_BINS] = {15,  30,  45,  60,  75,  90,   120,  150,
                                             180, 270, 365, 545, 730, 1095, 1825, INT_MAX};

/* Borders where a class begins to pay: 16 KiB archives, 128 KiB the infrequent classes. */
const double object_size_bound_bytes[SIZE_BINS] = {0x1p12, 0x1p14, 0x1p16, 0x1p17,
                                                   0x1p18, 0x1p20, 0x1p22, 0x1p24,
                                                   0x1p26, 0x1p28, 0x1p30, INFINITY};
