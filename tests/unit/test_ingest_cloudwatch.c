#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ingest/cloudwatch.h"
#include "io/files.h"
#include "near.h"

/* A folder of its own for each test, with the files that it writes. */
struct folder {
    struct arena arena;
    char *path;
    VEC(const char *) files;
};

static struct folder folder_new(void)
{
    struct folder f = {0};
    f.path = arena_strdup(&f.arena, "/tmp/advisor-cw-XXXXXX");
    assert_non_null(mkdtemp(f.path));
    return f;
}

static const char *put(struct folder *f, const char *name, const char *text)
{
    const char *path = path_join(&f->arena, f->path, name);
    VEC_ADD(&f->files, path);
    assert_true(files_write(path, text, strlen(text), NULL));
    return path;
}

static void folder_remove(struct folder *f)
{
    for (size_t i = 0; i < f->files.count; i++)
        remove(f->files.at[i]);
    rmdir(f->path);
    VEC_FREE(&f->files);
    arena_release(&f->arena);
}

static const struct metric_series *only(const struct estate *e)
{
    assert_int_equal(e->series.count, 1);
    return &e->series.at[0];
}

static void newest_first_becomes_oldest_first(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct estate *e = estate_open();
    const char *path =
        put(&f, "m.json",
            "{\"MetricDataResults\":[{\"Id\":\"m1\",\"Label\":\"i-0abc CPUUtilization\","
            "\"Timestamps\":[\"2026-01-01T00:10:00+00:00\",\"2026-01-01T00:05:00Z\","
            "\"2025-12-31T19:00:00-05:00\"],\"Values\":[30.5,20,10],\"StatusCode\":"
            "\"Complete\"}]}");
    assert_true(cloudwatch_read(e, path, NULL, NULL));
    const struct metric_series *s = only(e);
    assert_string_equal(s->subject, "i-0abc");
    assert_string_equal(s->metric, "CPUUtilization");
    assert_string_equal(s->stat, "Average");
    assert_int_equal(s->step, 300);
    assert_int_equal(s->count, 3);
    assert_int_equal(s->times[0], 1767225600);
    assert_near(s->values[0], 10, 0);
    assert_near(s->values[2], 30.5, 0);
    assert_int_equal(e->notes.count, 0);
    estate_free(e);
    folder_remove(&f);
}

static const char query[] =
    "{\"MetricDataQueries\":[{\"Id\":\"q1\",\"MetricStat\":{\"Metric\":{\"Namespace\":"
    "\"AWS/ApplicationELB\",\"MetricName\":\"HealthyHostCount\",\"Dimensions\":["
    "{\"Name\":\"TargetGroup\",\"Value\":\"targetgroup/t/1\"},"
    "{\"Name\":\"LoadBalancer\",\"Value\":\"app/web/50dc\"}]},\"Period\":60,"
    "\"Stat\":\"Minimum\",\"Unit\":\"Count\"},\"ReturnData\":true}]}";

static void pages_in_several_files_make_one_series(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct estate *e = estate_open();
    put(&f, "web-queries.json", query);
    const char *two = put(
        &f, "page2.json",
        "[{\"MetricDataResults\":[{\"Id\":\"q1\",\"Label\":\"healthy\",\"Timestamps\":"
        "[1767225720.0],\"Values\":[3]}]},{\"MetricDataResults\":[{\"Id\":\"q1\",\"Label\":"
        "\"healthy\",\"Timestamps\":[1767225780000],\"Values\":[2]}]}]");
    const char *one = put(
        &f, "page1.json",
        "{\"MetricDataResults\":[{\"Id\":\"q1\",\"Label\":\"healthy\",\"Timestamps\":"
        "[\"2026-01-01T00:01:00Z\",\"2026-01-01T00:00:00Z\"],\"Values\":[4,5],\"StatusCode\":"
        "\"PartialData\"}],\"NextToken\":\"x\"}");
    assert_true(cloudwatch_read(e, two, NULL, NULL));
    assert_true(cloudwatch_read(e, one, NULL, NULL));
    const struct metric_series *s = only(e);
    assert_string_equal(s->subject, "app/web/50dc;targetgroup/t/1");
    assert_string_equal(s->space, "AWS/ApplicationELB");
    assert_string_equal(s->stat, "Minimum");
    assert_string_equal(s->unit, "Count");
    assert_int_equal(s->count, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(s->times[i], 1767225600 + 60 * i);
        assert_near(s->values[i], 5 - i, 0);
    }
    estate_free(e);
    folder_remove(&f);
}

