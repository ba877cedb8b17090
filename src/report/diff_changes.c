#include "diff_changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

static const struct column change_columns[] = {
    {"resource", "Resource and component", ALIGN_LEFT, 0, true},
    {"change", "Change", ALIGN_LEFT, 0, false},
    {"quantity", "Quantity", ALIGN_RIGHT, 3, false},
    {"unit", "Unit", ALIGN_LEFT, 3, false},
    {"unit_price", "Unit price", ALIGN_RIGHT, 4, false},
    {"before", "Before", ALIGN_RIGHT, 2, false},
    {"after", "After", ALIGN_RIGHT, 2, false},
    {"difference", "Difference", ALIGN_RIGHT, 0, false},
};

/* Of these, what one state has. */
static const size_t state_kept[] = {0, 2, 3, 4, 6};
static const struct column state_columns[] = {
    {"resource", "Resource and component", ALIGN_LEFT, 0, true},
    {"quantity", "Quantity", ALIGN_RIGHT, 3, false},
    {"unit", "Unit", ALIGN_LEFT, 3, false},
    {"unit_price", "Unit price", ALIGN_RIGHT, 4, false},
    {"after", "A month", ALIGN_RIGHT, 0, false},
};

static const struct column use_columns[] = {
    {"component", "Paid by use", ALIGN_LEFT, 0, true},
    {"unit", "Unit", ALIGN_LEFT, 0, false},
    {"unit_price", "Unit price", ALIGN_RIGHT, 0, false},
    {"resources", "Resources", ALIGN_RIGHT, 0, false},
    {"example", "Of them", ALIGN_LEFT, 2, true},
};

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

void diff_keep_columns(struct report *report, struct table *table, const size_t *kept,
                       const struct column *columns, size_t count)
{
    for (size_t r = 0; r < table->rows.count; r++) {
        struct cell *cells = ARENA_ARRAY(&report->arena, struct cell, count);
        for (size_t c = 0; c < count; c++)
            cells[c] = table->rows.at[r].cells[kept[c]];
        table->rows.at[r].cells = cells;
    }
    table->columns = columns;
    table->column_count = count;
}

struct cell diff_money_cell(struct money_range r)
{
    bool sure = !money_cmp(r.low, r.expected) && !money_cmp(r.high, r.expected);
    return sure ? cell_money(r.expected) : cell_range(r);
}

const char *diff_component_label(struct report *report, const struct cost_component *c)
{
    return c->group ? arena_printf(&report->arena, "%s: %s", c->group, c->name) : c->name;
}

static struct cell quantity_cell(const struct cost_component *c)
{
    if (!c || isnan(c->quantity.expected))
        return (struct cell){.kind = CELL_NONE};
    return cell_number(c->quantity.expected);
}

static struct cell by_use_cell(struct report *report, struct money at_most)
{
    if (money_is_zero(at_most))
        return cell_text(report, "by use");
    return cell_printf(report, "by use, at most %s", money_text(report, at_most));
}

static struct cell cost_cell(struct report *report, const struct cost_component *c)
{
    if (!c)
        return (struct cell){.kind = CELL_NONE};
    if (c->state == COMPONENT_USAGE)
        return by_use_cell(report, c->at_most);
    if (c->state == COMPONENT_UNPRICED)
        return cell_unknown(report, NULL);
    return diff_money_cell(c->monthly);
}

static void put_component(struct report *report, struct table *table,
                          const struct component_pair *p)
{
    const struct cost_component *c = p->after ? p->after : p->before;
    struct row *row = table_row(report, table);
    row->indent = 1;
    row->cells[0] = cell_text(report, diff_component_label(report, c));
    row->cells[2] = quantity_cell(c);
    row->cells[3] = cell_text(report, c->unit);
    if (!money_is_zero(c->unit_price))
        row->cells[4] = cell_price(c->unit_price);
    row->cells[5] = cost_cell(report, p->before);
    row->cells[6] = cost_cell(report, p->after);
    bool open = (p->before && p->before->state != COMPONENT_PRICED) ||
                (p->after && p->after->state != COMPONENT_PRICED);
    row->cells[7] = open ? cell_text(report, "") : diff_money_cell(p->difference);
}

