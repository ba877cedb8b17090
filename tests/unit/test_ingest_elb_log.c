#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ingest/elb_log.h"
#include "io/files.h"
#include "near.h"

#define UA       "\"Mozilla/5.0 (X11; Linux x86_64)\""
#define ALB_HEAD "h2 2018-07-02T22:23:00.186641Z app/web/50dc6c495c0c9188 10.0.1.252:48160 "
#define ALB_OLD                                                                               \
    ALB_HEAD "10.0.0.66:9000 0.000 0.002 0.001 200 200 5 257 "                                \
             "\"GET https://10.0.2.105:773/ HTTP/2.0\" " UA " - -"
#define ALB_NEW                                                                               \
    ALB_OLD                                                                                   \
    " arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2d6bc "            \
    "\"Root=1-58337327\" \"-\" \"-\" 7 2018-07-02T22:22:48.364000Z \"forward\" \"-\" "        \
    "\"-\" \"10.0.0.66:9000\" \"200\" \"-\" \"-\" TID_1 \"-\" \"-\" \"-\" 10.9.9.9"
#define NLB                                                                                   \
    "tls 2.0 2018-12-20T02:59:40 net/edge/c6e77e28c25b2234 g3d4b5e8bb8464cd "                 \
    "72.21.218.154:51341 172.100.100.185:443 90000 2 98 246 - arn:aws:acm:x - ECDHE tlsv12 "  \
    "- edge.example.com - - -"
#define CLB                                                                                   \
    "2015-05-13T23:39:43.945958Z my-lb 192.168.131.39:2817 10.0.0.1:80 0.000086 0.001048 "    \
    "0.001337 200 200 0 57 \"GET https://www.example.com:443/ HTTP/1.1\" \"curl/7.38.0\" "    \
    "DHE-RSA-AES128-SHA TLSv1.2"

static struct elb_log_line good(const char *text)
{
    struct elb_log_line line;
    struct elb_log_day today = {{0}, 0};
    const char *wrong = elb_log_parse(&line, &today, text, strlen(text));
    if (wrong)
        fail_msg("%s: %s", text, wrong);
    return line;
}

static void an_application_line_of_every_age(void **state)
{
    (void)state;
    static const char *const lines[] = {ALB_OLD, ALB_NEW};
    for (int i = 0; i < 2; i++) {
        struct elb_log_line l = good(lines[i]);
        assert_int_equal(l.kind, ELB_LOG_APPLICATION);
        assert_int_equal(l.balancer_length, strlen("app/web/50dc6c495c0c9188"));
        assert_int_equal(l.second, 1530570180);
        assert_int_equal(l.micro, 186641);
        assert_int_equal(l.service, 2000);
        assert_int_equal(l.duration, 3000);
        assert_int_equal(l.status, 200);
        assert_int_equal(l.received, 5);
        assert_int_equal(l.sent, 257);
        assert_int_equal(l.rule, i == 0 ? ELB_RULE_NONE : 7);
    }
}

/* The first `count` fields of a kind of log, as lines of some year had them. */
static void cut_line(char *to, size_t room, const char *const *fields, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(to + n, room - n, "%s%s", i ? " " : "", fields[i]);
}

/*
 * 2016: 18 fields; 2017: domain and certificate; 2018: rule, creation, actions, then
 * redirect and error; 2020: lists of targets, then classification; 2023: connection
 * trace; 2025: transforms and the node.
 */
