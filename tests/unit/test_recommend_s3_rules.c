#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "io/doc.h"
#include "s3_site.h"

/*
 * The lifecycle configurations that advice writes, held against the S3 user guide
 * ("Lifecycle configuration elements", "Transitioning objects") by checks that
 * share no code with those of the program.
 */
enum { OLD = 12, CASES = 120 };

static const char *text_of(const struct node *map, const char *key)
{
    return node_text(node_get(map, key), "");
}

static double number_of(const struct node *map, const char *key)
{
    return node_number(node_get(map, key), -1);
}

static void require(bool holds, const struct node *rule, const char *what)
{
    if (!holds)
        fail_msg("rule '%s': %s", text_of(rule, "ID"), what);
}

static bool one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

/* Rows: from; columns: to; in the order of `classes`. */
static const char *const classes[] = {
    "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR",
    "GLACIER",     "DEEP_ARCHIVE",        NULL};
static const char *const may_follow[] = {"011111", "001111", "000011",
                                         "000011", "000001", "000000"};

static int class_index(const char *name)
{
    for (int i = 0; classes[i]; i++)
        if (strcmp(classes[i], name) == 0)
            return i;
    return -1;
}

static bool is_infrequent(int class)
{
    return class == 0 || class == 2;
}

/* The step of a list that comes next after `after` days; NULL when none does. */
static const struct node *next_step(const struct node *steps, const char *key, double after)
{
    const struct node *found = NULL;
    for (size_t i = 0; steps && i < steps->count; i++) {
        double at = number_of(steps->items[i], key);
        if (at > after && (!found || at < number_of(found, key)))
            found = steps->items[i];
    }
    return found;
}

static double check_transitions(const struct node *rule, const char *list, const char *key)
{
    const struct node *steps = node_get(rule, list), *step;
    size_t seen = 0;
    double before = -1;
    int from = -1;
    while ((step = next_step(steps, key, before))) {
        double at = number_of(step, key);
        int to = class_index(text_of(step, "StorageClass"));
        require(to >= 0, rule, "a class that nothing moves to");
        require(!is_infrequent(to) || at >= 30, rule, "an IA class before day 30");
        require(from < 0 || may_follow[from][to] == '1', rule, "a way that is closed");
        require(from < 0 || !is_infrequent(from) || at >= before + 30, rule,
                "out of an IA class within 30 days");
        before = at;
        from = to;
        seen++;
    }
    require(!steps || seen == steps->count, rule, "two steps on one day");
    return before;
}

static void check_filter(const struct node *rule)
{
    static const char *const keys[] = {
        "Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And", NULL};
    static const char *const and_keys[] = {"Prefix", "Tags", "ObjectSizeGreaterThan",
                                           "ObjectSizeLessThan", NULL};
    const struct node *filter = node_get(rule, "Filter"), *all = node_get(filter, "And");
    require(!filter != !node_get(rule, "Prefix"), rule, "a Filter or a Prefix, not both");
    require(!filter || filter->count <= 1, rule, "conditions beside each other");
    for (size_t i = 0; filter && i < filter->count; i++)
        require(one_of(filter->items[i]->key, keys), rule, "an unknown condition");
    size_t conditions = 0;
    for (size_t i = 0; all && i < all->count; i++) {
        require(one_of(all->items[i]->key, and_keys), rule, "an unknown condition of And");
        conditions += strcmp(all->items[i]->key, "Tags") == 0 ? all->items[i]->count : 1;
    }
    require(!all || conditions >= 2, rule, "And of one condition");
}

static void check_uploads(const struct node *rule)
{
    const struct node *filter = node_get(rule, "Filter"), *all = node_get(filter, "And");
    const struct node *at = all ? all : filter;
    if (!node_get(rule, "AbortIncompleteMultipartUpload"))
        return;
    require(!node_get(at, "Tag") && !node_get(at, "Tags") &&
                !node_get(at, "ObjectSizeGreaterThan") && !node_get(at, "ObjectSizeLessThan"),
            rule, "uploads have neither tags nor a size");
    require(number_of(node_get(rule, "AbortIncompleteMultipartUpload"),
                      "DaysAfterInitiation") >= 1,
            rule, "uploads are aborted after a day at the earliest");
}

