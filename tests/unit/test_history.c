#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "history/history.h"
#include "io/database.h"

enum { SEPTEMBER = 20697, OCTOBER = SEPTEMBER + 30 }; /* 2026-09-01 */

static char folder[] = "/tmp/advisor-history-XXXXXX";
static char path[64], copy[64];

/* A month of one bill: days of use, and the advice of its review. */
struct world {
    struct estate *estate;
    struct spend spend;
    struct advice advice;
};

static uint32_t resource(struct world *w, const char *key, const char *account,
                         const char *type)
{
    uint32_t i = estate_resource(w->estate, key);
    w->estate->resources.at[i].account = intern(w->estate->symbols, account);
    w->estate->resources.at[i].type = intern(w->estate->symbols, type);
    w->estate->resources.at[i].name = w->estate->resources.at[i].key;
    w->estate->resources.at[i].parent = NOTHING;
    return i;
}

static void use(struct world *w, uint32_t r, const char *unit, day from, int days,
                double quantity, double usd)
{
    struct sku *sku = VEC_PUSH(&w->estate->skus);
    sku->unit = intern(w->estate->symbols, unit);
    sku->charge = CHARGE_USAGE;
    for (int d = 0; d < days; d++) {
        struct cost_line *l = VEC_PUSH(&w->estate->lines);
        *l = (struct cost_line){.resource = r,
                                .sku = (uint32_t)(w->estate->skus.count - 1),
                                .hour = (from + d) * 24,
                                .hours = 24,
                                .quantity = money_of(quantity)};
        l->cost[BASIS_AMORTIZED] = money_of(usd);
    }
}

static void begin(struct world *w)
{
    *w = (struct world){.estate = estate_open()};
}

static void analyse(struct world *w)
{
    struct spend_options options = spend_defaults();
    estate_index(w->estate);
    spend_compute(&w->spend, w->estate, &options);
    advice_init(&w->advice, w->estate);
}

static void advise(struct world *w, const char *id, enum action action, uint32_t r,
                   const char *title, const char *usd)
{
    struct recommendation *a = VEC_PUSH(&w->advice.recommendations);
    a->id = intern(w->estate->symbols, id);
    a->kind = intern(w->estate->symbols, "test.advice");
    a->action = action;
    a->title = arena_strdup(&w->advice.arena, title);
    a->counted = true;
    VEC_ADD(&a->resources, r);
    assert_true(money_parse(&a->counted_saving.expected, usd, strlen(usd), NULL));
}

static void end(struct world *w)
{
    advice_release(&w->advice);
    spend_release(&w->spend);
    estate_free(w->estate);
}

static struct history *opened(bool to_write)
{
    struct history *history;
    struct err err = ERR_INIT;
    if (!history_open(&history, path, to_write, &err))
        fail_msg("%s", err.text);
    return history;
}

static void decide(const char *id, enum decision_state state, day on, bool alike, size_t want)
{
    struct history *history = opened(true);
    struct decision d = {.id = id, .state = state, .on = on, .by = "ana", .reason = ""};
    struct err err = ERR_INIT;
    size_t count = 0;
    assert_true(history_decide(&count, history, &d, alike, &err));
    assert_int_equal(count, want);
    history_close(history);
}

static void record(struct world *w, day on)
{
    struct history *history = opened(true);
    struct err err = ERR_INIT;
    if (!history_record_review(history, on, "book", w->estate, &w->spend, &w->advice, &err))
        fail_msg("%s", err.text);
    history_close(history);
}

static void equals(struct money got, double want)
{
    assert_true(money_double(got) > want - 1e-6 && money_double(got) < want + 1e-6);
}

/* September: an instance, a cluster with a node, two volumes alike. */
static void record_september(void)
{
    struct world w;
    begin(&w);
    uint32_t instance = resource(&w, "i-1", "111111111111", "aws_instance");
    uint32_t cluster = resource(&w, "job/7", "111111111111", "databricks_job");
    uint32_t node = resource(&w, "i-node", "111111111111", "aws_instance");
    uint32_t one = resource(&w, "vol-1", "222222222222", "aws_ebs_volume");
    uint32_t two = resource(&w, "vol-2", "222222222222", "aws_ebs_volume");
    w.estate->resources.at[node].parent = cluster;
    use(&w, instance, "Hrs", SEPTEMBER, 30, 24, 24);
    use(&w, cluster, "DBU", SEPTEMBER, 15, 10, 4);
    use(&w, node, "Hrs", SEPTEMBER, 15, 8, 6);
    use(&w, one, "GB-Mo", SEPTEMBER, 30, 10, 1);
    use(&w, two, "GB-Mo", SEPTEMBER, 30, 10, 1);
    analyse(&w);
    advise(&w, "aa11", ACTION_RESIZE, instance, "Change i-1 to a smaller type", "300");
    advise(&w, "bb22", ACTION_RESIZE, cluster, "Run job/7 on fewer nodes", "50");
    advise(&w, "cc33", ACTION_RETIER, one, "Change vol-1 to gp3", "6");
    advise(&w, "dd44", ACTION_RETIER, two, "Change vol-2 to gp3", "6");
    advise(&w, "ee55", ACTION_SPOT, cluster, "Let workers of job/7 be spot", "20");
    record(&w, OCTOBER);
    end(&w);
}