static void every_layout_of_application_logs(void **state)
{
    (void)state;
    static const char *const fields[] = {
        "https", "2018-07-02T22:23:00.186641Z", "app/web/50dc6c495c0c9188",
        "192.168.131.39:2817", "10.0.0.1:80", "0.086", "0.048", "0.037", "200", "200", "0",
        "57", "\"GET https://www.example.com:443/ HTTP/1.1\"", "\"curl/7.46.0\"",
        "ECDHE-RSA-AES128-GCM-SHA256", "TLSv1.2",
        "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2d6bc24d8a067",
        "\"Root=1-58337281-1d84f3d73c47ec4e58577259\"", "\"www.example.com\"",
        "\"arn:aws:acm:us-east-2:123456789012:certificate/1\"", "1",
        "2018-07-02T22:22:48.364000Z", "\"authenticate,forward\"", "\"-\"", "\"-\"",
        "\"10.0.0.1:80\"", "\"200\"", "\"-\"", "\"-\"", "TID_1234abcd5678ef90",
        "\"-\"", "\"-\"", "\"-\"", "10.1.2.3"};
    static const size_t layouts[] = {18, 20, 21, 22, 23, 24, 25, 27, 29, 30, 33, 34};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        char line[2000];
        cut_line(line, sizeof line, fields, layouts[i]);
        struct elb_log_line l = good(line);
        assert_int_equal(l.kind, ELB_LOG_APPLICATION);
        assert_int_equal(l.duration, 86000 + 48000 + 37000);
        assert_int_equal(l.service, 48000);
        assert_int_equal(l.received, 0);
        assert_int_equal(l.sent, 57);
        assert_int_equal(l.rule, layouts[i] > 20 ? 1 : ELB_RULE_NONE);
        assert_true(l.inside);
    }
}

static void every_layout_of_network_and_classic_logs(void **state)
{
    (void)state;
    static const char *const network[] = {
        "tls", "2.0", "2020-04-01T08:51:42", "net/edge/c6e77e28c25b2234", "g3d4b5e8bb8464cd",
        "72.21.218.154:51341", "172.100.100.185:443", "5", "2", "98", "246", "-",
        "arn:aws:acm:us-east-2:671290407336:certificate/2a108f19", "-",
        "ECDHE-RSA-AES128-SHA", "tlsv12", "-", "my-network.example.com", "h2", "h2",
        "\"h2\",\"http/1.1\"", "2020-04-01T08:51:20"};
    static const size_t layouts[] = {17, 18, 21, 22};
    char line[2000];
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        cut_line(line, sizeof line, network, layouts[i]);
        struct elb_log_line l = good(line);
        assert_int_equal(l.kind, ELB_LOG_NETWORK);
        assert_int_equal(l.duration, 5000);
        assert_int_equal(l.received, 98);
        assert_int_equal(l.sent, 246);
    }
    static const char *const classic[] = {
        "2015-05-13T23:39:43.945958Z", "my-lb", "192.168.131.39:2817", "10.0.0.1:80",
        "0.000073", "0.001048", "0.000057", "200", "200", "0", "29",
        "\"GET http://www.example.com:80/ HTTP/1.1\"", "\"curl/7.38.0\"", "-", "-"};
    static const size_t classic_layouts[] = {12, 13, 15};
    for (size_t i = 0; i < sizeof classic_layouts / sizeof *classic_layouts; i++) {
        cut_line(line, sizeof line, classic, classic_layouts[i]);
        struct elb_log_line l = good(line);
        assert_int_equal(l.kind, ELB_LOG_CLASSIC);
        assert_int_equal(l.duration, 73 + 1048 + 57);
        assert_int_equal(l.sent, 29);
    }
}

