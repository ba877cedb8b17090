#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/ernest.h"
#include "models/nnls.h"

/* The published example: ten iterations of logistic regression over RCV1. */
static const struct ernest_run rcv1[] = {
    {0.125, 32, 7.94516801834},    {0.015625, 4, 4.72029209137},
    {0.021382, 4, 4.87661099434},  {0.050164, 12, 6.71376490593},
    {0.055921, 12, 6.71519398689}, {0.061678, 12, 6.6739718914},
    {0.061678, 16, 6.83566999435},
};

static void reproduces_the_published_fit(void **state)
{
    (void)state;
    static const double published[] = {44.6515640166, 25.4777295249, 19.36348049, 16.4412832993,
                                       14.7682298198, 13.7061636865, 12.9855393036};
    struct ernest model;
    struct err err = ERR_INIT;
    assert_true(ernest_fit(&model, rcv1, 7, &err));
    for (int i = 0; i < 7; i++) {
        double got = ernest_seconds(&model, 1, 4 * (i + 1));
        assert_true(fabs(got / published[i] - 1) < 1e-10);
    }
}

static void finds_the_curve_that_made_the_runs(void **state)
{
    (void)state;
    const struct ernest made = {12, 900, 3, 0.5};
    struct ernest_run runs[6];
    for (int i = 0; i < 6; i++)
        runs[i] = (struct ernest_run){1, 2 + 3 * i, ernest_seconds(&made, 1, 2 + 3 * i)};
    struct ernest model;
    assert_true(ernest_fit(&model, runs, 6, NULL));
    assert_true(fabs(model.serial - 12) < 1e-6 && fabs(model.work - 900) < 1e-6);
    assert_true(fabs(model.tree - 3) < 1e-6 && fabs(model.machine - 0.5) < 1e-6);
}

static void refuses_impossible_runs(void **state)
{
    (void)state;
    struct ernest model;
    struct err err = ERR_INIT;
    const struct ernest_run run = {1, 0, 10};
    assert_false(ernest_fit(&model, &run, 1, &err));
    assert_string_equal(err.text, "run 1 of a scaling curve: machines, share and seconds must "
                                  "all be above 0");
    assert_false(ernest_fit(&model, &run, 0, &err));
}

static void coefficients_never_turn_negative(void **state)
{
    (void)state;
    /* The unconstrained solution is x = (3, -1): the best allowed one lies on the border. */
    const double a[] = {1, 0, 0, 1, 1, 1}, b[] = {3, -1, 2};
    double x[2], y[2] = {0, 4};
    assert_true(nnls_solve(x, a, b, 3, 2, NULL));
    assert_true(fabs(x[0] - 2.5) < 1e-12 && x[1] == 0);
    const double gram[] = {2, 1, 1, 2}, moment[] = {5, 1};
    nnls_solve_gram(y, gram, moment, 2);
    assert_true(fabs(y[0] - 2.5) < 1e-12 && y[1] == 0);
}

static void both_solvers_agree(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 300; round++) {
        double a[12 * 5], b[12], gram[25] = {0}, moment[5] = {0}, x[5], y[5] = {0};
        for (int i = 0; i < 12 * 5 + 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            double value = (double)(seed >> 8) / (1 << 24) - 0.4;
            *(i < 60 ? &a[i] : &b[i - 60]) = value;
        }
        for (int r = 0; r < 12; r++)
            for (int i = 0; i < 5; i++) {
                moment[i] += a[r * 5 + i] * b[r];
                for (int j = 0; j < 5; j++)
                    gram[i * 5 + j] += a[r * 5 + i] * a[r * 5 + j];
            }
        assert_true(nnls_solve(x, a, b, 12, 5, NULL));
        nnls_solve_gram(y, gram, moment, 5);
        for (int i = 0; i < 5; i++)
            assert_true(x[i] >= 0 && fabs(x[i] - y[i]) < 1e-8);
        /* From wherever it starts. */
        for (int i = 0; i < 5; i++)
            y[i] = (round + i) % 3;
        nnls_solve_gram(y, gram, moment, 5);
        for (int i = 0; i < 5; i++)
            assert_true(fabs(x[i] - y[i]) < 1e-8);
    }
}

static void refuses_what_is_not_finite(void **state)
{
    (void)state;
    const double a[] = {1, NAN}, b[] = {1, 1};
    double x[1];
    assert_false(nnls_solve(x, a, b, 2, 1, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reproduces_the_published_fit),
        cmocka_unit_test(finds_the_curve_that_made_the_runs),
        cmocka_unit_test(refuses_impossible_runs),
        cmocka_unit_test(coefficients_never_turn_negative),
        cmocka_unit_test(both_solvers_agree),
        cmocka_unit_test(refuses_what_is_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
