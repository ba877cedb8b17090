#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bill/bill.h"
#include "io/doc.h"
#include "io/duckdb.h"
#include "io/files.h"

static const char *data_folder(void)
{
    const char *given = getenv("ADVISOR_DATA");
    return given ? given : "../shared/data";
}

/* The real bills and the totals that another engine found in them. */
static const struct {
    const char *path, *reference;
    const char *totals[3]; /* its names of unblended, amortized, list */
} bills[] = {
    {"focus-converter-aws/aws/sample-anonymous-aws-export-dataset.csv",
     "focus-converter-nov2023.json", {"unblended", "amortized", "public_on_demand"}},
    {"legacy-hourly-2018-02/report.csv.gz", "logzio-feb2018.json",
     {"unblended", "amortized", "public_on_demand"}},
    {"licence-lab/before.csv", "wa-before2019.json",
     {"unblended", "amortized", "public_on_demand"}},
    {"licence-lab/after.csv", "wa-after2019.json",
     {"unblended", "amortized", "public_on_demand"}},
    {"focus-sample-1.0/FOCUS-1.0/focus_sample.csv", "focus-sample-1.0.json",
     {"billed", "effective", "list"}},
    {"aws-well-architected-labs/Oct2018-WorkshopCUR-00001.snappy.parquet", "wa-oct2018.json",
     {"unblended", "amortized", "public_on_demand"}},
    {"aws-well-architected-labs/Nov2018-WorkshopCUR-00001.snappy.parquet", "wa-nov2018.json",
     {"unblended", "amortized", "public_on_demand"}},
    {"derived-parquet/focus-1.0.parquet", "focus-sample-1.0.json",
     {"billed", "effective", "list"}},
};

/* Parquet needs a library that is not on every machine. */
static bool can_read(const char *path)
{
    struct duckdb *db = NULL;
    struct err err = ERR_INIT;
    size_t n = strlen(path);
    if (n < 8 || strcmp(path + n - 8, ".parquet"))
        return true;
    bool ok = duckdb_open(&db, 1, &err);
    duckdb_close(db);
    if (!ok)
        print_message("skipped %s: %s\n", path, err.text);
    return ok;
}

static void add(struct money *sum, struct money amount)
{
    *sum = money_add(*sum, amount);
}

/* Files' totals come straight from the rows; the lines must give the same to the last digit. */
static void check_reconciled(const struct estate *estate)
{
    struct money files[BASIS_COUNT] = {0}, lines[BASIS_COUNT] = {0};
    for (size_t b = 0; b < BASIS_COUNT; b++) {
        for (size_t i = 0; i < estate->bills.count; i++)
            add(&files[b], estate->bills.at[i].total[b]);
        for (size_t i = 0; i < estate->lines.count; i++)
            add(&lines[b], estate->lines.at[i].cost[b]);
        assert_int_equal(money_cmp(files[b], lines[b]), 0);
    }
}

static void check_totals(const struct estate *estate, const struct node *total, size_t i)
{
    static const enum basis bases[3] = {BASIS_UNBLENDED, BASIS_AMORTIZED, BASIS_LIST};
    for (size_t t = 0; t < 3; t++) {
        double expected = node_number(node_get(total, bills[i].totals[t]), NAN), got = 0;
        for (size_t f = 0; f < estate->bills.count; f++)
            got += money_double(estate->bills.at[f].total[bases[t]]);
        if (!(fabs(got - expected) < 1e-6))
            fail_msg("%s: %s is %.9f, not %.9f", bills[i].path, bills[i].totals[t], got,
                     expected);
    }
}

static void test_totals_of_real_bills(void **state)
{
    (void)state;
    if (!files_is_folder(data_folder())) {
        print_message("skipped: %s is not here\n", data_folder());
        return;
    }
    for (size_t i = 0; i < sizeof bills / sizeof *bills; i++) {
        if (!can_read(bills[i].path))
            continue;
        struct arena arena = ARENA_INIT;
        struct err err = ERR_INIT;
        const struct node *reference;
        struct estate *estate = estate_open();
        struct bill_summary summary;
        const char *path = arena_printf(&arena, "%s/billing/%s", data_folder(), bills[i].path);
        struct bill_options options = {.paths = &path, .path_count = 1, .threads = 2};
        if (!doc_read(&reference, &arena,
                      arena_printf(&arena, "%s/billing/reference/%s", data_folder(),
                                   bills[i].reference), &err) ||
            !bill_load(estate, &options, &summary, &err))
            fail_msg("%s", err.text);
        check_totals(estate, node_get(reference, "total"), i);
        check_reconciled(estate);
        assert_int_equal(summary.bad_rows, 0);
        bill_summary_release(&summary);
        estate_free(estate);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_totals_of_real_bills)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