static void what_cannot_be_told_is_counted_and_named(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct estate *e = estate_open();
    const char *path = put(
        &f, "m.json",
        "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"CPUUtilization\",\"Timestamps\":"
        "[\"2026-01-01T00:00:00Z\"],\"Values\":[1]},{\"Id\":\"b\",\"Label\":\"i-1 "
        "CPUUtilization\","
        "\"Timestamps\":[\"2026-01-01T00:00:00Z\"],\"Values\":[1,2]},{\"Id\":\"c\",\"Label\":"
        "\"i-2 CPUUtilization\",\"Timestamps\":[\"yesterday\",\"2026-01-01T00:00:00Z\"],"
        "\"Values\":[1,2]}]}");
    assert_true(cloudwatch_read(e, path, NULL, NULL));
    assert_int_equal(only(e)->count, 1);
    assert_int_equal(e->notes.count, 3);
    assert_non_null(strstr(e->notes.at[0].text, "1 results whose Id has no query"));
    assert_non_null(strstr(e->notes.at[0].text, "CPUUtilization"));
    assert_non_null(strstr(e->notes.at[1].text, "i-1 CPUUtilization"));
    assert_non_null(strstr(e->notes.at[2].text, "1 points that no metric can have; the first is "
                           "number 1 of i-2 CPUUtilization, '1' at 'yesterday'"));
    estate_free(e);
    folder_remove(&f);
}

static void a_table_in_any_column_order(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct estate *e = estate_open();
    const char *path = put(&f, "m.csv",
                           "value,lb,Timestamp,metric,stat\r\n"
                           "7,app/web/1,2026-01-01T01:00:00Z,ConsumedLCUs,Sum\r\n"
                           "5,app/web/1,2026-01-01T00:00:00Z,ConsumedLCUs,Sum\r\n"
                           "6,app/web/1,2026-01-01T00:00:00Z,ConsumedLCUs,Sum\r\n"
                           "nan,app/web/1,2026-01-01T00:00:00Z,ConsumedLCUs,Sum\r\n"
                           "8,app/web/1,2026-01-01T00:00:00Z,RequestCount,\r\n");
    assert_true(cloudwatch_read_table(e, path, NULL, NULL));
    assert_int_equal(e->series.count, 2);
    assert_int_equal(e->series.at[0].count, 2);
    assert_int_equal(e->series.at[0].step, 3600);
    assert_near(e->series.at[0].values[0], 6, 0);
    assert_string_equal(e->series.at[1].stat, "Sum");
    assert_int_equal(e->notes.count, 2);
    assert_string_equal(e->notes.at[0].text,
                        "1 rows were left out, the first at row 5, column value: 'nan' is not a "
                        "number from 0 to below 1e18");
    assert_non_null(strstr(e->notes.at[1].text, "the larger was kept"));
    struct err err = ERR_INIT;
    assert_false(
        cloudwatch_read_table(e, path, &(struct ingest_options){.strict = true}, &err));
    assert_non_null(strstr(err.text, "m.csv"));
    assert_non_null(strstr(err.text, "row 5"));
    estate_free(e);
    folder_remove(&f);
}

