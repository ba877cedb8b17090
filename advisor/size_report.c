#include "size_report.h"

#include <math.h>

enum { TEXT_ROWS = 15 };
#define LEAST_WITHIN 0.80 /* as the ranking asks for: models/sizing.h */

struct page {
    struct report *report;
    const struct size_answer *answer;
    struct node *evidence; /* list of sentences */
};

static const struct sizing_candidate *candidate(const struct page *p, size_t index)
{
    return &p->answer->request->candidates[index];
}

static void add_number(struct page *p, struct node *map, const char *key, double number)
{
    struct arena *a = &p->report->arena;
    node_add(a, map, key,
             isfinite(number) ? node_number_new(a, number) : node_new(a, NODE_NULL));
}

static void add_text(struct page *p, struct node *map, const char *key, const char *text)
{
    struct arena *a = &p->report->arena;
    node_add(a, map, key, text ? node_string(a, text) : node_new(a, NODE_NULL));
}

/* Six digits tell all that a forecast knows, and the same on every machine. */
static double rounded(double x)
{
    if (!(fabs(x) > 0) || !isfinite(x))
        return x;
    double unit = pow(10, floor(log10(fabs(x))) - 5);
    return round(x / unit) * unit;
}

static void add_quantiles(struct page *p, struct node *map, const char *key,
                          struct sizing_quantiles q)
{
    struct node *n =
        node_add(&p->report->arena, map, key, node_new(&p->report->arena, NODE_MAP));
    add_number(p, n, "p10", rounded(q.p10));
    add_number(p, n, "p50", rounded(q.p50));
    add_number(p, n, "p90", rounded(q.p90));
}

static struct node *option_json(struct page *p, const struct sizing_option *o)
{
    struct arena *a = &p->report->arena;
    struct node *map = node_new(a, NODE_MAP);
    add_text(p, map, "instance_type", candidate(p, o->candidate)->instance_type);
    add_number(p, map, "workers", candidate(p, o->candidate)->workers);
    add_quantiles(p, map, "minutes", o->minutes);
    add_quantiles(p, map, "usd", o->usd);
    add_number(p, map, "failure_probability", rounded(o->failure_probability));
    add_text(p, map, "binding", sizing_term_name(o->binding));
    add_number(p, map, "expected_cost", rounded(o->expected_cost));
    if (!isnan(p->answer->options->max_minutes) || !isnan(p->answer->options->max_usd))
        add_number(p, map, "within_limit", rounded(o->within_limit));
    if (!p->answer->options->explain)
        return map;
    struct node *shares = node_add(a, map, "shares", node_new(a, NODE_MAP));
    for (size_t t = 0; t < SIZING_TERMS; t++)
        add_number(p, shares, sizing_term_name((enum sizing_term)t), rounded(o->share[t]));
    return map;
}

static void add_probe_json(struct page *p, struct node *json)
{
    const struct sizing_choice *c = p->answer->choice;
    struct arena *a = &p->report->arena;
    if (!c->has_probe) {
        add_text(p, json, "next_probe", NULL);
        return;
    }
    struct node *map = node_add(a, json, "next_probe", node_new(a, NODE_MAP));
    add_text(p, map, "instance_type", candidate(p, c->probe)->instance_type);
    add_number(p, map, "workers", candidate(p, c->probe)->workers);
    add_text(p, map, "why", c->probe_why);
    add_number(p, map, "expected_gain", rounded(c->probe_gain));
    add_number(p, map, "expected_gain_share", rounded(c->probe_gain_share));
}

static void add_unknown_json(struct page *p, struct node *json)
{
    const struct size_runs *runs = p->answer->runs;
    struct arena *a = &p->report->arena;
    struct node *list = node_add(a, json, "runs_of_unknown_types", node_new(a, NODE_LIST));
    for (size_t i = 0; i < runs->unknown.count; i++) {
        struct node *map = node_add(a, list, NULL, node_new(a, NODE_MAP));
        add_text(p, map, "instance_type", runs->unknown.at[i].type);
        add_number(p, map, "runs", (double)runs->unknown.at[i].runs);
    }
}

