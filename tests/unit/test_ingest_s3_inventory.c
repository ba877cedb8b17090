#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ingest/ingest.h"
#include "ingest/s3_key.h"
#include "ingest/s3_prefix_cache.h"
#include "ingest/s3_tally.h"
#include "io/duckdb.h"
#include "io/files.h"

extern const struct ingest_format ingest_s3_inventory;

static const char schema[] =
    "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass, "
    "EncryptionStatus, BucketKeyStatus";

struct site {
    struct arena arena;
    char *root;
    struct estate *estate;
    struct ingest_options options;
    struct err err;
};

static void site_open(struct site *s)
{
    *s = (struct site){.estate = estate_open()};
    s->root = arena_strdup(&s->arena, "/tmp/advisor-s3-XXXXXX");
    assert_non_null(mkdtemp(s->root));
}

static void site_close(struct site *s)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", s->root);
    assert_int_equal(system(command), 0);
    estate_free(s->estate);
    arena_release(&s->arena);
}

static const char *put(struct site *s, const char *name, const char *text)
{
    const char *path = path_join(&s->arena, s->root, name);
    assert_true(files_write(path, text, strlen(text), NULL));
    return path;
}

static const char *put_manifest(struct site *s, const char *name, const char *keys)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "{\"sourceBucket\":\"lake\",\"destinationBucket\":\"arn:aws:s3:::inv\","
               "\"version\":\"2016-11-30\",\"creationTimestamp\":\"1767225600000\","
               "\"fileFormat\":\"CSV\",\"fileSchema\":\"%s\",\"files\":[%s]}",
               schema, keys);
    const char *path = put(s, name, buf_text(&text));
    buf_release(&text);
    return path;
}

static void read_ok(struct site *s, const char *path)
{
    if (!ingest_s3_inventory.read(s->estate, path, &s->options, &s->err))
        fail_msg("%s", s->err.text);
}

static const struct object_group *group(const struct site *s, const char *prefix,
                                        const char *class, enum object_state state)
{
    for (size_t i = 0; i < s->estate->objects.count; i++) {
        const struct object_group *g = &s->estate->objects.at[i];
        if (strcmp(g->prefix, prefix) == 0 && strcmp(g->storage_class, class) == 0 &&
            g->state == state)
            return g;
    }
    return NULL;
}

static bool noted(const struct site *s, const char *part)
{
    for (size_t i = 0; i < s->estate->notes.count; i++)
        if (strstr(s->estate->notes.at[i].text, part))
            return true;
    return false;
}

static void counts_by_prefix_age_size_and_state(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a.csv",
        "\"lake\",\"raw/orders/dt%3D2025-12-31/x.csv\",\"\",\"true\",\"false\",\"200000\","
        "\"2025-12-31T10:00:00.000Z\",\"STANDARD\",\"SSE-KMS\",\"DISABLED\"\n"
        "\"lake\",\"raw/orders/dt%3D2025-12-30/y.csv\",\"v1\",\"false\",\"false\",\"3\","
        "\"2025-10-01T10:00:00.000Z\",\"STANDARD\",\"SSE-S3\",\"DISABLED\"\n"
        "\"lake\",\"raw/my+file%2B\",\"v2\",\"true\",\"true\",\"\","
        "\"2025-12-30T10:00:00.000Z\",\"\",\"\",\"\"\n");
    put(&s, "b.csv",
        "\"lake\",\"top\",\"\",\"true\",\"false\",\"5000000000\","
        "\"2020-12-31T10:00:00.000Z\",\"DEEP_ARCHIVE\",\"SSE-KMS\",\"ENABLED\"\n");
    read_ok(&s, put_manifest(&s, "manifest.json",
                             "{\"key\":\"inv/lake/all/data/a.csv\"},{\"key\":\"x/b.csv\"}"));
    const struct object_group *g = group(&s, "raw/orders/", "STANDARD", OBJECT_CURRENT);
    assert_non_null(g);
    assert_int_equal(g->bins[0][4].count, 1); /* a day old, 128 to 256 KiB */
    assert_int_equal(g->bins[0][4].bytes, 200000);
    assert_int_equal(g->taken_on, day_of(2026, 1, 1));
    assert_null(g->protected_by);
    g = group(&s, "raw/orders/", "STANDARD", OBJECT_NONCURRENT);
    assert_int_equal(g->bins[6][0].count, 1); /* 92 days */
    g = group(&s, "raw/", "STANDARD", OBJECT_DELETE_MARKER);
    assert_int_equal(g->bins[0][0].count, 1);
    g = group(&s, "", "DEEP_ARCHIVE", OBJECT_CURRENT);
    assert_int_equal(g->bins[AGE_BINS - 1][SIZE_BINS - 1].count, 1);
    const struct resource *bucket = &s.estate->resources.at[g->bucket];
    assert_string_equal(bucket->id, "lake");
    assert_true(node_number(node_at(bucket->usage, "s3_inventory.all.objects"), 0) == 4);
    assert_true(
        node_number(node_at(bucket->usage, "s3_inventory.kms_without_bucket_key.bytes"), 0) ==
        200000);
    site_close(&s);
}

