#ifndef MODELS_SIZING_BELIEFS_H
#define MODELS_SIZING_BELIEFS_H

#include "sizing_parts.h"

/* How far one workload tells of another; logs. */
struct kinship {
    double weight;
    double shift, set_shift; /* of the work and the working set, by the inputs */
    double scale_sd;         /* work beyond that */
    double set_sd;           /* working set beyond the work */
    double set_follows;      /* how much of the scale the working set shares */
    size_t scale_points;
    bool same_algorithm;
};

/* weight is not shared out among the workloads yet. */
struct kinship kinship_of(const struct workload *w, const struct sizing_request *r);
/* Centre and spread of the working set: by the input where its own algorithm does not tell. */
void set_outlook(double *log_gib, double *sd, const struct fitted *fitted, double scale,
                 const struct kinship *k, const struct sizing_request *r);
/* How much of its scale a working set shares where nothing tells. */
static const double UNRELATED_SET_FOLLOWS = 0.5;

enum { SET_POINTS = 7, SCALE_POINTS = 5 };

struct choice {
    double value, belief;
};

/* What a workload may be like of which no run tells: centres, and choices beside them. */
struct general {
    double work, set_gib, set_log_sd, recompute;
    const struct choice *serial, *tight; /* two of each */
    bool iterative;
};

enum { SERIAL_CHOICES = 2, TIGHT_CHOICES = 2, FITS_CHOICES = 2 };
enum { GENERAL_SHAPES = SERIAL_CHOICES * TIGHT_CHOICES * FITS_CHOICES };

/* The choices of a shape of the general picture, by its number. */
struct general_choices {
    struct choice serial, tight;
    bool fits;
    double belief;
};

struct general general_picture(const struct sizing_history *h, const struct sizing_request *r,
                               bool iterative);
struct general_choices general_choices(const struct general *g, size_t shape);
/* `serial`: what no machine shortens, in the time that the work takes 32 cores. */
struct shape general_shape(const struct general *g, double scale, double serial);

#endif
