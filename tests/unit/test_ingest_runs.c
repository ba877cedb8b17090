#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ingest/runs.h"
#include "io/files.h"

static char csv_path[] = "/tmp/advisor-runs-XXXXXX.csv";
static char json_path[] = "/tmp/advisor-runs-XXXXXX.json";

static struct estate *reads(const char *path, const char *text, bool strict, struct err *err)
{
    struct ingest_options options = {.strict = strict};
    struct estate *estate = estate_open();
    *err = (struct err)ERR_INIT;
    assert_true(files_write(path, text, strlen(text), err));
    if (ingest_runs.read(estate, path, &options, err))
        return estate;
    estate_free(estate);
    return NULL;
}

static void refuses(const char *path, const char *text, const char *want)
{
    struct err err;
    assert_null(reads(path, text, true, &err));
    if (!strstr(err.text, want))
        fail_msg("'%s' does not say '%s'", err.text, want);
}

static void reads_csv_in_any_order(void **state)
{
    (void)state;
    struct err err;
    struct estate *e = reads(csv_path,
                             "minutes,workers,instance_type,workload,status,iterative,class\n"
                             "12.5,4,m6i.xlarge,\"a, b\",ok,yes,training\n"
                             "\n"
                             ",8,c5.large,x,failed,,\n",
                             true, &err);
    if (!e)
        fail_msg("%s", err.text);
    assert_int_equal(e->runs.count, 2);
    const struct run *a = &e->runs.at[0], *b = &e->runs.at[1];
    assert_string_equal(a->workload, "a, b");
    assert_true(a->minutes > 12.4 && a->minutes < 12.6);
    assert_int_equal(a->iterative, TRI_YES);
    assert_int_equal(a->class, CLASS_TRAINING);
    assert_true(isnan(a->input_gb));
    assert_int_equal(b->status, RUN_FAILED);
    assert_true(isnan(b->minutes));
    assert_int_equal(b->line, 3); /* empty lines are no rows */
    estate_free(e);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    refuses(csv_path, "workload,minutes,workers\nx,1,1\n",
            "column instance_type: a table of runs");
    refuses(csv_path, "workload,minute,instance_type,workers\n", "did you mean minutes?");
    refuses(csv_path, "workload,minutes,instance_type,workers\nx,1,t,-1\n",
            "row 2, column workers: '-1' is not a number of at least 0");
    refuses(csv_path, "workload,minutes,instance_type,workers\nx,1,t,0\n",
            "at least one machine");
    refuses(csv_path, "workload,minutes,instance_type,workers,status\nx,1,t,1,good\n",
            "'good' is not ok, failed or oom");
    refuses(csv_path, "workload,minutes,instance_type,workers\nx,,t,1\n",
            "column minutes: empty, but every run needs it");
    refuses(json_path, "{\"runs\": 3}", "neither a list of runs");
    refuses(json_path, "[{\"workload\": \"x\", \"workers\": 1, \"minutes\": \"soon\"}]",
            "minutes 'soon' is not a number");
}

static void counts_bad_rows_when_not_strict(void **state)
{
    (void)state;
    struct err err;
    struct estate *e =
        reads(csv_path,
              "workload,minutes,instance_type,workers\nx,1,t,1\nx,nan,t,1\nx,,t,1\nx,0,t,1\n"
              "x,a,t,1\nx,b,t,1\nx,c,t,1\nx,d,t,1\n",
              false, &err);
    assert_non_null(e);
    assert_int_equal(e->runs.count, 1);
    assert_int_equal(e->notes.count, 6); /* five are named */
    assert_int_equal(e->notes.at[5].count, 2);
    assert_int_equal(e->notes.at[5].kind, NOTE_UNREAD);
    assert_non_null(strstr(e->notes.at[5].text, "2 more rows"));
    estate_free(e);
}

static void takes_figures_below_0_as_unknown(void **state)
{
    (void)state;
    struct err err;
    struct estate *e =
        reads(csv_path,
              "workload,minutes,instance_type,workers,input_gb,cpu_pct\nx,1,t,1,-1e-9,-1\n",
              true, &err);
    if (!e)
        fail_msg("%s", err.text);
    assert_int_equal(e->runs.count, 1);
    assert_true(isnan(e->runs.at[0].input_gb) && isnan(e->runs.at[0].cpu_pct));
    assert_int_equal(e->notes.count, 1);
    assert_int_equal(e->notes.at[0].count, 2);
    estate_free(e);
}

static void keeps_runs_of_other_classes(void **state)
{
    (void)state;
    struct err err;
    struct estate *e =
        reads(csv_path,
              "workload,minutes,instance_type,workers,class,status,input_mb,input_gb\n"
              "x,1,t,1,graph,OK,1,2\ny,1,t,1,ETL,Failed,1,2\n",
              true, &err);
    if (!e)
        fail_msg("%s", err.text);
    assert_int_equal(e->runs.count, 2);
    assert_int_equal(e->runs.at[0].class, CLASS_UNKNOWN);
    assert_int_equal(e->runs.at[1].class, CLASS_ETL);
    assert_int_equal(e->runs.at[1].status, RUN_FAILED);
    assert_int_equal(e->notes.count, 1);
    assert_non_null(strstr(e->notes.at[0].text, "class 'graph' is not"));
    estate_free(e);
}

static void saves_and_appends_once(void **state)
{
    (void)state;
    const char *const paths[] = {csv_path, json_path};
    for (size_t i = 0; i < 2; i++) {
        struct err err = ERR_INIT;
        struct run runs[2] = {run_unknown(), run_unknown()};
        size_t added;
        runs[0].workload = "say \"a\", b";
        runs[0].instance_type = "m5.large";
        runs[0].workers = 2;
        runs[0].minutes = 1.25;
        runs[0].class = CLASS_ETL;
        runs[0].status = RUN_OUT_OF_MEMORY;
        runs[1] = runs[0];
        runs[1].minutes = 3;
        assert_true(runs_save(&added, paths[i], runs, 1, false, &err));
        assert_int_equal(added, 1);
        if (!runs_save(&added, paths[i], runs, 2, true, &err))
            fail_msg("%s", err.text);
        assert_int_equal(added, 1);
        struct ingest_options options = {.strict = true};
        struct estate *e = estate_open();
        assert_true(ingest_runs.read(e, paths[i], &options, &err));
        assert_int_equal(e->runs.count, 2);
        assert_string_equal(e->runs.at[0].workload, "say \"a\", b");
        assert_int_equal(e->runs.at[1].status, RUN_OUT_OF_MEMORY);
        assert_true(e->runs.at[1].minutes > 2.9);
        assert_true(isnan(e->runs.at[1].cpu_pct));
        estate_free(e);
    }
}

static int make_files(void **state)
{
    (void)state;
    int a = mkstemps(csv_path, 4), b = mkstemps(json_path, 5);
    return a < 0 || b < 0 ? -1 : close(a) + close(b);
}

static int remove_files(void **state)
{
    (void)state;
    return unlink(csv_path) + unlink(json_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_csv_in_any_order),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(counts_bad_rows_when_not_strict),
        cmocka_unit_test(takes_figures_below_0_as_unknown),
        cmocka_unit_test(keeps_runs_of_other_classes),
        cmocka_unit_test(saves_and_appends_once),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
