#include "s3_inventory_traits.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

enum { SLOTS = 256, WAYS = 4, TEXT_MAX = 248 };

_Static_assert(TALLY_PROPERTIES <= 8, "properties are bits of a byte");

struct seen {
    uint32_t length; /* + 1; 0: free */
    struct traits traits;
    char text[TEXT_MAX];
};

struct trait_cache {
    struct tally *tally;
    const struct inventory_schema *schema;
    struct trait_span span;
    unsigned forget;
    struct seen slots[SLOTS]; /* in sets of WAYS by hash */
};

struct trait_span trait_span_of(const struct inventory_schema *schema)
{
    struct trait_span span = {.listed = false};
    for (int c = INVENTORY_CLASS; c < INVENTORY_COLUMNS; c++) {
        if (schema->position[c] < 0)
            continue;
        uint32_t at = (uint32_t)schema->position[c];
        span.first = span.listed && span.first < at ? span.first : at;
        span.last = span.listed && span.last > at ? span.last : at;
        span.listed = true;
    }
    return span;
}

struct trait_cache *trait_cache_open(struct tally *tally,
                                     const struct inventory_schema *schema)
{
    struct trait_cache *cache = mem_alloc(sizeof *cache);
    cache->tally = tally;
    cache->schema = schema;
    cache->span = trait_span_of(schema);
    return cache;
}

void trait_cache_free(struct trait_cache *cache)
{
    free(cache);
}

struct word {
    const char *at;
    size_t length;
};

/* The value at *at, without its quotes; *at moves behind the comma. */
static struct word next_value(const char **at, const char *end, bool *regular)
{
    bool quoted = *at < end && **at == '"';
    const char *from = *at + quoted;
    const char *to = memchr(from, quoted ? '"' : ',', (size_t)(end - from));
    *regular &= quoted && to && (to + 1 == end || to[1] == ',');
    to = to ? to : end;
    const char *comma = memchr(to, ',', (size_t)(end - to));
    *at = comma ? comma + 1 : end;
    return (struct word){from, (size_t)(to - from)};
}

static bool is(struct word w, const char *text)
{
    return strlen(text) == w.length && memcmp(w.at, text, w.length) == 0;
}

static unsigned properties_of(const struct inventory_schema *schema,
                              const struct word values[INVENTORY_COLUMNS])
{
    static const char *const tiers[] = {"FREQUENT", "INFREQUENT", "ARCHIVE_INSTANT_ACCESS",
                                        "ARCHIVE", "DEEP_ARCHIVE"};
    unsigned properties = 0;
    if (schema->position[INVENTORY_BUCKET_KEY] >= 0 &&
        is(values[INVENTORY_ENCRYPTION], "SSE-KMS") &&
        !is(values[INVENTORY_BUCKET_KEY], "ENABLED"))
        properties |= 1u << TALLY_KMS_WITHOUT_BUCKET_KEY;
    if (values[INVENTORY_REPLICATION].length > 0)
        properties |= 1u << TALLY_REPLICATED;
    if (values[INVENTORY_LOCK].length > 0)
        properties |= 1u << TALLY_LOCKED;
    for (unsigned t = 0; t < sizeof tiers / sizeof *tiers; t++)
        if (is(values[INVENTORY_TIER], tiers[t]))
            properties |= 1u << (TALLY_TIER_FREQUENT + t);
    return properties;
}

static struct traits read_traits(const struct trait_cache *cache, const char *text,
                                 size_t length)
{
    struct word values[INVENTORY_COLUMNS] = {{"", 0}};
    const char *at = text, *end = text + length;
    bool regular = true;
    uint32_t column = cache->span.first;
    for (; at < end; column++) {
        struct word value = next_value(&at, end, &regular);
        for (int c = INVENTORY_CLASS; c < INVENTORY_COLUMNS; c++)
            if (cache->schema->position[c] == (int)column)
                values[c] = value;
    }
    struct word class = values[INVENTORY_CLASS];
    return (struct traits){
        .class = class.length ? tally_class(cache->tally, class.at, class.length) : 0,
        .properties = (uint8_t)properties_of(cache->schema, values),
        .regular = regular && column == cache->schema->columns,
    };
}

struct traits trait_cache_find(struct trait_cache *cache, const char *text, size_t length)
{
    if (length > TEXT_MAX)
        return read_traits(cache, text, length);
    struct seen *set = &cache->slots[bytes_hash(text, length) % (SLOTS / WAYS) * WAYS];
    for (int way = 0; way < WAYS; way++)
        if (set[way].length == length + 1 && memcmp(set[way].text, text, length) == 0)
            return set[way].traits;
    struct seen *slot = &set[cache->forget++ % WAYS];
    slot->traits = read_traits(cache, text, length);
    slot->length = (uint32_t)length + 1;
    memcpy(slot->text, text, length);
    return slot->traits;
}