/* One point of the year 9999 moved the reporting day, one of 1e308 ended in the advice. */
static void what_no_metric_measures_is_left_out(void **state)
{
    (void)state;
    static const char *const points[][2] = {
        {"9999-02-03T00:00:00Z", "1"}, {"1969-12-31T00:00:00Z", "1"}, {"2026-13-40", "1"},
        {"2026-01-01T01:00:00Z", "1e308"}, {"2026-01-01T01:00:00Z", "-5"},
        {"2026-01-01T01:00:00Z", "0x10"},
    };
    struct folder f = folder_new();
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        struct estate *e = estate_open();
        char text[400];
        snprintf(text, sizeof text,
                 "timestamp,resource,metric,stat,value\n"
                 "2026-01-01T00:00:00Z,app/web/1,RequestCount,Sum,7\n"
                 "%s,app/web/1,RequestCount,Sum,%s\n", points[i][0], points[i][1]);
        assert_true(cloudwatch_read_table(e, put(&f, "m.csv", text), NULL, NULL));
        assert_int_equal(e->series.at[0].count, 1);
        assert_non_null(strstr(e->notes.at[0].text, "1 rows were left out, the first at row 3"));
        snprintf(text, sizeof text,
                 "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"app/web/1 RequestCount "
                 "Sum\",\"Timestamps\":[\"2026-01-01T00:00:00Z\",\"%s\"],\"Values\":[7,%s]}]}",
                 points[i][0], i == 5 ? "-1" : points[i][1]);
        assert_true(cloudwatch_read(e, put(&f, "m.json", text), NULL, NULL));
        assert_int_equal(e->series.at[0].count, 1);
        estate_free(e);
    }
    struct estate *e = estate_open();
    assert_true(cloudwatch_read_table(e, put(&f, "m.csv", "resource,metric\na,b\n"), NULL, NULL));
    assert_string_equal(e->notes.at[0].text,
                        "1 rows were left out, the first at row 2, column timestamp: '' is not a "
                        "time in ISO 8601, 1970 to 2100");
    estate_free(e);
    folder_remove(&f);
}

static void statistics_need_their_request(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct estate *e = estate_open();
    static const char answer[] =
        "{\"Label\":\"HealthyHostCount\",\"Datapoints\":["
        "{\"Timestamp\":\"2026-01-01T02:00:00Z\",\"Minimum\":1,\"Maximum\":3,\"Unit\":"
        "\"Count\",\"ExtendedStatistics\":{\"p99\":2.5}},"
        "{\"Timestamp\":\"2026-01-01T00:00:00+00:00\",\"Minimum\":2,\"Unit\":\"Count\"},"
        "{\"Timestamp\":\"2026-01-01T01:00:00Z\",\"Unit\":\"Count\"},"
        "{\"Timestamp\":\"never\",\"Minimum\":2}]}";
    const char *path = put(&f, "web.json", answer);
    assert_true(cloudwatch_read_statistics(e, path, NULL, NULL));
    assert_int_equal(e->series.count, 0);
    assert_non_null(strstr(e->notes.at[0].text, "1 answers of GetMetricStatistics name no"));
    put(&f, "web-query.json",
        "{\"Namespace\":\"AWS/ApplicationELB\",\"MetricName\":\"HealthyHostCount\","
        "\"Dimensions\":[{\"Name\":\"TargetGroup\",\"Value\":\"targetgroup/t/1\"},"
        "{\"Name\":\"LoadBalancer\",\"Value\":\"app/web/50dc\"}],\"Period\":3600}");
    assert_true(cloudwatch_read_statistics(e, path, NULL, NULL));
    assert_int_equal(e->series.count, 3);
    const struct metric_series *s = &e->series.at[0];
    for (size_t i = 0; i < 3; i++)
        s = strcmp(e->series.at[i].stat, "Minimum") == 0 ? &e->series.at[i] : s;
    assert_string_equal(s->subject, "app/web/50dc;targetgroup/t/1");
    assert_string_equal(s->space, "AWS/ApplicationELB");
    assert_string_equal(s->unit, "Count");
    assert_int_equal(s->count, 2);
    assert_near(s->values[0], 2, 0);
    assert_near(s->values[1], 1, 0);
    assert_non_null(strstr(e->notes.at[1].text, "2 points without a time or a number that a "
                           "metric can have; the first is number "));
    estate_free(e);
    folder_remove(&f);
}