/* NULL when the first choice keeps the limits, or there are none. */
static const char *missed_limit(struct page *p)
{
    const struct size_options *o = p->answer->options;
    const struct sizing_option *best = &p->answer->choice->options[0];
    struct buf limits = BUF_INIT;
    const char *text = NULL;
    if (!isnan(o->max_minutes))
        buf_printf(&limits, "%g minute%s", o->max_minutes, o->max_minutes == 1 ? "" : "s");
    if (!isnan(o->max_usd))
        buf_printf(&limits, "%s%g USD a run", limits.length ? " and " : "", o->max_usd);
    if (limits.length && best->within_limit < LEAST_WITHIN)
        text = arena_printf(&p->report->arena,
                            "no candidate keeps within %s with a probability of %.0f %%: the "
                            "first one does with %s%.0f %%",
                            buf_text(&limits), 100 * LEAST_WITHIN,
                            best->within_limit < 0.01 ? "less than " : "",
                            100 * fmax(0.01, best->within_limit));
    buf_release(&limits);
    return text;
}

static bool any_price(const struct page *p)
{
    for (size_t i = 0; i < p->answer->request->candidate_count; i++)
        if (!isnan(p->answer->usd_per_hour[i]))
            return true;
    return false;
}

static void lay_out_json(struct page *p)
{
    const struct sizing_choice *c = p->answer->choice;
    struct arena *a = &p->report->arena;
    struct node *json = p->report->json;
    add_text(p, json, "workload", p->answer->request->workload);
    if (c->abstained)
        add_text(p, json, "recommended", NULL);
    else
        node_add(a, json, "recommended", option_json(p, &c->options[0]));
    add_probe_json(p, json);
    add_text(p, json, "abstained", c->abstained);
    add_text(p, json, "limit_missed", missed_limit(p));
    struct node *list = node_add(a, json, "candidates", node_new(a, NODE_LIST));
    for (size_t i = 0; i < c->option_count; i++)
        node_add(a, list, NULL, option_json(p, &c->options[i]));
    node_add(a, json, "evidence", p->evidence);
    add_unknown_json(p, json);
    add_number(p, json, "runs_without_type", (double)p->answer->runs->untyped);
}

static void say(struct page *p, struct section *s, const char *text)
{
    section_text(p->report, s, "%s", text);
    node_add(&p->report->arena, p->evidence, NULL, node_string(&p->report->arena, text));
}

/* Runs whose type nobody knows teach nothing, which must not go unnoticed. */
static void say_unknown(struct page *p, struct section *s)
{
    enum { NAMED = 8 };
    const struct size_runs *runs = p->answer->runs;
    struct buf names = BUF_INIT;
    size_t all = 0;
    for (size_t i = 0; i < runs->unknown.count; i++) {
        all += runs->unknown.at[i].runs;
        if (i < NAMED)
            buf_printf(&names, "%s%s", i ? ", " : "", runs->unknown.at[i].type);
    }
    if (runs->unknown.count > NAMED)
        buf_printf(&names, " and %zu more", runs->unknown.count - NAMED);
    if (all)
        say(p, s,
            arena_printf(&p->report->arena,
                         "Left out: %zu run%s on types that neither the catalogue nor the "
                         "candidates know: %s. A candidate of that name with vcpus and "
                         "memory_gib lets them teach.",
                         all, all == 1 ? "" : "s", buf_text(&names)));
    buf_release(&names);
    if (runs->untyped)
        say(p, s,
            arena_printf(&p->report->arena, "Left out: %zu run%s that name%s no instance type.",
                         runs->untyped, runs->untyped == 1 ? "" : "s",
                         runs->untyped == 1 ? "s" : ""));
}

/* What the workers' price leaves out, for the first choice. */
static void say_beside(struct page *p, struct section *s, struct node *json)
{
    enum { STARTUP_MINUTES = 5 };
    const struct sizing_option *o = &p->answer->choice->options[0];
    const struct sizing_candidate *k = candidate(p, o->candidate);
    double node = p->answer->usd_per_hour[o->candidate] / k->workers;
    double driver = node * o->minutes.p50 / 60;
    double startup = node * (k->workers + 1) * STARTUP_MINUTES / 60;
    struct node *beside =
        node_add(&p->report->arena, json, "not_in_usd", node_new(&p->report->arena, NODE_MAP));
    add_number(p, beside, "driver_usd", rounded(driver));
    add_number(p, beside, "startup_usd", rounded(startup));
    add_number(p, beside, "startup_minutes", STARTUP_MINUTES);
    if (isnan(node))
        return;
    say(p, s,
        arena_printf(&p->report->arena,
                     "USD is that of the workers while the work runs. On %g x %s a driver of "
                     "the same type adds %.2f USD to a run, and %d minutes of start-up, where "
                     "each run starts its own cluster, %.2f; volumes are not counted.",
                     k->workers, k->instance_type, driver, STARTUP_MINUTES, startup));
}