static void check_deletion(const struct node *rule, double last, double last_noncurrent)
{
    const struct node *current = node_get(rule, "Expiration");
    const struct node *old = node_get(rule, "NoncurrentVersionExpiration");
    const struct node *filter = node_get(rule, "Filter");
    require(!current || current->count == 1, rule, "one way to expire");
    if (node_get(current, "Days"))
        require(number_of(current, "Days") > last && number_of(current, "Days") >= 1, rule,
                "expires before it moves");
    if (node_get(current, "ExpiredObjectDeleteMarker"))
        require(!node_get(filter, "Tag") && !node_at(filter, "And.Tags"), rule,
                "markers have no tags");
    if (!old)
        return;
    double days = number_of(old, "NoncurrentDays");
    require(days >= 1 && days > last_noncurrent, rule, "old versions go before they move");
    if (node_get(old, "NewerNoncurrentVersions"))
        require(number_of(old, "NewerNoncurrentVersions") >= 1 &&
                    number_of(old, "NewerNoncurrentVersions") <= 100,
                rule, "1 to 100 newer versions");
}

static void check_rule(const struct node *rule)
{
    static const char *const keys[] = {"ID",
                                       "Status",
                                       "Filter",
                                       "Prefix",
                                       "Transitions",
                                       "Expiration",
                                       "NoncurrentVersionTransitions",
                                       "NoncurrentVersionExpiration",
                                       "AbortIncompleteMultipartUpload",
                                       NULL};
    size_t actions = 0;
    for (size_t i = 0; i < rule->count; i++) {
        require(one_of(rule->items[i]->key, keys), rule, "an unknown key");
        actions += i > 0 && one_of(rule->items[i]->key, keys + 4) && rule->items[i]->count > 0;
    }
    require(actions > 0, rule, "does nothing");
    require(strlen(text_of(rule, "ID")) > 0 && strlen(text_of(rule, "ID")) <= 255, rule,
            "an ID of 1 to 255 bytes");
    require(!strcmp(text_of(rule, "Status"), "Enabled") ||
                !strcmp(text_of(rule, "Status"), "Disabled"),
            rule, "a Status that is none");
    check_filter(rule);
    double last = check_transitions(rule, "Transitions", "Days");
    double last_noncurrent =
        check_transitions(rule, "NoncurrentVersionTransitions", "NoncurrentDays");
    check_deletion(rule, last, last_noncurrent);
    check_uploads(rule);
}