static int fresh(void **state)
{
    (void)state;
    unlink(path);
    unlink(copy);
    record_september();
    return 0;
}

static const struct realised *of(const struct realised_list *list, const char *id)
{
    for (size_t i = 0; i < list->all.count; i++)
        if (!strcmp(list->all.at[i].decision.id, id))
            return &list->all.at[i];
    fail_msg("%s is not in the list", id);
    return NULL;
}

static void saving_is_told_apart_from_use(void **state)
{
    (void)state;
    struct world w;
    struct realised_list list = {0};
    struct err err = ERR_INIT;
    decide("aa11", DECISION_ACCEPTED, OCTOBER - 1, false, 1);
    decide("bb22", DECISION_ACCEPTED, OCTOBER - 1, false, 1);
    decide("cc33", DECISION_ACCEPTED, OCTOBER - 1, false, 1);
    decide("ee55", DECISION_ACCEPTED, OCTOBER - 1, false, 1);
    begin(&w);
    uint32_t instance = resource(&w, "i-1", "111111111111", "aws_instance");
    uint32_t cluster = resource(&w, "job/7", "111111111111", "databricks_job");
    uint32_t node = resource(&w, "i-other-node", "111111111111", "aws_instance");
    w.estate->resources.at[node].parent = cluster;
    use(&w, instance, "Hrs", OCTOBER, 30, 12, 6);
    use(&w, cluster, "DBU", OCTOBER, 6, 10, 4);
    use(&w, node, "Hrs", OCTOBER, 6, 4, 3);
    analyse(&w);
    struct history *history = opened(false);
    assert_true(
        history_realised(&list, history, OCTOBER + 30, w.estate, &w.spend, &w.advice, &err));

    /* 1 USD an hour over 730 h; then half the hours at 0.5 USD. */
    const struct realised *r = of(&list, "aa11");
    assert_int_equal(r->state, REALISED_MEASURED);
    equals(r->before, 730);
    equals(r->after, 182.5);
    equals(r->by_use, 365);
    equals(r->saved, 182.5);

    /* Half of the days at 10 USD, with the node; then a fifth of them at 7 USD. */
    r = of(&list, "bb22");
    equals(r->before, 15 * 10 * 730.0 / 720);
    equals(r->after, 6 * 7 * 730.0 / 720);
    equals(r->by_use, 15 * 10 * 730.0 / 720 * (1 - 0.2 / 0.5));
    assert_int_equal(of(&list, "ee55")->state, REALISED_WITH);

    /* Nothing of the volumes' account is on this bill. */
    assert_int_equal(of(&list, "cc33")->state, REALISED_NOT_COVERED);
    VEC_FREE(&list.all);
    history_close(history);
    end(&w);
}

static void a_bill_that_ends_before_the_decision_says_nothing(void **state)
{
    (void)state;
    struct world w;
    struct realised_list list = {0};
    struct err err = ERR_INIT;
    decide("aa11", DECISION_ACCEPTED, OCTOBER + 9, false, 1);
    begin(&w);
    use(&w, resource(&w, "i-1", "111111111111", "aws_instance"), "Hrs", OCTOBER, 10, 24, 24);
    analyse(&w);
    struct history *history = opened(false);
    assert_true(
        history_realised(&list, history, OCTOBER + 30, w.estate, &w.spend, &w.advice, &err));
    assert_int_equal(list.all.at[0].state, REALISED_TOO_EARLY);
    VEC_FREE(&list.all);
    history_close(history);
    end(&w);
}

static void decisions_reach_what_is_alike_and_end(void **state)
{
    (void)state;
    struct decisions all = {0}, last = {0};
    struct err err = ERR_INIT;
    decide("cc33", DECISION_REJECTED, OCTOBER, true, 2);
    decide("aa", DECISION_SNOOZED, OCTOBER, false, 1);
    decide("aa", DECISION_ACCEPTED, OCTOBER + 1, false, 1);
    struct history *history = opened(false);
    assert_true(history_decisions(&all, history, false, &err));
    assert_true(history_decisions(&last, history, true, &err));
    assert_int_equal(all.all.count, 4);
    assert_int_equal(last.all.count, 3);
    assert_int_equal(last.all.at[2].state, DECISION_ACCEPTED);
    assert_string_equal(last.all.at[2].title, "Change i-1 to a smaller type");
    struct decision d = {.state = DECISION_SNOOZED, .until = OCTOBER};
    assert_true(decision_sets_aside(&d, OCTOBER));
    assert_false(decision_sets_aside(&d, OCTOBER + 1));
    d.until = 0;
    assert_true(decision_sets_aside(&d, OCTOBER + 1000));
    VEC_FREE(&all.all);
    VEC_FREE(&last.all);
    history_close(history);
}

