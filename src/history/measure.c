#include "measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DAY_HOURS = 24 };

static void mark_tree(bool *marked, const struct estate *estate, uint32_t resource, int depth)
{
    enum { DEEPEST = 4 };
    size_t count;
    const uint32_t *children = estate_children(estate, resource, &count);
    marked[resource] = true;
    for (size_t i = 0; i < count && depth < DEEPEST; i++)
        if (!marked[children[i]])
            mark_tree(marked, estate, children[i], depth + 1);
}

static struct unit_use *unit_for(struct use *use, const char *unit)
{
    for (size_t i = 0; i < use->units.count; i++)
        if (!strcmp(use->units.at[i].unit, unit))
            return &use->units.at[i];
    struct unit_use *u = VEC_PUSH(&use->units);
    u->unit = unit;
    return u;
}

/* The window in days, and which of them had usage. */
struct days {
    int32_t first, hour_first;
    size_t count;
    bool *ran;
    bool known;
};

static void add_line(struct use *out, struct days *days, const struct estate *estate,
                     const struct cost_line *line, double window)
{
    const struct sku *sku = &estate->skus.at[line->sku];
    if (!charge_is_usage(sku->charge) || line->hour < days->hour_first)
        return;
    int32_t month = month_of(line->hour / DAY_HOURS);
    double factor = estate_month_hours(estate, line->sku, month) / window;
    struct unit_use *u = unit_for(out, sku->unit ? sku->unit : "");
    struct money cost = money_times(line->cost[BASIS_AMORTIZED], factor);
    u->quantity += money_double(line->quantity) * factor;
    u->cost = money_add(u->cost, cost);
    out->cost = money_add(out->cost, cost);
    size_t on = (size_t)(line->hour / DAY_HOURS - days->first);
    days->known = days->known && line->hours <= DAY_HOURS;
    if (on < days->count)
        days->ran[on] = true;
}

static int by_unit(const void *a, const void *b)
{
    return strcmp(((const struct unit_use *)a)->unit, ((const struct unit_use *)b)->unit);
}

void use_measure(struct use *out, const struct estate *estate, const uint32_t *resources,
                 size_t count, int32_t from)
{
    *out = (struct use){.days_ran = -1};
    from = from > estate->first_hour ? from : estate->first_hour;
    if (from >= estate->last_hour)
        return;
    bool *marked = mem_alloc(estate->resources.count * sizeof *marked + 1);
    struct days days = {.first = from / DAY_HOURS, .hour_first = from, .known = true};
    days.count = (size_t)((estate->last_hour - 1) / DAY_HOURS - days.first + 1);
    days.ran = mem_alloc(days.count * sizeof *days.ran);
    for (size_t i = 0; i < count; i++)
        mark_tree(marked, estate, resources[i], 0);
    for (uint32_t r = 0; r < estate->resources.count; r++) {
        size_t lines;
        const struct cost_line *line = estate_lines(estate, r, &lines);
        for (size_t i = 0; marked[r] && i < lines; i++)
            add_line(out, &days, estate, &line[i], estate->last_hour - from);
    }
    out->days_seen = (int)days.count;
    out->days_ran = days.known ? 0 : -1;
    for (size_t i = 0; days.known && i < days.count; i++)
        out->days_ran += days.ran[i];
    VEC_SORT(&out->units, by_unit);
    free(days.ran);
    free(marked);
}

void use_release(struct use *use)
{
    VEC_FREE(&use->units);
}

const struct unit_use *use_of_unit(const struct use *use, const char *unit)
{
    for (size_t i = 0; i < use->units.count; i++)
        if (!strcmp(use->units.at[i].unit, unit))
            return &use->units.at[i];
    return NULL;
}
