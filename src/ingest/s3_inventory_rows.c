#include "s3_inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/stream.h"
#include "s3_key.h"

enum { BUFFER = 1 << 20, FOLDER_SLOTS = 4096, FOLDER_MAX = 200, KEY_MAX = 4096 };

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
    [INVENTORY_MULTIPART] = {"ismultipartuploaded", false},
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
            return err_set(err, "the fileSchema has no column %s: an inventory without it cannot "
                                "be counted by age and size",
                           columns[c].name);
    return true;
}

/* A folder seen before, as it stands in the file, and the prefix it counts under. */
struct folder {
    uint32_t length, prefix;
    char text[FOLDER_MAX];
};

struct reading {
    struct tally *tally;
    struct inventory_part *part;
    const struct inventory_schema *schema;
    struct csv_plan plan;
    struct csv_rows rows;
    day taken_on;
    struct folder *folders; /* direct-mapped by the hash of the text */
    const struct folder *last_folder;
    uint64_t generation;
    char date_text[10]; /* the last date and its age */
    int date_bin;
    uint32_t last_prefix;
    uint8_t last_class;
    enum object_state last_state;
    struct tally_group *last_group;
};

static bool bad_row(struct reading *r, const char *column, const char *why, struct csv_view v)
{
    struct inventory_part *p = r->part;
    int shown = v.length < 60 ? (int)v.length : 60;
    if (p->bad_rows < INVENTORY_BAD_SHOWN)
        err_row(&p->bad[p->bad_rows], p->path, (size_t)p->rows, column, "'%.*s' %s", shown, v.at,
                why);
    p->bad_rows++;
    return false;
}

/* Inventory quotes every value and its values hold no quotes: taking them off is enough. */
static struct csv_view field(const struct reading *r, size_t row, enum inventory_column column)
{
    int f = r->schema->field[column];
    if (f < 0 || !csv_has(&r->plan, &r->rows, row, (size_t)f))
        return (struct csv_view){"", 0};
    struct csv_view v = csv_raw(&r->plan, &r->rows, row, (size_t)f);
    if (v.length >= 2 && v.at[0] == '"' && v.at[v.length - 1] == '"')
        return (struct csv_view){v.at + 1, v.length - 2};
    return v;
}

static uint32_t decoded_prefix(struct reading *r, struct csv_view key)
{
    char decoded[KEY_MAX];
    size_t n = s3_key_decode(decoded, key.at, key.length < KEY_MAX ? key.length : KEY_MAX);
    return tally_prefix_of(r->tally, decoded, n);
}

