#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/map.h"
#include "ingest/change.h"
#include "ingest/embedded_json.h"
#include "ingest/layer_map.h"
#include "io/csv.h"
#include "io/files.h"
#include "policy/policy.h"
#include "pricing/book.h"

/*
 * A key says, for plans read by hand, which policy is broken at which resource, and which
 * plans break none ("-"). Findings must be just these. A plan may have a layer map beside
 * it: the same name with .yaml behind it.
 */
struct entry {
    const char *plan, *policy, *resource;
    bool found;
};

struct key {
    struct arena arena;
    VEC(struct entry) entries;
    size_t plans, false_alarms, missed;
};

static void read_key(struct key *key, const char *path)
{
    struct csv *csv;
    struct err err = ERR_INIT;
    bool more;
    if (!csv_open(&csv, path, &err))
        fail_msg("%s", err.text);
    while (csv_next(csv, &more, &err) && more) {
        struct entry e = {.plan = arena_strdup(&key->arena, csv_text(csv, 0)),
                          .policy = arena_strdup(&key->arena, csv_text(csv, 1)),
                          .resource = arena_strdup(&key->arena, csv_text(csv, 2))};
        VEC_ADD(&key->entries, e);
    }
    csv_close(csv);
}

static bool expect(struct key *key, const char *plan, const struct finding *f)
{
    bool found = false;
    for (size_t i = 0; i < key->entries.count; i++) {
        struct entry *e = &key->entries.at[i];
        if (!strcmp(e->plan, plan) && !strcmp(e->policy, f->policy) && f->subject &&
            !strcmp(e->resource, f->subject))
            found = e->found = true;
    }
    return found;
}

static void judge(struct key *key, const char *plan, const char *path)
{
    struct change change;
    struct layer_map *map = NULL;
    struct findings findings = {0};
    struct ingest_options options = {0};
    struct err err = ERR_INIT;
    const char *beside = arena_printf(&key->arena, "%s.yaml", path);
    change_init(&change);
    if (!change_read(&change, path, NULL, &options, &err) ||
        (files_exists(beside) && !layer_map_open(&map, beside, &err)) ||
        !map_apply(change.after, map, &err))
        fail_msg("%s", err.text);
    embedded_json_decode(change.after);
    estate_index(change.after);
    struct policy_input in = {.actual = change.after, .map = map ? map->estate : NULL,
                              .parameters = map ? node_get(map->document, "checks") : NULL};
    if (!policy_check(&findings, &in, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < findings.all.count; i++)
        if (!expect(key, plan, &findings.all.at[i])) {
            print_error("%s: false alarm %s at %s: %s\n", plan, findings.all.at[i].policy,
                        findings.all.at[i].subject, findings.all.at[i].reason);
            key->false_alarms++;
        }
    findings_release(&findings);
    change_release(&change);
    layer_map_free(map);
}

static void judge_all(struct key *key, const char *root)
{
    const char *last = "";
    for (size_t i = 0; i < key->entries.count; i++)
        if (strcmp(last, key->entries.at[i].plan) != 0) {
            last = key->entries.at[i].plan;
            judge(key, last, arena_printf(&key->arena, "%s/%s", root, last));
            key->plans++;
        }
    for (size_t i = 0; i < key->entries.count; i++)
        if (!key->entries.at[i].found && strcmp(key->entries.at[i].policy, "-") != 0) {
            print_error("%s: missed %s at %s\n", key->entries.at[i].plan,
                        key->entries.at[i].policy, key->entries.at[i].resource);
            key->missed++;
        }
}

static void release(struct key *key)
{
    VEC_FREE(&key->entries);
    arena_release(&key->arena);
}

static void findings_of_real_plans_are_those_of_the_key(void **state)
{
    struct key key = {0};
    const char *data = getenv("ADVISOR_DATA");
    (void)state;
    const char *root = arena_printf(&key.arena, "%s/iac", data ? data : "../shared/data");
    if (access(root, R_OK) != 0) {
        print_message("skipped: %s is not here\n", root);
        release(&key);
        skip();
    }
    read_key(&key, "tests/policy_key/key.csv");
    judge_all(&key, root);
    assert_true(key.plans >= 50);
    assert_int_equal(key.missed, 0);
    assert_int_equal(key.false_alarms, 0);
    release(&key);
}

static void findings_of_written_plans_are_those_of_the_key(void **state)
{
    struct key key = {0};
    (void)state;
    read_key(&key, "tests/policy_key/plans/key.csv");
    judge_all(&key, "tests/policy_key/plans");
    assert_true(key.plans >= 15);
    assert_int_equal(key.missed, 0);
    assert_int_equal(key.false_alarms, 0);
    release(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_of_real_plans_are_those_of_the_key),
        cmocka_unit_test(findings_of_written_plans_are_those_of_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