static void tables_are_protected_with_all_below(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
#define ROW(key)                                                                              \
    "\"lake\",\"" key "\",\"\",\"true\",\"false\",\"1\",\"2025-12-31T10:00:00.000Z\","        \
    "\"STANDARD\",\"\",\"\"\n"
    put(&s, "a.csv",
        ROW("w/sales/part-1.parquet") ROW("w/sales/_delta_log/0.json") ROW("w/logs/a")
            ROW("ice/t/data/f") ROW("ice/t/metadata/1.metadata.json")
                ROW("ice/u/metadata/notes.txt") ROW("h/t/.hoodie/x")
                    ROW("m/__unitystorage/c/f"));
    read_ok(&s, put_manifest(&s, "manifest.json", "{\"key\":\"a.csv\"}"));
    assert_string_equal(group(&s, "w/sales/", "STANDARD", OBJECT_CURRENT)->protected_by,
                        "w/sales/");
    assert_null(group(&s, "w/logs/", "STANDARD", OBJECT_CURRENT)->protected_by);
    assert_string_equal(group(&s, "ice/t/data/", "STANDARD", OBJECT_CURRENT)->protected_by,
                        "ice/t/");
    assert_null(group(&s, "ice/u/metadata/", "STANDARD", OBJECT_CURRENT)->protected_by);
    assert_string_equal(group(&s, "h/t/", "STANDARD", OBJECT_CURRENT)->protected_by, "h/t/");
    assert_string_equal(group(&s, "m/", "STANDARD", OBJECT_CURRENT)->protected_by,
                        "m/__unitystorage/");
    site_close(&s);
}

static void what_is_lost_is_named(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a.csv",
        ROW("a/1") "\"lake\",\"a/"
                   "2\",\"\",\"true\",\"false\",\"1x\",\"2025-12-31T10:00:00.000Z\","
                   "\"STANDARD\",\"\",\"\"\n"
                   "\"lake\",\"a/"
                   "3\",\"\",\"true\",\"false\",\"1\",\"yesterday\",\"STANDARD\",\"\",\"\"\n"
                   "\"lake\",\"a/4\"\n"
                   "\"lake\",\"a/"
                   "5\",\"\",\"true\",\"false\",\"7\",\"2025-12-31T10:00:00.000Z\","
                   "\"GLACIER_X\",\"\",\"\"\n");
    const char *manifest = put_manifest(
        &s, "manifest.json", "{\"key\":\"a.csv\"},{\"key\":\"inv/data/gone.csv.gz\"}");
    read_ok(&s, manifest);
    assert_true(noted(&s, "gone.csv.gz"));
    assert_true(noted(&s, "3 of 5 inventory rows"));
    assert_true(noted(&s, "row 2, column Size: '1x'"));
    assert_true(noted(&s, "row 3, column LastModifiedDate: 'yesterday'"));
    assert_true(noted(&s, "GLACIER_X is not known: 1 objects, 7 bytes"));
    assert_int_equal(group(&s, "a/", "STANDARD", OBJECT_CURRENT)->bins[0][0].count, 1);
    s.options.strict = true;
    assert_false(ingest_s3_inventory.read(s.estate, manifest, &s.options, &s.err));
    assert_non_null(strstr(s.err.text, "gone.csv.gz"));
    site_close(&s);
}

