#include "lifecycle_cost.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { MONITORED_FROM_BYTES = 128 * 1024 };

double lifecycle_total(const struct lifecycle_bill *bill)
{
    double sum = 0;
    for (int i = 0; i < LC_ITEMS; i++)
        sum += bill->usd[i];
    return sum;
}

double lifecycle_running(const struct lifecycle_bill *bill)
{
    return lifecycle_total(bill) - bill->usd[LC_TRANSITION_NOW];
}

static double shortfall_days(const double shortfall[LC_DURATIONS], enum lifecycle_class class)
{
    for (int k = 0; k < LC_DURATIONS; k++)
        if (lifecycle_durations[k] == lifecycle_rules(class)->min_days)
            return shortfall[k];
    return 0;
}

static double early_delete(const struct lifecycle_model *m, const struct lifecycle_bin *bin,
                           enum lifecycle_class class, double days)
{
    const struct lifecycle_class_rules *r = lifecycle_rules(class);
    double billed = fmax(bin->bytes, r->min_billable_bytes) + r->overhead_bytes;
    return days / LIFECYCLE_DAYS_PER_MONTH * billed / LIFECYCLE_GB *
           m->prices->class[class].storage_gb_month;
}

static void add_storage(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                        const struct lifecycle_bin *bin, enum lifecycle_class class,
                        const struct exposure *x)
{
    const struct lifecycle_prices *p = m->prices;
    double months = x->live_days / LIFECYCLE_DAYS_PER_MONTH;
    bill->usd[LC_STORAGE] += months * lifecycle_storage_month(p, bin->bytes, class);
    if (class != LC_INTELLIGENT_TIERING || bin->bytes < MONITORED_FROM_BYTES)
        return;
    double frequent = p->class[class].storage_gb_month;
    double saved = x->idle_days * (frequent - p->infrequent_gb_month) +
                   x->archive_days * (p->infrequent_gb_month - p->archive_instant_gb_month);
    bill->usd[LC_STORAGE] -= saved / LIFECYCLE_DAYS_PER_MONTH * bin->bytes / LIFECYCLE_GB;
    bill->usd[LC_MONITORING] += months * p->monitoring_per_1000_month / 1000;
}

static void add_access(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                       const struct lifecycle_bin *bin, enum lifecycle_class class,
                       const struct exposure *x)
{
    const struct lifecycle_class_price *p = &m->prices->class[class];
    double gb = bin->bytes / LIFECYCLE_GB;
    bill->usd[LC_REQUESTS] += x->reads * p->get_per_1000 / 1000;
    if (!lifecycle_rules(class)->archive) {
        bill->usd[LC_RETRIEVAL] += x->read_share * gb * p->retrieval_gb;
        return;
    }
    double copy = m->prices->restored_copy_days / LIFECYCLE_DAYS_PER_MONTH *
                  m->prices->class[LC_STANDARD].storage_gb_month;
    bill->usd[LC_REQUESTS] += x->restores * p->restore_per_1000 / 1000;
    bill->usd[LC_RETRIEVAL] += x->restores * gb * (p->retrieval_gb + copy);
}

void bill_add_stay(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                   const struct lifecycle_bin *bin, enum lifecycle_class class,
                   const struct exposure *x)
{
    add_storage(bill, m, bin, class, x);
    add_access(bill, m, bin, class, x);
    bill->usd[LC_EARLY_DELETE] +=
        early_delete(m, bin, class, shortfall_days(x->shortfall, class));
}

void bill_add_entry(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                    const struct lifecycle_bin *bin, enum lifecycle_class class,
                    const struct exposure *x)
{
    double fee = m->prices->class[class].transition_per_1000 / 1000;
    bill->usd[LC_TRANSITION_NOW] += x->entering * fee;
    bill->usd[LC_TRANSITION] += x->crossing * fee;
    bill->usd[LC_EARLY_DELETE] +=
        early_delete(m, bin, bin->start, shortfall_days(x->left_behind, bin->start));
}