static void statistics_are_named_by_their_path(void **state)
{
    (void)state;
    struct folder f = folder_new();
    static const char answer[] =
        "[{\"Label\":\"CPUUtilization\",\"Datapoints\":["
        "{\"Timestamp\":\"2026-01-01T02:00:00Z\",\"Average\":1,\"Unit\":\"Percent\"}]},"
        "{\"Label\":\"NetworkIn\",\"Datapoints\":["
        "{\"Timestamp\":1767225600,\"Sum\":7,\"Unit\":\"Bytes\"}]},"
        "{\"Label\":\"NetworkOut\",\"Datapoints\":[]}]";
    struct estate *e = estate_open();
    const char *path = put(&f, "cpu_i-0abc.json", answer);
    assert_true(cloudwatch_read_statistics(e, path, NULL, NULL));
    assert_int_equal(e->series.count, 2);
    assert_string_equal(e->series.at[0].subject, "i-0abc");
    assert_string_equal(e->series.at[1].metric, "NetworkIn");
    assert_int_equal(e->series.at[1].times[0], 1767225600);
    assert_int_equal(e->notes.count, 0);
    estate_free(e);
    folder_remove(&f);
}

#define STREAMED(metric, dimensions, at, value)                                               \
    "{\"metric_stream_name\":\"s\",\"account_id\":\"1\",\"region\":\"eu-west-1\","            \
    "\"namespace\":\"AWS/ApplicationELB\",\"metric_name\":\"" metric                          \
    "\",\"dimensions\":{" dimensions "},\"timestamp\":" at ",\"value\":" value                \
    ",\"unit\":\"Count\"}\n"

static void records_of_a_metric_stream(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct estate *e = estate_open();
    const char *path = put(
        &f, "stream.json",
        STREAMED("RequestCount", "\"LoadBalancer\":\"app/web/1\"", "1767225660000",
                 "{\"max\":1,\"min\":1,\"sum\":30,\"count\":30,\"p99\":1}")
        STREAMED("RequestCount", "\"LoadBalancer\":\"app/web/1\"", "1767225600000",
                 "{\"count\":20.0,\"sum\":20.0,\"max\":1.0,\"min\":1.0}")
        STREAMED("TargetResponseTime",
                 "\"TargetGroup\":\"targetgroup/t/1\",\"LoadBalancer\":\"app/web/1\"",
                 "1767225600000", "{\"count\":4,\"sum\":1,\"max\":0.7,\"min\":0.1}")
        STREAMED("DesyncMitigationMode_NonCompliant_Request_Count", "\"LoadBalancer\":\"a\"",
                 "1767225600000", "{\"count\":4,\"sum\":1,\"max\":0.7,\"min\":0.1}")
        STREAMED("RequestCount", "\"LoadBalancer\":\"app/web/1\"", "\"now\"",
                 "{\"count\":20,\"sum\":20,\"max\":1,\"min\":1}")
        "{\"metric_name\":\"RequestCount\"\n");
    assert_true(cloudwatch_read_stream(e, path, NULL, NULL));
    assert_int_equal(e->series.count, 3);
    const struct metric_series *s = &e->series.at[0];
    assert_string_equal(s->subject, "app/web/1");
    assert_string_equal(s->metric, "RequestCount");
    assert_string_equal(s->stat, "Sum");
    assert_int_equal(s->count, 2);
    assert_int_equal(s->times[0], 1767225600);
    assert_near(s->values[1], 30, 0);
    s = &e->series.at[1];
    assert_string_equal(s->subject, "app/web/1;targetgroup/t/1");
    assert_string_equal(s->stat, "Average");
    assert_near(s->values[0], 0.25, 1e-12);
    assert_string_equal(e->series.at[2].stat, "Maximum");
    assert_near(e->series.at[2].values[0], 0.7, 1e-12);
    assert_int_equal(e->notes.count, 2);
    assert_non_null(strstr(e->notes.at[0].text, "1 of 6 records are of metrics"));
    assert_non_null(
        strstr(e->notes.at[1].text, "2 of 6 lines were left out, the first is line 5"));
    struct err err = ERR_INIT;
    assert_false(
        cloudwatch_read_stream(e, path, &(struct ingest_options){.strict = true}, &err));
    assert_non_null(strstr(err.text, "stream.json:5"));
    estate_free(e);
    folder_remove(&f);
}