static void what_is_not_what_the_manifest_says_is_named(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a.csv", ROW("a/1"));
    put(&s, "b.csv", ROW("a/1") "\"lake\",\"a/2\",\"\",\"perhaps\",\"false\",\"1\","
                                "\"2025-12-31T10:00:00.000Z\",\"STANDARD\",\"\",\"\"\n");
    char keys[200];
    snprintf(keys, sizeof keys,
             "{\"key\":\"a.csv\",\"size\":%zu},{\"key\":\"b.csv\",\"size\":7}",
             strlen(ROW("a/1")));
    read_ok(&s, put_manifest(&s, "manifest.json", keys));
    assert_int_equal(group(&s, "a/", "STANDARD", OBJECT_CURRENT)->bins[0][0].count, 2);
    assert_int_equal(s.estate->notes.count, 3);
    assert_true(noted(&s, "where the manifest says 7"));
    assert_true(noted(&s, "row 2, column IsLatest: 'perhaps' is neither true nor false"));
    site_close(&s);
}

static void refuses_what_cannot_be_counted(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    const char *path = put_manifest(&s, "m.json", "{\"key\":\"gone.csv\"}");
    assert_false(ingest_s3_inventory.read(s.estate, path, &s.options, &s.err));
    assert_non_null(strstr(s.err.text, "none of its 1 data files"));
    put(&s, "a.csv", "x");
    path =
        put(&s, "m.json",
            "{\"sourceBucket\":\"b\",\"creationTimestamp\":\"1767225600000\",\"fileFormat\":"
            "\"CSV\",\"fileSchema\":\"Bucket, Key\",\"files\":[{\"key\":\"a.csv\"}]}");
    assert_false(ingest_s3_inventory.read(s.estate, path, &s.options, &s.err));
    assert_non_null(strstr(s.err.text, "size"));
    path = put(&s, "m.json",
               "{\"sourceBucket\":\"b\",\"creationTimestamp\":\"x\",\"fileFormat\":\"CSV\","
               "\"fileSchema\":\"Key\",\"files\":[]}");
    assert_false(ingest_s3_inventory.read(s.estate, path, &s.options, &s.err));
    site_close(&s);
}

static void newest_snapshot_of_a_folder_is_read(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    static const char *const folders[] = {"2025-12-31T01-00Z", "2026-01-01T01-00Z", "data"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mkdir(path_join(&s.arena, s.root, folders[i]), 0700), 0);
    put(&s, "data/old.csv", ROW("a/1"));
    put(&s, "data/new.csv", ROW("a/1") ROW("a/2"));
    put_manifest(&s, "2025-12-31T01-00Z/manifest.json", "{\"key\":\"i/lake/c/data/old.csv\"}");
    put_manifest(&s, "2026-01-01T01-00Z/manifest.json", "{\"key\":\"i/lake/c/data/new.csv\"}");
    assert_true(ingest_s3_inventory.matches_folder(s.root));
    assert_false(ingest_s3_inventory.matches_folder(path_join(&s.arena, s.root, "data")));
    read_ok(&s, s.root);
    assert_int_equal(group(&s, "a/", "STANDARD", OBJECT_CURRENT)->bins[0][0].count, 2);
    assert_true(noted(&s, "2 snapshots"));
    site_close(&s);
}

