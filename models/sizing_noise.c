#include <math.h>

#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * How much runs differ that should not. A team's platform has its own noise (shared hosts,
 * busy stores), so the fits of its other workloads tell what to expect, and the own runs
 * what it is (sizing_learn.c). Too little is believed of a noisy series, and its kinks are
 * drawn on to sizes that never ran; too much of a quiet one, and it is not listened to.
 */

/* Log of the sd that the runs of one workload leave of its likeliest shape; its weight in
 * workloads is 0 while they are hardly more than the coefficients that they fitted. */
static double left_by_fit(const struct workload *w, double *weight)
{
    enum { FITTED = 3 };
    const double least = 0.01;
    double square = 0, count = 0;
    *weight = 0;
    for (size_t i = 0; i < w->runs.count && w->fitted_count; i++) {
        const struct observation *o = &w->runs.at[i];
        if (!o->completed)
            continue;
        double error = log(o->seconds / shape_seconds(&w->fitted[0].shape, &o->at));
        square += error * error;
        count++;
    }
    if (count < FITTED + 2)
        return 0;
    *weight = (count - FITTED) / (count + FITTED);
    return 0.5 * log(square / (count - FITTED) + least * least);
}

void history_learn_noise(struct sizing_history *h)
{
    h->noise_weight = SIZING_NOISE_TRUST;
    h->noise_sum = SIZING_NOISE_TRUST * log(SIZING_NOISE);
    for (size_t i = 0; i < h->lessons; i++) {
        struct workload *w = &h->workloads.at[i];
        w->noise_log = left_by_fit(w, &w->noise_weight);
        h->noise_weight += w->noise_weight;
        h->noise_sum += w->noise_weight * w->noise_log;
    }
}

double noise_expected(const struct sizing_history *h, const struct workload *own)
{
    double weight = h->noise_weight, sum = h->noise_sum;
    if (own) {
        weight -= own->noise_weight;
        sum -= own->noise_weight * own->noise_log;
    }
    return exp(sum / weight);
}

/* From half of what is expected, which is near what repeats differ by, to eight times. */
void noise_levels(double level[NOISE_LEVELS], double belief[NOISE_LEVELS], double expected)
{
    for (int l = 0; l < NOISE_LEVELS; l++) {
        double log_ratio = (l - 1) * log(2), z = log_ratio / SIZING_NOISE_SD;
        level[l] = expected * exp(log_ratio);
        belief[l] = exp(-0.5 * z * z);
    }
}
