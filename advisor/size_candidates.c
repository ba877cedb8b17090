#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "pricing/catalogue.h"
#include "pricing/databricks.h"
#include "pricing/ec2.h"
#include "recommend/sizing_inputs.h"
#include "size_inputs.h"
#include "size_table.h"

enum { MOST_CANDIDATES = 20000 };

static const char *region_of(const struct size_options *o)
{
    return o->region ? o->region : "us-east-1";
}

/* EC2 and DBU of one worker for an hour. */
static double worker_price(const struct size_options *o, const struct book *book,
                           const char *type, double usd, double dbu, double usd_per_dbu)
{
    struct price p;
    if (isnan(usd) && ec2_on_demand(&p, book, type, region_of(o), NULL))
        usd = money_double(p.usd);
    if (isnan(usd_per_dbu) && o->sku &&
        dbu_price(&p, book, o->sku, o->tier ? o->tier : "premium", region_of(o), false))
        usd_per_dbu = money_double(p.usd);
    if (isnan(dbu) && !isnan(usd_per_dbu) && dbu_per_hour(&p, book, type))
        dbu = money_double(p.usd);
    if (!isnan(usd_per_dbu))
        usd += dbu * usd_per_dbu; /* NaN when a type's DBUs are not known: no price */
    return usd;
}

static void add(struct size_candidates *out, const char *type, double workers,
                const struct sizing_hardware *hardware, double usd_per_worker_hour)
{
    VEC_ADD(&out->list, ((struct sizing_candidate){type, workers, *hardware}));
    VEC_ADD(&out->usd_per_hour, workers * usd_per_worker_hour);
}

/* A figure of the file replaces the catalogue's. */
static bool read_hardware(struct sizing_hardware *h, const struct csv *csv, const char *path,
                          struct err *err)
{
    const struct {
        const char *column;
        double *into;
    } figures[] = {{"vcpus", &h->vcpus},
                   {"memory_gib", &h->memory_gib},
                   {"clock_ghz", &h->clock_ghz},
                   {"network_gbps", &h->network_gbps},
                   {"disk_mb_per_s", &h->disk_mb_per_s},
                   {"local_storage_gb", &h->local_storage_gb}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        double value;
        if (!size_number(&value, csv, path, figures[i].column, err))
            return false;
        if (value > 0)
            *figures[i].into = value;
    }
    return true;
}

static bool read_candidate(struct size_candidates *out, struct session *session,
                           const struct size_options *o, const struct book *book,
                           const struct csv *csv, struct err *err)
{
    const char *path = o->candidates, *type = size_text(session, csv, "instance_type");
    double workers, usd, dbu, usd_per_dbu;
    if (!type)
        return err_row(err, path, csv_row(csv), "instance_type", "it is empty");
    struct sizing_hardware h = sizing_hardware_of(catalogue_find(book, type));
    if (!read_hardware(&h, csv, path, err) ||
        !size_number(&workers, csv, path, "workers", err) ||
        !size_number(&usd, csv, path, "usd_per_hour", err) ||
        !size_number(&dbu, csv, path, "dbu_per_hour", err) ||
        !size_number(&usd_per_dbu, csv, path, "usd_per_dbu", err))
        return false;
    if (!(workers > 0))
        return err_row(err, path, csv_row(csv), "workers",
                       "a candidate needs at least one; a single node is one machine");
    if (isnan(h.vcpus) || isnan(h.memory_gib))
        return err_row(err, path, csv_row(csv), isnan(h.vcpus) ? "vcpus" : "memory_gib",
                       "the catalogue does not know %s: fill it in", type);
    add(out, type, workers, &h, worker_price(o, book, type, usd, dbu, usd_per_dbu));
    return true;
}

/* DBUs without a price of one would silently be free. */
static void say_of_dbus(const struct session *session, const struct size_options *o,
                        const struct csv *csv)
{
    const size_t none = (size_t)-1;
    if (csv_column(csv, "dbu_per_hour") != none && !o->sku &&
        csv_column(csv, "usd_per_dbu") == none)
        session_say(session,
                    "%s: dbu_per_hour counts with a column usd_per_dbu or with --sku only",
                    o->candidates);
}

