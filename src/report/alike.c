#include "alike.h"

#include <stdlib.h>
#include <string.h>

bool alike_is_in(const struct advice *other, const char *id)
{
    for (size_t i = 0; other && i < other->recommendations.count; i++)
        if (!strcmp(other->recommendations.at[i].id, id))
            return true;
    return false;
}

static bool is_alike(const struct alike *l, const struct recommendation *r, const char *label)
{
    const char *at = strstr(r->title, label);
    return at && l->after && r->kind == l->first->kind && r->risk == l->first->risk &&
           strlen(l->before) == (size_t)(at - r->title) &&
           !strncmp(l->before, r->title, strlen(l->before)) &&
           !strcmp(l->after, at + strlen(label));
}

static void add_to(struct alike *l, const struct recommendation *r)
{
    l->count++;
    l->saving = money_range_add(l->saving, r->counted_saving);
    l->list = money_add(l->list, recommendation_list_saving(r).expected);
    l->one_off = money_add(l->one_off, r->one_off.expected);
}

static int by_saving(const void *a, const void *b)
{
    const struct alike *x = a, *y = b;
    int order = money_cmp(y->saving.expected, x->saving.expected);
    return order ? order : strcmp(x->first->id, y->first->id);
}

const struct alike *alike_groups(size_t *count, struct report *report,
                                 const struct estate *estate, const struct advice *advice,
                                 const struct advice *other)
{
    struct alike *groups =
        ARENA_ARRAY(&report->arena, struct alike, advice->recommendations.count);
    size_t n = 0;
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        const char *label = resource_label(&estate->resources.at[r->resources.at[0]]);
        const char *at = strstr(r->title, label);
        size_t g = 0;
        if (!r->counted || alike_is_in(other, r->id))
            continue;
        while (g < n && !is_alike(&groups[g], r, label))
            g++;
        if (g == n)
            groups[n++] = (struct alike){
                .first = r,
                .before =
                    at ? arena_strndup(&report->arena, r->title, (size_t)(at - r->title)) : "",
                .after = at ? at + strlen(label) : NULL};
        add_to(&groups[g], r);
    }
    if (n)
        qsort(groups, n, sizeof *groups, by_saving);
    *count = n;
    return groups;
}

struct cell alike_title(struct report *report, const struct alike *a,
                        const struct estate *estate)
{
    const struct recommendation *r = a->first;
    if (a->count < 2)
        return cell_text(report, r->title);
    return cell_printf(report, "%s%s and %zu alike%s", a->before,
                       resource_label(&estate->resources.at[r->resources.at[0]]), a->count - 1,
                       a->after);
}

void alike_put_uncounted(struct report *report, struct section *section,
                         const struct advice *advice, const struct advice *other)
{
    static const struct column columns[] = {
        {"id", "Id", ALIGN_LEFT, 0, false},
        {"title", "Also possible, not in the sum", ALIGN_LEFT, 0, true},
        {"monthly_saving", "USD/month", ALIGN_RIGHT, 0, false},
        {"why", "Why not counted", ALIGN_LEFT, 0, true},
    };
    struct table *table = NULL;
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        if (r->counted || alike_is_in(other, r->id))
            continue;
        if (!table)
            table = section_table(report, section, "not_counted", "", columns, 4);
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, r->id);
        row->cells[1] = cell_text(report, r->title);
        row->cells[2] = cell_money(recommendation_saving(r).expected);
        row->cells[3] = cell_text(report, r->not_counted_why);
    }
}
