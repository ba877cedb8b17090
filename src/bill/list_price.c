#include "list_price.h"

#include <string.h>

#include "base/buf.h"
#include "base/when.h"
#include "io/csv.h"
#include "map_text.h"

static void key_of(struct buf *out, const char *sku, const char *cloud, const char *unit)
{
    buf_clear(out);
    buf_printf(out, "%s\n%s\n%s", sku, cloud, unit);
}

/* `pricing` is a struct: {"default": "0.55", ..., "effective_list": {"default": "0.55"}}. */
static bool rate_of(struct money *out, struct csv *csv, size_t column)
{
    struct csv_field pricing = csv_at(csv, column);
    struct buf list = BUF_INIT, rate = BUF_INIT;
    bool found = map_text_get(&list, pricing.text, pricing.length, "effective_list") &&
                 map_text_get(&rate, list.text, list.length, "default");
    if (!found)
        found = map_text_get(&rate, pricing.text, pricing.length, "default");
    const char *text = found ? buf_text(&rate) : pricing.text;
    bool ok = money_parse(out, text, strlen(text), NULL);
    buf_release(&list);
    buf_release(&rate);
    return ok;
}

static bool is_null(const char *text)
{
    return !*text || !strcmp(text, "null") || !strcmp(text, "NULL");
}

static void insert(struct list_prices *into, struct arena *arena, const struct buf *key,
                   const struct list_price *price)
{
    size_t found = 0;
    struct list_price *head = NULL, *copy = ARENA_NEW(arena, struct list_price);
    *copy = *price;
    if (map_get(&into->by_key, key->text, key->length, &found))
        head = (struct list_price *)found;
    if (!head || head->from <= copy->from) {
        copy->next = head;
        map_put(&into->by_key, arena_strndup(arena, key->text, key->length), key->length,
                (size_t)copy);
    } else {
        struct list_price *before = head;
        while (before->next && before->next->from > copy->from)
            before = (struct list_price *)(uintptr_t)before->next;
        copy->next = before->next;
        before->next = copy;
    }
    into->count++;
}

static bool read_rows(struct list_prices *into, struct arena *arena, struct csv *csv,
                      const char *path, struct err *err)
{
    size_t sku = csv_column(csv, "sku_name"), cloud = csv_column(csv, "cloud"),
           unit = csv_column(csv, "usage_unit"), from = csv_column(csv, "price_start_time"),
           to = csv_column(csv, "price_end_time"), pricing = csv_column(csv, "pricing");
    if (pricing == (size_t)-1)
        pricing = csv_column(csv, "pricing.effective_list.default");
    if (pricing == (size_t)-1)
        pricing = csv_column(csv, "pricing.default");
    struct buf key = BUF_INIT;
    bool more = true, ok = true;
    while (ok && (ok = csv_next(csv, &more, err)) && more) {
        struct list_price price = {.to = INT64_MAX};
        const char *end = csv_text(csv, to);
        if (!when_parse(&price.from, csv_text(csv, from), strlen(csv_text(csv, from))))
            ok = err_row(err, path, csv_row(csv), "price_start_time", "'%.60s' is not a time",
                         csv_text(csv, from));
        else if (!is_null(end) && !when_parse(&price.to, end, strlen(end)))
            ok = err_row(err, path, csv_row(csv), "price_end_time", "'%.60s' is not a time", end);
        else if (!rate_of(&price.rate, csv, pricing))
            ok = err_row(err, path, csv_row(csv), "pricing", "'%.60s' holds no list price",
                         csv_text(csv, pricing));
        if (!ok)
            break;
        key_of(&key, csv_text(csv, sku), csv_text(csv, cloud), csv_text(csv, unit));
        insert(into, arena, &key, &price);
    }
    buf_release(&key);
    return ok;
}

bool list_prices_read(struct list_prices *into, struct arena *arena, const char *path,
                      const char *text, size_t length, struct err *err)
{
    struct csv *csv;
    if (!csv_open_text(&csv, path, text, length, err))
        return false;
    bool ok = read_rows(into, arena, csv, path, err);
    csv_close(csv);
    return ok;
}

void list_prices_release(struct list_prices *prices)
{
    map_release(&prices->by_key);
}

const struct list_price *list_prices_find(const struct list_prices *prices, const char *sku,
                                          const char *cloud, const char *unit)
{
    struct buf key = BUF_INIT;
    size_t found;
    key_of(&key, sku, cloud, unit);
    bool ok = map_get(&prices->by_key, key.text, key.length, &found);
    buf_release(&key);
    return ok ? (const struct list_price *)found : NULL;
}

const struct list_price *list_price_at(const struct list_price *prices, int64_t end)
{
    for (; prices; prices = prices->next)
        if (end >= prices->from && end < prices->to)
            return prices;
    return NULL;
}

/* Without trailing zeros both factors are short, so that their product is exact. */
static int strip(wide *n)
{
    int stripped = 0;
    for (; stripped < 18 && *n && *n % 10 == 0; stripped++)
        *n /= 10;
    return stripped;
}

struct money list_price_cost(struct money quantity, struct money rate, bool *rounded)
{
    wide product, amount = quantity.atto, price = rate.atto;
    int zeros = strip(&amount) + strip(&price);
    if (__builtin_mul_overflow(amount, price, &product)) {
        *rounded = true;
        return money_of(money_double(quantity) * money_double(rate));
    }
    for (; zeros > 18; zeros--)
        product *= 10;
    wide divisor = 1;
    for (; zeros < 18; zeros++)
        divisor *= 10;
    wide half = product < 0 ? -(divisor / 2) : divisor / 2;
    *rounded |= product % divisor != 0;
    return (struct money){(product + half) / divisor};
}