static bool read_file(struct size_candidates *out, struct session *session,
                      const struct size_options *o, const struct book *book, struct err *err)
{
    static const char *const needed[] = {"instance_type", "workers", NULL};
    struct csv *csv;
    bool more = true;
    if (!csv_open(&csv, o->candidates, err))
        return false;
    bool ok = size_needs_columns(csv, o->candidates, needed, err);
    if (ok)
        say_of_dbus(session, o, csv);
    while (ok && (ok = csv_next(csv, &more, err)) && more) {
        struct err bad = ERR_INIT;
        if (out->list.count >= MOST_CANDIDATES)
            ok = err_set(err, "%s: more than %d candidates", o->candidates, MOST_CANDIDATES);
        else if (!read_candidate(out, session, o, book, csv, &bad)) {
            session_say(session, "left out: %s", bad.text);
            session->status = STATUS_INCOMPLETE;
        }
    }
    csv_close(csv);
    return ok;
}

struct worker_range {
    double least, most;
};

static bool read_workers(struct worker_range *out, const char *text, struct err *err)
{
    char *end;
    *out = (struct worker_range){2, 64};
    if (!text)
        return true;
    out->least = out->most = strtod(text, &end);
    if (*end == '-')
        out->most = strtod(end + 1, &end);
    if (*end || !(out->least >= 1) || !(out->most >= out->least) || out->most > 10000)
        return err_usage(
            err,
            "--workers takes a number from 1 on or a range such as 2-64, not '%s'; "
            "a single node is 1",
            text);
    return true;
}

/* Sizes worth telling apart: all small ones, then steps of a fifth to a quarter. */
static double next_size(double workers)
{
    return workers < 6 ? workers + 1 : ceil(workers * 1.2 / 2) * 2;
}

static void add_type(struct size_candidates *out, const struct size_options *o,
                     const struct book *book, const char *type, struct worker_range range)
{
    struct sizing_hardware h = sizing_hardware_of(catalogue_find(book, type));
    if (isnan(h.vcpus) || isnan(h.memory_gib))
        return;
    double usd = worker_price(o, book, type, NAN, NAN, NAN);
    for (double n = range.least; n < range.most && out->list.count < MOST_CANDIDATES;
         n = next_size(n))
        add(out, type, n, &h, usd);
    add(out, type, range.most, &h, usd);
}

static bool fit_for_workers(const struct instance_type *t)
{
    return sizing_can_work(t) && t->memory_gib >= 8;
}

static bool from_catalogue(struct size_candidates *out, const struct size_options *o,
                           const struct book *book, struct worker_range range, struct err *err)
{
    const struct instance_type *t;
    for (size_t cursor = 0; (t = catalogue_next(book, o->types, &cursor));)
        if (fit_for_workers(t))
            add_type(out, o, book, t->name, range);
    if (out->list.count == 0)
        return err_usage(err,
                         "--types '%s' matches no instance type that can be a worker "
                         "(burstable, GPU, bare-metal and types below 8 GiB are not)",
                         o->types);
    return true;
}

/* NULL: the type of run `i` is not known, or an earlier run had it. */
static const char *first_of_type(const struct size_runs *runs, size_t i)
{
    const char *type = runs->list.at[i].instance_type;
    for (size_t k = 0; k < i && type; k++)
        if (runs->list.at[k].instance_type && !strcmp(type, runs->list.at[k].instance_type))
            return NULL;
    return type;
}

/* Neither a file nor a pattern: the types that have run, in other sizes. */
static bool from_runs(struct size_candidates *out, const struct size_options *o,
                      const struct size_runs *runs, const struct book *book,
                      struct worker_range range, struct err *err)
{
    const char *type, *unknown = NULL;
    for (size_t i = 0; i < runs->list.count; i++) {
        if (!(type = first_of_type(runs, i)))
            continue;
        if (catalogue_find(book, type))
            add_type(out, o, book, type, range);
        else
            unknown = type;
    }
    if (out->list.count == 0 && unknown)
        return err_usage(err,
                         "the catalogue knows none of the types that ran, such as '%s': "
                         "--candidates FILE takes their vcpus, memory_gib and usd_per_hour",
                         unknown);
    if (out->list.count == 0)
        return err_usage(err,
                         "name the clusters to choose from: --candidates FILE, or --types "
                         "'m6i.*' with --workers 2-64");
    return true;
}

bool size_find_candidates(struct size_candidates *out, struct session *session,
                          const struct size_options *o, const struct size_runs *runs,
                          const struct book *book, struct err *err)
{
    struct worker_range range;
    if (!read_workers(&range, o->workers, err))
        return false;
    if (o->candidates)
        return read_file(out, session, o, book, err) &&
               (out->list.count ? true
                                : err_set(err, "%s: no candidate is left", o->candidates));
    if (o->types)
        return from_catalogue(out, o, book, range, err);
    return from_runs(out, o, runs, book, range, err);
}

void size_candidates_release(struct size_candidates *c)
{
    VEC_FREE(&c->list);
    VEC_FREE(&c->usd_per_hour);
}
