#include "s3_reads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3_publish.h"

enum { PUTS_MAX = 1 << 20, DAY_SECONDS = 86400 };

/* bins[age][0] hold requests and bytes; what has no age stands as another state. */
enum { AGED = OBJECT_CURRENT, UNAGED = OBJECT_NONCURRENT };

struct bucket {
    const char *name;
    struct tally tally;
    int64_t first, last;
};

/* Open addressing by hash: when an object was last written. */
struct put {
    uint64_t key;
    int64_t at;
};

struct s3_reads {
    struct arena arena;
    VEC(struct bucket) buckets;
    struct map bucket_by_name;
    struct put *puts;
    size_t put_count, put_room;
};

struct s3_reads *s3_reads_open(void)
{
    return mem_alloc(sizeof(struct s3_reads));
}

void s3_reads_free(struct s3_reads *reads)
{
    if (!reads)
        return;
    for (size_t i = 0; i < reads->buckets.count; i++)
        tally_release(&reads->buckets.at[i].tally);
    VEC_FREE(&reads->buckets);
    map_release(&reads->bucket_by_name);
    arena_release(&reads->arena);
    free(reads->puts);
    free(reads);
}

static struct bucket *bucket_of(struct s3_reads *reads, const char *name, size_t length,
                                int64_t at)
{
    size_t index;
    if (!map_get(&reads->bucket_by_name, name, length, &index)) {
        struct bucket *b = VEC_PUSH(&reads->buckets);
        index = reads->buckets.count - 1;
        b->name = arena_strndup(&reads->arena, name, length);
        b->first = b->last = at;
        tally_init(&b->tally);
        map_put(&reads->bucket_by_name, b->name, length, index);
    }
    struct bucket *b = &reads->buckets.at[index];
    b->first = at < b->first ? at : b->first;
    b->last = at > b->last ? at : b->last;
    return b;
}

static uint64_t hash_of(const struct bucket *b, const char *key, size_t length)
{
    uint64_t hash = map_hash(key, length) ^ map_hash(b->name, strlen(b->name)) * 31;
    return hash ? hash : 1;
}

static struct put *find_put(struct put *puts, size_t room, uint64_t key)
{
    size_t i = key & (room - 1);
    while (puts[i].key && puts[i].key != key)
        i = (i + 1) & (room - 1);
    return &puts[i];
}

static void grow_puts(struct s3_reads *reads)
{
    size_t room = reads->put_room ? reads->put_room * 2 : 1024;
    struct put *larger = mem_alloc(sizeof *larger * room);
    for (size_t i = 0; i < reads->put_room; i++)
        if (reads->puts[i].key)
            *find_put(larger, room, reads->puts[i].key) = reads->puts[i];
    free(reads->puts);
    reads->puts = larger;
    reads->put_room = room;
}

void s3_reads_put(struct s3_reads *reads, const char *bucket, size_t bucket_length,
                  const char *key, size_t length, int64_t at)
{
    struct bucket *b = bucket_of(reads, bucket, bucket_length, at);
    if (reads->put_count * 2 >= reads->put_room && reads->put_count < PUTS_MAX)
        grow_puts(reads);
    struct put *put = find_put(reads->puts, reads->put_room, hash_of(b, key, length));
    if (!put->key && reads->put_count >= PUTS_MAX)
        return;
    reads->put_count += put->key == 0;
    put->key = hash_of(b, key, length);
    put->at = at;
}

static bool digits(int *out, const char *at, int n)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        *out = *out * 10 + (at[i] - '0');
    }
    return true;
}

static bool date_at(day *out, const char *at, size_t left)
{
    int year, month, date;
    if (left < 8 || !digits(&year, at, 4) || year < 2006 || year > 2200)
        return false;
    size_t gap = at[4] == '-' || at[4] == '/';
    size_t length = 8 + 2 * gap;
    if (left < length || (gap && at[7] != at[4]) || !digits(&month, at + 4 + gap, 2) ||
        !digits(&date, at + 6 + 2 * gap, 2) || month < 1 || month > 12 || date < 1 ||
        date > month_days(year * 12 + month - 1))
        return false;
    *out = day_of(year, month, date);
    return length == left || at[length] < '0' || at[length] > '9';
}

