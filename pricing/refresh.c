#include "pricing/refresh.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "io/files.h"
#include "offer.h"

static const struct offer_tier *first_tier(const struct offer *offer,
                                           const struct offer_cell *cell)
{
    const struct offer_tier *least = &offer->tiers.at[cell->first_tier - 1];
    for (uint32_t t = cell->first_tier; t; t = offer->tiers.at[t - 1].next)
        if (offer->tiers.at[t - 1].from < least->from)
            least = &offer->tiers.at[t - 1];
    return least;
}

/* By how much a price rose or fell; a price that was 0 comes first. */
static double size_of(const struct price_change *change)
{
    double before = money_double(change->before), now = money_double(change->now);
    return before > 0 ? fabs(log(now / before)) : INFINITY;
}

static bool is_before(const struct price_change *a, const struct price_change *b)
{
    double left = size_of(a), right = size_of(b);
    int order = strcmp(a->key, b->key);
    if (!order)
        order = strcmp(a->region, b->region);
    return left > right || (!(left < right) && order < 0);
}

/* Keeps the largest changes in order; texts move to the arena, for the offer goes. */
static void keep_change(struct refresh_result *result, struct arena *arena,
                        struct price_change change)
{
    size_t at = result->change_count;
    while (at > 0 && is_before(&change, &result->changes[at - 1]))
        at--;
    if (at == PRICE_CHANGES_KEPT)
        return;
    result->change_count += result->change_count < PRICE_CHANGES_KEPT;
    for (size_t i = result->change_count - 1; i > at; i--)
        result->changes[i] = result->changes[i - 1];
    change.key = arena_strdup(arena, change.key);
    change.region = arena_strdup(arena, change.region);
    result->changes[at] = change;
}

/* What the new prices are to the book: the first tier speaks for all. */
static void compare(struct refresh_result *result, struct arena *arena,
                    const struct offer *offer, const struct book *book)
{
    for (size_t i = 0; i < offer->cells.count; i++) {
        const struct offer_cell *cell = &offer->cells.at[i];
        const char *item = strchr(cell->key, ' ') + 1, *attributes = strchr(item, ' ');
        struct price_key key = {cell->rule->service, cell->rule->item,
                                attributes ? attributes + 1 : NULL, cell->region};
        struct price price;
        struct money now = {(wide)first_tier(offer, cell)->pico * 1000000};
        if (!book_price(&price, book, &key)) {
            result->added++;
        } else if (!money_cmp(price.list, now)) {
            result->same++;
        } else {
            result->changed++;
            keep_change(result, arena,
                        (struct price_change){cell->key, cell->region, cell->rule->unit,
                                              price.list, now});
        }
    }
}

bool price_refresh(struct refresh_result *out, struct arena *arena, const struct book *book,
                   const char *input, const char *folder, struct err *err)
{
    struct offer offer = {.strings = NULL};
    struct buf text = BUF_INIT;
    *out = (struct refresh_result){.rows = 0};
    bool ok = offer_read(&offer, out, arena, input, err);
    if (ok && !offer.cells.count)
        ok = err_set(err, "%s: none of the %zu rows of %s is a price that the book knows",
                     input, out->rows, out->offer);
    if (ok) {
        compare(out, arena, &offer, book);
        out->prices = offer.cells.count;
        offer_write(&text, &offer, out);
        const char *name = arena_printf(arena, "%s.prices", out->offer);
        out->file = path_join(arena, folder, name);
        ok = files_write(out->file, buf_text(&text), text.length, err);
    }
    buf_release(&text);
    offer_release(&offer);
    return ok;
}
