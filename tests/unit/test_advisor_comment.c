#include "../../advisor/comment_deliver.c"
#include "../../advisor/comment_post.c"
#include "../../advisor/comment_target.c"
#include "../../advisor/comment_text.c"
#include "../../advisor/forge.c"
#include "../../advisor/session.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_forge.h"

#define TOKEN "sesame-0123"

static const char *const names[] = {"github", "gitlab", "bitbucket", "azure"};

/* One forge, its environment and a small report. */
struct scene {
    struct fake_forge fake;
    struct arena arena;
    struct session session;
    struct comment_options options;
    struct comment_target target;
    struct report *report;
    enum comment_outcome outcome;
    struct err err;
};

static void set_environment(const struct scene *s)
{
    static const char *const numbered[] = {"ADVISOR_CHANGE", "ADVISOR_RUN"};
    static const char *const values[] = {"12", "5"};
    static const char *const projects[] = {"acme/lake", "acme/lake", "acme/lake",
                                           "P/_apis/git/repositories/R"};
    static const char *const lines[] = {"Authorization: Bearer " TOKEN "\r\n",
                                        "PRIVATE-TOKEN: " TOKEN "\r\n"};
    char api[64];
    snprintf(api, sizeof api, "http://127.0.0.1:%d", s->fake.port);
    setenv(s->target.forge->api_variable, api, 1);
    snprintf(api, sizeof api, "http://127.0.0.1:%d/graphql", s->fake.port);
    setenv("GITHUB_GRAPHQL_URL", api, 1);
    for (size_t i = 0; i < 2; i++)
        setenv(numbered[i], values[i], 1);
    setenv("ADVISOR_TOKEN", TOKEN, 1);
    setenv("ADVISOR_REPOSITORY", projects[s->fake.kind], 1);
    unsetenv("ADVISOR_AUTHOR");
    unsetenv("GITHUB_STEP_SUMMARY");
    strcpy((char *)s->fake.expected, lines[s->fake.kind == FAKE_GITLAB]);
}

static void open_scene(struct scene *s, enum fake_kind kind)
{
    *s = (struct scene){.options = {.forge = names[kind]}};
    fake_start(&s->fake, kind);
    s->session.common.quiet = true;
    assert_true(comment_target_check(&s->target, &s->session, &s->options, &s->err));
    set_environment(s);
    assert_true(comment_target_complete(&s->target, &s->arena, &s->err));
    s->report = report_new("Cost of this change");
    report_lead(s->report, "The monthly cost goes up by USD 12.00.");
}

static void close_scene(struct scene *s)
{
    fake_stop(&s->fake);
    report_free(s->report);
    arena_release(&s->arena);
    arena_release(&s->session.arena);
}

static bool post_it(struct scene *s)
{
    bool ok = comment_post(&s->outcome, &s->arena, &s->target,
                           comment_text(&s->arena, s->report, &s->target), &s->err);
    assert_null(strstr(s->err.text, TOKEN));
    assert_int_equal(s->fake.strangers, 0);
    return ok;
}

static void assert_posts(struct scene *s, enum comment_outcome outcome)
{
    bool ok = post_it(s);
    if (!ok)
        print_error("%s: %s\n", s->target.forge->name, s->err.text);
    assert_true(ok);
    assert_int_equal(s->outcome, outcome);
}

static void assert_refuses(struct scene *s, const char *why)
{
    assert_false(post_it(s));
    if (!strstr(s->err.text, why))
        print_error("'%s' lacks '%s'\n", s->err.text, why);
    assert_non_null(strstr(s->err.text, why));
}

static void keeps_one_comment_on_every_forge(void **state)
{
    (void)state;
    for (enum fake_kind kind = FAKE_GITHUB; kind <= FAKE_AZURE; kind++) {
        struct scene s;
        open_scene(&s, kind);
        for (int i = 0; i < 5; i++)
            fake_add(&s.fake, "ann", "Looks good to me");
        assert_posts(&s, COMMENT_POSTED);
        assert_int_equal(s.fake.count, 6);
        fake_add(&s.fake, "ann", "Thanks");
        assert_posts(&s, COMMENT_UNCHANGED);
        assert_int_equal(s.fake.writes, 1);
        report_lead(s.report, "The monthly cost goes up by USD 13.00.");
        assert_posts(&s, COMMENT_UPDATED);
        assert_int_equal(s.fake.count, 7);
        assert_int_equal(s.fake.writes, 2);
        assert_non_null(strstr(s.fake.comments[5].text, "13.00"));
        assert_string_equal(s.fake.comments[6].text, "Thanks");
        close_scene(&s);
    }
}