/* Three digits, without an exponent. */
static const char *amount(struct arena *arena, double x)
{
    return arena_printf(arena, x < 1000 ? "%.3g" : "%.0f", x);
}

/* What ran, here and elsewhere. */
static void say_history(struct page *p, struct section *s)
{
    const struct sizing_evidence *e = p->answer->evidence;
    struct arena *a = &p->report->arena;
    size_t replays = p->answer->runs->replayed;
    const char *replayed =
        replays ? arena_printf(a, "; %zu of them never ran, but are replayed from logs", replays)
                : "";
    say(p, s,
        arena_printf(a, "Runs of this workload: %zu completed, %zu failed%s.",
                     e->own_completed, e->own_failed, replayed));
    say(p, s,
        arena_printf(a,
                     "Other workloads in the history: %zu of the same algorithm, %zu "
                     "others.",
                     e->same_algorithm, e->other_workloads));
    if (e->same_algorithm)
        say(p, s,
            arena_printf(a, "The same algorithm carries %.0f %% of the belief.",
                         100 * e->weight_same_algorithm));
}

static void lay_out_evidence(struct page *p)
{
    const struct sizing_evidence *e = p->answer->evidence;
    struct arena *a = &p->report->arena;
    const struct size_runs *runs = p->answer->runs;
    struct section *s = report_section(p->report, "evidence", "Evidence");
    say_history(p, s);
    if (e->working_set_p90 > 0)
        say(p, s,
            arena_printf(a, "Working set: %s GiB (10-90 %%: %s to %s); 0 is none.",
                         amount(a, e->working_set_gib), amount(a, e->working_set_p10),
                         amount(a, e->working_set_p90)));
    if (e->short_of_disk)
        say(p, s,
            arena_printf(a,
                         "A run writes %s GB of shuffle and spill to local disks: %zu "
                         "candidate%s may not hold that. Where no volumes are attached, "
                         "such a run fails; it is in their failure probability.",
                         amount(a, e->local_files_gb), e->short_of_disk,
                         e->short_of_disk == 1 ? "" : "s"));
    if (!isnan(e->time_limit_minutes))
        say(p, s,
            arena_printf(a,
                         "Failed runs ended together at %.1f minutes: taken for a time "
                         "limit.",
                         e->time_limit_minutes));
    for (size_t i = 0; i < runs->said.count; i++)
        say(p, s, runs->said.at[i]);
    if (runs->skipped)
        say(p, s,
            arena_printf(a, "Rows of the runs table that could not be read: %zu.",
                         runs->skipped));
    say_unknown(p, s);
    if (!any_price(p))
        say(p, s,
            arena_printf(a,
                         "No candidate has a price in %s%s%s: they are ranked by failure and "
                         "time. --candidates takes usd_per_hour.",
                         p->answer->options->region ? p->answer->options->region : "us-east-1",
                         p->answer->options->sku ? " with SKU " : "",
                         p->answer->options->sku ? p->answer->options->sku : ""));
    say_beside(p, s, p->report->json);
}

static const struct column columns[] = {
    {"cluster", "Cluster", ALIGN_LEFT, 0, false},
    {"minutes", "Minutes", ALIGN_RIGHT, 0, false},
    {"minutes_10_90", "10-90 %", ALIGN_RIGHT, 2, false},
    {"usd", "USD", ALIGN_RIGHT, 0, false},
    {"usd_10_90", "10-90 %", ALIGN_RIGHT, 1, false},
    {"fails", "Fails", ALIGN_RIGHT, 0, false},
    {"binding", "Bound by", ALIGN_LEFT, 0, false},
};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