/* Short and long, at the line's end or not: one value whichever way it is read. */
static void numbers_have_any_length(void **state)
{
    (void)state;
    static const struct {
        const char *seconds, *bytes;
        int64_t micros;
        uint64_t count;
    } cases[] = {
        {"0.003", "7", 3000, 7},
        {"9.999", "1234567", 9999000, 1234567},
        {"12.5", "12345678", 12500000, 12345678},
        {"0.0000019", "123456789012345678", 1, 123456789012345678},
        {"4", "0000001", 4000000, 1},
        {"-1", "0", -1, 0},
        {"-", "99", -1, 99},
        {"3600.001", "10", 3600001000, 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[400];
        snprintf(line, sizeof line, ALB_HEAD "b 0.000 %s -1 - 404 %s %s", cases[i].seconds,
                 cases[i].bytes, cases[i].bytes);
        struct elb_log_line l = good(line);
        assert_true(l.service == cases[i].micros);
        assert_true(l.received == cases[i].count && l.sent == cases[i].count);
        assert_int_equal(l.status, 0);
        assert_int_equal(l.target_status, 404);
    }
}

static void a_new_day_is_reckoned_anew(void **state)
{
    (void)state;
    static const struct {
        const char *time;
        int64_t second;
    } cases[] = {
        {"2024-02-28T23:59:59.999999Z", 1709164799},
        {"2024-02-29T00:00:00.000001Z", 1709164800},
        {"2024-02-29T00:00:01.5Z", 1709164801},
        {"2024-03-01T00:00:60.000000Z", 1709251260},
        {"2024-02-28T23:59:59", 1709164799},
    };
    struct elb_log_day today = {{0}, 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[200];
        struct elb_log_line l;
        snprintf(line, sizeof line, "%s lb 1.2.3.4:5 - -1 -1 -1 - - 1 1 \"- - - \"",
                 cases[i].time);
        assert_null(elb_log_parse(&l, &today, line, strlen(line)));
        assert_true(l.second == cases[i].second);
    }
}

static void quotes_inside_do_not_end_a_field(void **state)
{
    (void)state;
    static const char *const agents[] = {
        "\"a \\\"b\\\" c\"", /* escaped, one of them before a space */
        "\"say \\x22hi\\x22 now\"",
        "\"it\"s me\"", /* not escaped, but no space behind it */
        "\"\"",
    };
    for (size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
        char line[1000];
        snprintf(line, sizeof line,
                 ALB_HEAD
                 "- -1 -1 -1 503 - 5 257 \"GET http://h:80/?q=\\\"x\\\" HTTP/1.1\" %s - - - "
                 "\"Root=1\" \"-\" \"-\" 12 2018-07-02T22:22:48.364000Z",
                 agents[i]);
        struct elb_log_line l = good(line);
        assert_int_equal(l.rule, 12);
        assert_int_equal(l.service, -1);
        assert_int_equal(l.duration, 0);
        assert_int_equal(l.target_status, 0);
    }
}

static void network_and_classic_lines(void **state)
{
    (void)state;
    struct elb_log_line l = good(NLB);
    assert_int_equal(l.kind, ELB_LOG_NETWORK);
    assert_int_equal(l.duration, 90000000);
    assert_int_equal(l.sent, 246);
    l = good(CLB);
    assert_int_equal(l.kind, ELB_LOG_CLASSIC);
    assert_int_equal(l.balancer_length, 5);
    assert_int_equal(l.service, 1048);
    assert_int_equal(l.duration, 86 + 1048 + 1337);
    l = good("2015-05-13T23:39:43.945958Z my-lb 192.168.131.39:2817 - -1 -1 -1 - - 82 305 "
             "\"- - - \" \"-\" - -");
    assert_int_equal(l.status, 0);
    l = good("https 2026-01-01T00:00:00.000000Z app/v6/1 [2001:db8::1]:443 2001:db8::2:80 0.1 "
             "0.2 0.3 200 200 1 1 \"GET / HTTP/1.1\" \"-\" - -");
    assert_int_equal(l.duration, 600000);
}

static void private_clients_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *client;
        bool inside;
    } cases[] = {
        {"10.0.0.1:5", true},     {"192.168.1.1:5", true},
        {"172.16.0.1:5", true},   {"172.31.0.1:5", true},
        {"172.32.0.1:5", false},  {"172.1.0.1:5", false},
        {"172.168.0.1:5", false}, {"100.64.0.1:5", true},
        {"100.128.0.1:5", false}, {"[fd00::1]:5", true},
        {"2001:db8::1:5", false}, {"8.8.8.8:5", false},
        {"110.0.0.1:5", false},   {"1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[300];
        snprintf(
            line, sizeof line,
            "2015-05-13T23:39:43.945958Z lb %s - -1 -1 -1 200 - 82 305 \"- - - \" \"-\" - -",
            cases[i].client);
        assert_int_equal(good(line).inside, cases[i].inside);
    }
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"", "no type"},
        {"{\"json\": 1}", "no type"},
        {"h3x 2018-07-02T22:23:00.186641Z app/web/1 a b", "no type"},
        {"h2 2018-13-02T22:23:00.186641Z app/web/1 a b", "the time"},
        {"h2 2018-02-30T22:23:00.186641Z app/web/1 a b", "the time"},
        {"h2 2018-07-02T22:23:00.186641Z", "no name"},
        {"h2 2018-07-02T22:23:00.186641Z app/web/1 a", "before the target"},
        {ALB_HEAD "b 0.x 0 0 200 200 1 1", "processing time"},
        {ALB_HEAD "b 0.1 0 0 2000 200 1 1", "status code"},
        {ALB_HEAD "b 0.1 0 0 200 200 -1 1", "byte count"},
        {"2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE 4.036 \"CN=x\" ",
         "connection log"},
        {"tls 2.0 2018-12-20T02:59:40 net/e/1 g c d x 2 3 4", "connection time"},
        {"tls 2.0 2018-12-20T02:59:40 net/e/1 g c d 5 2 3", "byte count"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct elb_log_line l;
        struct elb_log_day today = {{0}, 0};
        const char *wrong = elb_log_parse(&l, &today, cases[i].line, strlen(cases[i].line));
        assert_non_null(wrong);
        if (!strstr(wrong, cases[i].why))
            fail_msg("%s: %s", cases[i].line, wrong);
    }
}

