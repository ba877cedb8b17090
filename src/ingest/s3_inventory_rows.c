#include "s3_inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/stream.h"
#include "s3_key.h"

enum {
    BUFFER = 1 << 18,
    SLOTS = 1024,
    WAYS = 4,
    PREFIX_MAX = 232,
    KEY_MAX = 4096,
    DATE_LENGTH = 10
};

static const struct {
    const char *name;
    bool needed;
} columns[INVENTORY_COLUMNS] = {
    [INVENTORY_KEY] = {"key", true},
    [INVENTORY_SIZE] = {"size", true},
    [INVENTORY_MODIFIED] = {"lastmodifieddate", true},
    [INVENTORY_CLASS] = {"storageclass", false},
    [INVENTORY_LATEST] = {"islatest", false},
    [INVENTORY_MARKER] = {"isdeletemarker", false},
    [INVENTORY_REPLICATION] = {"replicationstatus", false},
    [INVENTORY_ENCRYPTION] = {"encryptionstatus", false},
    [INVENTORY_BUCKET_KEY] = {"bucketkeystatus", false},
    [INVENTORY_LOCK] = {"objectlockmode", false},
    [INVENTORY_TIER] = {"intelligenttieringaccesstier", false},
};

static bool same_name(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && strncasecmp(text, name, length) == 0;
}

bool inventory_schema_read(struct inventory_schema *out, const char *text, struct err *err)
{
    *out = (struct inventory_schema){0};
    for (int c = 0; c < INVENTORY_COLUMNS; c++)
        out->field[c] = -1;
    for (const char *at = text; *at != '\0'; out->columns++) {
        at += strspn(at, " ,");
        size_t length = strcspn(at, ", ");
        for (int c = 0; c < INVENTORY_COLUMNS; c++)
            if (same_name(at, length, columns[c].name) && out->field[c] < 0) {
                out->position[out->wanted] = out->columns;
                out->field[c] = (int)out->wanted++;
            }
        at += length;
    }
    for (int c = 0; c < INVENTORY_COLUMNS; c++)
        if (columns[c].needed && out->field[c] < 0)
            return err_set(err,
                           "the fileSchema has no column %s: an inventory without it cannot "
                           "be counted by age and size",
                           columns[c].name);
    return true;
}

/* A prefix seen before, as it stands in the file. */
struct seen_prefix {
    uint32_t length, prefix;
    char text[PREFIX_MAX];
};

enum { CLASS_SLOTS = 64, CLASS_MAX = 24 };

struct seen_class {
    uint32_t length;
    uint8_t class;
    char text[CLASS_MAX];
};

/* A count that waits for its memory to come: bins of many groups do not fit the cache. */
struct pending {
    struct object_bin *bin;
    uint64_t bytes;
};

struct reading {
    struct tally *tally;
    struct inventory_part *part;
    const struct inventory_schema *schema;
    struct csv_plan plan;
    struct csv_rows rows;
    day taken_on;
    struct pending pending[CSV_BATCH_ROWS];
    size_t waiting;
    uint64_t generation;
    char last_folder[PREFIX_MAX]; /* and the prefix that it counts under */
    size_t last_folder_length;
    uint32_t last_folder_prefix;
    uint8_t size_bin[65]; /* by the number of bits: the bounds are powers of two */
    struct seen_prefix prefixes[SLOTS]; /* in sets of WAYS by hash */
    unsigned forget;
    struct seen_class classes[CLASS_SLOTS];
};

static bool bad_row(struct reading *r, const char *column, const char *why, struct csv_view v)
{
    struct inventory_part *p = r->part;
    int shown = v.length < 60 ? (int)v.length : 60;
    if (p->bad_rows < INVENTORY_BAD_SHOWN)
        err_row(&p->bad[p->bad_rows], p->path, (size_t)p->rows, column, "'%.*s' %s", shown,
                v.at, why);
    p->bad_rows++;
    return false;
}

/* Inventory quotes every value and its values hold no quotes: taking them off is enough. */
static inline struct csv_view field(const struct reading *r, size_t row,
                                    enum inventory_column column)
{
    int f = r->schema->field[column];
    if (f < 0)
        return (struct csv_view){"", 0};
    const uint32_t *marks = r->rows.marks + row * r->rows.stride;
    uint32_t from = marks[r->plan.begin[f]] + 1, to = marks[r->plan.end[f]];
    const char *at = r->rows.bytes + from;
    uint32_t length = from < to ? to - from : 0;
    uint32_t quotes = length >= 2 && at[0] == '"' && at[length - 1] == '"';
    return (struct csv_view){at + quotes, length - 2 * quotes};
}

