#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "estate/spend.h"
#include "near.h"

enum { JANUARY = 20454, DAYS_IN_JANUARY = 31 }; /* 2026-01-01 */

static uint32_t resource(struct estate *e, const char *key, enum layer layer, uint32_t tenant,
                         const char *mapped_by)
{
    uint32_t index = estate_resource(e, key);
    e->resources.at[index].layer = layer;
    e->resources.at[index].tenant = tenant;
    e->resources.at[index].mapped_by = intern(e->symbols, mapped_by);
    return index;
}

static uint32_t sku(struct estate *e, const char *service, const char *measure,
                    enum charge charge, enum provider provider)
{
    struct sku *s = VEC_PUSH(&e->skus);
    s->service = intern(e->symbols, service);
    s->measure = intern(e->symbols, measure);
    s->charge = charge;
    s->provider = provider;
    return (uint32_t)(e->skus.count - 1);
}

static void line(struct estate *e, uint32_t r, uint32_t s, day on, uint32_t days, double quantity,
                 const char *usd)
{
    struct cost_line *l = VEC_PUSH(&e->lines);
    l->resource = r;
    l->sku = s;
    l->hour = on * 24;
    l->hours = days * 24;
    l->quantity = money_of(quantity);
    assert_true(money_parse(&l->cost[BASIS_AMORTIZED], usd, strlen(usd), NULL));
    l->cost[BASIS_UNBLENDED] = l->cost[BASIS_AMORTIZED];
}

static void equals(struct money got, const char *want)
{
    struct buf text = BUF_INIT;
    money_format_exact(&text, got);
    assert_string_equal(buf_text(&text), want);
    buf_release(&text);
}

static struct tenant *tenant(struct estate *e, const char *id)
{
    struct tenant *t = VEC_PUSH(&e->tenants);
    t->id = t->name = intern(e->symbols, id);
    return t;
}

static void months_layers_and_charges(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t box = resource(e, "i", LAYER_COMPUTE, NOTHING, "default");
    uint32_t bucket = resource(e, "b", LAYER_STORAGE, NOTHING, "map:b");
    uint32_t use = sku(e, "AmazonEC2", "Box", CHARGE_USAGE, PROVIDER_AWS);
    uint32_t keep = sku(e, "AmazonS3", "TimedStorage", CHARGE_USAGE, PROVIDER_AWS);
    uint32_t credit = sku(e, "AmazonEC2", "Credit", CHARGE_CREDIT, PROVIDER_AWS);
    line(e, box, use, JANUARY, 31, 744, "0.1");
    line(e, box, use, JANUARY + 31, 28, 672, "0.2");
    line(e, bucket, keep, JANUARY, 31, 1, "0.000000000000000001");
    line(e, box, credit, JANUARY, 31, 0, "-0.05");
    VEC_PUSH(&e->bills)->rows = 4;
    assert_true(money_parse(&e->bills.at[0].total[BASIS_AMORTIZED], "0.250000000000000001", 20,
                            NULL));
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_int_equal(spend.months.count, 2);
    assert_int_equal(spend.months.at[0].month, 2026 * 12);
    assert_true(spend.months.at[0].complete);
    equals(spend.months.at[0].total[BASIS_AMORTIZED], "0.050000000000000001");
    equals(spend.total[BASIS_AMORTIZED], "0.250000000000000001");
    equals(spend.by_charge[CHARGE_CREDIT][BASIS_AMORTIZED], "-0.05");
    equals(spend.layers[LAYER_COMPUTE].total[BASIS_AMORTIZED], "0.30");
    equals(spend.layers[LAYER_COMPUTE].by_default, "0.30");
    equals(spend.layers[LAYER_STORAGE].by_default, "0.00");
    equals(spend.layers[LAYER_COMPUTE].by_month[1], "0.20");
    assert_int_equal(spend.layers[LAYER_COMPUTE].resources, 1);
    assert_int_equal(spend.services.count, 2);
    assert_string_equal(spend.services.at[0].name, "AmazonEC2");
    assert_true(spend.reconciliation.exact[BASIS_AMORTIZED]);
    assert_false(spend.reconciliation.exact[BASIS_UNBLENDED]);
    spend_release(&spend);
    estate_free(e);
}

