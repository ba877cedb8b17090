#ifndef ADVISOR_SIZE_INPUTS_H
#define ADVISOR_SIZE_INPUTS_H

#include "base/vec.h"
#include "command.h"
#include "models/sizing.h"
#include "pricing/book.h"

/* What `advisor size` reads, as the sizing model takes it. */

struct size_options {
    const char *runs, *workload, *algorithm, *class_name, *iterative;
    double input_gb;
    const char *candidates, *types, *workers, *region, *sku, *tier;
    double max_minutes, max_usd;
    struct text_list logs;
    bool explain;
};

struct size_candidates {
    VEC(struct sizing_candidate) list;
    VEC(double) usd_per_hour; /* of all workers together, EC2 and DBU; NaN = no price */
};

struct size_runs {
    VEC(struct sizing_run) list;
    size_t skipped;
};

/* Rows that cannot be used are said on stderr, counted and left out. */
bool size_read_runs(struct size_runs *out, struct session *session, const char *path,
                    struct err *err);
/* Figures of the types in the runs: of a candidate of that name, else of the catalogue. */
void size_know_hardware(struct size_runs *runs, const struct size_candidates *candidates,
                        const struct book *book);

/* From --candidates, or all types of --types in the sizes of --workers. */
bool size_find_candidates(struct size_candidates *out, struct session *session,
                          const struct size_options *options, const struct size_runs *runs,
                          const struct book *book, struct err *err);
void size_candidates_release(struct size_candidates *candidates);

#endif
