#include "cmd_prices.h"
#include "pricing/check.h"

enum { PROBLEMS_SHOWN = 50 };

static const struct column columns[] = {
    {"problem", "Problem", ALIGN_LEFT, 0, true},
};

struct listing {
    struct report *report;
    struct table *table;
    struct node *json;
};

static void add_problem(void *context, const char *sentence)
{
    struct listing *l = context;
    struct arena *arena = &l->report->arena;
    node_add(arena, l->json, NULL, node_string(arena, sentence));
    if (l->table->rows.count < PROBLEMS_SHOWN)
        table_row(l->report, l->table)->cells[0] = cell_text(l->report, sentence);
}

static void add_count(struct report *report, const char *key, size_t count)
{
    node_add(&report->arena, report->json, key,
             node_number_new(&report->arena, (double)count));
}

static void sum_up(struct report *report, const struct price_check *check, const char *folder)
{
    char first[DAY_TEXT], last[DAY_TEXT];
    report_lead(report, "%s: %zu prices and %zu tables, %zu problem%s.", folder, check->prices,
                check->tables, check->problems, check->problems == 1 ? "" : "s");
    if (check->first)
        report_fact(report, "Dates", "%s to %s", day_format(first, check->first),
                    day_format(last, check->last));
    add_count(report, "prices", check->prices);
    add_count(report, "tables", check->tables);
}

bool prices_verify(struct session *session, const struct prices_options *options,
                   struct err *err)
{
    const char *folder = session->common.prices;
    if (session->words.texts.count > 1)
        folder = session->words.texts.at[1];
    if (!folder)
        return err_usage(err, "which folder of price files? advisor prices verify DIR");
    day today;
    if (!prices_today(&today, options, err))
        return false;
    struct report *report = report_new("Price files");
    struct section *section = report_section(report, "problems", "Problems");
    struct listing listing = {.report = report, .json = node_new(&report->arena, NODE_LIST)};
    listing.table = section_table(report, section, "problems", "", columns, 1);
    listing.table->empty = "None: every line parses, no price is given twice.";
    struct price_check check;
    bool ok = price_folder_check(&check, folder, today, add_problem, &listing, err);
    if (ok) {
        sum_up(report, &check, folder);
        if (check.problems > PROBLEMS_SHOWN)
            section_text(report, section, "The first %d of %zu are shown.", PROBLEMS_SHOWN,
                         check.problems);
        node_add(&report->arena, report->json, "problems", listing.json);
        session->status = check.problems ? STATUS_FAILED : STATUS_DONE;
        ok = session_emit(session, report, err);
    }
    report_free(report);
    return ok;
}
