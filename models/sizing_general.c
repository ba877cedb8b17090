#include <math.h>

#include "data/sizing_figures.h"
#include "sizing_beliefs.h"

/* What a workload may be like of which no run tells, if it is iterative and if it is not. */

static const struct choice serial_iterative[] = SIZING_SERIAL_ITERATIVE;
static const struct choice serial_other[] = SIZING_SERIAL_OTHER;
static const struct choice tight_iterative[] = {{3, 0.5}, {0, 0.5}};
static const struct choice tight_other[] = {{0, 0.85}, {3, 0.15}};

struct shape general_shape(const struct general *g, double scale, double serial)
{
    double work = g->work * exp(scale), waits = serial * work / 32;
    return (struct shape){.beta = {
                              [COL_START] = SIZING_START_SECONDS + waits,
                              [COL_WORK] = work,
                              [COL_SLOW] = g->recompute * work,
                              [COL_TIGHT] = 0.3 * work,
                              [COL_DISK] = 0.02 * work,
                              [COL_WORKER] = SIZING_WORKER_SECONDS,
                              [COL_CORE] = SIZING_CORE_SECONDS +
                                           SIZING_SERIAL_COORDINATION * waits / 32,
                          }};
}

struct general general_picture(const struct sizing_history *h,
                               const struct sizing_request *r, bool iterative)
{
    bool known = r->input_gb > 0;
    struct set_per_gb per_gb = set_per_gb(r->class_name);
    struct general g = {
        .work = SIZING_WORK_UNKNOWN,
        .set_gib = known ? r->input_gb * per_gb.gib : SIZING_SET_UNKNOWN,
        .set_log_sd = per_gb.log_sd,
        .recompute = iterative ? SIZING_RECOMPUTE_ITERATIVE : SIZING_RECOMPUTE_OTHER,
        .serial = iterative ? serial_iterative : serial_other,
        .tight = iterative ? tight_iterative : tight_other,
        .iterative = iterative,
    };
    if (known) {
        g.work = work_per_gb(iterative) * r->input_gb;
        return g;
    }
    double sum = 0, count = 0;
    for (size_t i = 0; i < h->lessons; i++) {
        const struct workload *w = &h->workloads.at[i];
        if (w->work > 0 && is_iterative(w->iterative, w->class_name) == iterative &&
            !same_text(w->name, r->workload)) {
            sum += log(fmax(w->work, 100));
            count++;
        }
    }
    if (count > 0)
        g.work = exp(sum / count);
    return g;
}

struct general_choices general_choices(const struct general *g, size_t shape)
{
    double some = g->iterative ? 0.85 : SIZING_SET_BELIEF_OTHER;
    struct general_choices c = {.serial = g->serial[shape / FITS_CHOICES / TIGHT_CHOICES],
                                .tight = g->tight[shape / FITS_CHOICES % TIGHT_CHOICES],
                                .fits = shape % FITS_CHOICES};
    c.belief = c.serial.belief * c.tight.belief * (c.fits ? 1 - some : some);
    return c;
}
