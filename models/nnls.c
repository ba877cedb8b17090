#include "models/nnls.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* One problem and the columns that may be positive at this step. */
struct problem {
    const double *a, *b;
    size_t rows, columns;
    bool *passive;
    double *x, *trial, *gradient, *residual;
};

/* gradient = A'(b - Ax) */
static void take_gradient(struct problem *p)
{
    for (size_t i = 0; i < p->rows; i++) {
        p->residual[i] = p->b[i];
        for (size_t j = 0; j < p->columns; j++)
            p->residual[i] -= p->a[i * p->columns + j] * p->x[j];
    }
    for (size_t j = 0; j < p->columns; j++) {
        p->gradient[j] = 0;
        for (size_t i = 0; i < p->rows; i++)
            p->gradient[j] += p->a[i * p->columns + j] * p->residual[i];
    }
}

/* trial = the unconstrained least squares over the passive columns, 0 elsewhere. */
static bool solve_passive(struct problem *p, size_t count)
{
    gsl_matrix *a = gsl_matrix_alloc(p->rows, count);
    gsl_vector *b = gsl_vector_alloc(p->rows), *rest = gsl_vector_alloc(p->rows);
    gsl_vector *x = gsl_vector_alloc(count), *tau = gsl_vector_alloc(count);
    for (size_t i = 0; i < p->rows; i++) {
        gsl_vector_set(b, i, p->b[i]);
        for (size_t j = 0, k = 0; j < p->columns; j++)
            if (p->passive[j])
                gsl_matrix_set(a, i, k++, p->a[i * p->columns + j]);
    }
    bool ok = gsl_linalg_QR_decomp(a, tau) == GSL_SUCCESS &&
              gsl_linalg_QR_lssolve(a, tau, b, x, rest) == GSL_SUCCESS;
    for (size_t j = 0, k = 0; j < p->columns; j++) {
        p->trial[j] = ok && p->passive[j] ? gsl_vector_get(x, k) : 0;
        k += p->passive[j];
        ok = ok && isfinite(p->trial[j]);
    }
    gsl_matrix_free(a);
    gsl_vector_free(b);
    gsl_vector_free(rest);
    gsl_vector_free(x);
    gsl_vector_free(tau);
    return ok;
}

static size_t passive_count(const struct problem *p)
{
    size_t count = 0;
    for (size_t j = 0; j < p->columns; j++)
        count += p->passive[j];
    return count;
}

/* Moves x towards trial until the first coefficient reaches 0 and leaves the passive set. */
static bool step_back(struct problem *p)
{
    double alpha = 1;
    for (size_t j = 0; j < p->columns; j++)
        if (p->passive[j] && p->trial[j] <= 0)
            alpha = fmin(alpha, p->x[j] / (p->x[j] - p->trial[j]));
    if (alpha >= 1)
        return false;
    for (size_t j = 0; j < p->columns; j++) {
        if (!p->passive[j])
            continue;
        p->x[j] += alpha * (p->trial[j] - p->x[j]);
        if (p->trial[j] <= 0 && p->x[j] <= 1e-14) {
            p->x[j] = 0;
            p->passive[j] = false;
        }
    }
    return true;
}

static bool most_promising(const struct problem *p, size_t *column)
{
    double best = 0;
    for (size_t j = 0; j < p->columns; j++)
        if (!p->passive[j] && p->gradient[j] > best) {
            best = p->gradient[j];
            *column = j;
        }
    return best > 1e-12;
}

static bool iterate(struct problem *p)
{
    size_t enter = 0;
    for (size_t round = 0; round < 3 * p->columns + 3; round++) {
        take_gradient(p);
        if (passive_count(p) >= p->rows || !most_promising(p, &enter))
            return true;
        p->passive[enter] = true;
        do {
            size_t count = passive_count(p);
            if (count == 0)
                return true;
            if (!solve_passive(p, count)) {
                p->passive[enter] = false;
                return true;
            }
        } while (step_back(p));
        for (size_t j = 0; j < p->columns; j++)
            p->x[j] = p->trial[j];
    }
    return true;
}

bool nnls_solve(double *x, const double *a, const double *b, size_t rows, size_t columns,
                struct err *err)
{
    for (size_t i = 0; i < rows * columns; i++)
        if (!isfinite(a[i]))
            return err_set(err, "a least squares fit met a number that is not finite");
    for (size_t i = 0; i < rows; i++)
        if (!isfinite(b[i]))
            return err_set(err, "a least squares fit met a number that is not finite");
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    /* Columns of one length: the choice of the next one must not depend on units. */
    double *scaled = mem_alloc(rows * columns * sizeof *scaled);
    double *length = mem_alloc(columns * sizeof *length);
    for (size_t j = 0; j < columns; j++) {
        for (size_t i = 0; i < rows; i++)
            length[j] = hypot(length[j], a[i * columns + j]);
        for (size_t i = 0; i < rows; i++)
            scaled[i * columns + j] = length[j] > 0 ? a[i * columns + j] / length[j] : 0;
    }
    struct problem p = {scaled, b, rows, columns, mem_alloc(columns * sizeof(bool)), x,
                        mem_alloc(columns * sizeof(double)), mem_alloc(columns * sizeof(double)),
                        mem_alloc(rows * sizeof(double))};
    for (size_t j = 0; j < columns; j++)
        x[j] = 0;
    bool ok = iterate(&p);
    for (size_t j = 0; j < columns; j++)
        x[j] = length[j] > 0 ? x[j] / length[j] : 0;
    free(p.passive);
    free(p.trial);
    free(p.gradient);
    free(p.residual);
    free(scaled);
    free(length);
    gsl_set_error_handler(before);
    return ok;
}
