#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "estate/estate.h"

static uint32_t add(struct estate *e, const char *key, const char *id, const char *name)
{
    uint32_t index = estate_resource(e, key);
    struct resource *r = &e->resources.at[index];
    r->id = id ? intern(e->symbols, id) : NULL;
    r->name = name ? intern(e->symbols, name) : NULL;
    return index;
}

static uint32_t linked(struct estate *e, const char *subject)
{
    struct metric_series *s = VEC_PUSH(&e->series);
    *s = (struct metric_series){.resource = NOTHING, .subject = intern(e->symbols, subject)};
    estate_link_series(e);
    return e->series.at[e->series.count - 1].resource;
}

static void a_subject_finds_its_resource(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    const char *arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/";
    uint32_t web = add(e, intern_printf(e->symbols, "%sapp/web/50dc", arn), NULL, "web");
    uint32_t old = add(e, intern_printf(e->symbols, "%slegacy", arn), NULL, NULL);
    uint32_t vm = add(e, "module.a.aws_instance.b", "i-0abc", "worker");
    add(e, "x", NULL, "worker");
    assert_int_equal(linked(e, "app/web/50dc"), web);
    assert_int_equal(linked(e, "app/web/50dc;targetgroup/t/1"), web);
    assert_int_equal(linked(e, "web"), web);
    assert_int_equal(linked(e, "legacy"), old);
    assert_int_equal(linked(e, "i-0abc"), vm);
    assert_int_equal(linked(e, "worker"), NOTHING);
    assert_int_equal(linked(e, "app/web"), NOTHING);
    assert_int_equal(linked(e, "app/web;rule 1"), NOTHING);
    estate_note_unlinked(e);
    assert_int_equal(e->notes.count, 1);
    assert_int_equal(e->notes.at[0].count, 2);
    assert_string_equal(e->notes.at[0].text,
                        "metrics or logs of 2 things that no bill, map or plan knows were not "
                        "used; the first is app/web");
    estate_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_subject_finds_its_resource)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