static void other_ids_have_comments_of_their_own(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITHUB);
    assert_posts(&s, COMMENT_POSTED);
    s.target.id = "lake-prod";
    assert_posts(&s, COMMENT_POSTED);
    assert_posts(&s, COMMENT_UNCHANGED);
    assert_int_equal(s.fake.count, 2);
    close_scene(&s);
}

static void new_comments_leave_the_old(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITLAB);
    s.target.behaviour = COMMENT_NEW;
    assert_posts(&s, COMMENT_POSTED);
    assert_posts(&s, COMMENT_POSTED);
    assert_int_equal(s.fake.count, 2);
    close_scene(&s);
}

static void old_comments_are_deleted(void **state)
{
    (void)state;
    for (enum fake_kind kind = FAKE_GITHUB; kind <= FAKE_AZURE; kind++) {
        struct scene s;
        open_scene(&s, kind);
        s.target.behaviour = COMMENT_DELETE_AND_NEW;
        assert_posts(&s, COMMENT_POSTED);
        assert_posts(&s, COMMENT_UNCHANGED);
        report_lead(s.report, "Other");
        assert_posts(&s, COMMENT_POSTED);
        assert_true(s.fake.comments[0].deleted);
        assert_false(s.fake.comments[1].deleted);
        close_scene(&s);
    }
}

static void old_comments_are_hidden(void **state)
{
    (void)state;
    for (enum fake_kind kind = FAKE_GITHUB; kind <= FAKE_AZURE; kind++) {
        struct scene s;
        open_scene(&s, kind);
        s.target.behaviour = COMMENT_HIDE_AND_NEW;
        assert_posts(&s, COMMENT_POSTED);
        report_lead(s.report, "Other");
        assert_posts(&s, COMMENT_POSTED);
        assert_int_equal(s.fake.count, 2);
        assert_int_equal(s.fake.comments[0].hidden, kind == FAKE_GITHUB);
        assert_int_equal(!strncmp(s.fake.comments[0].text, "*Superseded", 11),
                         kind != FAKE_GITHUB);
        assert_non_null(strstr(s.fake.comments[1].text, "Other"));
        close_scene(&s);
    }
}

/* GraphQL says 200 to what it refuses. */
static void a_refused_hiding_is_said(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITHUB);
    s.target.behaviour = COMMENT_HIDE_AND_NEW;
    assert_posts(&s, COMMENT_POSTED);
    report_lead(s.report, "Other");
    s.fake.trouble = (struct fake_trouble){
        "POST", "graphql", 200, 1, NULL, "{\"errors\":[{\"message\":\"Resource not accessible\"}]}"};
    assert_refuses(&s, "hiding the old comment: the forge refuses: Resource not accessible");
    assert_int_equal(s.fake.count, 2);
    close_scene(&s);
}

static void hostile_comments_are_left_alone(void **state)
{
    (void)state;
    for (enum fake_kind kind = FAKE_GITHUB; kind <= FAKE_AZURE; kind++) {
        struct scene s;
        open_scene(&s, kind);
        const char *ours = comment_text(&s.arena, s.report, &s.target);
        fake_add(&s.fake, "mallory", ours);
        fake_add(&s.fake, "bot", arena_printf(&s.arena, "> %s", ours));
        fake_add(&s.fake, "bot", arena_printf(&s.arena, "```\n%s\n```", ours));
        fake_add(&s.fake, "Bot", ours);
        assert_posts(&s, COMMENT_POSTED);
        assert_int_equal(s.fake.count, 5);
        assert_string_equal(s.fake.comments[0].text, ours);
        close_scene(&s);
    }
}

static void a_later_run_is_not_overwritten(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_AZURE);
    s.target.run = 9;
    assert_posts(&s, COMMENT_POSTED);
    s.target.run = 8;
    report_lead(s.report, "Older");
    assert_posts(&s, COMMENT_STALE);
    assert_int_equal(s.fake.writes, 1);
    s.target.run = 9;
    assert_posts(&s, COMMENT_UPDATED);
    close_scene(&s);
}

