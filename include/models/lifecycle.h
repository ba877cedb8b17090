#ifndef MODELS_LIFECYCLE_H
#define MODELS_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * What a lifecycle policy of S3 costs over a horizon, and which policy costs
 * least. Ages and durations are whole days, a month is 730 hours, a GB is 2^30
 * bytes, money is US dollars as doubles: the caller rounds once.
 */
#define LIFECYCLE_DAYS_PER_MONTH (730.0 / 24)
#define LIFECYCLE_GB             1073741824.0

/* The storage classes that a lifecycle rule knows, in waterfall order. */
enum lifecycle_class {
    LC_STANDARD,
    LC_STANDARD_IA,
    LC_INTELLIGENT_TIERING,
    LC_ONEZONE_IA,
    LC_GLACIER_IR,
    LC_GLACIER,
    LC_DEEP_ARCHIVE,
    LC_CLASSES
};

/*
 * The rules of a class, from the S3 user guide ("Using Amazon S3 storage
 * classes"): an object is billed as at least min_billable_bytes, for at least
 * min_days, and carries overhead bytes at its own and at the STANDARD rate.
 */
struct lifecycle_class_rules {
    const char *name; /* as the API writes it */
    int min_days;
    double min_billable_bytes, overhead_bytes, standard_overhead_bytes;
    bool archive; /* must be restored before it can be read */
};

const struct lifecycle_class_rules *lifecycle_rules(enum lifecycle_class class);
bool lifecycle_class_named(enum lifecycle_class *out, const char *name);
/* Whether a lifecycle rule may move an object from one class to the other. */
bool lifecycle_allows(enum lifecycle_class from, enum lifecycle_class to);

/* Prices of one class in one region. Those that do not apply are 0. */
struct lifecycle_class_price {
    double storage_gb_month; /* INTELLIGENT_TIERING: the frequent tier */
    double get_per_1000;
    double put_per_1000;
    double retrieval_gb;
    double transition_per_1000; /* into this class */
    double restore_per_1000;    /* archives: the restore request */
};

struct lifecycle_prices {
    struct lifecycle_class_price class[LC_CLASSES];
    double infrequent_gb_month, archive_instant_gb_month; /* tiers of INTELLIGENT_TIERING */
    double monitoring_per_1000_month;
    int restored_copy_days; /* how long a restored copy is kept, billed as STANDARD */
};

/*
 * How the objects of one group live and are read, by age. Cell k covers the
 * ages from_day[k] (ascending, the first 0) up to the next one, the last is
 * open; the rates are constant in a cell.
 */
struct lifecycle_curve {
    size_t cells;
    const int *from_day;
    const double *deleted_per_day;    /* hazard per living object */
    const double *reads_per_day;      /* GET requests per living object */
    const double *read_share_per_day; /* bytes read per byte stored */
    /*
     * The share of the objects, in (0, 1], that all reads fall on; the others are
     * never read. Decides how much of the data INTELLIGENT_TIERING finds idle.
     */
    double hot_share;
};

/* Objects of one size that were uploaded in, or already moved to, one class. */
struct lifecycle_bin {
    double bytes; /* mean size of an object */
    enum lifecycle_class start;
    double arrivals_per_day; /* on the first day of the horizon */
    const double *stock;     /* objects of each cohort now; NULL for none */
};

struct lifecycle_population {
    struct lifecycle_curve curve;
    size_t cohorts;
    const int *cohort_age_days; /* ages of the stock now */
    size_t bins;
    const struct lifecycle_bin *bin;
    double growth_per_year; /* of the arrivals: 0.2 = +20 %, compounded */
    int horizon_days;       /* 1 .. 3650 */
};

struct lifecycle_step {
    int day; /* age at which the objects move */
    enum lifecycle_class to;
};

enum { LIFECYCLE_STEPS_MAX = 6 };

/* One rule: objects larger than a size move at the given ages. */
struct lifecycle_policy {
    double larger_than_bytes; /* smaller and equal ones stay where they are */
    size_t steps;
    struct lifecycle_step step[LIFECYCLE_STEPS_MAX];
    int expire_day; /* all objects of the group are deleted at this age; 0 = never */
};