/* 10.00 shared in the ratio 2 : 1 of DBUs: 6.66.. and the rest, to the last digit. */
static void showback(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    tenant(e, "a");
    tenant(e, "b");
    tenant(e, "c");
    uint32_t dbu = sku(e, "Databricks", "JOBS", CHARGE_USAGE, PROVIDER_DATABRICKS);
    uint32_t use = sku(e, "AmazonEC2", "Box", CHARGE_USAGE, PROVIDER_AWS);
    line(e, resource(e, "ra", LAYER_COMPUTE, 0, "map:x"), dbu, JANUARY, 31, 20, "4");
    line(e, resource(e, "rb", LAYER_COMPUTE, 1, "map:x"), dbu, JANUARY, 31, 10, "2");
    line(e, resource(e, "rc", LAYER_COMPUTE, 2, "map:x"), use, JANUARY, 31, 99, "7");
    line(e, resource(e, "all", LAYER_NETWORK, NOTHING, "map:nat"), use, JANUARY, 31, 1, "10");
    line(e, resource(e, "who", LAYER_NETWORK, NOTHING, "default"), use, JANUARY, 31, 1, "3");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    equals(spend.tenants.at[0].direct, "4.00");
    equals(spend.tenants.at[0].shared, "6.666666666666666667");
    equals(spend.tenants.at[1].shared, "3.333333333333333333");
    equals(spend.tenants.at[2].total, "7.00");
    equals(spend.shared, "10.00");
    equals(spend.unattributed, "3.00");
    assert_near(spend.tenants.at[0].share, 2 / 3.0, 1e-12);
    assert_string_equal(spend.shared_by, "dbu_share");
    spend_release(&spend);

    spend_compute(&spend, e, &(struct spend_options){BASIS_AMORTIZED, "bytes_share"});
    assert_true(spend.shared_by_fallback); /* nobody stores anything: even */
    assert_string_equal(spend.shared_by, "even");
    equals(spend.tenants.at[0].shared, "3.333333333333333333");
    equals(spend.tenants.at[2].shared, "3.333333333333333334");
    spend_release(&spend);
    estate_free(e);
}

static void a_bucket_that_tenants_share(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    struct tenant *a = tenant(e, "t1");
    VEC_ADD(&a->prefixes, intern(e->symbols, "s3://lake/t1/"));
    struct tenant *b = tenant(e, "t10");
    VEC_ADD(&b->prefixes, intern(e->symbols, "s3://lake/t10/"));
    uint32_t lake = resource(e, "arn:aws:s3:::lake", LAYER_STORAGE, NOTHING, "map:lake");
    e->resources.at[lake].id = e->resources.at[lake].key;
    for (int i = 0; i < 2; i++) {
        struct object_group *g = VEC_PUSH(&e->objects);
        g->bucket = lake;
        g->prefix = i ? "t10/raw/" : "t1/raw/";
        g->bins[0][0].bytes = i ? 300 : 100;
    }
    line(e, lake, sku(e, "AmazonS3", "TimedStorage", CHARGE_USAGE, PROVIDER_AWS), JANUARY, 31, 1,
         "8");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    equals(spend.tenants.at[0].direct, "2.00");
    equals(spend.tenants.at[1].direct, "6.00");
    equals(spend.unattributed, "0.00");
    spend_release(&spend);
    estate_free(e);
}

static void add_bill(struct estate *e, const char *format, int month, int months)
{
    struct bill_file *b = VEC_PUSH(&e->bills);
    b->format = format;
    b->rows = 1;
    b->from = (int64_t)day_of(2026, month, 1) * 86400;
    b->to = (int64_t)day_of(2026, month + months, 1) * 86400;
}

