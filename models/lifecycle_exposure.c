#include "lifecycle_exposure.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { AGE_MAX = 40 * 365, HORIZON_MAX = 3650, INFREQUENT_AFTER = 30, ARCHIVE_AFTER = 90 };

const int lifecycle_durations[LC_DURATIONS] = {30, 90, 180};

static bool is_rate(double x)
{
    return isfinite(x) && x >= 0;
}

static bool check_curve(const struct lifecycle_curve *curve, struct err *err)
{
    if (curve->cells == 0 || curve->from_day[0] != 0)
        return err_set(err, "the curves by age do not begin at age 0");
    if (!(curve->hot_share > 0 && curve->hot_share <= 1))
        return err_set(err, "the share of objects that are read is not above 0 and at most 1");
    for (size_t i = 0; i < curve->cells; i++) {
        if (i > 0 && curve->from_day[i] <= curve->from_day[i - 1])
            return err_set(err, "the ages of the curves do not increase");
        if (!is_rate(curve->deleted_per_day[i]) || !is_rate(curve->reads_per_day[i]) ||
            !is_rate(curve->read_share_per_day[i]))
            return err_set(err, "a rate at age %d days is negative or not a number",
                           curve->from_day[i]);
    }
    return true;
}

static bool check_bins(const struct lifecycle_population *p, struct err *err)
{
    for (size_t b = 0; b < p->bins; b++) {
        const struct lifecycle_bin *bin = &p->bin[b];
        if (!is_rate(bin->bytes) || !is_rate(bin->arrivals_per_day) || (int)bin->start < 0 ||
            bin->start >= LC_CLASSES)
            return err_set(err, "size bin %zu has no sensible size, class or arrivals", b + 1);
        for (size_t k = 0; bin->stock && k < p->cohorts; k++)
            if (!is_rate(bin->stock[k]))
                return err_set(err, "size bin %zu has a negative stock", b + 1);
    }
    return true;
}

static bool check(const struct lifecycle_population *p, struct err *err)
{
    if (p->horizon_days < 1 || p->horizon_days > HORIZON_MAX)
        return err_set(err, "a horizon of %d days is not between 1 and %d", p->horizon_days,
                       HORIZON_MAX);
    for (size_t k = 0; k < p->cohorts; k++)
        if (p->cohort_age_days[k] < 0 || p->cohort_age_days[k] > AGE_MAX)
            return err_set(err, "objects of %d days are not between 0 and %d days old",
                           p->cohort_age_days[k], AGE_MAX);
    if (!isfinite(p->growth_per_year) || p->growth_per_year <= -1)
        return err_set(err, "a growth of %g a year is not above -1", p->growth_per_year);
    return check_curve(&p->curve, err) && check_bins(p, err);
}

/*
 * The share of objects without an access in the last `idle` days, entered long
 * ago: Poisson reads on the hot objects, none on the others.
 */
static double idle_share(const struct lifecycle_curve *curve, const double *reads, int age,
                         int idle)
{
    if (age < idle)
        return 0;
    double expected = (reads[age] - reads[age - idle]) / curve->hot_share;
    return 1 - curve->hot_share + curve->hot_share * exp(-expected);
}

/* Reads of one object that never dies, from birth up to every age. */
static double *cumulated_reads(const struct lifecycle_curve *curve, int last_day)
{
    double *reads = mem_alloc(sizeof *reads * ((size_t)last_day + 1));
    size_t cell = 0;
    for (int age = 0; age < last_day; age++) {
        while (cell + 1 < curve->cells && curve->from_day[cell + 1] <= age)
            cell++;
        reads[age + 1] = reads[age] + curve->reads_per_day[cell];
    }
    return reads;
}

static void fill_life(struct lifecycle_model *m)
{
    const struct lifecycle_curve *curve = &m->population->curve;
    double *reads = cumulated_reads(curve, m->last_day);
    double idle = 0, archive = 0;
    size_t cell = 0;
    m->life[0].alive = 1;
    for (int age = 0; age < m->last_day; age++) {
        while (cell + 1 < curve->cells && curve->from_day[cell + 1] <= age)
            cell++;
        struct life_day *today = &m->life[age], *next = &m->life[age + 1];
        double hazard = curve->deleted_per_day[cell], g = curve->reads_per_day[cell];
        double kept = exp(-hazard);
        double lived = today->alive * (hazard > 1e-9 ? (1 - kept) / hazard : 1 - hazard / 2);
        next->alive = today->alive * kept;
        next->days = today->days + lived;
        next->reads = today->reads + lived * g;
        next->share = today->share + lived * curve->read_share_per_day[cell];
        /* A restored copy serves the reads of the days it is kept. */
        next->restores = today->restores + lived * g / (1 + g * m->prices->restored_copy_days);
        double idle_next = idle_share(curve, reads, age + 1, INFREQUENT_AFTER);
        double archive_next = idle_share(curve, reads, age + 1, ARCHIVE_AFTER);
        if (age >= INFREQUENT_AFTER)
            next->idle = today->idle + lived * (idle + idle_next) / 2;
        if (age >= ARCHIVE_AFTER)
            next->archive = today->archive + lived * (archive + archive_next) / 2;
        idle = idle_next;
        archive = archive_next;
    }
    free(reads);
}