/* Adds a step where its day belongs: S3 takes them in any order. There must be room. */
void lifecycle_policy_add(struct lifecycle_policy *policy, struct lifecycle_step step);

/*
 * Fails with the reason where S3 would not accept the policy: waterfall order,
 * ages that do not increase, the IA classes before day 30 or left within 30
 * days, an expiry that does not come last.
 */
bool lifecycle_policy_check(const struct lifecycle_policy *policy, struct err *err);

enum lifecycle_item {
    LC_STORAGE,
    LC_MONITORING,
    LC_REQUESTS,       /* GETs and restore requests */
    LC_RETRIEVAL,      /* bytes, and the restored copies of archives */
    LC_TRANSITION_NOW, /* requests for the stock that is due on the first day: one-off */
    LC_TRANSITION,     /* requests for objects that come of age later */
    LC_EARLY_DELETE,   /* what is left of a minimum duration when an object goes or moves */
    LC_ITEMS
};

struct lifecycle_bill {
    double usd[LC_ITEMS]; /* over the whole horizon */
};

double lifecycle_total(const struct lifecycle_bill *bill);
double lifecycle_running(const struct lifecycle_bill *bill); /* without the one-off part */

/*
 * A population and its prices made ready for many policies. Borrows both until
 * lifecycle_free(). Fails, with the reason, for a population that makes no sense.
 *
 * Stock that already sits in another class than STANDARD is taken to be there
 * since its creation. Upload requests are the same under every policy and are
 * left out.
 */
struct lifecycle_model;
bool lifecycle_open(struct lifecycle_model **out,
                    const struct lifecycle_population *population,
                    const struct lifecycle_prices *prices, struct err *err);
void lifecycle_free(struct lifecycle_model *model);

/* The expected bill over the horizon; the sum over all bins. */
bool lifecycle_cost(struct lifecycle_bill *out, const struct lifecycle_model *model,
                    const struct lifecycle_policy *policy, struct err *err);

enum { LIFECYCLE_AGES_MAX = 20 };

/* What the optimiser may choose from. */
struct lifecycle_choice {
    size_t ages; /* 0: lifecycle_default_ages() */
    int age[LIFECYCLE_AGES_MAX];
    unsigned classes;         /* bit (1u << class) for every class that may be moved to */
    double larger_than_bytes; /* objects up to this size are never moved */
    bool size_filter;         /* may raise that border to where it costs least */
    int expire_day;           /* given, never chosen */
};

/* Ages in days from 0 to two years, ascending, where a choice names none; how many they are. */
size_t lifecycle_default_ages(int age[LIFECYCLE_AGES_MAX]);

struct lifecycle_optimum {
    struct lifecycle_policy best;   /* any number of steps */
    struct lifecycle_policy single; /* at most one step */
    double best_usd, single_usd, nothing_usd;
};

/*
 * The policy of least cost among all waterfalls over the candidate ages, exactly
 * (dynamic programming over age and class; segments are additive because every
 * charge of a class, minimum duration included, belongs to the stay in it). Doing
 * nothing is among the answers; ties go to fewer steps and later ages.
 */
bool lifecycle_optimise(struct lifecycle_optimum *out, const struct lifecycle_model *model,
                        const struct lifecycle_choice *choice, struct err *err);

/* Break-even arithmetic of one object, storage and fees only. */

/* The object size above which storage in `to` is cheaper than in STANDARD. */
double lifecycle_breakeven_bytes(const struct lifecycle_prices *prices,
                                 enum lifecycle_class to);
/* Size from which INTELLIGENT_TIERING pays for its monitoring at that share of time idle. */
double lifecycle_tiering_bytes(const struct lifecycle_prices *prices, double infrequent_share);
/* Storage of one object for a month with floors and overheads, without monitoring. */
double lifecycle_storage_month(const struct lifecycle_prices *prices, double bytes,
                               enum lifecycle_class class);

#endif