static void prefixes_stop_where_data_begins(void **state)
{
    (void)state;
    static const char *const want[][2] = {
        {"a/b/c", "a/b/"},
        {"a/b/c/d/e/f", "a/b/c/d/"},
        {"a/dt=2024-01-01/x", "a/"},
        {"a/2024/01/x", "a/"},
        {"AWSLogs/123456789012/x", "AWSLogs/"},
        {"t/_delta_log/0.json", "t/"},
        {"t/0123456789abcdef-0123/x", "t/"},
        {"/a", ""},
        {"a", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(s3_key_prefix(want[i][0], strlen(want[i][0]), 4), strlen(want[i][1]));
}

static void keys_are_decoded(void **state)
{
    (void)state;
    static const char *const want[][2] = {{"a+b%2Bc", "a b+c"},
                                          {"%", "%"},
                                          {"%4", "%4"},
                                          {"%zz%41", "%zzA"},
                                          {"%e4%BD", "\xe4\xbd"}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        char out[16] = {0};
        size_t n = s3_key_decode(out, want[i][0], strlen(want[i][0]));
        assert_int_equal(n, strlen(want[i][1]));
        assert_memory_equal(out, want[i][1], n);
    }
}

/* A key of folders that are hard to tell, as S3 writes it; 64 bytes behind it may be read. */
static size_t make_key(char *to, size_t room, unsigned *seed)
{
    static const char *const parts[] = {
        "a",           "b+c",       "100%25",     "dt%3D2025-01-01", "x=1",
        "2025",        "_delta_log", ".hoodie",   "__unitystorage",  "_tmp",
        "0123456789abcdef", "deadbeef-deadbeef", "%64eadbeef-deadbeef", "%32",
        "metadata",    "",          "%zz",        "%5Fx",            "data%20lake",
        "a-folder-whose-name-is-longer-than-sixty-four-bytes-as-some-of-them-are",
    };
    static const char *const files[] = {"f.parquet", "1.metadata.json", "x.json", "_SUCCESS",
                                        "%3D", ""};
    struct buf key = BUF_INIT;
    unsigned folders = (*seed = *seed * 1103515245u + 12345u) >> 16 & 7;
    for (unsigned i = 0; i < folders; i++) {
        *seed = *seed * 1103515245u + 12345u;
        buf_printf(&key, "%s/", parts[(*seed >> 16) % (sizeof parts / sizeof *parts)]);
    }
    *seed = *seed * 1103515245u + 12345u;
    buf_add(&key, files[(*seed >> 16) % (sizeof files / sizeof *files)]);
    assert_true(key.length + 64 < room);
    memset(to, '/', room);
    if (key.length)
        memcpy(to, buf_text(&key), key.length);
    size_t length = key.length;
    buf_release(&key);
    return length;
}

static bool has_root(const struct tally *t, const char *root)
{
    for (size_t i = 0; i < t->roots.count; i++)
        if (strcmp(t->roots.at[i], root) == 0)
            return true;
    return false;
}

/* What the cache of prefixes says is what the decoded key says, whatever came before. */
static void cached_prefixes_are_those_of_decoded_keys(void **state)
{
    (void)state;
    enum { KEYS = 30000, ROOM = 1024 };
    struct tally plain, cached;
    char key[ROOM], decoded[ROOM];
    unsigned seed = 7;
    tally_init(&plain);
    tally_init(&cached);
    struct prefix_cache *cache = prefix_cache_open(&cached);
    for (unsigned i = 0; i < KEYS; i++) {
        size_t length = make_key(key, sizeof key, &seed);
        size_t n = s3_key_decode(decoded, key, length);
        uint32_t want = tally_prefix_of(&plain, decoded, n);
        uint32_t got = prefix_cache_find(cache, key, length);
        if (strcmp(plain.prefixes.at[want].text, cached.prefixes.at[got].text) != 0)
            fail_msg("%.*s: %s, not %s", (int)length, key, cached.prefixes.at[got].text,
                     plain.prefixes.at[want].text);
        prefix_cache_moved(cache);
    }
    assert_true(plain.roots.count > 100);
    assert_int_equal(plain.roots.count, cached.roots.count);
    for (size_t i = 0; i < plain.roots.count; i++)
        assert_true(has_root(&cached, plain.roots.at[i]));
    prefix_cache_free(cache);
    tally_release(&plain);
    tally_release(&cached);
}

static void keys_of_one_folder_follow_each_other(void **state)
{
    (void)state;
    static const char *const keys[] = {"a/b/1", "a/b/2", "a/b/c/3", "a/b/_delta_log/4",
                                       "a/b/5", "a/6", "7"};
    static const char *const want[] = {"a/b/", "a/b/", "a/b/c/", "a/b/", "a/b/", "a/", ""};
    struct tally t;
    char rows[7][128] = {{0}};
    tally_init(&t);
    struct prefix_cache *cache = prefix_cache_open(&t);
    for (size_t i = 0; i < 7; i++) {
        memcpy(rows[i], keys[i], strlen(keys[i]));
        uint32_t prefix = prefix_cache_find(cache, rows[i], strlen(keys[i]));
        assert_string_equal(t.prefixes.at[prefix].text, want[i]);
    }
    assert_int_equal(t.roots.count, 1);
    prefix_cache_free(cache);
    tally_release(&t);
}

/* Values that decide by their date, size and class in every form they may have. */
static void values_are_read_in_every_form(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
#define VALUES(size, modified, class)                                                         \
    "\"lake\",\"v/x\",\"\",\"true\",\"false\"," size "," modified "," class ",\"\",\"\"\n"
    put(&s, "a.csv",
        VALUES("\"12345678\"", "\"2025-12-31T10:00:00.000Z\"", "\"STANDARD\"")
        VALUES("\"123456789\"", "\"2025-12-31\"", "STANDARD")
        VALUES("1234567890123456", "2025-12-31 10:00:00", "\"\"")
        VALUES("\"00000000\"", "\"1999-12-31T10:00:00.000Z\"", "\"STANDARD\"")
        VALUES("\"1234567/\"", "\"2025-12-31T10:00:00.000Z\"", "\"STANDARD\"")
        VALUES("\"12345678901234567\"", "\"2025-12-31T10:00:00.000Z\"", "\"STANDARD\"")
        VALUES("\"\"", "\"2025-12-31T10:00:00.000Z\"", "\"STANDARD\"")
        VALUES("\"1\"", "\"2025-02-30T10:00:00.000Z\"", "\"STANDARD\"")
        VALUES("\"1\"", "\"2025-12-31garbage\"", "\"STANDARD\"")
        VALUES("\"1\"", "\"2025:12:31T10:00:00.000Z\"", "\"STANDARD\""));
    read_ok(&s, put_manifest(&s, "manifest.json", "{\"key\":\"a.csv\"}"));
    const struct object_group *g = group(&s, "v/", "STANDARD", OBJECT_CURRENT);
    uint64_t bytes = 0, objects = 0;
    for (int z = 0; z < SIZE_BINS; z++) {
        bytes += g->bins[0][z].bytes;
        objects += g->bins[0][z].count;
    }
    assert_int_equal(objects, 3);
    assert_true(bytes == 12345678 + 123456789 + 1234567890123456);
    assert_int_equal(g->bins[AGE_BINS - 1][0].count, 1);
    assert_true(noted(&s, "6 of 10 inventory rows"));
    site_close(&s);
}

/* One row of values that are right, odd or wrong; in quotes all of them, or most. */
static void add_random_row(struct buf *to, unsigned *seed, const char *line_end)
{
    static const char *const values[][4] = {
        {"lake"},
        {"a/b/1", "a/c/2", "d/_delta_log/0", ""},
        {"", "v1"},
        {"true", "false", "TRUE", ""},
        {"false", "true"},
        {"1", "123456789", "x", ""},
        {"2025-12-31T10:00:00.000Z", "2024-02-29T10:00:00.000Z", "never", "2025-01-01"},
        {"STANDARD", "GLACIER_IR", "ODD\"\"ONE", ""},
        {"SSE-KMS", "SSE-S3", "a,b", ""},
        {"ENABLED", "DISABLED"},
    };
    for (size_t i = 0; i < 10; i++) {
        *seed = *seed * 1103515245u + 12345u;
        const char *value = values[i][*seed >> 16 & 3];
        bool bare = (*seed >> 20) % 64 == 0 && !(value && strpbrk(value, ",\""));
        buf_printf(to, bare ? "%s%s" : "%s\"%s\"", i ? "," : "", value ? value : values[i][0]);
        if ((*seed >> 24) % 97 == 0)
            break;
    }
    buf_add(to, line_end);
}

/* Rows that end in CRLF go by the careful way alone: it must give the same. */
static void both_ways_of_reading_rows_agree(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    static const char *const line_ends[] = {"\n", "\r\n"};
    struct site sites[2];
    for (int way = 0; way < 2; way++) {
        struct site *s = &sites[way];
        struct buf text = BUF_INIT;
        unsigned seed = 11;
        site_open(s);
        for (int i = 0; i < ROWS; i++)
            add_random_row(&text, &seed, line_ends[way]);
        put(s, "a.csv", buf_text(&text));
        read_ok(s, put_manifest(s, "manifest.json", "{\"key\":\"a.csv\"}"));
        buf_release(&text);
    }
    const struct estate *a = sites[0].estate, *b = sites[1].estate;
    assert_true(a->objects.count > 20);
    assert_int_equal(a->objects.count, b->objects.count);
    for (size_t i = 0; i < a->objects.count; i++) {
        const struct object_group *x = &a->objects.at[i], *y = &b->objects.at[i];
        assert_string_equal(x->prefix, y->prefix);
        assert_string_equal(x->storage_class, y->storage_class);
        assert_memory_equal(x->bins, y->bins, sizeof x->bins);
    }
    assert_true(node_equal(a->resources.at[0].usage, b->resources.at[0].usage));
    assert_int_equal(a->notes.count, b->notes.count);
    assert_true(a->notes.count > 3);
    site_close(&sites[0]);
    site_close(&sites[1]);
}

static void count_one(struct tally *t, unsigned i)
{
    char key[64];
    int n = snprintf(key, sizeof key, "p%u/q%u/r%u/s", i % 7, i % 61, i % 5021);
    uint32_t prefix = tally_prefix_of(t, key, (size_t)n);
    struct tally_group *g = tally_group(t, prefix, (uint8_t)(i % 3), OBJECT_CURRENT);
    g->bins[0][0].count++;
    g->bins[0][0].bytes += i;
}

/* More prefixes than are kept: what remains must not depend on order or threads. */
static void folding_does_not_depend_on_the_order(void **state)
{
    (void)state;
    enum { OBJECTS = 20000 };
    struct tally up, down, half;
    tally_init(&up);
    tally_init(&down);
    tally_init(&half);
    for (unsigned i = 0; i < OBJECTS; i++) {
        count_one(&up, i);
        count_one(i % 2 ? &down : &half, OBJECTS - 1 - i);
    }
    tally_merge(&down, &half);
    assert_int_equal(up.depth, 2);
    assert_int_equal(down.depth, 2);
    assert_int_equal(up.groups.count, down.groups.count);
    uint32_t *a = tally_sorted(&up), *b = tally_sorted(&down);
    for (size_t i = 0; i < up.groups.count; i++) {
        const struct tally_group *x = &up.groups.at[a[i]], *y = &down.groups.at[b[i]];
        assert_string_equal(up.prefixes.at[x->prefix].text, down.prefixes.at[y->prefix].text);
        assert_memory_equal(x->bins, y->bins, sizeof x->bins);
    }
    free(a);
    free(b);
    tally_release(&up);
    tally_release(&down);
    tally_release(&half);
}

static void reads_real_inventory(const char *manifest)
{
    const char *data = getenv("ADVISOR_DATA");
    struct site s;
    char path[512];
    snprintf(path, sizeof path, "%s/s3-inventory/umccr-orcabus/%s",
             data ? data : "../shared/data", manifest);
    if (!files_exists(path)) {
        print_message("skipped: %s is not there\n", path);
        skip();
    }
    site_open(&s);
    read_ok(&s, path);
    const struct object_group *g = group(&s, "inventory-test/", "STANDARD", OBJECT_CURRENT);
    assert_int_equal(g->bins[0][0].count, 2);
    assert_int_equal(g->bins[0][0].bytes, 5);
    g = group(&s, "inventory-test/", "STANDARD", OBJECT_NONCURRENT);
    assert_int_equal(g->bins[0][0].count, 2);
    g = group(&s, "inventory-test/", "STANDARD", OBJECT_DELETE_MARKER);
    assert_int_equal(g->bins[0][0].count, 1);
    assert_int_equal(g->taken_on, day_of(2024, 5, 7));
    site_close(&s);
}

static void reads_a_real_inventory(void **state)
{
    (void)state;
    reads_real_inventory("csv_inventory_manifest.json");
}

static void reads_the_same_from_parquet(void **state)
{
    (void)state;
    struct duckdb *db;
    if (!duckdb_open(&db, 1, NULL)) {
        print_message("skipped: DuckDB's library is not there\n");
        skip();
    }
    duckdb_close(db);
    reads_real_inventory("parquet_inventory_manifest.json");
}

/* A part as S3 writes it, made by DuckDB itself. */
static void properties_are_the_same_from_parquet(void **state)
{
    (void)state;
    struct duckdb *db;
    struct site s;
    struct buf sql = BUF_INIT, ignored = BUF_INIT;
    if (!duckdb_open(&db, 1, NULL)) {
        print_message("skipped: DuckDB's library is not there\n");
        skip();
    }
    site_open(&s);
    buf_printf(&sql,
               "COPY (SELECT 'a/'||i AS key, 10::BIGINT AS size, "
               "TIMESTAMP '2025-12-31' AS last_modified_date, "
               "CASE WHEN i < 2 THEN 'INTELLIGENT_TIERING' ELSE 'STANDARD' END AS "
               "storage_class, CASE WHEN i = 3 THEN 'COMPLETED' END AS "
               "replication_status, CASE WHEN i > 3 THEN 'SSE-KMS' ELSE 'SSE-S3' END AS "
               "encryption_status, CASE WHEN i = 5 THEN 'ENABLED' ELSE 'DISABLED' END AS "
               "bucket_key_status, CASE WHEN i = 1 THEN 'GOVERNANCE' END AS object_lock_mode, "
               "CASE WHEN i = 0 THEN 'ARCHIVE' WHEN i = 1 THEN 'INFREQUENT' END AS "
               "intelligent_tiering_access_tier FROM range(8) r(i)) TO '%s/p.parquet'",
               s.root);
    struct err err = ERR_INIT;
    duckdb_csv(&ignored, db, buf_text(&sql), &err);
    const char *path =
        put(&s, "m.json",
            "{\"sourceBucket\":\"lake\",\"creationTimestamp\":\"1767225600000\","
            "\"fileFormat\":\"Parquet\",\"fileSchema\":\"key size last_modified_date "
            "storage_class replication_status encryption_status bucket_key_status "
            "object_lock_mode "
            "intelligent_tiering_access_tier\",\"files\":[{\"key\":\"p.parquet\"}]}");
    read_ok(&s, path);
    const struct node *usage = s.estate->resources.at[0].usage;
    assert_true(node_number(node_at(usage, "s3_inventory.all.objects"), 0) == 8);
    assert_true(
        node_number(node_at(usage, "s3_inventory.kms_without_bucket_key.objects"), 0) == 3);
    assert_true(node_number(node_at(usage, "s3_inventory.replicated.objects"), 0) == 1);
    assert_true(node_number(node_at(usage, "s3_inventory.locked.bytes"), 0) == 10);
    assert_true(node_number(node_at(usage, "s3_inventory.tier_archive.objects"), 0) == 1);
    assert_true(node_number(node_at(usage, "s3_inventory.tier_infrequent.objects"), 0) == 1);
    assert_null(node_at(usage, "s3_inventory.tier_frequent"));
    buf_release(&sql);
    buf_release(&ignored);
    duckdb_close(db);
    site_close(&s);
}

/* Without the column nobody knows whether a bucket key is in use. */
static void unlisted_bucket_keys_are_not_missing_ones(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a.csv", "\"a/1\",\"1\",\"2025-12-31T10:00:00.000Z\",\"SSE-KMS\"\n");
    read_ok(&s, put(&s, "m.json",
                    "{\"sourceBucket\":\"lake\",\"creationTimestamp\":\"1767225600000\","
                    "\"fileFormat\":\"CSV\",\"fileSchema\":\"Key, Size, LastModifiedDate, "
                    "EncryptionStatus\",\"files\":[{\"key\":\"a.csv\"}]}"));
    const struct node *usage = s.estate->resources.at[0].usage;
    assert_true(node_number(node_at(usage, "s3_inventory.all.objects"), 0) == 1);
    assert_null(node_at(usage, "s3_inventory.kms_without_bucket_key"));
    site_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_prefix_age_size_and_state),
        cmocka_unit_test(tables_are_protected_with_all_below),
        cmocka_unit_test(what_is_lost_is_named),
        cmocka_unit_test(what_is_not_what_the_manifest_says_is_named),
        cmocka_unit_test(refuses_what_cannot_be_counted),
        cmocka_unit_test(newest_snapshot_of_a_folder_is_read),
        cmocka_unit_test(prefixes_stop_where_data_begins),
        cmocka_unit_test(keys_are_decoded),
        cmocka_unit_test(cached_prefixes_are_those_of_decoded_keys),
        cmocka_unit_test(keys_of_one_folder_follow_each_other),
        cmocka_unit_test(values_are_read_in_every_form),
        cmocka_unit_test(both_ways_of_reading_rows_agree),
        cmocka_unit_test(folding_does_not_depend_on_the_order),
        cmocka_unit_test(reads_a_real_inventory),
        cmocka_unit_test(reads_the_same_from_parquet),
        cmocka_unit_test(properties_are_the_same_from_parquet),
        cmocka_unit_test(unlisted_bucket_keys_are_not_missing_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
