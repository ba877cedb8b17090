#include <math.h>

#include "data/sizing_figures.h"
#include "sizing_beliefs.h"

/* How far one workload tells of another. */

static const double OTHER_ITERATIVE = 0.1, OTHER_CLASS = 0.4;
/* What an input usually takes (log sd 1.5) against what another workload does (log sd 1). */
static const double SHARE_OF_INPUT = 1 / (1 + 1.5 * 1.5);

/* How the work that such an input usually takes compares with a workload's; log. */
static double usual_shift(const struct workload *w, const struct sizing_request *r)
{
    double usual = work_per_gb(is_iterative(r->iterative, r->class_name)) * r->input_gb;
    return SHARE_OF_INPUT * log(usual / fmax(w->work, 100));
}

/* Another input of the same algorithm. */
static void kin_by_input(struct kinship *k, const struct workload *w,
                         const struct sizing_request *r)
{
    bool known = r->input_gb > 0 && w->input_gb > 0;
    if (known)
        k->shift = k->set_shift = log(r->input_gb / w->input_gb);
    else if (r->input_gb > 0)
        k->shift = usual_shift(w, r);
    k->scale_sd = known ? 0.2 : 0.7;
    k->set_sd = known ? 0.2 : 0.3;
    k->set_follows = 1;
    k->scale_points = known ? 3 : SCALE_POINTS;
}

/*
 * Another algorithm. How their inputs compare tells nothing: work per GB differs more between
 * algorithms than work does (by 200 times in scout, where work does by 50). So its work, within
 * a factor e, is weighed against what such an input usually takes.
 */
static void kin_by_shape(struct kinship *k, const struct workload *w,
                         const struct sizing_request *r)
{
    k->scale_sd = 1;
    k->set_sd = 0.6;
    k->set_follows = UNRELATED_SET_FOLLOWS;
    k->scale_points = SCALE_POINTS;
    if (r->input_gb > 0) {
        k->shift = usual_shift(w, r);
        k->scale_sd = sqrt(1 - SHARE_OF_INPUT);
    }
}

struct kinship kinship_of(const struct workload *w, const struct sizing_request *r)
{
    struct kinship k = {.weight = 1};
    bool otherwise = r->iterative >= 0 && w->iterative >= 0 && r->iterative != w->iterative;
    /* What goes by one name, but reads its data again here and not there, is two programs. */
    k.same_algorithm = same_text(w->algorithm, r->algorithm) && !otherwise;
    if (otherwise)
        k.weight *= OTHER_ITERATIVE;
    if (r->class_name && w->class_name && !same_text(r->class_name, w->class_name))
        k.weight *= OTHER_CLASS;
    (k.same_algorithm ? kin_by_input : kin_by_shape)(&k, w, r);
    return k;
}

void set_outlook(double *log_gib, double *sd, const struct fitted *fitted, double scale,
                 const struct kinship *k, const struct sizing_request *r)
{
    struct set_per_gb per_gb = set_per_gb(r->class_name);
    bool by_input = r->input_gb > 0 && !k->same_algorithm;
    *log_gib = by_input ? log(r->input_gb * per_gb.gib)
                        : log(fitted->shape.set_gib) + k->set_shift + scale * k->set_follows;
    *sd = by_input ? per_gb.log_sd : hypot(k->set_sd, fitted->set_log_sd);
}
