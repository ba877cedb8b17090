#include "models/forecast.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit.h>

enum { MIN_DAYS = 3, TREND_DAYS = 14, WEEK_DAYS = 21, RECENT_DAYS = 28 };
enum { WEEK_TERMS = 6, MAX_TERMS = 2 + WEEK_TERMS };

/* The columns: level, trend (when fitted), Tuesday to Sunday against Monday (when fitted). */
struct design {
    const double *daily;
    size_t n, measured;
    int first_weekday;
    bool trend, week;
    size_t terms;
};

struct fit {
    gsl_matrix *x, *cov;
    gsl_vector *y, *coef, *residual;
    double chisq;
};

static int weekday_of(const struct design *d, size_t i)
{
    return (int)(((size_t)d->first_weekday + i) % 7);
}

static struct design design_of(const double *daily, size_t n, int first_weekday)
{
    struct design d = {.daily = daily, .n = n, .first_weekday = first_weekday};
    bool seen[7] = {false};
    for (size_t i = 0; i < n; i++)
        if (!isnan(daily[i])) {
            d.measured++;
            seen[weekday_of(&d, i)] = true;
        }
    d.trend = d.measured >= TREND_DAYS;
    d.week = d.measured >= WEEK_DAYS;
    for (int w = 0; w < 7; w++)
        d.week = d.week && seen[w];
    d.terms = 1u + (d.trend ? 1u : 0u) + (d.week ? (size_t)WEEK_TERMS : 0u);
    return d;
}

static void fill_row(const struct design *d, double *row, double at, int weekday)
{
    size_t term = 0;
    row[term++] = 1;
    if (d->trend)
        row[term++] = at;
    for (int w = 1; d->week && w < 7; w++)
        row[term++] = w == weekday;
}

static struct fit fit_new(const struct design *d)
{
    return (struct fit){
        .x = gsl_matrix_calloc(d->measured, d->terms),
        .cov = gsl_matrix_calloc(d->terms, d->terms),
        .y = gsl_vector_calloc(d->measured),
        .coef = gsl_vector_calloc(d->terms),
        .residual = gsl_vector_calloc(d->measured),
    };
}

static void fit_release(struct fit *f)
{
    gsl_matrix_free(f->x);
    gsl_matrix_free(f->cov);
    gsl_vector_free(f->y);
    gsl_vector_free(f->coef);
    gsl_vector_free(f->residual);
}

static bool solve(struct fit *f, const struct design *d, struct err *err)
{
    double row[MAX_TERMS];
    size_t k = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (isnan(d->daily[i]))
            continue;
        fill_row(d, row, (double)i, weekday_of(d, i));
        for (size_t t = 0; t < d->terms; t++)
            gsl_matrix_set(f->x, k, t, row[t]);
        gsl_vector_set(f->y, k++, d->daily[i]);
    }
    gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(d->measured, d->terms);
    int status = gsl_multifit_linear(f->x, f->y, f->coef, f->cov, &f->chisq, work);
    gsl_multifit_linear_free(work);
    if (status == GSL_SUCCESS)
        status = gsl_multifit_linear_residuals(f->x, f->y, f->coef, f->residual);
    return status == GSL_SUCCESS ||
           err_set(err, "the daily series could not be fitted: %s", gsl_strerror(status));
}

/* Lag-1 autocorrelation of the residuals, held to 0..0.9. */
static double persistence(const struct fit *f)
{
    double with = 0, all = 0;
    for (size_t i = 0; i < f->residual->size; i++) {
        double r = gsl_vector_get(f->residual, i);
        all += r * r;
        if (i > 0)
            with += r * gsl_vector_get(f->residual, i - 1);
    }
    return all > 0 ? fmin(fmax(with / all, 0), 0.9) : 0;
}

static void believe_trend(struct fit *f, const struct design *d)
{
    if (!d->trend)
        return;
    double slope = gsl_vector_get(f->coef, 1), variance = gsl_matrix_get(f->cov, 1, 1);
    if (variance <= 0)
        return;
    double t2 = slope * slope / variance;
    /* The level turns about the middle of the history, so that the past keeps its mean. */
    double kept = slope * t2 / (1 + t2), middle = 0;
    for (size_t i = 0; i < f->x->size1; i++)
        middle += gsl_matrix_get(f->x, i, 1) / (double)f->x->size1;
    gsl_vector_set(f->coef, 1, kept);
    gsl_vector_set(f->coef, 0, gsl_vector_get(f->coef, 0) + (slope - kept) * middle);
}

