#include <math.h>
#include <stdbool.h>

#include "models/nnls.h"

/* trial over the passive columns by Cholesky; false when they are dependent. */
static bool solve_passive(double *trial, const double *gram, const double *moment,
                          const bool *passive, size_t n)
{
    size_t index[NNLS_GRAM_MAX], count = 0;
    double l[NNLS_GRAM_MAX][NNLS_GRAM_MAX], z[NNLS_GRAM_MAX];
    for (size_t j = 0; j < n; j++) {
        trial[j] = 0;
        if (passive[j])
            index[count++] = j;
    }
    for (size_t i = 0; i < count; i++) {
        double rest = moment[index[i]];
        for (size_t j = 0; j <= i; j++) {
            double sum = gram[index[i] * n + index[j]];
            for (size_t k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i == j && !(sum > 1e-13 * gram[index[i] * n + index[i]]))
                return false;
            l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
        }
        for (size_t k = 0; k < i; k++)
            rest -= l[i][k] * z[k];
        z[i] = rest / l[i][i];
    }
    for (size_t i = count; i-- > 0;) {
        double rest = z[i];
        for (size_t k = i + 1; k < count; k++)
            rest -= l[k][i] * trial[index[k]];
        trial[index[i]] = rest / l[i][i];
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
        if (gradient / sqrt(length) > best) {
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
            double reach = x[j] / (x[j] - trial[j]);
            if (stop == n || reach < alpha) {
                alpha = reach;
                stop = j;
            }
        }
    for (size_t j = 0; j < n; j++)
        if (passive[j])
            x[j] += alpha * (trial[j] - x[j]);
    if (stop == n)
        return true;
    x[stop] = 0;
    passive[stop] = false;
    return false;
}

void nnls_solve_gram(double *x, const double *gram, const double *moment, size_t n)
{
    bool passive[NNLS_GRAM_MAX] = {0};
    double trial[NNLS_GRAM_MAX];
    for (size_t j = 0; j < n; j++)
        x[j] = 0;
    for (size_t round = 0; round < 3 * n; round++) {
        size_t enter = most_promising(x, gram, moment, passive, n);
        if (enter == n)
            return;
        passive[enter] = true;
        bool arrived = false;
        while (!arrived) {
            if (!solve_passive(trial, gram, moment, passive, n)) {
                passive[enter] = false;
                return;
            }
            arrived = advance(x, trial, passive, n);
        }
    }
}
