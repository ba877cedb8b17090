#ifndef BILL_BILL_H
#define BILL_BILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "estate/estate.h"

/*
 * Bills into the estate: AWS CUR (legacy, with Athena's names, 2.0), FOCUS 1.x,
 * Databricks' system.billing.usage and its legacy usage log; as files, folders
 * with manifests, gzip or zip. Rows are added up by sku, resource and time while
 * they are read, exactly, on all cores; memory grows with what is distinct.
 */
enum bill_grain { BILL_BY_DAY, BILL_BY_HOUR, BILL_BY_MONTH };

struct bill_options {
    const char *const *paths; /* files, folders, globs */
    size_t path_count;
    enum bill_grain grain;
    const char *const *hourly_services; /* "AWSELB": kept by hour at any grain */
    size_t hourly_service_count;
    const char *const *wanted_tags; /* beside Name and those that Databricks sets */
    size_t wanted_tag_count;
    bool strict;            /* a bad row is an error */
    unsigned threads;       /* 0: one a core */
    size_t memory_budget;   /* bytes for the sums, then to disk; 0: 4 GiB */
    /* Stored bytes of CSV read so far, and in all; one call at a time; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t all);
    void *progress_context;
};

/* A row that was left out of all sums: the first few of a run. */
struct bill_bad_row {
    const char *text; /* "bill.csv: row 12, column X: 'abc' is not a number" */
};

/* What the bill_file entries of the estate do not say. */
struct bill_summary {
    struct arena arena;
    VEC(struct bill_bad_row) bad_row_samples; /* in the order of files and rows */
    uint64_t rows, bad_rows, bytes;           /* bytes of CSV, decompressed */
    uint64_t groups; /* lines that the rows were added up to */
    bool spilled; /* sums went through the disk */
};

/*
 * Reads the bills of `options` and adds their resources, skus, lines, bill files
 * and notes to the estate. When it fails the estate is as before. The estate's
 * window and indexes are set by estate_index(), when all inputs are in.
 */
bool bill_load(struct estate *into, const struct bill_options *options,
               struct bill_summary *out, struct err *err);
void bill_summary_release(struct bill_summary *summary);

/* Is this file (by its first bytes, decompressed) a bill? Its format's name, or NULL. */
const char *bill_recognise(const char *bytes, size_t length);

#endif