/* The mean over the horizon of the rows to come. */
static void horizon_row(const struct design *d, size_t horizon, gsl_vector *into)
{
    double row[MAX_TERMS], history = (double)d->n;
    gsl_vector_set_zero(into);
    for (size_t h = 1; h <= horizon; h++) {
        double ahead = history * (1 - exp(-(double)h / history));
        fill_row(d, row, history - 1 + ahead, weekday_of(d, d->n - 1 + h));
        for (size_t t = 0; t < d->terms; t++)
            gsl_vector_set(into, t, gsl_vector_get(into, t) + row[t] / (double)horizon);
    }
}

static double recent_mean(const struct design *d)
{
    double sum = 0;
    size_t days = 0;
    for (size_t i = d->n; i-- > 0 && days < RECENT_DAYS;)
        if (!isnan(d->daily[i])) {
            sum += d->daily[i];
            days++;
        }
    return sum / (double)days;
}

static double explained_share(const struct fit *f)
{
    double mean = 0, total = 0;
    size_t n = f->y->size;
    for (size_t i = 0; i < n; i++)
        mean += gsl_vector_get(f->y, i) / (double)n;
    for (size_t i = 0; i < n; i++)
        total += (gsl_vector_get(f->y, i) - mean) * (gsl_vector_get(f->y, i) - mean);
    return total > 0 ? fmax(0, 1 - f->chisq / total) : 1;
}

/* Weekday effects as differences from the mean of the seven, so that they sum to 0. */
static void fill_weekdays(struct forecast *out, const struct fit *f, const struct design *d)
{
    size_t first = d->trend ? 2 : 1;
    double mean = 0;
    for (int w = 1; d->week && w < 7; w++)
        mean += gsl_vector_get(f->coef, first + (size_t)w - 1) / 7;
    for (int w = 0; d->week && w < 7; w++)
        out->weekday[w] = (w ? gsl_vector_get(f->coef, first + (size_t)w - 1) : 0) - mean;
}

static struct forecast describe(struct fit *f, const struct design *d, size_t horizon)
{
    struct forecast out = {.days = d->measured, .has_trend = d->trend, .has_week = d->week};
    double freedom = (double)(d->measured - d->terms), expected = 0, error = 0;
    double r = persistence(f), noise = f->chisq / freedom;
    gsl_vector *ahead = gsl_vector_calloc(d->terms);
    out.explained = explained_share(f);
    believe_trend(f, d);
    horizon_row(d, horizon, ahead);
    gsl_multifit_linear_est(ahead, f->coef, f->cov, &expected, &error);
    gsl_vector_free(ahead);

    double variance = (error * error + noise / (double)horizon) * (1 + r) / (1 - r);
    double band = gsl_cdf_tdist_Pinv(0.9, freedom) * sqrt(variance);
    out.expected = fmax(0, expected);
    out.low = fmax(0, expected - band);
    out.high = fmax(0, expected + band);
    out.recent = recent_mean(d);
    out.growth = out.recent > 0 ? out.expected / out.recent : 1;
    out.slope_per_day = d->trend ? gsl_vector_get(f->coef, 1) : 0;
    fill_weekdays(&out, f, d);
    return out;
}

bool forecast_daily(struct forecast *out, const double *daily, size_t n, int first_weekday,
                    size_t horizon_days, struct err *err)
{
    struct design d = design_of(daily, n, first_weekday);
    if (d.measured < MIN_DAYS)
        return err_set(err, "%zu measured days are too few for a forecast: %d are needed",
                       d.measured, MIN_DAYS);
    if (horizon_days == 0)
        return err_set(err, "a forecast needs a horizon of at least one day");
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    struct fit f = fit_new(&d);
    bool ok = solve(&f, &d, err);
    if (ok)
        *out = describe(&f, &d, horizon_days);
    fit_release(&f);
    gsl_set_error_handler(before);
    return ok;
}
