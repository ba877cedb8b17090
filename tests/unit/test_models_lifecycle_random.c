#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/lifecycle.h"
#include "models/lifecycle_simulate.h"
#include "unit/lifecycle_cases.h"
#include "unit/lifecycle_prices.h"

enum { CASES = 1000, AGES = 4 };

struct exhaustive {
    const struct lifecycle_model *model;
    const struct lifecycle_choice *choice;
    double best, single;
};

/* Every policy that goes on from this one, by trying all ages and classes for the next step.
 */
static void try_all(struct exhaustive *x, struct lifecycle_policy policy)
{
    struct lifecycle_bill bill;
    if (policy.steps > 0 && !lifecycle_policy_check(&policy, NULL))
        return;
    assert_true(lifecycle_cost(&bill, x->model, &policy, NULL));
    double usd = lifecycle_total(&bill);
    x->best = fmin(x->best, usd);
    if (policy.steps <= 1)
        x->single = fmin(x->single, usd);
    size_t last = policy.steps;
    if (last == LIFECYCLE_STEPS_MAX)
        return;
    policy.steps++;
    for (size_t a = 0; a < x->choice->ages; a++)
        for (int c = LC_STANDARD + 1; c < LC_CLASSES; c++)
            if (x->choice->classes & (1u << c)) {
                policy.step[last].day = x->choice->age[a];
                policy.step[last].to = (enum lifecycle_class)c;
                try_all(x, policy);
            }
}

static void search_exhaustively(struct exhaustive *x, const struct lifecycle_case *c)
{
    double filter[CASE_BINS + 1] = {c->choice.larger_than_bytes};
    size_t filters = 1;
    for (size_t b = 0; c->choice.size_filter && b < CASE_BINS; b++)
        if (c->bin[b].bytes > filter[0])
            filter[filters++] = c->bin[b].bytes;
    x->best = x->single = INFINITY;
    for (size_t i = 0; i < filters; i++)
        try_all(x, (struct lifecycle_policy){.larger_than_bytes = filter[i],
                                             .expire_day = c->choice.expire_day});
}

static void draw_ages(struct lifecycle_choice *choice, uint64_t *seed)
{
    int ages[LIFECYCLE_AGES_MAX];
    size_t n = lifecycle_default_ages(ages), left = AGES;
    for (size_t i = 0; i < n && left > 0; i++)
        if (random_unit(seed) < (double)left / (double)(n - i)) {
            choice->age[choice->ages++] = ages[i];
            left--;
        }
}

static void optimum_is_the_best_of_all_policies(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < CASES; i++) {
        struct lifecycle_case c;
        struct lifecycle_model *model = NULL;
        struct lifecycle_optimum found;
        struct lifecycle_bill bill;
        random_case(&c, &seed);
        draw_ages(&c.choice, &seed);
        assert_true(lifecycle_open(&model, &c.population, &prices, NULL));
        assert_true(lifecycle_optimise(&found, model, &c.choice, NULL));
        struct exhaustive all = {.model = model, .choice = &c.choice};
        search_exhaustively(&all, &c);
        if (fabs(found.best_usd - all.best) > 1e-9 * all.best ||
            fabs(found.single_usd - all.single) > 1e-9 * all.single)
            fail_msg("case %d: found %.9g, single %.9g; all policies: %.9g, single %.9g", i,
                     found.best_usd, found.single_usd, all.best, all.single);
        assert_true(lifecycle_cost(&bill, model, &found.best, NULL));
        assert_true(fabs(lifecycle_total(&bill) - found.best_usd) <= 1e-9 * all.best);
        assert_true(lifecycle_cost(&bill, model, &found.single, NULL));
        assert_true(fabs(lifecycle_total(&bill) - found.single_usd) <= 1e-9 * all.best);
        lifecycle_free(model);
    }
}

static void walking_through_the_days_agrees_with_the_cost(void **state)
{
    (void)state;
    uint64_t seed = 1;
    double worst = 0;
    for (int i = 0; i < CASES; i++) {
        struct lifecycle_case c;
        struct lifecycle_model *model = NULL;
        struct lifecycle_optimum found;
        struct lifecycle_bill bill, month[13];
        random_case(&c, &seed);
        draw_ages(&c.choice, &seed);
        assert_true(lifecycle_open(&model, &c.population, &prices, NULL));
        assert_true(lifecycle_optimise(&found, model, &c.choice, NULL));
        assert_true(lifecycle_cost(&bill, model, &found.best, NULL));
        assert_true(lifecycle_simulate(month, 13, &c.population, &prices, &found.best, NULL));
        double walked = 0;
        for (size_t m = 0; m < 13; m++)
            walked += lifecycle_total(&month[m]);
        double off = fabs(walked / lifecycle_total(&bill) - 1);
        worst = fmax(worst, off);
        if (off > 0.005)
            fail_msg("case %d: the days add up to %.9g, the cost function says %.9g", i,
                     walked, lifecycle_total(&bill));
        lifecycle_free(model);
    }
    print_message("largest difference: %.4f %%\n", worst * 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optimum_is_the_best_of_all_policies),
        cmocka_unit_test(walking_through_the_days_agrees_with_the_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
