#include <math.h>
#include <stdbool.h>

#include "models/nnls.h"

/* trial over the passive columns by Cholesky; false when they are dependent. */
static bool solve_passive(double *trial, const double *gram, const double *moment,
                          const bool *passive, size_t n)
{
    size_t index[NNLS_GRAM_MAX], count = 0;
    double l[NNLS_GRAM_MAX][NNLS_GRAM_MAX], inverse[NNLS_GRAM_MAX], z[NNLS_GRAM_MAX];
    for (size_t j = 0; j < n; j++) {
        trial[j] = 0;
        if (passive[j])
            index[count++] = j;
    }
    for (size_t i = 0; i < count; i++) {
        const double *row = gram + index[i] * n;
        double rest = moment[index[i]], length = row[index[i]], square = length;
        for (size_t j = 0; j < i; j++) {
            double sum = row[index[j]];
            for (size_t k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            l[i][j] = sum * inverse[j];
            square -= l[i][j] * l[i][j];
            rest -= l[i][j] * z[j];
        }
        if (!(square > 1e-13 * length))
            return false;
        inverse[i] = 1 / sqrt(square);
        z[i] = rest * inverse[i];
    }
    for (size_t i = count; i-- > 0;) {
        double rest = z[i];
        for (size_t k = i + 1; k < count; k++)
            rest -= l[k][i] * trial[index[k]];
        trial[index[i]] = rest * inverse[i];
    }
    return true;
}

/* The column whose growth helps most, measured in its own length; n when none does. */
static size_t most_promising(const double *x, const double *gram, const double *moment,
                             const bool *passive, size_t n)
{
    double best = 1e-10;
    size_t found = n;
    for (size_t j = 0; j < n; j++) {
        double gradient = moment[j], length = gram[j * n + j];
        if (passive[j] || !(length > 0))
            continue;
        for (size_t k = 0; k < n; k++)
            gradient -= gram[j * n + k] * x[k];
        if (gradient > 0 && gradient / sqrt(length) > best) {
            best = gradient / sqrt(length);
            found = j;
        }
    }
    return found;
}

/* Goes from x to trial, or as far as the first coefficient that would turn negative. */
static bool advance(double *x, const double *trial, bool *passive, size_t n)
{
    double alpha = 1;
    size_t stop = n;
    for (size_t j = 0; j < n; j++)
        if (passive[j] && trial[j] <= 0) {
            double reach = x[j] > 0 ? x[j] / (x[j] - trial[j]) : 0;
            if (stop == n || reach < alpha) {
                alpha = reach;
                stop = j;
            }
        }
    for (size_t j = 0; j < n; j++)
        if (passive[j])
            x[j] = stop == n ? trial[j] : x[j] + alpha * (trial[j] - x[j]);
    if (stop == n)
        return true;
    x[stop] = 0;
    passive[stop] = false;
    return false;
}

/* To the least over the passive columns, which become fewer where it is below 0. */
static bool descend(double *x, bool *passive, const double *gram, const double *moment,
                    size_t n)
{
    double trial[NNLS_GRAM_MAX];
    do {
        if (!solve_passive(trial, gram, moment, passive, n))
            return false;
    } while (!advance(x, trial, passive, n));
    return true;
}

void nnls_solve_gram(double *x, const double *gram, const double *moment, size_t n)
{
    bool passive[NNLS_GRAM_MAX];
    for (size_t j = 0; j < n; j++)
        passive[j] = x[j] > 0;
    if (!descend(x, passive, gram, moment, n))
        for (size_t j = 0; j < n; j++) {
            x[j] = 0;
            passive[j] = false;
        }
    for (size_t round = 0; round < 3 * n; round++) {
        size_t enter = most_promising(x, gram, moment, passive, n);
        if (enter == n)
            return;
        passive[enter] = true;
        if (!descend(x, passive, gram, moment, n))
            return;
    }
}