/* Whether a value can be anything but "" or a word of another length, without looking at it.
 */
static inline bool may_be(const struct reading *r, size_t row, enum inventory_column column,
                          uint32_t least)
{
    int f = r->schema->field[column];
    if (f < 0)
        return false;
    const uint32_t *marks = r->rows.marks + row * r->rows.stride;
    return marks[r->plan.end[f]] > marks[r->plan.begin[f]] + least;
}

static uint32_t decoded_prefix(struct reading *r, struct csv_view key)
{
    char decoded[KEY_MAX];
    size_t n = s3_key_decode(decoded, key.at, key.length < KEY_MAX ? key.length : KEY_MAX);
    return tally_prefix_of(r->tally, decoded, n);
}

static inline uint64_t load8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

/* Of the ends and the middle: enough for a table that forgets on collision. */
static uint32_t hash_of(const char *text, size_t length)
{
    uint64_t h = length;
    if (length < 8) {
        for (size_t i = 0; i < length; i++)
            h = h * 31 + (unsigned char)text[i];
    } else {
        h = (h ^ load8(text)) * 0x9e3779b97f4a7c15u;
        h = (h ^ (h >> 29) ^ load8(text + (length - 8) / 2)) * 0xbf58476d1ce4e5b9u;
        h = (h ^ (h >> 32) ^ load8(text + length - 8)) * 0x9e3779b97f4a7c15u;
    }
    return (uint32_t)(h >> 32) ^ (uint32_t)(h >> 54); /* the top bits depend on all others */
}

/*
 * The prefix's length in a key as it stands in the file, or -1 where the key has
 * to be decoded and looked at in full: it may name a table, or hold escapes where
 * they matter. Follows s3_key_prefix() for all others.
 */
static ptrdiff_t plain_prefix(const struct reading *r, struct csv_view key)
{
    const char *at = key.at, *end = key.at + key.length, *slash, *cut = NULL;
    if (key.length > 4 && memcmp(end - 4, "json", 4) == 0)
        return -1;
    for (int depth = 0; (slash = memchr(at, '/', (size_t)(end - at)));
         at = slash + 1, depth++) {
        if (at[0] == '_' || at[0] == '.')
            return -1;
        if (cut)
            continue;
        const char *odd = at;
        while (odd < slash && *odd != '%' && *odd != '+' && *odd != '=')
            odd++;
        if (odd < slash && (*odd == '=' || (slash - odd >= 3 && memcmp(odd, "%3D", 3) == 0)))
            cut = at;
        else if (odd < slash)
            return -1;
        else if (depth == r->tally->depth || s3_looks_like_data(at, (size_t)(slash - at)))
            cut = at;
    }
    return (cut ? cut : at) - key.at;
}

static uint32_t prefix_of_folder(struct reading *r, struct csv_view key)
{
    ptrdiff_t plain = plain_prefix(r, key);
    size_t length = (size_t)plain;
    if (plain < 0 || length > PREFIX_MAX || !memchr(key.at, '/', key.length))
        return decoded_prefix(r, key);
    struct seen_prefix *set = &r->prefixes[hash_of(key.at, length) % (SLOTS / WAYS) * WAYS];
    for (int way = 0; way < WAYS; way++)
        if (set[way].length == length + 1 && memcmp(set[way].text, key.at, length) == 0)
            return set[way].prefix;
    struct seen_prefix *slot = &set[r->forget++ % WAYS];
    slot->prefix = decoded_prefix(r, key);
    slot->length = (uint32_t)length + 1;
    memcpy(slot->text, key.at, length);
    return slot->prefix;
}

static uint32_t prefix_of(struct reading *r, struct csv_view key)
{
    const char *slash = memrchr(key.at, '/', key.length);
    size_t length = slash ? (size_t)(slash - key.at) + 1 : 0;
    if (r->generation != r->tally->generation) {
        memset(r->prefixes, 0, sizeof r->prefixes);
        r->generation = r->tally->generation;
        r->last_folder_length = 0;
    }
    if (length > 0 && r->last_folder_length == length &&
        memcmp(r->last_folder, key.at, length) == 0)
        return r->last_folder_prefix;
    uint32_t prefix = prefix_of_folder(r, key);
    /* Iceberg's metadata files give their table away by name: look at each of them. */
    r->last_folder_length = 0;
    if (length <= PREFIX_MAX && !(length >= 9 && memcmp(slash - 8, "metadata", 8) == 0)) {
        memcpy(r->last_folder, key.at, length);
        r->last_folder_length = length;
        r->last_folder_prefix = prefix;
    }
    return prefix;
}