bool lifecycle_open(struct lifecycle_model **out,
                    const struct lifecycle_population *population,
                    const struct lifecycle_prices *prices, struct err *err)
{
    if (!check(population, err))
        return false;
    struct lifecycle_model *m = mem_alloc(sizeof *m);
    m->population = population;
    m->prices = prices;
    for (size_t k = 0; k < population->cohorts; k++)
        if (population->cohort_age_days[k] > m->last_day)
            m->last_day = population->cohort_age_days[k];
    m->last_day += population->horizon_days;
    m->life = mem_alloc(sizeof *m->life * ((size_t)m->last_day + 1));
    fill_life(m);
    *out = m;
    return true;
}

void lifecycle_free(struct lifecycle_model *model)
{
    if (!model)
        return;
    free(model->life);
    free(model);
}

static int at_most(int a, int b)
{
    return a < b ? a : b;
}

static int at_least(int a, int b)
{
    return a > b ? a : b;
}

/*
 * Days of a duration d that are left, summed over who dies in [begin, end) or
 * moves at its end: the integral of (entry + d - u) over the deaths, by parts.
 */
static double shortfall(const struct life_day *life, int entry, int begin, int end, int d,
                        bool leaves)
{
    int due = entry + d, until = at_most(end, due);
    if (begin >= due)
        return 0;
    double left = life[begin].alive * (due - begin) - (life[until].days - life[begin].days);
    return leaves ? left : left - life[until].alive * (due - until);
}

/* Adds `weight` objects that are `age` days old when the horizon begins for them. */
static void add_source(struct exposure *x, const struct lifecycle_model *m, struct span span,
                       double weight, int age, int last, bool arrives)
{
    const struct life_day *life = m->life;
    int begin = at_least(span.from, age), end = at_most(span.to, last);
    if (begin >= end || life[age].alive <= 0)
        return;
    double w = weight / life[age].alive;
    bool stock = !arrives && age >= span.from;
    int entry = span.from_birth ? 0 : begin;
    int idle_from = at_least(begin, at_most(entry + INFREQUENT_AFTER, end));
    int archive_from = at_least(begin, at_most(entry + ARCHIVE_AFTER, end));
    x->live_days += w * (life[end].days - life[begin].days);
    x->idle_days += w * (life[end].idle - life[idle_from].idle);
    x->archive_days += w * (life[end].archive - life[archive_from].archive);
    x->reads += w * (life[end].reads - life[begin].reads);
    x->read_share += w * (life[end].share - life[begin].share);
    x->restores += w * (life[end].restores - life[begin].restores);
    if (stock)
        x->entering += weight;
    else
        x->crossing += w * life[span.from].alive;
    bool leaves = span.leaves && span.to < last;
    for (int k = 0; k < LC_DURATIONS; k++) {
        int d = lifecycle_durations[k];
        x->shortfall[k] += w * shortfall(life, entry, begin, end, d, leaves);
        if (stock)
            x->left_behind[k] += weight * at_least(0, d - age);
    }
}

/*
 * Arrivals come at the start of every day; days are lumped by odd numbers, each
 * lump at its middle day, which is exact for all that is linear in it.
 */
static void add_arrivals(struct exposure *x, const struct lifecycle_model *m, struct span span)
{
    const struct lifecycle_population *p = m->population;
    double growth = log1p(p->growth_per_year) / 365;
    int lump = p->horizon_days / 60 | 1;
    for (int day = 0, n; day < p->horizon_days; day += n) {
        n = at_most(lump, p->horizon_days - day);
        n -= n % 2 == 0;
        int middle = day + n / 2;
        add_source(x, m, span, n * exp(growth * middle), 0, p->horizon_days - middle, true);
    }
}

void exposure_of_sources(struct exposure *out, const struct lifecycle_model *model,
                         struct span span)
{
    const struct lifecycle_population *p = model->population;
    for (size_t k = 0; k < p->cohorts; k++) {
        int age = p->cohort_age_days[k];
        out[k] = (struct exposure){0};
        add_source(&out[k], model, span, 1, age, age + p->horizon_days, false);
    }
    out[p->cohorts] = (struct exposure){0};
    add_arrivals(&out[p->cohorts], model, span);
}

struct exposure exposure_of_bin(const struct exposure *sources,
                                const struct lifecycle_model *model,
                                const struct lifecycle_bin *bin)
{
    enum { FIELDS = sizeof(struct exposure) / sizeof(double) };
    union {
        struct exposure exposure;
        double field[FIELDS];
    } sum = {{0}};
    size_t cohorts = model->population->cohorts;
    for (size_t k = 0; k <= cohorts; k++) {
        double weight = k == cohorts ? bin->arrivals_per_day : bin->stock ? bin->stock[k] : 0;
        const double *field = (const double *)&sources[k];
        if (weight > 0)
            for (size_t i = 0; i < FIELDS; i++)
                sum.field[i] += weight * field[i];
    }
    return sum.exposure;
}