static void an_id_must_name_one(void **state)
{
    (void)state;
    struct history *history = opened(true);
    struct decision d = {.id = "", .state = DECISION_ACCEPTED, .by = "ana", .reason = ""};
    struct err err = ERR_INIT;
    size_t count;
    assert_false(history_decide(&count, history, &d, false, &err));
    assert_non_null(strstr(err.text, "several"));
    history_close(history);
}

static void the_same_day_is_one_review(void **state)
{
    (void)state;
    struct history_reviews reviews = {0};
    struct history_advices advices = {0};
    struct err err = ERR_INIT;
    record_september();
    struct history *history = opened(false);
    assert_true(history_reviews(&reviews, history, &err));
    assert_true(history_advices(&advices, history, &err));
    assert_int_equal(reviews.all.count, 1);
    assert_int_equal(reviews.all.at[0].advice, 5);
    assert_int_equal(advices.all.count, 5);
    assert_string_equal(advices.all.at[0].id, "aa11"); /* the largest saving first */
    VEC_FREE(&reviews.all);
    VEC_FREE(&advices.all);
    history_close(history);
}

static void a_backup_is_whole_while_another_writes(void **state)
{
    (void)state;
    struct database *writer;
    struct err err = ERR_INIT;
    assert_true(database_open(&writer, path, DATABASE_WRITE, &err));
    assert_true(database_begin(writer, &err));
    assert_true(database_run(writer, "DELETE FROM advice", &err));
    struct history *history = opened(false), *kept;
    if (!history_backup(history, copy, &err))
        fail_msg("%s", err.text);
    struct history_advices advices = {0};
    assert_true(history_open(&kept, copy, false, &err));
    assert_true(history_advices(&advices, kept, &err));
    assert_int_equal(advices.all.count, 5);
    VEC_FREE(&advices.all);
    assert_false(history_backup(history, copy, &err)); /* never over a file */
    history_close(kept);
    history_close(history);
    database_close(writer);
}

static void refused(const char *sql, const char *because)
{
    struct database *db;
    struct history *history;
    struct err err = ERR_INIT;
    assert_true(database_open(&db, path, DATABASE_WRITE, &err));
    if (!database_run(db, sql, &err))
        fail_msg("%s", err.text);
    database_close(db);
    assert_false(history_open(&history, path, false, &err));
    if (!strstr(err.text, because))
        fail_msg("'%s' does not say '%s'", err.text, because);
}

static void a_newer_file_is_refused(void **state)
{
    (void)state;
    refused("PRAGMA user_version = 2", "a newer advisor wrote it");
}

static void another_database_is_refused(void **state)
{
    (void)state;
    refused("PRAGMA application_id = 7", "no history of advisor");
}

static void what_runs_by_itself_is_refused(void **state)
{
    (void)state;
    refused("CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM review; END",
            "triggers or views");
}

static void amounts_that_are_none_are_told(void **state)
{
    (void)state;
    struct database *db;
    struct history_reviews reviews = {0};
    struct err err = ERR_INIT;
    assert_true(database_open(&db, path, DATABASE_WRITE, &err));
    assert_true(database_run(db, "UPDATE review SET spent = 'much'", &err));
    database_close(db);
    struct history *history = opened(false);
    assert_false(history_reviews(&reviews, history, &err));
    assert_non_null(strstr(err.text, "'much' stands where an amount should"));
    VEC_FREE(&reviews.all);
    history_close(history);
}

static int make_folder(void **state)
{
    (void)state;
    bool ok = mkdtemp(folder) != NULL;
    strcat(strcpy(path, folder), "/history.db");
    strcat(strcpy(copy, folder), "/copy.db");
    return ok ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    unlink(copy);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(saving_is_told_apart_from_use, fresh),
        cmocka_unit_test_setup(a_bill_that_ends_before_the_decision_says_nothing, fresh),
        cmocka_unit_test_setup(decisions_reach_what_is_alike_and_end, fresh),
        cmocka_unit_test_setup(an_id_must_name_one, fresh),
        cmocka_unit_test_setup(the_same_day_is_one_review, fresh),
        cmocka_unit_test_setup(a_backup_is_whole_while_another_writes, fresh),
        cmocka_unit_test_setup(a_newer_file_is_refused, fresh),
        cmocka_unit_test_setup(another_database_is_refused, fresh),
        cmocka_unit_test_setup(what_runs_by_itself_is_refused, fresh),
        cmocka_unit_test_setup(amounts_that_are_none_are_told, fresh),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
