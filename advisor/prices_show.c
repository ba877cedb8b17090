#include <math.h>
#include <string.h>

#include "cmd_prices.h"
#include "config.h"
#include "pricing/catalogue.h"
#include "pricing/databricks.h"
#include "pricing/ec2.h"
#include "pricing/search.h"

enum { ROWS_SHOWN = 60, SOURCES_MAX = 16 };

#define BAND_UNIT "band_0_to_4"

enum { REGION, NAME, FROM, AMOUNT, UNIT, DATE, SOURCE, COLUMNS };

static const struct column columns[COLUMNS] = {
    {"region", "Region", ALIGN_LEFT, 0, false}, {"price", "Price", ALIGN_LEFT, 0, true},
    {"from", "From", ALIGN_RIGHT, 1, false},    {"amount", "Amount", ALIGN_RIGHT, 0, false},
    {"unit", "Unit", ALIGN_LEFT, 0, false},     {"date", "Date", ALIGN_LEFT, 0, false},
    {"source", "Source", ALIGN_LEFT, 1, true},
};

struct listing {
    struct report *report;
    struct table *table;
    struct node *json;
    const struct book *book;
    day today;
    struct column shown[COLUMNS]; /* without those that would say nothing */
    size_t which[COLUMNS], column_count;
    bool tiers, repeat; /* the name on every tier, for programs */
    size_t prices, old, left_out;
    const char *sources[SOURCES_MAX];
    size_t source_count;
};

static void add_text(struct listing *l, struct node *map, const char *key, const char *text)
{
    struct arena *arena = &l->report->arena;
    node_add(arena, map, key, text ? node_string(arena, text) : node_new(arena, NODE_NULL));
}

static void add_number(struct listing *l, struct node *map, const char *key, double number)
{
    struct arena *arena = &l->report->arena;
    node_add(arena, map, key,
             isfinite(number) ? node_number_new(arena, number) : node_new(arena, NODE_NULL));
}

static const char *origin_name(enum price_origin origin)
{
    static const char *const names[] = {"built-in book", "price folder", "contract"};
    return names[origin];
}

static struct node *attributes_json(struct listing *l, const char *attributes)
{
    struct arena *arena = &l->report->arena;
    struct node *map = node_new(arena, NODE_MAP);
    while (*attributes) {
        size_t length = strcspn(attributes, ";"), name = strcspn(attributes, "=");
        if (name < length)
            add_text(l, map, arena_strndup(arena, attributes, name),
                     arena_strndup(arena, attributes + name + 1, length - name - 1));
        attributes += length + (attributes[length] == ';');
    }
    return map;
}

static void add_json(struct listing *l, const struct price_key *key,
                     const struct price_trace *trace, const char *date)
{
    struct arena *arena = &l->report->arena;
    const struct price *price = &trace->price;
    struct node *map = node_add(arena, l->json, NULL, node_new(arena, NODE_MAP));
    add_text(l, map, "service", key->service);
    add_text(l, map, "item", key->item);
    node_add(arena, map, "attributes", attributes_json(l, key->attributes));
    add_text(l, map, "region", price->region);
    node_add(arena, map, "amount", json_money(l->report, price->usd));
    node_add(arena, map, "list_amount", json_money(l->report, price->list));
    add_text(l, map, "unit", price->unit);
    struct node *tiers = node_add(arena, map, "tiers", node_new(arena, NODE_LIST));
    for (size_t i = 0; i < trace->count; i++) {
        struct node *tier = node_add(arena, tiers, NULL, node_new(arena, NODE_MAP));
        add_number(l, tier, "from", trace->steps[i].tier_from);
        add_number(l, tier, "to", trace->steps[i].tier_to);
        node_add(arena, tier, "amount", json_money(l->report, trace->steps[i].usd));
    }
    add_text(l, map, "date", price->date ? date : NULL);
    add_text(l, map, "source", price->source);
    add_text(l, map, "source_text", book_source(l->book, price->source));
    add_text(l, map, "origin", origin_name(price->origin));
    add_text(l, map, "contract", price->contract);
}

