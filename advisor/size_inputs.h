#ifndef ADVISOR_SIZE_INPUTS_H
#define ADVISOR_SIZE_INPUTS_H

#include "base/vec.h"
#include "command.h"
#include "models/sizing.h"
#include "pricing/book.h"

/* What `advisor size` reads, as the sizing model takes it. */

/* An exabyte, 1,900 years: a figure above it is mistyped. */
static const double SIZE_MOST = 1e9;

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

/* A type without figures, and the runs on it. */
struct size_unknown_type {
    const char *type;
    size_t runs;
};

struct size_runs {
    VEC(struct sizing_run) list;
    struct estate *estate; /* owns the texts of the table's runs; NULL without a table */
    size_t skipped;        /* rows that could not be read */
    size_t untyped;        /* that name no instance type */
    size_t replayed;       /* that never ran: replays of event logs on other sizes */
    VEC(const char *) said; /* evidence of the event logs */
    VEC(struct size_unknown_type) unknown; /* by name */
};

/* Rows that cannot be used are said on stderr, counted and left out. */
bool size_read_runs(struct size_runs *out, struct session *session, const struct book *book,
                    const char *path, struct err *err);
/* A candidate's figures are those of the runs on its type, too. */
void size_know_hardware(struct size_runs *runs, const struct size_candidates *candidates);
/* Fills `unknown` and `untyped`, once all hardware is known that can be. */
void size_count_unknown(struct size_runs *runs);
void size_runs_release(struct size_runs *runs);

/* From --candidates, or all types of --types in the sizes of --workers. */
bool size_find_candidates(struct size_candidates *out, struct session *session,
                          const struct size_options *options, const struct size_runs *runs,
                          const struct book *book, struct err *err);
void size_candidates_release(struct size_candidates *candidates);

#endif