/* July and September without August, and usage of one month less than the bills. */
static void months_that_no_bill_covers(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    e->first_hour = day_of(2026, 7, 1) * 24;
    e->last_hour = day_of(2026, 10, 1) * 24;
    add_bill(e, "CUR 2.0", 9, 1);
    add_bill(e, "CUR 2.0", 7, 1);
    add_bill(e, "Databricks usage", 7, 2);
    estate_note_uncovered(e);
    assert_int_equal(e->notes.count, 2);
    assert_non_null(strstr(e->notes.at[0].text, "no bill covers 2026-08-01 to 2026-09-01;"));
    assert_non_null(
        strstr(e->notes.at[1].text, "no Databricks usage covers 2026-09-01 to 2026-10-01;"));
    add_bill(e, "CUR 2.0", 8, 1);
    add_bill(e, "Databricks usage", 8, 2);
    estate_note_uncovered(e);
    assert_int_equal(e->notes.count, 2);
    estate_free(e);
}

static void add_phase(struct estate *e, uint32_t cluster, const char *workload, const char *name)
{
    struct phase p = phase_unknown();
    p.cluster = cluster;
    p.workload = intern(e->symbols, workload);
    p.name = intern(e->symbols, name);
    VEC_ADD(&e->phases, p);
}

static void runs_of_one_work(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    add_phase(e, 1, "load / etl", "etl");
    add_phase(e, 2, "load / etl", "etl"); /* another cluster */
    add_phase(e, 1, "load / etl 2", "etl 2");
    add_phase(e, 1, "load / etl", "etl");
    add_phase(e, NOTHING, "load / etl", "etl"); /* of no cluster: nothing says where */
    add_phase(e, NOTHING, "load / etl", "etl");
    add_phase(e, 1, NULL, "etl");
    add_phase(e, 1, NULL, "etl");
    static const uint32_t wanted[] = {0, 1, 2, 0, 4, 5, 6, 7};
    uint32_t *works = phase_works(e);
    for (size_t i = 0; i < e->phases.count; i++)
        assert_int_equal(works[i], wanted[i]);
    free(works);
    estate_free(e);
}

static void phases_of_a_cluster(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t cluster = resource(e, "c", LAYER_COMPUTE, NOTHING, "map:c");
    uint32_t node = resource(e, "i", LAYER_COMPUTE, NOTHING, "map:c");
    uint32_t other = resource(e, "o", LAYER_COMPUTE, NOTHING, "default");
    e->resources.at[node].parent = cluster;
    uint32_t dbu = sku(e, "Databricks", "JOBS", CHARGE_USAGE, PROVIDER_DATABRICKS);
    uint32_t box = sku(e, "AmazonEC2", "BoxUsage:m6i.large", CHARGE_USAGE, PROVIDER_AWS);
    e->skus.at[box].instance_type = intern(e->symbols, "m6i.large");
    uint32_t disk = sku(e, "AmazonEC2", "EBS:VolumeUsage.gp3", CHARGE_USAGE, PROVIDER_AWS);
    line(e, cluster, dbu, JANUARY, 31, 10, "8");
    line(e, node, box, JANUARY, 31, 10, "4");
    line(e, node, disk, JANUARY, 31, 10, "1");
    line(e, other, box, JANUARY, 31, 10, "5");
    for (int i = 0; i < 2; i++) {
        struct phase p = phase_unknown();
        p.id = p.name = i ? "train" : "load";
        p.cluster = cluster;
        p.share = i ? 0.5 : 0.25;
        VEC_ADD(&e->phases, p);
    }
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_int_equal(spend.phases.count, 2);
    equals(spend.phases.at[0].total, "3.25");
    equals(spend.phases.at[1].dbu, "4.00");
    equals(spend.phases.at[1].ec2, "2.00");
    equals(spend.phases.at[1].ebs, "0.50");
    equals(spend.no_phase, "8.25"); /* a quarter of 13, and 5 */
    spend_release(&spend);
    estate_free(e);
}

