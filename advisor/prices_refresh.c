#include "cmd_prices.h"
#include "pricing/refresh.h"

static const struct column columns[] = {
    {"offer", "Offer", ALIGN_LEFT, 0, false}, {"published", "Published", ALIGN_LEFT, 1, false},
    {"rows", "Rows", ALIGN_RIGHT, 2, false},  {"prices", "Prices", ALIGN_RIGHT, 0, false},
    {"same", "Same", ALIGN_RIGHT, 1, false},  {"changed", "Changed", ALIGN_RIGHT, 0, false},
    {"new", "New", ALIGN_RIGHT, 0, false},    {"unread", "Unread", ALIGN_RIGHT, 0, false},
};

static const struct column change_columns[] = {
    {"price", "Largest changes", ALIGN_LEFT, 0, true},
    {"region", "Region", ALIGN_LEFT, 0, false},
    {"before", "Before", ALIGN_RIGHT, 0, false},
    {"now", "Now", ALIGN_RIGHT, 0, false},
    {"unit", "Unit", ALIGN_LEFT, 1, false},
};

struct listing {
    struct report *report;
    struct section *section;
    struct table *table;
    struct node *json;
};

static void add_number(struct listing *l, struct node *map, const char *key, size_t number)
{
    struct arena *arena = &l->report->arena;
    node_add(arena, map, key, node_number_new(arena, (double)number));
}

static void add_changes_json(struct listing *l, struct node *map,
                             const struct refresh_result *r)
{
    struct arena *arena = &l->report->arena;
    struct node *list = node_add(arena, map, "largest_changes", node_new(arena, NODE_LIST));
    for (size_t i = 0; i < r->change_count; i++) {
        const struct price_change *change = &r->changes[i];
        struct node *one = node_add(arena, list, NULL, node_new(arena, NODE_MAP));
        node_add(arena, one, "price", node_string(arena, change->key));
        node_add(arena, one, "region", node_string(arena, change->region));
        node_add(arena, one, "before", json_money(l->report, change->before));
        node_add(arena, one, "now", json_money(l->report, change->now));
        node_add(arena, one, "unit", node_string(arena, change->unit));
    }
}

static void add_json(struct listing *l, const struct refresh_result *r, const char *date)
{
    struct arena *arena = &l->report->arena;
    struct node *map = node_add(arena, l->json, NULL, node_new(arena, NODE_MAP));
    node_add(arena, map, "offer", node_string(arena, r->offer));
    node_add(arena, map, "published",
             r->published ? node_string(arena, date) : node_new(arena, NODE_NULL));
    node_add(arena, map, "file", node_string(arena, r->file));
    add_number(l, map, "rows", r->rows);
    add_number(l, map, "prices", r->prices);
    add_number(l, map, "same", r->same);
    add_number(l, map, "changed", r->changed);
    add_number(l, map, "new", r->added);
    add_number(l, map, "unread", r->bad);
    add_number(l, map, "conflicts", r->conflicts);
    add_changes_json(l, map, r);
}

static void add_changes(struct listing *l, const struct refresh_result *r)
{
    if (!r->change_count)
        return;
    struct table *table = section_table(l->report, l->section, "changes", "", change_columns,
                                        sizeof change_columns / sizeof *change_columns);
    for (size_t i = 0; i < r->change_count; i++) {
        const struct price_change *change = &r->changes[i];
        struct cell *cells = table_row(l->report, table)->cells;
        cells[0] = cell_text(l->report, change->key);
        cells[1] = cell_text(l->report, change->region);
        cells[2] = cell_price(change->before);
        cells[3] = cell_price(change->now);
        cells[4] = cell_text(l->report, change->unit);
    }
}

static void add_offer(struct listing *l, const struct refresh_result *r)
{
    char date[DAY_TEXT];
    day_format(date, r->published);
    struct cell *cells = table_row(l->report, l->table)->cells;
    cells[0] = cell_text(l->report, r->offer);
    cells[1] = cell_text(l->report, r->published ? date : "unknown");
    const size_t counts[] = {r->rows, r->prices, r->same, r->changed, r->added, r->bad};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cells[2 + i] = cell_count((double)counts[i]);
    add_json(l, r, date);
    section_text(l->report, l->section, "%s is written.", r->file);
    add_changes(l, r);
    if (r->conflicts)
        section_text(
            l->report, l->section,
            "%s: %zu rows give a second price for a name and region; the first stays.",
            r->offer, r->conflicts);
    if (r->bad)
        section_text(l->report, l->section, "%zu rows could not be read, the first: %s",
                     r->bad, r->first_bad);
}

bool prices_refresh(struct session *session, const struct prices_options *options,
                    struct err *err)
{
    (void)options;
    const char *folder = session->common.prices;
    size_t count = session->words.texts.count;
    if (!folder || count < 2)
        return err_usage(err, "advisor prices refresh INDEX.CSV... --prices DIR: the offer "
                              "files to take in, and the folder for the price files");
    struct book *book = NULL;
    if (!book_open(&book, NULL, err))
        return false;
    struct report *report = report_new("Price book");
    struct listing l = {.report = report};
    l.section = report_section(report, "refresh", "Offers taken in");
    l.table = section_table(report, l.section, "offers", "", columns,
                            sizeof columns / sizeof *columns);
    l.json = node_new(&report->arena, NODE_LIST);
    bool ok = true;
    for (size_t i = 1; ok && i < count; i++) {
        struct refresh_result result;
        ok = price_refresh(&result, &report->arena, book, session->words.texts.at[i], folder,
                           err);
        if (!ok)
            break;
        add_offer(&l, &result);
        session->status = result.bad ? STATUS_INCOMPLETE : session->status;
    }
    node_add(&report->arena, report->json, "offers", l.json);
    ok = ok && session_emit(session, report, err);
    report_free(report);
    book_free(book);
    return ok;
}
