#include "s3_prefix_cache.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "s3_key.h"

enum { SLOTS = 1024, WAYS = 4, TEXT_MAX = 232, KEY_MAX = 4096, HASH_LEAST = 16 };

/* The leading folders of a key seen before, as they stand in the file. */
struct seen {
    uint32_t length, prefix; /* length + 1; 0: free */
    char text[TEXT_MAX];
};

struct prefix_cache {
    struct tally *tally;
    uint64_t generation;
    const char *folder; /* of the key before, up to its last slash; in the caller's bytes */
    size_t folder_length;
    uint32_t folder_prefix;
    unsigned forget;
    struct seen slots[SLOTS]; /* in sets of WAYS by hash */
};

struct prefix_cache *prefix_cache_open(struct tally *tally)
{
    struct prefix_cache *cache = mem_alloc(sizeof *cache);
    cache->tally = tally;
    cache->generation = tally->generation;
    return cache;
}

void prefix_cache_free(struct prefix_cache *cache)
{
    free(cache);
}

/* The slashes of a key, one after the other, found 64 bytes at a time. */
struct slashes {
    const char *key;
    size_t length, base;
    uint64_t mask;
};

static inline uint64_t slash_mask(const struct slashes *s)
{
    uint64_t mask = bytes_equal64(s->key + s->base, '/');
    size_t left = s->length - s->base;
    return left < 64 ? mask & (((uint64_t)1 << left) - 1) : mask;
}

static inline bool next_slash(size_t *at, struct slashes *s)
{
    while (s->mask == 0) {
        s->base += 64;
        if (s->base >= s->length)
            return false;
        s->mask = slash_mask(s);
    }
    *at = s->base + (size_t)__builtin_ctzll(s->mask);
    s->mask &= s->mask - 1;
    return true;
}

enum name { NAME_PLAIN, NAME_OF_DATA, NAME_ENCODED };

static uint64_t odd_mask(const char *at)
{
    return bytes_equal64(at, '%') | bytes_equal64(at, '+') | bytes_equal64(at, '=');
}

/* Of a name with escapes: plain where no escape hides what could make it look like data. */
static enum name judge_encoded(const char *name, size_t length, uint64_t odd)
{
    for (; odd; odd &= odd - 1) {
        size_t at = (size_t)__builtin_ctzll(odd);
        char c[3];
        bool whole =
            s3_key_decode(c, name + at, name[at] == '%' && length - at >= 3 ? 3 : 1) == 1;
        if (whole && c[0] == '=')
            return NAME_OF_DATA;
        if (!whole || isxdigit((unsigned char)c[0]) || strchr("-_./", c[0]))
            return NAME_ENCODED;
    }
    return NAME_PLAIN;
}

/* Whether a folder's name looks like data, as far as its encoded form can tell. */
static inline enum name judge_name(const char *name, size_t length, uint64_t odd)
{
    if (length >= 64)
        return NAME_ENCODED;
    if (length == 0 || (unsigned)(name[0] - '0') <= 9)
        return NAME_OF_DATA;
    odd &= ((uint64_t)1 << length) - 1;
    if (odd)
        return judge_encoded(name, length, odd);
    return length >= HASH_LEAST && s3_looks_like_data(name, length) ? NAME_OF_DATA
                                                                    : NAME_PLAIN;
}

/*
 * How many leading bytes of a key decide what prefix it counts under and what
 * table it names. Where escapes stand in the way that is all of its folder.
 * Follows s3_key_prefix() and s3_key_table_root().
 */
static size_t deciding_length(const char *key, size_t length, int depth)
{
    struct slashes slashes = {.key = key, .length = length};
    uint64_t odd = odd_mask(key);
    size_t from = 0, slash, cut = 0;
    bool is_cut = false, encoded = false;
    slashes.mask = slash_mask(&slashes);
    for (; next_slash(&slash, &slashes); from = slash + 1) {
        size_t name = slash - from;
        if (key[from] == '_' || key[from] == '.') {
            if (s3_folder_kind(key + from, name) != S3_FOLDER_PLAIN)
                return slash + 1;
            cut = is_cut ? cut : from;
            is_cut = true;
        } else if (!is_cut && !encoded) {
            uint64_t here = slash < 64 ? odd >> from : odd_mask(key + from);
            enum name kind = depth-- == 0 ? NAME_OF_DATA : judge_name(key + from, name, here);
            cut = from;
            is_cut = kind == NAME_OF_DATA;
            encoded = kind == NAME_ENCODED;
        }
    }
    return is_cut ? cut : from;
}

static uint32_t decoded_prefix(struct tally *tally, const char *key, size_t length)
{
    char decoded[KEY_MAX];
    size_t n = s3_key_decode(decoded, key, length < KEY_MAX ? length : KEY_MAX);
    return tally_prefix_of(tally, decoded, n);
}

static uint32_t prefix_by_hash(struct prefix_cache *cache, const char *key, size_t length)
{
    size_t n = deciding_length(key, length, cache->tally->depth);
    if (n > TEXT_MAX)
        return decoded_prefix(cache->tally, key, length);
    struct seen *set = &cache->slots[bytes_hash(key, n) % (SLOTS / WAYS) * WAYS];
    for (int way = 0; way < WAYS; way++)
        if (set[way].length == n + 1 && bytes_same(set[way].text, key, n))
            return set[way].prefix;
    struct seen *slot = &set[cache->forget++ % WAYS];
    slot->prefix = decoded_prefix(cache->tally, key, length);
    slot->length = (uint32_t)n + 1;
    memcpy(slot->text, key, n);
    return slot->prefix;
}

void prefix_cache_moved(struct prefix_cache *cache)
{
    cache->folder_length = 0;
}

static void keep_generation(struct prefix_cache *cache)
{
    if (cache->generation == cache->tally->generation)
        return;
    memset(cache->slots, 0, sizeof cache->slots);
    cache->generation = cache->tally->generation;
    cache->folder_length = 0;
}

static inline bool in_folder(const struct prefix_cache *cache, const char *key, size_t length)
{
    size_t n = cache->folder_length;
    return n > 0 && n <= length && bytes_same(cache->folder, key, n) &&
           !memchr(key + n, '/', length - n);
}

uint32_t prefix_cache_find(struct prefix_cache *cache, const char *key, size_t length)
{
    keep_generation(cache);
    /* Iceberg's metadata files give their table away by name: look at each of them. */
    if (length == 0 || (key[length - 1] == 'n' && s3_is_iceberg_metadata(key, length)))
        return decoded_prefix(cache->tally, key, length);
    if (in_folder(cache, key, length))
        return cache->folder_prefix;
    const char *slash = memrchr(key, '/', length);
    if (!slash && memchr(key, '%', length)) /* its slashes may be encoded */
        return decoded_prefix(cache->tally, key, length);
    cache->folder_prefix = prefix_by_hash(cache, key, length);
    cache->folder = key;
    cache->folder_length = slash ? (size_t)(slash - key) + 1 : 0;
    return cache->folder_prefix;
}
