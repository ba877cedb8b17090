#include "lifecycle_cost.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { AGES = LIFECYCLE_AGES_MAX };

/*
 * What the chosen bins cost, by stay. Edge i < ages is candidate age i, edge
 * `ages` is the end. LC_STANDARD stands for "no rule has acted yet".
 */
struct table {
    double none[AGES + 1];                     /* from birth to edge j */
    double stay[AGES][AGES + 1][LC_CLASSES];   /* in a class from edge i to edge j */
    double move[AGES][LC_CLASSES][LC_CLASSES]; /* leaving the upload class early, at edge i */
};

struct search {
    const struct lifecycle_model *model;
    const struct lifecycle_choice *choice;
    size_t ages;
    int edge[AGES + 1];
    size_t sources;
    struct exposure *none;  /* [ages + 1][sources] */
    struct exposure *fresh; /* [ages][ages + 1][sources]: entered at edge i */
    struct exposure *held;  /* the same for objects still in the class of their upload */
    struct table *table;
    double left_out; /* cost of the bins that are not in the table */
};

size_t lifecycle_default_ages(int age[LIFECYCLE_AGES_MAX])
{
    static const int ages[] = {0, 15, 30, 45, 60, 75, 90, 120, 150, 180, 270, 365, 545, 730};
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++)
        age[i] = ages[i];
    return sizeof ages / sizeof *ages;
}

static bool set_edges(struct search *s, struct err *err)
{
    const struct lifecycle_choice *choice = s->choice;
    if (choice->ages > AGES)
        return err_set(err, "more than %d candidate ages", AGES);
    size_t n = choice->ages;
    if (n == 0)
        n = lifecycle_default_ages(s->edge);
    else
        for (size_t i = 0; i < n; i++)
            s->edge[i] = choice->age[i];
    for (size_t i = 0; i < n; i++)
        if (s->edge[i] < 0 || (i > 0 && s->edge[i] <= s->edge[i - 1]))
            return err_set(err, "the candidate ages do not increase from 0 on");
    int end = choice->expire_day > 0 ? choice->expire_day : s->model->last_day + 1;
    while (n > 0 && s->edge[n - 1] >= end)
        n--;
    s->ages = n;
    s->edge[n] = end;
    return true;
}

static struct exposure *sources_at(const struct search *s, struct exposure *of, size_t i,
                                   size_t j)
{
    return &of[(i * (AGES + 1) + j) * s->sources];
}

static bool leaves_at(const struct search *s, size_t edge)
{
    return edge < s->ages || s->choice->expire_day > 0;
}

static bool any_begins_elsewhere(const struct lifecycle_population *p)
{
    for (size_t b = 0; b < p->bins; b++)
        if (p->bin[b].start != LC_STANDARD)
            return true;
    return false;
}

static void fill_exposures(struct search *s)
{
    bool held = any_begins_elsewhere(s->model->population);
    for (size_t j = 0; j <= s->ages; j++) {
        bool expires = j == s->ages && s->choice->expire_day > 0;
        struct span span = {0, s->edge[j], expires, true};
        exposure_of_sources(&s->none[j * s->sources], s->model, span);
        for (size_t i = 0; i < j; i++) {
            span = (struct span){s->edge[i], s->edge[j], leaves_at(s, j), false};
            exposure_of_sources(sources_at(s, s->fresh, i, j), s->model, span);
            span = (struct span){s->edge[i], s->edge[j], expires, true};
            if (held)
                exposure_of_sources(sources_at(s, s->held, i, j), s->model, span);
        }
    }
}

static double stay_cost(const struct search *s, const struct lifecycle_bin *bin,
                        enum lifecycle_class class, const struct exposure *x, bool enters)
{
    struct lifecycle_bill bill = {{0}};
    bill_add_stay(&bill, s->model, bin, class, x);
    if (enters)
        bill_add_entry(&bill, s->model, bin, class, x);
    return lifecycle_total(&bill);
}

static double none_cost(const struct search *s, const struct lifecycle_bin *bin, size_t edge)
{
    struct exposure x = exposure_of_bin(&s->none[edge * s->sources], s->model, bin);
    return stay_cost(s, bin, bin->start, &x, false);
}

