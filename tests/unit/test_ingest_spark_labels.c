#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/spark_labelling.h"
#include "map_text.h"

static const char map_text[] =
    "layer_map: 1\n"
    "layers:\n"
    "  compute:\n"
    "    clusters:\n"
    "    - id: any\n"
    "      kind: job\n"
    "      worker_type: m6i.xlarge\n"
    "      workers: 2\n"
    "      phases: [{id: any-load, name: load, match: load}]\n"
    "    - id: shared\n"
    "      kind: all_purpose\n"
    "      ids: [0101-*]\n"
    "      worker_type: m6i.xlarge\n"
    "      workers: 2\n"
    "      phases:\n"
    "      - {id: tables, name: tables, match: [/etl/.*, ^tables]}\n"
    "      - {id: own-load, name: load, match: load}\n"
    "    - id: job\n"
    "      kind: job\n"
    "      tags: {JobId: '77'}\n"
    "      worker_type: m6i.xlarge\n"
    "      workers: 2\n"
    "      phases: [{id: job-load, name: load, match: load}, {name: quiet}]\n";

/* The label of one job with one stage in a log of a cluster; "" for none. */
static const char *label(struct spark_cluster cluster, struct spark_job job, const char *stage,
                         const char *application)
{
    static char id[64];
    struct err err = ERR_INIT;
    struct layer_map *map = map_of_text(map_text, &err);
    struct spark_labels *labels = spark_labels_open(map);
    struct spark_log log = {.cluster = cluster, .app_name = application};
    assert_int_equal(spark_labels_count(labels), 4);
    job.sql = SPARK_NONE;
    VEC_ADD(&log.jobs, job);
    VEC_ADD(&log.stages, (struct spark_stage){.name = stage});
    struct spark_labelling *labelling = spark_labelling_open(labels, &log);
    const uint32_t first = 0;
    const struct phase *found = spark_labelling_find(labelling, &first, 1, &first, 1);
    const struct phase *again = spark_labelling_find(labelling, &first, 1, &first, 1);
    assert_ptr_equal(found, again);
    strcpy(id, found ? found->id : "");
    spark_labelling_free(labelling);
    spark_labels_free(labels);
    layer_map_free(map);
    VEC_FREE(&log.jobs);
    VEC_FREE(&log.stages);
    return id;
}

static void every_text_of_a_job_may_tell(void **state)
{
    (void)state;
    struct spark_cluster none = {0};
    assert_string_equal(label(none, (struct spark_job){.description = "load x"}, "s", "a"),
                        "any-load");
    assert_string_equal(label(none, (struct spark_job){.notebook = "/etl/a"}, "s", "a"),
                        "tables");
    assert_string_equal(label(none, (struct spark_job){.task_key = "tables"}, "s", "a"),
                        "tables");
    assert_string_equal(label(none, (struct spark_job){.group = "x"}, "load at y", "a"),
                        "any-load");
    assert_string_equal(label(none, (struct spark_job){.group = "x"}, "s", "a"), "");
    assert_string_equal(label(none, (struct spark_job){0}, NULL, NULL), "");
}

static void the_application_tells_last(void **state)
{
    (void)state;
    struct spark_cluster none = {0};
    assert_string_equal(label(none, (struct spark_job){0}, "s", "load all"), "any-load");
    assert_string_equal(label(none, (struct spark_job){.call_site = "tables"}, "s", "load"),
                        "tables");
}

static void the_cluster_decides_whose_phases_are_asked(void **state)
{
    (void)state;
    struct spark_job load = {.description = "load"};
    struct spark_cluster shared = {.cluster_id = "0101-1-a"},
                         other = {.cluster_id = "0202-1-a"},
                         job = {.cluster_id = "0303",
                                .cluster_name = "job-77-run-1",
                                .job_id = "77"};
    assert_string_equal(label(shared, load, "s", "a"), "own-load");
    assert_string_equal(label(other, load, "s", "a"), "any-load");
    assert_string_equal(label(job, load, "s", "a"), "job-load");
    struct spark_job tables = {.description = "tables"};
    assert_string_equal(label(shared, tables, "s", "a"), "tables");
    assert_string_equal(label(other, tables, "s", "a"), "");
}

static void a_map_without_expressions_names_nothing(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct layer_map *map = map_of_text("layer_map: 1\n", &err);
    assert_null(spark_labels_open(map));
    assert_null(spark_labels_open(NULL));
    assert_null(spark_labelling_open(NULL, NULL));
    assert_null(spark_labelling_find(NULL, NULL, 0, NULL, 0));
    assert_int_equal(spark_labels_count(NULL), 0);
    layer_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_of_a_job_may_tell),
        cmocka_unit_test(the_application_tells_last),
        cmocka_unit_test(the_cluster_decides_whose_phases_are_asked),
        cmocka_unit_test(a_map_without_expressions_names_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