static void add_source(struct listing *l, const char *source)
{
    for (size_t i = 0; i < l->source_count; i++)
        if (!strcmp(l->sources[i], source))
            return;
    if (l->source_count < SOURCES_MAX)
        l->sources[l->source_count++] = source;
}

/* "storage class=standard": the attributes' names are left out where values speak. */
static struct cell name_cell(struct listing *l, const struct price_key *key)
{
    struct buf text = BUF_INIT;
    buf_add(&text, key->item);
    for (const char *at = key->attributes; *at;) {
        size_t length = strcspn(at, ";"), name = strcspn(at, "=");
        bool flag = !strncmp(at, "photon=", 7);
        buf_add(&text, " ");
        buf_add_n(&text, at + (flag ? 0 : name + 1), length - (flag ? 0 : name + 1));
        at += length + (at[length] == ';');
    }
    struct cell cell = cell_text(l->report, buf_text(&text));
    buf_release(&text);
    return cell;
}

/* "usd_per_1000_requests" reads "USD per 1000 requests". */
static struct cell unit_cell(struct listing *l, const char *unit)
{
    bool dollars = !strncmp(unit, "usd_", 4);
    char *text = arena_printf(&l->report->arena, "%s%s", dollars ? "USD " : "",
                              unit + (dollars ? 4 : 0));
    for (char *c = text; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    return cell_text(l->report, text);
}

static struct cell amount_cell(struct listing *l, const struct price *price,
                               struct money amount)
{
    if (!strcmp(price->unit, BAND_UNIT))
        return cell_text(l->report, ec2_band_text((int)money_double(amount)));
    return cell_price(amount);
}

static void add_rows(struct listing *l, const struct price_key *key,
                     const struct price_trace *trace, const char *date)
{
    const struct price *price = &trace->price;
    for (size_t i = 0; i < trace->count; i++) {
        struct cell all[COLUMNS] = {{.kind = CELL_NONE}};
        struct cell *cells = table_row(l->report, l->table)->cells;
        if (!i || l->repeat) {
            all[REGION] = cell_text(l->report, price->region);
            all[NAME] = name_cell(l, key);
            all[UNIT] = unit_cell(l, price->unit);
            all[DATE] = cell_text(l->report, price->date ? date : "unknown");
            all[SOURCE] =
                cell_text(l->report, price->overridden ? price->contract : price->source);
        }
        if (trace->count > 1 || trace->steps[i].tier_from > 0)
            all[FROM] = cell_count(trace->steps[i].tier_from);
        all[AMOUNT] = amount_cell(l, price, trace->steps[i].usd);
        for (size_t c = 0; c < l->column_count; c++)
            cells[c] = all[l->which[c]];
    }
}

static bool add_price(void *context, const struct price_key *key, const struct price *price)
{
    struct listing *l = context;
    struct price_trace trace;
    struct money ignored;
    char date[DAY_TEXT];
    if (!book_cost(&ignored, l->book, key, 1e17, &trace)) /* into the last tier */
        return true;
    l->prices++;
    l->old += l->today && price_is_old(price, l->today);
    add_json(l, key, &trace, day_format(date, price->date));
    add_source(l, price->source);
    if (l->table->rows.count < ROWS_SHOWN)
        add_rows(l, key, &trace, date);
    else
        l->left_out++;
    return true;
}

static void finish(struct listing *l, struct section *section)
{
    struct report *report = l->report;
    if (l->left_out)
        section_text(report, section,
                     "%zu more prices answer: name a region or an attribute, or use "
                     "--format json.",
                     l->left_out);
    struct buf sources = BUF_INIT;
    for (size_t i = 0; i < l->source_count; i++) {
        const char *text = book_source(l->book, l->sources[i]);
        if (strcmp(text, l->sources[i]))
            buf_printf(&sources, "%s%s: %s.", sources.length ? " " : "", l->sources[i], text);
    }
    if (sources.length)
        section_text(report, section, "%s", buf_text(&sources));
    buf_release(&sources);
    if (l->old)
        report_fact(report, "Old", "%zu of these prices are older than %d days, or undated",
                    l->old, PRICE_OLD_DAYS);
    report_fact(report, "Book", "%s", book_version(l->book));
    report_fact(report, "Currency", "USD, before tax");
    add_text(l, report->json, "book", book_version(l->book));
    add_text(l, report->json, "currency", "USD");
    node_add(&report->arena, report->json, "prices", l->json);
}

/* What a type is and what Databricks counts for it, beside its prices. */
static void describe_type(struct listing *l, const struct price_search *search)
{
    for (size_t i = 0; i < search->word_count; i++) {
        const struct instance_type *type = catalogue_find(l->book, search->words[i]);
        struct price dbu;
        if (!type)
            continue;
        report_fact(l->report, "Type",
                    "%d vCPU, %g GiB, %s; network %g to %g Gbit/s, EBS %g to %g MB/s",
                    type->vcpus, type->memory_gib, type->arch, type->network_gbps,
                    type->network_burst_gbps, type->ebs_mb_per_s, type->ebs_burst_mb_per_s);
        if (dbu_per_hour(&dbu, l->book, type->name))
            report_fact(l->report, "Databricks", "%g DBU an hour, %.4g with Photon on jobs",
                        money_double(dbu.usd),
                        money_double(dbu.usd) *
                            dbu_multiplier(l->book, "JOBS_COMPUTE", "photon"));
    }
}

static bool note_tiers(void *context, const struct price_key *key, const struct price *price)
{
    (void)key;
    struct listing *l = context;
    l->tiers = price->tier_from > 0 || isfinite(price->tier_to);
    return !l->tiers;
}

static void choose_columns(struct listing *l, const struct price_search *search)
{
    price_search_run(search, l->book, note_tiers, l);
    for (size_t i = 0; i < COLUMNS; i++) {
        if ((i == REGION && search->region) || (i == FROM && !l->tiers))
            continue;
        l->which[l->column_count] = i;
        l->shown[l->column_count++] = columns[i];
    }
}

static const char *joined(struct session *session)
{
    struct buf text = BUF_INIT;
    for (size_t i = 1; i < session->words.texts.count; i++)
        buf_printf(&text, "%s%s", i > 1 ? " " : "", session->words.texts.at[i]);
    const char *copy = arena_strdup(&session->arena, buf_text(&text));
    buf_release(&text);
    return copy;
}

static bool show(struct session *session, const struct book *book,
                 const struct price_search *search, const char *words, day today,
                 struct err *err)
{
    struct report *report = report_new("Price book");
    struct section *section = report_section(report, "prices", words);
    struct listing listing = {.report = report, .book = book, .today = today};
    listing.repeat = session->common.format && !strcmp(session->common.format, "csv");
    listing.json = node_new(&report->arena, NODE_LIST);
    choose_columns(&listing, search);
    listing.table =
        section_table(report, section, "prices", "", listing.shown, listing.column_count);
    price_search_run(search, book, add_price, &listing);
    bool ok;
    if (listing.prices) {
        describe_type(&listing, search);
        finish(&listing, section);
        ok = session_emit(session, report, err);
    } else {
        struct buf why = BUF_INIT;
        price_search_explain(&why, search, book);
        ok = err_set(err, "%s", buf_text(&why));
        buf_release(&why);
    }
    report_free(report);
    return ok;
}

bool prices_show(struct session *session, const struct prices_options *options,
                 struct err *err)
{
    struct config config;
    struct book *book = NULL;
    struct price_search search;
    day today;
    if (!config_open(&config, session, err))
        return false;
    bool ok = prices_today(&today, options, err) &&
              config_book(&book, &config, session, err) &&
              price_search_read(&search, book, session->words.texts.at + 1,
                                session->words.texts.count - 1, err) &&
              show(session, book, &search, joined(session), today, err);
    book_free(book);
    config_release(&config);
    return ok;
}
