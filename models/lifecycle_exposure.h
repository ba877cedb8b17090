#ifndef MODELS_LIFECYCLE_EXPOSURE_H
#define MODELS_LIFECYCLE_EXPOSURE_H

#include "models/lifecycle.h"

/*
 * What a group of objects goes through while it sits in one class: everything a
 * bill is linear in. Counted in objects, object-days, requests and shares of the
 * object's bytes; sizes and prices come in later.
 */
enum { LC_DURATIONS = 3 };
extern const int lifecycle_durations[LC_DURATIONS]; /* 30, 90, 180 days */

struct exposure {
    double live_days;
    double idle_days;    /* in the infrequent tier of INTELLIGENT_TIERING */
    double archive_days; /* in its archive instant tier */
    double reads, read_share, restores;
    double crossing; /* objects that reach the first age during the horizon */
    double entering; /* stock that is past the first age already and moves at once */
    /* Days of the minimum duration that are left when an object is deleted or moves on. */
    double shortfall[LC_DURATIONS];
    /* The same for stock that enters at once, of the class that it was uploaded in. */
    double left_behind[LC_DURATIONS];
};

/* The stay in one class between two ages. */
struct span {
    int from, to;
    bool leaves;     /* who reaches `to` moves on or is deleted; else the stay is open */
    bool from_birth; /* the class of the upload: the stay began at age 0 */
};

/* The survival and the integrals from birth up to one age, per object born. */
struct life_day {
    double alive, days, idle, archive, reads, share, restores;
};

struct lifecycle_model {
    const struct lifecycle_population *population;
    const struct lifecycle_prices *prices;
    struct life_day *life; /* by age in days, 0 .. last_day */
    int last_day;
};

/* Of every cohort of the stock (one object now) and, last, of one arrival a day. */
void exposure_of_sources(struct exposure *out, const struct lifecycle_model *model,
                         struct span span);
/* The same weighted with the objects of one bin. */
struct exposure exposure_of_bin(const struct exposure *sources,
                                const struct lifecycle_model *model,
                                const struct lifecycle_bin *bin);

#endif
