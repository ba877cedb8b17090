#ifndef ESTATE_OBJECTS_H
#define ESTATE_OBJECTS_H

#include <stdint.h>

#include "base/sym.h"
#include "base/when.h"

enum { AGE_BINS = 16, SIZE_BINS = 12 };

/* Upper bounds, exclusive, ascending; the last bin is open and its bound is the largest value. */
extern const int object_age_bound_days[AGE_BINS];
extern const double object_size_bound_bytes[SIZE_BINS];

enum object_state { OBJECT_CURRENT, OBJECT_NONCURRENT, OBJECT_DELETE_MARKER };

struct object_bin {
    uint64_t count;
    uint64_t bytes;
};

/* The objects of one bucket, prefix, storage class and state, by age and size. */
struct object_group {
    uint32_t bucket;   /* index into estate.resources */
    sym prefix;        /* "raw/orders/"; "" is the whole bucket */
    sym storage_class; /* API name: "STANDARD_IA" */
    enum object_state state;
    sym protected_by;  /* table root that forbids moves by age; NULL: free */
    day taken_on;      /* the day that ages are counted to */
    struct object_bin bins[AGE_BINS][SIZE_BINS];
    const char *source;
};

/* Reads of objects of one bucket and prefix by their age, from logs or class analysis. */
struct access_evidence {
    uint32_t bucket;
    sym prefix;
    double days; /* length of the observation */
    double read_bytes[AGE_BINS];
    double read_requests[AGE_BINS];
    double stored_byte_days[AGE_BINS]; /* NaN where only an inventory can tell */
    double unaged_bytes, unaged_requests; /* reads of objects of any age, not in the above */
    const char *source;
};

#endif