static void lay_out_options(struct page *p)
{
    const struct sizing_choice *c = p->answer->choice;
    struct section *s = report_section(p->report, "candidates", "Candidates");
    struct table *t = section_table(p->report, s, "candidates", "", columns, COLUMN_COUNT);
    for (size_t i = 0; i < c->option_count && i < TEXT_ROWS; i++) {
        const struct sizing_option *o = &c->options[i];
        const struct sizing_candidate *k = candidate(p, o->candidate);
        struct cell *cells = table_row(p->report, t)->cells;
        cells[0] = cell_printf(p->report, "%g x %s%s", k->workers, k->instance_type,
                               o->ran ? " (ran)" : "");
        cells[1] = cell_printf(p->report, "%.1f", o->minutes.p50);
        cells[2] = cell_printf(p->report, "%.1f-%.1f", o->minutes.p10, o->minutes.p90);
        cells[5] = cell_percent(o->failure_probability);
        cells[6] = cell_text(p->report, sizing_term_name(o->binding));
        if (isnan(o->usd.p50)) {
            cells[3] = cell_unknown(p->report, NULL);
            continue;
        }
        cells[3] = cell_printf(p->report, "%.2f", o->usd.p50);
        cells[4] = cell_printf(p->report, "%.2f-%.2f", o->usd.p10, o->usd.p90);
    }
    if (c->option_count > TEXT_ROWS)
        section_text(p->report, s, "and %zu more; --format json lists all of them.",
                     c->option_count - TEXT_ROWS);
}

static const struct column share_columns[] = {
    {"cluster", "Cluster", ALIGN_LEFT, 0, false},
    {"start", "Start-up", ALIGN_RIGHT, 0, false},
    {"cpu", "Cpu", ALIGN_RIGHT, 0, false},
    {"memory", "Memory", ALIGN_RIGHT, 0, false},
    {"disk", "Disk", ALIGN_RIGHT, 0, false},
    {"network", "Network", ALIGN_RIGHT, 0, false},
    {"coordination", "Coord.", ALIGN_RIGHT, 0, false},
};

static void lay_out_shares(struct page *p)
{
    const struct sizing_choice *c = p->answer->choice;
    struct section *s = report_section(p->report, "explain", "What the time goes into");
    section_text(p->report, s,
                 "Share of the expected time by term of the model; memory is what "
                 "recomputing, spilling and collecting garbage add.");
    struct table *t =
        section_table(p->report, s, "shares", "", share_columns, 1 + SIZING_TERMS);
    for (size_t i = 0; i < c->option_count && i < TEXT_ROWS; i++) {
        const struct sizing_candidate *k = candidate(p, c->options[i].candidate);
        struct cell *cells = table_row(p->report, t)->cells;
        cells[0] = cell_printf(p->report, "%g x %s", k->workers, k->instance_type);
        for (size_t term = 0; term < SIZING_TERMS; term++)
            cells[1 + term] = cell_percent(c->options[i].share[term]);
    }
}

static void lead(struct page *p)
{
    const struct sizing_choice *c = p->answer->choice;
    const struct sizing_option *o = &c->options[0];
    const struct sizing_candidate *k = candidate(p, o->candidate);
    if (c->abstained)
        report_lead(p->report, "No recommendation: %s.", c->abstained);
    else
        report_lead(p->report, "%g x %s: %.1f minutes (%.1f to %.1f), fails with %.0f %%.",
                    k->workers, k->instance_type, o->minutes.p50, o->minutes.p10,
                    o->minutes.p90, 100 * o->failure_probability);
    const char *missed = missed_limit(p);
    if (missed && !c->abstained)
        section_text(p->report, report_section(p->report, "limit", "Limit"),
                     "The limit is out of reach: %s.", missed);
    if (!c->has_probe)
        return;
    struct section *s = report_section(p->report, "probe", "Next probe");
    k = candidate(p, c->probe);
    section_text(p->report, s,
                 "Run it once on %g x %s: %s. Expected gain: %.0f %% of a run's "
                 "cost, every run.",
                 k->workers, k->instance_type, c->probe_why, 100 * c->probe_gain_share);
}

struct report *size_report(const struct size_answer *answer)
{
    struct report *r = report_new("Cluster size");
    struct page page = {r, answer, node_new(&r->arena, NODE_LIST)};
    lead(&page);
    lay_out_options(&page);
    if (answer->options->explain)
        lay_out_shares(&page);
    lay_out_json(&page);
    lay_out_evidence(&page);
    return r;
}
