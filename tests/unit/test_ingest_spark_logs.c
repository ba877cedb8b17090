#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/spark_log.h"
#include "io/files.h"

/* Every real log there is: read, or refused with a sentence. */

struct batch {
    struct arena arena;
    struct spark_sources sources;
    struct spark_log **logs;
    struct err *errs;
    size_t read, refused;
};

static const char *folder_of(struct arena *arena, const char *below)
{
    const char *data = getenv("ADVISOR_DATA");
    return arena_printf(arena, "%s/spark/eventlogs/%s", data ? data : "../shared/data", below);
}

static void batch_open(struct batch *b, const char *below)
{
    *b = (struct batch){0};
    const char *folder = folder_of(&b->arena, below);
    struct err err = ERR_INIT;
    if (!files_exists(folder)) {
        print_message("skipped: %s is not here\n", folder);
        arena_release(&b->arena);
        skip();
    }
    if (!spark_sources_find(&b->sources, &b->arena, &folder, 1, &err))
        fail_msg("%s", err.text);
    b->logs = calloc(b->sources.at.count, sizeof *b->logs);
    b->errs = calloc(b->sources.at.count, sizeof *b->errs);
    spark_logs_read(b->logs, b->errs, &b->sources, 2);
    for (size_t i = 0; i < b->sources.at.count; i++) {
        if (!b->logs[i])
            assert_true(strlen(b->errs[i].text) > 20);
        b->read += b->logs[i] != NULL;
        b->refused += b->logs[i] == NULL;
    }
}

static void batch_close(struct batch *b)
{
    for (size_t i = 0; i < b->sources.at.count; i++)
        spark_log_free(b->logs[i]);
    spark_sources_release(&b->sources);
    arena_release(&b->arena);
    free(b->logs);
    free(b->errs);
}

static void reads_all_there_are(void **state)
{
    (void)state;
    struct batch b;
    batch_open(&b, "");
    print_message("%zu applications read, %zu files refused or doubled\n", b.read, b.refused);
    assert_true(b.read >= 80);
    size_t tasks = 0;
    for (size_t i = 0; i < b.sources.at.count; i++)
        for (size_t k = 0; b.logs[i] && k < b.logs[i]->stages.count; k++)
            tasks += b.logs[i]->stages.at[k].tasks.count;
    assert_true(tasks > 50000);
    batch_close(&b);
}

static size_t task_count(const struct spark_log *log)
{
    size_t n = 0;
    for (size_t i = 0; i < log->stages.count; i++)
        n += log->stages.at[i].tasks.count;
    return n;
}

/* One log in every codec, line ending and state of being cut. */
static void every_codec_says_the_same(void **state)
{
    (void)state;
    static const char *const whole[] = {"crlf",           "lz4", "lzf", "snappy",
                                        "twoframes.zstd", "zstd"};
    static const char *const cut[] = {"cut", "cut.lz4", "cut.lzf", "cut.snappy", "cut.zstd"};
    struct arena arena = ARENA_INIT;
    if (!files_exists(folder_of(&arena, "derived"))) {
        arena_release(&arena);
        skip();
    }
    for (size_t i = 0; i < 6 + 5; i++) {
        const char *name = i < 6 ? whole[i] : cut[i - 6];
        const char *path = arena_printf(
            &arena, "%s.%s%s", folder_of(&arena, "derived/example_spark_event_log.txt"), name,
            i < 6 ? "" : ".inprogress");
        struct spark_sources sources;
        struct spark_log *log;
        struct err err = ERR_INIT;
        assert_true(spark_sources_find(&sources, &arena, &path, 1, &err));
        if (!spark_log_read(&log, &sources.at.at[0], &err))
            fail_msg("%s", err.text);
        if (i < 6) {
            assert_int_equal(task_count(log), 200);
            assert_false(log->damaged);
        } else {
            assert_in_range(task_count(log), 20, 199);
            assert_true(log->notes.count >= 1);
            assert_true(log->damaged);
        }
        spark_log_free(log);
        spark_sources_release(&sources);
    }
    arena_release(&arena);
}

static void rolling_parts_are_one_application(void **state)
{
    (void)state;
    struct batch b;
    batch_open(&b, "nvidia/spark-events-qualification/eventlog_v2_local-1623876083964");
    assert_int_equal(b.sources.at.count, 1);
    assert_int_equal(b.sources.at.at[0].parts.count, 2);
    assert_int_equal(task_count(b.logs[0]), 2672 + 129);
    assert_int_equal(b.logs[0]->jobs.count, 1);
    assert_true(b.logs[0]->has_end);
    batch_close(&b);
}

static void delivered_parts_are_ordered_and_counted(void **state)
{
    (void)state;
    struct batch b;
    batch_open(&b, "sync/missing-part");
    assert_int_equal(b.sources.at.count, 1);
    assert_int_equal(b.sources.at.at[0].parts.count, 3);
    assert_int_equal(b.sources.at.at[0].notes.count, 1);
    assert_non_null(strstr(b.sources.at.at[0].notes.at[0], "part 2 follows part 0"));
    batch_close(&b);
    batch_open(&b, "sync/non-unique-context-id");
    assert_int_equal(b.sources.at.count, 2);
    batch_close(&b);
}

static void attempts_stay_apart_and_doubles_do_not(void **state)
{
    (void)state;
    struct batch b;
    batch_open(&b, "spark/spark-events-broken");
    assert_int_equal(b.read, 2);
    assert_int_equal(b.refused, 2);
    batch_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_there_are),
        cmocka_unit_test(every_codec_says_the_same),
        cmocka_unit_test(rolling_parts_are_one_application),
        cmocka_unit_test(delivered_parts_are_ordered_and_counted),
        cmocka_unit_test(attempts_stay_apart_and_doubles_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