static void every_shape_is_told_by_its_content(void **state)
{
    (void)state;
    static const struct {
        const char *text, *format;
    } cases[] = {
        {"{\"MetricDataResults\":[]}", "cloudwatch"},
        {"{\"Label\":\"x\",\"Datapoints\":[{\"Timestamp\":\"2026-01-01T00:00:00Z\"}]}",
         "metric statistics"},
        {STREAMED("a", "", "1", "{}"), "metric stream"},
    };
    struct folder f = folder_new();
    const char *path = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ingest_format *format;
        path = path_join(&f.arena, f.path, "x.json");
        assert_true(files_write(path, cases[i].text, strlen(cases[i].text), NULL));
        assert_true(ingest_detect(&format, path, NULL));
        assert_non_null(format);
        assert_string_equal(format->name, cases[i].format);
    }
    remove(path);
    folder_remove(&f);
}

static void words_of_a_label_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *label, *subject, *metric, *stat;
    } cases[] = {
        {"i-0abc CPUUtilization", "i-0abc", "CPUUtilization", "Average"},
        {"CPUUtilization | i-0abc | p99", "i-0abc", "CPUUtilization", "p99"},
        {"AWS/ELB my-classic RequestCount Sum", "my-classic", "RequestCount", "Sum"},
        {"app/web/1 SomeNewCount", "app/web/1", "SomeNewCount", "Sum"},
        {"RequestCount app/web/1", "app/web/1", "RequestCount", "Sum"},
    };
    struct estate *e = estate_open();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct series_name n;
        assert_true(cloudwatch_label(&n, e->symbols, cases[i].label));
        assert_string_equal(n.subject, cases[i].subject);
        assert_string_equal(n.metric, cases[i].metric);
        assert_string_equal(n.stat, cases[i].stat);
    }
    struct series_name n;
    assert_false(cloudwatch_label(&n, e->symbols, "RequestCount"));
    assert_false(cloudwatch_label(&n, e->symbols, "p99 Average"));
    assert_false(cloudwatch_label(&n, e->symbols, "a b c CPUUtilization"));
    assert_false(cloudwatch_label(&n, e->symbols, ""));
    estate_free(e);
}

static void real_series_are_read_whole(void **state)
{
    (void)state;
    const char *data = getenv("ADVISOR_DATA") ? getenv("ADVISOR_DATA") : "../shared/data";
    char path[512];
    snprintf(path, sizeof path,
             "%s/metrics/derived-getmetricdata/ec2_cpu_utilization_5f5533.json", data);
    if (!files_exists(path)) {
        print_message("%s is not here\n", path);
        skip();
    }
    struct estate *e = estate_open();
    assert_true(cloudwatch_read(e, path, NULL, NULL));
    const struct metric_series *s = only(e);
    assert_int_equal(s->step, 300);
    assert_int_equal(s->count, 4032);
    for (size_t i = 1; i < s->count; i++)
        assert_true(s->times[i] > s->times[i - 1]);
    estate_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_first_becomes_oldest_first),
        cmocka_unit_test(pages_in_several_files_make_one_series),
        cmocka_unit_test(what_cannot_be_told_is_counted_and_named),
        cmocka_unit_test(a_table_in_any_column_order),
        cmocka_unit_test(what_no_metric_measures_is_left_out),
        cmocka_unit_test(statistics_need_their_request),
        cmocka_unit_test(statistics_are_named_by_their_path),
        cmocka_unit_test(records_of_a_metric_stream),
        cmocka_unit_test(every_shape_is_told_by_its_content),
        cmocka_unit_test(words_of_a_label_are_told_apart),
        cmocka_unit_test(real_series_are_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