static void add_stays(struct search *s, const struct lifecycle_bin *bin, size_t i, size_t j)
{
    struct exposure fresh = exposure_of_bin(sources_at(s, s->fresh, i, j), s->model, bin);
    double held = 0;
    if (bin->start != LC_STANDARD) {
        struct exposure x = exposure_of_bin(sources_at(s, s->held, i, j), s->model, bin);
        held = stay_cost(s, bin, bin->start, &x, false);
    }
    for (int c = LC_STANDARD + 1; c < LC_CLASSES; c++) {
        enum lifecycle_class class = (enum lifecycle_class)c;
        s->table->stay[i][j][c] +=
            bin_accepts(bin, class) ? stay_cost(s, bin, class, &fresh, true) : held;
    }
}

static void add_moves(struct search *s, const struct lifecycle_bin *bin, size_t i)
{
    struct exposure x = exposure_of_bin(sources_at(s, s->fresh, i, i + 1), s->model, bin);
    struct lifecycle_bill bill = {{0}};
    bill_add_departure(&bill, s->model, bin, s->edge[i], x.crossing);
    for (int from = 0; from < LC_CLASSES; from++)
        for (int to = from + 1; to < LC_CLASSES; to++)
            if (bin_accepts(bin, (enum lifecycle_class)to) &&
                !bin_accepts(bin, (enum lifecycle_class)from))
                s->table->move[i][from][to] += lifecycle_total(&bill);
}

static void add_bin(struct search *s, const struct lifecycle_bin *bin)
{
    for (size_t j = 0; j <= s->ages; j++)
        s->table->none[j] += none_cost(s, bin, j);
    for (size_t i = 0; i < s->ages; i++) {
        for (size_t j = i + 1; j <= s->ages; j++)
            add_stays(s, bin, i, j);
        add_moves(s, bin, i);
    }
}

static bool may_enter(const struct search *s, enum lifecycle_class class, size_t edge)
{
    bool infrequent = class == LC_STANDARD_IA || class == LC_ONEZONE_IA;
    return (s->choice->classes & (1u << class)) && (!infrequent || s->edge[edge] >= 30);
}

static bool may_follow(const struct search *s, enum lifecycle_class from, size_t i,
                       enum lifecycle_class to, size_t j)
{
    bool infrequent = from == LC_STANDARD_IA || from == LC_ONEZONE_IA;
    return lifecycle_allows(from, to) && may_enter(s, to, j) &&
           (!infrequent || s->edge[j] >= s->edge[i] + 30);
}

/* The cheapest way on from a class entered at an edge: the cost and the next step. */
struct onward {
    double usd;
    size_t edge; /* == ages: none */
    enum lifecycle_class class;
};

/* Better by more than the noise of the sums. */
static bool better(double usd, double than)
{
    return usd < than - 1e-11 * fabs(than);
}

static struct onward best_onward(const struct search *s, struct onward best[AGES][LC_CLASSES],
                                 size_t i, enum lifecycle_class class)
{
    const struct table *t = s->table;
    struct onward found = {t->stay[i][s->ages][class], s->ages, LC_STANDARD};
    for (size_t j = s->ages; j-- > i + 1;)
        for (int c = (int)class + 1; c < LC_CLASSES; c++) {
            enum lifecycle_class to = (enum lifecycle_class)c;
            if (!may_follow(s, class, i, to, j))
                continue;
            double usd = t->stay[i][j][class] + t->move[j][class][c] + best[j][c].usd;
            if (better(usd, found.usd))
                found = (struct onward){usd, j, to};
        }
    return found;
}

/* The first step; with `single` the class of it is never left. */
static struct onward best_first(const struct search *s, struct onward best[AGES][LC_CLASSES],
                                bool single)
{
    const struct table *t = s->table;
    struct onward found = {t->none[s->ages], s->ages, LC_STANDARD};
    for (size_t j = s->ages; j-- > 0;)
        for (int c = LC_STANDARD + 1; c < LC_CLASSES; c++) {
            if (!may_enter(s, (enum lifecycle_class)c, j))
                continue;
            double after = single ? t->stay[j][s->ages][c] : best[j][c].usd;
            double usd = t->none[j] + t->move[j][LC_STANDARD][c] + after;
            if (better(usd, found.usd))
                found = (struct onward){usd, j, (enum lifecycle_class)c};
        }
    return found;
}