static void forbidden_and_invalid_are_said_in_the_forges_words(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITHUB);
    s.fake.trouble = (struct fake_trouble){
        "POST", "/comments", 403, 1, NULL,
        "{\"message\":\"Resource not accessible by integration\"}"};
    assert_refuses(&s, "posting the comment: the forge answers 403: Resource not accessible by "
                       "integration");
    s.fake.longest = 10;
    assert_refuses(&s, "422: body is too long");
    s.fake.trouble = (struct fake_trouble){"GET", "/user", 401, 1, NULL,
                                           "{\"message\":\"Bad credentials \\u001b[31m\"}"};
    assert_refuses(&s, "401: Bad credentials  [31m");
    s.fake.trouble = (struct fake_trouble){"GET", "/comments", 500, 1, NULL,
                                           "{\"message\":\"token " TOKEN " failed\"}"};
    assert_refuses(&s, "the forge answers 500");
    s.fake.trouble = (struct fake_trouble){"GET", "/comments", 200, 1, NULL, "<html>"};
    assert_refuses(&s, "listing the comments");
    close_scene(&s);
}

static void limits_are_waited_for_once(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITLAB);
    s.fake.trouble = (struct fake_trouble){"POST", "/notes", 429, 1, "Retry-After: 0.05\r\n", NULL};
    assert_posts(&s, COMMENT_POSTED);
    report_lead(s.report, "Other");
    s.fake.trouble = (struct fake_trouble){"PUT", "/notes/1", 429, 2, "Retry-After: 0.05\r\n", NULL};
    assert_refuses(&s, "updating the comment: the forge answers 429");
    s.fake.trouble = (struct fake_trouble){"GET", "/notes", 403, 1,
                                           "x-ratelimit-remaining: 0\r\nRetry-After: 3600\r\n", NULL};
    assert_refuses(&s, "listing the comments: the forge answers 403");
    close_scene(&s);
}

static void redirects_take_no_token_along(void **state)
{
    struct scene s, elsewhere;
    char location[64];
    (void)state;
    open_scene(&elsewhere, FAKE_GITHUB);
    open_scene(&s, FAKE_GITHUB);
    snprintf(location, sizeof location, "Location: http://127.0.0.1:%d/user\r\n",
             elsewhere.fake.port);
    s.fake.trouble = (struct fake_trouble){"GET", "/user", 302, 1, location, NULL};
    assert_refuses(&s, "the forge redirects (302)");
    assert_int_equal(elsewhere.fake.requests, 0);
    close_scene(&s);
    close_scene(&elsewhere);
}

static void pages_on_other_hosts_are_refused(void **state)
{
    static const enum fake_kind kinds[] = {FAKE_GITHUB, FAKE_BITBUCKET};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct scene s;
        open_scene(&s, kinds[i]);
        for (int k = 0; k < 3; k++)
            fake_add(&s.fake, "ann", "hello");
        snprintf(s.fake.next_host, sizeof s.fake.next_host, "http://127.0.0.1:%d.evil.example",
                 s.fake.port);
        assert_refuses(&s, "the next page lies on another host");
        assert_int_equal(s.fake.writes, 0);
        close_scene(&s);
    }
    assert_true(is_same_origin("https://api.github.com/a?page=2", "https://api.github.com"));
    assert_false(is_same_origin("https://api.github.com.evil.example/", "https://api.github.com"));
    assert_false(is_same_origin("https://api.github.com@evil.example/", "https://api.github.com"));
    assert_false(is_same_origin("https://api.github.com\\@evil.example/", "https://api.github.com"));
    assert_false(is_same_origin("http://api.github.com/", "https://api.github.com"));
    assert_false(is_same_origin("//api.github.com/", "https://api.github.com"));
}

static void tokens_that_may_not_ask_whose_they_are(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITHUB);
    const char *ours = comment_text(&s.arena, s.report, &s.target);
    fake_add(&s.fake, "github-actions[bot]", ours);
    s.fake.trouble = (struct fake_trouble){"GET", "/user", 403, 1, NULL, NULL};
    assert_posts(&s, COMMENT_UNCHANGED);
    close_scene(&s);
    open_scene(&s, FAKE_BITBUCKET);
    s.fake.trouble = (struct fake_trouble){"GET", "/user", 403, 1, NULL, NULL};
    assert_refuses(&s, "ADVISOR_AUTHOR must say the user.uuid");
    s.target.author = "bot";
    assert_posts(&s, COMMENT_POSTED);
    assert_posts(&s, COMMENT_UNCHANGED);
    close_scene(&s);
}