static uint32_t hash_of(const char *text, size_t length)
{
    uint64_t h = length, word;
    for (; length >= 8; length -= 8, text += 8) {
        memcpy(&word, text, 8);
        h = (h ^ word) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    word = 0;
    memcpy(&word, text, length);
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(h >> 40);
}

/* Only Iceberg's metadata files give their table away by name, not by folder. */
static bool may_hide_root(const char *key, size_t folder)
{
    static const char metadata[] = "metadata/";
    size_t n = sizeof metadata - 1;
    return folder >= n && memcmp(key + folder - n, metadata, n) == 0;
}

static uint32_t prefix_of(struct reading *r, struct csv_view key)
{
    if (r->generation != r->tally->generation) {
        memset(r->folders, 0, sizeof *r->folders * FOLDER_SLOTS);
        r->generation = r->tally->generation;
        r->last_folder = NULL;
    }
    const char *slash = memrchr(key.at, '/', key.length);
    uint32_t length = slash ? (uint32_t)(slash - key.at) + 1 : 0;
    const struct folder *last = r->last_folder;
    if (last && last->length == length && memcmp(last->text, key.at, length) == 0)
        return last->prefix;
    if (length == 0 || length > FOLDER_MAX || may_hide_root(key.at, length))
        return decoded_prefix(r, key);
    struct folder *slot = &r->folders[hash_of(key.at, length) % FOLDER_SLOTS];
    if (slot->length != length || memcmp(slot->text, key.at, length) != 0) {
        slot->prefix = decoded_prefix(r, key);
        slot->length = length;
        memcpy(slot->text, key.at, length);
    }
    r->last_folder = slot;
    return slot->prefix;
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

static bool read_age(int *bin, struct reading *r, struct csv_view v)
{
    day modified;
    if (v.length >= 10 && memcmp(v.at, r->date_text, 10) == 0) {
        *bin = r->date_bin;
        return true;
    }
    if (!day_parse(&modified, v.at, v.length))
        return false;
    int age = r->taken_on - modified;
    *bin = r->date_bin = tally_age_bin(age > 0 ? age : 0);
    if (v.length >= 10)
        memcpy(r->date_text, v.at, 10);
    return true;
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
    const char *last = r->tally->class_name[r->last_class];
    if (v.length == 0)
        return 0;
    if (strncmp(last, v.at, v.length) == 0 && last[v.length] == '\0')
        return r->last_class;
    return tally_class(r->tally, v.at, v.length);
}

static struct tally_group *group_of(struct reading *r, uint32_t prefix, uint8_t class,
                                    enum object_state state)
{
    bool same = r->last_group && r->last_prefix == prefix && r->last_class == class &&
                r->last_state == state && r->generation == r->tally->generation;
    if (!same) {
        r->last_group = tally_group(r->tally, prefix, class, state);
        r->last_prefix = prefix;
        r->last_class = class;
        r->last_state = state;
        if (r->generation != r->tally->generation)
            r->last_prefix = UINT32_MAX;
    }
    return r->last_group;
}

static void add(struct object_bin *bin, uint64_t bytes)
{
    bin->count++;
    bin->bytes += bytes;
}

static void count_properties(struct reading *r, size_t row, uint64_t size)
{
    static const char *const tiers[] = {"FREQUENT", "INFREQUENT", "ARCHIVE_INSTANT_ACCESS",
                                        "ARCHIVE", "DEEP_ARCHIVE"};
    struct object_bin *property = r->tally->property;
    struct csv_view tier = field(r, row, INVENTORY_TIER);
    struct csv_view replication = field(r, row, INVENTORY_REPLICATION);
    if (equals(field(r, row, INVENTORY_ENCRYPTION), "SSE-KMS") &&
        !equals(field(r, row, INVENTORY_BUCKET_KEY), "ENABLED"))
        add(&property[TALLY_KMS_WITHOUT_BUCKET_KEY], size);
    if (replication.length > 0)
        add(&property[TALLY_REPLICATED], size);
    if (field(r, row, INVENTORY_LOCK).length > 0)
        add(&property[TALLY_LOCKED], size);
    if (is_true(field(r, row, INVENTORY_MULTIPART)))
        add(&property[TALLY_MULTIPART], size);
    for (int t = 0; tier.length > 0 && t < 5; t++)
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
    uint8_t class = class_of(r, row);
    struct tally_group *group = group_of(r, prefix, class, state);
    add(&group->bins[age][tally_size_bin(size)], size);
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
        if (r->rows.count == 0)
            return !r->rows.unclosed;
    }
}

static bool take_stream(struct reading *r, struct stream *stream, char *buffer, struct err *err)
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
        .tally = tally, .part = part, .schema = schema, .taken_on = taken_on,
        .folders = mem_alloc(sizeof *r->folders * FOLDER_SLOTS),
        .generation = tally->generation,
    };
    csv_plan_make(&r->plan, csv_kernel_best(), ',', schema->position, schema->wanted);
    csv_rows_init(&r->rows, &r->plan);
    part->failed = !stream_open(&stream, part->path, &part->err) ||
                   !take_stream(r, stream, buffer, &part->err);
    stream_close(stream);
    csv_rows_release(&r->rows);
    free(r->folders);
    free(buffer);
    free(r);
}