static void write_policy(struct lifecycle_policy *out, const struct search *s,
                         struct onward best[AGES][LC_CLASSES], struct onward next, bool single,
                         double larger_than)
{
    *out = (struct lifecycle_policy){.larger_than_bytes = larger_than,
                                     .expire_day = s->choice->expire_day};
    while (next.edge < s->ages) {
        out->step[out->steps++] = (struct lifecycle_step){s->edge[next.edge], next.class};
        if (single)
            return;
        next = best[next.edge][next.class];
    }
}

static void improve(struct lifecycle_optimum *out, const struct search *s, double larger_than)
{
    struct onward best[AGES][LC_CLASSES];
    for (size_t i = s->ages; i-- > 0;)
        for (int c = LC_STANDARD + 1; c < LC_CLASSES; c++)
            best[i][c] = best_onward(s, best, i, (enum lifecycle_class)c);
    struct onward any = best_first(s, best, false), one = best_first(s, best, true);
    if (better(any.usd + s->left_out, out->best_usd)) {
        out->best_usd = any.usd + s->left_out;
        write_policy(&out->best, s, best, any, false, larger_than);
    }
    if (better(one.usd + s->left_out, out->single_usd)) {
        out->single_usd = one.usd + s->left_out;
        write_policy(&out->single, s, best, one, true, larger_than);
    }
}

static int larger_first(const void *a, const void *b)
{
    const struct lifecycle_bin *const *x = a, *const *y = b;
    return ((*x)->bytes < (*y)->bytes) - ((*x)->bytes > (*y)->bytes);
}

/* Adds the bins from the largest down; every border between sizes is a filter to try. */
static void search_filters(struct lifecycle_optimum *out, struct search *s)
{
    const struct lifecycle_population *p = s->model->population;
    double floor = s->choice->larger_than_bytes;
    const struct lifecycle_bin **by_size = mem_alloc(sizeof *by_size * (p->bins + 1));
    for (size_t b = 0; b < p->bins; b++) {
        by_size[b] = &p->bin[b];
        s->left_out += none_cost(s, by_size[b], s->ages);
    }
    qsort(by_size, p->bins, sizeof *by_size, larger_first);
    *out = (struct lifecycle_optimum){
        .best_usd = s->left_out, .single_usd = s->left_out, .nothing_usd = s->left_out};
    out->best.larger_than_bytes = out->single.larger_than_bytes = floor;
    out->best.expire_day = out->single.expire_day = s->choice->expire_day;
    for (size_t b = 0; b < p->bins && by_size[b]->bytes > floor; b++) {
        add_bin(s, by_size[b]);
        s->left_out -= none_cost(s, by_size[b], s->ages);
        double next = b + 1 < p->bins ? fmax(by_size[b + 1]->bytes, floor) : floor;
        bool border = next < by_size[b]->bytes;
        if (border && (s->choice->size_filter || next <= floor))
            improve(out, s, next);
    }
    free(by_size);
}

bool lifecycle_optimise(struct lifecycle_optimum *out, const struct lifecycle_model *model,
                        const struct lifecycle_choice *choice, struct err *err)
{
    struct search s = {
        .model = model, .choice = choice, .sources = model->population->cohorts + 1};
    if (!set_edges(&s, err))
        return false;
    s.none = mem_alloc(sizeof *s.none * s.sources * (AGES + 1));
    s.fresh = mem_alloc(sizeof *s.fresh * s.sources * AGES * (AGES + 1));
    s.held = mem_alloc(sizeof *s.held * s.sources * AGES * (AGES + 1));
    s.table = mem_alloc(sizeof *s.table);
    fill_exposures(&s);
    search_filters(out, &s);
    free(s.table);
    free(s.held);
    free(s.fresh);
    free(s.none);
    return true;
}
