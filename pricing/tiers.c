#include <math.h>
#include <string.h>

#include "book_parts.h"

static const char *region_of(const struct found *found)
{
    const uint32_t *regions = image_at(found->image, found->image->regions);
    return image_text(found->image, regions[found->cell->region]);
}

static struct money list_price(const struct found *found, size_t tier)
{
    return (struct money){(wide)found_tier(found, tier).pico * 1000000};
}

/* Where a tier ends: where the next begins; at the last, what the book says or never. */
static double tier_end(const struct found *found, size_t tier)
{
    if (tier + 1 < found->cell->tier_count)
        return found_tier(found, tier + 1).from;
    return INFINITY;
}

static struct price describe(const struct found *found, const struct override *override)
{
    const struct image_origin *origins = image_at(found->image, found->image->origins);
    const struct image_origin *origin = &origins[found->cell->origin];
    struct price price = {
        .list = list_price(found, 0),
        .unit = image_text(found->image, found->row->unit),
        .tier_from = found_tier(found, 0).from,
        .tier_to = tier_end(found, 0),
        .date = origin->date,
        .source = image_text(found->image, origin->source),
        .key = image_text(found->image, found->row->key),
        .region = region_of(found),
        .origin = override ? PRICE_CONTRACT : found->origin,
        .contract = override ? override->given->where : NULL,
        .overridden = override != NULL,
    };
    price.per = unit_per(price.unit);
    price.usd = override_apply(override, price.unit, price.list);
    return price;
}

static bool look_up(struct found *found, struct price *price, const struct override **override,
                    const struct book *book, const struct price_key *key)
{
    if (!book_find(found, book, key))
        return false;
    const char *name = image_text(found->image, found->row->key);
    const char *region = key->region ? key->region : region_of(found);
    *override = book->override_count ? override_for(book, name, region) : NULL;
    *price = describe(found, *override);
    return true;
}

static bool note_unit(void *context, const char *key, const char *unit)
{
    (void)key;
    *(const char **)context = unit;
    return false;
}

/* A price that is in the contract alone takes the unit of its item's other prices. */
static bool contract_price(struct price *out, const struct book *book,
                           const struct price_key *key)
{
    char text[KEY_ROOM];
    const struct override *o = NULL;
    if (book->override_count && key_text(text, key))
        o = override_alone(book, text, key->region);
    if (!o)
        return false;
    size_t item = strcspn(text, " ") + 1;
    text[item + strcspn(text + item, " ")] = '\0';
    *out = (struct price){
        .usd = o->given->amount,
        .list = o->given->amount,
        .unit = "usd",
        .tier_to = INFINITY,
        .source = "contract",
        .key = o->key,
        .region = o->region ? o->region : "*",
        .origin = PRICE_CONTRACT,
        .contract = o->given->where,
        .overridden = true,
    };
    book_scan(book, text, note_unit, &out->unit);
    out->per = unit_per(out->unit);
    return true;
}

bool book_price(struct price *out, const struct book *book, const struct price_key *key)
{
    struct found found;
    const struct override *override;
    return look_up(&found, out, &override, book, key) || contract_price(out, book, key);
}

struct money price_times(const struct price *price, double quantity)
{
    return money_times(price->usd, quantity / price->per);
}

static void trace_bands(struct price_trace *trace, const struct found *found,
                        const struct override *override, double quantity)
{
    const struct price *price = &trace->price;
    size_t count = found_tier_count(found);
    trace->included = fmin(quantity, price->tier_from);
    for (size_t i = 0; i < count; i++) {
        double from = found_tier(found, i).from, to = tier_end(found, i);
        double end = i + 1 == count ? INFINITY : to;
        double part = fmin(quantity, end) - from;
        if (part <= 0)
            break;
        struct money list = list_price(found, i);
        struct price_step *step = &trace->steps[trace->count++];
        *step = (struct price_step){part, from, to, MONEY_ZERO, MONEY_ZERO};
        step->usd = override_apply(override, price->unit, list);
        step->amount = money_times(step->usd, part / price->per);
        trace->amount = money_add(trace->amount, step->amount);
        trace->list_amount =
            money_add(trace->list_amount, money_times(list, part / price->per));
        trace->beyond = quantity > to;
    }
}

/* One price for everything. */
static void trace_flat(struct price_trace *t, double quantity)
{
    t->amount = t->list_amount = price_times(&t->price, quantity);
    if (quantity > 0)
        t->steps[t->count++] =
            (struct price_step){quantity, 0, INFINITY, t->price.usd, t->amount};
}

bool book_cost(struct money *out, const struct book *book, const struct price_key *key,
               double quantity, struct price_trace *trace)
{
    struct price_trace own, *t = trace ? trace : &own;
    struct found found;
    const struct override *override;
    *t = (struct price_trace){.count = 0};
    if (!isfinite(quantity) || quantity < 0)
        return false;
    if (look_up(&found, &t->price, &override, book, key))
        trace_bands(t, &found, override, quantity);
    else if (contract_price(&t->price, book, key))
        trace_flat(t, quantity);
    else
        return false;
    *out = t->amount;
    return true;
}
