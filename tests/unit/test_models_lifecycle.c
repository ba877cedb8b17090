#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/lifecycle.h"
#include "models/lifecycle_simulate.h"
#include "unit/lifecycle_prices.h"

#define KIB 1024.0
#define MIB (1024.0 * 1024)
#define GIB (1024.0 * 1024 * 1024)

static void assert_near(double got, double want, double tolerance)
{
    if (fabs(got - want) > tolerance)
        fail_msg("got %.12g, want %.12g", got, want);
}

static void small_objects_cost_more_in_colder_classes(void **state)
{
    (void)state;
    static const struct {
        enum lifecycle_class to;
        double kib;
    } want[] = {{LC_STANDARD_IA, 69.6},
                {LC_GLACIER_IR, 22.3},
                {LC_GLACIER, 15.4},
                {LC_DEEP_ARCHIVE, 9.8}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_near(lifecycle_breakeven_bytes(&prices, want[i].to) / KIB, want[i].kib, 0.06);
}

/* Months until the move of one object from STANDARD is paid back by its storage. */
static double payback_months(double bytes, enum lifecycle_class to)
{
    double saved = lifecycle_storage_month(&prices, bytes, LC_STANDARD) -
                   lifecycle_storage_month(&prices, bytes, to);
    return saved > 0 ? prices.class[to].transition_per_1000 / 1000 / saved : INFINITY;
}

static void transitions_pay_back_by_size(void **state)
{
    (void)state;
    static const struct {
        double bytes, months[4], tolerance;
    } want[] = {{128 * KIB, {7.8, 8.6, 14.4, 20.2}, 0.05},
                {MIB, {0.98, 1.08, 1.61, 2.35}, 0.005},
                {10 * MIB, {0.10, 0.11, 0.16, 0.23}, 0.005},
                {128 * MIB, {0.008, 0.008, 0.012, 0.018}, 0.0006}};
    static const enum lifecycle_class to[] = {LC_STANDARD_IA, LC_GLACIER_IR, LC_GLACIER,
                                              LC_DEEP_ARCHIVE};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        for (size_t k = 0; k < 4; k++)
            assert_near(payback_months(want[i].bytes, to[k]), want[i].months[k],
                        want[i].tolerance);
    assert_true(isinf(payback_months(8 * KIB, LC_DEEP_ARCHIVE)));
}

static void tiering_pays_for_its_monitoring_from_250_kib(void **state)
{
    (void)state;
    assert_near(lifecycle_tiering_bytes(&prices, 1) / KIB, 249.66, 0.01);
    assert_near(lifecycle_tiering_bytes(&prices, 0.5) / KIB, 499.32, 0.02);
}

static void waterfall_is_that_of_the_user_guide(void **state)
{
    (void)state;
    static const char *const allowed[LC_CLASSES] = {"0111111", "0011111", "0001111", "0000011",
                                                    "0000011", "0000001", "0000000"};
    for (int from = 0; from < LC_CLASSES; from++)
        for (int to = 0; to < LC_CLASSES; to++)
            assert_int_equal(
                lifecycle_allows((enum lifecycle_class)from, (enum lifecycle_class)to),
                allowed[from][to] == '1');
}

static void refuses_policies_that_s3_refuses(void **state)
{
    (void)state;
    static const struct lifecycle_policy bad[] = {
        {.steps = 1, .step = {{29, LC_STANDARD_IA}}},
        {.steps = 1, .step = {{29, LC_ONEZONE_IA}}},
        {.steps = 1, .step = {{30, LC_STANDARD}}},
        {.steps = 1, .step = {{-1, LC_GLACIER}}},
        {.steps = 2, .step = {{30, LC_STANDARD_IA}, {59, LC_GLACIER}}},
        {.steps = 2, .step = {{30, LC_ONEZONE_IA}, {90, LC_GLACIER_IR}}},
        {.steps = 2, .step = {{0, LC_INTELLIGENT_TIERING}, {90, LC_STANDARD_IA}}},
        {.steps = 2, .step = {{90, LC_GLACIER}, {90, LC_DEEP_ARCHIVE}}},
        {.steps = 1, .step = {{90, LC_GLACIER}}, .expire_day = 90},
        {.expire_day = -1},
        {.steps = 7},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = ERR_INIT;
        assert_false(lifecycle_policy_check(&bad[i], &err));
        assert_true(err.text[0] != '\0');
    }
    static const struct lifecycle_policy good[] = {
        {.steps = 0},
        {.steps = 2, .step = {{30, LC_STANDARD_IA}, {60, LC_GLACIER}}, .expire_day = 365},
        {.steps = 2, .step = {{0, LC_INTELLIGENT_TIERING}, {90, LC_GLACIER_IR}}},
        {.steps = 2, .step = {{1, LC_GLACIER_IR}, {2, LC_GLACIER}}},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(lifecycle_policy_check(&good[i], NULL));
}

/* One object of 1 GiB, a day old, that nobody deletes. */
struct single {
    int from_day[1], age[1];
    double none[1], reads[1], share[1], stock[1];
    struct lifecycle_bin bin;
    struct lifecycle_population population;
};

static void single_init(struct single *s, double bytes, int age, int horizon)
{
    *s = (struct single){.stock = {1}, .age = {age}};
    s->bin = (struct lifecycle_bin){.bytes = bytes, .stock = s->stock};
    s->population = (struct lifecycle_population){
        .curve = {1, s->from_day, s->none, s->reads, s->share, 1},
        .cohorts = 1,
        .cohort_age_days = s->age,
        .bins = 1,
        .bin = &s->bin,
        .horizon_days = horizon,
    };
}

static struct lifecycle_bill cost_of(struct single *s, struct lifecycle_policy policy)
{
    struct lifecycle_model *model = NULL;
    struct lifecycle_bill bill = {{0}};
    struct err err = ERR_INIT;
    if (!lifecycle_open(&model, &s->population, &prices, &err) ||
        !lifecycle_cost(&bill, model, &policy, &err))
        fail_msg("%s", err.text);
    lifecycle_free(model);
    return bill;
}

static double months(double days)
{
    return days / LIFECYCLE_DAYS_PER_MONTH;
}

static void bills_every_stay_at_its_class(void **state)
{
    (void)state;
    struct single s;
    single_init(&s, GIB, 0, 365);
    struct lifecycle_bill bill =
        cost_of(&s, (struct lifecycle_policy){
                        .steps = 2, .step = {{30, LC_STANDARD_IA}, {90, LC_GLACIER}}});
    double overhead = (32 * 0.0036 + 8 * 0.023) * KIB / GIB;
    assert_near(bill.usd[LC_STORAGE],
                months(30) * 0.023 + months(60) * 0.0125 + months(275) * (0.0036 + overhead),
                1e-12);
    assert_near(bill.usd[LC_TRANSITION], (0.01 + 0.03) / 1000, 1e-15);
    assert_near(bill.usd[LC_TRANSITION_NOW], 0, 0);
    assert_near(bill.usd[LC_EARLY_DELETE], 0, 0);
}

static void stock_past_the_age_moves_at_once(void **state)
{
    (void)state;
    struct single s;
    single_init(&s, GIB, 200, 365);
    struct lifecycle_bill bill =
        cost_of(&s, (struct lifecycle_policy){
                        .steps = 2, .step = {{30, LC_STANDARD_IA}, {90, LC_GLACIER_IR}}});
    assert_near(bill.usd[LC_STORAGE], months(365) * 0.004, 1e-12);
    assert_near(bill.usd[LC_TRANSITION_NOW], 0.02 / 1000, 1e-15);
    assert_near(bill.usd[LC_TRANSITION], 0, 0);
}

static void leaving_early_pays_the_rest_of_the_minimum(void **state)
{
    (void)state;
    struct single s;
    single_init(&s, GIB, 0, 365);
    struct lifecycle_bill bill =
        cost_of(&s, (struct lifecycle_policy){
                        .steps = 1, .step = {{30, LC_GLACIER_IR}}, .expire_day = 50});
    assert_near(bill.usd[LC_EARLY_DELETE], months(90 - 20) * 0.004, 1e-12);
    assert_near(bill.usd[LC_STORAGE], months(30) * 0.023 + months(20) * 0.004, 1e-12);

    single_init(&s, 64 * KIB, 40, 365);
    s.bin.start = LC_STANDARD_IA;
    bill = cost_of(&s, (struct lifecycle_policy){.expire_day = 41});
    assert_near(bill.usd[LC_EARLY_DELETE], 0, 0);
    s.age[0] = 10;
    bill = cost_of(&s, (struct lifecycle_policy){.expire_day = 15});
    assert_near(bill.usd[LC_EARLY_DELETE], months(15) * 0.0125 * 128 * KIB / GIB, 1e-15);
}

static void steady_deletion_shortens_the_stay(void **state)
{
    (void)state;
    struct single s;
    single_init(&s, GIB, 0, 3650);
    s.none[0] = 0.1;
    struct lifecycle_bill bill =
        cost_of(&s, (struct lifecycle_policy){.steps = 1, .step = {{0, LC_GLACIER_IR}}});
    assert_near(bill.usd[LC_STORAGE], months(10) * 0.004, 1e-9);
    /* 90 - 10 (1 - e^-9) days are left on average: the mean of an exponential cut at 90. */
    assert_near(bill.usd[LC_EARLY_DELETE], months(90 - 10 * (1 - exp(-9))) * 0.004, 1e-9);
}

static void tiering_finds_the_idle_days(void **state)
{
    (void)state;
    struct single s;
    struct lifecycle_policy tiering = {.steps = 1, .step = {{0, LC_INTELLIGENT_TIERING}}};
    single_init(&s, GIB, 0, 365);
    struct lifecycle_bill bill = cost_of(&s, tiering);
    assert_near(bill.usd[LC_STORAGE],
                months(30) * 0.023 + months(60) * 0.0125 + months(275) * 0.004, 1e-9);
    assert_near(bill.usd[LC_MONITORING], months(365) * 0.0025 / 1000, 1e-12);

    single_init(&s, GIB, 3000, 365);
    s.reads[0] = 1.0 / 30;
    s.share[0] = 1.0 / 30;
    s.bin.start = LC_INTELLIGENT_TIERING;
    bill = cost_of(&s, (struct lifecycle_policy){.steps = 0});
    double p30 = exp(-1), p90 = exp(-3);
    assert_near(bill.usd[LC_STORAGE],
                months(365) * (0.023 - p30 * (0.023 - 0.0125) - p90 * (0.0125 - 0.004)), 1e-9);
    assert_near(bill.usd[LC_RETRIEVAL], 0, 0);

    single_init(&s, 100 * KIB, 0, 365);
    bill = cost_of(&s, tiering);
    assert_near(bill.usd[LC_MONITORING], 0, 0);
    assert_near(bill.usd[LC_STORAGE], months(365) * 0.023 * 100 * KIB / GIB, 1e-15);
}

static void archives_pay_for_every_restore(void **state)
{
    (void)state;
    struct single s;
    single_init(&s, GIB, 0, 100);
    s.reads[0] = 0.01;
    struct lifecycle_bill bill =
        cost_of(&s, (struct lifecycle_policy){.steps = 1, .step = {{0, LC_GLACIER}}});
    double restores = 100 * 0.01 / (1 + 0.01 * 7);
    assert_near(bill.usd[LC_REQUESTS], (1 * 0.0004 + restores * 0.05) / 1000, 1e-12);
    assert_near(bill.usd[LC_RETRIEVAL], restores * (0.01 + months(7) * 0.023), 1e-12);
}

static void the_habit_loses_on_small_objects(void **state)
{
    (void)state;
    struct single s;
    single_init(&s, 20 * KIB, 0, 1095);
    struct lifecycle_policy habit = {.steps = 2,
                                     .step = {{30, LC_STANDARD_IA}, {90, LC_GLACIER}}};
    struct lifecycle_bill moved = cost_of(&s, habit);
    struct lifecycle_bill left = cost_of(&s, (struct lifecycle_policy){.steps = 0});
    assert_true(lifecycle_total(&moved) > lifecycle_total(&left));
    habit.larger_than_bytes = 128 * KIB;
    moved = cost_of(&s, habit);
    assert_near(lifecycle_total(&moved), lifecycle_total(&left), 1e-15);
}

static void twelve_months_add_up_and_pay_back(void **state)
{
    (void)state;
    struct single s;
    single_init(&s, MIB, 200, 365);
    struct lifecycle_policy move = {.steps = 1, .step = {{90, LC_GLACIER_IR}}};
    struct lifecycle_policy none = {.steps = 0};
    struct lifecycle_bill with[12], without[12];
    assert_true(lifecycle_simulate(with, 12, &s.population, &prices, &move, NULL));
    assert_true(lifecycle_simulate(without, 12, &s.population, &prices, &none, NULL));
    double sum = 0;
    for (size_t m = 0; m < 12; m++)
        sum += without[m].usd[LC_STORAGE];
    assert_near(sum, 12 * 0.023 / 1024, 1e-9);
    assert_near(with[0].usd[LC_TRANSITION_NOW], 0.02 / 1000, 1e-15);
    /* 1.08 months by the break-even formula. */
    assert_int_equal(lifecycle_payback_month(with, without, 12), 2);
    assert_int_equal(lifecycle_payback_month(without, with, 1), 1);
}

static void refuses_populations_that_make_no_sense(void **state)
{
    (void)state;
    struct single s;
    struct lifecycle_model *model = NULL;
    single_init(&s, GIB, 0, 0);
    assert_false(lifecycle_open(&model, &s.population, &prices, NULL));
    single_init(&s, GIB, -1, 365);
    assert_false(lifecycle_open(&model, &s.population, &prices, NULL));
    single_init(&s, NAN, 0, 365);
    assert_false(lifecycle_open(&model, &s.population, &prices, NULL));
    single_init(&s, GIB, 0, 365);
    s.reads[0] = -1;
    assert_false(lifecycle_open(&model, &s.population, &prices, NULL));
    single_init(&s, GIB, 0, 365);
    s.population.curve.hot_share = 0;
    assert_false(lifecycle_open(&model, &s.population, &prices, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_objects_cost_more_in_colder_classes),
        cmocka_unit_test(transitions_pay_back_by_size),
        cmocka_unit_test(tiering_pays_for_its_monitoring_from_250_kib),
        cmocka_unit_test(waterfall_is_that_of_the_user_guide),
        cmocka_unit_test(refuses_policies_that_s3_refuses),
        cmocka_unit_test(bills_every_stay_at_its_class),
        cmocka_unit_test(stock_past_the_age_moves_at_once),
        cmocka_unit_test(leaving_early_pays_the_rest_of_the_minimum),
        cmocka_unit_test(steady_deletion_shortens_the_stay),
        cmocka_unit_test(tiering_finds_the_idle_days),
        cmocka_unit_test(archives_pay_for_every_restore),
        cmocka_unit_test(the_habit_loses_on_small_objects),
        cmocka_unit_test(twelve_months_add_up_and_pay_back),
        cmocka_unit_test(refuses_populations_that_make_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
