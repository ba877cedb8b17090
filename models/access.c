#include "models/access.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

struct access_rate access_rate(double events, double exposure, double cluster)
{
    if (!(exposure > 0) || !(events >= 0) || !(cluster >= 1))
        return (struct access_rate){NAN, NAN, NAN};
    double seen = events / cluster;
    double low = seen > 0 ? gsl_cdf_chisq_Pinv(0.05, 2 * seen) / 2 : 0;
    double high = gsl_cdf_chisq_Qinv(0.05, 2 * (seen + 1)) / 2;
    return (struct access_rate){low * cluster / exposure, events / exposure,
                                high * cluster / exposure};
}