void bill_add_departure(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                        const struct lifecycle_bin *bin, int age, double crossing)
{
    int left = lifecycle_rules(bin->start)->min_days - age;
    if (left > 0)
        bill->usd[LC_EARLY_DELETE] += early_delete(m, bin, bin->start, crossing * left);
}

bool bin_accepts(const struct lifecycle_bin *bin, enum lifecycle_class class)
{
    return class != LC_STANDARD && lifecycle_allows(bin->start, class);
}

/* The exposures of one policy's stays, of every source. */
struct path {
    size_t stays;
    struct span span[LIFECYCLE_STEPS_MAX + 1];
    enum lifecycle_class class[LIFECYCLE_STEPS_MAX + 1];
    struct exposure *sources; /* [stay][cohorts + 1] */
};

static void path_init(struct path *path, const struct lifecycle_policy *policy, int last_day)
{
    *path = (struct path){.stays = policy->steps + 1, .class = {LC_STANDARD}};
    int end = policy->expire_day > 0 ? policy->expire_day : last_day + 1;
    for (size_t i = 0; i <= policy->steps; i++) {
        bool last = i == policy->steps;
        path->span[i].to = last ? end : policy->step[i].day;
        path->span[i].leaves = !last || policy->expire_day > 0;
        if (i > 0) {
            path->span[i].from = policy->step[i - 1].day;
            path->class[i] = policy->step[i - 1].to;
        }
    }
}

static const struct exposure *path_sources(const struct path *path, size_t stay,
                                           size_t cohorts)
{
    return &path->sources[stay * (cohorts + 1)];
}

/* The first stay that the bin's objects move into; path->stays when they never move. */
static size_t first_move(const struct path *path, const struct lifecycle_bin *bin,
                         const struct lifecycle_policy *policy)
{
    size_t i = 1;
    if (bin->bytes <= policy->larger_than_bytes)
        return path->stays;
    while (i < path->stays && !bin_accepts(bin, path->class[i]))
        i++;
    return i;
}

static void add_bin(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                    const struct path *path, const struct lifecycle_bin *bin,
                    const struct lifecycle_policy *policy)
{
    size_t cohorts = m->population->cohorts, move = first_move(path, bin, policy);
    struct exposure *stay = mem_alloc(sizeof *stay * (cohorts + 1));
    int until = path->span[move - 1].to;
    bool expires = move == path->stays && policy->expire_day > 0;
    exposure_of_sources(stay, m, (struct span){0, until, expires, true});
    struct exposure x = exposure_of_bin(stay, m, bin);
    bill_add_stay(bill, m, bin, bin->start, &x);
    for (size_t i = move; i < path->stays; i++) {
        x = exposure_of_bin(path_sources(path, i, cohorts), m, bin);
        bill_add_stay(bill, m, bin, path->class[i], &x);
        bill_add_entry(bill, m, bin, path->class[i], &x);
        if (i == move)
            bill_add_departure(bill, m, bin, until, x.crossing);
    }
    free(stay);
}

bool lifecycle_cost(struct lifecycle_bill *out, const struct lifecycle_model *model,
                    const struct lifecycle_policy *policy, struct err *err)
{
    *out = (struct lifecycle_bill){{0}};
    if (!lifecycle_policy_check(policy, err))
        return false;
    size_t sources = model->population->cohorts + 1;
    struct path path;
    path_init(&path, policy, model->last_day);
    path.sources = mem_alloc(sizeof *path.sources * sources * path.stays);
    for (size_t i = 0; i < path.stays; i++)
        exposure_of_sources(&path.sources[i * sources], model, path.span[i]);
    for (size_t b = 0; b < model->population->bins; b++)
        add_bin(out, model, &path, &model->population->bin[b], policy);
    free(path.sources);
    return true;
}