static void put_rows(struct report *report, const char *key, int priority, size_t rows)
{
    static const struct column columns[] = {{"what", "What", ALIGN_LEFT, 0, true}};
    struct section *section = report_section(report, key, key);
    struct table *table = section_table(report, section, key, "", columns, 1);
    section->priority = priority;
    for (size_t i = 0; i < rows; i++)
        table_row(report, table)->cells[0] =
            cell_printf(report, "%s %zu: gr\xc3\xbc\xc3\x9f" "e \xe2\x82\xac %s", key, i,
                        "\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
}

static bool is_utf8(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t n = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc2 ? 2 : 0;
        for (size_t i = 1; i < n; i++)
            if ((p[i] & 0xc0) != 0x80)
                return false;
        if (!n)
            return false;
        p += n;
    }
    return true;
}

static void long_reports_lose_what_matters_least(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_BITBUCKET);
    put_rows(s.report, "cost", 0, 10);
    put_rows(s.report, "changes", 1, 300);
    put_rows(s.report, "advice", 2, 100);
    put_rows(s.report, "notes", 4, 900);
    const char *text = comment_text(&s.arena, s.report, &s.target);
    assert_true(strlen(text) <= s.target.forge->limit);
    assert_non_null(strstr(text, "cost 9:"));
    assert_non_null(strstr(text, "changes 0:"));
    assert_non_null(strstr(text, "advice 99:"));
    assert_null(strstr(text, "notes 0:"));
    assert_non_null(strstr(text, "*Left out, since no more fits: 1 sections and 0 rows."));
    put_rows(s.report, "more", 1, 3000);
    text = comment_text(&s.arena, s.report, &s.target);
    assert_null(strstr(text, "advice 0:"));
    assert_non_null(strstr(text, "changes 0:"));
    assert_non_null(strstr(text, "more 0:"));
    assert_true(strlen(text) <= s.target.forge->limit);
    assert_true(strlen(text) > s.target.forge->limit / 2);
    close_scene(&s);
}

static void what_must_stay_is_cut_between_lines(void **state)
{
    (void)state;
    for (size_t rows = 1200; rows < 1212; rows++) {
        struct scene s;
        open_scene(&s, FAKE_BITBUCKET);
        put_rows(s.report, "cost", 0, rows);
        const char *text = comment_text(&s.arena, s.report, &s.target);
        assert_true(strlen(text) <= s.target.forge->limit);
        assert_non_null(strstr(text, "*Cut here: no more fits.*\n"));
        assert_true(is_utf8(text));
        close_scene(&s);
    }
}

static void names_make_no_references_and_no_commands(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITLAB);
    struct section *section = report_section(s.report, "notes", "Notes");
    section_text(s.report, section, "%s", "/close #12 !7 @ann <script> [a](http://evil.example)");
    const char *text = comment_text(&s.arena, s.report, &s.target);
    static const char *const live[] = {"\n/close", "#12", "!7", "@ann", "<script", "a](", "://"};
    for (size_t i = 0; i < sizeof live / sizeof *live; i++)
        assert_null(strstr(text, live[i]));
    assert_non_null(strstr(text, "\\/close"));
    close_scene(&s);
}