static bool read_size(uint64_t *out, struct csv_view v)
{
    uint64_t n = 0;
    if (v.length == 0 || v.length > 18)
        return false;
    for (uint32_t i = 0; i < v.length; i++) {
        unsigned digit = (unsigned)(unsigned char)v.at[i] - '0';
        if (digit > 9)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

/* The date in front of an ISO time; the last days of months are left to day_parse(). */
static bool plain_date(day *out, struct csv_view v)
{
    static const uint8_t at[8] = {0, 1, 2, 3, 5, 6, 8, 9};
    unsigned n[8];
    if (v.length < DATE_LENGTH || v.at[4] != '-' || v.at[7] != '-')
        return false;
    for (int i = 0; i < 8; i++) {
        n[i] = (unsigned)(unsigned char)v.at[at[i]] - '0';
        if (n[i] > 9)
            return false;
    }
    int year = (int)(n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3]);
    int month = (int)(n[4] * 10 + n[5]), date = (int)(n[6] * 10 + n[7]);
    *out = day_of(year, month, date);
    return month >= 1 && month <= 12 && date >= 1 && date <= 28;
}

static bool read_age(int *bin, struct reading *r, struct csv_view v)
{
    day modified;
    if (!plain_date(&modified, v) && !day_parse(&modified, v.at, v.length))
        return false;
    int age = r->taken_on - modified;
    *bin = tally_age_bin(age > 0 ? age : 0);
    return true;
}

static int size_bin(const struct reading *r, uint64_t bytes)
{
    return r->size_bin[bytes ? 64 - __builtin_clzll(bytes) : 0];
}

static bool is_true(struct csv_view v)
{
    return v.length == 4 && (v.at[0] | 0x20) == 't';
}

static bool equals(struct csv_view v, const char *text)
{
    return strlen(text) == v.length && memcmp(v.at, text, v.length) == 0;
}

static enum object_state state_of(const struct reading *r, size_t row)
{
    struct csv_view latest = field(r, row, INVENTORY_LATEST);
    if (is_true(field(r, row, INVENTORY_MARKER)))
        return OBJECT_DELETE_MARKER;
    return latest.length == 0 || is_true(latest) ? OBJECT_CURRENT : OBJECT_NONCURRENT;
}

static uint8_t class_of(struct reading *r, size_t row)
{
    struct csv_view v = field(r, row, INVENTORY_CLASS);
    if (v.length == 0)
        return 0;
    struct seen_class *slot =
        &r->classes[(v.length * 7 + (unsigned char)v.at[0]) % CLASS_SLOTS];
    if (slot->length == v.length && memcmp(slot->text, v.at, v.length) == 0)
        return slot->class;
    uint8_t class = tally_class(r->tally, v.at, v.length);
    if (v.length <= CLASS_MAX) {
        slot->length = v.length;
        slot->class = class;
        memcpy(slot->text, v.at, v.length);
    }
    return class;
}

static void add(struct object_bin *bin, uint64_t bytes)
{
    bin->count++;
    bin->bytes += bytes;
}

static void add_waiting(struct reading *r)
{
    for (size_t i = 0; i < r->waiting; i++)
        add(r->pending[i].bin, r->pending[i].bytes);
    r->waiting = 0;
}

static void count(struct reading *r, uint32_t prefix, uint8_t class, enum object_state state,
                  int age, uint64_t size)
{
    struct tally *t = r->tally;
    uint32_t known = t->prefixes.at[prefix].group[class][state];
    struct tally_group *group;
    if (known) {
        group = &t->groups.at[known - 1];
    } else {
        add_waiting(r); /* a new group moves the others */
        group = tally_group(t, prefix, class, state);
    }
    struct object_bin *bin = &group->bins[age][size_bin(r, size)];
    __builtin_prefetch(bin, 1);
    r->pending[r->waiting++] = (struct pending){bin, size};
}

static void count_properties(struct reading *r, size_t row, uint64_t size)
{
    static const char *const tiers[] = {"FREQUENT", "INFREQUENT", "ARCHIVE_INSTANT_ACCESS",
                                        "ARCHIVE", "DEEP_ARCHIVE"};
    struct object_bin *property = r->tally->property;
    if (may_be(r, row, INVENTORY_ENCRYPTION, 7) &&
        equals(field(r, row, INVENTORY_ENCRYPTION), "SSE-KMS") &&
        !equals(field(r, row, INVENTORY_BUCKET_KEY), "ENABLED"))
        add(&property[TALLY_KMS_WITHOUT_BUCKET_KEY], size);
    if (may_be(r, row, INVENTORY_REPLICATION, 3))
        add(&property[TALLY_REPLICATED], size);
    if (may_be(r, row, INVENTORY_LOCK, 3))
        add(&property[TALLY_LOCKED], size);
    if (!may_be(r, row, INVENTORY_TIER, 3))
        return;
    struct csv_view tier = field(r, row, INVENTORY_TIER);
    for (int t = 0; t < 5; t++)
        if (equals(tier, tiers[t]))
            add(&property[TALLY_TIER_FREQUENT + t], size);
}

static bool take_row(struct reading *r, size_t row)
{
    uint64_t size = 0;
    int age;
    struct csv_view key = field(r, row, INVENTORY_KEY);
    struct csv_view size_text = field(r, row, INVENTORY_SIZE);
    struct csv_view modified = field(r, row, INVENTORY_MODIFIED);
    enum object_state state = state_of(r, row);
    r->part->rows++;
    if (r->rows.field_counts[row] < r->schema->columns)
        return bad_row(r, NULL, "is a row with fewer columns than the fileSchema", key);
    if (key.length == 0)
        return bad_row(r, "Key", "is no key", key);
    if (!(size_text.length == 0 && state == OBJECT_DELETE_MARKER) &&
        !read_size(&size, size_text))
        return bad_row(r, "Size", "is not a number of bytes", size_text);
    if (!read_age(&age, r, modified))
        return bad_row(r, "LastModifiedDate", "is not a date", modified);
    uint32_t prefix = prefix_of(r, key);
    count(r, prefix, class_of(r, row), state, age, size);
    count_properties(r, row, size);
    return true;
}

static bool take_batches(struct reading *r, const char *bytes, size_t length, bool last,
                         size_t *used)
{
    *used = 0;
    for (;;) {
        *used += csv_scan(&r->plan, &r->rows, bytes + *used, length - *used, last);
        for (size_t row = 0; row < r->rows.count; row++)
            take_row(r, row);
        add_waiting(r);
        if (r->rows.count == 0)
            return !r->rows.unclosed;
    }
}

static bool take_stream(struct reading *r, struct stream *stream, char *buffer,
                        struct err *err)
{
    size_t filled = 0, got, used;
    bool last = false;
    while (!last) {
        if (!stream_read(stream, buffer + filled, BUFFER - filled, &got, err))
            return false;
        last = got == 0;
        filled += got;
        if (!take_batches(r, buffer, filled, last, &used) && last)
            return err_row(err, r->part->path, (size_t)r->part->rows + 1, NULL,
                           "a quoted value has no end");
        if (used == 0 && filled == BUFFER)
            return err_row(err, r->part->path, (size_t)r->part->rows + 1, NULL,
                           "the row is longer than %d bytes", BUFFER);
        memmove(buffer, buffer + used, filled - used);
        filled -= used;
    }
    return true;
}

void inventory_part_read(struct tally *tally, struct inventory_part *part,
                         const struct inventory_schema *schema, day taken_on)
{
    struct reading *r = mem_alloc(sizeof *r);
    struct stream *stream = NULL;
    char *buffer = mem_alloc(BUFFER);
    *r = (struct reading){
        .tally = tally,
        .part = part,
        .schema = schema,
        .taken_on = taken_on,
        .generation = tally->generation,
    };
    for (int bits = 1; bits <= 64; bits++)
        r->size_bin[bits] = (uint8_t)tally_size_bin((uint64_t)1 << (bits - 1));
    csv_plan_make(&r->plan, csv_kernel_best(), ',', schema->position, schema->wanted);
    csv_rows_init(&r->rows, &r->plan);
    part->failed = !stream_open(&stream, part->path, &part->err) ||
                   !take_stream(r, stream, buffer, &part->err);
    stream_close(stream);
    csv_rows_release(&r->rows);
    free(buffer);
    free(r);
}