/* Rows of another currency are neither in the figures nor missing from them. */
static void another_currency_is_kept_apart(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t use = sku(e, "AmazonEC2", "Box", CHARGE_USAGE, PROVIDER_AWS);
    uint32_t r = resource(e, "r", LAYER_COMPUTE, NOTHING, NULL);
    static const char *const currencies[] = {"USD", "NOK"}, *const totals[] = {"2", "30"};
    e->currency = intern(e->symbols, "USD");
    line(e, r, use, JANUARY, 31, 744, "2");
    for (size_t i = 0; i < 2; i++) {
        struct bill_file *file = VEC_PUSH(&e->bills);
        file->currency = intern(e->symbols, currencies[i]);
        file->rows = 3;
        file->bad_rows = 1;
        for (int b = BASIS_UNBLENDED; b <= BASIS_AMORTIZED; b++)
            assert_true(money_parse(&file->total[b], totals[i], strlen(totals[i]), NULL));
    }
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_true(spend.reconciliation.exact[BASIS_UNBLENDED]);
    assert_true(spend.reconciliation.exact[BASIS_AMORTIZED]);
    assert_int_equal(spend.reconciliation.rows, 3);
    assert_int_equal(spend.reconciliation.bad_rows, 2);
    spend_release(&spend);
    estate_free(e);
}

static const struct spend_mover *mover(const struct spend *spend, uint32_t resource)
{
    for (size_t i = 0; i < spend->movers.count; i++)
        if (spend->movers.at[i].resource == resource)
            return &spend->movers.at[i];
    fail();
    return NULL;
}

static void what_moved_and_why(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t use = sku(e, "AmazonS3", "TimedStorage", CHARGE_USAGE, PROVIDER_AWS);
    e->skus.at[use].unit = "GB-Mo"; /* of its own month: nothing to scale */
    uint32_t more = resource(e, "more", LAYER_COMPUTE, NOTHING, NULL);
    uint32_t dearer = resource(e, "dearer", LAYER_COMPUTE, NOTHING, NULL);
    uint32_t added = resource(e, "added", LAYER_COMPUTE, NOTHING, NULL);
    uint32_t gone = resource(e, "gone", LAYER_COMPUTE, NOTHING, NULL);
    uint32_t same = resource(e, "same", LAYER_COMPUTE, NOTHING, NULL);
    line(e, more, use, JANUARY, 31, 10, "20");
    line(e, more, use, JANUARY + 31, 28, 15, "33"); /* +10 by usage, +3 by price */
    line(e, dearer, use, JANUARY, 31, 10, "10");
    line(e, dearer, use, JANUARY + 31, 28, 10, "18");
    line(e, added, use, JANUARY + 31, 28, 1, "2");
    line(e, gone, use, JANUARY, 31, 1, "50");
    line(e, same, use, JANUARY, 31, 1, "5");
    line(e, same, use, JANUARY + 31, 28, 1, "5");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_int_equal(spend.movers.count, 4);
    assert_int_equal(spend.movers.at[0].resource, gone);
    assert_int_equal(spend.movers.at[0].cause, MOVER_GONE);
    assert_int_equal(mover(&spend, added)->cause, MOVER_NEW);
    assert_int_equal(mover(&spend, dearer)->cause, MOVER_PRICE);
    assert_int_equal(mover(&spend, more)->cause, MOVER_USAGE);
    equals(mover(&spend, more)->by_usage, "10.00");
    equals(mover(&spend, more)->by_price, "3.00");
    spend_release(&spend);
    estate_free(e);
}

/* The same all day in a month of 31 and in one of 28 days is no change. */
static void a_short_month_is_no_change(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t use = sku(e, "AmazonEC2", "Box", CHARGE_USAGE, PROVIDER_AWS);
    uint32_t r = resource(e, "r", LAYER_COMPUTE, NOTHING, NULL);
    line(e, r, use, JANUARY, 31, 744, "74.4");
    line(e, r, use, JANUARY + 31, 28, 672, "67.2");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_int_equal(spend.movers.count, 0);
    spend_release(&spend);
    estate_free(e);
}

