#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "offer.h"

enum { LINE_WIDTH = 95, GROUP_WIDTH = 80 };

static int compare_cells(const void *left, const void *right)
{
    const struct offer_cell *a = left, *b = right;
    int order = strcmp(a->rule->service, b->rule->service);
    if (!order)
        order = strcmp(a->rule->item, b->rule->item);
    if (!order)
        order = strcmp(a->key, b->key);
    return order ? order : strcmp(a->region, b->region);
}

/* Puts a chain of tiers into rising order; there are a few at most. */
static void sort_tiers(struct offer *offer, struct offer_cell *cell)
{
    uint32_t sorted = 0;
    for (uint32_t i = cell->first_tier, next; i; i = next) {
        struct offer_tier *tier = &offer->tiers.at[i - 1];
        next = tier->next;
        uint32_t *at = &sorted;
        while (*at && offer->tiers.at[*at - 1].from < tier->from)
            at = &offer->tiers.at[*at - 1].next;
        tier->next = *at;
        *at = i;
    }
    cell->first_tier = sorted;
}

static bool same_tiers(const struct offer *offer, const struct offer_cell *a,
                       const struct offer_cell *b)
{
    uint32_t i = a->first_tier, k = b->first_tier;
    while (i && k) {
        const struct offer_tier *left = &offer->tiers.at[i - 1],
                                *right = &offer->tiers.at[k - 1];
        if (left->from != right->from || left->pico != right->pico)
            return false;
        i = left->next;
        k = right->next;
    }
    return i == k;
}

static void put_amount(struct buf *out, int64_t pico)
{
    struct buf text = BUF_INIT;
    money_format_exact(&text, (struct money){(wide)pico * 1000000});
    size_t length = text.length;
    while (text.text[length - 1] == '0' && strchr(text.text, '.') + 1 < text.text + length)
        length--;
    length -= text.text[length - 1] == '.';
    buf_add_n(out, text.text, length);
    buf_release(&text);
}

/* "0.023@0;0.022@51200"; a single price of everything stands alone. */
static void put_ladder(struct buf *out, const struct offer *offer,
                       const struct offer_cell *cell)
{
    const struct offer_tier *first = &offer->tiers.at[cell->first_tier - 1];
    bool alone = !first->next && first->from == 0;
    for (uint32_t i = cell->first_tier; i; i = offer->tiers.at[i - 1].next) {
        const struct offer_tier *tier = &offer->tiers.at[i - 1];
        if (tier != first)
            buf_add_char(out, ';');
        put_amount(out, tier->pico);
        if (!alone)
            buf_printf(out, "@%.15g", tier->from);
    }
}

/* Appends a word to the line, breaking it where it would become too long. */
static void put_word(struct buf *out, size_t *line, const char *word, size_t length)
{
    size_t width = out->length - *line;
    if (width && width + 1 + length > LINE_WIDTH) {
        buf_add_char(out, '\n');
        *line = out->length;
        buf_add(out, "  ");
    } else if (width) {
        buf_add_char(out, ' ');
    }
    buf_add_n(out, word, length);
}

/* The attributes' values, and their names for the @item line. */
static void put_values(struct buf *values, struct buf *names, const char *key)
{
    const char *at = strchr(strchr(key, ' ') + 1, ' ');
    for (at = at ? at + 1 : ""; *at;) {
        size_t length = strcspn(at, ";"), name = strcspn(at, "=");
        buf_printf(values, "%s%.*s", values->length ? " " : "", (int)(length - name - 1),
                   at + name + 1);
        buf_printf(names, " %.*s", (int)name, at);
        at += length + (at[length] == ';');
    }
}

/* One name: its regions in groups of equal prices. `group` may grow a long list. */
static void put_regions(struct buf *out, size_t *line, const struct offer *offer,
                        struct offer_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!cells[i].rule)
            continue;
        struct buf word = BUF_INIT, ladder = BUF_INIT;
        put_ladder(&ladder, offer, &cells[i]);
        buf_add(&word, cells[i].region);
        for (size_t k = i + 1; k < count; k++) {
            if (!cells[k].rule || !same_tiers(offer, &cells[i], &cells[k]) ||
                word.length + ladder.length + strlen(cells[k].region) + 2 > GROUP_WIDTH)
                continue;
            buf_printf(&word, ",%s", cells[k].region);
            cells[k].rule = NULL; /* written */
        }
        buf_printf(&word, "=%s", buf_text(&ladder));
        put_word(out, line, word.text, word.length);
        buf_release(&word);
        buf_release(&ladder);
    }
    buf_add_char(out, '\n');
}

static bool same_item(const struct offer_rule *a, const struct offer_rule *b)
{
    return a && !strcmp(a->service, b->service) && !strcmp(a->item, b->item);
}

void offer_write(struct buf *out, struct offer *offer, const struct refresh_result *result)
{
    char date[DAY_TEXT];
    size_t count = offer->cells.count;
    VEC_SORT(&offer->cells, compare_cells);
    buf_printf(out, "# %s of the AWS price list, version %s\n", result->offer,
               result->version ? result->version : "unknown");
    const struct offer_rule *before = NULL;
    for (size_t i = 0, end; i < count; i = end) {
        const struct offer_rule *rule = offer->cells.at[i].rule;
        struct buf values = BUF_INIT, names = BUF_INIT;
        for (end = i; end < count && offer->cells.at[end].key == offer->cells.at[i].key; end++)
            sort_tiers(offer, &offer->cells.at[end]);
        put_values(&values, &names, offer->cells.at[i].key);
        if (!before || strcmp(before->service, rule->service))
            buf_printf(out, "@service %s\n@source aws-price-list %s\n", rule->service,
                       result->published ? day_format(date, result->published) : "-");
        if (!same_item(before, rule))
            buf_printf(out, "@item %s %s%s\n", rule->item, rule->unit, buf_text(&names));
        size_t line = out->length;
        buf_add(out, buf_text(&values));
        put_regions(out, &line, offer, &offer->cells.at[i], end - i);
        before = rule;
        buf_release(&values);
        buf_release(&names);
    }
}