static void markers_are_read_back(void **state)
{
    struct comment_marker m;
    (void)state;
    const struct forge *github = forge_named("github"), *bitbucket = forge_named("bitbucket");
    assert_true(comment_marker_read(
        &m, github, "<!-- advisor id=lake run=7 hash=0123456789abcdef -->\n\n# Cost"));
    assert_string_equal(m.id, "lake");
    assert_int_equal(m.run, 7);
    assert_string_equal(m.hash, "0123456789abcdef");
    assert_true(comment_marker_read(&m, bitbucket,
                                    "[//]: # (advisor id=lake run=7 hash=0123456789abcdef)"));
    static const char *const none[] = {
        "", "# Cost", " <!-- advisor id=lake run=7 hash=0123456789abcdef -->",
        "<!-- advisor id=lake run=7 hash=0123456789abcdef", "<!-- advisor id= run=7 hash=0 -->",
        "[//]: # (advisor id=lake run=7 hash=0123456789abcdef)"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(comment_marker_read(&m, github, none[i]));
}

static bool checks(const char *forge, const char *behaviour, const char *id, bool offline)
{
    struct comment_options options = {forge, behaviour, id};
    struct session session = {.common = {.offline = offline}};
    struct comment_target target;
    struct err err = ERR_INIT;
    bool ok = comment_target_check(&target, &session, &options, &err);
    assert_true(ok || err.code == ERR_USAGE);
    return ok;
}

static void options_are_checked_before_any_work(void **state)
{
    (void)state;
    assert_true(checks(NULL, NULL, NULL, true));
    assert_true(checks("github", "hide-and-new", "lake-prod_1", false));
    assert_false(checks("github", NULL, NULL, true));
    assert_false(checks("sourcehut", NULL, NULL, false));
    assert_false(checks("github", "shout", NULL, false));
    assert_false(checks("github", NULL, "a b", false));
    assert_false(checks("github", NULL, "", false));
    assert_false(checks("github", NULL, "a23456789012345678901234567890123456789012345", false));
    assert_false(checks(NULL, "new", NULL, false));
}

static void assert_incomplete(struct scene *s, const char *name, const char *value,
                              const char *why)
{
    set_environment(s);
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
    assert_false(comment_target_complete(&s->target, &s->arena, &s->err));
    assert_non_null(strstr(s->err.text, why));
    assert_null(strstr(s->err.text, TOKEN));
}

static void the_environment_is_not_trusted_blindly(void **state)
{
    struct scene s;
    (void)state;
    open_scene(&s, FAKE_GITHUB);
    assert_incomplete(&s, "ADVISOR_TOKEN", NULL, "GITHUB_TOKEN");
    assert_incomplete(&s, "ADVISOR_TOKEN", TOKEN "\nX-Evil: 1", "line break");
    assert_incomplete(&s, "ADVISOR_CHANGE", "none", "ADVISOR_CHANGE");
    assert_incomplete(&s, "ADVISOR_REPOSITORY", "acme/lake?x=", "no repository");
    assert_incomplete(&s, "ADVISOR_REPOSITORY", "../user", "no repository");
    assert_incomplete(&s, "GITHUB_API_URL", "https://user:" TOKEN "@host", "plain URL");
    set_environment(&s);
    setenv("GITHUB_API_URL", "http://forge.example", 1);
    assert_true(comment_target_complete(&s.target, &s.arena, &s.err));
    assert_refuses(&s, "only https is used");
    setenv("ADVISOR_CHANGE", "refs/pull/34/merge", 1);
    assert_true(comment_target_complete(&s.target, &s.arena, &s.err));
    assert_string_equal(s.target.change, "34");
    close_scene(&s);
    open_scene(&s, FAKE_GITLAB);
    assert_string_equal(s.target.repo, "acme%2Flake");
    close_scene(&s);
}

static void a_failure_leaves_the_result_and_says_so(void **state)
{
    struct scene s;
    char path[] = "/tmp/advisor-summary-XXXXXX", text[512] = "";
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    open_scene(&s, FAKE_GITHUB);
    setenv("GITHUB_STEP_SUMMARY", path, 1);
    comment_deliver(&s.session, &s.target, s.report);
    assert_int_equal(s.session.status, STATUS_DONE);
    assert_int_equal(s.fake.count, 1);
    unsetenv("ADVISOR_TOKEN");
    comment_deliver(&s.session, &s.target, s.report);
    assert_int_equal(s.session.status, STATUS_NOT_POSTED);
    assert_true(read(file, text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "USD 12.00"));
    assert_null(strstr(text, "advisor id="));
    close(file);
    unlink(path);
    close_scene(&s);
}

/* A fake that no longer answers must not hold up the whole run. */
enum { LONGEST_SECONDS = 60 };

int main(void)
{
    alarm(LONGEST_SECONDS);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_one_comment_on_every_forge),
        cmocka_unit_test(other_ids_have_comments_of_their_own),
        cmocka_unit_test(new_comments_leave_the_old),
        cmocka_unit_test(old_comments_are_deleted),
        cmocka_unit_test(old_comments_are_hidden),
        cmocka_unit_test(a_refused_hiding_is_said),
        cmocka_unit_test(hostile_comments_are_left_alone),
        cmocka_unit_test(a_later_run_is_not_overwritten),
        cmocka_unit_test(forbidden_and_invalid_are_said_in_the_forges_words),
        cmocka_unit_test(limits_are_waited_for_once),
        cmocka_unit_test(redirects_take_no_token_along),
        cmocka_unit_test(pages_on_other_hosts_are_refused),
        cmocka_unit_test(tokens_that_may_not_ask_whose_they_are),
        cmocka_unit_test(long_reports_lose_what_matters_least),
        cmocka_unit_test(what_must_stay_is_cut_between_lines),
        cmocka_unit_test(names_make_no_references_and_no_commands),
        cmocka_unit_test(markers_are_read_back),
        cmocka_unit_test(options_are_checked_before_any_work),
        cmocka_unit_test(the_environment_is_not_trusted_blindly),
        cmocka_unit_test(a_failure_leaves_the_result_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