/* A sum of nothing known is no 0: it is by use, or unknown. */
static struct cell resource_sum(struct report *report, const struct resource_cost *cost,
                                struct money_range amount, struct money at_most)
{
    bool open = money_is_zero(amount.low) && money_is_zero(amount.high);
    if (open && cost->status == COST_USAGE_ONLY)
        return by_use_cell(report, at_most);
    if (open && (cost->status == COST_UNPRICED || cost->status == COST_UNKNOWN_TYPE))
        return cell_unknown(report, NULL);
    return diff_money_cell(amount);
}

/* What is by use on every side it has: its price stands among those paid by use. */
static bool only_by_use(const struct component_pair *p)
{
    return (!p->before || p->before->state == COMPONENT_USAGE) &&
           (!p->after || p->after->state == COMPONENT_USAGE);
}

static void put_change(struct report *report, struct table *table, const struct diff_input *in,
                       const struct resource_change *change, struct money_range difference)
{
    const struct resource *r = resource_of(in, change);
    struct component_pairs pairs;
    pair_components(&pairs, cost_before(in, change), cost_after(in, change));
    struct row *row = table_row(report, table);
    row->cells[0] = change->previous
                        ? cell_printf(report, "%s (was %s)", r->key, change->previous)
                        : cell_text(report, r->key);
    row->cells[1] =
        cell_text(report, in->change->has_before ? change_kind_name(change->kind) : "");
    const struct resource_cost *before = cost_before(in, change),
                               *after = cost_after(in, change);
    if (before)
        row->cells[5] = resource_sum(report, before, before->total, before->at_most);
    if (after)
        row->cells[6] = resource_sum(report, after, after->total, after->at_most);
    row->cells[7] =
        resource_sum(report, after ? after : before, difference, MONEY_ZERO);
    for (size_t i = 0; i < pairs.all.count; i++)
        if (!pairs.all.at[i].same && !only_by_use(&pairs.all.at[i]))
            put_component(report, table, &pairs.all.at[i]);
    VEC_FREE(&pairs.all);
}

static bool costs_nothing(const struct resource_cost *c)
{
    return !c || c->status == COST_FREE || c->status == COST_PARENT;
}

/* Known to cost the same after it as before: not replaced, not let go, nothing open changes. */
static bool leaves_cost(const struct diff_input *in, const struct resource_change *change,
                        const struct component_pairs *sums)
{
    const struct money_range *d = &sums->difference;
    const struct resource_cost *after = cost_after(in, change);
    return change->kind == CHANGE_UPDATED && money_is_zero(d->low) &&
           money_is_zero(d->expected) && money_is_zero(d->high) &&
           money_is_zero(sums->left_out) && !sums->open && !after->usage_missing &&
           after->count;
}

struct sized_change {
    const struct resource_change *change;
    struct money_range difference;
    struct money size; /* begins as what is left out */
    size_t place;
};

/* The largest, known or left out, first, since a comment that is too long loses its last rows;
 * then by address. */
static int by_size(const void *left, const void *right)
{
    const struct sized_change *a = left, *b = right;
    int by = money_cmp(b->size, a->size);
    return by ? by : (a->place > b->place) - (a->place < b->place);
}

static void put_sized(struct report *report, struct table *table, const struct diff_input *in,
                      struct sized_change *sized, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct money d = sized[i].difference.expected;
        sized[i].size =
            money_add(sized[i].size, money_cmp(d, MONEY_ZERO) < 0 ? money_neg(d) : d);
        sized[i].place = i;
    }
    if (count)
        qsort(sized, count, sizeof *sized, by_size);
    for (size_t i = 0; i < count; i++)
        put_change(report, table, in, sized[i].change, sized[i].difference);
}

static void put_left_out(struct report *report, struct section *section, const char *things,
                         size_t free_of_cost, size_t unchanged)
{
    if (free_of_cost)
        section_text(report, section, "%zu more %s%s.", free_of_cost, things,
                     free_of_cost == 1 ? " that costs nothing itself"
                                       : "s that cost nothing themselves");
    if (unchanged)
        section_text(report, section, "%zu more %s the cost as it is.", unchanged,
                     unchanged == 1 ? "change that leaves" : "changes that leave");
}