/* Instances of a cluster come and go; that it costs twice as much is what moved. */
static void a_cluster_moves_with_its_nodes(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t use = sku(e, "AmazonEC2", "Box", CHARGE_USAGE, PROVIDER_AWS);
    uint32_t cluster = resource(e, "cluster", LAYER_COMPUTE, NOTHING, NULL);
    uint32_t old = resource(e, "i-1", LAYER_COMPUTE, NOTHING, NULL);
    uint32_t young = resource(e, "i-2", LAYER_COMPUTE, NOTHING, NULL);
    e->resources.at[old].parent = e->resources.at[young].parent = cluster;
    e->hours_per_month = 672;
    line(e, old, use, JANUARY + 31, 28, 672, "10");
    line(e, young, use, JANUARY + 59, 31, 2 * 744, "22.142857142857142857");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_int_equal(spend.movers.count, 1);
    assert_int_equal(spend.movers.at[0].resource, cluster);
    assert_int_equal(spend.movers.at[0].cause, MOVER_USAGE);
    assert_near(money_double(spend.movers.at[0].change), 10, 1e-9);
    spend_release(&spend);
    estate_free(e);
}

/* Half of February against the whole of January: both as they would go on. */
static void an_incomplete_month(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t use = sku(e, "AmazonEC2", "Box", CHARGE_USAGE, PROVIDER_AWS);
    uint32_t r = resource(e, "r", LAYER_COMPUTE, NOTHING, NULL);
    line(e, r, use, JANUARY, 31, 31, "31");
    line(e, r, use, JANUARY + 31, 14, 14, "28");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_near(money_double(spend.movers.at[0].before), 31 / 744.0 * 730, 1e-9);
    assert_near(money_double(spend.movers.at[0].after), 28 / 336.0 * 730, 1e-9);
    assert_false(spend.months.at[1].complete);
    spend_release(&spend);
    estate_free(e);
}

static void a_day_that_stands_out(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    uint32_t use = sku(e, "AmazonEC2", "Box", CHARGE_USAGE, PROVIDER_AWS);
    uint32_t r = resource(e, "r", LAYER_COMPUTE, NOTHING, NULL);
    for (int d = 0; d < DAYS_IN_JANUARY; d++)
        line(e, r, use, JANUARY + d, 1, 1, d == 20 ? "200" : d % 2 ? "100" : "101");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_int_equal(spend.anomalies.count, 1);
    assert_int_equal(spend.anomalies.at[0].on, JANUARY + 20);
    equals(spend.anomalies.at[0].usual, "100.50");
    assert_int_equal(spend.anomalies.at[0].resource, r);
    spend_release(&spend);
    estate_free(e);
}

static void nothing_at_all(void **state)
{
    (void)state;
    struct estate *e = estate_open();
    struct spend spend;
    tenant(e, "a");
    estate_index(e);
    spend_compute(&spend, e, NULL);
    assert_int_equal(spend.months.count, 0);
    assert_int_equal(spend.tenants.count, 1);
    spend_release(&spend);
    estate_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_layers_and_charges),
        cmocka_unit_test(showback),
        cmocka_unit_test(a_bucket_that_tenants_share),
        cmocka_unit_test(months_that_no_bill_covers),
        cmocka_unit_test(runs_of_one_work),
        cmocka_unit_test(phases_of_a_cluster),
        cmocka_unit_test(another_currency_is_kept_apart),
        cmocka_unit_test(what_moved_and_why),
        cmocka_unit_test(a_short_month_is_no_change),
        cmocka_unit_test(a_cluster_moves_with_its_nodes),
        cmocka_unit_test(an_incomplete_month),
        cmocka_unit_test(a_day_that_stands_out),
        cmocka_unit_test(nothing_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