/* Every cut and every changed byte of a line is read or refused, and no view leaves the line.
 */
static void no_line_can_lead_astray(void **state)
{
    (void)state;
    static const char *const lines[] = {ALB_NEW, NLB, CLB};
    struct elb_log_day today = {{0}, 0};
    for (int i = 0; i < 3; i++)
        for (size_t n = 0; n < strlen(lines[i]); n++) {
            char *copy = malloc(n ? n : 1);
            memcpy(copy, lines[i], n);
            struct elb_log_line l;
            if (!elb_log_parse(&l, &today, copy, n))
                assert_true(l.balancer >= copy && l.balancer + l.balancer_length <= copy + n);
            for (size_t k = 0; k < n; k += 7) {
                copy[k] = "\" \\-\n9"[(k + n) % 6];
                elb_log_parse(&l, &today, copy, n);
            }
            free(copy);
        }
}

static struct elb_log_line request(int64_t second, int64_t service, int64_t duration)
{
    return (struct elb_log_line){.kind = ELB_LOG_APPLICATION,
                                 .balancer = "app/a/1",
                                 .balancer_length = 7,
                                 .second = second,
                                 .service = service,
                                 .duration = duration,
                                 .status = 200,
                                 .received = 10,
                                 .sent = 100,
                                 .rule = 3};
}

static void minutes_add_up(void **state)
{
    (void)state;
    struct elb_sums *a = elb_sums_open(), *b = elb_sums_open();
    struct elb_log_line one = request(600, 100000, 200000),
                        two = request(630, 300000, 90000000);
    assert_true(elb_sums_add(a, &one, NULL));
    assert_true(elb_sums_add(b, &two, NULL));
    assert_true(elb_sums_merge(a, b, NULL));
    assert_int_equal(elb_sums_balancers(a), 1);
    const struct elb_minute *m = elb_sums_minute(a, 0, 10);
    assert_int_equal(m->requests, 2);
    assert_int_equal(m->answered, 2);
    assert_int_equal(m->service, 400000);
    assert_near(m->service_squares, 100 * 100 + 300 * 300, 0);
    assert_int_equal(m->part[0], 1);
    assert_int_equal(m->part[3], 1);
    /* Half a minute of the long request in this minute, a whole one in the minute before. */
    assert_int_equal(m->busy, 30000000);
    const struct elb_minute *before = elb_sums_minute(a, 0, 9);
    assert_int_equal(before->busy, 60000000 + 200000);
    assert_null(elb_sums_minute(a, 0, 8));
    assert_null(elb_sums_minute(a, 0, 100000));
    elb_sums_free(a);
    elb_sums_free(b);
}

static const struct metric_series *series(const struct estate *e, const char *subject,
                                          const char *metric, const char *stat)
{
    for (size_t i = 0; i < e->series.count; i++) {
        const struct metric_series *s = &e->series.at[i];
        if (strcmp(s->subject, subject) == 0 && strcmp(s->metric, metric) == 0 &&
            strcmp(s->stat, stat) == 0)
            return s;
    }
    fail_msg("no series %s %s %s", subject, metric, stat);
    return NULL;
}