void diff_put_changes(struct report *report, const struct diff_input *in)
{
    const char *heading = in->change->has_before ? "Changes" : "Resources";
    struct section *section = report_section(report, "changes", heading);
    struct table *table =
        section_table(report, section, "changes", "", change_columns, COUNT(change_columns));
    struct sized_change *sized =
        ARENA_ARRAY(&report->arena, struct sized_change, in->diff->all.count);
    size_t free_of_cost = 0, unchanged = 0, count = 0;
    section->priority = 1;
    table->empty = in->change->has_before ? "Nothing that costs money changes."
                                          : "Nothing here costs money.";
    for (size_t i = 0; i < in->diff->all.count; i++) {
        const struct resource_change *change = &in->diff->all.at[i];
        struct component_pairs sums;
        if (!change_matters(in, change, &sums))
            continue;
        if (costs_nothing(cost_before(in, change)) && costs_nothing(cost_after(in, change)))
            free_of_cost++;
        else if (leaves_cost(in, change, &sums))
            unchanged++;
        else
            sized[count++] = (struct sized_change){change, sums.difference, sums.left_out, 0};
    }
    put_sized(report, table, in, sized, count);
    put_left_out(report, section, in->change->has_before ? "change" : "resource", free_of_cost,
                 unchanged);
    if (!in->change->has_before)
        diff_keep_columns(report, table, state_kept, state_columns, COUNT(state_columns));
}

struct use_price {
    const struct cost_component *component;
    const char *example; /* the first resource that has it */
    size_t resources;
};

struct use_prices {
    VEC(struct use_price) all;
    struct map by_text;
};

static void add_use(struct report *report, struct use_prices *prices, const char *resource,
                    const struct cost_component *c)
{
    struct buf text = BUF_INIT;
    size_t at;
    buf_printf(&text, "%s|%s|", diff_component_label(report, c), c->unit);
    money_format_exact(&text, c->unit_price);
    const char *key = arena_strdup(&report->arena, buf_text(&text));
    buf_release(&text);
    if (!map_get(&prices->by_text, key, strlen(key), &at)) {
        at = prices->all.count;
        map_put(&prices->by_text, key, strlen(key), at);
        VEC_ADD(&prices->all, ((struct use_price){c, resource, 0}));
    }
    prices->all.at[at].resources++;
}

static void collect_use(struct report *report, struct use_prices *prices,
                        const struct diff_input *in)
{
    for (size_t i = 0; i < in->after->count; i++) {
        const struct resource_cost *cost = &in->after->resources[i];
        for (size_t k = 0; k < cost->count; k++)
            if (cost->components[k].state == COMPONENT_USAGE)
                add_use(report, prices, in->change->after->resources.at[i].key,
                        &cost->components[k]);
    }
}

static void put_use_price(struct report *report, struct table *table,
                          const struct use_price *price)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, diff_component_label(report, price->component));
    row->cells[1] = cell_text(report, price->component->unit);
    row->cells[2] = money_is_zero(price->component->unit_price)
                        ? cell_unknown(report, NULL)
                        : cell_price(price->component->unit_price);
    row->cells[3] = cell_count((double)price->resources);
    row->cells[4] = cell_text(report, price->example);
}

void diff_put_by_use(struct report *report, const struct diff_input *in)
{
    struct use_prices prices = {.by_text = MAP_INIT};
    size_t resources = 0;
    for (size_t i = 0; i < in->after->count; i++)
        resources += in->after->resources[i].usage_missing > 0 ||
                     in->after->resources[i].status == COST_USAGE_ONLY;
    if (!resources)
        return;
    struct section *section = report_section(report, "by_use", "Paid by use, not in the figures");
    section->priority = 4;
    section_text(report, section,
                 "%zu %s also by use, which is not known here: a layer map (--map) or usage "
                 "file (--usage) supplies it.",
                 resources, resources == 1 ? "resource costs" : "resources cost");
    collect_use(report, &prices, in);
    if (prices.all.count) {
        struct table *table =
            section_table(report, section, "by_use", "", use_columns, COUNT(use_columns));
        for (size_t i = 0; i < prices.all.count; i++)
            put_use_price(report, table, &prices.all.at[i]);
    }
    VEC_FREE(&prices.all);
    map_release(&prices.by_text);
}
