#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "run.h"

/* A month has few hours: the texts of start and end are looked up, not parsed. */
enum { CACHE_SLOTS = 2048, CACHE_TEXT = 64, HOUR = 3600, DAY = 24 * HOUR };

struct cached {
    uint8_t lengths[2];
    char text[CACHE_TEXT];
    struct span span;
};

struct span_cache {
    enum bill_grain grain;
    struct cached *last;
    struct cached slots[CACHE_SLOTS];
};

struct span_cache *span_cache_open(enum bill_grain grain)
{
    struct span_cache *cache = mem_alloc(sizeof *cache);
    cache->grain = grain;
    cache->last = &cache->slots[0];
    return cache;
}

static uint32_t make(int64_t hour, enum span_length length)
{
    return (uint32_t)hour * 4 + length;
}

static uint32_t month_span(int64_t from)
{
    int32_t month = month_of((day)(from / DAY));
    return make((int64_t)month_first(month) * 24, SPAN_MONTH);
}

enum reading { NO_TEXT, A_TIME, NO_TIME };

static enum reading parse(int64_t *out, const struct bill_row *row, enum role role,
                          struct buf *room)
{
    struct csv_view v = row_text(row, row->layout->field[role], room);
    if (!v.length)
        return NO_TEXT;
    return when_parse(out, v.at, v.length) && when_is_recorded(*out) ? A_TIME : NO_TIME;
}

static struct span read_span(enum bill_grain grain, const struct bill_row *row, struct buf *room)
{
    bool has_start = row->layout->field[ROLE_START] != ABSENT;
    struct span s = {.bad = has_start ? ROLE_START : ROLE_PERIOD};
    enum reading end = parse(&s.to, row, ROLE_END, room);
    enum reading start = parse(&s.from, row, ROLE_START, room);
    bool ends = end == A_TIME, starts = start == A_TIME;
    if (start == NO_TIME)
        return s;
    if (end == NO_TIME) {
        s.bad = ROLE_END;
        return s;
    }
    if (!has_start && ends) {
        s.from = s.to - HOUR; /* the usage log names the end of the hour only */
        starts = true;
    }
    if (!starts && parse(&s.from, row, ROLE_PERIOD, room) != A_TIME)
        return s;
    if (s.from < 0)
        return s;
    if (!ends || s.to <= s.from)
        s.to = s.from + (grain == BILL_BY_HOUR && starts ? HOUR : DAY);
    int64_t length = s.to - s.from;
    s.length = length <= HOUR ? SPAN_HOUR : length <= DAY + HOUR ? SPAN_DAY : SPAN_MONTH;
    uint32_t by_hour = make(s.from / HOUR, SPAN_HOUR), by_day = make(s.from / DAY * 24, SPAN_DAY);
    uint32_t by_month = month_span(s.from);
    s.hour = s.length == SPAN_HOUR ? by_hour : s.length == SPAN_DAY ? by_day : by_month;
    s.day = grain == BILL_BY_MONTH || s.length == SPAN_MONTH ? by_month
            : grain == BILL_BY_DAY ? by_day : s.hour;
    s.ok = true;
    return s;
}

/* Day and hour stand in the same place in all texts: the 8th to the 15th byte of each. */
static size_t slot_of(const struct csv_view *v)
{
    uint64_t word[2] = {0, 0};
    for (unsigned i = 0; i < 2; i++)
        if (v[i].length >= 14)
            memcpy(&word[i], v[i].at + 6, sizeof word[i]);
    uint64_t hash = (word[0] ^ word[1] << 7 ^ v[0].length) * 0x9e3779b97f4a7c15u;
    return 1 + (hash >> 32) % (CACHE_SLOTS - 1);
}

static inline bool is_of(const struct cached *c, const struct csv_view *v)
{
    return c->lengths[0] == v[0].length && c->lengths[1] == v[1].length &&
           same_bytes(c->text, v[0].at, v[0].length) &&
           same_bytes(c->text + v[0].length, v[1].at, v[1].length);
}

/* Texts that are none or too long are read each time, in slot 0. */
static struct cached *find(struct span_cache *cache, const struct bill_row *row,
                           const struct csv_view *v, struct buf *room)
{
    struct cached *c = &cache->slots[0];
    if (v[0].length && v[0].length + v[1].length <= CACHE_TEXT) {
        c = &cache->slots[slot_of(v)];
        if (is_of(c, v))
            return c;
        c->lengths[0] = (uint8_t)v[0].length;
        c->lengths[1] = (uint8_t)v[1].length;
        memcpy(c->text, v[0].at, v[0].length);
        memcpy(c->text + v[0].length, v[1].at, v[1].length);
    }
    c->span = read_span(cache->grain, row, room);
    return c;
}

const struct span *span_of(struct span_cache *cache, const struct bill_row *row,
                           struct buf *room)
{
    const struct layout *layout = row->layout;
    struct csv_view v[2] = {row_raw(row, layout->field[ROLE_START]),
                            row_raw(row, layout->field[ROLE_END])};
    /* Exports are mostly in the order of time. */
    if (!v[0].length || !is_of(cache->last, v))
        cache->last = find(cache, row, v, room);
    return &cache->last->span;
}