static void files_become_series_whatever_their_order(void **state)
{
    (void)state;
    char folder[] = "/tmp/advisor-log-XXXXXX";
    struct arena arena = ARENA_INIT;
    assert_non_null(mkdtemp(folder));
    const char *a = path_join(&arena, folder, "a.log"),
               *b = path_join(&arena, folder, "b.log");
    const char *one = ALB_NEW "\n" NLB "\nthis is no line\n" ALB_NEW;
    const char *two = CLB "\r\n\n" ALB_OLD "\n";
    assert_true(files_write(a, one, strlen(one), NULL) &&
                files_write(b, two, strlen(two), NULL));
    for (int order = 0; order < 2; order++) {
        struct estate *e = estate_open();
        const char *paths[] = {order ? b : a, order ? a : b};
        assert_true(elb_log_read_files(e, paths, 2, 2, NULL, NULL));
        const char *web = "app/web/50dc6c495c0c9188";
        assert_near(series(e, web, "RequestCount", "Sum")->values[0], 3, 0);
        assert_near(series(e, web, "SentBytes", "Sum")->values[0], 3 * 257, 0);
        assert_near(series(e, web, "TargetProcessingTime", "Average")->values[0], 0.002,
                    1e-12);
        assert_near(
            series(e, "app/web/50dc6c495c0c9188;rule 7", "RequestCount", "Sum")->values[0], 2,
            0);
        assert_near(series(e, "my-lb", "RequestCount", "Sum")->values[0], 1, 0);
        assert_int_equal(
            series(e, "net/edge/c6e77e28c25b2234", "ActiveFlowCount_TLS", "Average")->count,
            2);
        assert_int_equal(e->notes.count, 1);
        assert_string_equal(e->notes.at[0].source, a);
        assert_string_equal(
            e->notes.at[0].text,
            "1 of 4 lines were left out, the first is line 3: it begins with no "
            "type of connection and no time");
        estate_free(e);
    }
    struct err err = ERR_INIT;
    struct estate *e = estate_open();
    const char *gone = path_join(&arena, folder, "gone.log");
    assert_true(elb_log_read_files(e, &gone, 1, 1, NULL, &err));
    assert_null(e->notes.at[0].source); /* the sentence names the file already */
    assert_non_null(strstr(e->notes.at[0].text, "gone.log: "));
    assert_false(
        elb_log_read_files(e, &a, 1, 1, &(struct ingest_options){.strict = true}, &err));
    assert_non_null(strstr(err.text, "a.log:3: not a line"));
    estate_free(e);
    remove(a);
    remove(b);
    rmdir(folder);
    arena_release(&arena);
}

static void real_logs_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        unsigned lines, bad;
    } logs[] = {
        {"elastic-beats/application-lb-http.log", 10, 0},
        {"elb-log-analyzer/logs/AppELBLog.log", 668, 0},
        {"elb-log-analyzer/logs/AWSLogs.log", 668, 0},
        {"cg-elb-log-ingestor/examples-from-docs.log", 10, 0},
        {"elb-log-analyzer/test/fixtures/UrlEncodedPath.log", 1, 0},
        {"elb-log-analyzer/test/fixtures/AppELBLogWithNewFields.log", 1, 0},
    };
    const char *data = getenv("ADVISOR_DATA") ? getenv("ADVISOR_DATA") : "../shared/data";
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/logs-lb/%s", data, logs[i].file);
        if (!files_exists(path)) {
            print_message("%s is not here\n", path);
            skip();
        }
        struct estate *e = estate_open();
        const char *one = path;
        double requests = 0;
        assert_true(elb_log_read_files(e, &one, 1, 1, NULL, NULL));
        for (size_t k = 0; k < e->series.count; k++)
            for (size_t p = 0; p < e->series.at[k].count; p++)
                if (strcmp(e->series.at[k].metric, "RequestCount") == 0 &&
                    strcmp(e->series.at[k].stat, "Sum") == 0 &&
                    !strchr(e->series.at[k].subject, ';'))
                    requests += e->series.at[k].values[p];
        assert_int_equal((unsigned)requests, logs[i].lines - logs[i].bad);
        assert_int_equal(e->notes.count, logs[i].bad > 0);
        estate_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_application_line_of_every_age),
        cmocka_unit_test(every_layout_of_application_logs),
        cmocka_unit_test(every_layout_of_network_and_classic_logs),
        cmocka_unit_test(numbers_have_any_length),
        cmocka_unit_test(a_new_day_is_reckoned_anew),
        cmocka_unit_test(quotes_inside_do_not_end_a_field),
        cmocka_unit_test(network_and_classic_lines),
        cmocka_unit_test(private_clients_are_told_apart),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(no_line_can_lead_astray),
        cmocka_unit_test(minutes_add_up),
        cmocka_unit_test(files_become_series_whatever_their_order),
        cmocka_unit_test(real_logs_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
