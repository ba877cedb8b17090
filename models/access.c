#include "models/access.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

enum { EXACT_MIN = 1, EXACT_MAX = 50 };

/* 5 % quantiles of a normal distribution: two-sided 90 %. */
static const double normal = 1.6448536269514722;

/* Quantile of a gamma distribution by its cube root (Wilson and Hilferty 1931): large shapes.
 */
static double cube_root_quantile(double shape, double z)
{
    double root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape));
    return root > 0 ? shape * root * root * root : 0;
}

static double lower(double seen)
{
    if (seen < EXACT_MIN)
        return 0;
    return seen > EXACT_MAX ? cube_root_quantile(seen, -normal)
                            : gsl_cdf_chisq_Pinv(0.05, 2 * seen) / 2;
}

static double upper(double seen)
{
    double shape = seen + 1;
    return shape > EXACT_MAX ? cube_root_quantile(shape, normal)
                             : gsl_cdf_chisq_Qinv(0.05, 2 * shape) / 2;
}

struct access_rate access_rate(double events, double exposure, double cluster)
{
    if (!(exposure > 0) || !(events >= 0) || !(cluster >= 1))
        return (struct access_rate){NAN, NAN, NAN};
    double seen = events / cluster;
    return (struct access_rate){lower(seen) * cluster / exposure, events / exposure,
                                upper(seen) * cluster / exposure};
}
