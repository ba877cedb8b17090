#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "estate/estate.h"

static struct phase *add(struct estate *e, const char *id, const char *declared,
                         const char *type)
{
    struct phase p = phase_unknown();
    p.id = intern(e->symbols, id);
    p.declared = intern(e->symbols, declared);
    p.instance_type = intern(e->symbols, type);
    VEC_ADD(&e->phases, p);
    return &e->phases.at[e->phases.count - 1];
}

/* Two runs of "load" before it, one of nothing that is declared, one behind it. */
static struct estate *logs_around_a_map(const char *map_type)
{
    struct estate *e = estate_open();
    struct phase *p = add(e, "app1/load", "load", "m5.xlarge");
    p->from = 100;
    p->minutes = 10;
    p->input_gb = 5;
    p->demand.spill_bytes = 1;
    p = add(e, "app1/etl", NULL, "m5.xlarge");
    p->minutes = 3;
    p = add(e, "app2/load", "load", "m5.xlarge");
    p->from = 200;
    p->class = CLASS_INGEST;
    p->iterative = TRI_NO;
    p->minutes = 12;
    p->input_gb = 6;
    p->demand.spill_bytes = 2;
    p = add(e, "load", NULL, map_type);
    p->input_gb = 4;
    p->max_minutes = 30;
    p = add(e, "app3/load", "load", "m5.xlarge");
    p->from = 300;
    p->incomplete = true;
    add(e, "app1/gone", "no such", "m5.xlarge");
    estate_join_phases(e);
    return e;
}

static const struct phase *named(const struct estate *e, const char *id)
{
    for (size_t i = 0; i < e->phases.count; i++)
        if (e->phases.at[i].id == intern(e->symbols, id))
            return &e->phases.at[i];
    return NULL;
}

static void takes_what_is_open_from_the_latest_whole_run(void **state)
{
    (void)state;
    struct estate *e = logs_around_a_map(NULL);
    const struct phase *load = named(e, "load");
    assert_int_equal(e->phases.count, 3);
    assert_non_null(named(e, "app1/etl"));
    assert_non_null(named(e, "app1/gone")); /* its map is another one */
    assert_true(load->input_gb == 4 && load->minutes == 12 && load->max_minutes == 30);
    assert_true(load->demand.spill_bytes == 2);
    assert_string_equal(load->instance_type, "m5.xlarge");
    assert_int_equal(load->class, CLASS_INGEST);
    assert_int_equal(load->iterative, TRI_NO);
    estate_free(e);
}

static void times_on_other_machines_are_not_its_own(void **state)
{
    (void)state;
    struct estate *e = logs_around_a_map("r6i.xlarge");
    const struct phase *load = named(e, "load");
    assert_true(isnan(load->minutes));
    assert_true(load->demand.spill_bytes == 2);
    assert_string_equal(load->instance_type, "r6i.xlarge");
    estate_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_open_from_the_latest_whole_run),
        cmocka_unit_test(times_on_other_machines_are_not_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
