#include "pricing/refresh.h"

#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "io/files.h"
#include "offer.h"

/* What the new prices are to the book: the first tier speaks for all. */
static void compare(struct refresh_result *result, const struct offer *offer,
                    const struct book *book)
{
    for (size_t i = 0; i < offer->cells.count; i++) {
        const struct offer_cell *cell = &offer->cells.at[i];
        const struct offer_tier *least = &offer->tiers.at[cell->first_tier - 1];
        for (uint32_t t = cell->first_tier; t; t = offer->tiers.at[t - 1].next)
            if (offer->tiers.at[t - 1].from < least->from)
                least = &offer->tiers.at[t - 1];
        const char *item = strchr(cell->key, ' ') + 1, *attributes = strchr(item, ' ');
        struct price_key key = {cell->rule->service, cell->rule->item,
                                attributes ? attributes + 1 : NULL, cell->region};
        struct price price;
        struct money now = {(wide)least->pico * 1000000};
        if (!book_price(&price, book, &key))
            result->added++;
        else if (money_cmp(price.list, now))
            result->changed++;
        else
            result->same++;
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
        compare(out, &offer, book);
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
