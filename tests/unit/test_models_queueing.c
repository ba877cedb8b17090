#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/queueing.h"
#include "near.h"

static void erlang_agrees_with_the_tables(void **state)
{
    (void)state;
    static const struct {
        unsigned servers;
        double offered, b, c;
    } cases[] = {
        {1, .5, .333333, .5},      {2, 1, .2, .333333},         {5, 4, .199067, .554113},
        {10, 8, .121661, .409180}, {100, 90, .026957, .216940},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_near(erlang_b(cases[i].offered, cases[i].servers), cases[i].b, 5e-7);
        assert_near(erlang_c(cases[i].offered, cases[i].servers), cases[i].c, 5e-7);
    }
}

/* 1/B = sum over k of c! / (c-k)! / a^k: the closed form, apart from the recursion. */
static void erlang_b_agrees_with_its_closed_form(void **state)
{
    (void)state;
    for (unsigned c = 1; c <= 60; c++)
        for (double a = 0.3; a < 80; a *= 1.7) {
            double inverse = 0, term = 1;
            for (unsigned k = 0; k <= c; k++) {
                inverse += term;
                term *= (double)(c - k) / a;
            }
            assert_near(erlang_b(a, c) * inverse, 1, 1e-12);
        }
}

static void waits_of_a_published_case(void **state)
{
    (void)state;
    struct queue_load load = queue_load_of(200, 0.05);
    assert_near(erlang_c(queue_offered(&load), 11), .682118, 5e-7);
    assert_near(queue_wait_tail(&load, 11, 0.1), .0923, 5e-5);
    assert_near(erlang_c(queue_offered(&load), 12), .449388, 5e-7);
    assert_near(queue_wait_tail(&load, 12, 0.1), .00823, 5e-6);
    assert_near(queue_wait_tail(&load, 10, 0.1), 1, 0); /* ten cannot keep up */
}

static void finds_the_least_fleet(void **state)
{
    (void)state;
    struct queue_load load = queue_load_of(200, 0.05);
    unsigned servers = 0;
    assert_true(queue_servers_for(&servers, &load,
                                  &(struct queue_target){QUEUE_WAIT, 0.1, 0.05}, 1000));
    assert_int_equal(servers, 12);
    assert_false(
        queue_servers_for(&servers, &load, &(struct queue_target){QUEUE_WAIT, 0.1, 0.05}, 11));
}

static void a_response_target_below_the_service_time_is_never_met(void **state)
{
    (void)state;
    struct queue_load load = queue_load_of(200, 0.05);
    unsigned servers = 0;
    /* P(service > 0.1 s) = exp(-2) = 13.5 %, however many servers there are. */
    assert_false(queue_servers_for(&servers, &load,
                                   &(struct queue_target){QUEUE_RESPONSE, 0.1, 0.01}, 5000));
    assert_true(queue_servers_for(&servers, &load,
                                  &(struct queue_target){QUEUE_RESPONSE, 0.3, 0.01}, 5000));
    assert_true(queue_response_tail(&load, servers, 0.3) <= 0.01);
    assert_true(queue_response_tail(&load, servers - 1, 0.3) > 0.01);
}

static void one_server_is_the_m_m_1_queue(void **state)
{
    (void)state;
    struct queue_load load = queue_load_of(8, 0.1);
    /* The response of M/M/1 is exponential with rate mu - lambda = 2. */
    assert_near(queue_response_tail(&load, 1, 0.7), exp(-1.4), 1e-12);
}

/* Where c mu - lambda equals mu, the formula has a removable hole. */
static void the_response_has_no_hole(void **state)
{
    (void)state;
    struct queue_load at = queue_load_of(20, 0.1), near = queue_load_of(20.0001, 0.1);
    double with = queue_response_tail(&at, 3, 0.25),
           beside = queue_response_tail(&near, 3, 0.25);
    assert_near(with, beside, 1e-4);
    assert_near(with, exp(-2.5) * (1 + erlang_c(2, 3) * 2.5), 1e-12);
}

static void variability_scales_the_wait(void **state)
{
    (void)state;
    struct queue_load poisson = queue_load_of(200, 0.05), bursty = poisson, clocked = poisson;
    bursty.arrival_scv = 3;
    clocked.arrival_scv = clocked.service_scv = 0;
    /* A wait decays half as fast where arrivals vary twice as much, and not at all by the clock. */
    double waiting = erlang_c(queue_offered(&poisson), 12);
    assert_near(queue_wait_tail(&bursty, 12, 0.2) / waiting,
                queue_wait_tail(&poisson, 12, 0.1) / waiting, 1e-12);
    assert_near(queue_wait_tail(&clocked, 12, 0.1), 0, 0);
    unsigned servers = 0, steady = 0;
    struct queue_target p99 = {QUEUE_WAIT, 0.1, 0.01};
    assert_true(queue_servers_for(&servers, &bursty, &p99, 100) &&
                queue_servers_for(&steady, &poisson, &p99, 100));
    assert_true(servers > steady);
}

static void losing_a_zone_leaves_enough(void **state)
{
    (void)state;
    assert_int_equal(queue_with_zone_loss(4, 2), 8);
    assert_int_equal(queue_with_zone_loss(4, 3), 6);
    assert_int_equal(queue_with_zone_loss(5, 3), 9);
    assert_int_equal(queue_with_zone_loss(7, 1), 7);
    for (unsigned zones = 2; zones <= 6; zones++)
        for (unsigned targets = 1; targets < 40; targets++) {
            unsigned n = queue_with_zone_loss(targets, zones);
            assert_int_equal(n % zones, 0);
            assert_true(n - n / zones >= targets);
            assert_true((n - zones) - (n - zones) / zones < targets);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erlang_agrees_with_the_tables),
        cmocka_unit_test(erlang_b_agrees_with_its_closed_form),
        cmocka_unit_test(waits_of_a_published_case),
        cmocka_unit_test(finds_the_least_fleet),
        cmocka_unit_test(a_response_target_below_the_service_time_is_never_met),
        cmocka_unit_test(one_server_is_the_m_m_1_queue),
        cmocka_unit_test(the_response_has_no_hole),
        cmocka_unit_test(variability_scales_the_wait),
        cmocka_unit_test(losing_a_zone_leaves_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