bool s3_key_date(day *out, const char *key, size_t length, day today)
{
    for (size_t i = 0; i + 8 <= length; i++)
        if (key[i] == '2' && (i == 0 || key[i - 1] < '0' || key[i - 1] > '9') &&
            date_at(out, key + i, length - i) && *out <= today)
            return true;
    return false;
}

static bool age_of(int *days, const struct s3_reads *reads, const struct bucket *b,
                   const char *key, size_t length, int64_t at)
{
    day today = (day)(at / DAY_SECONDS), written;
    const struct put *put =
        reads->put_room ? find_put(reads->puts, reads->put_room, hash_of(b, key, length))
                        : NULL;
    if (put && put->key && put->at <= at)
        *days = (int)((at - put->at) / DAY_SECONDS);
    else if (s3_key_date(&written, key, length, today))
        *days = today - written;
    else
        return false;
    return true;
}

void s3_reads_get(struct s3_reads *reads, const char *bucket, size_t bucket_length,
                  const char *key, size_t length, int64_t at, uint64_t bytes)
{
    struct bucket *b = bucket_of(reads, bucket, bucket_length, at);
    uint32_t prefix = tally_prefix_of(&b->tally, key, length);
    int days = 0;
    bool aged = age_of(&days, reads, b, key, length, at);
    struct tally_group *group =
        tally_group(&b->tally, prefix, 0, (enum object_state)(aged ? AGED : UNAGED));
    struct object_bin *bin = &group->bins[tally_age_bin(days)][0];
    bin->count++;
    bin->bytes += bytes;
}

void s3_reads_seen(struct s3_reads *reads, const char *bucket, size_t bucket_length,
                   int64_t at)
{
    bucket_of(reads, bucket, bucket_length, at);
}

static void add_group(struct access_evidence *e, const struct tally_group *group)
{
    for (int a = 0; a < AGE_BINS; a++) {
        const struct object_bin *bin = &group->bins[a][0];
        if (group->state == UNAGED) {
            e->unaged_requests += (double)bin->count;
            e->unaged_bytes += (double)bin->bytes;
        } else {
            e->read_requests[a] += (double)bin->count;
            e->read_bytes[a] += (double)bin->bytes;
        }
    }
}

static struct access_evidence *evidence_new(struct estate *into, uint32_t bucket,
                                            const char *prefix, double days,
                                            const char *source)
{
    struct access_evidence *e = VEC_PUSH(&into->access);
    e->bucket = bucket;
    e->prefix = intern(into->symbols, prefix);
    e->days = days;
    e->source = source;
    for (int a = 0; a < AGE_BINS; a++)
        e->stored_byte_days[a] = NAN;
    return e;
}

/* A bucket that the log covers and nobody read has an empty evidence: that is one, too. */
static void publish_bucket(const struct bucket *b, struct estate *into, const char *source)
{
    uint32_t bucket = s3_bucket(into, b->name);
    double days = fmax(1, (double)(b->last - b->first) / DAY_SECONDS);
    uint32_t *order = tally_sorted(&b->tally);
    struct access_evidence *e = evidence_new(into, bucket, "", days, source);
    for (size_t i = 0; i < b->tally.groups.count; i++) {
        const struct tally_group *group = &b->tally.groups.at[order[i]];
        const char *prefix = b->tally.prefixes.at[group->prefix].text;
        if (strcmp(e->prefix, prefix) != 0)
            e = evidence_new(into, bucket, prefix, days, source);
        add_group(e, group);
    }
    free(order);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct bucket *const *)a)->name,
                  (*(const struct bucket *const *)b)->name);
}

void s3_reads_publish(const struct s3_reads *reads, struct estate *into, const char *source)
{
    size_t n = reads->buckets.count;
    const struct bucket **order = mem_alloc(sizeof *order * (n + 1));
    for (size_t i = 0; i < n; i++)
        order[i] = &reads->buckets.at[i];
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n; i++)
        publish_bucket(order[i], into, source);
    free(order);
}