static void check_configuration(const struct node *configuration)
{
    const struct node *rules = node_get(configuration, "Rules");
    assert_int_equal(configuration->count, 1);
    assert_true(rules->count >= 1 && rules->count <= 1000);
    for (size_t i = 0; i < rules->count; i++) {
        check_rule(rules->items[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(text_of(rules->items[i], "ID"),
                                    text_of(rules->items[k], "ID"));
    }
}

static const struct node *parse(struct arena *arena, const char *text)
{
    const struct node *n;
    struct err err = ERR_INIT;
    if (!doc_parse_json(&n, arena, "test", text, strlen(text), &err))
        fail_msg("%s: %s", err.text, text);
    return n;
}

/* A tree as sorted lines "rule.transition.days=30", from JSON and from Terraform alike. */
struct lines {
    struct arena *arena;
    VEC(const char *) at;
};

static const char *snake(struct arena *arena, const char *name)
{
    struct buf out = BUF_INIT;
    for (const char *c = name; *c; c++) {
        bool upper = *c >= 'A' && *c <= 'Z';
        if (upper && c != name && !(c[-1] >= 'A' && c[-1] <= 'Z'))
            buf_add_char(&out, '_');
        buf_add_char(&out, upper ? (char)(*c - 'A' + 'a') : *c);
    }
    const char *kept = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return kept;
}

static void flatten(struct lines *out, const char *path, const struct node *n)
{
    struct arena *arena = out->arena;
    if (n->kind == NODE_LIST || n->kind == NODE_MAP) {
        bool tags = n->key && strcmp(n->key, "Tags") == 0;
        for (size_t i = 0; i < n->count; i++) {
            const struct node *item = n->items[i];
            const char *name = item->key ? snake(arena, item->key) : "";
            if (tags)
                VEC_ADD(&out->at, arena_printf(arena, "%s.\"%s\"=\"%s\"", path,
                                               text_of(item, "Key"), text_of(item, "Value")));
            else if (n->kind == NODE_LIST)
                flatten(out, path, item);
            else
                flatten(out, arena_printf(arena, "%s.%s", path, name), item);
        }
        return;
    }
    const char *value = n->kind == NODE_STRING ? arena_printf(arena, "\"%s\"", n->text)
                        : n->kind == NODE_BOOL ? (n->truth ? "true" : "false")
                                               : arena_printf(arena, "%.0f", n->number);
    VEC_ADD(&out->at, arena_printf(arena, "%s=%s", path, value));
}

/* Lines of "name {", "name = value" and "}": what a fragment consists of. */
static void flatten_terraform(struct lines *out, const char *text)
{
    const char *path[16] = {""};
    int depth = 0;
    for (const char *line = text, *end; *line; line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        const char *from = line + strspn(line, " ");
        size_t length = (size_t)(end - from), word = strcspn(from, " ");
        if (length == 0 || *from == '#')
            continue;
        const char *name = arena_strndup(out->arena, from, word);
        if (*from == '}') {
            assert_true(--depth >= 0);
        } else if (end[-1] == '{') {
            assert_true(depth < 15);
            const char *above = path[depth++];
            path[depth] = arena_printf(out->arena, "%s.%s", above, name);
        } else {
            const char *value = strchr(from, '=') + 2;
            VEC_ADD(&out->at,
                    arena_printf(out->arena, "%s.%s=%s", path[depth], name,
                                 arena_strndup(out->arena, value, (size_t)(end - value))));
        }
    }
    assert_int_equal(depth, 0);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void check_terraform(struct arena *arena, const struct node *configuration,
                            const char *text)
{
    struct lines json = {.arena = arena}, terraform = {.arena = arena};
    flatten(&json, ".resource.rule", node_get(configuration, "Rules"));
    VEC_ADD(&json.at, ".resource.bucket=\"lake\"");
    flatten_terraform(&terraform, text);
    for (size_t i = 0; i < json.at.count; i++) { /* plural in the API, a block in Terraform */
        char *plural = strstr(json.at.at[i], "transitions");
        if (plural)
            memmove(plural + 10, plural + 11, strlen(plural + 10));
    }
    assert_int_equal(json.at.count, terraform.at.count);
    qsort(json.at.at, json.at.count, sizeof *json.at.at, by_text);
    qsort(terraform.at.at, terraform.at.count, sizeof *terraform.at.at, by_text);
    for (size_t i = 0; i < json.at.count; i++)
        assert_string_equal(json.at.at[i], terraform.at.at[i]);
    VEC_FREE(&json.at);
    VEC_FREE(&terraform.at);
}

static void stand(struct site *s, const char *rules)
{
    struct estate *e = s->estate;
    uint32_t at = estate_resource(e, "aws_s3_bucket_lifecycle_configuration.l");
    struct resource *r = &e->resources.at[at];
    r->type = intern(e->symbols, "aws_s3_bucket_lifecycle_configuration");
    r->attrs =
        parse(&e->arena, arena_printf(&e->arena, "{\"bucket\":\"lake\",\"rule\":%s}", rules));
}

static unsigned next(unsigned *seed, unsigned below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

/* Rules of every shape that people have; the last stands in the way of a second of its name.
 */
static const char *const standing[] = {
    NULL,
    "[]",
    "[{\"id\":\"old\",\"status\":\"Enabled\",\"filter\":[{\"prefix\":\"p1/"
    "\"}],\"transition\":["
    "{\"days\":120,\"storage_class\":\"GLACIER\"},"
    "{\"days\":30,\"storage_class\":\"STANDARD_IA\"}],\"expiration\":[{\"days\":700}]}]",
    "[{\"id\":\"tagged\",\"status\":\"Enabled\",\"filter\":[{\"and\":[{\"prefix\":\"p2/\","
    "\"tags\":{\"a\":\"b\",\"c\":\"d\"}}]}],\"expiration\":[{\"days\":9}]},"
    "{\"id\":\"versions\",\"status\":\"Disabled\",\"prefix\":\"\","
    "\"noncurrent_version_expiration\":[{\"noncurrent_days\":9,"
    "\"newer_noncurrent_versions\":3}]}]",
    "[{\"id\":\"advisor-tiers-p0/\",\"status\":\"Enabled\",\"filter\":[{\"prefix\":\"p0/\"}],"
    "\"transition\":[{\"days\":30,\"storage_class\":\"STANDARD_IA\"}],"
    "\"expiration\":[{\"days\":900}]},"
    "{\"id\":\"advisor-abort-incomplete-uploads\",\"status\":\"Disabled\",\"filter\":[{}],"
    "\"abort_incomplete_multipart_upload\":[{\"days_after_initiation\":30}]}]",
};

static void fill(struct site *s, unsigned *seed)
{
    const char *const prefixes[] = {"p0/", "p1/", "p2/", "p3/a/", "p3/b/"};
    for (size_t i = 0; i < 5; i++) {
        double bytes = 4096.0 * (1u << next(seed, 18));
        int from = (int)next(seed, OLD), to = from + (int)next(seed, 4);
        struct object_group *g =
            put(s, prefixes[i], "STANDARD", bytes, 1 + (uint64_t)(4e13 / bytes), from, to);
        g->protected_by = i > 0 && next(seed, 6) == 0 ? prefixes[i] : NULL;
        if (next(seed, 3) == 0)
            put(s, prefixes[i], "STANDARD", bytes, 1 + (uint64_t)(1e13 / bytes), OLD, OLD)
                ->state = OBJECT_NONCURRENT;
    }
    put_access(s, "", next(seed, 3) * 0.002, (int)next(seed, 8));
    s->options.archive_ok = next(seed, 2);
    const char *rules = standing[next(seed, sizeof standing / sizeof *standing)];
    if (rules)
        stand(s, rules);
}

static void every_configuration_is_one_that_s3_takes(void **state)
{
    (void)state;
    size_t written = 0, moves = 0;
    unsigned seed = 7;
    for (int i = 0; i < CASES; i++) {
        struct site s;
        site_open(&s);
        fill(&s, &seed);
        run(&s);
        for (size_t k = 0; k < s.advice.recommendations.count; k++) {
            const struct recommendation *r = &s.advice.recommendations.at[k];
            const char *json = artefact(r, "lifecycle.json");
            if (!json[0])
                continue;
            const struct node *configuration = parse(&s.estate->arena, json);
            check_configuration(configuration);
            check_terraform(&s.estate->arena, configuration, artefact(r, "lifecycle.tf"));
            for (size_t g = 0; g < s.estate->objects.count; g++)
                if (s.estate->objects.at[g].protected_by)
                    assert_null(
                        strstr(json, arena_printf(&s.estate->arena, "\"advisor-tiers-%s\"",
                                                  s.estate->objects.at[g].prefix)));
            written++;
            moves += strstr(json, "\"advisor-tiers-") != NULL;
        }
        site_close(&s);
    }
    assert_true(written > CASES / 2 && moves > CASES / 2);
}

static void cold(struct site *s, const char *prefix)
{
    put(s, prefix, "STANDARD", 0x1p26, 16384, OLD, OLD);
    put_access(s, "", 0, -1);
}

static void a_long_prefix_has_a_short_id_of_its_own(void **state)
{
    (void)state;
    struct site s;
    char one[300], two[300];
    memset(one, 'x', sizeof one);
    memset(two, 'x', sizeof two);
    one[178] = two[178] = one[180] = two[180] = (char)0xc3; /* cut through a letter */
    one[179] = two[179] = one[181] = two[181] = (char)0xa9;
    memcpy(one + 290, "a/", 3);
    memcpy(two + 290, "b/", 3);
    site_open(&s);
    put(&s, one, "STANDARD", 0x1p26, 16384, OLD, OLD);
    put(&s, two, "STANDARD", 0x1p26, 16384, 0, 0);
    put(&s, two, "STANDARD_IA", 0x1p26, 16384, OLD, OLD);
    cold(&s, "y/");
    run(&s);
    const struct recommendation *r = advised(&s, "s3.lifecycle");
    check_configuration(parse(&s.estate->arena, artefact(r, "lifecycle.json")));
    assert_null(strstr(artefact(r, "lifecycle.json"), "\xef\xbf\xbd"));
    site_close(&s);
}

static void a_name_that_is_taken_gets_a_number(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    cold(&s, "p0/");
    stand(&s, standing[4]);
    run(&s);
    const char *json = artefact(advised(&s, "s3.lifecycle"), "lifecycle.json");
    const struct node *rules = node_get(parse(&s.estate->arena, json), "Rules");
    assert_int_equal(rules->count, 4);
    assert_non_null(strstr(json, "\"advisor-tiers-p0/-2\""));
    assert_non_null(strstr(json, "\"advisor-abort-incomplete-uploads-2\""));
    assert_non_null(strstr(json, "\"Days\": 900")); /* the expiry of the rule that stood */
    assert_null(strstr(json, "STANDARD_IA"));
    site_close(&s);
}

static void standing_rules_that_s3_refuses_are_said_and_stop_nothing(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    cold(&s, "p0/");
    stand(&s, "[{\"id\":\"odd\",\"status\":\"Enabled\",\"filter\":[{\"prefix\":\"q/\"}],"
              "\"transition\":[{\"days\":3,\"storage_class\":\"STANDARD_IA\"}]}]");
    run(&s);
    const struct recommendation *r = advised(&s, "s3.lifecycle");
    assert_non_null(r);
    assert_string_equal(artefact(r, "lifecycle.json"), "");
    bool said = false;
    for (size_t i = 0; i < s.advice.notes.count; i++)
        said |= strstr(s.advice.notes.at[i].text, "rule odd: STANDARD_IA takes objects from "
                                                  "30 days on, not at 3") != NULL;
    assert_true(said);
    site_close(&s);
}

static void all_tags_of_a_declared_rule_stay(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    cold(&s, "p0/");
    stand(&s, "[{\"id\":\"t\",\"status\":\"Enabled\",\"filter\":[{\"and\":[{\"tag\":["
              "{\"key\":\"a\",\"value\":\"b\"},{\"key\":\"c\",\"value\":\"d\"}]}]}],"
              "\"expiration\":[{\"days\":9}]}]");
    run(&s);
    const char *json = artefact(advised(&s, "s3.lifecycle"), "lifecycle.json");
    const struct node *configuration = parse(&s.estate->arena, json);
    check_configuration(configuration);
    assert_int_equal(node_at(configuration, "Rules.0.Filter.And.Tags")->count, 2);
    site_close(&s);
}

static void declared_and_managed_tables_are_left_alone(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    cold(&s, "w/t/");
    put(&s, "uc/x/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put(&s, "plain/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put_access(&s, "", 0, -1);
    struct estate *e = s.estate;
    e->resources.at[s.bucket].usage =
        parse(&e->arena, "{\"tables\":[{\"prefix\":\"w/t/\",\"format\":\"delta\"},"
                         "{\"prefix\":\"plain/\",\"format\":\"parquet\"}]}");
    uint32_t catalog = estate_resource(e, "databricks_catalog.main");
    e->resources.at[catalog].attrs = parse(&e->arena, "{\"storage_root\":\"s3://lake/uc\"}");
    run(&s);
    const char *json = artefact(advised(&s, "s3.lifecycle"), "lifecycle.json");
    assert_non_null(strstr(json, "\"advisor-tiers-plain/\""));
    assert_null(strstr(json, "\"advisor-tiers-w"));
    assert_null(strstr(json, "\"advisor-tiers-uc"));
    assert_true(declined(&s, "the map declares the table w/t/: a live file"));
    assert_true(declined(&s, "databricks_catalog.main keeps its tables in uc: a live file"));
    assert_null(advised(&s, "s3.table_rule"));
    site_close(&s);
}

static void rules_that_break_tables_are_said(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "t/", "STANDARD", 0x1p26, 16, OLD, OLD)->protected_by = "t/";
    stand(&s, "[{\"id\":\"all\",\"status\":\"Enabled\",\"filter\":[{}],"
              "\"expiration\":[{\"days\":365}]},"
              "{\"id\":\"off\",\"status\":\"Disabled\",\"filter\":[{}],"
              "\"expiration\":[{\"days\":365}]},"
              "{\"id\":\"cold\",\"status\":\"Enabled\",\"filter\":[{\"prefix\":\"t/\"}],"
              "\"transition\":[{\"days\":90,\"storage_class\":\"GLACIER\"}]},"
              "{\"id\":\"warm\",\"status\":\"Enabled\",\"filter\":[{\"prefix\":\"t/\"}],"
              "\"transition\":[{\"days\":90,\"storage_class\":\"STANDARD_IA\"}]},"
              "{\"id\":\"tmp\",\"status\":\"Enabled\","
              "\"filter\":[{\"prefix\":\"t/_delta_log/.tmp/\"}],"
              "\"expiration\":[{\"days\":1}]},"
              "{\"id\":\"else\",\"status\":\"Enabled\",\"filter\":[{\"prefix\":\"logs/\"}],"
              "\"expiration\":[{\"days\":30}]}]");
    run(&s);
    const struct recommendation *r = advised(&s, "s3.table_rule");
    assert_non_null(r);
    assert_non_null(strstr(r->title, "Take 2 rules off the tables of bucket lake"));
    assert_non_null(strstr(artefact(r, "what-to-change.txt"), "rule all acts on the whole"));
    assert_non_null(strstr(artefact(r, "what-to-change.txt"), "rule cold acts on t/"));
    site_close(&s);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static const struct node *read_file(struct arena *arena, const char *folder, const char *name)
{
    const struct node *n;
    struct err err = ERR_INIT;
    if (!doc_read(&n, arena, arena_printf(arena, "%s/%s", folder, name), &err))
        fail_msg("%s", err.text);
    return n;
}

/* An `aws` that keeps a configuration in a file, and refuses to show it when told so. */
static const char fake_aws[] = "#!/bin/sh\n"
                               "[ -e denied ] && { echo AccessDenied >&2; exit 254; }\n"
                               "case $2 in\n"
                               "get*) cat bucket.json 2>/dev/null || { echo "
                               "NoSuchLifecycleConfiguration >&2; exit 254; };;\n"
                               "put*) echo \"$6\" >least; cp merged.json bucket.json;;\n"
                               "esac\n";

static int run_script(const char *folder, const struct recommendation *r)
{
    char command[700];
    write_file(folder, "lifecycle.json", artefact(r, "lifecycle.json"));
    write_file(folder, "lifecycle.sh", artefact(r, "lifecycle.sh"));
    snprintf(command, sizeof command,
             "cd %s && chmod +x aws && PATH=%s:$PATH sh ./lifecycle.sh 2>/dev/null", folder,
             folder);
    return system(command);
}

static void scripts_of_one_bucket_do_not_undo_each_other(void **state)
{
    (void)state;
    struct site s;
    char folder[] = "/tmp/advisor-lifecycle-XXXXXX";
    if (system("command -v jq >/dev/null") != 0)
        skip();
    assert_non_null(mkdtemp(folder));
    site_open(&s);
    cold(&s, "p0/");
    put(&s, "p0/", "STANDARD", 0x1p26, 16384, OLD, OLD)->state = OBJECT_NONCURRENT;
    run(&s);
    write_file(folder, "aws", fake_aws);
    write_file(folder, "bucket.json",
               "{\"TransitionDefaultMinimumObjectSize\":\"varies_by_storage_class\","
               "\"Rules\":[{\"ID\":\"stands\",\"Status\":\"Enabled\",\"Filter\":{},"
               "\"Expiration\":{\"Days\":9999}}]}");
    assert_int_equal(run_script(folder, advised(&s, "s3.lifecycle")), 0);
    assert_int_equal(system(arena_printf(&s.estate->arena,
                                         "grep -q varies_by_storage_class %s/least", folder)),
                     0);
    assert_int_equal(run_script(folder, advised(&s, "s3.versions")), 0);
    assert_int_equal(run_script(folder, advised(&s, "s3.lifecycle")), 0);
    const struct node *rules =
        node_get(read_file(&s.estate->arena, folder, "bucket.json"), "Rules");
    const char *const ids[] = {"stands", "advisor-noncurrent-versions", "advisor-tiers-all",
                               "advisor-abort-incomplete-uploads"};
    assert_int_equal(rules->count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(text_of(rules->items[i], "ID"), ids[i]);
    write_file(folder, "denied", "");
    assert_int_not_equal(run_script(folder, advised(&s, "s3.versions")), 0);
    rules = node_get(read_file(&s.estate->arena, folder, "bucket.json"), "Rules");
    assert_int_equal(rules->count, 4);
    assert_int_equal(system(arena_printf(&s.estate->arena, "rm -r %s", folder)), 0);
    site_close(&s);
}

static void hostile_names_stay_words(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    assert_string_equal(shell_word(&arena, "acme-raw"), "acme-raw");
    assert_string_equal(shell_word(&arena, "a; rm -r ~"), "'a; rm -r ~'");
    assert_string_equal(shell_word(&arena, "it's"), "'it'\\''s'");
    assert_string_equal(shell_word(&arena, "-x"), "'-x'");
    assert_string_equal(shell_word(&arena, ""), "''");
    assert_string_equal(comment_word(&arena, "db\nreboot"), "db reboot");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_configuration_is_one_that_s3_takes),
        cmocka_unit_test(a_long_prefix_has_a_short_id_of_its_own),
        cmocka_unit_test(a_name_that_is_taken_gets_a_number),
        cmocka_unit_test(standing_rules_that_s3_refuses_are_said_and_stop_nothing),
        cmocka_unit_test(all_tags_of_a_declared_rule_stay),
        cmocka_unit_test(declared_and_managed_tables_are_left_alone),
        cmocka_unit_test(rules_that_break_tables_are_said),
        cmocka_unit_test(scripts_of_one_bucket_do_not_undo_each_other),
        cmocka_unit_test(hostile_names_stay_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
